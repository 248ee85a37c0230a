// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/highlight.h"

#include "tests/engine/words_of.h"

#include <functional>

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

// As a search would: the record is the index, and its words are what typos and splits lead to.
struct Searched {
    std::string settings = "{}";
    std::string synonyms = "[]";
    std::function<void(Query&)> change = [](Query&) {};
    Results operator()(std::string_view text, std::string_view record) const {
        Sample sample(settings);
        sample.add(record);
        sample.publish();
        Query query = sample.query(R"({"highlightPreTag":"[","highlightPostTag":"]"})");
        query.text = std::string(text);
        change(query);
        const Synonyms compiled = synonyms_of(synonyms);
        const TextQuery words = words_of(sample, query, compiled);
        const Highlighter highlighter(query, words, sample.settings());
        const simdjson::dom::object parsed(parse_json(record).value());
        const auto highlight = highlighter.highlight(parsed);
        const auto snippet = highlighter.snippet(parsed);
        return {highlight ? json_text(*highlight) : "absent", snippet ? json_text(*snippet) : "absent"};
    }
    // Only the value of attribute t, and the words found in it.
    std::string value(std::string_view text, std::string_view value_of_t) const {
        const std::string record = json_text(boost::json::object{{"t", value_of_t}});
        const boost::json::object leaf = object_of((*this)(text, record).highlight).at("t").get_object();
        return std::string(std::string_view(leaf.at("value").get_string())) + " " + json_text(leaf.at("matchedWords")) + " " +
               std::string(std::string_view(leaf.at("matchLevel").get_string()));
    }
};

TEST_CASE("words in camel case are marked by their parts where the attribute is listed") {
    const Searched search{R"({"camelCaseAttributes":["t"],"typoTolerance":false})"};
    CHECK(search.value("mario", "the SuperMario64Kart") == R"(the Super[Mario]64Kart ["mario"] full)");
    CHECK(search.value("mario kart", "the SuperMario64Kart") == R"(the Super[Mario]64[Kart] ["mario","kart"] full)");
    CHECK(search.value("super mar", "SuperMario64Kart") == R"([SuperMar]io64Kart ["super","mar"] full)");
    CHECK(search.value("supermario64kart", "SuperMario64Kart x") == R"([SuperMario64Kart] x ["supermario64kart"] full)");
    CHECK(search.value("supermar", "SuperMario64Kart") == R"([SuperMar]io64Kart ["supermar"] full)");
    const Searched plain{R"({"typoTolerance":false})"};
    CHECK(plain.value("mario", "the SuperMario64Kart mario") == R"(the SuperMario64Kart [mario] ["mario"] full)");
}

