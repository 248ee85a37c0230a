// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the words of a query stand in a text, for highlights and snippets. The query's alternatives are put into hash
// tables once, so that a word of a text costs a few look-ups, whatever the number of alternatives.
#pragma once

#include "engine/text_query.h"
#include "index/limits.h"
#include "index/tokenizer.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

/// What one attribute lets count.
struct MarkRules {
    bool prefixes = true;
    bool typos = true;
    bool camel_case = false;  ///< words in camel case also match by their parts
};

/// One word of a text.
struct Mark {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t marked_end = 0;       ///< of a prefix only the typed part is marked; == begin: it does not match
    std::uint32_t words = 0;          ///< one bit for each word of the query that it matches
    const std::string* typed = nullptr;  ///< it is a synonym, to be shown as what was typed; null: shown as it is
    std::uint32_t stretch = 1;        ///< how many words of the text `typed` stands for
    [[nodiscard]] bool marked() const { return marked_end != begin; }
};

struct Marks {
    std::vector<Mark> words;
    std::uint32_t found = 0;          ///< one bit for each word of the query
    bool whole = true;                ///< every word is marked from begin to end
};

/// How many typos each word of a query may have been matched with.
using TyposAllowed = std::array<std::uint8_t, limits::query_words_max>;

/// Borrows the query's words. Threads may share one.
class WordMarker {
public:
    /// `show_typed`: synonyms get Mark::typed.
    WordMarker(const TextQuery& text, Tokenizer tokenizer, bool show_typed);

    /// Some word may be matched with typos, so that what is allowed makes a difference.
    [[nodiscard]] bool has_typos() const { return has_typos_; }
    [[nodiscard]] static TyposAllowed any_typos();

    [[nodiscard]] Marks marks(std::string_view value, MarkRules rules, const TyposAllowed& allowed) const;

    /// Lowers `cheapest` to the typos with which `value` matches.
    void find_cheapest(std::string_view value, MarkRules rules, TyposAllowed& cheapest) const;

private:
    struct Way {  // a word of a text matches a word of the query
        std::uint32_t word = 0;
        std::uint8_t typos = 0;
        bool prefix = false;             // a longer word of the text matches, too
        const std::string* typed = nullptr;
    };
    struct Phrase {
        std::vector<std::string> words;
        std::uint8_t distance_max = 1;
        Way way;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    template <class T>
    using Table = std::unordered_map<std::string, std::vector<T>, Hash, std::equal_to<>>;

    void add(const WordAlternative& alternative, std::uint32_t word, bool show_typed);
    template <class Visit>
    void for_each_way(std::string_view folded, MarkRules rules, Visit&& visit) const;
    template <class Sink>
    void for_each_word(std::string_view value, MarkRules rules, Sink&& sink) const;
    template <class Visit>
    void for_each_phrase(const std::vector<std::string>& folded, MarkRules rules, Visit&& visit) const;

    Tokenizer tokenizer_;
    const TextQuery* text_;
    Table<Way> ways_;                          // by the whole word, or the prefix
    std::vector<std::size_t> prefix_lengths_;  // bytes, ascending, each once
    std::vector<Phrase> phrases_;
    Table<std::uint32_t> phrase_begins_;       // phrases by their first word
    std::vector<std::unique_ptr<const std::string>> typed_;
    bool has_typos_ = false;
};

}  // namespace penchant
