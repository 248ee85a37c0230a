// SPDX-License-Identifier: GPL-3.0-or-later
//
// Distinct words and their numbers 0, 1, 2, ...: the bytes of all words in one blob, and an open-addressing table of
// numbers over it. Building segments intern words with it; finished segments find them.
#pragma once

#include "index/flat_array.h"

#include <cstdint>
#include <string_view>

namespace penchant {

/// One thread while it grows; any number of them read it afterwards.
class WordTable {
public:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    WordTable() { begins_.push_back(0); }

    /// The number of `word`, given out now if it is new.
    std::uint32_t intern(std::string_view word);
    /// Adds a word that is known to be new, without making it findable before index() is called.
    void append(std::string_view word);
    /// Makes every appended word findable, and gives back memory that growing left over.
    void index();

    /// The number of `word`, or none.
    [[nodiscard]] std::uint32_t find(std::string_view word) const;
    [[nodiscard]] std::string_view word(std::uint32_t number) const {
        return {blob_.data() + begins_[number], begins_[number + 1] - begins_[number]};
    }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
    [[nodiscard]] std::size_t bytes() const { return blob_.bytes() + begins_.bytes() + slots_.bytes(); }

private:
    void rehash(std::size_t slots);
    void place(std::uint32_t number);

    FlatArray<char> blob_;
    FlatArray<std::uint32_t> begins_;  ///< size() + 1 offsets into blob_
    FlatArray<std::uint32_t> slots_;   ///< a power of two; word number + 1, 0: free
};

}  // namespace penchant
