// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/profile.h"

#include "index/limits.h"
#include "plugin/varint.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace penchant {
namespace {

constexpr char profile_format = 1;
constexpr double landmark_half_lives = 8;
// Below a thousandth of an event a count says nothing any more.
constexpr float negligible = 1.0F / 1024;

double factor(std::int64_t from_ms, std::int64_t to_ms, double half_life_ms) {
    return std::exp2(static_cast<double>(from_ms - to_ms) / half_life_ms);
}

bool before(const Counter& a, FacetValueId id, RoleId role) { return std::tie(a.id, a.role) < std::tie(id, role); }

}  // namespace

double Profile::lasting_factor(std::int64_t now_ms) const { return factor(lasting_landmark_ms_, now_ms, lasting_half_life_ms); }
double Profile::session_factor(std::int64_t now_ms) const { return factor(session_landmark_ms_, now_ms, session_half_life_ms); }

void Profile::forget(std::int64_t until_ms) {
    const std::uint64_t next = next_sequence_;
    const std::int64_t deleted = std::max(deleted_until_ms_, until_ms);
    *this = Profile{};
    next_sequence_ = next;
    deleted_until_ms_ = deleted;
}

Profile Profile::restarted() const {
    Profile profile;
    profile.next_sequence_ = next_sequence_;
    profile.deleted_until_ms_ = deleted_until_ms_;
    return profile;
}

// Landmarks move by the time of events only, never by the clock, so that a replay moves them at the same places.
void Profile::move_landmarks(std::int64_t time_ms) {
    if (events_ == 0) {
        lasting_landmark_ms_ = time_ms;
        session_landmark_ms_ = time_ms;
        return;
    }
    const bool session_moves = static_cast<double>(time_ms - session_landmark_ms_) > landmark_half_lives * session_half_life_ms;
    const bool lasting_moves = static_cast<double>(time_ms - lasting_landmark_ms_) > landmark_half_lives * lasting_half_life_ms;
    if (session_moves) {
        const auto scale = static_cast<float>(factor(session_landmark_ms_, time_ms, session_half_life_ms));
        for (Counter& counter : counters_) {
            counter.session *= scale;
            if (counter.session < negligible) counter.session = 0;
        }
        session_landmark_ms_ = time_ms;
    }
    if (lasting_moves) {
        const auto scale = static_cast<float>(factor(lasting_landmark_ms_, time_ms, lasting_half_life_ms));
        for (Counter& counter : counters_) counter.lasting *= scale;
        std::erase_if(counters_, [](const Counter& counter) { return counter.lasting < negligible && counter.session == 0; });
        lasting_landmark_ms_ = time_ms;
    }
}

void Profile::add(FacetValueId id, RoleId role, float lasting, float session) {
    auto at = std::lower_bound(counters_.begin(), counters_.end(), std::pair(id, role),
                               [](const Counter& a, const auto& key) { return before(a, key.first, key.second); });
    if (at == counters_.end() || at->id != id || at->role != role) at = counters_.insert(at, Counter{id, role, 0, 0});
    at->lasting += lasting;
    at->session += session;
}

void Profile::count(std::int64_t time_ms, RoleId role, const EventCredits& credits, double share) {
    if (time_ms < deleted_until_ms_) return;
    move_landmarks(time_ms);
    ++events_;
    last_event_ms_ = std::max(last_event_ms_, time_ms);
    const auto lasting = static_cast<float>(share * factor(time_ms, lasting_landmark_ms_, lasting_half_life_ms));
    auto session = static_cast<float>(share * factor(time_ms, session_landmark_ms_, session_half_life_ms));
    if (session < negligible) session = 0;
    for (const Credit& credit : credits.credits) {
        if (credit.values.empty()) continue;
        if (credits.index) add(record_total_bit | *credits.index, role, lasting, session);
        for (const FacetValueId value : credit.values) add(value, role, lasting, session);
    }
    if (counters_.size() > limits::affinities_per_profile_max) forget_weakest(credits);
}

