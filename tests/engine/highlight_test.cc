// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/highlight.h"

#include "tests/engine/sample.h"

namespace penchant::testing {
namespace {

struct Results {
    std::string highlight;
    std::string snippet;
};

Results results(std::string_view parameters, std::string_view record, std::string_view settings = "{}") {
    const Settings with = Settings().merged(object_of(settings)).value();
    const Query query = parse_query(object_of(parameters), with).value();
    const TextQuery text = text_query(query.text, query.words.query_type, with);
    const Highlighter highlighter(query, text, with);
    const simdjson::dom::object parsed(parse_json(record).value());
    const auto highlight = highlighter.highlight(parsed);
    const auto snippet = highlighter.snippet(parsed);
    return {highlight ? json_text(*highlight) : "absent", snippet ? json_text(*snippet) : "absent"};
}

TEST_CASE("the contract's example") {
    CHECK(results(R"({"query":"run"})", R"({"objectID":"sku-204","name":"Ridge Runner 2","brand":"Corvale"})",
                  R"({"searchableAttributes":["name","brand"]})").highlight ==
          R"({"name":{"value":"Ridge <em>Run</em>ner 2","matchLevel":"full","fullyHighlighted":false,"matchedWords":["run"]},)"
          R"("brand":{"value":"Corvale","matchLevel":"none","matchedWords":[]}})");
}

TEST_CASE("levels, whole values and folded letters") {
    CHECK(results(R"({"query":"trail shoe"})", R"({"t":"Trail & more"})").highlight ==
          R"({"t":{"value":"<em>Trail</em> & more","matchLevel":"partial","fullyHighlighted":false,"matchedWords":["trail"]}})");
    CHECK(results(R"({"query":"trail shoe"})", R"({"t":"TRAIL shoe"})").highlight ==
          R"({"t":{"value":"<em>TRAIL</em> <em>shoe</em>","matchLevel":"full","fullyHighlighted":true,"matchedWords":["trail","shoe"]}})");
    CHECK(results(R"({"query":"cafe"})", R"({"t":"Café <b>x</b>"})").highlight ==
          R"({"t":{"value":"<em>Café</em> <b>x</b>","matchLevel":"full","fullyHighlighted":false,"matchedWords":["cafe"]}})");
    CHECK(results(R"({"query":"caf"})", R"({"t":"Cafés"})").highlight ==
          R"({"t":{"value":"<em>Caf</em>és","matchLevel":"full","fullyHighlighted":false,"matchedWords":["caf"]}})");
}

TEST_CASE("the record's shape is kept") {
    CHECK(results(R"({"query":"red","highlightPreTag":"[","highlightPostTag":"]"})",
                  R"({"objectID":"red","_x":"red","n":1993,"ok":true,"none":null,"o":{"c":["red",2,null,true],"d":{}},)"
                  R"("a":[{"x":"Redder"},{"x":"blue"}]})").highlight ==
          R"({"n":{"value":"1993","matchLevel":"none","matchedWords":[]},)"
          R"("o":{"c":[{"value":"[red]","matchLevel":"full","fullyHighlighted":true,"matchedWords":["red"]},)"
          R"({"value":"2","matchLevel":"none","matchedWords":[]},{"value":"","matchLevel":"none","matchedWords":[]},)"
          R"({"value":"true","matchLevel":"none","matchedWords":[]}]},)"
          R"("a":[{"x":{"value":"[Red]der","matchLevel":"full","fullyHighlighted":false,"matchedWords":["red"]}},)"
          R"({"x":{"value":"blue","matchLevel":"none","matchedWords":[]}}]})");
    CHECK(results(R"({"query":"red","restrictHighlightAndSnippetArrays":true,"attributesToHighlight":["c"]})",
                  R"({"c":["red","blue"],"d":"red"})").highlight ==
          R"({"c":[{"value":"<em>red</em>","matchLevel":"full","fullyHighlighted":true,"matchedWords":["red"]}]})");
}

TEST_CASE("which attributes") {
    const char* record = R"({"objectID":"1","a":"x","b":{"c":"x","d":"y"}})";
    CHECK(results(R"({"attributesToHighlight":[]})", record).highlight == "absent");
    CHECK(results(R"({"attributesToHighlight":["b.c"]})", record).highlight ==
          R"({"b":{"c":{"value":"x","matchLevel":"none","matchedWords":[]}}})");
    CHECK(results(R"({"attributesToHighlight":["*"]})", R"({"objectID":"1"})").highlight ==
          R"({"objectID":{"value":"1","matchLevel":"none","matchedWords":[]}})");
    CHECK(results("{}", record, R"({"searchableAttributes":["a"]})").highlight ==
          R"({"a":{"value":"x","matchLevel":"none","matchedWords":[]}})");
    CHECK(results("{}", record, R"({"searchableAttributes":["a"],"attributesToHighlight":[]})").highlight == "absent");
}

TEST_CASE("snippets are cut around the best match") {
    const char* record = R"({"body":"one two three four five six seven eight nine ten eleven trail twelve","t":"short trail"})";
    CHECK(results(R"({"query":"trail","attributesToSnippet":["body:3","t"]})", record).snippet ==
          "{\"body\":{\"value\":\"\xE2\x80\xA6""eleven <em>trail</em> twelve\",\"matchLevel\":\"full\"},"
          R"("t":{"value":"short <em>trail</em>","matchLevel":"full"}})");
    CHECK(results(R"({"query":"one","attributesToSnippet":["body:3"],"snippetEllipsisText":"..."})", record).snippet ==
          R"({"body":{"value":"<em>one</em> two three...","matchLevel":"full"}})");
    CHECK(results(R"({"query":"zzz","attributesToSnippet":["*:2"]})", R"({"t":"a b c"})").snippet ==
          "{\"t\":{\"value\":\"a b\xE2\x80\xA6\",\"matchLevel\":\"none\"}}");
    CHECK(results("{}", record).snippet == "absent");
}

}  // namespace
}  // namespace penchant::testing
