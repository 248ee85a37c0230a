// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query.h"

#include "tests/engine/sample.h"

namespace penchant::testing {
namespace {

Query parsed(std::string_view json, std::string_view settings = "{}", const QueryDefaults& defaults = {}) {
    auto query = parse_query(object_of(json), Settings().merged(object_of(settings)).value(), defaults);
    if (query.has_error()) FAIL(query.error().what);
    return query.value();
}

std::string refusal(std::string_view json) {
    const auto query = parse_query(object_of(json), Settings());
    REQUIRE(query.has_error());
    CHECK(query.error().code == Errc::bad_request);
    return query.error().what;
}

TEST_CASE("settings first, parameters over them, null is not given") {
    const char* settings = R"({"hitsPerPage":7,"maxValuesPerFacet":3,"highlightPreTag":"<b>","enablePersonalization":true,
                               "attributesToRetrieve":["name"],"queryType":"prefixNone"})";
    const Query plain = parsed("{}", settings);
    CHECK(plain.hits_per_page == 7);
    CHECK(plain.max_values_per_facet == 3);
    CHECK(plain.highlight_pre_tag == "<b>");
    CHECK(plain.enable_personalization);
    CHECK(plain.attributes_to_retrieve == std::vector<std::string>{"name"});
    CHECK(plain.words.query_type == QueryType::prefix_none);
    CHECK(plain.highlight_all_searchable);
    const Query query = parsed(R"({"hitsPerPage":null,"enablePersonalization":false,"attributesToHighlight":[]})", settings);
    CHECK(query.hits_per_page == 7);
    CHECK_FALSE(query.enable_personalization);
    CHECK_FALSE(query.highlight_all_searchable);
    CHECK(parsed(R"({"attributesToHighlight":null})", settings).highlight_all_searchable);
}

TEST_CASE("the contract's leniencies") {
    CHECK(parsed(R"({"facets":"brand"})").facets == std::vector<std::string>{"brand"});
    CHECK(parsed(R"({"facets":"brand,color"})").facets == std::vector<std::string>{"brand", "color"});
    CHECK(parsed(R"({"facets":"[\"a b\",\"c\"]"})").facets == std::vector<std::string>{"a b", "c"});
    CHECK(parsed(R"({"hitsPerPage":0})").hits_per_page == 0);
    CHECK(parsed(R"({"hitsPerPage":"12"})").hits_per_page == 12);
    CHECK(parsed(R"({"hitsPerPage":12.0})").hits_per_page == 12);
    CHECK(parsed(R"({"getRankingInfo":1})").get_ranking_info);
    CHECK(parsed(R"({"getRankingInfo":"true"})").get_ranking_info);
    CHECK_FALSE(parsed(R"({"getRankingInfo":"0"})").get_ranking_info);
    CHECK(parsed(R"({"userToken":77})").user_token == "77");
    CHECK(parsed(R"({"query":3})").text == "3");
    CHECK(parsed(R"({"personalizationImpact":0})").personalization_impact == 0);
    CHECK_FALSE(parsed("{}").personalization_impact);
    CHECK(parsed(R"({"personalizationFilters":"brand:a,b<score=3>"})").personalization_filters ==
          std::vector<std::string>{"brand:a,b<score=3>"});
    CHECK(parsed(R"({"personalizationFilters":[]})").has_personalization_filters);
}

TEST_CASE("params is unpacked, explicit keys win") {
    const Query query = parsed(R"({"params":"query=trail+shoe%21&hitsPerPage=12&facetFilters=%5B%22a%3Ab%22%5D","hitsPerPage":5})");
    CHECK(query.text == "trail shoe!");
    CHECK(query.hits_per_page == 5);
    CHECK(query.facet_filters == boost::json::value{"a:b"});
    CHECK(refusal(R"({"params":"query=%2"})").find("position 6") != std::string::npos);
    CHECK(refusal(R"({"params":7})").find("params") != std::string::npos);
}

TEST_CASE("the echo is a query string that reads back the same") {
    CHECK(parsed("{}").params_echo.empty());
    CHECK(parsed(R"({"query":"run","hitsPerPage":12,"facets":["brand","price"]})").params_echo ==
          "query=run&hitsPerPage=12&facets=%5B%22brand%22%2C%22price%22%5D");
    const Query query = parsed(R"({"query":"a b&c=\u00e9%","getRankingInfo":true,"facetFilters":[["a:b"]]})");
    CHECK(query.params_echo == "query=a+b%26c%3D%C3%A9%25&getRankingInfo=true&facetFilters=%5B%5B%22a%3Ab%22%5D%5D");
    const Query again = parsed(json_text(boost::json::object{{"params", query.params_echo}}));
    CHECK(again.text == query.text);
    CHECK(again.facet_filters == query.facet_filters);
    CHECK(again.params_echo == query.params_echo);
    CHECK(parsed(R"({"query":"x","x-algolia-api-key":"secret"})").params_echo == "query=x");
}

TEST_CASE("what cannot be is refused by name") {
    CHECK(refusal(R"({"hitsPerPage":1001})") == "Parameter \"hitsPerPage\": expected an integer from 0 to 1000.");
    CHECK(refusal(R"({"hitsPerPage":-1})").find("hitsPerPage") != std::string::npos);
    CHECK(refusal(R"({"page":"x"})").find("page") != std::string::npos);
    CHECK(refusal(R"({"length":1001})").find("length") != std::string::npos);
    CHECK(refusal(R"({"personalizationImpact":101})").find("100") != std::string::npos);
    CHECK(refusal(R"({"queryType":"all"})").find("\"prefixLast\"") != std::string::npos);
    CHECK(refusal(R"({"facets":[1]})").find("facets") != std::string::npos);
    CHECK(refusal(R"({"facets":{}})").find("facets") != std::string::npos);
    CHECK(refusal(R"({"getRankingInfo":"maybe"})").find("getRankingInfo") != std::string::npos);
    CHECK(refusal("{\"query\":\"" + std::string(513, 'x') + "\"}").find("512") != std::string::npos);
    CHECK(refusal("{\"userToken\":\"" + std::string(130, 'x') + "\"}").find("129") != std::string::npos);
    CHECK(refusal(R"({"minProximity":9})").find("1 to 7") != std::string::npos);
}

TEST_CASE("unknown names are kept for the message") {
    const Query query = parsed(R"({"nonsense":1,"ruleContexts":["a"],"analyticsTags":["x"],"explain":["x"],"distinct":null})");
    CHECK(query.unknown == std::vector<std::string>{"nonsense"});
    CHECK(query.without_effect == std::vector<std::string>{"ruleContexts"});
}

TEST_CASE("user token: parameter, header, address") {
    QueryDefaults defaults;
    defaults.remote_address = "10.0.0.1";
    CHECK(parsed("{}", "{}", defaults).user_token == "10.0.0.1");
    defaults.header_user_token = "head";
    CHECK(parsed("{}", "{}", defaults).user_token == "head");
    CHECK(parsed(R"({"userToken":"own"})", "{}", defaults).user_token == "own");
}

TEST_CASE("browse leaves out what is about records") {
    QueryDefaults defaults;
    defaults.browse = true;
    const Query query = parsed(R"({"facets":["a"],"enablePersonalization":true,"getRankingInfo":true,"optionalFilters":["a:b"]})",
                               "{}", defaults);
    CHECK(query.hits_per_page == 1000);
    CHECK(query.facets.empty());
    CHECK_FALSE(query.enable_personalization);
    CHECK_FALSE(query.get_ranking_info);
    CHECK(query.optional_filters.is_null());
}

}  // namespace
}  // namespace penchant::testing
