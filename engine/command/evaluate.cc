// SPDX-License-Identifier: GPL-3.0-or-later
//
// penchant evaluate: how good the results of judged queries are, with intervals, and what another settings file would change.
//
// Settings are tried on a copy of the index, which is removed at the end: every setting can be tried, those too for
// which all records are analysed again, and the index itself is never touched.
#include "engine/command/arguments.h"
#include "engine/command/search_target.h"
#include "engine/evaluation/evaluation.h"
#include "engine/json_body.h"
#include "index/json_text.h"
#include "index/limits.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace penchant {

namespace {

namespace json = boost::json;

constexpr std::size_t changes_shown_max = 20;

struct Arguments {
    std::string judgments;
    std::string queries;
    std::string index;
    std::string data;
    std::string url;
    std::string key;
    std::string settings;
    std::string against;
    std::string parameters = "{}";
    std::string query_as = "query";
    std::string half;
    std::string gain = "exponential";
    double relevant_from = 0;  // 0: half of the best grade
    unsigned depth = 1000;
    bool as_json = false;
    bool per_query = false;
};

Result<json::object> object_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{Errc::io, "cannot read " + path};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto value = parse_json_value(text);
    if (value.has_error()) return Error{Errc::bad_request, path + ": " + value.error().what};
    if (!value->is_object()) return Error{Errc::bad_request, path + ": settings are a JSON object"};
    return std::move(value->get_object());
}

// A copy of the index with other settings, gone when the evaluation ends.
class Trial {
public:
    [[nodiscard]] static Result<std::unique_ptr<Trial>> make(SearchTarget& target, const std::string& index,
                                                             const std::string& settings_path) {
        PENCHANT_TRY(const json::object changes, object_of_file(settings_path));
        auto trial = std::make_unique<Trial>(target, fmt::format("{}_evaluate_{}_{}", index, ::getpid(), trials_++));
        PENCHANT_CHECK(target.copy_with_settings(index, trial->name(), changes));
        return trial;
    }
    Trial(SearchTarget& target, std::string name) : target_{&target}, name_{std::move(name)} {}
    ~Trial() {
        if (const auto removed = target_->remove(name_); removed.has_error())
            fmt::print(stderr, "penchant evaluate: the copy {} stays: {}\n", name_, removed.error().what);
    }
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    inline static int trials_ = 0;
    SearchTarget* target_;
    std::string name_;
};

Result<Evaluation> evaluate_index(SearchTarget& target, const std::string& index, const Arguments& arguments,
                                  const json::object& parameters, const Judgments& judgments, const MeasureOptions& options) {
    return evaluate(judgments, options, [&](const std::string& query) -> Result<Found> {
        json::object asked = parameters;
        asked[arguments.query_as] = query;
        asked["hitsPerPage"] = std::int64_t{arguments.depth};
        asked["attributesToRetrieve"] = json::array{};
        asked["attributesToHighlight"] = json::array{};
        asked["attributesToSnippet"] = json::array{};
        asked["analytics"] = false;
        auto answer = target.search(index, asked);
        if (answer.has_error()) return Error{answer.error().code, "query \"" + query + "\": " + answer.error().what};
        Found found;
        if (const json::value* const hits = answer->if_contains("hits"); hits != nullptr && hits->is_array())
            for (const json::value& hit : hits->get_array())
                if (const json::value* const id = hit.is_object() ? hit.get_object().if_contains("objectID") : nullptr;
                    id != nullptr && id->is_string())
                    found.ids.emplace_back(std::string_view(id->get_string()));
        if (const json::value* const count = answer->if_contains("nbHits"); count != nullptr && count->is_number())
            found.hits = count->to_number<std::uint64_t>();
        return found;
    });
}

// Printing ---------------------------------------------------------------------------------------------------------------

struct Report {
    const Arguments& arguments;
    const MeasureOptions& options;
    const Evaluation& first;
    const Evaluation* second = nullptr;  // of --against
    std::optional<Comparison> comparison;
};

std::string first_name(const Arguments& arguments) { return arguments.settings.empty() ? "as it is" : arguments.settings; }

