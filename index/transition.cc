// SPDX-License-Identifier: GPL-3.0-or-later
//
// The applying half of the catalog: what happens to names when an index's writer comes to a delete, a move or a copy.
#include "index/catalog_body.h"
#include "index/segment_body.h"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace penchant {
namespace {

constexpr std::chrono::milliseconds selector_wait{1'000};

IndexId destination_of(const Operation& operation) {
    boost::json::error_code failed;
    const boost::json::value value = boost::json::parse(operation.json, failed);
    if (failed || !value.is_object()) return 0;
    const boost::json::value* const id = value.get_object().if_contains("id");
    if (!id || !id->is_int64()) return 0;
    return static_cast<IndexId>(id->get_int64());
}

}  // namespace

Result<void> Catalog::Body::carry_out(Index& index, TaskId task, const Operation& operation) {
    const LogPlace place{index.id(), task};
    if (operation.action == Action::copy_to) PENCHANT_CHECK(fill(destination_of(operation), index, place));
    return complete(place);
}

Result<void> Catalog::Body::fill(IndexId id, const Index& source, LogPlace place) {
    std::shared_ptr<Index> copy;
    {
        const std::shared_lock lock(names_mutex);
        const auto at = slots.find(id);
        // Gone again, or filled before a crash that came before the source's position was saved.
        if (at == slots.end() || !at->second.record.fill || !(at->second.record.after == place)) return {};
        copy = at->second.index;
    }
    return copy->fill(source);
}

Result<void> Catalog::Body::switch_generation(IndexId id, std::uint32_t generation) {
    const auto alone = enter_alone();
    const auto at = slots.find(id);
    if (at == slots.end()) return Error{Errc::not_found, "the index was dropped"};
    IndexRecord record = at->second.record;
    record.generation = generation;
    StoreBatch batch;
    put_index(batch, id, record);
    PENCHANT_CHECK(store->write(std::move(batch)));
    const std::unique_lock lock(names_mutex);
    at->second.record = std::move(record);
    return {};
}

void Catalog::Body::announce_all(const std::vector<std::pair<std::string, IndexId>>& targets) {
    std::function<void(const std::string&, const Snapshot&)> call;
    {
        const std::lock_guard guard(hooks_mutex);
        call = listener;
    }
    if (!call) return;
    for (const auto& [name, id] : targets) {
        const auto index = find_index(id);
        const auto snapshot = index ? index->snapshot() : nullptr;
        if (snapshot) call(name, *snapshot);
    }
}

void Catalog::Body::warm(const std::string& name, IndexId id) const {
    const auto index = find_index(id);
    const auto before = read_index(name);
    const auto next = index && index != before ? index->snapshot() : nullptr;
    const auto now = before ? before->snapshot() : nullptr;
    if (!next || !now || next->segments.empty()) return;
    const auto largest = std::max_element(next->segments.begin(), next->segments.end(), [](const auto& a, const auto& b) {
        return a->postings() < b->postings();
    });
    warm_unions(**largest, now->segments);
}

void Catalog::Body::announce(IndexId id, const Snapshot& snapshot) {
    {
        // What virtual replicas showed is let go as soon as it is old.
        const std::lock_guard guard(seen_mutex);
        for (const Snapshot::ViewOrders& view : snapshot.views) seen.erase(view.name);
    }
    std::function<void(const std::string&, const Snapshot&)> call;
    {
        const std::lock_guard guard(hooks_mutex);
        call = listener;
    }
    if (!call) return;
    std::vector<std::string> read_as;
    {
        const std::shared_lock lock(names_mutex);
        for (const auto& [name, record] : names)
            if (record.read == id) read_as.push_back(name);
    }
    for (const std::string& name : read_as) call(name, snapshot);
}

Result<std::vector<Ordinal>> Catalog::Body::select(const Snapshot& snapshot, std::string_view body) {
    Selector call;
    {
        // After a start the log may hold a deleteByQuery before the engine has said who understands it.
        std::unique_lock lock(hooks_mutex);
        hooks_changed.wait_for(lock, selector_wait, [&] { return selector || stopping; });
        call = selector;
    }
    if (!call) return Error{Errc::unavailable, "nobody has said yet how deleteByQuery is understood"};
    auto matches = call(snapshot, body);
    // It was checked when it was accepted; what it means now is for the selector to say, and a refusal deletes nothing.
    if (!matches) return Error{Errc::bad_request, matches.error().what};
    return matches;
}

void Catalog::Body::published(std::span<const TaskId> tasks, std::size_t bytes) {
    {
        const std::lock_guard guard(tasks_mutex);
        for (const TaskId task : tasks) pending.erase(task);
        pending_bytes -= std::min(bytes, pending_bytes);
        while (!together.empty() && (pending.empty() || together.begin()->second.second < *pending.begin()))
            together.erase(together.begin());
    }
    tasks_changed.notify_all();
}

Result<void> Catalog::Body::complete(LogPlace place) {
    const auto passed = [&](const NameRecord& record) {
        return std::find_if(record.pending.begin(), record.pending.end(),
                            [&](const NameRecord::Pending& one) { return one.by == place; });
    };
    // Listeners come first, without the lock: no search sees the new snapshot before they do, and appends need not wait.
    {
        std::vector<std::pair<std::string, IndexId>> targets;
        {
            const std::shared_lock lock(names_mutex);
            for (const auto& [name, record] : names)
                if (const auto at = passed(record); at != record.pending.end() && at->target != 0)
                    targets.emplace_back(name, at->target);
        }
        announce_all(targets);
        for (const auto& [name, target] : targets) warm(name, target);
    }

    const auto alone = enter_alone();
    Names after = names;
    StoreBatch batch;
    for (auto& [name, record] : after) {
        const auto at = passed(record);
        if (at == record.pending.end()) continue;
        record.read = at->target;
        // Whatever was accepted before this and is not applied yet is overtaken: nobody will see it any more.
        record.pending.erase(record.pending.begin(), at + 1);
        put_name(batch, name, record);
    }

    std::vector<std::shared_ptr<Index>> released;
    std::map<IndexId, IndexRecord> records;
    for (const auto& [id, slot] : slots) {
        IndexRecord record = slot.record;
        if (record.after == place) {
            record.after = {};
            record.fill = false;
            record.settings.clear();
            put_index(batch, id, record);
            released.push_back(slot.index);
        }
        records.emplace(id, std::move(record));
    }

    // An index stays as long as a name, or somebody who waits for a place in its log, needs it.
    std::vector<std::shared_ptr<Index>> gone;
    for (bool again = true; again;) {
        again = false;
        std::set<IndexId> needed;
        for (const auto& [name, record] : after) {
            needed.insert({record.write, record.read});
            for (const NameRecord::Pending& one : record.pending) needed.insert({one.by.index, one.target});
        }
        for (const auto& [id, record] : records) needed.insert(record.after.index);
        for (auto at = records.begin(); at != records.end();) {
            if (needed.count(at->first) != 0) {
                ++at;
                continue;
            }
            batch.remove(Family::system, index_key(at->first));
            batch.remove_range(Family::operations, key_u32(at->first), key_u32(at->first + 1));
            gone.push_back(slots.at(at->first).index);
            at = records.erase(at);
            again = true;  // it may have been the last to wait for another
        }
    }
    for (const auto& [name, record] : after)
        if (record.empty()) batch.remove(Family::system, name_key(name));

    PENCHANT_CHECK(store->write(std::move(batch)));
    {
        const std::unique_lock lock(names_mutex);
        std::erase_if(after, [](const auto& one) { return one.second.empty(); });
        names = std::move(after);
        for (auto at = slots.begin(); at != slots.end();) {
            const auto record = records.find(at->first);
            if (record == records.end()) {
                at = slots.erase(at);
            } else {
                at->second.record = record->second;
                ++at;
            }
        }
        // Threads of indices dropped earlier have ended by now, mostly; those objects go with this.
        std::erase_if(dropped, [](const auto& index) { return index->dropped_and_done(); });
        dropped.insert(dropped.end(), gone.begin(), gone.end());
    }
    for (const auto& index : gone) index->drop();
    if (options.writers)
        for (const auto& index : released)
            if (std::find(gone.begin(), gone.end(), index) == gone.end()) index->start();
    return {};
}

}  // namespace penchant
