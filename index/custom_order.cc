// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/custom_order.h"

#include <algorithm>

namespace penchant {

std::vector<SortCriterion> custom_order(const Settings& settings) {
    std::vector<SortCriterion> order = settings.custom_ranking;
    const auto& ranking = settings.ranking;
    auto at = std::find_if(ranking.begin(), ranking.end(),
                           [](const RankingCriterion& each) { return each.criterion == Criterion::custom; });
    if (at == ranking.end()) return order;
    for (++at; at != ranking.end() && at->criterion == Criterion::sort; ++at) order.push_back(at->sort);
    return order;
}

}  // namespace penchant
