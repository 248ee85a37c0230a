// SPDX-License-Identifier: GPL-3.0-or-later
//
// Criterion `relevance`: how well a record's text fits the words of a query, by the BM25 formula (S. Robertson, H. Zaragoza,
// "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) over the postings that matching reads anyway:
//
//     score = sum over the matched words of  idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))
//     idf   = ln(1 + (N - n + 0.5) / (n + 0.5))
//
// with k1 = 1.2 and b = 0.75. N are the ordinals of the snapshot and n the postings of the word's list in all segments;
// deleted records count until merges and folding take them out, so that nothing is counted for a query. tf are the places
// of the word in searchable attributes, as many as the index keeps. A word found with t typos weighs 1 / (1 + t).
//
// The score becomes a step of its distance from the best one the query could have (every word without typos and without
// end): 0 is best, steps_max is worst. Records on one step tie, so that what stands behind `relevance` in the ranking
// (customRanking, the visitor) still decides something.
#pragma once

#include "engine/text_query.h"
#include "index/snapshot.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace penchant {

/// Borrows the snapshot; one thread.
class Relevance {
public:
    static constexpr std::uint32_t steps_max = 199;
    static constexpr double k1 = 1.2;
    static constexpr double b = 0.75;

    Relevance(const Snapshot& snapshot, const TextQuery& text, const AttributeRules& rules);

    /// k1 * (1 - b + b * length / mean length) of a record.
    [[nodiscard]] double dampening(Ordinal ordinal) const {
        return k1 * (1 - b) + k1 * b * snapshot_->word_count(ordinal) / mean_;
    }
    /// What one word adds to the score of a record that has it in `places` places.
    [[nodiscard]] double part(std::size_t word, std::size_t places, std::uint32_t typos, double dampening) const {
        const auto frequency = static_cast<double>(places);
        return weights_[word] * frequency / ((frequency + dampening) * (1 + typos));
    }
    [[nodiscard]] std::uint32_t step(double score) const {
        const double missing = (1 - score / best_) * (steps_max + 1);
        return missing <= 0 ? 0 : std::min(static_cast<std::uint32_t>(missing), steps_max);
    }

private:
    const Snapshot* snapshot_;
    double mean_ = 1;
    double best_ = 1;
    std::vector<double> weights_;  // idf * (k1 + 1) of each word
};

}  // namespace penchant
