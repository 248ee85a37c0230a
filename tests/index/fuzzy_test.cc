// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/fuzzy.h"

#include "index/segment.h"
#include "tests/catch.h"

#include <map>
#include <random>
#include <set>
#include <string>

using namespace penchant;

namespace {

int distance(std::string_view typed, std::string_view word, std::uint8_t typos_max = 3) {
    return typo_distance(typed, word, typos_max).value_or(9);
}
int prefix_distance(std::string_view typed, std::string_view word, std::uint8_t typos_max = 3) {
    return prefix_typo_distance(typed, word, typos_max).value_or(9);
}

std::shared_ptr<const Segment> segment_of(const std::set<std::string>& words) {
    SegmentBuilder builder(0);
    std::mt19937 random(7);
    for (const std::string& word : words) {
        std::vector<Ordinal> ordinals;
        for (Ordinal ordinal = 0; ordinal < 9; ++ordinal) {
            if (ordinal == 0 || random() % 3 == 0) ordinals.push_back(ordinal);
        }
        builder.add_list(word, ordinals, std::vector<std::vector<Place>>(ordinals.size(), {make_place(0, 1, false)}));
    }
    return builder.finish(9);
}

/// Distances and numbers of postings by word.
using Found = std::map<std::string, std::pair<int, std::size_t>>;

Found found_in(const Segment& segment, std::string_view typed, std::uint8_t typos_max, bool prefix) {
    std::vector<SimilarWord> similar;
    segment.find_similar(FuzzyPattern(typed, typos_max, prefix), similar);
    Found found;
    std::string last;
    for (const SimilarWord& word : similar) {
        CHECK(word.prefix == prefix);
        CHECK((found.empty() || last < word.word));
        last = word.word;
        found[word.word] = {word.typos, word.postings};
    }
    CHECK(found.size() == similar.size());
    return found;
}

/// The same from the definition: every word, or every beginning of every word, is compared.
Found expected_in(const Segment& segment, std::string_view typed, std::uint8_t typos_max, bool prefix) {
    Found found;
    std::map<std::string, int> beginnings;
    segment.for_each_word("", [&](std::string_view word, std::size_t postings) {
        if (!prefix) {
            const int typos = distance(typed, word, typos_max);
            if (typos > 0 && typos < 9) found[std::string(word)] = {typos, postings};
            return true;
        }
        for (std::size_t end = 1; end <= word.size(); ++end) {
            if (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) continue;
            const std::string beginning(word.substr(0, end));
            const int typos = distance(typed, beginning, typos_max);
            if (typos < 9) beginnings[beginning] = typos;
        }
        return true;
    });
    for (const auto& [beginning, typos] : beginnings) {
        bool shortest = typos > 0;
        for (std::size_t end = 1; end < beginning.size(); ++end) {
            const auto shorter = beginnings.find(beginning.substr(0, end));
            if (shorter != beginnings.end() && shorter->second <= typos) shortest = false;
        }
        if (!shortest) continue;
        std::size_t all = 0;
        segment.for_each_word(beginning, [&](std::string_view, std::size_t postings) { return all += postings, true; });
        found[beginning] = {typos, all};
    }
    return found;
}

}  // namespace

TEST_CASE("the distance of two words") {
    CHECK(distance("", "") == 0);
    CHECK(distance("apple", "apple") == 0);
    CHECK(distance("aple", "apple") == 1);
    CHECK(distance("appple", "apple") == 1);
    CHECK(distance("appke", "apple") == 1);
    CHECK(distance("appel", "apple") == 1);
    CHECK(distance("apple", "") == 9);
    CHECK(distance("smasugn", "samsung") == 2);
    CHECK(distance("ca", "abc") == 9);       // no letter is edited twice: three edits
    CHECK(distance("m\xC3\xBCller", "muller") == 1);
    CHECK(distance("\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97", "\xE4\xB8\xAD\xE5\xAD\x97") == 1);
    CHECK(distance("abcdef", "abcxyz") == 9);
    CHECK(distance("aple", "apple", 1) == 1);
    CHECK(distance("smasugn", "samsung", 1) == 9);
    CHECK(distance("\xFF", "\xFF") == 2);    // not UTF-8, no letter
}

