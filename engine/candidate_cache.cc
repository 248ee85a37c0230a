// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/candidate_cache.h"

#include <functional>

namespace penchant {

CandidateCache::CandidateCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / shard_count) {}

std::string CandidateCache::full_key(std::string_view index, std::uint64_t generation, std::string_view key) {
    std::string full;
    full.reserve(index.size() + key.size() + 24);
    full.append(index);
    full += '\0';
    full += std::to_string(generation);
    full += '\0';
    full.append(key);
    return full;
}

void CandidateCache::drop(Shard& shard, std::list<Entry>::iterator entry) {
    shard.bytes -= entry->bytes;
    shard.by_key.erase(entry->key);
    shard.entries.erase(entry);
}

bool CandidateCache::note_generation(Shard& shard, std::string_view index, std::uint64_t generation) {
    std::uint64_t& newest = shard.newest[std::string(index)];
    if (generation < newest) return false;
    if (generation == newest) return true;
    newest = generation;
    for (auto it = shard.entries.begin(); it != shard.entries.end();) {
        const auto next = std::next(it);
        if (it->index == index && it->generation < generation) drop(shard, it);
        it = next;
    }
    return true;
}

CandidateCache::Value CandidateCache::find(std::string_view index, std::uint64_t generation, std::string_view key) {
    const std::string full = full_key(index, generation, key);
    Shard& at = shard(std::hash<std::string_view>{}(full));
    const std::lock_guard lock(at.mutex);
    if (!note_generation(at, index, generation)) return {};
    const auto found = at.by_key.find(full);
    if (found == at.by_key.end()) return {};
    at.entries.splice(at.entries.begin(), at.entries, found->second);
    return found->second->value;
}

bool CandidateCache::worth_keeping(std::string_view index, std::uint64_t generation, std::string_view key,
                                   std::size_t bytes) {
    if (bytes > shard_bytes_max_) return false;
    if (bytes <= small_bytes) return true;
    const std::size_t hash = std::hash<std::string_view>{}(full_key(index, generation, key));
    Shard& at = shard(hash);
    const std::lock_guard lock(at.mutex);
    std::uint64_t& slot = at.seen[hash / shard_count % seen_slots];
    if (slot == hash) return true;
    slot = hash;
    return false;
}

void CandidateCache::insert(std::string_view index, std::uint64_t generation, std::string_view key, Value value,
                            std::size_t bytes) {
    std::string full = full_key(index, generation, key);
    bytes += 2 * full.size() + sizeof(Entry);
    if (bytes > shard_bytes_max_) return;
    Shard& at = shard(std::hash<std::string_view>{}(full));
    const std::lock_guard lock(at.mutex);
    if (!note_generation(at, index, generation)) return;
    if (const auto found = at.by_key.find(full); found != at.by_key.end()) drop(at, found->second);
    while (at.bytes + bytes > shard_bytes_max_ && !at.entries.empty()) drop(at, std::prev(at.entries.end()));
    at.entries.push_front({std::move(full), std::string(index), generation, std::move(value), bytes});
    at.by_key.emplace(at.entries.front().key, at.entries.begin());
    at.bytes += bytes;
}

void CandidateCache::clear() {
    for (Shard& at : shards_) {
        const std::lock_guard lock(at.mutex);
        at.by_key.clear();
        at.entries.clear();
        at.seen.fill(0);
        at.bytes = 0;
    }
}

std::size_t CandidateCache::bytes() const {
    std::size_t bytes = 0;
    for (const Shard& at : shards_) {
        const std::lock_guard lock(at.mutex);
        bytes += at.bytes;
    }
    return bytes;
}

}  // namespace penchant
