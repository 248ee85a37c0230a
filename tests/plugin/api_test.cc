// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/api.h"

#include "plugin/command.h"
#include "plugin/time_text.h"
#include "tests/catch.h"
#include "tests/plugin/shop.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace penchant;

namespace {

std::string config(std::string index) {
    return R"({"indices":[{"index":")" + index +
           R"(","affinities":["brand","color","nothing"],"source":{"type":"insights","events":{
        "viewDetails":[{"type":"click","name":"Clicked"}],"viewListing":[],"addToCart":[],"purchase":[]}}}],
        "personalizationReRanking":"high","profileType":"basic","features":{"realtime":{"enabled":true}}})";
}

std::vector<std::string> ids_of(const boost::json::object& page) {
    std::vector<std::string> ids;
    for (const auto& user : page.at("users").as_array()) ids.emplace_back(user.at("userID").as_string());
    return ids;
}

}  // namespace

TEST_CASE("events: answers and refusals") {
    TestShop shop;
    const Response ok = shop.send({TestShop::event("v", 1)});
    CHECK(ok.status == 200);
    CHECK(TestShop::json(ok) == boost::json::object{{"status", 200}, {"message", "OK"}});
    boost::json::object bad = TestShop::event("v", 1);
    bad.erase("eventName");
    const Response refused = shop.send({TestShop::event("w", 1), bad});
    CHECK(refused.status == 422);
    CHECK(TestShop::json(refused) == boost::json::object{{"message", "EventName is required"}, {"status", 422}});
    CHECK(shop.profile("w").empty());
    CHECK(shop.call(Method::post, "/1/events", "{").status == 400);
    CHECK(shop.call(Method::delete_, "/1/usertokens/not%20a%20token").status == 422);
    CHECK(shop.call(Method::delete_, "/1/usertokens/nobody").status == 204);
}

TEST_CASE("rights are those of the contract") {
    TestShop shop;
    std::set<std::string> seen;
    for (const Route& route : shop.router->routes()) {
        std::vector<std::string> expected{"recommendation"};
        if (route.pattern == "/1/events") expected = {"search"};
        if (route.pattern == "/1/usertokens/{userToken}") expected = {"deleteObject"};
        if (route.family == RouteFamily::analytics) expected = {"analytics"};
        else if (route.pattern.substr(0, 3) == "/2/") expected = {"search", "browse", "recommendation"};
        if (route.pattern == "/2/users/count") expected = {};  // the handler looks, since it depends (A 1.1)
        INFO(route.pattern);
        CHECK(route.rights == expected);
        seen.insert(route.pattern);
    }
    CHECK(seen.size() == 28);
}

TEST_CASE("classic: strategy") {
    TestShop shop;
    CHECK(TestShop::json(shop.call(Method::get, "/1/strategies/personalization")) ==
          boost::json::object{
              {"eventsScoring", boost::json::array{}}, {"facetsScoring", boost::json::array{}}, {"personalizationImpact", 0}});
    const std::string strategy =
        R"({"eventsScoring":[{"eventName":"Clicked","eventType":"click","score":30}],"facetsScoring":[{"facetName":"brand","score":80}],"personalizationImpact":40})";
    const Response saved = shop.call(Method::post, "/1/strategies/personalization", strategy);
    CHECK(saved.status == 200);
    CHECK(TestShop::json(saved).at("message").as_string() == "Strategy was successfully updated.");
    CHECK(shop.call(Method::post, "/1/strategies/personalization", R"({"personalizationImpact":1})").status == 400);
    CHECK(shop.call(Method::get, "/1/strategies/personalization").body == strategy);
    shop.reopen();
    CHECK(shop.call(Method::get, "/1/strategies/personalization").body == strategy);
}

