// SPDX-License-Identifier: GPL-3.0-or-later
// Searches over HTTP (A 2.1, 2.2, 2.9, 2.12): shapes, leniencies and refusals. What is found and in which order has its tests
// beside the search core.
#include "tests/engine/server_fixture.h"

#include <set>

using namespace penchant;
using namespace penchant::test;

namespace {

struct Shop : ServerFixture {
    Shop() {
        put("/1/indexes/shop/settings", R"json({"searchableAttributes":["name"],"attributesForFaceting":["searchable(brand)"]})json");
        settle();
        std::string batch = R"({"requests":[)";
        for (int i = 0; i < 25; ++i) {
            batch += fmt::format(R"({}{{"action":"addObject","body":{{"objectID":"{}","name":"trail shoe {}","brand":"{}"}}}})",
                                 i == 0 ? "" : ",", i, i, i % 5 == 0 ? "Corvale" : "Oxbow");
        }
        post("/1/indexes/shop/batch", batch + "]}");
        settle();
    }
    static const boost::json::object& result(const JsonAnswer& answer, std::size_t i) {
        return answer.at("results").as_array().at(i).as_object();
    }
};

}  // namespace

TEST_CASE("one query: body, params, URL, no body at all") {
    Shop shop;
    for (const char* body : {R"({"query":"trail","hitsPerPage":5})", R"({"params":"query=trail&hitsPerPage=5"})",
                             R"({"params":"query=nothing&hitsPerPage=7","query":"trail","hitsPerPage":5,"page":null})"}) {
        INFO(body);
        const JsonAnswer answer = shop.post("/1/indexes/shop/query", body);
        REQUIRE(answer.status == 200);
        CHECK(answer.text("nbHits") == "25");
        CHECK(answer.at("hits").as_array().size() == 5);
        CHECK(answer.text("nbPages") == "5");
        CHECK(answer.text("query") == "trail");
    }
    CHECK(shop.get("/1/indexes/shop?query=trail+shoe&hitsPerPage=3&x-algolia-agent=test").at("hits").as_array().size() == 3);
    CHECK(shop.post("/1/indexes/shop/query", "").text("nbHits") == "25");
    CHECK(shop.post("/1/indexes/shop/query", R"({"hitsPerPage":0,"facets":"brand"})").at("hits").as_array().empty());
}

TEST_CASE("bodies are JSON whatever they are called") {
    Shop shop;
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "x"}) {
        const auto answer = shop.request("POST", "/1/indexes/shop/query", R"({"query":"trail"})", admin_key,
                                         fmt::format("Content-Type: {}\r\n", type));
        CHECK(answer.text("nbHits") == "25");
    }
}

TEST_CASE("many queries at once") {
    Shop shop;
    const JsonAnswer answer = shop.post("/1/indexes/*/queries", R"({"requests":[
        {"indexName":"shop","query":"trail","hitsPerPage":2},
        {"indexName":"shop","params":"query=trail&hitsPerPage=0&facets=brand"},
        {"indexName":"shop","type":"facet","facet":"brand","facetQuery":"cor","maxFacetHits":5}]})");
    REQUIRE(answer.status == 200);
    REQUIRE(answer.at("results").as_array().size() == 3);
    CHECK(Shop::result(answer, 0).at("hits").as_array().size() == 2);
    CHECK(Shop::result(answer, 0).at("index") == "shop");
    CHECK(Shop::result(answer, 1).at("hits").as_array().empty());
    CHECK(Shop::result(answer, 1).at("facets").as_object().at("brand").as_object().at("Corvale") == 5);
    CHECK(Shop::result(answer, 2).at("facetHits").as_array().front().as_object().at("value") == "Corvale");
    // An encoded star is a star.
    CHECK(shop.post("/1/indexes/%2A/queries", R"({"requests":[]})").body == R"({"results":[]})");
}

TEST_CASE("stopIfEnoughMatches leaves the rest unprocessed") {
    Shop shop;
    const JsonAnswer answer = shop.post("/1/indexes/*/queries", R"({"strategy":"stopIfEnoughMatches","requests":[
        {"indexName":"shop","query":"shoe 7","hitsPerPage":2},{"indexName":"shop","query":"trail","hitsPerPage":2},{"indexName":"shop","query":"trail"}]})");
    REQUIRE(answer.status == 200);
    CHECK(Shop::result(answer, 0).at("nbHits") == 1);
    CHECK(Shop::result(answer, 1).at("nbHits") == 25);
    CHECK(Shop::result(answer, 2).at("processed") == false);
    CHECK(Shop::result(answer, 2).at("hits").as_array().empty());
    // What the answers show of it changes nothing.
    const JsonAnswer little = shop.post("/1/indexes/*/queries", R"({"strategy":"stopIfEnoughMatches","requests":[
        {"indexName":"shop","query":"trail","offset":0,"length":3,"responseFields":["hits"]},{"indexName":"shop","query":"trail"},
        {"indexName":"shop","type":"facet","facet":"brand"}]})");
    REQUIRE(little.status == 200);
    CHECK(Shop::result(little, 0).at("hits").as_array().size() == 3);
    CHECK(Shop::result(little, 1).at("processed") == false);
    CHECK(Shop::result(little, 2).at("processed") == false);
    CHECK(Shop::result(little, 2).at("facetHits").as_array().empty());
}

