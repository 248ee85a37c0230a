// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/word_lists.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace penchant {
namespace {

constexpr std::size_t block_size = MatchBlock::size_max;

WordList union_list(const Segment& segment, const QueryWord& word, const AttributeRules& rules) {
    std::vector<Alternative> alternatives;
    alternatives.reserve(word.alternatives.size());
    for (const WordAlternative& each : word.alternatives) alternatives.push_back(each.alternative);
    WordList list;
    const std::shared_ptr<const UnionPostings> joined = segment.alternatives(alternatives, rules.scope());
    list.postings = joined->view();
    list.keeper = joined;
    list.scoped = true;
    return list;
}

// The first position at or behind `at` whose ordinal is not below `wanted`: gallop, then halve.
[[gnu::always_inline]] inline std::size_t gallop(std::span<const Ordinal> ordinals, std::size_t at, Ordinal wanted) {
    if (at == ordinals.size() || ordinals[at] >= wanted) return at;
    std::size_t step = 1;
    while (at + step < ordinals.size() && ordinals[at + step] < wanted) {
        at += step;
        step *= 2;
    }
    const std::size_t end = std::min(at + step, ordinals.size());
    return static_cast<std::size_t>(std::lower_bound(ordinals.begin() + static_cast<std::ptrdiff_t>(at + 1),
                                                     ordinals.begin() + static_cast<std::ptrdiff_t>(end), wanted) -
                                    ordinals.begin());
}

}  // namespace

WordList word_list(const Segment& segment, const QueryWord& word, std::size_t number, const AttributeRules& rules) {
    const Alternative& typed = word.typed();
    const bool lone = word.alternatives.size() == 1 && typed.words.size() == 1 && typed.typos == 0 && typed.exact;
    WordList list;
    if (lone && !typed.prefix) {
        list.postings = segment.word(typed.words.front());
    } else if (lone && !rules.restricted) {
        const std::shared_ptr<const PrefixPostings> prefix = segment.prefix(typed.words.front());
        list.postings = prefix->view();
        list.keeper = prefix;
    } else {
        list = union_list(segment, word, rules);
    }
    list.word = number;
    return list;
}

WordList excluded_list(const Segment& segment, const QueryWord& word, const AttributeRules& rules) {
    return !rules.hidden.empty() ? union_list(segment, word, rules) : word_list(segment, word, 0, rules);
}

MatchBlock& MatchBlock::of_thread(std::size_t lists) {
    thread_local MatchBlock block;
    if (block.positions.size() < lists) block.positions.resize(lists);
    block.count = 0;
    block.lists = 0;
    block.located = false;
    return block;
}

void intersect(MatchBlock& block, WordList& list, bool similar_length) {
    auto& positions = block.positions[block.lists];
    const std::span<const Ordinal> ordinals = list.postings.ordinals;
    std::size_t left = 0;
    if (const RankedBitmap* bitmap = list.postings.bitmap) {
        for (std::size_t i = 0; i < block.count; ++i) {
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += bitmap->contains(block.ordinals[i]);
        }
        block.compact(left);
        for (std::size_t i = 0; i < left; ++i) positions[i] = bitmap->position(block.ordinals[i]);
    } else if (similar_length) {
        // Step through both lists without a branch on who is behind.
        std::size_t at = list.cursor;
        std::size_t i = 0;
        while (i < block.count && at < ordinals.size()) {
            const Ordinal mine = block.ordinals[i];
            const Ordinal theirs = ordinals[at];
            block.kept[left] = static_cast<std::uint16_t>(i);
            positions[left] = static_cast<std::uint32_t>(at);
            left += mine == theirs;
            i += mine <= theirs;
            at += theirs <= mine;
        }
        list.cursor = at;
        block.compact(left);
    } else {
        std::size_t at = list.cursor;
        for (std::size_t i = 0; i < block.count && at < ordinals.size(); ++i) {
            const Ordinal wanted = block.ordinals[i];
            if (ordinals[at] < wanted) {
                at = gallop(ordinals, at, wanted);
                if (at == ordinals.size()) break;
            }
            block.kept[left] = static_cast<std::uint16_t>(i);
            positions[left] = static_cast<std::uint32_t>(at);
            left += ordinals[at] == wanted;
        }
        list.cursor = at;
        block.compact(left);
    }
    ++block.lists;
}

void look_up(MatchBlock& block, WordList& list) {
    auto& positions = block.positions[block.lists++];
    const std::span<const Ordinal> ordinals = list.postings.ordinals;
    if (const RankedBitmap* bitmap = list.postings.bitmap) {
        for (std::size_t i = 0; i < block.count; ++i) {
            const Ordinal ordinal = block.ordinals[i];
            positions[i] = bitmap->contains(ordinal) ? bitmap->position(ordinal) : no_posting;
        }
        return;
    }
    for (std::size_t i = 0; i < block.count; ++i) {
        list.cursor = gallop(ordinals, list.cursor, block.ordinals[i]);
        const bool found = list.cursor != ordinals.size() && ordinals[list.cursor] == block.ordinals[i];
        positions[i] = found ? static_cast<std::uint32_t>(list.cursor) : no_posting;
    }
}

void drop(MatchBlock& block, WordList& list) {
    const std::span<const Ordinal> ordinals = list.postings.ordinals;
    std::size_t left = 0;
    if (const RankedBitmap* bitmap = list.postings.bitmap) {
        for (std::size_t i = 0; i < block.count; ++i) {
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += !bitmap->contains(block.ordinals[i]);
        }
    } else {
        for (std::size_t i = 0; i < block.count; ++i) {
            list.cursor = gallop(ordinals, list.cursor, block.ordinals[i]);
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += list.cursor == ordinals.size() || ordinals[list.cursor] != block.ordinals[i];
        }
    }
    block.compact(left);
}

bool take_union(MatchBlock& block, std::span<WordList> lists) {
    constexpr Ordinal none = std::numeric_limits<Ordinal>::max();
    Ordinal begin = none;  // no ordinal is this high: see no_ordinal
    for (const WordList& list : lists)
        if (list.cursor != list.postings.size()) begin = std::min(begin, list.postings.ordinals[list.cursor]);
    if (begin == none) return false;
    // One bit a record of [begin, begin + block_size); the positions lie at the record's place in it until they close ranks.
    std::array<std::uint64_t, block_size / 64> found{};
    for (std::size_t l = 0; l < lists.size(); ++l) {
        WordList& list = lists[l];
        const std::span<const Ordinal> ordinals = list.postings.ordinals;
        auto& positions = block.positions[l];
        positions.fill(no_posting);
        std::size_t at = list.cursor;
        for (; at != ordinals.size() && ordinals[at] - begin < block_size; ++at) {
            const Ordinal offset = ordinals[at] - begin;
            positions[offset] = static_cast<std::uint32_t>(at);
            found[offset / 64] |= std::uint64_t{1} << (offset % 64);
        }
        list.cursor = at;
    }
    block.lists = lists.size();
    block.count = 0;
    for (std::size_t word = 0; word < found.size(); ++word)
        for (std::uint64_t bits = found[word]; bits != 0; bits &= bits - 1) {
            const std::size_t offset = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            block.kept[block.count++] = static_cast<std::uint16_t>(offset);
        }
    for (std::size_t i = 0; i < block.count; ++i) block.ordinals[i] = begin + block.kept[i];
    for (std::size_t l = 0; l < lists.size(); ++l)
        for (std::size_t i = 0; i < block.count; ++i) block.positions[l][i] = block.positions[l][block.kept[i]];
    return true;
}

}  // namespace penchant
