// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/curations.h"

#include "index/catalog.h"
#include "index/limits.h"
#include "index/operation.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <xapian.h>

#include <boost/json.hpp>

using namespace penchant;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Catalog> open_catalog(const std::string& directory, bool writers = true) {
    CatalogOptions options;
    options.directory = directory;
    options.writers = writers;
    auto opened = Catalog::open(options);
    INFO((opened.has_error() ? opened.error().what : std::string()));
    REQUIRE(opened.has_value());
    return std::move(opened).value();
}

CurationChange put(CurationKind kind, std::vector<std::pair<std::string, std::string>> entries) {
    CurationChange change;
    change.kind = kind;
    change.put = std::move(entries);
    return change;
}

void change(Catalog& catalog, std::string_view name, const CurationChange& wanted, bool forward = false) {
    const auto task = catalog.change_curations(name, wanted, forward);
    INFO((task.has_error() ? task.error().what : std::string()));
    REQUIRE(task.has_value());
}

void append(Catalog& catalog, const std::string& name, const std::string& id) {
    REQUIRE(catalog.append(name, {{Action::put_object, id, R"({"objectID":")" + id + R"(","name":"shoe"})"}}));
}

void settle(Catalog& catalog) { REQUIRE(catalog.wait_for_tasks(20s)); }

/// "id=text id=text", what was accepted; and, when something is applied, that it is the same.
std::string entries(const CurationMap& map) {
    std::string text;
    for (const auto& [id, json] : map) text += (text.empty() ? "" : " ") + id + "=" + *json;
    return text;
}
std::string accepted(const Catalog& catalog, std::string_view name, CurationKind kind) {
    const auto curations = catalog.curations(name);
    return curations ? entries(curations->of(kind)) : "no index";
}
std::string applied(const Catalog& catalog, std::string_view name, CurationKind kind) {
    const auto snapshot = catalog.snapshot(name);
    return snapshot ? entries(snapshot->curations->of(kind)) : "no index";
}

std::vector<std::string> findings(Catalog& catalog) {
    std::vector<std::string> lines;
    REQUIRE(catalog.check([&](const std::string& line) { lines.push_back(line); }));
    return lines;
}

constexpr auto synonym = CurationKind::synonym;
constexpr auto rule = CurationKind::rule;

}  // namespace

TEST_CASE("a change of curations comes back from its JSON as it was") {
    CurationChange wanted;
    wanted.kind = rule;
    wanted.clear = true;
    wanted.remove = {"a\"b", std::string("n\0l", 3)};
    wanted.put = {{"\xC3\xA9", R"({"x":"\n\"y\""})"}, {"", "{}"}};
    const auto back = curation_change(to_json(wanted));
    REQUIRE(back.has_value());
    CHECK(back->kind == rule);
    CHECK(back->clear);
    CHECK(back->remove == wanted.remove);
    CHECK(back->put == wanted.put);
    for (const char* damaged : {"", "{", "[]", R"({"kind":"rule"})", R"({"kind":"rules","clear":false,"remove":[],"put":[]})",
                                R"({"kind":"rule","clear":1,"remove":[],"put":[]})",
                                R"({"kind":"rule","clear":true,"remove":[1],"put":[]})",
                                R"({"kind":"rule","clear":true,"remove":[],"put":[["a"]]})",
                                R"({"kind":"rule","clear":true,"remove":[],"put":[["a",{}]]})"})
        CHECK(curation_change(damaged).error().code == Errc::corrupt);
}

TEST_CASE("a change clears first, then removes, then puts, and leaves the other kind alone") {
    Curations before = Curations().changed(put(synonym, {{"a", "1"}, {"b", "2"}})).changed(put(rule, {{"a", "3"}}));
    CurationChange wanted = put(synonym, {{"b", "4"}, {"c", "5"}, {"c", "6"}});
    wanted.remove = {"a", "b", "unknown"};
    const Curations after = before.changed(wanted);
    CHECK(entries(after.synonyms) == "b=4 c=6");
    CHECK(entries(after.rules) == "a=3");
    CHECK(entries(before.synonyms) == "a=1 b=2");
    wanted.clear = true;
    wanted.put = {{"z", "7"}};
    CHECK(entries(after.changed(wanted).synonyms) == "z=7");
    CHECK(same(before, Curations().changed(before.as_change(synonym)).changed(before.as_change(rule))));
    CHECK_FALSE(same(before, after));
}

