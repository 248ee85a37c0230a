// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/catalog.h"

#include "index/record.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>

using namespace penchant;
using namespace std::chrono_literals;

namespace {

using Records = std::map<std::string, std::string>;

// The body is a brand: matches only where brand is a facet, as a filter would.
Result<std::vector<Ordinal>> of_brand(const Snapshot& snapshot, std::string_view body) {
    std::vector<Ordinal> ordinals;
    const auto brand = snapshot.columns.find_facet("brand");
    if (!brand) return ordinals;
    for (Ordinal ordinal = 0; ordinal < snapshot.columns.size(); ++ordinal) {
        bool matches = false;
        snapshot.columns.for_each_value(*brand, ordinal, [&](std::uint32_t value) {
            matches = matches || snapshot.columns.dictionary(*brand).value(value).text == body;
        });
        if (matches && !snapshot.deleted(ordinal)) ordinals.push_back(ordinal);
    }
    return ordinals;
}

std::unique_ptr<Catalog> open_catalog(const std::string& directory, bool writers = true) {
    CatalogOptions options;
    options.directory = directory;
    options.writers = writers;
    auto opened = Catalog::open(options);
    INFO((opened.has_error() ? opened.error().what : std::string()));
    REQUIRE(opened.has_value());
    opened.value()->set_selector(of_brand);
    return std::move(opened).value();
}

boost::json::object object(std::string_view json) { return boost::json::parse(json).as_object(); }

void put_settings(Catalog& catalog, const std::string& name, std::string_view json, bool forward = false) {
    const auto task = catalog.change_settings(name, object(json), forward);
    INFO((task.has_error() ? task.error().what : std::string()));
    REQUIRE(task.has_value());
}

Operation put(const std::string& id, const std::string& brand, int price = 1) {
    return {Action::put_object, id, fmt::format(R"({{"objectID":"{}","brand":"{}","price":{}}})", id, brand, price)};
}

TaskId append(Catalog& catalog, const std::string& name, std::vector<Operation> operations) {
    const auto task = catalog.append(name, std::move(operations));
    INFO((task.has_error() ? task.error().what : std::string()));
    REQUIRE(task.has_value());
    return *task;
}

void settle(Catalog& catalog) { REQUIRE(catalog.wait_for_tasks(20s)); }

Records contents(const Catalog& catalog, const std::string& name) {
    Records records;
    const auto snapshot = catalog.snapshot(name);
    if (!snapshot) return records;
    std::vector<Ordinal> ordinals;
    for (Ordinal i = 0; i < snapshot->columns.size(); ++i)
        if (!snapshot->deleted(i)) ordinals.push_back(i);
    const auto json = catalog.records(name, *snapshot, ordinals);
    REQUIRE(json.has_value());
    for (const std::string& record : *json)
        records.emplace(std::string(object(record).at("objectID").as_string().c_str()), record);
    return records;
}

std::size_t check(Catalog& catalog) {
    std::string lines;
    const auto findings = catalog.check([&](const std::string& line) { lines += line + "\n"; });
    REQUIRE(findings.has_value());
    UNSCOPED_INFO(lines);
    return *findings;
}

std::string stored(const Catalog& catalog, const std::string& name) {
    const auto settings = catalog.settings(name);
    return settings ? settings->to_stored_json() : "none";
}

}  // namespace