TEST_CASE("a typo on the first letter costs two") {
    CHECK(distance("bpple", "apple") == 2);
    CHECK(distance("xapple", "apple") == 2);
    CHECK(distance("pple", "apple") == 2);
    CHECK(distance("paple", "apple") == 2);
    CHECK(distance("bpple", "apple", 1) == 9);
    CHECK(distance("aapple", "apple") == 1);  // the first letters are the same
    CHECK(distance("bplpe", "apple") == 3);
    CHECK(distance("bplpe", "apple", 2) == 9);
    CHECK(distance("bplep", "applxx") == 9);
}

TEST_CASE("the distance to a beginning") {
    CHECK(prefix_distance("app", "apple") == 0);
    CHECK(prefix_distance("aple", "applepie") == 1);
    CHECK(prefix_distance("iphnoe", "iphones") == 1);
    CHECK(prefix_distance("bpp", "apple") == 2);
    CHECK(prefix_distance("apple", "app") == 2);
    CHECK(prefix_distance("apple", "ap") == 9);
    CHECK(prefix_distance("", "ap") == 0);
    CHECK(prefix_distance("a", "") == 9);
    CHECK(prefix_distance("smasgu", "samsung", 2) == 2);
    CHECK(prefix_distance("smasgu", "samsung", 1) == 9);
}

TEST_CASE("similar words of a small vocabulary") {
    const auto segment = segment_of({"apple", "apples", "applet", "ample", "maple", "pple", "app", "apply", "zebra"});
    CHECK(found_in(*segment, "apple", 1, false).size() == 4);
    CHECK(found_in(*segment, "apple", 2, false).size() == 6);  // not "maple": three
    const Found beginnings = found_in(*segment, "apple", 1, true);
    CHECK(beginnings.size() == 2);  // "apple" itself covers what is longer
    CHECK(beginnings.count("appl") == 1);
    CHECK(beginnings.count("ample") == 1);
    CHECK(found_in(*segment, "apple", 2, true).begin()->first == "ampl");
    CHECK(found_in(*segment, "", 2, true).empty());
    CHECK(found_in(*segment, std::string(500, 'a'), 2, false).empty());
    CHECK(found_in(*segment_of({}), "apple", 2, false).empty());
}

TEST_CASE("similar words are those that the distance says") {
    std::mt19937 random(11);
    const std::string_view letters[] = {"a", "b", "c", "d", "\xC3\xA9", "\xC3\xA8", "\xE4\xB8\xAD", "\xF0\x90\x8D\x88"};
    for (int round = 0; round < 60; ++round) {
        const std::size_t alphabet = 2 + random() % 7;
        const auto word_of = [&](std::size_t length) {
            std::string word;
            for (std::size_t i = 0; i < length; ++i) word += letters[random() % alphabet];
            return word;
        };
        std::vector<std::string> stems;
        for (int i = 0; i < 4; ++i) stems.push_back(word_of(1 + random() % 5));
        std::set<std::string> words;
        const std::size_t count = random() % 400;
        for (std::size_t i = 0; i < count; ++i) words.insert(stems[random() % 4] + word_of(random() % 6));
        if (random() % 4 == 0) words.insert({"", "\xFF", "a\xFF", "a\xFF\xFE"});
        const auto segment = segment_of(words);
        for (int query = 0; query < 20; ++query) {
            std::string typed = word_of(1 + random() % 9);
            if (!words.empty() && random() % 2 == 0) typed = *std::next(words.begin(), static_cast<long>(random() % words.size()));
            if (random() % 20 == 0) typed += "\xFF";
            if (typed.empty()) continue;
            const auto typos_max = static_cast<std::uint8_t>(1 + random() % 3);
            const bool prefix = random() % 2 == 0;
            CAPTURE(round, typed, int{typos_max}, prefix);
            REQUIRE(found_in(*segment, typed, typos_max, prefix) == expected_in(*segment, typed, typos_max, prefix));
        }
    }
}
