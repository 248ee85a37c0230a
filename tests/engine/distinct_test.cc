// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distinct.h"

#include "tests/engine/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace penchant::testing {
namespace {

constexpr std::string_view shoe_settings =
    R"j({"attributeForDistinct":"model","customRanking":["desc(sold)"],)j"
    R"j("attributesForFaceting":["brand","afterDistinct(color)"],"searchableAttributes":["name"],"paginationLimitedTo":20000})j";

std::string shoe(int id, std::string_view model, std::string_view color, int sold) {
    return fmt::format(R"({{"objectID":"{}","name":"shoe","model":"{}","brand":"Corvale","color":"{}","sold":{}}})", id,
                       model, color, sold);
}

Sample shoes() {
    Sample sample(shoe_settings);
    sample.add(shoe(1, "ridge", "red", 5));
    sample.add(shoe(2, "ridge", "blue", 9));
    sample.add(shoe(3, "fell", "red", 7));
    sample.add(shoe(4, "ridge", "red", 8));
    sample.add(R"({"objectID":"5","name":"shoe","color":"blue","sold":6})");
    sample.add(R"({"objectID":"6","name":"shoe","color":"blue","sold":1})");
    sample.publish();
    return sample;
}

Selected run(const Sample& sample, std::string_view parameters, Boost* boost = nullptr, CandidateCache* cache = nullptr) {
    const Query query = sample.query(parameters);
    auto selection = Selection::prepare(sample.snapshot(), query);
    REQUIRE(selection.has_value());
    return selection.value().run("sample", boost, cache);
}

// Brand or color to count.
std::map<std::string, std::uint32_t> counts(const Sample& sample, const Selected& selected, std::string_view path) {
    std::map<std::string, std::uint32_t> counts;
    for (const FacetTally& tally : *selected.facets) {
        if (sample.snapshot().columns.facet_path(tally.attribute) != path) continue;
        for (const auto& [value, count] : tally.counts)
            counts[sample.snapshot().columns.dictionary(tally.attribute).value(value).text] = count;
    }
    return counts;
}

TEST_CASE("distinct keeps the best of each group, and records without a group") {
    const Sample sample = shoes();
    CHECK(sample.ids("{}") == "2 4 3 5 1 6");
    CHECK(sample.ids(R"({"distinct":true})") == "2 3 5 6");
    CHECK(sample.ids(R"({"distinct":2})") == "2 4 3 5 6");
    CHECK(sample.ids(R"({"distinct":4})") == "2 4 1 3 5 6");
    CHECK(sample.ids(R"({"distinct":2,"hitsPerPage":2})") == "2 4 3");
    CHECK(sample.ids(R"({"distinct":2,"hitsPerPage":2,"page":1})") == "5 6");
    CHECK(sample.ids(R"({"distinct":"1","offset":1,"length":2})") == "3 5");
    CHECK(run(sample, R"({"distinct":3,"hitsPerPage":1})").count == 4);
    CHECK(run(sample, "{}").count == 6);
    const Selected selected = run(sample, R"({"distinct":3})");
    CHECK(selected.distinct);
    std::vector<std::uint32_t> places;
    for (const RankedHit& hit : selected.hits) places.push_back(hit.distinct_place);
    CHECK(places == std::vector<std::uint32_t>{0, 1, 2, 0, 0, 0});
}

TEST_CASE("distinct needs an attribute, which is neither a facet nor a filter") {
    Sample sample(R"({"distinct":2})");
    sample.add(R"({"objectID":"1","model":"a"})");
    sample.add(R"({"objectID":"2","model":"a"})");
    sample.publish();
    CHECK(sample.ids("{}") == "1 2");
    CHECK_FALSE(run(sample, "{}").distinct);
    const Sample grouped = shoes();
    CHECK(grouped.ids(R"({"filters":"model:ridge"})").empty());
    CHECK(counts(grouped, run(grouped, R"({"facets":["*","model"]})"), "model").empty());
}

TEST_CASE("facets are counted before distinct, unless one asks for after") {
    const Sample sample = shoes();
    using Counts = std::map<std::string, std::uint32_t>;
    CandidateCache cache(1U << 20U);
    for (int again = 0; again < 2; ++again) {
        const Selected off = run(sample, R"({"facets":["*"]})", nullptr, &cache);
        CHECK(counts(sample, off, "color") == Counts{{"red", 3}, {"blue", 3}});
        const Selected on = run(sample, R"({"facets":["*"],"distinct":2})", nullptr, &cache);
        CHECK(counts(sample, on, "brand") == Counts{{"Corvale", 4}});
        CHECK(counts(sample, on, "color") == Counts{{"red", 1}, {"blue", 3}});
        const Selected all = run(sample, R"({"facets":["*"],"distinct":1,"facetingAfterDistinct":true})", nullptr, &cache);
        CHECK(counts(sample, all, "brand") == Counts{{"Corvale", 2}});
        CHECK(counts(sample, all, "color") == Counts{{"red", 1}, {"blue", 3}});
        REQUIRE(all.facets->size() == 2);
        CHECK(all.facets->front().attribute == 0);
    }
}

struct World {
    explicit World(std::uint32_t seed) : random(seed), sample(shoe_settings) {
        const std::size_t groups = 1 + pick(40);
        const std::size_t records = 1 + pick(seed % 10 == 0 ? 3000 : 150);
        for (std::size_t i = 0; i < records; ++i) {
            std::string json = fmt::format(R"({{"objectID":"{}","name":"{}","color":"{}")", i,
                                           pick(2) ? "trail shoe" : "shoe", pick(3));
            // Some groups crowd the top, some are large, some records have none.
            const std::size_t group = pick(4) == 0 ? 0 : pick(groups);
            if (pick(10) != 0) json += fmt::format(R"(,"model":"m{}")", group);
            json += fmt::format(R"(,"sold":{}}})", group == 0 ? 100 + pick(9) : pick(9));
            sample.add(json);
        }
        for (DocumentId document = 1; document <= records; ++document)
            if (pick(12) == 0) sample.remove(document);
        sample.publish();
        scores.resize(sample.snapshot().columns.size());
        for (float& score : scores) score = static_cast<float>(pick(30));
    }
    std::size_t pick(std::size_t bound) { return random() % bound; }

