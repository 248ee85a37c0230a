// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module's endpoints: events (A 4), classic personalization (A 5.3, 5.4), advanced personalization (A 5.7, 5.8),
// analytics (A 8.1).
// Handlers are plain functions from request to answer; keys and rights were checked by the engine.
#pragma once

#include "engine/module.h"
#include "engine/router.h"
#include "plugin/personalization.h"

namespace penchant {

void add_event_routes(Router& router, Personalization& personalization);
void add_classic_routes(Router& router, Personalization& personalization);
void add_advanced_routes(Router& router, Personalization& personalization);
void add_analytics_routes(Router& router, Personalization& personalization);

/// GET /2/users/count with an index (A 1.1).
[[nodiscard]] Response count_users(Personalization& personalization, const Call& call);

}  // namespace penchant
