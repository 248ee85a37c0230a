// SPDX-License-Identifier: GPL-3.0-or-later
//
// An index's rules in the form that searches use, made once for as long as nobody changes them.
#pragma once

#include "engine/ruled_query.h"
#include "engine/rules.h"
#include "index/snapshot.h"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace penchant {

/// Where the records that rules name stand in one snapshot: looking each up again for every query would cost more than the
/// query. Any thread.
class ObjectPlaces {
public:
    /// What `look_up` gives, which is asked once a snapshot.
    [[nodiscard]] Result<std::optional<Ordinal>> find(std::uint64_t generation, std::string_view object_id,
                                                      const FindObject& look_up);

private:
    std::mutex mutex_;
    std::uint64_t generation_ = 0;
    std::unordered_map<std::string, std::optional<Ordinal>> known_;
};

/// Any thread.
struct CompiledRules {
    RuleSet rules;
    mutable ObjectPlaces places;
};

/// Any thread. Keeps what was compiled last for a few hundred indices.
class RulesCache {
public:
    /// Never null. Known again by the identity of the snapshot's curations and settings (which say how words are split),
    /// both of which outlive commits that do not change them.
    [[nodiscard]] std::shared_ptr<const CompiledRules> of(const Snapshot& snapshot);

private:
    static constexpr std::size_t entries_max = 256;
    struct Entry {
        std::shared_ptr<const Curations> curations;  // held, so that the addresses stay theirs
        std::shared_ptr<const Settings> settings;
        std::shared_ptr<const CompiledRules> compiled;
    };
    std::mutex mutex_;
    std::list<Entry> entries_;  // the last used first
};

}  // namespace penchant
