// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who belongs together. An event that carries userToken U and authenticatedUserToken A says that device U is in the hands of
// person A. Events stay with the token they came with; a profile is the sum over linked tokens, so taking a link away restores
// exactly what was. A device has one person at a time: the latest that was said.
//
// In Family::identities, keys beginning with a letter and NUL:
//
//     p NUL U               -> time:u64 A       U's person; A empty: unlinked at that time
//     m NUL A NUL U         -> time:u64         U ever named A (erasing A must find U's events)
//     b NUL U NUL A         ->                  the same, looked up from U
//     i NUL U NUL event id  ->                  this event was counted
#pragma once

#include "index/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Reads and writes links; holds nothing in memory. Any thread; who changes a token's links holds its lock (plugin/visitors.h).
class Identities {
public:
    explicit Identities(Store& store) : store_(store) {}

    struct Link {
        std::string person;  ///< empty: the link was taken away
        std::int64_t time_ms = 0;
    };
    [[nodiscard]] Result<std::optional<Link>> link(std::string_view token) const;
    /// The person of a token: the other end of its link, or the token itself.
    [[nodiscard]] Result<std::string> person(std::string_view token) const;
    /// All whose person is `person`, itself included: at most group_max, in byte order. These profiles are summed.
    [[nodiscard]] Result<std::vector<std::string>> group_of(std::string_view person) const;
    /// Tokens that ever named `person`.
    [[nodiscard]] Result<std::vector<std::string>> named_by(std::string_view person) const;
    /// Persons that `token` ever named.
    [[nodiscard]] Result<std::vector<std::string>> names(std::string_view token) const;
    [[nodiscard]] Result<bool> has_event(std::string_view token, std::string_view event_id) const;

    static void put_link(StoreBatch& batch, std::string_view token, std::string_view person, std::int64_t time_ms);
    static void put_unlink(StoreBatch& batch, std::string_view token, std::int64_t time_ms);
    static void put_naming(StoreBatch& batch, std::string_view token, std::string_view person, std::int64_t time_ms);
    static void put_event(StoreBatch& batch, std::string_view token, std::string_view event_id);
    static void remove_event(StoreBatch& batch, std::string_view token, std::string_view event_id);
    /// Removes all that has `token` in its key or value, given whom it named.
    static void remove_all(StoreBatch& batch, std::string_view token, const std::vector<std::string>& named,
                           const std::vector<std::string>& namers);

    static constexpr std::size_t group_max = 32;  ///< tokens summed for one search

private:
    Store& store_;
};

}  // namespace penchant
