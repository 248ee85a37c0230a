// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/tokenizer.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "index/character_table.h"
#include "index/limits.h"
#include "tests/catch.h"

namespace penchant {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view text, const TokenizerOptions& options = {}) {
    Words words;
    Tokenizer{options}.tokenize(text, [&](const Token& token) { words.emplace_back(token.folded); });
    return words;
}

std::string joined(const Words& words) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text.push_back(' ');
        text += word;
    }
    return text;
}

std::string utf8(char32_t point) {
    std::string text;
    if (point < 0x80) {
        text.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
        text.push_back(static_cast<char>(0xC0U | (point >> 6U)));
        text.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
    } else if (point < 0x10000) {
        text.push_back(static_cast<char>(0xE0U | (point >> 12U)));
        text.push_back(static_cast<char>(0x80U | ((point >> 6U) & 0x3FU)));
        text.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
    } else {
        text.push_back(static_cast<char>(0xF0U | (point >> 18U)));
        text.push_back(static_cast<char>(0x80U | ((point >> 12U) & 0x3FU)));
        text.push_back(static_cast<char>(0x80U | ((point >> 6U) & 0x3FU)));
        text.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
    }
    return text;
}

// Texts that mix what scripts are made of, with a taste for trouble.
std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> pieces{
        "a",   "B",    "z",  "7",      "42",  " ",  "-",  "+",  "#",      ".",      "'",      "é",  "É",  "ﬁ",
        "ß",   "ẞ",    "İ",  "ı",      "ø",   "Æ",  "½",  "²",  "Σ",      "ς",      "Й",      "ё",  "我", "が",
        "か",  "\u3099", "ｶ",  "ﾞ",    "ー",  "한",  "\u1112", "\u1161", "\u11AB", "ไ",  "ท", "ย",  "أ",  "\u064B",
        "ـ",  "क",    "ि",  "\u093C", "\u0301", "\u0323", "\u0345", "\u200D", "\u00AD", "\u200B", "😀", "\uFE0F", "Ａ", "\uFEFF",
        "\xFF", "\xC3", "\xE2\x82", "\xED\xA0\x80", std::string(1, '\0')};
    std::string text;
    for (std::size_t i = random() % 24; i > 0; --i) text += pieces[random() % pieces.size()];
    return text;
}

}  // namespace

TEST_CASE("ASCII words are runs of letters and digits, in lower case") {
    CHECK(words_of("Running Shoes, 42 EU (men's)") == Words{"running", "shoes", "42", "eu", "men", "s"});
    CHECK(words_of("").empty());
    CHECK(words_of(" \t\n--- !? ").empty());
    CHECK(words_of("a_b-c.d/e") == Words{"a", "b", "c", "d", "e"});
    CHECK(words_of("119.5") == Words{"119", "5"});
}

TEST_CASE("letters lose their diacritics, however they are written") {
    CHECK(words_of("Crème BRÛLÉE") == Words{"creme", "brulee"});
    CHECK(words_of("cre\u0300me") == Words{"creme"});
    CHECK(words_of("Ænima œuvre Øresund Łódź đ") == Words{"aenima", "oeuvre", "oresund", "lodz", "d"});
    CHECK(words_of("Straße STRASSE STRAẞE") == Words{"strasse", "strasse", "strasse"});
    CHECK(words_of("Istanbul İstanbul ıstanbul ISTANBUL") == Words(4, "istanbul"));
    CHECK(words_of("ﬁne ﬂow") == Words{"fine", "flow"});
    CHECK(words_of("Ｆｕｌｌ　ｗｉｄｔｈ１") == Words{"full", "width1"});
    CHECK(words_of("m² Ⅷ col·lecció goŀla") == Words{"m2", "viii", "col", "leccio", "golla"});
}

