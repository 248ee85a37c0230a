// SPDX-License-Identifier: GPL-3.0-or-later
//
// The store: the one RocksDB of a data directory, and the one thing that is synced before a request is acknowledged. Its
// write-ahead log is our journal; checksums and compaction are its own. RocksDB's statuses end in store.cc.
#pragma once

#include "index/error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Column families. Names on disk are the enumerators' (store.cc); adding one is a compatible change, since missing ones are
/// created when the store is opened.
enum class Family {
    system,        ///< format version, counters, the admin key, catalog (names and ids of indices)
    operations,    ///< operation log of each index: index id (u32 BE), sequence (u64 BE) -> operation
    keys,          ///< API keys
    facet_values,  ///< facet value id (u32 BE) -> path NUL value
    events,        ///< visitors' events (plugin)
    identities,    ///< links between tokens, deletions (plugin)
    profiles,      ///< visitors' counters (plugin)
    module,        ///< a module's configuration (plugin)
};
inline constexpr std::size_t family_count = 8;

/// What is to change, all or nothing.
class StoreBatch {
public:
    StoreBatch();
    ~StoreBatch();
    StoreBatch(StoreBatch&&) noexcept;
    StoreBatch& operator=(StoreBatch&&) noexcept;
    void put(Family family, std::string_view key, std::string_view value);
    void remove(Family family, std::string_view key);
    /// Removes every key in [begin, end).
    void remove_range(Family family, std::string_view begin, std::string_view end);
    [[nodiscard]] bool empty() const;
    struct Body;

private:
    friend class Store;
    std::unique_ptr<Body> body_;
};

/// Any thread.
class Store {
public:
    /// Opens or creates the store under `directory`/store. Errors: conflict (another process has it; the sentence names
    /// the directory), corrupt, disk_full, io, and bad_request for a directory written by a newer version.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& directory, bool read_only = false);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Applies the batch and syncs it: when this returns, it survives a power cut. Concurrent calls share one sync.
    /// Errors: disk_full, io; then nothing of the batch is applied.
    [[nodiscard]] Result<void> write(StoreBatch batch);
    /// The same without the sync, for what can be made again.
    [[nodiscard]] Result<void> write_unsynced(StoreBatch batch);

    [[nodiscard]] Result<std::optional<std::string>> get(Family family, std::string_view key) const;
    /// Visits keys in [begin, end) (empty end: to the end of the family) in byte order until `visit` returns false.
    [[nodiscard]] Result<void> scan(Family family, std::string_view begin, std::string_view end,
                                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
    /// The same from the last key of [begin, end) down to the first.
    [[nodiscard]] Result<void> scan_backwards(
        Family family, std::string_view begin, std::string_view end,
        const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
    /// Rewrites [begin, end) so that removed data is gone from the files.
    [[nodiscard]] Result<void> compact(Family family, std::string_view begin, std::string_view end);
    /// Reads every block of every file and verifies its checksum.
    [[nodiscard]] Result<void> verify() const;
    /// Bytes of a family in its files and in memory, roughly.
    [[nodiscard]] std::uint64_t approximate_bytes(Family family) const;

private:
    struct Body;
    explicit Store(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

/// Big-endian numbers, so that byte order is number order in keys.
[[nodiscard]] std::string key_u32(std::uint32_t value);
[[nodiscard]] std::string key_u64(std::uint64_t value);
[[nodiscard]] std::uint32_t read_key_u32(std::string_view bytes);
[[nodiscard]] std::uint64_t read_key_u64(std::string_view bytes);

}  // namespace penchant
