// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/xapian_reader.h"

#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <xapian.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

using namespace penchant;

namespace {

struct Home {
    Scratch scratch;
    std::shared_ptr<const XapianDirectory> directory;
    Xapian::WritableDatabase writer{scratch.path() + "/db", Xapian::DB_CREATE_OR_OPEN};

    Home() {
        for (int i = 0; i < 200; ++i) write();
        writer.commit();
        directory = std::make_shared<const XapianDirectory>(scratch.path() + "/db");
    }
    void write() {
        Xapian::Document document;
        document.set_data(std::string(300, 'x'));
        document.add_term("Q" + std::to_string(writer.get_lastdocid() + 1));
        writer.add_document(document);
    }
};

}  // namespace

TEST_CASE("what looks like damage is looked at again, and only what stays is reported") {
    const Home home;
    int calls = 0;
    const auto failing = [&](int failures) {
        calls = 0;
        return with_reader(home.directory, 1, [&, failures](const Xapian::Database& database) -> Result<void> {
            if (++calls <= failures) throw Xapian::DatabaseCorruptError("Expected block 244 to be level 2, not 0");
            CHECK(database.get_doccount() == 200);
            return {};
        });
    };
    CHECK(failing(0).has_value());
    CHECK(calls == 1);
    CHECK(failing(3).has_value());
    CHECK(calls == 4);
    const auto lasting = failing(1000);
    REQUIRE(lasting.has_error());
    CHECK(lasting.error().code == Errc::corrupt);
    CHECK(calls < 20);
}

TEST_CASE("a writer that moved on is followed; what is no matter of time is not tried again") {
    const Home home;
    int calls = 0;
    CHECK(with_reader(home.directory, 1, [&](const Xapian::Database&) -> Result<void> {
              if (++calls <= 3) throw Xapian::DatabaseModifiedError("moved on");
              return {};
          }).has_value());
    CHECK(calls == 4);
    calls = 0;
    const auto missing = with_reader(home.directory, 1, [&](const Xapian::Database&) -> Result<void> {
        ++calls;
        throw Xapian::DocNotFoundError("gone");
    });
    REQUIRE(missing.has_error());
    CHECK(missing.error().code == Errc::not_found);
    CHECK(calls == 1);
}

TEST_CASE("readers beside a writer that commits all the time see no damage") {
    Home home;
    std::atomic<bool> done = false;
    std::atomic<int> failed = 0;
    std::atomic<std::uint64_t> generation = 1;
    std::thread reader([&] {
        while (!done) {
            std::vector<DocumentId> documents;
            for (DocumentId id = 1; id <= 20; ++id) documents.push_back(id);
            const auto records = read_records(home.directory, generation, documents);
            if (!records.has_value() || records.value().size() != 20) ++failed;
        }
    });
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(700);
    while (std::chrono::steady_clock::now() < end) {
        for (int i = 0; i < 30; ++i) home.write();
        home.writer.replace_document(100, home.writer.get_document(101));
        home.writer.commit();
        ++generation;
    }
    done = true;
    reader.join();
    CHECK(failed == 0);
}
