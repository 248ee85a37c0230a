// SPDX-License-Identifier: GPL-3.0-or-later
//
// Updates at speed: prices, stocks and facet values change on a live index while somebody searches it, then all of it is
// indexed anew into a temporary index that is moved over the live one.
//
//     update_bench DIR RECORDS SECONDS [reindex]
//
// DIR gets RECORDS generated records unless it has an index already. One figure a line: row TAB set TAB value. Searches that fail or
// find nothing end the program with 1; so does an update that is lost. Beside the time on the clock stands the time of the processor
// (`cpu`), which a busy machine changes little.
#include "engine/search.h"
#include "index/catalog.h"
#include "index/limits.h"
#include "tests/bench/generator.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <mutex>
#include <numeric>
#include <thread>

#include <time.h>
#include <unistd.h>

namespace penchant::bench {

namespace {

constexpr std::uint64_t seed = 42;
constexpr const char* live = "products";
constexpr const char* temporary = "products_tmp";
constexpr std::size_t updates_per_batch = 10;
constexpr std::chrono::milliseconds batch_interval{33};  // about 300 updates a second

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }
void print(std::string_view row, std::string_view set, double value) {
    fmt::print("{}\t{}\t{:.3f}\n", row, set, value);
    std::fflush(stdout);
}

[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "update_bench: {}\n", what);
    std::exit(1);
}
template <class T>
T value_or_fail(Result<T> result) {
    if (!result) fail(result.error().what);
    return std::move(*result);
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
    return values[at];
}

double milliseconds_of(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double resident_mib() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    file >> all >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'048'576;
}

class NoMetrics final : public Metrics {
public:
    void count(std::string_view, std::uint64_t) override {}
    void set(std::string_view, double) override {}
};

boost::json::object settings() {
    return {{"searchableAttributes", {"title", "description"}},
            {"attributesForFaceting", {"brand", "category", "colour", "size", "price_band", "rating"}},
            {"customRanking", {"desc(popularity)"}}};
}

