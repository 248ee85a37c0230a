// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a rule's condition holds for a query, and what its placeholders found (A 3.9).
//
// Patterns are compared word by word with what was typed, folded and split as records are. The word that is being typed counts
// as it stands: "boo" is not "boot". A placeholder stands for one to limits::placeholder_words_max words that are, with case and
// diacritics folded, a value of its facet that some record has; the longest one is tried first.
#pragma once

#include "engine/rule.h"
#include "index/snapshot.h"
#include "index/tokenizer.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Whether a typed word may stand for a word of a pattern (both folded) where alternatives are allowed.
using WordsAlike = std::function<bool(std::string_view typed, std::string_view wanted)>;

/// A text taken apart. Borrows the snapshot and the tokenizer.
class RuleText {
public:
    RuleText(std::string text, const Tokenizer& tokenizer, const Snapshot& snapshot);

    struct Word {
        std::string folded;
        std::size_t byte_begin = 0;
        std::size_t byte_end = 0;
    };
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::vector<Word>& words() const { return words_; }

    /// The value of a facet that the words [first, first + count) are, as a record has it.
    [[nodiscard]] std::optional<std::string> facet_value(std::string_view facet, std::size_t first, std::size_t count) const;

private:
    std::string text_;
    std::vector<Word> words_;
    const Tokenizer* tokenizer_;
    const Snapshot* snapshot_;
};

struct FoundFacetValue {
    std::string facet;
    std::string value;
    friend bool operator==(const FoundFacetValue&, const FoundFacetValue&) = default;
};

/// Where a pattern stands: words [first, last).
struct PatternMatch {
    std::size_t first = 0;
    std::size_t last = 0;
    std::vector<FoundFacetValue> values;
};

/// All places of `pattern` (not empty) that `anchoring` allows, from left to right, without overlaps. `alike` may be null.
[[nodiscard]] std::vector<PatternMatch> find_pattern(const RuleText& text, std::span<const PatternPart> pattern,
                                                     Anchoring anchoring, const WordsAlike* alike);

/// What a condition is compared with.
struct RuleQuery {
    const RuleText& text;
    std::span<const std::string> contexts;
    std::span<const FilterTerm> filters;  ///< of the query, wherever they stand in it
    const WordsAlike& alike;
};

/// The values that the placeholders found when the condition holds, or nothing.
[[nodiscard]] std::optional<std::vector<FoundFacetValue>> match_condition(const RuleCondition& condition,
                                                                          const RuleQuery& query);

}  // namespace penchant
