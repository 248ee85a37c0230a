// SPDX-License-Identifier: GPL-3.0-or-later
//
// The accepting half of the catalog: everything up to the synced write that is the acknowledgement.
#include "index/catalog_body.h"
#include "index/directory.h"
#include "index/limits.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace penchant {

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string encode(Action action, std::string json) {
    std::vector<Operation> operations(1);
    operations[0].action = action;
    operations[0].json = std::move(json);
    return encode_operations(operations);
}

namespace {

bool for_clients(Action action) {
    switch (action) {
        case Action::put_object:
        case Action::partial_update:
        case Action::partial_update_only:
        case Action::delete_object:
        case Action::clear:
        case Action::delete_by_query:
            return true;
        case Action::delete_index:
        case Action::put_settings:
        case Action::copy_to:
        case Action::move_to:
        case Action::change_curations:
        case Action::await_primary:
            return false;
    }
    return false;
}

}  // namespace

Result<void> check_index_name(std::string_view name) {
    if (name.empty()) return Error{Errc::bad_request, "the index name is empty"};
    if (name.size() > limits::index_name_bytes_max)
        return Error{Errc::bad_request, fmt::format("the index name is longer than {} bytes",
                                                    limits::index_name_bytes_max)};
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            return Error{Errc::bad_request, "the index name has a control character"};
    return {};
}

NameRecord& Catalog::Body::Change::name(const Body& body, std::string_view name) {
    if (const auto at = names.find(name); at != names.end()) return at->second;
    const auto before = body.names.find(name);
    return names.emplace(std::string(name), before == body.names.end() ? NameRecord{} : before->second).first->second;
}

// -- locks and tasks --------------------------------------------------------------------------------------------------

std::shared_lock<std::shared_mutex> Catalog::Body::enter_shared() {
    const std::lock_guard passing(door);
    return std::shared_lock(accepting);
}
std::unique_lock<std::shared_mutex> Catalog::Body::enter_alone() {
    const std::lock_guard passing(door);
    return std::unique_lock(accepting);
}

Result<void> Catalog::Body::check_room(std::size_t bytes) const {
    if (options.read_only) return Error{Errc::unavailable, "the data directory is open for reading only"};
    if (stopping) return Error{Errc::unavailable, "the server is stopping"};
    const std::lock_guard guard(tasks_mutex);
    if (pending_bytes + bytes > limits::operations_pending_bytes_max && pending_bytes != 0)
        return Error{Errc::overloaded, "too much is waiting to be indexed; come back later"};
    return {};
}

TaskId Catalog::Body::reserve(Index& index, std::size_t bytes) {
    // Number and place in one step, so that each queue is in the order of its numbers.
    const std::lock_guard guard(tasks_mutex);
    const TaskId task = ++last_task;
    pending.insert(task);
    pending_bytes += bytes;
    index.enqueue(task, bytes);
    return task;
}

void Catalog::Body::settle(const std::vector<Accepted>& entries, bool durable) {
    if (!durable) {
        const std::lock_guard guard(tasks_mutex);
        for (const Accepted& entry : entries) {
            pending.erase(entry.task);
            pending_bytes -= entry.bytes.size();
        }
        tasks_changed.notify_all();
    } else {
        // Known before the primary can come to it.
        const std::lock_guard guard(tasks_mutex);
        for (const Accepted& entry : entries)
            if (entry.awaits) awaiting[{entry.awaits->index, entry.awaits->task}].push_back({entry.index, entry.task});
    }
    for (const Accepted& entry : entries)
        if (!durable || !entry.awaits) entry.index->settle(entry.task, durable);
}

Result<TaskId> Catalog::Body::empty_task() {
    TaskId task = 0;
    {
        const std::lock_guard guard(tasks_mutex);
        task = ++last_task;
    }
    StoreBatch batch;
    batch.put(Family::system, last_task_key, key_u64(task));
    PENCHANT_CHECK(store->write(std::move(batch)));
    return task;
}

Result<TaskId> Catalog::finished_task() { return body_->empty_task(); }

