// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/name_table.h"

#include <mutex>

namespace penchant {

NameTable::NameTable(Store& store, std::string prefix, std::uint32_t size_max)
    : store_(store), prefix_(std::move(prefix)), size_max_(size_max) {}

Result<void> NameTable::load() {
    const std::unique_lock guard(mutex_);
    bool whole = true;
    std::string end = prefix_;
    end.back() = static_cast<char>(end.back() + 1);
    PENCHANT_CHECK(store_.scan(Family::module, prefix_, end, [&](std::string_view key, std::string_view value) {
        whole = key.size() == prefix_.size() + 4 && read_key_u32(key.substr(prefix_.size())) == names_.size();
        if (!whole) return false;
        names_.emplace_back(value);
        numbers_.emplace(names_.back(), static_cast<std::uint32_t>(names_.size() - 1));
        return true;
    }));
    if (!whole) return Error{Errc::corrupt, "the table of names under " + prefix_ + " has a gap"};
    return {};
}

Result<std::optional<std::uint32_t>> NameTable::number(std::string_view name) {
    if (const auto known = find(name)) return known;
    const std::unique_lock guard(mutex_);
    if (const auto at = numbers_.find(name); at != numbers_.end()) return std::optional(at->second);
    if (names_.size() >= size_max_) return std::optional<std::uint32_t>{};
    const auto number = static_cast<std::uint32_t>(names_.size());
    StoreBatch batch;
    batch.put(Family::module, prefix_ + key_u32(number), name);
    PENCHANT_CHECK(store_.write(std::move(batch)));
    names_.emplace_back(name);
    numbers_.emplace(names_.back(), number);
    return std::optional(number);
}

std::optional<std::uint32_t> NameTable::find(std::string_view name) const {
    const std::shared_lock guard(mutex_);
    const auto at = numbers_.find(name);
    if (at == numbers_.end()) return std::nullopt;
    return at->second;
}

std::string NameTable::name(std::uint32_t number) const {
    const std::shared_lock guard(mutex_);
    return number < names_.size() ? names_[number] : std::string{};
}

std::uint32_t NameTable::size() const {
    const std::shared_lock guard(mutex_);
    return static_cast<std::uint32_t>(names_.size());
}

}  // namespace penchant
