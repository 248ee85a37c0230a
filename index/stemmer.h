// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stems of words (Snowball, by way of Xapian).
#pragma once

#include <string>
#include <string_view>

namespace penchant {

/// The stem of a word in lower case, with its diacritics or folded. `language`: en, de, fr, es, it, nl, pt, sv, da, nb, fi;
/// in any other language a word is its own stem. Any thread: each has its own stemmers.
[[nodiscard]] std::string stem(std::string_view language, std::string_view word);

}  // namespace penchant
