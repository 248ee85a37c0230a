// SPDX-License-Identifier: GPL-3.0-or-later
// Indices, settings, tasks and keys over HTTP (A 1.7, 3.5 to 3.7, 7.1).
#include "tests/engine/server_fixture.h"

using namespace penchant;
using namespace penchant::test;

TEST_CASE("settings are merged, reset and given back, unknown ones too") {
    ServerFixture fixture;
    CHECK(fixture.get("/1/indexes/shop/settings").status == 404);
    CHECK(fixture.get("/1/indexes/shop/settings").text("message") == "Index shop does not exist");
    const JsonAnswer put = fixture.put("/1/indexes/shop/settings?forwardToReplicas=true", R"({"hitsPerPage":7,"ourOwn":{"a":1}})");
    REQUIRE(put.status == 200);
    CHECK(put.at("taskID").is_int64());
    CHECK(put.text("message").find("ourOwn") != std::string::npos);
    const JsonAnswer got = fixture.get("/1/indexes/shop/settings?getVersion=2");  // at once, not only when applied
    CHECK(got.text("hitsPerPage") == "7");
    CHECK(boost::json::serialize(got.at("ourOwn")) == R"({"a":1})");
    fixture.put("/1/indexes/shop/settings", R"({"hitsPerPage":null})");
    CHECK(fixture.get("/1/indexes/shop/settings").text("hitsPerPage") == "20");
    CHECK(fixture.put("/1/indexes/shop/settings", R"({"hitsPerPage":"lots"})").status == 400);
    CHECK(fixture.put("/1/indexes/shop/settings", "").status == 400);
    CHECK(fixture.put("/1/indexes/shop/settings", "[]").status == 400);
    CHECK(fixture.put("/1/indexes/*/settings", "{}").status == 400);
}

TEST_CASE("a task becomes published, and unknown ones are not found") {
    ServerFixture fixture;
    const JsonAnswer put = fixture.put("/1/indexes/shop/a", "{}");
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/task/" + put.text("taskID")).body == R"({"status":"published","pendingTask":false})");
    CHECK(fixture.get("/1/task/" + put.text("taskID")).text("status") == "published");
    CHECK(fixture.get("/1/indexes/shop/task/9007199254740991").status == 404);
    CHECK(fixture.get("/1/indexes/shop/task/x").status == 400);
    CHECK(fixture.get("/1/indexes/shop/task/-1").status == 400);
}

TEST_CASE("indices are listed, paged, and only those a key may use") {
    ServerFixture fixture;
    CHECK(fixture.get("/1/indexes").body == R"({"items":[],"nbPages":1})");
    for (const char* name : {"b", "a", "c%20d"}) fixture.put(fmt::format("/1/indexes/{}/x", name), R"({"n":1})");
    fixture.put("/1/indexes/empty/settings", "{}");
    fixture.settle();
    const JsonAnswer all = fixture.get("/1/indexes");
    REQUIRE(all.at("items").as_array().size() == 4);
    const auto& first = all.at("items").as_array().front().as_object();
    CHECK(first.at("name") == "a");
    CHECK(first.at("entries") == 1);
    CHECK(first.at("pendingTask") == false);
    CHECK(first.at("createdAt").as_string().ends_with("Z"));
    CHECK(all.at("items").as_array()[2].as_object().at("name") == "c d");
    CHECK(all.at("items").as_array()[3].as_object().at("createdAt") == "");
    const JsonAnswer page = fixture.get("/1/indexes?page=1&hitsPerPage=3");
    CHECK(page.at("items").as_array().size() == 1);
    CHECK(page.text("nbPages") == "2");
    CHECK(fixture.get("/1/indexes?page=9&hitsPerPage=3").at("items").as_array().empty());
    CHECK(fixture.get("/1/indexes?page=x").status == 400);
    const std::string key = fixture.post("/1/keys", R"({"acl":["listIndexes"],"indexes":["a"]})").text("key");
    CHECK(fixture.request("GET", "/1/indexes", {}, key).at("items").as_array().size() == 1);
}

