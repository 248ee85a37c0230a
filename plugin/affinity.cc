// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/affinity.h"

#include "index/limits.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

namespace penchant {
namespace {

void sort_best_first(std::vector<Affinity>& affinities) {
    std::sort(affinities.begin(), affinities.end(),
              [](const Affinity& a, const Affinity& b) { return std::tie(b.score, a.id) < std::tie(a.score, b.id); });
}

}  // namespace

std::vector<Affinity> affinities_of(const std::vector<Evidence>& evidence) {
    std::vector<Affinity> affinities;
    double best = 0;
    for (const Evidence& value : evidence) {
        if (value.weight <= 0 || value.weight_total <= 0) continue;
        const double share = std::min(1.0, value.weight / value.weight_total);
        const double belief = value.weight_total / (value.weight_total + prior_weight);
        const double strength = belief * share * std::log(share / std::max(value.catalog_share, catalog_share_min));
        if (strength <= 0) continue;
        best = std::max(best, strength);
        affinities.push_back({value.id, strength});
    }
    for (Affinity& affinity : affinities)
        affinity.score = std::max(affinity_score_min, affinity_score_max * (affinity.score / best));
    sort_best_first(affinities);
    return affinities;
}

std::vector<Affinity> classic_affinities_of(const std::vector<RawSum>& sums) {
    std::int64_t greatest = 0;
    for (const RawSum& raw : sums) greatest = std::max(greatest, raw.sum);
    std::vector<Affinity> affinities;
    for (const RawSum& raw : sums) {
        if (raw.sum <= 0) continue;
        // Rounded in integers, halves up. A score of a million times a hundred billion events still fits.
        const std::int64_t rounded = (raw.sum * 40 + greatest) / (greatest * 2);
        affinities.push_back({raw.id, static_cast<double>(std::max<std::int64_t>(1, rounded))});
    }
    sort_best_first(affinities);
    return affinities;
}

std::string optional_filter_text(std::string_view facet, std::string_view value, double score, int weight) {
    return fmt::format("{}:{}<score={}>", facet, value, static_cast<std::int64_t>(std::floor(score * weight / 100)));
}

std::optional<OptionalFilter> parse_optional_filter(std::string_view text) {
    OptionalFilter filter;
    constexpr std::string_view mark = "<score=";
    if (const std::size_t at = text.rfind(mark); at != std::string_view::npos && text.back() == '>') {
        const std::string_view digits = text.substr(at + mark.size(), text.size() - at - mark.size() - 1);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), filter.score);
        if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
        text = text.substr(0, at);
    }
    if (!(filter.score >= 0 && filter.score <= limits::filter_score_max)) return std::nullopt;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const auto unquoted = [](std::string_view part) {
        if (part.size() >= 2 && part.front() == part.back() && (part.front() == '"' || part.front() == '\''))
            part = part.substr(1, part.size() - 2);
        return std::string(part);
    };
    filter.facet = unquoted(text.substr(0, colon));
    filter.value = unquoted(text.substr(colon + 1));
    return filter;
}

}  // namespace penchant
