// SPDX-License-Identifier: GPL-3.0-or-later
//
// One index: the queue of what was accepted for it, the thread that applies it, its Xapian database, and the snapshot
// that searches see.
//
//     indexes/<id>/<generation>/     the Xapian database; a clear and a re-indexing make the next generation beside the
//                                    current one, and the index's record in the store says which one counts
//
// A commit goes in this order: facet value ids durable, pieces of the snapshot built, Xapian committed with the log
// position and its directory synced, the generation switched when there is a new one, the snapshot swapped in, the
// tasks published, the applied entries removed from the log. A crash between any two of these steps is repaired by
// replaying the log from the position: entries at or below it are passed over, so removing them late, or never, changes
// nothing.
//
// When the disk is full, or Xapian fails otherwise, everything since the last commit is thrown away, the index is read
// again from the disk, and its entries are applied again after a pause; searches go on with the snapshot there is.
#pragma once

#include "index/curations.h"
#include "index/facet_value_ids.h"
#include "index/operation.h"
#include "index/settings.h"
#include "index/snapshot.h"
#include "index/store.h"
#include "index/writer.h"
#include "index/xapian_reader.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace penchant {

using IndexId = std::uint32_t;
using TaskId = std::uint64_t;

class Index;

/// What an index asks of the catalog it belongs to, always on the index's writer thread.
class IndexHost {
public:
    virtual ~IndexHost() = default;
    /// Carries out copy_to, move_to or delete_index; everything before it is applied and committed.
    [[nodiscard]] virtual Result<void> carry_out(Index& index, TaskId task, const Operation& operation) = 0;
    /// Makes `generation` the one that counts, durably.
    [[nodiscard]] virtual Result<void> switch_generation(IndexId id, std::uint32_t generation) = 0;
    /// A new snapshot, before any search sees it.
    virtual void announce(IndexId id, const Snapshot& snapshot) = 0;
    [[nodiscard]] virtual Result<std::vector<Ordinal>> select(const Snapshot& snapshot, std::string_view body) = 0;
    /// Whether replicas wait for this entry to be put into plain words, and those words: what it came to, without
    /// deleteByQuery. Durable when it returns; again after a failure is no harm.
    [[nodiscard]] virtual bool followed(IndexId id, TaskId task) = 0;
    [[nodiscard]] virtual Result<void> resolve(IndexId id, TaskId task, const std::vector<Operation>& operations) = 0;
    /// The index is gone, with all that it has not applied.
    virtual void abandon(IndexId id) = 0;
    /// These tasks are applied and searchable; `bytes` of the log are done with.
    virtual void published(std::span<const TaskId> tasks, std::size_t bytes) = 0;
};

struct IndexPace {
    std::chrono::milliseconds commit_interval{1'000};
    std::size_t commit_operations_max = 10'000;
    /// How long an idle queue is waited for before a commit: long enough to gather a burst of small requests.
    std::chrono::milliseconds quiet_time{25};
};

struct IndexStatus {
    std::uint64_t entries = 0;
    std::uint64_t data_bytes = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t pending_tasks = 0;
    std::int64_t updated_at_ms = 0;
    std::uint32_t last_build_seconds = 0;
    std::uint64_t position = 0;
};

/// The key of an entry in Family::operations.
[[nodiscard]] std::string operation_key(IndexId id, TaskId task);

class Index {
public:
    /// `root` is indexes/<id>. Touches no file yet.
    Index(IndexHost& host, Store& store, FacetValueIds& ids, IndexId id, std::string root, IndexPace pace);
    ~Index();
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    [[nodiscard]] IndexId id() const { return id_; }

    // Files (before start) -----------------------------------------------------------------------------------------
    /// Makes an empty, durable first generation.
    [[nodiscard]] Result<void> create(const Settings& settings);
    /// Reads `generation` into memory and publishes its snapshot.
    [[nodiscard]] Result<void> load(std::uint32_t generation);
    /// Copies the files of `source`, whose writer is this thread and has just committed, and reads them. Nothing is left
    /// when the index is dropped meanwhile.
    [[nodiscard]] Result<void> fill(const Index& source);
    [[nodiscard]] std::string generation_path(std::uint32_t generation) const;
    [[nodiscard]] bool loaded() const;
    /// Starts the writer thread; once.
    void start();

    // The queue (any thread; tasks ascending) -----------------------------------------------------------------------
    /// Takes a place in the queue for an entry that is being made durable.
    void enqueue(TaskId task, std::size_t bytes);
    /// The entry is durable and may be applied, or was refused and leaves the queue.
    void settle(TaskId task, bool durable);

    /// Commits what is applied, ends the thread.
    void stop();
    /// Nobody needs this index any more: ends the thread soon, gives back all tasks as published, removes the files.
    void drop();
    /// The thread has ended after drop(): destroying takes no time.
    [[nodiscard]] bool dropped_and_done() const { return done_.load(); }

