// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/check.h"

#include "index/catalog.h"
#include "index/loader.h"
#include "index/writer.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <functional>

#include <fmt/format.h>

using namespace penchant;

namespace {

/// A data directory with one index of fifty records, stopped.
void fill(const std::string& directory) {
    CatalogOptions options;
    options.directory = directory;
    const auto catalog = Catalog::open(options).value();
    REQUIRE(catalog->change_settings("shop", {{"attributesForFaceting", boost::json::array{"colour"}}}));
    std::vector<Operation> records;
    for (int i = 0; i < 50; ++i)
        records.push_back({Action::put_object, std::to_string(i),
                           fmt::format(R"({{"objectID":"{}","name":"shoe {}","colour":"c{}","price":{}}})", i, i % 7,
                                       i % 3, i)});
    REQUIRE(catalog->append("shop", std::move(records)));
    REQUIRE(catalog->wait_for_tasks(std::chrono::seconds(20)));
}

std::vector<std::string> findings(const std::string& directory) {
    CatalogOptions options;
    options.directory = directory;
    options.read_only = true;
    std::vector<std::string> lines;
    const auto catalog = Catalog::open(options);
    if (!catalog) return {catalog.error().what};
    const auto count = (*catalog)->check([&](const std::string& line) { lines.push_back(line); });
    REQUIRE(count.has_value());
    CHECK(*count == lines.size());
    return lines;
}

bool mentions(const std::vector<std::string>& lines, const std::string& text) {
    for (const std::string& line : lines)
        if (line.find(text) != std::string::npos) return true;
    return false;
}

void damage(const std::string& directory, const std::function<void(Xapian::WritableDatabase&)>& change) {
    Xapian::WritableDatabase database(directory + "/indexes/1/0", Xapian::DB_OPEN);
    change(database);
    database.commit();
}

}  // namespace

TEST_CASE("a sound directory has no findings, and each planted damage has one that names it") {
    const Scratch scratch;
    fill(scratch.path());
    CHECK(findings(scratch.path()) == std::vector<std::string>{});

    SECTION("a record's JSON") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) {
            Xapian::Document document = database.get_document(7);
            std::string json = document.get_data();
            json[json.size() - 2] = '9';
            document.set_data(json);
            database.replace_document(7, document);
        });
        const auto lines = findings(scratch.path());
        CHECK(mentions(lines, "document 7: its content hash does not match"));
        CHECK(mentions(lines, "\"shop\""));
    }
    SECTION("a word that is in no record") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) {
            Xapian::Document document = database.get_document(3);
            document.add_term(std::string("Wghost\0\0\0\0", 10), 2);
            database.replace_document(3, document);
        });
        CHECK(mentions(findings(scratch.path()), "\"ghost\""));
    }
    SECTION("a word that is gone") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) {
            Xapian::Document document = database.get_document(3);
            for (Xapian::TermIterator at = document.termlist_begin(); at != document.termlist_end(); ++at) {
                if ((*at).rfind("Wshoe", 0) != 0) continue;
                document.remove_term(*at);
                break;
            }
            database.replace_document(3, document);
        });
        CHECK(mentions(findings(scratch.path()), "\"shoe\""));
    }
    SECTION("a record's columns") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) {
            Xapian::Document document = database.get_document(5);
            document.add_value(columns_slot, database.get_document(6).get_value(columns_slot));
            database.replace_document(5, document);
        });
        CHECK(mentions(findings(scratch.path()), "document 5: its values of \"colour\""));
    }
    SECTION("columns that are no columns") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) {
            Xapian::Document document = database.get_document(5);
            document.add_value(columns_slot, "\xFF\xFF");
            database.replace_document(5, document);
        });
        CHECK(mentions(findings(scratch.path()), "columns of document 5"));
    }
    SECTION("two records of one objectID") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) {
            Xapian::Document document = database.get_document(5);
            document.add_term(object_term("9"));
            database.replace_document(5, document);
        });
        CHECK(mentions(findings(scratch.path()), "objectID"));
    }
    SECTION("a sum of the metadata") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) { database.set_metadata("data_bytes", "1"); });
        CHECK(mentions(findings(scratch.path()), "the metadata says 1"));
    }
    SECTION("a log position from the future") {
        damage(scratch.path(), [](Xapian::WritableDatabase& database) { database.set_metadata("position", "99999"); });
        CHECK(mentions(findings(scratch.path()), "log position 99999"));
    }
}
