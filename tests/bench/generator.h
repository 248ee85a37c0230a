// SPDX-License-Identifier: GPL-3.0-or-later
//
// A seeded, product-like catalog and the queries people would type into it, for the benchmarks.
//
// Words follow a Zipf-Mandelbrot law (s = 1.05, q = 10) over 200,000 made-up words; 60 % of a title's words and 30 % of a
// description's come from the topic list of its category, so that words go together as they do in a shop. Six
// single-valued facets (brand 5,000, category 400, colour 20, size 12, price band 20, rating 5 values), a price and a popularity.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace penchant::bench {

inline constexpr std::uint32_t vocabulary_words = 200'000;
inline constexpr std::uint32_t title_words = 8;
inline constexpr std::uint32_t description_words = 22;

struct Product {
    std::uint32_t number = 0;
    std::vector<std::uint32_t> title;        ///< word numbers
    std::vector<std::uint32_t> description;  ///< word numbers
    std::uint32_t brand = 0, category = 0, colour = 0, size = 0, price_band = 0, rating = 0;
    double price = 0;
    std::uint32_t popularity = 0;

    [[nodiscard]] std::string object_id() const { return "p" + std::to_string(number); }
    /// The record's minified JSON, objectID first.
    [[nodiscard]] std::string json() const;
};

/// The text of word `number`: syllables, distinct for every number, 4 to 10 letters.
[[nodiscard]] std::string word_text(std::uint32_t number);

/// Samples from a fixed discrete law in constant time (Walker 1977, Vose 1991).
class AliasTable {
public:
    explicit AliasTable(const std::vector<double>& weights);
    template <class Random>
    std::uint32_t operator()(Random& random) const {
        const auto slot = static_cast<std::uint32_t>(random() % probability_.size());
        const double coin = static_cast<double>(random() >> 11U) * 0x1.0p-53;
        return coin < probability_[slot] ? slot : alias_[slot];
    }

private:
    std::vector<double> probability_;
    std::vector<std::uint32_t> alias_;
};

/// Makes the same products for the same seed, one after the other.
class Generator {
public:
    explicit Generator(std::uint64_t seed);
    [[nodiscard]] Product next();

private:
    std::mt19937_64 random_;
    AliasTable words_;
    AliasTable brands_;
    AliasTable categories_;
    AliasTable topic_;
    AliasTable colours_;
    AliasTable sizes_;
    std::vector<std::vector<std::uint32_t>> topics_;  ///< of each category
    std::vector<std::uint32_t> category_of_brand_;
    std::uint32_t next_number_ = 0;
};

/// Six sets of queries, words taken from one title each, so that all of them match something: q1 q2 q3 have one, two, three
/// whole words; p1 p2 p3 end in a prefix of one, two, three letters, half of them alone, half behind one whole word.
struct QuerySet {
    std::string name;
    bool last_is_prefix = false;
    std::vector<std::string> queries;
};
[[nodiscard]] std::vector<QuerySet> query_sets(const std::vector<Product>& sample, std::size_t queries_each, std::uint64_t seed);

}  // namespace penchant::bench
