// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query.h"

#include "engine/query_geo.h"
#include "engine/query_values.h"
#include "index/json_text.h"
#include "index/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace penchant {
namespace {

using Json = boost::json::value;

// The parameters this version acts on -------------------------------------------------------------------------------

using Setter = Result<void> (*)(Query& query, std::string_view name, const Json& value);

template <class Value>
Value& at(Query& query, Value Query::* member) {
    return query.*member;
}
template <class Value>
Value& at(Query& query, Value WordRules::* member) {
    return query.words.*member;
}

template <auto Member, auto Read>
Result<void> set(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(at(query, Member), Read(name, value));
    return {};
}
template <auto Member>
Result<void> set_text(Query& query, std::string_view name, const Json& value) {
    return set<Member, read_text>(query, name, value);
}
// A text that is matched with words.
template <auto Member>
Result<void> set_query_text(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(std::string text, read_text(name, value));
    if (text.size() > limits::query_bytes_max) return expected(name, fmt::format("at most {} bytes", limits::query_bytes_max));
    at(query, Member) = std::move(text);
    return {};
}
template <auto Member>
Result<void> set_bool(Query& query, std::string_view name, const Json& value) {
    return set<Member, read_bool>(query, name, value);
}
template <auto Member>
Result<void> set_list(Query& query, std::string_view name, const Json& value) {
    return set<Member, read_list>(query, name, value);
}
template <auto Member>
Result<void> set_languages(Query& query, std::string_view name, const Json& value) {
    return set<Member, read_languages>(query, name, value);
}
template <auto Member, std::size_t entries_max, std::size_t entry_bytes_max>
Result<void> set_short_list(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(std::vector<std::string> list, read_list(name, value));
    PENCHANT_CHECK(check_list(name, list, entries_max, entry_bytes_max));
    at(query, Member) = std::move(list);
    return {};
}
template <auto Member>
Result<void> set_filters(Query& query, std::string_view name, const Json& value) {
    return set<Member, read_filters>(query, name, value);
}
template <auto Member, std::int64_t min, std::int64_t max>
Result<void> set_integer(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(at(query, Member), read_integer(name, value, min, max));
    return {};
}

Result<void> set_optional_words(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(std::vector<std::string> words, read_whole_list(name, value));
    std::size_t bytes = 0;
    for (const std::string& entry : words) bytes += entry.size();
    if (bytes > limits::optional_words_bytes_max)
        return expected(name, fmt::format("at most {} bytes in all", limits::optional_words_bytes_max));
    query.words.optional_words = std::move(words);
    return {};
}

Result<void> set_syntax_features(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(const std::vector<std::string> features, read_list(name, value));
    query.words.exact_phrases = false;
    query.words.exclude_words = false;
    for (const std::string& feature : features) {
        if (feature == "exactPhrase") query.words.exact_phrases = true;
        else if (feature == "excludeWords") query.words.exclude_words = true;
        else return expected(name, "names out of \"exactPhrase\" and \"excludeWords\"");
    }
    return {};
}

Result<void> set_analytics_tags(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(std::vector<std::string> tags, read_list(name, value));
    if (tags.size() > limits::analytics_tags_max)
        return expected(name, fmt::format("at most {} entries", limits::analytics_tags_max));
    for (const std::string& tag : tags) {
        const auto characters = std::count_if(tag.begin(), tag.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // the first byte of each
        });
        if (static_cast<std::size_t>(characters) > limits::analytics_tag_characters_max)
            return expected(name, fmt::format("at most {} characters an entry", limits::analytics_tag_characters_max));
    }
    query.analytics_tags = std::move(tags);
    return {};
}

template <auto Member, auto Read>
Result<void> set_geo(Query& query, std::string_view name, const Json& value) {
    PENCHANT_TRY(query.geo.*Member, Read(name, value));
    return {};
}

constexpr std::int64_t any_u32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t word_size_max = 1'000'000;  // "never" is written as a large number

