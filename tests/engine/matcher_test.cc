// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/matcher.h"

#include "tests/engine/sample.h"

namespace penchant::testing {
namespace {

Sample titles(std::initializer_list<const char*> texts, std::string_view settings = R"({"searchableAttributes":["title"]})") {
    Sample sample(settings);
    int number = 0;
    for (const char* text : texts)
        sample.add(json_text(boost::json::object{{"objectID", std::to_string(++number)}, {"title", text}}));
    sample.publish();
    return sample;
}

TEST_CASE("all words must be there, the last one as far as it is typed") {
    const Sample sample = titles({"trail running shoe", "trail shoe", "running", "trainer", "Traïl Ruñner"});
    CHECK(sample.ids(R"({"query":"trail shoe"})") == "2 1");
    CHECK(sample.ids(R"({"query":"tra"})") == "1 2 4 5");
    CHECK(sample.ids(R"({"query":"tra shoe"})").empty());
    CHECK(sample.ids(R"({"query":"tra run","queryType":"prefixAll"})") == "1 5");
    CHECK(sample.ids(R"({"query":"trail run","queryType":"prefixNone"})").empty());
    CHECK(sample.ids(R"({"query":"TRAIL run"})") == "1 5");
    CHECK(sample.ids(R"({"query":"nothing"})").empty());
    CHECK(sample.ids(R"({"query":""})") == "1 2 3 4 5");
    CHECK(sample.ids(R"({"query":" !? "})") == "1 2 3 4 5");
}

TEST_CASE("proximity: nearer is better, and the order of words counts") {
    const Sample sample = titles({"shoe a b trail", "a trail b shoe", "shoe trail", "trail shoe"});
    CHECK(sample.ids(R"({"query":"trail shoe"})") == "4 3 2 1");
    const auto proximity = [&](Ordinal ordinal, const char* parameters) {
        const Query query = sample.query(parameters);
        return Selection::prepare(sample.snapshot(), query).value().describe(ordinal).proximity;
    };
    CHECK(proximity(3, R"({"query":"trail shoe"})") == 1);
    CHECK(proximity(2, R"({"query":"trail shoe"})") == 2);
    CHECK(proximity(1, R"({"query":"trail shoe"})") == 2);
    CHECK(proximity(0, R"({"query":"trail shoe"})") == 4);
    CHECK(proximity(3, R"({"query":"trail"})") == 0);
    CHECK(proximity(3, R"({"query":"trail shoe","minProximity":3})") == 3);
    CHECK(proximity(0, R"({"query":"trail shoe","minProximity":3})") == 4);
}

TEST_CASE("attribute: the better attribute, then the earlier word") {
    Sample sample(R"j({"searchableAttributes":["title","unordered(body)"]})j");
    sample.add(R"({"objectID":"body late","title":"x","body":"a b run"})");
    sample.add(R"({"objectID":"title second","title":"x run","body":"y"})");
    sample.add(R"({"objectID":"title first","title":"run x","body":"y"})");
    sample.add(R"({"objectID":"body early","title":"x","body":"run a b"})");
    sample.publish();
    CHECK(sample.ids(R"({"query":"run"})") == "title first title second body late body early");
    const Query query = sample.query(R"({"query":"run"})");
    const Selection selection = Selection::prepare(sample.snapshot(), query).value();
    CHECK(selection.describe(0).attribute == 1000);
    CHECK(selection.describe(1).attribute == 1);
    CHECK(selection.describe(2).attribute == 0);
    CHECK(sample.ids(R"({"query":"run","restrictSearchableAttributes":["body"]})") == "body late body early");
    CHECK(sample.ids(R"({"query":"run","restrictSearchableAttributes":["objectID"]})").empty());
}

TEST_CASE("exact: words as they are typed before words that go on") {
    const Sample sample = titles({"runner trail", "run trail", "run"});
    CHECK(sample.ids(R"({"query":"run"})") == "3 1 2");  // the whole value, then by attribute alone
    CHECK(sample.ids(R"({"query":"run","exactOnSingleWordQuery":"word"})") == "2 3 1");
    CHECK(sample.ids(R"({"query":"run","exactOnSingleWordQuery":"none"})") == "1 2 3");
    const Sample many = titles({"trail runner", "trail run"});
    CHECK(many.ids(R"({"query":"trail run"})") == "2 1");
}

TEST_CASE("attributes may refuse prefixes") {
    Sample sample(R"({"searchableAttributes":["title","sku"],"disablePrefixOnAttributes":["sku"]})");
    sample.add(R"({"objectID":"1","title":"boots","sku":"rt500"})");
    sample.add(R"({"objectID":"2","title":"rt","sku":"x"})");
    sample.add(R"({"objectID":"3","title":"x","sku":"rt"})");
    sample.publish();
    CHECK(sample.ids(R"({"query":"rt"})") == "2 3");
    CHECK(sample.ids(R"({"query":"rt500"})") == "1");
}

TEST_CASE("deleted records are not found, in any segment") {
    Sample sample(R"({"searchableAttributes":["title"]})");
    for (int i = 0; i < 30; ++i) {
        sample.add("{\"objectID\":\"" + std::to_string(i) + "\",\"title\":\"run " + (i % 2 ? "odd" : "even") + "\"}");
        if (i % 7 == 0) sample.publish();
    }
    for (DocumentId document = 1; document <= 30; document += 2) sample.remove(document);  // the even ones
    sample.publish();
    CHECK(sample.ids(R"({"query":"even"})").empty());
    const Query query = sample.query(R"({"query":"run odd"})");
    CHECK(Selection::prepare(sample.snapshot(), query).value().matches("x", nullptr)->ordinals.size() == 15);
}

}  // namespace
}  // namespace penchant::testing
