// SPDX-License-Identifier: GPL-3.0-or-later
//
// Searching in the values of a facet (A 2.9): words begin like what was typed or, when they are long enough, nearly so.
#pragma once

#include "engine/facets.h"
#include "engine/query.h"
#include "index/snapshot.h"

#include <boost/json/array.hpp>

#include <span>

namespace penchant {

struct FacetHits {
    boost::json::array hits;  ///< {value, highlighted, count}, at most maxFacetHits
    bool exhaustive = true;   ///< false: there were too many values to look at all of them for typos
};

/// The values in `tallies` that hold every word of `facetQuery`, the last one as a prefix, most matches first (or by text,
/// when sortFacetValuesBy says so). Whether typos count, and from which length on, are the query's rules.
[[nodiscard]] FacetHits facet_hits(const Snapshot& snapshot, const Query& query, std::span<const FacetTally> tallies);

}  // namespace penchant
