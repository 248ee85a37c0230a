// SPDX-License-Identifier: GPL-3.0-or-later
//
// The catalog: all indices of a data directory, by name.
//
//     DATA/store/          RocksDB (index/store.h)
//     DATA/indexes/<id>/   one Xapian database an index (index/writer.h says what is in it)
//
// Accepting and applying. A write is accepted by putting it into the operation log of its index, synced; that is the
// acknowledgement, and gives the task id. The index's one writer thread applies it. Names point at indices twice: where writes go
// (changes when a delete, move or copy is accepted) and where searches go (changes when it is applied), so
// whatever a client sends after a move was acknowledged lands behind it.
//
// Any thread may call any function here.
#pragma once

#include "index/curations.h"
#include "index/error.h"
#include "index/facet_value_ids.h"
#include "index/operation.h"
#include "index/settings.h"
#include "index/snapshot.h"
#include "index/store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

using IndexId = std::uint32_t;
using TaskId = std::uint64_t;  ///< grows; below 2^53 for JavaScript

enum class TaskState { published, not_published };

/// A name's entry in GET /1/indexes (A 3.6).
struct IndexDescription {
    std::string name;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
    std::uint64_t entries = 0;
    std::uint64_t data_bytes = 0;  ///< records' JSON
    std::uint64_t file_bytes = 0;  ///< on disk
    std::uint64_t pending_tasks = 0;
    std::uint32_t last_build_seconds = 0;
    std::vector<std::string> replicas;
    std::string primary;  ///< of a replica
    bool is_virtual = false;
};

/// Who matches a deleteByQuery body, in a snapshot; supplied by engine/filter, since filters are the engine's.
using Selector = std::function<Result<std::vector<Ordinal>>(const Snapshot&, std::string_view body)>;

struct CatalogOptions {
    std::string directory;
    bool read_only = false;            ///< `check`, `search` on a stopped server: no writer threads
    bool writers = true;
    std::chrono::milliseconds commit_interval{1'000};
    std::size_t commit_operations_max = 10'000;
};

class Index;  // one index: writer thread, Xapian, current snapshot (index/index.h)

class Catalog {
public:
    /// Opens or creates a data directory: the store, every index (replaying what its log holds past its last commit), a
    /// writer thread each. Errors: conflict (another process), corrupt, disk_full, io, bad_request (newer format).
    [[nodiscard]] static Result<std::unique_ptr<Catalog>> open(CatalogOptions options);
    ~Catalog();

    /// Must be set before the first deleteByQuery; kept for the catalog's life.
    void set_selector(Selector selector);
    /// Called on a writer thread after each new snapshot of `name`, before any search sees it. Set before use; snapshots
    /// that are there already are not told of.
    void set_listener(std::function<void(const std::string& name, const Snapshot&)> listener);

    [[nodiscard]] Store& store();
    [[nodiscard]] FacetValueIds& facet_values();

    // Writes: each is durable when the call returns, and gives the task ---------------------------------------------
    /// Puts `operations` (put, partial, delete_object, clear, delete_by_query) into the log of `name`, creating the
    /// index when there is none. All or nothing. Errors: overloaded (operations_pending_bytes_max), disk_full, io,
    /// bad_request (name: empty, too long, control characters; too many indices).
    [[nodiscard]] Result<TaskId> append(std::string_view name, std::vector<Operation> operations);
    /// Several indices in one synced write (POST /1/indexes/*/batch): all or nothing over all of them.
    [[nodiscard]] Result<std::vector<std::pair<std::string, TaskId>>> append_many(
        std::vector<std::pair<std::string, std::vector<Operation>>> operations);
    /// Merges `changes` into the index's settings as last accepted (not only as last applied); with `forward_to_replicas`
    /// also into its replicas', all but `replicas`. A name that is new in `replicas` becomes a copy of this index and gets
    /// all its writes from now on; one that is no longer there stands alone (A 3.7).
    [[nodiscard]] Result<TaskId> change_settings(std::string_view name, const boost::json::object& changes,
                                                 bool forward_to_replicas = false);
    /// Changes synonyms or rules as last accepted, creating the index when there is none; with `forward_to_replicas` those of
    /// its replicas, too (A 3.8, 3.9). bad_request past a limit of limits.h, or for an objectID that is empty or too
    /// long; then nothing has changed.
    [[nodiscard]] Result<TaskId> change_curations(std::string_view name, const CurationChange& change,
                                                  bool forward_to_replicas = false);
    /// A missing index is no error (A 3.5).
    [[nodiscard]] Result<TaskId> delete_index(std::string_view name);
    /// `scope` empty: everything; else any of settings, rules, synonyms: only these, the destination's rest stays.
    [[nodiscard]] Result<TaskId> copy_index(std::string_view source, std::string_view destination,
                                            const std::vector<std::string>& scope);
    [[nodiscard]] Result<TaskId> move_index(std::string_view source, std::string_view destination);
    /// A task for a change that was made elsewhere in the store and is done.
    [[nodiscard]] Result<TaskId> finished_task();
    /// not_found for a task this directory never gave out.
    [[nodiscard]] Result<TaskState> task(TaskId id) const;
    /// Waits until everything accepted so far is applied and searchable, or the time is over (false).
    [[nodiscard]] bool wait_for_tasks(std::chrono::milliseconds time_max);

    // Replicas ------------------------------------------------------------------------------------------------------
    // Writes of records to a linked replica, deleting, moving it, or copying and moving over it are bad_request.
    /// Linked replicas of an index, virtual ones last.
    [[nodiscard]] std::vector<std::string> replicas_of(std::string_view name) const;
    /// The primary of a linked replica.
    [[nodiscard]] std::optional<std::string> primary_of(std::string_view name) const;

    // Reads ---------------------------------------------------------------------------------------------------------
    /// The current snapshot of a name, or null when no index has it.
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot(std::string_view name) const;
    /// Settings as last accepted: what GET settings answers right after PUT. Null when there is no such index.
    [[nodiscard]] std::shared_ptr<const Settings> settings(std::string_view name) const;
    /// Synonyms and rules as last accepted. Null when there is no such index.
    [[nodiscard]] std::shared_ptr<const Curations> curations(std::string_view name) const;
    [[nodiscard]] std::vector<IndexDescription> list() const;

    /// Records' JSON by ordinal, in the order asked, from this thread's own Xapian handle. stale_snapshot when the index moved on and
    /// a record of `snapshot` is no longer there: take the current snapshot and search again.
    [[nodiscard]] Result<std::vector<std::string>> records(std::string_view name, const Snapshot& snapshot,
                                                           std::span<const Ordinal> ordinals) const;
    /// The ordinal of an objectID in `snapshot`.
    [[nodiscard]] Result<std::optional<Ordinal>> find_object(std::string_view name, const Snapshot& snapshot,
                                                             std::string_view object_id) const;

    /// Verifies everything on disk: the store's checksums, each index by Xapian's own check, each record's content hash, log
    /// positions, that columns and postings in memory equal the documents. Calls `report` with one line a finding.
    /// Gives the number of findings.
    [[nodiscard]] Result<std::size_t> check(const std::function<void(const std::string&)>& report);

    /// Applies nothing more, commits what is applied, stops the writer threads. Also done by the destructor.
    void stop();

private:
    struct Body;
    explicit Catalog(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
