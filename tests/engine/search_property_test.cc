// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random catalogs and queries against the naive model, and the five consequences of buckets and blend that no change
// may break: a module changes neither the set nor the count of hits nor any facet count; no hit crosses a bucket;
// without a module, a profile or an impact the order is the same to the byte; pages never overlap or skip; the
// explanation computes to the very number that sorted the hit.
#include "engine/selection.h"
#include "tests/engine/naive_model.h"
#include "tests/engine/sample.h"

#include <fmt/format.h>

#include <random>
#include <set>

namespace penchant::testing {
namespace {

constexpr const char* vocabulary[] = {"run", "runner", "running", "rust", "trail", "trailer", "shoe",
                                      "shoes", "blue", "bluebell", "a", "b2"};
constexpr const char* brands[] = {"Corvale", "corvale", "Oxbow", "Fell Top", "Ridge"};
constexpr const char* colors[] = {"red", "Blue", "green"};

constexpr const char* settings_variants[] = {
    R"j({"attributesForFaceting":["brand","color","filterOnly(season)"]})j",
    R"j({"searchableAttributes":["title","brand","tags"],"attributesForFaceting":["brand","color","season"],
        "customRanking":["desc(popularity)"]})j",
    R"j({"searchableAttributes":["title,brand","unordered(tags)"],"attributesForFaceting":["brand","color","season"],
        "customRanking":["desc(popularity)","asc(price)"],"disablePrefixOnAttributes":["brand"]})j",
    R"j({"searchableAttributes":["unordered(title)","tags"],"attributesForFaceting":["color","searchable(brand)"],
        "ranking":["desc(price)","typo","geo","words","filters","attribute","proximity","exact","custom"],
        "customRanking":["asc(popularity)"]})j",
    R"j({"searchableAttributes":["tags","title"],"attributesForFaceting":["brand","color"],
        "ranking":["exact","words","proximity","filters"],"customRanking":["desc(popularity)"],
        "disableExactOnAttributes":["tags"]})j",
    R"j({"searchableAttributes":["brand"],"attributesForFaceting":["color","brand"],
        "ranking":["filters","asc(price)","desc(popularity)","attribute","custom"],"customRanking":["desc(price)"]})j"};

constexpr const char* filter_variants[] = {
    R"j("filters":"brand:corvale")j",
    R"j("filters":"NOT brand:Oxbow AND price < 12.5")j",
    R"j("filters":"(color:red OR color:blue<score=3>) AND price:2 TO 14")j",
    R"j("filters":"color:RED<score=5> OR brand:\"Fell Top\"<score=2>","sumOrFiltersScores":true)j",
    R"j("facetFilters":[["color:red","color:blue"],"brand:-Oxbow"])j",
    R"j("numericFilters":["price>=3",["popularity=2","popularity!=3"]])j",
    R"j("tagFilters":[["new","sale"]])j",
    R"j("filters":"_tags:new OR price > 10")j",
    R"j("optionalFilters":["brand:Corvale<score=6>",["color:red<score=4>","color:blue<score=3>"],"brand:-Oxbow"])j",
    R"j("optionalFilters":["color:red","brand:ridge<score=2>"],"sumOrFiltersScores":true)j",
    R"j("facetFilters":"season:summer")j"};