TEST_CASE("a replica begins as a copy and gets every write; its settings are its own") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        put_settings(*catalog, "shop", R"({"attributesForFaceting":["brand"],"hitsPerPage":7})");
        append(*catalog, "shop", {put("1", "a"), put("2", "b")});
        put_settings(*catalog, "shop", R"({"replicas":["cheap"]})");
        append(*catalog, "shop", {put("3", "a")});
        settle(*catalog);
        CHECK(contents(*catalog, "cheap") == contents(*catalog, "shop"));
        CHECK(contents(*catalog, "cheap").size() == 3);
        CHECK(stored(*catalog, "cheap") == R"({"attributesForFaceting":["brand"],"hitsPerPage":7})");
        CHECK(catalog->snapshot("cheap")->settings->replicas.empty());
        CHECK(catalog->replicas_of("shop") == std::vector<std::string>{"cheap"});
        CHECK(catalog->primary_of("cheap") == "shop");
        CHECK_FALSE(catalog->primary_of("shop"));

        put_settings(*catalog, "cheap", R"j({"customRanking":["asc(price)"]})j");
        put_settings(*catalog, "shop", R"({"maxFacetHits":3})");
        CHECK(catalog->settings("shop")->custom_ranking.empty());
        CHECK(catalog->settings("cheap")->max_facet_hits == 10);
        put_settings(*catalog, "shop", R"({"maxFacetHits":4,"replicas":["cheap"]})", true);
        CHECK(catalog->settings("cheap")->max_facet_hits == 4);
        CHECK(catalog->settings("cheap")->custom_ranking.size() == 1);

        const TaskId task = append(*catalog, "shop", {{Action::partial_update, "1", R"({"price":5})"},
                                                      {Action::delete_object, "2", {}}});
        while (*catalog->task(task) == TaskState::not_published) std::this_thread::sleep_for(1ms);
        CHECK(contents(*catalog, "cheap") == contents(*catalog, "shop"));  // published means everywhere
        append(*catalog, "shop", {{Action::clear, {}, {}}, put("4", "z")});
        settle(*catalog);
        CHECK(contents(*catalog, "cheap").size() == 1);
        CHECK(check(*catalog) == 0);
    }
    const auto catalog = open_catalog(scratch.path());
    append(*catalog, "shop", {put("5", "z")});
    settle(*catalog);
    CHECK(contents(*catalog, "cheap").size() == 2);
    CHECK(catalog->settings("cheap")->custom_ranking.size() == 1);
}

TEST_CASE("what would part a replica from its primary is refused") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    put_settings(*catalog, "shop", R"({"replicas":["cheap"]})");
    const auto refused = [](const auto& result) { return result.has_error() && result.error().code == Errc::bad_request; };
    CHECK(refused(catalog->append("cheap", {put("1", "a")})));
    CHECK(refused(catalog->append_many({{"shop", {put("1", "a")}}, {"cheap", {put("1", "a")}}})));
    CHECK(refused(catalog->delete_index("cheap")));
    CHECK(refused(catalog->move_index("cheap", "other")));
    CHECK(refused(catalog->move_index("other", "cheap")));
    CHECK(refused(catalog->copy_index("other", "cheap", {})));
    CHECK(refused(catalog->copy_index("other", "shop", {})));
    CHECK(refused(catalog->copy_index("other", "shop", {"settings"})));
    CHECK(refused(catalog->change_settings("cheap", object(R"({"replicas":["more"]})"))));
    CHECK(refused(catalog->change_settings("shop", object(R"({"replicas":["shop"]})"))));
    CHECK(refused(catalog->change_settings("shop2", object(R"({"replicas":["cheap"]})"))));
    CHECK(refused(catalog->change_settings("top", object(R"({"replicas":["shop"]})"))));
    CHECK(catalog->settings("top") == nullptr);
    CHECK(catalog->settings("shop2") == nullptr);
    append(*catalog, "shop", {put("1", "a")});
    settle(*catalog);
    CHECK(contents(*catalog, "cheap").size() == 1);
}

