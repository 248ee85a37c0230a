// SPDX-License-Identifier: GPL-3.0-or-later
//
// Filters as a client writes them (A 2.7): the `filters` text, and the array forms facetFilters, numericFilters,
// tagFilters and optionalFilters. All become one kind of tree; engine/filter.h binds it to a snapshot.
//
//     expression = group { "AND" group }
//     group      = item { "OR" item }               OR binds tighter than AND, with or without parentheses
//     item       = [ "NOT" ] filter | "(" expression ")"
//     filter     = attr ":" value [ "<score=" n ">" ] | attr op number | attr ":" number "TO" number | tag
//
// More is allowed than the contract asks: any depth of parentheses up to limits::filter_depth_max, and different
// kinds of filters side by side in one OR.
#pragma once

#include "engine/query.h"
#include "index/error.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// One condition on a record.
struct FilterTerm {
    enum class Kind { facet, tag, number };
    Kind kind = Kind::facet;
    std::string attribute;     ///< empty for tags
    std::string text;          ///< facet or tag value as written; of a number operator and bounds: "<20", ":3 TO 30"
    double low = 0;            ///< numbers: both ends belong to the interval
    double high = 0;
    bool equality = false;     ///< `=` and `!=`, the only ones that equalOnly(x) allows
    bool negated = false;
    std::uint32_t score = 1;
};

struct FilterExpression {
    enum class Kind { term, all, any };
    Kind kind = Kind::all;
    FilterTerm term;
    std::vector<FilterExpression> parts;  ///< never empty for `any`
    /// No condition at all.
    [[nodiscard]] bool everything() const { return kind == Kind::all && parts.empty(); }
    /// A text that is the same for two expressions exactly when they are the same.
    [[nodiscard]] std::string normalized() const;
    /// Number of terms.
    [[nodiscard]] std::size_t size() const;
};

/// What must hold, and what only ranks.
struct QueryFilters {
    FilterExpression required;
    FilterExpression optional;  ///< a negated term lowers the score of records that match it
};

/// The `filters` text. bad_request names what was expected and the position (in bytes, from 0) in the text.
[[nodiscard]] Result<FilterExpression> parse_filters(std::string_view text);

/// The array forms: outer array AND, inner array OR, deeper arrays part of the inner OR; a string is the legacy form
/// ("a:b,c:d" is AND, parentheses OR). `name` is the parameter's, for the error's sentence.
[[nodiscard]] Result<FilterExpression> parse_facet_filters(std::string_view name, const boost::json::value& filters);
[[nodiscard]] Result<FilterExpression> parse_numeric_filters(const boost::json::value& filters);
[[nodiscard]] Result<FilterExpression> parse_tag_filters(const boost::json::value& filters);

/// All filter parameters of a query, ANDed. bad_request also when there are more than limits::filters_max terms.
[[nodiscard]] Result<QueryFilters> parse_query_filters(const Query& query);

}  // namespace penchant
