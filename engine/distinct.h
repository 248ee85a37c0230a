// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups of records that share a value of attributeForDistinct, such as the sizes of one shoe (A 2.11).
//
// The first value a record has there is its group; a record without one is a group of its own. Groups stand where their best
// record stands in the one total order of a search, whoever made that order: so what a page shows is always a cut from one
// list, and a group's best record is the one that would have come first anyway.
#pragma once

#include "engine/ranking.h"
#include "index/snapshot.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace penchant {

/// Borrows the snapshot. Uses memory of its thread: one call at a time in a thread.
class Grouping {
public:
    /// The groups of `snapshot`; nullopt when its settings have no attributeForDistinct.
    [[nodiscard]] static std::optional<Grouping> of(const Snapshot& snapshot);

    static constexpr std::uint32_t alone = 0xFFFFFFFFU;
    /// The group of a record, below groups(), or `alone`.
    [[nodiscard]] std::uint32_t group(Ordinal ordinal) const;
    [[nodiscard]] std::uint32_t groups() const { return columns_->dictionary(attribute_).size(); }

    /// Groups among these records, those of one record included.
    [[nodiscard]] std::uint64_t count(std::span<const Ordinal> ordinals) const;

    /// The best record of each group in plain order (key, custom rank, ordinal), ordinals ascending: the same ones for
    /// every visitor, so what is counted over them is, too.
    [[nodiscard]] std::vector<Ordinal> best_of_each(const Matches& matches,
                                                    std::span<const std::uint32_t> custom_rank) const;

    /// Those of `matches` that share a group with one of `ordinals`; `rest` becomes the others.
    [[nodiscard]] std::vector<Ordinal> without_groups_of(std::span<const Ordinal> ordinals, const Matches& matches,
                                                         Matches& rest) const;

    /// Gives the hits of a cut from the order of all matches.
    using Rank = std::function<std::vector<RankedHit>(PageCut)>;
    /// Puts some of the matches, by their places, in that order (rank_members()).
    using RankMembers = std::function<std::vector<RankedHit>(std::span<const std::uint32_t>)>;
    /// `cut` counts groups: for each, up to `records_max` best records, one after the other, numbered by
    /// RankedHit::distinct_place. `count` is what count() gives for the matches. Without `rank_members` hits carry all that
    /// `rank` tells, which may take the whole order.
    [[nodiscard]] std::vector<RankedHit> page(const Matches& matches, std::uint64_t count, std::size_t records_max, PageCut cut,
                                              const Rank& rank, const RankMembers& rank_members) const;

private:
    Grouping(const Columns& columns, std::size_t attribute) : columns_(&columns), attribute_(attribute) {}
    [[nodiscard]] std::vector<std::size_t> sizes(std::span<const Ordinal> ordinals,
                                                 std::span<const std::uint32_t> groups) const;
    struct PageGroup {
        std::uint32_t group = alone;
        std::vector<RankedHit> hits;
    };
    void complete(std::vector<PageGroup>& page, const Matches& matches, std::size_t records_max,
                  const RankMembers& rank_members) const;

    const Columns* columns_;
    std::size_t attribute_;
};

}  // namespace penchant
