// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/settings.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "index/json_text.h"
#include "index/limits.h"
#include "tests/catch.h"

namespace penchant {
namespace {

namespace json = boost::json;

json::value value_of(std::string_view text) {
    boost::json::error_code error;
    json::value value = json::parse(text, error);
    if (error) FAIL("a test's own JSON is wrong: " << std::string{text});
    return value;
}

Settings with(std::string_view changes, const Settings& before = {}) {
    auto settings = before.merged(value_of(changes).as_object());
    if (settings.has_error()) FAIL(settings.error().what);
    return *settings;
}

std::string refusal(std::string_view changes) {
    const auto settings = Settings{}.merged(value_of(changes).as_object());
    if (settings.has_value()) FAIL("accepted: " << std::string{changes});
    CHECK(settings.error().code == Errc::bad_request);
    return settings.error().what;
}

// The parts that a message should have and does not, for a readable failure.
std::string lacking(const std::string& message, std::initializer_list<std::string_view> parts) {
    std::string missing;
    for (const std::string_view part : parts) {
        if (message.find(part) == std::string::npos) missing += "\"" + std::string{part} + "\" is not in: " + message;
    }
    return missing;
}

std::string answer(const Settings& settings, std::string_view key) {
    const json::object object = settings.to_answer();
    const json::value* found = object.if_contains(key);
    return found == nullptr ? "absent" : json_text(*found);
}

}  // namespace

TEST_CASE("defaults are those of the contract") {
    const Settings settings;
    CHECK(settings.searchable_attributes.empty());
    REQUIRE(settings.ranking.size() == 8);
    CHECK(settings.ranking.front().criterion == Criterion::typo);
    CHECK(settings.ranking.back().criterion == Criterion::custom);
    CHECK(settings.hits_per_page == 20);
    CHECK(settings.attributes_to_retrieve == std::vector<std::string>{"*"});
    CHECK(settings.highlight_all_searchable);
    CHECK(settings.highlight_pre_tag == "<em>");
    CHECK(settings.snippet_ellipsis_text == "…");
    CHECK(settings.to_stored_json() == "{}");
    CHECK(json_text(settings.to_answer()) ==
          R"({"minWordSizefor1Typo":4,"minWordSizefor2Typos":8,"hitsPerPage":20,"maxValuesPerFacet":100,)"
          R"("paginationLimitedTo":1000,"exactOnSingleWordQuery":"attribute",)"
          R"("ranking":["typo","geo","words","filters","proximity","attribute","exact","custom"],)"
          R"("separatorsToIndex":"","removeWordsIfNoResults":"none","queryType":"prefixLast",)"
          R"("highlightPreTag":"<em>","highlightPostTag":"</em>",)"
          R"j("alternativesAsExact":["ignorePlurals","singleWordSynonym"],"version":1})j");
}

TEST_CASE("only the keys given change, and null resets") {
    const Settings first = with(R"j({"hitsPerPage":50,"queryType":"prefixAll","attributesToHighlight":["name"]})j");
    CHECK_FALSE(first.highlight_all_searchable);
    const Settings second = with(R"j({"hitsPerPage":10})j", first);
    CHECK(second.hits_per_page == 10);
    CHECK(second.words.query_type == QueryType::prefix_all);
    const Settings third = with(R"j({"queryType":null,"attributesToHighlight":null,"never":null})j", second);
    CHECK(third.words.query_type == QueryType::prefix_last);
    CHECK(third.highlight_all_searchable);
    CHECK(third.attributes_to_highlight.empty());
    CHECK(third.to_stored_json() == R"j({"hitsPerPage":10})j");
    CHECK(first.hits_per_page == 50);
}

TEST_CASE("searchable attributes: order, ties, modifiers") {
    const Settings settings =
        with(R"j({"searchableAttributes":["name", "brand, categories.lvl0", "unordered(text)", "ordered(ean)", "name"]})j");
    const auto& attributes = settings.searchable_attributes;
    REQUIRE(attributes.size() == 5);
    CHECK(attributes[0].path == "name");
    CHECK((attributes[0].rank == 0 && attributes[0].ordered));
    CHECK(attributes[1].path == "brand");
    CHECK(attributes[2].path == "categories.lvl0");
    CHECK((attributes[1].rank == 1 && attributes[2].rank == 1));
    CHECK((!attributes[1].ordered && !attributes[2].ordered));  // tied attributes ignore the position
    CHECK((attributes[3].path == "text" && attributes[3].rank == 2 && !attributes[3].ordered));
    CHECK((attributes[4].path == "ean" && attributes[4].rank == 3 && attributes[4].ordered));
    CHECK(with(R"j({"searchableAttributes":["*"]})j").searchable_attributes.empty());
    CHECK(lacking(refusal(R"j({"searchableAttributes":["fuzzy(name)"]})j"), {"searchableAttributes", "fuzzy(name)", "unordered"}) == "");
    CHECK(lacking(refusal(R"j({"searchableAttributes":["a,,b"]})j"), {"names no attribute"}) == "");
    CHECK(lacking(refusal(R"j({"searchableAttributes":["unordered()"]})j"), {"names no attribute"}) == "");
}

TEST_CASE("an attribute covers what is nested in it") {
    CHECK(covers("categories", "categories"));
    CHECK(covers("categories", "categories.lvl0"));
    CHECK_FALSE(covers("categories", "categories2"));
    CHECK_FALSE(covers("categories.lvl0", "categories"));
    CHECK_FALSE(covers("categories", "my.categories"));
}

TEST_CASE("facet attributes and their modifiers") {
    const Settings settings = with(
        R"j({"attributesForFaceting":["color","searchable(brand)","filterOnly(stock)","afterDistinct(searchable(size))","filterOnly(color)"]})j");
    REQUIRE(settings.attributes_for_faceting.size() == 4);
    CHECK_FALSE(settings.facet("color")->filter_only);  // listed twice: counted, since one entry asks for it
    CHECK(settings.facet("brand")->searchable);
    CHECK(settings.facet("stock")->filter_only);
    CHECK((settings.facet("size")->after_distinct && settings.facet("size")->searchable));
    CHECK(settings.facet("nothing") == nullptr);
    CHECK(lacking(refusal(R"j({"attributesForFaceting":["hidden(color)"]})j"), {"attributesForFaceting", "hidden(color)"}) == "");
    CHECK(lacking(refusal(R"j({"attributesForFaceting":["searchable()"]})j"), {"names no attribute"}) == "");
}

TEST_CASE("the attribute that makes groups is kept like a facet, and is none") {
    const Settings brands = with(R"j({"attributesForFaceting":["brand"]})j");
    const Settings grouped = with(R"j({"attributeForDistinct":"model","distinct":2})j", brands);
    CHECK(grouped.distinct == 2);
    REQUIRE(grouped.attributes_for_faceting.size() == 2);
    CHECK((grouped.attributes_for_faceting[1].path == "model" && grouped.attributes_for_faceting[1].internal));
    CHECK(grouped.facet("model") == nullptr);
    CHECK(grouped.needs_reindexing(brands));
    CHECK(Settings::from_stored(grouped.to_stored_json()).attributes_for_faceting.size() == 2);
    const Settings other = with(R"j({"attributeForDistinct":"series"})j", grouped);
    CHECK(other.needs_reindexing(grouped));
    CHECK(other.attributes_for_faceting.size() == 2);
    const Settings listed = with(R"j({"attributesForFaceting":["brand","model"]})j", grouped);
    CHECK_FALSE(listed.needs_reindexing(grouped));  // as it was, with another right
    CHECK(listed.facet("model") != nullptr);
    CHECK(with(R"j({"attributeForDistinct":null})j", grouped).attributes_for_faceting.size() == 1);
}

TEST_CASE("distinct is a number, or true for one") {
    CHECK(with(R"j({"distinct":true})j").distinct == 1);
    CHECK(with(R"j({"distinct":"true"})j").distinct == 1);
    CHECK(with(R"j({"distinct":false})j").distinct == 0);
    CHECK(with(R"j({"distinct":4})j").distinct == 4);
    CHECK(lacking(refusal(R"j({"distinct":5})j"), {"distinct", "0 to 4"}) == "");
}

TEST_CASE("replicas of both kinds are told apart") {
    const Settings settings = with(R"j({"replicas":["shop_price_asc","virtual(shop_popular)","shop (old)"]})j");
    CHECK(settings.replicas == std::vector<std::string>{"shop_price_asc", "shop (old)"});
    CHECK(settings.virtual_replicas == std::vector<std::string>{"shop_popular"});
    CHECK(lacking(refusal(R"j({"replicas":["a","virtual(a)"]})j"), {"replicas", "comes twice"}) == "");
    CHECK(lacking(refusal(R"j({"replicas":["virtual()"]})j"), {"names no index"}) == "");
}

TEST_CASE("ranking takes the eight criteria and sorts anywhere") {
    const Settings settings = with(R"j({"ranking":["desc(promoted)","typo","words","asc(price.gross)","custom"]})j");
    REQUIRE(settings.ranking.size() == 5);
    CHECK(settings.ranking[0].criterion == Criterion::sort);
    CHECK(settings.ranking[0].sort == SortCriterion{"promoted", SortDirection::descending});
    CHECK(settings.ranking[2].criterion == Criterion::words);
    CHECK(settings.ranking[3].sort == SortCriterion{"price.gross", SortDirection::ascending});
    CHECK(lacking(refusal(R"j({"ranking":["typo","magic"]})j"), {"ranking", "magic", "\"proximity\"", "asc(attribute)"}) == "");
    CHECK(lacking(refusal(R"j({"ranking":["typo","words","typo"]})j"), {"\"typo\" comes twice"}) == "");
    CHECK(lacking(refusal(R"j({"ranking":["asc(price)","desc(price)"]})j"), {"comes twice"}) == "");
    CHECK(lacking(refusal(R"j({"ranking":"typo"})j"), {"ranking", "array of strings", "\"typo\""}) == "");
    const Settings custom = with(R"j({"customRanking":["desc(popularity)","asc( price )"]})j");
    CHECK(custom.custom_ranking == std::vector<SortCriterion>{{"popularity", SortDirection::descending},
                                                              {"price", SortDirection::ascending}});
    CHECK(lacking(refusal(R"j({"customRanking":["popularity"]})j"), {"customRanking", "popularity", "desc(attribute)"}) == "");
}

TEST_CASE("what the settings say about words and groups has types") {
    const Settings settings = with(R"j({"typoTolerance":"min","ignorePlurals":["en","fr"],"removeStopWords":"true",
        "alternativesAsExact":["ignoreConjugations"],"advancedSyntaxFeatures":["exactPhrase"],"distinct":true,
        "attributeForDistinct":"sku","replicas":["a","virtual(b)"],"relevancyStrictness":3,"enableRules":false,
        "decompoundedAttributes":{"de":["name"],"nl":[]},"customNormalization":{"default":{"ä":"ae","ß":"ss"}},
        "disableTypoToleranceOnWords":["Été Noir","R2"],"camelCaseAttributes":["code"],"indexLanguages":["ja"]})j");
    CHECK(settings.words.typo_tolerance == TypoTolerance::min);
    CHECK(settings.words.ignore_plurals == Languages{true, {"en", "fr"}});
    CHECK(settings.words.remove_stop_words == Languages{true, {}});
    CHECK(settings.words.alternatives_as_exact == AlternativesAsExact{false, false, false, true});
    CHECK((settings.words.exact_phrases && !settings.words.exclude_words));
    CHECK(settings.distinct == 1);
    CHECK(settings.attribute_for_distinct == "sku");
    CHECK(settings.replicas == std::vector<std::string>{"a"});
    CHECK(settings.virtual_replicas == std::vector<std::string>{"b"});
    CHECK(settings.relevancy_strictness == 3);
    CHECK_FALSE(settings.enable_rules);
    REQUIRE(settings.decompounded_attributes.size() == 2);
    CHECK(settings.decompounded_attributes[0].first == "de");
    CHECK(settings.decompounded_attributes[0].second == std::vector<std::string>{"name"});
    CHECK(settings.custom_normalization == std::vector<std::pair<std::string, std::string>>{{"ä", "ae"}, {"ß", "ss"}});
    CHECK(settings.disable_typo_tolerance_on_words == std::vector<std::string>{"ete", "noir", "r2"});
    CHECK(settings.camel_case_attributes == std::vector<std::string>{"code"});
    CHECK(settings.index_languages == std::vector<std::string>{"ja"});
    CHECK(with(R"j({"typoTolerance":"false"})j").words.typo_tolerance == TypoTolerance::off);
    CHECK(with(R"j({"disableTypoToleranceOnWords":["Été"],"keepDiacriticsOnCharacters":"é"})j")
              .disable_typo_tolerance_on_words == std::vector<std::string>{"été"});
    CHECK(with(R"j({"ranking":["words","relevance"]})j").ranking[1].criterion == Criterion::relevance);
    CHECK(lacking(refusal(R"j({"replicas":["a","virtual(a)"]})j"), {"replicas", "comes twice"}) == "");
    CHECK(lacking(refusal(R"j({"customNormalization":{"default":{"ab":"c"}}})j"), {"single characters"}) == "");
}

