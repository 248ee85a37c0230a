// SPDX-License-Identifier: GPL-3.0-or-later
//
// Posting lists in memory. A segment holds the lists of one run of ordinals [begin, end), immutable and shared by all
// threads. A snapshot has one large segment (the base) and a few small ones behind it (the delta, one a commit, merged
// as they pile up); because an updated record gets a new ordinal at the end, the list of a word is its lists in the
// segments one after the other, and a bitmap of deleted ordinals does the rest.
//
// A posting is an ordinal and 32 bits beside it, in two arrays:
//
//     places[i]  bit 31 = 0: the word's one Place in the record (index/analysis.h)
//                bit 31 = 1: the low 31 bits are an index into occurrences[], where the record's Places stand in
//                            ascending (attribute, position); bit 30 marks the last one
//
// Lists of at least a sixteenth of the segment (and 256 postings) also have a bitmap with running counts, so that
// another list can be tested against them in constant time.
#pragma once

#include "index/analysis.h"
#include "index/columns.h"

#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

inline constexpr std::uint32_t places_elsewhere = 1U << 31U;
inline constexpr std::uint32_t place_last = 1U << 30U;

/// Membership and position of ordinals in a long list: 64-bit words of bits, and before each word the number of bits
/// set so far.
class RankedBitmap {
public:
    RankedBitmap(Ordinal begin, Ordinal end, std::span<const Ordinal> ordinals);
    [[nodiscard]] bool contains(Ordinal ordinal) const {
        const Ordinal bit = ordinal - begin_;
        return (words_[bit / 64] >> (bit % 64)) & 1U;
    }
    /// The position in the list of an ordinal that it contains.
    [[nodiscard]] std::uint32_t position(Ordinal ordinal) const {
        const Ordinal bit = ordinal - begin_;
        const std::uint64_t below = words_[bit / 64] & ((std::uint64_t{1} << (bit % 64)) - 1);
        return before_[bit / 64] + static_cast<std::uint32_t>(std::popcount(below));
    }
    [[nodiscard]] std::size_t bytes() const { return words_.size() * 8 + before_.size() * 4; }

private:
    Ordinal begin_;
    std::vector<std::uint64_t> words_;
    std::vector<std::uint32_t> before_;
};

/// One way to satisfy a word of a query, as far as posting lists go: a word, the beginning of a word, or several words
/// that stand together.
struct Alternative {
    std::vector<std::string> words;     ///< folded, as in the index; never empty. Several: see distance_max
    bool prefix = false;                ///< the last of them also stands for every longer word that begins with it
    std::uint8_t typos = 0;             ///< its price, at most typos_max
    bool exact = true;                  ///< places where the words stand as given keep place_exact; else none does
    /// Of neighbouring words, in order, in one attribute: 1 is a phrase. Words are neighbours by the places that are kept: the
    /// first limits::occurrences_per_word_max of each word in an attribute, up to position place_position_max.
    std::uint8_t distance_max = 1;
    friend bool operator==(const Alternative&, const Alternative&) = default;
};
inline constexpr std::uint8_t alternative_typos_max = 7;

/// A view of one list. Borrows from its segment, or from UnionPostings.
struct Postings {
    std::span<const Ordinal> ordinals;        ///< ascending
    std::span<const std::uint32_t> places;    ///< as above
    const std::uint32_t* occurrences = nullptr;
    const RankedBitmap* bitmap = nullptr;     ///< null for lists that are not long
    const std::uint8_t* typos = nullptr;      ///< beside ordinals: the price of each posting; null: all are free

    [[nodiscard]] std::size_t size() const { return ordinals.size(); }
    /// Calls `visit(Place)` for every place of posting `i`; bits 30 and 31 of the Place are clear.
    template <class Visit>
    void for_each_place(std::size_t i, Visit&& visit) const {
        std::uint32_t place = places[i];
        if ((place & places_elsewhere) == 0) {
            visit(place & ~place_last);
            return;
        }
        const std::uint32_t* at = occurrences + (place & ~places_elsewhere);
        for (;; ++at) {
            visit(*at & ~place_last);
            if (*at & place_last) return;
        }
    }
};

/// Attributes (each list ascending) whose places do not count in a union. A record that has no other place is not in it,
/// and its price is that of the cheapest alternative with a place that counts.
struct PlaceScope {
    std::span<const AttributeId> hidden;       ///< no place counts
    std::span<const AttributeId> typo_free;    ///< places of alternatives with typos do not count
    std::span<const AttributeId> prefix_free;  ///< words (last words of phrases) that only begin with a prefix do not count
};

