// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/affinity.h"

#include "tests/catch.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace penchant;

TEST_CASE("the contract's vectors: profile scores as optional filters") {
    CHECK(optional_filter_text("brand", "Corvale", 20, 80) == "brand:Corvale<score=16>");
    CHECK(optional_filter_text("brand", "Oxbow", 7, 80) == "brand:Oxbow<score=5>");
    CHECK(optional_filter_text("color", "green", 3, 50) == "color:green<score=1>");
}

TEST_CASE("the contract's vector: classic scores from raw sums") {
    const auto scores = classic_affinities_of({{1, 5000}, {2, 1800}, {3, 90}});
    CHECK(scores == std::vector<Affinity>{{1, 20}, {2, 7}, {3, 1}});
}

TEST_CASE("the contract's vector: blend of a bucket") {
    // A, B, C, D in custom order; filtersScore 0, 16, 5, 0.
    const std::vector<double> filters{0, 16, 5, 0};
    const auto order = [&](double impact) {
        std::vector<std::pair<double, int>> blend;
        for (std::size_t r = 0; r < 4; ++r)
            blend.emplace_back(-(impact * filters[r] / 16 + (1 - impact) * (1 - static_cast<double>(r) / 4)),
                               static_cast<int>(r));
        std::sort(blend.begin(), blend.end());
        std::string names;
        for (const auto& [score, r] : blend) names.push_back(static_cast<char>('A' + r));
        return names;
    };
    CHECK(order(0.5) == "BACD");
    CHECK(order(1) == "BCAD");
    CHECK(order(0) == "ABCD");
}

TEST_CASE("classic scores are rounded sums of 1..20 with the best at 20") {
    std::mt19937 random(2);
    for (int round = 0; round < 500; ++round) {
        std::vector<RawSum> sums;
        std::int64_t greatest = 0;
        for (FacetValueId id = 0; id < 1 + random() % 30; ++id) {
            sums.push_back({id, static_cast<std::int64_t>(random() % 100'000)});
            greatest = std::max(greatest, sums.back().sum);
        }
        const auto scores = classic_affinities_of(sums);
        for (const Affinity& one : scores) {
            const std::int64_t sum = sums[one.id].sum;
            const double naive = std::max(1.0, std::floor(20.0 * static_cast<double>(sum) / static_cast<double>(greatest) + 0.5));
            CHECK(one.score == naive);
        }
        CHECK(static_cast<std::ptrdiff_t>(scores.size()) ==
              std::count_if(sums.begin(), sums.end(), [](const RawSum& raw) { return raw.sum > 0; }));
    }
}

TEST_CASE("liking what everyone gets is no signal, a consistent liking is one") {
    const auto score = [](double weight, double total, double share) -> double {
        const auto found = affinities_of({{1, weight, total, share}});
        return found.empty() ? 0 : found[0].score;
    };
    CHECK(score(3, 10, 0.3) == 0);     // exactly as common as on the shelves
    CHECK(score(9, 10, 0.95) == 0);    // less often than the shelves offer it
    CHECK(score(10, 10, 1.0) == 0);    // nobody can avoid it
    CHECK(score(10, 10, 0.95) == 20);  // always, though nearly everything has it
    CHECK(score(1, 10, 0.001) == 20);
    CHECK(affinities_of({}).empty());
    CHECK(affinities_of({{1, 0, 0, 0}}).empty());
}

TEST_CASE("scores are 1..20, the best 20, and grow with the share of doings") {
    std::mt19937 random(9);
    for (int round = 0; round < 500; ++round) {
        std::vector<Evidence> evidence;
        for (FacetValueId id = 1; id <= 1 + random() % 40; ++id) {
            const double total = 1 + static_cast<double>(random() % 1000) / 10;
            evidence.push_back(
                {id, total * static_cast<double>(random() % 1001) / 1000, total, static_cast<double>(random() % 1001) / 1000});
        }
        const auto found = affinities_of(evidence);
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i].score <= 20);
            CHECK(found[i].score >= 1);
            if (i > 0)
                CHECK((found[i - 1].score > found[i].score ||
                       (found[i - 1].score == found[i].score && found[i - 1].id < found[i].id)));
        }
        if (!found.empty()) CHECK(found[0].score == 20);
        // More of a value never makes it less.
        const Evidence& one = evidence[random() % evidence.size()];
        std::vector<Evidence> more{{1, one.weight, one.weight_total, one.catalog_share},
                                   {2, std::min(one.weight_total, one.weight * 1.2 + 0.01), one.weight_total, one.catalog_share}};
        const auto compared = affinities_of(more);
        if (compared.size() == 2) CHECK(compared[0].score >= compared[1].score);
        if (compared.size() == 1) CHECK(compared[0].id == 2);
        // The order of the evidence does not matter.
        std::shuffle(evidence.begin(), evidence.end(), random);
        CHECK(affinities_of(evidence) == found);
    }
}

TEST_CASE("rarer values of equal shares are liked more, thin evidence less") {
    const auto found = affinities_of({{1, 5, 10, 0.4}, {2, 5, 10, 0.1}, {3, 1, 2, 0.1}});
    REQUIRE(found.size() == 3);
    CHECK(found[0].id == 2);
    const auto at = [&](FacetValueId id) {
        return std::find_if(found.begin(), found.end(), [&](const Affinity& one) { return one.id == id; })->score;
    };
    CHECK(at(3) < at(2));
}

TEST_CASE("what a visitor always takes says more the rarer it is: a brand more than a size") {
    const auto found = affinities_of({{1, 9, 9, 0.04}, {2, 9, 9, 0.55}, {3, 9, 9, 0.3}});
    REQUIRE(found.size() == 3);
    CHECK(found[0].id == 1);
    CHECK(found[1].id == 3);
    CHECK(found[1].score < 10);
    CHECK(found[2].score < 5);
}

TEST_CASE("personalization filters are read with and without score and quotes") {
    const auto read = [](const char* text) { return parse_optional_filter(text); };
    CHECK(read("brand:Corvale<score=12>")->score == 12);
    CHECK(read("brand:Corvale<score=12>")->value == "Corvale");
    CHECK(read("brand:Corvale")->score == 1);
    CHECK(read("a.b:x:y<score=0>")->value == "x:y");
    CHECK(read("\"my facet\":\"a <b\"<score=3>")->facet == "my facet");
    CHECK_FALSE(read("brand").has_value());
    CHECK_FALSE(read(":x").has_value());
    CHECK_FALSE(read("").has_value());
    CHECK_FALSE(read("brand:x<score=-1>").has_value());
    CHECK_FALSE(read("brand:x<score=many>").has_value());
    CHECK_FALSE(read("brand:x<score=nan>").has_value());
    CHECK_FALSE(read("brand:x<score=65536>").has_value());
}