    std::mt19937 random;
    Sample sample;
    std::vector<float> scores;
};

std::vector<Ordinal> ordinals_of(const Selected& selected) {
    std::vector<Ordinal> ordinals;
    for (const RankedHit& hit : selected.hits) ordinals.push_back(hit.ordinal);
    return ordinals;
}

// Groups in the order of their best records, each cut to its best.
std::vector<std::vector<Ordinal>> naive_groups(const Grouping& grouping, const std::vector<Ordinal>& order, std::size_t most) {
    std::vector<std::vector<Ordinal>> groups;
    std::map<std::uint32_t, std::size_t> places;
    for (const Ordinal ordinal : order) {
        const std::uint32_t number = grouping.group(ordinal);
        std::size_t place = groups.size();
        if (number != Grouping::alone) place = places.emplace(number, place).first->second;
        if (place == groups.size()) groups.emplace_back();
        if (groups[place].size() < most) groups[place].push_back(ordinal);
    }
    return groups;
}

TEST_CASE("every page of groups is a cut from one order, the visitor's or the plain one") {
    for (std::uint32_t seed = 0; seed < 80; ++seed) {
        World world(seed);
        const Snapshot& snapshot = world.sample.snapshot();
        const auto grouping = Grouping::of(snapshot);
        REQUIRE(grouping);
        const int impact = static_cast<int>(world.pick(11)) * 10;
        const std::string_view text = world.pick(2) != 0 ? "trail" : "shoe";
        const std::size_t most = 1 + world.pick(4);
        INFO("seed " << seed << " impact " << impact << " distinct " << most);
        TableBoost boost(world.scores, impact);
        Boost* const visitor = impact == 0 ? nullptr : &boost;

        // The whole order; a page has at most a thousand.
        std::vector<Ordinal> order;
        for (std::size_t offset = 0;; offset += 1000) {
            const Selected part = run(world.sample, fmt::format(R"({{"query":"{}","offset":{},"length":1000}})", text, offset),
                                      visitor);
            if (part.hits.empty()) break;
            for (const Ordinal ordinal : ordinals_of(part)) order.push_back(ordinal);
        }
        const auto expected = naive_groups(*grouping, order, most);

        CandidateCache cache(1U << 22U);
        for (std::size_t offset = 0; offset <= expected.size(); ) {
            const std::size_t length = 1 + world.pick(12);
            const std::string parameters = fmt::format(
                R"({{"query":"{}","distinct":{},"offset":{},"length":{}}})", text, most, offset, length);
            const Selected selected = run(world.sample, parameters, visitor, &cache);
            REQUIRE(selected.count == expected.size());
            std::vector<Ordinal> wanted;
            for (std::size_t i = offset; i < std::min(offset + length, expected.size()); ++i)
                wanted.insert(wanted.end(), expected[i].begin(), expected[i].end());
            REQUIRE(ordinals_of(selected) == wanted);
            for (std::size_t i = 1; i < selected.hits.size(); ++i) {
                const std::uint32_t place = selected.hits[i].distinct_place;
                REQUIRE((place == 0 || place == selected.hits[i - 1].distinct_place + 1));
            }
            // Explained, each hit comes from the whole order: it must be the same one, with the same numbers.
            const Selected explained = run(world.sample, parameters.substr(0, parameters.size() - 1) + R"(,"getRankingInfo":true})", visitor);
            REQUIRE(ordinals_of(explained) == wanted);
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                REQUIRE(explained.hits[i].score == selected.hits[i].score);
                REQUIRE(explained.hits[i].ranking_score == selected.hits[i].ranking_score);
                REQUIRE(explained.hits[i].relevance_key == selected.hits[i].relevance_key);
                REQUIRE(explained.hits[i].filters_score == selected.hits[i].filters_score);
            }
            offset += length;
        }
        // A visitor without weight changes nothing.
        TableBoost none(world.scores, 0);
        const std::string page = fmt::format(R"({{"query":"{}","distinct":{},"hitsPerPage":30}})", text, most);
        REQUIRE(ordinals_of(run(world.sample, page, &none)) == ordinals_of(run(world.sample, page)));
    }
}

TEST_CASE("counts after distinct are the naive ones, whoever asks") {
    for (std::uint32_t seed = 500; seed < 540; ++seed) {
        World world(seed);
        const auto grouping = Grouping::of(world.sample.snapshot());
        const Selected whole = run(world.sample, R"({"query":"trail","hitsPerPage":1000})");
        if (whole.hits.size() != whole.count) continue;  // one of the few large worlds
        std::map<std::string, std::uint32_t> expected;
        for (const auto& group : naive_groups(*grouping, ordinals_of(whole), 1))
            ++expected[std::string(object_of(world.sample.record(group.front())).at("color").as_string())];
        TableBoost boost(world.scores, 80);
        for (Boost* visitor : {static_cast<Boost*>(nullptr), static_cast<Boost*>(&boost)}) {
            const Selected selected = run(world.sample, R"({"query":"trail","facets":["color"],"distinct":3})", visitor);
            REQUIRE(counts(world.sample, selected, "color") == expected);
        }
    }
}

}  // namespace
}  // namespace penchant::testing
