// SPDX-License-Identifier: GPL-3.0-or-later
// Records and batches over HTTP (A 2.13, 3.1 to 3.5).
#include "index/limits.h"
#include "tests/engine/server_fixture.h"

using namespace penchant;
using namespace penchant::test;

namespace {

bool is_date(const std::string& text) { return text.size() == 24 && text[10] == 'T' && text[19] == '.' && text[23] == 'Z'; }

std::uint64_t records_of(ServerFixture& fixture, std::string_view index) {
    const auto snapshot = fixture.server->catalog().snapshot(index);
    return snapshot ? snapshot->records : 0;
}

}  // namespace

TEST_CASE("a record is added, read, replaced, changed and deleted") {
    ServerFixture fixture;
    const JsonAnswer added = fixture.post("/1/indexes/shop", R"({"name":"Trail shoe","price":120})");
    CHECK(added.status == 201);
    CHECK(is_date(added.text("createdAt")));
    CHECK(added.at("taskID").is_int64());
    const std::string made = added.text("objectID");
    CHECK_FALSE(made.empty());

    const JsonAnswer put = fixture.put("/1/indexes/shop/sku%2F1", R"({"name":"Boot","price":80,"size":{"eu":42,"us":9}})");
    CHECK(put.status == 200);
    CHECK(put.text("objectID") == "sku/1");
    CHECK(is_date(put.text("updatedAt")));
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/" + made).text("name") == "Trail shoe");
    CHECK(fixture.get("/1/indexes/shop/sku%2F1").text("price") == "80");
    CHECK(fixture.get("/1/indexes/shop/sku%2F1?attributesToRetrieve=name").body == R"({"objectID":"sku/1","name":"Boot"})");
    CHECK(fixture.get("/1/indexes/shop/sku%2F1?attributesToRetrieve=%5B%22size.eu%22%5D").body ==
          R"({"objectID":"sku/1","size":{"eu":42}})");

    CHECK(fixture.post("/1/indexes/shop/sku%2F1/partial", R"({"price":{"_operation":"Decrement","value":5}})").status == 200);
    CHECK(fixture.post("/1/indexes/shop/new/partial?createIfNotExists=false", R"({"price":1})").status == 200);
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/sku%2F1").text("price") == "75");
    CHECK(fixture.get("/1/indexes/shop/new").status == 404);
    CHECK(fixture.get("/1/indexes/shop/new").text("message") == "ObjectID does not exist");
    fixture.post("/1/indexes/shop/new/partial", R"({"price":1})");
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/new").text("price") == "1");

    const JsonAnswer gone = fixture.request("DELETE", "/1/indexes/shop/sku%2F1");
    CHECK(is_date(gone.text("deletedAt")));
    CHECK(fixture.request("DELETE", "/1/indexes/shop/never-there").status == 200);
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/sku%2F1").status == 404);
    CHECK(fixture.get("/1/indexes/nowhere/x").text("message") == "Index nowhere does not exist");
}

TEST_CASE("a forgotten objectID never reaches the index") {
    ServerFixture fixture;
    fixture.post("/1/indexes/shop", R"({"objectID":"a"})");
    fixture.settle();
    CHECK(fixture.request("DELETE", "/1/indexes/shop/").status == 404);
    CHECK(fixture.request("PUT", "/1/indexes/shop/", "{}").status == 404);
    fixture.settle();
    CHECK(records_of(fixture, "shop") == 1);
}

TEST_CASE("reserved words are never objectIDs in a URL") {
    ServerFixture fixture;
    fixture.post("/1/indexes/shop/batch", R"({"requests":[{"action":"addObject","body":{"objectID":"settings","x":1}}]})");
    fixture.settle();
    CHECK(fixture.get("/1/indexes/shop/settings").at("hitsPerPage") == 20);
    CHECK(fixture.get("/1/indexes/shop/rules").status == 404);
    CHECK(fixture.put("/1/indexes/shop/synonyms", "{}").status == 404);
    CHECK(fixture.request("DELETE", "/1/indexes/shop/settings").status == 405);
}

