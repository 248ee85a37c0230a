// SPDX-License-Identifier: GPL-3.0-or-later
// Synonyms and rules through HTTP (A 3.8, 3.9), and rules at work in searches.
#include "tests/engine/server_fixture.h"

#include <boost/json/serialize.hpp>

#include <set>

using namespace penchant;
using namespace penchant::test;

namespace {

std::string ids_of(const JsonAnswer& answer) {
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    std::string ids;
    for (const auto& hit : answer.at("hits").as_array())
        ids += (ids.empty() ? "" : " ") + std::string(std::string_view(hit.as_object().at("objectID").as_string()));
    return ids;
}

void accepted(const JsonAnswer& answer) {
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    CHECK(answer.at("taskID").is_int64());
}

/// Ten boots, one every two in red; the least n is the best.
void fill(ServerFixture& fixture) {
    accepted(fixture.put("/1/indexes/shop/settings",
                         R"J({"searchableAttributes":["name"],"attributesForFaceting":["searchable(brand)","color"],"customRanking":["asc(n)"]})J"));
    std::string requests;
    for (int n = 0; n < 10; ++n)
        requests += fmt::format(R"({}{{"action":"addObject","body":{{"objectID":"{}","name":"boot {}","brand":"{}","color":"{}","n":{}}}}})",
                                n == 0 ? "" : ",", n, n, n < 5 ? "Corvale" : "Oxbow", n % 2 == 0 ? "red" : "blue", n);
    requests += R"(,{"action":"addObject","body":{"objectID":"tent","name":"tent","brand":"Oxbow","color":"red","n":99}})";
    accepted(fixture.post("/1/indexes/shop/batch", R"({"requests":[)" + requests + "]}"));
    fixture.settle();
}

void rule(ServerFixture& fixture, const std::string& id, const std::string& body) {
    accepted(fixture.put("/1/indexes/shop/rules/" + id, body));
    fixture.settle();
}

}  // namespace

TEST_CASE("synonyms: put, get, delete, 404s and what is refused") {
    ServerFixture fixture;
    CHECK(fixture.get("/1/indexes/shop/synonyms/s").status == 404);
    CHECK(fixture.get("/1/indexes/shop/synonyms/s").text("message") == "Index shop does not exist");
    const std::string pants = R"({"objectID":"s 1","type":"synonym","synonyms":["pants","trousers"]})";
    const JsonAnswer put = fixture.put("/1/indexes/shop/synonyms/s%201", pants);
    accepted(put);
    CHECK(put.text("id") == "s 1");
    CHECK(put.at("updatedAt").is_string());
    CHECK(fixture.get("/1/indexes/shop/synonyms/s%201").body == pants);
    CHECK(fixture.get("/1/indexes/shop/synonyms/s").text("message") == "Synonym set does not exist");
    // The id may be left out of the body, and must agree when it is there.
    accepted(fixture.put("/1/indexes/shop/synonyms/one", R"({"type":"oneWaySynonym","input":"phone","synonyms":["iphone"]})"));
    CHECK(fixture.get("/1/indexes/shop/synonyms/one").text("objectID") == "one");
    const JsonAnswer other = fixture.put("/1/indexes/shop/synonyms/one", R"({"objectID":"two","type":"synonym","synonyms":["a","b"]})");
    CHECK(other.status == 400);
    CHECK(other.text("message") == R"(objectID is "two" in the body and "one" in the path)");

    const auto refusal = [&](const std::string& body) {
        const JsonAnswer answer = fixture.put("/1/indexes/shop/synonyms/bad", body);
        CHECK(answer.status == 400);
        return answer.text("message");
    };
    CHECK(refusal(R"({"type":"sinonym"})").find(R"("type")") != std::string::npos);
    CHECK(refusal(R"({"type":"synonym","synonyms":[]})").find("1 to 20 strings") != std::string::npos);
    CHECK(refusal(R"({"type":"synonym","synonyms":["a",1]})").find(R"("synonyms")") != std::string::npos);
    std::string many = R"("w")";
    for (int i = 0; i < 20; ++i) many += R"(,"w")";
    CHECK(refusal(R"({"type":"synonym","synonyms":[)" + many + "]}").find("1 to 20 strings") != std::string::npos);
    CHECK(refusal(R"({"type":"onewaysynonym","synonyms":["a"]})").find(R"("input")") != std::string::npos);
    CHECK(refusal(R"({"type":"altCorrection1","word":"a"})").find(R"("corrections")") != std::string::npos);
    CHECK(refusal(R"({"type":"placeholder","replacements":["a"]})").find(R"("placeholder")") != std::string::npos);
    CHECK(refusal("[]").find("JSON object") != std::string::npos);
    CHECK(fixture.put("/1/indexes/shop/synonyms/" + std::string(201, 'x'), pants).status == 400);
    accepted(fixture.put("/1/indexes/shop/synonyms/p", R"({"type":"placeholder","placeholder":"<Street>","replacements":["street"]})"));
    accepted(fixture.put("/1/indexes/shop/synonyms/a", R"({"type":"altcorrection2","word":"car","corrections":["vehicle"]})"));

    const JsonAnswer gone = fixture.request("DELETE", "/1/indexes/shop/synonyms/one");
    accepted(gone);
    CHECK(gone.at("deletedAt").is_string());
    CHECK(fixture.get("/1/indexes/shop/synonyms/one").status == 404);
}