TEST_CASE("old names become their successors") {
    const Settings settings =
        with(R"j({"attributesToIndex":["a"],"numericAttributesToIndex":["n","equalOnly(m)"],"slaves":["r"],"maxNumberOfFacets":3})j");
    CHECK(settings.searchable_attributes.size() == 1);
    CHECK(settings.numeric_attributes_for_filtering == std::vector<std::string>{"n", "m"});
    CHECK(settings.equal_only_attributes == std::vector<std::string>{"m"});
    CHECK(settings.to_stored_json() == R"j({"searchableAttributes":["a"],"numericAttributesForFiltering":["n","equalOnly(m)"],"replicas":["r"],"maxNumberOfFacets":3})j");
    CHECK(answer(settings, "attributesToIndex") == "absent");
    CHECK(lacking(refusal(R"j({"attributesToIndex":1})j"), {"attributesToIndex"}) == "");
    CHECK(with(R"j({"attributesToIndex":null})j", settings).searchable_attributes.empty());
}

TEST_CASE("settings that were read can be written back") {
    const Settings settings = with(R"j({"hitsPerPage":7,"searchableAttributes":["a"],"somethingNew":{"x":[1,2.5,null]},"userData":{"k":[1]}})j");
    const Settings again = with(json_text(settings.to_answer()));
    CHECK(answer(again, "somethingNew") == R"j({"x":[1,2.5,null]})j");
    CHECK(json_text(again.to_answer()) == json_text(settings.to_answer()));
    CHECK(answer(with(R"j({"version":2,"primary":"p"})j"), "version") == "1");
}

