// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/event.h"

#include "index/limits.h"
#include "index/record.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <simdjson.h>

namespace penchant {

const std::string_view bad_user_token_message =
    "UserToken must contain only alphanumeric, equal, plus, slash, hyphen, or underscore characters, and be between 1 "
    "and 128 characters long";

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

Error refused(std::string what) { return {Errc::invalid, std::move(what)}; }

std::string_view type_name(element value) {
    switch (value.type()) {
        case element_type::ARRAY: return "array";
        case element_type::OBJECT: return "object";
        case element_type::INT64:
        case element_type::UINT64:
        case element_type::DOUBLE: return "number";
        case element_type::STRING: return "string";
        case element_type::BOOL: return "boolean";
        case element_type::NULL_VALUE: return "null";
    }
    return "null";
}

Error wrong_type(std::string_view field, std::string_view expected, element value) {
    return refused(fmt::format("Invalid type for field {}: expected {}, got {}", field, expected, type_name(value)));
}

Result<std::string_view> string_of(std::string_view field, element value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return wrong_type(field, "string", value);
    return text;
}

// A token may come as a number, because search-insights sends one when the page gave it one.
Result<std::string> token_of(std::string_view field, element value) {
    std::int64_t integer = 0;
    std::uint64_t large = 0;
    if (value.get_int64().get(integer) == simdjson::SUCCESS) return std::to_string(integer);
    if (value.get_uint64().get(large) == simdjson::SUCCESS) return std::to_string(large);
    PENCHANT_TRY(const std::string_view text, string_of(field, value));
    return std::string(text);
}

std::optional<std::int64_t> integer_of(element value) {
    std::int64_t integer = 0;
    if (value.get_int64().get(integer) == simdjson::SUCCESS) return integer;
    double number = 0;
    if (value.get_double().get(number) == simdjson::SUCCESS && std::nearbyint(number) == number && std::abs(number) < 9e15)
        return static_cast<std::int64_t>(number);
    return std::nullopt;
}

bool visible_ascii(std::string_view text, std::size_t length_max) {
    if (text.empty() || text.size() > length_max) return false;
    for (const char c : text)
        if (c < 0x20 || c > 0x7E) return false;
    return true;
}

bool valid_query_id(std::string_view id) {
    if (id.size() == 32) {
        bool hexadecimal = true;
        for (const char c : id) hexadecimal = hexadecimal && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (hexadecimal) return true;
    }
    constexpr std::string_view prefix = "message_";
    if (id.size() <= prefix.size() || id.size() > 128 || id.substr(0, prefix.size()) != prefix) return false;
    for (const char c : id.substr(prefix.size()))
        if (c < '!' || c > '~') return false;
    return true;
}

/// The keys of one event as they came; null is "not given".
struct Fields {
    std::optional<element> event_type, event_subtype, event_name, index, user_token, authenticated_token, timestamp, query_id,
        object_ids, positions, filters, object_data, currency, value, event_id, source;
};

std::optional<element>* field_of(Fields& fields, std::string_view key) {
    if (key == "eventType") return &fields.event_type;
    if (key == "eventSubtype") return &fields.event_subtype;
    if (key == "eventName") return &fields.event_name;
    if (key == "index") return &fields.index;
    if (key == "userToken") return &fields.user_token;
    if (key == "authenticatedUserToken") return &fields.authenticated_token;
    if (key == "timestamp") return &fields.timestamp;
    if (key == "queryID") return &fields.query_id;
    if (key == "objectIDs") return &fields.object_ids;
    if (key == "positions") return &fields.positions;
    if (key == "filters") return &fields.filters;
    if (key == "objectData") return &fields.object_data;
    if (key == "currency") return &fields.currency;
    if (key == "value") return &fields.value;
    if (key == "eventID") return &fields.event_id;
    if (key == "algoliaSource") return &fields.source;
    return nullptr;
}

// -- writing the kept form ---------------------------------------------------------------------------------------------

void append_quoted(std::string& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (byte < 0x20) {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

void append_key(std::string& out, std::string_view key) {
    if (out.size() > 1) out.push_back(',');
    append_quoted(out, key);
    out.push_back(':');
}

void append_text(std::string& out, std::string_view key, std::string_view text) {
    append_key(out, key);
    append_quoted(out, text);
}

void append_texts(std::string& out, std::string_view key, const std::vector<std::string>& texts) {
    append_key(out, key);
    out.push_back('[');
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i != 0) out.push_back(',');
        append_quoted(out, texts[i]);
    }
    out.push_back(']');
}

void append_raw(std::string& out, std::string_view key, const std::optional<element>& value) {
    if (!value) return;
    append_key(out, key);
    out += simdjson::minify(*value);
}

// -- checks ------------------------------------------------------------------------------------------------------------

Result<std::vector<std::string>> texts_of(std::string_view field, element value, std::size_t count_max) {
    simdjson::dom::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return wrong_type(field, "array", value);
    std::vector<std::string> texts;
    texts.reserve(array.size());
    for (const element item : array) {
        PENCHANT_TRY(const std::string_view text, string_of(field, item));
        if (text.empty()) return refused(fmt::format("Field {} must not contain an empty string", field));
        texts.emplace_back(text);
    }
    if (texts.size() > count_max)
        return refused(fmt::format("Field {} must contain at most {} items, and has {}", field, count_max, texts.size()));
    return texts;
}

Result<void> check_positions(const Event& event, const Fields& fields) {
    if (!fields.positions) return {};
    if (event.type != EventType::click) return refused("Only event of type click should specify the positions attribute");
    if (!fields.query_id) return refused("Event of type click with positions should specify a queryID");
    simdjson::dom::array positions;
    if (fields.positions->get_array().get(positions) != simdjson::SUCCESS)
        return wrong_type("positions", "array", *fields.positions);
    std::size_t count = 0;
    for (const element item : positions) {
        const auto position = integer_of(item);
        if (!position) return wrong_type("positions", "integer", item);
        if (*position < 1) return refused("Event of type click may only have strictly positive positions");
        ++count;
    }
    if (count != event.object_ids.size())
        return refused("Event of type click should have the same number of ObjectIDs and Positions");
    return {};
}

Result<void> check_number_or_text(std::string_view field, element value) {
    if (value.is_number()) return {};
    PENCHANT_TRY(const std::string_view text, string_of(field, value));
    if (text.size() > 16) return refused(fmt::format("Field {} must be at most 16 characters long", field));
    return {};
}

constexpr std::string_view bad_query_id = "Query ID must be a search query ID (32 characters hexadecimal string)";

// What shops put into prices is not judged ("8$" is taken), only its shape is.
Result<void> check_object_data(const Event& event, const Fields& fields) {
    if (!fields.object_data) return {};
    simdjson::dom::array items;
    if (fields.object_data->get_array().get(items) != simdjson::SUCCESS)
        return wrong_type("objectData", "array", *fields.object_data);
    std::size_t count = 0;
    for (const element item : items) {
        simdjson::dom::object object;
        if (item.get_object().get(object) != simdjson::SUCCESS) return wrong_type("objectData", "object", item);
        for (const auto [key, value] : object) {
            if (value.is_null()) continue;
            if (key == "price" || key == "discount") {
                PENCHANT_CHECK(check_number_or_text(key == "price" ? "objectData.price" : "objectData.discount", value));
            } else if (key == "quantity") {
                const auto quantity = integer_of(value);
                if (!quantity) return wrong_type("objectData.quantity", "integer", value);
                if (*quantity < -2147483648LL || *quantity > 2147483647LL)
                    return refused("Field objectData.quantity must be a 32-bit integer");
            } else if (key == "queryID") {
                PENCHANT_TRY(const std::string_view id, string_of("objectData.queryID", value));
                if (!valid_query_id(id)) return refused(std::string(bad_query_id));
            }
        }
        ++count;
    }
    if (count != event.object_ids.size()) return refused("Event should have the same number of ObjectIDs and ObjectData");
    return {};
}

Result<void> check_money(const Fields& fields) {
    if (fields.currency) {
        PENCHANT_TRY(const std::string_view currency, string_of("currency", *fields.currency));
        bool letters = currency.size() == 3;
        for (const char c : currency) letters = letters && ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
        if (!letters) return refused("Currency must be 3 letters (ISO 4217)");
    }
    if (fields.value) PENCHANT_CHECK(check_number_or_text("value", *fields.value));
    return {};
}

Result<void> read_identity(Event& event, const Fields& fields) {
    if (!fields.index) return refused("The index field is required");
    PENCHANT_TRY(const std::string_view index, string_of("index", *fields.index));
    if (index.empty()) return refused("The index field is required");
    if (index.size() > limits::index_name_bytes_max)
        return refused(fmt::format("The index field must be at most {} bytes long", limits::index_name_bytes_max));
    event.index = index;
    if (!fields.user_token) return refused("The userToken field is required");
    PENCHANT_TRY(event.user_token, token_of("userToken", *fields.user_token));
    if (!valid_user_token(event.user_token)) return refused(std::string(bad_user_token_message));
    if (fields.authenticated_token) {
        PENCHANT_TRY(event.authenticated_token, token_of("authenticatedUserToken", *fields.authenticated_token));
        if (!valid_user_token(event.authenticated_token)) return refused(std::string(bad_user_token_message));
    }
    if (fields.event_id) {
        PENCHANT_TRY(const std::string_view id, string_of("eventID", *fields.event_id));
        if (!visible_ascii(id, 64))
            return refused("EventID must contain only visible ASCII characters, and be between 1 and 64 characters long");
        event.id = id;
    }
    return {};
}

Result<void> read_kind(Event& event, const Fields& fields) {
    if (!fields.event_name) return refused("EventName is required");
    PENCHANT_TRY(const std::string_view name, string_of("eventName", *fields.event_name));
    if (!visible_ascii(name, limits::event_name_bytes_max))
        return refused("EventName must contain only visible ASCII characters, and be between 1 and 64 characters long");
    event.name = name;
    if (!fields.event_type) return refused("EventType is required");
    PENCHANT_TRY(const std::string_view type, string_of("eventType", *fields.event_type));
    if (type == "click") event.type = EventType::click;
    else if (type == "conversion") event.type = EventType::conversion;
    else if (type == "view") event.type = EventType::view;
    else return refused("EventType must be one of \"click\", \"conversion\", \"view\" or \"instantsearch\"");
    if (fields.event_subtype) {
        PENCHANT_TRY(const std::string_view subtype, string_of("eventSubtype", *fields.event_subtype));
        if (subtype != "addToCart" && subtype != "purchase")
            return refused("EventSubtype must be one of \"addToCart\" or \"purchase\"");
        // On a click or a view it says nothing, and is dropped.
        if (event.type == EventType::conversion)
            event.subtype = subtype == "purchase" ? EventSubtype::purchase : EventSubtype::add_to_cart;
    }
    return {};
}

Result<void> read_subjects(Event& event, const Fields& fields) {
    if (fields.object_ids) {
        PENCHANT_TRY(event.object_ids, texts_of("objectIDs", *fields.object_ids, limits::objects_per_event_max));
    }
    if (fields.filters) {
        PENCHANT_TRY(event.filters, texts_of("filters", *fields.filters, limits::filters_per_event_max));
        for (std::string& filter : event.filters) filter = percent_decoded(filter);
    }
    if (event.object_ids.empty() && event.filters.empty())
        return refused("Event should specify either some ObjectIDs or some Filters");
    if (!event.object_ids.empty() && !event.filters.empty())
        return refused("Event should specify ObjectIDs or Filters, but not both");
    return {};
}

Result<void> read_time(Event& event, const Fields& fields, std::int64_t now_ms, bool age_checked) {
    event.time_ms = now_ms;
    if (!fields.timestamp) return {};
    const auto time = integer_of(*fields.timestamp);
    if (!time) return wrong_type("timestamp", "integer", *fields.timestamp);
    constexpr auto age_max_ms = std::chrono::duration_cast<std::chrono::milliseconds>(limits::event_age_max).count();
    if (age_checked && *time < now_ms - age_max_ms) return refused("The timestamp is too far in the past");
    if (*time < now_ms || !age_checked) event.time_ms = *time;  // a clock that runs ahead is not the visitor's fault
    return {};
}

std::string kept_json(const Event& event, const Fields& fields) {
    std::string out;
    out.reserve(256);
    out.push_back('{');
    append_text(out, "eventType", text_of(event.type));
    if (event.subtype != EventSubtype::none) append_text(out, "eventSubtype", text_of(event.subtype));
    append_text(out, "eventName", event.name);
    append_text(out, "index", event.index);
    append_text(out, "userToken", event.user_token);
    if (!event.authenticated_token.empty()) append_text(out, "authenticatedUserToken", event.authenticated_token);
    append_key(out, "timestamp");
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), event.time_ms);
    out.append(digits.data(), end.ptr);
    append_raw(out, "queryID", fields.query_id);
    if (!event.object_ids.empty()) append_texts(out, "objectIDs", event.object_ids);
    append_raw(out, "positions", fields.positions);
    if (!event.filters.empty()) append_texts(out, "filters", event.filters);
    append_raw(out, "objectData", fields.object_data);
    append_raw(out, "currency", fields.currency);
    append_raw(out, "value", fields.value);
    if (!event.id.empty()) append_text(out, "eventID", event.id);
    if (fields.source && fields.source->is_array()) append_raw(out, "algoliaSource", fields.source);
    out.push_back('}');
    return out;
}

