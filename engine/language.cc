// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language.h"

#include "engine/dictionaries.h"
#include "engine/language/compounds.h"
#include "engine/language/forms.h"
#include "engine/language/stop_words.h"
#include "engine/vocabulary.h"
#include "index/tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace penchant {
namespace {

constexpr std::array<std::string_view, 11> standard_codes{"en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi"};
constexpr std::array<std::string_view, 6> compound_codes{"de", "nl", "fi", "sv", "nb", "da"};

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 128; });
}

const Dictionaries& no_dictionaries() {
    static const Dictionaries none;
    return none;
}

/// Calls `visit(code)` for each language asked for, or for all that have standard or own entries, each once.
template <class Visit>
void for_each_language(std::span<const std::string> languages, std::span<const std::string_view> standard,
                       std::span<const std::string> own, Visit&& visit) {
    if (languages.empty()) {
        for (const std::string_view code : standard) visit(code);
        for (const std::string& code : own) {
            if (std::find(standard.begin(), standard.end(), code) == standard.end()) visit(std::string_view{code});
        }
        return;
    }
    std::vector<std::string> codes;
    for (const std::string& language : languages) {
        std::string code = table_code(language);
        if (std::find(codes.begin(), codes.end(), code) != codes.end()) continue;
        visit(std::string_view{code});
        codes.push_back(std::move(code));
    }
}

}  // namespace

Language::Language(std::shared_ptr<const Dictionaries> dictionaries) : dictionaries_{std::move(dictionaries)} {}

std::span<const std::string_view> Language::codes() { return standard_codes; }
std::span<const std::string_view> Language::compounding_codes() { return compound_codes; }

bool Language::is_stop_word(std::string_view folded, std::span<const std::string> languages) const {
    const Dictionaries& own = dictionaries_ ? *dictionaries_ : no_dictionaries();
    std::string plain;
    if (!is_ascii(folded)) {  // an index that keeps diacritics; the tables have none
        static const Tokenizer tokenizer;
        plain = tokenizer.fold(folded);
        folded = plain;
    }
    bool found = false;
    for_each_language(languages, standard_codes, own.languages(DictionaryKind::stopwords), [&](std::string_view code) {
        if (found) return;
        if (const std::optional<bool> entry = own.stop_word(code, folded)) {
            found = *entry;
        } else if (own.uses_standard(DictionaryKind::stopwords, code)) {
            const auto words = language::stop_words(code);
            found = std::binary_search(words.begin(), words.end(), folded);
        }
    });
    return found;
}

std::vector<std::string> Language::plural_variants(std::string_view folded, std::span<const std::string> languages,
                                                   const Vocabulary& vocabulary) const {
    const Dictionaries& own = dictionaries_ ? *dictionaries_ : no_dictionaries();
    language::Forms forms{folded, vocabulary};
    for_each_language(languages, standard_codes, own.languages(DictionaryKind::plurals), [&](std::string_view code) {
        for (const Dictionaries::Forms& group : own.plurals(code, folded)) {
            for (const std::string& word : group.words) {
                if (group.enabled) forms.offer(word);
            }
        }
        if (!own.uses_standard(DictionaryKind::plurals, code)) return;
        const std::size_t before = forms.found().size();
        language::add_plurals(code, forms);
        for (const Dictionaries::Forms& group : own.plurals(code, folded)) {
            if (!group.enabled) forms.remove(group.words, before);
        }
    });
    return std::move(forms).take();
}

std::vector<std::string> Language::conjugation_variants(std::string_view folded, std::span<const std::string> languages,
                                                        const Vocabulary& vocabulary) const {
    language::Forms forms{folded, vocabulary};
    for_each_language(languages, standard_codes, {}, [&](std::string_view code) { language::add_conjugations(code, forms); });
    return std::move(forms).take();
}

std::vector<std::vector<std::string>> Language::compound_splits(std::string_view folded,
                                                                std::span<const std::string> languages,
                                                                const Vocabulary& vocabulary) const {
    const Dictionaries& own = dictionaries_ ? *dictionaries_ : no_dictionaries();
    language::Splits splits{folded, vocabulary};
    for_each_language(languages, compound_codes, own.languages(DictionaryKind::compounds), [&](std::string_view code) {
        if (const auto* parts = own.compound(code, folded)) {
            splits.add_own(*parts);
        } else if (own.uses_standard(DictionaryKind::compounds, code)) {
            splits.add(code, [&](std::string_view word) {
                const auto words = language::stop_words(code);
                return std::binary_search(words.begin(), words.end(), word);
            });
        }
    });
    return std::move(splits).take();
}

}  // namespace penchant
