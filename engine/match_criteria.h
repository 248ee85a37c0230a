// SPDX-License-Identifier: GPL-3.0-or-later
//
// The textual criteria of a match (A 2.5), from the postings of the words it has:
//   typo       sum over the matched words of the price of the cheapest alternative the record has
//   words      matched words as typed: a phrase of m words counts m
//   proximity  sum over neighbouring matched words of the smallest distance between their places in one attribute: 1 when
//              the second stands right behind the first, one more when the order is reversed, at least minProximity,
//              at most 8, and 8 when they never meet in one attribute; 0 for one word. A phrase of m words adds m - 1, and
//              distances to what follows it count from its last word
//   attribute  the smallest rank * 1000 + position over all places of all matched words. With
//              attributeCriteriaComputedByMinProximity only over the places that stand at the smallest distance of their
//              pair of neighbours, whatever minProximity; all places again when no pair comes nearer than 8
//   exact      matched words, as typed, with a place that equals the word itself; for a query of one word what
//              exactOnSingleWordQuery says: the whole value (attribute), any place (word, from three characters), none
//   relevance  engine/relevance.h
#pragma once

#include "engine/ranking.h"
#include "engine/relevance.h"
#include "engine/text_query.h"
#include "engine/word_lists.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace penchant {

/// The criteria of one match, for `_rankingInfo`.
struct MatchDetails {
    std::uint32_t typos = 0;
    std::uint32_t words = 0;
    std::uint32_t exact_words = 0;
    std::uint32_t proximity = 0;
    std::uint32_t attribute = 0;
    std::uint32_t relevance = 0;  ///< the step; only when `ranking` names it
    std::int64_t filters = 0;
    std::optional<GeoPoint> point;        ///< the record's place nearest to where the query is around
    std::uint32_t geo_metres = 0;         ///< how far that is, rounded
    std::uint32_t geo_precision = 1;      ///< metres of one step there
    std::uint32_t geo_steps = 0;          ///< geo distance in these steps
};

struct MatchOptions {
    ExactOnSingleWord exact_on_single_word = ExactOnSingleWord::attribute;
    std::uint32_t min_proximity = 1;
    bool attribute_by_min_proximity = false;
    TypoTolerance typo_tolerance = TypoTolerance::on;
    bool words_first = false;  ///< `words` leads the ranking
};

/// Borrows what it is given; one thread.
class MatchCriteria {
public:
    MatchCriteria(const TextQuery& text, const AttributeRules& rules, const MatchOptions& options);

    /// Fills in what the words of this query can tell apart.
    void shape(KeyShape& shape) const;
    /// What is to be computed for the key. `relevance` may be null.
    void prepare(const KeyLayout& layout, const Relevance* relevance);

    /// Computes the criteria of a block whose records stand in all required lists. `lists[l]` belongs to
    /// block.positions[l]; words without a list here are in none of the records. Drops records none of whose places
    /// count. Block arrays that no key needs are left alone.
    void measure(MatchBlock& block, std::span<const WordList> lists) const;

    /// The same for one record, all criteria; `postings` are the list's or null, by word. False when it does not match.
    [[nodiscard]] bool measure(Ordinal ordinal, std::span<const WordList* const> lists,
                               std::span<const std::uint32_t> positions, MatchDetails& details) const;

    /// Typed words that are exact in every match, so that keys need not count them.
    [[nodiscard]] std::uint32_t exact_always() const { return exact_always_; }
    [[nodiscard]] std::uint32_t typed_words() const { return typed_words_; }
    /// Measure typos and matched words, too, whatever the keys need.
    void need_typos_and_words() { needs_counts_ = true; }

private:
    struct Places;
    struct Nearest;
    struct Measures;
    [[nodiscard]] bool exact(Place place) const;
    void gather(const WordList& list, std::size_t posting, Places& places) const;
    [[nodiscard]] static std::uint32_t smallest_distance(const Places& first, const Places& second);
    [[nodiscard]] Nearest nearest(const Places& first, std::uint32_t first_length, const Places& second) const;
    void measure_one(MatchBlock& block, const WordList& list) const;
    void measure_one_restricted(MatchBlock& block, const Postings& postings) const;
    void measure_many(MatchBlock& block, std::span<const WordList> lists) const;
    template <bool simple>
    bool measure_record(Ordinal ordinal, const WordList* const* lists, const std::uint32_t* positions, Measures& measures) const;
    template <bool simple>
    void measure_records(MatchBlock& block, const WordList* const* lists, const std::size_t* numbers) const;

    const TextQuery& text_;
    const AttributeRules& rules_;
    MatchOptions options_;
    const Relevance* relevance_ = nullptr;
    std::uint32_t typed_words_ = 0;
    std::uint32_t exact_varies_ = 0;  // typed words that may or may not be exact
    std::uint32_t exact_always_ = 0;
    Place single_exact_ = 0;          // bits a place needs so that a one-word query is exact there; 0: never
    bool simple_ = false;             // every word is one word and required
    bool needs_places_ = false;       // attribute, proximity, exact
    bool needs_counts_ = false;       // typo, words
};

}  // namespace penchant