TEST_CASE("keys that nothing acts on are kept and named") {
    const Settings settings = with(R"j({"mode":"neuralSearch","hitsPerPage":3,"somethingNew":1,"enableReRanking":true,"distinct":1,"decompoundedAttributes":{"de":["name"]}})j");
    CHECK(settings.unknown_keys() ==
          std::vector<std::string>{"mode", "somethingNew", "enableReRanking", "decompoundedAttributes"});
    CHECK(answer(settings, "mode") == "\"neuralSearch\"");
    CHECK(Settings{}.unknown_keys().empty());
}

TEST_CASE("every key is checked") {
    // key, a value it takes, values it does not
    struct Example {
        std::string_view key;
        std::vector<std::string_view> good;
        std::vector<std::string_view> bad;
    };
    const std::string_view number = "7";
    const std::string_view word = "\"word\"";
    const std::string_view list = R"j(["word"])j";
    const std::string_view mixed = R"j(["word",1])j";
    const std::string_view object = "{}";
    const std::vector<std::string_view> lists{"attributesToRetrieve", "unretrievableAttributes", "attributesToHighlight",
        "attributesToSnippet", "disablePrefixOnAttributes", "disableExactOnAttributes", "responseFields",
        "disableTypoToleranceOnAttributes", "disableTypoToleranceOnWords", "queryLanguages", "indexLanguages", "replicas",
        "camelCaseAttributes", "attributesToTransliterate", "searchableAttributes", "attributesForFaceting",
        "numericAttributesForFiltering"};
    const std::vector<std::string_view> texts{"separatorsToIndex", "keepDiacriticsOnCharacters", "highlightPreTag",
        "highlightPostTag", "snippetEllipsisText", "attributeForDistinct"};
    const std::vector<std::string_view> booleans{"allowTyposOnNumericTokens", "advancedSyntax", "decompoundQuery",
        "attributeCriteriaComputedByMinProximity", "restrictHighlightAndSnippetArrays", "replaceSynonymsInHighlight",
        "enablePersonalization", "enableReRanking", "enableRules", "allowCompressionOfIntegerArray"};
    std::vector<Example> examples{
        {"hitsPerPage", {"0", "1000", "20.0"}, {"1001", "-1", "1.5", "\"20\"", "true", "18446744073709551615", "1e300", object}},
        {"paginationLimitedTo", {"0", "20000"}, {"20001", "-1", word}},
        {"maxValuesPerFacet", {"0", "1000"}, {"1001", "-1"}},
        {"maxFacetHits", {"0", "100"}, {"101", list}},
        {"minProximity", {"1", "7"}, {"0", "8"}},
        {"minWordSizefor1Typo", {"0", "4"}, {"-1", word}},
        {"minWordSizefor2Typos", {"8"}, {"-1", word}},
        {"maxNumberOfFacets", {"8"}, {word}},
        {"relevancyStrictness", {"0", "100"}, {"101", "-1"}},
        {"queryType", {"\"prefixLast\"", "\"prefixAll\"", "\"prefixNone\""}, {"\"prefixlast\"", number}},
        {"removeWordsIfNoResults", {"\"none\"", "\"lastWords\"", "\"firstWords\"", "\"allOptional\""}, {word, "false"}},
        {"exactOnSingleWordQuery", {"\"attribute\"", "\"none\"", "\"word\""}, {"\"exact\"", list}},
        {"sortFacetValuesBy", {"\"count\"", "\"alpha\""}, {word, number}},
        {"typoTolerance", {"true", "false", "\"min\"", "\"strict\"", "\"false\""}, {"\"max\"", number}},
        {"distinct", {"true", "0", "4", "\"true\""}, {"5", "-1", word}},
        {"ignorePlurals", {"true", R"j(["fr"])j", "\"true\""}, {"\"fr\"", number, mixed}},
        {"removeStopWords", {"false", R"j(["fr"])j"}, {number, mixed}},
        {"optionalWords", {word, list}, {number, mixed}},
        {"advancedSyntaxFeatures", {R"j(["exactPhrase"])j", "[]"}, {list, word}},
        {"alternativesAsExact", {R"j(["ignorePlurals","multiWordsSynonym"])j", "[]"}, {list, number}},
        {"mode", {"\"keywordSearch\"", "\"neuralSearch\""}, {word, number}},
        {"semanticSearch", {object}, {word}},
        {"renderingContent", {object, R"j({"facetOrdering":{}})j"}, {word, list}},
        {"userData", {object, word, number, list, "true"}, {}},
        {"reRankingApplyFilter", {word, R"j([["a:b"]])j"}, {number}},
        {"decompoundedAttributes", {object, R"j({"de":["name"]})j"}, {R"j({"en":["name"]})j", R"j({"de":"name"})j", list}},
        {"customNormalization", {R"j({"default":{"ä":"ae"}})j"},
         {list, R"j({"default":"ae"})j", R"j({"default":{"ä":1}})j",
          R"j({"d":{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":"","11":""}})j"}},
        {"numericAttributesForFiltering", {R"j(["equalOnly(x)"])j"}, {R"j(["only(x)"])j"}},
    };
    for (const std::string_view key : lists) examples.push_back({key, {"[]", list}, {number, mixed, object, "false"}});
    for (const std::string_view key : texts) examples.push_back({key, {"\"\"", word}, {number, list, object, "false"}});
    for (const std::string_view key : booleans) examples.push_back({key, {"true", "false"}, {number, word, list, "\"true\""}});

    for (const Example& example : examples) {
        const auto changes = [&](std::string_view value) {
            return "{\"" + std::string{example.key} + "\":" + std::string{value} + "}";
        };
        for (const std::string_view value : example.good) {
            CAPTURE(example.key, value);
            const Settings settings = with(changes(value));
            CHECK(answer(settings, example.key) == json_text(value_of(value)));
            CHECK(json_text(Settings::from_stored(settings.to_stored_json()).to_answer()) == json_text(settings.to_answer()));
        }
        for (const std::string_view value : example.bad) {
            CAPTURE(example.key, value);
            CHECK(lacking(refusal(changes(value)), {example.key}) == "");
            // A stored value that went bad is the default.
            CHECK(Settings::from_stored(changes(value)).to_stored_json() == "{}");
        }
    }
}

