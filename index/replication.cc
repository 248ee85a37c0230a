// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replicas (A 3.7): how they come to be, and how a primary's writes reach them.
//
// A standard replica is an index of its own with a log of its own. What a primary accepts is put into the logs of both in the
// same synced write, in the same order, so that both come to the same records, whatever a crash does between. Only
// who matches a deleteByQuery is not for a replica to find out, as its settings may know other facets: its entry waits
// (Action::await_primary) until the primary's writer has found the matches and writes their objectIDs in its place.
#include "index/catalog_body.h"
#include "index/limits.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace penchant {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string encode_awaiting(LogPlace primary) {
    std::vector<Operation> operations(1);
    operations[0].action = Action::await_primary;
    operations[0].json = boost::json::serialize(boost::json::object{{"index", primary.index}, {"task", primary.task}});
    return encode_operations(operations);
}

std::optional<LogPlace> awaited_place(const std::vector<Operation>& operations) {
    if (operations.size() != 1 || operations.front().action != Action::await_primary) return std::nullopt;
    boost::json::error_code failed;
    const boost::json::value value = boost::json::parse(operations.front().json, failed);
    LogPlace place;
    if (failed || !value.is_object()) return place;
    const boost::json::value* const index = value.get_object().if_contains("index");
    const boost::json::value* const task = value.get_object().if_contains("task");
    if (index && index->is_int64()) place.index = static_cast<IndexId>(index->get_int64());
    if (task && task->is_int64()) place.task = static_cast<TaskId>(task->get_int64());
    return place;
}

// -- who is whose -----------------------------------------------------------------------------------------------------

std::shared_ptr<const Links> Catalog::Body::links() const {
    const std::shared_lock lock(names_mutex);
    return links_now;
}

void Catalog::Body::relink() {
    auto next = std::make_shared<Links>();
    const std::unique_lock lock(names_mutex);
    for (const auto& [name, record] : names) {
        const auto slot = slots.find(record.write);
        if (slot == slots.end()) continue;
        const auto settings = slot->second.index->accepted_settings();
        if (!settings || (settings->replicas.empty() && settings->virtual_replicas.empty())) continue;
        Links::Replicas replicas;
        const auto add = [&](const std::string& replica, bool is_virtual) {
            const auto known = names.find(replica);
            if (known == names.end() || known->second.write == 0) return;
            if (!next->links.emplace(replica, Links::Link{name, is_virtual}).second) return;
            (is_virtual ? replicas.virtuals : replicas.standard).push_back(replica);
        };
        for (const std::string& replica : settings->replicas) add(replica, false);
        for (const std::string& replica : settings->virtual_replicas) add(replica, true);
        next->primaries.emplace(name, std::move(replicas));
    }
    links_now = std::move(next);
}

Result<void> Catalog::Body::check_not_replica(std::string_view name, std::string_view deed) const {
    const auto now = links();
    if (const Links::Link* link = now->link(name))
        return Error{Errc::bad_request,
                     fmt::format("Index {} is a replica of {}: it cannot be {}.", name, link->primary, deed)};
    return {};
}

// -- virtual replicas -------------------------------------------------------------------------------------------------

std::shared_ptr<Index> Catalog::Body::records_index(std::string_view name, const Snapshot& snapshot) const {
    if (!snapshot.is_view()) return read_index(name);
    const auto now = links();
    const Links::Link* const link = now->link(name);
    return link ? read_index(link->primary) : nullptr;
}

std::shared_ptr<const Snapshot> Catalog::Body::view(const std::string& name, const Snapshot& primary,
                                                    const Snapshot& own) const {
    {
        const std::lock_guard guard(seen_mutex);
        const auto at = seen.find(name);
        if (at != seen.end() && at->second.primary == primary.generation && at->second.own == own.generation)
            return at->second.snapshot;
    }
    auto made = primary.through(name, own);
    if (!made) return nullptr;
    const std::lock_guard guard(seen_mutex);
    Seen& last = seen[name];
    // Somebody else may have been quicker: all searches of a generation share one.
    if (last.primary == primary.generation && last.own == own.generation) return last.snapshot;
    last = {primary.generation, own.generation, made};
    return made;
}

