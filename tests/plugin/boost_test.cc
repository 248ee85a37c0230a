// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/boost.h"

#include "tests/catch.h"
#include "tests/plugin/shop.h"

#include <cmath>
#include <map>
#include <random>
#include <set>

using namespace penchant;

namespace {

std::string strategy(int brand, int color, int impact = 100) {
    return boost::json::serialize(boost::json::object{
        {"eventsScoring",
         boost::json::array{boost::json::object{{"eventName", "Clicked"}, {"eventType", "click"}, {"score", 30}}}},
        {"facetsScoring", boost::json::array{boost::json::object{{"facetName", "brand"}, {"score", brand}},
                                             boost::json::object{{"facetName", "color"}, {"score", color}}}},
        {"personalizationImpact", impact}});
}

}  // namespace

TEST_CASE("nobody, nothing, off: no boost") {
    TestShop shop;
    CHECK_FALSE(shop.boost("nobody").boost);
    CHECK_FALSE(shop.boost("").boost);
    REQUIRE(shop.click("v", 7) == 200);
    CHECK(shop.boost("v").boost);
    CHECK_FALSE(shop.boost("v", {}, 0).boost);
    const auto snapshot = shop.catalog->snapshot("shop");
    const SearchContext off{"shop", *snapshot, "v", false, {}, {}, false};
    CHECK_FALSE(shop.personalization->boosts().boost(off, shop.now_ms));
    const SearchContext empty{"shop", *snapshot, "v", true, {}, {}, true};
    CHECK_FALSE(shop.personalization->boosts().boost(empty, shop.now_ms));
}

TEST_CASE("without any configuration three clicks on a brand make it lead, at impact 70") {
    TestShop shop;
    for (const int n : {7, 20, 33}) REQUIRE(shop.click("v", n) == 200);  // Tarn in three colors
    const auto boosted = shop.boost("v");
    REQUIRE(boosted.boost);
    CHECK(boosted.boost->impact() == 70);
    CHECK(shop.boost("v", {}, 30).boost->impact() == 30);
    float best_other = 0;
    float worst_tarn = boosted.boost->upper_bound();
    for (int n = 1; n <= 36; ++n) {
        const float score = boosted.score(shop.ordinal(*boosted.snapshot, n));
        CHECK(score <= boosted.boost->upper_bound());
        if (std::string_view(TestShop::brand(n)) == "Tarn") worst_tarn = std::min(worst_tarn, score);
        else best_other = std::max(best_other, score);
    }
    CHECK(worst_tarn > best_other);
    // Prices are no liking, and filterOnly attributes none either.
    for (int n = 1; n <= 36; ++n)
        for (const auto& share : boosted.boost->explain(shop.ordinal(*boosted.snapshot, n)))
            CHECK((share.at("facet").as_string() == "brand" || share.at("facet").as_string() == "color" ||
                   share.at("facet").as_string() == "tags"));
}

TEST_CASE("the very next search feels an event, of the token and of linked ones") {
    TestShop shop;
    for (int i = 0; i < 50; ++i) {
        const std::string token = "v" + std::to_string(i);
        CHECK_FALSE(shop.boost(token).boost);
        REQUIRE(shop.click(token, 7) == 200);
        REQUIRE(shop.boost(token).boost);
    }
    auto& visitors = shop.personalization->visitors();
    REQUIRE(shop.click("phone", 7) == 200);
    CHECK_FALSE(shop.boost("laptop").boost);
    CHECK_FALSE(shop.boost("anna").boost);
    REQUIRE(visitors.link("laptop", "anna", shop.now_ms).has_value());
    CHECK_FALSE(shop.boost("laptop").boost);
    REQUIRE(visitors.link("phone", "anna", shop.now_ms).has_value());
    CHECK(shop.boost("laptop").boost);
    CHECK(shop.boost("anna").boost);
    REQUIRE(visitors.unlink("laptop", shop.now_ms).has_value());
    CHECK_FALSE(shop.boost("laptop").boost);
    CHECK(shop.boost("anna").boost);
}

