// SPDX-License-Identifier: GPL-3.0-or-later
//
// The search service over a real data directory: whole answers, browse with cursors, facet search, deleteByQuery.
#include "engine/search.h"

#include "engine/cursor.h"
#include "engine/search_answer.h"
#include "tests/engine/sample.h"
#include "tests/index/scratch.h"

#include <fmt/format.h>

#include <set>

namespace penchant::testing {
namespace {

namespace json = boost::json;

class NoMetrics : public Metrics {
public:
    void count(std::string_view, std::uint64_t) override { ++counted; }
    void set(std::string_view, double) override {}
    int counted = 0;
};

// Likes one brand; what a search asked of it is kept for the tests.
class OxbowModule : public Module {
public:
    [[nodiscard]] std::string_view name() const override { return "oxbow"; }
    void routes(Router&) override {}
    [[nodiscard]] std::unique_ptr<Boost> boost(const SearchContext& search) override {
        asked_token = search.user_token;
        if (search.user_token == "stranger") return nullptr;
        const Columns& columns = search.snapshot.columns;
        std::vector<float> scores(columns.size());
        const auto brand = columns.find_facet("brand");
        const auto oxbow = columns.dictionary(*brand).find("Oxbow");
        for (Ordinal ordinal = 0; ordinal < columns.size(); ++ordinal)
            columns.for_each_value(*brand, ordinal, [&](std::uint32_t value) {
                if (value == *oxbow) scores[ordinal] = 7.3F;
            });
        return std::make_unique<TableBoost>(std::move(scores), search.impact.value_or(30));
    }
    void on_search(const SearchReport& report) override {
        Kept kept{report, std::string(report.index), std::string(report.query), std::string(report.user_token),
                  std::string(report.query_id), {}, {}, {report.tags.begin(), report.tags.end()}};
        for (const std::string_view id : report.object_ids) kept.shown += std::string(id) + ' ';
        for (const SearchReport::Filter& filter : report.filters)
            kept.filters += filter.attribute + filter.op + filter.value + ' ';
        reports.push_back(std::move(kept));
    }
    void on_snapshot(std::string_view, const Snapshot&) override {}
    void stop() override {}
    std::string asked_token;
    struct Kept {
        SearchReport report;  // its views are gone
        std::string index, query, token, query_id, shown, filters;
        std::vector<std::string> tags;
    };
    std::vector<Kept> reports;
};

struct Shop {
    Scratch scratch;
    std::unique_ptr<Catalog> catalog;
    NoMetrics metrics;
    OxbowModule module;
    std::unique_ptr<SearchService> service;

