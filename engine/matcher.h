// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds every record that has all words of a query and passes its filters, with its relevance key.
//
// Works through each segment block by block: the shortest list leads, the others are tested against it (long ones by
// their bitmaps, short ones by searching forward), then come deleted records, filters and criteria, each over a
// whole block at a time.
//
// The textual criteria (A 2.5):
//   proximity  sum over neighbouring query words of the smallest distance between their places in one attribute: 1 when
//              the second stands right behind the first, one more when the order is reversed, at least minProximity,
//              at most 8, and 8 when they never meet in one attribute; 0 for one word
//   attribute  the smallest rank * 1000 + position over all places of all query words
//   exact      query words with a place that equals the word itself; for a query of one word what
//              exactOnSingleWordQuery says: the whole value (attribute), any place (word, from three characters), none
#pragma once

#include "engine/filter.h"
#include "engine/ranking.h"
#include "engine/text_query.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace penchant {

/// The criteria of one match, for `_rankingInfo`.
struct MatchDetails {
    std::uint32_t words = 0;
    std::uint32_t exact_words = 0;
    std::uint32_t proximity = 0;
    std::uint32_t attribute = 0;
    std::int64_t filters = 0;
};

struct MatchOptions {
    ExactOnSingleWord exact_on_single_word = ExactOnSingleWord::attribute;
    std::uint32_t min_proximity = 1;
};

/// One query on one snapshot. Borrows all that it is given; one thread.
class Matcher {
public:
    Matcher(const Snapshot& snapshot, const TextQuery& text, const AttributeRules& rules, const Filter& filter,
            MatchOptions options);
    ~Matcher();

    [[nodiscard]] const KeyLayout& layout() const;

    /// Replaces `matches` by all matches.
    void run(Matches& matches) const;

    [[nodiscard]] MatchDetails describe(Ordinal ordinal) const;

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