const std::map<std::string_view, Setter>& setters() {
    static const std::map<std::string_view, Setter> all{
        {"query", set_query_text<&Query::text>},
        {"similarQuery", set_query_text<&Query::similar_query>},
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
        {"removeWordsIfNoResults",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.words.remove_words_if_no_results,
                          read_word<RemoveWords>(name, value, {{"none", RemoveWords::none},
                                                               {"lastWords", RemoveWords::last_words},
                                                               {"firstWords", RemoveWords::first_words},
                                                               {"allOptional", RemoveWords::all_optional}}));
             return {};
         }},
        {"restrictSearchableAttributes", set_list<&Query::restrict_searchable_attributes>},
        {"minProximity", set_integer<&WordRules::min_proximity, 1, 7>},
        {"attributeCriteriaComputedByMinProximity", set_bool<&WordRules::attribute_criteria_computed_by_min_proximity>},
        {"typoTolerance", set<&WordRules::typo_tolerance, read_typo_tolerance>},
        {"minWordSizefor1Typo", set_integer<&WordRules::min_word_size_for_1_typo, 0, word_size_max>},
        {"minWordSizefor2Typos", set_integer<&WordRules::min_word_size_for_2_typos, 0, word_size_max>},
        {"allowTyposOnNumericTokens", set_bool<&WordRules::allow_typos_on_numeric_tokens>},
        {"disableTypoToleranceOnAttributes", set_list<&WordRules::disable_typo_tolerance_on_attributes>},
        {"disableExactOnAttributes", set_list<&WordRules::disable_exact_on_attributes>},
        {"alternativesAsExact", set<&WordRules::alternatives_as_exact, read_alternatives>},
        {"optionalWords", set_optional_words},
        {"advancedSyntax", set_bool<&WordRules::advanced_syntax>},
        {"advancedSyntaxFeatures", set_syntax_features},
        {"ignorePlurals", set_languages<&WordRules::ignore_plurals>},
        {"ignoreConjugations", set_languages<&WordRules::ignore_conjugations>},
        {"removeStopWords", set_languages<&WordRules::remove_stop_words>},
        {"queryLanguages", set_short_list<&WordRules::query_languages, limits::languages_max, limits::rule_context_bytes_max>},
        {"naturalLanguages", set_short_list<&Query::natural_languages, limits::languages_max, limits::rule_context_bytes_max>},
        {"decompoundQuery", set_bool<&WordRules::decompound_query>},
        {"synonyms", set_bool<&Query::synonyms>},
        {"replaceSynonymsInHighlight", set_bool<&WordRules::replace_synonyms_in_highlight>},
        {"aroundLatLng", set_geo<&GeoQuery::around, read_point>},
        {"aroundLatLngViaIP", set_geo<&GeoQuery::around_via_ip, read_bool>},
        {"aroundRadius",
         [](Query& query, std::string_view name, const Json& value) { return read_radius(name, value, query.geo); }},
        {"minimumAroundRadius",
         [](Query& query, std::string_view name, const Json& value) -> Result<void> {
             PENCHANT_TRY(query.geo.radius_metres_min, read_integer(name, value, 1, any_u32));
             return {};
         }},
        {"aroundPrecision", set_geo<&GeoQuery::precision, read_precision>},
        {"insideBoundingBox", set_geo<&GeoQuery::boxes, read_boxes>},
        {"insidePolygon", set_geo<&GeoQuery::polygons, read_polygons>},
        {"distinct", set<&Query::distinct, read_distinct>},
        {"facetingAfterDistinct", set_bool<&Query::faceting_after_distinct>},
        {"relevancyStrictness", set_integer<&Query::relevancy_strictness, 0, 100>},
        {"enableRules", set_bool<&Query::enable_rules>},
        {"ruleContexts",
         set_short_list<&Query::rule_contexts, limits::rule_contexts_max, limits::rule_context_bytes_max>},
        {"renderingContent", set<&Query::rendering_content, read_object>},
        {"analyticsTags", set_analytics_tags},
        {"enableABTest", set_bool<&Query::enable_ab_test>},
        {"filters", set<&Query::filters, read_filter_expression>},
        {"facetFilters", set_filters<&Query::facet_filters>},
        {"numericFilters", set_filters<&Query::numeric_filters>},
        {"tagFilters", set_filters<&Query::tag_filters>},
        {"optionalFilters", set_filters<&Query::optional_filters>},
        {"sumOrFiltersScores", set_bool<&Query::sum_or_filters_scores>},
        {"facets", set_list<&Query::facets>},
        {"maxValuesPerFacet",
         set_integer<&Query::max_values_per_facet, 0, static_cast<std::int64_t>(limits::facet_values_max)>},
        {"maxFacetHits", set_integer<&Query::max_facet_hits, 0, static_cast<std::int64_t>(limits::facet_hits_max)>},
        {"facetQuery", set_query_text<&Query::facet_query>},
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
             PENCHANT_TRY(query.personalization_filters, read_whole_list(name, value));
             query.has_personalization_filters = true;
             return {};
         }},
        {"userToken", set_text<&Query::user_token>},
    };
    return all;
}