void print_text(const Report& report) {
    const Evaluation& first = report.first;
    fmt::print("{}: {} judged queries, {} with a result of grade {:g} or more, which the means are over\n", report.arguments.index,
               first.queries.size(), first.counted, report.options.relevant_from);
    fmt::print("without any hit: {} of {}", first.without_hits, first.queries.size());
    if (report.second != nullptr) fmt::print("; with {}: {}", report.arguments.against, report.second->without_hits);
    fmt::print("\n\n{:<12}{:>8}  {:<18}", "", "mean", "95 % interval");
    if (report.second != nullptr) fmt::print("{:>8}  {:>10}  {:<18}", "against", "difference", "95 % interval");
    fmt::print("\n");
    for (std::size_t m = 0; m < measure_names.size(); ++m) {
        const Interval& mean = first.means[m];
        fmt::print("{:<12}{:>8.4f}  {:.4f} .. {:.4f}  ", measure_names[m], mean.mean, mean.low, mean.high);
        if (report.second != nullptr) {
            const Interval& difference = report.comparison->differences[m];
            fmt::print("{:>8.4f}  {:>+10.4f}  {:+.4f} .. {:+.4f}", report.second->means[m].mean, difference.mean, difference.low, difference.high);
        }
        fmt::print("\n");
    }
    if (report.comparison) {
        const Comparison& comparison = *report.comparison;
        fmt::print("\nnDCG@10 by query: {} better with {}, {} worse, {} the same\n", comparison.wins, report.arguments.against,
                   comparison.losses, comparison.ties);
        for (std::size_t i = 0; i < std::min(changes_shown_max, comparison.changed.size()); ++i) {
            const QueryResult& before = first.queries[comparison.changed[i]];
            const QueryResult& after = report.second->queries[comparison.changed[i]];
            fmt::print("  {:+.4f}  {:.4f} -> {:.4f}  {}\n", after.measures[0] - before.measures[0], before.measures[0], after.measures[0], before.query);
        }
    }
    if (!report.arguments.per_query) return;
    fmt::print("\n");
    for (const std::string_view name : measure_names) fmt::print("{:>11}", name);
    fmt::print("{:>9}  query\n", "hits");
    for (const QueryResult& query : first.queries) {
        for (const double value : query.measures) {
            if (query.counted) fmt::print("{:>11.4f}", value);
            else fmt::print("{:>11}", "-");
        }
        fmt::print("{:>9}  {}\n", query.hits, query.query);
    }
}

json::object object_of(const Interval& interval) {
    return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

json::object object_of(const Evaluation& evaluation, const std::string& name, bool per_query) {
    json::object means;
    for (std::size_t m = 0; m < measure_names.size(); ++m) means[measure_names[m]] = object_of(evaluation.means[m]);
    json::object object{{"settings", name},
                        {"queries", evaluation.queries.size()},
                        {"counted", evaluation.counted},
                        {"withoutHits", evaluation.without_hits},
                        {"means", std::move(means)}};
    if (!per_query) return object;
    json::array queries;
    for (const QueryResult& query : evaluation.queries) {
        json::object one{{"query", query.query}, {"hits", query.hits}, {"counted", query.counted}};
        for (std::size_t m = 0; query.counted && m < measure_names.size(); ++m) one[measure_names[m]] = query.measures[m];
        queries.push_back(std::move(one));
    }
    object["perQuery"] = std::move(queries);
    return object;
}

void print_json(const Report& report) {
    json::object all{{"index", report.arguments.index},
                     {"relevantFrom", report.options.relevant_from},
                     {"gain", report.arguments.gain},
                     {"first", object_of(report.first, first_name(report.arguments), report.arguments.per_query)}};
    if (report.second != nullptr) {
        all["second"] = object_of(*report.second, report.arguments.against, report.arguments.per_query);
        json::object differences;
        for (std::size_t m = 0; m < measure_names.size(); ++m)
            differences[measure_names[m]] = object_of(report.comparison->differences[m]);
        all["differences"] = std::move(differences);
        all["wins"] = report.comparison->wins;
        all["losses"] = report.comparison->losses;
        all["ties"] = report.comparison->ties;
        json::array changed;
        for (const std::size_t query : report.comparison->changed) changed.emplace_back(report.first.queries[query].query);
        all["changed"] = std::move(changed);
    }
    fmt::print("{}\n", json_text(all));
}

Result<void> run(const Arguments& arguments) {
    PENCHANT_TRY(const json::value given, parse_json_value(arguments.parameters));
    if (!given.is_object()) return Error{Errc::bad_request, "--parameters: expected a JSON object of search parameters"};
    PENCHANT_TRY(Judgments judgments, read_judgments(arguments.judgments, arguments.queries));
    if (!arguments.half.empty())
        std::erase_if(judgments.queries, [&](const JudgedQuery& query) {
            return in_even_half(query.text) != (arguments.half == "even");
        });
    if (judgments.queries.empty()) return Error{Errc::bad_request, "this half has no query"};
    MeasureOptions options;
    options.relevant_from = arguments.relevant_from > 0 ? arguments.relevant_from : judgments.relevant_from();
    if (options.relevant_from <= 0) return Error{Errc::bad_request, arguments.judgments + ": every grade is 0"};
    options.gain = arguments.gain == "linear" ? Gain::linear : Gain::exponential;

    PENCHANT_TRY(const auto target, arguments.url.empty() ? local_search_target(arguments.data)
                                                          : remote_search_target(arguments.url, arguments.key));
    std::unique_ptr<Trial> first_trial;
    std::unique_ptr<Trial> second_trial;
    if (!arguments.settings.empty()) {
        PENCHANT_TRY(first_trial, Trial::make(*target, arguments.index, arguments.settings));
    }
    if (!arguments.against.empty()) {
        PENCHANT_TRY(second_trial, Trial::make(*target, arguments.index, arguments.against));
    }
    const auto evaluated = [&](const std::string& index) {
        return evaluate_index(*target, index, arguments, given.get_object(), judgments, options);
    };
    PENCHANT_TRY(const Evaluation first, evaluated(first_trial ? first_trial->name() : arguments.index));
    std::optional<Evaluation> second;
    Report report{arguments, options, first, nullptr, std::nullopt};
    if (second_trial) {
        PENCHANT_TRY(second, evaluated(second_trial->name()));
        report.second = &*second;
        report.comparison = compare(first, *second);
    }
    if (arguments.as_json) print_json(report);
    else print_text(report);
    return {};
}

}  // namespace

