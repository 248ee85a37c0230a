// SPDX-License-Identifier: GPL-3.0-or-later
//
// Typos (A 2.6). The distance of two words is the number of insertions, deletions, substitutions and swaps of two
// neighbours (optimal string alignment: no letter is edited twice) that lead from what was typed to the word, counted in
// code points, and one more when their first letters differ, because a typo on the first letter counts two. First letters
// differ after a substitution of the first letter ("pantera" for "bantera"), an insertion before it, a deletion of it and
// a swap of the first two, unless the letter that comes to stand there is the same: "aapple" for "apple" is one typo.
// No word is further than two edits, so a distance of three is two edits of which one concerns the first letter.
// Words are folded before they are compared. A byte that is not UTF-8 equals nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

inline constexpr std::uint8_t typo_edits_max = 2;
inline constexpr std::uint8_t typo_distance_max = 3;

/// The distance of `typed` to `word`, or nothing when it is above `typos_max` or takes more than two edits.
[[nodiscard]] std::optional<std::uint8_t> typo_distance(std::string_view typed, std::string_view word,
                                                        std::uint8_t typos_max);

/// The smallest distance of `typed` to any beginning of `word` that has a letter.
[[nodiscard]] std::optional<std::uint8_t> prefix_typo_distance(std::string_view typed, std::string_view word,
                                                               std::uint8_t typos_max);

/// What Segment::find_similar looks for. Made once a query word; one thread.
class FuzzyPattern {
public:
    /// `typos_max` is 1 to 3: no found word's distance is above it.
    FuzzyPattern(std::string_view typed, std::uint8_t typos_max, bool prefix);
    [[nodiscard]] const std::u32string& typed() const { return typed_; }
    [[nodiscard]] std::uint8_t typos_max() const { return typos_max_; }
    [[nodiscard]] bool prefix() const { return prefix_; }

private:
    std::u32string typed_;
    std::uint8_t typos_max_;
    bool prefix_;
};

}  // namespace penchant
