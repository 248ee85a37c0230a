// SPDX-License-Identifier: GPL-3.0-or-later
//
// The role of an event: what kind it was (type, subtype) and what the site calls it. Counters are kept by role, and what a role
// weighs is decided when a search reads them, so a change of weights needs no rebuild.
#pragma once

#include "plugin/event.h"
#include "plugin/name_table.h"

#include <string>
#include <string_view>

namespace penchant {

using RoleId = std::uint16_t;

struct Role {
    EventType type = EventType::click;
    EventSubtype subtype = EventSubtype::none;
    std::string name;  ///< empty: one of the names that came after the table was full
};

/// Any thread.
class Roles {
public:
    explicit Roles(Store& store) : table_(store, "role/", names_max + kinds) {}
    /// Reads the table, and makes sure that each kind has a role without a name.
    [[nodiscard]] Result<void> load();
    /// The role of an event. Past names_max names, events share the nameless role of their kind; classic strategies
    /// read the name from the log then, so they stay exact.
    [[nodiscard]] Result<RoleId> number(const Event& event);
    [[nodiscard]] Role role(RoleId id) const;
    [[nodiscard]] std::uint32_t size() const { return table_.size(); }

    static constexpr std::uint32_t names_max = 4096;

private:
    static constexpr std::uint32_t kinds = 5;
    NameTable table_;
};

}  // namespace penchant
