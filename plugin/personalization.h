// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module as one object: its parts, opened in order, with the one store, clock and catalog behind them. What the
// endpoints and the command line both do is a function here.
#pragma once

#include "engine/module.h"
#include "plugin/boost.h"
#include "plugin/credit.h"
#include "plugin/erasure.h"
#include "plugin/role.h"
#include "plugin/search_log.h"
#include "plugin/strategy.h"
#include "plugin/taste.h"
#include "plugin/visitors.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Any thread.
class Personalization {
public:
    /// Reads what the store has. Errors: corrupt, io.
    [[nodiscard]] static Result<std::unique_ptr<Personalization>> open(ModuleContext& context);

    [[nodiscard]] ModuleContext& context() { return context_; }
    [[nodiscard]] Visitors& visitors() { return visitors_; }
    [[nodiscard]] Strategies& strategies() { return *strategies_; }
    [[nodiscard]] BoostMaker& boosts() { return boosts_; }
    [[nodiscard]] Erasure& erasure() { return erasure_; }
    [[nodiscard]] SearchLog& search_log() { return search_log_; }
    [[nodiscard]] const Roles& roles() const { return roles_; }

    /// Takes events in, joins them to their searches and counts them in the metrics.
    [[nodiscard]] Result<void> record(std::string_view body);
    /// Erases a visitor and those linked to it: profiles, events, searches. Files follow in the background (erasure()).
    [[nodiscard]] Result<void> erase(std::string_view token);

    /// A visitor's affinities with their names, best first.
    struct NamedAffinity {
        std::string facet;
        std::string value;
        double score = 0;
        int weight = 100;                  ///< facet weight in per cent
        std::vector<std::string> indices;  ///< that have the value
        std::int64_t last_credited_ms = 0;
    };
    struct NamedProfile {
        std::vector<std::string> tokens;
        std::int64_t last_event_ms = 0;
        std::vector<NamedAffinity> affinities;
    };
    enum class View { searches, advanced };  ///< as searches use it (classic first), or as the advanced API answers
    /// nullopt for a token without events.
    [[nodiscard]] Result<std::optional<NamedProfile>> named_profile(std::string_view token, View view, bool with_times);

private:
    Personalization(ModuleContext& context, std::unique_ptr<Strategies> strategies);
    ModuleContext& context_;
    Roles roles_;
    NameTable indices_;
    CatalogCredits credits_;
    Visitors visitors_;
    std::unique_ptr<Strategies> strategies_;
    TasteReader reader_;
    BoostMaker boosts_;
    SearchLog search_log_;
    Erasure erasure_;
};

}  // namespace penchant
