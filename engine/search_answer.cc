// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/search_answer.h"

#include "engine/highlight.h"
#include "engine/retrieve.h"
#include "index/record.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace penchant {
namespace {

namespace json = boost::json;

// 32 hex digits from the system's generator: events name a search by it (A 4.5), so it must not be guessed.
std::string new_query_id() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, 16> bytes{};
    PENCHANT_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    std::string text;
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

json::object personalization_info(const Selected& selected, const RankedHit& hit, const Boost& boost) {
    return {{"textualRelevanceBucket", hit.bucket},
            {"initialPosition", hit.initial_position},
            {"newPosition", hit.new_position},
            {"filtersScore", hit.filters_score},
            {"rankingScore", hit.ranking_score},
            {"score", hit.score},
            {"impact", selected.impact},
            {"maxFiltersScore", selected.score_max},
            {"affinities", boost.explain(hit.ordinal)}};
}

json::object ranking_info(const Snapshot& snapshot, const Selection& selection, const RankedHit& hit) {
    const MatchDetails details = selection.describe(hit.ordinal);
    json::object info{{"nbTypos", details.typos},
                      {"firstMatchedWord", details.attribute},
                      {"proximityDistance", details.proximity},
                      {"userScore", snapshot.columns.custom_rank()[hit.ordinal]},
                      {"geoDistance", details.geo_steps},
                      {"geoPrecision", details.geo_precision},
                      {"nbExactWords", details.exact_words},
                      {"words", details.words},
                      {"filters", details.filters}};
    if (details.point)
        info.emplace("matchedGeoLocation", json::object{{"lat", details.point->latitude},
                                                        {"lng", details.point->longitude},
                                                        {"distance", details.geo_metres}});
    return info;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

Result<json::array> hits_answer(const Snapshot& snapshot, const Query& query, const Selection& selection,
                                const Selected& selected, std::span<const std::string> records, const Boost* boost) {
    static const std::vector<std::string> nothing_hidden;
    const RetrievedAttributes retrieved(
        query.attributes_to_retrieve,
        query.see_unretrievable ? nothing_hidden : snapshot.settings->unretrievable_attributes);
    const Highlighter highlighter(query, selection.text(), *snapshot.settings);
    json::array hits;
    hits.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        PENCHANT_TRY(const simdjson::dom::element element, parse_json(records[i]));
        if (!element.is_object()) return Error{Errc::corrupt, "A stored record is not a JSON object."};
        const simdjson::dom::object record(element);
        json::object hit = retrieved.apply(record);
        if (auto highlighted = highlighter.highlight(record)) hit.emplace("_highlightResult", std::move(*highlighted));
        if (auto snippets = highlighter.snippet(record)) hit.emplace("_snippetResult", std::move(*snippets));
        if (selected.distinct) hit.emplace("_distinctSeqID", selected.hits[i].distinct_place);
        if (query.get_ranking_info) {
            json::object info = ranking_info(snapshot, selection, selected.hits[i]);
            if (selected.personalized && boost)
                info.emplace("personalization", personalization_info(selected, selected.hits[i], *boost));
            if (selected.hits[i].promoted) info.emplace("promoted", true);
            hit.emplace("_rankingInfo", std::move(info));
        }
        hits.push_back(std::move(hit));
    }
    return hits;
}

std::uint64_t page_count(std::uint64_t hits, std::uint64_t reachable, std::uint64_t hits_per_page) {
    if (hits_per_page == 0) return 0;
    return (std::min(hits, reachable) + hits_per_page - 1) / hits_per_page;
}

std::string parameters_message(const Query& query) {
    std::string message;
    if (!query.unknown.empty()) message = "Unknown parameters: " + joined(query.unknown) + ".";
    if (!query.without_effect.empty()) {
        if (!message.empty()) message += ' ';
        message += "Parameters without effect in this version: " + joined(query.without_effect) + ".";
    }
    if (query.geo.around_via_ip) {
        if (!message.empty()) message += ' ';
        message += "aroundLatLngViaIP has no effect: this server has no table of addresses and places; send aroundLatLng.";
    }
    return message;
}

json::object search_answer(std::string_view index, const Snapshot& snapshot, const Query& query,
                           const Selection& selection, const Selected& selected, json::array hits) {
    const Settings& settings = *snapshot.settings;
    json::object answer;
    answer.reserve(28);
    answer.emplace("hits", std::move(hits));
    answer.emplace("nbHits", selected.count);
    if (selected.sorted) answer.emplace("nbSortedHits", *selected.sorted);
    if (query.offset || query.length) {
        answer.emplace("offset", query.offset.value_or(0));
        answer.emplace("length", query.length.value_or(query.hits_per_page));
    } else {
        answer.emplace("page", query.page);
        answer.emplace("nbPages", page_count(selected.count, query.pagination_limited_to, query.hits_per_page));
        answer.emplace("hitsPerPage", query.hits_per_page);
    }
    // The position in use; a box or a polygon takes its place (A 2.4).
    if (query.geo.around && query.geo.boxes.empty() && query.geo.polygons.empty())
        answer.emplace("aroundLatLng", fmt::format("{},{}", query.geo.around->latitude, query.geo.around->longitude));
    if (selected.automatic_radius_metres)
        answer.emplace("automaticRadius", std::to_string(*selected.automatic_radius_metres));
    json::object exhaustive{{"nbHits", true}};
    // Without typo tolerance there is nothing to say about typos.
    const bool typos = query.words.typo_tolerance != TypoTolerance::off;
    if (typos) exhaustive.emplace("typo", selection.text().typos_exhaustive);
    if (selected.facets) {
        answer.emplace("facets", facets_answer(snapshot, *selected.facets, query.max_values_per_facet,
                                               query.sort_facet_values_by));
        json::object statistics = facets_stats_answer(snapshot, *selected.facets);
        if (!statistics.empty()) answer.emplace("facets_stats", std::move(statistics));
        exhaustive.emplace("facetsCount", true);
        exhaustive.emplace("facetValues", true);
        answer.emplace("exhaustiveFacetsCount", true);
    }
    exhaustive.emplace("rulesMatch", query.rules.exhaustive);
    answer.emplace("exhaustive", std::move(exhaustive));
    answer.emplace("exhaustiveNbHits", true);
    if (typos) answer.emplace("exhaustiveTypo", selection.text().typos_exhaustive);
    answer.emplace("query", query.text_given);
    answer.emplace("params", query.params_echo);
    answer.emplace("index", index);
    if (query.click_analytics) answer.emplace("queryID", new_query_id());
    answer.emplace("renderingContent", query.rendering_content);
    const json::value& own_data = settings.user_data;
    json::array user_data = query.rules.user_data;
    if (!own_data.is_null() && !(own_data.is_object() && own_data.get_object().empty()))
        user_data.insert(user_data.begin(), own_data);
    if (!user_data.empty()) answer.emplace("userData", std::move(user_data));
    if (!selection.text().after_removal.empty()) answer.emplace("queryAfterRemoval", selection.text().after_removal);
    if (query.get_ranking_info) {
        answer.emplace("parsedQuery", selection.text().parsed());
        answer.emplace("serverUsed", "penchant");
        answer.emplace("indexUsed", index);
        answer.emplace("timeoutCounts", false);
        answer.emplace("timeoutHits", false);
        json::array applied;
        for (const std::string& id : query.rules.applied) applied.push_back(json::object{{"objectID", id}});
        answer.emplace("appliedRules", std::move(applied));
    }
    if (std::string message = parameters_message(query); !message.empty()) answer.emplace("message", std::move(message));
    return answer;
}

void apply_response_fields(json::object& answer, const Query& query) {
    const auto& wanted = query.response_fields;
    const auto asked = [&](std::string_view name) { return std::find(wanted.begin(), wanted.end(), name) != wanted.end(); };
    if (wanted.empty() || asked("*")) return;
    constexpr std::array always = {"message", "warning", "cursor", "abTestVariantID", "parsedQuery", "serverUsed",
                                   "indexUsed", "timeoutCounts", "timeoutHits", "appliedRules"};
    std::vector<std::string> unwanted;
    for (const auto& [name, value] : answer) {
        const std::string_view field(name);
        if (!asked(field) && std::find(always.begin(), always.end(), field) == always.end()) unwanted.emplace_back(field);
    }
    for (const std::string& name : unwanted) answer.erase(name);
}

}  // namespace penchant
