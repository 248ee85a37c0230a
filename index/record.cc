// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/record.h"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "index/json_text.h"
#include "index/limits.h"

namespace penchant {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view object_id_name = "objectID";

// Texts in messages: enough to recognise, never a whole record.
std::string_view shortened(std::string_view text) {
    constexpr std::size_t shown_bytes_max = 80;
    if (text.size() <= shown_bytes_max) return text;
    std::size_t bytes = shown_bytes_max;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return text.substr(0, bytes);
}

// The value of an element whose type was just looked at.
template <class T>
T value_of(dom::element element) {
    T value{};
    const simdjson::error_code error = element.get(value);
    PENCHANT_ASSERT(error == simdjson::SUCCESS);
    return value;
}

template <class Number>
void append_number(std::string& out, Number value) {
    std::array<char, 32> buffer;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    PENCHANT_ASSERT(error == std::errc{});
    out.append(buffer.data(), end);
}

// Which fields of an object count: of a name that comes twice only the last does. Empty when no name does, as almost always.
std::vector<bool> repeated_later(const dom::object& object) {
    constexpr std::size_t few = 8;
    std::vector<bool> repeated;
    std::vector<std::string_view> names;
    for (const dom::key_value_pair field : object) names.push_back(field.key);
    const auto mark = [&](std::size_t i) {
        repeated.resize(names.size());
        repeated[i] = true;
    };
    if (names.size() <= few) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (std::find(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, names.end(), names[i]) != names.end()) mark(i);
        }
        return repeated;
    }
    std::vector<std::size_t> order(names.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return names[a] != names[b] ? names[a] < names[b] : a < b;
    });
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        if (names[order[i]] == names[order[i + 1]]) mark(order[i]);
    }
    return repeated;
}

// Calls visit(field) for the fields of an object that count.
template <class Visit>
void for_each_field(const dom::object& object, Visit&& visit) {
    const std::vector<bool> repeated = repeated_later(object);
    std::size_t i = 0;
    for (const dom::key_value_pair field : object) {
        if (repeated.empty() || !repeated[i]) visit(field);
        ++i;
    }
}

// Writes JSON, and remembers what a record may not have.
class Writer {
public:
    explicit Writer(std::string& out) : out_{out} {}

    void write(dom::element value, std::size_t depth) {
        depth_ = std::max(depth_, depth);
        switch (value.type()) {
            case dom::element_type::OBJECT: {
                out_.push_back('{');
                bool first = true;
                for_each_field(value_of<dom::object>(value), [&](const dom::key_value_pair& field) {
                    if (!first) out_.push_back(',');
                    first = false;
                    write_field(field, depth);
                });
                out_.push_back('}');
                return;
            }
            case dom::element_type::ARRAY: {
                const auto items = value_of<dom::array>(value);
                out_.push_back('[');
                bool first = true;
                for (const dom::element item : items) {
                    if (!first) out_.push_back(',');
                    first = false;
                    write(item, depth + 1);
                }
                out_.push_back(']');
                return;
            }
            case dom::element_type::INT64: append_number(out_, value_of<std::int64_t>(value)); return;
            case dom::element_type::UINT64: append_number(out_, value_of<std::uint64_t>(value)); return;
            case dom::element_type::DOUBLE: append_json_fraction(out_, value_of<double>(value)); return;
            case dom::element_type::STRING: append_json_string(out_, value_of<std::string_view>(value)); return;
            case dom::element_type::BOOL: out_.append(value_of<bool>(value) ? "true" : "false"); return;
            case dom::element_type::NULL_VALUE: out_.append("null"); return;
        }
    }

    void write_field(const dom::key_value_pair& field, std::size_t depth) {
        if (field.key.size() > limits::attribute_name_bytes_max && !long_name_) long_name_ = field.key;
        append_json_string(out_, field.key);
        out_.push_back(':');
        write(field.value, depth + 1);
    }

    [[nodiscard]] std::size_t depth() const { return depth_; }
    [[nodiscard]] std::optional<std::string_view> long_name() const { return long_name_; }

private:
    std::string& out_;
    std::size_t depth_ = 0;
    std::optional<std::string_view> long_name_;
};

std::string random_object_id() {
    std::random_device random;  // the operating system's, so two servers never agree
    std::string id;
    for (int i = 0; i < 3; ++i) id += fmt::format("{:08x}", static_cast<std::uint32_t>(random()));
    return id;
}

