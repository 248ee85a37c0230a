// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a segment is made of; for the files that make and read segments only. Everything lies in a handful of flat
// arrays, lists one after the other in the byte order of their words: no list has an allocation of its own.
#pragma once

#include "index/flat_array.h"
#include "index/segment.h"
#include "index/word_table.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace penchant {

struct Segment::Body {
    Ordinal begin = 0;
    Ordinal end = 0;
    WordTable words;                             ///< in byte order: a word's number is its place in the order
    FlatArray<std::uint32_t> list_begins;        ///< words + 1 offsets into ordinals and places
    FlatArray<std::uint32_t> occurrence_begins;  ///< words + 1 offsets into occurrences
    FlatArray<Ordinal> ordinals;
    FlatArray<std::uint32_t> places;             ///< indices into occurrences count from the list's own begin
    FlatArray<std::uint32_t> occurrences;
    std::vector<std::uint32_t> bitmap_words;     ///< ascending: words whose list is long
    std::vector<RankedBitmap> bitmaps;           ///< theirs
    std::uint64_t number = 0;                    ///< unique in the process: the key of its prefixes in the cache

    /// The words of `prefix` are those numbered first to second.
    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> prefix_range(std::string_view prefix) const;
    [[nodiscard]] Postings list(std::uint32_t word) const;
    /// Makes the segment of a body whose arrays are filled: indexes the words, builds the bitmaps, trims.
    [[nodiscard]] static std::unique_ptr<Body> sealed(std::unique_ptr<Body> body);
};

/// Whether a list of `postings` in a segment of `range` ordinals has a bitmap. Very short ones never do: they are
/// tested by searching as fast, and small segments would drown in allocations.
[[nodiscard]] constexpr bool has_bitmap(std::size_t postings, std::size_t range) {
    return postings >= 256 && postings * 16 >= range;
}

/// See Segment::alternatives().
[[nodiscard]] UnionPostings make_union_postings(const Segment::Body& body, std::span<const Alternative> alternatives,
                                                const PlaceScope& scope);

/// The records where the words of `phrase` (two or more) stand together, with the places of the first of them, all free.
/// A place is exact where the last word stands as given, whatever phrase.exact says. Any number of places.
[[nodiscard]] UnionPostings make_phrase_postings(const Segment::Body& body, const Alternative& phrase);

/// Makes the larger unions that are kept of `older` for `segment`, which takes their place, so that no search waits for them:
/// the ones asked for last first, up to a sum of bytes. On a writer's thread.
void warm_unions(const Segment& segment, std::span<const std::shared_ptr<const Segment>> older);

}  // namespace penchant
