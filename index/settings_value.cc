// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/settings_value.h"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "index/json_text.h"
#include "index/limits.h"

namespace penchant::setting {

namespace json = boost::json;

namespace {

// What came, for the end of a sentence.
std::string shown(const json::value& value) {
    constexpr std::size_t shown_bytes_max = 60;
    std::string text = json_text(value);
    if (text.size() > shown_bytes_max) {
        std::size_t bytes = shown_bytes_max;
        while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
        text.resize(bytes);
        text += "...";
    }
    return text;
}

}  // namespace

Error refusal(const Given& given, std::string_view expected) {
    return {Errc::bad_request, fmt::format("setting {} must be {}, not {}", given.key, expected, shown(given.value))};
}

Error refusal_in(const Given& given, std::string_view entry, std::string_view why) {
    return {Errc::bad_request, fmt::format("setting {}: \"{}\" {}", given.key, entry, why)};
}

Error too_many(const Given& given, std::size_t entries_max) {
    return {Errc::bad_request, fmt::format("setting {} has more than {} entries", given.key, entries_max)};
}

Result<std::uint32_t> integer(const Given& given, std::uint32_t min, std::uint32_t max) {
    const auto in_range = [&](auto number) { return number >= 0 && number >= min && number <= max; };
    if (const std::int64_t* number = given.value.if_int64()) {
        if (*number >= std::int64_t{min} && *number <= std::int64_t{max}) return static_cast<std::uint32_t>(*number);
    } else if (const std::uint64_t* big = given.value.if_uint64()) {
        if (*big >= min && *big <= max) return static_cast<std::uint32_t>(*big);
    } else if (const double* fraction = given.value.if_double()) {
        // Some clients write every number as a fraction.
        if (in_range(*fraction) && static_cast<double>(static_cast<std::uint32_t>(*fraction)) == *fraction) {
            return static_cast<std::uint32_t>(*fraction);
        }
    }
    return refusal(given, fmt::format("an integer from {} to {}", min, max));
}

Result<bool> boolean(const Given& given) {
    if (const bool* value = given.value.if_bool()) return *value;
    return refusal(given, "true or false");
}

Result<std::string> text(const Given& given) {
    if (const json::string* value = given.value.if_string()) return std::string{*value};
    return refusal(given, "a string");
}

Result<std::vector<std::string>> texts(const Given& given) {
    const json::array* values = given.value.if_array();
    if (values == nullptr) return refusal(given, "an array of strings");
    std::vector<std::string> result;
    for (const json::value& value : *values) {
        const json::string* entry = value.if_string();
        if (entry == nullptr) return refusal(given, "an array of strings");
        if (entry->size() > limits::attribute_name_bytes_max) {
            return refusal_in(given, std::string_view{*entry}.substr(0, 40),
                              fmt::format("... is longer than {} bytes", limits::attribute_name_bytes_max));
        }
        result.emplace_back(*entry);
    }
    return result;
}

std::string alternatives(Names names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) list += i + 1 == names.size() ? " or " : ", ";
        list += fmt::format("\"{}\"", names[i]);
    }
    return list;
}

Result<std::size_t> choice(const Given& given, Names names) {
    const json::string* value = given.value.if_string();
    const auto found = value == nullptr ? names.end() : std::find(names.begin(), names.end(), std::string_view{*value});
    if (found == names.end()) return refusal(given, alternatives(names));
    return static_cast<std::size_t>(found - names.begin());
}

Result<std::vector<bool>> choices(const Given& given, Names names) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    std::vector<bool> came(names.size(), false);
    for (const std::string& entry : entries) {
        const auto found = std::find(names.begin(), names.end(), entry);
        if (found == names.end()) return refusal_in(given, entry, "is not one of " + alternatives(names));
        came[static_cast<std::size_t>(found - names.begin())] = true;
    }
    return came;
}

}  // namespace penchant::setting
