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
    const Query query = parsed(R"({"nonsense":1,"ranking":["typo"],"analyticsTags":["x"],"explain":["x"],"distinct":null})");
    CHECK(query.unknown == std::vector<std::string>{"nonsense"});
    CHECK(query.without_effect == std::vector<std::string>{"ranking"});
}

using Texts = std::vector<std::string>;

TEST_CASE("rules about words: settings, and parameters over them") {
    const char* settings = R"({"typoTolerance":"strict","minWordSizefor1Typo":3,"minWordSizefor2Typos":6,
        "allowTyposOnNumericTokens":false,"disableTypoToleranceOnAttributes":["ean"],"disableExactOnAttributes":["text"],
        "optionalWords":["of the","and"],"removeWordsIfNoResults":"lastWords","advancedSyntax":true,
        "advancedSyntaxFeatures":["excludeWords"],"alternativesAsExact":["multiWordsSynonym"],"ignorePlurals":["en"],
        "removeStopWords":true,"ignoreConjugations":["ja"],"queryLanguages":["en","fr"],"decompoundQuery":false,
        "minProximity":2,"attributeCriteriaComputedByMinProximity":true,"replaceSynonymsInHighlight":true,"distinct":2,
        "relevancyStrictness":40,"enableRules":false,"renderingContent":{"a":1}})";
    const Query set = parsed("{}", settings);
    CHECK(set.words.typo_tolerance == TypoTolerance::strict);
    CHECK(set.words.min_word_size_for_1_typo == 3);
    CHECK(set.words.min_word_size_for_2_typos == 6);
    CHECK_FALSE(set.words.allow_typos_on_numeric_tokens);
    CHECK(set.words.disable_typo_tolerance_on_attributes == Texts{"ean"});
    CHECK(set.words.disable_exact_on_attributes == Texts{"text"});
    CHECK(set.words.optional_words == Texts{"of the", "and"});
    CHECK(set.words.remove_words_if_no_results == RemoveWords::last_words);
    CHECK(set.words.advanced_syntax);
    CHECK_FALSE(set.words.exact_phrases);
    CHECK(set.words.exclude_words);
    CHECK(set.words.alternatives_as_exact == AlternativesAsExact{false, false, true, false});
    CHECK(set.words.ignore_plurals == Languages{true, {"en"}});
    CHECK(set.words.remove_stop_words == Languages{true, {}});
    CHECK(set.words.ignore_conjugations == Languages{true, {"ja"}});
    CHECK(set.words.query_languages == Texts{"en", "fr"});
    CHECK_FALSE(set.words.decompound_query);
    CHECK(set.words.min_proximity == 2);
    CHECK(set.words.attribute_criteria_computed_by_min_proximity);
    CHECK(set.words.replace_synonyms_in_highlight);
    CHECK(set.distinct == 2);
    CHECK(set.relevancy_strictness == 40);
    CHECK_FALSE(set.enable_rules);
    CHECK(set.rendering_content == boost::json::object{{"a", 1}});
    CHECK(set.synonyms);

    const Query query = parsed(R"({"typoTolerance":"false","minWordSizefor1Typo":"5","minWordSizefor2Typos":9,
        "allowTyposOnNumericTokens":true,"disableTypoToleranceOnAttributes":"sku,ean","disableExactOnAttributes":[],
        "optionalWords":"for, with","removeWordsIfNoResults":"firstWords","advancedSyntax":"false",
        "advancedSyntaxFeatures":["exactPhrase"],"alternativesAsExact":[],"ignorePlurals":"de,fr","removeStopWords":"false",
        "ignoreConjugations":[],"queryLanguages":["nl"],"decompoundQuery":true,"minProximity":7,
        "attributeCriteriaComputedByMinProximity":false,"replaceSynonymsInHighlight":false,"distinct":false,
        "relevancyStrictness":90,"enableRules":true,"renderingContent":{},"synonyms":false})", settings);
    CHECK(query.words.typo_tolerance == TypoTolerance::off);
    CHECK(query.words.min_word_size_for_1_typo == 5);
    CHECK(query.words.min_word_size_for_2_typos == 9);
    CHECK(query.words.allow_typos_on_numeric_tokens);
    CHECK(query.words.disable_typo_tolerance_on_attributes == Texts{"sku", "ean"});
    CHECK(query.words.disable_exact_on_attributes.empty());
    CHECK(query.words.optional_words == Texts{"for, with"});
    CHECK(query.words.remove_words_if_no_results == RemoveWords::first_words);
    CHECK_FALSE(query.words.advanced_syntax);
    CHECK(query.words.exact_phrases);
    CHECK_FALSE(query.words.exclude_words);
    CHECK(query.words.alternatives_as_exact == AlternativesAsExact{false, false, false, false});
    CHECK(query.words.ignore_plurals == Languages{true, {"de", "fr"}});
    CHECK(query.words.remove_stop_words == Languages{});
    CHECK(query.words.ignore_conjugations == Languages{});
    CHECK(query.words.query_languages == Texts{"nl"});
    CHECK(query.words.decompound_query);
    CHECK(query.words.min_proximity == 7);
    CHECK_FALSE(query.words.attribute_criteria_computed_by_min_proximity);
    CHECK_FALSE(query.words.replace_synonyms_in_highlight);
    CHECK(query.distinct == 0);
    CHECK(query.relevancy_strictness == 90);
    CHECK(query.enable_rules);
    CHECK(query.rendering_content.empty());
    CHECK_FALSE(query.synonyms);
    CHECK((query.unknown.empty() && query.without_effect.empty()));
}

