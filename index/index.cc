// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/index.h"

#include "index/directory.h"
#include "index/loader.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace penchant {
namespace {

constexpr std::chrono::milliseconds pause_min{100};
constexpr std::chrono::milliseconds pause_max{1'000};
constexpr std::chrono::milliseconds newer_snapshot_wait{250};
constexpr std::size_t published_kept = 256;
// After a commit the next one waits twice as long as it took, at most a quarter of commit_interval.
constexpr int rest_times = 2;
constexpr int rest_interval_part = 4;
// Below this many entries each is removed by its key; many small range removals would slow the store's reads down.
constexpr std::size_t trim_range_min = 1'000;

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The client's own mistake, found out only now: the operation has no effect, and the next one may.
bool only_this_one(const Error& error) { return error.code == Errc::bad_request || error.code == Errc::invalid; }

}  // namespace

std::string operation_key(IndexId id, TaskId task) { return key_u32(id) + key_u64(task); }

Index::Index(IndexHost& host, Store& store, FacetValueIds& ids, IndexId id, std::string root, IndexPace pace)
    : host_(host), store_(store), ids_(ids), id_(id), root_(std::move(root)), pace_(pace) {}

Index::~Index() { stop(); }

// -- files ------------------------------------------------------------------------------------------------------------

std::string Index::generation_path(std::uint32_t generation) const {
    return root_ + "/" + std::to_string(generation);
}

SnapshotBuilder Index::new_builder(const Settings& settings) const {
    return {std::make_shared<const Settings>(settings),
            [&ids = ids_](std::string_view path, std::string_view value) { return ids.number(path, value); }};
}

Result<void> Index::create(const Settings& settings) {
    PENCHANT_TRY(writer_, Writer::create(generation_path(0), settings, ids_));
    builder_.emplace(new_builder(settings));
    generation_ = writing_generation_ = 0;
    publish(builder_->publish(writer_->attributes()), std::make_shared<const XapianDirectory>(generation_path(0)));
    return {};
}

Result<void> Index::load(std::uint32_t generation) {
    generation_ = writing_generation_ = generation;
    return reload();
}

Result<void> Index::fill(const Index& source) {
    {
        const std::lock_guard guard(mutex_);
        if (dropped_) return {};
        filling_ = true;
    }
    const auto copy = [&]() -> Result<void> {
        const std::string path = generation_path(0);
        PENCHANT_CHECK(remove_directory(path));
        PENCHANT_CHECK(copy_directory(source.current_path(), path));
        return load(0);
    };
    Result<void> filled = copy();
    bool dropped = false;
    {
        const std::lock_guard guard(mutex_);
        filling_ = false;
        dropped = dropped_;
    }
    if (!dropped) return filled;
    clean_up();  // drop() left it to this thread
    return {};
}

Result<void> Index::reload() {
    const std::string path = generation_path(generation_);
    writer_.reset();
    builder_.reset();
    PENCHANT_TRY(LoadedIndex loaded, load_index(path, ids_));
    builder_.emplace(std::move(loaded.builder));
    writing_generation_ = generation_;
    position_ = loaded.metadata.position;
    data_bytes_ = loaded.metadata.data_bytes;
    updated_at_ms_ = loaded.metadata.updated_at_ms;
    std::shared_ptr<const XapianDirectory> directory;
    {
        const std::lock_guard guard(readers_);
        directory = directory_;
    }
    if (!directory || directory->path != path) directory = std::make_shared<const XapianDirectory>(path);
    publish(builder_->publish(loaded.metadata.attributes), std::move(directory));
    changed_ = false;
    broken_ = false;
    return {};
}

bool Index::loaded() const {
    const std::lock_guard guard(readers_);
    return snapshot_ != nullptr;
}

Result<void> Index::open_writer() {
    if (writer_) return {};
    auto opened = Writer::open(generation_path(generation_), ids_);
    if (!opened) return std::move(opened).error();
    writer_ = std::move(opened).value();
    return {};
}

// -- the queue --------------------------------------------------------------------------------------------------------

void Index::start() {
    const std::lock_guard guard(mutex_);
    if (thread_.joinable() || stopping_ || dropped_) return;
    thread_ = std::thread([this] { run(); });
}

void Index::enqueue(TaskId task, std::size_t bytes) {
    const std::lock_guard guard(mutex_);
    PENCHANT_ASSERT(queue_.empty() || queue_.back().task < task);
    queue_.push_back({task, bytes, false});
    ++unpublished_;
}

void Index::settle(TaskId task, bool durable) {
    const std::lock_guard guard(mutex_);
    // Nearly always among the last few.
    const auto at = std::find_if(queue_.rbegin(), queue_.rend(), [&](const Entry& entry) { return entry.task == task; });
    if (at == queue_.rend()) return;
    if (durable) {
        at->durable = true;
    } else {
        queue_.erase(std::next(at).base());
        --unpublished_;
    }
    wake_.notify_one();
}

void Index::stop() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Index::drop() {
    bool others_clean = false;  // the writer thread, or the one that fills it
    {
        const std::lock_guard guard(mutex_);
        dropped_ = true;
        others_clean = thread_.joinable() || filling_;
    }
    wake_.notify_all();
    if (!others_clean && !done_) clean_up();
}

Index::Pause::Pause(Index& index) : index_(index) {
    std::unique_lock lock(index_.mutex_);
    ++index_.pauses_;
    index_.rested_.wait(lock, [&] { return !index_.busy_; });
}
Index::Pause::~Pause() {
    const std::lock_guard guard(index_.mutex_);
    --index_.pauses_;
    index_.wake_.notify_all();
}

// -- the writer thread ------------------------------------------------------------------------------------------------

std::optional<Index::Entry> Index::take() {
    std::unique_lock lock(mutex_);
    busy_ = false;
    rested_.notify_all();
    const auto ready = [&] {
        return pauses_ == 0 && (stopping_ || dropped_ || broken_ || (!queue_.empty() && queue_.front().durable));
    };
    if (uncommitted_.empty()) {
        wake_.wait(lock, ready);
    } else {
        const auto until = std::min(first_uncommitted_ + pace_.commit_interval,
                                    std::max(rest_until_, Clock::now() + pace_.quiet_time));
        wake_.wait_until(lock, until, ready);
        wake_.wait(lock, [&] { return pauses_ == 0 || stopping_ || dropped_; });
    }
    busy_ = true;
    if (stopping_ || dropped_ || broken_ || queue_.empty() || !queue_.front().durable) return std::nullopt;
    const Entry entry = queue_.front();
    queue_.pop_front();
    return entry;
}

void Index::run() {
    for (;;) {
        const std::optional<Entry> entry = take();
        bool stopping = false;
        bool dropped = false;
        {
            const std::lock_guard guard(mutex_);
            stopping = stopping_;
            dropped = dropped_;
        }
        if (dropped) break;
        if (broken_) {
            if (stopping) break;
            if (Result<void> read = reload(); !read) recover(read.error());
            continue;
        }
        if (entry) {
            if (uncommitted_.empty()) first_uncommitted_ = Clock::now();
            uncommitted_.push_back(*entry);
            Result<void> applied = apply(*entry);
            if (!applied) {
                recover(applied.error());
                continue;
            }
            const std::lock_guard guard(mutex_);
            if (dropped_) break;
        }
        if (uncommitted_.empty()) {
            if (stopping) break;
            continue;
        }
        if (!entry || uncommitted_operations_ >= pace_.commit_operations_max ||
            Clock::now() >= first_uncommitted_ + pace_.commit_interval) {
            if (Result<void> done = commit(); !done) {
                if (stopping) break;  // the log still has it all
                recover(done.error());
                continue;
            }
        }
        if (stopping && uncommitted_.empty()) break;
    }
    writer_.reset();
    bool dropped = false;
    {
        const std::lock_guard guard(mutex_);
        busy_ = false;
        dropped = dropped_;
    }
    rested_.notify_all();
    if (dropped) clean_up();
}

void Index::clean_up() {
    writer_.reset();
    builder_.reset();
    std::vector<TaskId> tasks;
    std::size_t bytes = 0;
    {
        const std::lock_guard guard(mutex_);
        for (const Entry& entry : uncommitted_) tasks.push_back(entry.task), bytes += entry.bytes;
        for (const Entry& entry : queue_) tasks.push_back(entry.task), bytes += entry.bytes;
        uncommitted_.clear();
        queue_.clear();
        unpublished_ = 0;
    }
    // What cannot be removed now is removed at the next start, since no record in the store names it any more.
    (void)remove_directory(root_);
    host_.abandon(id_);
    host_.published(tasks, bytes);
    done_ = true;
}

void Index::recover(const Error& error) {
    const bool first_time = pause_ == std::chrono::milliseconds(0);
    pause_ = std::clamp(pause_ * 2, pause_min, pause_max);
    writer_.reset();
    broken_ = broken_ || changed_;
    uncommitted_operations_ = 0;
    std::unique_lock lock(mutex_);
    if (first_time && !dropped_ && !stopping_)
        std::fprintf(stderr, "penchant: index %u cannot be written now and is tried again: %s\n",
                     static_cast<unsigned>(id_), error.what.c_str());
    queue_.insert(queue_.begin(), uncommitted_.begin(), uncommitted_.end());
    uncommitted_.clear();
    busy_ = false;
    rested_.notify_all();
    wake_.wait_for(lock, pause_, [&] { return stopping_ || dropped_; });
}

Result<void> Index::apply(const Entry& entry) {
    PENCHANT_CHECK(open_writer());
    if (entry.task <= writer_->position()) return {};
    PENCHANT_TRY(const auto bytes, store_.get(Family::operations, operation_key(id_, entry.task)));
    if (!bytes) return Error{Errc::corrupt, fmt::format("the log has lost entry {}", entry.task)};
    PENCHANT_TRY(const std::vector<Operation> operations, decode_operations(*bytes));
    const bool followed = host_.followed(id_, entry.task);
    std::vector<Operation> resolved;
    for (const Operation& operation : operations) {
        if (followed && operation.action == Action::delete_by_query) {
            ++uncommitted_operations_;
            if (Result<void> applied = delete_by_query(operation.json, &resolved); !applied && !only_this_one(applied.error()))
                return applied;
            continue;
        }
        if (followed) resolved.push_back(operation);
        switch (operation.action) {
            case Action::copy_to:
            case Action::move_to:
            case Action::delete_index: {
                // Everything before it is committed first; the entry itself only when it has been carried out.
                uncommitted_.pop_back();
                Result<void> carried = commit();
                uncommitted_.push_back(entry);
                if (carried) carried = host_.carry_out(*this, entry.task, operation);
                if (!carried) return carried;
                uncommitted_operations_ = pace_.commit_operations_max;  // so that its task is published at once
                break;
            }
            default:
                ++uncommitted_operations_;
                if (Result<void> applied = apply_operation(operation); !applied && !only_this_one(applied.error()))
                    return applied;
        }
    }
    // Before the commit: once the position is past this entry nobody comes back to it.
    if (followed) return host_.resolve(id_, entry.task, resolved);
    return {};
}

Result<void> Index::apply_operation(const Operation& operation) {
    switch (operation.action) {
        case Action::put_object:
            return put(operation.object_id, operation.json);
        case Action::partial_update:
        case Action::partial_update_only: {
            PENCHANT_TRY(const auto before, writer_->find(operation.object_id));
            if (!before && operation.action == Action::partial_update_only) return {};
            const auto after =
                apply_partial_update(before ? *before : std::string(), operation.object_id, operation.json);
            // It was checked when it was accepted; a condition not met, or a record it does not fit, is no effect.
            if (!after || after->empty()) return {};
            return put(operation.object_id, *after);
        }
        case Action::delete_object:
            changed_ = true;
            return writer_->remove(operation.object_id, *builder_);
        case Action::clear:
            return rebuild(Settings(writer_->settings()), false);
        case Action::delete_by_query:
            return delete_by_query(operation.json);
        case Action::put_settings:
            return change_settings(Settings::from_stored(operation.json));
        case Action::change_curations:
            return change_curations(operation.json);
        case Action::await_primary:
            return {};  // the primary went away before it came to it
        case Action::copy_to:
        case Action::move_to:
        case Action::delete_index:
            break;
    }
    return Error{Errc::corrupt, "the log names an unknown action"};
}

Result<void> Index::put(std::string_view object_id, std::string_view json) {
    changed_ = true;
    return writer_->put(object_id, json, *builder_);
}

Result<void> Index::delete_by_query(std::string_view body, std::vector<Operation>* resolved) {
    // Who matches is asked of everything accepted before, so what is pending goes into a snapshot of its own.
    const std::shared_ptr<const Snapshot> now = builder_->publish(writer_->attributes());
    PENCHANT_TRY(const std::vector<Ordinal> matches, host_.select(*now, body));
    changed_ = true;
    for (const Ordinal ordinal : matches) {
        if (now->deleted(ordinal)) continue;
        if (resolved) {
            PENCHANT_TRY(std::string object_id, writer_->object_id(now->document(ordinal)));
            resolved->push_back({Action::delete_object, std::move(object_id), {}});
        }
        PENCHANT_CHECK(writer_->remove_document(now->document(ordinal), *builder_));
    }
    return {};
}

Result<void> Index::change_settings(const Settings& settings) {
    changed_ = true;
    if (builder_->size() != 0 && settings.needs_reindexing(writer_->settings())) return rebuild(settings, true);
    writer_->change_settings(settings);
    if (builder_->size() == 0) {
        builder_.emplace(new_builder(settings));
        builder_->change_curations(writer_->curations());
        return {};
    }
    // A new sort order may need texts that are in no column yet.
    if (builder_->change_settings(std::make_shared<const Settings>(settings))) return rebuild(settings, true);
    return {};
}

Result<void> Index::change_curations(std::string_view json) {
    PENCHANT_TRY(const CurationChange change, curation_change(json));
    changed_ = true;
    return writer_->change_curations(change, *builder_);
}

Result<void> Index::rebuild(const Settings& settings, bool with_records) {
    changed_ = true;
    const auto began = Clock::now();
    const std::uint32_t generation = writing_generation_ + 1;
    const std::string path = generation_path(generation);
    PENCHANT_CHECK(remove_directory(path));
    PENCHANT_TRY(auto next, Writer::create(path, settings, ids_, writer_->curations()));
    SnapshotBuilder builder = new_builder(settings);
    builder.change_curations(writer_->curations());
    Result<void> put{};
    if (with_records) {
        std::size_t records = 0;
        PENCHANT_CHECK(writer_->for_each_record([&](std::string_view json) {
            put = next->put_again(json, builder);
            if (++records % 1024 == 0) {
                const std::lock_guard guard(mutex_);
                if (stopping_ || dropped_) put = Error{Errc::unavailable, "the server is stopping"};
            }
            return !put.has_error();
        }));
        if (!put) return put;
    }
    writer_.reset();
    if (writing_generation_ != generation_) (void)remove_directory(generation_path(writing_generation_));
    writing_generation_ = generation;
    writer_ = std::move(next);
    builder_.emplace(std::move(builder));
    last_build_seconds_ = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began).count());
    return {};
}

