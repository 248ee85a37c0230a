// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/evaluation/bootstrap.h"

#include "index/error.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace penchant {

Interval bootstrap_mean(std::span<const double> values, std::uint64_t seed, std::size_t resamples) {
    PENCHANT_ASSERT(!values.empty() && resamples >= 40);
    const double count = static_cast<double>(values.size());
    std::mt19937_64 random(seed);  // its numbers are the standard's; those of the distributions are not
    std::vector<double> means(resamples);
    for (double& mean : means) {
        double sum = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double part = static_cast<double>(random() >> 11U) * 0x1p-53;  // 0 <= part < 1
            sum += values[static_cast<std::size_t>(part * count)];
        }
        mean = sum / count;
    }
    std::sort(means.begin(), means.end());
    const std::size_t outside = resamples / 40;  // 2.5 % on each side
    return {std::accumulate(values.begin(), values.end(), 0.0) / count, means[outside], means[resamples - 1 - outside]};
}

}  // namespace penchant
