// SPDX-License-Identifier: GPL-3.0-or-later
//
// The endpoints of analytics (A 8.1). All are GET and need the right "analytics".
#include "plugin/analytics.h"
#include "plugin/api.h"
#include "plugin/time_text.h"

#include "index/limits.h"
#include "index/tokenizer.h"

#include <charconv>

#include <fmt/format.h>

namespace penchant {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

Error bad(std::string_view name, std::string_view expected) {
    return {Errc::bad_request, fmt::format("Parameter \"{}\": expected {}.", name, expected)};
}

/// A URL's parameter that is there and not empty.
std::optional<std::string_view> given(const Request& request, std::string_view name) {
    const auto value = request.parameter(name);
    return value && !value->empty() ? value : std::nullopt;
}

Result<std::int64_t> day_of(std::string_view name, std::string_view text) {
    const auto time_ms = text.size() == 10 ? parse_time_text(text) : std::nullopt;
    if (!time_ms || *time_ms < 0) return bad(name, "a day such as \"2026-01-31\"");
    return *time_ms;
}

Result<std::size_t> number_of(const Request& request, std::string_view name, std::size_t otherwise, std::size_t max) {
    const auto text = given(request, name);
    if (!text) return otherwise;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size() || number > max)
        return bad(name, fmt::format("an integer from 0 to {}", max));
    return number;
}

Result<bool> flag_of(const Request& request, std::string_view name) {
    const auto text = given(request, name);
    if (!text || *text == "false" || *text == "0") return false;
    if (*text == "true" || *text == "1") return true;
    return bad(name, "true or false");
}

Result<AnalyticsQuery> query_of(Personalization& personalization, const Call& call) {
    const Request& request = call.request;
    AnalyticsQuery query;
    const auto index = given(request, "index");
    if (!index) return Error{Errc::bad_request, "Parameter \"index\" is required"};
    if (!call.caller.may_use_index(*index)) return Error{Errc::forbidden, "Index not allowed with this API key"};
    query.index = *index;

    const std::int64_t today_ms = personalization.context().now_ms() / day_ms * day_ms;
    std::int64_t last_ms = today_ms;
    if (const auto text = given(request, "endDate")) {
        PENCHANT_TRY(last_ms, day_of("endDate", *text));
    }
    query.from_ms = last_ms - 7 * day_ms;  // a week and today
    if (const auto text = given(request, "startDate")) {
        PENCHANT_TRY(query.from_ms, day_of("startDate", *text));
    }
    query.until_ms = last_ms + day_ms;
    if (query.until_ms <= query.from_ms) return bad("startDate", "a day that is not after endDate");
    if (query.until_ms - query.from_ms > static_cast<std::int64_t>(limits::analytics_days_max) * day_ms)
        return bad("startDate", fmt::format("at most {} days", limits::analytics_days_max));

    if (const auto text = given(request, "tags")) {
        auto tags = parse_filters(*text);
        if (tags.has_error()) return bad("tags", "tags with AND, OR and NOT between them");
        query.tags = std::move(*tags);
    }
    PENCHANT_TRY(query.limit, number_of(request, "limit", 10, limits::analytics_limit_max));
    PENCHANT_TRY(query.offset, number_of(request, "offset", 0, limits::analytics_rows_max));
    PENCHANT_TRY(query.click_analytics, flag_of(request, "clickAnalytics"));
    PENCHANT_TRY(query.revenue_analytics, flag_of(request, "revenueAnalytics"));
    if (given(request, "personalized")) {
        PENCHANT_TRY(query.personalized, flag_of(request, "personalized"));
    }
    if (const auto text = given(request, "orderBy")) {
        using Order = AnalyticsQuery::Order;
        if (*text == "searchCount") query.order = Order::search_count;
        else if (*text == "clickThroughRate") query.order = Order::click_through_rate;
        else if (*text == "conversionRate") query.order = Order::conversion_rate;
        else if (*text == "averageClickPosition") query.order = Order::average_click_position;
        else return bad("orderBy", "one of \"searchCount\", \"clickThroughRate\", \"conversionRate\", \"averageClickPosition\"");
    }
    if (const auto text = given(request, "direction")) {
        if (*text != "asc" && *text != "desc") return bad("direction", "\"asc\" or \"desc\"");
        query.ascending = *text == "asc";
    }
    if (const auto text = request.parameter("search")) {
        const auto settings = personalization.context().catalog.settings(query.index);
        query.has_search = true;
        query.search = normalized_query(*text, settings ? *settings : Settings{});
    }
    return query;
}

using Function = Analytics::Answer (Analytics::*)(const AnalyticsQuery&);

Response answer(Personalization& personalization, const Call& call, const std::function<Analytics::Answer(const AnalyticsQuery&)>& ask) {
    auto query = query_of(personalization, call);
    if (query.has_error()) return error_response(query.error());
    auto result = ask(*query);
    if (result.has_error()) return error_response(result.error());
    return json_response(std::move(*result));
}

}  // namespace

void add_analytics_routes(Router& router, Personalization& personalization) {
    const auto add = [&](std::string pattern, Handler handler) {
        router.add({Method::get, std::move(pattern), {"analytics"}, RouteFamily::analytics, std::move(handler)});
    };
    constexpr std::pair<const char*, Function> plain[] = {
        {"/2/searches", &Analytics::searches},
        {"/2/searches/count", &Analytics::searches_count},
        {"/2/searches/noResults", &Analytics::no_results},
        {"/2/searches/noClicks", &Analytics::no_clicks},
        {"/2/searches/noResultRate", &Analytics::no_result_rate},
        {"/2/searches/noClickRate", &Analytics::no_click_rate},
        {"/2/hits", &Analytics::hits},
        {"/2/filters", &Analytics::filters},
        {"/2/filters/noResults", &Analytics::filters_without_results},
        {"/2/clicks/averageClickPosition", &Analytics::average_click_position},
        {"/2/clicks/positions", &Analytics::click_positions},
        {"/2/clicks/clickThroughRate", &Analytics::click_through_rate},
        {"/2/conversions/conversionRate", &Analytics::conversion_rate},
        {"/2/conversions/addToCartRate", &Analytics::add_to_cart_rate},
        {"/2/conversions/purchaseRate", &Analytics::purchase_rate},
        {"/2/conversions/revenue", &Analytics::revenue},
        {"/2/status", &Analytics::status},
    };
    for (const auto& [pattern, function] : plain) {
        const Function ask = function;
        add(pattern, [&personalization, ask](const Call& call) {
            return answer(personalization, call, [&](const AnalyticsQuery& query) {
                return (Analytics(personalization.search_log()).*ask)(query);
            });
        });
    }
    add("/2/filters/{attribute}", [&personalization](const Call& call) {
        return answer(personalization, call, [&](const AnalyticsQuery& query) {
            return Analytics(personalization.search_log()).filter_values(query, call.variables.at(0));
        });
    });
    // Searches carry no country: the server has no table of addresses and places.
    add("/2/countries", [&personalization](const Call& call) {
        return answer(personalization, call, [](const AnalyticsQuery&) -> Analytics::Answer {
            return boost::json::object{{"countries", boost::json::array{}}};
        });
    });
}

Response count_users(Personalization& personalization, const Call& call) {
    return answer(personalization, call, [&](const AnalyticsQuery& query) {
        return Analytics(personalization.search_log()).users_count(query);
    });
}

}  // namespace penchant
