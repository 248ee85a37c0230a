// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/visitors.h"

#include "plugin/varint.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace penchant {

Visitors::Visitors(Store& store, FacetValueIds& values, Roles& roles, CreditSource& source, std::size_t cache_bytes_max)
    : store_(store),
      values_(values),
      roles_(roles),
      source_(source),
      identities_(store),
      profiles_(cache_bytes_max - cache_bytes_max / 4),
      groups_(cache_bytes_max / 4),
      versions_(std::size_t{1} << 16U) {}

// -- reading -----------------------------------------------------------------------------------------------------------

Result<std::optional<Profile>> Visitors::profile(std::string_view token) {
    std::string bytes;
    if (!profiles_.find(token, bytes)) {
        const std::uint32_t seen = version(token);
        PENCHANT_TRY(auto stored, store_.get(Family::profiles, token));
        if (stored) bytes = std::move(*stored);
        profiles_.fill(token, bytes, [&] { return version(token) == seen; });
    }
    if (bytes.empty()) return std::optional<Profile>{};
    PENCHANT_TRY(Profile profile, Profile::decode(bytes));
    return std::optional(std::move(profile));
}

// A cached group is good while its person has not changed: every link made or taken away bumps both of its ends.
Result<Visitors::Group> Visitors::group(std::string_view token) {
    std::string bytes;
    if (groups_.find(token, bytes)) {
        ByteReader reader{bytes};
        const auto seen = static_cast<std::uint32_t>(reader.varint());
        Group group;
        group.person = reader.bytes(reader.varint());
        if (version(group.person) == seen) {
            for (std::uint64_t count = reader.varint(); count > 0; --count)
                group.tokens.emplace_back(reader.bytes(reader.varint()));
            return group;
        }
    }
    const std::uint32_t token_seen = version(token);
    Group group;
    PENCHANT_TRY(group.person, identities_.person(token));
    const std::uint32_t person_seen = version(group.person);
    PENCHANT_TRY(group.tokens, identities_.group_of(group.person));
    // A person with more devices than are summed: the one that asks is among them.
    if (std::find(group.tokens.begin(), group.tokens.end(), token) == group.tokens.end()) {
        group.tokens.back() = token;
        std::sort(group.tokens.begin(), group.tokens.end());
    }
    bytes.clear();
    append_varint(bytes, person_seen);
    append_varint(bytes, group.person.size());
    bytes += group.person;
    append_varint(bytes, group.tokens.size());
    for (const std::string& member : group.tokens) {
        append_varint(bytes, member.size());
        bytes += member;
    }
    groups_.erase(token);
    groups_.fill(token, bytes, [&] { return version(token) == token_seen && version(group.person) == person_seen; });
    return group;
}

// Readers that began before the write must not leave what they read behind it: the first bump makes them drop what
// they would put into the cache, the second makes those drop it who took a version between the two.
void Visitors::publish(std::string_view token, const std::string* profile) {
    bump(token);
    if (profile) profiles_.put(token, *profile);
    else profiles_.erase(token);
    bump(token);
}

// -- events ------------------------------------------------------------------------------------------------------------

struct Visitors::Change {
    struct Visitor {
        Profile profile;
        bool known = false;  // had a profile before
        bool changed = false;
        std::optional<std::optional<Identities::Link>> link;  // looked up when first needed
        bool relinked = false;
    };
    std::unordered_map<std::string_view, Visitor> visitors;
    std::set<std::pair<std::string_view, std::string_view>> event_ids;  // of this request
    std::set<std::string> touched;                                      // persons whose group changed
    StoreBatch batch;
};