Result<void> Index::commit() {
    if (uncommitted_.empty()) return {};
    const auto began = Clock::now();
    PENCHANT_CHECK(open_writer());
    PENCHANT_CHECK(ids_.save());
    std::shared_ptr<const Snapshot> snapshot;
    if (changed_) snapshot = builder_->publish(writer_->attributes());
    const std::int64_t now = now_ms();
    const std::uint64_t position = std::max(writer_->position(), uncommitted_.back().task);
    PENCHANT_CHECK(writer_->commit(position, now));
    const bool switched = writing_generation_ != generation_;
    if (switched) PENCHANT_CHECK(host_.switch_generation(id_, writing_generation_));

    position_ = position;
    data_bytes_ = writer_->data_bytes();
    updated_at_ms_ = now;
    if (snapshot) {
        host_.announce(id_, *snapshot);
        std::shared_ptr<const XapianDirectory> directory;
        if (switched) directory = std::make_shared<const XapianDirectory>(generation_path(writing_generation_));
        publish(std::move(snapshot), std::move(directory));
    }
    if (switched) {
        (void)remove_directory(generation_path(generation_));
        generation_ = writing_generation_;
    }
    changed_ = false;
    pause_ = std::chrono::milliseconds(0);
    uncommitted_operations_ = 0;

    std::vector<TaskId> tasks;
    std::size_t bytes = 0;
    for (const Entry& entry : uncommitted_) tasks.push_back(entry.task), bytes += entry.bytes;
    {
        const std::lock_guard guard(mutex_);
        unpublished_ -= uncommitted_.size();
    }
    host_.published(tasks, bytes);
    trim(uncommitted_);
    uncommitted_.clear();
    // A stream of small writes would otherwise be one commit after the other, and a core's worth of them beside the searches.
    const auto ended = Clock::now();
    rest_until_ = ended + std::min<Clock::duration>(rest_times * (ended - began), pace_.commit_interval / rest_interval_part);
    return {};
}