    Shop() {
        CatalogOptions options;
        options.directory = scratch.path();
        options.commit_interval = std::chrono::milliseconds(5);
        catalog = Catalog::open(options).value();
        catalog->set_selector(select_by_query);
        service = std::make_unique<SearchService>(*catalog, &module, metrics);
        REQUIRE(catalog->change_settings("shop", object_of(
            R"j({"searchableAttributes":["name","brand"],"attributesForFaceting":["searchable(brand)","price","hidden"],
                 "customRanking":["desc(popularity)"],"unretrievableAttributes":["secret"]})j")).has_value());
        std::vector<Operation> operations;
        for (int i = 0; i < 50; ++i)
            operations.push_back({Action::put_object, std::to_string(i), fmt::format(
                R"({{"objectID":"{}","name":"Trail shoe {}","brand":"{}","price":{},"popularity":{},"secret":"s"}})", i,
                i % 2 ? "run" : "walk", i % 5 == 0 ? "Oxbow" : "Corvale", i + 0.5, 100 - i)});
        REQUIRE(catalog->append("shop", std::move(operations)).has_value());
        settle();
    }
    void settle() { REQUIRE(catalog->wait_for_tasks(std::chrono::seconds(30))); }
    json::object search(std::string_view parameters, const QueryDefaults& defaults = {}) {
        auto answer = service->search("shop", object_of(parameters), defaults);
        if (answer.has_error()) FAIL(answer.error().what);
        return answer.value();
    }
    std::string ids(const json::object& answer) {
        std::string all;
        for (const json::value& hit : answer.at("hits").get_array())
            all += (all.empty() ? "" : " ") + std::string(std::string_view(hit.get_object().at("objectID").get_string()));
        return all;
    }
};

TEST_CASE("an answer has all its fields") {
    Shop shop;
    const json::object answer = shop.search(R"({"query":"run","hitsPerPage":3,"facets":["brand","price"],"clickAnalytics":true})");
    CHECK(shop.ids(answer) == "1 3 5");
    CHECK(answer.at("nbHits").to_number<int>() == 25);
    CHECK(answer.at("page").to_number<int>() == 0);
    CHECK(answer.at("nbPages").to_number<int>() == 9);
    CHECK(answer.at("hitsPerPage").to_number<int>() == 3);
    CHECK(json_text(answer.at("facets").get_object().at("brand")) == R"({"Corvale":20,"Oxbow":5})");
    CHECK(json_text(answer.at("facets_stats").get_object().at("price").get_object().at("min")) == "1.5");
    CHECK(json_text(answer.at("exhaustive")) ==
          R"({"nbHits":true,"typo":true,"facetsCount":true,"facetValues":true,"rulesMatch":true})");
    for (const char* name : {"exhaustiveNbHits", "exhaustiveTypo", "exhaustiveFacetsCount"}) CHECK(answer.at(name).get_bool());
    CHECK(answer.at("query") == "run");
    CHECK(answer.at("index") == "shop");
    CHECK(answer.at("params") == "query=run&hitsPerPage=3&facets=%5B%22brand%22%2C%22price%22%5D&clickAnalytics=true");
    CHECK(answer.at("renderingContent") == json::value(json::object{}));
    CHECK(answer.at("processingTimeMS").is_int64());
    CHECK_FALSE(answer.contains("message"));
    const std::string id(std::string_view(answer.at("queryID").get_string()));
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(shop.search(R"({"clickAnalytics":true})").at("queryID") != answer.at("queryID"));
    const json::object& hit = answer.at("hits").get_array()[0].get_object();
    CHECK(json_text(hit) == R"({"objectID":"1","name":"Trail shoe run","brand":"Corvale","price":1.5,"popularity":99,)"
                            R"("_highlightResult":{"name":{"value":"Trail shoe <em>run</em>","matchLevel":"full","fullyHighlighted":false,"matchedWords":["run"]},)"
                            R"("brand":{"value":"Corvale","matchLevel":"none","matchedWords":[]}}})");
    CHECK(shop.metrics.counted == 2);
}

TEST_CASE("pages, offsets, nothing at all") {
    Shop shop;
    CHECK(shop.ids(shop.search(R"({"hitsPerPage":3,"page":2})")) == "6 7 8");
    const json::object by_offset = shop.search(R"({"offset":48,"length":10})");
    CHECK(shop.ids(by_offset) == "48 49");
    CHECK(by_offset.at("offset").to_number<int>() == 48);
    CHECK(by_offset.at("length").to_number<int>() == 10);
    CHECK_FALSE(by_offset.contains("nbPages"));
    const json::object none = shop.search(R"({"hitsPerPage":0,"facets":"brand"})");
    CHECK(none.at("hits").get_array().empty());
    CHECK(none.at("nbPages").to_number<int>() == 0);
    CHECK(none.at("nbHits").to_number<int>() == 50);
    CHECK(json_text(none.at("facets")) == R"({"brand":{"Corvale":40,"Oxbow":10}})");
    CHECK(shop.ids(shop.search(R"({"page":4000000000})")).empty());
    const auto missing = shop.service->search("nowhere", {}, {});
    REQUIRE(missing.has_error());
    CHECK(missing.error().code == Errc::not_found);
    CHECK(missing.error().what == "Index nowhere does not exist");
}

TEST_CASE("what is retrieved") {
    Shop shop;
    const auto first = [&](std::string_view parameters, bool see = false) {
        QueryDefaults defaults;
        defaults.see_unretrievable = see;
        const json::object answer = shop.search(parameters, defaults);
        json::object hit = answer.at("hits").get_array()[0].get_object();
        hit.erase("_highlightResult");
        return json_text(hit);
    };
    CHECK(first(R"({"attributesToRetrieve":["name"]})") == R"({"objectID":"0","name":"Trail shoe walk"})");
    CHECK(first(R"({"attributesToRetrieve":["*","-name","-price"]})") == R"({"objectID":"0","brand":"Oxbow","popularity":100})");
    CHECK(first(R"({"attributesToRetrieve":["secret"]})") == R"({"objectID":"0"})");
    CHECK(first(R"({"attributesToRetrieve":["secret"]})", true) == R"({"objectID":"0","secret":"s"})");
    const json::object few = shop.search(R"({"responseFields":["hits","nbHits"],"nonsense":1,"reRankingApplyFilter":[]})");
    CHECK(few.size() == 3);
    CHECK(few.at("message") == "Unknown parameters: nonsense. Parameters without effect in this version: reRankingApplyFilter.");
}

TEST_CASE("personalized hits explain themselves to the last bit") {
    Shop shop;
    const char* parameters = R"({"query":"trail","enablePersonalization":true,"userToken":"anna","getRankingInfo":true,"hitsPerPage":50})";
    const json::object answer = shop.search(parameters);
    CHECK(shop.module.asked_token == "anna");
    CHECK(answer.at("parsedQuery") == "trail");
    double last = 2;
    for (const json::value& value : answer.at("hits").get_array()) {
        const json::object& info = value.get_object().at("_rankingInfo").get_object();
        CHECK(info.at("words").to_number<int>() == 1);
        const json::object& why = info.at("personalization").get_object();
        const double impact = why.at("impact").to_number<double>();
        const double score = impact / 100 * why.at("filtersScore").to_number<double>() / why.at("maxFiltersScore").to_number<double>() +
                             (1 - impact / 100) * why.at("rankingScore").to_number<double>();
        CHECK(score == why.at("score").to_number<double>());
        CHECK(score <= last);
        last = score;
        CHECK(why.at("affinities").get_array().size() == 1);
    }
    const json::object& first = answer.at("hits").get_array()[1].get_object().at("_rankingInfo").get_object().at("personalization").get_object();
    CHECK(first.at("newPosition").to_number<int>() == 1);
    CHECK(first.at("initialPosition").to_number<int>() == 5);
    CHECK(first.at("textualRelevanceBucket").to_number<int>() == 0);

    const std::string plain = shop.ids(shop.search(R"({"query":"trail","hitsPerPage":50})"));
    CHECK(shop.ids(answer) != plain);
    CHECK(shop.ids(shop.search(R"({"query":"trail","hitsPerPage":50,"enablePersonalization":true,"userToken":"stranger"})")) == plain);
    const json::object none = shop.search(R"({"query":"trail","hitsPerPage":50,"enablePersonalization":true,"userToken":"anna","personalizationImpact":0,"getRankingInfo":true})");
    CHECK(shop.ids(none) == plain);
    CHECK_FALSE(none.at("hits").get_array()[0].get_object().at("_rankingInfo").get_object().contains("personalization"));
    CHECK(shop.ids(shop.search(R"({"query":"trail","hitsPerPage":50,"userToken":"anna"})")) == plain);
}

TEST_CASE("a search after a write sees it, cache or not") {
    Shop shop;
    for (int i = 0; i < 3; ++i) (void)shop.search(R"({"query":"shoe","facets":["brand"]})");
    REQUIRE(shop.catalog->append("shop", {{Action::put_object, "new", R"({"objectID":"new","name":"shoe","brand":"Fresh"})"},
                                          {Action::delete_object, "0", ""}}).has_value());
    shop.settle();
    const json::object answer = shop.search(R"({"query":"shoe","facets":["brand"]})");
    CHECK(answer.at("nbHits").to_number<int>() == 50);
    CHECK(answer.at("facets").get_object().at("brand").get_object().contains("Fresh"));
}

TEST_CASE("browse gives every record once, and no cursor at the end") {
    Shop shop;
    std::set<std::string> seen;
    json::object parameters = object_of(R"({"filters":"brand:Corvale","hitsPerPage":7,"attributesToRetrieve":["name"]})");
    int pages = 0;
    for (;;) {
        const auto answer = shop.service->browse("shop", parameters);
        REQUIRE(answer.has_value());
        CHECK(answer.value().at("nbHits").to_number<int>() == 40);
        CHECK(answer.value().at("page").to_number<int>() == pages);
        CHECK(answer.value().at("nbPages").to_number<int>() == 6);
        for (const json::value& hit : answer.value().at("hits").get_array()) {
            CHECK(hit.get_object().size() == 2);  // objectID and name: nothing about the record
            CHECK(seen.insert(std::string(std::string_view(hit.get_object().at("objectID").get_string()))).second);
        }
        ++pages;
        const json::value* cursor = answer.value().if_contains("cursor");
        if (!cursor) break;
        const std::string text(std::string_view(cursor->get_string()));
        CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos);
        parameters = pages % 2 ? json::object{{"cursor", text}} : json::object{{"params", "cursor=" + text}};
        // What goes away or comes anew meanwhile disturbs nobody else.
        REQUIRE(shop.catalog->append("shop", {{Action::partial_update, "0", R"({"popularity":5})"}}).has_value());
        shop.settle();
    }
    CHECK(pages == 6);
    CHECK(seen.size() == 40);
    for (const char* broken : {"x", "", "!!!", "eyJpbmRleCI6InNob3AifQ"}) {
        const auto answer = shop.service->browse("shop", {{"cursor", broken}});
        REQUIRE(answer.has_error());
        CHECK(answer.error().code == Errc::bad_request);
    }
    const std::string foreign = Cursor{"other", {}, 1, 1}.text();
    CHECK(shop.service->browse("shop", {{"cursor", foreign}}).error().code == Errc::bad_request);
}

TEST_CASE("the module is told of searches that count or may be clicked") {
    Shop shop;
    QueryDefaults defaults;
    defaults.remote_address = "10.0.0.1";
    const json::object answer = shop.search(
        R"({"query":" RUN ","hitsPerPage":2,"page":1,"userToken":"ann","clickAnalytics":true,"analyticsTags":["a","b"],
            "facetFilters":["brand:-Oxbow"],"numericFilters":["price<20","price:3 TO 30"],"filters":"price > 2 AND price != 5",
            "tagFilters":[],"responseFields":["hits"],"attributesToRetrieve":[],"enablePersonalization":true})", defaults);
    CHECK_FALSE(answer.contains("queryID"));
    REQUIRE(shop.module.reports.size() == 1);
    const auto& kept = shop.module.reports.back();
    CHECK(kept.index == "shop");
    CHECK(kept.query == " RUN ");
    CHECK(kept.report.normalized == "run");
    CHECK(kept.token == "ann");
    CHECK_FALSE(kept.report.token_is_address);
    CHECK(kept.query_id.size() == 32);
    CHECK(kept.report.hits == 7);  // 3 7 9 11 13 17 19: no Oxbow
    CHECK(kept.report.offset == 2);
    CHECK(kept.shown == "9 11 ");
    CHECK(kept.filters == "price>2 price!=5 brand:-Oxbow price<20 price:3 TO 30 ");
    CHECK(kept.tags == std::vector<std::string>{"a", "b"});
    CHECK(kept.report.counted);
    CHECK(kept.report.personalized);
    CHECK(kept.report.microseconds >= 0);