TEST_CASE("synonyms and rules are accepted at once, applied in a new snapshot, and kept over restarts") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        CHECK(catalog->curations("shop") == nullptr);
        append(*catalog, "shop", "1");
        settle(*catalog);
        const auto before = catalog->snapshot("shop");
        CHECK(before->curations == no_curations());
        change(*catalog, "shop", put(synonym, {{"s1", R"({"objectID":"s1"})"}, {"s2", R"({"objectID":"s2"})"}}));
        CHECK(accepted(*catalog, "shop", synonym) == R"(s1={"objectID":"s1"} s2={"objectID":"s2"})");
        change(*catalog, "shop", put(rule, {{"r", R"({"objectID":"r"})"}}));
        settle(*catalog);
        const auto after = catalog->snapshot("shop");
        CHECK(after->generation != before->generation);
        CHECK(after->segments == before->segments);
        CHECK(applied(*catalog, "shop", synonym) == accepted(*catalog, "shop", synonym));
        CHECK(applied(*catalog, "shop", rule) == R"(r={"objectID":"r"})");
        CurationChange removal;
        removal.remove = {"s1"};
        change(*catalog, "shop", removal);
        settle(*catalog);
        append(*catalog, "shop", "2");
        settle(*catalog);
        CHECK(catalog->snapshot("shop")->curations->synonyms.size() == 1);
        CHECK(findings(*catalog) == std::vector<std::string>{});
    }
    const auto catalog = open_catalog(scratch.path());
    CHECK(accepted(*catalog, "shop", synonym) == R"(s2={"objectID":"s2"})");
    CHECK(applied(*catalog, "shop", synonym) == R"(s2={"objectID":"s2"})");
    CHECK(applied(*catalog, "shop", rule) == R"(r={"objectID":"r"})");
    CHECK(findings(*catalog) == std::vector<std::string>{});
}

TEST_CASE("what was acknowledged is answered and applied after a restart") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path(), false);
        change(*catalog, "shop", put(rule, {{"a", "{}"}, {"b", "{}"}}));
        CurationChange next = put(rule, {{"c", "{}"}});
        next.remove = {"a"};
        change(*catalog, "shop", next);
        CHECK(accepted(*catalog, "shop", rule) == "b={} c={}");
        CHECK(applied(*catalog, "shop", rule).empty());
    }
    {
        const auto catalog = open_catalog(scratch.path(), false);
        CHECK(accepted(*catalog, "shop", rule) == "b={} c={}");
    }
    for (int round = 0; round < 2; ++round) {
        const auto catalog = open_catalog(scratch.path());
        CHECK(accepted(*catalog, "shop", rule) == "b={} c={}");
        settle(*catalog);
        CHECK(applied(*catalog, "shop", rule) == "b={} c={}");
        CHECK(findings(*catalog) == std::vector<std::string>{});
    }
}

TEST_CASE("a clear and an indexing anew keep synonyms and rules") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        append(*catalog, "shop", "1");
        change(*catalog, "shop", put(synonym, {{"s", "{}"}}));
        change(*catalog, "shop", put(rule, {{"r", "{}"}}));
        REQUIRE(catalog->change_settings("shop", {{"searchableAttributes", boost::json::array{"name"}}}));
        settle(*catalog);
        CHECK(applied(*catalog, "shop", synonym) == "s={}");
        REQUIRE(catalog->append("shop", {{Action::clear, {}, {}}}));
        settle(*catalog);
        CHECK(catalog->snapshot("shop")->records == 0);
        CHECK(applied(*catalog, "shop", rule) == "r={}");
        REQUIRE(catalog->change_settings("shop", {{"searchableAttributes", boost::json::array{"name", "text"}}}));
        append(*catalog, "shop", "2");
        settle(*catalog);
        CHECK(applied(*catalog, "shop", rule) == "r={}");
    }
    const auto catalog = open_catalog(scratch.path());
    CHECK(applied(*catalog, "shop", synonym) == "s={}");
    CHECK(applied(*catalog, "shop", rule) == "r={}");
}

TEST_CASE("copies and moves take synonyms and rules along as they were accepted") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        append(*catalog, "shop", "1");
        change(*catalog, "shop", put(synonym, {{"s", "{}"}}));
        change(*catalog, "shop", put(rule, {{"r", "{}"}}));
        REQUIRE(catalog->copy_index("shop", "copy", {}));
        CHECK(accepted(*catalog, "copy", rule) == "r={}");
        change(*catalog, "copy", put(rule, {{"own", "{}"}}));
        REQUIRE(catalog->copy_index("copy", "second", {}));  // of a copy that may not be there yet
        change(*catalog, "shop", put(rule, {{"later", "{}"}}));

        change(*catalog, "parts", put(synonym, {{"gone", "{}"}}));
        change(*catalog, "parts", put(rule, {{"stays", "{}"}}));
        REQUIRE(catalog->copy_index("shop", "parts", {"synonyms"}));
        CHECK(accepted(*catalog, "parts", synonym) == "s={}");
        CHECK(accepted(*catalog, "parts", rule) == "stays={}");
        REQUIRE(catalog->copy_index("shop", "rules", {"rules", "settings"}));
        REQUIRE(catalog->move_index("shop", "moved"));
        if (writers) settle(*catalog);
    }
    if (!writers) {
        const auto catalog = open_catalog(scratch.path(), false);
        CHECK(accepted(*catalog, "copy", rule) == "own={} r={}");
        CHECK(accepted(*catalog, "second", rule) == "own={} r={}");
        CHECK(accepted(*catalog, "second", synonym) == "s={}");
        CHECK(accepted(*catalog, "moved", rule) == "later={} r={}");
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    for (const auto& read : {accepted, applied}) {
        CHECK(read(*catalog, "copy", rule) == "own={} r={}");
        CHECK(read(*catalog, "copy", synonym) == "s={}");
        CHECK(read(*catalog, "second", rule) == "own={} r={}");
        CHECK(read(*catalog, "second", synonym) == "s={}");
        CHECK(read(*catalog, "parts", synonym) == "s={}");
        CHECK(read(*catalog, "parts", rule) == "stays={}");
        CHECK(read(*catalog, "rules", rule) == "later={} r={}");
        CHECK(read(*catalog, "rules", synonym).empty());
        CHECK(read(*catalog, "moved", rule) == "later={} r={}");
        CHECK(read(*catalog, "moved", synonym) == "s={}");
        CHECK(read(*catalog, "shop", synonym) == "no index");
    }
    CHECK(findings(*catalog) == std::vector<std::string>{});
}