TEST_CASE("profiles: read, deleted, and built anew by later events only") {
    TestShop shop;
    const Response none = shop.call(Method::get, "/1/profiles/personalization/v");
    CHECK(none.status == 404);
    CHECK(TestShop::json(none) == boost::json::object{{"message", "user not found"}, {"status", 404}});
    CHECK(shop.call(Method::get, "/1/profiles/personalization/a%20b").status == 400);
    REQUIRE(shop.click("v", 7) == 200);
    const auto profile = TestShop::json(shop.call(Method::get, "/1/profiles/personalization/v"));
    CHECK(profile.at("userToken").as_string() == "v");
    CHECK(profile.at("lastEventAt").as_string() == time_text_seconds(shop.now_ms));
    CHECK(profile.at("scores").at("brand").at("Tarn").as_int64() == 20);
    const auto deleted = TestShop::json(shop.call(Method::delete_, "/1/profiles/v"));
    CHECK(deleted.at("deletedUntil").as_string() == time_text(shop.now_ms + 1));
    CHECK(shop.call(Method::get, "/1/profiles/personalization/v").status == 404);
    CHECK_FALSE(shop.boost("v").boost);
    boost::json::object late = TestShop::event("v", 1);
    late["timestamp"] = shop.now_ms - 1000;
    REQUIRE(shop.send({late}).status == 200);
    CHECK(shop.call(Method::get, "/1/profiles/personalization/v").status == 404);
    shop.now_ms += 5;
    REQUIRE(shop.click("v", 10) == 200);
    const auto again = TestShop::json(shop.call(Method::get, "/1/profiles/personalization/v"));
    CHECK(again.at("scores").at("brand").as_object().size() == 1);
    CHECK(again.at("scores").at("brand").as_object().contains("Fellside"));
}

TEST_CASE("advanced: configuration with its findings") {
    TestShop shop;
    const auto empty = TestShop::json(shop.call(Method::get, "/2/config"));
    CHECK(empty.at("status").at("type").as_string() == "pending");
    const auto saved = TestShop::json(shop.call(Method::put, "/2/config", config("shop")));
    CHECK(saved.at("status").as_int64() == 200);
    CHECK(saved.at("errors").as_array().empty());
    REQUIRE(saved.at("warnings").as_array().size() == 1);
    CHECK(saved.at("warnings").at(0).at("index").as_string() == "shop");
    const auto read = TestShop::json(shop.call(Method::get, "/2/config"));
    CHECK(read.at("status").at("type").as_string() == "active");
    CHECK(read.at("indices").at(0).at("warnings").as_array().size() == 1);
    CHECK(read.at("indices").at(0).at("lastUpdatedAt").as_string() == time_text(shop.now_ms));
    const auto missing = TestShop::json(shop.call(Method::put, "/2/config", config("nowhere")));
    CHECK(missing.at("errors").at(0).at("code").as_string() == "missing_index");
    CHECK(shop.call(Method::put, "/2/config", "{}").status == 400);
}

TEST_CASE("advanced: a user") {
    TestShop shop;
    REQUIRE(shop.call(Method::put, "/2/config", config("shop")).status == 200);
    shop.now_ms += 10;
    REQUIRE(shop.click("a/b+c=", 7) == 200);
    const auto user = TestShop::json(shop.call(Method::get, "/2/users/a%2Fb%2Bc%3D"));
    CHECK(user.at("userID").as_string() == "a/b+c=");
    CHECK(user.at("type").as_string() == "basic");
    CHECK(user.at("lastUpdatedAt").as_string() == time_text(shop.now_ms));
    REQUIRE(user.at("affinities").as_array().size() == 2);
    for (const auto& affinity : user.at("affinities").as_array()) {
        CHECK(affinity.at("indices") == boost::json::array{"shop"});
        CHECK(affinity.at("lastUpdatedAt").as_string() == time_text(shop.now_ms));
        CHECK(affinity.at("score").to_number<double>() >= 1);
    }
    CHECK(shop.call(Method::get, "/2/users/count").status == 404);
    CHECK(TestShop::json(shop.call(Method::get, "/2/users/never-was")).at("message").as_string() == "Not Found");
    CHECK(shop.call(Method::get, "/2/users/not%20a%20token").status == 422);
    const auto deleted = TestShop::json(shop.call(Method::delete_, "/2/users/a%2Fb%2Bc%3D"));
    CHECK(deleted.at("userID").as_string() == "a/b+c=");
    CHECK(deleted.at("deletedUntil").as_string() == time_text(shop.now_ms + 1));
    CHECK(shop.call(Method::get, "/2/users/a%2Fb%2Bc%3D").status == 404);
}

