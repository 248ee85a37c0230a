// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/fuzzy.h"

#include "index/character_table.h"
#include "index/error.h"

#include <algorithm>
#include <bit>

namespace penchant {

namespace {

std::u32string code_points(std::string_view text) {
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCharacter decoded = decode_character(text, at);
        points += decoded.code_point;
        at += decoded.bytes;
    }
    return points;
}

/// One bit a kind of letter; each letter sets one at most, told by its first byte.
std::uint32_t kinds_of_letters(std::string_view text) {
    std::uint32_t kinds = 0;
    for (const char byte : text)
        if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) kinds |= std::uint32_t{1} << (static_cast<unsigned char>(byte) % 32U);
    return kinds;
}

bool same(char32_t a, char32_t b) { return a == b && a != no_character; }

/// The rows of the table of distances, one a letter of `word`; row[i] is the distance of i typed letters to the letters of
/// the word so far. `visit(row.back())` is called for each beginning of the word that has a letter.
template <class Visit>
void walk_table(const std::u32string& typed, const std::u32string& word, Visit&& visit) {
    std::vector<std::size_t> before(typed.size() + 1);
    std::vector<std::size_t> above(typed.size() + 1);
    std::vector<std::size_t> row(typed.size() + 1);
    for (std::size_t i = 0; i <= typed.size(); ++i) row[i] = i;
    for (std::size_t j = 1; j <= word.size(); ++j) {
        before.swap(above);
        above.swap(row);
        row[0] = j;
        for (std::size_t i = 1; i <= typed.size(); ++i) {
            const bool match = same(typed[i - 1], word[j - 1]);
            row[i] = std::min({above[i - 1] + (match ? 0 : 1), above[i] + 1, row[i - 1] + 1});
            if (i > 1 && j > 1 && same(typed[i - 1], word[j - 2]) && same(typed[i - 2], word[j - 1])) {
                row[i] = std::min(row[i], before[i - 2] + 1);
            }
        }
        visit(row.back());
    }
}

std::optional<std::uint8_t> distance_of(std::size_t edits, const std::u32string& typed, const std::u32string& word,
                                        std::uint8_t typos_max) {
    const bool first_differs = !same(typed.front(), word.front());
    if (edits > typo_edits_max || edits + (first_differs ? 1 : 0) > typos_max) return std::nullopt;
    return static_cast<std::uint8_t>(edits + (first_differs ? 1 : 0));
}

}  // namespace

std::optional<std::uint8_t> typo_distance(std::string_view typed, std::string_view word, std::uint8_t typos_max) {
    // A typo takes one letter away and brings one, at most: words of other letters are told apart without a table.
    const std::uint32_t others = kinds_of_letters(typed) ^ kinds_of_letters(word);
    if (std::popcount(others) > 2 * static_cast<int>(typos_max)) return std::nullopt;
    const std::u32string from = code_points(typed);
    const std::u32string to = code_points(word);
    if (from.empty() || to.empty()) return from == to ? std::optional<std::uint8_t>(std::uint8_t{0}) : std::nullopt;
    std::size_t edits = 0;
    walk_table(from, to, [&](std::size_t last) { edits = last; });
    return distance_of(edits, from, to, typos_max);
}

std::optional<std::uint8_t> prefix_typo_distance(std::string_view typed, std::string_view word, std::uint8_t typos_max) {
    const std::u32string from = code_points(typed);
    const std::u32string to = code_points(word);
    if (from.empty()) return std::uint8_t{0};
    if (to.empty()) return std::nullopt;
    std::size_t edits = from.size() + to.size();
    walk_table(from, to, [&](std::size_t last) { edits = std::min(edits, last); });
    return distance_of(edits, from, to, typos_max);
}

FuzzyPattern::FuzzyPattern(std::string_view typed, std::uint8_t typos_max, bool prefix)
    : typed_(code_points(typed)), typos_max_(typos_max), prefix_(prefix) {
    PENCHANT_ASSERT(typos_max >= 1 && typos_max <= typo_distance_max);
}

}  // namespace penchant