Result<void> Catalog::Body::accept_entries(std::vector<Accepted> entries) {
    Change change;
    change.entries = std::move(entries);
    return accept(std::move(change));
}

Result<void> Catalog::Body::accept(Change change) {
    StoreBatch batch;
    for (const auto& [name, record] : change.names) put_name(batch, name, record);
    IndexId newest = 0;
    for (const auto& [id, slot] : change.slots) {
        put_index(batch, id, slot.record);
        newest = std::max(newest, id);
    }
    if (newest > last_index) batch.put(Family::system, last_index_key, key_u64(newest));
    for (const Accepted& entry : change.entries)
        batch.put(Family::operations, operation_key(entry.index->id(), entry.task), entry.bytes);
    if (!change.entries.empty())
        batch.put(Family::system, last_task_key, key_u64(change.entries.back().task));

    Result<void> written = store->write(std::move(batch));
    if (!written) {
        settle(change.entries, false);
        for (const auto& [id, slot] : change.slots)
            if (id > last_index) (void)remove_directory(index_root(id));
        return written;
    }
    std::vector<std::shared_ptr<Index>> ready;
    if (!change.names.empty() || !change.slots.empty()) {
        const std::unique_lock lock(names_mutex);
        for (auto& [name, record] : change.names) {
            if (record.empty()) names.erase(name);
            else names[name] = record;
        }
        for (auto& [id, slot] : change.slots) {
            if (slot.record.after.index == 0) ready.push_back(slot.index);
            slots[id] = std::move(slot);
        }
        last_index = std::max(last_index, newest);
    }
    settle(change.entries, true);
    if (options.writers)
        for (const auto& index : ready) index->start();
    return {};
}

// -- new indices ------------------------------------------------------------------------------------------------------

Result<IndexId> Catalog::Body::new_id(const Change& change) const {
    std::size_t fresh = 0;
    IndexId id = last_index;
    for (const auto& [known, slot] : change.slots) {
        if (known > last_index) ++fresh;
        id = std::max(id, known);
    }
    if (slots.size() + fresh >= limits::indices_max)
        return Error{Errc::bad_request, fmt::format("there are {} indices already", limits::indices_max)};
    return id + 1;
}

Result<std::shared_ptr<Index>> Catalog::Body::create(Change& change, std::string_view name) {
    PENCHANT_TRY(const IndexId id, new_id(change));
    Slot slot{{}, make_index(id)};
    slot.record.created_at_ms = now_ms();
    PENCHANT_CHECK(slot.index->create(Settings()));
    slot.index->accept_settings(std::make_shared<const Settings>());
    NameRecord& record = change.name(*this, name);
    record.write = id;
    if (record.pending.empty()) {
        record.read = id;
    } else {
        // The name was given up by a delete or a move that is not applied yet: searches see the new index, and it
        // begins to work, when that is done.
        record.pending.back().target = id;
        slot.record.after = record.pending.back().by;
    }
    std::shared_ptr<Index> index = slot.index;
    change.slots[id] = std::move(slot);
    return index;
}

Result<std::shared_ptr<Index>> Catalog::Body::index_for_writing(Change& change, std::string_view name) {
    const IndexId id = change.name(*this, name).write;
    if (id == 0) return create(change, name);
    if (const auto at = change.slots.find(id); at != change.slots.end()) return at->second.index;
    return slots.at(id).index;
}

// -- what clients ask for ---------------------------------------------------------------------------------------------

Result<TaskId> Catalog::append(std::string_view name, std::vector<Operation> operations) {
    std::vector<std::pair<std::string, std::vector<Operation>>> one;
    one.emplace_back(std::string(name), std::move(operations));
    PENCHANT_TRY(const auto tasks, append_many(std::move(one)));
    return tasks.front().second;
}

