// SPDX-License-Identifier: GPL-3.0-or-later
// An application's own dictionaries: kept, checked, searched, and their endpoints (A 3.10).
#include "engine/dictionary_store.h"

#include "tests/engine/server_fixture.h"

using namespace penchant;
using namespace penchant::test;

namespace {

boost::json::object object_of(std::string_view text) { return parse_json_value(text).value().as_object(); }

std::string refusal(DictionaryStore& dictionaries, DictionaryKind kind, std::string_view batch) {
    const auto changed = dictionaries.change(kind, object_of(batch));
    REQUIRE(changed.has_error());
    CHECK(changed.error().code == Errc::bad_request);
    return changed.error().what;
}

}  // namespace

TEST_CASE("dictionary entries are kept, replaced, deleted and cleared") {
    const Scratch scratch;
    const auto entries = [](const DictionaryStore& dictionaries, DictionaryKind kind) {
        std::string ids;
        const boost::json::object answer = dictionaries.search(kind, {}).value();
        for (const auto& hit : answer.at("hits").as_array()) {
            if (hit.at("type") == "custom") ids += std::string{std::string_view{hit.at("objectID").as_string()}} + ' ';
        }
        return ids;
    };
    {
        auto store = Store::open(scratch.path()).value();
        auto dictionaries = DictionaryStore::open(*store).value();
        const auto before = dictionaries->current();
        REQUIRE(dictionaries->change(DictionaryKind::compounds, object_of(R"({"requests":[
            {"action":"addEntry","body":{"objectID":"k","language":"de","word":"Kopfhörerkabel","decomposition":["kopfhörer","kabel"]}},
            {"action":"addEntry","body":{"objectID":"g","language":"de","word":"gartenhaus","decomposition":["garten","haus"],"state":"disabled"}}]})")));
        REQUIRE(dictionaries->change(DictionaryKind::plurals, object_of(R"({"requests":[
            {"action":"addEntry","body":{"objectID":"a/b","language":"en","words":["octopus","octopodes"]}}]})")));
        CHECK(dictionaries->current()->compound("de", "kopfhorerkabel") != nullptr);
        CHECK(before->compound("de", "kopfhorerkabel") == nullptr);  // what a search holds does not change under it
        CHECK(entries(*dictionaries, DictionaryKind::compounds) == "g k ");
        REQUIRE(dictionaries->change_settings(object_of(R"({"disableStandardEntries":{"stopwords":{"fr":true},"plurals":null}})")));
    }
    auto store = Store::open(scratch.path()).value();
    auto dictionaries = DictionaryStore::open(*store).value();
    CHECK(entries(*dictionaries, DictionaryKind::compounds) == "g k ");
    CHECK(dictionaries->current()->compound("de", "gartenhaus")->empty());
    CHECK(dictionaries->current()->plurals("en", "octopodes").size() == 1);
    CHECK_FALSE(dictionaries->current()->uses_standard(DictionaryKind::stopwords, "fr"));
    CHECK(dictionaries->current()->uses_standard(DictionaryKind::plurals, "fr"));
    CHECK(boost::json::serialize(dictionaries->settings()) ==
          R"({"disableStandardEntries":{"stopwords":{"fr":true},"plurals":null,"compounds":null}})");

    REQUIRE(dictionaries->change(DictionaryKind::compounds, object_of(R"({"requests":[
        {"action":"deleteEntry","body":{"objectID":"k"}},{"action":"deleteEntry","body":{"objectID":"never"}}]})")));
    CHECK(entries(*dictionaries, DictionaryKind::compounds) == "g ");
    REQUIRE(dictionaries->change(DictionaryKind::compounds, object_of(R"({"clearExistingDictionaryEntries":true,"requests":[
        {"action":"addEntry","body":{"objectID":"n","language":"nl","word":"fietstas","decomposition":["fiets","tas"]}}]})")));
    CHECK(entries(*dictionaries, DictionaryKind::compounds) == "n ");
    CHECK(entries(*dictionaries, DictionaryKind::plurals) == "a/b ");
    dictionaries.reset();
    dictionaries = DictionaryStore::open(*store).value();
    CHECK(entries(*dictionaries, DictionaryKind::compounds) == "n ");
    CHECK(dictionaries->current()->compound("de", "gartenhaus") == nullptr);
}

