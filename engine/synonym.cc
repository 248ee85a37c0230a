// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/synonym.h"

#include "index/limits.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace penchant {
namespace {

Error expected(std::string_view key, std::string_view what) {
    return {Errc::bad_request, fmt::format("Synonym: \"{}\": expected {}.", key, what)};
}

bool is_entry(const boost::json::value* value) {
    return value && value->is_string() && !value->get_string().empty() &&
           value->get_string().size() <= limits::query_bytes_max;
}

Result<void> check_text(const boost::json::object& synonym, std::string_view key) {
    if (is_entry(synonym.if_contains(key))) return {};
    return expected(key, fmt::format("a string of 1 to {} bytes", limits::query_bytes_max));
}

Result<void> check_list(const boost::json::object& synonym, std::string_view key, std::size_t most) {
    const boost::json::value* list = synonym.if_contains(key);
    if (list && list->is_array() && !list->get_array().empty() && list->get_array().size() <= most &&
        std::all_of(list->get_array().begin(), list->get_array().end(),
                    [](const boost::json::value& entry) { return is_entry(&entry); }))
        return {};
    return expected(key, fmt::format("an array of 1 to {} strings, each of 1 to {} bytes", most, limits::query_bytes_max));
}

}  // namespace

std::string synonym_type(std::string_view type) {
    constexpr std::array<std::string_view, 5> known = {"synonym", "onewaysynonym", "altcorrection1", "altcorrection2",
                                                       "placeholder"};
    std::string lower(type);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(known.begin(), known.end(), lower) != known.end() ? lower : std::string();
}

Result<void> check_synonym(const boost::json::object& synonym) {
    const boost::json::value* given = synonym.if_contains("type");
    const std::string type =
        given && given->is_string() ? synonym_type(std::string_view(given->get_string())) : std::string();
    if (type == "synonym") return check_list(synonym, "synonyms", limits::synonym_entries_max);
    if (type == "onewaysynonym") {
        PENCHANT_CHECK(check_text(synonym, "input"));
        return check_list(synonym, "synonyms", limits::synonym_alternatives_max);
    }
    if (type == "altcorrection1" || type == "altcorrection2") {
        PENCHANT_CHECK(check_text(synonym, "word"));
        return check_list(synonym, "corrections", limits::synonym_alternatives_max);
    }
    if (type == "placeholder") {
        PENCHANT_CHECK(check_text(synonym, "placeholder"));
        return check_list(synonym, "replacements", limits::synonym_alternatives_max);
    }
    return expected("type", R"("synonym", "oneWaySynonym", "altCorrection1", "altCorrection2" or "placeholder")");
}

}  // namespace penchant
