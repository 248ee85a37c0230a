// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query.h"

#include "index/json_text.h"
#include "index/limits.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>

namespace penchant {
namespace {

using Json = boost::json::value;

std::string_view text_of(const Json& value) { return std::string_view(value.get_string()); }

Error expected(std::string_view name, std::string_view what) {
    return {Errc::bad_request, fmt::format("Parameter \"{}\": expected {}.", name, what)};
}

// Reading with the contract's leniencies (A 2.2): text for anything, and numbers or 0 and 1 for booleans -----------------

Result<std::string> read_text(std::string_view name, const Json& value) {
    if (value.is_string()) return std::string(text_of(value));
    if (value.is_number() || value.is_bool()) return json_text(value);
    return expected(name, "a string");
}

Result<bool> read_bool(std::string_view name, const Json& value) {
    if (value.is_bool()) return value.get_bool();
    const std::string text = value.is_string() ? std::string(text_of(value)) : json_text(value);
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0" || text.empty()) return false;
    return expected(name, "true or false");
}

Result<std::uint32_t> read_integer(std::string_view name, const Json& value, std::int64_t min, std::int64_t max) {
    std::int64_t number = -1;
    bool good = false;
    if (value.is_int64()) {
        number = value.get_int64();
        good = true;
    } else if (value.is_double() && value.get_double() >= 0 && value.get_double() < 1e15) {
        number = static_cast<std::int64_t>(value.get_double());
        good = static_cast<double>(number) == value.get_double();
    } else if (value.is_string()) {
        const std::string_view text = text_of(value);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        good = !text.empty() && error == std::errc() && end == text.data() + text.size();
    }
    if (!good || number < min || number > max) return expected(name, fmt::format("an integer from {} to {}", min, max));
    return static_cast<std::uint32_t>(number);
}

// Arrays, their JSON as text, or a list with commas (A 1.4).
Result<std::vector<std::string>> read_list(std::string_view name, const Json& value) {
    std::vector<std::string> list;
    if (value.is_string()) {
        const std::string_view text = text_of(value);
        if (text.starts_with('[')) {
            boost::system::error_code error;
            const Json parsed = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
            if (!error && parsed.is_array()) return read_list(name, parsed);
        }
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t end = std::min(text.find(',', begin), text.size());
            std::string_view part = text.substr(begin, end - begin);
            while (part.starts_with(' ')) part.remove_prefix(1);
            while (part.ends_with(' ')) part.remove_suffix(1);
            if (!part.empty()) list.emplace_back(part);
            begin = end + 1;
        }
        return list;
    }
    if (!value.is_array()) return expected(name, "an array of strings");
    for (const Json& part : value.get_array()) {
        if (!part.is_string()) return expected(name, "an array of strings");
        list.emplace_back(text_of(part));
    }
    return list;
}

// personalizationFilters hold commas and brackets of their own, so a lone string is one filter.
Result<std::vector<std::string>> read_filter_list(std::string_view name, const Json& value) {
    if (value.is_string() && !text_of(value).starts_with('[')) {
        if (text_of(value).empty()) return std::vector<std::string>{};
        return std::vector<std::string>{std::string(text_of(value))};
    }
    return read_list(name, value);
}

// facetFilters and its like: kept as JSON; text that holds an array is unpacked.
Result<Json> read_filters(std::string_view name, const Json& value) {
    if (!value.is_string()) {
        if (!value.is_array()) return expected(name, "a string or an array");
        return value;
    }
    const std::string_view text = text_of(value);
    if (!text.starts_with('[')) return value;
    boost::system::error_code error;
    Json parsed = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
    if (error) return expected(name, "a JSON array");
    return parsed;
}

template <class Enum>
Result<Enum> read_word(std::string_view name, const Json& value,
                       std::initializer_list<std::pair<std::string_view, Enum>> words) {
    std::string choices;
    for (const auto& [word, meaning] : words) {
        if (value.is_string() && text_of(value) == word) return meaning;
        choices += (choices.empty() ? "\"" : ", \"") + std::string(word) + '"';
    }
    return expected(name, "one of " + choices);
}

// The parameters this version acts on -------------------------------------------------------------------------------

using Setter = Result<void> (*)(Query& query, std::string_view name, const Json& value);

template <std::string Query::* member>
Result<void> set_text(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(query.*member, read_text(name, value));
    return {};
}
template <bool Query::* member>
Result<void> set_bool(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(query.*member, read_bool(name, value));
    return {};
}
template <std::vector<std::string> Query::* member>
Result<void> set_list(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(query.*member, read_list(name, value));
    return {};
}
template <Json Query::* member>
Result<void> set_filters(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(query.*member, read_filters(name, value));
    return {};
}
template <std::uint32_t Query::* member, std::int64_t min, std::int64_t max>
Result<void> set_integer(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(query.*member, read_integer(name, value, min, max));
    return {};
}

constexpr std::int64_t any_u32 = std::numeric_limits<std::uint32_t>::max();

const std::map<std::string_view, Setter>& setters() {
    static const std::map<std::string_view, Setter> all{
        {"query",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.text, read_text(name, value));
             if (query.text.size() > limits::query_bytes_max)
                 return expected(name, fmt::format("at most {} bytes", limits::query_bytes_max));
             return {};
         }},
        {"queryType",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.words.query_type,
                          read_word<QueryType>(name, value, {{"prefixLast", QueryType::prefix_last},
                                                             {"prefixAll", QueryType::prefix_all},
                                                             {"prefixNone", QueryType::prefix_none}}));
             return {};
         }},
        {"exactOnSingleWordQuery",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.words.exact_on_single_word_query,
                          read_word<ExactOnSingleWord>(name, value, {{"attribute", ExactOnSingleWord::attribute},
                                                                     {"none", ExactOnSingleWord::none},
                                                                     {"word", ExactOnSingleWord::word}}));
             return {};
         }},
        {"sortFacetValuesBy",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.sort_facet_values_by,
                          read_word<FacetOrder>(name, value, {{"count", FacetOrder::count}, {"alpha", FacetOrder::alpha}}));
             return {};
         }},
        {"restrictSearchableAttributes", set_list<&Query::restrict_searchable_attributes>},
        {"minProximity", 
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.words.min_proximity, read_integer(name, value, 1, 7));
             return {};
         }},
        {"filters", set_text<&Query::filters>},
        {"facetFilters", set_filters<&Query::facet_filters>},
        {"numericFilters", set_filters<&Query::numeric_filters>},
        {"tagFilters", set_filters<&Query::tag_filters>},
        {"optionalFilters", set_filters<&Query::optional_filters>},
        {"sumOrFiltersScores", set_bool<&Query::sum_or_filters_scores>},
        {"facets", set_list<&Query::facets>},
        {"maxValuesPerFacet",
         set_integer<&Query::max_values_per_facet, 0, static_cast<std::int64_t>(limits::facet_values_max)>},
        {"distinct",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             // Numbers first: as a boolean "1" is true, but so would be nothing else.
             if (const auto number = read_integer(name, value, 0, limits::distinct_max)) {
                 query.distinct = *number;
             } else if (const auto on = read_bool(name, value)) {
                 query.distinct = *on ? 1 : 0;
             } else {
                 return expected(name, fmt::format("true, false or an integer from 0 to {}", limits::distinct_max));
             }
             return {};
         }},
        {"facetingAfterDistinct", set_bool<&Query::faceting_after_distinct>},
        {"relevancyStrictness", set_integer<&Query::relevancy_strictness, 0, 100>},
        {"maxFacetHits", set_integer<&Query::max_facet_hits, 0, static_cast<std::int64_t>(limits::facet_hits_max)>},
        {"facetQuery",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.facet_query, read_text(name, value));
             if (query.facet_query.size() > limits::query_bytes_max)
                 return expected(name, fmt::format("at most {} bytes", limits::query_bytes_max));
             return {};
         }},
        {"page", set_integer<&Query::page, 0, any_u32>},
        {"hitsPerPage",
         set_integer<&Query::hits_per_page, 0, static_cast<std::int64_t>(limits::hits_per_page_max)>},
        {"offset",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.offset, read_integer(name, value, 0, any_u32));
             return {};
         }},
        {"length",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.length,
                          read_integer(name, value, 0, static_cast<std::int64_t>(limits::hits_per_page_max)));
             return {};
         }},
        {"attributesToRetrieve", set_list<&Query::attributes_to_retrieve>},
        {"attributesToHighlight",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.attributes_to_highlight, read_list(name, value));
             query.highlight_all_searchable = false;
             return {};
         }},
        {"attributesToSnippet", set_list<&Query::attributes_to_snippet>},
        {"highlightPreTag", set_text<&Query::highlight_pre_tag>},
        {"highlightPostTag", set_text<&Query::highlight_post_tag>},
        {"snippetEllipsisText", set_text<&Query::snippet_ellipsis_text>},
        {"restrictHighlightAndSnippetArrays", set_bool<&Query::restrict_highlight_and_snippet_arrays>},
        {"responseFields", set_list<&Query::response_fields>},
        {"getRankingInfo", set_bool<&Query::get_ranking_info>},
        {"clickAnalytics", set_bool<&Query::click_analytics>},
        {"analytics", set_bool<&Query::analytics>},
        {"enablePersonalization", set_bool<&Query::enable_personalization>},
        {"personalizationImpact",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(const std::uint32_t impact, read_integer(name, value, 0, 100));
             query.personalization_impact = static_cast<int>(impact);
             return {};
         }},
        {"personalizationFilters",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.personalization_filters, read_filter_list(name, value));
             query.has_personalization_filters = true;
             return {};
         }},
        {"userToken", set_text<&Query::user_token>},
    };
    return all;
}

