// SPDX-License-Identifier: GPL-3.0-or-later
//
// How good results are, beside a baseline and under typing errors. tests/bench/relevance runs all of it.
//
//     relevance_bench bm25   RECORDS ID FIELD,FIELD,... JUDGMENTS QUERIES|- even|odd|all
//         Xapian's own matcher on the same text: BM25 as it comes, any word of the query, without and with stemming;
//         measured by the code that `penchant evaluate` uses
//     relevance_bench typos  DATA INDEX JUDGMENTS even|odd|all
//         every judged query with one typing error (seeded): how many still find something, and the same first hit
//     relevance_bench typed  DATA INDEX QUERIES COLUMN COUNT
//         COUNT queries that people typed (seeded sample): how many find something without and with typo tolerance, and
//         how often the first hit stays the same
//
// Each figure is a line: what, where, value.
#include "engine/command/input_file.h"
#include "engine/command/local_engine.h"
#include "engine/command/record_reader.h"
#include "engine/evaluation/evaluation.h"
#include "engine/json_body.h"
#include "index/json_text.h"

#include <fmt/format.h>
#include <xapian.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <set>

namespace penchant {
namespace {

namespace json = boost::json;

template <class T>
T must(Result<T> result) {
    if (result.has_error()) {
        fmt::print(stderr, "relevance_bench: {}\n", result.error().what);
        std::exit(1);
    }
    return std::move(result).value();
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

void for_each_record(const std::string& path, const std::function<void(const json::object&)>& visit) {
    InputFile file = must(InputFile::open(path));
    RecordReader reader = must(RecordReader::open(file, RecordFormat::automatic, {}));
    while (const auto read = must(reader.next())) {
        const json::value row = must(parse_json_value(read->json));
        visit(row.get_object());
    }
}

// Every string below a value, as one text; "*" takes whole records.
void append_text(const json::value& value, std::string& text) {
    if (value.is_string()) (text += ' ') += std::string_view(value.get_string());
    else if (value.is_array())
        for (const json::value& part : value.get_array()) append_text(part, text);
    else if (value.is_object())
        for (const auto& [name, part] : value.get_object()) append_text(part, text);
    else if (value.is_number()) (text += ' ') += json_text(value);
}

Judgments judgments_of(const std::string& path, const std::string& queries, std::string_view half) {
    Judgments judgments = must(read_judgments(path, queries == "-" ? "" : queries));
    if (half != "all")
        std::erase_if(judgments.queries, [&](const JudgedQuery& query) { return in_even_half(query.text) != (half == "even"); });
    return judgments;
}

// Xapian alone -------------------------------------------------------------------------------------------------------

void print_means(std::string_view what, const Evaluation& evaluation) {
    for (std::size_t m = 0; m < measure_names.size(); ++m)
        fmt::print("{}\t{}\t{:.4f}\t{:.4f} .. {:.4f}\n", what, measure_names[m], evaluation.means[m].mean, evaluation.means[m].low,
                   evaluation.means[m].high);
    fmt::print("{}\twithout hits\t{}\tof {} ({} counted)\n", what, evaluation.without_hits, evaluation.queries.size(), evaluation.counted);
}

void run_bm25(const std::vector<std::string>& arguments) {
    const std::vector<std::string> fields = split(arguments[2], ',');
    const Judgments judgments = judgments_of(arguments[3], arguments[4], arguments[5]);
    MeasureOptions options;
    options.relevant_from = judgments.relevant_from();
    for (const bool stemmed : {false, true}) {
        const auto directory = std::filesystem::temp_directory_path() / fmt::format("relevance-bench-{}-{}", ::getpid(), stemmed);
        {
            Xapian::WritableDatabase database(directory.string(), Xapian::DB_CREATE_OR_OVERWRITE);
            Xapian::TermGenerator generator;
            if (stemmed) generator.set_stemmer(Xapian::Stem("english"));
            generator.set_stemming_strategy(stemmed ? Xapian::TermGenerator::STEM_ALL : Xapian::TermGenerator::STEM_NONE);
            for_each_record(arguments[0], [&](const json::object& record) {
                Xapian::Document document;
                generator.set_document(document);
                const json::value* const id = record.if_contains(arguments[1]);
                if (id == nullptr) return;
                for (const std::string& field : fields) {
                    std::string text;
                    if (field == "*") append_text(record, text);
                    else if (const json::value* const value = record.if_contains(field)) append_text(*value, text);
                    generator.index_text_without_positions(text);
                }
                document.set_data(id->is_string() ? std::string(std::string_view(id->get_string())) : json_text(*id));
                database.add_document(document);
            });
            database.commit();
            Xapian::QueryParser parser;
            if (stemmed) parser.set_stemmer(Xapian::Stem("english"));
            parser.set_stemming_strategy(stemmed ? Xapian::QueryParser::STEM_ALL : Xapian::QueryParser::STEM_NONE);
            parser.set_default_op(Xapian::Query::OP_OR);
            const auto evaluation = must(evaluate(judgments, options, [&](const std::string& text) -> Result<Found> {
                Xapian::Enquire enquire(database);
                enquire.set_weighting_scheme(Xapian::BM25Weight());
                enquire.set_query(parser.parse_query(text, 0));
                Found found;
                const Xapian::MSet matches = enquire.get_mset(0, 1000);
                found.hits = matches.get_matches_estimated();
                for (auto match = matches.begin(); match != matches.end(); ++match)
                    found.ids.push_back(match.get_document().get_data());
                return found;
            }));
            print_means(stemmed ? "BM25 stemmed" : "BM25", evaluation);
        }
        std::filesystem::remove_all(directory);
    }
}

// Typing errors ------------------------------------------------------------------------------------------------------

struct Asked {
    std::uint64_t hits = 0;
    std::string first;
};

Asked ask(LocalEngine& engine, const std::string& index, const std::string& query, bool typos) {
    const json::object answer = must(engine.search->search(
        index, {{"query", query}, {"typoTolerance", typos}, {"hitsPerPage", 1}, {"attributesToHighlight", json::array{}}}, {}));
    Asked asked;
    asked.hits = answer.at("nbHits").to_number<std::uint64_t>();
    const json::array& hits = answer.at("hits").get_array();
    if (!hits.empty()) asked.first = std::string_view(hits[0].get_object().at("objectID").get_string());
    return asked;
}

std::size_t below(std::mt19937_64& random, std::size_t count) {
    return static_cast<std::size_t>(static_cast<double>(random() >> 11U) * 0x1p-53 * static_cast<double>(count));
}

// One letter left out, doubled by another, replaced, or swapped with its neighbour, somewhere in the text.
std::string mistyped(const std::string& text, std::mt19937_64& random) {
    std::vector<std::size_t> letters;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] >= 'a' && text[i] <= 'z') letters.push_back(i);
    if (letters.empty()) return text;
    for (;;) {
        std::string changed = text;
        const std::size_t at = letters[below(random, letters.size())];
        const char other = static_cast<char>('a' + below(random, 26));
        switch (below(random, 4)) {
            case 0: changed.erase(at, 1); break;
            case 1: changed.insert(at, 1, other); break;
            case 2: changed[at] = other; break;
            default:
                if (at + 1 < changed.size() && changed[at + 1] != ' ') std::swap(changed[at], changed[at + 1]);
                break;
        }
        if (changed != text && !changed.empty()) return changed;
    }
}

void run_typos(const std::vector<std::string>& arguments) {
    const auto engine = must(open_local_engine(arguments[0], "none"));
    const Judgments judgments = judgments_of(arguments[2], "-", arguments[3]);
    std::mt19937_64 random(1);
    std::size_t asked = 0;
    std::array<std::size_t, 2> answered{};
    std::array<std::size_t, 2> same{};
    for (const JudgedQuery& query : judgments.queries) {
        const Asked right = ask(*engine, arguments[1], query.text, false);
        const std::string wrong = mistyped(query.text, random);
        if (right.hits == 0) continue;  // nothing to find
        ++asked;
        for (const bool typos : {false, true}) {
            const Asked found = ask(*engine, arguments[1], wrong, typos);
            answered[typos] += found.hits > 0;
            same[typos] += found.hits > 0 && found.first == right.first;
            if (typos && (found.hits == 0 || found.first != right.first))
                fmt::print(stderr, "{} -> {}: {} hits, first {}\n", query.text, wrong, found.hits, found.first == right.first ? "the same" : "another");
        }
    }
    fmt::print("typos\tqueries that find something as typed right\t{}\n", asked);
    for (const bool typos : {false, true})
        fmt::print("typos {}\tanswered {:.3f}\tsame first hit {:.3f}\n", typos ? "on" : "off",
                   static_cast<double>(answered[typos]) / static_cast<double>(asked), static_cast<double>(same[typos]) / static_cast<double>(asked));
}

void run_typed(const std::vector<std::string>& arguments) {
    const auto engine = must(open_local_engine(arguments[0], "none"));
    std::vector<std::string> queries;
    for_each_record(arguments[2], [&](const json::object& row) {
        const json::value* const text = row.if_contains(arguments[3]);
        if (text == nullptr || text->is_null()) return;
        queries.push_back(text->is_string() ? std::string(std::string_view(text->get_string())) : json_text(*text));
    });
    std::mt19937_64 random(1);
    for (std::size_t i = queries.size(); i > 1; --i) std::swap(queries[i - 1], queries[below(random, i)]);
    queries.resize(std::min<std::size_t>(queries.size(), std::stoul(arguments[4])));
    std::array<std::size_t, 2> answered{};
    std::size_t same = 0;
    for (const std::string& query : queries) {
        const Asked off = ask(*engine, arguments[1], query, false);
        const Asked on = ask(*engine, arguments[1], query, true);
        answered[0] += off.hits > 0;
        answered[1] += on.hits > 0;
        same += off.hits > 0 && off.first == on.first;
    }
    const double count = static_cast<double>(queries.size());
    fmt::print("typed\tqueries\t{}\n", queries.size());
    fmt::print("typed\tanswered without typo tolerance {:.3f}\twith {:.3f}\n", static_cast<double>(answered[0]) / count, static_cast<double>(answered[1]) / count);
    if (answered[0] > 0)
        fmt::print("typed\tof those answered without, same first hit with\t{:.3f}\n", static_cast<double>(same) / static_cast<double>(answered[0]));
}

}  // namespace
}  // namespace penchant

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
    try {
        if (what == "bm25" && arguments.size() == 6) penchant::run_bm25(arguments);
        else if (what == "typos" && arguments.size() == 4) penchant::run_typos(arguments);
        else if (what == "typed" && arguments.size() == 5) penchant::run_typed(arguments);
        else {
            fmt::print(stderr, "usage: see the top of tests/bench/relevance_bench.cc, or run tests/bench/relevance\n");
            return 2;
        }
    } catch (const Xapian::Error& error) {
        fmt::print(stderr, "relevance_bench: {}\n", error.get_description());
        return 1;
    }
    return 0;
}
