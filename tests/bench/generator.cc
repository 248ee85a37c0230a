// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/generator.h"

#include <cmath>

namespace penchant::bench {

namespace {

constexpr std::uint32_t brands = 5'000;
constexpr std::uint32_t categories = 400;
constexpr std::uint32_t colours = 20;
constexpr std::uint32_t sizes = 12;
constexpr std::uint32_t price_bands = 20;
constexpr std::uint32_t ratings = 5;
constexpr std::uint32_t topic_words = 300;

std::vector<double> zipf(std::uint32_t count, double exponent, double shift) {
    std::vector<double> weights(count);
    for (std::uint32_t i = 0; i < count; ++i) weights[i] = std::pow(static_cast<double>(i) + 1 + shift, -exponent);
    return weights;
}

}  // namespace

std::string word_text(std::uint32_t number) {
    static constexpr const char* onsets[] = {"b", "c", "d", "f", "g", "h", "k",  "l",  "m",  "n",
                                             "p", "r", "s", "t", "v", "w", "st", "tr", "br", "sh"};
    static constexpr const char* nuclei[] = {"a", "e", "i", "o", "u"};
    // Mixed so that neighbours in frequency are not neighbours in the alphabet; the multiplier
    // has no factor in common with a million, so nothing collides.
    auto rest = static_cast<std::uint32_t>(std::uint64_t{number} * 48'271U % 1'000'000U);
    std::string text;
    for (int syllable = 0; syllable < 3; ++syllable) {
        text += onsets[rest % 20];
        rest /= 20;
        text += nuclei[rest % 5];
        rest /= 5;
    }
    return text;
}

std::string Product::json() const {
    std::string out = R"({"objectID":")" + object_id() + R"(","title":")";
    const auto append_words = [&](const std::vector<std::uint32_t>& words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (i > 0) out += ' ';
            out += word_text(words[i]);
        }
    };
    append_words(title);
    out += R"(","description":")";
    append_words(description);
    out += R"(","brand":"brand )" + std::to_string(brand) + R"(","category":"category )" + std::to_string(category) +
           R"(","colour":"colour )" + std::to_string(colour) + R"(","size":"size )" + std::to_string(size) +
           R"(","price_band":"band )" + std::to_string(price_band) + R"(","rating":"rating )" + std::to_string(rating) +
           R"(","price":)" + std::to_string(static_cast<std::uint64_t>(price)) + R"(,"popularity":)" +
           std::to_string(popularity) + "}";
    return out;
}

AliasTable::AliasTable(const std::vector<double>& weights) : probability_(weights.size()), alias_(weights.size()) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::uint32_t i = 0; i < weights.size(); ++i) {
        probability_[i] = weights[i] / sum * static_cast<double>(weights.size());
        (probability_[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
        const std::uint32_t less = small.back();
        const std::uint32_t more = large.back();
        small.pop_back();
        alias_[less] = more;
        probability_[more] -= 1 - probability_[less];
        if (probability_[more] < 1) {
            large.pop_back();
            small.push_back(more);
        }
    }
    for (const std::uint32_t i : small) probability_[i] = 1;
    for (const std::uint32_t i : large) probability_[i] = 1;
}

Generator::Generator(std::uint64_t seed)
    : random_{seed},
      words_{zipf(vocabulary_words, 1.05, 10)},
      brands_{zipf(brands, 1.0, 5)},
      categories_{zipf(categories, 0.8, 3)},
      topic_{zipf(topic_words, 1.0, 2)},
      colours_{zipf(colours, 0.7, 1)},
      sizes_{zipf(sizes, 0.5, 1)} {
    topics_.resize(categories);
    for (auto& topic : topics_) {
        topic.resize(topic_words);
        for (auto& word : topic) word = words_(random_);
    }
    category_of_brand_.resize(brands);
    for (auto& category : category_of_brand_) category = categories_(random_);
}

Product Generator::next() {
    Product product;
    product.number = next_number_++;
    product.brand = brands_(random_);
    // A brand sells mostly one kind of thing.
    product.category = random_() % 10 < 7 ? category_of_brand_[product.brand] : categories_(random_);
    product.colour = colours_(random_);
    product.size = sizes_(random_);
    product.rating = static_cast<std::uint32_t>(random_() % ratings) + 1;
    product.price = std::floor(std::exp(1.5 + 5 * static_cast<double>(random_() >> 11U) * 0x1.0p-53));
    product.price_band = std::min(price_bands - 1, static_cast<std::uint32_t>(std::log2(product.price + 1) * 2));
    product.popularity = static_cast<std::uint32_t>(std::pow(static_cast<double>(random_() >> 11U) * 0x1.0p-53, 4) * 1e6);
    const auto& topic = topics_[product.category];
    const auto fill = [&](std::vector<std::uint32_t>& words, std::uint32_t count, unsigned topic_percent) {
        words.resize(count);
        for (auto& word : words) word = random_() % 100 < topic_percent ? topic[topic_(random_)] : words_(random_);
    };
    fill(product.title, title_words, 60);
    fill(product.description, description_words, 30);
    return product;
}

std::vector<QuerySet> query_sets(const std::vector<Product>& sample, std::size_t queries_each, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const auto pick_words = [&](std::size_t count) {
        const Product& product = sample[random() % sample.size()];
        std::vector<std::string> words;
        while (words.size() < count) words.push_back(word_text(product.title[random() % product.title.size()]));
        return words;
    };
    std::vector<QuerySet> sets;
    for (std::size_t words = 1; words <= 3; ++words) {
        QuerySet set{"q" + std::to_string(words), false, {}};
        for (std::size_t i = 0; i < queries_each; ++i) {
            std::string query;
            for (const std::string& word : pick_words(words)) query += (query.empty() ? "" : " ") + word;
            set.queries.push_back(query);
        }
        sets.push_back(std::move(set));
    }
    for (std::size_t letters = 1; letters <= 3; ++letters) {
        QuerySet set{"p" + std::to_string(letters), true, {}};
        for (std::size_t i = 0; i < queries_each; ++i) {
            const auto words = pick_words(2);
            set.queries.push_back((i % 2 == 0 ? "" : words[0] + " ") + words[1].substr(0, letters));
        }
        sets.push_back(std::move(set));
    }
    return sets;
}

}  // namespace penchant::bench
