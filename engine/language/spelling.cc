// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language/spelling.h"

#include "engine/language/word_list.h"

#include <string>
#include <utility>

namespace penchant::language {
namespace {

constexpr std::string_view vowels = "aeiouy";
bool is_vowel(char letter) { return vowels.find(letter) != std::string_view::npos; }
bool is_consonant(char letter) { return letter >= 'a' && letter <= 'z' && !is_vowel(letter); }

std::string replaced(std::string_view text, std::size_t at, std::size_t bytes, std::string_view by) {
    std::string result{text.substr(0, at)};
    result.append(by).append(text.substr(at + bytes));
    return result;
}

struct Umlaut {
    std::string_view plain;
    std::string_view letter;
    std::string_view pair;
};
constexpr Umlaut umlauts[] = {{"a", "ä", "ae"}, {"o", "ö", "oe"}, {"u", "ü", "ue"}};

// The vowel that German umlauts is the last one that can be; of "au" it is the a.
void for_each_umlaut(std::string_view stem, const Visit& visit) {
    std::size_t last = std::string_view::npos;
    const Umlaut* plain = nullptr;
    for (const Umlaut& umlaut : umlauts) {
        if (const std::size_t at = stem.rfind(umlaut.letter); at != std::string_view::npos) {
            visit(replaced(stem, at, umlaut.letter.size(), umlaut.plain));
            return;
        }
        if (const std::size_t at = stem.rfind(umlaut.pair); at != std::string_view::npos) {
            visit(replaced(stem, at, umlaut.pair.size(), umlaut.plain));
        }
        const std::size_t at = stem.rfind(umlaut.plain);
        if (at != std::string_view::npos && (last == std::string_view::npos || at > last)) {
            last = at;
            plain = &umlaut;
        }
    }
    if (plain == nullptr) return;
    if (last > 0 && stem[last] == 'u' && stem[last - 1] == 'a') {
        --last;
        plain = &umlauts[0];
    }
    visit(replaced(stem, last, 1, plain->letter));
    visit(replaced(stem, last, 1, plain->pair));
}

constexpr std::pair<std::string_view, std::string_view> grades[] = {
    {"kk", "k"}, {"pp", "p"}, {"tt", "t"},  {"nt", "nn"}, {"nk", "ng"}, {"mp", "mm"},
    {"lt", "ll"}, {"rt", "rr"}, {"ht", "hd"}, {"t", "d"},  {"p", "v"},
};

void for_each_grade(std::string_view stem, const Visit& visit) {
    std::size_t end = stem.size();  // behind the consonants
    while (end > 0 && is_vowel(stem[end - 1])) --end;
    if (end == stem.size() || end == 0) return;
    const auto replace_end = [&](std::string_view from, std::string_view to) {
        if (end < from.size() + 1 || stem.substr(end - from.size(), from.size()) != from) return;
        if (from.size() == 1 && !is_vowel(stem[end - 2])) return;  // single consonants change between vowels
        visit(replaced(stem, end - from.size(), from.size(), to));
    };
    for (const auto& [strong, weak] : grades) {
        replace_end(strong, weak);
        replace_end(weak, strong);
    }
}

char hard(char letter) { return letter == 'v' ? 'f' : letter == 'z' ? 's' : letter; }
char soft(char letter) { return letter == 'f' ? 'v' : letter == 's' ? 'z' : letter; }

}  // namespace

void for_each_spelling(std::string_view code, std::string_view stem, const Visit& visit) {
    if (code == "de") for_each_umlaut(stem, visit);
    if (code == "fi") for_each_grade(stem, visit);
}

void for_each_dutch_number(std::string_view word, const Visit& visit) {
    const auto at_end = [](std::string_view text, std::size_t back) { return text[text.size() - back]; };
    if (word.size() >= 3 && is_consonant(word.back())) {
        const std::string all{word};
        if (is_vowel(at_end(word, 2)) && at_end(word, 2) == at_end(word, 3) && word.size() >= 4) {  // boot, kaas
            const std::string open = all.substr(0, all.size() - 2);
            visit(open + word.back() + "en");
            if (soft(word.back()) != word.back()) visit(open + soft(word.back()) + "en");
        } else if (is_vowel(at_end(word, 2)) && !is_vowel(at_end(word, 3))) {  // bed
            visit(all + word.back() + "en");
        }
    }
    if (word.size() < 5 || word.substr(word.size() - 2) != "en") return;
    const std::string base{word.substr(0, word.size() - 2)};
    if (!is_consonant(base.back())) return;
    const char before = at_end(base, 2);
    if (before == base.back()) {
        visit(std::string_view{base}.substr(0, base.size() - 1));  // bedden
    } else if (is_vowel(before) && base.size() >= 3 && !is_vowel(at_end(base, 3))) {  // boten, kazen
        visit(base.substr(0, base.size() - 1) + before + hard(base.back()));
    }
}

void for_each_participle(std::string_view word, std::string_view infinitives,
                         const std::function<void(std::string_view base, std::string_view form)>& visit) {
    constexpr std::string_view prefix = "ge";
    constexpr std::string_view endings = "t et en d";
    constexpr std::size_t base_letters_min = 3;
    std::string form;
    for_each_piece(endings, [&](std::string_view ending) {
        if (word.size() < prefix.size() + base_letters_min + ending.size() || word.substr(0, prefix.size()) != prefix ||
            word.substr(word.size() - ending.size()) != ending) {
            return;
        }
        const std::string base{word.substr(prefix.size(), word.size() - prefix.size() - ending.size())};
        for_each_piece(infinitives, [&](std::string_view infinitive) { visit(base, form.assign(base).append(infinitive)); });
        for (const std::string_view other : {"t", "te", "e"}) visit(base, form.assign(base).append(other));
    });
    constexpr std::string_view present = "en e t st te ten n";
    for_each_piece(present, [&](std::string_view ending) {
        if (word.size() < base_letters_min + ending.size() || word.substr(word.size() - ending.size()) != ending) return;
        const std::string base{word.substr(0, word.size() - ending.size())};
        for_each_piece(endings, [&](std::string_view participle) {
            visit(base, form.assign(prefix).append(base).append(participle));
        });
    });
}

}  // namespace penchant::language
