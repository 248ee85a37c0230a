// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the value of one setting: its type and bounds checked, with sentences that name the key, what it may be and
// what came. All errors are bad_request.
#pragma once

#include "index/error.h"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant::setting {

/// A key and what came for it.
struct Given {
    std::string_view key;
    const boost::json::value& value;
};

using Names = std::span<const std::string_view>;

[[nodiscard]] Error refusal(const Given& given, std::string_view expected);
/// About one entry of a list or object.
[[nodiscard]] Error refusal_in(const Given& given, std::string_view entry, std::string_view why);
[[nodiscard]] Error too_many(const Given& given, std::size_t entries_max);

[[nodiscard]] Result<std::uint32_t> integer(const Given& given, std::uint32_t min, std::uint32_t max);
[[nodiscard]] Result<bool> boolean(const Given& given);
[[nodiscard]] Result<std::string> text(const Given& given);
/// An array of strings, each of limits::attribute_name_bytes_max at most.
[[nodiscard]] Result<std::vector<std::string>> texts(const Given& given);
/// The position in `names` of the string that came.
[[nodiscard]] Result<std::size_t> choice(const Given& given, Names names);
/// An array of strings out of `names`: for each name whether it came.
[[nodiscard]] Result<std::vector<bool>> choices(const Given& given, Names names);
/// `"a", "b" or "c"`.
[[nodiscard]] std::string alternatives(Names names);

}  // namespace penchant::setting
