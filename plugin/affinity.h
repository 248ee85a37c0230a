// SPDX-License-Identifier: GPL-3.0-or-later
//
// From counts to affinities: the formulas, and nothing else. Pure functions of their arguments.
#pragma once

#include "index/columns.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

inline constexpr double affinity_score_max = 20;
inline constexpr double affinity_score_min = 1;

/// What is known of one facet value for one visitor, before it becomes a score.
struct Evidence {
    FacetValueId id = 0;
    double weight = 0;         ///< sum over roles of role weight x faded count of credited records that carry the value
    double weight_total = 0;   ///< the same over all credited records that could have carried it
    double catalog_share = 0;  ///< of the catalog's records, how many carry the value: 0..1
};

struct Affinity {
    FacetValueId id = 0;
    double score = 0;  ///< 1..20, the visitor's best 20
    friend bool operator==(const Affinity&, const Affinity&) = default;
};

/// An event now counts this much more than one of a while ago: the session's share in the blend
/// count = lasting + session_weight * session.
inline constexpr double session_weight = 1.0;

/// How much weight has to be seen until a share is half believed: one click.
inline constexpr double prior_weight = 3.0;

/// Values rarer than this in the catalog are no better a sign than one that is as rare as this.
inline constexpr double catalog_share_min = 0.001;

/// The default formula. With p = weight / weight_total, the share of the visitor's doings that carry the value,
/// and q the share of the catalog that does (at least catalog_share_min):
///
///     strength = weight_total / (weight_total + prior_weight) * p * ln(p / q)
///
/// p ln(p / q) is the value's part in the relative entropy of the visitor against the catalog (Kullback and Leibler 1951):
/// how surprising it would be if a visitor without tastes did this. It is 0 for who takes what the shelves hold, and of
/// two values that a visitor always takes the rarer one says more: a brand more than a size. The first factor shrinks
/// thin evidence towards the catalog. Values of strength <= 0 are no affinity. The rest is scaled so that the best is 20,
/// and raised to 1 where below. Order: score descending, then id ascending.
[[nodiscard]] std::vector<Affinity> affinities_of(const std::vector<Evidence>& evidence);

struct RawSum {
    FacetValueId id = 0;
    std::int64_t sum = 0;
};
/// The classic formula (A 5.4): max(1, round(20 * sum / greatest sum)), integers. Sums <= 0 are left out.
/// Order: score descending, then id ascending.
[[nodiscard]] std::vector<Affinity> classic_affinities_of(const std::vector<RawSum>& sums);

/// An affinity as an optional filter, the way A 5.5 point 4 writes it: brand, Corvale, 20 at weight 80 is
/// "brand:Corvale<score=16>". The score is rounded down.
[[nodiscard]] std::string optional_filter_text(std::string_view facet, std::string_view value, double score, int weight);

/// The other way round, for `personalizationFilters` (A 5.6): "facet:value<score=N>"; without a score it is 1.
struct OptionalFilter {
    std::string facet;
    std::string value;
    double score = 1;
};
/// nullopt for what is no such text, or has a score below 0 or above limits::filter_score_max.
[[nodiscard]] std::optional<OptionalFilter> parse_optional_filter(std::string_view text);

}  // namespace penchant
