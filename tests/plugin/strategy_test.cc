// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/strategy.h"

#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <boost/json.hpp>

#include <string>
#include <vector>

using namespace penchant;

namespace {

constexpr const char* good = R"({"eventsScoring":[{"eventName":"Order placed","eventType":"conversion","score":100},
    {"eventName":"Page viewed","eventType":"view","score":10}],
    "facetsScoring":[{"facetName":"brand","score":100},{"facetName":"color","score":0}],"personalizationImpact":70})";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

constexpr const char* config =
    R"({"indices":[{"index":"shop","affinities":["brand","color"],"source":{"type":"insights","events":{
    "viewDetails":[{"type":"click","name":"Hit Clicked"}],"viewListing":[{"type":"view","name":"Hits Viewed"}],
    "addToCart":[{"type":"conversion","subtype":"addToCart","name":"Cart"}],
    "purchase":[{"type":"conversion","subtype":"purchase","name":"Order placed"}]}}}],
    "personalizationReRanking":"high","profileType":"basic","features":{"realtime":{"enabled":true}}})";

Event event_of(EventType type, EventSubtype subtype, std::string name) {
    Event event;
    event.type = type;
    event.subtype = subtype;
    event.name = std::move(name);
    return event;
}

}  // namespace

TEST_CASE("a classic strategy is read back as it was written, in both spellings") {
    const auto strategy = ClassicStrategy::parse(good);
    REQUIRE(strategy.has_value());
    CHECK(boost::json::value(strategy->to_json()) == boost::json::parse(good));
    const auto early =
        ClassicStrategy::parse(replaced(replaced(good, "eventsScoring", "eventScoring"), "facetsScoring", "facetScoring"));
    REQUIRE(early.has_value());
    CHECK(boost::json::value(early->to_json()) == boost::json::parse(good));
    CHECK(strategy->event_score(EventType::view, "Page viewed") == 10);
    CHECK(strategy->event_score(EventType::click, "Page viewed") == 0);
    CHECK(strategy->facet_score("brand") == 100);
    CHECK(strategy->facet_score("size") == 0);
}

TEST_CASE("a bad classic strategy is refused with the key's name") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"[]", "object"},
        {"{", "JSON"},
        {R"({"personalizationImpact":1})", "eventsScoring is required"},
        {replaced(good, "\"personalizationImpact\":70", "\"personalizationImpact\":101"), "personalizationImpact"},
        {replaced(good, "\"personalizationImpact\":70", "\"personalizationImpact\":\"much\""), "personalizationImpact"},
        {replaced(good, "\"personalizationImpact\":70", "\"personalizationImpact\":70,\"extra\":1"), "extra"},
        {replaced(good, ",\"personalizationImpact\":70", ""), "personalizationImpact is required"},
        {replaced(good, "\"view\"", "\"hover\""), "eventType"},
        {replaced(good, "\"score\":10}", "\"score\":\"high\"}"), "score"},
        {replaced(good, "\"score\":10}", "\"score\":-1}"), "score"},
        {replaced(good, ",\"score\":10}", "}"), "score is required"},
        {replaced(good, ",\"score\":10}", ",\"score\":10,\"more\":1}"), "more"},
        {replaced(good, "\"brand\"", "\"\""), "facetName"},
        {replaced(good, "{\"facetName\":\"brand\",\"score\":100}", "7"), "facetsScoring"},
    };
    for (const auto& [body, word] : cases) {
        INFO(body);
        const auto strategy = ClassicStrategy::parse(body);
        REQUIRE(strategy.has_error());
        CHECK(strategy.error().code == Errc::bad_request);
        INFO(strategy.error().what);
        CHECK(strategy.error().what.find(word) != std::string::npos);
    }
}

