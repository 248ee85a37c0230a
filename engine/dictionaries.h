// SPDX-License-Identifier: GPL-3.0-or-later
//
// An application's own dictionaries (A 3.10): stop words, plurals and compounds that add to the standard ones or take from
// them. A value of this class never changes; engine/dictionary_store.h keeps the current one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

enum class DictionaryKind : std::uint8_t { stopwords, plurals, compounds };
inline constexpr std::array dictionary_kinds{DictionaryKind::stopwords, DictionaryKind::plurals, DictionaryKind::compounds};

[[nodiscard]] std::string_view dictionary_name(DictionaryKind kind);
[[nodiscard]] std::optional<DictionaryKind> dictionary_kind(std::string_view name);

struct DictionaryEntry {
    DictionaryKind kind = DictionaryKind::stopwords;
    std::string object_id;
    std::string language;                    ///< as sent: "pt-br"
    std::vector<std::string> words;          ///< as sent: of a stop word or compound one, of plurals all forms
    std::vector<std::string> decomposition;  ///< of a compound: its parts, in order
    /// An entry that is off takes a standard one away: a stop word that is none, forms that are not of one word, a
    /// compound that stays whole.
    bool enabled = true;
    friend bool operator==(const DictionaryEntry&, const DictionaryEntry&) = default;
};

/// Languages whose standard entries are off, by kind (disableStandardEntries), as sent.
using DisabledStandard = std::array<std::map<std::string, bool>, dictionary_kinds.size()>;

/// What language tables call a language: "pt" for "pt-br" and "pt-pt", "nb" for "no" and "nn"; else the code in lower case.
[[nodiscard]] std::string table_code(std::string_view language);

/// Immutable; any thread. Words asked for are folded, languages are table codes.
class Dictionaries {
public:
    Dictionaries() = default;
    Dictionaries(std::span<const DictionaryEntry> entries, const DisabledStandard& disabled);

    [[nodiscard]] bool uses_standard(DictionaryKind kind, std::string_view language) const;

    /// True: a stop word. False: none, whatever the standard says. Nothing: no entry.
    [[nodiscard]] std::optional<bool> stop_word(std::string_view language, std::string_view folded) const;

    /// Groups of forms that the word is in.
    struct Forms {
        std::vector<std::string> words;  ///< folded
        bool enabled = true;
    };
    [[nodiscard]] std::span<const Forms> plurals(std::string_view language, std::string_view folded) const;

    /// Its parts; empty: it stays whole. Nothing: no entry.
    [[nodiscard]] const std::vector<std::string>* compound(std::string_view language, std::string_view folded) const;

    /// Languages that have entries of this kind, table codes.
    [[nodiscard]] std::span<const std::string> languages(DictionaryKind kind) const {
        return languages_[static_cast<std::size_t>(kind)];
    }

    /// Grows with every change: part of the key of whatever is remembered of answers.
    std::uint64_t generation = 0;

private:
    std::unordered_map<std::string, bool> stop_words_;  ///< language NUL word
    std::unordered_map<std::string, std::vector<Forms>> plurals_;
    std::unordered_map<std::string, std::vector<std::string>> compounds_;
    std::array<std::vector<std::string>, dictionary_kinds.size()> languages_;
    std::array<std::vector<std::string>, dictionary_kinds.size()> standard_off_;
};

}  // namespace penchant
