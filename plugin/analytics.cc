// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/analytics.h"

#include "index/limits.h"
#include "plugin/time_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

namespace penchant {
namespace {

namespace json = boost::json;
using Visit = SearchLog::Visit;

constexpr std::int64_t day_ms = 86'400'000;

json::value ratio(double part, double whole) {
    if (whole == 0) return nullptr;
    return part / whole;
}

/// Positions as the contract groups them: one by one to ten, then the next ten, then the rest (-1: no end).
struct PositionCounts {
    std::array<std::uint64_t, 12> counts{};

    void add(std::uint32_t position) {
        if (position == 0) return;
        ++counts[position <= 10 ? position - 1 : position <= 20 ? 10 : 11];
    }
    [[nodiscard]] json::array answer() const {
        json::array list;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            json::array ends{i < 10 ? static_cast<int>(i) + 1 : i == 10 ? 11 : 21,
                             i < 10 ? static_cast<int>(i) + 1 : i == 10 ? 20 : -1};
            list.push_back(json::object{{"position", std::move(ends)}, {"clickCount", counts[i]}});
        }
        return list;
    }
};

using Currencies = std::map<std::string, double, std::less<>>;

json::object currencies_answer(const Currencies& currencies) {
    json::object answer;
    for (const auto& [currency, revenue] : currencies)
        answer.emplace(currency, json::object{{"currency", currency}, {"revenue", revenue}});
    return answer;
}

/// Sums over searches: of a day, of a query, of a period.
struct Sums {
    std::uint64_t searches = 0;
    std::uint64_t without_results = 0;
    std::uint64_t without_results_filtered = 0;
    std::uint64_t tracked = 0;
    std::uint64_t clicked = 0;    ///< tracked searches with a click
    std::uint64_t converted = 0;  ///< with a conversion of any kind
    std::uint64_t carted = 0;
    std::uint64_t purchased = 0;
    std::uint64_t placed_clicks = 0;  ///< clicks whose position is known
    std::uint64_t position_sum = 0;
    PositionCounts positions;
    Currencies currencies;

    void add(const Visit& search) {
        ++searches;
        if (search.row.hits == 0) {
            ++without_results;
            if (!search.row.filters.empty()) ++without_results_filtered;
        }
        if (search.row.query_id.empty()) return;
        ++tracked;
        bool click = false;
        bool conversion = false;
        bool cart = false;
        bool purchase = false;
        for (const Outcome& outcome : search.outcomes) {
            switch (outcome.kind) {
                case OutcomeKind::click:
                    click = true;
                    positions.add(outcome.position);
                    if (outcome.position != 0) {
                        ++placed_clicks;
                        position_sum += outcome.position;
                    }
                    break;
                case OutcomeKind::purchase:
                    purchase = true;
                    if (!outcome.currency.empty()) currencies[std::string(outcome.currency)] += outcome.revenue;
                    break;
                case OutcomeKind::add_to_cart: cart = true; break;
                case OutcomeKind::conversion: conversion = true; break;
                case OutcomeKind::view: break;
            }
        }
        clicked += click ? 1 : 0;
        converted += conversion || cart || purchase ? 1 : 0;
        carted += cart ? 1 : 0;
        purchased += purchase ? 1 : 0;
    }
    [[nodiscard]] json::value average_position() const {
        return ratio(static_cast<double>(position_sum), static_cast<double>(placed_clicks));
    }
};

json::value rate(std::uint64_t part, std::uint64_t whole) {
    return ratio(static_cast<double>(part), static_cast<double>(whole));
}

/// The days of a period, each with its sums.
struct Days {
    explicit Days(const AnalyticsQuery& query)
        : from_ms(query.from_ms), days(static_cast<std::size_t>((query.until_ms - query.from_ms) / day_ms)) {}

    Sums& of(const SearchRow& row) { return days[static_cast<std::size_t>((row.time_ms - from_ms) / day_ms)]; }
    void add(const Visit& search) {
        total.add(search);
        of(search.row).add(search);
    }
    /// {"date": day, ...} for every day.
    template <class Fields>
    [[nodiscard]] json::array answer(Fields&& fields) const {
        json::array dates;
        for (std::size_t i = 0; i < days.size(); ++i) {
            json::object date = fields(days[i]);
            date.emplace("date", time_text_seconds(from_ms + static_cast<std::int64_t>(i) * day_ms).substr(0, 10));
            dates.push_back(std::move(date));
        }
        return dates;
    }