TEST_CASE("normalized letters are marked as they are written") {
    const Searched search{R"({"customNormalization":{"default":{"ä":"ae"}},"typoTolerance":false})"};
    CHECK(search.value("kaese", "Bester Käse") == R"(Bester [Käse] ["kaese"] full)");
    CHECK(search.value("KÄS", "Bester Käse") == R"(Bester [Käs]e ["kaes"] full)");
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

TEST_CASE("words with typos are marked where the typed word is not") {
    const Searched search;
    CHECK(search.value("trial shoe", "Trail shoe") == R"([Trail] [shoe] ["trial","shoe"] full)");
    CHECK(search.value("trail x", "Trail, trial") == R"([Trail], trial ["trail"] partial)");
    // Of a beginning with typos as much as it matches.
    CHECK(search.value("ipnone", "iPhones") == R"([iPhone]s ["ipnone"] full)");
    CHECK(search.value("waterpoof", "Waterproofing") == R"([Waterproof]ing ["waterpoof"] full)");
    SECTION("over all searchable attributes") {
        CHECK(search("trail x", R"({"a":"trial","b":"trail"})").highlight ==
              R"({"a":{"value":"trial","matchLevel":"none","matchedWords":[]},)"
              R"("b":{"value":"[trail]","matchLevel":"partial","fullyHighlighted":true,"matchedWords":["trail"]}})");
        Searched b_is_not_searchable;
        b_is_not_searchable.settings = R"({"searchableAttributes":["a"],"attributesToHighlight":["*"]})";
        CHECK(b_is_not_searchable("trail x", R"({"a":"trial","b":"trail"})").highlight ==
              R"({"a":{"value":"[trial]","matchLevel":"partial","fullyHighlighted":true,"matchedWords":["trail"]},)"
              R"("b":{"value":"[trail]","matchLevel":"partial","fullyHighlighted":true,"matchedWords":["trail"]}})");
    }
    SECTION("not in attributes without typos or prefixes") {
        Searched without;
        without.settings = R"({"disablePrefixOnAttributes":["b"]})";
        without.change = [](Query& query) { query.words.disable_typo_tolerance_on_attributes = {"t"}; };
        CHECK(without.value("trial x", "trail") == "trail [] none");
        CHECK(without("runn", R"({"b":["Runner","runn"]})").highlight ==
              R"({"b":[{"value":"Runner","matchLevel":"none","matchedWords":[]},)"
              R"({"value":"[runn]","matchLevel":"full","fullyHighlighted":true,"matchedWords":["runn"]}]})");
    }
}

TEST_CASE("phrases are marked where they stand, excluded words never") {
    Searched search;
    search.change = [](Query& query) { query.words.advanced_syntax = true; };
    CHECK(search.value("\"red shoe\"", "Red red-shoe, red") == R"(Red [red]-[shoe], red ["red","shoe"] full)");
    CHECK(search.value("\"red shoe\"", "shoe red") == "shoe red [] none");
    CHECK(search.value("\"red\" sho", "reddish red shoe") == R"(reddish [red] [sho]e ["red","sho"] full)");
    CHECK(search.value("red -shoe", "red shoe") == R"([red] shoe ["red"] full)");
}

TEST_CASE("split and joined words") {
    const Searched search;
    CHECK(search.value("icecream", "Ice cream, ice") == R"([Ice] [cream], ice ["icecream"] full)");
    CHECK(search.value("ice cream", "Icecream") == R"([Icecream] ["ice","cream"] full)");
    CHECK(search.value("ice cre", "Icecream") == R"([Icecre]am ["ice","cre"] full)");
}

TEST_CASE("characters that touch share their tags") {
    const Searched search;
    CHECK(search.value("\u6771\u4EAC", "\u6771\u4EAC\u30BF\u30EF\u30FC, \u6771") ==
          "[\u6771\u4EAC]\u30BF\u30EF\u30FC, \u6771 [\"\u6771\u4EAC\"] full");
}

TEST_CASE("synonyms, and what was typed in their place") {
    Searched search;
    search.synonyms = R"([{"type":"synonym","synonyms":["tv","television","flat screen"]},
                          {"type":"oneWaySynonym","input":"new york","synonyms":["nyc"]}])";
    CHECK(search.value("tv stand", "Television stand") == R"([Television] [stand] ["tv","stand"] full)");
    CHECK(search.value("tv", "flat screen, flat") == R"([flat] [screen], flat ["tv"] full)");
    CHECK(search.value("new york", "in NYC") == R"(in [NYC] ["new","york"] full)");
    search.change = [](Query& query) { query.words.replace_synonyms_in_highlight = true; };
    CHECK(search.value("tv stand", "Television stand tv") == R"([tv] [stand] [tv] ["tv","stand"] full)");
    CHECK(search.value("tv", "A flat screen, flat") == R"(A [tv], flat ["tv"] full)");
    CHECK(search.value("new york", "in NYC") == R"(in [new york] ["new","york"] full)");
}

TEST_CASE("nested arrays and several words") {
    const Searched search;
    CHECK(search("red", R"({"a":[["red"],[{"b":["blue","redder"]}]]})").highlight ==
          R"({"a":[[{"value":"[red]","matchLevel":"full","fullyHighlighted":true,"matchedWords":["red"]}],)"
          R"([{"b":[{"value":"blue","matchLevel":"none","matchedWords":[]},)"
          R"({"value":"[red]der","matchLevel":"full","fullyHighlighted":false,"matchedWords":["red"]}]}]]})");
}

std::string snippet(std::string_view query, std::string_view text, int words) {
    const std::string record = json_text(boost::json::object{{"t", text}});
    Searched search;
    search.change = [&](Query& each) {
        each.attributes_to_snippet = {"t:" + std::to_string(words)};
        each.words.typo_tolerance = TypoTolerance::off;
    };
    return std::string(std::string_view(
        object_of(search(query, record).snippet).at("t").get_object().at("value").get_string()));
}

TEST_CASE("the best window of a snippet") {
    // Two different words are better than one twice.
    CHECK(snippet("red shoe", "red red red a b c d e f red shoe g h", 3) == "\u2026[red] [shoe] g\u2026");
    // The earliest of equal ones.
    CHECK(snippet("red shoe", "a b red shoe c d e f red shoe", 4) == "\u2026b [red] [shoe] c\u2026");
    // What stands before the first and behind the last word belongs to them.
    CHECK(snippet("red", "(red) a b c", 2) == "([red]) a\u2026");
    CHECK(snippet("red", "a b c red!", 2) == "\u2026c [red]!");
    CHECK(snippet("none", "a b c d", 2) == "a b\u2026");
    CHECK(snippet("red", "a b", 2) == "a b");
    CHECK(snippet("red", "...", 2) == "...");
    CHECK(snippet("d", "a b c d e f g", 1) == "\u2026[d]\u2026");
}

}  // namespace
}  // namespace penchant::testing
