// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rules.h"

#include "engine/ruled_query.h"
#include "tests/catch.h"
#include "index/limits.h"
#include "tests/engine/sample.h"

#include <boost/json/serialize.hpp>

#include <random>
#include <set>

using namespace penchant;
using namespace penchant::testing;

namespace {

constexpr std::int64_t now = 1'767'225'600;  // 2026-01-01

/// Records and rules; asks which rules apply, and what comes of it.
class Shop {
public:
    explicit Shop(std::vector<std::string> rules,
                  std::string_view settings = R"({"attributesForFaceting":["brand","color","size"],"searchableAttributes":["name"]})")
        : sample(settings) {
        int number = 0;
        for (const char* record : {
                 R"({"objectID":"a","name":"red boot","brand":"Corvale","color":"red"})",
                 R"({"objectID":"b","name":"blue boot","brand":"The North Face","color":"blue"})",
                 R"({"objectID":"c","name":"red tent","brand":"North","color":"red"})",
                 R"({"objectID":"d","name":"blue tent","brand":"Oxbow","color":"blue"})",
                 R"({"objectID":"e","name":"green sock","brand":"Yahoo!","color":"-odd","size":"x-large"})"})
            sample.add(record);
        sample.publish();
        CurationMap map;
        for (const std::string& rule : rules) {
            const std::string id = object_of(rule).contains("objectID")
                                       ? std::string(std::string_view(object_of(rule).at("objectID").get_string()))
                                       : "r" + std::to_string(number);
            ++number;
            auto parsed = parse_rule(object_of(rule), Tokenizer());
            if (parsed.has_error()) FAIL(parsed.error().what);
            map[id] = std::make_shared<const std::string>(rule);
        }
        set = RuleSet::compile(map, Tokenizer());
    }

    RuleEffects effects(std::string_view parameters, std::int64_t time = now) const {
        return apply_rules(set, sample.query(parameters), sample.snapshot(), tokenizer, alike, time);
    }
    /// objectIDs of the rules that apply, joined by spaces.
    std::string applied(std::string_view parameters, std::int64_t time = now) const {
        std::string ids;
        for (const std::string& id : effects(parameters, time).applied) ids += (ids.empty() ? "" : " ") + id;
        return ids;
    }
    RuledQuery ruled(std::string_view parameters) const {
        auto made = ruled_query(object_of(parameters), sample.snapshot(), {}, set, alike, now,
                                [&](std::string_view id) -> Result<std::optional<Ordinal>> {
                                    for (Ordinal i = 0; i < sample.snapshot().columns.size(); ++i)
                                        if (sample.object_id(i) == id) return std::optional(i);
                                    return std::optional<Ordinal>();
                                });
        if (made.has_error()) FAIL(made.error().what);
        return std::move(*made);
    }
    /// objectIDs of the hits.
    std::string ids(std::string_view parameters, Boost* boost = nullptr) const {
        const RuledQuery made = ruled(parameters);
        auto selection = Selection::prepare(sample.snapshot(), made.query);
        if (selection.has_error()) FAIL(selection.error().what);
        selection->pin(made.pins);
        const Selected selected = selection->run("shop", boost, nullptr);
        std::string ids;
        for (const RankedHit& hit : selected.hits) ids += (ids.empty() ? "" : " ") + sample.object_id(hit.ordinal);
        return ids;
    }

    Sample sample;
    RuleSet set;
    Tokenizer tokenizer;
    WordsAlike alike = [](std::string_view typed, std::string_view wanted) {
        return (typed == "bott" && wanted == "boot") || (typed == "boots" && wanted == "boot");
    };
};

std::string rule(std::string_view condition, std::string_view consequence = "{}") {
    return R"({"conditions":[)" + std::string(condition) + R"(],"consequence":)" + std::string(consequence) + "}";
}

std::string refusal(std::string_view json) {
    const auto read = parse_rule(object_of(json), Tokenizer());
    return read.has_error() ? read.error().what : "accepted";
}

std::string json_of(const boost::json::value& value) { return boost::json::serialize(value); }

}  // namespace

