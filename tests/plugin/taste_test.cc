// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/taste.h"

#include "tests/catch.h"
#include "tests/plugin/shop.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace penchant;

namespace {

struct Done {
    std::int64_t time_ms;
    std::string name;
    std::string type;
    std::vector<int> records;
    std::vector<std::pair<std::string, std::string>> filters;
};

boost::json::object strategy_json(std::mt19937& random) {
    boost::json::array events;
    for (const char* name : {"one", "two", "three"})
        for (const char* type : {"click", "view", "conversion"})
            if (random() % 2 == 0)
                events.push_back(
                    boost::json::object{{"eventName", name}, {"eventType", type}, {"score", static_cast<int>(random() % 101)}});
    boost::json::array facets;
    for (const char* facet : {"brand", "color", "tags", "price", "secret"})
        if (random() % 3 != 0)
            facets.push_back(boost::json::object{{"facetName", facet}, {"score", static_cast<int>(random() % 101)}});
    return {{"eventsScoring", events}, {"facetsScoring", facets}, {"personalizationImpact", 80}};
}

std::map<std::string, std::map<std::string, std::int64_t>> naive_profile(const std::vector<Done>& done,
                                                                         const boost::json::object& strategy, std::int64_t now_ms,
                                                                         std::int64_t deleted_ms) {
    std::map<std::pair<std::string, std::string>, std::int64_t> sums;
    std::set<std::string> listed;
    for (const auto& facet : strategy.at("facetsScoring").as_array())
        if (facet.at("score").as_int64() > 0) listed.emplace(facet.at("facetName").as_string());
    for (const Done& one : done) {
        if (one.time_ms < now_ms - std::int64_t{90} * 24 * 3600 * 1000 || one.time_ms < deleted_ms) continue;
        for (const auto& scoring : strategy.at("eventsScoring").as_array()) {
            if (scoring.at("eventName").as_string() != one.name || scoring.at("eventType").as_string() != one.type) continue;
            const std::int64_t score = scoring.at("score").as_int64();
            for (const int n : one.records) {
                if (n > 36) continue;
                std::set<std::pair<std::string, std::string>> pairs{{"brand", TestShop::brand(n)},
                                                                    {"color", TestShop::color(n)},
                                                                    {"price", std::to_string(10 + n)},
                                                                    {"secret", n % 2 == 0 ? "even" : "odd"}};
                if (n % 5 == 0) pairs.insert({{"tags", "new"}, {"tags", "light"}});
                for (const auto& pair : pairs) sums[pair] += score;
            }
            std::set<std::pair<std::string, std::string>> pairs(one.filters.begin(), one.filters.end());
            for (const auto& pair : pairs) sums[pair] += score;
        }
    }
    std::int64_t greatest = 0;
    for (const auto& [pair, sum] : sums)
        if (listed.count(pair.first) != 0) greatest = std::max(greatest, sum);
    std::map<std::string, std::map<std::string, std::int64_t>> profile;
    for (const auto& [pair, sum] : sums)
        if (listed.count(pair.first) != 0 && sum > 0)
            profile[pair.first][pair.second] = std::max<std::int64_t>(
                1, static_cast<std::int64_t>(std::floor(20.0 * static_cast<double>(sum) / static_cast<double>(greatest) + 0.5)));
    return profile;
}

}  // namespace

TEST_CASE("a classic profile is the plain sums of the contract, exactly") {
    TestShop shop;
    std::mt19937 random(31);
    for (int visitor = 0; visitor < 15; ++visitor) {
        const std::string token = "v" + std::to_string(visitor);
        std::vector<Done> done;
        std::int64_t deleted_ms = 0;
        const boost::json::object strategy = strategy_json(random);
        REQUIRE(shop.call(Method::post, "/1/strategies/personalization", boost::json::serialize(strategy)).status == 200);
        for (int i = 0; i < 50; ++i) {
            shop.now_ms += static_cast<std::int64_t>(random() % 500'000'000);
            Done one{shop.now_ms,
                     std::vector<std::string>{"one", "two", "three"}[random() % 3],
                     std::vector<std::string>{"click", "view", "conversion"}[random() % 3],
                     {},
                     {}};
            boost::json::object event = TestShop::event(token, 1, one.type, one.name);
            if (random() % 3 == 0) {
                one.time_ms -= static_cast<std::int64_t>(random() % 2'000'000'000);
                event["timestamp"] = one.time_ms;
            }
            if (random() % 4 == 0) {
                one.filters = {{"brand", "Tarn"}, {"color", "blue"}, {"brand", "Tarn"}};
                event.erase("objectIDs");
                event["filters"] = boost::json::array{"brand:Tarn", "color%3Ablue", "brand:Tarn"};
            } else {
                boost::json::array ids;
                for (std::uint64_t k = 1 + random() % 3; k > 0; --k) {
                    one.records.push_back(1 + static_cast<int>(random() % 40));
                    ids.push_back(boost::json::string("sku-" + std::to_string(one.records.back())));
                }
                event["objectIDs"] = ids;
            }
            REQUIRE(shop.send({event}).status == 200);
            done.push_back(one);
            if (random() % 40 == 0) {
                REQUIRE(shop.call(Method::delete_, "/1/profiles/" + token).status == 200);
                deleted_ms = shop.now_ms + 1;
            }
            if (i % 7 != 0) continue;
            const Response answer = shop.call(Method::get, "/1/profiles/personalization/" + token);
            const auto expected = naive_profile(done, strategy, shop.now_ms, deleted_ms);
            if (answer.status == 404) {
                CHECK(expected.empty());
                continue;
            }
            std::map<std::string, std::map<std::string, std::int64_t>> got;
            const boost::json::object json = TestShop::json(answer);
            for (const auto& [facet, values] : json.at("scores").as_object())
                for (const auto& [value, score] : values.as_object())
                    got[std::string(facet)][std::string(value)] = score.as_int64();
            CHECK(got == expected);
        }
    }
}

TEST_CASE("a classic profile forgets an event when it leaves the window") {
    TestShop shop;
    REQUIRE(shop.call(Method::post, "/1/strategies/personalization",
                      R"({"eventsScoring":[{"eventName":"Clicked","eventType":"click","score":1}],
                          "facetsScoring":[{"facetName":"brand","score":100}],"personalizationImpact":100})")
                .status == 200);
    REQUIRE(shop.click("v", 7) == 200);
    CHECK(shop.boost("v").boost);
    shop.now_ms += TasteReader::classic_window_ms;
    CHECK(shop.boost("v").boost);
    shop.now_ms += 1;
    CHECK_FALSE(shop.boost("v").boost);
}