TEST_CASE("one parameter in each of its forms") {
    CHECK(parsed(R"({"typoTolerance":true})", R"({"typoTolerance":"min"})").words.typo_tolerance == TypoTolerance::on);
    CHECK(parsed(R"({"typoTolerance":"min"})").words.typo_tolerance == TypoTolerance::min);
    CHECK(parsed(R"({"typoTolerance":null})", R"({"typoTolerance":false})").words.typo_tolerance == TypoTolerance::off);
    CHECK(parsed(R"({"ignorePlurals":"[\"en\"]"})").words.ignore_plurals == Languages{true, {"en"}});
    CHECK(parsed(R"({"ignorePlurals":"true"})").words.ignore_plurals == Languages{true, {}});
    CHECK(parsed(R"({"distinct":true})").distinct == 1);
    CHECK(parsed(R"({"distinct":"true"})").distinct == 1);
    CHECK(parsed(R"({"distinct":"3"})").distinct == 3);
    CHECK(parsed(R"({"distinct":4})").distinct == 4);
    CHECK(parsed(R"({"optionalWords":["a b","c"]})").words.optional_words == Texts{"a b", "c"});
    CHECK(parsed(R"({"optionalWords":null})", R"({"optionalWords":"x"})").words.optional_words == Texts{"x"});
    CHECK(parsed(R"({"optionalWords":[]})", R"({"optionalWords":"x"})").words.optional_words.empty());
    CHECK(parsed(R"({"renderingContent":"{\"redirect\":{\"url\":\"u\"}}"})").rendering_content.contains("redirect"));
    CHECK(parsed(R"({"ruleContexts":"mobile,fr"})").rule_contexts == Texts{"mobile", "fr"});
    CHECK(parsed(R"({"analyticsTags":["a","b"]})").analytics_tags == Texts{"a", "b"});
    CHECK_FALSE(parsed(R"({"enableABTest":false})").enable_ab_test);
    CHECK(parsed(R"({"facetingAfterDistinct":1})").faceting_after_distinct);
    CHECK(parsed(R"({"alternativesAsExact":"ignorePlurals,ignoreConjugations"})").words.alternatives_as_exact ==
          AlternativesAsExact{true, false, false, true});
}

TEST_CASE("values that cannot be are refused, with what could") {
    CHECK(refusal(R"({"filters":7})").find("filters") != std::string::npos);
    CHECK(refusal(R"({"filters":["a:b"]})").find("filters") != std::string::npos);
    CHECK(refusal(R"({"typoTolerance":"max"})").find("\"strict\"") != std::string::npos);
    CHECK(refusal(R"({"distinct":5})").find("0 to 4") != std::string::npos);
    CHECK(refusal(R"({"distinct":"many"})").find("distinct") != std::string::npos);
    CHECK(refusal(R"({"ignorePlurals":7})").find("ignorePlurals") != std::string::npos);
    CHECK(refusal(R"({"removeStopWords":["en",1]})").find("removeStopWords") != std::string::npos);
    CHECK(refusal(R"({"removeWordsIfNoResults":"some"})").find("\"allOptional\"") != std::string::npos);
    CHECK(refusal(R"({"advancedSyntaxFeatures":["all"]})").find("excludeWords") != std::string::npos);
    CHECK(refusal(R"({"alternativesAsExact":["typos"]})").find("singleWordSynonym") != std::string::npos);
    CHECK(refusal(R"({"optionalWords":7})").find("optionalWords") != std::string::npos);
    CHECK(refusal(R"({"relevancyStrictness":101})").find("0 to 100") != std::string::npos);
    CHECK(refusal(R"({"renderingContent":"x"})").find("an object") != std::string::npos);
    CHECK(refusal("{\"analyticsTags\":[\"" + std::string(101, 'x') + "\"]}").find("100 characters") != std::string::npos);
    CHECK(refusal("{\"similarQuery\":\"" + std::string(513, 'x') + "\"}").find("similarQuery") != std::string::npos);
    CHECK(refusal("{\"optionalWords\":[\"" + std::string(9000, 'x') + "\"]}").find("8192") != std::string::npos);
    // A hundred characters of two bytes each are a hundred characters.
    std::string wide;
    for (int i = 0; i < 100; ++i) wide += "é";
    CHECK(parsed("{\"analyticsTags\":[\"" + wide + "\"]}").analytics_tags.size() == 1);
}

TEST_CASE("naturalLanguages stands for several parameters") {
    const char* settings = R"({"removeWordsIfNoResults":"lastWords","removeStopWords":["de"]})";
    const Query query = parsed(R"({"naturalLanguages":["fr","en"],"ruleContexts":["a"],"analyticsTags":["t"]})", settings);
    CHECK(query.words.remove_stop_words == Languages{true, {"fr", "en"}});
    CHECK(query.words.ignore_plurals == Languages{true, {"fr", "en"}});
    CHECK(query.words.remove_words_if_no_results == RemoveWords::all_optional);
    CHECK(query.rule_contexts == Texts{"a", "natural_language"});
    CHECK(query.analytics_tags == Texts{"t", "natural_language"});
    // What the query says itself wins, in any order.
    const Query own = parsed(R"({"ignorePlurals":false,"naturalLanguages":["fr"],"removeWordsIfNoResults":"none"})");
    CHECK(own.words.ignore_plurals == Languages{});
    CHECK(own.words.remove_words_if_no_results == RemoveWords::none);
    CHECK(own.words.remove_stop_words == Languages{true, {"fr"}});
    CHECK(parsed(R"({"naturalLanguages":[]})", settings).words.remove_words_if_no_results == RemoveWords::last_words);
}

TEST_CASE("queryLanguages are those of the index where nothing else is said") {
    const char* settings = R"({"indexLanguages":["de","nl"]})";
    CHECK(parsed("{}", settings).words.query_languages == Texts{"de", "nl"});
    CHECK(parsed(R"({"queryLanguages":["fr"]})", settings).words.query_languages == Texts{"fr"});
    CHECK(parsed("{}", R"({"indexLanguages":["de"],"queryLanguages":["sv"]})").words.query_languages == Texts{"sv"});
    CHECK(parsed(R"({"naturalLanguages":["it"]})", settings).words.query_languages == Texts{"it"});
}

TEST_CASE("similarQuery forces how its words are read") {
    const Query query = parsed(R"({"similarQuery":"war and peace","queryType":"prefixAll","removeStopWords":false})");
    CHECK(query.similar_query == "war and peace");
    CHECK(query.words.query_type == QueryType::prefix_none);
    CHECK(query.words.remove_stop_words.on);
    CHECK(parsed(R"({"similarQuery":""})").words.query_type == QueryType::prefix_last);
}

TEST_CASE("places: a point, a radius, a precision") {
    const Query query = parsed(R"({"aroundLatLng":"48.85, 2.35","aroundRadius":5000,"minimumAroundRadius":"100"})");
    REQUIRE(query.geo.around);
    CHECK(query.geo.around->latitude == 48.85);
    CHECK(query.geo.around->longitude == 2.35);
    CHECK(query.geo.radius_metres == 5000U);
    CHECK(query.geo.radius_metres_min == 100U);
    CHECK_FALSE(query.geo.radius_all);
    REQUIRE(query.geo.precision.size() == 1);
    CHECK(query.geo.precision[0].value_metres == 10);
    const Query all = parsed(R"({"aroundLatLng":"-33.9,-151","aroundRadius":"all","aroundPrecision":"250"})");
    CHECK(all.geo.radius_all);
    CHECK_FALSE(all.geo.radius_metres);
    CHECK(all.geo.precision[0].value_metres == 250);
    CHECK(parsed(R"({"aroundRadius":"300"})").geo.radius_metres == 300U);
    CHECK_FALSE(parsed(R"({"aroundLatLng":""})").geo.any());
    CHECK(parsed(R"({"aroundLatLngViaIP":true})").geo.around_via_ip);
    const auto steps = parsed(R"({"aroundPrecision":[{"from":2000,"value":1000},{"from":0,"value":25}]})").geo.precision;
    REQUIRE(steps.size() == 2);
    CHECK((steps[0].from_metres == 0 && steps[0].value_metres == 25));
    CHECK((steps[1].from_metres == 2000 && steps[1].value_metres == 1000));
    const auto late = parsed(R"({"aroundPrecision":"[{\"from\":500,\"value\":100}]"})").geo.precision;
    REQUIRE(late.size() == 2);
    CHECK((late[0].from_metres == 0 && late[0].value_metres == 10));

    CHECK(refusal(R"({"aroundLatLng":"48.85"})").find("aroundLatLng") != std::string::npos);
    CHECK(refusal(R"({"aroundLatLng":"91,0"})").find("-90 to 90, not 91") != std::string::npos);
    CHECK(refusal(R"({"aroundLatLng":"0,-180.5"})").find("-180 to 180, not -180.5") != std::string::npos);
    CHECK(refusal(R"({"aroundLatLng":"nan,0"})").find("aroundLatLng") != std::string::npos);
    CHECK(refusal(R"({"aroundLatLng":[1,2]})").find("aroundLatLng") != std::string::npos);
    CHECK(refusal(R"({"aroundRadius":0})").find("\"all\" or an integer from 1") != std::string::npos);
    CHECK(refusal(R"({"aroundPrecision":0})").find("aroundPrecision") != std::string::npos);
    CHECK(refusal(R"({"aroundPrecision":[{"from":1}]})").find("aroundPrecision") != std::string::npos);
    CHECK(refusal(R"({"minimumAroundRadius":0})").find("minimumAroundRadius") != std::string::npos);
}

TEST_CASE("places: boxes and polygons in all their forms") {
    for (const char* form : {R"([[47.3,4.9,47.4,5.1]])", R"([47.3,4.9,47.4,5.1])", R"("47.3,4.9,47.4,5.1")",
                             R"("[[47.3,4.9,47.4,5.1]]")", R"(["47.3","4.9","47.4","5.1"])"}) {
        CAPTURE(form);
        const Query query = parsed(std::string{R"({"insideBoundingBox":)"} + form + "}");
        REQUIRE(query.geo.boxes.size() == 1);
        CHECK(query.geo.boxes[0].first.latitude == 47.3);
        CHECK(query.geo.boxes[0].first.longitude == 4.9);
        CHECK(query.geo.boxes[0].second.latitude == 47.4);
        CHECK(query.geo.boxes[0].second.longitude == 5.1);
        CHECK(query.geo.any());
    }
    CHECK(parsed(R"({"insideBoundingBox":[[1,2,3,4],[5,6,7,8]]})").geo.boxes.size() == 2);
    CHECK(parsed(R"({"insideBoundingBox":"1,2,3,4,5,6,7,8"})").geo.boxes.size() == 2);
    CHECK(parsed(R"({"insideBoundingBox":[]})").geo.boxes.empty());
    CHECK(refusal(R"({"insideBoundingBox":[1,2,3]})").find("four numbers") != std::string::npos);
    CHECK(refusal(R"({"insideBoundingBox":[[1,2,3,"x"]]})").find("insideBoundingBox") != std::string::npos);
    CHECK(refusal(R"({"insideBoundingBox":[[1,2,300,4]]})").find("-90 to 90") != std::string::npos);
    CHECK(refusal(R"({"insideBoundingBox":"1,,2,3"})").find("insideBoundingBox") != std::string::npos);

    for (const char* form : {R"([[47.3,4.9,47.4,5.1,47.2,5.2]])", R"([47.3,4.9,47.4,5.1,47.2,5.2])",
                             R"("47.3,4.9,47.4,5.1,47.2,5.2")"}) {
        CAPTURE(form);
        const Query query = parsed(std::string{R"({"insidePolygon":)"} + form + "}");
        REQUIRE(query.geo.polygons.size() == 1);
        REQUIRE(query.geo.polygons[0].size() == 3);
        CHECK(query.geo.polygons[0][2].longitude == 5.2);
    }
    CHECK(refusal(R"({"insidePolygon":[[1,2,3,4]]})").find("3 to 10000 points") != std::string::npos);
    CHECK(refusal(R"({"insidePolygon":[[1,2,3,4,5,6,7]]})").find("3 to 10000 points") != std::string::npos);
    std::string many = "[[";
    for (int i = 0; i < 10'001; ++i) many += i == 0 ? "1,2" : ",1,2";
    CHECK(refusal(R"({"insidePolygon":)" + many + "]]}").find("10000 points") != std::string::npos);
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
    const Query query = parsed(R"({"facets":["a"],"enablePersonalization":true,"getRankingInfo":true,"optionalFilters":["a:b"],
                                   "distinct":2,"ignorePlurals":true,"advancedSyntax":true,"typoTolerance":"strict"})",
                               "{}", defaults);
    CHECK(query.distinct == 0);
    CHECK(query.words.ignore_plurals == Languages{});
    CHECK_FALSE(query.words.advanced_syntax);
    CHECK(query.words.typo_tolerance == TypoTolerance::on);
    CHECK_FALSE(query.enable_rules);
    CHECK(query.hits_per_page == 1000);
    CHECK(query.facets.empty());
    CHECK_FALSE(query.enable_personalization);
    CHECK_FALSE(query.get_ranking_info);
    CHECK(query.optional_filters.is_null());
}

}  // namespace
}  // namespace penchant::testing
