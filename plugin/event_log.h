// SPDX-License-Identifier: GPL-3.0-or-later
//
// The event log: every accepted event, in Family::events, for replay, export and erasure.
//
//     key   := token NUL time:u64 sequence:u64          big endian; a token has no NUL, so one visitor is one range
//     value := format:u8=1 role:varint index+1:varint credits json
//     credits := count:varint { note:u8 count:varint { value id:varint } }
//
// `sequence` counts a visitor's events in order of arrival: a replay in that order does the very arithmetic that was
// done when they came. `json` is Event::json, to the end of the value.
#pragma once

#include "index/store.h"
#include "plugin/credit.h"
#include "plugin/role.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

struct LoggedEvent {
    std::int64_t time_ms = 0;
    std::uint64_t sequence = 0;
    RoleId role = 0;
    EventCredits credits;
    std::string json;
};

[[nodiscard]] std::string event_key(std::string_view token, std::int64_t time_ms, std::uint64_t sequence);
[[nodiscard]] std::string event_value(RoleId role, const EventCredits& credits, std::string_view json);
[[nodiscard]] Result<LoggedEvent> read_event(std::string_view key, std::string_view value);

/// [begin, end) of all keys of a token, in the families whose keys begin with token NUL.
struct TokenRange {
    std::string begin;
    std::string end;
};
[[nodiscard]] TokenRange token_range(std::string_view token);

/// Visits the token's events from `from_ms` on in order of time until `visit` returns false.
[[nodiscard]] Result<void> scan_events(const Store& store, std::string_view token, std::int64_t from_ms,
                                       const std::function<bool(LoggedEvent&)>& visit);

}  // namespace penchant
