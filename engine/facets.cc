// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/facets.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace penchant {
namespace {

// One entry a value of the index, all zero between two counts; searches of a thread share it, so that counting
// allocates nothing.
std::vector<std::uint32_t>& thread_counts(std::size_t size) {
    thread_local std::vector<std::uint32_t> counts;
    if (counts.size() < size) counts.resize(size);
    return counts;
}

}  // namespace

std::vector<std::size_t> facet_attributes(std::span<const std::string> facets, const Snapshot& snapshot) {
    std::vector<std::size_t> attributes;
    const auto add = [&](const FacetAttribute& facet) {
        if (facet.filter_only) return;
        const auto attribute = snapshot.columns.find_facet(facet.path);
        if (attribute && std::find(attributes.begin(), attributes.end(), *attribute) == attributes.end())
            attributes.push_back(*attribute);
    };
    for (const std::string& name : facets) {
        if (name == "*") {
            for (const FacetAttribute& facet : snapshot.settings->attributes_for_faceting) add(facet);
        } else if (const FacetAttribute* facet = snapshot.settings->facet(name)) {
            add(*facet);
        }
    }
    return attributes;
}

FacetCounter::FacetCounter(const Snapshot& snapshot, std::vector<std::size_t> attributes)
    : snapshot_(&snapshot), attributes_(std::move(attributes)), counts_(&thread_counts(snapshot.columns.flat_size())) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const std::size_t attribute : attributes_)
        numbers_.push_back({snapshot.columns.number(snapshot.columns.facet_path(attribute)),
                            {infinity, -infinity, 0, 0}});
}

void FacetCounter::add(std::span<const Ordinal> ordinals) {
    snapshot_->columns.count_values(ordinals, attributes_, {counts_->data(), snapshot_->columns.flat_size()});
    for (Numbers& numbers : numbers_) {
        if (!numbers.column) continue;
        FacetStatistics& statistics = numbers.statistics;
        for (const Ordinal ordinal : ordinals)
            numbers.column->for_each(ordinal, [&](double value) {
                statistics.min = std::min(statistics.min, value);
                statistics.max = std::max(statistics.max, value);
                statistics.sum += value;
                ++statistics.values;
            });
    }
}

std::vector<FacetTally> FacetCounter::finish() {
    std::vector<FacetTally> tallies;
    const Columns& columns = snapshot_->columns;
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
        FacetTally tally;
        tally.attribute = attributes_[i];
        const std::uint32_t begin = columns.flat_begin(attributes_[i]);
        const std::uint32_t values = columns.dictionary(attributes_[i]).size();
        for (std::uint32_t value = 0; value < values; ++value) {
            std::uint32_t& count = (*counts_)[begin + value];
            if (count == 0) continue;
            tally.counts.emplace_back(value, count);
            count = 0;
        }
        if (numbers_[i].statistics.values != 0) tally.statistics = numbers_[i].statistics;
        tallies.push_back(std::move(tally));
    }
    return tallies;
}

std::vector<FacetTally> FacetCounter::of_everything(const Snapshot& snapshot,
                                                    const std::vector<std::size_t>& attributes) {
    std::vector<FacetTally> tallies;
    const Columns& columns = snapshot.columns;
    const std::span<const std::uint32_t> all = columns.value_counts();
    for (const std::size_t attribute : attributes) {
        FacetTally tally;
        tally.attribute = attribute;
        const std::uint32_t begin = columns.flat_begin(attribute);
        for (std::uint32_t value = 0; value < columns.dictionary(attribute).size(); ++value)
            if (all[begin + value] != 0) tally.counts.emplace_back(value, all[begin + value]);
        if (const NumericColumn* column = columns.number(columns.facet_path(attribute))) {
            FacetStatistics statistics{std::numeric_limits<double>::infinity(),
                                       -std::numeric_limits<double>::infinity(), 0, 0};
            for (Ordinal ordinal = 0; ordinal < columns.size(); ++ordinal) {
                if (snapshot.deleted(ordinal)) continue;
                column->for_each(ordinal, [&](double value) {
                    statistics.min = std::min(statistics.min, value);
                    statistics.max = std::max(statistics.max, value);
                    statistics.sum += value;
                    ++statistics.values;
                });
            }
            if (statistics.values != 0) tally.statistics = statistics;
        }
        tallies.push_back(std::move(tally));
    }
    return tallies;
}

