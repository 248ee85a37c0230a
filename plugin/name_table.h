// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lasting small numbers for names: event roles and index names in profiles and in the event log. A number is durable
// before anybody sees it, so whatever is written with it can be read back.
#pragma once

#include "index/store.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace penchant {

/// Any thread. Numbers are 0, 1, 2, ... in order of first appearance; there are never more than `size_max`, because
/// names come from strangers.
class NameTable {
public:
    /// `prefix` is the table's place in Family::module, such as "role/".
    NameTable(Store& store, std::string prefix, std::uint32_t size_max);
    /// Reads what is there. Errors: corrupt, io.
    [[nodiscard]] Result<void> load();

    /// The number of `name`, given out and synced now if it is new; nullopt when the table is full.
    [[nodiscard]] Result<std::optional<std::uint32_t>> number(std::string_view name);
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;
    /// The name of a number; empty for one that was never given out.
    [[nodiscard]] std::string name(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t size() const;

private:
    Store& store_;
    std::string prefix_;
    std::uint32_t size_max_;
    mutable std::shared_mutex mutex_;
    std::deque<std::string> names_;                                // elements never move
    std::unordered_map<std::string_view, std::uint32_t> numbers_;  // borrows from names_
};

}  // namespace penchant