TEST_CASE("explanations add up to the score to the bit") {
    TestShop shop(120);
    std::mt19937 random(4);
    for (int visitor = 0; visitor < 20; ++visitor) {
        const std::string token = "v" + std::to_string(visitor);
        for (int i = 0; i < 15; ++i) {
            shop.now_ms += 1'234'567;
            REQUIRE(shop.click(token, 1 + static_cast<int>(random() % 120)) == 200);
        }
        const auto boosted = shop.boost(token);
        if (!boosted.boost) continue;
        for (int n = 1; n <= 120; ++n) {
            const Ordinal ordinal = shop.ordinal(*boosted.snapshot, n);
            const auto shares = boosted.boost->explain(ordinal);
            float forwards = 0;
            float backwards = 0;
            double wide = 0;
            double share = 0;
            for (std::size_t i = 0; i < shares.size(); ++i) {
                forwards += static_cast<float>(shares[i].at("contribution").as_double());
                backwards += static_cast<float>(shares[shares.size() - 1 - i].at("contribution").as_double());
                wide += shares[i].at("contribution").as_double();
                share += shares[i].at("share").as_double();
                const double exact = shares[i].at("score").as_double() * shares[i].at("weight").to_number<double>() / 100.0;
                CHECK(std::abs(exact - shares[i].at("contribution").as_double()) < 1e-3);
            }
            CHECK(forwards == boosted.score(ordinal));
            CHECK(backwards == boosted.score(ordinal));
            CHECK(wide == static_cast<double>(boosted.score(ordinal)));
            if (!shares.empty()) CHECK(std::abs(share - 1) < 1e-9);
        }
    }
}

TEST_CASE("a persona replaces the stored profile; filters match without case") {
    TestShop shop;
    for (int i = 0; i < 3; ++i) REQUIRE(shop.click("v", 7) == 200);
    const auto boosted = shop.boost("v", {"brand:oxbow<score=15>", "color:red<score=7>", "nonsense", "brand:Nobody<score=9>"});
    REQUIRE(boosted.boost);
    CHECK(boosted.boost->upper_bound() == 22);
    for (int n = 1; n <= 36; ++n) {
        const float expected = (std::string_view(TestShop::brand(n)) == "Oxbow" ? 15.0F : 0.0F) +
                               (std::string_view(TestShop::color(n)) == "red" ? 7.0F : 0.0F);
        CHECK(boosted.score(shop.ordinal(*boosted.snapshot, n)) == expected);
    }
    CHECK_FALSE(shop.boost("v", {"nonsense"}).boost);
}