TEST_CASE("advanced: users in order, forwards and backwards, with filters") {
    TestShop shop;
    std::vector<std::string> all;
    const std::int64_t begin = shop.now_ms;
    for (int i = 0; i < 23; ++i) {
        all.push_back("user-" + std::string(1, static_cast<char>('a' + i)));
        shop.now_ms += 1000;
        REQUIRE(shop.click(all.back(), i % 2 == 0 ? 7 : 1) == 200);
    }
    for (const int limit : {1, 4, 23, 100}) {
        std::vector<std::string> forwards;
        std::string token;
        std::string previous;
        for (int page = 0; page < 40; ++page) {
            const auto answer = TestShop::json(shop.call(
                Method::get, "/2/users?limit=" + std::to_string(limit) + (token.empty() ? "" : "&nextPageToken=" + token)));
            const auto ids = ids_of(answer);
            CHECK(ids.size() <= static_cast<std::size_t>(limit));
            forwards.insert(forwards.end(), ids.begin(), ids.end());
            if (answer.contains("previousPageToken")) previous = std::string(answer.at("previousPageToken").as_string());
            if (!answer.contains("nextPageToken")) break;
            token = std::string(answer.at("nextPageToken").as_string());
        }
        CHECK(forwards == all);
        std::vector<std::string> backwards;
        for (int page = 0; page < 40 && !previous.empty(); ++page) {
            const auto answer = TestShop::json(
                shop.call(Method::get, "/2/users?limit=" + std::to_string(limit) + "&previousPageToken=" + previous));
            const auto ids = ids_of(answer);
            backwards.insert(backwards.begin(), ids.begin(), ids.end());
            CHECK(answer.contains("nextPageToken"));
            previous = answer.contains("previousPageToken") ? std::string(answer.at("previousPageToken").as_string()) : "";
        }
        if (limit == 1) CHECK(backwards == std::vector<std::string>(all.begin(), all.end() - 1));
        if (limit == 4) CHECK(backwards == std::vector<std::string>(all.begin(), all.begin() + 20));
    }
    const auto list = [&](const std::string& query) {
        return ids_of(TestShop::json(shop.call(Method::get, "/2/users?limit=1000&" + query)));
    };
    CHECK(list("affinity=brand:Tarn").size() == 12);
    CHECK(list("affinity=brand:Tarn,color:green").size() == 12);
    CHECK(list("affinity=brand:Tarn,brand:Corvale").empty());
    CHECK(list("affinity=brand").size() == 23);
    CHECK(list("indices=shop").size() == 23);
    CHECK(list("indices=shop,help").empty());
    CHECK(list("startDate=" + time_text(begin + 20'000)).size() == 4);
    CHECK(list("endDate=" + time_text(begin + 20'000)).size() == 20);
    CHECK(TestShop::json(shop.call(Method::get, "/2/users")).at("users").as_array().size() == 10);
    for (const char* bad :
         {"limit=0", "limit=1001", "limit=x", "startDate=soon", "nextPageToken=zz", "nextPageToken=61&previousPageToken=61"})
        CHECK(shop.call(Method::get, std::string("/2/users?") + bad).status == 400);
}

TEST_CASE("the command line shows, exports, links and erases") {
    TestShop shop;
    for (int i = 0; i < 3; ++i) REQUIRE(shop.click("v", 7) == 200);
    const auto run = [&](std::vector<const char*> arguments) {
        arguments.insert(arguments.begin(), "profile");
        return profile_command(*shop.personalization, static_cast<int>(arguments.size()), arguments.data());
    };
    CHECK(run({}) == 2);
    CHECK(run({"v", "--nonsense"}) == 2);
    CHECK(run({"not a token"}) == 2);
    CHECK(run({"v", "--link"}) == 2);
    CHECK(run({"nobody"}) == 1);
    CHECK(run({"v"}) == 0);
    CHECK(run({"v", "--json"}) == 0);
    CHECK(run({"v", "--export"}) == 0);
    CHECK(run({"v", "--link", "anna"}) == 0);
    CHECK(shop.boost("anna").boost);
    CHECK(run({"v", "--unlink"}) == 0);
    CHECK(run({"v", "--unlink"}) == 1);
    CHECK_FALSE(shop.boost("anna").boost);
    CHECK(run({"v", "--rebuild"}) == 0);
    CHECK(run({"v", "--erase"}) == 0);
    CHECK(run({"v"}) == 1);
}