// Names of the contract that change nothing here (counting, tracing, hints for other services), or that the API layer
// has read before us.
constexpr std::array silent_names = {
    "ABTestID",         "analyticsTags", "attributeCriteriaComputedByMinProximity", "cursor", "enableABTest", "explain",
    "enableReRanking",  "enableRules",   "extensions", "facet",  "facetName", "indexName", "mode",
    "params",           "percentileComputation", "semanticSearch", "type"};

// Names of the contract that this version does not act on, although they may change the answer. The answer's
// `message` says so.
constexpr std::array idle_names = {
    "advancedSyntax", "advancedSyntaxFeatures", "allowReRankingOnPersonalization", "allowTyposOnNumericTokens",
    "alternativesAsExact", "aroundLatLng", "aroundLatLngViaIP", "aroundPrecision", "aroundRadius",
    "attributeForDistinct", "decompoundQuery", "disableExactOnAttributes", "disableTypoToleranceOnAttributes",
    "ignorePlurals", "insideBoundingBox", "insidePolygon", "minWordSizefor1Typo",
    "minWordSizefor2Typos", "minimumAroundRadius", "naturalLanguages", "optionalWords", "queryLanguages", "ranking",
    "reRankingApplyFilter", "removeStopWords", "removeWordsIfNoResults", "renderingContent",
    "replaceSynonymsInHighlight", "ruleContexts", "similarQuery", "synonyms", "typoTolerance"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_credential(std::string_view name) {
    constexpr std::string_view prefix = "x-algolia-";
    return name.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), name.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
    });
}

