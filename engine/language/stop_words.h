// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard stop words: the words of a language that carry its grammar rather than a meaning (articles, pronouns,
// prepositions, conjunctions, auxiliaries, question words). Words that are as often the name of a thing ("can", "will",
// "may") are not among them: a shop's visitors look for things.
#pragma once

#include <span>
#include <string_view>

namespace penchant::language {

/// Folded, in byte order; empty for a language without a table. `code` as in codes() of tables.h.
[[nodiscard]] std::span<const std::string_view> stop_words(std::string_view code);

}  // namespace penchant::language
