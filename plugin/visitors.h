// SPDX-License-Identifier: GPL-3.0-or-later
//
// The visitors: their events, counters and links, in the store and, as far as they fit, in memory. Takes in events (one synced
// write carries the events, the changed counters, new links and idempotency keys; then memory has it, then the call
// returns, so the next search feels it), and forgets and erases on request.
//
// Each change of a visitor bumps a version, in a table of 65,536 slots by hash of the token. Whoever keeps something made
// of profiles (plugin/boost.h) notes the versions before reading them and compares later: no lock, no list of dependents.
//
// Any thread.
#pragma once

#include "index/facet_value_ids.h"
#include "index/store.h"
#include "plugin/blob_cache.h"
#include "plugin/credit.h"
#include "plugin/event.h"
#include "plugin/event_log.h"
#include "plugin/identity.h"
#include "plugin/profile.h"
#include "plugin/role.h"
#include "plugin/visitor_locks.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace penchant {

class Visitors {
public:
    Visitors(Store& store, FacetValueIds& values, Roles& roles, CreditSource& source, std::size_t cache_bytes_max);

    // Events ------------------------------------------------------------------------------------------------------
    struct Recorded {
        std::size_t events = 0;                         ///< written
        std::size_t repeated = 0;                       ///< known by their eventID: no second effect
        std::array<std::size_t, credit_notes> notes{};  ///< records (or filters) by what became of them
    };
    /// Takes `events` in, all or nothing. Durable and felt when it returns. Errors: disk_full, io, corrupt.
    [[nodiscard]] Result<Recorded> record(std::span<const Event> events);

    struct Rebuilt {
        std::uint64_t events = 0;
        std::uint64_t credits_found = 0;  ///< records and filters that had credited nothing, and do now
        bool changed = false;             ///< the counters are others than before
    };
    /// Counts a token's events anew, in order of arrival. What could not be credited when it came is tried again.
    [[nodiscard]] Result<Rebuilt> rebuild(std::string_view token);

    // Reading -----------------------------------------------------------------------------------------------------
    /// The token's own counters; nullopt for a token that nobody heard of.
    [[nodiscard]] Result<std::optional<Profile>> profile(std::string_view token);
    /// The tokens whose profiles are summed for a search of `token`; it is among them unless it was handed on.
    struct Group {
        std::string person;
        std::vector<std::string> tokens;  ///< in byte order
    };
    [[nodiscard]] Result<Group> group(std::string_view token);

    /// Changes whenever a change of the token may have become visible. Note it before reading, compare it after.
    [[nodiscard]] std::uint32_t version(std::string_view token) const {
        return versions_[slot(token)].load(std::memory_order_acquire);
    }

    // Links and deletion ------------------------------------------------------------------------------------------
    [[nodiscard]] Result<void> link(std::string_view token, std::string_view person, std::int64_t time_ms);
    [[nodiscard]] Result<void> unlink(std::string_view token, std::int64_t time_ms);
    /// Empties the profiles of the token's whole group; events before `until_ms` are ignored from now on.
    [[nodiscard]] Result<void> forget(std::string_view token, std::int64_t until_ms);
    /// Erases a visitor: events, counters, links, idempotency keys. Erasing a person erases the tokens linked to it, and
    /// takes its events out of tokens that were handed on to somebody else. Gives
    /// the ranges of keys to compact.
    struct ErasedRange {
        Family family;
        TokenRange range;
    };
    struct Erased {
        std::vector<ErasedRange> ranges;
        std::vector<std::string> tokens;  ///< that are gone now: the visitor's, and those linked to it
        std::string mark;  ///< key in Family::module, put by the same write: files still hold removed data
    };
    [[nodiscard]] Result<Erased> erase(std::string_view token);

    /// How all those keys begin (plugin/erasure.h removes them).
    static constexpr std::string_view erasure_prefix = "erasure/";

    [[nodiscard]] const Store& store() const { return store_; }
    [[nodiscard]] std::size_t cache_bytes() const { return profiles_.bytes() + groups_.bytes(); }
    [[nodiscard]] std::size_t cache_size() const { return profiles_.size(); }

private:
    struct Change;  // what one request does to visitors (visitors.cc)

    [[nodiscard]] static std::size_t slot(std::string_view token) { return std::hash<std::string_view>{}(token) >> 48U; }
    void bump(std::string_view token) { versions_[slot(token)].fetch_add(1, std::memory_order_acq_rel); }
    /// Memory after a write: `profile` null means that the token is gone.
    void publish(std::string_view token, const std::string* profile);
    /// Replays the log of `token`, without the events `skip` names, into a batch. The caller holds the token.
    [[nodiscard]] Result<Profile> replay(std::string_view token, const Profile& now, StoreBatch& batch, Rebuilt& report,
                                         const std::function<bool(const Event&)>& skip);

    Store& store_;
    FacetValueIds& values_;
    Roles& roles_;
    CreditSource& source_;
    Identities identities_;
    VisitorLocks locks_;
    BlobCache profiles_;  ///< token -> Profile::encode; empty: known to have none
    std::atomic<std::uint64_t> erasures_{0};
    BlobCache groups_;  ///< token -> version of the person, group
    std::vector<std::atomic<std::uint32_t>> versions_;
};

}  // namespace penchant
