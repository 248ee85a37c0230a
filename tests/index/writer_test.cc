// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/writer.h"

#include "index/check.h"
#include "index/limits.h"
#include "index/loader.h"
#include "index/record.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <cmath>
#include <random>

#include <fmt/format.h>

using namespace penchant;

namespace {

/// A store with facet value ids and a directory for one index.
struct Home {
    Scratch scratch;
    std::unique_ptr<Store> store = Store::open(scratch.path()).value();
    std::unique_ptr<FacetValueIds> ids = FacetValueIds::open(*store).value();
    std::string index = scratch.path() + "/index";

    SnapshotBuilder builder(const Settings& settings = {}) const {
        return {std::make_shared<const Settings>(settings),
                [this](std::string_view path, std::string_view value) { return ids->number(path, value); }};
    }
};

std::string record(const std::string& id, const std::string& rest) {
    return fmt::format(R"({{"objectID":"{}"{}{}}})", id, rest.empty() ? "" : ",", rest);
}

std::vector<std::string> differences(const Snapshot& snapshot, const Snapshot& expected) {
    std::vector<std::string> lines;
    compare_snapshots(snapshot, expected, [&](const std::string& line) { lines.push_back(line); });
    return lines;
}

AnalysedRecord analysed(const std::string& json, const Settings& settings = {}) {
    AttributeTable attributes;
    return analyse(parse_json(json).value(), settings, attributes);
}

}  // namespace

TEST_CASE("each place of a word is one term, word first, and comes back from the term and its wdf") {
    const AnalysedRecord taken =
        analysed(R"({"objectID":"1","a":"red red red red red red","b":["red","blue red"],"c":"red"})");
    std::vector<std::pair<std::string, Place>> places;
    for (const AnalysedWord& word : taken.words)
        for (const Place place : word.places) places.emplace_back(word.word, place);
    const auto terms = word_terms(taken);
    REQUIRE(terms.size() == places.size());
    CHECK(std::is_sorted(terms.begin(), terms.end()));
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const auto parts = read_word_term(terms[i].first);
        REQUIRE(parts.has_value());
        CHECK(parts->word == places[i].first);
        CHECK(parts->occurrence < limits::occurrences_per_word_max);
        CHECK(place_of_wdf(parts->attribute, terms[i].second) == places[i].second);
        CHECK(terms[i].second <= 0xFFFF);
    }
    CHECK_FALSE(read_word_term("Qred").has_value());
    CHECK_FALSE(read_word_term("W").has_value());
    CHECK_FALSE(read_word_term(std::string("Wred\1\0\0\0", 8)).has_value());
}

TEST_CASE("the longest objectID fits a term, NULs and all") {
    const std::string id(limits::object_id_bytes_max, '\0');
    CHECK(object_term(id).size() == id.size() + 1);
    CHECK(object_term(id).find('\0') == std::string::npos);
    CHECK(object_term("a") != object_term("b"));
}

