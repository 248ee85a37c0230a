// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/catalog.h"

#include "index/directory.h"
#include "index/segment_body.h"
#include "index/union_cache.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include <boost/json.hpp>
#include <fmt/format.h>

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

Operation put(const std::string& id, const std::string& name, int price = 1) {
    return {Action::put_object, id, fmt::format(R"({{"objectID":"{}","name":"{}","price":{}}})", id, name, price)};
}

TaskId append(Catalog& catalog, const std::string& name, std::vector<Operation> operations) {
    auto task = catalog.append(name, std::move(operations));
    INFO((task.has_error() ? task.error().what : std::string()));
    REQUIRE(task.has_value());
    return *task;
}

void settle(Catalog& catalog) { REQUIRE(catalog.wait_for_tasks(20s)); }

/// All records of a name as objectID -> JSON.
std::map<std::string, std::string> contents(const Catalog& catalog, const std::string& name) {
    for (int tries = 0; tries < 20; ++tries) {
        const auto snapshot = catalog.snapshot(name);
        std::map<std::string, std::string> records;
        if (!snapshot) return records;
        std::vector<Ordinal> ordinals;
        for (Ordinal i = 0; i < snapshot->columns.size(); ++i)
            if (!snapshot->deleted(i)) ordinals.push_back(i);
        const auto json = catalog.records(name, *snapshot, ordinals);
        if (!json) {
            REQUIRE(json.error().code == Errc::stale_snapshot);
            continue;
        }
        for (const std::string& record : *json) {
            const auto parsed = boost::json::parse(record);
            records.emplace(std::string(parsed.as_object().at("objectID").as_string().c_str()), record);
        }
        REQUIRE(records.size() == snapshot->records);
        return records;
    }
    FAIL("the snapshot was stale twenty times");
    return {};
}

std::size_t found(const Catalog& catalog, const std::string& name, const std::string& word) {
    const auto snapshot = catalog.snapshot(name);
    if (!snapshot) return 0;
    std::size_t count = 0;
    for (const auto& segment : snapshot->segments)
        for (const Ordinal ordinal : segment->word(word).ordinals)
            if (!snapshot->deleted(ordinal)) ++count;
    return count;
}

std::size_t check(Catalog& catalog) {
    std::string lines;
    const auto findings = catalog.check([&](const std::string& line) { lines += line + "\n"; });
    REQUIRE(findings.has_value());
    UNSCOPED_INFO(lines);
    return *findings;
}

}  // namespace

TEST_CASE("an appended record is found by its words, by its objectID, and comes back as it was") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    const TaskId task = append(*catalog, "shop", {put("a", "red shoe"), put("b", "blue shoe")});
    settle(*catalog);
    CHECK(catalog->task(task).value() == TaskState::published);
    CHECK(catalog->task(task + 1).error().code == Errc::not_found);
    CHECK(catalog->task(0).error().code == Errc::not_found);
    CHECK(found(*catalog, "shop", "shoe") == 2);
    CHECK(found(*catalog, "shop", "red") == 1);
    const auto snapshot = catalog->snapshot("shop");
    const auto ordinal = catalog->find_object("shop", *snapshot, "b");
    REQUIRE(ordinal.has_value());
    REQUIRE(ordinal->has_value());
    const std::vector<Ordinal> one{**ordinal};
    CHECK(catalog->records("shop", *snapshot, one).value().front() ==
          R"({"objectID":"b","name":"blue shoe","price":1})");
    CHECK_FALSE(catalog->find_object("shop", *snapshot, "c").value().has_value());
    CHECK(catalog->snapshot("nothing") == nullptr);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("what was acknowledged and not applied is applied after a restart, once") {
    const Scratch scratch;
    TaskId last = 0;
    {
        const auto catalog = open_catalog(scratch.path(), false);  // accepts, never applies: as if killed right after
        append(*catalog, "shop", {put("a", "red shoe"), put("b", "blue shoe")});
        append(*catalog, "shop",
               {{Action::partial_update, "a", R"({"price":{"_operation":"Increment","value":5}})"}});
        append(*catalog, "shop", {{Action::delete_object, "b", {}}});
        last = append(*catalog, "other", {put("x", "hat")});
        CHECK(catalog->task(last).value() == TaskState::not_published);
        CHECK(catalog->snapshot("shop")->records == 0);
        CHECK_FALSE(catalog->wait_for_tasks(10ms));
    }
    for (int round = 0; round < 3; ++round) {
        const auto catalog = open_catalog(scratch.path());
        settle(*catalog);
        CHECK(contents(*catalog, "shop") ==
              std::map<std::string, std::string>{{"a", R"({"objectID":"a","name":"red shoe","price":6})"}});
        CHECK(contents(*catalog, "other").size() == 1);
        CHECK(catalog->task(last).value() == TaskState::published);
        CHECK(catalog->task(last + 1).error().code == Errc::not_found);
        CHECK(check(*catalog) == 0);
    }
}

