// SPDX-License-Identifier: GPL-3.0-or-later
//
// How stems change their letters when a word changes its ending: umlauts, consonants that soften, vowels and consonants that
// double. Everything here only proposes; the vocabulary decides.
#pragma once

#include <functional>
#include <string_view>

namespace penchant::language {

using Visit = std::function<void(std::string_view)>;

/// Other spellings of a stem in the same paradigm. German: "haeus", "häus" for "haus" and the reverse, since an index
/// may write umlauts either way. Finnish: the grades of the consonants before its last vowels ("kukka", "kuka").
void for_each_spelling(std::string_view code, std::string_view stem, const Visit& visit);

/// Dutch plurals and singulars whose vowel or consonant doubles: "boot" and "boten", "bed" and "bedden".
void for_each_dutch_number(std::string_view word, const Visit& visit);

/// For a word that may be a form of a verb: calls visit(base, form) with its participles with "ge-", or, for a participle,
/// with the forms without. `infinitives`: their endings, with spaces between.
void for_each_participle(std::string_view word, std::string_view infinitives,
                         const std::function<void(std::string_view base, std::string_view form)>& visit);

}  // namespace penchant::language