Result<std::vector<std::pair<std::string, TaskId>>> Catalog::append_many(
    std::vector<std::pair<std::string, std::vector<Operation>>> operations) {
    std::vector<std::string> encoded;
    std::size_t bytes = 0;
    for (const auto& [name, list] : operations) {
        PENCHANT_CHECK(check_index_name(name));
        for (const Operation& operation : list)
            if (!for_clients(operation.action))
                return Error{Errc::bad_request, "this action cannot be part of a batch"};
        encoded.push_back(encode_operations(list));
        bytes += encoded.back().size();
    }
    std::vector<std::pair<std::string, TaskId>> tasks;
    std::vector<Body::Accepted> entries;
    // Both under `accepting`: who is whose replica stays as it is meanwhile.
    const auto check_names = [&]() -> Result<void> {
        std::size_t copies = 0;
        for (const auto& [name, list] : operations) {
            PENCHANT_CHECK(body_->check_not_replica(name, "written to directly"));
            copies = std::max(copies, body_->followers(name).size());
        }
        return body_->check_room(bytes * (1 + copies));
    };
    const auto reserve = [&](std::size_t i, std::shared_ptr<Index> index) {
        const auto& [name, list] = operations[i];
        const std::size_t main = entries.size();
        const bool by_query = std::any_of(list.begin(), list.end(), [](const Operation& operation) {
            return operation.action == Action::delete_by_query;
        });
        entries.push_back({std::move(index), 0, std::move(encoded[i]), {}});
        for (auto& follower : body_->followers(name)) {
            Body::Accepted entry{std::move(follower), 0, {}, {}};
            if (by_query) entry.awaits = LogPlace{entries[main].index->id(), 0};
            else entry.bytes = entries[main].bytes;
            entries.push_back(std::move(entry));
        }
        tasks.emplace_back(name, body_->reserve_together(entries, main));
    };
    {
        const auto shared = body_->enter_shared();
        PENCHANT_CHECK(check_names());
        std::vector<std::shared_ptr<Index>> indexes;
        for (const auto& [name, list] : operations) {
            auto index = body_->write_index(name);
            if (!index) break;
            indexes.push_back(std::move(index));
        }
        if (indexes.size() == operations.size()) {
            for (std::size_t i = 0; i < indexes.size(); ++i) reserve(i, std::move(indexes[i]));
            PENCHANT_CHECK(body_->accept_entries(std::move(entries)));
            return tasks;
        }
    }
    const auto alone = body_->enter_alone();
    PENCHANT_CHECK(check_names());
    Body::Change change;
    std::vector<std::shared_ptr<Index>> indexes;
    for (const auto& [name, list] : operations) {
        PENCHANT_TRY(auto index, body_->index_for_writing(change, name));
        indexes.push_back(std::move(index));
    }
    for (std::size_t i = 0; i < indexes.size(); ++i) reserve(i, std::move(indexes[i]));
    change.entries = std::move(entries);
    PENCHANT_CHECK(body_->accept(std::move(change)));
    return tasks;
}

Result<TaskId> Catalog::change_curations(std::string_view name, const CurationChange& change, bool forward_to_replicas) {
    PENCHANT_CHECK(check_index_name(name));
    for (const auto& [id, json] : change.put)
        if (id.empty() || id.size() > limits::object_id_bytes_max)
            return Error{Errc::bad_request, fmt::format("objectID: expected 1 to {} bytes", limits::object_id_bytes_max)};
    const std::string json = to_json(change);
    PENCHANT_CHECK(body_->check_room(json.size()));
    const auto alone = body_->enter_alone();
    std::vector<std::string> names{std::string(name)};
    if (forward_to_replicas)
        for (std::string& replica : replicas_of(name)) names.push_back(std::move(replica));

    // Checked before an index is made for them.
    std::vector<std::shared_ptr<const Curations>> after;
    for (const std::string& one : names) {
        const auto index = body_->write_index(one);
        Curations curations = (index ? *index->accepted_curations() : Curations()).changed(change);
        PENCHANT_CHECK(curations.check_limits());
        after.push_back(std::make_shared<const Curations>(std::move(curations)));
    }
    Body::Change accepted;
    std::vector<std::shared_ptr<Index>> indexes;
    for (const std::string& one : names) {
        PENCHANT_TRY(auto index, body_->index_for_writing(accepted, one));
        indexes.push_back(std::move(index));
    }
    for (const auto& index : indexes) {
        std::string bytes = encode(Action::change_curations, json);
        const TaskId task = body_->reserve(*index, bytes.size());
        accepted.entries.push_back({index, task, std::move(bytes), {}});
    }
    const TaskId task = body_->join(accepted.entries.front().task, accepted.entries);
    PENCHANT_CHECK(body_->accept(std::move(accepted)));
    for (std::size_t i = 0; i < indexes.size(); ++i) indexes[i]->accept_curations(after[i]);
    return task;
}

