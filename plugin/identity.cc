// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/identity.h"

#include <algorithm>

namespace penchant {
namespace {

std::string key_of(char kind, std::string_view first) {
    std::string key;
    key.reserve(2 + first.size());
    key.push_back(kind);
    key.push_back('\0');
    key += first;
    return key;
}

std::string key_of(char kind, std::string_view first, std::string_view second) {
    std::string key = key_of(kind, first);
    key.push_back('\0');
    key += second;
    return key;
}

/// The end of all keys that begin with `kind`, `first` and NUL.
std::string end_of(char kind, std::string_view first) {
    std::string key = key_of(kind, first);
    key.push_back('\1');
    return key;
}

Result<std::vector<std::string>> seconds(const Store& store, char kind, std::string_view first, std::size_t count_max) {
    std::vector<std::string> found;
    const std::string begin = key_of(kind, first, {});
    PENCHANT_CHECK(store.scan(Family::identities, begin, end_of(kind, first), [&](std::string_view key, std::string_view) {
        found.emplace_back(key.substr(begin.size()));
        return found.size() < count_max;
    }));
    return found;
}

constexpr std::size_t everything = static_cast<std::size_t>(-1);

}  // namespace

Result<std::optional<Identities::Link>> Identities::link(std::string_view token) const {
    PENCHANT_TRY(const auto value, store_.get(Family::identities, key_of('p', token)));
    if (!value) return std::optional<Link>{};
    if (value->size() < 8) return Error{Errc::corrupt, "a link between tokens cannot be read"};
    return std::optional(Link{value->substr(8), static_cast<std::int64_t>(read_key_u64(*value))});
}

Result<std::string> Identities::person(std::string_view token) const {
    PENCHANT_TRY(const auto found, link(token));
    if (!found || found->person.empty()) return std::string(token);
    return found->person;
}

Result<std::vector<std::string>> Identities::group_of(std::string_view person) const {
    std::vector<std::string> group{std::string(person)};
    PENCHANT_TRY(const auto namers, seconds(store_, 'm', person, 8 * group_max));
    for (const std::string& token : namers) {
        if (group.size() == group_max) break;
        PENCHANT_TRY(const auto found, link(token));
        if (found && found->person == person) group.push_back(token);
    }
    std::sort(group.begin(), group.end());
    return group;
}

Result<std::vector<std::string>> Identities::named_by(std::string_view person) const {
    return seconds(store_, 'm', person, everything);
}
Result<std::vector<std::string>> Identities::names(std::string_view token) const {
    return seconds(store_, 'b', token, everything);
}
Result<bool> Identities::has_event(std::string_view token, std::string_view event_id) const {
    PENCHANT_TRY(const auto value, store_.get(Family::identities, key_of('i', token, event_id)));
    return value.has_value();
}

void Identities::put_link(StoreBatch& batch, std::string_view token, std::string_view person, std::int64_t time_ms) {
    batch.put(Family::identities, key_of('p', token), key_u64(static_cast<std::uint64_t>(time_ms)) + std::string(person));
    put_naming(batch, token, person, time_ms);
}
void Identities::put_unlink(StoreBatch& batch, std::string_view token, std::int64_t time_ms) {
    batch.put(Family::identities, key_of('p', token), key_u64(static_cast<std::uint64_t>(time_ms)));
}
void Identities::put_naming(StoreBatch& batch, std::string_view token, std::string_view person, std::int64_t time_ms) {
    batch.put(Family::identities, key_of('m', person, token), key_u64(static_cast<std::uint64_t>(time_ms)));
    batch.put(Family::identities, key_of('b', token, person), {});
}
void Identities::put_event(StoreBatch& batch, std::string_view token, std::string_view event_id) {
    batch.put(Family::identities, key_of('i', token, event_id), {});
}
void Identities::remove_event(StoreBatch& batch, std::string_view token, std::string_view event_id) {
    batch.remove(Family::identities, key_of('i', token, event_id));
}

void Identities::remove_all(StoreBatch& batch, std::string_view token, const std::vector<std::string>& named,
                            const std::vector<std::string>& namers) {
    batch.remove(Family::identities, key_of('p', token));
    for (const char kind : {'m', 'b', 'i'}) batch.remove_range(Family::identities, key_of(kind, token, {}), end_of(kind, token));
    for (const std::string& person : named) batch.remove(Family::identities, key_of('m', person, token));
    for (const std::string& namer : namers) batch.remove(Family::identities, key_of('b', namer, token));
}

}  // namespace penchant