TEST_CASE("a replica that is taken from the list, or whose primary goes, stands alone") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    put_settings(*catalog, "shop", R"({"replicas":["one","two"]})");
    append(*catalog, "shop", {put("1", "a")});
    put_settings(*catalog, "shop", R"({"replicas":["two"]})");
    append(*catalog, "shop", {put("2", "a")});
    append(*catalog, "one", {put("x", "a")});
    REQUIRE(catalog->delete_index("shop").has_value());
    append(*catalog, "two", {put("y", "a")});
    append(*catalog, "shop", {put("new", "a")});
    settle(*catalog);
    const auto ids = [&](const std::string& name) {
        std::string all;
        for (const auto& [id, json] : contents(*catalog, name)) all += id + " ";
        return all;
    };
    CHECK(ids("one") == "1 x ");
    CHECK(ids("two") == "1 2 y ");
    CHECK(ids("shop") == "new ");
    CHECK(catalog->replicas_of("shop").empty());
    REQUIRE(catalog->delete_index("two").has_value());
    settle(*catalog);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("an index that becomes a replica keeps its settings and gives up its records") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    append(*catalog, "cheap", {put("old", "x")});
    put_settings(*catalog, "cheap", R"j({"customRanking":["asc(price)"],"attributesForFaceting":["brand"]})j");
    append(*catalog, "shop", {put("1", "a", 2), put("2", "b", 1)});
    put_settings(*catalog, "shop", R"({"replicas":["cheap"],"hitsPerPage":3})");
    settle(*catalog);
    CHECK(contents(*catalog, "cheap") == contents(*catalog, "shop"));
    CHECK(stored(*catalog, "cheap") == R"j({"customRanking":["asc(price)"],"attributesForFaceting":["brand"]})j");
    const auto snapshot = catalog->snapshot("cheap");
    CHECK(snapshot->columns.find_facet("brand").has_value());
    CHECK(snapshot->columns.custom_rank()[0] == 1);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("a move onto a primary reaches its replicas; a copy takes no replicas along") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        append(*catalog, "shop", {put("old", "x")});
        put_settings(*catalog, "shop", R"({"replicas":["cheap"],"mode":"keywordSearch","hitsPerPage":9})");
        put_settings(*catalog, "cheap", R"j({"customRanking":["asc(price)"]})j");
        REQUIRE(catalog->copy_index("shop", "shop_tmp", {"settings"}).has_value());
        CHECK(stored(*catalog, "shop_tmp") == R"({"hitsPerPage":9})");
        append(*catalog, "shop_tmp", {put("new", "y")});
        const TaskId move = catalog->move_index("shop_tmp", "shop").value();
        append(*catalog, "shop", {put("newer", "y")});
        REQUIRE(catalog->copy_index("shop", "backup", {}).has_value());
        CHECK(stored(*catalog, "backup").find("replicas") == std::string::npos);
        if (writers) {
            settle(*catalog);
            CHECK(*catalog->task(move) == TaskState::published);
        }
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    CHECK(contents(*catalog, "shop").size() == 2);
    CHECK(contents(*catalog, "cheap") == contents(*catalog, "shop"));
    CHECK(contents(*catalog, "backup") == contents(*catalog, "shop"));
    CHECK(catalog->primary_of("cheap") == "shop");
    CHECK(catalog->settings("cheap")->custom_ranking.size() == 1);
    CHECK(catalog->snapshot("backup")->settings->replicas.empty());
    CHECK(catalog->list().size() == 3);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("deleteByQuery means for a replica what it meant for its primary") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        put_settings(*catalog, "shop", R"({"attributesForFaceting":["brand"],"replicas":["cheap"]})");
        put_settings(*catalog, "cheap", R"({"attributesForFaceting":[]})");  // would find nobody
        append(*catalog, "shop", {put("1", "a"), put("2", "b"), put("3", "a")});
        append(*catalog, "shop", {{Action::delete_by_query, {}, "a"}, put("4", "a")});
        append(*catalog, "shop", {put("5", "b")});
        if (writers) settle(*catalog);
    }
    for (int round = 0; round < 2; ++round) {
        const auto catalog = open_catalog(scratch.path());
        settle(*catalog);
        CHECK(contents(*catalog, "shop").size() == 3);
        CHECK(contents(*catalog, "cheap") == contents(*catalog, "shop"));
        CHECK(check(*catalog) == 0);
    }
}

