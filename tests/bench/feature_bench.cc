// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each part of a query costs: the same queries with and without typos, optional words, places, groups, rules, relevance,
// on one snapshot in memory.
//
//     feature_bench [records = 200000] [queries = 200] [part of a row's name]
//
// Prints one line a row: mean and p99 of the fastest of three passes in microseconds of processor time of this thread
// (so that what else runs on the machine is not counted), from the parameters as JSON to the ranked page, without a cache and
// without records; the ratio of the means to the same queries without the feature; and the mean number of matches. The
// first pass builds the lists of prefixes and alternatives; what it costs is `first`.
#include "engine/rules_cache.h"
#include "engine/selection.h"
#include "engine/synonyms_cache.h"
#include "index/curations.h"
#include "index/json_text.h"
#include "index/snapshot.h"
#include "tests/bench/generator.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace penchant::bench {
namespace {

namespace json = boost::json;

constexpr std::uint64_t seed = 42;
constexpr int passes = 3;
constexpr std::uint32_t family_records = 5;  // the mean
constexpr std::size_t rules_count = 1'000;
constexpr std::string_view view_name = "by_price";

double microseconds_used() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <class T>
T value_or_fail(Result<T> result) {
    if (result) return std::move(*result);
    fmt::print(stderr, "feature_bench: {}\n", result.error().what);
    std::exit(1);
}

Settings settings_of(json::array ranking) {
    json::object settings{{"searchableAttributes", {"title", "description"}},
                          {"attributesForFaceting", {"brand"}},
                          {"attributeForDistinct", "family"},
                          {"customRanking", {"desc(popularity)"}}};
    if (!ranking.empty()) settings["ranking"] = std::move(ranking);
    return value_or_fail(Settings().merged(settings));
}

struct Row {
    double mean = 0;
    double p99 = 0;
    double first = 0;
    double matches = 0;
};

using Queries = std::vector<json::object>;

// One index and what a search service keeps of it.
class Searcher {
public:
    explicit Searcher(std::shared_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

    // As a search service does it, but for records, visitors and the cache of candidates.
    [[nodiscard]] std::uint64_t search(const json::object& parameters) {
        const Snapshot& snapshot = *snapshot_;
        WordKnowledge knowledge;
        knowledge.synonyms = synonyms_.of(snapshot);
        const auto compiled = rules_.of(snapshot);
        const FindObject look_up = [&](std::string_view id) -> Result<std::optional<Ordinal>> {
            return static_cast<Ordinal>(std::stoul(std::string(id)));
        };
        const RuledQuery ruled = value_or_fail(ruled_query(
            parameters, snapshot, {}, compiled->rules, words_alike(snapshot, knowledge), 0,
            [&](std::string_view id) { return compiled->places.find(snapshot.generation, id, look_up); }));
        Selection selection = value_or_fail(Selection::prepare(snapshot, ruled.query, knowledge));
        selection.pin(ruled.pins);
        return selection.run("bench", nullptr, nullptr).count;
    }

    [[nodiscard]] Row measure(const Queries& queries) {
        std::vector<double> fastest(queries.size(), 1e18);
        Row row;
        const auto count = static_cast<double>(queries.size());
        for (int pass = 0; pass <= passes; ++pass) {
            for (std::size_t i = 0; i < queries.size(); ++i) {
                const double begin = microseconds_used();
                const std::uint64_t found = search(queries[i]);
                const double time = microseconds_used() - begin;
                if (pass == 0) row.first += time / count;
                else fastest[i] = std::min(fastest[i], time);
                if (pass == 0) row.matches += static_cast<double>(found) / count;
            }
        }
        for (const double time : fastest) row.mean += time / count;
        std::sort(fastest.begin(), fastest.end());
        row.p99 = fastest[static_cast<std::size_t>(0.99 * (count - 1))];
        return row;
    }

private:
    std::shared_ptr<const Snapshot> snapshot_;
    SynonymsCache synonyms_;
    RulesCache rules_;
};

// -- Indices -----------------------------------------------------------------------------------------------------------

struct Indices {
    std::vector<Product> sample;  // of the records
    std::shared_ptr<const Snapshot> plain;
    std::shared_ptr<const Snapshot> by_price;  // a virtual replica
    std::shared_ptr<const Snapshot> by_relevance;
    std::function<std::shared_ptr<const Snapshot>(Curations)> with;
};

std::shared_ptr<const std::string> text_of(json::object object) { return std::make_shared<const std::string>(json_text(object)); }

Indices make_indices(std::uint32_t records) {
    Indices indices;
    Settings primary = settings_of({});
    const auto price = std::make_shared<const Settings>(
        value_or_fail(Settings().merged({{"customRanking", {"asc(price)"}}, {"relevancyStrictness", 50}})));
    primary.views.push_back({std::string(view_name), price});
    const auto plain = std::make_shared<const Settings>(std::move(primary));
    const auto ids = std::make_shared<std::map<std::pair<std::string, std::string>, FacetValueId>>();
    const auto builder = std::make_shared<SnapshotBuilder>(plain, [ids](std::string_view path, std::string_view value) {
        return ids->emplace(std::pair(std::string(path), std::string(value)), static_cast<FacetValueId>(ids->size() + 1)).first->second;
    });
    const auto attributes = std::make_shared<AttributeTable>();
    Analyser analyser(*plain, *attributes);
    Generator generator{seed};
    std::mt19937_64 random{seed};
    const auto between = [&](double low, double high) { return low + static_cast<double>(random() >> 11U) * 0x1.0p-53 * (high - low); };
    for (std::uint32_t i = 0; i < records; ++i) {
        const Product product = generator.next();
        std::string text = product.json();
        text.pop_back();
        text += fmt::format(R"(,"family":"f{}")", random() % std::max(1U, records / family_records));
        // Shops of one country, and one in ten anywhere.
        text += i % 10 == 0 ? fmt::format(R"(,"_geoloc":{{"lat":{:.5f},"lng":{:.5f}}}}})", between(-60, 70), between(-180, 180))
                            : fmt::format(R"(,"_geoloc":{{"lat":{:.5f},"lng":{:.5f}}}}})", between(43, 51), between(-4, 8));
        builder->add(i + 1, analyser.analyse(value_or_fail(parse_json(text))));
        if (indices.sample.size() < 20'000) indices.sample.push_back(product);
    }
    indices.plain = builder->publish(*attributes);
    indices.by_price = indices.plain->through(view_name, *indices.plain);
    indices.with = [builder, attributes](Curations curations) {
        builder->change_curations(std::make_shared<const Curations>(std::move(curations)));
        return builder->publish(*attributes);
    };
    (void)builder->change_settings(std::make_shared<const Settings>(settings_of({"typo", "words", "relevance", "custom"})));
    indices.by_relevance = builder->publish(*attributes);
    (void)builder->change_settings(plain);
    return indices;
}

// A rule for each of the first half of the texts, and as many others as make it a thousand.
Curations rules_for(const std::vector<std::string>& texts, std::uint32_t records, bool alternatives, json::object consequence) {
    Curations curations;
    std::mt19937_64 random{seed + 5};
    for (std::size_t i = 0; i < rules_count; ++i) {
        const bool matches = i < texts.size() / 2;
        const std::string pattern = matches ? texts[i]
                                            : word_text(static_cast<std::uint32_t>(random() % vocabulary_words)) + " " +
                                                  word_text(static_cast<std::uint32_t>(random() % vocabulary_words));
        json::array promoted;
        for (int p = 0; p < 5; ++p)
            promoted.push_back({{"objectID", std::to_string(random() % records)}, {"position", p}});
        json::object wanted = consequence;
        if (wanted.erase("promote") != 0) wanted["promote"] = std::move(promoted);
        const std::string id = fmt::format("rule-{}", i);
        curations.rules[id] = text_of({{"objectID", id},
                                       {"conditions", json::array{json::object{{"pattern", pattern},
                                                                               {"anchoring", "contains"},
                                                                               {"alternatives", alternatives}}}},
                                       {"consequence", std::move(wanted)}});
    }
    return curations;
}

// A thousand groups of three words; the first word of each text has one.
Curations synonyms_for(const std::vector<std::string>& texts) {
    Curations curations;
    std::mt19937_64 random{seed + 6};
    const auto any_word = [&] { return word_text(static_cast<std::uint32_t>(random() % 2'000)); };
    for (std::size_t i = 0; i < 1'000; ++i) {
        const std::string word = i < texts.size() ? texts[i].substr(0, texts[i].find(' ')) : any_word();
        const std::string id = fmt::format("synonym-{}", i);
        curations.synonyms[id] = text_of({{"objectID", id}, {"type", "synonym"}, {"synonyms", {word, any_word(), any_word()}}});
    }
    return curations;
}

// -- Queries -----------------------------------------------------------------------------------------------------------

Queries queries_of(const std::vector<std::string>& texts, const json::object& parameters) {
    Queries queries;
    for (const std::string& text : texts) {
        queries.push_back(parameters);
        queries.back()["query"] = text;
    }
    return queries;
}

// Behind the second letter, by turns: a letter is missing, two have changed places, another one stands there.
std::string with_typo(std::string text, std::size_t kind, std::size_t at) {
    if (kind % 3 == 0) text.erase(at, 1);
    else if (kind % 3 == 1) std::swap(text[at], text[at + 1]);
    else text[at] = text[at] == 'y' ? 'z' : 'y';
    return text;
}

void print(std::string_view name, const Row& row, const Row& without) {
    fmt::print("{:<50} mean {:>9.1f}  p99 {:>9.1f}  first {:>10.1f}  ratio {:>6.2f}  matches {:>9.1f}\n", name, row.mean,
               row.p99, row.first, row.mean / without.mean, row.matches);
    std::fflush(stdout);
}

class Bench {
public:
    Bench(Indices indices, std::uint32_t records, std::size_t queries, std::string only)
        : indices_(std::move(indices)), plain_(indices_.plain), records_(records), only_(std::move(only)) {
        for (QuerySet& set : query_sets(indices_.sample, queries, seed + 1)) sets_[set.name] = std::move(set.queries);
        for (std::size_t i = 0; i < sets_["p1"].size(); i += 2) sets_["letters"].push_back(sets_["p1"][i]);
        sets_["everything"].resize(std::min<std::size_t>(queries, 20));
    }

    void typos();
    void words();
    void places();
    void groups();
    void rules();
    void orders();

private:
    [[nodiscard]] bool wanted(std::string_view name) const { return name.find(only_) != std::string_view::npos; }
    // The row of the queries without the feature, measured when a row needs it.
    void compare(const std::string& name, Searcher& searcher, const Queries& with, Searcher& base, const Queries& without) {
        if (!wanted(name)) return;
        const Row other = base.measure(without);
        if (const std::string same = json_text(json::array(without.begin(), without.end())); same != last_base_) {
            print(fmt::format("-- {}: without", name), other, other);
            last_base_ = same;
        }
        print(name, searcher.measure(with), other);
    }
    void compare(const std::string& name, const Queries& with, const Queries& without) {
        compare(name, plain_, with, plain_, without);
    }

    Indices indices_;
    Searcher plain_;
    std::uint32_t records_;
    std::string only_;
    std::string last_base_;
    std::map<std::string, std::vector<std::string>> sets_;
    const json::object exact_{{"typoTolerance", false}};
    const json::object whole_{{"typoTolerance", false}, {"queryType", "prefixNone"}};
};

void Bench::typos() {
    const json::object none;
    for (const auto& [name, set] : {std::pair("one word, typo tolerance", "q1"), {"two words, typo tolerance", "q2"},
                                    {"three words, typo tolerance", "q3"}, {"one-letter prefixes, typo tolerance", "letters"},
                                    {"two-letter prefixes, typo tolerance", "p2"}, {"three-letter prefixes, typo tolerance", "p3"}})
        compare(name, queries_of(sets_[set], none), queries_of(sets_[set], exact_));

    std::vector<std::string> right, one, right_long, two, three_words;
    for (std::size_t i = 0; i < sets_["q1"].size(); ++i) {
        const std::string& word = sets_["q1"][i];
        right.push_back(word);
        one.push_back(with_typo(word, i, 2 + i % 2));
        if (word.size() < 8) continue;
        right_long.push_back(word);
        two.push_back(with_typo(with_typo(word, i, 5), i + 1, 2));
    }
    for (std::size_t i = 0; i < sets_["q3"].size(); ++i) {
        std::string text = sets_["q3"][i];
        const std::size_t second = text.find(' ') + 1;
        three_words.push_back(with_typo(text, i, second + 2));
    }
    compare("a word with one typo", queries_of(one, none), queries_of(right, none));
    compare("a word with one typo, typoTolerance false", queries_of(one, exact_), queries_of(right, none));
    compare("a long word with two typos", queries_of(two, none), queries_of(right_long, none));
    compare("three words, one with a typo", queries_of(three_words, none), queries_of(sets_["q3"], none));
}

void Bench::words() {
    compare("three words / one word", queries_of(sets_["q3"], whole_), queries_of(sets_["q1"], whole_));
    compare("one-letter prefixes / three letters", queries_of(sets_["letters"], exact_), queries_of(sets_["p3"], exact_));
    Queries optional = queries_of(sets_["q3"], whole_);
    for (json::object& query : optional) query["optionalWords"] = query["query"];
    compare("three words, all optional", optional, queries_of(sets_["q3"], whole_));
    std::vector<std::string> with_unknown;
    for (const std::string& text : sets_["q2"]) with_unknown.push_back(text + " qqxxyyzz");
    for (const char* how : {"lastWords", "firstWords", "allOptional"}) {
        json::object parameters = whole_;
        parameters["removeWordsIfNoResults"] = how;
        compare(fmt::format("two words and an unknown one, {}", how), queries_of(with_unknown, parameters), queries_of(sets_["q2"], whole_));
    }
    Searcher with_synonyms(indices_.with(synonyms_for(sets_["q1"])));
    compare("one word, synonyms", with_synonyms, queries_of(sets_["q1"], exact_), plain_, queries_of(sets_["q1"], exact_));
    compare("three words, synonyms", with_synonyms, queries_of(sets_["q3"], exact_), plain_, queries_of(sets_["q3"], exact_));
}

void Bench::places() {
    const auto with = [&](const json::object& more) {
        json::object parameters = exact_;
        for (const auto& [name, value] : more) parameters[name] = value;
        return parameters;
    };
    const auto around = [&](json::object more) {
        more["aroundLatLng"] = "48.8566,2.3522";
        return with(more);
    };
    const auto polygon_of = [](std::size_t points, auto&& point) {
        json::array polygon;
        for (std::size_t i = 0; i < points; ++i) {
            const auto [latitude, longitude] = point(static_cast<double>(i));
            polygon.push_back(latitude);
            polygon.push_back(longitude);
        }
        return polygon;
    };
    const json::array circle = polygon_of(100, [](double i) {
        return std::pair(48.5 + std::sin(i * 0.0628) * 0.5, 2.5 + std::cos(i * 0.0628) * 0.5);
    });
    // Up and down all the way: every edge lies at the height of nearly every record.
    const json::array teeth = polygon_of(10'000, [](double i) {
        const double down = std::fmod(i, 2);
        return std::pair(43 + down * 8 + std::fmod(i * 0.37, 0.5), -4 + i * 0.0012);
    });
    for (const auto& [name, set] : {std::pair("everything", "everything"), {"one-letter prefixes", "letters"}, {"one word", "q1"}}) {
        const Queries base = queries_of(sets_[set], exact_);
        const auto row = [&](std::string_view what, const json::object& parameters) {
            compare(fmt::format("{}, {}", name, what), queries_of(sets_[set], parameters), base);
        };
        row("within 50 km", around({{"aroundRadius", 50'000}}));
        row("around all", around({{"aroundRadius", "all"}}));
        row("automatic radius", around({}));
        row("in a box", with({{"insideBoundingBox", {{49, 3, 48, 2}}}}));
        row("in a polygon of 100", with({{"insidePolygon", json::array{circle}}}));
        row("in a zigzag of 10,000", with({{"insidePolygon", json::array{teeth}}}));
    }
}

void Bench::groups() {
    for (const auto& [name, set] : {std::pair("everything", "everything"), {"one-letter prefixes", "letters"}, {"one word", "q1"}}) {
        const auto with = [&](json::object more) {
            more["typoTolerance"] = false;
            return queries_of(sets_[set], more);
        };
        compare(fmt::format("{}, distinct 1", name), with({{"distinct", 1}}), with({}));
        compare(fmt::format("{}, distinct 3", name), with({{"distinct", 3}}), with({}));
        compare(fmt::format("{}, distinct 1, page 20", name), with({{"distinct", 1}, {"page", 20}}), with({{"page", 20}}));
        compare(fmt::format("{}, distinct 1, facet", name), with({{"distinct", 1}, {"facets", {"brand"}}}), with({{"facets", {"brand"}}}));
        compare(fmt::format("{}, facetingAfterDistinct", name),
                with({{"distinct", 1}, {"facets", {"brand"}}, {"facetingAfterDistinct", true}}), with({{"facets", {"brand"}}}));
    }
}

void Bench::rules() {
    const std::vector<std::string> nothing;
    const json::object promote{{"promote", true}};
    const json::object filter{{"promote", true}, {"params", {{"filters", "brand:\"brand 1\" OR brand:\"brand 2\""}}}};
    const auto row = [&](const std::string& name, const std::vector<std::string>& matching, bool alternatives,
                         const json::object& consequence, const char* set) {
        if (!wanted(name)) return;
        Searcher ruled(indices_.with(rules_for(matching, records_, alternatives, consequence)));
        compare(name, ruled, queries_of(sets_[set], {}), plain_, queries_of(sets_[set], {}));
    };
    row("one word, 1,000 rules, none matches", nothing, false, promote, "q1");
    row("one word, rules promote 5 (half of the queries)", sets_["q1"], false, promote, "q1");
    row("one word, rules promote 5 and filter (half)", sets_["q1"], false, filter, "q1");
    row("one word, 1,000 rules with alternatives", sets_["q1"], true, promote, "q1");
    row("three words, 1,000 rules, none matches", nothing, false, promote, "q3");
    row("three words, rules promote 5 and filter (half)", sets_["q3"], false, filter, "q3");
    row("three words, 1,000 rules with alternatives", sets_["q3"], true, promote, "q3");
}

void Bench::orders() {
    Searcher by_relevance(indices_.by_relevance);
    Searcher by_price(indices_.by_price);
    for (const char* set : {"q1", "q2", "q3", "p1", "p3"})
        compare(fmt::format("relevance, {}", set), by_relevance, queries_of(sets_[set], exact_), plain_, queries_of(sets_[set], exact_));
    for (const char* set : {"everything", "q1", "q3", "letters"})
        compare(fmt::format("virtual replica, strictness 50, {}", set), by_price, queries_of(sets_[set], exact_), plain_,
                queries_of(sets_[set], exact_));
}

int run(std::uint32_t records, std::size_t queries, std::string only) {
    Bench bench(make_indices(records), records, queries, std::move(only));
    bench.typos();
    bench.words();
    bench.places();
    bench.groups();
    bench.rules();
    bench.orders();
    return 0;
}

}  // namespace
}  // namespace penchant::bench

int main(int argc, char** argv) {
    const std::uint32_t records = argc > 1 ? static_cast<std::uint32_t>(std::stoul(argv[1])) : 200'000U;
    const std::size_t queries = argc > 2 ? std::stoul(argv[2]) : 200U;
    return penchant::bench::run(records, std::max<std::size_t>(queries, 1), argc > 3 ? argv[3] : "");
}
