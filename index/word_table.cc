// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/word_table.h"

#include <bit>
#include <cstring>

namespace penchant {

namespace {

/// Multiplies and folds eight bytes at a time; short words, which is most of them, take one or two rounds.
std::uint64_t hash_of(std::string_view word) {
    constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15U;
    std::uint64_t hash = word.size() * multiplier;
    const char* at = word.data();
    std::size_t left = word.size();
    while (left > 0) {
        std::uint64_t chunk = 0;
        const std::size_t taken = left < 8 ? left : 8;
        std::memcpy(&chunk, at, taken);
        hash = (hash ^ chunk) * multiplier;
        hash ^= hash >> 32U;
        at += taken;
        left -= taken;
    }
    hash *= multiplier;
    return hash ^ (hash >> 29U);
}

}  // namespace

std::uint32_t WordTable::intern(std::string_view word) {
    if (std::size_t{size()} * 2 >= slots_.size()) rehash(slots_.empty() ? 1024 : slots_.size() * 2);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash_of(word) & mask;; slot = (slot + 1) & mask) {
        const std::uint32_t found = slots_[slot];
        if (found == 0) {
            append(word);
            slots_[slot] = size();
            return size() - 1;
        }
        if (this->word(found - 1) == word) return found - 1;
    }
}

void WordTable::append(std::string_view word) {
    PENCHANT_ASSERT(blob_.size() + word.size() < 0xFFFFFFFFU);
    blob_.append({word.data(), word.size()});
    begins_.push_back(static_cast<std::uint32_t>(blob_.size()));
}

void WordTable::index() {
    blob_.shrink();
    begins_.shrink();
    rehash(std::bit_ceil(std::size_t{size()} * 3 / 2 + 2));
}

std::uint32_t WordTable::find(std::string_view word) const {
    if (slots_.empty()) return none;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash_of(word) & mask;; slot = (slot + 1) & mask) {
        const std::uint32_t found = slots_[slot];
        if (found == 0) return none;
        if (this->word(found - 1) == word) return found - 1;
    }
}

void WordTable::rehash(std::size_t slots) {
    FlatArray<std::uint32_t> fresh;
    fresh.resize_zeroed(slots);
    slots_ = std::move(fresh);
    for (std::uint32_t number = 0; number < size(); ++number) place(number);
}

void WordTable::place(std::uint32_t number) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash_of(word(number)) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = number + 1;
}

}  // namespace penchant
