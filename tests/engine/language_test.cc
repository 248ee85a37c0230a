// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language.h"

#include "engine/dictionaries.h"
#include "engine/language/stop_words.h"
#include "engine/vocabulary.h"
#include "index/stemmer.h"
#include "index/tokenizer.h"
#include "tests/catch.h"
#include "tests/engine/sample.h"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <random>

using namespace penchant;
using penchant::testing::Sample;

namespace {

/// An index whose vocabulary is the words of a text.
class Words {
public:
    explicit Words(std::string_view text, std::string_view settings = "{}") : sample_{settings} {
        sample_.add(R"({"objectID":"1","text":")" + std::string{text} + R"("})");
        sample_.publish();
    }
    [[nodiscard]] Vocabulary vocabulary() const { return Vocabulary{sample_.snapshot()}; }

private:
    Sample sample_;
};

std::string joined(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string plurals(std::string_view language, std::string_view text, std::string_view word) {
    const Words words{text};
    const std::vector<std::string> languages{std::string{language}};
    return joined(Language{}.plural_variants(word, languages, words.vocabulary()));
}

std::string conjugations(std::string_view language, std::string_view text, std::string_view word) {
    const Words words{text};
    const std::vector<std::string> languages{std::string{language}};
    return joined(Language{}.conjugation_variants(word, languages, words.vocabulary()));
}

std::string best_split(std::string_view language, std::string_view text, std::string_view word) {
    const Words words{text};
    const std::vector<std::string> languages{std::string{language}};
    const auto splits = Language{}.compound_splits(word, languages, words.vocabulary());
    std::string result;
    if (!splits.empty()) {
        for (const std::string& part : splits.front()) result += (result.empty() ? "" : "+") + part;
    }
    return result;
}

}  // namespace

TEST_CASE("Stop words belong to a language") {
    const Language language;
    const std::vector<std::string> english{"en"};
    const std::vector<std::string> german{"de"};
    CHECK(language.is_stop_word("the", english));
    CHECK_FALSE(language.is_stop_word("the", german));
    CHECK(language.is_stop_word("fur", german));
    CHECK(language.is_stop_word("fuer", german));       // normalised so
    CHECK(language.is_stop_word("für", german));        // kept so
    CHECK_FALSE(language.is_stop_word("shoe", {}));
    CHECK(language.is_stop_word("the", {}));            // every language
    CHECK(language.is_stop_word("ikke", std::vector<std::string>{"no"}));
    CHECK(language.is_stop_word("nao", std::vector<std::string>{"pt-br"}));
    CHECK_FALSE(language.is_stop_word("the", std::vector<std::string>{"zz"}));
}

TEST_CASE("Stop word tables are folded, sorted and of a fair size") {
    const Tokenizer tokenizer;
    for (const std::string_view code : Language::codes()) {
        const auto words = language::stop_words(code);
        INFO(code);
        CHECK(words.size() >= 60);
        CHECK(std::is_sorted(words.begin(), words.end()));
        for (const std::string_view word : words) CHECK(tokenizer.fold(word) == word);
    }
}

TEST_CASE("Plurals of each language") {
    CHECK(plurals("en", "boot boots booth boo", "boots") == "boot");
    CHECK(plurals("en", "boxes boxing", "box") == "boxes");
    CHECK(plurals("en", "battery battering", "batteries") == "battery");
    CHECK(plurals("en", "shelf shell", "shelves") == "shelf");
    CHECK(plurals("en", "men snowman woman", "man") == "men");
    CHECK(plurals("en", "women men", "woman") == "women");
    CHECK(plurals("en", "childs", "children").empty());
    CHECK(plurals("en", "child", "children") == "child");
    CHECK(plurals("en", "len new bu glas", "lens").empty());
    CHECK(plurals("en", "new", "news").empty());
    CHECK(plurals("en", "tv tvs", "tvs") == "tv");
    CHECK(plurals("en", "toy toies", "toys") == "toy");
    CHECK(plurals("en", "glasse glas glass", "glasses") == "glass glasse");
    CHECK(plurals("de", "Häuser Haus Hausaufgabe", "haus") == "hauser");
    CHECK(plurals("de", "Haus", "hauser") == "haus");
    CHECK(plurals("de", "Lehrerinnen", "lehrerin") == "lehrerinnen");
    CHECK(plurals("de", "Blumen Blume", "blume") == "blumen");
    CHECK(plurals("de", "Apfel", "apfel").empty());  // "Äpfel" folds to the same word
    CHECK(plurals("fr", "chevaux cheval", "cheval") == "chevaux");
    CHECK(plurals("fr", "gâteau", "gateaux") == "gateau");
    CHECK(plurals("fr", "souri", "souris").empty());
    CHECK(plurals("fr", "yeux", "oeil") == "yeux");
    CHECK(plurals("es", "camión", "camiones") == "camion");
    CHECK(plurals("es", "luces", "luz") == "luces");
    CHECK(plurals("it", "libri libro", "libro") == "libri");
    CHECK(plurals("it", "banche", "banca") == "banche");
    CHECK(plurals("it", "uomini", "uomo") == "uomini");
    CHECK(plurals("nl", "boten", "boot") == "boten");
    CHECK(plurals("nl", "bed", "bedden") == "bed");
    CHECK(plurals("nl", "huis", "huizen") == "huis");
    CHECK(plurals("nl", "kaas", "kazen") == "kaas");
    CHECK(plurals("nl", "kinderen", "kind") == "kinderen");
    CHECK(plurals("pt", "aviões", "aviao") == "avioes");
    CHECK(plurals("pt", "papel", "papeis") == "papel");
    CHECK(plurals("pt-br", "homens", "homem") == "homens");
    CHECK(plurals("sv", "bilarna bilar bilen", "bil") == "bilar bilarna bilen");
    CHECK(plurals("sv", "flickor", "flicka") == "flickor");
    CHECK(plurals("sv", "böcker", "bok") == "bocker");
    CHECK(plurals("da", "hattene hatte", "hat") == "hatte hattene");
    CHECK(plurals("da", "mænd", "mand") == "maend");
    CHECK(plurals("no", "jentene jenta", "jente") == "jenta jentene");
    CHECK(plurals("nb", "menn", "mann") == "menn");
    CHECK(plurals("fi", "talot talossa", "talo") == "talossa talot");
    CHECK(plurals("fi", "kukat", "kukka") == "kukat");
    CHECK(plurals("fi", "nainen", "naiset") == "nainen");
}

TEST_CASE("German plurals in indices that write umlauts in other ways") {
    const std::vector<std::string> german{"de"};
    const Words pairs{"haeuser"};
    CHECK(joined(Language{}.plural_variants("haus", german, pairs.vocabulary())) == "haeuser");
    const Words kept{"Häuser", R"({"keepDiacriticsOnCharacters":"äöü"})"};
    CHECK(joined(Language{}.plural_variants("haus", german, kept.vocabulary())) == "häuser");
    const Words singular{"haus"};
    CHECK(joined(Language{}.plural_variants("haeuser", german, singular.vocabulary())) == "haus");
    CHECK(joined(Language{}.plural_variants("häuser", german, singular.vocabulary())) == "haus");
}

TEST_CASE("Conjugations of each language") {
    CHECK(conjugations("en", "running runs ran runner runt", "run") == "ran running runs");
    CHECK(conjugations("en", "make makes made maker", "making") == "made make makes");
    CHECK(conjugations("en", "tried try tryst", "tries") == "tried try");
    CHECK(conjugations("en", "university", "universe").empty());
    CHECK(conjugations("de", "gemacht machte macht mach nacht machen", "machen") == "gemacht mach macht machte");
    CHECK(conjugations("de", "machen", "gemacht") == "machen");
    CHECK(conjugations("de", "laufen", "lief") == "laufen");
    CHECK(conjugations("fr", "mangé mangée mangeons manger mangue", "manger") == "mange mangee mangeons");
    CHECK(conjugations("es", "comió comiendo comida", "comer") == "comida comiendo comio");
    CHECK(conjugations("it", "mangiato mangia mango", "mangiare") == "mangia mangiato");
    CHECK(conjugations("nl", "werkt gewerkt werkte", "werken") == "gewerkt werkt werkte");
    CHECK(conjugations("pt", "falou falando falta", "falar") == "falando falou");
    CHECK(conjugations("sv", "talade talar", "tala") == "talade talar");
    CHECK(conjugations("da", "elskede elsket", "elske") == "elskede elsket");
    CHECK(conjugations("nb", "kastet kaster", "kaste") == "kaster kastet");
    CHECK(conjugations("fi", "puhun puhumme", "puhua") == "puhumme puhun");
}

TEST_CASE("Compounds are taken apart into words of the vocabulary") {
    CHECK(best_split("de", "Garten Stuhl gar", "gartenstuhl") == "garten+stuhl");
    CHECK(best_split("de", "Arbeit Zimmer", "arbeitszimmer") == "arbeit+zimmer");
    CHECK(best_split("de", "Schule Tasche", "schultasche") == "schule+tasche");
    CHECK(best_split("de", "Kinder Garten Stuhl", "kindergartenstuhl") == "kinder+garten+stuhl");
    CHECK(best_split("de", "Kindergarten Kinder Garten Stuhl", "kindergartenstuhl") == "kindergarten+stuhl");
    CHECK(best_split("de", "aus gang", "ausgang").empty());  // "aus" is a stop word
    CHECK(best_split("de", "Garten", "gartenstuhl").empty());
    CHECK(best_split("nl", "verzekering kantoor", "verzekeringskantoor") == "verzekering+kantoor");
    CHECK(best_split("fi", "koulu kirja", "koulukirja") == "koulu+kirja");
    CHECK(best_split("sv", "arbete plats bord", "arbetsplats") == "arbete+plats");
    CHECK(best_split("da", "børn værelse", "bornevaerelse") == "born+vaerelse");
    CHECK(best_split("no", "barne hage", "barnehage") == "barne+hage");
    CHECK(best_split("en", "garden chair", "gardenchair").empty());
}

TEST_CASE("Own dictionaries add to the standard and take from it") {
    const std::vector<DictionaryEntry> entries{
        {DictionaryKind::stopwords, "1", "en", {"Acme"}, {}, true},
        {DictionaryKind::stopwords, "2", "en", {"the"}, {}, false},
        {DictionaryKind::stopwords, "3", "zz", {"blub"}, {}, true},
        {DictionaryKind::plurals, "4", "en", {"Octopus", "octopodes"}, {}, true},
        {DictionaryKind::plurals, "5", "en", {"boot", "boots"}, {}, false},
        {DictionaryKind::compounds, "6", "de", {"Kopfhörerkabel"}, {"kopfhörer", "kabel"}, true},
        {DictionaryKind::compounds, "7", "de", {"Gartenstuhl"}, {}, false},
    };
    DisabledStandard disabled;
    disabled[static_cast<std::size_t>(DictionaryKind::stopwords)]["fr"] = true;
    const Language language{std::make_shared<const Dictionaries>(entries, disabled)};
    const std::vector<std::string> english{"en"};
    const std::vector<std::string> german{"de"};

    CHECK(language.is_stop_word("acme", english));
    CHECK_FALSE(language.is_stop_word("the", english));
    CHECK(language.is_stop_word("and", english));
    CHECK(language.is_stop_word("blub", {}));
    CHECK_FALSE(language.is_stop_word("blub", english));
    CHECK_FALSE(language.is_stop_word("pour", std::vector<std::string>{"fr"}));

    const Words words{"octopus octopodes boot boots garten stuhl kopfhorer kopf horer kabel"};
    const Vocabulary vocabulary = words.vocabulary();
    CHECK(joined(language.plural_variants("octopus", english, vocabulary)) == "octopodes");
    CHECK(language.plural_variants("boot", english, vocabulary).empty());
    CHECK(joined(Language{}.plural_variants("boot", english, vocabulary)) == "boots");
    CHECK(language.compound_splits("kopfhorerkabel", german, vocabulary) ==
          std::vector<std::vector<std::string>>{{"kopfhorer", "kabel"}});
    CHECK(language.compound_splits("gartenstuhl", german, vocabulary).empty());
    CHECK_FALSE(Language{}.compound_splits("gartenstuhl", german, vocabulary).empty());
}

TEST_CASE("Variants are bounded, and strange words have none") {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "word" + std::to_string(i) + ' ';
    const Words words{text + "a b i"};
    const Vocabulary vocabulary = words.vocabulary();
    const Language language;
    for (const std::string& word : {std::string{}, std::string{"a"}, std::string{"\xC3\xA4"}, std::string(96, 'e'),
                                    std::string{"\xE6\xBC\xA2"}, std::string{"1234"}}) {
        CHECK(language.plural_variants(word, {}, vocabulary).empty());
        CHECK(language.conjugation_variants(word, {}, vocabulary).empty());
        CHECK(language.compound_splits(word, {}, vocabulary).empty());
    }
    CHECK(stem("xx", "words") == "words");
    CHECK(stem("en", "running") == "run");
}

TEST_CASE("A word's forms are found quickly in a large vocabulary", "[.][bench]") {
    std::mt19937 random{7};
    const std::vector<std::string> syllables{"ber", "ka", "sto", "len", "fru", "ti", "ming", "ast", "er", "po", "re", "gen", "hus", "ol", "i", "na"};
    const auto any_word = [&] {
        std::string word;
        for (std::size_t i = 2 + random() % 4; i > 0; --i) word += syllables[random() % syllables.size()];
        return word;
    };
    Sample sample;
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (int k = 0; k < 20; ++k) text += any_word() + ' ';
        sample.add(R"({"objectID":"1","text":")" + text + R"("})");
    }
    sample.publish();
    const Vocabulary vocabulary{sample.snapshot()};
    const Language language;
    std::vector<std::string> words;
    for (int i = 0; i < 1'000; ++i) words.push_back(any_word());
    std::size_t found = 0;
    const auto measure = [&](const char* name, auto&& work) {
        const std::clock_t begin = std::clock();  // of the processor: machines are shared
        for (const std::string& word : words) found += work(word);
        const double microseconds = static_cast<double>(std::clock() - begin) * 1e6 / CLOCKS_PER_SEC;
        std::cout << name << ": " << microseconds / static_cast<double>(words.size()) << " us a word\n";
    };
    std::cout << sample.snapshot().segments.front()->words() << " words\n";
    const std::vector<std::string> german{"de"};
    for (const auto& [name, languages] : {std::pair{"de", german}, std::pair{"all", std::vector<std::string>{}}}) {
        std::cout << name << '\n';
        measure("stop", [&](const std::string& word) { return language.is_stop_word(word, languages) ? 1U : 0U; });
        measure("plurals", [&](const std::string& word) { return language.plural_variants(word, languages, vocabulary).size(); });
        measure("conjugations", [&](const std::string& word) { return language.conjugation_variants(word, languages, vocabulary).size(); });
        measure("splits", [&](const std::string& word) { return language.compound_splits(word, languages, vocabulary).size(); });
    }
    CHECK(found > 0);
}