std::shared_ptr<const Settings> Catalog::Body::with_views(Settings settings, const Change& change,
                                                          const Changed& changed) const {
    settings.views.clear();
    for (const std::string& name : settings.virtual_replicas) {
        std::shared_ptr<Index> index = write_index(name);
        if (const auto fresh = change.names.find(name); fresh != change.names.end())
            if (const auto slot = change.slots.find(fresh->second.write); slot != change.slots.end()) index = slot->second.index;
        if (!index) continue;
        auto own = index->accepted_settings();
        for (const auto& [one, after] : changed)
            if (one == index) own = after;
        settings.views.push_back({name, std::move(own)});
    }
    return std::make_shared<const Settings>(std::move(settings));
}

void Catalog::Body::put_settings(Change& change, const std::shared_ptr<Index>& index, const Settings& settings) {
    std::string bytes = encode(Action::put_settings, settings.to_stored_json());
    const TaskId task = reserve(*index, bytes.size());
    change.entries.push_back({index, task, std::move(bytes), {}});
}

// -- writes -----------------------------------------------------------------------------------------------------------

std::vector<std::shared_ptr<Index>> Catalog::Body::followers(std::string_view name) const {
    std::vector<std::shared_ptr<Index>> indexes;
    const auto now = links();
    const Links::Replicas* const replicas = now->replicas(name);
    if (!replicas) return indexes;
    for (const std::string& replica : replicas->standard)
        if (auto index = write_index(replica)) indexes.push_back(std::move(index));
    return indexes;
}

TaskId Catalog::Body::reserve_together(std::vector<Accepted>& entries, std::size_t main) {
    const std::lock_guard guard(tasks_mutex);
    for (std::size_t i = main; i < entries.size(); ++i) {
        Accepted& entry = entries[i];
        entry.task = ++last_task;
        if (entry.awaits) {
            entry.awaits->task = entries[main].task;
            entry.bytes = encode_awaiting(*entry.awaits);
        }
        pending.insert(entry.task);
        pending_bytes += entry.bytes.size();
        entry.index->enqueue(entry.task, entry.bytes.size());
    }
    const TaskId task = entries[main].task;
    if (last_task != task) together[task] = {task, last_task};
    return task;
}

bool Catalog::Body::followed(IndexId id, TaskId task) {
    const std::lock_guard guard(tasks_mutex);
    return awaiting.count({id, task}) != 0;
}

Result<void> Catalog::Body::resolve(IndexId id, TaskId task, const std::vector<Operation>& operations) {
    std::vector<Follower> followers_of;
    {
        const std::lock_guard guard(tasks_mutex);
        const auto at = awaiting.find({id, task});
        if (at == awaiting.end()) return {};
        followers_of = at->second;
    }
    const std::string bytes = encode_operations(operations);
    StoreBatch batch;
    for (const Follower& follower : followers_of)
        if (find_index(follower.index->id()) == follower.index)
            batch.put(Family::operations, operation_key(follower.index->id(), follower.task), bytes);
    PENCHANT_CHECK(store->write(std::move(batch)));
    {
        const std::lock_guard guard(tasks_mutex);
        awaiting.erase({id, task});
    }
    for (const Follower& follower : followers_of) follower.index->settle(follower.task, true);
    return {};
}

void Catalog::Body::abandon(IndexId id) {
    std::vector<Follower> followers_of;
    {
        const std::lock_guard guard(tasks_mutex);
        const auto begin = awaiting.lower_bound({id, 0});
        const auto end = awaiting.lower_bound({id + 1, 0});
        for (auto at = begin; at != end; ++at) followers_of.insert(followers_of.end(), at->second.begin(), at->second.end());
        awaiting.erase(begin, end);
    }
    for (const Follower& follower : followers_of) follower.index->settle(follower.task, true);
}

void Catalog::Body::settle_awaiting() {
    for (const auto& [follower, place] : unsettled) {
        const auto primary = slots.find(place.index);
        if (primary != slots.end() && primary->second.index->status().position < place.task)
            awaiting[{place.index, place.task}].push_back(follower);
        else
            follower.index->settle(follower.task, true);  // its primary is gone, and what it would have deleted with it
    }
    unsettled.clear();
}

// -- making and changing replicas -------------------------------------------------------------------------------------

