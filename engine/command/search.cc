// SPDX-License-Identifier: GPL-3.0-or-later
//
// penchant search: the same engine from a terminal, as somebody, with the reason for each place.
#include "engine/command/arguments.h"
#include "engine/command/local_engine.h"
#include "engine/http/client.h"
#include "index/json_text.h"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

namespace penchant {

namespace {

namespace json = boost::json;

struct Arguments {
    std::string index;
    std::string query;
    std::string data;
    std::string url;
    std::string key;
    std::string module = "personalization";
    std::string user;
    std::string filters;
    unsigned hits = 10;
    bool explain = false;
    bool as_json = false;
};

json::object parameters_of(const Arguments& arguments) {
    json::object parameters{{"query", arguments.query}, {"hitsPerPage", std::int64_t{arguments.hits}}};
    if (!arguments.filters.empty()) parameters["filters"] = arguments.filters;
    if (!arguments.user.empty()) {
        parameters["userToken"] = arguments.user;
        parameters["enablePersonalization"] = true;
    }
    if (arguments.explain) parameters["getRankingInfo"] = true;
    return parameters;
}

Result<json::object> ask_server(const Arguments& arguments) {
    PENCHANT_TRY(auto client, HttpClient::of_url(arguments.url, std::chrono::seconds{30}));
    // One name for every index, so that nothing has to be escaped into the path.
    json::object request = parameters_of(arguments);
    request["indexName"] = arguments.index;
    const json::object body{{"requests", json::array{std::move(request)}}};
    PENCHANT_TRY(const Response response,
                 client.send(Method::post, "/1/indexes/*/queries",
                             {{"X-Algolia-Application-Id", "penchant"}, {"X-Algolia-API-Key", arguments.key}}, json_text(body)));
    boost::system::error_code failure;
    json::value answer = json::parse(response.body, failure);
    if (failure || !answer.is_object()) return Error{Errc::io, "the server's answer is not JSON"};
    if (response.status != 200) {
        const auto* message = answer.get_object().if_contains("message");
        return Error{Errc::io,
                     message != nullptr && message->is_string() ? std::string{message->get_string()} : "the server refused"};
    }
    auto* results = answer.get_object().if_contains("results");
    if (results == nullptr || !results->is_array() || results->get_array().empty() || !results->get_array()[0].is_object())
        return Error{Errc::io, "the server's answer has no results"};
    return std::move(results->get_array()[0].get_object());
}

Result<json::object> ask_locally(const Arguments& arguments) {
    PENCHANT_TRY(const auto engine, open_local_engine(arguments.data, arguments.user.empty() ? "none" : arguments.module));
    return engine->search->search(arguments.index, parameters_of(arguments), {});
}

/// The first texts of a record, which is mostly its name and what else people know it by.
std::string summary(const json::object& hit) {
    std::string text;
    for (const auto& [name, value] : hit) {
        if (name == "objectID" || name.starts_with("_") || !value.is_string()) continue;
        if (!text.empty()) text += "  |  ";
        text += std::string_view{value.get_string()}.substr(0, 80);
        if (text.size() > 100) break;
    }
    return text;
}

double number(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_number()) return 0;
    return value->to_number<double>();
}

void print_explanation(const json::object& hit) {
    const auto* info = hit.if_contains("_rankingInfo");
    if (info == nullptr || !info->is_object()) return;
    const json::object& ranking = info->get_object();
    fmt::print("       words {}  proximity {}  first matched {}  exact {}  custom rank {}\n", number(ranking, "words"),
               number(ranking, "proximityDistance"), number(ranking, "firstMatchedWord"), number(ranking, "nbExactWords"),
               number(ranking, "userScore"));
    const auto* block = ranking.if_contains("personalization");
    if (block == nullptr || !block->is_object()) return;
    const json::object& personal = block->get_object();
    fmt::print("       bucket {}  place {} -> {}  visitor's score {:.4g}  custom {:.4g}  blend {:.6g}\n",
               number(personal, "textualRelevanceBucket"), number(personal, "initialPosition") + 1,
               number(personal, "newPosition") + 1, number(personal, "filtersScore"), number(personal, "rankingScore"),
               number(personal, "score"));
    const auto* affinities = personal.if_contains("affinities");
    if (affinities == nullptr || !affinities->is_array()) return;
    for (const auto& affinity : affinities->get_array()) {
        if (!affinity.is_object()) continue;
        const auto text = [&](const char* name) {
            const auto* value = affinity.get_object().if_contains(name);
            return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
        };
        fmt::print("         {}: {}  {:.4g}\n", text("facet"), text("value"), number(affinity.get_object(), "score"));
    }
}

void print_answer(const json::object& answer, const Arguments& arguments) {
    fmt::print("{} hits\n", static_cast<std::uint64_t>(number(answer, "nbHits")));
    const auto* hits = answer.if_contains("hits");
    if (hits == nullptr || !hits->is_array()) return;
    std::size_t place = 0;
    for (const auto& entry : hits->get_array()) {
        const json::object& hit = entry.get_object();
        const auto* id = hit.if_contains("objectID");
        fmt::print("{:>4}.  {}  {}\n", ++place, id != nullptr && id->is_string() ? std::string{id->get_string()} : std::string{},
                   summary(hit));
        if (arguments.explain) print_explanation(hit);
    }
}

}  // namespace

int run_search(int argc, const char* const* argv) {
    Arguments arguments;
    CLI::App app{"Searches an index from the terminal.", "penchant search"};
    app.add_option("--index", arguments.index, "name of the index")->required()->envname("PENCHANT_INDEX");
    auto* data =
        app.add_option("--data", arguments.data, "data directory (when no server runs on it)")->envname("PENCHANT_DATA_DIR");
    auto* url = app.add_option("--url", arguments.url, "address of a running server")->envname("PENCHANT_URL")->excludes(data);
    app.add_option("--key", arguments.key, "API key for --url")->envname("PENCHANT_KEY");
    app.add_option("--module", arguments.module, "module to personalize with")->capture_default_str();
    app.add_option("--user", arguments.user, "see the results as this visitor");
    app.add_option("--filters", arguments.filters, "filter expression, such as 'brand:Acme AND price < 20'");
    app.add_option("--hits", arguments.hits, "hits to show")->check(CLI::Range(1U, 1000U))->capture_default_str();
    app.add_flag("--explain", arguments.explain, "why each hit stands where it stands");
    app.add_flag("--json", arguments.as_json, "the whole answer as JSON");
    app.add_option("query", arguments.query, "QUERY (none: everything)");
    if (const auto exit = parse_arguments(app, argc, argv)) return *exit;
    if (data->empty() && url->empty()) {
        fmt::print(stderr, "penchant search: --data DIR or --url URL is needed\n");
        return exit_wrong_use;
    }
    const auto answer = arguments.url.empty() ? ask_locally(arguments) : ask_server(arguments);
    if (!answer) {
        fmt::print(stderr, "penchant search: {}\n", answer.error().what);
        return exit_failed;
    }
    if (arguments.as_json) fmt::print("{}\n", json_text(*answer));
    else print_answer(*answer, arguments);
    return exit_done;
}

}  // namespace penchant
