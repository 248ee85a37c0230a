// SPDX-License-Identifier: GPL-3.0-or-later
//
// Boost.JSON values as text. Boost's own serializer writes every double with an exponent (119.5 becomes 1.195E2), which is
// valid and which nobody wants to read in an answer; this one writes the shortest text that reads back the same.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace penchant {

[[nodiscard]] std::string json_text(const boost::json::value& value);
void append_json_text(std::string& out, const boost::json::value& value);

/// A JSON string with its quotes (RFC 8259 section 7: quote, backslash and control characters are escaped).
void append_json_string(std::string& out, std::string_view text);

}  // namespace penchant
