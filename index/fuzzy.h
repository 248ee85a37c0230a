// SPDX-License-Identifier: GPL-3.0-or-later
//
// Typos (A 2.6). The distance of two words is the number of insertions, deletions, substitutions and swaps of two
// neighbours (optimal string alignment: no letter is edited twice) that lead from what was typed to the word, counted in
// code points; when the first letters differ the cheapest way costs one more, because a typo on the first letter counts two.
// Words are folded before they are compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// The distance of `typed` to `word`, or nothing when it is above `typos_max` (at most 2).
[[nodiscard]] std::optional<std::uint8_t> typo_distance(std::string_view typed, std::string_view word,
                                                        std::uint8_t typos_max);

/// The smallest distance of `typed` to any beginning of `word`.
[[nodiscard]] std::optional<std::uint8_t> prefix_typo_distance(std::string_view typed, std::string_view word,
                                                               std::uint8_t typos_max);

/// What Segment::find_similar looks for. Made once a query word; one thread.
class FuzzyPattern {
public:
    /// `typos_max` is 1 or 2.
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
