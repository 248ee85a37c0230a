// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text_query.h"

#include "index/limits.h"
#include "tests/engine/words_of.h"

namespace penchant::testing {
namespace {

class Words {
public:
    explicit Words(std::string_view settings = "{}") : sample_(settings) {
        sample_.publish();
        query = sample_.query("{}");
        query.words.typo_tolerance = TypoTolerance::off;
    }
    TextQuery parse(std::string_view text) {
        query.text = std::string(text);
        return words_of(sample_, query);
    }
    std::string operator()(std::string_view text) { return text_of(parse(text)); }

    Query query;

private:
    Sample sample_;
};

TEST_CASE("which words are prefixes") {
    Words words;
    CHECK(words("Red  SHOES!") == "red shoes*");
    CHECK(words("red shoes ") == "red shoes*");
    CHECK(words("?!").empty());
    words.query.words.query_type = QueryType::prefix_all;
    CHECK(words("red shoes") == "red* shoes*");
    words.query.words.query_type = QueryType::prefix_none;
    CHECK(words("red shoes") == "red shoes");
}

TEST_CASE("phrases in quotes") {
    Words words;
    CHECK(words("\"red shoe\" -blue") == "red shoe blue*");
    words.query.words.advanced_syntax = true;
    CHECK(words("\"Red Shoe\" lac") == "\"red shoe\" lac*");
    CHECK(words("lace \"red shoe\"") == "lace \"red shoe\"");
    CHECK(words("my\"red shoe\"s") == "my \"red shoe\" s*");
    CHECK(words("\"shoe\"") == "\"shoe\"");
    CHECK(words("\"\" red \"?\"") == "red*");
    SECTION("an open quotation mark is text") {
        CHECK(words("\"red shoe") == "red shoe*");
        CHECK(words("\"red shoe\" 17\" blue") == "\"red shoe\" 17 blue*");
    }
    SECTION("prefixAll leaves them alone") {
        words.query.words.query_type = QueryType::prefix_all;
        CHECK(words("\"red shoe\" lace") == "\"red shoe\" lace*");
    }
    SECTION("the feature is off") {
        words.query.words.exact_phrases = false;
        CHECK(words("\"red shoe\" -blue") == "red shoe* -blue");
    }
}

TEST_CASE("what was understood") {
    Words words;
    words.query.words.advanced_syntax = true;
    const TextQuery text = words.parse("\"red shoe\" -\"dark blue\" x");
    CHECK(text.words[0].typed_words == 2);
    CHECK(text.words[0].typed().distance_max == 1);
    CHECK(text.parsed() == "\"red shoe\" x -\"dark blue\"");
}

TEST_CASE("excluded words") {
    Words words;
    words.query.words.advanced_syntax = true;
    CHECK(words("shoe -red") == "shoe* -red");
    CHECK(words("-red") == "-red");
    CHECK(words("-red shoe -\"dark blue\"") == "shoe* -red -\"dark blue\"");
    CHECK(words("shoe -wi-fi") == "shoe* -wi fi");
    CHECK(words("wi-fi") == "wi fi*");
    CHECK(words("shoe - red") == "shoe red*");
    CHECK(words("shoe --red") == "shoe red*");
    CHECK(words("shoe -") == "shoe*");
    CHECK(words("shoe -\"red") == "shoe* -red");
    words.query.words.exclude_words = false;
    CHECK(words("shoe -red -\"dark blue\"") == "shoe red \"dark blue\"");
}

TEST_CASE("optional words") {
    Words words;
    words.query.words.optional_words = {"Blue", "running fast"};
    CHECK(words("blue shoe run fast") == "blue? shoe run fast*?");
    CHECK(words("running shoe") == "running? shoe*");
    words.query.words.advanced_syntax = true;
    CHECK(words("\"blue fast\" \"blue shoe\" x") == "\"blue fast\"? \"blue shoe\" x*");
}

TEST_CASE("similarQuery makes all words optional and none a prefix") {
    Words words;
    words.query.similar_query = "red Shoes";
    const TextQuery text = words.parse("ignored");
    CHECK(text_of(text) == "red? shoes?");
    CHECK(text.words_first);
    words.query.similar_query.clear();
    CHECK_FALSE(words.parse("red").words_first);
}

TEST_CASE("in scripts without spaces a dictionary says what the words are") {
    Words words;
    CHECK(words("\u6771\u4EAC") == "[\u6771\u4EAC]");
    CHECK(words("\u6771 \u4EAC") == "[\u6771] [\u4EAC]*");
    CHECK(words("a\u6771\u4EAC hotel") == "a [\u6771\u4EAC] hotel*");
    CHECK(words("\u6771\u4EAC\u30DB\u30C6\u30EB") == "[\u6771\u4EAC] [\u30DB\u30C6\u30EB]");
    const TextQuery text = words.parse("\u6771\u4EAC");
    CHECK(text.words[0].typed().words.size() == 2);
    CHECK(text.parsed() == "\u6771\u4EAC");

    Sample sample;
    sample.add(R"({"objectID":"1","t":"\u6771\u4EAC hotel"})");
    sample.add(R"({"objectID":"2","t":"\u6771\u5317 \u4EAC\u90FD"})");
    sample.publish();
    CHECK(sample.ids(R"({"query":"\u6771\u4EAC"})") == "1");
    CHECK(sample.ids(R"({"query":"\u6771 \u4EAC"})") == "1 2");
}

TEST_CASE("stop words") {
    Words words;
    words.query.words.remove_stop_words = {true, {"en"}};
    CHECK(words("the art of shoes") == "art shoes*");
    CHECK(words("shoes of the") == "shoes the*");
    CHECK(words("of the ") == "the*");
    words.query.words.query_type = QueryType::prefix_none;
    CHECK(words("shoes of the") == "shoes");
    CHECK(words("of the") == "of the");
    words.query.words.remove_stop_words = {true, {}};
    words.query.words.query_languages = {"de"};
    CHECK(words("die the") == "the");
    words.query.words.advanced_syntax = true;
    CHECK(words("\"die schuhe\" die x") == "\"die schuhe\" x");
}

TEST_CASE("no more words than the limit") {
    Words words;
    std::string text;
    for (std::size_t w = 0; w < limits::query_words_max + 5; ++w) text += "w" + std::to_string(w) + ' ';
    CHECK(words.parse(text).words.size() == limits::query_words_max);
}

TEST_CASE("removing words until there are results") {
    Words words;
    const std::string typed = "Blue zzz, Shoe  yyy";
    SECTION("from the end") {
        TextQuery text = words.parse(typed);
        CHECK(remove_word(text, RemoveWords::last_words, typed));
        CHECK(text_of(text) == "blue zzz shoe yyy*?");
        CHECK(text.after_removal == "Blue zzz, Shoe  <em>yyy</em>");
        CHECK(remove_word(text, RemoveWords::last_words, typed));
        CHECK(text.after_removal == "Blue zzz, <em>Shoe</em>  <em>yyy</em>");
        CHECK(remove_word(text, RemoveWords::last_words, typed));
        CHECK_FALSE(remove_word(text, RemoveWords::last_words, typed));
        CHECK(text_of(text) == "blue zzz? shoe? yyy*?");
        restore_words(text);
        CHECK(text_of(text) == "blue zzz shoe yyy*");
        CHECK(text.after_removal.empty());
    }
    SECTION("from the front") {
        TextQuery text = words.parse(typed);
        CHECK(remove_word(text, RemoveWords::first_words, typed));
        CHECK(text.after_removal == "<em>Blue</em> zzz, Shoe  yyy");
    }
    SECTION("all at once") {
        TextQuery text = words.parse(typed);
        CHECK(remove_word(text, RemoveWords::all_optional, typed));
        CHECK(text_of(text) == "blue? zzz? shoe? yyy*?");
        CHECK_FALSE(remove_word(text, RemoveWords::all_optional, typed));
    }
    SECTION("at most five") {
        const std::string seven = "a b c d e f g";
        TextQuery text = words.parse(seven);
        for (int i = 0; i < 5; ++i) CHECK(remove_word(text, RemoveWords::last_words, seven));
        CHECK_FALSE(remove_word(text, RemoveWords::last_words, seven));
    }
    TextQuery text = words.parse(typed);
    CHECK_FALSE(remove_word(text, RemoveWords::none, typed));
}

TEST_CASE("a search removes words until there are results, and says which") {
    Sample sample(R"({"typoTolerance":false,"attributesForFaceting":["t"]})");
    sample.add(R"({"objectID":"1","t":"blue shoe"})");
    sample.add(R"({"objectID":"2","t":"red shoe"})");
    sample.add(R"({"objectID":"3","t":"blue hat"})");
    sample.publish();
    const auto search = [&](std::string_view text, std::string_view mode) {
        const Query query = sample.query(json_text(boost::json::object{
            {"query", text}, {"removeWordsIfNoResults", mode}, {"facets", {"t"}}}));
        const Selection selection = Selection::prepare(sample.snapshot(), query).value();
        const Selected selected = selection.run("x", nullptr, nullptr);
        std::string all;
        for (const RankedHit& hit : selected.hits) all += sample.object_id(hit.ordinal) + ' ';
        CHECK(selected.count == selected.hits.size());
        CHECK(selected.facets->front().counts.size() == selected.count);
        return all + selection.text().after_removal;
    };
    CHECK(search("blue shoe zzz", "none").empty());
    CHECK(search("blue shoe", "lastWords") == "1 ");
    CHECK(search("blue shoe zzz", "lastWords") == "1 blue shoe <em>zzz</em>");
    CHECK(search("blue zzz shoe", "lastWords") == "1 3 blue <em>zzz</em> <em>shoe</em>");
    CHECK(search("zzz shoe", "lastWords").empty());
    CHECK(search("zzz shoe", "firstWords") == "1 2 <em>zzz</em> shoe");
    CHECK(search("zzz hat", "allOptional") == "3 <em>zzz</em> <em>hat</em>");
    CHECK(search("zzz yyy", "allOptional").empty());
    CHECK(search("zzz", "allOptional").empty());
}

TEST_CASE("queries that are different have different texts") {
    Words words;
    words.query.words.advanced_syntax = true;
    CHECK(words.parse("red shoe").normalized() == words.parse("Red SHOE").normalized());
    CHECK(words.parse("red shoe").normalized() != words.parse("redshoe").normalized());
    CHECK(words.parse("red shoe x").normalized() != words.parse("\"red shoe\" x").normalized());
    CHECK(words.parse("red shoe").normalized() != words.parse("shoe -red").normalized());
    const std::string plain = words.parse("red shoe").normalized();
    words.query.words.optional_words = {"red"};
    CHECK(words.parse("red shoe").normalized() != plain);
}

}  // namespace
}  // namespace penchant::testing
