// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who matches a query, its relevance keys and its facet counts do not depend on the visitor: kept here they make a repeated
// query one pass over its candidates, whoever asks. An entry belongs to one generation of one index; when a newer one is
// seen, the older generations' entries go. Most commits on a busy shop change prices and stocks; what words alone decide is
// therefore kept as an index of its own (words_of), whose generation is Snapshot::words_generation.
//
// A query that matches many records is kept from its second appearance on, since most queries never come again and
// copying their matches would cost more than finding them.
#pragma once

#include "engine/facets.h"
#include "engine/ranking.h"

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

/// Any thread. Bounded in bytes; the least recently used entries go first.
class CandidateCache {
public:
    explicit CandidateCache(std::size_t bytes_max);

    /// One of the two is set.
    struct Value {
        std::shared_ptr<const Matches> matches = nullptr;
        std::shared_ptr<const std::vector<FacetTally>> facets = nullptr;
        std::size_t facet_changes = 0;  ///< so many of Columns::facet_changes are in `facets`
    };

    /// What `index` is called where the generation is that of its words.
    [[nodiscard]] static std::string words_of(std::string_view index) { return std::string(index) + '\1'; }

    /// `key` names the query within a generation of `index`. Null members when there is nothing.
    [[nodiscard]] Value find(std::string_view index, std::uint64_t generation, std::string_view key);

    /// Whether a value of this size is worth keeping: small ones always, others when the query was seen before.
    [[nodiscard]] bool worth_keeping(std::string_view index, std::uint64_t generation, std::string_view key,
                                     std::size_t bytes);

    void insert(std::string_view index, std::uint64_t generation, std::string_view key, Value value,
                std::size_t bytes);

    void clear();
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::size_t shard_count = 8;
    static constexpr std::size_t small_bytes = 32 * 1024;
    static constexpr std::size_t seen_slots = 4096;  // a shard; a colliding query is only kept a little early or late

    struct Entry {
        std::string key;  ///< index, NUL, generation, query
        std::string index;
        std::uint64_t generation = 0;
        Value value;
        std::size_t bytes = 0;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::list<Entry> entries;  ///< most recently used first
        std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key;
        std::unordered_map<std::string, std::uint64_t> newest;
        std::array<std::uint64_t, seen_slots> seen{};
        std::size_t bytes = 0;
    };

    [[nodiscard]] static std::string full_key(std::string_view index, std::uint64_t generation, std::string_view key);
    [[nodiscard]] Shard& shard(std::size_t hash) { return shards_[hash % shard_count]; }
    static void drop(Shard& shard, std::list<Entry>::iterator entry);
    /// False for a generation that is older than one seen before.
    static bool note_generation(Shard& shard, std::string_view index, std::uint64_t generation);

    std::size_t shard_bytes_max_;
    std::array<Shard, shard_count> shards_;
};

}  // namespace penchant
