// SPDX-License-Identifier: GPL-3.0-or-later
//
// A profile: what one user token has done, as counters by (facet value, event role). Weights of a strategy are no part of it;
// they are applied when a search reads it (plugin/taste.h).
//
// A counter holds two counts that fade. An event at time t adds 2^((t - landmark) / half-life), and the count at
// time T is that sum times 2^((landmark - T) / half-life): so adding needs no look at the clock, a late event
// weighs what it would have weighed in time, and the order of events does not matter but for the last bits.
// When the newest event is eight half-lives past the landmark, the landmark moves there and all counts with it.
//
//     value    := format:u8=1 next_sequence:varint events:varint last_event:varint deleted_until:varint
//                 lasting_landmark:varint session_landmark:varint count:varint { counter }
//     counter  := id difference:varint role*2+has_session:varint lasting:f32 [session:f32]    in order of (id, role)
#pragma once

#include "index/columns.h"
#include "index/error.h"
#include "plugin/credit.h"
#include "plugin/role.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

inline constexpr double lasting_half_life_ms = 30.0 * 24 * 3600 * 1000;
inline constexpr double session_half_life_ms = 3600.0 * 1000;

/// Beside facet values, a profile counts how many records of each index were credited: the number that shares of values are taken
/// of. Such a counter's id is this bit and the index's number.
inline constexpr FacetValueId record_total_bit = FacetValueId{1} << 31U;

struct Counter {
    FacetValueId id = 0;
    RoleId role = 0;
    float lasting = 0;  ///< faded count of half-life 30 days, at the profile's landmark
    float session = 0;  ///< faded count of half-life one hour, at the profile's landmark
    friend bool operator==(const Counter&, const Counter&) = default;
};

/// A value type. Two profiles that saw the same events in the same order are equal, bit by bit.
class Profile {
public:
    /// Counts an event, `share` (share_of_record) for each of its records; before deleted_until_ms it only takes a sequence number. Values past
    /// limits::affinities_per_profile_max are forgotten, the weakest first.
    void count(std::int64_t time_ms, RoleId role, const EventCredits& credits, double share = 1);
    /// The number of the next event of this token; each call takes one.
    std::uint64_t take_sequence() { return next_sequence_++; }
    /// Forgets everything, and from now on ignores events before `until_ms`.
    void forget(std::int64_t until_ms);
    /// A profile with the same deletion and sequence, and no events yet: where a replay begins.
    [[nodiscard]] Profile restarted() const;

    [[nodiscard]] const std::vector<Counter>& counters() const { return counters_; }
    /// What a lasting or session count has to be multiplied with to be the count at `now_ms`.
    [[nodiscard]] double lasting_factor(std::int64_t now_ms) const;
    [[nodiscard]] double session_factor(std::int64_t now_ms) const;

    [[nodiscard]] std::int64_t last_event_ms() const { return last_event_ms_; }
    [[nodiscard]] std::int64_t deleted_until_ms() const { return deleted_until_ms_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }  ///< counted ones
    /// Nothing was counted since it began, or since it was deleted.
    [[nodiscard]] bool empty() const { return events_ == 0; }

    [[nodiscard]] std::string encode() const;
    /// Errors: corrupt.
    [[nodiscard]] static Result<Profile> decode(std::string_view bytes);

    friend bool operator==(const Profile&, const Profile&) = default;

private:
    void move_landmarks(std::int64_t time_ms);
    void add(FacetValueId id, RoleId role, float lasting, float session);
    void forget_weakest(const EventCredits& credits);

    std::uint64_t next_sequence_ = 0;
    std::uint64_t events_ = 0;
    std::int64_t last_event_ms_ = 0;
    std::int64_t deleted_until_ms_ = 0;
    std::int64_t lasting_landmark_ms_ = 0;
    std::int64_t session_landmark_ms_ = 0;
    std::vector<Counter> counters_;  ///< sorted by (id, role)
};

}  // namespace penchant