    std::int64_t from_ms;
    std::vector<Sums> days;
    Sums total;
};

/// The fields of `fields` for the period, and its days.
template <class Fields>
json::object with_dates(const Days& days, Fields&& fields) {
    json::object answer = fields(days.total);
    answer.emplace("dates", days.answer(fields));
    return answer;
}

/// Sums by query; a query is known by its words, and shown as it was typed last.
struct Group {
    std::string text;
    std::uint64_t hits = 0;  ///< of the newest search
    Sums sums;
};

std::string shown_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!space) out.push_back(c);
        else if (!out.empty() && out.back() != ' ') out.push_back(' ');
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

using Groups = std::unordered_map<std::string, Group>;

void add_to(Groups& groups, const Visit& search) {
    Group& group = groups[std::string(search.row.normalized)];
    group.text = search.row.query;
    group.hits = search.row.hits;
    group.sums.add(search);
}

/// The page of a list after ordering: `before` says what stands first; equal ones go by text.
template <class Item, class Before>
std::vector<Item> page_of(std::vector<Item> items, const AnalyticsQuery& query, Before&& before) {
    const std::size_t begin = std::min(query.offset, items.size());
    const std::size_t end = std::min(items.size(), begin + std::min(query.limit, items.size()));
    std::partial_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(end), items.end(), before);
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(end), items.end());
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(begin));
    return items;
}

std::vector<const Group*> listed(const Groups& groups, const std::function<std::uint64_t(const Group&)>& count,
                                 const AnalyticsQuery& query) {
    std::vector<const Group*> list;
    for (const auto& [words, group] : groups)
        if (count(group) != 0) list.push_back(&group);
    return page_of(std::move(list), query, [&](const Group* a, const Group* b) {
        if (count(*a) != count(*b)) return count(*a) > count(*b);
        return a->text < b->text;
    });
}

void add_clicks(json::object& answer, const Sums& sums) {
    answer.emplace("trackedSearchCount", sums.tracked);
    answer.emplace("clickCount", sums.clicked);
    answer.emplace("clickThroughRate", rate(sums.clicked, sums.tracked));
    answer.emplace("averageClickPosition", sums.average_position());
    answer.emplace("clickPositions", sums.positions.answer());
    answer.emplace("conversionCount", sums.converted);
    answer.emplace("conversionRate", rate(sums.converted, sums.tracked));
}

void add_revenue(json::object& answer, const Sums& sums) {
    answer.emplace("currencies", currencies_answer(sums.currencies));
    answer.emplace("addToCartCount", sums.carted);
    answer.emplace("addToCartRate", rate(sums.carted, sums.tracked));
    answer.emplace("purchaseCount", sums.purchased);
    answer.emplace("purchaseRate", rate(sums.purchased, sums.tracked));
}

/// Numbers to order by; a rate of nothing stands last whatever the direction.
std::optional<double> order_value(const Sums& sums, AnalyticsQuery::Order order) {
    const auto quotient = [](std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? std::nullopt : std::optional(static_cast<double>(part) / static_cast<double>(whole));
    };
    switch (order) {
        case AnalyticsQuery::Order::click_through_rate: return quotient(sums.clicked, sums.tracked);
        case AnalyticsQuery::Order::conversion_rate: return quotient(sums.converted, sums.tracked);
        case AnalyticsQuery::Order::average_click_position: return quotient(sums.position_sum, sums.placed_clicks);
        case AnalyticsQuery::Order::search_count: break;
    }
    return static_cast<double>(sums.searches);
}

using FilterKey = std::tuple<std::string, std::string, std::string>;  // attribute, operator, value

json::object filter_answer(const FilterKey& key) {
    return {{"attribute", std::get<0>(key)}, {"operator", std::get<1>(key)}, {"value", std::get<2>(key)}};
}

FilterKey key_of(const SearchFilter& filter) {
    return {std::string(filter.attribute), std::string(filter.op), std::string(filter.value)};
}

