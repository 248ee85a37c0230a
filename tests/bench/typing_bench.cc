// SPDX-License-Identifier: GPL-3.0-or-later
//
// What somebody who types feels: each query of a file is asked letter by letter, as a search box does.
//
//     typing_bench DATA INDEX FILE [queries = 200]
//
// DATA is the data directory of a stopped server, FILE has one query a line. Prints mean, p50, p99 and the greatest time of
// a keystroke in microseconds of processor time of this thread, from parsed query to ranked page, twice: `cold`, where
// no list of a prefix or of misspelt words has been made yet, and `warm`, when all have; and how often a step had no hits
// although the one before it had some.
#include "engine/selection.h"
#include "index/catalog.h"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace penchant::bench {
namespace {

double microseconds_used() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <class T>
T value_or_fail(Result<T> result) {
    if (result) return std::move(*result);
    fmt::print(stderr, "typing_bench: {}\n", result.error().what);
    std::exit(1);
}

bool ends_inside_a_character(const std::string& text, std::size_t bytes) {
    return bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U;
}

void print(const char* name, std::vector<double> times) {
    if (times.empty()) return;
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times[std::min(times.size() - 1, static_cast<std::size_t>(share * static_cast<double>(times.size())))];
    };
    fmt::print("{}\t{} keystrokes\tmean {:.0f}\tp50 {:.0f}\tp99 {:.0f}\tgreatest {:.0f}\n", name, times.size(),
               std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(times.size()), at(0.5), at(0.99),
               times.back());
}

void measure(const Snapshot& snapshot, const std::vector<std::string>& queries) {
    for (const char* const pass : {"cold", "warm"}) {
        std::vector<double> times;
        std::size_t vanished = 0;
        for (const std::string& text : queries) {
            bool found = false;
            for (std::size_t bytes = 1; bytes <= text.size(); ++bytes) {
                if (ends_inside_a_character(text, bytes)) continue;
                const boost::json::object parameters{{"query", text.substr(0, bytes)}};
                const Query query = value_or_fail(parse_query(parameters, *snapshot.settings));
                const double begin = microseconds_used();
                const Selection selection = value_or_fail(Selection::prepare(snapshot, query));
                const Selected selected = selection.run("bench", nullptr, nullptr);
                times.push_back(microseconds_used() - begin);
                vanished += found && selected.count == 0;
                found = selected.count != 0;
            }
        }
        print(pass, std::move(times));
        fmt::print("{}\tlost all hits by one more letter: {} times\n", pass, vanished);
    }
}

}  // namespace
}  // namespace penchant::bench

int main(int argc, char** argv) {
    using namespace penchant;
    if (argc < 4) {
        fmt::print(stderr, "usage: typing_bench DATA INDEX FILE [queries]\n");
        return 2;
    }
    CatalogOptions options;
    options.directory = argv[1];
    options.read_only = true;
    options.writers = false;
    const auto catalog = bench::value_or_fail(Catalog::open(options));
    const auto snapshot = catalog->snapshot(argv[2]);
    std::ifstream file(argv[3]);
    if (!snapshot || !file) {
        fmt::print(stderr, "typing_bench: no index {} or no file {}\n", argv[2], argv[3]);
        return 1;
    }
    const std::size_t queries_max = argc > 4 ? static_cast<std::size_t>(std::atol(argv[4])) : 200;
    std::vector<std::string> queries;
    for (std::string line; queries.size() < queries_max && std::getline(file, line);)
        if (!line.empty() && line.size() <= 512) queries.push_back(line);
    fmt::print("{} records, {} queries\n", snapshot->records, queries.size());
    bench::measure(*snapshot, queries);
    return 0;
}
