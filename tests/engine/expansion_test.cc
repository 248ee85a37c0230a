// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/expansion.h"

#include "index/limits.h"
#include "tests/engine/words_of.h"

namespace penchant::testing {
namespace {

class Shop {
public:
    explicit Shop(std::initializer_list<std::string_view> titles, std::string_view settings = "{}") : sample(settings) {
        int number = 0;
        for (const std::string_view title : titles) {
            sample.add(json_text(boost::json::object{{"objectID", std::to_string(++number)}, {"t", title}}));
            sample.publish();  // a segment each
        }
        query = sample.query("{}");
    }
    TextQuery words(std::string_view text, std::string_view synonyms = "[]") {
        query.text = std::string(text);
        return words_of(sample, query, synonyms_of(synonyms));
    }
    std::string first(std::string_view text, std::string_view synonyms = "[]") {
        return alternatives_of(words(text, synonyms).words.front());
    }
    std::string last(std::string_view text, std::string_view synonyms = "[]") {
        return alternatives_of(words(text, synonyms).words.back());
    }

    Sample sample;
    Query query;
};

TEST_CASE("similar words, cheapest and most frequent first") {
    Shop shop{"trail run", "train", "train trial", "brail", "trailer"};
    CHECK(shop.first("trail x") == "trail train~1 trial~1");
    CHECK(shop.last("trail") == "trail* trai*~1 trial*~1");
    SECTION("words have their lengths") {
        CHECK(shop.first("rup x") == "rup");
        shop.query.words.min_word_size_for_1_typo = 3;
        CHECK(shop.first("rup x") == "rup run~1");
    }
    SECTION("two typos, and the first letter") {
        CHECK(shop.first("traeler x") == "traeler trailer~1");
        CHECK(shop.first("treeler x") == "treeler");
        CHECK(shop.first("treilerr x") == "treilerr trailer~2");
        CHECK(shop.first("drail x") == "drail");
        shop.query.words.min_word_size_for_2_typos = 5;
        CHECK(shop.first("drail x").find("trail~2") != std::string::npos);
    }
    SECTION("switched off") {
        shop.query.words.typo_tolerance = TypoTolerance::off;
        CHECK(shop.first("trail x") == "trail");
        CHECK_FALSE(shop.words("trail").typos);
        shop.query.words.typo_tolerance = TypoTolerance::strict;
        CHECK(shop.words("trail").typos);
    }
}

TEST_CASE("numbers, and words that take no typos") {
    Shop shop{"2023 2024 b2024", "nike nikon"};
    Shop strict({"nike nikes wifi wi"}, R"({"disableTypoToleranceOnWords":["Nike","wi"]})");
    CHECK(shop.first("2023 x") == "2023 2024~1");
    shop.query.words.allow_typos_on_numeric_tokens = false;
    CHECK(shop.first("2023 x") == "2023");
    CHECK(shop.first("b2023 x") == "b2023 b2024~1");
    CHECK(strict.first("nike x") == "nike");
    CHECK(strict.first("nikp x") == "nikp nike~1");
    CHECK(strict.first("wi fi") == "wi");
}

TEST_CASE("a phrase takes no typos") {
    Shop shop{"trail train"};
    shop.query.words.advanced_syntax = true;
    CHECK(shop.first("\"trail\"") == "trail");
    CHECK(shop.first("\"trail run\" -train") == "trail_run");
}

TEST_CASE("one word as two") {
    Shop shop{"ice cream", "icec ream", "ps 5", "4 k", "creamy"};
    CHECK(shop.first("icecream x") == "icecream ice_cream~1 icec_ream~1");
    CHECK(shop.last("icecrea") == "icecrea* ice_crea*~1 icec_rea*~1");
    CHECK(shop.first("ps5 x") == "ps5 ps_5~1");
    CHECK(shop.first("4k x") == "4k 4_k~1");
    CHECK(shop.first("creamice x").find('_') != std::string::npos);
    shop.query.words.typo_tolerance = TypoTolerance::off;
    CHECK(shop.first("icecream x") == "icecream");
    CHECK(shop.sample.ids(R"({"query":"icecream"})") == "1 2");
}

TEST_CASE("two words as one") {
    Shop shop{"icecream", "wifi", "ice"};
    const TextQuery text = shop.words("ice cream x");
    CHECK(alternatives_of(text.words[0]) == "ice icecream~0@0+2");
    CHECK(alternatives_of(text.words[1]) == "cream icecream~1@0+2");
    CHECK(shop.last("ice cre") == "cre* icecre*~1@0+2");
    CHECK(shop.first("ice zzz") == "ice");
    CHECK(shop.last("wi-fi") == "fi* wifi*~1@0+2");
    CHECK(shop.sample.ids(R"({"query":"ice cream"})") == "1");
}

TEST_CASE("no more similar words than the limit, and that is said") {
    Sample sample;
    std::string title;
    for (char a = 'a'; a <= 'z'; ++a)
        for (char b = 'a'; b <= 'j'; ++b) title += std::string("tes") + a + 't' + b + ' ';
    sample.add(json_text(boost::json::object{{"objectID", "1"}, {"t", title}}));
    sample.publish();
    Query query = sample.query(R"({"query":"tesatz x"})");
    const TextQuery few = words_of(sample, query);
    CHECK(few.words[0].alternatives.size() > 10);
    CHECK(few.typos_exhaustive);
    query.words.min_word_size_for_2_typos = 5;
    const TextQuery many = words_of(sample, query);
    CHECK(many.words[0].alternatives.size() == limits::typo_words_max + 1);
    CHECK_FALSE(many.typos_exhaustive);
}

TEST_CASE("synonyms stand for words") {
    const char* synonyms = R"([{"type":"synonym","synonyms":["tv","television","flat screen"]},
        {"type":"oneWaySynonym","input":"mobile phone","synonyms":["smartphone","cell phone"]},
        {"type":"altCorrection1","word":"fone","corrections":["phone"]},
        {"type":"altcorrection2","word":"fone","corrections":["telephone"]}])";
    Shop shop{"x"};
    CHECK(shop.first("tv x", synonyms) == "tv television=0 flat_screen~0");
    CHECK(shop.last("tv", synonyms) == "tv* television=0 flat_screen~0");
    CHECK(shop.last("t", synonyms) == "t*");
    CHECK(shop.last("flat screen", synonyms) == "screen* tv~0@0+2 television~0@0+2");
    CHECK(shop.first("mobile phone x", synonyms) == "mobile smartphone~0@0+2 cell_phone~0@0+2");
    CHECK(shop.first("smartphone x", synonyms) == "smartphone");
    CHECK(shop.first("fone x", synonyms) == "fone phone~1 telephone~2");
    SECTION("what counts as exact") {
        shop.query.words.alternatives_as_exact = {.single_word_synonym = false, .multi_words_synonym = true};
        CHECK(shop.first("tv x", synonyms) == "tv flat_screen=0 television~0");
    }
    SECTION("off") {
        shop.query.synonyms = false;
        CHECK(shop.first("tv x", synonyms) == "tv");
    }
    SECTION("no typos, no corrections") {
        shop.query.words.typo_tolerance = TypoTolerance::off;
        CHECK(shop.first("fone x", synonyms) == "fone");
        CHECK(shop.first("tv x", synonyms) == "tv television=0 flat_screen~0");
    }
    SECTION("not in quotes") {
        shop.query.words.advanced_syntax = true;
        CHECK(shop.first("\"tv\" x", synonyms) == "tv");
        CHECK(shop.first("\"mobile\" phone x", synonyms) == "mobile");
    }
    SECTION("stop words in an input") {
        shop.query.words.remove_stop_words = {true, {"en"}};
        const char* art = R"([{"type":"oneWaySynonym","input":"state of the art","synonyms":["modern"]}])";
        const TextQuery text = shop.words("state of the art tv", art);
        REQUIRE(text.words.size() == 3);
        CHECK(alternatives_of(text.words[0]) == "state modern~0@0+2");
        CHECK(alternatives_of(text.words[1]) == "art modern~0@0+2");
    }
}