template <class Map>
std::vector<std::pair<typename Map::key_type, std::uint64_t>> most(const Map& counts, const AnalyticsQuery& query) {
    std::vector<std::pair<typename Map::key_type, std::uint64_t>> list(counts.begin(), counts.end());
    return page_of(std::move(list), query, [](const auto& a, const auto& b) {
        if (a.second != b.second) return a.second > b.second;
        return a.first < b.first;
    });
}

}  // namespace

bool tags_match(const FilterExpression& expression, const std::vector<std::string_view>& tags) {
    const auto part = [&](const FilterExpression& one) { return tags_match(one, tags); };
    switch (expression.kind) {
        case FilterExpression::Kind::term: {
            // A tag with a colon in it reads like a facet.
            const FilterTerm& term = expression.term;
            const std::string tag = term.attribute.empty() ? term.text : term.attribute + ':' + term.text;
            return (std::find(tags.begin(), tags.end(), tag) != tags.end()) != term.negated;
        }
        case FilterExpression::Kind::all: return std::all_of(expression.parts.begin(), expression.parts.end(), part);
        case FilterExpression::Kind::any: return std::any_of(expression.parts.begin(), expression.parts.end(), part);
    }
    return false;
}

Result<void> Analytics::each(const AnalyticsQuery& query, const std::function<void(const Visit&)>& visit) {
    PENCHANT_CHECK(log_.flush());
    std::uint64_t rows = 0;
    PENCHANT_CHECK(log_.scan(query.index, query.from_ms, query.until_ms, [&](const Visit& search) {
        if (++rows > limits::analytics_rows_max) return false;
        if (!search.row.counted || search.row.folded) return true;
        if (query.personalized && *query.personalized != search.row.personalized) return true;
        if (query.has_search && search.row.normalized != query.search) return true;
        if (!tags_match(query.tags, search.row.tags)) return true;
        visit(search);
        return true;
    }));
    if (rows > limits::analytics_rows_max)
        return Error{Errc::bad_request, fmt::format("The period has more than {} searches; ask for fewer days.",
                                                    limits::analytics_rows_max)};
    return {};
}

Analytics::Answer Analytics::searches(const AnalyticsQuery& query) {
    Groups groups;
    PENCHANT_CHECK(each(query, [&](const Visit& search) { add_to(groups, search); }));
    std::vector<const Group*> list;
    list.reserve(groups.size());
    for (const auto& [words, group] : groups) list.push_back(&group);
    list = page_of(std::move(list), query, [&](const Group* a, const Group* b) {
        const auto first = order_value(a->sums, query.order);
        const auto second = order_value(b->sums, query.order);
        if (first != second) {
            if (!first || !second) return first.has_value();
            return query.ascending ? *first < *second : *first > *second;
        }
        if (a->sums.searches != b->sums.searches) return a->sums.searches > b->sums.searches;
        return a->text < b->text;
    });
    json::array searches;
    for (const Group* group : list) {
        json::object one{{"search", shown_text(group->text)}, {"count", group->sums.searches}, {"nbHits", group->hits}};
        if (query.click_analytics || query.revenue_analytics) add_clicks(one, group->sums);
        if (query.revenue_analytics) add_revenue(one, group->sums);
        searches.push_back(std::move(one));
    }
    return json::object{{"searches", std::move(searches)}};
}

Analytics::Answer Analytics::searches_count(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return with_dates(days, [](const Sums& sums) { return json::object{{"count", sums.searches}}; });
}

Analytics::Answer Analytics::no_results(const AnalyticsQuery& query) {
    Groups groups;
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        if (search.row.hits == 0) add_to(groups, search);
    }));
    json::array searches;
    for (const Group* group : listed(groups, [](const Group& one) { return one.sums.searches; }, query))
        searches.push_back(json::object{{"search", shown_text(group->text)},
                                        {"count", group->sums.searches},
                                        {"withFilterCount", group->sums.without_results_filtered}});
    return json::object{{"searches", std::move(searches)}};
}

