// SPDX-License-Identifier: GPL-3.0-or-later
//
// What snapshots cost, without Xapian and HTTP: building, small commits, folding, memory, prefixes, facet kernels.
//
//     snapshot_bench [records = 1000000]
//
// Records are synthetic: 8 words of title and 22 of description out of 200,000 (Zipf), 6 facets, 2 numbers. One figure
// a line, with what to compare it with.
#include "index/analysis.h"
#include "index/snapshot.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace penchant;

namespace {

/// Processor time of this thread, the only one that works here: what else runs on the machine is not counted.
struct Clock {
    using time_point = double;
    static time_point now() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
};

double ms_since(Clock::time_point begin) { return Clock::now() - begin; }

/// Resident memory of this process, as the system counts it.
double resident_mib() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return static_cast<double>(resident) * 4096 / (1024 * 1024);
}

class Maker {
public:
    Maker() : random_(42) {
        constexpr std::size_t words = 200'000;
        words_.reserve(words);
        for (std::size_t i = 0; i < words; ++i) words_.push_back(spell(i));
        double sum = 0;
        for (std::size_t i = 0; i < words; ++i) {
            sum += 1 / std::pow(static_cast<double>(i + 1), 0.9);
            cumulated_.push_back(sum);
        }
    }

    /// Takes a record's parts anew; `record` is reused so that its allocations are not what is measured.
    void make(AnalysedRecord& record) {
        std::vector<std::pair<std::uint32_t, Place>> places;
        for (std::uint32_t i = 0; i < 30; ++i) {
            const bool title = i < 8;
            places.emplace_back(word(), make_place(title ? 0 : 1, title ? i : i - 8, false));
        }
        std::sort(places.begin(), places.end(), [&](const auto& a, const auto& b) {
            return a.first != b.first ? words_[a.first] < words_[b.first] : a.second < b.second;
        });
        record.words.clear();
        for (const auto& [number, place] : places) {
            if (record.words.empty() || record.words.back().word != words_[number]) {
                record.words.push_back({words_[number], {}});
            }
            record.words.back().places.push_back(place);
        }
        record.word_count = 30;
        fill_columns(record);
    }

