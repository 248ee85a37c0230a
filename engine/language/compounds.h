// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compounds taken apart into words of the vocabulary, with the letters that link them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {
class Vocabulary;
}

namespace penchant::language {

/// Splits of one word found so far. One thread; borrows what it is made of.
class Splits {
public:
    Splits(std::string_view word, const Vocabulary& vocabulary) : word_{word}, vocabulary_{vocabulary} {}

    /// Two or three parts of at least three letters, none of them a stop word, by the linking letters of `code`. Three only
    /// when two do not do.
    void add(std::string_view code, const std::function<bool(std::string_view)>& is_stop_word);
    /// Parts that somebody gave; without effect unless the vocabulary has all of them.
    void add_own(const std::vector<std::string>& parts);

    /// Own ones first, then fewest parts, then the rarest part as frequent as possible; at most
    /// limits::compound_splits_max.
    [[nodiscard]] std::vector<std::vector<std::string>> take() &&;

private:
    struct Split {
        std::vector<std::string> parts;
        bool own = false;
        std::size_t postings_min = 0;
    };
    struct Search;

    void keep(std::vector<std::string> parts, bool own);

    std::string_view word_;
    const Vocabulary& vocabulary_;
    std::vector<Split> splits_;
};

}  // namespace penchant::language