TEST_CASE("bad searches are refused with their reason") {
    Shop shop;
    for (const auto& [path, body, status] :
         {std::tuple{"/1/indexes/nowhere/query", "{}", 404},
          {"/1/indexes/shop/query", "{", 400},
          {"/1/indexes/shop/query", "[]", 400},
          {"/1/indexes/shop/query", R"({"hitsPerPage":"many"})", 400},
          {"/1/indexes/shop/query", R"({"filters":"brand:"})", 400},
          {"/1/indexes/shop/facets/name/query", "{}", 400},
          {"/1/indexes/*/queries", "", 400},
          {"/1/indexes/*/queries", R"({"requests":{}})", 400},
          {"/1/indexes/*/queries", R"({"requests":[{"query":"x"}]})", 400},
          {"/1/indexes/*/queries", R"({"requests":[{"indexName":"shop","type":"other"}]})", 400},
          {"/1/indexes/*/queries", R"({"requests":[{"indexName":"shop","type":"facet"}]})", 400},
          {"/1/indexes/*/queries", R"({"requests":[{"indexName":"shop"},{"indexName":"nowhere"}]})", 404},
          {"/1/indexes/*/queries", R"({"strategy":"fast","requests":[]})", 400},
          {"/1/indexes/*/query", "{}", 400}}) {
        INFO(path << " " << body);
        const JsonAnswer answer = shop.post(path, body);
        CHECK(answer.status == status);
        CHECK(answer.text("status") == std::to_string(status));
        CHECK_FALSE(answer.text("message").empty());
    }
    CHECK(shop.post("/1/indexes/nowhere/query", "{}").text("message") == "Index nowhere does not exist");
    std::string many = R"({"requests":[)";
    for (int i = 0; i < 51; ++i) many += fmt::format(R"({}{{"indexName":"shop"}})", i == 0 ? "" : ",");
    CHECK(shop.post("/1/indexes/*/queries", many + "]}").status == 400);
}

TEST_CASE("browse goes through everything once") {
    Shop shop;
    std::set<std::string> seen;
    JsonAnswer answer = shop.post("/1/indexes/shop/browse", R"({"hitsPerPage":10})");
    for (int page = 0; page < 5; ++page) {
        REQUIRE(answer.status == 200);
        for (const auto& hit : answer.at("hits").as_array()) {
            CHECK(seen.insert(std::string{std::string_view{hit.as_object().at("objectID").as_string()}}).second);
        }
        if (!answer.json.as_object().contains("cursor")) break;
        answer = page % 2 == 0 ? shop.post("/1/indexes/shop/browse", fmt::format(R"({{"cursor":"{}"}})", answer.text("cursor")))
                               : shop.get("/1/indexes/shop/browse?cursor=" + answer.text("cursor"));
    }
    CHECK(seen.size() == 25);
    CHECK(shop.post("/1/indexes/shop/browse", R"({"cursor":"damaged"})").status == 400);
}

TEST_CASE("a key's limits hold however the parameters come") {
    Shop shop;
    const std::string key = shop.post("/1/keys", R"({"acl":["search","browse"],"indexes":["shop"],"maxHitsPerQuery":3})").text("key");
    const auto hits = [&](std::string_view path, std::string_view body) {
        const JsonAnswer answer = shop.request("POST", path, body, key);
        REQUIRE(answer.status == 200);
        return answer.at("hits").as_array().size();
    };
    for (const char* body : {"", R"({"hitsPerPage":10})", R"({"params":"hitsPerPage=10"})", R"({"hitsPerPage":"10"})",
                             R"({"offset":0,"length":10})", R"({"params":"offset=0&length=10"})"}) {
        INFO(body);
        CHECK(hits("/1/indexes/shop/query", body) == 3);
    }
    CHECK(hits("/1/indexes/shop/query", R"({"hitsPerPage":2})") == 2);
    CHECK(hits("/1/indexes/shop/browse", "") == 3);
    const auto many = shop.request("POST", "/1/indexes/*/queries", R"({"requests":[{"indexName":"shop","hitsPerPage":9}]})", key);
    CHECK(Shop::result(many, 0).at("hits").as_array().size() == 3);
    shop.put("/1/indexes/hidden/a", "{}");
    shop.settle();
    CHECK(shop.request("POST", "/1/indexes/hidden/query", "{}", key).status == 403);
    CHECK(shop.request("POST", "/1/indexes/*/queries", R"({"requests":[{"indexName":"hidden"}]})", key).status == 403);
    CHECK(shop.request("POST", "/1/indexes/*/objects", R"({"requests":[{"indexName":"hidden","objectID":"a"}]})", key).status == 403);
}