Result<TaskId> Catalog::delete_index(std::string_view name) {
    PENCHANT_CHECK(check_index_name(name));
    PENCHANT_CHECK(body_->check_room(0));
    const auto alone = body_->enter_alone();
    PENCHANT_CHECK(body_->check_not_replica(name, "deleted; take it from the setting replicas first"));
    const auto index = body_->write_index(name);
    if (!index) return body_->empty_task();
    Body::Change change;
    // Virtual replicas have shown the records of this index: from now on they have them.
    if (const Links::Replicas* replicas = body_->links()->replicas(name)) {
        if (auto made = body_->add_replicas(change, index, replicas->virtuals, *index->accepted_settings()); !made) {
            body_->settle(change.entries, false);
            return made.error();
        }
    }
    std::string bytes = encode(Action::delete_index);
    const TaskId task = body_->reserve(*index, bytes.size());
    change.entries.push_back({index, task, std::move(bytes), {}});
    NameRecord& record = change.name(*body_, name);
    record.write = 0;
    record.pending.push_back({{index->id(), task}, 0});
    body_->join(task, change.entries);
    PENCHANT_CHECK(body_->accept(std::move(change)));
    body_->relink();  // replicas stand alone from now on
    return task;
}

Result<TaskId> Catalog::move_index(std::string_view source, std::string_view destination) {
    PENCHANT_CHECK(check_index_name(source));
    PENCHANT_CHECK(check_index_name(destination));
    PENCHANT_CHECK(body_->check_room(0));
    const auto alone = body_->enter_alone();
    PENCHANT_CHECK(body_->check_not_replica(source, "moved"));
    PENCHANT_CHECK(body_->check_not_replica(destination, "the destination of a move"));
    const auto index = body_->write_index(source);
    if (!index || source == destination) return body_->empty_task();
    Body::Change change;
    // Replicas of the destination stay its replicas.
    const auto before = body_->links()->replicas(destination) ? body_->write_index(destination) : nullptr;
    std::shared_ptr<const Settings> settings;
    if (before) {
        const boost::json::value* const list = before->accepted_settings()->stored().if_contains("replicas");
        PENCHANT_ASSERT(list != nullptr);
        PENCHANT_TRY(Settings merged, index->accepted_settings()->merged({{"replicas", *list}}));
        settings = body_->with_views(std::move(merged), change, {});
        // The source's own virtual replicas lose their primary.
        if (const Links::Replicas* replicas = body_->links()->replicas(source)) {
            if (auto made = body_->add_replicas(change, index, replicas->virtuals, *settings); !made) {
                body_->settle(change.entries, false);
                return made.error();
            }
        }
        body_->put_settings(change, index, *settings);
    }
    boost::json::object to;
    to["name"] = boost::json::string_view(destination.data(), destination.size());
    std::string bytes = encode(Action::move_to, boost::json::serialize(to));
    const TaskId task = body_->reserve(*index, bytes.size());
    change.entries.push_back({index, task, std::move(bytes), {}});
    const LogPlace place{index->id(), task};
    NameRecord& to_record = change.name(*body_, destination);
    to_record.write = index->id();
    to_record.pending.push_back({place, index->id()});
    NameRecord& from_record = change.name(*body_, source);
    from_record.write = 0;
    from_record.pending.push_back({place, 0});
    if (before) {
        if (auto made = body_->add_replicas(change, index, settings->replicas, *settings); !made) {
            body_->settle(change.entries, false);
            return made.error();
        }
    }
    body_->join(task, change.entries);
    PENCHANT_CHECK(body_->accept(std::move(change)));
    if (settings) index->accept_settings(std::move(settings));
    body_->relink();
    return task;
}

