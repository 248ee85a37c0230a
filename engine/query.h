// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search request after parsing: every parameter of A 2.4 that this version acts on, settings mixed in, bounds checked.
#pragma once

#include "index/error.h"
#include "index/settings.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Degrees; latitude -90..90, longitude -180..180.
struct GeoPoint {
    double latitude = 0;
    double longitude = 0;
};
struct GeoBox {  ///< two opposite corners; a box whose longitudes cross the date line is the one that crosses it
    GeoPoint first;
    GeoPoint second;
};

/// Where records have to be (A 2.4, "Geo"). Boxes win over polygons, and both over `around`.
struct GeoQuery {
    std::optional<GeoPoint> around;
    bool around_via_ip = false;
    std::optional<std::uint32_t> radius_metres;  ///< absent: automatic, or all
    bool radius_all = false;                     ///< do not filter by distance
    std::optional<std::uint32_t> radius_metres_min;
    struct PrecisionStep { std::uint32_t from_metres = 0; std::uint32_t value_metres = 10; };
    std::vector<PrecisionStep> precision{{0, 10}};  ///< ascending; distances inside one step tie
    std::vector<GeoBox> boxes;
    std::vector<std::vector<GeoPoint>> polygons;
    [[nodiscard]] bool any() const { return around || !boxes.empty() || !polygons.empty(); }
};

/// Filters in the forms a client may give them (engine/filter_expression.h reads them).
struct FilterParameters {
    std::string filters;
    boost::json::value facet_filters;  ///< string or nested arrays
    boost::json::value numeric_filters;
    boost::json::value tag_filters;
    boost::json::value optional_filters;
};

/// What rules of the index did to a query (engine/rules.h).
struct RuleOutcome {
    std::vector<std::string> applied;       ///< objectIDs, the most specific rule first
    std::vector<FilterParameters> filters;  ///< must hold beside the query's own, or rank beside them
    boost::json::array user_data;
    bool exhaustive = true;                 ///< no rule that matches was left out
};

/// Parameters of one query. Made by parse_query; plain data.
struct Query {
    std::string text;           ///< `query`, as rules have left it
    std::string text_given;     ///< `query` as it came, for the answer
    std::string similar_query;  ///< when there is one it stands for `query`, and forces what A 2.4 says into `words`
    WordRules words;
    std::vector<std::string> restrict_searchable_attributes;
    std::vector<std::string> natural_languages;  ///< what they stand for is in `words`, ruleContexts and analyticsTags already
    bool synonyms = true;

    // Filters, as given (engine/filter.h compiles them)
    std::string filters;
    boost::json::value facet_filters;     ///< string or nested arrays
    boost::json::value numeric_filters;
    boost::json::value tag_filters;
    boost::json::value optional_filters;
    bool sum_or_filters_scores = false;

    std::vector<std::string> facets;      ///< {"*"}: all that are not filterOnly
    std::uint32_t max_values_per_facet = 100;
    FacetOrder sort_facet_values_by = FacetOrder::count;
    std::uint32_t max_facet_hits = 10;
    std::string facet_query;
    bool faceting_after_distinct = false;
    std::uint32_t distinct = 0;          ///< records a group; 0: off
    std::uint32_t relevancy_strictness = 100;

    GeoQuery geo;

    std::uint32_t page = 0;
    std::uint32_t hits_per_page = 20;
    std::optional<std::uint32_t> offset;  ///< with `length`: instead of page and hitsPerPage
    std::optional<std::uint32_t> length;
    std::uint32_t pagination_limited_to = 1000;

    std::vector<std::string> attributes_to_retrieve;
    std::vector<std::string> attributes_to_highlight;
    bool highlight_all_searchable = true;
    std::vector<std::string> attributes_to_snippet;
    std::string highlight_pre_tag = "<em>";
    std::string highlight_post_tag = "</em>";
    std::string snippet_ellipsis_text = "\xE2\x80\xA6";
    bool restrict_highlight_and_snippet_arrays = false;
    std::vector<std::string> response_fields;
    bool get_ranking_info = false;
    bool click_analytics = false;
    bool analytics = true;
    std::vector<std::string> analytics_tags;
    bool enable_ab_test = true;

    bool enable_rules = true;
    std::vector<std::string> rule_contexts;
    boost::json::object rendering_content;
    RuleOutcome rules;

    // For the module (engine/module.h)
    bool enable_personalization = false;
    std::optional<int> personalization_impact;
    std::vector<std::string> personalization_filters;
    bool has_personalization_filters = false;
    std::string user_token;

    std::string params_echo;            ///< answer's `params`: what came, as a query string (A 2.3)
    std::vector<std::string> unknown;   ///< parameter names we do not know; named in the answer's `message`
    std::vector<std::string> without_effect;  ///< names of A 2.4 that this version does not act on; named there, too
    bool see_unretrievable = false;     ///< the key may see unretrievableAttributes (A 2.4)
};

/// Where a query comes from decides what it may carry.
struct QueryDefaults {
    bool browse = false;                 ///< hitsPerPage 1000 by default; personalization and facets off (A 2.12)
    std::string_view header_user_token;  ///< X-Algolia-UserToken
    bool see_unretrievable = false;      ///< the key has ACL seeUnretrievableAttributes
    std::string_view remote_address;     ///< token of last resort (A 4.6); not used for profiles when empty
};

/// Parses parameters (A 2.2, with its leniencies: `params` string, strings for arrays, booleans and numbers; null is "not given")
/// over the index's settings. bad_request names the parameter, what was expected and the limit.
[[nodiscard]] Result<Query> parse_query(const boost::json::object& parameters, const Settings& settings,
                                        const QueryDefaults& defaults = {});

/// Turns a URL query string ("query=x&facets=%5B%22brand%22%5D") into a parameters object of strings.
[[nodiscard]] Result<boost::json::object> parameters_of_query_string(std::string_view query_string);

}  // namespace penchant
