// SPDX-License-Identifier: GPL-3.0-or-later
//
// All judged queries asked of one search, and two such runs compared query by query.
#pragma once

#include "engine/evaluation/bootstrap.h"
#include "engine/evaluation/judgments.h"
#include "engine/evaluation/measures.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace penchant {

/// What a search gave for one query.
struct Found {
    std::vector<std::string> ids;  ///< best first, as deep as asked
    std::uint64_t hits = 0;        ///< how many there are in all
};

struct QueryResult {
    std::string query;
    bool counted = false;  ///< some record is a good result: `measures` are set, and in the means
    Measures measures{};
    std::uint64_t hits = 0;
};

struct Evaluation {
    std::vector<QueryResult> queries;  ///< in the order of the judgments
    std::size_t counted = 0;
    std::size_t without_hits = 0;      ///< of all queries
    std::array<Interval, measure_names.size()> means{};  ///< over the counted ones; zeros when there are none
    [[nodiscard]] std::vector<double> values(std::size_t measure) const;  ///< of the counted queries
};

/// Errors are those of `search`.
[[nodiscard]] Result<Evaluation> evaluate(const Judgments& judgments, const MeasureOptions& options,
                                          const std::function<Result<Found>(const std::string& query)>& search);

struct Comparison {
    std::array<Interval, measure_names.size()> differences{};  ///< second minus first, paired
    // By nDCG@10; differences below 0.0001 are ties
    std::size_t wins = 0;
    std::size_t losses = 0;
    std::size_t ties = 0;
    std::vector<std::size_t> changed;  ///< numbers of queries that are no ties, greatest change first
};

/// Both of the same judgments and options.
[[nodiscard]] Comparison compare(const Evaluation& first, const Evaluation& second);

}  // namespace penchant
