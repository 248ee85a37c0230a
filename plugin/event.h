// SPDX-License-Identifier: GPL-3.0-or-later
//
// An event: something a visitor did with records or with facet values (A 4.2), after the checks of A 4.3.
#pragma once

#include "index/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

enum class EventType : std::uint8_t { click = 1, conversion = 2, view = 3 };
enum class EventSubtype : std::uint8_t { none = 0, add_to_cart = 1, purchase = 2 };

[[nodiscard]] std::string_view text_of(EventType type);
[[nodiscard]] std::string_view text_of(EventSubtype subtype);  ///< empty for none

struct Event {
    EventType type = EventType::click;
    EventSubtype subtype = EventSubtype::none;
    std::string name;
    std::string index;
    std::string user_token;
    std::string authenticated_token;      ///< empty when the event has none
    std::string id;                       ///< `eventID`: sent again it has no second effect; empty when not given
    std::int64_t time_ms = 0;             ///< when it happened, never after now
    std::vector<std::string> object_ids;  ///< either these
    std::vector<std::string> filters;     ///< or these, decoded: "brand:Corvale"
    std::string json;                     ///< the event as it is kept and exported: its known keys, one line
};

struct EventRequest {
    std::vector<Event> events;
    std::size_t telemetry = 0;  ///< events of type `instantsearch`: accepted and dropped
};

/// Reads the body of POST /1/events. All or nothing: the first thing that is wrong refuses the call, as Errc::invalid
/// (422) with the words of A 4.4, or bad_request for what is no JSON, or too_large. `now_ms` is the time of receipt.
[[nodiscard]] Result<EventRequest> parse_events(std::string_view body, std::int64_t now_ms);

/// Reads back what Event::json holds. Errc::corrupt for anything else.
[[nodiscard]] Result<Event> event_of_json(std::string_view json);

/// 1 to 129 of [a-zA-Z0-9_=/+-].
[[nodiscard]] bool valid_user_token(std::string_view token);
extern const std::string_view bad_user_token_message;

/// Takes one layer of percent encoding off; a percent sign that begins no escape stays what it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace penchant