TEST_CASE("anchorings compare whole folded words") {
    const auto matches = [](const char* anchoring, const char* pattern, const char* query) {
        const Shop shop({rule(R"({"pattern":")" + std::string(pattern) + R"(","anchoring":")" + anchoring + R"("})")});
        return shop.applied(R"({"query":")" + std::string(query) + R"("})") == "r0";
    };
    CHECK(matches("is", "red boot", "RED  böot!"));
    CHECK_FALSE(matches("is", "red boot", "red boots"));
    CHECK_FALSE(matches("is", "red boot", "red boot now"));
    CHECK_FALSE(matches("is", "boot", "boo"));  // the word being typed counts as it stands
    CHECK(matches("startsWith", "red", "red boot"));
    CHECK_FALSE(matches("startsWith", "boot", "red boot"));
    CHECK_FALSE(matches("startsWith", "red boot", "red"));
    CHECK(matches("endsWith", "boot", "red boot"));
    CHECK_FALSE(matches("endsWith", "red", "red boot"));
    CHECK(matches("endsWith", "boot", "boot boot"));
    CHECK(matches("contains", "red boot", "cheap red boot here"));
    CHECK_FALSE(matches("contains", "red boot", "red cheap boot"));
    CHECK_FALSE(matches("contains", "boot", "bootleg"));
    CHECK(matches("is", "", ""));
    CHECK(matches("is", "", " - "));
    CHECK_FALSE(matches("is", "", "boot"));
}

TEST_CASE("parts of a condition are ANDed, conditions are ORed, none at all is always") {
    const Shop shop({rule(R"({"pattern":"boot","anchoring":"contains","context":"mobile","filters":"brand:Corvale AND color:red"})"),
                     rule(R"({"pattern":"tent","anchoring":"is"},{"context":"sale"})"), rule("")});
    CHECK(shop.applied(R"({"query":"boot"})") == "r2");
    CHECK(shop.applied(R"({"query":"boot","ruleContexts":["mobile"]})") == "r2");
    CHECK(shop.applied(R"({"query":"boot","ruleContexts":["mobile"],"filters":"brand:corvale","facetFilters":["color:red"]})") ==
          "r0 r2");
    CHECK(shop.applied(R"({"query":"boot","ruleContexts":["mobile"],"facetFilters":[["brand:Corvale","brand:Oxbow"],"color:red"]})") ==
          "r0 r2");
    CHECK(shop.applied(R"({"query":"boot","ruleContexts":["mobile"],"filters":"brand:Corvale AND NOT color:red"})") == "r2");
    CHECK(shop.applied(R"({"query":"tent"})") == "r1 r2");
    CHECK(shop.applied(R"({"query":"x","ruleContexts":["other","sale"]})") == "r1 r2");
}

TEST_CASE("the legacy condition, a switched-off rule and times are heeded") {
    const Shop shop({R"({"objectID":"old","condition":{"pattern":"boot","anchoring":"is"},"consequence":{}})",
                     R"({"objectID":"off","enabled":false,"consequence":{}})",
                     R"({"objectID":"then","validity":[{"from":100,"until":200},{"from":300,"until":400}],"consequence":{}})"});
    CHECK(shop.applied(R"({"query":"boot"})", 50) == "old");
    CHECK(shop.applied(R"({"query":""})", 100) == "then");
    CHECK(shop.applied(R"({"query":""})", 200) == "then");
    CHECK(shop.applied(R"({"query":""})", 201).empty());
    CHECK(shop.applied(R"({"query":""})", 350) == "then");
}

TEST_CASE("alternatives let other words stand for those of the pattern, where they are allowed") {
    const Shop shop({rule(R"({"pattern":"boot","anchoring":"contains","alternatives":true})"),
                     rule(R"({"pattern":"boot","anchoring":"contains"})")});
    CHECK(shop.applied(R"({"query":"red bott"})") == "r0");
    CHECK(shop.applied(R"({"query":"boots"})") == "r0");
    CHECK(shop.applied(R"({"query":"boot"})") == "r0 r1");
    CHECK(shop.applied(R"({"query":"sock"})").empty());

    WordRules words;
    CHECK(alike_but_for_typos("bott", "boot", words));
    CHECK_FALSE(alike_but_for_typos("bot", "boot", words));       // too short for a typo
    CHECK_FALSE(alike_but_for_typos("toot", "boot", words));      // the first letter counts two
    CHECK(alike_but_for_typos("backpcka", "backpack", words));
    CHECK(alike_but_for_typos("h\xC3\xBCte", "hute", words));     // letters are counted, not bytes
    words.typo_tolerance = TypoTolerance::off;
    CHECK_FALSE(alike_but_for_typos("bott", "boot", words));
}

