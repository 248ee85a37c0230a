// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each Unicode character is to us: whether it makes words, and what it folds to. Answers come from ICU once a page
// of 256 characters and are then two array look-ups, since asking ICU for every letter of a catalog would be half the
// work of indexing it.
//
// Any thread. Pages are made by whoever needs them first and stay for the life of the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace penchant {

enum class CharacterKind : std::uint8_t {
    separator,   ///< ends a word: space, punctuation, symbols, emoji
    letter,      ///< letters and numbers of scripts that put spaces between words
    mark,        ///< belongs to the letter before it: accents, vowel signs
    ignorable,   ///< inside a word it is nothing: soft hyphen, joiners, variation selectors, the Arabic tatweel
    ideograph,   ///< a word of its own: Han, Hiragana, Katakana
    dictionary,  ///< Thai, Lao, Khmer, Burmese: words are found in ICU's dictionary
};

struct Character {
    CharacterKind kind = CharacterKind::separator;
    bool composes = false;    ///< its folded form may join with the one before: normalize (NFC) after joining
    std::string_view folded;  ///< UTF-8 that lives for ever; the character itself for separators; may be empty
};

/// NFKC case folding of one character, then without what we take for diacritics: combining marks of Latin, Greek,
/// Cyrillic, Arabic, Hebrew and Syriac letters, and the strokes Unicode does not decompose (ø, ł, đ, ı, æ, œ, ...). Vowel signs of
/// Indic and Thai letters and the voicing marks of kana stay: without them words become others. A character
/// whose compatibility form is no word ("½", "⑴") stays as it is. `code_point` is at most 0x10FFFF.
[[nodiscard]] Character character(char32_t code_point);

/// What decode_character gives for bytes that are not UTF-8.
inline constexpr char32_t no_character = 0xFFFFFFFF;

struct DecodedCharacter {
    char32_t code_point = no_character;
    std::size_t bytes = 1;
};

/// The character at `at` (less than text.size()); no_character of one byte where the bytes are not UTF-8.
[[nodiscard]] inline DecodedCharacter decode_character(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;  // 0 continues nothing
    };
    const auto continues = [](std::uint32_t value) { return (value & 0xC0U) == 0x80U; };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    if (lead >= 0xC2 && lead < 0xE0 && continues(byte(1))) {
        return {((lead & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
    }
    if (lead >= 0xE0 && lead < 0xF0 && continues(byte(1)) && continues(byte(2))) {
        const char32_t point = ((lead & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
        if (point >= 0x800 && (point < 0xD800 || point > 0xDFFF)) return {point, 3};
    }
    if (lead >= 0xF0 && lead < 0xF5 && continues(byte(1)) && continues(byte(2)) && continues(byte(3))) {
        const char32_t point = ((lead & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) |
                               (byte(3) & 0x3FU);
        if (point >= 0x10000 && point <= 0x10FFFF) return {point, 4};
    }
    return {};
}

}  // namespace penchant
