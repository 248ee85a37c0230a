// SPDX-License-Identifier: GPL-3.0-or-later
//
// One search as the log keeps it, and one thing a visitor did with its hits. Both in Family::module:
//
//     search/ index NUL time:u64 sequence:u64                       -> row
//     search/ index NUL time:u64 sequence:u64 kind:u8 objectID      -> outcome, so that it stands behind its search
//     search_id/ queryID:16 bytes                                   -> index NUL time sequence
//     search_of/ token NUL index NUL time sequence                  -> nothing: what erasing a visitor has to find
//
// Numbers in keys are big endian. The kind and the record in an outcome's key make repeats one (A 4.5).
#pragma once

#include "index/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

struct SearchFilter {
    std::string_view attribute;
    std::string_view op;  ///< ":", "=", ">=", ...
    std::string_view value;
};

/// Views into the stored value; lives as long as that.
struct SearchRow {
    std::int64_t time_ms = 0;
    bool counted = false;         ///< `analytics` was on
    bool folded = false;          ///< typed on within 30 seconds: its successor counts instead
    bool personalized = false;
    std::string_view query_id;    ///< 16 bytes, or empty: not tracked
    std::string_view token;       ///< the userToken; empty when there was none
    std::uint64_t visitor = 0;    ///< a number for the token or the address
    std::string_view query;       ///< as typed
    std::string_view normalized;  ///< its words
    std::uint64_t hits = 0;
    std::uint64_t offset = 0;     ///< place of the first hit shown, from 0
    std::uint64_t microseconds = 0;
    std::vector<std::string_view> tags;
    std::vector<SearchFilter> filters;
    std::vector<std::string_view> object_ids;  ///< shown, in order; the first limits::search_log_hits_max

    [[nodiscard]] std::string encode() const;
    /// nullopt for what encode() did not write.
    [[nodiscard]] static std::optional<SearchRow> decode(std::string_view value, std::int64_t time_ms);
};

/// The stored row, marked as folded.
[[nodiscard]] std::string folded_row(std::string_view value);

enum class OutcomeKind : std::uint8_t { click = 1, conversion = 2, add_to_cart = 3, purchase = 4, view = 5 };

struct Outcome {
    OutcomeKind kind = OutcomeKind::click;
    std::string_view object_id;
    std::int64_t time_ms = 0;
    std::uint32_t position = 0;  ///< from 1; 0: not known
    double revenue = 0;
    std::string_view currency;   ///< three capitals; empty when there is no revenue

    [[nodiscard]] std::string encode() const;
    /// `key_end` is what stands behind the row's key.
    [[nodiscard]] static std::optional<Outcome> decode(std::string_view key_end, std::string_view value);
};

namespace search_keys {
inline constexpr std::string_view rows = "search/";
inline constexpr std::string_view ids = "search_id/";
inline constexpr std::string_view visitors = "search_of/";
/// index NUL time sequence: what the two other kinds of keys refer to.
[[nodiscard]] std::string place(std::string_view index, std::int64_t time_ms, std::uint64_t sequence);
[[nodiscard]] std::string row(std::string_view place);
[[nodiscard]] std::string outcome(std::string_view place, OutcomeKind kind, std::string_view object_id);
[[nodiscard]] std::string id(std::string_view query_id_bytes);
[[nodiscard]] std::string of_visitor(std::string_view token, std::string_view place);
/// The first key of an index at a moment; with `time_ms` of the first moment not wanted, the end of a range.
[[nodiscard]] std::string begin(std::string_view index, std::int64_t time_ms);
/// The first key behind all that begin with `prefix`.
[[nodiscard]] std::string end_of(std::string_view prefix);
}  // namespace search_keys

/// 32 hexadecimal digits as 16 bytes; empty for anything else.
[[nodiscard]] std::string query_id_bytes(std::string_view digits);

}  // namespace penchant
