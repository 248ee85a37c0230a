// SPDX-License-Identifier: GPL-3.0-or-later
//
// The posting lists of a query's words in one segment, and what can be done with a block of records and a list: keep the
// records that the list has, look them up, drop them, or take all records that any of several lists has.
#pragma once

#include "engine/filter.h"
#include "engine/text_query.h"
#include "index/segment.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace penchant {

/// The position in the list of an optional word that a record does not have.
inline constexpr std::uint32_t no_posting = 0xFFFFFFFFU;

/// The list of one query word in one segment.
struct WordList {
    Postings postings;
    std::shared_ptr<const void> keeper;  ///< the list of a prefix, or of several alternatives, lives as long as this
    std::size_t word = 0;                ///< which query word
    std::size_t cursor = 0;              ///< everything before it is below the block at work
    bool scoped = false;                 ///< places that do not count are left out already
};

/// A word that nothing but itself can stand for has the segment's own list, and a prefix the list that all queries share;
/// all other words have a union of their alternatives, each posting with the price of the cheapest.
[[nodiscard]] WordList word_list(const Segment& segment, const QueryWord& word, std::size_t number,
                                 const AttributeRules& rules);

/// The list of a word that no match may have: its places count where the query may look.
[[nodiscard]] WordList excluded_list(const Segment& segment, const QueryWord& word, const AttributeRules& rules);

/// The records of one block on their way, with what was found out about them.
struct MatchBlock {
    static constexpr std::size_t size_max = Filter::block_size;

    std::size_t count = 0;
    std::array<Ordinal, size_max> ordinals;
    std::array<std::uint16_t, size_max> kept;
    std::vector<std::array<std::uint32_t, size_max>> positions;  ///< one array a list: the posting of each record
    std::size_t lists = 0;                                       ///< how many of them are in use
    std::array<std::uint32_t, size_max> typos;
    std::array<std::uint32_t, size_max> words;
    std::array<std::uint32_t, size_max> proximity;
    std::array<std::uint32_t, size_max> attribute;
    std::array<std::uint32_t, size_max> exact;
    std::array<std::uint32_t, size_max> relevance;
    std::array<std::uint32_t, size_max> metres;  ///< distance of the nearest point, rounded up
    std::array<std::uint32_t, size_max> geo;     ///< the step of precision it lies in
    std::array<std::int64_t, size_max> filters;
    bool located = false;  ///< metres and geo are filled in

    /// Keeps the records named by kept[0..left).
    void compact(std::size_t left) {
        if (left == count) return;
        for (std::size_t i = 0; i < left; ++i) ordinals[i] = ordinals[kept[i]];
        for (std::size_t l = 0; l < lists; ++l)
            for (std::size_t i = 0; i < left; ++i) positions[l][i] = positions[l][kept[i]];
        if (located)
            for (std::size_t i = 0; i < left; ++i) {
                metres[i] = metres[kept[i]];
                geo[i] = geo[kept[i]];
            }
        count = left;
    }

    /// The calling thread's block with room for this many lists, empty. A search fills it thousands of times.
    [[nodiscard]] static MatchBlock& of_thread(std::size_t lists);
};

/// Keeps the records of the block that `list` has, and notes where (in the next array of positions). Blocks come in
/// ascending order. `similar_length`: the list is not much longer than the one the block was taken from.
void intersect(MatchBlock& block, WordList& list, bool similar_length);

/// Notes where `list` has the records of the block, no_posting for those it does not have.
void look_up(MatchBlock& block, WordList& list);

/// Drops the records that `list` has.
void drop(MatchBlock& block, WordList& list);

/// Fills the block with the next records that any of `lists` has, and with their positions in all of them. False when there
/// are none left.
[[nodiscard]] bool take_union(MatchBlock& block, std::span<WordList> lists);

}  // namespace penchant