TEST_CASE("refusals say what was expected and what came") {
    CHECK(refusal(R"j({"hitsPerPage":"many"})j") == R"j(setting hitsPerPage must be an integer from 0 to 1000, not "many")j");
    CHECK(refusal(R"j({"queryType":3})j") ==
          R"(setting queryType must be "prefixLast", "prefixAll" or "prefixNone", not 3)");
    CHECK(lacking(refusal(R"j({"hitsPerPage":")j" + std::string(5000, 'x') + "\"}"), {"xxx..."}) == "");
    CHECK(refusal(R"j({"hitsPerPage":")j" + std::string(5000, 'x') + "\"}").size() < 200);
}

TEST_CASE("settings have limits") {
    const auto list_of = [](std::string_view key, std::size_t entries) {
        std::string text = "{\"" + std::string{key} + "\":[";
        for (std::size_t i = 0; i < entries; ++i) text += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + "\"";
        return text + "]}";
    };
    CHECK(with(list_of("searchableAttributes", 1000)).searchable_attributes.size() == 1000);
    CHECK(lacking(refusal(list_of("searchableAttributes", 1001)), {"searchableAttributes", "1000"}) == "");
    CHECK(with(list_of("attributesForFaceting", 500)).attributes_for_faceting.size() == 500);
    CHECK(lacking(refusal(list_of("attributesForFaceting", 501)), {"attributesForFaceting", "500"}) == "");
    CHECK(lacking(refusal(R"j({"attributesToRetrieve":[")j" + std::string(513, 'n') + "\"]}"), {"attributesToRetrieve", "512"}) == "");
    CHECK(lacking(refusal(R"j({"userData":")j" + std::string(32 * 1024, 'u') + "\"}"), {"userData", "32768"}) == "");
    CHECK(lacking(refusal(R"j({"anything":")j" + std::string(limits::settings_bytes_max, 'u') + "\"}"), {"524288"}) == "");
    // Nor by small steps.
    const Settings half = with(R"j({"one":")j" + std::string(400'000, 'u') + "\"}");
    CHECK(half.merged(value_of(R"j({"two":")j" + std::string(400'000, 'u') + "\"}").as_object()).has_error());
}

