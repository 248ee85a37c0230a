// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text under which a union is kept in the cache, and what was asked for read back from it. A prefix is its own text.
#pragma once

#include "index/segment.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

struct AskedUnion {
    std::vector<Alternative> alternatives;
    std::vector<AttributeId> hidden;
    std::vector<AttributeId> typo_free;
    std::vector<AttributeId> prefix_free;
    [[nodiscard]] PlaceScope scope() const { return {hidden, typo_free, prefix_free}; }
};

/// Differs for any two unions, and from every prefix that is UTF-8.
[[nodiscard]] std::string union_key(std::span<const Alternative> alternatives, const PlaceScope& scope);
/// What a text made by union_key(), or a prefix, asks for.
[[nodiscard]] AskedUnion asked_by(std::string_view key);

}  // namespace penchant
