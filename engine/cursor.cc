// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cursor.h"

#include "engine/json_body.h"
#include "index/json_text.h"

#include <limits>
#include <optional>

namespace penchant {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string to_base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) text += alphabet[(bits >> (count - 6)) & 0x3FU];
    }
    if (count > 0) text += alphabet[(bits << (6 - count)) & 0x3FU];
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == alphabet.npos) return {};
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 0xFFU);
        }
    }
    return bytes;
}

const Error broken{Errc::bad_request, "The cursor is broken: pass the one of the answer before, unchanged."};

std::optional<std::uint32_t> number_in(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    if (!value || !value->is_int64()) return {};
    const std::int64_t number = value->get_int64();
    if (number < 0 || number > std::numeric_limits<std::uint32_t>::max()) return {};
    return static_cast<std::uint32_t>(number);
}

}  // namespace

std::string Cursor::text() const {
    return to_base64url(json_text(boost::json::object{
        {"index", index}, {"parameters", parameters}, {"last", std::int64_t{last}}, {"page", std::int64_t{page}}}));
}

Result<Cursor> Cursor::parse(std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes) return broken;
    const auto json = parse_json_value(*bytes);
    if (json.has_error() || !json.value().is_object()) return broken;
    const boost::json::object& object = json.value().get_object();
    const boost::json::value* index = object.if_contains("index");
    const boost::json::value* parameters = object.if_contains("parameters");
    const auto last = number_in(object, "last");
    const auto page = number_in(object, "page");
    if (!index || !index->is_string() || !parameters || !parameters->is_object() || !last || !page) return broken;
    return Cursor{std::string(std::string_view(index->get_string())), parameters->get_object(), *last, *page};
}

}  // namespace penchant