TEST_CASE("log entries that outlive their removal change nothing") {
    const Scratch scratch;
    std::vector<std::pair<std::string, std::string>> entries;
    {
        const auto catalog = open_catalog(scratch.path(), false);
        append(*catalog, "shop", {put("a", "shoe", 1)});
        append(*catalog, "shop", {{Action::partial_update, "a", R"({"price":{"_operation":"Increment","value":1}})"}});
        REQUIRE(catalog->store().scan(Family::operations, {}, {}, [&](std::string_view key, std::string_view value) {
            entries.emplace_back(key, value);
            return true;
        }));
        REQUIRE(entries.size() == 2);
    }
    const std::map<std::string, std::string> expected{{"a", R"({"objectID":"a","name":"shoe","price":2})"}};
    for (int round = 0; round < 3; ++round) {
        {
            const auto catalog = open_catalog(scratch.path());
            settle(*catalog);
            CHECK(contents(*catalog, "shop") == expected);
        }
        const auto store = Store::open(scratch.path()).value();
        std::size_t left = 0;
        REQUIRE(store->scan(Family::operations, {}, {}, [&](std::string_view, std::string_view) { return ++left, true; }));
        CHECK(left == 0);
        StoreBatch batch;  // as after a power cut that took the unsynced removal back
        for (const auto& [key, value] : entries) batch.put(Family::operations, key, value);
        REQUIRE(store->write(std::move(batch)));
    }
}

TEST_CASE("updates that keep the words, change them, or change nothing give the same as a fresh index") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    REQUIRE(catalog->change_settings("shop", boost::json::parse(R"({"attributesForFaceting":["colour","size"]})")
                                                 .as_object()));
    std::map<std::string, std::string> model;
    std::mt19937 random(7);
    const std::vector<std::string> words{"red", "blue", "green", "shoe", "shoe shoe", "hat", "coat"};
    for (int round = 0; round < 30; ++round) {
        std::vector<Operation> operations;
        for (int i = 0; i < 20; ++i) {
            const std::string id = std::to_string(random() % 40);
            if (random() % 5 == 0) {
                operations.push_back({Action::delete_object, id, {}});
                model.erase(id);
                continue;
            }
            const std::string json =
                fmt::format(R"({{"objectID":"{}","name":"{} {}","colour":"{}","size":[{},{}],"price":{}}})", id,
                            words[random() % words.size()], words[random() % words.size()], words[random() % 3],
                            random() % 4, random() % 4 + 4, static_cast<double>(random() % 100) * 0.25);
            operations.push_back({Action::put_object, id, json});
            model[id] = json;
        }
        append(*catalog, "shop", std::move(operations));
        if (round % 7 == 0) settle(*catalog);
    }
    settle(*catalog);
    CHECK(contents(*catalog, "shop") == model);
    CHECK(check(*catalog) == 0);
    const auto list = catalog->list();
    REQUIRE(list.size() == 1);
    std::size_t bytes = 0;
    for (const auto& [id, json] : model) bytes += json.size();
    CHECK(list[0].data_bytes == bytes);
    CHECK(list[0].entries == model.size());
    CHECK(list[0].pending_tasks == 0);
}

TEST_CASE("a clear empties the index and keeps its settings, in the middle of a batch too") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        REQUIRE(catalog->change_settings("shop", {{"hitsPerPage", 7}}));
        append(*catalog, "shop", {put("a", "shoe"), put("b", "shoe")});
        settle(*catalog);
        append(*catalog, "shop", {put("c", "shoe"), {Action::clear, {}, {}}, put("d", "hat")});
        append(*catalog, "shop", {{Action::clear, {}, {}}, put("e", "hat"), {Action::clear, {}, {}}, put("f", "coat")});
        settle(*catalog);
        CHECK(contents(*catalog, "shop").size() == 1);
        CHECK(found(*catalog, "shop", "coat") == 1);
        CHECK(found(*catalog, "shop", "hat") == 0);
        CHECK(catalog->snapshot("shop")->settings->hits_per_page == 7);
        CHECK(check(*catalog) == 0);
    }
    const auto catalog = open_catalog(scratch.path());
    CHECK(contents(*catalog, "shop").count("f") == 1);
    CHECK(catalog->snapshot("shop")->settings->hits_per_page == 7);
}

