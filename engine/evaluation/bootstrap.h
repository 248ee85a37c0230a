// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far a mean over a few dozen queries can be trusted: the percentile bootstrap (Efron and Tibshirani, "An
// Introduction to the Bootstrap", 1993, chapter 13; for search, Sakai, SIGIR 2006). The queries are drawn again with
// replacement, often, and the middle 95 % of the means is the interval. For two settings the differences query by query
// are drawn, which is the paired form. Seeded: the same figures give the same interval everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace penchant {

struct Interval {
    double mean = 0;
    double low = 0;
    double high = 0;
};

inline constexpr std::size_t resamples_default = 2'000;

/// Mean and 95 % interval of at least one value; `resamples` is at least 40.
[[nodiscard]] Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed = 1,
                                      std::size_t resamples = resamples_default);

}  // namespace penchant
