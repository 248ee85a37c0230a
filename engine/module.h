// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seam between the engine and a module. A module is a shared library that exports one symbol,
//
//     extern "C" penchant::Module* penchant_module(penchant::ModuleContext&);
//
// loaded by name at start (engine/module_loader.h). It may add endpoints, and may give each search a Boost that
// re-orders hits inside buckets of equal textual relevance (engine/ranking.h). The engine runs complete without one.
//
// Threads: penchant_module, routes and stop are called by the main thread; boost, and every Boost, by the thread that
// runs the search, and so is on_search; on_snapshot by an index's writer thread. All of a module's functions may run at once.
#pragma once

#include "engine/router.h"
#include "engine/search_report.h"
#include "index/catalog.h"
#include "index/snapshot.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Counters and gauges of /metrics. Any thread.
class Metrics {
public:
    virtual ~Metrics() = default;
    /// Adds to a counter; `name` is a Prometheus metric name with its labels, such as `penchant_events_total{kind="click"}`.
    virtual void count(std::string_view name, std::uint64_t amount = 1) = 0;
    virtual void set(std::string_view name, double value) = 0;
};

/// All that a module gets of the engine; outlives the module.
struct ModuleContext {
    Catalog& catalog;  ///< snapshots by index name, records, facet value ids, the store (the module's own families)
    Metrics& metrics;
    std::function<std::int64_t()> now_ms;                                  ///< the clock, milliseconds since 1970
    std::function<void(std::string_view level, std::string_view message)> log;
};

/// One search, as a module sees it.
struct SearchContext {
    std::string_view index;
    const Snapshot& snapshot;
    std::string_view user_token;       ///< empty when the search has none
    bool enabled = false;              ///< enablePersonalization, query over setting
    std::optional<int> impact;         ///< personalizationImpact of the query, 0..100; absent: the module's own
    std::vector<std::string> filters;  ///< personalizationFilters: replace the stored profile (A 5.6)
    bool has_filters = false;
};

/// Scores hits for one visitor and one snapshot. Made for one search, used by one thread, then thrown away.
class Boost {
public:
    virtual ~Boost() = default;
    /// Fills scores[i] (>= 0 unless the visitor dislikes something) for ordinals[i]. One call for many records.
    virtual void score(std::span<const Ordinal> ordinals, std::span<float> scores) = 0;
    /// No score() is ever above this.
    [[nodiscard]] virtual float upper_bound() const = 0;
    /// 0..100: how much of the blend is the visitor's.
    [[nodiscard]] virtual int impact() const = 0;
    /// Names the affinities of one record with their shares, for `_rankingInfo.personalization.affinities`.
    /// The shares' scores add up to what score() gives.
    [[nodiscard]] virtual boost::json::array explain(Ordinal ordinal) const = 0;
};

class Module {
public:
    virtual ~Module() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Adds endpoints beside search: same keys, limits, errors and metrics as the engine's own.
    virtual void routes(Router& router) = 0;
    /// The boost for one search, or null when it is not personalized (not enabled, no token, no profile).
    [[nodiscard]] virtual std::unique_ptr<Boost> boost(const SearchContext& search) = 0;
    /// A new snapshot of an index is about to serve searches.
    virtual void on_snapshot(std::string_view index, const Snapshot& snapshot) = 0;
    /// Orderly end: nothing is called afterwards. What was acknowledged is durable already.
    virtual void stop() = 0;
    /// A search was answered: one that counts (`analytics`) or that events may name (`clickAnalytics`), no browse. Called by
    /// its thread before the answer goes out, so it must cost microseconds.
    virtual void on_search(const SearchReport&) {}
};

/// What a module exports under the name "penchant_module". The caller owns the result.
using ModuleEntry = Module*(ModuleContext&);

/// What a module may export beside it under the name "penchant_module_command": a subcommand of the command line,
/// called instead of penchant_module, on a data directory that no server has open. argv[0] is the subcommand's name
/// ("profile"), the rest its arguments. Prints to standard output, one sentence to standard error when it fails, and
/// gives the exit code (0 done, 1 failed, 2 wrong use). What only reads works with a read-only catalog.
using ModuleCommand = int(ModuleContext&, int argc, const char* const* argv);

}  // namespace penchant