Result<Fields> fields_of(element item) {
    simdjson::dom::object object;
    if (item.get_object().get(object) != simdjson::SUCCESS) return refused("Invalid payload");
    Fields fields;
    for (const auto [key, value] : object)
        if (auto* field = field_of(fields, key)) *field = value.is_null() ? std::optional<element>{} : value;
    return fields;
}

bool is_telemetry(const Fields& fields) {
    std::string_view type;
    return fields.event_type && fields.event_type->get_string().get(type) == simdjson::SUCCESS && type == "instantsearch";
}

Result<Event> event_of(const Fields& fields, std::int64_t now_ms) {
    Event event;
    PENCHANT_CHECK(read_kind(event, fields));
    PENCHANT_CHECK(read_identity(event, fields));
    PENCHANT_CHECK(read_subjects(event, fields));
    PENCHANT_CHECK(check_positions(event, fields));
    if (fields.query_id) {
        PENCHANT_TRY(const std::string_view id, string_of("queryID", *fields.query_id));
        if (!valid_query_id(id)) return refused(std::string(bad_query_id));
    }
    PENCHANT_CHECK(check_object_data(event, fields));
    PENCHANT_CHECK(check_money(fields));
    PENCHANT_CHECK(read_time(event, fields, now_ms, true));
    event.json = kept_json(event, fields);
    return event;
}

}  // namespace