TEST_CASE("typed letter by letter, a title stays found") {
    constexpr std::string_view titles[] = {
        "Trail Running Shoe 2", "Wi-Fi router AC1200", "Men's waterproof jacket", "Caf\u00E9 cr\u00E8me br\u00FBl\u00E9e set",
        "icecream maker", "Ice Cream Scoop", "iPhone 13 Pro Max case", "\u6771\u4EAC\u30BF\u30EF\u30FC map",
        "T-shirt, 100% cotton", "USB-C to USB 3.0 adapter", "Stra\u00DFenschuh", "AT&T sim", "4K TV 55\" (OLED)"};
    Sample sample(R"({"searchableAttributes":["t"]})");
    std::size_t number = 0;
    for (const std::string_view title : titles)
        sample.add(json_text(boost::json::object{{"objectID", std::to_string(number++)}, {"t", title}}));
    sample.publish();
    for (const TypoTolerance tolerance : {TypoTolerance::on, TypoTolerance::off}) {
        for (std::size_t t = 0; t < std::size(titles); ++t) {
            for (std::size_t end = 1; end <= titles[t].size(); ++end) {
                if (end < titles[t].size() && (static_cast<unsigned char>(titles[t][end]) & 0xC0U) == 0x80U) continue;
                Query query = sample.query(R"({"hitsPerPage":100})");
                query.words.typo_tolerance = tolerance;
                query.text = std::string(titles[t].substr(0, end));
                const Selection selection = Selection::prepare(sample.snapshot(), query).value();
                const auto matches = selection.matches("x", nullptr);
                INFO(query.text);
                CHECK(std::count(matches->ordinals.begin(), matches->ordinals.end(), static_cast<Ordinal>(t)) == 1);
            }
        }
    }
}

TEST_CASE("a typo that was made does not lose what the letters before it had found") {
    Sample sample(R"({"searchableAttributes":["t"]})");
    sample.add(R"({"objectID":"1","t":"waterproof headphones"})");
    for (int i = 2; i < 40; ++i) sample.add(R"({"objectID":")" + std::to_string(i) + R"(","t":"water pump"})");
    sample.publish();
    // From the fourth letter on a word may have one typo, so a wrong fifth letter loses nothing.
    for (const std::string typed : {"watrrproof headphones", "waterprrof headphones", "waterproof haedphones"}) {
        bool found = false;
        for (std::size_t end = 1; end <= typed.size(); ++end) {
            const auto parameters = boost::json::object{{"query", typed.substr(0, end)}, {"hitsPerPage", 100}};
            const bool now = (" " + sample.ids(json_text(parameters)) + " ").find(" 1 ") != std::string::npos;
            // A word of one to three letters takes no typo: what is wrong there finds nothing before the fourth.
            const std::size_t word_begin = typed.rfind(' ', end - 1) == typed.npos ? 0 : typed.rfind(' ', end - 1) + 1;
            INFO(typed.substr(0, end));
            CHECK((now || !found || end - word_begin < 4));
            found = found || now;
        }
        CHECK(found);
    }
}

}  // namespace
}  // namespace penchant::testing