Analytics::Answer Analytics::no_clicks(const AnalyticsQuery& query) {
    Groups groups;
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        if (!search.row.query_id.empty()) add_to(groups, search);
    }));
    const auto count = [](const Group& group) { return group.sums.tracked - group.sums.clicked; };
    json::array searches;
    for (const Group* group : listed(groups, count, query))
        searches.push_back(
            json::object{{"search", shown_text(group->text)}, {"count", count(*group)}, {"nbHits", group->hits}});
    return json::object{{"searches", std::move(searches)}};
}

Analytics::Answer Analytics::no_result_rate(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return with_dates(days, [](const Sums& sums) {
        return json::object{{"rate", rate(sums.without_results, sums.searches)},
                            {"count", sums.searches},
                            {"noResultCount", sums.without_results}};
    });
}

Analytics::Answer Analytics::no_click_rate(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return with_dates(days, [](const Sums& sums) {
        return json::object{{"rate", rate(sums.tracked - sums.clicked, sums.tracked)},
                            {"count", sums.tracked},
                            {"noClickCount", sums.tracked - sums.clicked}};
    });
}

Analytics::Answer Analytics::hits(const AnalyticsQuery& query) {
    struct Hit {
        std::uint64_t shown = 0;
        std::uint64_t tracked = 0;
        std::uint64_t clicks = 0;
        std::uint64_t conversions = 0;
        std::uint64_t carts = 0;
        std::uint64_t purchases = 0;
        Currencies currencies;
    };
    std::unordered_map<std::string, Hit> hits;
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        for (const std::string_view id : search.row.object_ids) {
            Hit& hit = hits[std::string(id)];
            ++hit.shown;
            if (!search.row.query_id.empty()) ++hit.tracked;
        }
        std::unordered_set<std::string_view> converted;
        for (const Outcome& outcome : search.outcomes) {
            Hit& hit = hits[std::string(outcome.object_id)];
            if (outcome.kind == OutcomeKind::click) ++hit.clicks;
            if (outcome.kind == OutcomeKind::add_to_cart) ++hit.carts;
            if (outcome.kind == OutcomeKind::purchase) ++hit.purchases;
            if (outcome.kind == OutcomeKind::purchase && !outcome.currency.empty())
                hit.currencies[std::string(outcome.currency)] += outcome.revenue;
            if (outcome.kind != OutcomeKind::click && outcome.kind != OutcomeKind::view &&
                converted.insert(outcome.object_id).second)
                ++hit.conversions;
        }
    }));
    std::vector<std::pair<std::string, Hit>> list(hits.begin(), hits.end());
    list = page_of(std::move(list), query, [](const auto& a, const auto& b) {
        if (a.second.shown != b.second.shown) return a.second.shown > b.second.shown;
        return a.first < b.first;
    });
    json::array answer;
    for (const auto& [id, hit] : list) {
        json::object one{{"hit", id}, {"count", hit.shown}};
        if (query.click_analytics || query.revenue_analytics) {
            one.emplace("trackedHitCount", hit.tracked);
            one.emplace("clickCount", hit.clicks);
            one.emplace("clickThroughRate", rate(hit.clicks, hit.tracked));
            one.emplace("conversionCount", hit.conversions);
            one.emplace("conversionRate", rate(hit.conversions, hit.tracked));
        }
        if (query.revenue_analytics) {
            one.emplace("addToCartCount", hit.carts);
            one.emplace("addToCartRate", rate(hit.carts, hit.tracked));
            one.emplace("purchaseCount", hit.purchases);
            one.emplace("purchaseRate", rate(hit.purchases, hit.tracked));
            one.emplace("currencies", currencies_answer(hit.currencies));
        }
        answer.push_back(std::move(one));
    }
    return json::object{{"hits", std::move(answer)}};
}

Analytics::Answer Analytics::users_count(const AnalyticsQuery& query) {
    std::unordered_set<std::uint64_t> all;
    std::vector<std::unordered_set<std::uint64_t>> by_day(
        static_cast<std::size_t>((query.until_ms - query.from_ms) / day_ms));
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        all.insert(search.row.visitor);
        by_day[static_cast<std::size_t>((search.row.time_ms - query.from_ms) / day_ms)].insert(search.row.visitor);
    }));
    json::array dates;
    for (std::size_t i = 0; i < by_day.size(); ++i)
        dates.push_back(json::object{
            {"date", time_text_seconds(query.from_ms + static_cast<std::int64_t>(i) * day_ms).substr(0, 10)},
            {"count", by_day[i].size()}});
    return json::object{{"count", all.size()}, {"dates", std::move(dates)}};
}

