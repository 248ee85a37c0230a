// SPDX-License-Identifier: GPL-3.0-or-later
//
// The unions of posting lists that somebody asked for (prefixes, alternatives), of all segments of the process, under one
// budget of bytes (limits::prefix_cache_bytes_max). The one asked for longest ago goes first, whichever segment it belongs to.
#pragma once

#include "index/segment.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

/// Any thread.
class UnionCache {
public:
    explicit UnionCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}
    UnionCache(const UnionCache&) = delete;
    UnionCache& operator=(const UnionCache&) = delete;

    /// The cache that all segments share.
    [[nodiscard]] static UnionCache& process();

    /// The list of `prefix`, or of another text that says what was asked, in segment number `segment`; `build` is called
    /// when it is not here. Of several threads that
    /// ask for the same list at once one builds and the others wait for it. Never null.
    [[nodiscard]] std::shared_ptr<const UnionPostings> get(std::uint64_t segment, std::string_view prefix,
                                                            const std::function<UnionPostings()>& build);
    struct Kept {
        std::string asked;
        std::size_t bytes = 0;
        std::uint64_t used = 0;  ///< grows with every call of get(): who has more was asked for later
    };
    /// The finished lists of a segment, in no order.
    [[nodiscard]] std::vector<Kept> kept(std::uint64_t segment) const;

    /// Forgets the lists of a segment.
    void drop(std::uint64_t segment);

    [[nodiscard]] std::size_t bytes(std::uint64_t segment) const;
    [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

private:
    struct Slot {  ///< outlives its entry when that is evicted while somebody builds
        std::once_flag built;
        std::shared_ptr<const UnionPostings> postings;
    };
    struct Entry {
        std::uint64_t segment = 0;
        std::string prefix;
        std::shared_ptr<Slot> slot;
        std::size_t bytes = 0;   ///< 0 while it is being built
        std::uint64_t used = 0;  ///< the clock when it was last asked for
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Entries = std::list<Entry>;  ///< last used first
    using Prefixes = std::unordered_map<std::string, Entries::iterator, Hash, std::equal_to<>>;
    struct Shard {
        mutable std::mutex mutex;
        Entries entries;
        std::unordered_map<std::uint64_t, Prefixes> segments;
    };

    void keep_to_budget();
    void erase(Shard& shard, Entries::iterator entry);

    std::size_t bytes_max_;
    std::atomic<std::size_t> bytes_{0};
    std::atomic<std::uint64_t> clock_{0};
    std::array<Shard, 16> shards_;
};

}  // namespace penchant
