// SPDX-License-Identifier: GPL-3.0-or-later
//
// What counts and how much: the classic strategy (A 5.3), the advanced configuration (A 5.7), and what holds when a site has
// saved neither. Kept in Family::module; read by every search that has to look at a profile again.
#pragma once

#include "index/store.h"
#include "plugin/role.h"

#include <boost/json/object.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

struct ClassicStrategy {
    struct EventScore {
        std::string name;
        EventType type = EventType::click;
        std::int64_t score = 0;
    };
    struct FacetScore {
        std::string facet;
        int score = 0;
    };
    std::vector<EventScore> events;
    std::vector<FacetScore> facets;
    int impact = 0;

    /// Checks a body of POST /1/strategies/personalization: all three keys, both spellings, nothing else.
    /// bad_request names the key.
    [[nodiscard]] static Result<ClassicStrategy> parse(std::string_view json);
    [[nodiscard]] boost::json::object to_json() const;
    [[nodiscard]] std::int64_t event_score(EventType type, std::string_view name) const;
    /// 0 for a facet that is not listed: it is no part of classic profiles.
    [[nodiscard]] int facet_score(std::string_view facet) const;
};

struct AdvancedConfig {
    struct EventSelector {
        EventType type = EventType::view;
        std::optional<EventSubtype> subtype;
        std::string name;
    };
    struct IndexConfig {
        std::string index;
        std::vector<std::string> affinities;
        std::vector<std::pair<EventSelector, double>> events;  ///< with the weight of their role
        boost::json::object source;                            ///< as it was sent
    };
    std::vector<IndexConfig> indices;
    std::string reranking = "none";
    std::string profile_type = "basic";
    boost::json::object features;
    std::int64_t updated_at_ms = 0;

    /// Checks a body of PUT /2/config. bad_request says "Invalid request body: " and what is wrong.
    [[nodiscard]] static Result<AdvancedConfig> parse(std::string_view json);
    [[nodiscard]] boost::json::object to_json() const;
    [[nodiscard]] int impact() const;  ///< none 0, low 25, medium 50, high 75, maximum 100
    [[nodiscard]] const IndexConfig* find(std::string_view index) const;
};

/// What a profile's roles weigh and which facets count, for one index (null: all).
class RoleWeights {
public:
    RoleWeights(const Roles& roles, const AdvancedConfig::IndexConfig* config) : roles_(roles), config_(config) {}
    [[nodiscard]] double operator()(RoleId role);

private:
    const Roles& roles_;
    const AdvancedConfig::IndexConfig* config_;
    std::vector<double> weights_;  // by role; NaN: not asked yet
};

/// What a kind of event weighs when nothing is configured: view 1, click 3, conversion 6, addToCart 6, purchase 10.
[[nodiscard]] double default_weight(EventType type, EventSubtype subtype);
inline constexpr int default_impact = 70;

/// Values that say "nothing is known" (A 5.7), and are no affinity: "", "unknown", "N/A", ...
[[nodiscard]] bool is_placeholder(std::string_view value);
/// A number as a whole: prices and sizes are not liked one by one.
[[nodiscard]] bool looks_numeric(std::string_view value);

/// What is saved now; immutable.
struct StrategyState {
    std::uint64_t version = 0;  ///< grows with every save in this process
    std::optional<ClassicStrategy> classic;
    std::optional<AdvancedConfig> advanced;
};

/// Any thread.
class Strategies {
public:
    [[nodiscard]] static Result<std::unique_ptr<Strategies>> open(Store& store);
    [[nodiscard]] std::shared_ptr<const StrategyState> state() const;
    /// The version of state(), without its lock.
    [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
    [[nodiscard]] Result<void> save(const ClassicStrategy& classic);
    [[nodiscard]] Result<void> save(AdvancedConfig advanced, std::int64_t now_ms);

private:
    explicit Strategies(Store& store) : store_(store), state_(std::make_shared<StrategyState>()) {}
    void publish(StrategyState state);

    Store& store_;
    std::mutex save_mutex_;
    mutable std::mutex mutex_;
    std::shared_ptr<const StrategyState> state_;
    std::atomic<std::uint64_t> version_{0};
};

}  // namespace penchant
