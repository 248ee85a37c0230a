// SPDX-License-Identifier: GPL-3.0-or-later
//
// What else a typed word may stand for, and what it costs (A 2.6):
//
//     another number, verb form or the parts of a compound   no typo
//     a synonym                                              no typo; a correction the one or two it is worth
//     a similar word, or a similar beginning of words        its distance
//     two words that it was typed together from              one
//     it and the word behind it as one                       one
//
// All work is bounded by index/limits.h.
#pragma once

#include "engine/text_query.h"
#include "engine/vocabulary.h"

#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace penchant {

/// A word as it was typed, in the order typed; among them stop words, which are no words of the query any more.
struct TypedToken {
    static constexpr std::size_t no_word = std::numeric_limits<std::size_t>::max();
    std::string folded;
    std::size_t word = no_word;  ///< of the query
    bool plain = true;           ///< not in quotes
};

/// Adds alternatives to the query's words, each of which has the one that was typed.
void expand(TextQuery& text, std::span<const TypedToken> tokens, const Query& query, const WordSources& sources);

}  // namespace penchant
