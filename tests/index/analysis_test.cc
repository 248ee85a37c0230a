// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/analysis.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "index/limits.h"
#include "index/tokenizer.h"
#include "tests/catch.h"

namespace penchant {
namespace {

using Texts = std::vector<std::string>;

Settings settings_of(std::string_view changes) {
    auto settings = Settings{}.merged(boost::json::parse(changes).as_object());
    if (settings.has_error()) FAIL(settings.error().what);
    return *settings;
}

AnalysedRecord analysed(std::string_view json, AttributeTable& attributes, const Settings& settings = {}) {
    auto root = parse_json(json);
    if (root.has_error()) FAIL(root.error().what);
    return analyse(*root, settings, attributes);
}

AnalysedRecord analysed(std::string_view json, const Settings& settings = {}) {
    AttributeTable attributes;
    return analysed(json, attributes, settings);
}

Texts words_of(const AnalysedRecord& record) {
    Texts words;
    for (const AnalysedWord& word : record.words) words.push_back(word.word);
    return words;
}

std::vector<Place> places_of(const AnalysedRecord& record, std::string_view text) {
    for (const AnalysedWord& word : record.words) {
        if (word.word == text) return word.places;
    }
    return {};
}

std::vector<std::uint32_t> positions_of(const AnalysedRecord& record, std::string_view text) {
    std::vector<std::uint32_t> positions;
    for (const Place place : places_of(record, text)) positions.push_back(place_position(place));
    return positions;
}

}  // namespace

TEST_CASE("words in camel case have their parts at consecutive places, and the whole at the first") {
    const Settings settings = settings_of(R"({"searchableAttributes":["name","other"],"camelCaseAttributes":["name"]})");
    const AnalysedRecord record =
        analysed(R"({"objectID":"1","name":["the SuperMario64 game","miniGame"],"other":"SuperMario"})", settings);
    CHECK(words_of(record) == Texts{"64", "game", "mario", "mini", "minigame", "super", "supermario", "supermario64", "the"});
    CHECK(positions_of(record, "the") == std::vector<std::uint32_t>{0});
    CHECK(positions_of(record, "supermario64") == std::vector<std::uint32_t>{1});
    CHECK(positions_of(record, "super") == std::vector<std::uint32_t>{1});
    CHECK(positions_of(record, "mario") == std::vector<std::uint32_t>{2});
    CHECK(positions_of(record, "64") == std::vector<std::uint32_t>{3});
    CHECK(positions_of(record, "game") == std::vector<std::uint32_t>{4, 4 + array_element_gap + 1});
    CHECK(positions_of(record, "minigame") == std::vector<std::uint32_t>{4 + array_element_gap});
    CHECK((places_of(record, "minigame").front() & place_whole) != 0);
    CHECK((places_of(record, "mini").front() & place_whole) == 0);
    CHECK((places_of(record, "supermario64").front() & place_whole) == 0);
    CHECK(places_of(record, "supermario").size() == 1);  // of `other`, which is not listed
}

TEST_CASE("records are cut and folded as the settings normalise") {
    const Settings settings = settings_of(R"({"customNormalization":{"default":{"ä":"ae"}}})");
    CHECK(words_of(analysed(R"({"objectID":"1","name":"Käse"})", settings)) == Texts{"kaese"});
    CHECK(settings.needs_reindexing(Settings{}));
    CHECK(settings_of(R"({"camelCaseAttributes":["name"]})").needs_reindexing(Settings{}));
}

TEST_CASE("a place packs attribute and position") {
    const Place place = make_place(1022, 16000, true);
    CHECK(place_attribute(place) == 1022);
    CHECK(place_position(place) == 16000);
    CHECK((place & place_whole) != 0);
    CHECK((place & place_exact) != 0);
    CHECK((make_place(3, 1, false, false) & (place_whole | place_exact)) == 0);
    CHECK(place_position(make_place(1, 1'000'000, false)) == place_position_max);
    CHECK((make_place(other_attributes, place_position_max, true) >> 30U) == 0);  // the posting list's own bits
}

TEST_CASE("words come sorted, with their places merged") {
    AttributeTable attributes;
    const AnalysedRecord record =
        analysed(R"({"objectID":"x1","name":"Trail shoe trail","brand":"Trail","size":42.5,"new":true})", attributes);
    CHECK(record.object_id == "x1");
    CHECK(words_of(record) == Texts{"42", "5", "shoe", "trail"});
    CHECK(record.word_count == 6);
    CHECK(attributes.find("name") == 0);
    CHECK(attributes.find("brand") == 1);
    CHECK(attributes.find("new") == other_attributes);  // a boolean has no words
    CHECK(places_of(record, "trail") ==
          std::vector<Place>{make_place(0, 0, false), make_place(0, 2, false), make_place(1, 0, true)});
    CHECK(places_of(record, "5") == std::vector<Place>{make_place(attributes.find("size"), 1, false)});
}

TEST_CASE("elements of an array are apart, each may be whole") {
    const AnalysedRecord record = analysed(R"({"objectID":"x","colors":["dark red","blue","","red blue"]})");
    CHECK(positions_of(record, "dark") == std::vector<std::uint32_t>{0});
    CHECK(positions_of(record, "red") == std::vector<std::uint32_t>{1, 17});
    CHECK(positions_of(record, "blue") == std::vector<std::uint32_t>{9, 18});
    CHECK(places_of(record, "blue")[0] == make_place(0, 9, true));
    CHECK((places_of(record, "blue")[1] & place_whole) == 0);
    // Objects in arrays go on counting, and other attributes do not disturb.
    const AnalysedRecord variants = analysed(R"({"objectID":"x","v":[{"c":"red","s":"s"},{"c":"red"}]})");
    CHECK(positions_of(variants, "red") == std::vector<std::uint32_t>{0, 8});
}

TEST_CASE("searchable is what is listed, with what is nested in it") {
    const std::string_view json = R"({"objectID":"id","_tags":["tag"],"_geoloc":{"lat":7},"_hidden":"h","a":"a","c":{"l":"deep","m":["er"]},"cc":"z"})";
    CHECK(words_of(analysed(json)) == Texts{"a", "deep", "er", "z"});
    CHECK(words_of(analysed(json, settings_of(R"({"searchableAttributes":["c","objectID","_tags","_hidden"]})"))) ==
          Texts{"deep", "er", "h", "id", "tag"});
    CHECK(words_of(analysed(json, settings_of(R"j({"searchableAttributes":["c.l","unordered(a)"]})j"))) == Texts{"a", "deep"});
    AttributeTable attributes;
    (void)analysed(json, attributes, settings_of(R"({"searchableAttributes":["c"]})"));
    CHECK(attributes.find("c.l") == 0);
    CHECK(attributes.find("c.m") == 1);
    CHECK(attributes.size() == 2);
}

TEST_CASE("settings of the tokenizer are heard") {
    CHECK(words_of(analysed(R"({"objectID":"x","a":"C++ É"})", settings_of(R"({"separatorsToIndex":"+","keepDiacriticsOnCharacters":"é"})"))) ==
          Texts{"+", "c", "é"});
}

TEST_CASE("a word keeps its first places in each attribute") {
    std::string text;
    for (int i = 0; i < 10; ++i) text += "red ";
    const AnalysedRecord record = analysed(R"({"objectID":"x","a":")" + text + R"(","b":")" + text + "\"}");
    CHECK(positions_of(record, "red") == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 1, 2, 3});
    CHECK(record.word_count == 20);
}