TEST_CASE("many records are fetched in the order asked") {
    ServerFixture fixture;
    fixture.put("/1/indexes/shop/a", R"({"name":"A","secret":1})");
    fixture.put("/1/indexes/other/b", R"({"name":"B"})");
    fixture.put("/1/indexes/shop/settings", R"({"unretrievableAttributes":["secret"]})");
    fixture.settle();
    const JsonAnswer answer = fixture.post("/1/indexes/*/objects", R"({"requests":[
        {"indexName":"other","objectID":"b"},{"indexName":"shop","objectID":"gone"},{"indexName":"shop","objectID":"a","attributesToRetrieve":["name"]}]})");
    CHECK(answer.body == R"({"results":[{"objectID":"b","name":"B"},null,{"objectID":"a","name":"A"}]})");
    const JsonAnswer missing = fixture.post("/1/indexes/*/objects", R"({"requests":[{"indexName":"nowhere","objectID":"b"}]})");
    CHECK(missing.status == 200);
    CHECK(missing.body == R"({"results":[null],"message":"Index nowhere does not exist"})");
    CHECK(fixture.post("/1/indexes/*/objects", R"({"requests":[{"objectID":"b"}]})").status == 400);
    CHECK(fixture.post("/1/indexes/*/objects", "").status == 400);

    const std::string key = fixture.post("/1/keys", R"({"acl":["search"]})").text("key");
    CHECK(fixture.request("GET", "/1/indexes/shop/a", {}, key).body == R"({"objectID":"a","name":"A"})");
    CHECK(fixture.get("/1/indexes/shop/a").text("secret") == "1");
}

TEST_CASE("every action of a batch, in order, as one task") {
    ServerFixture fixture;
    const JsonAnswer answer = fixture.post("/1/indexes/shop/batch", R"({"requests":[
        {"action":"addObject","body":{"name":"made"}},
        {"action":"addObject","body":{"objectID":7,"n":1}},
        {"action":"updateObject","body":{"objectID":"b","n":1}},
        {"action":"partialUpdateObject","body":{"objectID":"b","n":{"_operation":"Increment","value":2}}},
        {"action":"partialUpdateObjectNoCreate","body":{"objectID":"c","n":1}},
        {"action":"partialUpdateObject","body":{"objectID":"d","n":4}},
        {"action":"deleteObject","body":{"objectID":"7"}}]})");
    REQUIRE(answer.status == 200);
    CHECK(answer.at("taskID").is_int64());
    const auto& ids = answer.at("objectIDs").as_array();
    REQUIRE(ids.size() == 7);
    CHECK(ids[1] == "7");
    CHECK(ids[3] == "b");
    fixture.settle();
    CHECK(records_of(fixture, "shop") == 3);
    CHECK(fixture.get("/1/indexes/shop/b").text("n") == "3");
    CHECK(fixture.get("/1/indexes/shop/c").status == 404);
    CHECK(fixture.get("/1/indexes/shop/d").text("n") == "4");

    fixture.post("/1/indexes/shop/batch", R"({"requests":[{"action":"addObject","body":{"objectID":"lost"}},{"action":"clear","body":{}},{"action":"addObject","body":{"objectID":"kept"}}]})");
    fixture.settle();
    CHECK(records_of(fixture, "shop") == 1);
    CHECK(fixture.get("/1/indexes/shop/kept").status == 200);

    fixture.put("/1/indexes/shop/settings", R"({"hitsPerPage":3})");
    fixture.post("/1/indexes/shop/batch", R"({"requests":[{"action":"delete"},{"action":"addObject","body":{"objectID":"first"}}]})");
    fixture.settle();
    CHECK(records_of(fixture, "shop") == 1);
    CHECK(fixture.get("/1/indexes/shop/settings").at("hitsPerPage") == 20);
}

TEST_CASE("nothing of a bad batch is applied, and the answer names the place") {
    ServerFixture fixture;
    const std::string good = R"({"action":"addObject","body":{"objectID":"good"}})";
    const std::string large = fmt::format(R"({{"action":"addObject","body":{{"objectID":"fat","text":"{}"}}}})",
                                          std::string(limits::record_bytes_max, 'x'));
    for (const auto& [bad, word] : {std::pair<std::string, const char*>{R"({"action":"fly","body":{}})", "fly"},
                                    {R"({"body":{}})", "action"},
                                    {R"({"action":"addObject"})", "body"},
                                    {R"({"action":"addObject","body":[1]})", "body"},
                                    {R"({"action":"updateObject","body":{"a":1}})", "objectID"},
                                    {R"({"action":"deleteObject","body":{}})", "objectID"},
                                    {R"({"action":"partialUpdateObject","body":{"a":1}})", "objectID"},
                                    {R"({"action":"deleteObject","body":{"objectID":true}})", "objectID"},
                                    {R"({"action":"partialUpdateObject","body":{"objectID":"a","n":{"_operation":"Increment","value":"x"}}})", "n"},
                                    {R"("text")", "object"},
                                    {large, "fat"}}) {
        INFO(bad.substr(0, 100));
        const JsonAnswer answer = fixture.post("/1/indexes/shop/batch", "{\"requests\":[" + good + "," + bad + "]}");
        CHECK(answer.status == 400);
        CHECK(answer.text("message").find("position 1") != std::string::npos);
        CHECK(answer.text("message").find(word) != std::string::npos);
        CHECK(answer.text("status") == "400");
    }
    for (const char* body : {"", "[]", "{}", R"({"requests":{}})", "{\"requests\":[", "nonsense", R"({"requests":[{"action":"addObject","body":{"a":NaN}}]})"}) {
        INFO(body);
        CHECK(fixture.post("/1/indexes/shop/batch", body).status == 400);
    }
    const std::string deep = "{\"requests\":[" + std::string(100, '[') + std::string(100, ']') + "]}";
    CHECK(fixture.post("/1/indexes/shop/batch", deep).status == 400);
    fixture.settle();
    CHECK(fixture.server->catalog().snapshot("shop") == nullptr);
    CHECK(fixture.get("/1/indexes/shop/settings").status == 404);
}

