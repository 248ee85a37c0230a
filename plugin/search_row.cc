// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/search_row.h"

#include "index/store.h"
#include "plugin/varint.h"

#include <algorithm>
#include <cstring>

namespace penchant {
namespace {

constexpr char row_format = 1;
constexpr unsigned char flag_counted = 1;
constexpr unsigned char flag_folded = 2;
constexpr unsigned char flag_personalized = 4;
constexpr unsigned char flag_same_text = 8;  // the normalized text is the typed one

void append_text(std::string& out, std::string_view text) {
    append_varint(out, text.size());
    out += text;
}

std::string_view read_text(ByteReader& reader) { return reader.bytes(reader.varint()); }

}  // namespace

std::string SearchRow::encode() const {
    std::string out;
    out.reserve(96 + query.size() + object_ids.size() * 12);
    const bool same = query == normalized;
    out.push_back(row_format);
    out.push_back(static_cast<char>((counted ? flag_counted : 0U) | (folded ? flag_folded : 0U) |
                                    (personalized ? flag_personalized : 0U) | (same ? flag_same_text : 0U)));
    append_text(out, query_id);
    append_text(out, token);
    append_varint(out, visitor);
    append_text(out, query);
    if (!same) append_text(out, normalized);
    append_varint(out, hits);
    append_varint(out, offset);
    append_varint(out, microseconds);
    append_varint(out, tags.size());
    for (const std::string_view tag : tags) append_text(out, tag);
    append_varint(out, filters.size());
    for (const SearchFilter& filter : filters) {
        append_text(out, filter.attribute);
        append_text(out, filter.op);
        append_text(out, filter.value);
    }
    append_varint(out, object_ids.size());
    for (const std::string_view id : object_ids) append_text(out, id);
    return out;
}

std::optional<SearchRow> SearchRow::decode(std::string_view value, std::int64_t time_ms) {
    if (value.size() < 2 || value.front() != row_format) return std::nullopt;
    const auto flags = static_cast<unsigned char>(value[1]);
    ByteReader reader{value.substr(2)};
    SearchRow row;
    row.time_ms = time_ms;
    row.counted = (flags & flag_counted) != 0;
    row.folded = (flags & flag_folded) != 0;
    row.personalized = (flags & flag_personalized) != 0;
    row.query_id = read_text(reader);
    row.token = read_text(reader);
    row.visitor = reader.varint();
    row.query = read_text(reader);
    row.normalized = (flags & flag_same_text) != 0 ? row.query : read_text(reader);
    row.hits = reader.varint();
    row.offset = reader.varint();
    row.microseconds = reader.varint();
    for (std::uint64_t count = reader.varint(); count > 0 && reader.good; --count) row.tags.push_back(read_text(reader));
    for (std::uint64_t count = reader.varint(); count > 0 && reader.good; --count) {
        SearchFilter& filter = row.filters.emplace_back();
        filter.attribute = read_text(reader);
        filter.op = read_text(reader);
        filter.value = read_text(reader);
    }
    for (std::uint64_t count = reader.varint(); count > 0 && reader.good; --count) row.object_ids.push_back(read_text(reader));
    if (!reader.good) return std::nullopt;
    return row;
}

std::string folded_row(std::string_view value) {
    std::string out(value);
    if (out.size() > 1) out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | flag_folded);
    return out;
}

std::string Outcome::encode() const {
    std::string out;
    append_varint(out, static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0)));
    append_varint(out, position);
    if (currency.empty()) return out;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &revenue, sizeof bits);
    append_varint(out, bits);
    out += currency;
    return out;
}

std::optional<Outcome> Outcome::decode(std::string_view key_end, std::string_view value) {
    if (key_end.empty() || key_end[0] < 1 || key_end[0] > 5) return std::nullopt;
    Outcome outcome;
    outcome.kind = static_cast<OutcomeKind>(key_end[0]);
    outcome.object_id = key_end.substr(1);
    ByteReader reader{value};
    outcome.time_ms = static_cast<std::int64_t>(reader.varint());
    outcome.position = static_cast<std::uint32_t>(reader.varint());
    if (!reader.rest.empty()) {
        const std::uint64_t bits = reader.varint();
        std::memcpy(&outcome.revenue, &bits, sizeof bits);
        outcome.currency = reader.rest;
    }
    if (!reader.good) return std::nullopt;
    return outcome;
}

namespace search_keys {

std::string place(std::string_view index, std::int64_t time_ms, std::uint64_t sequence) {
    std::string key(index);
    key.push_back('\0');
    key += key_u64(static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0)));
    key += key_u64(sequence);
    return key;
}

std::string row(std::string_view place) { return std::string(rows) + std::string(place); }

std::string outcome(std::string_view place, OutcomeKind kind, std::string_view object_id) {
    std::string key = row(place);
    key.push_back(static_cast<char>(kind));
    key += object_id;
    return key;
}

std::string id(std::string_view query_id_bytes) { return std::string(ids) + std::string(query_id_bytes); }

std::string of_visitor(std::string_view token, std::string_view place) {
    std::string key(visitors);
    key += token;
    key.push_back('\0');
    key += place;
    return key;
}

std::string begin(std::string_view index, std::int64_t time_ms) {
    std::string key(rows);
    key += index;
    key.push_back('\0');
    key += key_u64(static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0)));
    return key;
}

std::string end_of(std::string_view prefix) {
    std::string end(prefix);
    end.back() = static_cast<char>(end.back() + 1);
    return end;
}

}  // namespace search_keys

std::string query_id_bytes(std::string_view digits) {
    if (digits.size() != 32) return {};
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = digit(digits[i]);
        const int low = digit(digits[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

}  // namespace penchant
