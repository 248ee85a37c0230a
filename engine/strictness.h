// SPDX-License-Identifier: GPL-3.0-or-later
//
// relevancyStrictness of virtual replicas (A 3.7): how much of what matches is sorted as the replica says, and from where on
// relevance decides again.
//
// Of n matches in textual order the first ceil(n * (1 - strictness/100)) are sorted, widened to the end of the bucket
// that the last of them is in, and never less than the first bucket: customRanking alone orders them, each place of it
// a bucket of its own, so that a visitor's taste breaks ties but no sort that somebody asked for. The rest follows
// bucket by bucket. At 100 that is the ranking by buckets, at 0 a plain sort. What filters and optional filters score
// does not decide who is sorted; it acts after that, before customRanking in the sorted part.
#pragma once

#include "engine/ranking.h"

#include <cstdint>
#include <span>

namespace penchant {

/// Changes the keys of `matches` accordingly; `custom_rank` is by ordinal. Only once for the same matches.
void apply_strictness(Matches& matches, const KeyLayout& layout, std::uint32_t strictness,
                      std::span<const std::uint32_t> custom_rank);

/// Records in the sorted part, afterwards.
[[nodiscard]] std::uint64_t sorted_records(const Matches& matches);

}  // namespace penchant
