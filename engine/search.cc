// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/search.h"

#include "engine/candidate_cache.h"
#include "engine/cursor.h"
#include "engine/dictionary_store.h"
#include "engine/facet_search.h"
#include "engine/json_body.h"
#include "engine/rules_cache.h"
#include "engine/search_answer.h"
#include "engine/selection.h"
#include "engine/synonyms_cache.h"
#include "index/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace penchant {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

// A commit may overtake a search between ranking and fetching its records. Twice in a row is rare, thrice is a
// reason to say so.
constexpr int attempts_max = 3;

std::int64_t milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
}

Error no_such_index(std::string_view index) {
    return {Errc::not_found, fmt::format("Index {} does not exist", index)};
}

// `cursor` may stand beside the parameters or inside `params` (A 2.12).
Result<std::optional<std::string>> find_cursor(const json::object& parameters) {
    const json::value* cursor = parameters.if_contains("cursor");
    json::object unpacked;
    if (const json::value* packed = parameters.if_contains("params"); !cursor && packed && packed->is_string()) {
        PENCHANT_TRY(unpacked, parameters_of_query_string(std::string_view(packed->get_string())));
        cursor = unpacked.if_contains("cursor");
    }
    if (!cursor || cursor->is_null()) return std::optional<std::string>{};
    if (!cursor->is_string()) return Error{Errc::bad_request, "Parameter \"cursor\": expected a string."};
    return std::optional<std::string>(std::string_view(cursor->get_string()));
}

// As many hits as a page has: what `strategy` waits for (A 2.2).
bool has_enough(const Query& query, std::uint64_t hits) {
    const bool by_offset = query.offset || query.length;
    return hits >= (by_offset ? query.length.value_or(query.hits_per_page) : query.hits_per_page);
}

// The first match behind `last` in document order; ordinals ascend with document ids.
std::size_t first_behind(const Snapshot& snapshot, const std::vector<Ordinal>& ordinals, DocumentId last) {
    const auto found = std::partition_point(ordinals.begin(), ordinals.end(),
                                            [&](Ordinal ordinal) { return snapshot.document(ordinal) <= last; });
    return static_cast<std::size_t>(found - ordinals.begin());
}

constexpr std::string_view delete_filters[] = {"filters",      "facetFilters", "numericFilters",    "tagFilters",
                                               "aroundLatLng", "aroundRadius", "insideBoundingBox", "insidePolygon"};

// A facet that is not listed matches nothing, and its negation everything: fine for a search, not for a delete.
const std::string* unlisted_attribute(const FilterExpression& expression, const Settings& settings) {
    if (expression.kind == FilterExpression::Kind::term)
        return expression.term.kind == FilterTerm::Kind::facet && !settings.facet(expression.term.attribute)
                   ? &expression.term.attribute
                   : nullptr;
    for (const FilterExpression& part : expression.parts)
        if (const std::string* found = unlisted_attribute(part, settings)) return found;
    return nullptr;
}

// The filters of a deleteByQuery body, and nothing else: ignoring a condition would delete more than was asked for.
Result<Query> delete_query(const json::object& body, const Settings& settings) {
    json::object unpacked = body;
    if (const json::value* packed = body.if_contains("params"); packed && packed->is_string()) {
        PENCHANT_TRY(unpacked, parameters_of_query_string(std::string_view(packed->get_string())));
        for (const auto& [name, value] : body)
            if (name != "params" && !value.is_null()) unpacked[name] = value;
    }
    for (const auto& [key, value] : unpacked) {
        const std::string_view name(key);
        if (value.is_null() || std::find(std::begin(delete_filters), std::end(delete_filters), name) != std::end(delete_filters))
            continue;
        return Error{Errc::bad_request,
                     fmt::format("deleteByQuery cannot select by \"{}\"; filters, facetFilters, numericFilters, "
                                 "tagFilters, aroundLatLng, aroundRadius, insideBoundingBox and insidePolygon are "
                                 "possible.", name)};
    }
    PENCHANT_TRY(Query query, parse_query(unpacked, settings));
    PENCHANT_TRY(const QueryFilters filters, parse_query_filters(query));
    if (!query.without_effect.empty())
        return Error{Errc::bad_request, fmt::format("deleteByQuery cannot select by \"{}\".", query.without_effect.front())};
    const GeoQuery& geo = query.geo;
    const bool by_distance = geo.around && geo.boxes.empty() && geo.polygons.empty();
    // An automatic radius depends on how many match, and "all" is no condition.
    if (by_distance && !geo.radius_metres)
        return Error{Errc::bad_request, "deleteByQuery with aroundLatLng needs aroundRadius in metres."};
    if (filters.required.everything() && !geo.any())
        return Error{Errc::bad_request, "deleteByQuery needs a filter; use clear to delete all records."};
    if (const std::string* attribute = unlisted_attribute(filters.required, settings))
        return Error{Errc::bad_request,
                     fmt::format("deleteByQuery filters by \"{}\", which attributesForFaceting does not list.", *attribute)};
    return query;
}

}  // namespace

