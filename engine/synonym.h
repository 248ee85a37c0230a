// SPDX-License-Identifier: GPL-3.0-or-later
//
// One synonym of an index (A 3.8) as a client sends it.
#pragma once

#include "index/error.h"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace penchant {

/// "synonym", "onewaysynonym", "altcorrection1", "altcorrection2" or "placeholder" for either spelling; empty for anything
/// else.
[[nodiscard]] std::string synonym_type(std::string_view type);

/// bad_request names the key, what it may be and the limit.
[[nodiscard]] Result<void> check_synonym(const boost::json::object& synonym);

}  // namespace penchant
