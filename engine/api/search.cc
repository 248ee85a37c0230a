// SPDX-License-Identifier: GPL-3.0-or-later
// Searches: one query, many, facet values, browse (A 2.1, 2.2, 2.9, 2.12).
#include "engine/api/api.h"
#include "engine/json_body.h"
#include "index/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace penchant {

namespace {

/// A number that may come as text (A 2.2), or nothing when it is neither: parse_query says what is wrong with it.
std::optional<std::int64_t> number_of(const boost::json::value* value) {
    if (value == nullptr) return std::nullopt;
    if (boost::system::error_code error; value->is_number()) {
        const auto number = value->to_number<std::int64_t>(error);  // of either sign's kind: counts are unsigned
        return error ? std::nullopt : std::optional{number};
    }
    if (value->is_string()) {
        const std::string text{std::string_view{value->get_string()}};
        char* end = nullptr;
        const long long number = std::strtoll(text.c_str(), &end, 10);
        if (!text.empty() && *end == '\0') return number;
    }
    return std::nullopt;
}

/// `params` unpacked into its keys, explicit ones winning (A 2.2), which is what a key's limits have to see.
Result<void> unfold_params(boost::json::object& parameters) {
    const boost::json::value* packed = parameters.if_contains("params");
    if (packed == nullptr || !packed->is_string()) return {};
    PENCHANT_TRY(const boost::json::object unpacked,
                 parameters_of_query_string(std::string_view{packed->get_string()}));
    parameters.erase("params");
    for (const auto& [name, value] : unpacked) {
        const boost::json::value* own = parameters.if_contains(name);
        if (own == nullptr || own->is_null()) parameters[name] = value;
    }
    return {};
}

/// maxHitsPerQuery of the caller's key (A 7.1).
Result<void> limit_hits(const Api& api, const Caller& caller, std::string_view index, bool browse,
                        boost::json::object& parameters) {
    const std::int64_t most = caller.hits_per_query_max;
    if (most == 0) return {};
    PENCHANT_CHECK(unfold_params(parameters));
    const auto settings = api.catalog.settings(index);
    const std::int64_t usual = browse ? static_cast<std::int64_t>(limits::hits_per_page_max)
                               : settings ? settings->hits_per_page
                                          : 20;
    for (const char* name : {"hitsPerPage", "length"}) {
        const boost::json::value* given = parameters.if_contains(name);
        const bool absent = given == nullptr || given->is_null();
        if (absent && std::string_view{name} == "length") continue;
        if (absent) {
            parameters[name] = std::min(usual, most);
        } else if (const auto number = number_of(given); number && *number > most) {
            parameters[name] = most;
        }
    }
    return {};
}

QueryDefaults defaults_of(const Call& call) {
    QueryDefaults defaults;
    defaults.header_user_token = call.request.header("x-algolia-usertoken");
    defaults.see_unretrievable = call.caller.may("seeUnretrievableAttributes");
    defaults.remote_address = call.request.remote_address;
    return defaults;
}

Result<boost::json::object> search_one(Api& api, const Call& call, std::string_view index, boost::json::object parameters,
                                       bool* had_enough = nullptr) {
    PENCHANT_CHECK(limit_hits(api, call.caller, index, false, parameters));
    return api.search.search(index, parameters, defaults_of(call), had_enough);
}

Result<boost::json::object> query(Api& api, const Call& call) {
    PENCHANT_TRY(boost::json::object parameters, body_object(call.request));
    return search_one(api, call, call.variables[0], std::move(parameters));
}

Result<boost::json::object> query_of_url(Api& api, const Call& call) {
    return search_one(api, call, call.variables[0], url_parameters(call.request));
}

Result<boost::json::object> facet_values(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object parameters, body_object(call.request));
    return api.search.search_facet_values(call.variables[0], call.variables[1], parameters);
}

Result<boost::json::object> browse(Api& api, const Call& call, boost::json::object parameters) {
    PENCHANT_CHECK(limit_hits(api, call.caller, call.variables[0], true, parameters));
    return api.search.browse(call.variables[0], parameters);
}

/// A query that was not run because an earlier one had enough (A 2.2).
boost::json::object not_processed(std::string_view index, bool facet) {
    if (facet)
        return {{"facetHits", boost::json::array{}}, {"exhaustiveFacetsCount", false}, {"processingTimeMS", 0},
                {"index", index},                    {"processed", false}};
    return {{"hits", boost::json::array{}}, {"nbHits", 0},        {"page", 0},
            {"nbPages", 0},                 {"hitsPerPage", 0},   {"processingTimeMS", 0},
            {"query", ""},                  {"params", ""},       {"index", index},
            {"processed", false}};
}

