// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bounded memory of small byte strings by key, the least recently used forgotten first. Each entry is one allocation (links,
// key and value side by side), so a visitor of 200 bytes costs under 300.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Any thread; a call locks one of 64 shards for the time of a copy.
class BlobCache {
public:
    explicit BlobCache(std::size_t bytes_max);
    ~BlobCache();
    BlobCache(const BlobCache&) = delete;
    BlobCache& operator=(const BlobCache&) = delete;

    /// Copies the value of `key` to `value`; false when it is not here.
    [[nodiscard]] bool find(std::string_view key, std::string& value);
    void put(std::string_view key, std::string_view value);
    /// Puts only if `key` is not here and `still_true` says so while the shard is locked: for readers that fill the
    /// cache from the store, beside writers who may have been faster.
    void fill(std::string_view key, std::string_view value, const std::function<bool()>& still_true);
    void erase(std::string_view key);

    [[nodiscard]] std::size_t bytes() const;  ///< held, links and tables included
    [[nodiscard]] std::size_t size() const;

private:
    struct Node;
    struct Shard;
    [[nodiscard]] Shard& shard(std::uint64_t hash);

    static constexpr std::size_t shard_count = 64;
    std::size_t shard_bytes_max_;
    std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace penchant