Error bad(std::string what) { return Error{Errc::bad_request, std::move(what)}; }

Result<std::string> own_object_id(const dom::element& value) {
    switch (value.type()) {
        case dom::element_type::STRING: return std::string{value_of<std::string_view>(value)};
        case dom::element_type::INT64: return fmt::format("{}", value_of<std::int64_t>(value));
        case dom::element_type::UINT64: return fmt::format("{}", value_of<std::uint64_t>(value));
        default: return bad("objectID must be a string or an integer");
    }
}

void walk(dom::element value, std::string& path, std::size_t element, const std::function<void(const Leaf&)>& sink) {
    switch (value.type()) {
        case dom::element_type::OBJECT:
            for_each_field(value_of<dom::object>(value), [&](const dom::key_value_pair& field) {
                const std::size_t bytes = path.size();
                if (bytes != 0) path.push_back('.');
                path.append(field.key);
                walk(field.value, path, element, sink);
                path.resize(bytes);
            });
            return;
        case dom::element_type::ARRAY: {
            const auto items = value_of<dom::array>(value);
            std::size_t position = 0;
            for (const dom::element item : items) walk(item, path, position++, sink);
            return;
        }
        case dom::element_type::INT64:
            return sink({path, element, static_cast<double>(value_of<std::int64_t>(value))});
        case dom::element_type::UINT64:
            return sink({path, element, static_cast<double>(value_of<std::uint64_t>(value))});
        case dom::element_type::DOUBLE: return sink({path, element, value_of<double>(value)});
        case dom::element_type::STRING: return sink({path, element, value_of<std::string_view>(value)});
        case dom::element_type::BOOL: return sink({path, element, value_of<bool>(value)});
        case dom::element_type::NULL_VALUE: return sink({path, element, nullptr});
    }
}

// Reads JSON and does nothing: how far it comes is where a text goes wrong, which simdjson does not tell.
struct Silence {
    constexpr static std::size_t max_object_size = SIZE_MAX;
    constexpr static std::size_t max_array_size = SIZE_MAX;
    constexpr static std::size_t max_key_size = SIZE_MAX;
    constexpr static std::size_t max_string_size = SIZE_MAX;
    using error_code = boost::json::error_code;
    using string_view = boost::json::string_view;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t, error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_key_part(string_view, std::size_t, error_code&) { return true; }
    bool on_key(string_view, std::size_t, error_code&) { return true; }
    bool on_string_part(string_view, std::size_t, error_code&) { return true; }
    bool on_string(string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, string_view, error_code&) { return true; }
    bool on_double(double value, string_view, error_code& error) {
        if (std::isfinite(value)) return true;
        error = boost::json::error::exponent_overflow;
        return false;
    }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

std::optional<std::size_t> where_json_stops(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = limits::json_depth_max;
    boost::json::basic_parser<Silence> parser{options};
    boost::json::error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read == text.size()) return std::nullopt;  // simdjson is stricter here
    return read;
}

std::string reason_of(simdjson::error_code error) {
    switch (error) {
        case simdjson::EMPTY: return "there is no JSON in it";
        case simdjson::CAPACITY:
        case simdjson::MEMALLOC: return "it is too large";
        case simdjson::DEPTH_ERROR: return fmt::format("it is nested deeper than {} levels", limits::json_depth_max);
        case simdjson::UTF8_ERROR: return "it is not UTF-8";
        case simdjson::NUMBER_ERROR:
        case simdjson::NUMBER_OUT_OF_RANGE: return "a number is malformed or out of range";
        case simdjson::STRING_ERROR: return "a string has a wrong escape in it";
        case simdjson::UNESCAPED_CHARS: return "a string has a control character in it that is not escaped";
        case simdjson::UNCLOSED_STRING: return "a string has no closing quote";
        case simdjson::T_ATOM_ERROR:
        case simdjson::F_ATOM_ERROR:
        case simdjson::N_ATOM_ERROR: return "a word is none of true, false and null";
        default: return "a value, comma, colon or bracket is missing or out of place";
    }
}

}  // namespace

