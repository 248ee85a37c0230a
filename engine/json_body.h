// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes in as JSON, as values: simdjson checks and reads, Boost.JSON holds.
#pragma once

#include "engine/http/message.h"
#include "index/error.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <simdjson.h>

#include <string_view>

namespace penchant {

[[nodiscard]] boost::json::value to_value(simdjson::dom::element element);

/// Errors (bad_request) are those of parse_json (index/record.h).
[[nodiscard]] Result<boost::json::value> parse_json_value(std::string_view text);

/// The body as an object, whatever its content type says (A 1.3). `empty_is_object`: no body at all means {}.
[[nodiscard]] Result<boost::json::object> body_object(const Request& request, bool empty_is_object = true);

}  // namespace penchant
