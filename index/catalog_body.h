// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of the catalog, shared by the files that implement it (catalog, acceptance, transition).
//
// Two locks matter. `accepting` is held, shared, by every append for as long as its synced write takes, and exclusively by
// whoever changes what names mean; so nobody's append is in flight while an index moves. `names_mutex` guards the
// maps themselves for readers and is only ever held for moments. Order: accepting, names_mutex, tasks_mutex, an
// index's own.
#pragma once

#include "index/catalog.h"
#include "index/catalog_records.h"
#include "index/index.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

namespace penchant {

struct Catalog::Body final : IndexHost {
    struct Slot {
        IndexRecord record;
        std::shared_ptr<Index> index;
    };
    using Names = std::map<std::string, NameRecord, std::less<>>;
    using Slots = std::map<IndexId, Slot>;

    /// An accepted entry for one index's log.
    struct Accepted {
        std::shared_ptr<Index> index;
        TaskId task = 0;
        std::string bytes;
    };

    /// A change of names and indices in the making: written to the store in one batch, then taken over in memory.
    struct Change {
        std::map<std::string, NameRecord, std::less<>> names;
        Slots slots;  ///< new or changed
        std::vector<Accepted> entries;
        /// The name as it would be after this change.
        NameRecord& name(const Body& body, std::string_view name);
    };

    explicit Body(CatalogOptions given) : options(std::move(given)) {}
    ~Body() override;

    // opening (catalog.cc)
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> open_index(IndexId id, const IndexRecord& record);
    [[nodiscard]] Result<void> read_log(IndexId id, Slot& slot);
    void remove_leftovers() const;
    void start_writers();
    void stop();
    [[nodiscard]] std::string index_root(IndexId id) const;
    [[nodiscard]] std::shared_ptr<Index> make_index(IndexId id);
    [[nodiscard]] std::shared_ptr<Index> find_index(IndexId id) const;
    [[nodiscard]] std::shared_ptr<Index> read_index(std::string_view name) const;
    [[nodiscard]] std::shared_ptr<Index> write_index(std::string_view name) const;

    // accepting (acceptance.cc)
    [[nodiscard]] std::shared_lock<std::shared_mutex> enter_shared();
    [[nodiscard]] std::unique_lock<std::shared_mutex> enter_alone();
    [[nodiscard]] Result<void> check_room(std::size_t bytes) const;
    /// Numbers the entry and gives it its place in the queue; it is applied only after settle().
    [[nodiscard]] TaskId reserve(Index& index, std::size_t bytes);
    /// A task with nothing to do.
    [[nodiscard]] Result<TaskId> empty_task();
    void settle(const std::vector<Accepted>& entries, bool durable);
    /// Writes change and entries in one synced batch, then takes the change over. Alone.
    [[nodiscard]] Result<void> accept(Change change);
    /// Entries only. Shared or alone.
    [[nodiscard]] Result<void> accept_entries(std::vector<Accepted> entries);
    /// A new, empty index that gets the name's writes, as part of `change`. Alone.
    [[nodiscard]] Result<std::shared_ptr<Index>> create(Change& change, std::string_view name);
    [[nodiscard]] Result<IndexId> new_id(const Change& change) const;
    [[nodiscard]] Result<std::shared_ptr<Index>> index_for_writing(Change& change, std::string_view name);
    [[nodiscard]] Result<TaskId> copy_everything(std::string_view source, std::string_view destination);
    [[nodiscard]] Result<TaskId> copy_settings(std::string_view source, std::string_view destination, bool settings);

    // applying, on writer threads (transition.cc)
    [[nodiscard]] Result<void> carry_out(Index& index, TaskId task, const Operation& operation) override;
    [[nodiscard]] Result<void> switch_generation(IndexId id, std::uint32_t generation) override;
    void announce(IndexId id, const Snapshot& snapshot) override;
    [[nodiscard]] Result<std::vector<Ordinal>> select(const Snapshot& snapshot, std::string_view body) override;
    void published(std::span<const TaskId> tasks, std::size_t bytes) override;
    [[nodiscard]] Result<void> fill(IndexId id, const Index& source, LogPlace place);
    /// The log has come to `place`: names that waited for it change hands, indices that waited for it start, and those
    /// that nobody needs any more are dropped.
    [[nodiscard]] Result<void> complete(LogPlace place);
    void announce_all(const std::vector<std::pair<std::string, IndexId>>& names);

    const CatalogOptions options;
    std::unique_ptr<Store> store;
    std::unique_ptr<FacetValueIds> ids;

    std::mutex door;  // passed before `accepting`, so that a stream of appends cannot keep a move waiting
    std::shared_mutex accepting;

    mutable std::shared_mutex names_mutex;
    Names names;
    Slots slots;
    std::vector<std::shared_ptr<Index>> dropped;  // until their threads have ended
    IndexId last_index = 0;

    mutable std::mutex tasks_mutex;
    mutable std::condition_variable tasks_changed;
    TaskId last_task = 0;
    std::set<TaskId> pending;
    std::size_t pending_bytes = 0;

    std::mutex hooks_mutex;
    std::condition_variable hooks_changed;
    Selector selector;
    std::function<void(const std::string&, const Snapshot&)> listener;
    std::atomic<bool> stopping = false;
};

/// A name of an index as clients may give it.
[[nodiscard]] Result<void> check_index_name(std::string_view name);

}  // namespace penchant