/// The union of several lists: one posting a record, with the price of the cheapest alternative it has, and the places of
/// the alternatives at that price only, each once: the exact ones first, then by (attribute, position), at most
/// limits::occurrences_per_prefix_max. A phrase stands where its first word stands; whether it is the attribute's
/// whole value is not known, so its places never have place_whole.
struct UnionPostings {
    std::vector<Ordinal> ordinals;
    std::vector<std::uint32_t> places;
    std::vector<std::uint32_t> occurrences;
    std::vector<std::uint8_t> typos;  ///< empty when every posting is free
    std::unique_ptr<RankedBitmap> bitmap;
    [[nodiscard]] Postings view() const;
    [[nodiscard]] std::size_t bytes() const;
};
using PrefixPostings = UnionPostings;  ///< of all words that begin with a prefix; all free

/// A word of the vocabulary, or (with `prefix`) a beginning of words, that is close to what somebody typed.
struct SimilarWord {
    std::string word;
    std::uint8_t typos = 0;
    bool prefix = false;
    std::size_t postings = 0;  ///< of all words it stands for, in this segment
};

class FuzzyPattern;  // index/fuzzy.h

class Segment {
public:
    ~Segment();
    [[nodiscard]] Ordinal begin() const;
    [[nodiscard]] Ordinal end() const;
    [[nodiscard]] std::size_t bytes() const;  ///< memory held, caches included

    /// The list of `word`; empty when no record has it.
    [[nodiscard]] Postings word(std::string_view word) const;

    /// The union of the lists of all words beginning with `prefix`. Never null; may be empty. Made on demand and kept in a
    /// cache of all segments under a budget of bytes. Any thread; the same prefix asked by two threads at once is built by
    /// one of them.
    [[nodiscard]] std::shared_ptr<const PrefixPostings> prefix(std::string_view prefix) const;

    /// Calls `visit(word, postings count)` for each word with this prefix, in byte order, until it returns false.
    void for_each_word(std::string_view prefix,
                       const std::function<bool(std::string_view, std::size_t)>& visit) const;

    /// The union of `alternatives`, as far as `scope` lets places count. Never null; may be empty. Kept in the same
    /// cache as prefixes, under the text of what was asked. Any thread.
    [[nodiscard]] std::shared_ptr<const UnionPostings> alternatives(std::span<const Alternative> alternatives,
                                                                    const PlaceScope& scope = {}) const;

    /// Appends the words of this segment that match `pattern` with one typo or more, in byte order. Of a pattern for
    /// prefixes, instead, the shortest beginnings of words that do: no found prefix begins with what was typed, or with another
    /// found one of the same price or a lower one, and every word that has a beginning at some distance begins with a
    /// found prefix of at most this price, or with what was typed. Any thread.
    void find_similar(const FuzzyPattern& pattern, std::vector<SimilarWord>& found) const;

    /// Words in this segment, and postings of all of them.
    [[nodiscard]] std::size_t words() const;
    [[nodiscard]] std::size_t postings() const;

    struct Body;  ///< index/segment_body.h
    explicit Segment(std::unique_ptr<Body> body);
    [[nodiscard]] const Body& body() const { return *body_; }

private:
    std::unique_ptr<Body> body_;
};

/// Collects postings of new records, ordinals ascending, then makes a Segment. One thread. One builder takes records
/// or lists, never both.
class SegmentBuilder {
public:
    explicit SegmentBuilder(Ordinal begin);
    ~SegmentBuilder();
    SegmentBuilder(SegmentBuilder&&) noexcept;
    SegmentBuilder& operator=(SegmentBuilder&&) noexcept;
    /// Adds one record's words. `ordinal` is above every ordinal added before.
    void add(Ordinal ordinal, const std::vector<AnalysedWord>& words);
    /// Adds one word's whole list at once (opening an index from Xapian): words in byte order, ordinals ascending.
    /// `places[i]` are the places of `ordinals[i]`.
    void add_list(std::string_view word, std::span<const Ordinal> ordinals,
                  std::span<const std::vector<Place>> places);
    /// As above for lists that are already flat (places and occurrences as in the head of this file, indices into
    /// occurrences counted from the begin of the span).
    void add_flat_list(std::string_view word, std::span<const Ordinal> ordinals,
                       std::span<const std::uint32_t> places, std::span<const std::uint32_t> occurrences);
    [[nodiscard]] std::size_t records() const;  ///< calls of add()
    /// The segment of [begin, end). The builder is used up.
    [[nodiscard]] std::shared_ptr<const Segment> finish(Ordinal end);

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

/// Merges neighbouring segments into one. `deleted` has one bit an ordinal, counted from ordinal 0 (empty: none is).
/// `renumber[ordinal - first begin]` is a record's new ordinal, or no_ordinal for a deleted one, ascending; empty:
/// ordinals stay and `deleted` postings are dropped. New ordinals are dense: the merged segment covers exactly them.
[[nodiscard]] std::shared_ptr<const Segment> merge_segments(std::span<const std::shared_ptr<const Segment>> segments,
                                                            std::span<const std::uint64_t> deleted,
                                                            std::span<const Ordinal> renumber);

}  // namespace penchant