TEST_CASE("settings are merged as accepted, and one that needs it indexes all records again while writes go on") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        std::vector<Operation> records;
        for (int i = 0; i < 300; ++i) records.push_back(put(std::to_string(i), fmt::format("shoe{} red", i), i));
        append(*catalog, "shop", std::move(records));
        settle(*catalog);
        CHECK(found(*catalog, "shop", "red") == 300);
        REQUIRE(catalog->change_settings("shop", {{"searchableAttributes", boost::json::array{"brand"}}}));
        REQUIRE(catalog->change_settings("shop", {{"hitsPerPage", 3}}));
        CHECK(catalog->settings("shop")->hits_per_page == 3);
        CHECK(catalog->settings("shop")->searchable_attributes.size() == 1);
        append(*catalog, "shop", {put("later", "red")});
        settle(*catalog);
        CHECK(found(*catalog, "shop", "red") == 0);
        CHECK(catalog->snapshot("shop")->records == 301);
        REQUIRE(catalog->change_settings("shop", {{"attributesForFaceting", boost::json::array{"name"}},
                                                  {"searchableAttributes", nullptr}}));
        append(*catalog, "shop", {{Action::delete_object, "0", {}}, put("1", "green")});
        settle(*catalog);
        CHECK(found(*catalog, "shop", "red") == 299);
        CHECK(catalog->snapshot("shop")->columns.find_facet("name").has_value());
        CHECK(check(*catalog) == 0);
    }
    const auto catalog = open_catalog(scratch.path());
    CHECK(found(*catalog, "shop", "red") == 299);
    CHECK(catalog->settings("shop")->hits_per_page == 3);
    CHECK(catalog->change_settings("shop", {{"hitsPerPage", "many"}}).error().code == Errc::bad_request);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("a delete frees the name at once, and what comes after it lands in a new index") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        CHECK(catalog->delete_index("shop").has_value());  // missing: no error
        append(*catalog, "shop", {put("a", "old shoe")});
        if (writers) settle(*catalog);
        REQUIRE(catalog->delete_index("shop"));
        CHECK(catalog->settings("shop") == nullptr);
        append(*catalog, "shop", {put("b", "new shoe")});
        REQUIRE(catalog->delete_index("shop"));
        append(*catalog, "shop", {put("c", "newest shoe")});
        if (writers) settle(*catalog);
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    CHECK(contents(*catalog, "shop").size() == 1);
    CHECK(found(*catalog, "shop", "newest") == 1);
    REQUIRE(catalog->delete_index("shop"));
    settle(*catalog);
    CHECK(catalog->snapshot("shop") == nullptr);
    CHECK(catalog->list().empty());
    catalog->stop();
    CHECK(std::filesystem::is_empty(scratch.path() + "/indexes"));
}

TEST_CASE("a move switches searches whole; writes before it and behind it land where they were sent") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        append(*catalog, "shop", {put("old", "old shoe")});
        append(*catalog, "shop_tmp", {put("a", "new shoe")});
        const TaskId move = catalog->move_index("shop_tmp", "shop").value();
        const TaskId behind = append(*catalog, "shop", {put("b", "new hat")});  // goes to the moved index
        CHECK(behind > move);
        append(*catalog, "shop_tmp", {put("x", "other")});  // the source's name is free for a new index
        CHECK(catalog->move_index("nowhere", "shop").has_value());
        if (writers) {
            settle(*catalog);
            CHECK(catalog->task(move).value() == TaskState::published);
        } else {
            CHECK(catalog->snapshot("shop")->records == 0);
        }
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    const auto shop = contents(*catalog, "shop");
    CHECK(shop.size() == 2);
    CHECK(shop.count("old") == 0);
    CHECK(contents(*catalog, "shop_tmp").count("x") == 1);
    CHECK(contents(*catalog, "shop_tmp").size() == 1);
    CHECK(catalog->list().size() == 2);
    CHECK(check(*catalog) == 0);
    catalog->stop();
    std::size_t directories = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(scratch.path() + "/indexes"))
        ++directories;
    CHECK(directories == 2);
}

