// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/facets.h"

#include "tests/engine/sample.h"

namespace penchant::testing {
namespace {

Sample shop() {
    Sample sample(R"j({"attributesForFaceting":["brand","searchable(color)","filterOnly(secret)","price"],
                       "searchableAttributes":["name"]})j");
    sample.add(R"({"objectID":"1","name":"boot","brand":"Oxbow","color":["red","blue"],"secret":"s","price":10})");
    sample.add(R"({"objectID":"2","name":"boot","brand":"Corvale","color":["red","red"],"price":20.5})");
    sample.add(R"({"objectID":"3","name":"boot","brand":"Apex","color":"green","price":15})");
    sample.add(R"({"objectID":"4","name":"hat","brand":"Corvale","price":100})");
    sample.publish();
    return sample;
}

struct Counted {
    std::string facets;
    std::string stats;
};

Counted counted(const Sample& sample, std::string_view parameters) {
    const Query query = sample.query(parameters);
    const Selection selection = Selection::prepare(sample.snapshot(), query).value();
    const Selected selected = selection.run("x", nullptr, nullptr);
    REQUIRE(selected.facets);
    return {json_text(facets_answer(sample.snapshot(), *selected.facets, query.max_values_per_facet, query.sort_facet_values_by)),
            json_text(facets_stats_answer(sample.snapshot(), *selected.facets))};
}

TEST_CASE("counts are over all matches, ordered by count, then by text") {
    const Sample sample = shop();
    const Counted all = counted(sample, R"({"facets":["*"],"hitsPerPage":0})");
    CHECK(all.facets == R"({"brand":{"Corvale":2,"Apex":1,"Oxbow":1},"color":{"red":2,"blue":1,"green":1},"price":{"10":1,"100":1,"15":1,"20.5":1}})");
    CHECK(all.stats == R"({"price":{"min":10,"max":100,"avg":36.375,"sum":145.5}})");
    const Counted boots = counted(sample, R"({"query":"boot","facets":"brand","hitsPerPage":1})");
    CHECK(boots.facets == R"({"brand":{"Apex":1,"Corvale":1,"Oxbow":1}})");
    CHECK(boots.stats == "{}");
    CHECK(counted(sample, R"({"query":"boot","facets":["price"]})").stats == R"({"price":{"min":10,"max":20.5,"avg":15.166666666666666,"sum":45.5}})");
}

TEST_CASE("maxValuesPerFacet cuts by count, alpha only orders") {
    const Sample sample = shop();
    CHECK(counted(sample, R"({"facets":["brand"],"maxValuesPerFacet":2})").facets == R"({"brand":{"Corvale":2,"Apex":1}})");
    CHECK(counted(sample, R"({"facets":["brand"],"maxValuesPerFacet":2,"sortFacetValuesBy":"alpha"})").facets ==
          R"({"brand":{"Apex":1,"Corvale":2}})");
    CHECK(counted(sample, R"({"facets":["color"],"sortFacetValuesBy":"alpha"})").facets == R"({"color":{"blue":1,"green":1,"red":2}})");
}

TEST_CASE("what may not be counted is left out") {
    const Sample sample = shop();
    CHECK(counted(sample, R"({"facets":["secret","name","nonsense"]})").facets == "{}");
    CHECK(counted(sample, R"({"facets":["brand","brand"],"query":"hat"})").facets == R"({"brand":{"Corvale":1}})");
    CHECK(counted(sample, R"({"facets":["brand"],"query":"nobody"})").facets == "{}");
}

TEST_CASE("numbers are written as integers when they are") {
    CHECK(json_number(15).is_int64());
    CHECK(json_number(-3).get_int64() == -3);
    CHECK(json_number(15.5).is_double());
    CHECK(json_number(1e300).is_double());
}

}  // namespace
}  // namespace penchant::testing
