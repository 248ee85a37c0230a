// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search costs in the engine: one thread, a snapshot in memory, no records fetched, no HTTP.
//
//     search_bench [records = 1000000] [queries a set = 200]
//
// Query sets as in tests/bench/generator.h. Modes: plain top 20 with exact count; the same personalised by 20
// affinities; the same with six exact facets; and both again from the candidate cache. Means in microseconds of processor
// time (median of three rounds for each query), and ratios.
#include "engine/selection.h"
#include "index/analysis.h"
#include "index/record.h"
#include "tests/bench/generator.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <map>

using namespace penchant;

namespace {

double now_us() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// A visitor's affinities as one table over facet values.
class Affinities : public Boost {
public:
    Affinities(const Columns& columns, std::uint64_t seed) : columns_(&columns), table_(columns.flat_size()) {
        constexpr std::pair<const char*, int> shares[] = {{"brand", 8}, {"category", 5}, {"colour", 3},
                                                          {"size", 2},  {"price_band", 1}, {"rating", 1}};
        std::mt19937_64 random(seed);
        for (const auto& [path, count] : shares) {
            const auto attribute = columns.find_facet(path);
            if (!attribute) continue;
            attributes_.push_back(*attribute);
            for (int i = 0; i < count; ++i)
                table_[columns.flat_begin(*attribute) + random() % columns.dictionary(*attribute).size()] =
                    static_cast<float>(1 + random() % 20);
        }
    }
    void score(std::span<const Ordinal> ordinals, std::span<float> scores) override {
        columns_->sum_scores(ordinals, attributes_, table_, scores);
    }
    [[nodiscard]] float upper_bound() const override { return 120; }
    [[nodiscard]] int impact() const override { return 70; }
    [[nodiscard]] boost::json::array explain(Ordinal) const override { return {}; }

private:
    const Columns* columns_;
    std::vector<std::size_t> attributes_;
    std::vector<float> table_;
};

enum Mode { plain, personal, personal_facets, repeated_plain, repeated_personal, mode_count };

}  // namespace

int main(int argc, char** argv) {
    const std::size_t records = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
    const std::size_t queries = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
    const auto settings = std::make_shared<const Settings>(
        Settings().merged({{"searchableAttributes", {"title", "description"}},
                           {"attributesForFaceting", {"brand", "category", "colour", "size", "price_band", "rating"}},
                           {"customRanking", {"desc(popularity)"}}}).value());
    std::map<std::string, FacetValueId, std::less<>> ids;
    SnapshotBuilder builder(settings, [&](std::string_view path, std::string_view value) {
        return ids.emplace(std::string(path) + '\0' + std::string(value), static_cast<FacetValueId>(ids.size())).first->second;
    });
    AttributeTable attributes;
    bench::Generator generator(42);
    std::vector<bench::Product> sample;
    const double begin = now_us();
    {
        Analyser analyser(*settings, attributes);
        for (std::size_t i = 0; i < records; ++i) {
            bench::Product product = generator.next();
            builder.add(static_cast<DocumentId>(i + 1), analyser.analyse(parse_json(product.json()).value()));
            if (i % std::max<std::size_t>(1, records / 5000) == 0) sample.push_back(std::move(product));
        }
    }
    const std::shared_ptr<const Snapshot> snapshot = builder.publish(attributes);
    fmt::print("{} records built in {:.1f} s, {:.0f} bytes each, {} segments\n", records, (now_us() - begin) / 1e6,
               static_cast<double>(snapshot->bytes()) / static_cast<double>(records), snapshot->segments.size());

    fmt::print("{:4}{:>10}{:>10}{:>10}{:>10}{:>12}{:>12}{:>9}{:>9}{:>9}\n", "set", "matches", "plain", "personal",
               "+facets", "again plain", "again pers.", "pers/pl", "fac/pers", "again");
    std::array<double, mode_count> ratio_sums{};
    std::size_t sets = 0;
    CandidateCache cache(256U << 20U);
    for (const bench::QuerySet& set : bench::query_sets(sample, queries, 7)) {
        std::array<double, mode_count> sums{};
        double matches = 0;
        for (int mode = 0; mode < mode_count; ++mode) {
            for (std::size_t q = 0; q < set.queries.size(); ++q) {
                boost::json::object parameters{{"query", set.queries[q]}};
                if (!set.last_is_prefix) parameters["queryType"] = "prefixNone";
                if (mode == personal_facets) parameters["facets"] = {"*"};
                Affinities affinities(snapshot->columns, q);
                Boost* boost = mode == plain || mode == repeated_plain ? nullptr : &affinities;
                CandidateCache* used = mode >= repeated_plain ? &cache : nullptr;
                std::array<double, 3> times{};
                // The first rounds build prefix lists and fill the cache; they are not what is measured.
                for (int round = -2; round < 3; ++round) {
                    const double start = now_us();
                    const Query query = parse_query(parameters, *settings).value();
                    const Selection selection = Selection::prepare(*snapshot, query).value();
                    const Selected selected = selection.run("bench", boost, used);
                    const double time = now_us() - start;
                    if (round >= 0) times[static_cast<std::size_t>(round)] = time;
                    if (mode == plain && round == 0) matches += static_cast<double>(selected.count);
                }
                std::sort(times.begin(), times.end());
                sums[static_cast<std::size_t>(mode)] += times[1];
            }
        }
        const double n = static_cast<double>(set.queries.size());
        for (double& sum : sums) sum /= n;
        fmt::print("{:4}{:>10.0f}{:>10.1f}{:>10.1f}{:>10.1f}{:>12.1f}{:>12.1f}{:>9.2f}{:>9.2f}{:>9.2f}\n", set.name, matches / n,
                   sums[plain], sums[personal], sums[personal_facets], sums[repeated_plain], sums[repeated_personal],
                   sums[personal] / sums[plain], sums[personal_facets] / sums[personal],
                   sums[repeated_personal] / sums[plain]);
        ratio_sums[0] += sums[personal] / sums[plain];
        ratio_sums[1] += sums[repeated_personal] / sums[plain];
        ++sets;
    }
    fmt::print("mean over sets: personalised / plain {:.2f}, personalised from the cache / plain found anew {:.2f}\n",
               ratio_sums[0] / static_cast<double>(sets), ratio_sums[1] / static_cast<double>(sets));
    return 0;
}