TEST_CASE("whatever is done to a primary, its replicas are the same once all is applied") {
    const bool writers = GENERATE(true, false);
    for (unsigned seed = 0; seed < 3; ++seed) {
        const Scratch scratch;
        std::mt19937 random(seed);
        const std::vector<std::string> replicas{"r1", "r2", "r3"};
        std::set<std::string> linked;
        Records model;
        for (int restart = 0; restart < 3; ++restart) {
            const auto catalog = open_catalog(scratch.path(), writers);
            if (restart == 0) put_settings(*catalog, "shop", R"({"attributesForFaceting":["brand"]})");
            for (int step = 0; step < 18; ++step) {
                const std::string id = std::to_string(random() % 20);
                switch (random() % 10) {
                    case 0: {
                        const std::string replica = replicas[random() % replicas.size()];
                        if (!linked.erase(replica)) linked.insert(replica);
                        boost::json::array names(linked.begin(), linked.end());
                        put_settings(*catalog, "shop", boost::json::serialize(boost::json::object{{"replicas", names}}));
                        break;
                    }
                    case 1: {
                        const std::string brand = std::to_string(random() % 3);
                        append(*catalog, "shop", {{Action::delete_by_query, {}, brand}});
                        std::erase_if(model, [&](const auto& one) {
                            return one.second.find("\"brand\":\"" + brand + "\"") != std::string::npos;
                        });
                        break;
                    }
                    case 2: {
                        append(*catalog, "next", {put("fresh" + id, "0")});
                        put_settings(*catalog, "next", R"({"attributesForFaceting":["brand"]})");
                        REQUIRE(catalog->move_index("next", "shop").has_value());
                        model = {{"fresh" + id, put("fresh" + id, "0").json}};
                        break;
                    }
                    case 3:
                        append(*catalog, "shop", {{Action::delete_object, id, {}}});
                        model.erase(id);
                        break;
                    case 4:
                        for (const std::string& replica : linked)
                            if (random() % 2 == 0)
                                put_settings(*catalog, replica, random() % 2 == 0 ? R"({"attributesForFaceting":["brand"]})"
                                                                                 : R"({"attributesForFaceting":null})");
                        break;
                    default: {
                        const Operation one = put(id, std::to_string(random() % 3), static_cast<int>(random() % 9));
                        append(*catalog, "shop", {one});
                        model[id] = one.json;
                    }
                }
            }
        }
        const auto catalog = open_catalog(scratch.path());
        settle(*catalog);
        INFO("seed " << seed);
        REQUIRE(contents(*catalog, "shop") == model);
        for (const std::string& replica : linked) REQUIRE(contents(*catalog, replica) == model);
        REQUIRE(catalog->replicas_of("shop").size() == linked.size());
        REQUIRE(check(*catalog) == 0);
    }
}

namespace {

// objectIDs in the order of the custom ranking that searches of this name see.
std::string order(const Catalog& catalog, const std::string& name) {
    const auto snapshot = catalog.snapshot(name);
    if (!snapshot) return "no index";
    std::vector<Ordinal> ordinals;
    for (Ordinal i = 0; i < snapshot->columns.size(); ++i)
        if (!snapshot->deleted(i)) ordinals.push_back(i);
    const auto rank = snapshot->columns.custom_rank();
    std::stable_sort(ordinals.begin(), ordinals.end(), [&](Ordinal a, Ordinal b) { return rank[a] < rank[b]; });
    const auto records = catalog.records(name, *snapshot, ordinals);
    REQUIRE(records.has_value());
    std::string ids;
    for (const std::string& record : *records) ids += std::string(object(record).at("objectID").as_string().c_str()) + " ";
    return ids;
}

}  // namespace

