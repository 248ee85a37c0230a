// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known about words of natural languages, for queries: stop words, other numbers and forms of a word, and the words
// that a compound is made of. Standard knowledge is tables and rules (engine/language/); an application's own dictionaries
// (engine/dictionaries.h) add to it and take from it.
//
// Words are folded as in the index (lower case, no diacritics: "hauser" for "Häuser"), and so are the tables; German words
// are also known with "ae", "oe", "ue", for indices that normalise them so, and with their own letters, for indices that keep
// them. `languages` are codes: "en", "pt-br" and "no" work like "pt" and "nb"; codes without standard knowledge only find custom
// entries; empty means every language.
//
// What comes back are words of the vocabulary, each once, never the word itself: at most limits::word_variants_max words,
// limits::compound_splits_max splits. The work for one word is bounded, whatever the size of the vocabulary.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

class Dictionaries;  // engine/dictionaries.h
class Vocabulary;    // engine/vocabulary.h

/// Cheap to make, to copy and to keep for one search. Threads may share one.
class Language {
public:
    /// Null: no custom entries.
    explicit Language(std::shared_ptr<const Dictionaries> dictionaries = nullptr);

    [[nodiscard]] bool is_stop_word(std::string_view folded, std::span<const std::string> languages) const;

    /// Singular for plural and the reverse, other cases and definite forms where a language has them: "men" for "man",
    /// "bilarna" for "bil".
    [[nodiscard]] std::vector<std::string> plural_variants(std::string_view folded,
                                                           std::span<const std::string> languages,
                                                           const Vocabulary& vocabulary) const;

    /// Other forms of the same verb or adjective: words that share their stem (Snowball), and irregular ones.
    [[nodiscard]] std::vector<std::string> conjugation_variants(std::string_view folded,
                                                                std::span<const std::string> languages,
                                                                const Vocabulary& vocabulary) const;

    /// The parts of a compound, in order, best split first: fewest parts, then the rarest part as frequent as possible.
    [[nodiscard]] std::vector<std::vector<std::string>> compound_splits(std::string_view folded,
                                                                        std::span<const std::string> languages,
                                                                        const Vocabulary& vocabulary) const;

    /// Languages with standard stop words, plurals and conjugations.
    [[nodiscard]] static std::span<const std::string_view> codes();
    /// Languages whose compounds are taken apart (A 2.4, decompoundQuery).
    [[nodiscard]] static std::span<const std::string_view> compounding_codes();

private:
    std::shared_ptr<const Dictionaries> dictionaries_;
};

}  // namespace penchant