TEST_CASE("a dictionary batch with one bad entry changes nothing") {
    const Scratch scratch;
    auto store = Store::open(scratch.path()).value();
    auto dictionaries = DictionaryStore::open(*store).value();
    using enum DictionaryKind;
    CHECK(refusal(*dictionaries, stopwords, R"({"requests":[
        {"action":"addEntry","body":{"objectID":"1","language":"en","word":"acme"}},
        {"action":"addEntry","body":{"objectID":"2","language":"english","word":"x"}}]})").find("requests[1]: \"language\"") == 0);
    CHECK_FALSE(dictionaries->current()->stop_word("en", "acme"));
    CHECK(refusal(*dictionaries, stopwords, R"({"requests":[{"action":"addEntry","body":{"language":"en","word":"x"}}]})")
              .find("objectID") != std::string::npos);
    CHECK(refusal(*dictionaries, stopwords, R"({"requests":[{"action":"addEntry","body":{"objectID":"1","language":"en"}}]})")
              .find("\"word\"") != std::string::npos);
    CHECK(refusal(*dictionaries, stopwords, R"({"requests":[{"action":"add","body":{}}]})").find("addEntry") != std::string::npos);
    CHECK(refusal(*dictionaries, stopwords, R"({"requests":{}})").find("requests") != std::string::npos);
    CHECK(refusal(*dictionaries, stopwords,
                  R"({"requests":[{"action":"addEntry","body":{"objectID":"1","language":"en","word":"x","state":"on"}}]})")
              .find("state") != std::string::npos);
    CHECK(refusal(*dictionaries, plurals,
                  R"({"requests":[{"action":"addEntry","body":{"objectID":"1","language":"en","words":["one"]}}]})")
              .find("2 to 32") != std::string::npos);
    CHECK(refusal(*dictionaries, compounds,
                  R"({"requests":[{"action":"addEntry","body":{"objectID":"1","language":"de","word":"ab"}}]})")
              .find("decomposition") != std::string::npos);
    CHECK(dictionaries->change_settings(object_of(R"({"disableStandardEntries":{"verbs":{}}})")).has_error());
    CHECK(dictionaries->change_settings(object_of(R"({"disableStandardEntries":{"plurals":{"en":1}}})")).has_error());
    CHECK(dictionaries->change_settings(object_of("{}")).has_error());
    CHECK(dictionaries->search(plurals, object_of(R"({"hitsPerPage":1001})")).has_error());
    CHECK(dictionaries->search(plurals, object_of(R"({"language":"x"})")).has_error());
}

TEST_CASE("dictionaries are searched by the beginnings of words, page by page") {
    const Scratch scratch;
    auto store = Store::open(scratch.path()).value();
    auto dictionaries = DictionaryStore::open(*store).value();
    std::string requests;
    for (int i = 0; i < 5; ++i) {
        requests += fmt::format(R"({}{{"action":"addEntry","body":{{"objectID":"{}","language":"en","words":["Tool{}","tools{}"]}}}})",
                                i == 0 ? "" : ",", i, i, i);
    }
    REQUIRE(dictionaries->change(DictionaryKind::plurals, object_of(R"({"requests":[)" + requests + "]}")));
    const auto page = dictionaries->search(DictionaryKind::plurals, object_of(R"({"query":"tool","page":1,"hitsPerPage":2})")).value();
    CHECK(boost::json::serialize(page) ==
          R"({"hits":[{"objectID":"2","language":"en","words":["Tool2","tools2"],"state":"enabled","type":"custom"},)"
          R"({"objectID":"3","language":"en","words":["Tool3","tools3"],"state":"enabled","type":"custom"}],"page":1,"nbHits":5,"nbPages":3})");
    CHECK(dictionaries->search(DictionaryKind::plurals, object_of(R"({"query":"ool"})")).value().at("nbHits") == 0);
    CHECK(dictionaries->search(DictionaryKind::plurals, object_of(R"({"language":"de"})")).value().at("nbHits") == 0);

    const auto about = [&] { return dictionaries->search(DictionaryKind::stopwords, object_of(R"({"query":"about","language":"en"})")).value(); };
    CHECK(about().at("nbHits") == 1);
    CHECK(about().at("hits").at(0).at("type") == "standard");
    REQUIRE(dictionaries->change(DictionaryKind::stopwords, object_of(
        R"({"requests":[{"action":"addEntry","body":{"objectID":"mine","language":"en","word":"About","state":"disabled"}}]})")));
    CHECK(about().at("nbHits") == 1);
    CHECK(about().at("hits").at(0).at("objectID") == "mine");
}

TEST_CASE("the endpoints of dictionaries") {
    ServerFixture fixture;
    const std::string body = R"({"requests":[{"action":"addEntry","body":{"objectID":"1","language":"en","word":"acme"}}]})";
    const JsonAnswer batch = fixture.post("/1/dictionaries/stopwords/batch", body);
    REQUIRE(batch.status == 200);
    CHECK(batch.text("updatedAt").size() == 24);
    CHECK(fixture.get("/1/task/" + batch.text("taskID")).text("status") == "published");
    const JsonAnswer found = fixture.post("/1/dictionaries/stopwords/search", R"({"query":"acme"})");
    CHECK(found.text("nbHits") == "1");
    const JsonAnswer languages = fixture.get("/1/dictionaries/*/languages");
    CHECK(boost::json::serialize(languages.at("en")) ==
          R"({"stopwords":{"nbCustomEntries":1},"plurals":{"nbCustomEntries":0},"compounds":null})");
    CHECK(boost::json::serialize(languages.at("de").at("compounds")) == R"({"nbCustomEntries":0})");
    CHECK(fixture.put("/1/dictionaries/*/settings", R"({"disableStandardEntries":{"stopwords":{"en":true}}})").at("taskID").is_int64());
    CHECK(fixture.get("/1/dictionaries/%2A/settings").body ==
          R"({"disableStandardEntries":{"stopwords":{"en":true},"plurals":null,"compounds":null}})");
    CHECK(fixture.post("/1/dictionaries/verbs/batch", body).status == 404);
    CHECK(fixture.post("/1/dictionaries/plurals/batch", body).status == 400);
    CHECK(fixture.post("/1/dictionaries/plurals/batch", "[]").status == 400);
    const std::string key = fixture.post("/1/keys", R"({"acl":["settings"]})").text("key");
    CHECK(fixture.request("POST", "/1/dictionaries/stopwords/batch", body, key).status == 403);
    CHECK(fixture.request("POST", "/1/dictionaries/stopwords/search", "{}", key).status == 200);
}
