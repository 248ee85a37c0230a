// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text to words, the same way for records, queries and highlights.
//
// A word is a run of letters, digits and the marks that belong to them (Unicode categories L*, N*, M*); everything
// else separates, emoji and odd punctuation included, except characters of `separators_to_index`, each of which is a word
// of its own. An apostrophe separates ("men's" is "men", "s"). Scripts written without spaces (Han, Hiragana, Katakana)
// give one word a character, so that a query finds any part of a longer compound; Thai, Lao, Khmer and Burmese go
// through ICU's dictionary. Words are folded: NFKC case folding, then marks removed unless
// `keep_diacritics_on_characters` names the letter. Plain ASCII takes a path of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace penchant {

struct TokenizerOptions {
    std::string separators_to_index;
    std::string keep_diacritics_on_characters;
};

/// One word of a text. `folded` borrows from the tokenizer and lives until the sink returns.
struct Token {
    std::string_view folded;        ///< at most limits::word_bytes_max bytes, cut at a character
    std::uint32_t position = 0;     ///< 0, 1, 2, ... in this text
    std::size_t byte_begin = 0;     ///< where it stands in the original text
    std::size_t byte_end = 0;
};

/// Tokenizes for one index. Cheap to copy; a Tokenizer belongs to one thread at a time.
class Tokenizer {
public:
    explicit Tokenizer(TokenizerOptions options = {});

    /// Calls `sink` for every word in order. Bytes that are not UTF-8 separate.
    void tokenize(std::string_view text, const std::function<void(const Token&)>& sink) const;

    /// The folded form of a whole text, separators kept as they are: how facet values are compared (A 2.7: without
    /// case) and facet searches match.
    [[nodiscard]] std::string fold(std::string_view text) const;

    /// How many bytes of `original` (one word as it stands in a text) fold to the first `folded_bytes` bytes of its folded form:
    /// what a prefix match puts between the highlight tags.
    [[nodiscard]] std::size_t original_prefix_bytes(std::string_view original, std::size_t folded_bytes) const;

private:
    TokenizerOptions options_;
};

}  // namespace penchant
