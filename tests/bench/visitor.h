// SPDX-License-Identifier: GPL-3.0-or-later
//
// Made-up visitors of the generated catalog: 20 affinities each (8 brands, 5 categories, 3 colours, 2 sizes, a price band, a
// rating), scores 1 to 20. The same visitors in every program of the benchmark, Lucene's included.
#pragma once

#include "engine/module.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace penchant::bench {

struct FacetShape {
    const char* path;    ///< attribute of a record
    const char* prefix;  ///< its values are this and a number
    std::uint32_t first;
    std::uint32_t values;
    int affinities;  ///< of a visitor
};
inline constexpr std::array<FacetShape, 6> facet_shapes{{{"brand", "brand ", 0, 5'000, 8},
                                                         {"category", "category ", 0, 400, 5},
                                                         {"colour", "colour ", 0, 20, 3},
                                                         {"size", "size ", 0, 12, 2},
                                                         {"price_band", "band ", 0, 20, 1},
                                                         {"rating", "rating ", 1, 5, 1}}};

struct VisitorAffinity {
    std::size_t facet = 0;
    std::uint32_t value = 0;
    float score = 0;
};
using Visitor = std::vector<VisitorAffinity>;

[[nodiscard]] inline std::vector<Visitor> make_visitors(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::vector<Visitor> visitors(count);
    for (Visitor& visitor : visitors)
        for (std::size_t facet = 0; facet < facet_shapes.size(); ++facet)
            for (int i = 0; i < facet_shapes[facet].affinities; ++i)
                // The square puts liked values among the common ones, as people's are.
                visitor.push_back(
                    {facet,
                     facet_shapes[facet].first +
                         static_cast<std::uint32_t>((random() % facet_shapes[facet].values) *
                                                    (random() % facet_shapes[facet].values) / facet_shapes[facet].values),
                     static_cast<float>(1 + random() % 20)});
    return visitors;
}

/// The personalization module's way of scoring (one flat table, one pass over the rows), without its store.
class VisitorBoost final : public Boost {
public:
    VisitorBoost(const Columns& columns, const Visitor& visitor) : columns_{columns}, table_(columns.flat_size()) {
        for (const VisitorAffinity& affinity : visitor) {
            const FacetShape& shape = facet_shapes[affinity.facet];
            const auto attribute = columns.find_facet(shape.path);
            if (!attribute) continue;
            const auto value = columns.dictionary(*attribute).find(shape.prefix + std::to_string(affinity.value));
            if (!value) continue;
            if (attributes_.empty() || attributes_.back() != *attribute) attributes_.push_back(*attribute);
            table_[columns.flat_begin(*attribute) + *value] = affinity.score;
            bound_ += affinity.score;
        }
    }
    void score(std::span<const Ordinal> ordinals, std::span<float> scores) override {
        columns_.sum_scores(ordinals, attributes_, table_, scores);
    }
    [[nodiscard]] float upper_bound() const override { return bound_; }
    [[nodiscard]] int impact() const override { return 70; }
    [[nodiscard]] boost::json::array explain(Ordinal) const override { return {}; }

private:
    const Columns& columns_;
    std::vector<std::size_t> attributes_;
    std::vector<float> table_;
    float bound_ = 0;
};

}  // namespace penchant::bench