// Names of the contract that change nothing here (tracing, hints for other services), or that the API layer has read
// before us.
constexpr std::array silent_names = {"ABTestID",  "cursor", "enableReRanking",       "explain",        "extensions",
                                     "facet",     "facetName", "indexName",          "mode",           "params",
                                     "percentileComputation",  "semanticSearch",     "type"};

// Names of the contract that this version does not act on, although they may change the answer, and settings that a
// query cannot change. The answer's `message` says so.
constexpr std::array idle_names = {"allowReRankingOnPersonalization", "attributeForDistinct", "ranking",
                                   "reRankingApplyFilter"};

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
    if (query.words.query_languages.empty()) query.words.query_languages = settings.index_languages;
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

constexpr std::string_view natural_language = "natural_language";

// naturalLanguages stands for several parameters (A 2.4). It goes over settings; what the query itself says goes over it.
void apply_natural_languages(Query& query, const boost::json::object& given) {
    if (query.natural_languages.empty()) return;
    const auto absent = [&](std::string_view name) {
        const Json* value = given.if_contains(name);
        return !value || value->is_null();
    };
    const Languages languages{true, query.natural_languages};
    if (absent("removeStopWords")) query.words.remove_stop_words = languages;
    if (absent("ignorePlurals")) query.words.ignore_plurals = languages;
    if (absent("removeWordsIfNoResults")) query.words.remove_words_if_no_results = RemoveWords::all_optional;
    if (absent("queryLanguages")) query.words.query_languages = query.natural_languages;
    for (std::vector<std::string>* list : {&query.rule_contexts, &query.analytics_tags})
        if (std::find(list->begin(), list->end(), natural_language) == list->end()) list->emplace_back(natural_language);
}

// A 2.4; that every word is optional is up to engine/text_query.h.
void apply_similar_query(Query& query) {
    if (query.similar_query.empty()) return;
    query.words.query_type = QueryType::prefix_none;
    query.words.remove_stop_words.on = true;
}

// A 2.12: browse gives records, nothing about them.
void restrict_to_browse(Query& query) {
    query.facets.clear();
    query.attributes_to_highlight.clear();
    query.highlight_all_searchable = false;
    query.attributes_to_snippet.clear();
    query.optional_filters = nullptr;
    query.enable_personalization = false;
    query.get_ranking_info = false;
    query.click_analytics = false;
    query.analytics = false;
    query.distinct = 0;
    query.enable_rules = false;
    query.words.ignore_plurals = {};
    query.words.ignore_conjugations = {};
    query.words.advanced_syntax = false;
    if (query.words.typo_tolerance != TypoTolerance::off) query.words.typo_tolerance = TypoTolerance::on;
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
    query.text_given = query.text;
    apply_natural_languages(query, *given);
    apply_similar_query(query);
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