struct SearchService::Body {
    Catalog& catalog;
    Module* module;
    Metrics& metrics;
    const DictionaryStore* dictionaries;
    CandidateCache cache{limits::candidate_cache_bytes_max};
    SynonymsCache synonyms{};
    RulesCache rules{};

    // Runs `attempt` on the current snapshot, again when a commit overtook it.
    template <class Attempt>
    Result<json::object> on_snapshot(std::string_view index, Attempt&& attempt) {
        for (int left = attempts_max;; --left) {
            const std::shared_ptr<const Snapshot> snapshot = catalog.snapshot(index);
            if (!snapshot) return no_such_index(index);
            Result<json::object> answer = attempt(*snapshot);
            if (answer.has_value() || answer.error().code != Errc::stale_snapshot) return answer;
            if (left == 1)
                return Error{Errc::overloaded, fmt::format("Index {} changed {} times during the search; try again.",
                                                           index, attempts_max)};
        }
    }

    [[nodiscard]] WordKnowledge knowledge(const Snapshot& snapshot) {
        WordKnowledge knowledge;
        knowledge.synonyms = synonyms.of(snapshot);
        if (dictionaries) knowledge.language = Language(dictionaries->current());
        return knowledge;
    }

    std::unique_ptr<Boost> boost_for(std::string_view index, const Snapshot& snapshot, const Query& query) {
        if (!module || !query.enable_personalization || query.personalization_impact == 0) return nullptr;
        SearchContext context{.index = index, .snapshot = snapshot, .user_token = query.user_token, .enabled = true,
                              .impact = query.personalization_impact, .filters = query.personalization_filters,
                              .has_filters = query.has_personalization_filters};
        return module->boost(context);
    }

    /// The request as the rules of the index leave it; its words may stand for others where a rule allows that.
    Result<RuledQuery> apply_rules_of(std::string_view index, const Snapshot& snapshot, const json::object& parameters,
                                      const QueryDefaults& defaults) {
        const auto compiled = rules.of(snapshot);
        const WordsAlike alike = words_alike(snapshot, knowledge(snapshot));
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const FindObject look_up = [&](std::string_view id) { return catalog.find_object(index, snapshot, id); };
        return ruled_query(parameters, snapshot, defaults, compiled->rules, alike,
                           std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                           [&](std::string_view id) { return compiled->places.find(snapshot.generation, id, look_up); });
    }

    Result<std::vector<std::string>> fetch(std::string_view index, const Snapshot& snapshot,
                                           const std::vector<RankedHit>& hits) {
        if (hits.empty()) return std::vector<std::string>{};
        std::vector<Ordinal> ordinals;
        ordinals.reserve(hits.size());
        for (const RankedHit& hit : hits) ordinals.push_back(hit.ordinal);
        return catalog.records(index, snapshot, ordinals);
    }

