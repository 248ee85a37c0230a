// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists of words as they are written in the tables: one text with spaces between, taken apart while compiling.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace penchant::language {

/// Calls `visit` for each piece of `text` between spaces; empty pieces are none.
template <class Visit>
constexpr void for_each_piece(std::string_view text, Visit&& visit) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) visit(text.substr(at, end - at));
        at = end + 1;
    }
}

/// The words of `Text` in byte order.
template <const auto& Text>
inline constexpr auto sorted_words = [] {
    constexpr std::size_t count = [] {
        std::size_t words = 0;
        for_each_piece(Text, [&](std::string_view) { ++words; });
        return words;
    }();
    std::array<std::string_view, count> words;
    std::size_t next = 0;
    for_each_piece(Text, [&](std::string_view word) { words[next++] = word; });
    std::sort(words.begin(), words.end());
    return words;
}();

}  // namespace penchant::language