TEST_CASE("a batch over several indices") {
    ServerFixture fixture;
    const JsonAnswer answer = fixture.post("/1/indexes/*/batch", R"({"requests":[
        {"action":"addObject","indexName":"one","body":{"objectID":"1"}},
        {"action":"addObject","indexName":"two","body":{"objectID":"2"}},
        {"action":"addObject","indexName":"one","body":{"objectID":"3"}}]})");
    REQUIRE(answer.status == 200);
    CHECK(answer.at("taskID").as_object().size() == 2);
    CHECK(answer.at("objectIDs").as_array().size() == 3);
    fixture.settle();
    CHECK(records_of(fixture, "one") == 2);
    CHECK(records_of(fixture, "two") == 1);
    fixture.post("/1/indexes/*/batch", R"({"requests":[{"action":"delete","indexName":"one"},{"action":"clear","indexName":"two"}]})");
    fixture.settle();
    CHECK(fixture.get("/1/indexes/one/settings").status == 404);
    CHECK(records_of(fixture, "two") == 0);
    CHECK(fixture.post("/1/indexes/*/batch", R"({"requests":[{"action":"clear"}]})").status == 400);
}

TEST_CASE("each action of a batch needs its own right") {
    ServerFixture fixture;
    const std::string key = fixture.post("/1/keys", R"({"acl":["addObject"],"indexes":["shop*"]})").text("key");
    const auto batch = [&](std::string_view index, std::string_view action) {
        return fixture.request("POST", fmt::format("/1/indexes/{}/batch", index),
                               fmt::format(R"({{"requests":[{{"action":"{}","body":{{"objectID":"x"}}}}]}})", action), key).status;
    };
    CHECK(batch("shop", "addObject") == 200);
    CHECK(batch("shop", "deleteObject") == 403);
    CHECK(batch("shop", "clear") == 403);
    CHECK(batch("shop", "delete") == 403);
    CHECK(batch("other", "addObject") == 403);
    CHECK(fixture.request("POST", "/1/indexes/*/batch", R"({"requests":[{"action":"addObject","indexName":"other","body":{}}]})", key).status == 403);
}

TEST_CASE("records go by a filter, and never without one") {
    ServerFixture fixture;
    fixture.put("/1/indexes/shop/settings", R"({"attributesForFaceting":["brand"]})");
    fixture.post("/1/indexes/shop/batch", R"({"requests":[{"action":"addObject","body":{"objectID":"1","brand":"A"}},{"action":"addObject","body":{"objectID":"2","brand":"B"}}]})");
    fixture.settle();
    CHECK(fixture.post("/1/indexes/shop/deleteByQuery", "{}").status == 400);
    CHECK(fixture.post("/1/indexes/shop/deleteByQuery", "").status == 400);
    CHECK(fixture.post("/1/indexes/shop/deleteByQuery", R"({"filters":"brand:A AND"})").status == 400);
    CHECK(fixture.post("/1/indexes/shop/deleteByQuery", R"({"params":"filters=brand%3AA"})").status == 200);
    fixture.settle();
    CHECK(records_of(fixture, "shop") == 1);
    CHECK(fixture.get("/1/indexes/shop/2").status == 200);
    CHECK(is_date(fixture.post("/1/indexes/shop/clear", "").text("updatedAt")));
    fixture.settle();
    CHECK(records_of(fixture, "shop") == 0);
}