TEST_CASE("a copy that waits is opened after what it is a copy of, whatever their numbers") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path(), false);
        for (int i = 1; i <= 9; ++i) append(*catalog, "index" + std::to_string(i), "1");
        change(*catalog, "index9", put(rule, {{"r", "{}"}}));
        REQUIRE(catalog->copy_index("index9", "copy", {}));  // 10 comes before 9 where numbers are texts
    }
    const auto catalog = open_catalog(scratch.path(), false);
    CHECK(accepted(*catalog, "copy", rule) == "r={}");
}

TEST_CASE("replacing all objects keeps synonyms and rules") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    append(*catalog, "shop", "old");
    change(*catalog, "shop", put(synonym, {{"s", "{}"}}));
    change(*catalog, "shop", put(rule, {{"r", "{}"}}));
    const std::vector<std::string> scope{"settings", "rules", "synonyms"};
    REQUIRE(catalog->copy_index("shop", "shop_tmp", scope));
    append(*catalog, "shop_tmp", "new");
    REQUIRE(catalog->copy_index("shop", "shop_tmp", scope));
    REQUIRE(catalog->move_index("shop_tmp", "shop"));
    settle(*catalog);
    CHECK(applied(*catalog, "shop", synonym) == "s={}");
    CHECK(applied(*catalog, "shop", rule) == "r={}");
    CHECK(catalog->snapshot("shop")->records == 1);
}

TEST_CASE("limits of curations refuse the whole change and name themselves") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path(), false);
    CurationChange many;
    for (std::size_t i = 0; i < limits::synonyms_max; ++i) many.put.emplace_back(std::to_string(i), "{}");
    change(*catalog, "shop", many);
    const auto refused = catalog->change_curations("shop", put(synonym, {{"one more", "{}"}}));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::bad_request);
    CHECK(refused.error().what == "The index would have 10001 synonyms; 10000 are allowed");
    CHECK(catalog->curations("shop")->synonyms.size() == limits::synonyms_max);
    change(*catalog, "shop", put(synonym, {{"7", R"({"again":true})"}}));
    CHECK(catalog->change_curations("new", put(rule, {{"", "{}"}})).error().code == Errc::bad_request);
    CHECK(catalog->change_curations("new", put(rule, {{std::string(limits::object_id_bytes_max + 1, 'x'), "{}"}}))
              .error().code == Errc::bad_request);
    CHECK(catalog->curations("new") == nullptr);  // a refused change makes no index
    change(*catalog, "new", put(rule, {{std::string(limits::object_id_bytes_max, '\xC3'), "{}"}}));
}

TEST_CASE("the longest ids, with any bytes, are keys of their own in Xapian") {
    const Scratch scratch;
    const std::string nuls(limits::object_id_bytes_max, '\0');
    const std::string longest(limits::object_id_bytes_max, 'x');
    {
        const auto catalog = open_catalog(scratch.path());
        change(*catalog, "shop", put(synonym, {{nuls, "[1]"}, {longest, "[2]"}}));
        change(*catalog, "shop", put(rule, {{nuls, "[3]"}}));
        settle(*catalog);
    }
    const auto catalog = open_catalog(scratch.path());
    CHECK(*catalog->snapshot("shop")->curations->synonyms.find(nuls)->second == "[1]");
    CHECK(*catalog->snapshot("shop")->curations->synonyms.find(longest)->second == "[2]");
    CHECK(*catalog->snapshot("shop")->curations->rules.find(nuls)->second == "[3]");
}

TEST_CASE("check names a rule that is damaged on disk") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        change(*catalog, "shop", put(rule, {{"r", "{}"}}));
        settle(*catalog);
    }
    {
        Xapian::WritableDatabase database(scratch.path() + "/indexes/1/0", Xapian::DB_OPEN);
        database.set_metadata("curation/rule/r", R"({"objectID":)");
        database.commit();
    }
    CatalogOptions options;
    options.directory = scratch.path();
    options.read_only = true;
    const auto catalog = Catalog::open(options);
    REQUIRE(catalog);
    CHECK(findings(**catalog) == std::vector<std::string>{R"(index "shop" (indexes/1): the rule "r" is no JSON object)"});
}
