// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/catalog.h"

#include "index/catalog_body.h"
#include "index/check.h"
#include "index/directory.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

namespace penchant {

// -- opening ----------------------------------------------------------------------------------------------------------

Catalog::Catalog(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Catalog::~Catalog() = default;

Catalog::Body::~Body() { stop(); }

Result<std::unique_ptr<Catalog>> Catalog::open(CatalogOptions options) {
    auto body = std::make_unique<Body>(std::move(options));
    PENCHANT_CHECK(body->open());
    return std::unique_ptr<Catalog>(new Catalog(std::move(body)));
}

std::string Catalog::Body::index_root(IndexId id) const {
    return options.directory + "/indexes/" + std::to_string(id);
}

std::shared_ptr<Index> Catalog::Body::make_index(IndexId id) {
    const IndexPace pace{options.commit_interval, options.commit_operations_max, {}};
    return std::make_shared<Index>(*this, *store, *ids, id, index_root(id), pace);
}

Result<void> Catalog::Body::open() {
    PENCHANT_TRY(store, Store::open(options.directory, options.read_only));
    PENCHANT_TRY(ids, FacetValueIds::open(*store));
    PENCHANT_TRY(const auto known_names, read_names(*store));
    PENCHANT_TRY(auto known_indexes, read_indexes(*store));
    // The store has them by the text of their numbers; a copy is opened after what it is a copy of.
    std::sort(known_indexes.begin(), known_indexes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    PENCHANT_TRY(const std::uint64_t index_counter, read_counter(*store, last_index_key));
    PENCHANT_TRY(last_task, read_counter(*store, last_task_key));
    last_index = static_cast<IndexId>(index_counter);
    names.insert(known_names.begin(), known_names.end());
    for (const auto& [id, record] : known_indexes) PENCHANT_CHECK(open_index(id, record));
    for (const auto& [name, record] : names) {
        for (const IndexId id : {record.read, record.write})
            if (id != 0 && slots.count(id) == 0)
                return Error{Errc::corrupt, fmt::format("the catalog has lost index {} of \"{}\"", id, name)};
    }
    settle_awaiting();
    relink();
    if (options.read_only) return {};
    remove_leftovers();
    start_writers();
    return {};
}

namespace {

// What the operations make of `curations`.
Result<void> accept_curations(const std::vector<Operation>& operations, std::shared_ptr<const Curations>& curations) {
    for (const Operation& operation : operations) {
        if (operation.action != Action::change_curations) continue;
        PENCHANT_TRY(const CurationChange change, curation_change(operation.json));
        curations = std::make_shared<const Curations>(curations->changed(change));
    }
    return {};
}

}  // namespace

Result<void> Catalog::Body::open_index(IndexId id, const IndexRecord& record) {
    Slot slot{record, make_index(id)};
    if (record.fill) {
        slot.index->accept_settings(std::make_shared<const Settings>(Settings::from_stored(record.settings)));
        PENCHANT_TRY(auto curations, curations_at(record.after));
        slot.index->accept_curations(std::move(curations));
    } else {
        PENCHANT_CHECK(slot.index->load(record.generation));
        slot.index->accept_settings(slot.index->snapshot()->settings);
        slot.index->accept_curations(slot.index->snapshot()->curations);
    }
    PENCHANT_CHECK(read_log(id, slot));
    slots.emplace(id, std::move(slot));
    return {};
}

Result<std::shared_ptr<const Curations>> Catalog::Body::curations_at(LogPlace place) {
    // Indices are opened in the order of their ids, and a copy is always younger than what it is a copy of.
    const auto at = slots.find(place.index);
    if (at == slots.end()) return Error{Errc::corrupt, fmt::format("the catalog has lost index {}", place.index)};
    std::shared_ptr<const Curations> curations;
    if (at->second.record.fill) {
        PENCHANT_TRY(curations, curations_at(at->second.record.after));
    } else {
        curations = at->second.index->snapshot()->curations;
    }
    const TaskId position = at->second.index->status().position;
    Result<void> read{};
    PENCHANT_CHECK(store->scan(Family::operations, operation_key(place.index, position + 1),
                               operation_key(place.index, place.task), [&](std::string_view, std::string_view value) {
                                   const auto operations = decode_operations(value);
                                   read = operations ? accept_curations(*operations, curations)
                                                     : Result<void>(operations.error());
                                   return read.has_value();
                               }));
    if (!read) return read.error();
    return curations;
}

Result<void> Catalog::Body::read_log(IndexId id, Slot& slot) {
    const TaskId position = slot.index->status().position;
    last_task = std::max(last_task, position);
    struct Entry {
        TaskId task = 0;
        std::size_t bytes = 0;
        std::optional<LogPlace> awaits;
    };
    std::vector<Entry> entries;
    bool whole = true;
    std::shared_ptr<const Settings> settings;
    std::shared_ptr<const Curations> curations = slot.index->accepted_curations();
    PENCHANT_CHECK(store->scan(Family::operations, operation_key(id, position + 1), key_u32(id + 1),
                               [&](std::string_view key, std::string_view value) {
                                   entries.push_back({read_key_u64(key.substr(4)), value.size(), {}});
                                   const auto operations = decode_operations(value);
                                   whole = whole && operations.has_value();
                                   if (!whole) return false;
                                   entries.back().awaits = awaited_place(*operations);
                                   for (const Operation& operation : *operations)
                                       if (operation.action == Action::put_settings)
                                           settings = std::make_shared<const Settings>(
                                               Settings::from_stored(operation.json));
                                   whole = accept_curations(*operations, curations).has_value();
                                   return whole;
                               }));
    if (!whole) return Error{Errc::corrupt, fmt::format("entry {} of the log is damaged", entries.back().task)};
    if (settings) slot.index->accept_settings(settings);
    slot.index->accept_curations(std::move(curations));
    for (const auto& [task, bytes, awaits] : entries) {
        last_task = std::max(last_task, task);
        pending.insert(task);
        pending_bytes += bytes;
        slot.index->enqueue(task, bytes);
        if (awaits) unsettled.push_back({{slot.index, task}, *awaits});
        else slot.index->settle(task, true);
    }
    // What a crash kept from being removed.
    if (!options.read_only && position != 0) {
        StoreBatch batch;
        batch.remove_range(Family::operations, key_u32(id), operation_key(id, position + 1));
        PENCHANT_CHECK(store->write_unsynced(std::move(batch)));
    }
    return {};
}

void Catalog::Body::remove_leftovers() const {
    // Half-made copies and generations, and indices whose removal a crash cut short: no record names them.
    std::error_code failed;
    std::filesystem::directory_iterator at(options.directory + "/indexes", failed);
    for (; !failed && at != std::filesystem::directory_iterator(); at.increment(failed)) {
        const std::string id_text = at->path().filename().string();
        const auto slot = slots.find(static_cast<IndexId>(std::strtoul(id_text.c_str(), nullptr, 10)));
        if (slot == slots.end()) {
            (void)remove_directory(at->path().string());
            continue;
        }
        const std::string current = std::to_string(slot->second.record.generation);
        std::error_code unreadable;
        std::filesystem::directory_iterator inside(at->path(), unreadable);
        for (; !unreadable && inside != std::filesystem::directory_iterator(); inside.increment(unreadable))
            if (inside->path().filename().string() != current) (void)remove_directory(inside->path().string());
    }
}

void Catalog::Body::start_writers() {
    if (!options.writers) return;
    // The first ones started may already drop others, so they are all collected before.
    std::vector<std::shared_ptr<Index>> ready;
    for (const auto& [id, slot] : slots)
        if (slot.record.after.index == 0) ready.push_back(slot.index);
    for (const auto& index : ready) index->start();
}

void Catalog::Body::stop() {
    {
        const std::lock_guard guard(hooks_mutex);
        stopping = true;
    }
    hooks_changed.notify_all();
    // Not under a lock: a writer thread may be in the middle of something that needs it.
    std::vector<std::shared_ptr<Index>> all;
    {
        const std::shared_lock lock(names_mutex);
        for (const auto& [id, slot] : slots) all.push_back(slot.index);
        all.insert(all.end(), dropped.begin(), dropped.end());
    }
    for (const auto& index : all) index->stop();
    tasks_changed.notify_all();
}

// -- finding ----------------------------------------------------------------------------------------------------------

std::shared_ptr<Index> Catalog::Body::find_index(IndexId id) const {
    const std::shared_lock lock(names_mutex);
    const auto at = slots.find(id);
    return at == slots.end() ? nullptr : at->second.index;
}

std::shared_ptr<Index> Catalog::Body::read_index(std::string_view name) const {
    const std::shared_lock lock(names_mutex);
    const auto at = names.find(name);
    if (at == names.end() || at->second.read == 0) return nullptr;
    const auto slot = slots.find(at->second.read);
    return slot == slots.end() ? nullptr : slot->second.index;
}

std::shared_ptr<Index> Catalog::Body::write_index(std::string_view name) const {
    const std::shared_lock lock(names_mutex);
    const auto at = names.find(name);
    if (at == names.end() || at->second.write == 0) return nullptr;
    const auto slot = slots.find(at->second.write);
    return slot == slots.end() ? nullptr : slot->second.index;
}

// -- hooks ------------------------------------------------------------------------------------------------------------

void Catalog::set_selector(Selector selector) {
    {
        const std::lock_guard guard(body_->hooks_mutex);
        body_->selector = std::move(selector);
    }
    body_->hooks_changed.notify_all();
}

void Catalog::set_listener(std::function<void(const std::string& name, const Snapshot&)> listener) {
    const std::lock_guard guard(body_->hooks_mutex);
    body_->listener = std::move(listener);
}

Store& Catalog::store() { return *body_->store; }
FacetValueIds& Catalog::facet_values() { return *body_->ids; }

// -- tasks ------------------------------------------------------------------------------------------------------------

Result<TaskState> Catalog::task(TaskId id) const {
    const std::lock_guard guard(body_->tasks_mutex);
    if (id == 0 || id > body_->last_task) return Error{Errc::not_found, fmt::format("there is no task {}", id)};
    // A write to a primary is done when its replicas have it, too.
    const auto group = body_->together.find(id);
    const auto [from, to] = group == body_->together.end() ? std::pair(id, id) : group->second;
    const auto first = body_->pending.lower_bound(from);
    return first != body_->pending.end() && *first <= to ? TaskState::not_published : TaskState::published;
}

bool Catalog::wait_for_tasks(std::chrono::milliseconds time_max) {
    std::unique_lock lock(body_->tasks_mutex);
    const TaskId last = body_->last_task;
    return body_->tasks_changed.wait_for(
        lock, time_max, [&] { return body_->pending.empty() || *body_->pending.begin() > last; });
}

// -- reads ------------------------------------------------------------------------------------------------------------

std::shared_ptr<const Snapshot> Catalog::snapshot(std::string_view name) const {
    const auto index = body_->read_index(name);
    auto own = index ? index->snapshot() : nullptr;
    if (!own) return own;
    const auto links = body_->links();
    const Links::Link* const link = links->link(name);
    if (!link || !link->is_virtual) return own;
    const auto primary = body_->read_index(link->primary);
    const auto records = primary ? primary->snapshot() : nullptr;
    auto seen = records ? body_->view(std::string(name), *records, *own) : nullptr;
    return seen ? seen : own;
}

std::shared_ptr<const Settings> Catalog::settings(std::string_view name) const {
    const auto index = body_->write_index(name);
    return index ? index->accepted_settings() : nullptr;
}

std::shared_ptr<const Curations> Catalog::curations(std::string_view name) const {
    const auto index = body_->write_index(name);
    return index ? index->accepted_curations() : nullptr;
}

std::vector<IndexDescription> Catalog::list() const {
    struct Known {
        std::string name;
        std::int64_t created_at_ms = 0;
        std::shared_ptr<Index> read;
        std::shared_ptr<Index> write;
    };
    std::vector<Known> known;
    {
        const std::shared_lock lock(body_->names_mutex);
        for (const auto& [name, record] : body_->names) {
            if (record.write == 0) continue;
            const auto write = body_->slots.find(record.write);
            const auto read = body_->slots.find(record.read);
            known.push_back({name, write->second.record.created_at_ms,
                             read == body_->slots.end() ? nullptr : read->second.index, write->second.index});
        }
    }
    const auto links = body_->links();
    std::vector<IndexDescription> list;
    for (const Known& one : known) {
        IndexDescription description;
        description.name = one.name;
        if (const Links::Link* link = links->link(one.name)) {
            description.primary = link->primary;
            description.is_virtual = link->is_virtual;
        }
        description.replicas = replicas_of(one.name);
        description.created_at_ms = one.created_at_ms;
        const IndexStatus accepted = one.write->status();
        const IndexStatus seen = one.read ? one.read->status() : IndexStatus{};
        description.entries = seen.entries;
        if (description.is_virtual)
            if (const auto shown = snapshot(one.name)) description.entries = shown->records;
        description.data_bytes = seen.data_bytes;
        description.file_bytes = seen.file_bytes;
        description.updated_at_ms = std::max(seen.updated_at_ms, one.created_at_ms);
        description.last_build_seconds = seen.last_build_seconds;
        description.pending_tasks = accepted.pending_tasks;
        list.push_back(std::move(description));
    }
    return list;
}

Result<std::vector<std::string>> Catalog::records(std::string_view name, const Snapshot& snapshot,
                                                  std::span<const Ordinal> ordinals) const {
    const auto index = body_->records_index(name, snapshot);
    if (!index) return Error{Errc::stale_snapshot, "the index is gone"};
    return index->records(snapshot, ordinals);
}

Result<std::optional<Ordinal>> Catalog::find_object(std::string_view name, const Snapshot& snapshot,
                                                    std::string_view object_id) const {
    const auto index = body_->records_index(name, snapshot);
    if (!index) return Error{Errc::stale_snapshot, "the index is gone"};
    return index->find_object(snapshot, object_id);
}

Result<std::size_t> Catalog::check(const std::function<void(const std::string&)>& report) {
    std::size_t findings = 0;
    const auto found = [&](const std::string& line) {
        ++findings;
        report(line);
    };
    if (auto verified = body_->store->verify(); !verified) found(verified.error().what);
    std::vector<std::pair<std::string, std::shared_ptr<Index>>> all;
    TaskId last_task = 0;
    {
        const std::shared_lock lock(body_->names_mutex);
        for (const auto& [id, slot] : body_->slots) {
            std::string title = fmt::format("index {}", id);
            for (const auto& [name, record] : body_->names)
                if (record.read == id) title = fmt::format("index \"{}\" (indexes/{})", name, id);
            all.emplace_back(std::move(title), slot.index);
        }
    }
    {
        const std::lock_guard guard(body_->tasks_mutex);
        last_task = body_->last_task;
    }
    PENCHANT_TRY(const std::uint64_t counter, read_counter(*body_->store, last_task_key));
    for (const auto& [title, index] : all) {
        if (!index->loaded()) continue;  // a copy that is to be made
        const Index::Pause pause(*index);
        const std::uint64_t position = index->status().position;
        if (position > counter || position > last_task)
            found(fmt::format("{}: its log position {} is past the last task {}; the store has lost its end", title,
                              position, counter));
        check_index(index->current_path(), *index->snapshot(), *body_->ids,
                    [&](const std::string& line) { found(title + ": " + line); });
    }
    return findings;
}

void Catalog::stop() { body_->stop(); }

}  // namespace penchant