Result<Visitors::Recorded> Visitors::record(std::span<const Event> events) {
    Recorded report;
    if (events.empty()) return report;
    // All that needs no lock comes first.
    const std::vector<EventCredits> credits = source_.credits(events);
    std::vector<RoleId> roles(events.size());
    std::vector<std::string_view> tokens;
    tokens.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        const Event* before = i > 0 ? &events[i - 1] : nullptr;
        if (before && before->type == event.type && before->subtype == event.subtype && before->name == event.name) {
            roles[i] = roles[i - 1];
        } else {
            PENCHANT_TRY(roles[i], roles_.number(event));
        }
        tokens.push_back(event.user_token);
        if (!event.authenticated_token.empty()) tokens.push_back(event.authenticated_token);
    }
    PENCHANT_CHECK(values_.save());

    const VisitorLocks::Held held = locks_.hold(tokens);
    Change change;
    change.visitors.reserve(tokens.size());
    const auto visitor = [&](std::string_view token) -> Result<Change::Visitor*> {
        const auto [at, added] = change.visitors.try_emplace(token);
        if (added) {
            PENCHANT_TRY(auto known, profile(token));
            at->second.known = known.has_value();
            if (known) at->second.profile = std::move(*known);
        }
        return &at->second;
    };

    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        if (!event.id.empty()) {
            PENCHANT_TRY(const bool known, identities_.has_event(event.user_token, event.id));
            if (known || !change.event_ids.emplace(event.user_token, event.id).second) {
                ++report.repeated;
                continue;
            }
            Identities::put_event(change.batch, event.user_token, event.id);
        }
        PENCHANT_TRY(Change::Visitor* const who, visitor(event.user_token));
        const std::uint64_t sequence = who->profile.take_sequence();
        who->profile.count(event.time_ms, roles[i], credits[i],
                           share_of_record(event.type, credits[i].credits.size()));
        who->changed = true;
        change.batch.put(Family::events, event_key(event.user_token, event.time_ms, sequence),
                         event_value(roles[i], credits[i], event.json));
        ++report.events;
        for (const Credit& credit : credits[i].credits) ++report.notes[static_cast<std::size_t>(credit.note)];

        const std::string& person = event.authenticated_token;
        if (person.empty() || person == event.user_token) continue;
        if (!who->link) {
            PENCHANT_TRY(auto link, identities_.link(event.user_token));
            who->link.emplace(std::move(link));
        }
        std::optional<Identities::Link>& link = *who->link;
        if (link && link->person == person) continue;
        if (link && link->time_ms > event.time_ms) {  // a late event does not undo what was said later
            Identities::put_naming(change.batch, event.user_token, person, event.time_ms);
            continue;
        }
        Identities::put_link(change.batch, event.user_token, person, event.time_ms);
        if (link && !link->person.empty()) change.touched.insert(link->person);
        change.touched.insert(person);
        who->relinked = true;
        link = Identities::Link{person, event.time_ms};
        PENCHANT_TRY(Change::Visitor* const other, visitor(person));
        if (!other->known) other->changed = true;  // a person is known from the first link on, without events too
    }
    if (report.events == 0) return report;

    std::vector<std::pair<std::string_view, std::string>> profiles;
    profiles.reserve(change.visitors.size());
    for (auto& [token, who] : change.visitors) {
        if (!who.changed) continue;
        profiles.emplace_back(token, who.profile.encode());
        change.batch.put(Family::profiles, token, profiles.back().second);
    }
    PENCHANT_CHECK(store_.write(std::move(change.batch)));
    for (const auto& [token, bytes] : profiles) publish(token, &bytes);
    for (const std::string& person : change.touched) bump(person);
    return report;
}

Result<Profile> Visitors::replay(std::string_view token, const Profile& now, StoreBatch& batch, Rebuilt& report,
                                 const std::function<bool(const Event&)>& skip) {
    std::vector<LoggedEvent> log;
    PENCHANT_CHECK(scan_events(store_, token, 0, [&](LoggedEvent& event) {
        log.push_back(std::move(event));
        return true;
    }));
    std::sort(log.begin(), log.end(), [](const LoggedEvent& a, const LoggedEvent& b) { return a.sequence < b.sequence; });
    Profile profile = now.restarted();
    for (LoggedEvent& logged : log) {
        const std::string key = event_key(token, logged.time_ms, logged.sequence);
        if (skip || !logged.credits.complete()) {
            PENCHANT_TRY(const Event event, event_of_json(logged.json));
            if (skip && skip(event)) {
                batch.remove(Family::events, key);
                if (!event.id.empty()) Identities::remove_event(batch, token, event.id);
                continue;
            }
            if (!logged.credits.complete()) {
                EventCredits found = std::move(source_.credits(std::span(&event, 1)).front());
                if (!found.index) found.index = logged.credits.index;
                for (std::size_t i = 0; i < found.credits.size() && i < logged.credits.credits.size(); ++i) {
                    Credit& was = logged.credits.credits[i];
                    if (was.note == CreditNote::none) found.credits[i] = was;  // what was credited then stays credited
                    else if (found.credits[i].note == CreditNote::none) ++report.credits_found;
                    else if (found.credits[i].values.size() < was.values.size()) found.credits[i] = was;
                }
                if (found != logged.credits) {
                    logged.credits = std::move(found);
                    batch.put(Family::events, key, event_value(logged.role, logged.credits, logged.json));
                }
            }
        }
        profile.count(logged.time_ms, logged.role, logged.credits,
                      share_of_record(roles_.role(logged.role).type, logged.credits.credits.size()));
        ++report.events;
    }
    report.changed = !(profile == now);
    return profile;
}

Result<Visitors::Rebuilt> Visitors::rebuild(std::string_view token) {
    const VisitorLocks::Held held = locks_.hold({token});
    Rebuilt report;
    PENCHANT_TRY(const auto now, profile(token));
    if (!now) return report;
    StoreBatch batch;
    PENCHANT_TRY(const Profile built, replay(token, *now, batch, report, {}));
    PENCHANT_CHECK(values_.save());
    const std::string bytes = built.encode();
    batch.put(Family::profiles, token, bytes);
    PENCHANT_CHECK(store_.write(std::move(batch)));
    publish(token, &bytes);
    return report;
}

