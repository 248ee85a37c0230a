// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random catalogs and queries against the naive model, and the five consequences of buckets and blend that no change
// may break: a module changes neither the set nor the count of hits nor any facet count; no hit crosses a bucket;
// without a module, a profile or an impact the order is the same to the byte; pages never overlap or skip; the
// explanation computes to the very number that sorted the hit.
#include "engine/selection.h"
#include "tests/engine/world.h"

#include <set>

namespace penchant::testing {
namespace {

Selection prepared(const World& world, const Snapshot& snapshot, const Query& query) {
    (void)world;
    auto selection = Selection::prepare(snapshot, query);
    if (selection.has_error()) FAIL(selection.error().what);
    return std::move(selection.value());
}

TEST_CASE("matching, filtering, faceting and ranking agree with the naive model") {
    for (std::uint32_t seed = 0; seed < 240; ++seed) {
        World world(seed);
        CandidateCache cache(1U << 22U);
        for (int round = 0; round < 12; ++round) {
            const std::string parameters = world.parameters();
            INFO("seed " << seed << " " << parameters);
            const Snapshot& snapshot = world.sample().snapshot();
            Query query = world.sample().query(parameters);
            query.geo = world.geo();
            const Selection selection = prepared(world, snapshot, query);
            const auto expected = world.naive().search(query, selection.text());
            cache.clear();
            // The second time comes from the cache and must be the same.
            for (int again = 0; again < 2; ++again) {
                const Selected selected = selection.run("shop", nullptr, &cache);
                REQUIRE(selected.from_cache == (again == 1));
                REQUIRE(selected.count == expected.size());
                const std::size_t from = std::min<std::size_t>(*query.offset, expected.size());
                const std::size_t to = std::min<std::size_t>(from + *query.length, expected.size());
                REQUIRE(selected.hits.size() == to - from);
                for (std::size_t i = from; i < to; ++i) {
                    const RankedHit& hit = selected.hits[i - from];
                    REQUIRE(world.record_of(hit.ordinal) == expected[i].record);
                    const MatchDetails details = selection.describe(hit.ordinal);
                    REQUIRE(details.proximity == expected[i].proximity);
                    REQUIRE(details.attribute == expected[i].attribute);
                    REQUIRE(details.exact_words == expected[i].exact);
                    REQUIRE(details.filters == expected[i].filters);
                }
                REQUIRE(selected.facets);
                for (const FacetTally& tally : *selected.facets) {
                    const std::string& path = snapshot.columns.facet_path(tally.attribute);
                    REQUIRE_FALSE(world.sample().settings().facet(path)->filter_only);
                    std::map<std::string, std::uint32_t> counts;
                    for (const auto& [value, count] : tally.counts)
                        counts[snapshot.columns.dictionary(tally.attribute).value(value).text] = count;
                    REQUIRE(counts == world.naive().facet(expected, path));
                }
            }
        }
    }
}

TEST_CASE("the blend orders every page as the naive model does, and explains itself") {
    for (std::uint32_t seed = 1000; seed < 1200; ++seed) {
        World world(seed);
        const Snapshot& snapshot = world.sample().snapshot();
        for (int round = 0; round < 8; ++round) {
            const std::string parameters = world.parameters();
            const auto scores = world.scores();
            const int impact = world.impact();
            INFO("seed " << seed << " impact " << impact << " " << parameters);
            const Query query = world.sample().query(parameters);
            const Selection selection = prepared(world, snapshot, query);
            TableBoost boost(scores, impact);
            const Selected selected = selection.run("shop", &boost, nullptr);
            const auto expected = world.naive().personalize(world.naive().search(query, selection.text()),
                                                            world.by_record(scores, 200), impact);
            REQUIRE(selected.count == expected.size());
            for (std::size_t i = 0; i < selected.hits.size(); ++i) {
                const RankedHit& hit = selected.hits[i];
                const NaiveModel::Hit& naive = expected[*query.offset + i];
                REQUIRE(world.record_of(hit.ordinal) == naive.record);
                if (!selected.personalized) continue;
                REQUIRE(hit.score == naive.blend);
                REQUIRE(hit.ranking_score == naive.ranking_score);
                REQUIRE(hit.bucket == naive.bucket);
                REQUIRE(hit.initial_position == naive.initial);
                REQUIRE(hit.new_position == *query.offset + i);
                // Anybody can compute it from the explanation.
                const double share = static_cast<double>(selected.impact) / 100;
                const double visitor = selected.score_max > 0 ? share * hit.filters_score / selected.score_max : 0.0;
                REQUIRE(visitor + (1 - share) * hit.ranking_score == hit.score);
            }
        }
    }
}

TEST_CASE("a module changes neither who is found, nor counts, nor buckets; impact 0 changes nothing") {
    for (std::uint32_t seed = 2000; seed < 2100; ++seed) {
        World world(seed);
        const Snapshot& snapshot = world.sample().snapshot();
        for (int round = 0; round < 6; ++round) {
            const Query query = world.sample().query(world.parameters(false));
            const Selection selection = prepared(world, snapshot, query);
            TableBoost strong(world.scores(), 100);
            TableBoost none(world.scores(), 0);
            TableBoost stranger(std::vector<float>(snapshot.columns.size()), 70);
            const Selected plain = selection.run("shop", nullptr, nullptr);
            const Selected boosted = selection.run("shop", &strong, nullptr);
            const Selected unweighted = selection.run("shop", &none, nullptr);
            const Selected unknown = selection.run("shop", &stranger, nullptr);

            const auto ordinals = [](const Selected& selected) {
                std::vector<Ordinal> all;
                for (const RankedHit& hit : selected.hits) all.push_back(hit.ordinal);
                return all;
            };
            REQUIRE(ordinals(plain) == ordinals(unweighted));
            REQUIRE_FALSE(unweighted.personalized);
            REQUIRE(ordinals(plain) == ordinals(unknown));
            REQUIRE(boosted.count == plain.count);
            const auto before = ordinals(plain);
            const auto after = ordinals(boosted);
            REQUIRE(std::set<Ordinal>(before.begin(), before.end()) == std::set<Ordinal>(after.begin(), after.end()));
            for (std::size_t i = 0; i < after.size(); ++i)
                REQUIRE(boosted.hits[i].relevance_key == plain.hits[i].relevance_key);
            REQUIRE(boosted.facets->size() == plain.facets->size());
            for (std::size_t f = 0; f < plain.facets->size(); ++f)
                REQUIRE((*boosted.facets)[f].counts == (*plain.facets)[f].counts);
        }
    }
}

TEST_CASE("pages never overlap and never skip, whatever their length") {
    for (std::uint32_t seed = 3000; seed < 3060; ++seed) {
        World world(seed);
        const Snapshot& snapshot = world.sample().snapshot();
        Query query = world.sample().query(world.parameters(false));
        const auto scores = world.scores();
        const int impact = world.impact();
        const auto page = [&](std::uint32_t offset, std::uint32_t length) {
            query.offset = offset;
            query.length = length;
            TableBoost boost(scores, impact);
            const Selection selection = prepared(world, snapshot, query);
            std::vector<Ordinal> ordinals;
            for (const RankedHit& hit : selection.run("shop", &boost, nullptr).hits) ordinals.push_back(hit.ordinal);
            return ordinals;
        };
        const std::vector<Ordinal> all = page(0, 1000);
        std::vector<Ordinal> joined;
        while (joined.size() < all.size()) {
            const auto next = page(static_cast<std::uint32_t>(joined.size()), static_cast<std::uint32_t>(1 + world.pick(9)));
            REQUIRE_FALSE(next.empty());
            joined.insert(joined.end(), next.begin(), next.end());
        }
        REQUIRE(joined == all);
    }
}

TEST_CASE("what is kept over commits of prices and facet values is what a search would find anew") {
    const std::vector<std::string> queries{
        R"({"query":"r","facets":["brand","color"]})", R"({"query":"run shoe","facets":["*"]})",
        R"({"query":"","facets":["brand","color"]})",  R"({"query":"blue","facets":["color"],"filters":"brand:Oxbow"})",
        R"({"query":"s","facets":["price"]})",         R"({"query":"tr","facets":["brand"],"distinct":true})",
        R"({"query":"t","facets":["color"],"hitsPerPage":3})"};
    for (std::uint32_t seed = 4000; seed < 4030; ++seed) {
        std::mt19937 random(seed);
        Sample sample(R"j({"searchableAttributes":["title"],"attributesForFaceting":["brand","color","price"],
                           "customRanking":["desc(popularity)"],"attributeForDistinct":"brand"})j");
        const auto record = [&](std::size_t number) {
            std::string json = fmt::format(R"({{"objectID":"{}","title":"{} {}","brand":"{}","popularity":{})", number,
                                           vocabulary[number % std::size(vocabulary)], vocabulary[number % 7 + 3],
                                           brands[random() % std::size(brands)], random() % 9);
            if (random() % 4 != 0) json += fmt::format(R"(,"color":["{}","{}"])", colors[random() % 3], colors[random() % 3]);
            if (random() % 3 != 0) json += fmt::format(R"(,"price":{})", random() % 20);
            return json + "}";
        };
        std::size_t count = 0;
        for (; count < 90; ++count) sample.add(record(count));
        sample.publish();
        CandidateCache cache(1U << 22U);
        bool columns_only = false;
        for (int commit = 0; commit < 25; ++commit) {
            std::size_t kept = 0;
            for (const std::string& parameters : queries) {
                INFO("seed " << seed << " commit " << commit << " " << parameters);
                const Query query = sample.query(parameters);
                const Selection selection = Selection::prepare(sample.snapshot(), query).value();
                const Selected anew = selection.run("shop", nullptr, nullptr);
                const Selected selected = selection.run("shop", nullptr, &cache);
                if (selected.from_cache) ++kept;
                REQUIRE(selected.count == anew.count);
                REQUIRE(selected.hits.size() == anew.hits.size());
                for (std::size_t i = 0; i < anew.hits.size(); ++i) REQUIRE(selected.hits[i].ordinal == anew.hits[i].ordinal);
                REQUIRE(selected.facets->size() == anew.facets->size());
                for (std::size_t f = 0; f < anew.facets->size(); ++f) {
                    const FacetTally& tally = (*selected.facets)[f];
                    const FacetTally& expected = (*anew.facets)[f];
                    REQUIRE(tally.attribute == expected.attribute);
                    REQUIRE(tally.counts == expected.counts);
                    REQUIRE(tally.statistics.has_value() == expected.statistics.has_value());
                    if (tally.statistics) REQUIRE(tally.statistics->sum == expected.statistics->sum);
                }
            }
            // A filter looks at columns; nothing else in these queries does.
            REQUIRE(kept == (columns_only ? queries.size() - 1 : 0));
            columns_only = random() % 5 != 0;
            if (!columns_only) {
                if (random() % 2 == 0) sample.add(record(count++));
                else sample.remove(static_cast<DocumentId>(1 + random() % count));
            }
            // A removed record is not updated any more: its document is unknown.
            for (std::size_t i = random() % 6 + (columns_only ? 1 : 0); i > 0; --i) {
                const std::size_t number = random() % count;
                sample.update_columns(static_cast<DocumentId>(number + 1), record(number));
            }
            if (!columns_only) sample.add(record(count++));
            sample.publish();
        }
    }
}

}  // namespace
}  // namespace penchant::testing
