// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/json_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>
#include <cmath>

namespace penchant {

namespace {

template <class Number>
void append_number(std::string& out, Number number) {
    char text[40];
    const auto [end, failure] = std::to_chars(text, text + sizeof text, number);
    out.append(text, failure == std::errc{} ? end : text);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t plain_begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        out.append(text, plain_begin, i - plain_begin);
        plain_begin = i + 1;
        out += '\\';
        switch (byte) {
            case '"': out += '"'; break;
            case '\\': out += '\\'; break;
            case '\n': out += 'n'; break;
            case '\r': out += 'r'; break;
            case '\t': out += 't'; break;
            default: (out += "u00") += {digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    out.append(text, plain_begin, text.size() - plain_begin);
    out += '"';
}

void append_json_text(std::string& out, const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::null: out += "null"; break;
        case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
        case boost::json::kind::int64: append_number(out, value.get_int64()); break;
        case boost::json::kind::uint64: append_number(out, value.get_uint64()); break;
        case boost::json::kind::double_:
            // JSON has no word for what is not a number.
            if (std::isfinite(value.get_double())) append_number(out, value.get_double());
            else out += "null";
            break;
        case boost::json::kind::string: append_json_string(out, value.get_string()); break;
        case boost::json::kind::array: {
            out += '[';
            bool first = true;
            for (const auto& element : value.get_array()) {
                if (!first) out += ',';
                first = false;
                append_json_text(out, element);
            }
            out += ']';
            break;
        }
        case boost::json::kind::object: {
            out += '{';
            bool first = true;
            for (const auto& [name, member] : value.get_object()) {
                if (!first) out += ',';
                first = false;
                append_json_string(out, name);
                out += ':';
                append_json_text(out, member);
            }
            out += '}';
            break;
        }
    }
}

std::string json_text(const boost::json::value& value) {
    std::string out;
    append_json_text(out, value);
    return out;
}

}  // namespace penchant
