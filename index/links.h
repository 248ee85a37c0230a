// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which indices are replicas of which (A 3.7). Nothing of it is stored: the setting `replicas` of each primary, as last
// accepted, says it all.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Immutable; swapped whole when names or settings change.
struct Links {
    struct Link {
        std::string primary;
        bool is_virtual = false;
    };
    struct Replicas {
        std::vector<std::string> standard;  ///< have records of their own
        std::vector<std::string> virtuals;  ///< show their primary's
    };
    std::map<std::string, Link, std::less<>> links;          ///< by replica
    std::map<std::string, Replicas, std::less<>> primaries;  ///< by primary; none without replicas

    /// Null when the name is no linked replica.
    [[nodiscard]] const Link* link(std::string_view name) const {
        const auto at = links.find(name);
        return at == links.end() ? nullptr : &at->second;
    }
    /// Null when the name has no replicas.
    [[nodiscard]] const Replicas* replicas(std::string_view primary) const {
        const auto at = primaries.find(primary);
        return at == primaries.end() ? nullptr : &at->second;
    }
};

}  // namespace penchant
