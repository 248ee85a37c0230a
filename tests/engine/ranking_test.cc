// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ranking.h"

#include "tests/catch.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace penchant {
namespace {

std::vector<Ordinal> ordinals_of(const std::vector<RankedHit>& hits) {
    std::vector<Ordinal> ordinals;
    for (const RankedHit& hit : hits) ordinals.push_back(hit.ordinal);
    return ordinals;
}

// A, B, C and D of A 10.3, in custom order.
struct Vectors {
    Matches matches{{0, 1, 2, 3}, {}};
    std::vector<std::uint32_t> rank{0, 1, 2, 3};
    std::vector<float> scores{0, 16, 5, 0};
    std::vector<RankedHit> order(int impact, PageCut cut = {0, 10}) {
        return rank_blended(matches, rank, {scores, 16, impact, true}, cut);
    }
};

TEST_CASE("the contract's vectors of a personalized bucket") {
    Vectors vectors;
    const auto half = vectors.order(50);
    CHECK(ordinals_of(half) == std::vector<Ordinal>{1, 0, 2, 3});
    CHECK(half[0].score == 0.875);
    CHECK(half[1].score == 0.5);
    CHECK(half[2].score == 0.40625);
    CHECK(half[3].score == 0.125);
    CHECK(half[0].ranking_score == 0.75);
    CHECK(half[0].initial_position == 1);
    CHECK(half[0].new_position == 0);
    CHECK(half[1].initial_position == 0);
    CHECK(ordinals_of(vectors.order(100)) == std::vector<Ordinal>{1, 2, 0, 3});
    CHECK(ordinals_of(vectors.order(0)) == std::vector<Ordinal>{0, 1, 2, 3});
    CHECK(ordinals_of(vectors.order(50, {1, 2})) == std::vector<Ordinal>{0, 2});
}

TEST_CASE("records that share a custom rank leave the visitor to decide alone") {
    const Matches matches{{4, 7, 9}, {}};
    const std::vector<float> scores{0.01F, 0.02F, 0.03F};
    const auto hits = rank_blended(matches, {}, {scores, 0.03, 1, false}, {0, 3});
    CHECK(ordinals_of(hits) == std::vector<Ordinal>{9, 7, 4});
    CHECK(hits[0].ranking_score == 1.0);
    CHECK(hits[2].ranking_score == 1.0);
}

TEST_CASE("what a visitor dislikes goes down in its bucket and no further") {
    const Matches matches{{0, 1, 2}, {5, 5, 6}};
    const std::vector<float> scores{-4, 0, 4};
    const auto hits = rank_blended(matches, {}, {scores, 4, 100, false}, {0, 3});
    CHECK(ordinals_of(hits) == std::vector<Ordinal>{1, 0, 2});
    CHECK(hits[1].score == -1.0);
}

TEST_CASE("large buckets are ordered as if every record had been looked at") {
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        const std::size_t count = 600 + random() % 6000;
        Matches matches;
        std::vector<float> scores;
        std::vector<std::uint32_t> rank(count * 2);
        const std::uint32_t ranks = round % 3 == 0 ? 3 : round % 3 == 1 ? 700 : static_cast<std::uint32_t>(count);
        for (auto& each : rank) each = static_cast<std::uint32_t>(random() % ranks) * (round % 5 == 0 ? 977 : 1);
        const std::uint64_t keys = 1 + random() % 4;
        for (std::size_t i = 0; i < count; ++i) {
            matches.ordinals.push_back(static_cast<Ordinal>(i * 2 + random() % 2));
            matches.keys.push_back(random() % keys * 1000);
            scores.push_back(random() % 4 == 0 ? static_cast<float>(random() % 40) - (round % 2 == 0 ? 0.0F : 9.0F) : 0.0F);
        }
        if (round % 4 == 3) matches.keys.clear();
        const std::vector<std::uint32_t> used = round % 7 == 6 ? std::vector<std::uint32_t>{} : rank;
        const int impact = static_cast<int>(random() % 101);
        const PageCut cut{random() % 50, 1 + random() % 60};

        struct Naive {
            std::uint64_t key;
            double blend;
            std::uint32_t rank;
            std::size_t index;
        };
        double most = 0;
        for (const float score : scores) most = std::max(most, std::abs(static_cast<double>(score)));
        std::vector<Naive> naive;
        std::map<std::uint64_t, std::vector<std::uint32_t>> buckets;
        const auto rank_at = [&](std::size_t i) { return used.empty() ? 0U : used[matches.ordinals[i]]; };
        for (std::size_t i = 0; i < count; ++i) buckets[matches.key(i)].push_back(rank_at(i));
        for (auto& [key, all] : buckets) std::sort(all.begin(), all.end());
        for (std::size_t i = 0; i < count; ++i) {
            const auto& bucket = buckets[matches.key(i)];
            const auto better = std::lower_bound(bucket.begin(), bucket.end(), rank_at(i)) - bucket.begin();
            const double place = 1.0 - static_cast<double>(better) / static_cast<double>(bucket.size());
            naive.push_back({matches.key(i), blend_score(impact, static_cast<double>(scores[i]), most, place), rank_at(i), i});
        }
        std::sort(naive.begin(), naive.end(), [](const Naive& a, const Naive& b) {
            if (a.key != b.key) return a.key < b.key;
            if (a.blend != b.blend) return a.blend > b.blend;
            if (a.rank != b.rank) return a.rank < b.rank;
            return a.index < b.index;
        });
        const auto hits = rank_blended(matches, used, {scores, most, impact, false}, cut);
        REQUIRE(hits.size() == std::min(cut.length, count - cut.offset));
        for (std::size_t i = 0; i < hits.size(); ++i) {
            const Naive& expected = naive[cut.offset + i];
            INFO("round " << round << " hit " << i);
            REQUIRE(hits[i].ordinal == matches.ordinals[expected.index]);
            REQUIRE(hits[i].score == expected.blend);
        }
        // Impact 0 is the plain order, to the byte.
        CHECK(ordinals_of(rank_blended(matches, used, {scores, most, 0, false}, cut)) ==
              ordinals_of(rank_plain(matches, used, cut)));
    }
}

TEST_CASE("only criteria that can differ take bits, in the order of ranking") {
    Columns columns;
    const auto settings = Settings().merged({{"searchableAttributes", {"title"}}, {"customRanking", {"desc(x)"}}}).value();
    const KeyLayout nothing(settings, columns, {});
    CHECK(nothing.fields().empty());
    CHECK(nothing.custom());
    KeyShape shape;
    shape.attribute_max = 1999;
    shape.exact_max = 1;
    shape.proximity_max = 8;
    shape.filters_high = 10;
    const KeyLayout layout(settings, columns, shape);
    REQUIRE(layout.fields().size() == 4);
    using Part = KeyLayout::Part;
    const Part expected[] = {Part::filters, Part::proximity, Part::attribute, Part::exact};
    const unsigned shifts[] = {16, 12, 1, 0};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(layout.fields()[i].part == expected[i]);
        CHECK(layout.fields()[i].shift == shifts[i]);
        CHECK(layout.fields()[i].dropped_bits == 0);
    }
    // Values past the maximum saturate instead of spilling into the next criterion.
    CHECK(layout.fields()[1].place(200) == std::uint64_t{8} << 12U);
}

}  // namespace
}  // namespace penchant
