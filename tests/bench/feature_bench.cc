// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each part of a query costs: the same queries with and without typos, optional words, places, relevance, on one
// snapshot in memory.
//
//     feature_bench [records = 200000] [queries = 200]
//
// Prints one line a row: mean and p99 of the fastest of three passes in microseconds of processor time of this thread
// (so that what else runs on the machine is not counted), the ratio of the means to the same queries without the feature,
// and the mean number of matches. The first pass builds the lists of prefixes and alternatives; what it costs is `first`.
#include "engine/selection.h"
#include "index/snapshot.h"
#include "tests/bench/generator.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace penchant::bench {
namespace {

constexpr std::uint64_t seed = 42;
constexpr int passes = 3;

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

boost::json::object settings_of(boost::json::array ranking) {
    boost::json::object settings{{"searchableAttributes", {"title", "description"}},
                                 {"attributesForFaceting", {"brand"}},
                                 {"customRanking", {"desc(popularity)"}}};
    if (!ranking.empty()) settings["ranking"] = std::move(ranking);
    return settings;
}

struct Row {
    double mean = 0;
    double p99 = 0;
    double first = 0;
    double matches = 0;
};

using Change = std::function<void(Query&)>;

Row measure(const Snapshot& snapshot, const std::vector<std::string>& texts, const boost::json::object& parameters,
            const Change& change) {
    std::vector<double> fastest(texts.size(), 1e18);
    Row row;
    for (int pass = 0; pass <= passes; ++pass) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            boost::json::object all = parameters;
            all["query"] = texts[i];
            Query query = value_or_fail(parse_query(all, *snapshot.settings));
            change(query);
            const double begin = microseconds_used();
            const Selection selection = value_or_fail(Selection::prepare(snapshot, query));
            const Selected selected = selection.run("bench", nullptr, nullptr);
            const double time = microseconds_used() - begin;
            if (pass == 0) row.first += time;
            else fastest[i] = std::min(fastest[i], time);
            if (pass == 1) row.matches += static_cast<double>(selected.count);
        }
    }
    const auto count = static_cast<double>(texts.size());
    for (const double time : fastest) row.mean += time / count;
    std::sort(fastest.begin(), fastest.end());
    row.p99 = fastest[static_cast<std::size_t>(0.99 * (count - 1))];
    row.first /= count;
    row.matches /= count;
    return row;
}

void print(const char* name, const Row& row, const Row& without) {
    fmt::print("{:<44} mean {:>9.1f}  p99 {:>9.1f}  first {:>10.1f}  ratio {:>6.2f}  matches {:>9.1f}\n", name, row.mean,
               row.p99, row.first, row.mean / without.mean, row.matches);
    std::fflush(stdout);
}

// Two letters in the middle change places.
std::string with_typo(std::string text) {
    const std::size_t at = text.size() / 2;
    if (text.size() > 3) std::swap(text[at - 1], text[at]);
    return text;
}

