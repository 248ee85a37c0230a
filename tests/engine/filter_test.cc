// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filter.h"

#include "engine/filter_expression.h"
#include "tests/engine/sample.h"

#include <random>

namespace penchant::testing {
namespace {

Sample shop() {
    Sample sample(R"({"attributesForFaceting":["brand","color","categories.lvl0","flag","size","actor"],
                      "searchableAttributes":["name"]})");
    sample.add(R"({"objectID":"a","name":"a","brand":"Corvale","color":["red","blue"],"price":10,"flag":true,"_tags":["New"]})");
    sample.add(R"({"objectID":"b","name":"b","brand":"Oxbow","color":"green","price":20.5,"size":10,"flag":false})");
    sample.add(R"({"objectID":"c","name":"c","brand":"Fell Top","categories":{"lvl0":"Shoes > Trail"},"price":[5,30],"_tags":["sale","x"]})");
    sample.add(R"({"objectID":"d","name":"d","actor":"Some Name","brand":"-Minus","price":{"gross":7.0004}})");
    sample.publish();
    return sample;
}

std::string filtered(const Sample& sample, std::string_view filters) {
    return sample.ids(json_text(boost::json::object{{"filters", filters}}));
}

std::string refusal(std::string_view filters) {
    const auto parsed = parse_filters(filters);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code == Errc::bad_request);
    return parsed.error().what;
}

TEST_CASE("filters select what they say") {
    const Sample sample = shop();
    const std::pair<const char*, const char*> cases[] = {
        {"", "a b c d"},
        {"brand:Corvale", "a"},
        {"brand:corvale", "a"},
        {"brand : 'CORVALE' ", "a"},
        {"NOT brand:Corvale", "b c d"},
        {"brand:\"Fell Top\"", "c"},
        {"brand:Fell Top", "c"},
        {"brand:Fell Top OR brand:Oxbow", "b c"},
        {"actor:Some Name AND price.gross < 8", "d"},
        {"color:red OR color:green", "a b"},
        {"color:red AND color:blue", "a"},
        {"color:red AND color:green", ""},
        {"brand:Oxbow OR color:red AND price<15", "a"},  // OR binds tighter
        {"(brand:Oxbow OR color:red) AND (price<15)", "a"},
        {"brand:Oxbow OR (color:red AND price<15)", "a b"},
        {"price=10", "a"},
        {"price != 10", "b c d"},
        {"price:6 TO 20", "a"},
        {"price:5 TO 30", "a b c"},
        {"price >= 20.5", "b c"},
        {"price > 20.5", "c"},
        {"price <= 5", "c"},
        {"price < 5", ""},
        {"price=20.5004", "b"},   // to three decimals
        {"price=20.502", ""},
        {"price.gross:7 TO 7", "d"},
        {"price > -3", "a b c"},
        {"flag:true", "a"},
        {"flag:false", "b"},
        {"size:10", "b"},
        {"size:10.0", "b"},
        {"_tags:New", "a"},
        {"_tags:new", ""},        // tags with case
        {"sale", "c"},
        {"sale OR New", "a c"},
        {"NOT sale", "a b d"},
        {"categories.lvl0:'Shoes > Trail'", "c"},
        {"categories.lvl0:\"shoes > trail\"", "c"},
        {"name:a", ""},           // not in attributesForFaceting
        {"nothing:here", ""},
        {"brand:\\-Minus", "d"},
        {"brand:-Minus", "d"},
    };
    for (const auto& [filters, expected] : cases) {
        INFO(filters);
        CHECK(filtered(sample, filters) == expected);
    }
}