TEST_CASE("a placeholder finds the longest value of its facet, and feeds automatic filters") {
    const Shop shop({rule(R"({"pattern":"{facet:brand}","anchoring":"contains"})",
                          R"({"params":{"automaticFacetFilters":[{"facet":"brand","score":3}],
                                        "query":{"edits":[{"type":"remove","delete":"{facet:brand}"}]}}})")});
    const RuleEffects found = shop.effects(R"({"query":"the north face boot"})");
    REQUIRE(found.filters.size() == 1);
    CHECK(json_of(found.filters[0].facet_filters) == R"([["brand:The North Face<score=3>"]])");
    CHECK(found.text == "boot");
    CHECK(json_of(shop.effects(R"({"query":"NORTH boot"})").filters.at(0).facet_filters) == R"([["brand:North<score=3>"]])");
    CHECK(json_of(shop.effects(R"({"query":"corvale oxbow"})").filters.at(0).facet_filters) ==
          R"([["brand:Corvale<score=3>"],["brand:Oxbow<score=3>"]])");
    CHECK(json_of(shop.effects(R"({"query":"yahoo! sock"})").filters.at(0).facet_filters) == R"([["brand:Yahoo!<score=3>"]])");
    CHECK(shop.effects(R"({"query":"face boot"})").applied.empty());
    CHECK(shop.ids(R"({"query":"the north face boot"})") == "b");
    CHECK(shop.ids(R"({"query":"corvale"})") == "a");
}

TEST_CASE("automatic filters: disjunctive, negative, optional, as names, and values that look like syntax") {
    const auto filters = [](const std::string& automatic, const char* query, const char* pattern = "{facet:brand}") {
        const Shop shop({rule(R"({"pattern":")" + std::string(pattern) + R"(","anchoring":"contains"})",
                              R"({"params":{)" + automatic + "}}")});
        const RuleEffects effects = shop.effects(R"({"query":")" + std::string(query) + R"("})");
        if (effects.filters.empty()) return std::string("none");
        return json_of(effects.filters[0].facet_filters) + json_of(effects.filters[0].optional_filters);
    };
    CHECK(filters(R"("automaticFacetFilters":[{"facet":"brand","disjunctive":true}])", "corvale oxbow") ==
          R"([["brand:Corvale","brand:Oxbow"]]null)");
    CHECK(filters(R"("automaticFacetFilters":["brand"])", "corvale") == R"([["brand:Corvale"]]null)");
    CHECK(filters(R"("automaticFacetFilters":[{"facet":"brand","negative":true}])", "corvale") == R"([["brand:-Corvale"]]null)");
    CHECK(filters(R"("automaticOptionalFacetFilters":[{"facet":"brand","score":7}])", "corvale") ==
          R"(null[["brand:Corvale<score=7>"]])");
    CHECK(filters(R"("automaticFacetFilters":["color"])", "corvale") == "none");
    CHECK(filters(R"("automaticFacetFilters":["color"])", "-odd", "{facet:color}") == R"([["color:\\-odd"]]null)");
    CHECK(filters(R"("automaticFacetFilters":["size"])", "x large", "{facet:size} ") == R"([["size:x-large"]]null)");
    CHECK(filters(R"("automaticFacetFilters":["brand","color"])", "red boot by corvale", "{facet:color} boot by {facet:brand}") ==
          R"([["brand:Corvale"],["color:red"]]null)");
}

TEST_CASE("a value that no record has any more is not found by a placeholder") {
    Sample sample(R"({"attributesForFaceting":["brand"]})");
    const DocumentId gone = sample.add(R"({"objectID":"a","brand":"Corvale"})");
    sample.add(R"({"objectID":"b","brand":"Oxbow"})");
    sample.remove(gone);
    sample.publish();
    const Tokenizer tokenizer;
    CHECK_FALSE(RuleText("corvale", tokenizer, sample.snapshot()).facet_value("brand", 0, 1));
    CHECK(RuleText("OXBOW", tokenizer, sample.snapshot()).facet_value("brand", 0, 1) == "Oxbow");
    CHECK_FALSE(RuleText("oxbow", tokenizer, sample.snapshot()).facet_value("colour", 0, 1));
}

