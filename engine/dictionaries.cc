// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dictionaries.h"

#include "index/tokenizer.h"

#include <algorithm>
#include <utility>

namespace penchant {
namespace {

constexpr std::array<std::string_view, dictionary_kinds.size()> names{"stopwords", "plurals", "compounds"};

std::string key_of(std::string_view language, std::string_view word) {
    std::string key;
    key.reserve(language.size() + 1 + word.size());
    key.append(language);
    key.push_back('\0');
    key.append(word);
    return key;
}

void add_once(std::vector<std::string>& list, const std::string& value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

bool has(std::span<const std::string> list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::string_view dictionary_name(DictionaryKind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<DictionaryKind> dictionary_kind(std::string_view name) {
    for (const DictionaryKind kind : dictionary_kinds) {
        if (dictionary_name(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string table_code(std::string_view language) {
    std::string code;
    for (const char letter : language) {
        if (letter == '-' || letter == '_') break;  // the region does not change the tables
        code.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
    }
    if (code == "no" || code == "nn") code = "nb";
    return code;
}

Dictionaries::Dictionaries(std::span<const DictionaryEntry> entries, const DisabledStandard& disabled) {
    const Tokenizer tokenizer;
    for (const DictionaryEntry& entry : entries) {
        const std::string language = table_code(entry.language);
        add_once(languages_[static_cast<std::size_t>(entry.kind)], language);
        std::vector<std::string> folded;
        for (const std::string& word : entry.words) folded.push_back(tokenizer.fold(word));
        if (folded.empty()) continue;
        switch (entry.kind) {
            case DictionaryKind::stopwords: stop_words_.insert_or_assign(key_of(language, folded.front()), entry.enabled); break;
            case DictionaryKind::plurals:
                for (const std::string& word : folded) plurals_[key_of(language, word)].push_back({folded, entry.enabled});
                break;
            case DictionaryKind::compounds: {
                std::vector<std::string> parts;
                if (entry.enabled) {
                    for (const std::string& part : entry.decomposition) parts.push_back(tokenizer.fold(part));
                }
                compounds_.insert_or_assign(key_of(language, folded.front()), std::move(parts));
                break;
            }
        }
    }
    for (std::size_t kind = 0; kind < disabled.size(); ++kind) {
        for (const auto& [language, off] : disabled[kind]) {
            if (off) add_once(standard_off_[kind], table_code(language));
        }
    }
}

bool Dictionaries::uses_standard(DictionaryKind kind, std::string_view language) const {
    return !has(standard_off_[static_cast<std::size_t>(kind)], language);
}

std::optional<bool> Dictionaries::stop_word(std::string_view language, std::string_view folded) const {
    if (stop_words_.empty()) return std::nullopt;
    const auto found = stop_words_.find(key_of(language, folded));
    if (found == stop_words_.end()) return std::nullopt;
    return found->second;
}

std::span<const Dictionaries::Forms> Dictionaries::plurals(std::string_view language, std::string_view folded) const {
    if (plurals_.empty()) return {};
    const auto found = plurals_.find(key_of(language, folded));
    if (found == plurals_.end()) return {};
    return found->second;
}

const std::vector<std::string>* Dictionaries::compound(std::string_view language, std::string_view folded) const {
    if (compounds_.empty()) return nullptr;
    const auto found = compounds_.find(key_of(language, folded));
    return found == compounds_.end() ? nullptr : &found->second;
}

}  // namespace penchant