TEST_CASE("searches see the old or the new index during moves, never neither and never a mixture") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    const auto fill = [&](const std::string& name, int version) {
        std::vector<Operation> records;
        for (int i = 0; i < 10; ++i) records.push_back(put(std::to_string(i), fmt::format("version{}", version)));
        append(*catalog, name, std::move(records));
    };
    fill("shop", 0);
    settle(*catalog);
    std::atomic<bool> done = false;
    std::atomic<int> mixtures = 0;
    std::atomic<int> reads = 0;
    std::thread reader([&] {
        while (!done) {
            const auto snapshot = catalog->snapshot("shop");
            if (!snapshot || snapshot->records != 10) {
                ++mixtures;
                continue;
            }
            int versions = 0;
            for (int version = 0; version <= 8; ++version)
                for (const auto& segment : snapshot->segments)
                    if (segment->word(fmt::format("version{}", version)).size() != 0) ++versions;
            if (versions != 1) ++mixtures;
            ++reads;
        }
    });
    for (int version = 1; version <= 8; ++version) {
        fill("tmp", version);
        REQUIRE(catalog->move_index("tmp", "shop"));
        if (version % 3 == 0) settle(*catalog);
    }
    settle(*catalog);
    done = true;
    reader.join();
    CHECK(mixtures == 0);
    CHECK(reads > 0);
    CHECK(found(*catalog, "shop", "version8") == 10);
    CHECK(catalog->list().size() == 1);
}

TEST_CASE("a copy holds what was accepted before it and nothing of what came after") {
    const Scratch scratch;
    const bool writers = GENERATE(true, false);
    {
        const auto catalog = open_catalog(scratch.path(), writers);
        REQUIRE(catalog->change_settings("shop", {{"hitsPerPage", 9}}));
        append(*catalog, "shop", {put("a", "shoe")});
        append(*catalog, "copy", {put("old", "hat")});  // is overwritten
        REQUIRE(catalog->copy_index("shop", "copy", {}));
        CHECK(catalog->settings("copy")->hits_per_page == 9);
        append(*catalog, "shop", {put("b", "only in the source")});
        append(*catalog, "copy", {put("c", "only in the copy")});
        REQUIRE(catalog->copy_index("copy", "second", {}));  // of a copy that may not be there yet
        REQUIRE(catalog->delete_index("shop"));
        REQUIRE(catalog->copy_index("missing", "empty", {}));
        if (writers) settle(*catalog);
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    for (const std::string name : {"copy", "second"}) {
        const auto copy = contents(*catalog, name);
        CHECK(copy.size() == 2);
        CHECK(copy.count("a") == 1);
        CHECK(copy.count("c") == 1);
        CHECK(catalog->snapshot(name)->settings->hits_per_page == 9);
    }
    CHECK(catalog->snapshot("shop") == nullptr);
    CHECK(catalog->snapshot("empty")->records == 0);
    CHECK(check(*catalog) == 0);
    // A copy of nothing empties what is there.
    REQUIRE(catalog->copy_index("missing", "copy", {}));
    append(*catalog, "copy", {put("z", "after")});
    settle(*catalog);
    CHECK(contents(*catalog, "copy").size() == 1);
}

TEST_CASE("replacing all objects as the clients do it: copy the settings, fill, copy again, move") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    REQUIRE(catalog->change_settings("shop", {{"customRanking", boost::json::array{"desc(price)"}}}));
    append(*catalog, "shop", {put("a", "shoe"), put("b", "hat")});
    const std::vector<std::string> scope{"settings", "rules", "synonyms"};
    REQUIRE(catalog->copy_index("shop", "shop_tmp_1", scope));
    append(*catalog, "shop_tmp_1", {put("c", "coat", 3)});
    REQUIRE(catalog->copy_index("shop", "shop_tmp_1", scope));
    REQUIRE(catalog->move_index("shop_tmp_1", "shop"));
    settle(*catalog);
    CHECK(contents(*catalog, "shop").size() == 1);
    CHECK(catalog->snapshot("shop")->settings->custom_ranking.size() == 1);
    CHECK(catalog->snapshot("shop_tmp_1") == nullptr);
    CHECK(catalog->copy_index("shop", "x", {"everything"}).error().code == Errc::bad_request);
}

