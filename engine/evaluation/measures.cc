// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/evaluation/measures.h"

#include "index/error.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace penchant {
namespace {

constexpr std::size_t places = 10;
constexpr std::size_t recall_places = 100;

double gain(double grade, Gain kind) { return kind == Gain::linear ? grade : std::exp2(grade) - 1; }

double discounted(double gained, std::size_t place) { return gained / std::log2(static_cast<double>(place) + 2); }

}  // namespace

bool has_good_result(const JudgedQuery& query, const MeasureOptions& options) {
    return std::any_of(query.grades.begin(), query.grades.end(),
                       [&](const auto& judged) { return judged.second >= options.relevant_from; });
}

Measures measure(const JudgedQuery& query, std::span<const std::string> found, const MeasureOptions& options) {
    PENCHANT_ASSERT(options.relevant_from > 0);
    std::vector<double> ideal;
    double good_total = 0;
    for (const auto& [id, grade] : query.grades) {
        ideal.push_back(gain(grade, options.gain));
        good_total += grade >= options.relevant_from;
    }
    PENCHANT_ASSERT(good_total > 0);
    std::sort(ideal.begin(), ideal.end(), std::greater<>());
    double ideal_sum = 0;
    for (std::size_t place = 0; place < std::min(places, ideal.size()); ++place) ideal_sum += discounted(ideal[place], place);

    double sum = 0;
    double good = 0;
    double good_in_recall = 0;
    double judged = 0;
    double reciprocal = 0;
    for (std::size_t place = 0; place < found.size(); ++place) {
        const auto at = query.grades.find(found[place]);
        if (at == query.grades.end()) continue;
        const bool is_good = at->second >= options.relevant_from;
        if (is_good && reciprocal == 0) reciprocal = 1.0 / static_cast<double>(place + 1);
        if (place < recall_places) good_in_recall += is_good;
        if (place >= places) continue;
        sum += discounted(gain(at->second, options.gain), place);
        good += is_good;
        ++judged;
    }
    const double shown = static_cast<double>(std::max<std::size_t>(1, std::min(places, found.size())));
    return {sum / ideal_sum, good / static_cast<double>(places), reciprocal, good_in_recall / good_total, judged / shown};
}

}  // namespace penchant
