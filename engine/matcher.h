// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds every record that has the words of a query, passes its filters and lies where it asks, with its relevance key.
//
// Works through each segment block by block. With required words the shortest list leads and the others are tested against
// it (long ones by their bitmaps, short ones by searching forward); optional words are looked up for those that are left.
// Without a required word the candidates are the records that any of the lists has, and one word at least must match.
// Then come deleted records, excluded words, filters, places and criteria (engine/match_criteria.h), each over a whole
// block at a time.
//
// Three rules look at all matches together, in this order, before anything is counted:
//
//   optional words   With four typed words or more, all optional, the required number of matched words rises with every
//                    1,000 results (A 2.4): records with w matched words stay if w >= 1 + step * floor(c / 1000), where c
//                    is the number of records with more matched words, and step is 1, or floor(n / 5) for n >= 10 words. The
//                    records that match most words always stay, and who stays has no fewer matched words than who goes.
//   typoTolerance    min keeps the matches with the fewest typos found, strict those of the two lowest counts found.
//   automatic radius Around a point with no radius given, the smallest one that holds limits::automatic_radius_hits
//                    matches (all if they are fewer), at least minimumAroundRadius; records further off do not match.
#pragma once

#include "engine/filter.h"
#include "engine/geo.h"
#include "engine/match_criteria.h"
#include "engine/ranking.h"
#include "engine/text_query.h"

#include <memory>

namespace penchant {

/// One query on one snapshot. Borrows all that it is given; one thread.
class Matcher {
public:
    Matcher(const Snapshot& snapshot, const TextQuery& text, const AttributeRules& rules, const Filter& filter,
            const GeoFilter& geo, MatchOptions options);
    ~Matcher();

    [[nodiscard]] const KeyLayout& layout() const;

    /// Replaces `matches` by all matches.
    void run(Matches& matches) const;

    /// Some record matches. Stops where it finds one.
    [[nodiscard]] bool finds_any() const;

    /// The criteria of one match.
    [[nodiscard]] MatchDetails describe(Ordinal ordinal) const;

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