    (void)shop.search(R"({"query":"walk"})", defaults);
    CHECK(shop.module.reports.size() == 2);
    CHECK(shop.module.reports.back().token == "10.0.0.1");
    CHECK(shop.module.reports.back().report.token_is_address);
    CHECK(shop.module.reports.back().query_id.empty());
    CHECK_FALSE(shop.module.reports.back().report.personalized);
    (void)shop.search(R"({"analytics":false,"clickAnalytics":true})");
    CHECK(shop.module.reports.size() == 3);
    CHECK_FALSE(shop.module.reports.back().report.counted);
    (void)shop.search(R"({"analytics":false})");
    CHECK(shop.service->browse("shop", {}).has_value());
    CHECK(shop.service->search_facet_values("shop", "brand", {}).has_value());
    CHECK(shop.module.reports.size() == 3);
}

TEST_CASE("without typo tolerance there is nothing to say about typos") {
    Shop shop;
    const json::object answer = shop.search(R"({"query":"run","typoTolerance":false})");
    CHECK(json_text(answer.at("exhaustive")) == R"({"nbHits":true,"rulesMatch":true})");
    CHECK_FALSE(answer.contains("exhaustiveTypo"));
    CHECK(shop.search(R"({"renderingContent":{"redirect":{"url":"u"}}})").at("renderingContent").get_object().contains("redirect"));
    CHECK(shop.search(R"({"aroundLatLngViaIP":true})").at("message").get_string().find("aroundLatLng") != std::string::npos);
}

TEST_CASE("facet values are found despite typos, where words are long enough") {
    Shop shop;
    const auto values = [&](std::string_view parameters) {
        const auto answer = shop.service->search_facet_values("shop", "brand", object_of(parameters));
        if (answer.has_error()) return answer.error().what;
        std::string found;
        for (const json::value& hit : answer.value().at("facetHits").get_array())
            found += std::string(std::string_view(hit.at("value").get_string())) + ' ';
        return found;
    };
    CHECK(values(R"({"facetQuery":"corvael"})") == "Corvale ");
    CHECK(values(R"({"facetQuery":"covra"})") == "Corvale ");
    CHECK(values(R"({"facetQuery":"oxbwo"})") == "Oxbow ");
    CHECK(values(R"({"facetQuery":"oxw"})") == "");  // three letters have none
    CHECK(values(R"({"facetQuery":"corvael","typoTolerance":false})") == "");
    CHECK(values(R"({"facetQuery":"corvael","minWordSizefor1Typo":8})") == "");
    CHECK(values(R"({"facetQuery":""})") == "Corvale Oxbow ");
}

TEST_CASE("facet values are searched by words and prefixes") {
    Shop shop;
    const auto values = [&](std::string_view facet, std::string_view parameters) {
        const auto answer = shop.service->search_facet_values("shop", facet, object_of(parameters));
        if (answer.has_error()) return answer.error().what;
        CHECK(answer.value().at("exhaustiveFacetsCount").get_bool());
        return json_text(answer.value().at("facetHits"));
    };
    CHECK(values("brand", R"({"facetQuery":"cor"})") == R"([{"value":"Corvale","highlighted":"<em>Cor</em>vale","count":40}])");
    CHECK(values("brand", R"({"facetQuery":"COR","params":"query=run&filters=price%20%3C%2010"})") ==
          R"([{"value":"Corvale","highlighted":"<em>Cor</em>vale","count":4}])");
    CHECK(values("brand", "{}") == R"([{"value":"Corvale","highlighted":"Corvale","count":40},{"value":"Oxbow","highlighted":"Oxbow","count":10}])");
    CHECK(values("brand", R"({"maxFacetHits":1})") == R"([{"value":"Corvale","highlighted":"Corvale","count":40}])");
    CHECK(values("brand", R"({"facetQuery":"vale"})") == "[]");
    CHECK(values("price", R"({"facetQuery":"1"})").find("searchable(price)") != std::string::npos);
}

TEST_CASE("deleteByQuery deletes what its filters name and refuses anything else") {
    Shop shop;
    const Settings settings = *shop.catalog->settings("shop");
    CHECK(check_delete_by_query(object_of(R"({"filters":"brand:Oxbow"})"), settings).has_value());
    for (const char* body : {"{}", R"({"filters":""})", R"({"facetFilters":[]})", R"({"query":"x","filters":"brand:Oxbow"})",
                             R"({"aroundLatLng":"1,2"})", R"({"filters":"brand:"})", R"({"filters":"NOT unlisted:x"})"}) {
        INFO(body);
        const auto checked = check_delete_by_query(object_of(body), settings);
        REQUIRE(checked.has_error());
        CHECK(checked.error().code == Errc::bad_request);
    }
    REQUIRE(shop.catalog->append("shop", {{Action::delete_by_query, "", R"({"filters":"brand:Oxbow AND price < 20"})"}}).has_value());
    shop.settle();
    CHECK(shop.search("{}").at("nbHits").to_number<int>() == 46);
    CHECK(shop.search(R"({"filters":"brand:Oxbow"})").at("nbHits").to_number<int>() == 6);
}

}  // namespace
}  // namespace penchant::testing
