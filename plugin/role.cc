// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/role.h"

#include <array>
#include <utility>

namespace penchant {
namespace {

std::string key_of(EventType type, EventSubtype subtype, std::string_view name) {
    std::string key;
    key.push_back(static_cast<char>('0' + static_cast<int>(type)));
    key.push_back(static_cast<char>('0' + static_cast<int>(subtype)));
    key += name;
    return key;
}

}  // namespace

Result<void> Roles::load() {
    PENCHANT_CHECK(table_.load());
    constexpr std::array<std::pair<EventType, EventSubtype>, kinds> all{{
        {EventType::click, EventSubtype::none},
        {EventType::view, EventSubtype::none},
        {EventType::conversion, EventSubtype::none},
        {EventType::conversion, EventSubtype::add_to_cart},
        {EventType::conversion, EventSubtype::purchase},
    }};
    for (const auto& [type, subtype] : all) {
        const auto given = table_.number(key_of(type, subtype, {}));
        // A store that is open for reading only gets no events either.
        if (given.has_error() && given.error().code != Errc::unavailable) return given.error();
    }
    return {};
}

Result<RoleId> Roles::number(const Event& event) {
    PENCHANT_TRY(auto id, table_.number(key_of(event.type, event.subtype, event.name)));
    if (!id) id = table_.find(key_of(event.type, event.subtype, {}));
    PENCHANT_ASSERT(id.has_value());
    return static_cast<RoleId>(*id);
}

Role Roles::role(RoleId id) const {
    const std::string key = table_.name(id);
    if (key.size() < 2) return {};
    return {static_cast<EventType>(key[0] - '0'), static_cast<EventSubtype>(key[1] - '0'), key.substr(2)};
}

}  // namespace penchant