TEST_CASE("edits remove and replace words, whole words only, as often as they stand there") {
    const auto text = [](const std::string& query, const char* typed) {
        const Shop shop({rule("", R"({"params":{"query":)" + query + "}}")});
        return shop.effects(R"({"query":")" + std::string(typed) + R"("})").text.value_or("(unchanged)");
    };
    CHECK(text(R"({"edits":[{"type":"remove","delete":"cheap"}]})", "Cheap red BOOT cheap") == "red BOOT");
    CHECK(text(R"({"edits":[{"type":"remove","delete":"cheap"}]})", "cheapest boot") == "(unchanged)");
    CHECK(text(R"({"edits":[{"type":"replace","delete":"wellington boot","insert":"wellies"}]})", "red wellington boot 7") ==
          "red wellies 7");
    CHECK(text(R"({"edits":[{"type":"replace","delete":"a","insert":"b"},{"type":"replace","delete":"b","insert":"c"}]})", "a") == "c");
    CHECK(text(R"({"remove":["cheap","now"]})", "cheap boot now") == "boot");
    CHECK(text(R"("sale")", "anything") == "sale");
    CHECK(text(R"("")", "anything").empty());
    CHECK(text(R"({"edits":[{"type":"remove","delete":"boot"}]})", "boot").empty());
}

TEST_CASE("the more specific rule wins: anchoring, length, context, objectID; filters and edits add up") {
    const auto consequence = [](int n) {
        return R"({"params":{"hitsPerPage":)" + std::to_string(n) + R"(,"filters":"color:c)" + std::to_string(n) + R"("},"userData":)" +
               std::to_string(n) + "}";
    };
    const Shop shop({rule("", consequence(1)), rule(R"({"context":"web"})", consequence(2)),
                     rule(R"({"pattern":"boot","anchoring":"contains"})", consequence(3)),
                     rule(R"({"pattern":"red boot","anchoring":"contains"})", consequence(4)),
                     rule(R"({"pattern":"boot","anchoring":"endsWith"})", consequence(5)),
                     rule(R"({"pattern":"red boot","anchoring":"is"})", consequence(6)),
                     rule(R"({"pattern":"red boot","anchoring":"is","context":"web"})", consequence(7)),
                     rule(R"({"pattern":"boot","anchoring":"contains"})", consequence(8))});
    CHECK(shop.applied(R"({"query":"red boot","ruleContexts":["web"]})") == "r6 r5 r4 r3 r2 r7 r1 r0");
    const RuleEffects effects = shop.effects(R"({"query":"red boot"})");
    CHECK(json_of(effects.parameters) == R"({"hitsPerPage":6})");
    CHECK(effects.filters.size() == 6);
    CHECK(json_of(effects.user_data) == "[6,5,4,3,8,1]");
    CHECK(effects.exhaustive);
}

TEST_CASE("a whole text of a more specific rule stays as it is; edits of a more specific rule keep whole texts away") {
    const Shop shop({rule(R"({"pattern":"boot","anchoring":"is"})", R"({"params":{"query":"sock now"}})"),
                     rule("", R"({"params":{"query":{"remove":["now","tent"]}}})"),
                     rule(R"({"pattern":"tent","anchoring":"contains"})", R"({"params":{"query":{"edits":[{"type":"replace","delete":"tent","insert":"sock"}]}}})"),
                     rule("", R"({"params":{"query":"everything"}})")});
    CHECK(shop.effects(R"({"query":"boot"})").text == "sock now");
    CHECK(shop.effects(R"({"query":"tent now"})").text == "sock");
}

TEST_CASE("parameters of rules replace the request's, filters join them, and the answer still tells what was asked") {
    const Shop shop({rule(R"({"pattern":"boot","anchoring":"contains"})",
                          R"({"params":{"filters":"color:red","optionalFilters":["brand:Corvale"],"hitsPerPage":1,
                                        "query":{"remove":["cheap"]}}})")});
    const RuledQuery made = shop.ruled(R"({"query":"cheap boot","hitsPerPage":9,"filters":"brand:Corvale OR brand:North"})");
    CHECK(made.query.text == "boot");
    CHECK(made.query.text_given == "cheap boot");
    CHECK(made.query.hits_per_page == 1);
    CHECK(made.query.params_echo == shop.sample.query(R"({"query":"cheap boot","hitsPerPage":9,"filters":"brand:Corvale OR brand:North"})").params_echo);
    CHECK(made.query.rules.applied == std::vector<std::string>{"r0"});
    CHECK(shop.ids(R"({"query":"boot"})") == "a");
    CHECK(shop.ids(R"({"query":"boot","filters":"brand:Oxbow"})").empty());
    CHECK(shop.ids(R"({"query":"boot","enableRules":false})") == "a b");
    CHECK(shop.ids(R"({"params":"query=boot&hitsPerPage=7","filters":"color:blue"})").empty());
    CHECK(shop.ruled(R"({"query":"boot","enableRules":false})").query.rules.applied.empty());
}