TEST_CASE("packed columns come back as they were") {
    const Home home;
    const Settings settings =
        Settings()
            .merged(boost::json::object{{"attributesForFaceting", boost::json::array{"colour", "tags.deep"}},
                                        {"customRanking", boost::json::array{"asc(date)"}}})
            .value();
    NumberPaths paths;
    std::mt19937_64 random(5);
    const std::vector<double> odd{0.0,    -0.0, 1.5,  -1.5, 1e300, -1e-300, 2251799813685248.0, -2251799813685247.0,
                                  119.99, 3.0,  -7.0, 1e15, 4.9e-324};
    for (int round = 0; round < 200; ++round) {
        AnalysedRecord before;
        before.word_count = static_cast<std::uint32_t>(random() % 40'000);
        for (std::uint32_t attribute = 0; attribute < 2; ++attribute) {
            if (random() % 3 == 0) continue;
            before.facets.push_back({attribute, {}});
            for (std::uint64_t i = random() % 4 + 1; i != 0; --i)
                before.facets.back().values.push_back("value " + std::to_string(random() % 300));
        }
        if (random() % 2) before.tags = {"Tag", "tag", std::to_string(random())};
        for (int path = 0; path < 3; ++path) {
            if (random() % 3 == 0) continue;
            before.numbers.push_back({"path" + std::to_string(path), {}});
            for (std::uint64_t i = random() % 3 + 1; i != 0; --i)
                before.numbers.back().values.push_back(random() % 2 ? odd[random() % odd.size()]
                                                                    : static_cast<double>(random() % 100'000) / 100);
        }
        if (random() % 2) before.sort_values.push_back({"date", std::to_string(random())});
        const std::string bytes = pack_columns(before, settings, *home.ids, paths);
        ColumnsReader reader(settings, *home.ids, paths);
        AnalysedRecord after;
        REQUIRE(reader.read(bytes, after));
        CHECK(after.word_count == before.word_count);
        CHECK(after.tags == before.tags);
        REQUIRE(after.facets.size() == before.facets.size());
        for (std::size_t i = 0; i < after.facets.size(); ++i) {
            CHECK(after.facets[i].attribute == before.facets[i].attribute);
            CHECK(after.facets[i].values == before.facets[i].values);
        }
        REQUIRE(after.numbers.size() == before.numbers.size());
        for (std::size_t i = 0; i < after.numbers.size(); ++i) {
            CHECK(after.numbers[i].path == before.numbers[i].path);
            REQUIRE(after.numbers[i].values.size() == before.numbers[i].values.size());
            for (std::size_t j = 0; j < after.numbers[i].values.size(); ++j) {
                CHECK(after.numbers[i].values[j] == before.numbers[i].values[j]);
                CHECK(std::signbit(after.numbers[i].values[j]) == std::signbit(before.numbers[i].values[j]));
            }
        }
        REQUIRE(after.sort_values.size() == before.sort_values.size());
        // Cut anywhere, it is refused, and nothing else happens.
        for (std::size_t size = 0; size < bytes.size(); ++size)
            CHECK_FALSE(reader.read(std::string_view(bytes).substr(0, size), after));
        CHECK_FALSE(reader.read(bytes + "x", after));
    }
    CHECK(NumberPaths::from_json(paths.to_json()).paths() == paths.paths());
}

TEST_CASE("nothing is on disk before the commit, however much there is, and all of it afterwards") {
    Home home;
    constexpr int records = 12'000;  // more than Xapian would hold back by itself
    {
        auto writer = Writer::create(home.index, Settings(), *home.ids).value();
        SnapshotBuilder builder = home.builder();
        for (int i = 0; i < records; ++i) {
            const std::string id = std::to_string(i);
            REQUIRE(writer->put(id, record(id, R"("name":"shoe")"), builder));
        }
        CHECK(Xapian::Database(home.index).get_doccount() == 0);
    }
    CHECK(Xapian::Database(home.index).get_doccount() == 0);  // thrown away with the writer
    {
        auto writer = Writer::open(home.index, *home.ids).value();
        CHECK(writer->position() == 0);
        SnapshotBuilder builder = home.builder();
        for (int i = 0; i < records; ++i) {
            const std::string id = std::to_string(i);
            REQUIRE(writer->put(id, record(id, R"("name":"shoe")"), builder));
        }
        REQUIRE(writer->commit(77, 1234));
        REQUIRE(writer->put("x", record("x", {}), builder));
    }
    const Xapian::Database database(home.index);
    CHECK(database.get_doccount() == records);
    const auto metadata = read_metadata(database);
    REQUIRE(metadata.has_value());
    CHECK(metadata->position == 77);
    CHECK(metadata->updated_at_ms == 1234);
}

TEST_CASE("an update that changes no word keeps its document, any other gets a new one") {
    Home home;
    auto writer = Writer::create(home.index, Settings(), *home.ids).value();
    SnapshotBuilder builder = home.builder();
    const auto document = [&](const std::string& id) {
        const auto snapshot = builder.publish(writer->attributes());
        REQUIRE(writer->commit(writer->position() + 1, 0));
        const Xapian::Database database(home.index);
        return *database.postlist_begin(object_term(id));
    };
    REQUIRE(writer->put("a", record("a", R"("name":"red shoe","flag":true)"), builder));
    const auto first = document("a");
    REQUIRE(writer->put("a", record("a", R"("flag":false,"name":"red shoe")"), builder));
    CHECK(document("a") == first);
    CHECK(writer->find("a").value() == record("a", R"("flag":false,"name":"red shoe")"));
    REQUIRE(writer->put("a", record("a", R"("name":"shoe red")"), builder));  // same words, other places
    const auto second = document("a");
    CHECK(second > first);
    REQUIRE(writer->remove("a", builder));
    REQUIRE(writer->remove("a", builder));
    CHECK_FALSE(writer->find("a").value().has_value());
    REQUIRE(writer->put("a", record("a", R"("name":"red shoe")"), builder));
    CHECK(document("a") > second);
    CHECK(writer->data_bytes() == record("a", R"("name":"red shoe")").size());
    CHECK(writer->put("b", record("a", {}), builder).error().code == Errc::bad_request);
    CHECK(writer->put("b", "not json", builder).error().code == Errc::bad_request);
    CHECK(builder.publish(writer->attributes())->records == 1);
}

TEST_CASE("what is loaded equals what was built, after any updates and deletes") {
    Home home;
    const Settings settings =
        Settings()
            .merged(boost::json::object{{"attributesForFaceting", boost::json::array{"colour", "size"}},
                                        {"customRanking", boost::json::array{"desc(price)", "asc(date)"}}})
            .value();
    auto writer = Writer::create(home.index, settings, *home.ids).value();
    SnapshotBuilder builder = home.builder(settings);
    std::mt19937 engine(11);
    const auto random = [&] { return static_cast<unsigned>(engine()); };
    const auto words = [&](unsigned count) {
        std::string text;
        for (unsigned i = 0; i < count; ++i) text += fmt::format("w{} ", random() % 25);
        return text;
    };
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 150; ++i) {
            const std::string id = std::to_string(random() % 200);
            if (random() % 4 == 0) {
                REQUIRE(writer->remove(id, builder));
                continue;
            }
            std::string rest = fmt::format(R"("title":"{}","body":["{}","{}"],"price":{},"date":"2020-{}")",
                                           words(random() % 5), words(random() % 9), words(2), random() % 50,
                                           random() % 12);
            if (random() % 2) rest += fmt::format(R"(,"colour":["c{}","c{}"],"size":{})", random() % 5, random() % 5,
                                                  random() % 3);
            if (random() % 3 == 0) rest += R"(,"_tags":["new","Sale"])";
            REQUIRE(writer->put(id, record(id, rest), builder));
        }
        const auto built = builder.publish(writer->attributes());
        REQUIRE(home.ids->save());
        REQUIRE(writer->commit(static_cast<std::uint64_t>(round) + 1, 0));
        auto loaded = load_index(home.index, *home.ids);
        REQUIRE(loaded.has_value());
        const auto read = loaded->builder.publish(loaded->metadata.attributes);
        CHECK(differences(*built, *read) == std::vector<std::string>{});
        REQUIRE(built->columns.custom_rank().size() == built->columns.size());
        for (Ordinal a = 0; a < built->columns.size(); ++a) {
            if (built->deleted(a)) continue;
            CHECK(built->columns.custom_rank()[a] ==
                  read->columns.custom_rank()[*read->find_document(built->document(a))]);
        }
    }
}

TEST_CASE("an index of a newer format is refused, and one without metadata is damaged") {
    Home home;
    { REQUIRE(Writer::create(home.index, Settings(), *home.ids)); }
    {
        Xapian::WritableDatabase database(home.index);
        database.set_metadata("format", "2");
    }
    CHECK(load_index(home.index, *home.ids).error().code == Errc::bad_request);
    CHECK(Writer::open(home.index, *home.ids).error().code == Errc::bad_request);
    {
        Xapian::WritableDatabase database(home.index);
        database.set_metadata("format", "");
    }
    const auto loaded = load_index(home.index, *home.ids);
    CHECK(loaded.error().code == Errc::corrupt);
    CHECK(loaded.error().what.find(home.index) != std::string::npos);
}