void Index::trim(std::span<const Entry> entries) {
    // Not synced and not looked at: entries at or below the position are passed over whenever the index is opened.
    StoreBatch batch;
    if (entries.size() < trim_range_min) {
        for (const Entry& entry : entries) batch.remove(Family::operations, operation_key(id_, entry.task));
    } else {
        batch.remove_range(Family::operations, operation_key(id_, entries.front().task),
                           operation_key(id_, entries.back().task + 1));
    }
    (void)store_.write_unsynced(std::move(batch));
}

// -- readers ----------------------------------------------------------------------------------------------------------

void Index::publish(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const XapianDirectory> directory) {
    {
        const std::lock_guard guard(readers_);
        if (directory && directory != directory_) {
            directory_ = std::move(directory);
            published_.clear();  // their documents are in a directory that is going away
        }
        published_.push_back(snapshot->generation);
        if (published_.size() > published_kept) published_.pop_front();
        snapshot_.swap(snapshot);
    }
    newer_.notify_all();
    // The old snapshot is let go here, outside the lock: it may be large.
}

std::shared_ptr<const Snapshot> Index::snapshot() const {
    const std::lock_guard guard(readers_);
    return snapshot_;
}

std::shared_ptr<const Settings> Index::accepted_settings() const {
    const std::lock_guard guard(readers_);
    return accepted_settings_;
}