TEST_CASE("batches add, replace everything when told to, and are refused whole") {
    ServerFixture fixture;
    accepted(fixture.post("/1/indexes/shop/synonyms/batch",
                          R"([{"objectID":"a","type":"synonym","synonyms":["x","y"]},{"objectID":"b","type":"synonym","synonyms":["u","v"]}])"));
    const JsonAnswer bad = fixture.post("/1/indexes/shop/synonyms/batch?replaceExistingSynonyms=true",
                                        R"([{"objectID":"c","type":"synonym","synonyms":["x","y"]},{"type":"synonym","synonyms":["x"]}])");
    CHECK(bad.status == 400);
    CHECK(bad.text("message") == R"(Synonym at position 1: "objectID" is required, a string)");
    CHECK(ids_of(fixture.post("/1/indexes/shop/synonyms/search", "{}")) == "a b");
    accepted(fixture.post("/1/indexes/shop/synonyms/batch?replaceExistingSynonyms=true",
                          R"([{"objectID":"c","type":"synonym","synonyms":["x","y"]}])"));
    CHECK(ids_of(fixture.post("/1/indexes/shop/synonyms/search", "")) == "c");
    accepted(fixture.post("/1/indexes/shop/rules/batch", R"([{"objectID":"r","consequence":{"userData":{"a":1}}}])"));
    accepted(fixture.post("/1/indexes/shop/rules/batch?clearExistingRules=true", R"([{"objectID":"q","consequence":{"userData":{"a":1}}}])"));
    CHECK(ids_of(fixture.post("/1/indexes/shop/rules/search", "{}")) == "q");
    CHECK(fixture.post("/1/indexes/shop/rules/batch?clearExistingRules=perhaps", "[]").status == 400);
    CHECK(fixture.post("/1/indexes/shop/rules/batch", "{}").status == 400);
    const JsonAnswer cleared = fixture.post("/1/indexes/shop/synonyms/clear", "");
    accepted(cleared);
    CHECK(cleared.at("updatedAt").is_string());
    CHECK(ids_of(fixture.post("/1/indexes/shop/synonyms/search", "{}")).empty());
    CHECK(ids_of(fixture.post("/1/indexes/shop/rules/search", "{}")) == "q");  // the other kind stays
    accepted(fixture.post("/1/indexes/shop/rules/clear", ""));
    CHECK(ids_of(fixture.post("/1/indexes/shop/rules/search", "{}")).empty());
}

TEST_CASE("rules: put, get, delete answer as the contract says") {
    ServerFixture fixture;
    const std::string winter =
        R"({"objectID":"winter","conditions":[{"pattern":"boot","anchoring":"contains"}],"consequence":{"params":{"filters":"season:winter"}}})";
    const JsonAnswer put = fixture.put("/1/indexes/shop/rules/winter", winter);
    accepted(put);
    CHECK(put.at("updatedAt").is_string());
    CHECK(fixture.get("/1/indexes/shop/rules/winter").body == winter);
    CHECK(fixture.get("/1/indexes/shop/rules/summer").status == 404);
    CHECK(fixture.get("/1/indexes/shop/rules/summer").text("message") == "ObjectID does not exist");
    CHECK(fixture.put("/1/indexes/shop/rules/bad", R"({"consequence":{"params":{"filters":"a:"}}})").status == 400);
    const JsonAnswer gone = fixture.request("DELETE", "/1/indexes/shop/rules/winter");
    accepted(gone);
    CHECK(gone.at("updatedAt").is_string());
    CHECK(fixture.get("/1/indexes/shop/rules/winter").status == 404);
    // Reserved words win over objectIDs (A 10.1, 22).
    CHECK(fixture.get("/1/indexes/shop/rules").status == 404);
    CHECK(fixture.get("/1/indexes/shop/rules/batch").status == 405);
    CHECK(fixture.put("/1/indexes/shop/synonyms", "{}").status == 404);
}

