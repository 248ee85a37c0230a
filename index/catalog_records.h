// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the catalog keeps of names and indices in the store (Family::system), as JSON:
//
//     catalog/name/<name>    {"write": id, "read": id, "pending": [[task, by, target], ...]}
//     catalog/index/<id>     {"created": ms, "generation": n, "after": [id, task], "fill": true, "settings": "..."}
//     catalog/last_index     id      the highest ever given out (ids are never used twice)
//     catalog/last_task      task    the highest ever given out
//
// A name's searches go to `read` and its writes to `write`; 0 is nobody. What was accepted and not yet applied stands
// in `pending`: when the log of index `by` has come to `task`, searches of the name go to `target`.
#pragma once

#include "index/error.h"
#include "index/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

using IndexId = std::uint32_t;
using TaskId = std::uint64_t;

/// A place in the log of an index.
struct LogPlace {
    IndexId index = 0;
    TaskId task = 0;
    friend bool operator==(const LogPlace&, const LogPlace&) = default;
};

struct NameRecord {
    struct Pending {
        LogPlace by;
        IndexId target = 0;
    };
    IndexId write = 0;
    IndexId read = 0;
    std::vector<Pending> pending;  ///< tasks ascending
    [[nodiscard]] bool empty() const { return write == 0 && read == 0 && pending.empty(); }
};

struct IndexRecord {
    std::int64_t created_at_ms = 0;
    std::uint32_t generation = 0;
    LogPlace after;        ///< the writer starts when that place is reached; index 0: at once
    bool fill = false;     ///< has no files yet: it is to be a copy of `after.index` as of that place
    std::string settings;  ///< of an index to be filled: as accepted with the copy
};

inline constexpr std::string_view names_prefix = "catalog/name/";
inline constexpr std::string_view indexes_prefix = "catalog/index/";
inline constexpr std::string_view last_index_key = "catalog/last_index";
inline constexpr std::string_view last_task_key = "catalog/last_task";

[[nodiscard]] std::string name_key(std::string_view name);
[[nodiscard]] std::string index_key(IndexId id);

/// Puts the record into the batch, or removes it when it is empty.
void put_name(StoreBatch& batch, std::string_view name, const NameRecord& record);
void put_index(StoreBatch& batch, IndexId id, const IndexRecord& record);

[[nodiscard]] Result<std::vector<std::pair<std::string, NameRecord>>> read_names(const Store& store);
/// Ids ascending.
[[nodiscard]] Result<std::vector<std::pair<IndexId, IndexRecord>>> read_indexes(const Store& store);
/// A counter; 0 when it was never written.
[[nodiscard]] Result<std::uint64_t> read_counter(const Store& store, std::string_view key);

}  // namespace penchant