    void fill_columns(AnalysedRecord& record) {
        static constexpr std::size_t kinds[6] = {12, 2'000, 40, 8, 150, 3'000};
        record.facets.clear();
        for (std::uint32_t attribute = 0; attribute < 6; ++attribute) {
            record.facets.push_back({attribute, {fmt::format("value {}", below(kinds[attribute]))}});
        }
        record.numbers = {{"popularity", {static_cast<double>(below(100'000))}},
                          {"price", {static_cast<double>(below(50'000)) / 100}}};
    }

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
    [[nodiscard]] const std::string& spelling(std::size_t i) const { return words_[i]; }

private:
    std::uint32_t word() {
        const double at = std::uniform_real_distribution<double>(0, cumulated_.back())(random_);
        return static_cast<std::uint32_t>(std::lower_bound(cumulated_.begin(), cumulated_.end(), at) - cumulated_.begin());
    }
    /// Distinct words whose letters are as uneven as a language's.
    std::string spell(std::size_t i) {
        static constexpr std::string_view letters = "eeeetttaaaooiinnsshhrrdlcumwfgypbvk";
        std::string word;
        for (std::size_t length = 3 + random_() % 5; word.size() < length;) word += letters[random_() % letters.size()];
        return word + std::string(1, static_cast<char>('a' + i % 26)) + fmt::format("{:x}", i / 26);
    }

    std::mt19937_64 random_;
    std::vector<std::string> words_;
    std::vector<double> cumulated_;
};

/// The median of several runs of `work`, in milliseconds.
template <class Work>
double median_ms(int runs, Work&& work) {
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        const auto begin = Clock::now();
        work();
        times.push_back(ms_since(begin));
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void measure_reads(const Snapshot& snapshot, Maker& maker) {
    const Columns& columns = snapshot.columns;
    for (std::size_t letters = 1; letters <= 3; ++letters) {
        // Prefixes of common words, each built once and not cached before.
        std::vector<std::string> prefixes;
        for (std::size_t i = 0; prefixes.size() < 12; ++i) {
            const std::string prefix = maker.spelling(i).substr(0, letters);
            if (std::find(prefixes.begin(), prefixes.end(), prefix) == prefixes.end()) prefixes.push_back(prefix);
        }
        double sum_ms = 0;
        double most_ms = 0;
        std::size_t records = 0;
        for (const std::string& prefix : prefixes) {
            const auto begin = Clock::now();
            for (const auto& segment : snapshot.segments) records += segment->prefix(prefix)->ordinals.size();
            sum_ms += ms_since(begin);
            most_ms = std::max(most_ms, ms_since(begin));
        }
        fmt::print("prefix of {} letters, first time: mean {:.2f} ms, most {:.2f} ms, {:.0f} records each\n", letters,
                   sum_ms / 12, most_ms, static_cast<double>(records) / 12);
    }
    std::size_t found = 0;
    constexpr std::size_t lookups = 200'000;
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < lookups; ++i) {
        found += snapshot.segments.front()->word(maker.spelling(i * 7919 % 200'000)).size();
    }
    fmt::print("word looked up in the base: {:.0f} ns ({} postings)\n", ms_since(begin) * 1e6 / lookups, found);
    const double cached_ms = median_ms(5, [&] {
        for (std::size_t i = 0; i < 10'000; ++i) found += snapshot.segments.front()->prefix("s")->ordinals.size();
    });
    fmt::print("prefix that is cached: {:.0f} ns\n", cached_ms * 1e6 / 10'000);

    std::vector<float> table(columns.flat_size());
    for (std::size_t i = 0; i < 20; ++i) table[maker.below(table.size())] = 1;
    for (const bool sequential : {true, false}) {
        std::vector<Ordinal> ordinals(sequential ? columns.size() : columns.size() / 20);
        std::iota(ordinals.begin(), ordinals.end(), 0U);
        if (!sequential) {
            for (Ordinal& ordinal : ordinals) ordinal = static_cast<Ordinal>(maker.below(columns.size()));
            std::sort(ordinals.begin(), ordinals.end());
        }
        std::vector<float> scores(ordinals.size());
        std::vector<std::uint32_t> counts(columns.flat_size());
        for (const std::size_t count : {1U, 3U, 6U}) {
            std::vector<std::size_t> attributes(count);
            std::iota(attributes.begin(), attributes.end(), 0U);
            const double score_ms = median_ms(9, [&] { columns.sum_scores(ordinals, attributes, table, scores); });
            const double count_ms = median_ms(9, [&] { columns.count_values(ordinals, attributes, counts); });
            fmt::print("{} of {} records, {} attributes: sum_scores {:.2f} ns, count_values {:.2f} ns a record\n",
                       sequential ? "all" : "some", ordinals.size(), count, score_ms * 1e6 / static_cast<double>(ordinals.size()),
                       count_ms * 1e6 / static_cast<double>(ordinals.size()));
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto records = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1'000'000);
    Settings settings;
    for (int i = 0; i < 6; ++i) settings.attributes_for_faceting.push_back({fmt::format("facet{}", i)});
    settings.custom_ranking = {{"popularity", SortDirection::descending}};
    FacetValueId next_id = 0;
    SnapshotBuilder builder(std::make_shared<const Settings>(settings),
                            [&](std::string_view, std::string_view) { return next_id++; });
    AttributeTable attributes;
    attributes.number("title");
    attributes.number("description");
    Maker maker;
    std::vector<AnalysedRecord> batch(10'000);
    const double resident_before = resident_mib();

    double add_ms = 0;
    double publish_ms = 0;
    double publish_most_ms = 0;
    DocumentId document = 0;
    std::shared_ptr<const Snapshot> snapshot;
    while (document < records) {
        for (AnalysedRecord& record : batch) maker.make(record);
        auto begin = Clock::now();
        for (const AnalysedRecord& record : batch) builder.add(++document, record);
        add_ms += ms_since(begin);
        begin = Clock::now();
        snapshot = builder.publish(attributes);
        publish_ms += ms_since(begin);
        publish_most_ms = std::max(publish_most_ms, ms_since(begin));
    }
    fmt::print(
        "{} records in commits of 10,000: adding {:.0f} ms, publishing {:.0f} ms (most {:.0f} ms), "
        "{:.0f} records a second, {} segments\n",
        document, add_ms, publish_ms, publish_most_ms, document / (add_ms + publish_ms) * 1000, snapshot->segments.size());
    fmt::print("memory: snapshot {:.0f} bytes a record, columns {:.0f}, builder {:.0f}; resident {:.0f} MiB more\n",
               static_cast<double>(snapshot->bytes()) / document, static_cast<double>(snapshot->columns.bytes()) / document,
               static_cast<double>(builder.bytes()) / document, resident_mib() - resident_before);

    measure_reads(*snapshot, maker);

    std::vector<double> commits_ms;
    std::size_t most_segments = 0;
    for (int commit = 0; commit < 60; ++commit) {
        const auto any = [&] { return static_cast<DocumentId>(1 + maker.below(document)); };
        for (int i = 0; i < 300; ++i) maker.make(batch[static_cast<std::size_t>(i)]);
        const auto begin = Clock::now();
        for (int i = 0; i < 300; ++i) {
            builder.remove(any());
            builder.add(++document, batch[static_cast<std::size_t>(i)]);
        }
        for (int i = 0; i < 50; ++i) builder.remove(any());
        snapshot = builder.publish(attributes);
        commits_ms.push_back(ms_since(begin));
        most_segments = std::max(most_segments, snapshot->segments.size());
    }
    std::sort(commits_ms.begin(), commits_ms.end());
    fmt::print("commit of 300 updates and 50 deletes: p50 {:.1f} ms, most {:.1f} ms, at most {} segments\n",
               commits_ms[commits_ms.size() / 2], commits_ms.back(), most_segments);

    const double columns_ms = median_ms(9, [&] {
        for (std::size_t i = 0; i < 300; ++i) {
            builder.update_columns(static_cast<DocumentId>(1 + maker.below(document)), batch[i]);
        }
        snapshot = builder.publish(attributes);
    });
    fmt::print("commit of 300 column updates: p50 {:.1f} ms\n", columns_ms);

    settings.custom_ranking = {{"price", SortDirection::ascending}, {"popularity", SortDirection::descending}};
    const double settings_ms = median_ms(1, [&] {
        builder.change_settings(std::make_shared<const Settings>(settings));
        snapshot = builder.publish(attributes);
    });
    fmt::print("another customRanking: {:.0f} ms\n", settings_ms);

    for (DocumentId each = 1; each <= records; each += 3) builder.remove(each);
    const double fold_ms = median_ms(1, [&] { snapshot = builder.publish(attributes); });
    fmt::print("fold of {} ordinals to {}: {:.0f} ms\n", document, snapshot->columns.size(), fold_ms);
    return 0;
}
