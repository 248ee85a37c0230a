// SPDX-License-Identifier: GPL-3.0-or-later
//
// A generated catalog on disk, through the whole index room, and searches in its engine. Each subcommand is one process, so
// that memory and caches of one row are not those of another:
//
//     catalog_bench build DIR RECORDS        indexes; records a second until all are searchable, against bare Xapian
//     catalog_bench corpus DIR RECORDS N     writes the same records, N queries a set and the visitors, for Lucene
//     catalog_bench engine DIR N             opens; memory a record; engine time of every set and mode
//     catalog_bench xapian DIR N             the same queries by Xapian's own matcher on the same database
//     catalog_bench fresh DIR SECONDS        updates beside searches: acknowledged to searchable, and what searches feel
//
// Prints one line a figure: row TAB set TAB value. Times are microseconds unless the row says otherwise: wall clock, and
// where many queries were run the mean over them of the fastest of three passes.
#include "engine/selection.h"
#include "index/catalog.h"
#include "index/limits.h"
#include "index/writer.h"
#include "index/xapian_boundary.h"
#include "tests/bench/generator.h"
#include "tests/bench/visitor.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace penchant::bench {

namespace {

constexpr std::uint64_t seed = 42;
constexpr std::size_t visitors_count = 200;
constexpr const char* index_name = "products";
constexpr int passes = 3;

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

void print(std::string_view row, std::string_view set, double value) { fmt::print("{}\t{}\t{:.3f}\n", row, set, value); }

[[noreturn]] void fail(const Error& error) {
    fmt::print(stderr, "catalog_bench: {}\n", error.what);
    std::exit(1);
}

template <class T>
T value_or_fail(Result<T> result) {
    if (!result) fail(result.error());
    return std::move(*result);
}

boost::json::object settings() {
    return {{"searchableAttributes", {"title", "description"}},
            {"attributesForFaceting", {"brand", "category", "colour", "size", "price_band", "rating"}},
            {"customRanking", {"desc(popularity)"}}};
}

double resident_bytes() {
    malloc_trim(0);
    std::ifstream statm{"/proc/self/statm"};
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::unique_ptr<Catalog> open(const std::string& directory) {
    CatalogOptions options;
    options.directory = directory;
    return value_or_fail(Catalog::open(std::move(options)));
}

double percentile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
    return values[at];
}

std::vector<QuerySet> sets(std::size_t queries_each) {
    Generator generator{seed};
    std::vector<Product> sample;
    for (int i = 0; i < 20'000; ++i) sample.push_back(generator.next());
    return query_sets(sample, queries_each, seed + 1);
}

// -- build -------------------------------------------------------------------------------------------------------------

int build(const std::string& directory, std::uint32_t records) {
    {
        const auto catalog = open(directory);
        value_or_fail(catalog->change_settings(index_name, settings()));
        Generator generator{seed};
        const auto begin = Clock::now();
        double making = 0;  // the generator's own time is not the index's
        for (std::uint32_t done = 0; done < records;) {
            const auto making_begin = Clock::now();
            std::vector<Operation> batch;
            for (; batch.size() < 1'000 && done < records; ++done) {
                const Product product = generator.next();
                batch.push_back({Action::put_object, product.object_id(), product.json()});
            }
            making += microseconds(Clock::now() - making_begin);
            for (;;) {
                auto outcome = catalog->append(index_name, batch);
                if (outcome) break;
                if (outcome.error().code != Errc::overloaded) fail(outcome.error());
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
            }
        }
        if (!catalog->wait_for_tasks(std::chrono::hours{1})) fail({Errc::io, "the index did not come to an end"});
        const double seconds = microseconds(Clock::now() - begin) / 1e6;
        print("index_records_per_second", "all", records / seconds);
        print("index_generator_share", "all", making / 1e6 / seconds);
        for (const auto& description : catalog->list())
            print("index_disk_bytes_per_record", "all", static_cast<double>(description.file_bytes) / records);
    }
    // The baseline: the same documents into a bare Xapian database, one thread, commits of 10,000. Fewer of them, because Xapian
    // only slows down as it grows.
    const std::uint32_t bare_records = std::min(records, 100'000U);
    const std::string bare = directory + "/bare";
    const auto begin = Clock::now();
    const auto outcome = guarded([&] {
        Xapian::WritableDatabase database{bare, Xapian::DB_CREATE_OR_OVERWRITE};
        Generator generator{seed};
        const Settings parsed = value_or_fail(Settings{}.merged(settings()));
        AttributeTable attributes;
        Analyser analyser{parsed, attributes};
        for (std::uint32_t i = 0; i < bare_records; ++i) {
            const std::string json = generator.next().json();
            const AnalysedRecord record = analyser.analyse(value_or_fail(parse_json(json)));
            Xapian::Document document;
            document.set_data(json);
            document.add_boolean_term(object_term(record.object_id));
            for (const auto& [term, wdf] : word_terms(record)) document.add_term(term, wdf);
            database.add_document(document);
            if (i % 10'000 == 9'999) database.commit();
        }
        database.commit();
    });
    if (!outcome) fail(outcome.error());
    print("bare_xapian_records_per_second", "all", bare_records / (microseconds(Clock::now() - begin) / 1e6));
    std::filesystem::remove_all(bare);
    return 0;
}

// -- corpus ------------------------------------------------------------------------------------------------------------

int corpus(const std::string& directory, std::uint32_t records, std::size_t queries_each) {
    std::filesystem::create_directories(directory);
    std::ofstream documents{directory + "/documents.tsv"};
    Generator generator{seed};
    const auto words = [](const std::vector<std::uint32_t>& numbers) {
        std::string text;
        for (const auto number : numbers) (text += text.empty() ? "" : " ") += word_text(number);
        return text;
    };
    for (std::uint32_t i = 0; i < records; ++i) {
        const Product product = generator.next();
        documents << product.number << '\t' << words(product.title) << '\t' << words(product.description) << '\t' << product.brand
                  << '\t' << product.category << '\t' << product.colour << '\t' << product.size << '\t' << product.price_band
                  << '\t' << product.rating << '\n';
    }
    std::ofstream queries{directory + "/queries.tsv"};
    for (const QuerySet& set : sets(queries_each))
        for (const std::string& query : set.queries)
            queries << set.name << '\t' << (set.last_is_prefix ? 1 : 0) << '\t' << query << '\n';
    std::ofstream visitors{directory + "/visitors.tsv"};
    for (const Visitor& visitor : make_visitors(visitors_count, seed)) {
        const char* separator = "";
        for (const VisitorAffinity& affinity : visitor) {
            visitors << separator << affinity.facet << ':' << affinity.value << ':' << affinity.score;
            separator = "\t";
        }
        visitors << '\n';
    }
    return documents && queries && visitors ? 0 : 1;
}

// -- engine ------------------------------------------------------------------------------------------------------------

// Without typo tolerance, as the others search; with it the query is as people send it.
Query parsed_query(const QuerySet& set, const std::string& text, bool facets, bool typos, const Settings& settings) {
    boost::json::object parameters{{"query", text}, {"queryType", set.last_is_prefix ? "prefixLast" : "prefixNone"}};
    if (!typos) parameters["typoTolerance"] = false;
    if (facets) parameters["facets"] = {"brand", "category", "colour", "size", "price_band", "rating"};
    return value_or_fail(parse_query(parameters, settings));
}

struct Mode {
    const char* name;
    bool personal;
    bool facets;
    bool repeated;  ///< answered from the candidate cache
    bool typos;
};

int engine(const std::string& directory, std::size_t queries_each) {
    const double before = resident_bytes();
    const auto begin = Clock::now();
    const auto catalog = open(directory);
    print("open_milliseconds", "all", microseconds(Clock::now() - begin) / 1e3);
    const auto snapshot = catalog->snapshot(index_name);
    if (!snapshot) fail({Errc::not_found, "there is no index in this directory"});
    const double records = snapshot->records;
    print("memory_bytes_per_record", "opened", (resident_bytes() - before) / records);

    std::vector<VisitorBoost> boosts;
    for (const Visitor& visitor : make_visitors(visitors_count, seed)) boosts.emplace_back(snapshot->columns, visitor);
    const double with_visitors = resident_bytes();
    CandidateCache cache{limits::candidate_cache_bytes_max};
    const auto query_sets = sets(queries_each);
    std::uint64_t matches = 0;

    constexpr Mode modes[] = {
        {"plain", false, false, false, false},         {"personal", true, false, false, false},
        {"facets", false, true, false, false},         {"personal_facets", true, true, false, false},
        {"plain_typos", false, false, false, true},    {"personal_facets_typos", true, true, false, true},
        {"plain_repeated", false, false, true, false}, {"personal_repeated", true, false, true, false},
        {"facets_repeated", false, true, true, false}, {"personal_facets_repeated", true, true, true, false}};
    for (const Mode& mode : modes) {
        for (const QuerySet& set : query_sets) {
            std::vector<double> fastest(set.queries.size(), 1e18);
            std::uint64_t counted = 0;
            for (int pass = 0; pass <= passes; ++pass) {  // the first one warms up: prefix lists, and the cache where it counts
                counted = 0;
                for (std::size_t i = 0; i < set.queries.size(); ++i) {
                    const Query query = parsed_query(set, set.queries[i], mode.facets, mode.typos, *snapshot->settings);
                    VisitorBoost* boost = mode.personal ? &boosts[i % boosts.size()] : nullptr;
                    const auto start = Clock::now();
                    const Selection selection = value_or_fail(Selection::prepare(*snapshot, query));
                    const Selected selected = selection.run(index_name, boost, mode.repeated ? &cache : nullptr);
                    const double time = microseconds(Clock::now() - start);
                    if (pass > 0) fastest[i] = std::min(fastest[i], time);
                    counted += selected.count;
                }
            }
            double sum = 0;
            for (const double time : fastest) sum += time;
            print(mode.name, set.name, sum / static_cast<double>(fastest.size()));
            print(fmt::format("{}_p99", mode.name), set.name, percentile(fastest, 0.99));
            if (&mode == &modes[0])
                print("matches", set.name, static_cast<double>(counted) / static_cast<double>(set.queries.size()));
            matches += counted;
        }
        if (&mode == &modes[5])
            print("memory_bytes_per_record", "after_queries",
                  (resident_bytes() - with_visitors + (with_visitors - before)) / records);
    }
    return matches > 0 ? 0 : 1;
}

// -- Xapian's own matcher ------------------------------------------------------------------------------------------------

int xapian(const std::string& directory, std::size_t queries_each) {
    std::string path;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory + "/indexes"))
        if (entry.path().filename() == "iamglass") path = entry.path().parent_path().string();
    const auto outcome = guarded([&] {
        const Xapian::Database database{path};
        const auto word_query = [&](const std::string& word) {
            // All places of a word, in every attribute: the terms that begin with it and a NUL.
            const std::string prefix = "W" + word + '\0';
            std::vector<std::string> terms;
            for (auto term = database.allterms_begin(prefix); term != database.allterms_end(prefix); ++term)
                terms.push_back(*term);
            return Xapian::Query{Xapian::Query::OP_SYNONYM, terms.begin(), terms.end()};
        };
        for (const QuerySet& set : sets(queries_each)) {
            // Wildcards over one and two letters take a tenth of a second each: fewer of them.
            const std::size_t count = set.last_is_prefix ? std::min<std::size_t>(set.queries.size(), 40) : set.queries.size();
            for (const bool exact_count : {false, true}) {
                double sum = 0;
                for (std::size_t i = 0; i < count; ++i) {
                    double fastest = 1e18;
                    for (int pass = 0; pass < 2; ++pass) {
                        const auto start = Clock::now();
                        std::vector<Xapian::Query> words;
                        std::string rest = set.queries[i];
                        while (!rest.empty()) {
                            const std::size_t blank = std::min(rest.find(' '), rest.size());
                            const std::string word = rest.substr(0, blank);
                            rest.erase(0, blank + 1);
                            if (set.last_is_prefix && rest.empty())
                                words.emplace_back(Xapian::Query::OP_WILDCARD, "W" + word, 0, Xapian::Query::WILDCARD_LIMIT_ERROR,
                                                   Xapian::Query::OP_SYNONYM);
                            else words.push_back(word_query(word));
                        }
                        Xapian::Enquire enquire{database};
                        enquire.set_query(Xapian::Query{Xapian::Query::OP_AND, words.begin(), words.end()});
                        const Xapian::MSet found = enquire.get_mset(0, 20, exact_count ? database.get_doccount() : 0);
                        fastest = std::min(fastest, microseconds(Clock::now() - start));
                        if (found.empty()) fmt::print(stderr, "catalog_bench: nothing found for {}\n", set.queries[i]);
                    }
                    sum += fastest;
                }
                print(exact_count ? "xapian_count" : "xapian", set.name, sum / static_cast<double>(count));
            }
        }
    });
    if (!outcome) fail(outcome.error());
    return 0;
}

// -- fresh -------------------------------------------------------------------------------------------------------------

int fresh(const std::string& directory, unsigned seconds) {
    const auto catalog = open(directory);
    const auto query_sets = sets(200);
    std::atomic<bool> stop{false};
    std::vector<double> quiet;
    std::vector<double> busy;
    std::atomic<std::vector<double>*> into{&quiet};
    std::thread searcher{[&] {
        std::mt19937_64 random{seed};
        while (!stop.load()) {
            const QuerySet& set = query_sets[random() % query_sets.size()];
            const auto snapshot = catalog->snapshot(index_name);
            const Query query = parsed_query(set, set.queries[random() % set.queries.size()], true, true, *snapshot->settings);
            const auto start = Clock::now();
            const Selection selection = value_or_fail(Selection::prepare(*snapshot, query));
            (void)selection.run(index_name, nullptr, nullptr);
            into.load()->push_back(microseconds(Clock::now() - start));
            std::this_thread::sleep_for(std::chrono::microseconds{500});
        }
    }};
    std::this_thread::sleep_for(std::chrono::seconds{2});  // prefix lists come into being
    std::vector<double> warm;
    into = &warm;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    quiet.clear();
    into = &quiet;
    std::this_thread::sleep_for(std::chrono::seconds{seconds / 2 + 1});

    into = &busy;
    std::vector<double> visible_ms;
    const std::uint32_t records = catalog->snapshot(index_name)->records;
    Generator generator{seed + 7};
    const auto end = Clock::now() + std::chrono::seconds{seconds};
    std::mt19937_64 random{seed + 9};
    while (Clock::now() < end) {
        std::vector<Operation> batch;
        for (int i = 0; i < 100; ++i) {
            Product product = generator.next();
            // Every record is an update with new words; the first ones stay, others measure with them.
            product.number = 20'000 + static_cast<std::uint32_t>(random() % std::max(1U, records - std::min(records, 20'000U)));
            batch.push_back({Action::put_object, product.object_id(), product.json()});
        }
        const TaskId task = value_or_fail(catalog->append(index_name, std::move(batch)));
        const auto acknowledged = Clock::now();
        while (catalog->task(task).value() != TaskState::published) std::this_thread::sleep_for(std::chrono::milliseconds{1});
        visible_ms.push_back(microseconds(Clock::now() - acknowledged) / 1e3);
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
    stop = true;
    searcher.join();
    print("visible_milliseconds", "p50", percentile(visible_ms, 0.5));
    print("visible_milliseconds", "p99", percentile(visible_ms, 0.99));
    print("search_quiet", "p50", percentile(quiet, 0.5));
    print("search_quiet", "p99", percentile(quiet, 0.99));
    print("search_beside_writer", "p50", percentile(busy, 0.5));
    print("search_beside_writer", "p99", percentile(busy, 0.99));
    return 0;
}

int run(const std::vector<std::string>& arguments) {
    const auto number = [&](std::size_t i) { return static_cast<std::uint32_t>(std::stoul(arguments.at(i))); };
    const std::string what = arguments.size() > 1 ? arguments[1] : "";
    if (what == "build" && arguments.size() == 4) return build(arguments[2], number(3));
    if (what == "corpus" && arguments.size() == 5) return corpus(arguments[2], number(3), number(4));
    if (what == "engine" && arguments.size() == 4) return engine(arguments[2], number(3));
    if (what == "xapian" && arguments.size() == 4) return xapian(arguments[2], number(3));
    if (what == "fresh" && arguments.size() == 4) return fresh(arguments[2], number(3));
    fmt::print(
        stderr,
        "usage: catalog_bench build DIR RECORDS | corpus DIR RECORDS N | engine DIR N | xapian DIR N | fresh DIR SECONDS\n");
    return 2;
}

}  // namespace

}  // namespace penchant::bench

int main(int argc, char** argv) { return penchant::bench::run({argv, argv + argc}); }