int run_evaluate(int argc, const char* const* argv) {
    Arguments arguments;
    CLI::App app{"Measures how good the results of judged queries are, and what other settings would change.", "penchant evaluate"};
    app.add_option("--judgments", arguments.judgments, "CSV, TSV or NDJSON with columns query, objectID, grade")->required();
    app.add_option("--queries", arguments.queries, "texts of the queries, when the judgments have a query_id: columns query_id, query");
    app.add_option("--index", arguments.index, "name of the index")->required()->envname("PENCHANT_INDEX");
    auto* data = app.add_option("--data", arguments.data, "data directory (when no server runs on it)")->envname("PENCHANT_DATA_DIR");
    auto* url = app.add_option("--url", arguments.url, "address of a running server")->envname("PENCHANT_URL")->excludes(data);
    app.add_option("--key", arguments.key, "API key for --url; --settings and --against need its ACL addObject, editSettings and deleteIndex")
        ->envname("PENCHANT_KEY");
    app.add_option("--settings", arguments.settings, "settings file to measure, laid over the settings of a copy (default: the index as it is)");
    app.add_option("--against", arguments.against, "settings file to compare with, laid over those of another copy");
    app.add_option("--parameters", arguments.parameters, "search parameters of every query, as JSON")->capture_default_str();
    app.add_option("--query-as", arguments.query_as, "parameter that carries the text of a query")
        ->check(CLI::IsMember({"query", "similarQuery"}))->capture_default_str();
    app.add_option("--relevant-from", arguments.relevant_from, "a result of this grade or more is good (default: half of the best grade)")
        ->check(CLI::PositiveNumber);
    app.add_option("--gain", arguments.gain, "of a grade, for nDCG: 2^grade - 1, or the grade")->check(CLI::IsMember({"exponential", "linear"}))->capture_default_str();
    app.add_option("--depth", arguments.depth, "hits to look at")->check(CLI::Range(std::size_t{10}, limits::hits_per_page_max))->capture_default_str();
    app.add_option("--half", arguments.half, "only this half of the queries, picked by their texts")->check(CLI::IsMember({"even", "odd"}));
    app.add_flag("--json", arguments.as_json, "the figures as JSON");
    app.add_flag("--per-query", arguments.per_query, "the figures of every query");
    if (const auto exit = parse_arguments(app, argc, argv)) return *exit;
    if (data->empty() && url->empty()) {
        fmt::print(stderr, "penchant evaluate: --data DIR or --url URL is needed\n");
        return exit_wrong_use;
    }
    if (const auto outcome = run(arguments); outcome.has_error()) {
        fmt::print(stderr, "penchant evaluate: {}\n", outcome.error().what);
        return exit_failed;
    }
    return exit_done;
}

}  // namespace penchant
