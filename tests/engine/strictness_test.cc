// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/strictness.h"

#include "tests/catch.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace penchant::testing {
namespace {

Matches matches_of(const std::vector<std::uint64_t>& keys) {
    Matches matches;
    for (Ordinal i = 0; i < keys.size(); ++i) matches.ordinals.push_back(i);
    matches.keys = keys;
    return matches;
}

KeyLayout layout_of(const KeyShape& shape) { return KeyLayout(Settings(), Columns(), shape); }

TEST_CASE("the sorted part is the share that was asked for, up to the end of a bucket") {
    std::mt19937 random(1);
    const KeyLayout layout = layout_of({.attribute_max = 1000, .exact_max = 3});
    for (int round = 0; round < 400; ++round) {
        std::vector<std::uint64_t> keys;
        const std::size_t count = 1 + random() % 60;
        const std::uint64_t buckets = 1 + random() % 12;
        for (std::size_t i = 0; i < count; ++i) keys.push_back(random() % buckets * 7);
        const auto strictness = static_cast<std::uint32_t>(random() % 5 == 0 ? 100 : random() % 101);
        INFO("round " << round << " count " << count << " strictness " << strictness);

        std::vector<std::uint64_t> sorted = keys;
        std::sort(sorted.begin(), sorted.end());
        const double share = static_cast<double>(count) * (100.0 - strictness) / 100.0;
        const auto wanted = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(share - 1e-9)));
        const std::uint64_t border = sorted[wanted - 1];

        Matches matches = matches_of(keys);
        apply_strictness(matches, layout, strictness, {});
        std::size_t expected = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (keys[i] <= border) ++expected;
            for (std::size_t j = 0; j < count; ++j) {
                const bool both_sorted = keys[i] <= border && keys[j] <= border;
                REQUIRE((matches.keys[i] < matches.keys[j]) == (!both_sorted && keys[i] < keys[j]));
            }
        }
        REQUIRE(sorted_records(matches) == expected);
        if (strictness == 0) REQUIRE(expected == count);
        if (strictness == 100)
            for (std::size_t i = 0; i < count; ++i)
                for (std::size_t j = 0; j < count; ++j)
                    REQUIRE((matches.keys[i] < matches.keys[j]) == (keys[i] < keys[j]));
    }
}

TEST_CASE("what filters score acts behind the choice of the sorted part, and within it") {
    // The default ranking has filters in front of proximity, attribute and exact.
    const KeyLayout layout = layout_of({.filters_low = 0, .filters_high = 3, .attribute_max = 7});
    REQUIRE(layout.fields().size() == 2);
    const auto key = [&](std::uint64_t filters, std::uint64_t attribute) {
        return layout.fields()[0].place(filters) | layout.fields()[1].place(attribute);
    };
    // Smaller is better in every part of a key.
    Matches matches = matches_of({key(3, 1), key(0, 5), key(1, 1), key(0, 6), key(2, 5)});
    apply_strictness(matches, layout, 60, {});  // two of five: those with attribute 1
    CHECK(sorted_records(matches) == 2);
    CHECK(matches.keys[2] < matches.keys[0]);
    CHECK(matches.keys[0] < matches.keys[1]);
    CHECK(matches.keys[1] < matches.keys[3]);
    CHECK(matches.keys[3] < matches.keys[4]);
}

TEST_CASE("without criteria that differ, all matches are sorted") {
    Matches matches = matches_of({});
    matches.ordinals = {1, 2, 3};
    apply_strictness(matches, layout_of({}), 50, {});
    CHECK(sorted_records(matches) == 3);
}

TEST_CASE("each place of customRanking is a bucket of the sorted part") {
    Matches matches = matches_of({7, 7, 0, 9});
    const std::vector<std::uint32_t> custom_rank{2, 0, 2, 0};
    apply_strictness(matches, layout_of({.attribute_max = 1000}), 40, custom_rank);  // three of four
    CHECK(sorted_records(matches) == 3);
    CHECK(matches.keys[1] < matches.keys[0]);
    CHECK(matches.keys[0] == matches.keys[2]);
    CHECK(matches.keys[2] < matches.keys[3]);
    // Also where relevance tells nothing apart.
    Matches equal = matches_of({});
    equal.ordinals = {0, 1, 2, 3};
    apply_strictness(equal, layout_of({}), 0, custom_rank);
    CHECK(equal.keys == std::vector<std::uint64_t>{2, 0, 2, 0});
}

}  // namespace
}  // namespace penchant::testing