void Index::accept_settings(std::shared_ptr<const Settings> settings) {
    const std::lock_guard guard(readers_);
    accepted_settings_ = std::move(settings);
}

std::shared_ptr<const Curations> Index::accepted_curations() const {
    const std::lock_guard guard(readers_);
    return accepted_curations_;
}

void Index::accept_curations(std::shared_ptr<const Curations> curations) {
    const std::lock_guard guard(readers_);
    accepted_curations_ = std::move(curations);
}

std::string Index::current_path() const {
    const std::lock_guard guard(readers_);
    return directory_ ? directory_->path : std::string();
}

std::shared_ptr<const XapianDirectory> Index::directory_of(const Snapshot& snapshot) const {
    const std::lock_guard guard(readers_);
    const bool ours = std::binary_search(published_.begin(), published_.end(), snapshot.records_generation);
    return ours ? directory_ : nullptr;
}

void Index::wait_for_newer(const Snapshot& snapshot) const {
    std::unique_lock lock(readers_);
    newer_.wait_for(lock, newer_snapshot_wait,
                    [&] { return !snapshot_ || snapshot_->generation != snapshot.records_generation; });
}

Result<std::vector<std::string>> Index::records(const Snapshot& snapshot, std::span<const Ordinal> ordinals) const {
    const Error stale{Errc::stale_snapshot, "the index has moved on; search again"};
    const std::shared_ptr<const XapianDirectory> directory = directory_of(snapshot);
    if (!directory) return stale;
    std::vector<DocumentId> documents;
    documents.reserve(ordinals.size());
    for (const Ordinal ordinal : ordinals) documents.push_back(snapshot.document(ordinal));
    auto records = read_records(directory, snapshot.records_generation, documents);
    if (records) return records;
    if (directory_of(snapshot) != directory) return stale;  // it was removed while we were reading
    if (records.error().code == Errc::stale_snapshot) wait_for_newer(snapshot);
    return records;
}

Result<std::optional<Ordinal>> Index::find_object(const Snapshot& snapshot, std::string_view object_id) const {
    const Error stale{Errc::stale_snapshot, "the index has moved on; search again"};
    const std::shared_ptr<const XapianDirectory> directory = directory_of(snapshot);
    if (!directory) return stale;
    auto document = read_document_id(directory, snapshot.records_generation, object_id);
    if (!document) return directory_of(snapshot) != directory ? stale : document.error();
    if (!document.value()) return std::optional<Ordinal>();
    const std::optional<Ordinal> ordinal = snapshot.find_document(*document.value());
    if (ordinal) return ordinal;
    wait_for_newer(snapshot);  // the record is there, under a document that this snapshot does not know yet
    return stale;
}

IndexStatus Index::status() const {
    IndexStatus status;
    if (const auto now = snapshot()) status.entries = now->records;
    status.data_bytes = data_bytes_;
    status.file_bytes = directory_bytes(current_path());
    status.updated_at_ms = updated_at_ms_;
    status.last_build_seconds = last_build_seconds_;
    status.position = position_;
    const std::lock_guard guard(mutex_);
    status.pending_tasks = unpublished_;
    return status;
}

}  // namespace penchant