TEST_CASE("precedence: persona, then classic, then advanced, then default; weights act at once") {
    TestShop shop;
    for (int i = 0; i < 3; ++i) REQUIRE(shop.click("v", 7) == 200);  // Tarn, green
    const auto put = [&](std::string body) { REQUIRE(shop.call(Method::put, "/2/config", std::move(body)).status == 200); };
    const auto facets = [&](const TestShop::Boosted& boosted) {
        std::set<std::string> names;
        for (const auto& share : boosted.boost->explain(shop.ordinal(*boosted.snapshot, 7)))
            names.emplace(share.at("facet").as_string());
        return names;
    };
    CHECK(shop.boost("v").boost->impact() == 70);
    CHECK(facets(shop.boost("v")) == std::set<std::string>{"brand", "color"});

    put(R"({"indices":[{"index":"shop","affinities":["color"],"source":{"type":"insights","events":{
        "viewDetails":[{"type":"click","name":"Clicked"}],"viewListing":[],"addToCart":[],"purchase":[]}}}],
        "personalizationReRanking":"medium","profileType":"basic","features":{}})");
    CHECK(shop.boost("v").boost->impact() == 50);
    CHECK(facets(shop.boost("v")) == std::set<std::string>{"color"});
    put(R"({"indices":[{"index":"shop","affinities":["color"],"source":{"type":"insights","events":{
        "viewDetails":[{"type":"click","name":"Something else"}],"viewListing":[],"addToCart":[],"purchase":[]}}}],
        "personalizationReRanking":"medium","profileType":"basic","features":{}})");
    CHECK_FALSE(shop.boost("v").boost);  // no event of the configuration
    put(R"({"indices":[{"index":"another","affinities":["color"],"source":{"type":"insights","events":{
        "viewDetails":[],"viewListing":[],"addToCart":[],"purchase":[]}}}],
        "personalizationReRanking":"none","profileType":"basic","features":{}})");
    CHECK(shop.boost("v").boost->impact() == 70);  // nothing said of this index: the default

    const auto post = [&](std::string body) {
        REQUIRE(shop.call(Method::post, "/1/strategies/personalization", std::move(body)).status == 200);
    };
    post(strategy(100, 10, 90));
    auto boosted = shop.boost("v");
    CHECK(boosted.boost->impact() == 90);
    CHECK(boosted.score(shop.ordinal(*boosted.snapshot, 7)) == 22);  // 20 at weight 100, 20 at weight 10
    CHECK(boosted.score(shop.ordinal(*boosted.snapshot, 1)) == 2);
    post(strategy(10, 100, 90));
    boosted = shop.boost("v");
    CHECK(boosted.score(shop.ordinal(*boosted.snapshot, 8)) == 2);
    CHECK(boosted.score(shop.ordinal(*boosted.snapshot, 1)) == 20);
    post(strategy(100, 0, 90));
    CHECK(facets(shop.boost("v")) == std::set<std::string>{"brand"});
    CHECK(shop.boost("v", {"color:red<score=3>"}).boost->impact() == 90);
    post(strategy(100, 100, 0));
    CHECK_FALSE(shop.boost("v").boost);
    CHECK(shop.boost("v", {}, 40).boost->impact() == 40);
}

TEST_CASE("a changed catalog is looked at anew") {
    TestShop shop;
    REQUIRE(shop.click("v", 7) == 200);
    CHECK(shop.boost("v").score(shop.ordinal(*shop.catalog->snapshot("shop"), 8)) > 0);
    shop.put("shop", {{Action::put_object, "sku-8", TestShop::record_json(1).replace(14, 5, "sku-8")}});
    for (int n = 37; n <= 80; ++n) shop.put("shop", {{Action::put_object, "sku-" + std::to_string(n), TestShop::record_json(n)}});
    const auto boosted = shop.boost("v");
    for (int n = 37; n <= 80; ++n) {
        const float score = boosted.score(shop.ordinal(*boosted.snapshot, n));
        CHECK((score > 0) == (std::string_view(TestShop::brand(n)) == "Tarn" || std::string_view(TestShop::color(n)) == "green"));
    }
}

TEST_CASE("contributions lie on the grid and their sums are exact in any order") {
    std::mt19937 random(8);
    for (int round = 0; round < 200; ++round) {
        Taste taste;
        const std::size_t count = 1 + random() % 200;
        const double unit = std::exp2(static_cast<double>(random() % 20) - 10);
        for (std::uint32_t flat = 0; flat < count; ++flat) {
            TasteEntry entry;
            entry.flat = flat;
            entry.attribute = flat % 5;
            entry.weight = static_cast<int>(random() % 101);
            entry.score = unit * (1 + static_cast<double>(random() % 190'001) / 10'000);
            taste.entries.push_back(entry);
        }
        CompiledTaste compiled = compile(taste);
        float bound = 0;
        for (const auto& entry : compiled.entries) bound += entry.contribution;
        CHECK(bound == compiled.upper_bound);
        std::shuffle(compiled.entries.begin(), compiled.entries.end(), random);
        float other = 0;
        double wide = 0;
        for (const auto& entry : compiled.entries) {
            other += entry.contribution;
            wide += static_cast<double>(entry.contribution);
        }
        CHECK(other == compiled.upper_bound);
        CHECK(wide == static_cast<double>(compiled.upper_bound));
    }
    CHECK(compile(Taste{}).entries.empty());
}
