// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever may stand for a word, at whatever price: matches, criteria and order agree with the naive model. The queries'
// alternatives are made up here, so this does not depend on which ones a text is given (engine/expansion.h).
#include "engine/matcher.h"

#include "tests/engine/world.h"

namespace penchant::testing {
namespace {

class Words {
public:
    explicit Words(World& world) : world_(world) {}

    TextQuery text() {
        TextQuery text;
        const std::size_t kind = world_.pick(4);  // which words are optional: none, all, or some
        const std::size_t count = world_.pick(6);
        for (std::size_t i = 0; i < count; ++i) {
            text.words.push_back(word());
            text.words.back().optional = kind == 1 || (kind == 2 && world_.chance(50));
        }
        if (world_.chance(20)) text.excluded.push_back(word());
        return text;
    }

private:
    std::string any() { return vocabulary[world_.pick(std::size(vocabulary))]; }

    Alternative alternative(std::uint8_t typos) {
        Alternative alternative;
        alternative.words = {any()};
        while (world_.chance(20)) alternative.words.push_back(any());
        alternative.prefix = world_.chance(30);
        std::string& last = alternative.words.back();
        if (alternative.prefix) last.resize(1 + world_.pick(last.size()));
        alternative.typos = typos;
        alternative.exact = typos == 0 && world_.chance(50);
        alternative.distance_max = static_cast<std::uint8_t>(world_.chance(70) ? 1 : 3);
        return alternative;
    }

    QueryWord word() {
        QueryWord word;
        Alternative typed;
        typed.words = {any()};
        if (world_.chance(15)) {
            typed.words.push_back(any());
            if (world_.chance(30)) typed.words.push_back(any());
            word.phrase = true;
            word.typed_words = static_cast<std::uint32_t>(typed.words.size());
        } else if (world_.chance(40)) {
            typed.prefix = true;
            typed.words.front().resize(1 + world_.pick(typed.words.front().size()));
        }
        word.alternatives.push_back({typed});
        if (word.phrase) return word;
        std::uint8_t typos = 0;
        while (world_.chance(50)) {
            typos = static_cast<std::uint8_t>(std::min<std::size_t>(typos + world_.pick(2), alternative_typos_max));
            word.alternatives.push_back({alternative(typos)});
        }
        return word;
    }

    World& world_;
};

TEST_CASE("words with alternatives, phrases, optional and excluded words, and places agree with the naive model") {
    constexpr TypoTolerance modes[] = {TypoTolerance::on, TypoTolerance::on, TypoTolerance::min, TypoTolerance::strict};
    for (std::uint32_t seed = 5000; seed < 5280; ++seed) {
        World world(seed);
        Words words(world);
        const Snapshot& snapshot = world.sample().snapshot();
        for (int round = 0; round < 12; ++round) {
            const std::string parameters = world.parameters(false);
            Query query = world.sample().query(parameters);
            const TextQuery text = words.text();
            query.geo = world.geo();
            query.words.typo_tolerance = modes[world.pick(std::size(modes))];
            query.words.attribute_criteria_computed_by_min_proximity = world.chance(30);
            if (world.chance(30)) query.words.disable_typo_tolerance_on_attributes = {"tags"};
            if (world.chance(20)) query.words.disable_exact_on_attributes = {"title"};
            if (world.chance(10)) query.similar_query = "x";
            INFO("seed " << seed << " round " << round << " " << parameters << " words " << text.normalized());
            const AttributeRules rules =
                attribute_rules(*snapshot.settings, query.words, *snapshot.attributes, query.restrict_searchable_attributes);
            const Filter filter(parse_query_filters(query).value(), snapshot, query.sum_or_filters_scores);
            const GeoFilter geo(query.geo, snapshot);
            const Matcher matcher(snapshot, text, rules, filter, geo,
                                  {.exact_on_single_word = query.words.exact_on_single_word_query,
                                   .min_proximity = query.words.min_proximity,
                                   .attribute_by_min_proximity = query.words.attribute_criteria_computed_by_min_proximity,
                                   .typo_tolerance = query.words.typo_tolerance,
                                   .words_first = !query.similar_query.empty()});
            Matches matches;
            matcher.run(matches);
            const auto expected = world.naive().search(query, text);
            REQUIRE(matches.ordinals.size() == expected.size());
            REQUIRE(matches.automatic_radius_metres.has_value() == geo.automatic());
            const auto custom = matcher.layout().custom() ? snapshot.columns.custom_rank() : std::span<const std::uint32_t>{};
            const auto hits = rank_plain(matches, custom, {0, 1000});
            for (std::size_t i = 0; i < hits.size(); ++i) {
                INFO("hit " << i);
                const NaiveModel::Hit& naive = expected[i];
                REQUIRE(world.record_of(hits[i].ordinal) == naive.record);
                const MatchDetails details = matcher.describe(hits[i].ordinal);
                REQUIRE(details.typos == naive.typos);
                REQUIRE(details.words == naive.words);
                REQUIRE(details.exact_words == naive.exact);
                REQUIRE(details.proximity == naive.proximity);
                REQUIRE(details.attribute == naive.attribute);
                REQUIRE(details.filters == naive.filters);
                REQUIRE(details.relevance == naive.relevance_step);
                REQUIRE(details.point.has_value() == (naive.metres < 1e299));
                if (details.point) REQUIRE(std::abs(details.geo_metres - naive.metres) <= 0.51);
            }
        }
    }
}

}  // namespace
}  // namespace penchant::testing