Analytics::Answer Analytics::filters(const AnalyticsQuery& query) {
    std::map<std::string, std::uint64_t> counts;
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        for (const SearchFilter& filter : search.row.filters) ++counts[std::string(filter.attribute)];
    }));
    json::array attributes;
    for (const auto& [attribute, count] : most(counts, query))
        attributes.push_back(json::object{{"attribute", attribute}, {"count", count}});
    return json::object{{"attributes", std::move(attributes)}};
}

Analytics::Answer Analytics::filter_values(const AnalyticsQuery& query, std::string_view attribute) {
    std::map<FilterKey, std::uint64_t> counts;
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        for (const SearchFilter& filter : search.row.filters)
            if (filter.attribute == attribute) ++counts[key_of(filter)];
    }));
    json::array values;
    for (const auto& [key, count] : most(counts, query)) {
        json::object value = filter_answer(key);
        value.emplace("count", count);
        values.push_back(std::move(value));
    }
    return json::object{{"values", std::move(values)}};
}

Analytics::Answer Analytics::filters_without_results(const AnalyticsQuery& query) {
    std::map<std::vector<FilterKey>, std::uint64_t> counts;
    PENCHANT_CHECK(each(query, [&](const Visit& search) {
        if (search.row.hits != 0 || search.row.filters.empty()) return;
        std::vector<FilterKey> together;
        for (const SearchFilter& filter : search.row.filters) together.push_back(key_of(filter));
        std::sort(together.begin(), together.end());
        ++counts[std::move(together)];
    }));
    if (counts.empty()) return json::object{{"values", nullptr}};
    json::array values;
    for (const auto& [together, count] : most(counts, query)) {
        json::array parts;
        for (const FilterKey& key : together) parts.push_back(filter_answer(key));
        values.push_back(json::object{{"count", count}, {"values", std::move(parts)}});
    }
    return json::object{{"values", std::move(values)}};
}

Analytics::Answer Analytics::average_click_position(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return with_dates(days, [](const Sums& sums) {
        return json::object{{"average", sums.average_position()}, {"clickCount", sums.placed_clicks}};
    });
}

Analytics::Answer Analytics::click_positions(const AnalyticsQuery& query) {
    Sums sums;
    PENCHANT_CHECK(each(query, [&](const Visit& search) { sums.add(search); }));
    return json::object{{"positions", sums.positions.answer()}};
}

namespace {

// A rate over tracked searches: how many have what `Member` counts, under `name`.
template <std::uint64_t Sums::* Member>
json::object tracked_rate(const Days& days, std::string_view name) {
    return with_dates(days, [name](const Sums& sums) {
        return json::object{{"rate", rate(sums.*Member, sums.tracked)},
                            {"trackedSearchCount", sums.tracked},
                            {name, sums.*Member}};
    });
}

}  // namespace

Analytics::Answer Analytics::click_through_rate(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return tracked_rate<&Sums::clicked>(days, "clickCount");
}
Analytics::Answer Analytics::conversion_rate(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return tracked_rate<&Sums::converted>(days, "conversionCount");
}
Analytics::Answer Analytics::add_to_cart_rate(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return tracked_rate<&Sums::carted>(days, "addToCartCount");
}
Analytics::Answer Analytics::purchase_rate(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return tracked_rate<&Sums::purchased>(days, "purchaseCount");
}

Analytics::Answer Analytics::revenue(const AnalyticsQuery& query) {
    Days days(query);
    PENCHANT_CHECK(each(query, [&](const Visit& search) { days.add(search); }));
    return with_dates(days, [](const Sums& sums) { return json::object{{"currencies", currencies_answer(sums.currencies)}}; });
}

Analytics::Answer Analytics::status(const AnalyticsQuery& query) {
    PENCHANT_CHECK(log_.flush());
    PENCHANT_TRY(const std::int64_t newest_ms, log_.newest_ms(query.index));
    if (newest_ms == 0) return json::object{{"updatedAt", nullptr}};
    return json::object{{"updatedAt", time_text(newest_ms)}};
}

}  // namespace penchant