Result<TaskId> Catalog::copy_index(std::string_view source, std::string_view destination,
                                   const std::vector<std::string>& scope) {
    PENCHANT_CHECK(check_index_name(source));
    PENCHANT_CHECK(check_index_name(destination));
    for (const std::string& part : scope)
        if (part != "settings" && part != "rules" && part != "synonyms")
            return Error{Errc::bad_request, "scope: expected settings, rules or synonyms"};
    PENCHANT_CHECK(body_->check_room(0));
    const auto alone = body_->enter_alone();
    if (source == destination) return body_->empty_task();
    if (body_->links()->replicas(destination))
        return Error{Errc::bad_request, fmt::format("Index {} has replicas: nothing can be copied to it.", destination)};
    if (scope.empty()) PENCHANT_CHECK(body_->check_not_replica(destination, "the destination of a copy"));
    return scope.empty() ? body_->copy_everything(source, destination)
                         : body_->copy_parts(source, destination, scope);
}

Result<TaskId> Catalog::Body::copy_everything(std::string_view source, std::string_view destination) {
    Change change;
    auto from = write_index(source);
    auto settings = from ? from->accepted_settings() : nullptr;
    std::shared_ptr<const Curations> curations;  // null: those of `from`
    if (const auto now = links(); now->link(source) && now->link(source)->is_virtual) {
        curations = from->accepted_curations();
        from = write_index(now->link(source)->primary);
        settings = std::make_shared<const Settings>(settings->over(*from->accepted_settings()));
    }
    const auto old = write_index(destination);
    if (!from) {
        // A copy of nothing: the destination becomes empty.
        if (!old) {
            PENCHANT_CHECK(create(change, destination));
            PENCHANT_CHECK(accept(std::move(change)));
            return empty_task();
        }
        std::string bytes = encode(Action::delete_index);
        const TaskId task = reserve(*old, bytes.size());
        change.entries.push_back({old, task, std::move(bytes), {}});
        NameRecord& record = change.name(*this, destination);
        record.pending.push_back({{old->id(), task}, 0});
        if (auto created = create(change, destination); !created) {
            settle(change.entries, false);
            return created.error();
        }
        PENCHANT_CHECK(accept(std::move(change)));
        return task;
    }
    PENCHANT_CHECK(add_copy(change, from, destination, std::make_shared<const Settings>(for_copies(*settings)),
                            curations));
    const TaskId task = join(change.entries.front().task, change.entries);
    PENCHANT_CHECK(accept(std::move(change)));
    return task;
}

Result<TaskId> Catalog::Body::copy_parts(std::string_view source, std::string_view destination,
                                         const std::vector<std::string>& scope) {
    const auto has = [&](std::string_view part) { return std::find(scope.begin(), scope.end(), part) != scope.end(); };
    Change change;
    const auto from = write_index(source);
    PENCHANT_TRY(const auto to, index_for_writing(change, destination));
    if (!from) {
        PENCHANT_CHECK(accept(std::move(change)));
        return empty_task();
    }
    std::vector<Operation> operations;
    const auto settings = std::make_shared<const Settings>(for_copies(*from->accepted_settings()));
    if (has("settings")) operations.push_back({Action::put_settings, {}, settings->to_stored_json()});
    const auto source_curations = from->accepted_curations();
    Curations curations = *to->accepted_curations();
    const auto copy_curations = [&](CurationKind kind) {
        const CurationChange parts = source_curations->as_change(kind);
        operations.push_back({Action::change_curations, {}, to_json(parts)});
        curations = curations.changed(parts);
    };
    if (has("synonyms")) copy_curations(CurationKind::synonym);
    if (has("rules")) copy_curations(CurationKind::rule);
    std::string bytes = encode_operations(operations);
    const TaskId task = reserve(*to, bytes.size());
    change.entries.push_back({to, task, std::move(bytes), {}});
    PENCHANT_CHECK(accept(std::move(change)));
    if (has("settings")) to->accept_settings(settings);
    to->accept_curations(std::make_shared<const Curations>(std::move(curations)));
    return task;
}

}  // namespace penchant