Result<void> Catalog::Body::check_replicas(std::string_view name, const Settings& before, const Settings& after) const {
    const auto now = links();
    const auto refuse = [&](std::string_view replica, std::string_view why) {
        return Error{Errc::bad_request, fmt::format("setting replicas: \"{}\" {}", replica, why)};
    };
    if (after.replicas.empty() && after.virtual_replicas.empty()) return {};
    if (const Links::Link* link = now->link(name))
        return Error{Errc::bad_request,
                     fmt::format("setting replicas: {} is itself a replica of {}", name, link->primary)};
    for (const auto* list : {&after.replicas, &after.virtual_replicas}) {
        for (const std::string& replica : *list) {
            if (contains(before.replicas, replica) || contains(before.virtual_replicas, replica)) continue;
            if (auto good = check_index_name(replica); !good) return refuse(replica, good.error().what);
            if (replica == name) return refuse(replica, "is the index itself");
            if (const Links::Link* link = now->link(replica); link && link->primary != name)
                return refuse(replica, "is a replica of " + link->primary);
            if (now->replicas(replica)) return refuse(replica, "has replicas of its own");
        }
    }
    return {};
}

Settings Catalog::Body::for_copies(const Settings& settings) {
    auto changed = settings.merged({{"replicas", nullptr}, {"enableReRanking", nullptr}, {"mode", nullptr}});
    PENCHANT_ASSERT(changed.has_value());
    changed.value().views.clear();
    return std::move(changed).value();
}

Result<void> Catalog::Body::add_copy(Change& change, const std::shared_ptr<Index>& source, std::string_view name,
                                     const std::shared_ptr<const Settings>& settings,
                                     const std::shared_ptr<const Curations>& curations) {
    PENCHANT_TRY(const IndexId id, new_id(change));
    std::string bytes = encode(Action::copy_to, boost::json::serialize(boost::json::object{{"id", id}}));
    const TaskId task = reserve(*source, bytes.size());
    change.entries.push_back({source, task, std::move(bytes), {}});
    const LogPlace place{source->id(), task};
    Slot slot{{}, make_index(id)};
    slot.record.created_at_ms = now_ms();
    slot.record.after = place;
    slot.record.fill = true;
    slot.record.settings = settings->to_stored_json();
    slot.index->accept_settings(settings);
    slot.index->accept_curations(curations ? curations : source->accepted_curations());
    NameRecord& record = change.name(*this, name);
    record.write = id;
    record.pending.push_back({place, id});

    // The files that are copied carry the settings of their source: the first thing the copy does is to take its own.
    std::vector<Operation> first{{Action::put_settings, {}, settings->to_stored_json()}};
    if (curations)
        for (const CurationKind kind : {CurationKind::synonym, CurationKind::rule})
            first.push_back({Action::change_curations, {}, to_json(curations->as_change(kind))});
    std::string own = encode_operations(first);
    const TaskId own_task = reserve(*slot.index, own.size());
    change.entries.push_back({slot.index, own_task, std::move(own), {}});
    change.slots[id] = std::move(slot);
    return {};
}

Result<void> Catalog::Body::add_replicas(Change& change, const std::shared_ptr<Index>& primary,
                                         const std::vector<std::string>& replicas, const Settings& otherwise) {
    for (const std::string& replica : replicas) {
        // An index that was there keeps its settings, synonyms and rules, and gives up its records.
        const auto old = write_index(replica);
        auto settings = std::make_shared<const Settings>(for_copies(old ? *old->accepted_settings() : otherwise));
        PENCHANT_CHECK(add_copy(change, primary, replica, settings, old ? old->accepted_curations() : nullptr));
    }
    return {};
}

TaskId Catalog::Body::join(TaskId main, const std::vector<Accepted>& entries) {
    if (entries.size() > 1) {
        const std::lock_guard guard(tasks_mutex);
        together[main] = {entries.front().task, entries.back().task};
    }
    return main;
}