/// One entry of /queries, its own keys taken out of the parameters.
struct Entry {
    std::string index;
    std::optional<std::string> facet;  ///< type "facet"
    boost::json::object parameters;
};

Result<Entry> entry_of(boost::json::value& request, std::size_t position) {
    const auto bad = [position](std::string_view what) {
        return Error{Errc::bad_request, fmt::format("Query at position {}: {}", position, what)};
    };
    if (!request.is_object()) return bad("must be an object");
    Entry entry{.index = {}, .facet = {}, .parameters = std::move(request.get_object())};
    const boost::json::value* name = entry.parameters.if_contains("indexName");
    if (name == nullptr || !name->is_string() || name->get_string().empty()) return bad("\"indexName\" is required, a string");
    entry.index = std::string_view{name->get_string()};
    std::string type = "default";
    if (const boost::json::value* given = entry.parameters.if_contains("type"); given != nullptr && !given->is_null()) {
        if (!given->is_string()) return bad("\"type\" must be \"default\" or \"facet\"");
        type = std::string_view{given->get_string()};
    }
    if (type == "facet") {
        const boost::json::value* facet = entry.parameters.if_contains("facet");
        if (facet == nullptr || !facet->is_string()) return bad("\"facet\" is required when type is \"facet\"");
        entry.facet = std::string{std::string_view{facet->get_string()}};
    } else if (type != "default") {
        return bad("\"type\" must be \"default\" or \"facet\"");
    }
    for (const char* own : {"indexName", "type"}) entry.parameters.erase(own);
    if (entry.facet) entry.parameters.erase("facet");
    return entry;
}

Result<boost::json::object> queries(Api& api, const Call& call) {
    PENCHANT_TRY(boost::json::object body, body_object(call.request, false));
    boost::json::value* requests = body.if_contains("requests");
    if (requests == nullptr || !requests->is_array()) {
        return Error{Errc::bad_request, "\"requests\" is required, an array of queries"};
    }
    if (requests->get_array().size() > limits::queries_per_request_max) {
        return Error{Errc::bad_request,
                     fmt::format("{} queries in one request; {} are allowed", requests->get_array().size(),
                                 limits::queries_per_request_max)};
    }
    PENCHANT_TRY(const std::optional<std::string> strategy, text_member(body, "strategy"));
    if (strategy && *strategy != "none" && *strategy != "stopIfEnoughMatches") {
        return Error{Errc::bad_request, "\"strategy\" must be \"none\" or \"stopIfEnoughMatches\""};
    }
    const bool stop_early = strategy == "stopIfEnoughMatches";

    // Every entry is looked at before the first is run: one that may not be asked fails the call without any work.
    std::vector<Entry> entries;
    for (auto& request : requests->get_array()) {
        PENCHANT_TRY(Entry entry, entry_of(request, entries.size()));
        PENCHANT_CHECK(check_index_right(call.caller, entry.index));
        entries.push_back(std::move(entry));
    }
    boost::json::array results;
    bool stopped = false;
    for (Entry& entry : entries) {
        if (stopped) {
            results.push_back(not_processed(entry.index, entry.facet.has_value()));
            continue;
        }
        if (entry.facet) {
            PENCHANT_TRY(boost::json::object result,
                         api.search.search_facet_values(entry.index, *entry.facet, entry.parameters));
            result.emplace("index", entry.index);
            results.push_back(std::move(result));
            continue;
        }
        bool had_enough = false;
        PENCHANT_TRY(boost::json::object result,
                     search_one(api, call, entry.index, std::move(entry.parameters), &had_enough));
        stopped = stop_early && had_enough;
        results.push_back(std::move(result));
    }
    return boost::json::object{{"results", std::move(results)}};
}

}  // namespace

void add_search_routes(Router& router, Api& api) {
    router.add({Method::post, "/1/indexes/{index}/query", {"search"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(query(api, call)); }});
    router.add({Method::post, "/1/indexes/*/queries", {"search"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(queries(api, call)); }});
    router.add({Method::get, "/1/indexes/{index}", {"search"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(query_of_url(api, call)); }});
    router.add({Method::post, "/1/indexes/{index}/facets/{facet}/query", {"search"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(facet_values(api, call)); }});
    router.add({Method::post, "/1/indexes/{index}/browse", {"browse"}, RouteFamily::search, [&api](const Call& call) {
                    auto body = body_object(call.request);
                    if (body.has_error()) return error_response(body.error());
                    return answer_of(browse(api, call, std::move(*body)));
                }});
    router.add({Method::get, "/1/indexes/{index}/browse", {"browse"}, RouteFamily::search, [&api](const Call& call) {
                    return answer_of(browse(api, call, url_parameters(call.request)));
                }});
}

}  // namespace penchant
