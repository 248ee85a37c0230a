// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the criterion `custom` sorts by (A 2.5).
#pragma once

#include "index/settings.h"

#include <vector>

namespace penchant {

/// customRanking, then the asc() and desc() that stand directly behind `custom` in `ranking`. Empty: `custom` decides nothing.
[[nodiscard]] std::vector<SortCriterion> custom_order(const Settings& settings);

}  // namespace penchant
