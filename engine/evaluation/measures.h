// SPDX-License-Identifier: GPL-3.0-or-later
//
// How good a ranked list is, by judgments. A record nobody judged counts as bad.
//
//   nDCG@10     Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (4), 2002: the gains of the
//               first ten, each divided by log2(place + 1), over the same sum for the best order of all judged records. The
//               gain of a grade is 2^grade - 1 (Burges et al., "Learning to rank using gradient descent", ICML 2005), or
//               the grade itself with Gain::linear
//   P@10        good records among the first ten, divided by ten, however many there are
//   MRR         1 / place of the first good record, 0 without one (Voorhees, TREC-8, 1999)
//   recall@100  good records among the first hundred, of all that are judged good
//   judged@10   records among the first ten that have a judgment at all, of those shown; 0 when none is. Where it is low,
//               the other figures say little
#pragma once

#include "engine/evaluation/judgments.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace penchant {

enum class Gain { exponential, linear };

struct MeasureOptions {
    double relevant_from = 1;  ///< a grade; above 0
    Gain gain = Gain::exponential;
};

inline constexpr std::array<std::string_view, 5> measure_names = {"nDCG@10", "P@10", "MRR", "recall@100", "judged@10"};
using Measures = std::array<double, measure_names.size()>;

/// True when some record is a good result; queries without one have no place in a mean.
[[nodiscard]] bool has_good_result(const JudgedQuery& query, const MeasureOptions& options);

/// Of the objectIDs found, best first. Needs has_good_result.
[[nodiscard]] Measures measure(const JudgedQuery& query, std::span<const std::string> found, const MeasureOptions& options);

}  // namespace penchant