TEST_CASE("other alphabets") {
    CHECK(words_of("ΟΔΥΣΣΕΥΣ Οδυσσεύς") == Words{"οδυσσευσ", "οδυσσευσ"});  // the final sigma is a sigma
    CHECK(words_of("Ёлка ЙОД") == Words{"елка", "иод"});
    CHECK(words_of("كِتَابٌ كتاب كـتـاب") == Words{"كتاب", "كتاب", "كتاب"});
    CHECK(words_of("שָׁלוֹם") == Words{"שלום"});
    // Vowel signs make other words: they stay.
    CHECK(words_of("हिन्दी की कु") == Words{"हिन्दी", "की", "कु"});
    CHECK(words_of("한국어 옷") == Words{"한국어", "옷"});
    CHECK(words_of("\u1112\u1161\u11AB") == Words{"한"});  // the same in parts, as some file systems write it
}

TEST_CASE("scripts without spaces") {
    CHECK(words_of("我爱iPhone手机") == Words{"我", "爱", "iphone", "手", "机"});
    CHECK(words_of("スーパー が か\u3099 ｶﾞ") == Words{"ス", "ー", "パ", "ー", "が", "が", "ガ"});
    CHECK(words_of("葛\U000E0100城") == Words{"葛", "城"});  // an ideographic variation selector
    const Words thai = words_of("ฉันรักภาษาไทย");
    CHECK(thai.size() > 2);
    CHECK(std::find(thai.begin(), thai.end(), "ไทย") != thai.end());
    CHECK(joined(words_of("ภาษา\u200Bไทย")) == "ภาษา ไทย");
    CHECK(words_of("ສະບາຍດີ ភាសាខ្មែរ မြန်မာ").size() >= 3);
    CHECK(words_of("รถ BMW รถ") == Words{"รถ", "bmw", "รถ"});
    // Long runs are cut into pieces before ICU sees them, and nothing is lost.
    std::string run;
    for (int i = 0; i < 1000; ++i) run += "ภาษา";
    std::string all;
    for (const std::string& word : words_of(run)) all += word;
    CHECK(all == run);
}

TEST_CASE("emoji and invisible characters") {
    CHECK(words_of("red ❤️ shoes 👨‍👩‍👧 👍🏽 ok") == Words{"red", "shoes", "ok"});
    CHECK(words_of("5️⃣ stars") == Words{"5", "stars"});
    CHECK(words_of("soft\u00ADware\u00AD co\u200Dop\uFEFF \u00ADx") == Words{"software", "coop", "x"});
    CHECK(words_of("a\u200Bb") == Words{"a", "b"});  // the zero width space is there to part
    CHECK(words_of("می\u200Cخواهم") == Words{"میخواهم"});
    CHECK(words_of("\u0301abc") == Words{"abc"});
}

TEST_CASE("bytes that are not UTF-8 separate") {
    CHECK(words_of("ab\xFF" "cd") == Words{"ab", "cd"});
    CHECK(words_of("é\xC3") == Words{"e"});
    CHECK(words_of("x\xE2\x82y") == Words{"x", "y"});
    CHECK(words_of("x\xED\xA0\x80y") == Words{"x", "y"});      // half a surrogate pair
    CHECK(words_of("x\xC0\xAFy \xF5\x80\x80\x80z") == Words{"x", "y", "z"});
    CHECK(Tokenizer{}.fold("A\xFF" "B") == "a\uFFFDb");
}

TEST_CASE("separators to index are words of their own") {
    const TokenizerOptions options{"+#", ""};
    CHECK(words_of("C++ C# #1", options) == Words{"c", "+", "+", "c", "#", "#", "1"});
    CHECK(words_of("C++ C#") == Words{"c", "c"});
    CHECK(words_of("5€ a→b", {"€→", ""}) == Words{"5", "€", "a", "→", "b"});
    CHECK(words_of("a b x", {" x\t", ""}) == Words{"a", "b", "x"});  // neither white space nor letters can be listed
    CHECK(words_of("é+é", options) == Words{"e", "+", "e"});
}