TEST_CASE("rendering content of rules merges over the query's, the more specific last") {
    const Shop shop({rule(R"({"pattern":"boot","anchoring":"is"})",
                          R"({"params":{"renderingContent":{"facetOrdering":{"facets":{"order":["color"]}},"redirect":{"url":"https://example.org/"}}}})"),
                     rule("", R"({"params":{"renderingContent":{"facetOrdering":{"facets":{"order":["size"]},"values":{"size":{"order":["s"]}}}}}})")},
                    R"({"attributesForFaceting":["brand"],"renderingContent":{"widgets":{"banners":[]}}})");
    CHECK(json_of(shop.effects(R"({"query":"boot"})").rendering_content) ==
          R"({"widgets":{"banners":[]},"facetOrdering":{"facets":{"order":["color"]},"values":{"size":{"order":["s"]}}},"redirect":{"url":"https://example.org/"}})");
}

TEST_CASE("promoted and hidden records, by the more specific rule where two disagree") {
    const Shop shop({rule(R"({"pattern":"boot","anchoring":"is"})",
                          R"({"promote":[{"objectID":"d","position":0}],"hide":[{"objectID":"a"}]})"),
                     rule("", R"({"promote":[{"objectIDs":["a","missing","c"],"position":0}],"hide":[{"objectID":"d"}]})")});
    CHECK(shop.ids(R"({"query":"boot"})") == "d c b");  // d keeps the place it was given, c takes the next one
    CHECK(shop.ids(R"({"query":"tent"})") == "a c");
    CHECK(shop.ids(R"({"query":""})") == "a c b e");
    CHECK(shop.ids(R"({"query":"nothing at all"})") == "a c");
}

TEST_CASE("promoted records ignore filters unless filterPromotes says otherwise") {
    const auto ids = [](const char* more, const char* parameters) {
        const Shop shop({rule("", R"({"promote":[{"objectID":"d","position":0},{"objectID":"a","position":1}])" + std::string(more) + "}")});
        return shop.ids(parameters);
    };
    CHECK(ids("", R"({"query":"boot","filters":"color:red"})") == "d a");
    CHECK(ids(R"(,"filterPromotes":true)", R"({"query":"boot","filters":"color:red"})") == "a");
    CHECK(ids(R"(,"filterPromotes":true)", R"({"query":"boot"})") == "d a b");
}

TEST_CASE("neither ranking nor a visitor's taste moves a pinned record, and pages stay cuts of one order") {
    const Shop shop({rule("", R"({"promote":[{"objectID":"e","position":1},{"objectIDs":["d","b"],"position":3}]})")});
    std::mt19937 random(11);
    std::set<std::string> orders;
    for (int round = 0; round < 50; ++round) {
        std::vector<float> scores;
        for (int i = 0; i < 5; ++i) scores.push_back(static_cast<float>(random() % 20));
        TableBoost boost(scores, static_cast<int>(random() % 101));
        const std::string all = shop.ids(R"({"query":"","hitsPerPage":9})", &boost);
        orders.insert(all);
        CHECK(all.substr(2, 1) == "e");
        CHECK(all.substr(6, 3) == "d b");
        for (int size = 1; size <= 6; ++size) {
            std::string pages;
            for (int page = 0; page * size < 5; ++page) {
                const std::string part = shop.ids(
                    R"({"query":"","hitsPerPage":)" + std::to_string(size) + R"(,"page":)" + std::to_string(page) + "}", &boost);
                pages += (pages.empty() ? "" : " ") + part;
            }
            CHECK(pages == all);
        }
    }
    CHECK(orders.size() == 2);  // a and c change places
}

TEST_CASE("more rules than are applied are told of") {
    std::vector<std::string> rules;
    for (std::size_t i = 0; i <= limits::rules_applied_max; ++i) rules.push_back(rule(""));
    const Shop shop(rules);
    const RuleEffects effects = shop.effects(R"({"query":"x"})");
    CHECK(effects.applied.size() == limits::rules_applied_max);
    CHECK_FALSE(effects.exhaustive);
}

TEST_CASE("what a rule may not be is refused with the field's name and the limit") {
    const auto many = [](std::size_t count, const std::string& one) {
        std::string list = "[";
        for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + one;
        return list + "]";
    };
    CHECK(refusal(R"({"objectID":"x"})") == "Rule: consequence: expected an object.");
    CHECK(refusal(R"({"conditions":[{"pattern":"x"}],"consequence":{}})") ==
          R"(Rule: conditions[0].anchoring: expected "is", "startsWith", "endsWith" or "contains".)");
    CHECK(refusal(R"({"conditions":[{},{"pattern":"","anchoring":"contains"}],"consequence":{}})") ==
          R"(Rule: conditions[1].pattern: expected at least one word; an empty pattern is only possible with the anchoring "is".)");
    CHECK(refusal(R"({"conditions":)" + many(26, "{}") + R"(,"consequence":{}})") ==
          "Rule: conditions: expected at most 25 entries; there are 26.");
    CHECK(refusal(R"({"conditions":)" + many(25, "{}") + R"(,"consequence":{}})") == "accepted");
    CHECK(refusal(R"({"conditions":[{"filters":"a:b OR c:d"}],"consequence":{}})") ==
          "Rule: conditions[0].filters: expected facet:value pairs joined by AND.");
    CHECK(refusal(R"({"conditions":[{"filters":"price > 3"}],"consequence":{}})") ==
          "Rule: conditions[0].filters: expected facet:value pairs joined by AND.");
    CHECK(refusal(R"({"validity":[{"from":5,"until":4}],"consequence":{}})").find("validity[0].until") != std::string::npos);
    CHECK(refusal(R"({"enabled":1,"consequence":{}})") == "Rule: enabled: expected true or false.");
    const std::string promoted = R"({"objectID":"x","position":0})";
    CHECK(refusal(R"({"consequence":{"promote":)" + many(301, promoted) + "}}").find("at most 300 entries") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"promote":)" + many(300, promoted) + "}}") == "accepted");
    CHECK(refusal(R"({"consequence":{"promote":[{"objectIDs":)" + many(101, R"("x")") + R"(,"position":0}]}})") ==
          "Rule: consequence.promote[0].objectIDs: expected an array of 1 to 100 objectIDs.");
    const std::string group = R"({"objectIDs":)" + many(100, R"("x")") + R"(,"position":0})";
    CHECK(refusal(R"({"consequence":{"promote":)" + many(4, group) + "}}") ==
          "Rule: consequence.promote: expected at most 300 records; there are 400.");
    CHECK(refusal(R"({"consequence":{"promote":[{"objectID":"x"}]}})").find("promote[0].position") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"promote":[{"objectID":"x","position":-1}]}})").find("promote[0].position") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"promote":[{"objectID":"x","objectIDs":["y"],"position":0}]}})").find("either") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"hide":)" + many(51, R"({"objectID":"x"})") + "}}") ==
          "Rule: consequence.hide: expected at most 50 entries; there are 51.");
    CHECK(refusal(R"({"consequence":{"userData":")" + std::string(999, 'x') + R"("}})") ==
          "Rule: consequence.userData: expected at most 1000 bytes.");
    CHECK(refusal(R"({"consequence":{"userData":")" + std::string(998, 'x') + R"("}})") == "accepted");
    CHECK(refusal(R"({"consequence":{"params":{"filters":"color:"}}})").find("Rule: consequence.params: ") == 0);
    CHECK(refusal(R"({"consequence":{"params":{"hitsPerPage":5000}}})").find("hitsPerPage") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"params":{"x":")" + std::string(16 * 1024, 'x') + R"("}}})") ==
          "Rule: consequence.params.x: expected at most 16384 bytes.");
    std::string big;
    for (char c = 'a'; c <= 'h'; ++c) big += std::string(big.empty() ? "" : ",") + '"' + c + R"(":")" + std::string(15'000, 'x') + '"';
    CHECK(refusal(R"({"consequence":{"params":{)" + big + "}}}").find("at most 102400 bytes") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"params":{"query":{"edits":[{"type":"drop","delete":"x"}]}}}})") ==
          R"(Rule: consequence.params.query.edits[0].type: expected "remove" or "replace".)");
    CHECK(refusal(R"({"consequence":{"params":{"query":{"edits":[{"type":"remove"}]}}}})").find("at least one word") != std::string::npos);
    CHECK(refusal(R"({"consequence":{"params":{"automaticFacetFilters":[{"score":1}]}}})").find("automaticFacetFilters[0]") !=
          std::string::npos);
}