TEST_CASE("from_stored never fails") {
    for (const char* text : {"", "{", "[]", "3", "{\"hitsPerPage\":{}}", "\xFF", "{\"ranking\":[\"typo\",\"typo\"],\"x\":1}"}) {
        CAPTURE(text);
        CHECK(Settings::from_stored(text).hits_per_page == 20);
        CHECK(Settings::from_stored(text).ranking.size() == 8);
    }
    CHECK(Settings::from_stored(R"j({"hitsPerPage":"no","x":1,"maxFacetHits":3})j").to_stored_json() == R"j({"x":1,"maxFacetHits":3})j");
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "[";
    CHECK(Settings::from_stored("{\"x\":" + deep).to_stored_json() == "{}");
}

TEST_CASE("what needs every record again") {
    const Settings before = with(R"j({"searchableAttributes":["a","b"],"attributesForFaceting":["c","d"],"ranking":["typo"]})j");
    const auto needs = [&](std::string_view changes) { return with(changes, before).needs_reindexing(before); };
    CHECK_FALSE(needs("{}"));
    CHECK_FALSE(needs(R"j({"searchableAttributes":["b","unordered(a)"]})j"));
    CHECK_FALSE(needs(R"j({"searchableAttributes":["b,a"]})j"));
    CHECK_FALSE(needs(R"j({"attributesForFaceting":["searchable(c)","filterOnly(d)"]})j"));
    CHECK_FALSE(needs(R"j({"ranking":["words"],"customRanking":["asc(x)"],"hitsPerPage":3,"new":1})j"));
    CHECK(needs(R"j({"searchableAttributes":["a","b","c"]})j"));
    CHECK(needs(R"j({"searchableAttributes":["a"]})j"));
    CHECK(needs(R"j({"searchableAttributes":null})j"));
    CHECK(needs(R"j({"attributesForFaceting":["d","c"]})j"));
    CHECK(needs(R"j({"attributesForFaceting":["c","d","e"]})j"));
    CHECK(needs(R"j({"separatorsToIndex":"+"})j"));
    CHECK(needs(R"j({"keepDiacriticsOnCharacters":"é"})j"));
    CHECK(needs(R"j({"camelCaseAttributes":["a"]})j"));
    CHECK(needs(R"j({"customNormalization":{"default":{"ä":"ae"}}})j"));
    CHECK(needs(R"j({"decompoundedAttributes":{"de":["a"]}})j"));
    CHECK(needs(R"j({"indexLanguages":["ja"]})j"));
    CHECK(needs(R"j({"attributeForDistinct":"a"})j"));
    CHECK_FALSE(needs(R"j({"distinct":2,"typoTolerance":false,"ignorePlurals":true,"replicas":["r"],"enableRules":false})j"));
}

