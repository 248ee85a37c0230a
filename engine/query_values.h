// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the value of one search parameter with the contract's leniencies (A 2.2): text for anything, lists as text
// with commas or as JSON in text, 0 and 1 for booleans. Errors are bad_request, name the parameter and say what was
// expected.
#pragma once

#include "index/error.h"
#include "index/settings.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

/// `Parameter "name": expected <what>.`
[[nodiscard]] Error expected(std::string_view name, std::string_view what);

/// The characters of a JSON string.
[[nodiscard]] inline std::string_view text_of(const boost::json::value& value) {
    return std::string_view(value.get_string());
}

[[nodiscard]] Result<std::string> read_text(std::string_view name, const boost::json::value& value);
[[nodiscard]] Result<bool> read_bool(std::string_view name, const boost::json::value& value);
[[nodiscard]] Result<std::uint32_t> read_integer(std::string_view name, const boost::json::value& value, std::int64_t min,
                                                 std::int64_t max);
/// Arrays of strings, their JSON as text, or a text with commas (A 1.4).
[[nodiscard]] Result<std::vector<std::string>> read_list(std::string_view name, const boost::json::value& value);
/// The same, but a text that is no JSON array is one entry: personalizationFilters and optionalWords hold commas.
[[nodiscard]] Result<std::vector<std::string>> read_whole_list(std::string_view name, const boost::json::value& value);
/// Bounds of a list that was read: entries, and bytes of each.
[[nodiscard]] Result<void> check_list(std::string_view name, std::span<const std::string> list, std::size_t entries_max,
                                      std::size_t entry_bytes_max);
/// facetFilters and its like: kept as JSON; text that holds an array is unpacked.
[[nodiscard]] Result<boost::json::value> read_filters(std::string_view name, const boost::json::value& value);
/// `filters`: a string and nothing else, so that a list meant for facetFilters is not taken for an expression.
[[nodiscard]] Result<std::string> read_filter_expression(std::string_view name, const boost::json::value& value);
/// JSON objects, also as text.
[[nodiscard]] Result<boost::json::object> read_object(std::string_view name, const boost::json::value& value);
/// Text that begins like JSON becomes what it says; anything else stays. What is broken JSON stays text.
[[nodiscard]] boost::json::value unpacked(const boost::json::value& value);

/// true, false or languages, also as text: "true", "en,fr".
[[nodiscard]] Result<Languages> read_languages(std::string_view name, const boost::json::value& value);
[[nodiscard]] Result<TypoTolerance> read_typo_tolerance(std::string_view name, const boost::json::value& value);
/// true, false or a number of records, at most limits::distinct_max.
[[nodiscard]] Result<std::uint32_t> read_distinct(std::string_view name, const boost::json::value& value);
[[nodiscard]] Result<AlternativesAsExact> read_alternatives(std::string_view name, const boost::json::value& value);

/// One of `words`, as what stands beside it.
template <class Enum>
[[nodiscard]] Result<Enum> read_word(std::string_view name, const boost::json::value& value,
                                     std::initializer_list<std::pair<std::string_view, Enum>> words) {
    std::string choices;
    for (const auto& [word, meaning] : words) {
        if (value.is_string() && text_of(value) == word) return meaning;
        choices += (choices.empty() ? "\"" : ", \"") + std::string(word) + '"';
    }
    return expected(name, "one of " + choices);
}

}  // namespace penchant