TEST_CASE("listed letters keep their diacritics") {
    const TokenizerOptions options{"", "øÉ"};
    CHECK(words_of("Øre øl é É e\u0301 è ö crème brûlée", options) ==
          Words{"øre", "øl", "é", "é", "é", "e", "o", "creme", "brulée"});
    CHECK(words_of("ế", options) == Words{"e"});
    CHECK(Tokenizer{options}.fold("CAFÉ À") == "café a");
}

TEST_CASE("normalized letters become what is said, in either case") {
    const TokenizerOptions options{"", "ø", {{"ä", "ae"}, {"ß", "sz"}, {"ø", "oe"}, {"q", "K W"}, {"&", "and"}, {"x", ""}}};
    CHECK(words_of("Käse KÄSE ka\u0308se Straße øl Quark a&b xa", options) ==
          Words{"kaese", "kaese", "kaese", "strasze", "oel", "kwuark", "a", "b", "a"});
    CHECK(words_of("x", options).empty());  // nothing is left of it
    CHECK(words_of("é Ö", options) == Words{"e", "o"});
    CHECK(Tokenizer{options}.fold("Käse-Quark") == "kaese-kwuark");
    const Tokenizer tokenizer{options};
    CHECK(tokenizer.original_prefix_bytes("Käse", 1) == 1);
    CHECK(tokenizer.original_prefix_bytes("Käse", 2) == 3);  // half of "ae" is the whole letter
    CHECK(tokenizer.original_prefix_bytes("Käse", 4) == 4);
}

TEST_CASE("parts of words in camel case") {
    const auto parts_of = [](std::string_view word) {
        Words parts;
        for_each_camel_case_part(word, [&](std::size_t begin, std::size_t end) { parts.emplace_back(word.substr(begin, end - begin)); });
        return parts;
    };
    CHECK(parts_of("SuperMario64Kart") == Words{"Super", "Mario", "64", "Kart"});
    CHECK(parts_of("superMario") == Words{"super", "Mario"});
    CHECK(parts_of("HTMLParser") == Words{"HTML", "Parser"});
    CHECK(parts_of("iPhone14Pro") == Words{"i", "Phone", "14", "Pro"});
    CHECK(parts_of("ABC") == Words{"ABC"});
    CHECK(parts_of("word") == Words{"word"});
    CHECK(parts_of("Word") == Words{"Word"});
    CHECK(parts_of("42") == Words{"42"});
    CHECK(parts_of("étéÉcole") == Words{"été", "École"});
    CHECK(parts_of("e\u0301E\u0301a") == Words{"e\u0301", "E\u0301a"});
    CHECK(parts_of("한국어ABc") == Words{"한국어", "A", "Bc"});
    CHECK(parts_of("").empty());
}

