// SPDX-License-Identifier: GPL-3.0-or-later
//
// Taste: what a visitor likes in one index, under the strategy that holds there. The profile is read here, and weights meet
// counters here.
#pragma once

#include "index/catalog.h"
#include "plugin/affinity.h"
#include "plugin/strategy.h"
#include "plugin/visitors.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// One affinity, found in the columns of a snapshot.
struct TasteEntry {
    FacetValueId id = 0;
    std::uint32_t attribute = 0;  ///< number in the snapshot's columns
    std::uint32_t flat = 0;       ///< flat number of the value (Columns::flat_begin)
    int weight = 100;             ///< facet weight in per cent
    double score = 0;             ///< 1..20
};

struct Taste {
    std::vector<TasteEntry> entries;  ///< by score x weight, best first; at most limits::affinities_per_query_max
    int impact = 0;                   ///< 0..100, the strategy's
    std::int64_t valid_until_ms = 0;  ///< counts fade: read it again then
};

class TasteReader {
public:
    /// `snapshot_of` gives the current snapshot of an index by name, or null.
    using SnapshotOf = std::function<std::shared_ptr<const Snapshot>(std::string_view name)>;
    TasteReader(Visitors& visitors, const Roles& roles, const FacetValueIds& values, const NameTable& indices,
                SnapshotOf snapshot_of);

    /// Sums the profiles of `tokens`. Classic when a classic strategy is saved, else the advanced configuration of
    /// `index`, else the default: all facet attributes that are not filterOnly, values that are no numbers.
    [[nodiscard]] Result<Taste> read(std::span<const std::string> tokens, const StrategyState& state, std::string_view index,
                                     const Snapshot& snapshot, std::int64_t now_ms);
    /// The same without a classic strategy: what the advanced API answers.
    [[nodiscard]] Result<Taste> read_counters(std::span<const std::string> tokens, const AdvancedConfig::IndexConfig* config,
                                              std::string_view index, const Snapshot& snapshot, std::int64_t now_ms);

    struct ClassicProfile {
        std::vector<Affinity> affinities;  ///< integers 1..20
        std::int64_t valid_until_ms = 0;   ///< when the oldest counted event leaves the window
    };
    /// Plain sums over the events of the last 90 days (A 5.4), exactly.
    [[nodiscard]] Result<ClassicProfile> classic(std::span<const std::string> tokens, const ClassicStrategy& strategy,
                                                 std::int64_t now_ms);

    /// Names of the indices that the profiles' counted records came from.
    [[nodiscard]] Result<std::vector<std::string>> indices_of(std::span<const std::string> tokens);
    /// When each facet value was last credited.
    [[nodiscard]] Result<std::map<FacetValueId, std::int64_t>> last_credited(std::span<const std::string> tokens);

    static constexpr std::int64_t classic_window_ms = std::int64_t{90} * 24 * 3600 * 1000;
    static constexpr std::int64_t reading_life_ms = 60'000;

private:
    struct Sums;
    [[nodiscard]] Result<Sums> sums_of(std::span<const std::string> tokens, RoleWeights& weights, std::int64_t now_ms);
    /// Weight of all counted records from indices that have facet `path` now.
    [[nodiscard]] double total_of(const Sums& sums, std::string_view path, std::string_view index, const Snapshot& snapshot);

    Visitors& visitors_;
    const Roles& roles_;
    const FacetValueIds& values_;
    const NameTable& indices_;
    SnapshotOf snapshot_of_;
};

/// Keeps the best limits::affinities_per_query_max entries, in their order.
void keep_best(std::vector<TasteEntry>& entries);

}  // namespace penchant