// Echo ----------------------------------------------------------------------------------------------------------------

void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xFU];
        }
    }
}

std::string echo(const boost::json::object& parameters) {
    std::string out;
    for (const auto& [name, value] : parameters) {
        if (value.is_null() || is_credential(name) || name == "indexName" || name == "type" || name == "cursor")
            continue;
        if (!out.empty()) out += '&';
        append_encoded(out, name);
        out += '=';
        append_encoded(out, value.is_string() ? std::string(text_of(value)) : json_text(value));
    }
    return out;
}

Query from_settings(const Settings& settings) {
    Query query;
    query.words = settings.words;
    query.distinct = settings.distinct;
    query.relevancy_strictness = settings.relevancy_strictness;
    query.enable_rules = settings.enable_rules;
    query.rendering_content = settings.rendering_content;
    query.max_values_per_facet = settings.max_values_per_facet;
    query.sort_facet_values_by = settings.sort_facet_values_by;
    query.max_facet_hits = settings.max_facet_hits;
    query.hits_per_page = settings.hits_per_page;
    query.pagination_limited_to = settings.pagination_limited_to;
    query.attributes_to_retrieve = settings.attributes_to_retrieve;
    query.attributes_to_highlight = settings.attributes_to_highlight;
    query.highlight_all_searchable = settings.highlight_all_searchable;
    query.attributes_to_snippet = settings.attributes_to_snippet;
    query.highlight_pre_tag = settings.highlight_pre_tag;
    query.highlight_post_tag = settings.highlight_post_tag;
    query.snippet_ellipsis_text = settings.snippet_ellipsis_text;
    query.restrict_highlight_and_snippet_arrays = settings.restrict_highlight_and_snippet_arrays;
    query.response_fields = settings.response_fields;
    query.enable_personalization = settings.enable_personalization;
    return query;
}