TEST_CASE("deleteByQuery sees everything accepted before it and nothing behind it") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path(), false);
        append(*catalog, "shop", {put("a", "red"), put("b", "blue")});
        append(*catalog, "shop", {put("c", "red"), {Action::delete_by_query, {}, "red"}, put("d", "red")});
    }
    const auto catalog = open_catalog(scratch.path());
    // The log may ask before the engine is there: the writer waits for it.
    std::this_thread::sleep_for(50ms);
    catalog->set_selector([](const Snapshot& snapshot, std::string_view body) -> Result<std::vector<Ordinal>> {
        if (body == "wrong") return Error{Errc::bad_request, "wrong"};
        std::vector<Ordinal> ordinals;
        for (const auto& segment : snapshot.segments)
            for (const Ordinal ordinal : segment->word(body).ordinals) ordinals.push_back(ordinal);
        return ordinals;
    });
    settle(*catalog);
    const auto left = contents(*catalog, "shop");
    CHECK(left.size() == 2);
    CHECK(left.count("b") == 1);
    CHECK(left.count("d") == 1);
    append(*catalog, "shop", {{Action::delete_by_query, {}, "wrong"}, put("e", "blue")});
    settle(*catalog);
    CHECK(contents(*catalog, "shop").size() == 3);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("several indices are written in one go, or none of them") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    std::vector<std::pair<std::string, std::vector<Operation>>> many;
    many.emplace_back("one", std::vector{put("a", "shoe")});
    many.emplace_back("two", std::vector{put("b", "hat")});
    many.emplace_back("one", std::vector{put("c", "coat")});
    const auto tasks = catalog->append_many(many);
    REQUIRE(tasks.has_value());
    CHECK(tasks->size() == 3);
    settle(*catalog);
    CHECK(contents(*catalog, "one").size() == 2);
    CHECK(contents(*catalog, "two").size() == 1);
    many.emplace_back("", std::vector{put("d", "hat")});
    CHECK(catalog->append_many(many).error().code == Errc::bad_request);
    CHECK(catalog->append("x", {{Action::delete_index, {}, {}}}).error().code == Errc::bad_request);
    CHECK(catalog->append("a\nb", {put("a", "b")}).error().code == Errc::bad_request);
    CHECK(catalog->append(std::string(257, 'x'), {put("a", "b")}).error().code == Errc::bad_request);
    CHECK(catalog->snapshot("x") == nullptr);
}

TEST_CASE("a data directory has one process at a time") {
    const Scratch scratch;
    const auto first = open_catalog(scratch.path());
    CatalogOptions options;
    options.directory = scratch.path();
    const auto second = Catalog::open(options);
    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().what.find(scratch.path()) != std::string::npos);
}

TEST_CASE("a stopped server's data is read without being touched") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        append(*catalog, "shop", {put("a", "shoe")});
        settle(*catalog);
    }
    CatalogOptions options;
    options.directory = scratch.path();
    options.read_only = true;
    const auto opened = Catalog::open(options);
    REQUIRE(opened.has_value());
    CHECK(contents(**opened, "shop").size() == 1);
    CHECK(check(**opened) == 0);
    CHECK((*opened)->append("shop", {put("b", "hat")}).error().code == Errc::unavailable);
    const auto beside = Catalog::open(options);  // readers do not mind each other
    CHECK(beside.has_value());
    options.directory += "/nothing-here";
    CHECK(Catalog::open(options).has_error());
}

TEST_CASE("a damaged Xapian directory is named when the catalog is opened") {
    const Scratch scratch;
    {
        const auto catalog = open_catalog(scratch.path());
        append(*catalog, "shop", {put("a", "shoe")});
        settle(*catalog);
    }
    const std::string path = scratch.path() + "/indexes/1/0";
    REQUIRE(std::filesystem::exists(path + "/iamglass"));
    const bool missing = GENERATE(true, false);
    if (missing) std::filesystem::remove(path + "/iamglass");
    else std::filesystem::resize_file(path + "/iamglass", 8);
    CatalogOptions options;
    options.directory = scratch.path();
    const auto opened = Catalog::open(options);
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == Errc::corrupt);
    CHECK(opened.error().what.find("indexes/1/0") != std::string::npos);
}