// What was credited just now goes before others of its strength, or nothing new could ever grow in a full profile.
void Profile::forget_weakest(const EventCredits& credits) {
    struct Strength {
        FacetValueId id;
        float strength;
        bool older;
    };
    const auto credited = [&](FacetValueId id) {
        return std::any_of(credits.credits.begin(), credits.credits.end(), [&](const Credit& credit) {
            return std::binary_search(credit.values.begin(), credit.values.end(), id);
        });
    };
    std::vector<Strength> values;
    for (const Counter& counter : counters_) {
        if ((counter.id & record_total_bit) != 0) continue;
        if (values.empty() || values.back().id != counter.id) values.push_back({counter.id, 0, !credited(counter.id)});
        values.back().strength += counter.lasting;
    }
    constexpr std::size_t keep = limits::affinities_per_profile_max;
    if (values.size() <= keep) return;
    std::nth_element(values.begin(), values.begin() + keep, values.end(), [](const Strength& a, const Strength& b) {
        return std::tie(b.strength, a.older, a.id) < std::tie(a.strength, b.older, b.id);
    });
    std::vector<FacetValueId> gone;
    for (std::size_t i = keep; i < values.size(); ++i) gone.push_back(values[i].id);
    std::sort(gone.begin(), gone.end());
    std::erase_if(counters_, [&](const Counter& counter) { return std::binary_search(gone.begin(), gone.end(), counter.id); });
}

std::string Profile::encode() const {
    std::string bytes;
    bytes.reserve(32 + counters_.size() * 9);
    bytes.push_back(profile_format);
    append_varint(bytes, next_sequence_);
    append_varint(bytes, events_);
    append_varint(bytes, static_cast<std::uint64_t>(last_event_ms_));
    append_varint(bytes, static_cast<std::uint64_t>(deleted_until_ms_));
    append_varint(bytes, static_cast<std::uint64_t>(lasting_landmark_ms_));
    append_varint(bytes, static_cast<std::uint64_t>(session_landmark_ms_));
    append_varint(bytes, counters_.size());
    FacetValueId last = 0;
    for (const Counter& counter : counters_) {
        append_varint(bytes, counter.id - last);
        last = counter.id;
        append_varint(bytes, std::uint64_t{counter.role} * 2 + (counter.session != 0 ? 1 : 0));
        append_float(bytes, counter.lasting);
        if (counter.session != 0) append_float(bytes, counter.session);
    }
    return bytes;
}

Result<Profile> Profile::decode(std::string_view bytes) {
    const auto damaged = [] { return Error{Errc::corrupt, "a visitor's profile cannot be read"}; };
    if (bytes.empty() || bytes.front() != profile_format) return damaged();
    ByteReader reader{bytes.substr(1)};
    Profile profile;
    profile.next_sequence_ = reader.varint();
    profile.events_ = reader.varint();
    profile.last_event_ms_ = static_cast<std::int64_t>(reader.varint());
    profile.deleted_until_ms_ = static_cast<std::int64_t>(reader.varint());
    profile.lasting_landmark_ms_ = static_cast<std::int64_t>(reader.varint());
    profile.session_landmark_ms_ = static_cast<std::int64_t>(reader.varint());
    const std::uint64_t count = reader.varint();
    if (!reader.good || count > reader.rest.size()) return damaged();
    profile.counters_.resize(static_cast<std::size_t>(count));
    FacetValueId last = 0;
    for (Counter& counter : profile.counters_) {
        last += static_cast<FacetValueId>(reader.varint());
        counter.id = last;
        const std::uint64_t role = reader.varint();
        counter.role = static_cast<RoleId>(role / 2);
        counter.lasting = reader.real();
        if ((role & 1U) != 0) counter.session = reader.real();
    }
    if (!reader.good || !reader.rest.empty()) return damaged();
    return profile;
}

}  // namespace penchant