// A 2.12: browse gives records, nothing about them.
void restrict_to_browse(Query& query) {
    query.facets.clear();
    query.attributes_to_highlight.clear();
    query.highlight_all_searchable = false;
    query.attributes_to_snippet.clear();
    query.optional_filters = nullptr;
    query.distinct = 0;
    query.enable_personalization = false;
    query.get_ranking_info = false;
    query.click_analytics = false;
    query.analytics = false;
}

}  // namespace

Result<boost::json::object> parameters_of_query_string(std::string_view query_string) {
    boost::json::object parameters;
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    std::array<std::string, 2> parts;  // name and value
    std::size_t part = 0;
    for (std::size_t i = 0; i <= query_string.size(); ++i) {
        const char c = i < query_string.size() ? query_string[i] : '&';
        if (c == '&') {
            if (!parts[0].empty()) parameters[parts[0]] = parts[1];
            parts = {};
            part = 0;
        } else if (c == '=' && part == 0) {
            part = 1;
        } else if (c == '+') {
            parts[part] += ' ';
        } else if (c == '%') {
            const int first = i + 1 < query_string.size() ? digit(query_string[i + 1]) : -1;
            const int second = i + 2 < query_string.size() ? digit(query_string[i + 2]) : -1;
            if (first < 0 || second < 0)
                return Error{Errc::bad_request, fmt::format("params: broken percent escape at position {}.", i)};
            parts[part] += static_cast<char>(first * 16 + second);
            i += 2;
        } else {
            parts[part] += c;
        }
    }
    return parameters;
}

Result<Query> parse_query(const boost::json::object& parameters, const Settings& settings,
                          const QueryDefaults& defaults) {
    // `params` first, explicit keys over it (A 2.2).
    boost::json::object merged;
    const boost::json::object* given = &parameters;
    if (const Json* packed = parameters.if_contains("params"); packed && !packed->is_null()) {
        if (!packed->is_string()) return expected("params", "a URL-encoded string");
        PENCHANT_TRY(merged, parameters_of_query_string(text_of(*packed)));
        for (const auto& [name, value] : parameters)
            if (name != "params" && !value.is_null()) merged[name] = value;
        given = &merged;
    }

    Query query = from_settings(settings);
    if (defaults.browse) query.hits_per_page = static_cast<std::uint32_t>(limits::hits_per_page_max);
    const auto& known = setters();
    for (const auto& [key, value] : *given) {
        const std::string_view name(key);
        if (value.is_null()) continue;
        if (const auto setter = known.find(name); setter != known.end()) {
            PENCHANT_CHECK(setter->second(query, name, value));
        } else if (contains(idle_names, name)) {
            query.without_effect.emplace_back(name);
        } else if (!contains(silent_names, name) && !is_credential(name)) {
            query.unknown.emplace_back(name);
        }
    }
    query.see_unretrievable = defaults.see_unretrievable;
    query.params_echo = echo(*given);
    if (query.user_token.empty()) query.user_token = defaults.header_user_token;
    if (query.user_token.empty()) query.user_token = defaults.remote_address;
    if (query.user_token.size() > limits::user_token_bytes_max)
        return expected("userToken", fmt::format("at most {} bytes", limits::user_token_bytes_max));
    if (defaults.browse) restrict_to_browse(query);
    return query;
}

}  // namespace penchant