TEST_CASE("readers go on while the writer is busy, and no record is ever wrong") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    constexpr int ids = 40;
    const auto write = [&](int version) {
        std::vector<Operation> records;
        for (int i = 0; i < ids; ++i)
            records.push_back(put(std::to_string(i), fmt::format("thing{} word{}", i, (version + i) % 3), version));
        append(*catalog, "shop", std::move(records));
    };
    write(0);
    settle(*catalog);
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::atomic<int> stale = 0;
    std::atomic<int> good = 0;
    std::vector<std::thread> readers;
    for (unsigned reader = 0; reader < 3; ++reader)
        readers.emplace_back([&, reader] {
            std::mt19937 random(reader);
            while (!done) {
                const auto snapshot = catalog->snapshot("shop");
                const std::string id = std::to_string(random() % ids);
                const auto ordinal = catalog->find_object("shop", *snapshot, id);
                if (ordinal.has_error() || !ordinal->has_value()) {
                    (ordinal.has_error() && ordinal.error().code == Errc::stale_snapshot ? stale : wrong)++;
                    continue;
                }
                const std::vector<Ordinal> one{**ordinal};
                const auto record = catalog->records("shop", *snapshot, one);
                if (record.has_error()) (record.error().code == Errc::stale_snapshot ? stale : wrong)++;
                else (record->front().find("\"" + id + "\"") != std::string::npos ? good : wrong)++;
            }
        });
    for (int version = 1; version <= 25; ++version) {
        write(version);
        std::this_thread::sleep_for(30ms);
    }
    settle(*catalog);
    done = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(wrong == 0);
    CHECK(good > 0);
    CHECK(check(*catalog) == 0);
}

TEST_CASE("clients of many threads lose nothing, and tasks of one index grow in the order of its log") {
    const Scratch scratch;
    constexpr int threads = 6;
    constexpr int appends = 30;
    {
        const auto catalog = open_catalog(scratch.path());
        std::vector<std::thread> clients;
        std::atomic<int> failed = 0;
        for (int thread = 0; thread < threads; ++thread)
            clients.emplace_back([&, thread] {
                TaskId last = 0;
                for (int i = 0; i < appends; ++i) {
                    const std::string id = fmt::format("{}-{}", thread, i);
                    const auto task = catalog->append(i % 3 == 0 ? "second" : "first", {put(id, "shoe")});
                    if (task.has_error() || *task <= last) ++failed;
                    else last = *task;
                }
            });
        for (std::thread& client : clients) client.join();
        CHECK(failed == 0);
    }
    const auto catalog = open_catalog(scratch.path());
    settle(*catalog);
    CHECK(contents(*catalog, "first").size() + contents(*catalog, "second").size() == threads * appends);
}

TEST_CASE("the listener hears of each snapshot under the name it is searched by") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    std::mutex mutex;
    std::map<std::string, std::uint32_t> heard;
    catalog->set_listener([&](const std::string& name, const Snapshot& snapshot) {
        const std::lock_guard guard(mutex);
        heard[name] = snapshot.records;
    });
    append(*catalog, "shop", {put("a", "shoe")});
    append(*catalog, "tmp", {put("a", "shoe"), put("b", "hat")});
    settle(*catalog);
    REQUIRE(catalog->move_index("tmp", "shop"));
    settle(*catalog);
    const std::lock_guard guard(mutex);
    CHECK(heard == std::map<std::string, std::uint32_t>{{"shop", 2}, {"tmp", 2}});
}

TEST_CASE("an index that is moved over another has the unions that searches of it use") {
    const Scratch scratch;
    const auto catalog = open_catalog(scratch.path());
    std::vector<Operation> records;
    for (int i = 0; i < 6'000; ++i) records.push_back(put(std::to_string(i), "shoe"));
    append(*catalog, "shop", records);
    settle(*catalog);
    const auto before = catalog->snapshot("shop");
    for (const auto& segment : before->segments) (void)segment->prefix("sh");
    append(*catalog, "tmp", records);
    REQUIRE(catalog->move_index("tmp", "shop"));
    settle(*catalog);
    const auto after = catalog->snapshot("shop");
    REQUIRE(after->segments.size() == 1);
    REQUIRE(after->segments[0] != before->segments[0]);
    const auto kept = UnionCache::process().kept(after->segments[0]->body().number);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].asked == "sh");
    CHECK(after->segments[0]->prefix("sh")->ordinals.size() == 6'000);
}
