// SPDX-License-Identifier: GPL-3.0-or-later
//
// Facet counts over all matches (A 2.9), exact. They do not depend on the visitor, so they are kept with the candidates.
#pragma once

#include "engine/query.h"
#include "index/snapshot.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace penchant {

/// Numbers of a facet attribute over all matches.
struct FacetStatistics {
    double min = 0;
    double max = 0;
    double sum = 0;
    std::uint64_t values = 0;
};

/// Counts of one attribute; values that no match has are not listed.
struct FacetTally {
    std::size_t attribute = 0;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> counts;  ///< (value ordinal, matches), by value ordinal
    std::optional<FacetStatistics> statistics;                    ///< when some match has a number there
};

/// Attributes (numbers in Columns) that a query asks to count, in settings order for "*": listed in attributesForFaceting and not
/// filterOnly; others are ignored.
[[nodiscard]] std::vector<std::size_t> facet_attributes(std::span<const std::string> facets, const Snapshot& snapshot);

/// Counts as matches come along, block by block. Uses memory of its thread: one counter at a time in a thread.
class FacetCounter {
public:
    FacetCounter(const Snapshot& snapshot, std::vector<std::size_t> attributes);
    void add(std::span<const Ordinal> ordinals);
    [[nodiscard]] std::vector<FacetTally> finish();

    /// The outcome for all records of the snapshot, without looking at them.
    [[nodiscard]] static std::vector<FacetTally> of_everything(const Snapshot& snapshot,
                                                               const std::vector<std::size_t>& attributes);

private:
    struct Numbers {
        const NumericColumn* column;
        FacetStatistics statistics;
    };
    const Snapshot* snapshot_;
    std::vector<std::size_t> attributes_;
    std::vector<Numbers> numbers_;  // beside attributes_; column is null when there is none
    std::vector<std::uint32_t>* counts_;
};

/// `facets` of an answer: values ordered by count descending, then by text (or by text alone), at most `values_max` each.
[[nodiscard]] boost::json::object facets_answer(const Snapshot& snapshot, std::span<const FacetTally> tallies,
                                                std::size_t values_max, FacetOrder order);
/// `facets_stats`: {"price": {"min", "max", "avg", "sum"}} for attributes with numbers.
[[nodiscard]] boost::json::object facets_stats_answer(const Snapshot& snapshot, std::span<const FacetTally> tallies);

/// A number as JSON: an integer when it is one, so that 15 is not written as 15.0 or 1.5E1.
[[nodiscard]] boost::json::value json_number(double value);

/// What `tallies`, counted over some records without statistics of numbers, are after `changes`; `counted` says which records
/// those are.
void add_changes(std::vector<FacetTally>& tallies, std::span<const FacetChange> changes,
                 const std::function<bool(Ordinal)>& counted);

/// Memory of tallies kept in the cache.
[[nodiscard]] std::size_t bytes_of(std::span<const FacetTally> tallies);

}  // namespace penchant
