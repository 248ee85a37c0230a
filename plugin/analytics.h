// SPDX-License-Identifier: GPL-3.0-or-later
//
// Analytics of searches (A 8.1), computed from the search log when they are asked for. A counted search is one with
// `analytics` on that was not folded into its successor; a tracked one has a queryID besides. Days are those of UTC. A rate
// of nothing is null.
#pragma once

#include "engine/filter_expression.h"
#include "index/error.h"
#include "plugin/search_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace penchant {

/// What the endpoints have in common.
struct AnalyticsQuery {
    enum class Order { search_count, click_through_rate, conversion_rate, average_click_position };

    std::string index;
    std::int64_t from_ms = 0;   ///< midnight of startDate
    std::int64_t until_ms = 0;  ///< midnight after endDate
    FilterExpression tags;      ///< of analyticsTags
    std::optional<bool> personalized;  ///< ours: only searches that were, or were not
    std::size_t limit = 10;
    std::size_t offset = 0;
    Order order = Order::search_count;
    bool ascending = false;
    bool click_analytics = false;
    bool revenue_analytics = false;
    std::string search;         ///< of /2/hits and /2/filters: only this one; has_search
    bool has_search = false;
};

/// Any thread. Every function reads the log of the period once. Errors: those of the store; bad_request when the period has
/// more than limits::analytics_rows_max searches.
class Analytics {
public:
    explicit Analytics(SearchLog& log) : log_(log) {}

    using Answer = Result<boost::json::object>;
    [[nodiscard]] Answer searches(const AnalyticsQuery& query);
    [[nodiscard]] Answer searches_count(const AnalyticsQuery& query);
    [[nodiscard]] Answer no_results(const AnalyticsQuery& query);
    [[nodiscard]] Answer no_clicks(const AnalyticsQuery& query);
    [[nodiscard]] Answer no_result_rate(const AnalyticsQuery& query);
    [[nodiscard]] Answer no_click_rate(const AnalyticsQuery& query);
    [[nodiscard]] Answer hits(const AnalyticsQuery& query);
    [[nodiscard]] Answer users_count(const AnalyticsQuery& query);
    [[nodiscard]] Answer filters(const AnalyticsQuery& query);
    [[nodiscard]] Answer filter_values(const AnalyticsQuery& query, std::string_view attribute);
    [[nodiscard]] Answer filters_without_results(const AnalyticsQuery& query);
    [[nodiscard]] Answer average_click_position(const AnalyticsQuery& query);
    [[nodiscard]] Answer click_positions(const AnalyticsQuery& query);
    [[nodiscard]] Answer click_through_rate(const AnalyticsQuery& query);
    [[nodiscard]] Answer conversion_rate(const AnalyticsQuery& query);
    [[nodiscard]] Answer add_to_cart_rate(const AnalyticsQuery& query);
    [[nodiscard]] Answer purchase_rate(const AnalyticsQuery& query);
    [[nodiscard]] Answer revenue(const AnalyticsQuery& query);
    [[nodiscard]] Answer status(const AnalyticsQuery& query);

private:
    /// Counted searches of the period that fit tags and the rest.
    [[nodiscard]] Result<void> each(const AnalyticsQuery& query, const std::function<void(const SearchLog::Visit&)>& visit);

    SearchLog& log_;
};

/// Whether analytics tags satisfy an expression of tags ("a AND (b OR NOT c)").
[[nodiscard]] bool tags_match(const FilterExpression& expression, const std::vector<std::string_view>& tags);

}  // namespace penchant