TEST_CASE("long words are cut at a character") {
    const std::string ascii(1000, 'x');
    CHECK(words_of(ascii) == Words{std::string(limits::word_bytes_max, 'x')});
    std::string greek;
    for (int i = 0; i < 1000; ++i) greek += "α";
    REQUIRE(words_of("x" + greek).size() == 1);
    CHECK(words_of("x" + greek)[0] == "x" + greek.substr(0, limits::word_bytes_max - 2));
    std::string marks = "q";
    for (int i = 0; i < 100'000; ++i) marks += "\u0301";
    CHECK(words_of(marks) == Words{"q"});
    CHECK(words_of(marks, {"", "é"}) == Words{"q"});
}

TEST_CASE("a token says where it stands") {
    const std::string text = "Crème, 我ﬁ";
    std::vector<Token> tokens;
    Tokenizer{}.tokenize(text, [&](const Token& token) { tokens.push_back(token); });
    REQUIRE(tokens.size() == 3);
    CHECK(text.substr(tokens[0].byte_begin, tokens[0].byte_end - tokens[0].byte_begin) == "Crème");
    CHECK(text.substr(tokens[1].byte_begin, tokens[1].byte_end - tokens[1].byte_begin) == "我");
    CHECK(text.substr(tokens[2].byte_begin, tokens[2].byte_end - tokens[2].byte_begin) == "ﬁ");
    CHECK(tokens[2].position == 2);
}

TEST_CASE("folding a text keeps what separates") {
    const Tokenizer tokenizer;
    CHECK(tokenizer.fold("Shoes > Trail & Crème!") == "shoes > trail & creme!");
    CHECK(tokenizer.fold("👨‍👩‍👧 ½") == "👨‍👩‍👧 ½");
    CHECK(tokenizer.fold("").empty());
}

TEST_CASE("a prefix of the folded word is a prefix of the original") {
    const Tokenizer tokenizer;
    CHECK(tokenizer.original_prefix_bytes("Shoes", 3) == 3);
    CHECK(tokenizer.original_prefix_bytes("Crème", 3) == 4);             // "Crè"
    CHECK(tokenizer.original_prefix_bytes("cre\u0300me", 3) == 5);       // the accent goes with its letter
    CHECK(tokenizer.original_prefix_bytes("ﬁne", 1) == 3);               // half a ligature is all of it
    CHECK(tokenizer.original_prefix_bytes("Straße", 5) == 6);
    CHECK(tokenizer.original_prefix_bytes("\u1112\u1161\u11ABx", 3) == 9);
    CHECK(tokenizer.original_prefix_bytes("abc", 0) == 0);
    CHECK(tokenizer.original_prefix_bytes("abc", 99) == 3);
}

TEST_CASE("folding twice is folding once, for every character there is", "[property]") {
    const Tokenizer tokenizer;
    std::size_t failures = 0;
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        const std::string once = tokenizer.fold("x " + utf8(point));
        const Words words = words_of("x " + utf8(point));
        if (tokenizer.fold(once) == once && words_of(once) == words) continue;
        ++failures;
        UNSCOPED_INFO("U+" << std::hex << static_cast<std::uint32_t>(point) << " folds to " << once);
        if (failures > 5) break;
    }
    CHECK(failures == 0);
}

TEST_CASE("what decode_character takes apart, joins again", "[property]") {
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        const std::string text = utf8(point);
        const DecodedCharacter decoded = decode_character(text, 0);
        if (decoded.code_point != point || decoded.bytes != text.size()) FAIL("U+" << static_cast<std::uint32_t>(point));
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            if (decode_character(std::string_view{text}.substr(0, cut), 0).code_point != no_character) FAIL("cut text");
        }
    }
    SUCCEED();
}

TEST_CASE("positions ascend, bytes map back and folded words stay what they are", "[property]") {
    const auto seed = GENERATE(range(0U, 400U));
    CAPTURE(seed);
    std::mt19937 random{seed};
    const TokenizerOptions options{random() % 2 == 0 ? "+#" : "", random() % 3 == 0 ? "é" : ""};
    const Tokenizer tokenizer{options};
    for (int round = 0; round < 20; ++round) {
        const std::string text = random_text(random);
        CAPTURE(text);
        std::uint32_t position = 0;
        std::size_t end = 0;
        Words words;
        bool dictionary = false;
        tokenizer.tokenize(text, [&](const Token& token) {
            REQUIRE(token.position == position++);
            REQUIRE(token.byte_begin >= end);
            REQUIRE(token.byte_begin < token.byte_end);
            REQUIRE(token.byte_end <= text.size());
            REQUIRE(token.folded.size() <= limits::word_bytes_max);
            end = token.byte_end;
            const std::string original = text.substr(token.byte_begin, token.byte_end - token.byte_begin);
            REQUIRE(tokenizer.fold(original) == token.folded);
            REQUIRE(tokenizer.original_prefix_bytes(original, token.folded.size()) == original.size());
            dictionary = dictionary || character(decode_character(original, 0).code_point).kind == CharacterKind::dictionary;
            words.emplace_back(token.folded);
        });
        const std::string folded = tokenizer.fold(text);
        REQUIRE(tokenizer.fold(folded) == folded);
        // A dictionary may cut a word again when it stands alone.
        if (!dictionary) REQUIRE(words_of(joined(words), options) == words);
    }
}

}  // namespace penchant
