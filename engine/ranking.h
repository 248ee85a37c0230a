// SPDX-License-Identifier: GPL-3.0-or-later
//
// Orders (buckets, then the blend). Textual relevance is one integer, smaller is better; equal integers form
// a bucket. Inside a bucket the order is by blend, descending, then by custom rank, then by ordinal:
//
//     P(d) = filtersScore(d) / m     m: the greatest |filtersScore| over ALL matches; P is 0 when m is 0
//     C(d) = 1 - r / n               r: records of the bucket with a strictly better custom rank, n: all of them
//     blend(d) = impact/100 * P(d) + (1 - impact/100) * C(d)
//
// Records that share a custom rank share r, so that without a custom ranking the visitor alone decides. Nothing here
// can lift a record over the border of its bucket, and a page is always a cut from one and the same total order.
#pragma once

#include "engine/search.h"
#include "index/columns.h"
#include "index/settings.h"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace penchant {

/// What a query's criteria can tell apart; the widest value of each (0: the same for every match).
struct KeyShape {
    std::int64_t filters_low = 0;     ///< filter scores lie between these
    std::int64_t filters_high = 0;
    std::uint32_t typos_max = 0;      ///< highest sum of prices
    std::uint32_t geo_max = 0;        ///< highest step of precision
    std::uint32_t words_max = 0;      ///< words that may or may not match
    std::uint32_t proximity_max = 0;  ///< highest sum of distances
    std::uint32_t attribute_max = 0;
    std::uint32_t exact_max = 0;      ///< words that may or may not match exactly
    std::uint32_t relevance_max = 0;  ///< highest step of engine/relevance.h
    bool typos_first = false;         ///< `typo` leads, whatever `ranking` says (typoTolerance strict)
    bool words_first = false;         ///< `words` leads (similarQuery)
};

/// Where each criterion lies in the 64 bits of the relevance key: in the order of `ranking` up to `custom` (all, when
/// custom_order() is empty), the first one in the most significant bits. Only criteria that can differ between the matches of this
/// query take bits, as many as they need. Should all together need more than 64, the least significant ones lose their low bits
/// or are left out (it takes several sort runs and every textual criterion to come there).
class KeyLayout {
public:
    enum class Part : std::uint8_t { typo, geo, words, filters, proximity, attribute, exact, relevance, sort };
    struct Field {
        Part part = Part::attribute;
        std::uint8_t shift = 0;
        std::uint8_t dropped_bits = 0;  ///< low bits of the value that did not fit
        std::uint32_t run = 0;          ///< sort: Columns::sort_rank
        std::uint64_t value_max = 0;    ///< values saturate here
        [[nodiscard]] std::uint64_t place(std::uint64_t value) const {
            return ((value < value_max ? value : value_max) >> dropped_bits) << shift;
        }
    };
    KeyLayout(const Settings& settings, const Columns& columns, const KeyShape& shape);
    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
    [[nodiscard]] bool uses(Part part) const;
    /// `ranking` names `custom`, and custom_order() (index/custom_order.h) is not empty.
    [[nodiscard]] bool custom() const { return custom_; }
    [[nodiscard]] const KeyShape& shape() const { return shape_; }

private:
    std::vector<Field> fields_;
    KeyShape shape_;
    bool custom_ = false;
};

/// All matches of a query, ordinals ascending.
struct Matches {
    std::vector<Ordinal> ordinals;
    std::vector<std::uint64_t> keys;  ///< beside ordinals; empty: all keys are 0
    std::optional<std::uint32_t> automatic_radius_metres = std::nullopt;  ///< no match is further off; set when the radius was to be found
    [[nodiscard]] std::uint64_t key(std::size_t i) const { return keys.empty() ? 0 : keys[i]; }
    [[nodiscard]] std::size_t bytes() const { return ordinals.capacity() * 4 + keys.capacity() * 8; }
};

/// The cut [offset, offset + length) of the order. `custom_rank` is by ordinal, empty when it does not count.
struct PageCut {
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// The visitor's part in the order.
struct BlendInput {
    std::span<const float> scores;  ///< beside Matches::ordinals
    double score_max = 0;           ///< greatest absolute score over all matches
    int impact = 0;                 ///< 0..100
    bool explain = false;           ///< fill bucket and initial_position, too
};

[[nodiscard]] std::vector<RankedHit> rank_plain(const Matches& matches, std::span<const std::uint32_t> custom_rank,
                                                PageCut cut);
[[nodiscard]] std::vector<RankedHit> rank_blended(const Matches& matches, std::span<const std::uint32_t> custom_rank,
                                                  const BlendInput& blend, PageCut cut);

/// Some of the matches (`members`, places in Matches::ordinals), in the order in which the whole one has them: without sorting
/// all that lies between. `blend` without scores: the plain order. Buckets and positions of the hits are not filled.
[[nodiscard]] std::vector<RankedHit> rank_members(const Matches& matches, std::span<const std::uint32_t> custom_rank,
                                                  const BlendInput& blend, std::span<const std::uint32_t> members);

/// The one place that computes a blend: impact/100*filtersScore/maxFiltersScore + (1-impact/100)*rankingScore, from left
/// to right in doubles, so that anybody who writes down the same line gets the same number.
[[nodiscard]] double blend_score(int impact, double filters_score, double score_max, double ranking_score);

}  // namespace penchant
