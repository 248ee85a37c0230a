// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search leaves behind for those who count searches (engine/module.h).
#pragma once

#include "engine/filter_expression.h"
#include "index/settings.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// One answered search. Views live as long as the call that gets them.
struct SearchReport {
    /// A condition that the answer's records fulfil: "color" ":" "red", "price" ">=" "20"; a tag is of attribute "_tags".
    struct Filter {
        std::string attribute;
        std::string op;
        std::string value;  ///< of a facet with "-" before it when it must not be
    };

    std::string_view index;        ///< the index that was asked
    std::string_view query;        ///< as typed
    std::string normalized;        ///< normalized_query() of it
    std::string_view user_token;   ///< the caller's address when the search named nobody
    bool token_is_address = false;
    std::string_view query_id;     ///< 32 hexadecimal digits; empty without clickAnalytics
    std::uint64_t hits = 0;        ///< all that matched
    std::uint64_t offset = 0;      ///< how many hits stand before the first shown
    std::span<const std::string_view> object_ids;  ///< shown, in order; at most limits::search_log_hits_max
    std::span<const Filter> filters;               ///< at most limits::search_log_filters_max
    std::span<const std::string> tags;
    bool counted = true;           ///< `analytics` is on
    bool personalized = false;
    std::int64_t microseconds = 0;
};

/// The words of a query, folded, with spaces between: two queries that ask for the same have the same.
[[nodiscard]] std::string normalized_query(std::string_view query, const Settings& settings);

/// The conditions of an expression, the first `count_max`.
[[nodiscard]] std::vector<SearchReport::Filter> reported_filters(const FilterExpression& expression, std::size_t count_max);

}  // namespace penchant