TEST_CASE("a virtual replica shows its primary's records in its own order") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        put_settings(*catalog, "shop", R"j({"attributesForFaceting":["brand"],"customRanking":["asc(price)"]})j");
        append(*catalog, "shop", {put("1", "c", 3), put("2", "b", 1), put("3", "a", 2)});
        put_settings(*catalog, "shop", R"j({"replicas":["virtual(dear)","virtual(by_brand)"]})j");
        put_settings(*catalog, "dear", R"j({"customRanking":["desc(price)"],"hitsPerPage":2,"attributesForFaceting":[]})j");
        put_settings(*catalog, "by_brand", R"j({"customRanking":["asc(brand)"]})j");  // texts: records are analysed again
        settle(*catalog);
        CHECK(order(*catalog, "shop") == "2 3 1 ");
        CHECK(order(*catalog, "dear") == "1 3 2 ");
        CHECK(order(*catalog, "by_brand") == "3 2 1 ");
        const auto seen = catalog->snapshot("dear");
        CHECK(seen->is_view());
        CHECK(seen == catalog->snapshot("dear"));  // one for all searches
        CHECK(seen->settings->hits_per_page == 2);
        CHECK(seen->settings->facet("brand") != nullptr);  // comes with the records
        CHECK(seen->segments == catalog->snapshot("shop")->segments);
        CHECK(catalog->settings("dear")->facet("brand") == nullptr);

        append(*catalog, "shop", {put("4", "bb", 9), {Action::delete_object, "2", {}}});
        settle(*catalog);
        CHECK(order(*catalog, "dear") == "4 1 3 ");
        CHECK(order(*catalog, "by_brand") == "3 4 1 ");
        const auto later = catalog->snapshot("dear");
        CHECK(later->generation > seen->generation);
        CHECK(catalog->find_object("dear", *later, "4").value().has_value());
        CHECK(catalog->append("dear", {put("x", "x")}).error().code == Errc::bad_request);
        CHECK(catalog->delete_index("dear").error().code == Errc::bad_request);

        CurationChange rule;
        rule.kind = CurationKind::rule;
        rule.put.emplace_back("r", "{}");
        REQUIRE(catalog->change_curations("dear", rule).has_value());
        settle(*catalog);
        CHECK(catalog->snapshot("dear")->curations->rules.size() == 1);
        CHECK(catalog->snapshot("dear")->generation > later->generation);
        CHECK(catalog->snapshot("by_brand")->curations->rules.empty());
        CHECK(catalog->snapshot("shop")->curations->rules.empty());

        const auto list = catalog->list();
        REQUIRE(list.size() == 3);
        for (const IndexDescription& one : list) {
            CHECK(one.entries == 3);
            CHECK(one.is_virtual == (one.name != "shop"));
        }
        CHECK(stored(*catalog, "shop").find("dear") != std::string::npos);
        CHECK(catalog->settings("shop")->to_answer().if_contains("_views") == nullptr);
        CHECK(check(*catalog) == 0);
    }
    const auto catalog = open_catalog(scratch.path());
    CHECK(order(*catalog, "dear") == "4 1 3 ");
    put_settings(*catalog, "dear", R"j({"customRanking":["asc(price)"]})j");
    put_settings(*catalog, "shop", R"j({"hitsPerPage":5})j", true);
    settle(*catalog);
    CHECK(order(*catalog, "dear") == "3 1 4 ");
    CHECK(catalog->snapshot("dear")->settings->hits_per_page == 5);
    CHECK(order(*catalog, "by_brand") == "3 4 1 ");
    CHECK(check(*catalog) == 0);
}

TEST_CASE("a virtual replica that is let go has the records it showed") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        append(*catalog, "old", {put("gone", "x", 1)});
        put_settings(*catalog, "old", R"j({"customRanking":["desc(price)"]})j");
        put_settings(*catalog, "shop", R"j({"replicas":["virtual(old)","virtual(two)","three"]})j");
        append(*catalog, "shop", {put("1", "a", 1), put("2", "a", 2)});
        if (writers) settle(*catalog);
        put_settings(*catalog, "shop", R"j({"replicas":["virtual(two)","virtual(three)"]})j");
        append(*catalog, "shop", {put("3", "a", 3)});
        append(*catalog, "old", {put("own", "a", 9)});
        if (writers) settle(*catalog);
        if (writers) CHECK(order(*catalog, "three") == "1 2 3 ");
        append(*catalog, "next", {put("4", "a", 4)});
        REQUIRE(catalog->move_index("next", "shop").has_value());
        if (writers) settle(*catalog);
        if (writers) CHECK(order(*catalog, "two") == "4 ");
        REQUIRE(catalog->delete_index("shop").has_value());
        append(*catalog, "two", {put("5", "a", 5)});
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    CHECK(order(*catalog, "old") == "own 2 1 ");
    CHECK(order(*catalog, "two") == "4 5 ");
    CHECK(order(*catalog, "three") == "4 ");
    CHECK(catalog->snapshot("shop") == nullptr);
    CHECK_FALSE(catalog->primary_of("two"));
    CHECK(check(*catalog) == 0);
}