Result<TaskId> Catalog::change_settings(std::string_view name, const boost::json::object& changes,
                                        bool forward_to_replicas) {
    PENCHANT_CHECK(check_index_name(name));
    PENCHANT_CHECK(body_->check_room(0));
    const auto alone = body_->enter_alone();
    // Checked before an index is made for them.
    const auto known = body_->write_index(name);
    const Settings before = known ? *known->accepted_settings() : Settings();
    PENCHANT_TRY(Settings after, before.merged(changes));
    PENCHANT_CHECK(body_->check_replicas(name, before, after));

    Body::Change change;
    Body::Changed changed;
    PENCHANT_TRY(const auto index, body_->index_for_writing(change, name));
    const auto added = [](const std::vector<std::string>& list, const std::vector<std::string>& old) {
        std::vector<std::string> names;
        std::copy_if(list.begin(), list.end(), std::back_inserter(names),
                     [&](const std::string& replica) { return !contains(old, replica); });
        return names;
    };
    const std::vector<std::string> new_standard = added(after.replicas, before.replicas);
    const std::vector<std::string> new_virtual = added(after.virtual_replicas, before.virtual_replicas);
    if (forward_to_replicas) {
        boost::json::object forwarded = changes;
        forwarded.erase("replicas");
        forwarded.erase("slaves");
        for (const auto* list : {&after.replicas, &after.virtual_replicas}) {
            for (const std::string& replica : *list) {
                const auto one = body_->write_index(replica);
                if (!one || contains(new_standard, replica) || contains(new_virtual, replica)) continue;
                PENCHANT_TRY(Settings merged, one->accepted_settings()->merged(forwarded));
                changed.emplace_back(one, std::make_shared<const Settings>(std::move(merged)));
            }
        }
    }
    // A new virtual replica is an index without records, for its settings and for what editors add to it.
    std::vector<std::shared_ptr<Index>> emptied;
    std::vector<std::shared_ptr<Index>> fresh;
    for (const std::string& replica : new_virtual) {
        const bool is_fresh = body_->write_index(replica) == nullptr;
        PENCHANT_TRY(const auto one, body_->index_for_writing(change, replica));
        (is_fresh ? fresh : emptied).push_back(one);
        if (is_fresh) changed.emplace_back(one, std::make_shared<const Settings>(Body::for_copies(after)));
    }
    // The settings of a virtual replica are its primary's concern, too.
    std::shared_ptr<Index> primary;
    if (const auto link = body_->links(); link->link(name) && link->link(name)->is_virtual) {
        primary = body_->write_index(link->link(name)->primary);
        changed.emplace_back(index, std::make_shared<const Settings>(std::move(after)));
        changed.emplace_back(primary, body_->with_views(*primary->accepted_settings(), change, changed));
    } else {
        changed.emplace(changed.begin(), index, body_->with_views(std::move(after), change, changed));
    }
    for (const auto& [one, settings] : changed) body_->put_settings(change, one, *settings);
    const TaskId task = change.entries.front().task;
    const auto more = [&]() -> Result<void> {
        const Settings& now = primary ? before : *changed.front().second;
        PENCHANT_CHECK(body_->add_replicas(change, index, new_standard, now));
        // One that is virtual no longer gets what it showed.
        for (const std::string& replica : before.virtual_replicas)
            if (!primary && !contains(now.virtual_replicas, replica) && !contains(now.replicas, replica))
                PENCHANT_CHECK(body_->add_replicas(change, index, {replica}, now));
        return {};
    };
    if (auto made = more(); !made) {
        body_->settle(change.entries, false);
        return made.error();
    }
    const auto add = [&](const std::shared_ptr<Index>& one, const std::vector<Operation>& operations) {
        std::string bytes = encode_operations(operations);
        const TaskId number = body_->reserve(*one, bytes.size());
        change.entries.push_back({one, number, std::move(bytes), {}});
    };
    for (const auto& one : emptied) add(one, {{Action::clear, {}, {}}});
    const auto curations = index->accepted_curations();
    if (!curations->empty())
        for (const auto& one : fresh)
            add(one, {{Action::change_curations, {}, to_json(curations->as_change(CurationKind::synonym))},
                      {Action::change_curations, {}, to_json(curations->as_change(CurationKind::rule))}});
    body_->join(task, change.entries);
    PENCHANT_CHECK(body_->accept(std::move(change)));
    for (auto& [one, settings] : changed) one->accept_settings(std::move(settings));
    for (const auto& one : fresh) one->accept_curations(curations);
    body_->relink();
    return task;
}

// -- what others ask --------------------------------------------------------------------------------------------------

std::vector<std::string> Catalog::replicas_of(std::string_view name) const {
    const auto links = body_->links();
    const Links::Replicas* const replicas = links->replicas(name);
    if (!replicas) return {};
    std::vector<std::string> names = replicas->standard;
    names.insert(names.end(), replicas->virtuals.begin(), replicas->virtuals.end());
    return names;
}

std::optional<std::string> Catalog::primary_of(std::string_view name) const {
    const auto links = body_->links();
    const Links::Link* const link = links->link(name);
    return link ? std::optional(link->primary) : std::nullopt;
}

}  // namespace penchant
