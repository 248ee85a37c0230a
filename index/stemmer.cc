// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/stemmer.h"

#include "index/xapian_boundary.h"

#include <xapian.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace penchant {
namespace {

struct Name {
    std::string_view code;
    const char* xapian;
};
constexpr Name names[] = {{"da", "danish"}, {"de", "german"},    {"en", "english"}, {"es", "spanish"},
                          {"fi", "finnish"}, {"fr", "french"},   {"it", "italian"}, {"nb", "norwegian"},
                          {"nl", "dutch"},  {"pt", "portuguese"}, {"sv", "swedish"}};

// Made when first used. One that cannot be made (a Xapian without it) stays as it is by default: every word is its own stem.
struct Stemmers {
    std::array<Xapian::Stem, std::size(names)> stemmers;
    std::array<bool, std::size(names)> made{};
};

}  // namespace

std::string stem(std::string_view language, std::string_view word) {
    const auto* const name =
        std::find_if(std::begin(names), std::end(names), [&](const Name& each) { return each.code == language; });
    if (name == std::end(names)) return std::string{word};
    thread_local Stemmers mine;
    const auto number = static_cast<std::size_t>(name - std::begin(names));
    if (!mine.made[number]) {
        mine.made[number] = true;
        const auto made = guarded([&] { mine.stemmers[number] = Xapian::Stem{name->xapian}; });
        if (!made) mine.stemmers[number] = Xapian::Stem{};
    }
    auto stemmed = guarded([&] { return mine.stemmers[number](std::string{word}); });
    return stemmed ? std::move(*stemmed) : std::string{word};
}

}  // namespace penchant