TEST_CASE("synonyms and rules can be searched by text, type, anchoring, context and state, in pages") {
    ServerFixture fixture;
    accepted(fixture.post("/1/indexes/shop/synonyms/batch", R"([
        {"objectID":"1","type":"synonym","synonyms":["winter boots","snow boots"]},
        {"objectID":"2","type":"oneWaySynonym","input":"winter","synonyms":["snow"]},
        {"objectID":"3","type":"altcorrection1","word":"boot","corrections":["boat"]}])"));
    const auto synonyms = [&](const char* body) { return fixture.post("/1/indexes/shop/synonyms/search", body); };
    CHECK(ids_of(synonyms(R"({"query":"wint"})")) == "1 2");
    CHECK(ids_of(synonyms(R"({"query":"winter sno"})")) == "1 2");
    CHECK(ids_of(synonyms(R"({"query":"wint snow"})")).empty());  // only the last word is a prefix
    CHECK(ids_of(synonyms(R"({"query":"BOAT"})")) == "3");
    CHECK(ids_of(synonyms(R"({"type":"onewaysynonym"})")) == "2");
    CHECK(ids_of(synonyms(R"({"type":"oneWaySynonym,altCorrection1"})")) == "2 3");
    CHECK(synonyms(R"({"type":"nothing"})").status == 400);
    const JsonAnswer page = synonyms(R"({"hitsPerPage":2,"page":1})");
    CHECK(ids_of(page) == "3");
    CHECK(page.at("nbHits").as_int64() == 3);
    CHECK(page.at("page").as_int64() == 1);
    CHECK(page.at("nbPages").as_int64() == 2);
    CHECK(synonyms(R"({"hitsPerPage":1001})").status == 400);
    CHECK(synonyms(R"({"hitsPerPage":1000})").status == 200);
    const JsonAnswer shown = synonyms(R"({"query":"winter b"})");
    CHECK(boost::json::serialize(shown.at("hits").as_array().at(0).as_object().at("_highlightResult").as_object().at("synonyms")) ==
          R"([{"value":"<em>winter</em> <em>b</em>oots","matchLevel":"full","matchedWords":["winter","b"]},{"value":"snow <em>b</em>oots","matchLevel":"partial","matchedWords":["b"]}])");

    accepted(fixture.post("/1/indexes/shop/rules/batch", R"([
        {"objectID":"a","description":"Boots first","conditions":[{"pattern":"boot","anchoring":"contains","context":"web"}],"consequence":{}},
        {"objectID":"b","enabled":false,"conditions":[{"pattern":"tent","anchoring":"is"}],"consequence":{}},
        {"objectID":"c","consequence":{"promote":[{"objectID":"tent","position":0}]},"tags":["q4"]}])"));
    const auto rules = [&](const char* body) { return ids_of(fixture.post("/1/indexes/shop/rules/search", body)); };
    CHECK(rules("{}") == "a b c");
    CHECK(rules(R"({"query":"boots"})") == "a");
    CHECK(rules(R"({"query":"tent"})") == "b c");
    CHECK(rules(R"({"query":"q4"})") == "c");
    CHECK(rules(R"({"anchoring":"is"})") == "b");
    CHECK(rules(R"({"context":"web"})") == "a");
    CHECK(rules(R"({"enabled":true})") == "a c");
    CHECK(rules(R"({"enabled":false})") == "b");
    CHECK(rules(R"({"enabled":null,"query":null})") == "a b c");
    CHECK(fixture.post("/1/indexes/shop/rules/search", R"({"anchoring":"near"})").status == 400);
    CHECK(fixture.post("/1/indexes/none/rules/search", "{}").status == 404);
}

TEST_CASE("keys need settings to read and editSettings to write") {
    ServerFixture fixture;
    accepted(fixture.put("/1/indexes/shop/rules/r", R"({"consequence":{}})"));
    const auto key = [&](const char* acl) {
        return fixture.post("/1/keys", fmt::format(R"({{"acl":["{}"]}})", acl)).text("key");
    };
    const std::string reader = key("settings");
    const std::string writer = key("editSettings");
    for (const char* family : {"rules", "synonyms"}) {
        const std::string path = fmt::format("/1/indexes/shop/{}", family);
        CHECK(fixture.request("GET", path + "/r", "", writer).status == 403);
        CHECK(fixture.request("GET", path + "/r", "", reader).status != 403);
        CHECK(fixture.request("POST", path + "/search", "{}", writer).status == 403);
        CHECK(fixture.request("POST", path + "/search", "{}", reader).status == 200);
        CHECK(fixture.request("PUT", path + "/r", "{}", reader).status == 403);
        CHECK(fixture.request("DELETE", path + "/r", "", reader).status == 403);
        CHECK(fixture.request("POST", path + "/batch", "[]", reader).status == 403);
        CHECK(fixture.request("POST", path + "/batch", "[]", writer).status == 200);
        CHECK(fixture.request("POST", path + "/clear", "", reader).status == 403);
        CHECK(fixture.request("POST", path + "/clear", "", writer).status == 200);
    }
}

