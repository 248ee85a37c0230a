// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records that rules have pinned to places of the order, and records they have hidden (A 2.5, 2.14: last of all). Whatever ranks
// the other records does not move these, and every page is a cut from one and the same order:
//
//     a record pinned to place p stands there, or on the next place that no earlier pin has taken; when fewer other
//     records match than would fill the places in front of it, it moves up until there is no gap
#pragma once

#include "engine/ranking.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace penchant {

/// Records that go one behind the other.
struct PinGroup {
    std::vector<Ordinal> records;
    std::uint32_t position = 0;   ///< of the first one, from 0
    bool filtered = false;        ///< only those that pass the query's filters
};

/// No record is pinned twice, or pinned and hidden.
struct Pins {
    std::vector<PinGroup> promoted;  ///< the most specific rule first: it gets the place when two want it
    std::vector<Ordinal> hidden;
    [[nodiscard]] bool empty() const { return promoted.empty() && hidden.empty(); }
    /// A text that is the same for two exactly when they are the same.
    [[nodiscard]] std::string normalized() const;
};

struct PinnedPlace {
    Ordinal ordinal = 0;
    std::uint64_t place = 0;
};

/// The places that pins would like, before it is known how many other records there are: ascending, no two the same.
[[nodiscard]] std::vector<PinnedPlace> wanted_places(std::span<const PinGroup> groups);

/// The order of `others` ranked records with pinned ones between.
class PinnedOrder {
public:
    /// `wanted` as wanted_places gives them.
    PinnedOrder(std::vector<PinnedPlace> wanted, std::uint64_t others);
    [[nodiscard]] std::uint64_t size() const { return others_ + pinned_.size(); }
    [[nodiscard]] std::uint64_t others() const { return others_; }
    /// The cut from the order of the others that belongs to a cut from the whole one.
    [[nodiscard]] PageCut others_cut(PageCut cut) const;
    /// For each place of the cut: a pinned record, or `none` for the next one of the others.
    static constexpr Ordinal none = 0xFFFFFFFFU;
    [[nodiscard]] std::vector<Ordinal> places(PageCut cut) const;

private:
    std::vector<PinnedPlace> pinned_;  // where they stand
    std::uint64_t others_;
};

}  // namespace penchant
