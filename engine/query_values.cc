// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query_values.h"

#include "index/json_text.h"
#include "index/limits.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace penchant {
namespace {

using Json = boost::json::value;

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> list;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        std::string_view part = text.substr(begin, end - begin);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) list.emplace_back(part);
        begin = end + 1;
    }
    return list;
}

Json unpacked_list(const Json& value) {
    return value.is_string() && text_of(value).starts_with('[') ? unpacked(value) : value;
}

}  // namespace

Error expected(std::string_view name, std::string_view what) {
    return {Errc::bad_request, fmt::format("Parameter \"{}\": expected {}.", name, what)};
}

Result<std::string> read_text(std::string_view name, const Json& value) {
    if (value.is_string()) return std::string(text_of(value));
    if (value.is_number() || value.is_bool()) return json_text(value);
    return expected(name, "a string");
}

Result<bool> read_bool(std::string_view name, const Json& value) {
    if (value.is_bool()) return value.get_bool();
    const std::string text = value.is_string() ? std::string(text_of(value)) : json_text(value);
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0" || text.empty()) return false;
    return expected(name, "true or false");
}

Result<std::uint32_t> read_integer(std::string_view name, const Json& value, std::int64_t min, std::int64_t max) {
    std::int64_t number = -1;
    bool good = false;
    if (value.is_int64()) {
        number = value.get_int64();
        good = true;
    } else if (value.is_double() && value.get_double() >= 0 && value.get_double() < 1e15) {
        number = static_cast<std::int64_t>(value.get_double());
        good = static_cast<double>(number) == value.get_double();
    } else if (value.is_string()) {
        const std::string_view text = text_of(value);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        good = !text.empty() && error == std::errc() && end == text.data() + text.size();
    }
    if (!good || number < min || number > max) return expected(name, fmt::format("an integer from {} to {}", min, max));
    return static_cast<std::uint32_t>(number);
}

Json unpacked(const Json& value) {
    if (!value.is_string()) return value;
    const std::string_view text = text_of(value);
    if (!text.starts_with('[') && !text.starts_with('{')) return value;
    boost::json::parse_options options;
    options.max_depth = limits::json_depth_max;
    boost::system::error_code error;
    Json parsed = boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options);
    return error ? value : parsed;
}

Result<std::vector<std::string>> read_list(std::string_view name, const Json& value) {
    const Json list = unpacked_list(value);
    if (list.is_string()) return split_at_commas(text_of(list));
    return read_whole_list(name, list);
}

Result<std::vector<std::string>> read_whole_list(std::string_view name, const Json& value) {
    const Json entries = unpacked_list(value);
    if (entries.is_string()) {
        if (text_of(entries).empty()) return std::vector<std::string>{};
        return std::vector<std::string>{std::string(text_of(entries))};
    }
    if (!entries.is_array()) return expected(name, "an array of strings");
    std::vector<std::string> list;
    for (const Json& part : entries.get_array()) {
        if (!part.is_string()) return expected(name, "an array of strings");
        list.emplace_back(text_of(part));
    }
    return list;
}

Result<void> check_list(std::string_view name, std::span<const std::string> list, std::size_t entries_max,
                        std::size_t entry_bytes_max) {
    if (list.size() > entries_max) return expected(name, fmt::format("at most {} entries", entries_max));
    for (const std::string& entry : list)
        if (entry.size() > entry_bytes_max) return expected(name, fmt::format("entries of at most {} bytes", entry_bytes_max));
    return {};
}

Result<Json> read_filters(std::string_view name, const Json& value) {
    if (value.is_array()) return value;
    if (!value.is_string()) return expected(name, "a string or an array");
    if (!text_of(value).starts_with('[')) return value;
    Json parsed = unpacked(value);
    if (parsed.is_string()) return expected(name, "a JSON array");
    return parsed;
}

Result<std::string> read_filter_expression(std::string_view name, const Json& value) {
    if (!value.is_string()) return expected(name, "a string, such as \"brand:Corvale AND price < 20\"");
    return std::string(text_of(value));
}

Result<boost::json::object> read_object(std::string_view name, const Json& value) {
    const Json parsed = unpacked(value);
    if (!parsed.is_object()) return expected(name, "an object");
    return parsed.get_object();
}

Result<Languages> read_languages(std::string_view name, const Json& value) {
    Languages languages;
    const Json given = unpacked(value);
    if (!given.is_array()) {
        if (const auto on = read_bool(name, given)) {
            languages.on = *on;
            return languages;
        }
        if (!given.is_string()) return expected(name, "true, false or a list of languages");
    }
    PENCHANT_TRY(languages.codes, read_list(name, given));
    PENCHANT_CHECK(check_list(name, languages.codes, limits::languages_max, limits::rule_context_bytes_max));
    languages.on = !languages.codes.empty();
    return languages;
}

Result<TypoTolerance> read_typo_tolerance(std::string_view name, const Json& value) {
    if (value.is_string() && text_of(value) == "min") return TypoTolerance::min;
    if (value.is_string() && text_of(value) == "strict") return TypoTolerance::strict;
    if (const auto on = read_bool(name, value)) return *on ? TypoTolerance::on : TypoTolerance::off;
    return expected(name, "true, false, \"min\" or \"strict\"");
}

Result<std::uint32_t> read_distinct(std::string_view name, const Json& value) {
    if (const auto records = read_integer(name, value, 0, limits::distinct_max)) return records;
    if (const auto on = read_bool(name, value)) return *on ? 1U : 0U;
    return expected(name, fmt::format("true, false or an integer from 0 to {}", limits::distinct_max));
}

Result<AlternativesAsExact> read_alternatives(std::string_view name, const Json& value) {
    AlternativesAsExact exact{false, false, false, false};
    PENCHANT_TRY(const std::vector<std::string> names, read_list(name, value));
    for (const std::string& alternative : names) {
        if (alternative == "ignorePlurals") exact.ignore_plurals = true;
        else if (alternative == "singleWordSynonym") exact.single_word_synonym = true;
        else if (alternative == "multiWordsSynonym") exact.multi_words_synonym = true;
        else if (alternative == "ignoreConjugations") exact.ignore_conjugations = true;
        else return expected(name, "names out of \"ignorePlurals\", \"singleWordSynonym\", \"multiWordsSynonym\" and "
                                   "\"ignoreConjugations\"");
    }
    return exact;
}

}  // namespace penchant