TEST_CASE("forwardToReplicas changes the replicas, too, and only then") {
    ServerFixture fixture;
    fill(fixture);
    accepted(fixture.put("/1/indexes/shop/settings", R"({"replicas":["shop_cheap"]})"));
    fixture.settle();
    accepted(fixture.put("/1/indexes/shop/rules/here", R"({"consequence":{}})"));
    accepted(fixture.put("/1/indexes/shop/rules/everywhere?forwardToReplicas=true", R"({"consequence":{}})"));
    CHECK(ids_of(fixture.post("/1/indexes/shop_cheap/rules/search", "{}")) == "everywhere");
    CHECK(ids_of(fixture.post("/1/indexes/shop/rules/search", "{}")) == "everywhere here");
    accepted(fixture.post("/1/indexes/shop/rules/clear?forwardToReplicas=true", ""));
    CHECK(ids_of(fixture.post("/1/indexes/shop_cheap/rules/search", "{}")).empty());
}

TEST_CASE("a search obeys rules: the answer says which, shows user data, rendering content and the query as asked") {
    ServerFixture fixture;
    fill(fixture);
    rule(fixture, "cheap", R"({"conditions":[{"pattern":"cheap","anchoring":"contains"}],"consequence":{
        "params":{"query":{"edits":[{"type":"remove","delete":"cheap"}]},"filters":"color:red","hitsPerPage":2,
                  "renderingContent":{"redirect":{"url":"https://example.org/sale"}}},"userData":{"banner":"sale"}}})");
    const JsonAnswer answer = fixture.post("/1/indexes/shop/query", R"({"query":"cheap boot","getRankingInfo":true,"facets":["color"]})");
    CHECK(ids_of(answer) == "0 2");
    CHECK(answer.at("nbHits").as_int64() == 5);
    CHECK(answer.text("query") == "cheap boot");
    CHECK(answer.text("params").find("query=cheap+boot") == 0);
    CHECK(answer.text("params").find("hitsPerPage") == std::string::npos);
    CHECK(answer.text("parsedQuery") == "boot");
    CHECK(answer.text("appliedRules") == R"([{"objectID":"cheap"}])");
    CHECK(answer.text("userData") == R"([{"banner":"sale"}])");
    CHECK(answer.text("renderingContent") == R"({"redirect":{"url":"https://example.org/sale"}})");
    CHECK(answer.text("facets") == R"({"color":{"red":5}})");
    CHECK(answer.at("exhaustive").as_object().at("rulesMatch").as_bool());

    const JsonAnswer off = fixture.post("/1/indexes/shop/query", R"({"query":"cheap boot","enableRules":false,"getRankingInfo":true})");
    CHECK(ids_of(off).empty());
    CHECK(off.text("appliedRules") == "[]");
    // Many queries at once and facet values go the same way; browse does not (A 2.12).
    const JsonAnswer many = fixture.post("/1/indexes/*/queries", R"({"requests":[{"indexName":"shop","query":"cheap boot"}]})");
    CHECK(many.at("results").as_array().at(0).as_object().at("nbHits").as_int64() == 5);
    const JsonAnswer values = fixture.post("/1/indexes/shop/facets/brand/query", R"({"facetQuery":"c","params":"query=cheap"})");
    CHECK(values.text("facetHits") == R"([{"value":"Corvale","highlighted":"<em>C</em>orvale","count":3}])");
    CHECK(ids_of(fixture.post("/1/indexes/shop/browse", R"({"query":"cheap boot"})")).empty());
}

