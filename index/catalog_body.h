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
#include "index/links.h"

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
        std::optional<LogPlace> awaits;  ///< of a replica: applied when its primary has found out what this means
    };
    /// An entry of a replica that waits for its primary.
    struct Follower {
        std::shared_ptr<Index> index;
        TaskId task = 0;
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
    /// The curations that an index, which is open, will have at a place of its log.
    [[nodiscard]] Result<std::shared_ptr<const Curations>> curations_at(LogPlace place);
    void remove_leftovers() const;
    void start_writers();
    void stop();
    [[nodiscard]] std::string index_root(IndexId id) const;
    [[nodiscard]] std::shared_ptr<Index> make_index(IndexId id);
    [[nodiscard]] std::shared_ptr<Index> find_index(IndexId id) const;
    [[nodiscard]] std::shared_ptr<Index> read_index(std::string_view name) const;
    [[nodiscard]] std::shared_ptr<Index> write_index(std::string_view name) const;
    /// The index whose records a snapshot of `name` shows.
    [[nodiscard]] std::shared_ptr<Index> records_index(std::string_view name, const Snapshot& snapshot) const;
    /// `name`, a virtual replica, as of its primary's snapshot and its own; null when the primary does not know it yet.
    [[nodiscard]] std::shared_ptr<const Snapshot> view(const std::string& name, const Snapshot& primary,
                                                       const Snapshot& own) const;

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
    // replicas (replication.cc)
    [[nodiscard]] std::shared_ptr<const Links> links() const;
    /// Reads from the settings who is whose. After every change of names or settings. Alone.
    void relink();
    /// bad_request when `name` is linked to a primary: it "cannot be <deed>".
    [[nodiscard]] Result<void> check_not_replica(std::string_view name, std::string_view deed) const;
    /// The indices that get what is written to `name`, beside its own.
    [[nodiscard]] std::vector<std::shared_ptr<Index>> followers(std::string_view name) const;
    /// Numbers entries[main] and those behind it in one step, as reserve(); the task of entries[main], which is published when
    /// all are.
    TaskId reserve_together(std::vector<Accepted>& entries, std::size_t main);
    /// `main`, from now on published only when all of `entries` are. Alone, before accept().
    TaskId join(TaskId main, const std::vector<Accepted>& entries);
    /// Whether `after` may name the replicas that it names.
    [[nodiscard]] Result<void> check_replicas(std::string_view name, const Settings& before, const Settings& after) const;
    /// What a copy takes over (A 3.5): neither replicas nor what belongs to other services.
    [[nodiscard]] static Settings for_copies(const Settings& settings);
    /// `name` becomes a copy of what `source` is then, with settings of its own, as part of `change`; with synonyms and
    /// rules of its own unless `curations` is null. Alone.
    [[nodiscard]] Result<void> add_copy(Change& change, const std::shared_ptr<Index>& source, std::string_view name,
                                        const std::shared_ptr<const Settings>& settings,
                                        const std::shared_ptr<const Curations>& curations = nullptr);
    /// The same for new standard replicas; `otherwise`: settings for those that are no index yet.
    [[nodiscard]] Result<void> add_replicas(Change& change, const std::shared_ptr<Index>& primary,
                                            const std::vector<std::string>& replicas, const Settings& otherwise);
    /// `settings` of a primary with its virtual replicas as views, with their settings as accepted or as in `changed`.
    using Changed = std::vector<std::pair<std::shared_ptr<Index>, std::shared_ptr<const Settings>>>;
    [[nodiscard]] std::shared_ptr<const Settings> with_views(Settings settings, const Change& change,
                                                             const Changed& changed) const;
    /// Settings for an index's log, as part of `change`. Alone.
    void put_settings(Change& change, const std::shared_ptr<Index>& index, const Settings& settings);
    [[nodiscard]] bool followed(IndexId id, TaskId task) override;
    [[nodiscard]] Result<void> resolve(IndexId id, TaskId task, const std::vector<Operation>& operations) override;
    void abandon(IndexId id) override;
    /// Opening: entries that wait, and whether there is still something to wait for.
    void settle_awaiting();
    [[nodiscard]] Result<TaskId> copy_everything(std::string_view source, std::string_view destination);
    [[nodiscard]] Result<TaskId> copy_parts(std::string_view source, std::string_view destination,
                                            const std::vector<std::string>& scope);

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
    /// Makes the unions that searches of `name` use ready in index `id`, which it will be read as.
    void warm(const std::string& name, IndexId id) const;

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
    std::shared_ptr<const Links> links_now = std::make_shared<const Links>();
    std::vector<std::pair<Follower, LogPlace>> unsettled;  // while opening

    /// Virtual replicas as last looked through; made when asked for, dropped when the primary moves on.
    struct Seen {
        std::uint64_t primary = 0;  ///< generations
        std::uint64_t own = 0;
        std::shared_ptr<const Snapshot> snapshot;
    };
    mutable std::mutex seen_mutex;
    mutable std::map<std::string, Seen> seen;

    mutable std::mutex tasks_mutex;
    mutable std::condition_variable tasks_changed;
    TaskId last_task = 0;
    std::set<TaskId> pending;
    std::size_t pending_bytes = 0;
    std::map<TaskId, std::pair<TaskId, TaskId>> together;  // published when all from .. to are
    std::map<std::pair<IndexId, TaskId>, std::vector<Follower>> awaiting;  // by the entry of the primary

    std::mutex hooks_mutex;
    std::condition_variable hooks_changed;
    Selector selector;
    std::function<void(const std::string&, const Snapshot&)> listener;
    std::atomic<bool> stopping = false;
};

[[nodiscard]] std::int64_t now_ms();
/// The log entry of one operation.
[[nodiscard]] std::string encode(Action action, std::string json = {});
/// The log entry of a replica that waits for its primary to come to `place`, and which place an entry waits for.
[[nodiscard]] std::string encode_awaiting(LogPlace place);
[[nodiscard]] std::optional<LogPlace> awaited_place(const std::vector<Operation>& operations);

/// A name of an index as clients may give it.
[[nodiscard]] Result<void> check_index_name(std::string_view name);

}  // namespace penchant