Result<Record> check_record(dom::element body, std::string_view object_id, bool make_object_id) {
    dom::object object;
    if (body.get(object) != simdjson::SUCCESS) return bad("a record must be a JSON object");

    Record record;
    record.object_id = object_id;
    if (object_id.empty()) {
        std::optional<dom::element> own;
        for (const dom::key_value_pair field : object) {
            if (field.key == object_id_name) own = field.value;
        }
        if (own) {
            PENCHANT_TRY(record.object_id, own_object_id(*own));
            if (record.object_id.empty()) return bad("objectID must not be empty");
        } else if (make_object_id) {
            record.object_id = random_object_id();
        } else {
            return bad("the record has no objectID");
        }
    }
    if (record.object_id.size() > limits::object_id_bytes_max) {
        return bad(fmt::format("objectID \"{}...\" has {} bytes, the limit is {}", shortened(record.object_id),
                               record.object_id.size(), limits::object_id_bytes_max));
    }
    if (record.object_id.find('\0') != std::string::npos) return bad("objectID must not hold the character NUL");
    if (!simdjson::validate_utf8(record.object_id.data(), record.object_id.size())) {
        return bad("objectID must be UTF-8");
    }

    record.json = "{\"objectID\":";
    append_json_string(record.json, record.object_id);
    Writer writer{record.json};
    for_each_field(object, [&](const dom::key_value_pair& field) {
        if (field.key == object_id_name || is_output_only(field.key)) return;
        record.json.push_back(',');
        writer.write_field(field, 1);
    });
    record.json.push_back('}');

    if (record.json.size() > limits::record_bytes_max) {
        return bad(fmt::format("record objectID=\"{}\" is too big: {} bytes of minified JSON, the limit is {}",
                               record.object_id, record.json.size(), limits::record_bytes_max));
    }
    if (writer.depth() > limits::json_depth_max) {
        return bad(fmt::format("record objectID=\"{}\" is nested too deep: {} levels, the limit is {}",
                               record.object_id, writer.depth(), limits::json_depth_max));
    }
    if (const auto name = writer.long_name()) {
        return bad(fmt::format("record objectID=\"{}\": the attribute name \"{}...\" has {} bytes, the limit is {}",
                               record.object_id, shortened(*name), name->size(), limits::attribute_name_bytes_max));
    }
    return record;
}

void for_each_leaf(dom::element record, const std::function<void(const Leaf&)>& sink) {
    std::string path;
    walk(record, path, 0, sink);
}

std::string number_text(double value) {
    if (value == 0) return "0";  // also -0
    std::array<char, 400> buffer;  // the longest fixed form is 1e-6 and below 1e21
    const double size = std::abs(value);
    const auto format = size >= 1e-6 && size < 1e21 ? std::chars_format::fixed : std::chars_format::scientific;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    PENCHANT_ASSERT(error == std::errc{});
    return {buffer.data(), end};
}

void append_json(std::string& out, dom::element value) { Writer{out}.write(value, 0); }

void append_json_fraction(std::string& out, double value) {
    const std::string text = std::signbit(value) && value == 0 ? "-0" : number_text(value);
    out.append(text);
    if (text.find_first_of(".e") == std::string::npos) out.append(".0");
}

bool is_output_only(std::string_view name) {
    return name == "_highlightResult" || name == "_snippetResult" || name == "_rankingInfo" ||
           name == "_distinctSeqID" || name == "_collapseInfo";
}

Result<dom::element> parse_json(std::string_view text) {
    constexpr std::size_t kept_bytes_max = std::size_t{4} * 1024 * 1024;
    thread_local dom::parser parser;
    thread_local bool prepared = false;
    if (prepared && parser.capacity() > kept_bytes_max && text.size() <= kept_bytes_max) {
        parser = dom::parser{};  // one large body shall not cost this thread its memory for ever
        prepared = false;
    }
    if (!prepared) {
        const std::size_t bytes = std::max<std::size_t>(text.size(), 64 * 1024);
        if (const auto error = parser.allocate(bytes, limits::json_depth_max)) return bad("the JSON is not valid: " + reason_of(error));
        prepared = true;
    }
    dom::element root;
    if (const auto error = parser.parse(text.data(), text.size(), true).get(root)) {
        std::string what = "the JSON is not valid: " + reason_of(error);
        if (const auto at = where_json_stops(text)) what += fmt::format(" (byte {})", *at);
        return bad(std::move(what));
    }
    return root;
}

}  // namespace penchant
