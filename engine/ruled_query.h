// SPDX-License-Identifier: GPL-3.0-or-later
//
// A request after the rules of the index have seen it (A 2.14): the query that is run, and the records that have fixed places.
#pragma once

#include "engine/pins.h"
#include "engine/query.h"
#include "engine/rules.h"
#include "engine/text_query.h"
#include "index/error.h"
#include "index/snapshot.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace penchant {

struct RuledQuery {
    Query query;
    Pins pins;
};

/// The ordinal of an objectID, as Catalog::find_object gives it.
using FindObject = std::function<Result<std::optional<Ordinal>>(std::string_view object_id)>;

/// parse_query, then the rules. Promoted and hidden objectIDs that the index does not have are passed over; an error of
/// `find` is passed on. `alike` says which typed words may stand for a word of a pattern that allows alternatives.
[[nodiscard]] Result<RuledQuery> ruled_query(const boost::json::object& parameters, const Snapshot& snapshot,
                                             const QueryDefaults& defaults, const RuleSet& rules,
                                             const WordsAlike& alike, std::int64_t now, const FindObject& find);

/// Words that differ by no more typos than the settings allow a typed word of that length (A 2.6).
[[nodiscard]] bool alike_but_for_typos(std::string_view typed, std::string_view wanted, const WordRules& words);

/// Typos, plurals (in the languages of the settings), and words that a synonym of one word lets the typed one stand for. Borrows
/// the snapshot.
[[nodiscard]] WordsAlike words_alike(const Snapshot& snapshot, WordKnowledge knowledge);

}  // namespace penchant
