// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/synonyms_cache.h"

#include "tests/engine/words_of.h"

namespace penchant::testing {
namespace {

std::string of(const Synonyms& synonyms, std::vector<std::string> words) {
    std::string all;
    synonyms.for_each(words, [&](std::span<const std::string> output, std::uint8_t typos) {
        all += all.empty() ? "" : ", ";
        for (std::size_t w = 0; w < output.size(); ++w) all += (w == 0 ? "" : " ") + output[w];
        if (typos != 0) all += '~' + std::to_string(typos);
    });
    return all;
}

TEST_CASE("all equal, each stands for the others") {
    const Synonyms synonyms = synonyms_of(R"([{"objectID":"1","type":"synonym","synonyms":["TV","T\u00E9l\u00E9vision","Flat-Screen",""]}])");
    CHECK(of(synonyms, {"tv"}) == "television, flat screen");
    CHECK(of(synonyms, {"flat", "screen"}) == "tv, television");
    CHECK(of(synonyms, {"flat"}).empty());
    CHECK(of(synonyms, {"flat", "screen", "tv"}).empty());
    CHECK(synonyms.input_words_max() == 2);
    CHECK_FALSE(synonyms.empty());
    CHECK(Synonyms().empty());
}

TEST_CASE("one way, corrections and placeholders, in both spellings") {
    for (const auto* types : {R"(["onewaysynonym","altcorrection1","altcorrection2"])",
                              R"(["oneWaySynonym","altCorrection1","altCorrection2"])"}) {
        const auto names = parse_json_value(types).value().get_array();
        boost::json::array all{
            {{"type", names[0]}, {"input", "phone"}, {"synonyms", {"iphone", "smart phone"}}},
            {{"type", names[1]}, {"word", "fone"}, {"corrections", {"phone"}}},
            {{"type", names[2]}, {"word", "fon"}, {"corrections", {"phone"}}},
            {{"type", "placeholder"}, {"placeholder", "<Street Name>"}, {"replacements", {"avenue", "main street"}}}};
        const Synonyms synonyms = synonyms_of(json_text(all));
        CHECK(of(synonyms, {"phone"}) == "iphone, smart phone");
        CHECK(of(synonyms, {"iphone"}).empty());
        CHECK(of(synonyms, {"fone"}) == "phone~1");
        CHECK(of(synonyms, {"fon"}) == "phone~2");
        CHECK(of(synonyms, {"avenue"}) == "street name");
        CHECK(of(synonyms, {"main", "street"}) == "street name");
    }
}

TEST_CASE("a word in several synonyms stands for all of them; damaged ones are left out") {
    const Synonyms synonyms = synonyms_of(R"([{"type":"synonym","synonyms":["a","b"]},{"type":"synonym","synonyms":["a","c"]},
        {"type":"synonym"},{"type":"nonsense","synonyms":["a","d"]},{"type":"oneWaySynonym","input":"?","synonyms":["x"]},
        {"type":"oneWaySynonym","input":"a","synonyms":[1,null,"!"]},{"synonyms":["a","e"]},{"type":"placeholder","placeholder":"<>","replacements":["a"]}])");
    CHECK(of(synonyms, {"a"}) == "b, c");
    CHECK(of(synonyms, {"b"}) == "a");
}

TEST_CASE("synonyms are compiled once for as long as nobody changes them") {
    Sample sample;
    sample.publish();
    Snapshot snapshot = sample.snapshot();
    SynonymsCache cache;
    CHECK(cache.of(snapshot) == nullptr);
    Curations curations;
    curations.synonyms.emplace(
        "1", std::make_shared<const std::string>(R"({"objectID":"1","type":"synonym","synonyms":["tv","television"]})"));
    curations.synonyms.emplace("2", std::make_shared<const std::string>("damaged"));
    snapshot.curations = std::make_shared<const Curations>(curations);
    const auto synonyms = cache.of(snapshot);
    REQUIRE(synonyms != nullptr);
    CHECK(of(*synonyms, {"tv"}) == "television");
    CHECK(cache.of(snapshot) == synonyms);
    curations.synonyms.erase("1");
    snapshot.curations = std::make_shared<const Curations>(curations);
    CHECK(cache.of(snapshot)->empty());
}

TEST_CASE("records are found by what stands for their words") {
    Sample sample;
    sample.add(R"({"objectID":"1","t":"big television set"})");
    sample.add(R"({"objectID":"2","t":"tv stand"})");
    sample.add(R"({"objectID":"3","t":"new york guide"})");
    sample.add(R"({"objectID":"4","t":"york, a new guide"})");
    sample.add(R"({"objectID":"5","t":"nyc guide"})");
    sample.add(R"({"objectID":"6","t":"12 <Street>, Springfield"})");
    sample.publish();
    WordKnowledge knowledge;
    knowledge.synonyms = std::make_shared<const Synonyms>(synonyms_of(
        R"([{"type":"synonym","synonyms":["tv","television"]},{"type":"synonym","synonyms":["nyc","new york"]},
            {"type":"placeholder","placeholder":"<Street>","replacements":["road","avenue"]}])"));
    const auto ids = [&](std::string_view text) {
        Query query = sample.query("{}");
        query.text = std::string(text);
        query.words.typo_tolerance = TypoTolerance::off;
        const Selection selection = Selection::prepare(sample.snapshot(), query, knowledge).value();
        std::string all;
        const auto matches = selection.matches("x", nullptr);
        for (const Ordinal ordinal : matches->ordinals)
            all += (all.empty() ? "" : " ") + sample.object_id(ordinal);
        return all;
    };
    CHECK(ids("tv") == "1 2");
    CHECK(ids("television stand") == "2");
    CHECK(ids("nyc") == "3 5");
    CHECK(ids("new york") == "3 4 5");
    CHECK(ids("guide new york") == "3 4 5");
    CHECK(ids("12 avenue springfield") == "6");
}

}  // namespace
}  // namespace penchant::testing