TEST_CASE("an advanced configuration is read back, and bad ones are refused") {
    const auto parsed = AdvancedConfig::parse(config);
    REQUIRE(parsed.has_value());
    CHECK(boost::json::value(parsed->to_json()) == boost::json::parse(config));
    CHECK(parsed->impact() == 75);
    REQUIRE(parsed->find("shop"));
    CHECK_FALSE(parsed->find("other"));
    for (const auto& [level, impact] :
         std::vector<std::pair<std::string, int>>{{"none", 0}, {"low", 25}, {"medium", 50}, {"maximum", 100}})
        CHECK(AdvancedConfig::parse(replaced(config, "high", level))->impact() == impact);
    const std::vector<std::string> bad{
        "[]",
        "{}",
        replaced(config, "\"high\"", "\"extreme\""),
        replaced(config, "\"basic\"", "\"fancy\""),
        replaced(config, ",\"features\":{\"realtime\":{\"enabled\":true}}", ""),
        replaced(config, "\"insights\"", "\"other\""),
        replaced(config, "[\"brand\",\"color\"]", "[]"),
        replaced(config, "[\"brand\",\"color\"]", "[\"objectID\"]"),
        replaced(config, "[\"brand\",\"color\"]", "[\"_ds_x\"]"),
        replaced(config, "[\"brand\",\"color\"]", "\"brand\""),
        replaced(config, "\"viewListing\"", "\"viewlisting\""),
        replaced(config, "\"subtype\":\"addToCart\"", "\"subtype\":\"rent\""),
        replaced(config, "\"type\":\"click\"", "\"type\":\"hover\""),
        replaced(config, "\"name\":\"Cart\"", "\"title\":\"Cart\""),
    };
    for (const std::string& body : bad) {
        INFO(body);
        const auto refused = AdvancedConfig::parse(body);
        REQUIRE(refused.has_error());
        CHECK(refused.error().what.substr(0, 20) == "Invalid request body");
    }
}

TEST_CASE("what is saved is there after reopening, and every save is a new version") {
    const Scratch scratch;
    {
        auto store = Store::open(scratch.path());
        REQUIRE(store.has_value());
        auto strategies = Strategies::open(**store);
        REQUIRE(strategies.has_value());
        CHECK_FALSE((*strategies)->state()->classic);
        const std::uint64_t version = (*strategies)->version();
        REQUIRE((*strategies)->save(*ClassicStrategy::parse(good)).has_value());
        REQUIRE((*strategies)->save(*AdvancedConfig::parse(config), 1234).has_value());
        CHECK((*strategies)->version() == version + 2);
    }
    auto store = Store::open(scratch.path());
    auto strategies = Strategies::open(**store);
    REQUIRE(strategies.has_value());
    const auto state = (*strategies)->state();
    REQUIRE((state->classic && state->advanced));
    CHECK(boost::json::value(state->classic->to_json()) == boost::json::parse(good));
    CHECK(boost::json::value(state->advanced->to_json()) == boost::json::parse(config));
    CHECK(state->advanced->updated_at_ms == 1234);
}

TEST_CASE("roles keep their numbers, and weigh as the strategy says") {
    const Scratch scratch;
    auto store = Store::open(scratch.path());
    REQUIRE(store.has_value());
    RoleId clicked = 0;
    RoleId bought = 0;
    {
        Roles roles(**store);
        REQUIRE(roles.load().has_value());
        clicked = *roles.number(event_of(EventType::click, EventSubtype::none, "Hit Clicked"));
        bought = *roles.number(event_of(EventType::conversion, EventSubtype::purchase, "Order placed"));
    }
    Roles roles(**store);
    REQUIRE(roles.load().has_value());
    CHECK(*roles.number(event_of(EventType::click, EventSubtype::none, "Hit Clicked")) == clicked);
    CHECK(roles.role(bought).subtype == EventSubtype::purchase);
    CHECK(roles.role(bought).name == "Order placed");
    RoleWeights standard(roles, nullptr);
    CHECK(standard(clicked) == 3);
    CHECK(standard(bought) == 10);
    CHECK(standard(*roles.number(event_of(EventType::view, EventSubtype::none, "x"))) == 1);
    CHECK(standard(*roles.number(event_of(EventType::conversion, EventSubtype::none, "x"))) == 6);
    CHECK(standard(*roles.number(event_of(EventType::conversion, EventSubtype::add_to_cart, "x"))) == 6);
    const auto parsed = AdvancedConfig::parse(config);
    RoleWeights configured(roles, parsed->find("shop"));
    CHECK(configured(clicked) == 3);
    CHECK(configured(bought) == 10);
    CHECK(configured(*roles.number(event_of(EventType::conversion, EventSubtype::none, "Order placed"))) == 0);
    CHECK(configured(*roles.number(event_of(EventType::view, EventSubtype::none, "x"))) == 0);
}

TEST_CASE("numbers and placeholders are no likings") {
    for (const char* text : {"119.5", "3", "-2", "+7", "1e3"}) CHECK(looks_numeric(text));
    for (const char* text : {"", "3 l", "L", "1,5", "nan", "inf", "0x10"}) CHECK_FALSE(looks_numeric(text));
    for (const char* text : {"", "unknown", "N/A", "null", "***"}) CHECK(is_placeholder(text));
    CHECK_FALSE(is_placeholder("Nullarbor"));
}
