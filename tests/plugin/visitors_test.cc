// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/visitors.h"

#include "tests/catch.h"
#include "tests/plugin/shop.h"

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

using namespace penchant;

namespace {

std::vector<LoggedEvent> log_of(TestShop& shop, std::string_view token) {
    std::vector<LoggedEvent> log;
    const auto scanned = scan_events(shop.catalog->store(), token, 0, [&](LoggedEvent& event) {
        log.push_back(std::move(event));
        return true;
    });
    REQUIRE(scanned.has_value());
    return log;
}

/// A random history, a good part of it late.
void live(TestShop& shop, std::mt19937& random, std::string_view token, int events) {
    constexpr const char* types[]{"click", "view", "conversion"};
    for (int i = 0; i < events; ++i) {
        shop.now_ms += static_cast<std::int64_t>(random() % 7'200'000);
        boost::json::object event =
            TestShop::event(token, 1 + static_cast<int>(random() % 40), types[random() % 3], random() % 2 == 0 ? "one" : "two");
        if (random() % 4 == 0) event["timestamp"] = shop.now_ms - static_cast<std::int64_t>(random() % 2'000'000'000);
        if (random() % 9 == 0) event["index"] = "elsewhere";
        if (random() % 5 == 0) {
            event.erase("objectIDs");
            event["filters"] = boost::json::array{"brand%3ATarn", "color:none"};
        }
        REQUIRE(shop.send({std::move(event)}).status == 200);
    }
}

}  // namespace

TEST_CASE("an event is logged with what it credits") {
    TestShop shop;
    boost::json::object event = TestShop::event("v", 5);
    event["objectIDs"] = boost::json::array{"sku-5", "never-was"};
    REQUIRE(shop.send({event}).status == 200);
    const auto log = log_of(shop, "v");
    REQUIRE(log.size() == 1);
    REQUIRE(log[0].credits.credits.size() == 2);
    CHECK(log[0].credits.credits[1].note == CreditNote::unknown_object);
    const FacetValueIds& ids = shop.catalog->facet_values();
    std::vector<FacetValueId> expected{*ids.find("brand", "Oxbow"), *ids.find("color", "red"),  *ids.find("price", "15"),
                                       *ids.find("tags", "new"),    *ids.find("tags", "light"), *ids.find("secret", "odd")};
    std::sort(expected.begin(), expected.end());
    CHECK(log[0].credits.credits[0].values == expected);
    CHECK(shop.metrics["penchant_events_total{kind=\"click\"}"] == 1);
    CHECK(shop.metrics["penchant_event_credits_missing_total{reason=\"unknown_object\"}"] == 1);
}

TEST_CASE("filters credit the pairs that the catalog has, and make no new ones") {
    TestShop shop;
    const std::size_t before = shop.catalog->facet_values().size();
    boost::json::object event = TestShop::event("v", 1);
    event.erase("objectIDs");
    event["filters"] = boost::json::array{"brand%3ATarn", "color:green", "brand:Nobody", "nonsense"};
    REQUIRE(shop.send({event}).status == 200);
    const auto log = log_of(shop, "v");
    REQUIRE(log[0].credits.credits.size() == 1);
    CHECK(log[0].credits.credits[0].note == CreditNote::unknown_value);
    CHECK(log[0].credits.credits[0].values.size() == 2);
    CHECK(shop.catalog->facet_values().size() == before);
}

TEST_CASE("reopened, a profile is the same to the bit") {
    TestShop shop;
    std::mt19937 random(21);
    live(shop, random, "v", 120);
    const Profile before = shop.profile("v");
    REQUIRE(before.events() == 120);
    shop.reopen();
    CHECK(shop.profile("v") == before);
    CHECK(shop.profile("v").encode() == before.encode());
    live(shop, random, "v", 3);
    CHECK(shop.profile("v").events() == 123);
}

TEST_CASE("a rebuild gives what counting live gave") {
    TestShop shop;
    std::mt19937 random(22);
    for (int visitor = 0; visitor < 8; ++visitor) {
        const std::string token = "v" + std::to_string(visitor);
        live(shop, random, token, 60);
        if (visitor % 3 == 1) {
            const auto deleted = shop.call(Method::delete_, "/1/profiles/" + token);
            REQUIRE(deleted.status == 200);
            live(shop, random, token, 40);
        }
        const Profile before = shop.profile(token);
        const auto report = shop.personalization->visitors().rebuild(token);
        REQUIRE(report.has_value());
        CHECK_FALSE(report->changed);
        CHECK(shop.profile(token) == before);
    }
}

TEST_CASE("what was unknown when the event came is credited by a rebuild") {
    TestShop shop;
    boost::json::object later = TestShop::event("v", 99);
    boost::json::object elsewhere = TestShop::event("v", 1);
    elsewhere["index"] = "other";
    REQUIRE(shop.send({TestShop::event("v", 1), later, elsewhere}).status == 200);
    TestShop twin;
    const auto untouched = shop.personalization->visitors().rebuild("v");
    REQUIRE(untouched.has_value());
    CHECK_FALSE(untouched->changed);
    for (TestShop* one : {&shop, &twin}) {
        one->put("shop", {{Action::put_object, "sku-99", TestShop::record_json(99)}});
        one->settings("other", R"({"attributesForFaceting": ["brand"]})");
        one->put("other", {{Action::put_object, "sku-1", TestShop::record_json(1)}});
    }
    REQUIRE(twin.send({TestShop::event("v", 1), later, elsewhere}).status == 200);
    const auto report = shop.personalization->visitors().rebuild("v");
    REQUIRE(report.has_value());
    CHECK(report->credits_found == 2);
    CHECK(report->changed);
    // As if all had been known from the beginning. (Both catalogs number values alike: same records in the same order.)
    CHECK(shop.profile("v") == twin.profile("v"));
    const auto again = shop.personalization->visitors().rebuild("v");
    CHECK(again->credits_found == 0);
    CHECK_FALSE(again->changed);
}

TEST_CASE("an event with an id counts once") {
    TestShop shop;
    boost::json::object event = TestShop::event("v", 1);
    event["eventID"] = "e-1";
    REQUIRE(shop.send({event, event}).status == 200);
    CHECK(shop.profile("v").events() == 1);
    REQUIRE(shop.send({event}).status == 200);
    shop.reopen();
    REQUIRE(shop.send({event}).status == 200);
    CHECK(shop.profile("v").events() == 1);
    CHECK(log_of(shop, "v").size() == 1);
    event["userToken"] = "w";
    REQUIRE(shop.send({event}).status == 200);
    CHECK(shop.profile("w").events() == 1);
    event.erase("eventID");
    REQUIRE(shop.send({event, event}).status == 200);
    CHECK(shop.profile("w").events() == 3);
}

TEST_CASE("linked tokens are one visitor, and unlinking restores exactly what was") {
    TestShop shop;
    auto& visitors = shop.personalization->visitors();
    for (int i = 0; i < 3; ++i) REQUIRE(shop.click("phone", 7) == 200);
    REQUIRE(shop.click("laptop", 1) == 200);
    const Profile phone = shop.profile("phone");
    boost::json::object event = TestShop::event("laptop", 1);
    event["authenticatedUserToken"] = "anna";
    REQUIRE(shop.send({event}).status == 200);
    REQUIRE(visitors.link("phone", "anna", shop.now_ms).has_value());
    for (const char* token : {"phone", "laptop", "anna"}) {
        const auto group = visitors.group(token);
        REQUIRE(group.has_value());
        CHECK(group->person == "anna");
        CHECK(group->tokens == std::vector<std::string>{"anna", "laptop", "phone"});
    }
    CHECK(shop.profile("phone") == phone);  // links do not touch counters
    REQUIRE(visitors.unlink("phone", shop.now_ms).has_value());
    CHECK(visitors.group("phone")->tokens == std::vector<std::string>{"phone"});
    CHECK(visitors.group("anna")->tokens == std::vector<std::string>{"anna", "laptop"});
    CHECK(shop.profile("phone") == phone);
    shop.reopen();
    CHECK(shop.personalization->visitors().group("anna")->tokens == std::vector<std::string>{"anna", "laptop"});
    CHECK(shop.profile("phone") == phone);
}

TEST_CASE("a device handed on belongs to the latest person, whatever comes late") {
    TestShop shop;
    auto& visitors = shop.personalization->visitors();
    const auto carry = [&](const char* person, std::int64_t time_ms) {
        boost::json::object event = TestShop::event("device", 1);
        event["authenticatedUserToken"] = person;
        event["timestamp"] = time_ms;
        REQUIRE(shop.send({event}).status == 200);
    };
    carry("anna", shop.now_ms - 5000);
    CHECK(visitors.group("device")->person == "anna");
    carry("ben", shop.now_ms - 1000);
    CHECK(visitors.group("device")->person == "ben");
    CHECK(visitors.group("anna")->tokens == std::vector<std::string>{"anna"});
    carry("anna", shop.now_ms - 3000);
    CHECK(visitors.group("device")->person == "ben");
}

TEST_CASE("concurrent events of one visitor all count, and are felt when they are acknowledged") {
    TestShop shop;
    constexpr int threads = 4;
    constexpr int each = 40;
    std::atomic<int> acknowledged{0};
    std::atomic<bool> stop{false};
    std::atomic<int> missed{0};
    std::thread reader([&] {
        while (!stop) {
            const int floor = acknowledged;
            if (shop.profile("v").events() < static_cast<std::uint64_t>(floor)) ++missed;
            static_cast<void>(shop.boost("v"));
        }
    });
    std::vector<std::thread> writers;
    for (int t = 0; t < threads; ++t) {
        writers.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                std::vector<boost::json::object> events{TestShop::event("v", 1 + (t * each + i) % 36)};
                if (i % 2 == 0) events.push_back(TestShop::event("w" + std::to_string(i % 3), 2));
                if (shop.send(std::move(events)).status == 200) ++acknowledged;
            }
        });
    }
    for (std::thread& writer : writers) writer.join();
    stop = true;
    reader.join();
    CHECK(missed == 0);
    CHECK(acknowledged == threads * each);
    CHECK(shop.profile("v").events() == threads * each);
    const Profile live_profile = shop.profile("v");
    // Each took a place of its own in the log, and the log counts to the same bits.
    const auto log = log_of(shop, "v");
    std::vector<std::uint64_t> sequences;
    for (const LoggedEvent& event : log) sequences.push_back(event.sequence);
    std::sort(sequences.begin(), sequences.end());
    REQUIRE(sequences.size() == threads * each);
    for (std::size_t i = 0; i < sequences.size(); ++i) CHECK(sequences[i] == i);
    CHECK_FALSE(shop.personalization->visitors().rebuild("v")->changed);
    shop.reopen();
    CHECK(shop.profile("v") == live_profile);
}

TEST_CASE("one token's range holds nobody else's events") {
    TestShop shop;
    for (const char* token : {"a", "aa", "a/", "a=", "b"}) REQUIRE(shop.click(token, 1) == 200);
    CHECK(log_of(shop, "a").size() == 1);
    CHECK(log_of(shop, "a")[0].json.find("\"userToken\":\"a\"") != std::string::npos);
}

TEST_CASE("a logged event is read back, and a cut one is found") {
    const EventCredits credits{3U, {{CreditNote::none, {1, 5, 900'000}}, {CreditNote::unknown_object, {}}}};
    const std::string key = event_key("token", 1234, 7);
    const std::string value = event_value(300, credits, "{}");
    const auto event = read_event(key, value);
    REQUIRE(event.has_value());
    CHECK(event->credits == credits);
    CHECK(event->role == 300);
    CHECK(event->time_ms == 1234);
    CHECK(event->sequence == 7);
    CHECK(event->json == "{}");
    for (std::size_t cut = 0; cut + 2 < value.size(); ++cut) CHECK(read_event(key, value.substr(0, cut)).has_error());
    CHECK(read_event("token", value).has_error());
}
