// SPDX-License-Identifier: GPL-3.0-or-later
//
// The compiled synonyms of each index, made once for as long as nobody changes them.
#pragma once

#include "engine/synonyms.h"
#include "index/snapshot.h"

#include <list>
#include <memory>
#include <mutex>

namespace penchant {

/// Any thread. Keeps those of the indices that were asked for last.
class SynonymsCache {
public:
    /// Null when the index has none. Known again by the identity of the snapshot's curations and settings (which say how
    /// words are split); both outlive commits that do not change them.
    [[nodiscard]] std::shared_ptr<const Synonyms> of(const Snapshot& snapshot);

private:
    static constexpr std::size_t entries_max = 256;
    struct Entry {
        std::shared_ptr<const Curations> curations;  // held, so that the addresses stay theirs
        std::shared_ptr<const Settings> settings;
        std::shared_ptr<const Synonyms> synonyms;
    };
    std::mutex mutex_;
    std::list<Entry> entries_;  // the last used first
};

}  // namespace penchant