int run(std::uint32_t records, std::size_t queries) {
    const auto plain = std::make_shared<const Settings>(value_or_fail(Settings().merged(settings_of({}))));
    const auto by_relevance =
        std::make_shared<const Settings>(value_or_fail(Settings().merged(settings_of({"typo", "words", "relevance", "custom"}))));
    std::map<std::pair<std::string, std::string>, FacetValueId> ids;
    SnapshotBuilder builder(plain, [&](std::string_view path, std::string_view value) {
        return ids.emplace(std::pair(std::string(path), std::string(value)), static_cast<FacetValueId>(ids.size() + 1)).first->second;
    });
    AttributeTable attributes;
    Analyser analyser(*plain, attributes);
    Generator generator{seed};
    std::mt19937_64 random{seed};
    const auto between = [&](double low, double high) { return low + static_cast<double>(random() >> 11U) * 0x1.0p-53 * (high - low); };
    std::vector<Product> sample;
    for (std::uint32_t i = 0; i < records; ++i) {
        const Product product = generator.next();
        std::string json = product.json();
        json.pop_back();
        // Shops of one country, and one in ten anywhere.
        json += i % 10 == 0 ? fmt::format(R"(,"_geoloc":{{"lat":{:.5f},"lng":{:.5f}}}}})", between(-60, 70), between(-180, 180))
                            : fmt::format(R"(,"_geoloc":{{"lat":{:.5f},"lng":{:.5f}}}}})", between(43, 51), between(-4, 8));
        builder.add(i + 1, analyser.analyse(value_or_fail(parse_json(json))));
        if (sample.size() < 20'000) sample.push_back(product);
    }
    const auto snapshot = builder.publish(attributes);
    (void)builder.change_settings(by_relevance);
    const auto snapshot_by_relevance = builder.publish(attributes);

    std::map<std::string, std::vector<std::string>> sets;
    for (QuerySet& set : query_sets(sample, queries, seed + 1)) sets[set.name] = std::move(set.queries);
    std::vector<std::string> misspelt;
    for (const std::string& text : sets["q1"]) misspelt.push_back(with_typo(text));
    std::vector<std::string> letters;
    for (std::size_t i = 0; i < sets["p1"].size(); i += 2) letters.push_back(sets["p1"][i]);
    const std::vector<std::string> empty(std::min<std::size_t>(queries, 20));

    const Change as_is = [](Query&) {};
    const boost::json::object no_typos{{"typoTolerance", false}};
    const boost::json::object whole{{"queryType", "prefixNone"}, {"typoTolerance", false}};
    const auto pair = [&](const char* name, const std::vector<std::string>& texts, const boost::json::object& without,
                          const boost::json::object& with, const Change& change) {
        const Row base = measure(*snapshot, texts, without, as_is);
        print(fmt::format("{}, without", name).c_str(), base, base);
        print(name, measure(*snapshot, texts, with, change), base);
    };
    pair("one word, typos", sets["q1"], no_typos, {}, as_is);
    pair("one misspelt word, typos", misspelt, no_typos, {}, as_is);
    pair("three words, typos", sets["q3"], no_typos, {}, as_is);
    pair("one-letter prefixes, typos", letters, no_typos, {}, as_is);
    pair("two-letter prefixes, typos", sets["p2"], no_typos, {}, as_is);
    pair("three-letter prefixes, typos", sets["p3"], no_typos, {}, as_is);
    const Row three = measure(*snapshot, sets["q3"], whole, as_is);
    const Row optional = [&] {
        Row all;
        for (const std::string& text : sets["q3"]) {
            boost::json::object parameters = whole;
            parameters["optionalWords"] = text;
            const Row one = measure(*snapshot, {text}, parameters, as_is);
            all.mean += one.mean / static_cast<double>(sets["q3"].size());
            all.first += one.first / static_cast<double>(sets["q3"].size());
            all.p99 = std::max(all.p99, one.p99);
            all.matches += one.matches / static_cast<double>(sets["q3"].size());
        }
        return all;
    }();
    print("three words, optional (p99: worst)", optional, three);

    const auto around = [](std::optional<std::uint32_t> radius, bool all) {
        return [=](Query& query) {
            query.geo.around = GeoPoint{48.8566, 2.3522};
            query.geo.radius_metres = radius;
            query.geo.radius_all = all;
        };
    };
    const Change box = [](Query& query) { query.geo.boxes = {{{49, 3}, {48, 2}}}; };
    const Change polygon = [](Query& query) {
        query.geo.polygons.emplace_back();
        for (int i = 0; i < 100; ++i)
            query.geo.polygons.back().push_back({48.5 + std::sin(i * 0.0628) * 0.5, 2.5 + std::cos(i * 0.0628) * 0.5});
    };
    for (const auto& [name, texts] : {std::pair<const char*, const std::vector<std::string>&>{"everything", empty},
                                      {"one-letter prefixes", letters}, {"one word", sets["q1"]}}) {
        const Row base = measure(*snapshot, texts, no_typos, as_is);
        print(name, base, base);
        print(fmt::format("{}, within 50 km", name).c_str(), measure(*snapshot, texts, no_typos, around(50'000, false)), base);
        print(fmt::format("{}, around all", name).c_str(), measure(*snapshot, texts, no_typos, around({}, true)), base);
        print(fmt::format("{}, automatic radius", name).c_str(), measure(*snapshot, texts, no_typos, around({}, false)), base);
        print(fmt::format("{}, in a box", name).c_str(), measure(*snapshot, texts, no_typos, box), base);
        print(fmt::format("{}, in a polygon of 100", name).c_str(), measure(*snapshot, texts, no_typos, polygon), base);
    }
    for (const char* set : {"q1", "q2", "q3", "p1", "p3"}) {
        const Row base = measure(*snapshot, sets[set], no_typos, as_is);
        print(fmt::format("relevance, {}", set).c_str(), measure(*snapshot_by_relevance, sets[set], no_typos, as_is), base);
    }
    return 0;
}

}  // namespace
}  // namespace penchant::bench

int main(int argc, char** argv) {
    const std::uint32_t records = argc > 1 ? static_cast<std::uint32_t>(std::stoul(argv[1])) : 200'000U;
    const std::size_t queries = argc > 2 ? std::stoul(argv[2]) : 200U;
    return penchant::bench::run(records, std::max<std::size_t>(queries, 1));
}