class World {
public:
    explicit World(std::uint32_t seed)
        : random_(seed), sample_(settings_variants[seed % std::size(settings_variants)]), naive_(sample_.settings()) {
        const std::size_t count = 1 + pick(120);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string json = record(i);
            sample_.add(json);
            naive_.add(json);
            if (chance(20)) sample_.publish();  // segments of all sizes
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (!chance(10)) continue;
            sample_.remove(static_cast<DocumentId>(i + 1));
            naive_.remove(i);
        }
        sample_.publish();
    }

    std::string parameters(bool paged = true) {
        std::string text;
        for (std::size_t w = pick(4); w > 0; --w) {
            std::string word = vocabulary[pick(std::size(vocabulary))];
            if (chance(40)) word.resize(1 + pick(word.size()));
            text += (text.empty() ? "" : " ") + word;
        }
        std::string all = fmt::format(R"({{"query":"{}","facets":["*"])", text);
        if (paged) all += fmt::format(R"(,"offset":{},"length":{})", pick(30), pick(30));
        else all += R"(,"hitsPerPage":1000)";
        if (chance(60)) all += std::string(",") + filter_variants[pick(std::size(filter_variants))];
        if (chance(20)) all += R"(,"queryType":"prefixAll")";
        if (chance(20)) all += R"(,"queryType":"prefixNone")";
        if (chance(15)) all += R"(,"restrictSearchableAttributes":["title"])";
        if (chance(10)) all += R"(,"restrictSearchableAttributes":["tags","brand","nonsense"])";
        if (chance(20)) all += R"(,"minProximity":3)";
        if (chance(20)) all += R"(,"exactOnSingleWordQuery":"word")";
        if (chance(10)) all += R"(,"exactOnSingleWordQuery":"none")";
        return all + ",\"getRankingInfo\":true}";
    }

    std::vector<float> scores() {
        std::vector<float> scores(sample_.snapshot().columns.size());
        const std::size_t kind = pick(4);
        for (float& score : scores) {
            if (kind == 1) score = static_cast<float>(pick(3));
            if (kind == 2) score = static_cast<float>(pick(1000)) / 7.0F;
            if (kind == 3) score = static_cast<float>(pick(21)) - 10.0F;
        }
        return scores;
    }
    int impact() { return static_cast<int>(pick(11)) * 10; }

    // Folding may have renumbered records, so ordinals are mapped over document ids.
    [[nodiscard]] std::size_t record_of(Ordinal ordinal) const { return sample_.snapshot().document(ordinal) - 1; }
    [[nodiscard]] std::vector<float> by_record(const std::vector<float>& scores, std::size_t records) const {
        std::vector<float> result(records);
        for (Ordinal ordinal = 0; ordinal < scores.size(); ++ordinal) result[record_of(ordinal)] = scores[ordinal];
        return result;
    }

    std::size_t pick(std::size_t bound) { return random_() % bound; }
    bool chance(std::size_t percent) { return pick(100) < percent; }
    Sample& sample() { return sample_; }
    NaiveModel& naive() { return naive_; }

private:
    std::string record(std::size_t number) {
        std::string title;
        for (std::size_t w = pick(6); w > 0; --w)
            title += (title.empty() ? "" : " ") + std::string(vocabulary[pick(std::size(vocabulary))]);
        std::string json = fmt::format(R"({{"objectID":"{}","title":"{}")", number, title);
        if (chance(80)) json += fmt::format(R"(,"brand":"{}")", brands[pick(std::size(brands))]);
        if (chance(70))
            json += fmt::format(R"(,"color":["{}","{}"])", colors[pick(3)], colors[pick(3)]);
        if (chance(30)) json += fmt::format(R"(,"tags":["{}"])", vocabulary[pick(std::size(vocabulary))]);
        if (chance(30)) json += R"(,"season":"summer")";
        if (chance(30)) json += chance(50) ? R"(,"_tags":["new","x"])" : R"(,"_tags":"sale")";
        if (chance(80)) json += fmt::format(R"(,"price":{})", static_cast<double>(pick(40)) / 2);
        if (chance(80)) json += fmt::format(R"(,"popularity":{})", pick(5));
        return json + "}";
    }

    std::mt19937 random_;
    Sample sample_;
    NaiveModel naive_;
};

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
            const Query query = world.sample().query(parameters);
            const Selection selection = prepared(world, snapshot, query);
            const auto expected = world.naive().search(query);
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
            const auto expected = world.naive().personalize(world.naive().search(query),
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

}  // namespace
}  // namespace penchant::testing
