// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rules_cache.h"

#include "index/analysis.h"

namespace penchant {

Result<std::optional<Ordinal>> ObjectPlaces::find(std::uint64_t generation, std::string_view object_id,
                                                  const FindObject& look_up) {
    const std::string id(object_id);
    {
        const std::lock_guard guard(mutex_);
        // A search that is late on an older snapshot looks by itself.
        if (generation > generation_) {
            known_.clear();
            generation_ = generation;
        }
        if (const auto at = known_.find(id); generation == generation_ && at != known_.end()) return at->second;
    }
    auto found = look_up(object_id);
    if (!found) return found;
    const std::lock_guard guard(mutex_);
    if (generation == generation_) known_.emplace(id, *found);
    return found;
}

std::shared_ptr<const CompiledRules> RulesCache::of(const Snapshot& snapshot) {
    static const auto none = std::make_shared<const CompiledRules>();
    if (snapshot.curations->rules.empty()) return none;
    {
        const std::lock_guard guard(mutex_);
        for (auto at = entries_.begin(); at != entries_.end(); ++at) {
            if (at->curations != snapshot.curations || at->settings != snapshot.settings) continue;
            entries_.splice(entries_.begin(), entries_, at);
            return at->compiled;
        }
    }
    // Without the lock: ten thousand rules take a while. Two threads may both do it; the outcome is the same.
    auto compiled = std::make_shared<CompiledRules>();
    compiled->rules = RuleSet::compile(snapshot.curations->rules, tokenizer_of(*snapshot.settings));
    const std::lock_guard guard(mutex_);
    entries_.push_front({snapshot.curations, snapshot.settings, compiled});
    if (entries_.size() > entries_max) entries_.pop_back();
    return compiled;
}

}  // namespace penchant