// -- links and deletion ------------------------------------------------------------------------------------------------

Result<void> Visitors::link(std::string_view token, std::string_view person, std::int64_t time_ms) {
    if (token == person) return Error{Errc::bad_request, "a token cannot be linked to itself"};
    const VisitorLocks::Held held = locks_.hold({token, person});
    PENCHANT_TRY(const auto was, identities_.link(token));
    StoreBatch batch;
    Identities::put_link(batch, token, person, time_ms);
    const std::string none = Profile{}.encode();
    for (const std::string_view end : {token, person}) {
        PENCHANT_TRY(const auto known, profile(end));
        if (!known) batch.put(Family::profiles, end, none);
    }
    PENCHANT_CHECK(store_.write(std::move(batch)));
    for (const std::string_view end : {token, person}) publish(end, nullptr);
    if (was && !was->person.empty()) bump(was->person);
    return {};
}

Result<void> Visitors::unlink(std::string_view token, std::int64_t time_ms) {
    const VisitorLocks::Held held = locks_.hold({token});
    PENCHANT_TRY(const auto was, identities_.link(token));
    if (!was || was->person.empty()) return Error{Errc::not_found, "the token is linked to nobody"};
    StoreBatch batch;
    Identities::put_unlink(batch, token, std::max(time_ms, was->time_ms));
    PENCHANT_CHECK(store_.write(std::move(batch)));
    bump(token);
    bump(was->person);
    return {};
}

Result<void> Visitors::forget(std::string_view token, std::int64_t until_ms) {
    PENCHANT_TRY(const Group all, group(token));
    std::vector<std::string_view> tokens(all.tokens.begin(), all.tokens.end());
    const VisitorLocks::Held held = locks_.hold(tokens);
    StoreBatch batch;
    std::vector<std::string> bytes;
    for (const std::string_view member : tokens) {
        PENCHANT_TRY(auto now, profile(member));
        Profile emptied = now ? std::move(*now) : Profile{};
        emptied.forget(until_ms);
        bytes.push_back(emptied.encode());
        batch.put(Family::profiles, member, bytes.back());
    }
    PENCHANT_CHECK(store_.write(std::move(batch)));
    for (std::size_t i = 0; i < tokens.size(); ++i) publish(tokens[i], &bytes[i]);
    return {};
}

Result<Visitors::Erased> Visitors::erase(std::string_view token) {
    // Who is concerned is known only after looking, and may change until all are held: look again then.
    std::vector<std::string> namers;
    for (int tries = 0; tries < 8; ++tries) {
        PENCHANT_TRY(namers, identities_.named_by(token));
        std::vector<std::string_view> tokens(namers.begin(), namers.end());
        tokens.push_back(token);
        const VisitorLocks::Held held = locks_.hold(tokens);
        PENCHANT_TRY(const auto again, identities_.named_by(token));
        if (again != namers) continue;

        StoreBatch batch;
        Erased erased;
        std::vector<ErasedRange>& ranges = erased.ranges;
        std::vector<std::string> gone{std::string(token)};
        std::vector<std::pair<std::string, std::string>> kept;  // handed on to somebody else: token, profile
        std::set<std::string> persons;
        for (const std::string& namer : namers) {
            PENCHANT_TRY(const auto link, identities_.link(namer));
            if (link && link->person == token) {
                gone.push_back(namer);
                continue;
            }
            PENCHANT_TRY(const auto now, profile(namer));
            Rebuilt report;
            PENCHANT_TRY(const Profile rest, replay(namer, now ? *now : Profile{}, batch, report,
                                                    [&](const Event& event) { return event.authenticated_token == token; }));
            kept.emplace_back(namer, rest.encode());
            batch.put(Family::profiles, namer, kept.back().second);
            ranges.push_back({Family::events, token_range(namer)});
        }
        for (const std::string& name : gone) {
            TokenRange range = token_range(name);
            batch.remove_range(Family::events, range.begin, range.end);
            batch.remove(Family::profiles, name);
            PENCHANT_TRY(const auto named, identities_.names(name));
            PENCHANT_TRY(const auto by, identities_.named_by(name));
            Identities::remove_all(batch, name, named, by);
            persons.insert(named.begin(), named.end());
            ranges.push_back({Family::events, std::move(range)});
            ranges.push_back({Family::profiles, {name, name + '\0'}});
        }
        // No two marks of one process are alike; one that a process before left counts as well as this.
        erased.mark = std::string(erasure_prefix) + key_u64(erasures_.fetch_add(1));
        batch.put(Family::module, erased.mark, {});
        PENCHANT_CHECK(store_.write(std::move(batch)));
        for (const std::string& name : gone) publish(name, nullptr);
        erased.tokens = gone;
        for (const auto& [name, bytes] : kept) publish(name, &bytes);
        for (const std::string& person : persons) bump(person);
        return erased;
    }
    return Error{Errc::overloaded, "the visitor's links keep changing; try again"};
}

}  // namespace penchant