TEST_CASE("array forms") {
    const Sample sample = shop();
    const std::pair<const char*, const char*> cases[] = {
        {R"({"facetFilters":"brand:Oxbow"})", "b"},
        {R"({"facetFilters":["brand:Oxbow"]})", "b"},
        {R"({"facetFilters":[["brand:Oxbow","brand:corvale"],"color:red"]})", "a"},
        {R"({"facetFilters":[["brand:Oxbow",["brand:corvale",["brand:Fell Top"]]]]})", "a b c"},
        {R"({"facetFilters":"[[\"brand:Oxbow\",\"brand:Corvale\"]]"})", "a b"},
        {R"({"facetFilters":"color:red,brand:Corvale"})", "a"},
        {R"j({"facetFilters":"(color:green,color:blue),brand:Corvale"})j", "a"},
        {R"({"facetFilters":["brand:-Oxbow"]})", "a c d"},
        {R"({"facetFilters":"brand:-Oxbow"})", "a c d"},
        {R"({"facetFilters":["brand:\\-Minus"]})", "d"},
        {R"({"facetFilters":["categories.lvl0:Shoes > Trail"]})", "c"},
        {R"({"facetFilters":[[]]})", "a b c d"},
        {R"({"facetFilters":[]})", "a b c d"},
        {R"({"facetFilters":["brand:Oxbow<score=3>"]})", "b"},
        {R"({"numericFilters":["price>=10","price<20"]})", "a c"},  // each by one of its values
        {R"({"numericFilters":[["price=10","price=20.5"]]})", "a b"},
        {R"({"numericFilters":"price>=10,price<20"})", "a c"},
        {R"({"numericFilters":["price:10 TO 21"]})", "a b"},
        {R"({"numericFilters":["price:10"]})", "a"},
        {R"({"tagFilters":["New"]})", "a"},
        {R"({"tagFilters":[["New","sale"]]})", "a c"},
        {R"({"tagFilters":["-sale","-New"]})", "b d"},
        {R"j({"tagFilters":"(New,sale)"})j", "a c"},
        {R"({"filters":"price<25","facetFilters":["flag:true"],"numericFilters":"price>1","tagFilters":"New"})", "a"},
        {R"({"params":"facetFilters=%5B%22brand%3AOxbow%22%5D"})", "b"},
    };
    for (const auto& [parameters, expected] : cases) {
        INFO(parameters);
        CHECK(sample.ids(parameters) == expected);
    }
}

TEST_CASE("a filter that cannot be read says where") {
    CHECK(refusal("brand:") == "filters: expected a value after ':' at position 6.");
    CHECK(refusal("brand:x AND") == "filters: expected a filter at position 11.");
    CHECK(refusal("brand:x OR OR brand:y").find("not a keyword") != std::string::npos);
    CHECK(refusal("AND brand:x").find("position 0") != std::string::npos);
    CHECK(refusal("(brand:x") == "filters: expected ')' at position 8.");
    CHECK(refusal("brand:x)") == "filters: expected no ')' without a '(' at position 7.");
    CHECK(refusal("price < cheap") == "filters: expected a number at position 8.");
    CHECK(refusal("price:1 TO") == "filters: expected a number at position 10.");
    CHECK(refusal("NOT (brand:x OR brand:y)").find("not a parenthesis at position 4") != std::string::npos);
    CHECK(refusal("brand:\"x").find("position 6") != std::string::npos);
    CHECK(refusal("brand:x<score=70000>").find("position 7") != std::string::npos);
    CHECK(refusal("brand:x<score=a>").find("65535") != std::string::npos);
    CHECK(refusal(std::string(20, '(') + "a:b" + std::string(20, ')')).find("8 levels") != std::string::npos);
    Query query;
    for (int i = 0; i < 1001; ++i) query.filters += (i ? " OR a:" : "a:") + std::to_string(i);
    CHECK(parse_query_filters(query).error().what == "A query may have at most 1000 filters.");
    CHECK(parse_facet_filters("facetFilters", boost::json::array{"nonsense"}).has_error());
    CHECK(parse_facet_filters("facetFilters", boost::json::array{7}).has_error());
    CHECK(parse_numeric_filters(boost::json::array{"brand:x"}).has_error());
}

TEST_CASE("scores add up over groups, and of an OR the best or the sum counts") {
    Sample sample(R"({"attributesForFaceting":["brand","color"],"searchableAttributes":["name"]})");
    sample.add(R"({"objectID":"both","brand":"Corvale","color":["red","blue"]})");
    sample.add(R"({"objectID":"blue","brand":"x","color":"blue"})");
    sample.add(R"({"objectID":"oxbow","brand":"Oxbow"})");
    sample.add(R"({"objectID":"none","brand":"x"})");
    sample.publish();
    const std::string optional = R"("optionalFilters":["brand:Corvale<score=6>",["color:red<score=4>","color:blue<score=3>"],"brand:-Oxbow"])";
    const auto score = [&](const std::string& parameters, Ordinal ordinal) {
        const Query query = sample.query(parameters);
        return Selection::prepare(sample.snapshot(), query).value().describe(ordinal).filters;
    };
    CHECK(score("{" + optional + "}", 0) == 10);
    CHECK(score("{" + optional + R"(,"sumOrFiltersScores":true})", 0) == 13);
    CHECK(score("{" + optional + "}", 1) == 3);
    CHECK(score("{" + optional + "}", 2) == -1);
    CHECK(sample.ids("{" + optional + "}") == "both blue none oxbow");
    CHECK(score(R"({"filters":"color:red<score=2> OR color:blue<score=9>"})", 0) == 9);
    CHECK(score(R"({"filters":"color:red<score=2> AND color:blue<score=9>"})", 0) == 11);
    CHECK(score(R"({"filters":"color:blue"})", 0) == 1);
    CHECK(score("{}", 0) == 0);
    CHECK(sample.ids(R"({"filters":"color:red<score=9> OR brand:x<score=2> OR brand:Oxbow<score=3>"})") == "both oxbow blue none");
}

TEST_CASE("numericAttributesForFiltering is obeyed") {
    Sample sample(R"j({"numericAttributesForFiltering":["price","equalOnly(stock)"]})j");
    sample.add(R"({"objectID":"a","price":3,"stock":4,"weight":5})");
    sample.publish();
    CHECK(filtered(sample, "price > 1") == "a");
    CHECK(filtered(sample, "stock = 4") == "a");
    CHECK(filtered(sample, "stock > 1").empty());
    CHECK(filtered(sample, "weight = 5").empty());
}

TEST_CASE("no text makes the filter parser fall over") {
    std::mt19937 random(3);
    const std::string_view pieces[] = {"a", ":", "\"", "'", "(", ")", " AND ", " OR ", "NOT ", " TO ", "<", "=", "!=", "<score=",
                                       "3>", "1", "-", "\\-", ",", " ", "brand:x", "\xC3\xA9", "\xFF"};
    std::size_t understood = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t i = random() % 9; i > 0; --i) text += pieces[random() % std::size(pieces)];
        const auto parsed = parse_filters(text);
        if (parsed.has_error()) {
            REQUIRE(parsed.error().code == Errc::bad_request);
            REQUIRE(parsed.error().what.find(" at position ") != std::string::npos);
        } else {
            ++understood;
            REQUIRE(parsed.value().normalized() == parse_filters(text).value().normalized());
        }
        for (const char* name : {"facetFilters", "tagFilters"}) {
            const auto entries = parse_facet_filters(name, boost::json::array{boost::json::value(text)});
            if (entries.has_error()) REQUIRE(entries.error().code == Errc::bad_request);
        }
        const auto legacy = parse_facet_filters("facetFilters", boost::json::value(text));
        if (legacy.has_error()) REQUIRE(legacy.error().code == Errc::bad_request);
    }
    CHECK(understood > 500);
}

}  // namespace
}  // namespace penchant::testing