TEST_CASE("settings turn rules off, and a query turns them on again") {
    ServerFixture fixture;
    fill(fixture);
    rule(fixture, "hide", R"({"consequence":{"hide":[{"objectID":"0"}]}})");
    CHECK(fixture.post("/1/indexes/shop/query", R"({"query":"boot"})").at("nbHits").as_int64() == 9);
    accepted(fixture.put("/1/indexes/shop/settings", R"({"enableRules":false})"));
    fixture.settle();
    CHECK(fixture.post("/1/indexes/shop/query", R"({"query":"boot"})").at("nbHits").as_int64() == 10);
    CHECK(fixture.post("/1/indexes/shop/query", R"({"query":"boot","enableRules":true})").at("nbHits").as_int64() == 9);
}

TEST_CASE("contexts of a request choose rules") {
    ServerFixture fixture;
    fill(fixture);
    rule(fixture, "mobile", R"({"conditions":[{"context":"mobile"}],"consequence":{"params":{"hitsPerPage":1}}})");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boot","ruleContexts":["mobile"]})")) == "0");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boot","ruleContexts":["web"],"hitsPerPage":2})")) == "0 1");
}

TEST_CASE("pinned and hidden records: places, pages, counts and facets") {
    ServerFixture fixture;
    fill(fixture);
    rule(fixture, "pins", R"({"conditions":[{"pattern":"boot","anchoring":"is"}],"consequence":{
        "promote":[{"objectID":"7","position":0},{"objectIDs":["tent","3"],"position":2}],"hide":[{"objectID":"0"}]}})");
    const JsonAnswer all = fixture.post("/1/indexes/shop/query", R"({"query":"boot","getRankingInfo":true,"facets":["color"]})");
    CHECK(ids_of(all) == "7 1 tent 3 2 4 5 6 8 9");
    CHECK(all.at("nbHits").as_int64() == 10);  // ten boots, without the hidden one, with the tent
    CHECK(all.text("facets") == R"({"color":{"blue":5,"red":5}})");
    std::set<std::string> promoted;
    for (const auto& hit : all.at("hits").as_array())
        if (hit.as_object().at("_rankingInfo").as_object().contains("promoted"))
            promoted.emplace(std::string_view(hit.as_object().at("objectID").as_string()));
    CHECK(promoted == std::set<std::string>{"3", "7", "tent"});

    for (int size = 1; size <= 11; ++size) {
        std::string pages;
        for (int page = 0; page * size < 10; ++page) {
            const std::string part = ids_of(fixture.post("/1/indexes/shop/query",
                fmt::format(R"({{"query":"boot","hitsPerPage":{},"page":{}}})", size, page)));
            pages += (pages.empty() || part.empty() ? "" : " ") + part;
        }
        CHECK(pages == "7 1 tent 3 2 4 5 6 8 9");
    }
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boot","offset":1,"length":3})")) == "1 tent 3");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boots"})")) != ids_of(all));
    // The filter keeps away what it should, but not what is pinned.
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boot","filters":"color:red"})")) == "7 2 tent 3 4 6 8");
    // A promoted record that is deleted is passed over.
    accepted(fixture.request("DELETE", "/1/indexes/shop/7"));
    fixture.settle();
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boot"})")) == "1 2 tent 3 4 5 6 8 9");
}

TEST_CASE("with distinct a promoted record stands for its group") {
    ServerFixture fixture;
    fill(fixture);
    accepted(fixture.put("/1/indexes/shop/settings", R"({"attributeForDistinct":"brand","distinct":true})"));
    rule(fixture, "pins", R"({"conditions":[{"pattern":"boot","anchoring":"is"}],"consequence":{"promote":[{"objectID":"7","position":0}]}})");
    const JsonAnswer answer = fixture.post("/1/indexes/shop/query", R"({"query":"boot","facets":["brand"]})");
    CHECK(ids_of(answer) == "7 0");
    CHECK(answer.at("nbHits").as_int64() == 2);
    CHECK(answer.text("facets") == R"({"brand":{"Corvale":5,"Oxbow":5}})");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", R"({"query":"boot","distinct":0,"hitsPerPage":3})")) == "7 0 1");
}

TEST_CASE("a new synonym or rule is felt by a query that was asked before") {
    ServerFixture fixture;
    fill(fixture);
    const std::string query = R"({"query":"boot","hitsPerPage":3})";
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", query)) == "0 1 2");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", query)) == "0 1 2");
    rule(fixture, "r", R"({"consequence":{"promote":[{"objectID":"9","position":1}]}})");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", query)) == "0 9 1");
    rule(fixture, "r", R"({"consequence":{"promote":[{"objectID":"9","position":0}]}})");
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", query)) == "9 0 1");
    accepted(fixture.request("DELETE", "/1/indexes/shop/rules/r"));
    fixture.settle();
    CHECK(ids_of(fixture.post("/1/indexes/shop/query", query)) == "0 1 2");
}