boost::json::object facets_answer(const Snapshot& snapshot, std::span<const FacetTally> tallies,
                                  std::size_t values_max, FacetOrder order) {
    boost::json::object answer;
    for (const FacetTally& tally : tallies) {
        const FacetDictionary& dictionary = snapshot.columns.dictionary(tally.attribute);
        auto counts = tally.counts;
        const auto before = [&](const auto& a, const auto& b) {
            if (order == FacetOrder::count && a.second != b.second) return a.second > b.second;
            return dictionary.value(a.first).text < dictionary.value(b.first).text;
        };
        const auto end = counts.begin() + static_cast<std::ptrdiff_t>(std::min(values_max, counts.size()));
        if (order == FacetOrder::alpha && end != counts.end()) {
            // Which values stay is decided by count (A 2.9); only their order is by text.
            std::partial_sort(counts.begin(), end, counts.end(), [&](const auto& a, const auto& b) {
                if (a.second != b.second) return a.second > b.second;
                return dictionary.value(a.first).text < dictionary.value(b.first).text;
            });
            std::sort(counts.begin(), end, before);
        } else {
            std::partial_sort(counts.begin(), end, counts.end(), before);
        }
        if (counts.empty()) continue;
        boost::json::object values;
        values.reserve(static_cast<std::size_t>(end - counts.begin()));
        for (auto it = counts.begin(); it != end; ++it) values.emplace(dictionary.value(it->first).text, it->second);
        answer.emplace(snapshot.columns.facet_path(tally.attribute), std::move(values));
    }
    return answer;
}

boost::json::object facets_stats_answer(const Snapshot& snapshot, std::span<const FacetTally> tallies) {
    boost::json::object answer;
    for (const FacetTally& tally : tallies) {
        if (!tally.statistics) continue;
        const FacetStatistics& statistics = *tally.statistics;
        answer.emplace(snapshot.columns.facet_path(tally.attribute),
                       boost::json::object{
                           {"min", json_number(statistics.min)},
                           {"max", json_number(statistics.max)},
                           {"avg", json_number(statistics.sum / static_cast<double>(statistics.values))},
                           {"sum", json_number(statistics.sum)}});
    }
    return answer;
}

boost::json::value json_number(double value) {
    constexpr double exact_max = 9'007'199'254'740'992.0;  // 2^53: above it doubles skip integers
    if (std::trunc(value) == value && std::abs(value) <= exact_max) return static_cast<std::int64_t>(value);
    return value;
}

void add_changes(std::vector<FacetTally>& tallies, std::span<const FacetChange> changes,
                 const std::function<bool(Ordinal)>& counted) {
    for (const FacetChange& change : changes) {
        const auto tally = std::find_if(tallies.begin(), tallies.end(),
                                        [&](const FacetTally& one) { return one.attribute == change.attribute; });
        if (tally == tallies.end() || !counted(change.ordinal)) continue;
        auto at = std::lower_bound(tally->counts.begin(), tally->counts.end(), change.value,
                                   [](const auto& count, std::uint32_t value) { return count.first < value; });
        if (at == tally->counts.end() || at->first != change.value) at = tally->counts.insert(at, {change.value, 0});
        // May pass below 0 on the way, where a record lost what another gained later in the list.
        at->second += static_cast<std::uint32_t>(static_cast<std::int32_t>(change.difference));
    }
    for (FacetTally& tally : tallies) std::erase_if(tally.counts, [](const auto& count) { return count.second == 0; });
}

std::size_t bytes_of(std::span<const FacetTally> tallies) {
    std::size_t bytes = 0;
    for (const FacetTally& tally : tallies) bytes += sizeof(FacetTally) + tally.counts.capacity() * 8;
    return bytes;
}

}  // namespace penchant