TEST_CASE("facet values are texts, each once, in order of appearance") {
    const Settings settings = settings_of(R"j({"attributesForFaceting":["size","c","filterOnly(c.l)","on","missing","long"]})j");
    const AnalysedRecord record = analysed(
        R"({"objectID":"x","on":true,"size":[42,42.5,"42",41],"c":{"l":["b","a","b"],"m":null,"n":false},"long":[")" +
            std::string(513, 'l') + R"(",""]})",
        settings);
    REQUIRE(record.facets.size() == 5);
    CHECK(record.facets[0].attribute == 0);
    CHECK(record.facets[0].values == Texts{"42", "42.5", "41"});
    CHECK(record.facets[1].attribute == 1);
    CHECK(record.facets[1].values == Texts{"b", "a", "false"});
    CHECK(record.facets[2].values == Texts{"b", "a"});
    CHECK(record.facets[3].values == Texts{"true"});
    CHECK(record.facets[4].attribute == 5);
    CHECK(record.facets[4].values == Texts{""});
}

TEST_CASE("numbers and tags") {
    const AnalysedRecord record = analysed(
        R"({"objectID":"x","price":{"net":10,"gross":11.9},"sizes":[3,1,2],"b":[true,false],"v":[{"n":1,"b":true},{"n":2}],"_tags":["T","t","T"]})");
    REQUIRE(record.numbers.size() == 4);
    CHECK(record.numbers[0].path == "price.gross");
    CHECK(record.numbers[0].values == std::vector<double>{11.9});
    CHECK(record.numbers[2].path == "sizes");
    CHECK(record.numbers[2].values == std::vector<double>{3, 1, 2});
    CHECK(record.numbers[3].values == std::vector<double>{1, 2});
    CHECK(record.tags == Texts{"T", "t"});
    CHECK(analysed(R"({"objectID":"x","_tags":"one"})").tags == Texts{"one"});
}

