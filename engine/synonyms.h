// SPDX-License-Identifier: GPL-3.0-or-later
//
// Synonyms (A 3.8), made ready for queries: what else a word, or several words in a row, may stand for.
//
// Inputs and outputs are split and folded like records. An input matches whole typed words only, so the word being
// typed takes part once it is complete. A placeholder's token ("<Street>") stands in records as the words between its
// brackets ("street"), and that is what a query for one of its replacements looks for: a record that has the
// word itself is found as well.
#pragma once

#include "index/tokenizer.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

/// Immutable once compiled; threads may share it.
class Synonyms {
public:
    /// None at all.
    Synonyms() = default;

    /// All types of A 3.8, in both spellings. Entries without a word, and objects that are no synonyms, are left out.
    [[nodiscard]] static Synonyms compile(std::span<const boost::json::object> synonyms, const Tokenizer& tokenizer);

    [[nodiscard]] bool empty() const { return inputs_.empty(); }
    /// Words of the longest input.
    [[nodiscard]] std::size_t input_words_max() const { return input_words_max_; }

    using Visit = std::function<void(std::span<const std::string> words, std::uint8_t typos)>;
    /// Calls `visit` for what `words` (folded, in a row) may stand for; never for the words themselves.
    void for_each(std::span<const std::string> words, const Visit& visit) const;

private:
    // What one synonym object leads to.
    struct Group {
        std::vector<std::vector<std::string>> outputs;
        std::uint8_t typos = 0;
    };
    [[nodiscard]] static std::string key(std::span<const std::string> words);
    void add_input(const std::vector<std::string>& words, std::uint32_t group);

    std::vector<Group> groups_;
    std::unordered_map<std::string, std::vector<std::uint32_t>> inputs_;  // words with spaces between, to groups
    std::size_t input_words_max_ = 0;
};

}  // namespace penchant