    // Tells the module of a search that counts, or that events may name.
    void report(std::string_view index, const Snapshot& snapshot, const Query& query, const Selection& selection,
                const Selected& selected, const json::object& answer, std::string_view remote_address,
                Clock::time_point begin) {
        if (!module || !(query.analytics || query.click_analytics)) return;
        std::vector<std::string_view> shown;
        for (const json::value& hit : answer.at("hits").get_array()) {
            const json::value* id = hit.get_object().if_contains("objectID");
            if (!id || !id->is_string() || shown.size() == limits::search_log_hits_max) break;
            shown.emplace_back(id->get_string());
        }
        const std::vector<SearchReport::Filter> filters =
            reported_filters(selection.filters().required, limits::search_log_filters_max);
        SearchReport report;
        report.index = index;
        report.query = query.text_given;
        report.normalized = normalized_query(query.text_given, *snapshot.settings);
        report.user_token = query.user_token;
        report.token_is_address = !remote_address.empty() && query.user_token == remote_address;
        if (const json::value* id = answer.if_contains("queryID")) report.query_id = std::string_view(id->get_string());
        report.hits = selected.count;
        report.offset = page_cut(query).offset;
        report.object_ids = shown;
        report.filters = filters;
        report.tags = query.analytics_tags;
        report.counted = query.analytics;
        report.personalized = selected.personalized;
        report.microseconds = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
        module->on_search(report);
    }

    Result<json::object> search(std::string_view index, const Snapshot& snapshot, const json::object& parameters,
                                const QueryDefaults& defaults, bool* had_enough, Clock::time_point begin) {
        PENCHANT_TRY(const RuledQuery ruled, apply_rules_of(index, snapshot, parameters, defaults));
        const Query& query = ruled.query;
        PENCHANT_TRY(Selection selection, Selection::prepare(snapshot, query, knowledge(snapshot)));
        selection.pin(ruled.pins);
        const std::unique_ptr<Boost> boost = boost_for(index, snapshot, query);
        const Selected selected = selection.run(index, boost.get(), &cache);
        PENCHANT_TRY(const std::vector<std::string> records, fetch(index, snapshot, selected.hits));
        PENCHANT_TRY(json::array hits, hits_answer(snapshot, query, selection, selected, records, boost.get()));
        json::object answer = search_answer(index, snapshot, query, selection, selected, std::move(hits));
        answer.emplace("processingTimeMS", milliseconds_since(begin));
        report(index, snapshot, query, selection, selected, answer, defaults.remote_address, begin);
        if (had_enough) *had_enough = has_enough(query, selected.count);
        apply_response_fields(answer, query);
        metrics.count(selected.personalized
                          ? (selected.from_cache ? R"(penchant_searches_total{personalized="yes",candidates="cached"})"
                                                 : R"(penchant_searches_total{personalized="yes",candidates="found"})")
                          : (selected.from_cache ? R"(penchant_searches_total{personalized="no",candidates="cached"})"
                                                 : R"(penchant_searches_total{personalized="no",candidates="found"})"));
        return answer;
    }

    Result<json::object> browse(std::string_view index, const Snapshot& snapshot, const json::object& parameters,
                                const std::optional<Cursor>& cursor, Clock::time_point begin) {
        QueryDefaults defaults;
        defaults.browse = true;
        PENCHANT_TRY(const Query query, parse_query(parameters, *snapshot.settings, defaults));
        PENCHANT_TRY(const Selection selection, Selection::prepare(snapshot, query, knowledge(snapshot)));
        const std::shared_ptr<const Matches> matches = selection.matches(index, &cache);
        const std::size_t from = cursor ? first_behind(snapshot, matches->ordinals, cursor->last)
                                        : std::min<std::size_t>(matches->ordinals.size(),
                                                                std::size_t{query.page} * query.hits_per_page);
        const std::size_t to = std::min<std::size_t>(matches->ordinals.size(), from + query.hits_per_page);
        Selected selected;
        selected.count = matches->ordinals.size();
        for (std::size_t i = from; i < to; ++i) selected.hits.push_back({.ordinal = matches->ordinals[i]});
        PENCHANT_TRY(const std::vector<std::string> records, fetch(index, snapshot, selected.hits));
        PENCHANT_TRY(json::array hits, hits_answer(snapshot, query, selection, selected, records, nullptr));

        const std::uint32_t page = cursor ? cursor->page : query.page;
        json::object answer;
        answer.emplace("hits", std::move(hits));
        // The last page has no cursor, not even an empty one (A 10.1, 7).
        if (to > from && to < matches->ordinals.size()) {
            Cursor next{std::string(index), parameters, snapshot.document(matches->ordinals[to - 1]), page + 1};
            next.parameters.erase("cursor");
            answer.emplace("cursor", next.text());
        }
        answer.emplace("page", page);
        answer.emplace("nbHits", selected.count);
        answer.emplace("nbPages", page_count(selected.count, selected.count, query.hits_per_page));
        answer.emplace("hitsPerPage", query.hits_per_page);
        answer.emplace("query", query.text);
        answer.emplace("params", query.params_echo);
        if (std::string message = parameters_message(query); !message.empty()) answer.emplace("message", std::move(message));
        answer.emplace("processingTimeMS", milliseconds_since(begin));
        apply_response_fields(answer, query);
        return answer;
    }