TEST_CASE("copy, move and delete as clients replace an index") {
    ServerFixture fixture;
    fixture.put("/1/indexes/shop/settings", R"({"hitsPerPage":9})");
    fixture.put("/1/indexes/shop/old", R"({"n":1})");
    fixture.settle();
    const auto operation = [&](std::string_view index, std::string_view body) {
        return fixture.post(fmt::format("/1/indexes/{}/operation", index), body);
    };
    CHECK(operation("shop", R"({"operation":"copy","destination":"shop_tmp","scope":["settings","rules","synonyms"]})").status == 200);
    fixture.post("/1/indexes/shop_tmp/batch", R"({"requests":[{"action":"addObject","body":{"objectID":"new"}}]})");
    CHECK(operation("shop_tmp", R"({"operation":"move","destination":"shop"})").status == 200);
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/new").status == 200);
    CHECK(fixture.get("/1/indexes/shop/old").status == 404);
    CHECK(fixture.get("/1/indexes/shop/settings").text("hitsPerPage") == "9");
    CHECK(fixture.get("/1/indexes/shop_tmp/settings").status == 404);

    operation("shop", R"({"operation":"copy","destination":"backup"})");
    fixture.settle();
    CHECK(fixture.get("/1/indexes/backup/new").status == 200);
    CHECK(operation("nowhere", R"({"operation":"move","destination":"elsewhere"})").status == 200);

    for (const char* body : {"", "{}", R"({"operation":"swap","destination":"x"})", R"({"operation":"copy"})",
                             R"({"operation":"copy","destination":""})", R"({"operation":"copy","destination":3})",
                             R"({"operation":"copy","destination":"shop"})", R"({"operation":"copy","destination":"x","scope":["all"]})",
                             R"({"operation":"move","destination":"x","scope":["settings"]})"}) {
        INFO(body);
        CHECK(operation("shop", body).status == 400);
    }
    CHECK_FALSE(fixture.request("DELETE", "/1/indexes/shop").text("deletedAt").empty());
    CHECK(fixture.request("DELETE", "/1/indexes/never").status == 200);
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/settings").status == 404);
}

TEST_CASE("a key may copy only where it may write") {
    ServerFixture fixture;
    fixture.put("/1/indexes/shop/a", "{}");
    const std::string key = fixture.post("/1/keys", R"({"acl":["addObject"],"indexes":["shop"]})").text("key");
    CHECK(fixture.request("POST", "/1/indexes/shop/operation", R"({"operation":"copy","destination":"other"})", key).status == 403);
}

TEST_CASE("keys through their endpoints") {
    ServerFixture fixture;
    const JsonAnswer made = fixture.post("/1/keys", R"({"acl":["search"],"description":"web"})");
    REQUIRE(made.status == 200);
    CHECK(made.text("createdAt").ends_with("Z"));
    const std::string key = made.text("key");
    const JsonAnswer got = fixture.get("/1/keys/" + key);
    CHECK(got.at("createdAt").is_int64());
    CHECK(got.text("value") == key);
    CHECK(got.text("description") == "web");
    CHECK(fixture.request("GET", "/1/keys/" + key, {}, key).text("description") == "<redacted>");
    CHECK(fixture.get("/1/keys").at("keys").as_array().size() == 1);
    const std::string other = fixture.post("/1/keys", R"({"acl":["search"]})").text("key");
    CHECK(fixture.request("GET", "/1/keys/" + other, {}, key).status == 403);
    CHECK(fixture.request("GET", "/1/keys", {}, key).status == 403);
    CHECK(fixture.request("POST", "/1/keys", R"({"acl":["search"]})", key).status == 403);
    CHECK(fixture.put("/1/keys/" + key, R"({"acl":["browse"]})").text("key") == key);
    CHECK(fixture.request("POST", "/1/indexes/x/query", "{}", key).text("message") == "Method not allowed with this API key");
    CHECK_FALSE(fixture.request("DELETE", "/1/keys/" + key).text("deletedAt").empty());
    CHECK(fixture.get("/1/keys/" + key).status == 404);
    CHECK(fixture.get("/1/keys/" + key).text("message") == "Key does not exist");
    CHECK(fixture.request("POST", "/1/indexes/x/query", "{}", key).text("message") == "Invalid Application-ID or API key");
}