TEST_CASE("a record's words and facet values have their limits") {
    std::string words;
    for (int i = 0; i < 25'000; ++i) words += (i % 2 == 0 ? "ab " : "c ");
    const AnalysedRecord many = analysed(R"({"objectID":"x","a":")" + words + R"(","b":"later"})");
    CHECK(many.word_count == limits::record_words_max);
    CHECK(words_of(many) == Texts{"ab", "c"});

    std::string values;
    for (int i = 0; i < 1500; ++i) values += (i == 0 ? "" : ",") + std::to_string(i);
    const AnalysedRecord record = analysed(R"({"objectID":"x","b":"kept","a":[)" + values + "],\"c\":1}",
                                           settings_of(R"({"attributesForFaceting":["a","b","c"]})"));
    REQUIRE(record.facets.size() == 2);
    CHECK(record.facets[0].values.size() == limits::record_facet_values_max - 1);
    CHECK(record.facets[0].values.back() == "998");
    CHECK(record.facets[1].values == Texts{"kept"});
}

TEST_CASE("positions past the last one and attributes past the last number are still found") {
    std::string text;
    for (int i = 0; i < 17'000; ++i) text += "w ";
    const AnalysedRecord record = analysed(R"({"objectID":"x","a":")" + text + "end\"}");
    CHECK(positions_of(record, "end") == std::vector<std::uint32_t>{place_position_max});
    AttributeTable attributes;
    for (int i = 0; i < 1100; ++i) attributes.number("n" + std::to_string(i));
    const AnalysedRecord other = analysed(R"({"objectID":"x","new":"word"})", attributes);
    CHECK(place_attribute(places_of(other, "word").at(0)) == other_attributes);
}

TEST_CASE("an Analyser says the same as analysing each record afresh, and as a naive model", "[property]") {
    const auto seed = GENERATE(range(0U, 150U));
    CAPTURE(seed);
    std::mt19937 random{seed};
    const Texts vocabulary{"red", "Red", "blue", "Grün", "trail shoe", "trail", "x-y", "", "42", "a b c d", "long and winding", "redredredred1", "redredredred2"};
    const Texts names{"name", "brand", "c.l", "size", "_tags"};
    const Settings settings = settings_of(random() % 2 == 0
        ? R"({"attributesForFaceting":["brand","c"]})"
        : R"({"searchableAttributes":["brand","c,name"],"attributesForFaceting":["c.l","size","brand"]})");
    AttributeTable shared_table;
    AttributeTable fresh_table;
    Analyser analyser{settings, shared_table};
    for (int round = 0; round < 8; ++round) {
        // path -> values, in order; "c.l" is written as an object
        std::vector<std::pair<std::string, Texts>> fields;
        for (const std::string& name : names) {
            Texts values;
            for (std::size_t i = random() % 4; i > 0; --i) values.push_back(vocabulary[random() % vocabulary.size()]);
            if (!values.empty()) fields.emplace_back(name, values);
        }
        std::string json = R"({"objectID":"x")";
        for (const auto& [name, values] : fields) {
            json += name == "c.l" ? ",\"c\":{\"l\":[" : ",\"" + name + "\":[";
            for (std::size_t i = 0; i < values.size(); ++i) json += (i == 0 ? "\"" : ",\"") + values[i] + "\"";
            json += name == "c.l" ? "]}" : "]";
        }
        json += "}";
        CAPTURE(json);

        auto root = parse_json(json);
        REQUIRE(root);
        const AnalysedRecord record = analyser.analyse(*root);
        const AnalysedRecord fresh = analyse(*root, settings, fresh_table);
        REQUIRE(shared_table.to_json() == fresh_table.to_json());
        root = parse_json(json);

        std::map<std::string, std::vector<Place>> expected;
        std::uint32_t count = 0;
        for (const auto& [name, values] : fields) {
            const bool listed = name == "brand" || name == "c.l" || name == "name";
            if (settings.searchable_attributes.empty() ? name == "_tags" : !listed) continue;
            std::uint32_t base = 0;
            for (const std::string& value : values) {
                std::vector<std::string> words;
                Tokenizer{}.tokenize(value, [&](const Token& token) { words.emplace_back(token.folded); });
                for (std::uint32_t i = 0; i < words.size(); ++i) {
                    expected[words[i]].push_back(make_place(fresh_table.find(name), base + i, words.size() == 1));
                    ++count;
                }
                if (!words.empty()) base += static_cast<std::uint32_t>(words.size()) - 1 + array_element_gap;
            }
        }
        REQUIRE(record.words.size() == expected.size());
        REQUIRE(record.word_count == count);
        auto at = record.words.begin();
        for (auto& [word, places] : expected) {
            std::stable_sort(places.begin(), places.end(), [](Place a, Place b) { return place_attribute(a) < place_attribute(b); });
            std::map<AttributeId, int> taken;
            std::vector<Place> first;
            for (const Place place : places) {
                if (++taken[place_attribute(place)] <= 4) first.push_back(place);
            }
            REQUIRE(at->word == word);
            REQUIRE(at->places == first);
            REQUIRE(fresh.words[static_cast<std::size_t>(at - record.words.begin())].places == first);
            ++at;
        }
        std::vector<std::pair<std::string, Texts>> facets;
        for (const FacetAttribute& facet : settings.attributes_for_faceting) {
            for (const auto& [name, values] : fields) {
                if (!covers(facet.path, name)) continue;
                Texts distinct;
                for (const std::string& value : values) {
                    if (std::count(distinct.begin(), distinct.end(), value) == 0) distinct.push_back(value);
                }
                facets.emplace_back(facet.path, distinct);
            }
        }
        REQUIRE(record.facets.size() == facets.size());
        for (std::size_t i = 0; i < facets.size(); ++i) {
            REQUIRE(settings.attributes_for_faceting[record.facets[i].attribute].path == facets[i].first);
            REQUIRE(record.facets[i].values == facets[i].second);
        }
    }
}

TEST_CASE("a record carries the first scalar of each path that the settings sort by") {
    const Settings settings = settings_of(
        R"json({"customRanking": ["desc(price)", "asc(name)", "asc(nobody)"],
                "ranking": ["asc(new)", "desc(sizes)", "typo"]})json");
    const AnalysedRecord record = analysed(
        R"({"objectID": "1", "price": 3.5, "name": "\u00c9cru", "new": true, "sizes": [null, "XL", 3], "x": 1})",
        settings);
    using Value = std::variant<double, std::string>;
    std::map<std::string, Value> values;
    Texts paths;
    for (const AnalysedSortValue& value : record.sort_values) {
        values[value.path] = value.value;
        paths.push_back(value.path);
    }
    CHECK(paths == Texts{"name", "new", "price", "sizes"});
    CHECK(values["price"] == Value{3.5});
    CHECK(values["name"] == Value{"ecru"});
    CHECK(values["new"] == Value{"true"});
    CHECK(values["sizes"] == Value{"xl"});
}

}  // namespace penchant