    // Readers (any thread) ------------------------------------------------------------------------------------------
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
    [[nodiscard]] std::shared_ptr<const Settings> accepted_settings() const;
    void accept_settings(std::shared_ptr<const Settings> settings);
    [[nodiscard]] std::shared_ptr<const Curations> accepted_curations() const;  ///< never null
    void accept_curations(std::shared_ptr<const Curations> curations);
    [[nodiscard]] Result<std::vector<std::string>> records(const Snapshot& snapshot,
                                                           std::span<const Ordinal> ordinals) const;
    [[nodiscard]] Result<std::optional<Ordinal>> find_object(const Snapshot& snapshot,
                                                             std::string_view object_id) const;
    [[nodiscard]] IndexStatus status() const;

    /// Keeps the writer thread between two entries while it lives, so that disk and snapshot can be compared.
    class Pause {
    public:
        explicit Pause(Index& index);
        ~Pause();
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;

    private:
        Index& index_;
    };
    /// The directory that counts, for `check`.
    [[nodiscard]] std::string current_path() const;

private:
    struct Entry {
        TaskId task = 0;
        std::size_t bytes = 0;
        bool durable = false;
    };
    using Clock = std::chrono::steady_clock;

    void run();
    /// The next entry; nullopt when it is time to commit, to recover, or to end.
    std::optional<Entry> take();
    [[nodiscard]] Result<void> apply(const Entry& entry);
    [[nodiscard]] Result<void> apply_operation(const Operation& operation);
    [[nodiscard]] Result<void> put(std::string_view object_id, std::string_view json);
    /// `resolved`: gets one delete_object a match, unless it is null.
    [[nodiscard]] Result<void> delete_by_query(std::string_view body, std::vector<Operation>* resolved = nullptr);
    [[nodiscard]] Result<void> change_settings(const Settings& settings);
    [[nodiscard]] Result<void> change_curations(std::string_view json);
    [[nodiscard]] Result<void> rebuild(const Settings& settings, bool with_records);
    [[nodiscard]] Result<void> commit();
    [[nodiscard]] Result<void> open_writer();
    [[nodiscard]] Result<void> reload();
    void recover(const Error& error);
    void clean_up();
    void publish(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const XapianDirectory> directory);
    void trim(std::span<const Entry> entries);
    [[nodiscard]] std::shared_ptr<const XapianDirectory> directory_of(const Snapshot& snapshot) const;
    /// A reader met a record that is newer than its snapshot: waits a moment for the snapshot that is about to come.
    void wait_for_newer(const Snapshot& snapshot) const;
    [[nodiscard]] SnapshotBuilder new_builder(const Settings& settings) const;

    IndexHost& host_;
    Store& store_;
    FacetValueIds& ids_;
    const IndexId id_;
    const std::string root_;
    const IndexPace pace_;

    // Of the writer thread.
    std::unique_ptr<Writer> writer_;  // opened with the first entry
    std::optional<SnapshotBuilder> builder_;
    std::vector<Entry> uncommitted_;
    std::size_t uncommitted_operations_ = 0;
    Clock::time_point first_uncommitted_{};
    Clock::time_point rest_until_{};         // since the last commit; commits shall not take all of a core
    bool changed_ = false;                   // the builder has something to publish
    bool broken_ = false;                    // memory and disk may differ: read again before going on
    std::uint32_t generation_ = 0;           // as switched to
    std::uint32_t writing_generation_ = 0;   // ahead of it until the commit
    std::chrono::milliseconds pause_{0};     // after a failure, growing
    std::atomic<std::uint32_t> last_build_seconds_ = 0;
    std::atomic<std::uint64_t> data_bytes_ = 0;
    std::atomic<std::int64_t> updated_at_ms_ = 0;
    std::atomic<std::uint64_t> position_ = 0;

    mutable std::mutex mutex_;  // the queue and flags below
    std::condition_variable wake_;
    std::condition_variable rested_;  // for Pause
    std::deque<Entry> queue_;
    std::size_t unpublished_ = 0;  // entries in queue_ and uncommitted_
    bool stopping_ = false;
    bool dropped_ = false;
    bool filling_ = false;
    bool busy_ = false;
    unsigned pauses_ = 0;
    std::thread thread_;
    std::atomic<bool> done_ = false;

    mutable std::mutex readers_;  // what readers take copies of
    mutable std::condition_variable newer_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::shared_ptr<const Settings> accepted_settings_;
    std::shared_ptr<const Curations> accepted_curations_ = no_curations();
    std::shared_ptr<const XapianDirectory> directory_;
    std::deque<std::uint64_t> published_;  // generations of the last snapshots, all of directory_
};

}  // namespace penchant
