// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/synonyms_cache.h"

#include "engine/json_body.h"

namespace penchant {

std::shared_ptr<const Synonyms> SynonymsCache::of(const Snapshot& snapshot) {
    if (snapshot.curations->synonyms.empty()) return nullptr;
    {
        const std::lock_guard guard(mutex_);
        for (auto at = entries_.begin(); at != entries_.end(); ++at) {
            if (at->curations != snapshot.curations || at->settings != snapshot.settings) continue;
            entries_.splice(entries_.begin(), entries_, at);
            return at->synonyms;
        }
    }
    // Without the lock: many synonyms take a while. Two threads may both do it; the outcome is the same.
    std::vector<boost::json::object> objects;
    objects.reserve(snapshot.curations->synonyms.size());
    for (const auto& [id, text] : snapshot.curations->synonyms)
        if (auto value = parse_json_value(*text); value.has_value() && value.value().is_object())
            objects.push_back(std::move(value.value().get_object()));
    auto synonyms = std::make_shared<const Synonyms>(Synonyms::compile(objects, tokenizer_of(*snapshot.settings)));
    const std::lock_guard guard(mutex_);
    entries_.push_front({snapshot.curations, snapshot.settings, synonyms});
    if (entries_.size() > entries_max) entries_.pop_back();
    return synonyms;
}

}  // namespace penchant
