// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/profile.h"

#include "index/limits.h"
#include "tests/catch.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

using namespace penchant;

namespace {

constexpr std::int64_t start_ms = 1'700'000'000'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

EventCredits credits(std::vector<FacetValueId> values) { return {0U, {Credit{CreditNote::none, std::move(values)}}}; }

double lasting(const Profile& profile, FacetValueId id, RoleId role, std::int64_t now_ms) {
    for (const Counter& counter : profile.counters())
        if (counter.id == id && counter.role == role)
            return static_cast<double>(counter.lasting) * profile.lasting_factor(now_ms);
    return 0;
}
double session(const Profile& profile, FacetValueId id, RoleId role, std::int64_t now_ms) {
    for (const Counter& counter : profile.counters())
        if (counter.id == id && counter.role == role)
            return static_cast<double>(counter.session) * profile.session_factor(now_ms);
    return 0;
}

struct Done {
    std::int64_t time_ms;
    RoleId role;
    FacetValueId value;
};

}  // namespace

TEST_CASE("one event counts one, and half of it after a half-life") {
    Profile profile;
    profile.count(start_ms, 1, credits({7}));
    CHECK(lasting(profile, 7, 1, start_ms) == 1.0);
    CHECK(std::abs(lasting(profile, 7, 1, start_ms + 30 * day_ms) - 0.5) < 1e-9);
    CHECK(std::abs(session(profile, 7, 1, start_ms + hour_ms) - 0.5) < 1e-9);
    CHECK(std::abs(lasting(profile, 7, 1, start_ms + 90 * day_ms) - 0.125) < 1e-9);
    CHECK(lasting(profile, record_total_bit | 0U, 1, start_ms) == 1.0);
}

TEST_CASE("counts are the sums of faded events, in whatever order they come") {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        // Some histories are long enough to move both landmarks several times.
        const std::int64_t span = round % 2 == 0 ? 20 * day_ms : 900 * day_ms;
        std::vector<Done> done;
        std::int64_t time = start_ms;
        for (int i = 0; i < 60; ++i) {
            time += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span / 30));
            const auto late =
                static_cast<std::int64_t>(random() % 4 == 0 ? random() % static_cast<std::uint64_t>(30 * day_ms) : 0);
            done.push_back(
                {std::max(start_ms, time - late), static_cast<RoleId>(random() % 3), static_cast<FacetValueId>(random() % 5)});
        }
        Profile profile;
        for (const Done& one : done) profile.count(one.time_ms, one.role, credits({one.value}));
        const std::int64_t now = profile.last_event_ms() + static_cast<std::int64_t>(random() % 3) * hour_ms;
        for (FacetValueId value = 0; value < 5; ++value) {
            for (RoleId role = 0; role < 3; ++role) {
                double lasting_sum = 0;
                double session_sum = 0;
                for (const Done& one : done) {
                    if (one.value != value || one.role != role) continue;
                    lasting_sum += std::exp2(-static_cast<double>(now - one.time_ms) / lasting_half_life_ms);
                    session_sum += std::exp2(-static_cast<double>(now - one.time_ms) / session_half_life_ms);
                }
                INFO(round << " value " << value << " role " << role);
                // Below a thousandth of an event, a count may have been forgotten.
                CHECK(std::abs(lasting(profile, value, role, now) - lasting_sum) <= 1e-5 * lasting_sum + 2.0 / 1024);
                CHECK(std::abs(session(profile, value, role, now) - session_sum) <= 1e-5 * session_sum + 60.0 / 1024);
            }
        }
    }
}

TEST_CASE("written and read back it is the same, and damage is found") {
    std::mt19937 random(5);
    for (int round = 0; round < 100; ++round) {
        Profile profile;
        std::int64_t time = start_ms;
        for (std::uint64_t i = random() % 80; i > 0; --i) {
            time += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(day_ms));
            static_cast<void>(profile.take_sequence());
            profile.count(time, static_cast<RoleId>(random() % 300), credits({static_cast<FacetValueId>(random() % 100'000)}));
        }
        const std::string bytes = profile.encode();
        const auto again = Profile::decode(bytes);
        REQUIRE(again.has_value());
        CHECK(*again == profile);
        CHECK(again->encode() == bytes);
        // Counting goes on from the written form as from the living one.
        Profile living = profile;
        Profile read = *again;
        for (Profile* one : {&living, &read}) one->count(time + 3 * day_ms, 2, credits({1, 2, 3}));
        CHECK(living == read);
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK(Profile::decode(bytes.substr(0, cut)).has_error());
        CHECK(Profile::decode(bytes + "x").has_error());
    }
}

TEST_CASE("a typical visitor takes few bytes") {
    Profile profile;
    std::mt19937 random(1);
    for (int i = 0; i < 20; ++i)
        profile.count(start_ms + i * day_ms, static_cast<RoleId>(i % 2), credits({static_cast<FacetValueId>(random() % 5000)}));
    INFO(profile.encode().size());
    CHECK(profile.encode().size() < 300);
}

TEST_CASE("the weakest values are forgotten first") {
    Profile profile;
    const std::size_t max = limits::affinities_per_profile_max;
    for (FacetValueId value = 1; value <= max; ++value) {
        profile.count(start_ms, 1, credits({value}));
        if (value % 2 == 0) profile.count(start_ms, 2, credits({value}));
    }
    for (FacetValueId value = 10'000; value < 10'000 + 50; ++value)
        for (int i = 0; i < 3; ++i) profile.count(start_ms + 1, 1, credits({value}));
    std::set<FacetValueId> values;
    for (const Counter& counter : profile.counters())
        if ((counter.id & record_total_bit) == 0) values.insert(counter.id);
    CHECK(values.size() == max);
    for (FacetValueId value = 2; value <= max; value += 2) CHECK(values.count(value) == 1);
    CHECK(values.count(10'049) == 1);
}

TEST_CASE("a deleted profile ignores what is older than its deletion") {
    Profile profile;
    static_cast<void>(profile.take_sequence());
    profile.count(start_ms, 1, credits({7}));
    profile.forget(start_ms + 1000);
    CHECK(profile.empty());
    CHECK(profile.counters().empty());
    CHECK(profile.take_sequence() == 1);
    profile.count(start_ms + 999, 1, credits({7}));
    CHECK(profile.empty());
    profile.count(start_ms + 1000, 1, credits({7}));
    CHECK(lasting(profile, 7, 1, start_ms + 1000) == 1.0);
    profile.forget(start_ms);
    CHECK(profile.deleted_until_ms() == start_ms + 1000);
}

TEST_CASE("events that credit nothing leave the counters alone") {
    Profile profile;
    profile.count(start_ms, 1, EventCredits{std::nullopt, {Credit{CreditNote::unknown_index, {}}}});
    CHECK(profile.counters().empty());
    CHECK(profile.events() == 1);
    CHECK(profile.last_event_ms() == start_ms);
}
