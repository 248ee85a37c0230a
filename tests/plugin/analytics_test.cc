// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/analytics.h"
#include "plugin/time_text.h"

#include "index/limits.h"
#include "tests/catch.h"
#include "tests/plugin/shop.h"

#include <cstdio>

namespace penchant {
namespace {

namespace json = boost::json;

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

/// A search as the engine would report it; what is not said is a counted search of one visitor with three hits.
struct Asked {
    std::string query;
    std::string token = "visitor-1";
    std::uint64_t hits = 3;
    std::string query_id = {};
    std::vector<std::string> shown{"sku-1", "sku-2", "sku-3"};
    std::vector<SearchReport::Filter> filters = {};
    std::vector<std::string> tags = {};
    bool counted = true;
    bool personalized = false;
    bool address = false;
    std::string index = "shop";
    std::uint64_t offset = 0;
};

struct Log {
    TestShop shop;

    void ask(const Asked& asked) {
        std::vector<std::string_view> shown(asked.shown.begin(), asked.shown.end());
        SearchReport report;
        report.index = asked.index;
        report.query = asked.query;
        report.normalized = normalized_query(asked.query, Settings{});
        report.user_token = asked.token;
        report.token_is_address = asked.address;
        report.query_id = asked.query_id;
        report.hits = asked.hits;
        report.offset = asked.offset;
        report.object_ids = shown;
        report.filters = asked.filters;
        report.tags = asked.tags;
        report.counted = asked.counted;
        report.personalized = asked.personalized;
        report.microseconds = 120;
        shop.personalization->search_log().add(report);
    }
    void wait(std::int64_t ms) { shop.now_ms += ms; }
    json::object get(std::string_view target) {
        const Response response = shop.call(Method::get, target);
        INFO(target << " " << response.body);
        REQUIRE(response.status == 200);
        return TestShop::json(response);
    }
    json::object event(int n, std::string_view type, std::string_view query_id, std::string_view token = "visitor-1") {
        json::object one = TestShop::event(token, n, type, "Did");
        one["queryID"] = query_id;
        return one;
    }
};

std::string id(int n) {
    char text[40];
    std::snprintf(text, sizeof text, "%032x", n);
    return text;
}

std::string day_of(std::int64_t ms) { return time_text_seconds(ms).substr(0, 10); }

json::value of(std::string_view text) { return json::parse(text); }

}  // namespace

TEST_CASE("searches are counted by what they ask") {
    Log log;
    for (int i = 0; i < 3; ++i) log.ask({.query = i == 0 ? "Boot" : " boot ", .token = "v" + std::to_string(i)});
    log.ask({.query = "rain coat", .hits = 17});
    log.ask({.query = "boot", .token = "x", .counted = false});
    log.ask({.query = "boot", .token = "x", .index = "other"});
    CHECK(log.get("/2/searches?index=shop") ==
          of(R"({"searches":[{"search":"boot","count":3,"nbHits":3},{"search":"rain coat","count":1,"nbHits":17}]})"));
    CHECK(log.get("/2/searches?index=shop&limit=1&offset=1") ==
          of(R"({"searches":[{"search":"rain coat","count":1,"nbHits":17}]})"));
    CHECK(log.get("/2/searches?index=other").at("searches").as_array().size() == 1);
    CHECK(log.get("/2/searches?index=nothing").at("searches").as_array().empty());
}

TEST_CASE("keystrokes within half a minute are one search, the last") {
    Log log;
    for (const char* text : {"b", "bo", "boo", "boot", "boo", "boots"}) {
        log.ask({.query = text});
        log.wait(2'000);
    }
    log.ask({.query = "b", .token = "another"});
    CHECK(log.get("/2/searches?index=shop") ==
          of(R"({"searches":[{"search":"b","count":1,"nbHits":3},{"search":"boots","count":1,"nbHits":3}]})"));
    // Half a minute of silence, or other words, begin a new search; so does something that came of the one before.
    log.wait(31'000);
    log.ask({.query = "boots red"});
    log.wait(1'000);
    log.ask({.query = "coat", .query_id = id(1)});
    CHECK(log.shop.send({log.event(1, "click", id(1))}).status == 200);
    CHECK(log.get("/2/searches/count?index=shop").at("count").as_int64() == 4);
    log.wait(1'000);
    log.ask({.query = "coats"});
    CHECK(log.get("/2/searches/count?index=shop").at("count").as_int64() == 5);
    // Empty searches are not typed on.
    log.ask({.query = ""});
    log.ask({.query = ""});
    CHECK(log.get("/2/searches/count?index=shop").at("count").as_int64() == 7);
}

TEST_CASE("a shop's server asks for all of its visitors") {
    Log log;
    for (int i = 0; i < 4; ++i) log.ask({.query = "boot", .token = "10.0.0.1", .address = true});
    CHECK(log.get("/2/searches/count?index=shop").at("count").as_int64() == 4);
    for (int i = 0; i < 4; ++i) log.ask({.query = "boot", .token = "v"});
    CHECK(log.get("/2/searches/count?index=shop").at("count").as_int64() == 5);
    CHECK(log.get("/2/users/count?index=shop").at("count").as_int64() == 2);
    // The address is nowhere in the store.
    bool found = false;
    REQUIRE(log.shop.catalog->store().scan(Family::module, {}, {}, [&](std::string_view key, std::string_view value) {
        found = found || key.find("10.0.0.1") != std::string_view::npos || value.find("10.0.0.1") != std::string_view::npos;
        return true;
    }));
    CHECK_FALSE(found);
}

TEST_CASE("days are those of UTC, and every day is listed") {
    Log log;
    log.shop.now_ms = log.shop.now_ms / day_ms * day_ms + 10 * hour_ms;
    const std::int64_t today = log.shop.now_ms;
    log.ask({.query = "boot"});
    log.wait(day_ms);
    log.ask({.query = "boot"});
    log.ask({.query = "coat", .hits = 0, .shown = {}});
    const json::object week = log.get("/2/searches/count?index=shop");
    CHECK(week.at("count").as_int64() == 3);
    const json::array& dates = week.at("dates").as_array();
    REQUIRE(dates.size() == 8);
    CHECK(dates[7] == json::object{{"date", day_of(today + day_ms)}, {"count", 2}});
    CHECK(dates[6] == json::object{{"date", day_of(today)}, {"count", 1}});
    CHECK(dates[0] == json::object{{"date", day_of(today - 6 * day_ms)}, {"count", 0}});
    const std::string first = day_of(today);
    const json::object one = log.get("/2/searches/noResultRate?index=shop&startDate=" + first + "&endDate=" + first);
    CHECK(one == json::object{{"rate", 0}, {"count", 1}, {"noResultCount", 0},
                              {"dates", json::array{json::object{{"date", first}, {"rate", 0}, {"count", 1}, {"noResultCount", 0}}}}});
    const json::object both = log.get("/2/searches/noResultRate?index=shop&startDate=" + first);
    CHECK(both.at("dates").as_array()[1].at("rate").to_number<double>() == 0.5);
    const json::object none = log.get("/2/searches/noResultRate?index=other&startDate=" + first + "&endDate=" + first);
    CHECK(none.at("rate").is_null());
    CHECK(none.at("dates").as_array()[0].at("rate").is_null());
    for (const char* wrong : {"startDate=2026-1-1", "endDate=yesterday", "startDate=2026-02-02&endDate=2026-02-01",
                              "startDate=2001-01-01&endDate=2026-02-01", "limit=-1", "limit=1001", "orderBy=name",
                              "direction=up", "clickAnalytics=maybe", "tags=a%20AND"}) {
        INFO(wrong);
        CHECK(log.shop.call(Method::get, std::string("/2/searches?index=shop&") + wrong).status == 400);
    }
    CHECK(log.shop.call(Method::get, "/2/searches").status == 400);
}

TEST_CASE("clicks and conversions join to their search") {
    Log log;
    log.ask({.query = "boot", .query_id = id(1)});
    log.ask({.query = "boot", .token = "b", .query_id = id(2), .offset = 20});
    log.ask({.query = "boot", .token = "c", .query_id = id(3)});
    log.ask({.query = "boot", .token = "d"});  // not tracked
    json::object clicked = log.event(2, "click", id(1));
    clicked["positions"] = json::array{2};
    CHECK(log.shop.send({clicked, clicked}).status == 200);                                // repeats do not add up
    CHECK(log.shop.send({log.event(3, "click", id(2), "b")}).status == 200);              // the place is known: 20 + 3
    CHECK(log.shop.send({log.event(3, "conversion", id(2), "b")}).status == 200);
    CHECK(log.shop.send({log.event(1, "view", id(3), "c")}).status == 200);
    CHECK(log.shop.send({log.event(1, "click", id(99), "c"), TestShop::event("c", 1)}).status == 200);  // of no search
    const json::object answer = log.get("/2/searches?index=shop&clickAnalytics=true");
    const json::object& boot = answer.at("searches").as_array().at(0).as_object();
    CHECK(boot.at("count").as_int64() == 4);
    CHECK(boot.at("trackedSearchCount").as_int64() == 3);
    CHECK(boot.at("clickCount").as_int64() == 2);
    CHECK(boot.at("clickThroughRate").as_double() == 2.0 / 3.0);
    CHECK(boot.at("averageClickPosition").as_double() == 12.5);
    CHECK(boot.at("conversionCount").as_int64() == 1);
    CHECK(boot.at("conversionRate").as_double() == 1.0 / 3.0);
    const json::array& positions = boot.at("clickPositions").as_array();
    REQUIRE(positions.size() == 12);
    CHECK(positions[1] == of(R"({"position":[2,2],"clickCount":1})"));
    CHECK(positions[10] == of(R"({"position":[11,20],"clickCount":0})"));
    CHECK(positions[11] == of(R"({"position":[21,-1],"clickCount":1})"));
    CHECK(log.get("/2/clicks/positions?index=shop").at("positions").as_array() == positions);
    CHECK(log.get("/2/clicks/averageClickPosition?index=shop").at("average").as_double() == 12.5);
    CHECK(log.get("/2/clicks/averageClickPosition?index=other").at("average").is_null());
    const json::object rate = log.get("/2/clicks/clickThroughRate?index=shop");
    CHECK(rate.at("rate").to_number<double>() == 2.0 / 3.0);
    CHECK(rate.at("trackedSearchCount").as_int64() == 3);
    CHECK(rate.at("dates").as_array().back().at("clickCount").as_int64() == 2);
    CHECK(log.get("/2/conversions/conversionRate?index=shop").at("conversionCount").as_int64() == 1);
    const json::object quiet = log.get("/2/searches/noClickRate?index=shop");
    CHECK(quiet.at("count").as_int64() == 3);
    CHECK(quiet.at("noClickCount").as_int64() == 1);
    CHECK(log.get("/2/searches/noClicks?index=shop") == of(R"({"searches":[{"search":"boot","count":1,"nbHits":3}]})"));
}

TEST_CASE("an event counts for the hour after its search") {
    Log log;
    log.ask({.query = "boot", .query_id = id(1)});
    log.wait(59 * minute_ms);
    CHECK(log.shop.send({log.event(1, "click", id(1))}).status == 200);
    CHECK(log.get("/2/clicks/clickThroughRate?index=shop").at("clickCount").as_int64() == 1);
    log.wait(2 * minute_ms);
    CHECK(log.shop.send({log.event(1, "conversion", id(1))}).status == 200);
    CHECK(log.get("/2/conversions/conversionRate?index=shop").at("conversionCount").as_int64() == 0);
}

TEST_CASE("carts, purchases and revenue") {
    Log log;
    log.ask({.query = "boot", .query_id = id(1)});
    log.ask({.query = "coat", .query_id = id(2)});
    json::object cart = log.event(1, "conversion", id(1));
    cart["eventSubtype"] = "addToCart";
    cart["currency"] = "EUR";
    cart["objectData"] = json::array{json::object{{"price", 99}}};
    json::object purchase{{"eventType", "conversion"}, {"eventSubtype", "purchase"}, {"eventName", "Bought"},
                          {"index", "shop"}, {"userToken", "visitor-1"}, {"currency", "eur"},
                          {"objectIDs", json::array{"sku-1", "sku-2"}},
                          {"objectData", json::array{json::object{{"price", 10.5}, {"quantity", 2}, {"queryID", id(1)}},
                                                     json::object{{"price", "$4"}, {"queryID", id(2)}}}}};
    json::object whole{{"eventType", "conversion"}, {"eventSubtype", "purchase"}, {"eventName", "Bought"},
                       {"index", "shop"}, {"userToken", "visitor-1"}, {"currency", "USD"}, {"value", 7},
                       {"objectIDs", json::array{"sku-3"}}, {"queryID", id(2)}};
    CHECK(log.shop.send({cart, purchase, whole}).status == 200);
    const json::object revenue = log.get("/2/conversions/revenue?index=shop");
    CHECK(revenue.at("currencies") == of(R"({"EUR":{"currency":"EUR","revenue":25},"USD":{"currency":"USD","revenue":7}})"));
    CHECK(revenue.at("dates").as_array().back().at("currencies") == revenue.at("currencies"));
    CHECK(log.get("/2/conversions/addToCartRate?index=shop").at("addToCartCount").as_int64() == 1);
    CHECK(log.get("/2/conversions/purchaseRate?index=shop").at("rate").to_number<double>() == 1.0);
    const json::object top = log.get("/2/searches?index=shop&clickAnalytics=true&revenueAnalytics=true&orderBy=conversionRate");
    const json::object& boot = top.at("searches").as_array().at(0).as_object();
    CHECK(boot.at("search").as_string() == "boot");
    CHECK(boot.at("currencies") == of(R"({"EUR":{"currency":"EUR","revenue":21}})"));
    CHECK(boot.at("addToCartRate").to_number<double>() == 1.0);
    CHECK(boot.at("purchaseCount").as_int64() == 1);
}

TEST_CASE("records shown, filters used, searches without results") {
    Log log;
    const std::vector<SearchReport::Filter> red{{"color", ":", "red"}, {"price", "<", "20"}};
    log.ask({.query = "boot", .hits = 1, .shown = {"sku-2"}, .filters = red});
    log.ask({.query = "hat", .hits = 0, .shown = {}, .filters = {{"color", ":", "blue"}}});
    log.ask({.query = "hat", .token = "b", .hits = 0, .shown = {}});
    log.ask({.query = "coat"});
    CHECK(log.get("/2/hits?index=shop") == of(R"({"hits":[{"hit":"sku-2","count":2},{"hit":"sku-1","count":1},{"hit":"sku-3","count":1}]})"));
    CHECK(log.get("/2/hits?index=shop&search=Boot") == of(R"({"hits":[{"hit":"sku-2","count":1}]})"));
    CHECK(log.get("/2/filters?index=shop") == of(R"({"attributes":[{"attribute":"color","count":2},{"attribute":"price","count":1}]})"));
    CHECK(log.get("/2/filters/color?index=shop") ==
          of(R"({"values":[{"attribute":"color","operator":":","value":"blue","count":1},{"attribute":"color","operator":":","value":"red","count":1}]})"));
    CHECK(log.get("/2/filters/noResults?index=shop") ==
          of(R"({"values":[{"count":1,"values":[{"attribute":"color","operator":":","value":"blue"}]}]})"));
    CHECK(log.get("/2/filters/noResults?index=other").at("values").is_null());
    CHECK(log.get("/2/searches/noResults?index=shop") == of(R"({"searches":[{"search":"hat","count":2,"withFilterCount":1}]})"));
    CHECK(log.get("/2/countries?index=shop") == of(R"({"countries":[]})"));
    CHECK(log.get("/2/status?index=shop").at("updatedAt").as_string() == time_text(log.shop.now_ms));
    CHECK(log.get("/2/status?index=other").at("updatedAt").is_null());
}

TEST_CASE("tags and personalized searches can be told apart") {
    Log log;
    log.ask({.query = "a", .tags = {"mobile", "fr"}});
    log.ask({.query = "b", .tags = {"mobile"}});
    log.ask({.query = "c", .tags = {"platform:web"}, .personalized = true});
    const auto count = [&](std::string_view more) {
        return log.get(std::string("/2/searches/count?index=shop&") + std::string(more)).at("count").as_int64();
    };
    CHECK(count("tags=mobile") == 2);
    CHECK(count("tags=mobile%20AND%20NOT%20fr") == 1);
    CHECK(count("tags=fr%20OR%20platform%3Aweb") == 2);
    CHECK(count("tags=desktop") == 0);
    CHECK(count("personalized=true") == 1);
    CHECK(count("personalized=false") == 2);
}

TEST_CASE("/2/users/count belongs to whom it is asked for") {
    Log log;
    log.ask({.query = "boot"});
    log.ask({.query = "hat", .token = "b"});
    log.ask({.query = "coat", .token = "b"});
    const json::object users = log.get("/2/users/count?index=shop");
    CHECK(users.at("count").as_int64() == 2);
    CHECK(users.at("dates").as_array().back().at("count").as_int64() == 2);
    CHECK(log.shop.call(Method::get, "/2/users/count").status == 404);  // nobody of that name
    CHECK(log.shop.click("count", 1) == 200);
    CHECK(log.get("/2/users/count").at("userID").as_string() == "count");
}

TEST_CASE("an erased visitor is gone from the log") {
    Log log;
    log.ask({.query = "boot", .query_id = id(1)});
    log.ask({.query = "coat", .token = "stays", .query_id = id(2)});
    CHECK(log.shop.send({log.event(1, "click", id(1))}).status == 200);
    CHECK(log.shop.call(Method::delete_, "/1/usertokens/visitor-1").status == 204);
    CHECK(log.get("/2/searches?index=shop") == of(R"({"searches":[{"search":"coat","count":1,"nbHits":3}]})"));
    bool found = false;
    REQUIRE(log.shop.catalog->store().scan(Family::module, {}, {}, [&](std::string_view key, std::string_view value) {
        found = found || key.find("visitor-1") != std::string_view::npos || value.find("visitor-1") != std::string_view::npos;
        return true;
    }));
    CHECK_FALSE(found);
    // What comes later of the search finds nothing to join.
    CHECK(log.shop.send({log.event(1, "click", id(1))}).status == 200);
    CHECK(log.get("/2/clicks/clickThroughRate?index=shop").at("clickCount").as_int64() == 0);
}

TEST_CASE("the log survives a restart, and forgets what is old") {
    Log log;
    log.ask({.query = "boot", .query_id = id(1)});
    log.shop.reopen();
    CHECK(log.shop.send({log.event(1, "click", id(1))}).status == 200);
    CHECK(log.get("/2/clicks/clickThroughRate?index=shop").at("clickCount").as_int64() == 1);
    log.wait(3 * day_ms);
    log.ask({.query = "coat", .query_id = id(2)});
    log.ask({.query = "hat", .index = "another"});
    SearchLog& kept = log.shop.personalization->search_log();
    REQUIRE(kept.flush());
    CHECK(kept.remove_before(log.shop.now_ms - day_ms).value() == 1);
    CHECK(log.get("/2/searches?index=shop") == of(R"({"searches":[{"search":"coat","count":1,"nbHits":3}]})"));
    CHECK(log.get("/2/searches?index=another").at("searches").as_array().size() == 1);
    CHECK(log.shop.send({log.event(1, "conversion", id(1))}).status == 200);
    CHECK(log.get("/2/conversions/conversionRate?index=shop").at("conversionCount").as_int64() == 0);
}

TEST_CASE("what is older than three months goes by itself") {
    Log log;
    const auto all = [&] {
        const std::string first = day_of(log.shop.now_ms - 300 * day_ms);
        return log.get("/2/searches?index=shop&startDate=" + first).at("searches");
    };
    log.ask({.query = "boot", .query_id = id(1)});
    CHECK(all().as_array().size() == 1);
    log.wait(89 * day_ms);
    log.ask({.query = "coat"});
    CHECK(all().as_array().size() == 2);
    log.wait(2 * day_ms);
    log.ask({.query = "hat"});
    CHECK(all() == of(R"([{"search":"coat","count":1,"nbHits":3},{"search":"hat","count":1,"nbHits":3}])"));
    CHECK(log.shop.metrics["penchant_search_log_expired_total"] == 1);
}

TEST_CASE("a queue that is full drops and counts, and no search waits") {
    Log log;
    const std::size_t many = limits::search_log_queue_max * 2;
    for (std::size_t i = 0; i < many; ++i) log.ask({.query = "boot" + std::to_string(i), .token = "v" + std::to_string(i)});
    const auto counted = static_cast<double>(log.get("/2/searches/count?index=shop").at("count").as_int64());
    CHECK(counted + log.shop.metrics["penchant_search_log_dropped_total"] == static_cast<double>(many));
    CHECK(counted > 0);
}

TEST_CASE("a row in the log reads back as it was written") {
    SearchRow row;
    row.time_ms = 77;
    row.counted = true;
    row.personalized = true;
    const std::string bytes = query_id_bytes("9f86d081884c7d659a2feaa0c55ad015");
    REQUIRE(bytes.size() == 16);
    row.query_id = bytes;
    row.token = "v";
    row.visitor = 0xFFFF'FFFF'FFFF'FFFFULL;
    row.query = "Ünï";
    row.normalized = "uni";
    row.hits = 300;
    row.offset = 20;
    row.microseconds = 1234;
    row.tags = {"a", ""};
    row.filters = {{"brand", ":", "x"}};
    row.object_ids = {"1", "2"};
    const std::string value = row.encode();
    const auto again = SearchRow::decode(value, 77);
    REQUIRE(again);
    CHECK(again->encode() == value);
    CHECK(again->normalized == "uni");
    CHECK(again->filters.at(0).value == "x");
    CHECK(SearchRow::decode(folded_row(value), 77)->folded);
    for (std::size_t bytes_kept = 0; bytes_kept < value.size(); ++bytes_kept)
        CHECK_FALSE(SearchRow::decode(value.substr(0, bytes_kept), 77).has_value());
    CHECK(query_id_bytes("9F86D081884C7D659A2FEAA0C55AD015").empty());
    CHECK(query_id_bytes("message_1").empty());
}

}  // namespace penchant
