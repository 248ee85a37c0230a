// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/evaluation/evaluation.h"

#include <algorithm>
#include <cmath>

namespace penchant {

std::vector<double> Evaluation::values(std::size_t measure) const {
    std::vector<double> all;
    for (const QueryResult& query : queries)
        if (query.counted) all.push_back(query.measures[measure]);
    return all;
}

Result<Evaluation> evaluate(const Judgments& judgments, const MeasureOptions& options,
                            const std::function<Result<Found>(const std::string& query)>& search) {
    Evaluation evaluation;
    for (const JudgedQuery& query : judgments.queries) {
        PENCHANT_TRY(const Found found, search(query.text));
        QueryResult result;
        result.query = query.text;
        result.hits = found.hits;
        result.counted = has_good_result(query, options);
        if (result.counted) result.measures = measure(query, found.ids, options);
        evaluation.counted += result.counted;
        evaluation.without_hits += found.hits == 0;
        evaluation.queries.push_back(std::move(result));
    }
    if (evaluation.counted > 0)
        for (std::size_t m = 0; m < measure_names.size(); ++m) evaluation.means[m] = bootstrap_mean(evaluation.values(m));
    return evaluation;
}

Comparison compare(const Evaluation& first, const Evaluation& second) {
    PENCHANT_ASSERT(first.queries.size() == second.queries.size() && first.counted == second.counted);
    Comparison comparison;
    if (first.counted == 0) return comparison;
    for (std::size_t m = 0; m < measure_names.size(); ++m) {
        std::vector<double> differences = second.values(m);
        const std::vector<double> before = first.values(m);
        for (std::size_t i = 0; i < differences.size(); ++i) differences[i] -= before[i];
        comparison.differences[m] = bootstrap_mean(differences);
    }
    const auto change = [&](std::size_t query) {
        return second.queries[query].measures[0] - first.queries[query].measures[0];
    };
    for (std::size_t query = 0; query < first.queries.size(); ++query) {
        if (!first.queries[query].counted) continue;
        if (std::abs(change(query)) < 1e-4) {
            ++comparison.ties;
            continue;
        }
        ++(change(query) > 0 ? comparison.wins : comparison.losses);
        comparison.changed.push_back(query);
    }
    std::stable_sort(comparison.changed.begin(), comparison.changed.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(change(a)) > std::abs(change(b)); });
    return comparison;
}

}  // namespace penchant
