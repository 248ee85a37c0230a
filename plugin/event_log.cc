// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/event_log.h"

#include "plugin/varint.h"

#include <algorithm>

namespace penchant {
namespace {

constexpr char event_format = 1;

Error damaged() { return {Errc::corrupt, "an event in the log cannot be read"}; }

}  // namespace

TokenRange token_range(std::string_view token) {
    TokenRange range{std::string(token), std::string(token)};
    range.begin.push_back('\0');
    range.end.push_back('\1');
    return range;
}

std::string event_key(std::string_view token, std::int64_t time_ms, std::uint64_t sequence) {
    std::string key;
    key.reserve(token.size() + 17);
    key += token;
    key.push_back('\0');
    key += key_u64(static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0)));
    key += key_u64(sequence);
    return key;
}

std::string event_value(RoleId role, const EventCredits& credits, std::string_view json) {
    std::string value;
    value.reserve(json.size() + 64);
    value.push_back(event_format);
    append_varint(value, role);
    append_varint(value, credits.index ? std::uint64_t{*credits.index} + 1 : 0);
    append_varint(value, credits.credits.size());
    for (const Credit& credit : credits.credits) {
        value.push_back(static_cast<char>(credit.note));
        append_varint(value, credit.values.size());
        for (const FacetValueId id : credit.values) append_varint(value, id);
    }
    value += json;
    return value;
}

Result<LoggedEvent> read_event(std::string_view key, std::string_view value) {
    const std::size_t end = key.find('\0');
    if (end == std::string_view::npos || key.size() != end + 17 || value.empty() || value.front() != event_format)
        return damaged();
    LoggedEvent event;
    event.time_ms = static_cast<std::int64_t>(read_key_u64(key.substr(end + 1)));
    event.sequence = read_key_u64(key.substr(end + 9));
    ByteReader reader{value.substr(1)};
    event.role = static_cast<RoleId>(reader.varint());
    if (const std::uint64_t index = reader.varint(); index != 0) event.credits.index = static_cast<std::uint32_t>(index - 1);
    const std::uint64_t credits = reader.varint();
    for (std::uint64_t i = 0; i < credits && reader.good; ++i) {
        Credit credit;
        const std::string_view note = reader.bytes(1);
        if (!reader.good || static_cast<unsigned char>(note[0]) >= credit_notes) return damaged();
        credit.note = static_cast<CreditNote>(note[0]);
        const std::uint64_t values = reader.varint();
        if (values > reader.rest.size()) return damaged();
        credit.values.reserve(static_cast<std::size_t>(values));
        for (std::uint64_t j = 0; j < values; ++j) credit.values.push_back(static_cast<FacetValueId>(reader.varint()));
        event.credits.credits.push_back(std::move(credit));
    }
    if (!reader.good) return damaged();
    event.json = reader.rest;
    return event;
}

Result<void> scan_events(const Store& store, std::string_view token, std::int64_t from_ms,
                         const std::function<bool(LoggedEvent&)>& visit) {
    const std::string begin = event_key(token, from_ms, 0);
    const TokenRange range = token_range(token);
    Result<void> outcome;
    PENCHANT_CHECK(store.scan(Family::events, begin, range.end, [&](std::string_view key, std::string_view value) {
        auto event = read_event(key, value);
        if (event.has_error()) {
            outcome = std::move(event).error();
            return false;
        }
        return visit(*event);
    }));
    return outcome;
}

}  // namespace penchant
