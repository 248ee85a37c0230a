// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/union_cache.h"

#include "index/limits.h"

namespace penchant {

UnionCache& UnionCache::process() {
    // Never destroyed: segments held by other statics may outlive any order of destruction we could choose.
    static UnionCache* const cache = new UnionCache(limits::prefix_cache_bytes_max);
    return *cache;
}

std::shared_ptr<const UnionPostings> UnionCache::get(std::uint64_t segment, std::string_view prefix,
                                                       const std::function<UnionPostings()>& build) {
    Shard& shard = shards_[(Hash{}(prefix) ^ (segment * 0x9E3779B97F4A7C15U) >> 32U) % shards_.size()];
    std::shared_ptr<Slot> slot;
    {
        const std::lock_guard lock(shard.mutex);
        Prefixes& prefixes = shard.segments[segment];
        auto found = prefixes.find(prefix);
        if (found == prefixes.end()) {
            shard.entries.push_front(Entry{segment, std::string(prefix), std::make_shared<Slot>(), 0, 0});
            found = prefixes.emplace(std::string(prefix), shard.entries.begin()).first;
        } else {
            shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
        }
        found->second->used = clock_.fetch_add(1, std::memory_order_relaxed);
        slot = found->second->slot;
    }
    bool built_here = false;
    std::call_once(slot->built, [&] {
        slot->postings = std::make_shared<const UnionPostings>(build());
        built_here = true;
    });
    if (!built_here) return slot->postings;

    {
        const std::lock_guard lock(shard.mutex);
        const auto prefixes = shard.segments.find(segment);
        if (prefixes == shard.segments.end()) return slot->postings;
        const auto found = prefixes->second.find(prefix);
        // Evicted meanwhile, and perhaps asked for again since: then the newer slot's builder does the accounting.
        if (found == prefixes->second.end() || found->second->slot != slot) return slot->postings;
        found->second->bytes = slot->postings->bytes() + sizeof(Entry) + 2 * prefix.size() + 64;
        bytes_.fetch_add(found->second->bytes, std::memory_order_relaxed);
    }
    keep_to_budget();
    return slot->postings;
}

void UnionCache::keep_to_budget() {
    while (bytes_.load(std::memory_order_relaxed) > bytes_max_) {
        // The oldest of the shards' oldest entries. Between looking and erasing it may be used again: no harm done.
        Shard* oldest_shard = nullptr;
        std::uint64_t oldest = 0;
        for (Shard& shard : shards_) {
            const std::lock_guard lock(shard.mutex);
            if (shard.entries.empty()) continue;
            if (oldest_shard != nullptr && shard.entries.back().used >= oldest) continue;
            oldest_shard = &shard;
            oldest = shard.entries.back().used;
        }
        if (oldest_shard == nullptr) return;
        const std::lock_guard lock(oldest_shard->mutex);
        if (!oldest_shard->entries.empty()) erase(*oldest_shard, std::prev(oldest_shard->entries.end()));
    }
}

void UnionCache::erase(Shard& shard, Entries::iterator entry) {
    bytes_.fetch_sub(entry->bytes, std::memory_order_relaxed);
    const auto prefixes = shard.segments.find(entry->segment);
    prefixes->second.erase(entry->prefix);
    if (prefixes->second.empty()) shard.segments.erase(prefixes);
    shard.entries.erase(entry);
}

void UnionCache::drop(std::uint64_t segment) {
    for (Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        const auto prefixes = shard.segments.find(segment);
        if (prefixes == shard.segments.end()) continue;
        for (const auto& [prefix, entry] : prefixes->second) {
            bytes_.fetch_sub(entry->bytes, std::memory_order_relaxed);
            shard.entries.erase(entry);
        }
        shard.segments.erase(prefixes);
    }
}

std::vector<UnionCache::Kept> UnionCache::kept(std::uint64_t segment) const {
    std::vector<Kept> kept;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        const auto prefixes = shard.segments.find(segment);
        if (prefixes == shard.segments.end()) continue;
        for (const auto& [prefix, entry] : prefixes->second) {
            if (entry->bytes > 0) kept.push_back({prefix, entry->bytes, entry->used});
        }
    }
    return kept;
}

std::size_t UnionCache::bytes(std::uint64_t segment) const {
    std::size_t bytes = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        const auto prefixes = shard.segments.find(segment);
        if (prefixes == shard.segments.end()) continue;
        for (const auto& [prefix, entry] : prefixes->second) bytes += entry->bytes;
    }
    return bytes;
}

}  // namespace penchant
