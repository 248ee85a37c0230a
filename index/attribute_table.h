// SPDX-License-Identifier: GPL-3.0-or-later
//
// The small numbers behind attribute paths. A posting carries its attribute as a number of ten bits, and numbers stay
// what they are for the life of an index, so re-ordering `searchableAttributes` re-indexes nothing: the rank of a
// number is looked up while ranking.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

using AttributeId = std::uint16_t;

/// Attributes past the 1,023rd share this number: words in them are found, and rank behind all others.
inline constexpr AttributeId other_attributes = 1023;

/// Paths and their numbers, in order of first appearance. A value type; the writer owns the growing one, and every
/// snapshot holds a copy.
class AttributeTable {
public:
    /// The number of `path`, given out now if it is new.
    AttributeId number(std::string_view path);
    /// The number of `path`, or other_attributes when it has none.
    [[nodiscard]] AttributeId find(std::string_view path) const;
    /// The path of a number below size(); so not of other_attributes, which stands for many.
    [[nodiscard]] const std::string& path(AttributeId id) const { return paths_[id]; }
    [[nodiscard]] std::size_t size() const { return paths_.size(); }

    /// A JSON array of paths, and back: how it is kept in the index's metadata. Anything else than what to_json gave is
    /// an empty table. from_json() parses with parse_json() (index/record.h), so it ends elements of this thread.
    [[nodiscard]] std::string to_json() const;
    [[nodiscard]] static AttributeTable from_json(std::string_view json);

private:
    std::vector<std::string> paths_;
    std::map<std::string, AttributeId, std::less<>> numbers_;
};

}  // namespace penchant