/// Appends `records` generated records, waiting where the log is full.
void fill(Catalog& catalog, const char* index, std::uint32_t records) {
    value_or_fail(catalog.change_settings(index, settings()));
    Generator generator{seed};
    for (std::uint32_t done = 0; done < records;) {
        std::vector<Operation> batch;
        for (; batch.size() < 1'000 && done < records; ++done) {
            const Product product = generator.next();
            batch.push_back({Action::put_object, product.object_id(), product.json()});
        }
        for (;;) {
            auto outcome = catalog.append(index, batch);
            if (outcome) break;
            if (outcome.error().code != Errc::overloaded) fail(outcome.error().what);
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }
}

/// Searches the live index over and over, a pause between two, and keeps how long each took.
class Searcher {
public:
    Searcher(Catalog& catalog, const std::vector<std::string>& queries)
        : catalog_(catalog), service_(catalog, nullptr, metrics_), queries_(queries), thread_([this] { run(); }) {}
    ~Searcher() {
        stop_ = true;
        thread_.join();
    }
    Searcher(const Searcher&) = delete;
    Searcher& operator=(const Searcher&) = delete;

    struct Times {
        std::vector<double> clock;
        std::vector<double> cpu;
    };
    /// Since the last call, in milliseconds.
    Times taken() {
        const std::lock_guard lock(mutex_);
        return std::exchange(times_, {});
    }

private:
    void run() {
        std::mt19937_64 random{seed};
        while (!stop_) {
            const std::string& query = queries_[random() % queries_.size()];
            boost::json::object parameters{{"query", query}, {"facets", {"brand", "category", "colour"}}};
            const auto begin = Clock::now();
            const double cpu_begin = milliseconds_of(CLOCK_THREAD_CPUTIME_ID);
            const auto answer = service_.search(live, parameters, {});
            const double cpu = milliseconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu_begin;
            const double time = milliseconds(Clock::now() - begin);
            if (!answer) fail(fmt::format("a search for {} failed: {}", query, answer.error().what));
            if (answer->at("nbHits").to_number<std::int64_t>() == 0) fail(fmt::format("a search for {} found nothing", query));
            {
                const std::lock_guard lock(mutex_);
                times_.clock.push_back(time);
                times_.cpu.push_back(cpu);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }

    Catalog& catalog_;
    NoMetrics metrics_;
    SearchService service_;
    const std::vector<std::string>& queries_;
    std::mutex mutex_;
    Times times_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

void print_searches(std::string_view when, const Searcher::Times& times) {
    const std::string row = fmt::format("search_{}_ms", when);
    print(row, "p50", percentile(times.clock, 0.5));
    print(row, "p99", percentile(times.clock, 0.99));
    print(row, "most", percentile(times.clock, 1));
    print(row, "cpu_p50", percentile(times.cpu, 0.5));
    print(row, "cpu_p99", percentile(times.cpu, 0.99));
    print(row, "count", static_cast<double>(times.clock.size()));
}

/// One partial update of a price, a stock (it sorts) or a facet value.
Operation update(std::mt19937_64& random, std::uint32_t records, std::size_t kind) {
    const std::string id = "p" + std::to_string(random() % records);
    switch (kind % 3) {
        case 0: return {Action::partial_update_only, id, fmt::format(R"({{"price":{}}})", random() % 1'000)};
        case 1: return {Action::partial_update_only, id, fmt::format(R"({{"popularity":{}}})", random() % 100'000)};
        default: return {Action::partial_update_only, id, fmt::format(R"({{"colour":"colour {}"}})", random() % 20)};
    }
}

void update_while_searching(Catalog& catalog, Searcher& searcher, std::uint32_t records, unsigned seconds) {
    struct Pending {
        TaskId task;
        Clock::time_point acknowledged;
    };
    std::deque<Pending> pending;
    std::vector<double> visible_ms;
    std::vector<double> acknowledged_ms;
    const auto look = [&] {
        while (!pending.empty() && value_or_fail(catalog.task(pending.front().task)) == TaskState::published) {
            visible_ms.push_back(milliseconds(Clock::now() - pending.front().acknowledged));
            pending.pop_front();
        }
    };
    std::mt19937_64 random{seed + 9};
    std::size_t sent = 0;
    const auto begin = Clock::now();
    const double cpu_begin = milliseconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const auto end = begin + std::chrono::seconds{seconds};
    for (auto next = begin; next < end; next += batch_interval) {
        while (Clock::now() < next) {
            look();
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        std::vector<Operation> batch;
        for (std::size_t i = 0; i < updates_per_batch; ++i) batch.push_back(update(random, records, sent++));
        const auto sending = Clock::now();
        const TaskId task = value_or_fail(catalog.append(live, std::move(batch)));
        acknowledged_ms.push_back(milliseconds(Clock::now() - sending));
        pending.push_back({task, Clock::now()});
        look();
    }
    const Searcher::Times during = searcher.taken();
    const double cpu = milliseconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin;
    const double took = milliseconds(Clock::now() - begin) / 1'000;
    while (!pending.empty()) {
        look();
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    print("updates_per_second", "all", static_cast<double>(sent) / took);
    print("update_acknowledged_ms", "p50", percentile(acknowledged_ms, 0.5));
    print("update_acknowledged_ms", "p99", percentile(acknowledged_ms, 0.99));
    print("update_visible_ms", "p50", percentile(visible_ms, 0.5));
    print("update_visible_ms", "p99", percentile(visible_ms, 0.99));
    print("update_visible_ms", "most", percentile(visible_ms, 1));
    // What is not spent in searches goes into updates, nearly all of it on the writer's thread.
    const double searching = std::accumulate(during.cpu.begin(), during.cpu.end(), 0.0);
    print("update_cores", "cpu", (cpu - searching) / 1'000 / took);
    print_searches("updating", during);
}

void reindex_while_searching(Catalog& catalog, Searcher& searcher, std::uint32_t records) {
    const auto begin = Clock::now();
    fill(catalog, temporary, records);
    const TaskId task = value_or_fail(catalog.move_index(temporary, live));
    while (value_or_fail(catalog.task(task)) != TaskState::published) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    print("reindex_seconds", "all", milliseconds(Clock::now() - begin) / 1'000);
    print_searches("reindexing", searcher.taken());
    std::this_thread::sleep_for(std::chrono::seconds{2});
    print_searches("after_move", searcher.taken());
    const auto snapshot = catalog.snapshot(live);
    if (snapshot == nullptr || snapshot->records != records) fail("the moved index has not all records");
    if (catalog.snapshot(temporary) != nullptr) fail("the temporary index is still there");
}

int run(const std::string& directory, std::uint32_t records, unsigned seconds, bool reindex) {
    CatalogOptions options;
    options.directory = directory;
    const auto catalog = value_or_fail(Catalog::open(std::move(options)));
    if (catalog->snapshot(live) == nullptr) {
        fill(*catalog, live, records);
        if (!catalog->wait_for_tasks(std::chrono::hours{2})) fail("the index did not come to an end");
    }
    records = catalog->snapshot(live)->records;

    Generator generator{seed};
    std::vector<Product> sample;
    for (std::uint32_t i = 0; i < std::min(records, 20'000U); ++i) sample.push_back(generator.next());
    std::vector<std::string> queries;
    for (const QuerySet& set : query_sets(sample, 50, seed + 1)) queries.insert(queries.end(), set.queries.begin(), set.queries.end());

    Searcher searcher(*catalog, queries);
    std::this_thread::sleep_for(std::chrono::seconds{2});  // lists of prefixes come into being
    (void)searcher.taken();
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    const Searcher::Times quiet = searcher.taken();
    print_searches("quiet", quiet);
    print("resident_mib", "quiet", resident_mib());
    update_while_searching(*catalog, searcher, records, seconds);
    print("resident_mib", "updated", resident_mib());
    if (!reindex) return 0;
    reindex_while_searching(*catalog, searcher, records);
    print("resident_mib", "reindexed", resident_mib());
    return 0;
}

}  // namespace

}  // namespace penchant::bench

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 3) {
        fmt::print(stderr, "usage: update_bench DIR RECORDS SECONDS [reindex]\n");
        return 2;
    }
    return penchant::bench::run(arguments[0], static_cast<std::uint32_t>(std::stoul(arguments[1])),
                                static_cast<unsigned>(std::stoul(arguments[2])), arguments.size() > 3);
}