    Result<json::object> facet_values(std::string_view index, std::string_view facet, const Snapshot& snapshot,
                                      const json::object& parameters, Clock::time_point begin) {
        const FacetAttribute* attribute = snapshot.settings->facet(facet);
        if (!attribute || !attribute->searchable)
            return Error{Errc::bad_request,
                         fmt::format("Cannot search the values of \"{0}\": attributesForFaceting has no "
                                     "searchable({0}).", facet)};
        PENCHANT_TRY(RuledQuery ruled, apply_rules_of(index, snapshot, parameters, {}));
        Query& query = ruled.query;
        query.facets = {std::string(facet)};
        query.hits_per_page = 0;
        query.offset.reset();
        query.length.reset();
        PENCHANT_TRY(Selection selection, Selection::prepare(snapshot, query, knowledge(snapshot)));
        selection.pin(ruled.pins);
        const Selected selected = selection.run(index, nullptr, &cache);

        FacetHits found = facet_hits(snapshot, query, *selected.facets);
        json::object answer{{"facetHits", std::move(found.hits)},
                            {"exhaustiveFacetsCount", found.exhaustive},
                            {"processingTimeMS", milliseconds_since(begin)}};
        if (std::string message = parameters_message(query); !message.empty()) answer.emplace("message", std::move(message));
        return answer;
    }
};

SearchService::SearchService(Catalog& catalog, Module* module, Metrics& metrics, const DictionaryStore* dictionaries)
    : body_(new Body{catalog, module, metrics, dictionaries}) {}

SearchService::~SearchService() = default;

Result<json::object> SearchService::search(std::string_view index, const json::object& parameters,
                                           const QueryDefaults& defaults, bool* had_enough) {
    const Clock::time_point begin = Clock::now();
    return body_->on_snapshot(index, [&](const Snapshot& snapshot) {
        return body_->search(index, snapshot, parameters, defaults, had_enough, begin);
    });
}

Result<json::object> SearchService::browse(std::string_view index, const json::object& parameters) {
    const Clock::time_point begin = Clock::now();
    PENCHANT_TRY(const std::optional<std::string> text, find_cursor(parameters));
    std::optional<Cursor> cursor;
    json::object merged = parameters;
    if (text) {
        PENCHANT_TRY(cursor, Cursor::parse(*text));
        if (cursor->index != index)
            return Error{Errc::bad_request, fmt::format("The cursor belongs to index {}, not {}.", cursor->index, index)};
        // What is given now wins: a key's forced parameters must not be undone by a cursor.
        merged = cursor->parameters;
        for (const auto& [name, value] : parameters)
            if (!value.is_null()) merged[name] = value;
    }
    return body_->on_snapshot(index, [&](const Snapshot& snapshot) {
        return body_->browse(index, snapshot, merged, cursor, begin);
    });
}

Result<json::object> SearchService::search_facet_values(std::string_view index, std::string_view facet,
                                                        const json::object& parameters) {
    const Clock::time_point begin = Clock::now();
    return body_->on_snapshot(index, [&](const Snapshot& snapshot) {
        return body_->facet_values(index, facet, snapshot, parameters, begin);
    });
}

void SearchService::clear_cache() { body_->cache.clear(); }

Result<std::vector<Ordinal>> select_by_query(const Snapshot& snapshot, std::string_view body) {
    PENCHANT_TRY(const json::value value, parse_json_value(body));
    if (!value.is_object()) return Error{Errc::bad_request, "deleteByQuery: expected a JSON object."};
    PENCHANT_TRY(const Query query, delete_query(value.get_object(), *snapshot.settings));
    PENCHANT_TRY(const Selection selection, Selection::prepare(snapshot, query));
    return selection.matches({}, nullptr)->ordinals;
}

Result<void> check_delete_by_query(const json::object& body, const Settings& settings) {
    PENCHANT_CHECK(delete_query(body, settings));
    return {};
}

}  // namespace penchant