TEST_CASE("replicas are named in settings and lists, follow their primary and refuse other writes") {
    ServerFixture fixture;
    fixture.put("/1/indexes/shop/1", R"({"name":"shoe"})");
    REQUIRE(fixture.put("/1/indexes/shop/settings", R"({"replicas":["shop_cheap"],"hitsPerPage":3})").status == 200);
    fixture.put("/1/indexes/shop/2", R"({"name":"hat"})");
    fixture.settle();
    CHECK(fixture.post("/1/indexes/shop_cheap/query", R"({"query":"hat"})").text("nbHits") == "1");
    CHECK(fixture.get("/1/indexes/shop_cheap/settings").text("primary") == "shop");
    CHECK(fixture.get("/1/indexes/shop_cheap/settings").text("hitsPerPage") == "3");
    CHECK_FALSE(fixture.get("/1/indexes/shop/settings").at("primary").is_string());
    const JsonAnswer list = fixture.get("/1/indexes");
    CHECK(boost::json::serialize(list.at("items").as_array()[0].as_object().at("replicas")) == R"(["shop_cheap"])");
    CHECK(list.at("items").as_array()[1].as_object().at("primary") == "shop");
    CHECK(fixture.put("/1/indexes/shop_cheap/3", "{}").status == 400);
    CHECK(fixture.request("DELETE", "/1/indexes/shop_cheap").status == 400);
    fixture.put("/1/indexes/shop/settings?forwardToReplicas=true", R"({"hitsPerPage":5})");
    CHECK(fixture.get("/1/indexes/shop_cheap/settings").text("hitsPerPage") == "5");
    fixture.put("/1/indexes/shop/settings?forwardToReplicas=false", R"({"hitsPerPage":6})");
    CHECK(fixture.get("/1/indexes/shop_cheap/settings").text("hitsPerPage") == "5");
    // A key for one index cannot take another one over by calling it a replica.
    const std::string key = fixture.post("/1/keys", R"({"acl":["editSettings"],"indexes":["shop"]})").text("key");
    CHECK(fixture.request("PUT", "/1/indexes/shop/settings", R"({"replicas":["shop_cheap","secret"]})", key).status == 403);
}

TEST_CASE("a virtual replica sorts as much as relevancyStrictness lets it") {
    ServerFixture fixture;
    fixture.put("/1/indexes/shop/settings", R"({"searchableAttributes":["name","text"]})");
    // Two records match in their name, three in their text.
    fixture.put("/1/indexes/shop/a", R"({"name":"tent","price":3})");
    fixture.put("/1/indexes/shop/b", R"({"name":"tent","price":4})");
    fixture.put("/1/indexes/shop/c", R"({"name":"pole","text":"tent","price":1})");
    fixture.put("/1/indexes/shop/d", R"({"name":"peg","text":"tent","price":5})");
    fixture.put("/1/indexes/shop/e", R"({"name":"rope","text":"tent","price":2})");
    REQUIRE(fixture.put("/1/indexes/shop/settings", R"({"replicas":["virtual(cheap)"]})").status == 200);
    REQUIRE(fixture.put("/1/indexes/cheap/settings", R"j({"customRanking":["asc(price)"]})j").status == 200);
    fixture.settle();
    const auto order = [&](const std::string& parameters) {
        const JsonAnswer answer = fixture.post("/1/indexes/cheap/query", R"({"query":"tent")" + parameters + "}");
        std::string ids;
        for (const auto& hit : answer.at("hits").as_array()) ids += std::string(hit.at("objectID").as_string());
        return ids + " " + answer.text("nbSortedHits");
    };
    CHECK(order("") == "abced ");
    CHECK(order(R"(,"relevancyStrictness":100)") == "abced ");
    CHECK(order(R"(,"relevancyStrictness":0)") == "ceabd 5");
    CHECK(order(R"(,"relevancyStrictness":60)") == "abced 2");
    CHECK(order(R"(,"relevancyStrictness":59)") == "ceabd 5");  // three are wanted, and the third one's bucket is whole
    CHECK(fixture.post("/1/indexes/shop/query", R"({"query":"tent","relevancyStrictness":0})").at("nbSortedHits").is_null());
    const JsonAnswer list = fixture.get("/1/indexes");
    CHECK(list.at("items").as_array()[0].as_object().at("virtual") == true);
    CHECK(list.at("items").as_array()[0].as_object().at("primary") == "shop");
    CHECK(fixture.get("/1/indexes/cheap/a").text("name") == "tent");
    CHECK(fixture.post("/1/indexes/cheap/browse", "{}").text("nbHits") == "5");
}