TEST_CASE("merging step by step is merging at once", "[property]") {
    const std::vector<std::pair<std::string, std::vector<std::string>>> keys{
        {"hitsPerPage", {"null", "3", "50"}}, {"queryType", {"null", "\"prefixAll\""}},
        {"attributesToIndex", {"null", "[\"a\"]"}}, {"searchableAttributes", {"null", "[\"b\",\"c\"]"}},
        {"new", {"null", "{\"x\":1}"}}, {"ranking", {"null", "[\"typo\"]", "[\"words\",\"asc(p)\"]"}}};
    const auto seed = GENERATE(range(0U, 200U));
    CAPTURE(seed);
    std::mt19937 random{seed};
    Settings step_by_step;
    json::object at_once;
    for (int i = 0; i < 12; ++i) {
        const auto& [key, values] = keys[random() % keys.size()];
        const json::value value = value_of(values[random() % values.size()]);
        auto next = step_by_step.merged(json::object{{key, value}});
        REQUIRE(next);
        step_by_step = *next;
        at_once[key == "attributesToIndex" ? "searchableAttributes" : key] = value;
    }
    auto model = Settings{}.merged(at_once);
    REQUIRE(model);
    CHECK(value_of(model->to_stored_json()) == value_of(step_by_step.to_stored_json()));
    CHECK(model->hits_per_page == step_by_step.hits_per_page);
    CHECK(model->ranking.size() == step_by_step.ranking.size());
    CHECK(model->searchable_attributes.size() == step_by_step.searchable_attributes.size());
}

}  // namespace penchant
