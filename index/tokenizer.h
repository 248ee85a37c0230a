// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text to words, the same way for records, queries and highlights.
//
// A word is a run of letters, digits and the marks that belong to them (Unicode categories L*, N*, M*); everything
// else separates, emoji and odd punctuation included, except characters of `separators_to_index`, each of which is a word
// of its own (letters, digits and white space listed there change nothing). An apostrophe separates ("men's" is "men",
// "s"); soft hyphens, joiners and other invisible characters inside a word are nothing. Scripts written without spaces
// (Han, Hiragana, Katakana) give one word a character, so that a query finds any part of a longer compound; Thai, Lao,
// Khmer and Burmese go through ICU's dictionary. Words are folded: NFKC case folding, then diacritics removed unless
// `keep_diacritics_on_characters` names the letter; index/character_table.h says what a diacritic is. Letters that
// `normalization` names become what it says before anything else. Plain ASCII takes a path of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

struct TokenizerOptions {
    std::string separators_to_index;
    std::string keep_diacritics_on_characters;
    /// Letter or digit, in either case, and the word characters that it becomes (A 3.7, customNormalization): "ä", "ae".
    /// Other characters change nothing.
    std::vector<std::pair<std::string, std::string>> normalization{};
};

/// One word of a text. `folded` lives until the sink returns.
struct Token {
    std::string_view folded;        ///< never empty; at most limits::word_bytes_max bytes, cut at a character
    std::uint32_t position = 0;     ///< 0, 1, 2, ... in this text
    std::size_t byte_begin = 0;     ///< where it stands in the original text; tokens never overlap
    std::size_t byte_end = 0;
};

/// Tokenizes for one index. Cheap to copy; threads may share one.
class Tokenizer {
public:
    explicit Tokenizer(TokenizerOptions options = {});

    /// Calls `sink` for every word in order. Bytes that are not UTF-8 separate.
    void tokenize(std::string_view text, const std::function<void(const Token&)>& sink) const;

    /// The folded form of a whole text, separators kept as they are: how facet values are compared (A 2.7: without
    /// case) and facet searches match. A byte that is not UTF-8 becomes U+FFFD. Folding a folded text changes nothing.
    [[nodiscard]] std::string fold(std::string_view text) const;

    /// How many bytes of `original` (one word as it stands in a text) fold to the first `folded_bytes` bytes of its folded form:
    /// what a prefix match puts between the highlight tags.
    [[nodiscard]] std::size_t original_prefix_bytes(std::string_view original, std::size_t folded_bytes) const;

private:
    using Sink = std::function<void(const Token&)>;
    struct Word;  // where the word at a position ends, and of which kind it is

    [[nodiscard]] Word word_at(std::string_view text, std::size_t begin) const;
    std::size_t tokenize_character(std::string_view text, std::size_t begin, Token& token, std::string& folded,
                                   const Sink& sink) const;
    void emit(std::string_view text, Token& token, std::string& folded, const Sink& sink) const;
    void append_folded(std::string& out, std::string_view word, std::size_t bytes_enough) const;
    [[nodiscard]] bool is_indexed_separator(char32_t code_point) const;

    [[nodiscard]] const std::string* normalized(char32_t code_point) const;

    std::array<char, 256> ascii_words_;         ///< by byte; without letters that are normalized
    std::array<bool, 128> ascii_separators_{};  ///< of separators_to_index
    std::vector<char32_t> other_separators_;    ///< sorted
    std::vector<char32_t> kept_;                ///< letters that keep their diacritics, composed and folded; sorted
    std::vector<std::pair<char32_t, std::string>> normalization_;  ///< letter in lower case, its folded form; sorted
};

/// Calls `visit(begin, end)` for the parts of a word as it is written, in order, where case or digits part it: "Super", "Mario",
/// "64", "Kart" of "SuperMario64Kart", "HTML" and "Parser" of "HTMLParser". One part: the word as a whole.
void for_each_camel_case_part(std::string_view word, const std::function<void(std::size_t begin, std::size_t end)>& visit);

}  // namespace penchant