std::string_view text_of(EventType type) {
    switch (type) {
        case EventType::click: return "click";
        case EventType::conversion: return "conversion";
        case EventType::view: return "view";
    }
    return {};
}

std::string_view text_of(EventSubtype subtype) {
    switch (subtype) {
        case EventSubtype::none: return {};
        case EventSubtype::add_to_cart: return "addToCart";
        case EventSubtype::purchase: return "purchase";
    }
    return {};
}

bool valid_user_token(std::string_view token) {
    if (token.empty() || token.size() > limits::user_token_bytes_max) return false;
    for (const char c : token) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '_' && c != '=' && c != '/' && c != '+' && c != '-') return false;
    }
    return true;
}

std::string percent_decoded(std::string_view text) {
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

Result<EventRequest> parse_events(std::string_view body, std::int64_t now_ms) {
    if (body.size() > limits::events_body_bytes_max) return Error{Errc::too_large, "Request Entity Too Large"};
    PENCHANT_TRY(const element root, parse_json(body));
    simdjson::dom::object object;
    if (root.get_object().get(object) != simdjson::SUCCESS) return refused("Invalid payload");
    element list;
    if (object.at_key("events").get(list) != simdjson::SUCCESS || list.is_null()) return refused("No events to process");
    simdjson::dom::array items;
    if (list.get_array().get(items) != simdjson::SUCCESS) return wrong_type("events", "array", list);

    EventRequest request;
    std::size_t count = 0;
    for ([[maybe_unused]] const element item : items) ++count;
    if (count == 0) return refused("No events to process");
    if (count > limits::events_per_request_max)
        return refused(fmt::format("Cannot process more than {} events in a batch", limits::events_per_request_max));
    request.events.reserve(count);
    for (const element item : items) {
        PENCHANT_TRY(const Fields fields, fields_of(item));
        if (is_telemetry(fields)) {
            ++request.telemetry;
            continue;
        }
        PENCHANT_TRY(Event event, event_of(fields, now_ms));
        request.events.push_back(std::move(event));
    }
    return request;
}

Result<Event> event_of_json(std::string_view json) {
    const auto damaged = [] { return Error{Errc::corrupt, "an event in the log cannot be read"}; };
    auto root = parse_json(json);
    if (root.has_error()) return damaged();
    auto fields = fields_of(*root);
    if (fields.has_error()) return damaged();
    Event event;
    if (read_kind(event, *fields).has_error() || read_identity(event, *fields).has_error() || !fields->timestamp ||
        read_time(event, *fields, 0, false).has_error())
        return damaged();
    // Filters were decoded when they came; decoding them again would change those with a percent sign.
    const auto texts = [&](const std::optional<element>& field, std::vector<std::string>& out) {
        simdjson::dom::array items;
        if (!field || field->get_array().get(items) != simdjson::SUCCESS) return;
        for (const element item : items) {
            std::string_view text;
            if (item.get_string().get(text) == simdjson::SUCCESS) out.emplace_back(text);
        }
    };
    texts(fields->object_ids, event.object_ids);
    texts(fields->filters, event.filters);
    event.json = json;
    return event;
}

}  // namespace penchant
