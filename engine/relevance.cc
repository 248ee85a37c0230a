// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/relevance.h"

#include "engine/word_lists.h"

#include <cmath>

namespace penchant {

Relevance::Relevance(const Snapshot& snapshot, const TextQuery& text, const AttributeRules& rules)
    : snapshot_(&snapshot), mean_(std::max(1.0, snapshot.word_count_mean())) {
    double best = 0;
    for (std::size_t w = 0; w < text.words.size(); ++w) {
        std::size_t postings = 0;
        for (const auto& segment : snapshot.segments)
            postings += word_list(*segment, text.words[w], w, rules).postings.size();
        const auto with = static_cast<double>(postings);
        const double without = static_cast<double>(snapshot.columns.size()) - with;
        weights_.push_back(std::log(1 + (without + 0.5) / (with + 0.5)) * (k1 + 1));
        best += weights_.back();
    }
    if (best > 0) best_ = best;
}

}  // namespace penchant
