// SPDX-License-Identifier: GPL-3.0-or-later
//
// A filter expression bound to the columns of one snapshot: which records pass, and what they score (A 2.8).
//
// Facet values compare folded, tags with case; an attribute that is not listed in attributesForFaceting matches nothing,
// nor does a number that numericAttributesForFiltering leaves out. With several values one that matches is enough;
// a negated term (NOT, `-value`, `!=`) holds for records in which none does, those without the attribute included.
#pragma once

#include "engine/filter_expression.h"
#include "index/snapshot.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace penchant {

/// Borrows the snapshot; any thread.
class Filter {
public:
    /// Records are looked at in blocks of at most this many.
    static constexpr std::size_t block_size = 1024;

    Filter(const QueryFilters& filters, const Snapshot& snapshot, bool sum_or_scores);

    /// No required condition: keep() keeps everything.
    [[nodiscard]] bool everything() const { return required_.kind == FilterExpression::Kind::all && required_.parts.empty(); }

    /// Writes the positions in `ordinals` (at most block_size) of those that pass to `kept` and gives their number.
    [[nodiscard]] std::size_t keep(std::span<const Ordinal> ordinals, std::span<std::uint16_t> kept) const;

    /// Lowest and highest score a passing record can have; equal when filters do not rank.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> score_range() const { return score_range_; }

    /// Scores of records that pass: groups that are ANDed add up, of an OR the best one counts (or, with
    /// sumOrFiltersScores, the sum of those that match); a negated optional filter takes its score away.
    void score(std::span<const Ordinal> ordinals, std::span<std::int64_t> scores) const;

private:
    struct Node {
        FilterExpression::Kind kind = FilterExpression::Kind::all;
        FilterTerm::Kind term = FilterTerm::Kind::facet;
        bool negated = false;
        std::int64_t score = 1;
        std::size_t attribute = 0;             // facets and tags
        std::vector<std::uint32_t> values;     // ... whose ordinals are these, ascending,
        std::vector<std::uint8_t> is_value;    // ... or, when there are several, marked here
        const NumericColumn* column = nullptr; // numbers; null: nobody has one
        double low = 0;
        double high = 0;
        std::vector<Node> parts;
    };

    [[nodiscard]] Node bind(const FilterExpression& expression) const;
    [[nodiscard]] Node bind_term(const FilterTerm& term) const;
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> range_of(const Node& node, bool optional) const;
    void match(const Node& node, std::span<const Ordinal> ordinals, std::uint8_t* matches) const;
    void match_values(const Node& node, std::span<const Ordinal> ordinals, std::uint8_t* matches) const;
    void match_numbers(const Node& node, std::span<const Ordinal> ordinals, std::uint8_t* matches) const;
    void score(const Node& node, bool optional, std::span<const Ordinal> ordinals, std::uint8_t* matches,
               std::int64_t* scores) const;

    const Snapshot* snapshot_;
    bool sum_or_scores_;
    Node required_;
    Node optional_;
    std::pair<std::int64_t, std::int64_t> score_range_;
};

}  // namespace penchant
