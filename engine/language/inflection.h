// SPDX-License-Identifier: GPL-3.0-or-later
//
// How words of a language change: endings that stand for each other. Which of the forms made with them are words is for the
// vocabulary to say, so a table may be generous; it costs one look-up for each form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace penchant::language {

/// Endings that the forms of one word have behind the same stem.
struct Paradigm {
    std::string_view before;   ///< the stem's last letter is one of these; with '^' in front: none of them; empty: any
    std::string_view endings;  ///< folded, with spaces between; "-" is no ending
    std::uint8_t stem_letters_min = 3;
};

/// Forms of verbs (and adjectives): any ending may stand for any other, where stems agree.
struct Conjugation {
    std::string_view endings;      ///< with their accents, spaces between; "-" is no ending
    /// Where one of these behind the same beginning is a word, it is taken for the infinitive, and the forms in `regular`
    /// are the verb's, whatever the stemmer says: stemmers leave many endings of these languages alone. Empty: only stems count.
    std::string_view infinitives;
    std::string_view regular;          ///< some of `endings`
    bool participles_with_ge = false;  ///< "gemacht" of "machen"
};

struct Inflection {
    std::span<const Paradigm> plurals;
    std::span<const std::string_view> irregular_plurals;  ///< each: forms of one word, spaces between
    std::span<const std::string_view> not_plurals;        ///< sorted: neither plural of anything nor singular
    Conjugation conjugation;
    std::span<const std::string_view> irregular_verbs;    ///< each: forms of one verb
};

/// Null for a language without tables. `code` as in codes().
[[nodiscard]] const Inflection* inflection(std::string_view code);

}  // namespace penchant::language