TEST_CASE("roles weigh: a purchase more than a click, a click more than a view") {
    TestShop shop;
    std::vector<boost::json::object> events{TestShop::event("v", 1, "view"), TestShop::event("v", 5, "click"),
                                            TestShop::event("v", 9, "conversion")};
    events[2]["eventSubtype"] = "purchase";
    REQUIRE(shop.send(events).status == 200);  // Corvale green, Oxbow red, Tarn blue
    const auto score = [&](std::string_view facet, std::string_view value) -> std::int64_t {
        const auto json = TestShop::json(shop.call(Method::get, "/1/profiles/personalization/v"));
        const auto* values = json.at("scores").as_object().if_contains(facet);
        const auto* found = values ? values->as_object().if_contains(value) : nullptr;
        return found ? found->as_int64() : 0;
    };
    CHECK(score("brand", "Tarn") == 20);
    CHECK(score("brand", "Tarn") > score("brand", "Oxbow"));
    CHECK(score("brand", "Oxbow") >= score("brand", "Corvale"));
}

TEST_CASE("the session outweighs long ago, and long ago is not forgotten") {
    TestShop shop;
    for (int i = 0; i < 3; ++i) REQUIRE(shop.click("v", 1) == 200);  // Corvale
    shop.now_ms += std::int64_t{30} * 24 * 3600 * 1000;
    for (int i = 0; i < 2; ++i) REQUIRE(shop.click("v", 7) == 200);  // Tarn
    const auto boosted = shop.boost("v");
    const auto shares = boosted.boost->explain(shop.ordinal(*boosted.snapshot, 8));
    REQUIRE_FALSE(shares.empty());
    CHECK(shares[0].at("value").as_string() == "Tarn");
    CHECK(boosted.score(shop.ordinal(*boosted.snapshot, 2)) < boosted.score(shop.ordinal(*boosted.snapshot, 8)));
}

TEST_CASE("a record's values share their attribute's weight, and a hierarchy's levels one weight") {
    TestShop shop(0);
    shop.settings("shop", R"({"attributesForFaceting": ["brand", "sizes", "kind.lvl0", "kind.lvl1"]})");
    std::vector<Operation> operations;
    for (int n = 1; n <= 40; ++n) {
        const std::string id = "sku-" + std::to_string(n);
        const boost::json::object record{
            {"objectID", id},
            {"brand", "brand " + std::to_string(n % 4)},
            {"sizes", {"size " + std::to_string(n % 5), "size " + std::to_string((n + 1) % 5), "size " + std::to_string((n + 2) % 5), "size " + std::to_string((n + 3) % 5)}},
            {"kind", {{"lvl0", "k" + std::to_string(n % 2)}, {"lvl1", "k" + std::to_string(n % 2) + " > " + std::to_string(n % 8)}}}};
        operations.push_back({Action::put_object, id, boost::json::serialize(record)});
    }
    shop.put("shop", std::move(operations));
    REQUIRE(shop.click("v", 8) == 200);
    const auto found = shop.boost("v");
    REQUIRE(found.boost);
    std::map<std::string, std::int64_t> weights;
    const auto snapshot = shop.catalog->snapshot("shop");
    for (Ordinal ordinal = 0; ordinal < snapshot->records; ++ordinal)
        for (const auto& entry : found.boost->explain(ordinal))
            weights[std::string(entry.at("facet").as_string())] = entry.at("weight").to_number<std::int64_t>();
    CHECK(weights.at("brand") == 100);
    CHECK(weights.at("sizes") == 25);
    CHECK(weights.at("kind.lvl0") == 50);
    CHECK(weights.at("kind.lvl1") == 50);
}

TEST_CASE("a list that was shown counts as one view, shared by its records; clicks and purchases count for each") {
    CHECK(share_of_record(EventType::view, 20) == 1.0 / 20);
    CHECK(share_of_record(EventType::view, 1) == 1);
    CHECK(share_of_record(EventType::click, 20) == 1);
    CHECK(share_of_record(EventType::conversion, 3) == 1);
}
