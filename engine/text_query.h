// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a query, and what each searchable attribute counts for it. Both are made once a search, before any
// posting is read.
#pragma once

#include "engine/language.h"
#include "engine/query.h"
#include "engine/synonyms.h"
#include "index/analysis.h"
#include "index/segment.h"
#include "index/settings.h"
#include "index/snapshot.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Why an alternative is one.
enum class AlternativeKind : std::uint8_t {
    typed, typo, split, joined, plural, conjugation, compound, synonym, correction
};

/// One way to satisfy a word of the query. A word that joins several typed ones ("ice cream" -> "icecream"), or a synonym
/// of several typed words, is an alternative of each of them; its typos are charged to the last one only.
struct WordAlternative {
    Alternative alternative;  ///< index/segment.h
    AlternativeKind kind = AlternativeKind::typed;
    std::uint32_t first_word = 0;  ///< it stands for the query's words first_word .. first_word + word_count - 1
    std::uint32_t word_count = 1;
};

/// One word of the query, or one phrase in quotes, or a word of a script without spaces: the index has a word a character
/// there, and the query's word means them in a row.
struct QueryWord {
    std::vector<WordAlternative> alternatives;  ///< never empty; the first is what the visitor typed; prices ascending
    std::uint32_t typed_words = 1;              ///< of a phrase: how many words it has
    bool optional = false;                      ///< records without it match, too, and rank behind by criterion `words`
    bool removed = false;                       ///< it became optional because there were no results
    bool phrase = false;                        ///< typed in quotes
    bool unspaced = false;                      ///< of such a script
    std::uint32_t text_begin = 0;               ///< where it stands in the query's text, quotes left out
    std::uint32_t text_end = 0;
    [[nodiscard]] const Alternative& typed() const { return alternatives.front().alternative; }
    [[nodiscard]] std::string typed_text() const;  ///< its words with spaces between, its characters without
};

struct TextQuery {
    std::vector<QueryWord> words;     ///< in the order typed; empty: everything matches
    std::vector<QueryWord> excluded;  ///< typed with a minus (advancedSyntax): records with one of them do not match
    bool typos = false;               ///< typo tolerance is on: some words were looked up
    bool typos_exhaustive = true;     ///< no candidate word was left out because of a limit
    bool words_first = false;         ///< similarQuery: criterion `words` comes before all others
    std::string after_removal;        ///< queryAfterRemoval: words made optional between <em> and </em>; empty: none were
    /// A text that is the same for two queries exactly when their words are.
    [[nodiscard]] std::string normalized() const;
    /// The words as they are searched: stop words left out, phrases in quotes, excluded words behind a minus.
    [[nodiscard]] std::string parsed() const;
};

/// What is known about words beside the records: of one index, and of a whole application.
struct WordKnowledge {
    std::shared_ptr<const Synonyms> synonyms;  ///< null: none
    Language language = Language();
};

/// What a query's words are looked up in.
struct WordSources {
    const Snapshot& snapshot;
    const Synonyms& synonyms;
    const Language& language;
};

/// The query's words with all that stands for them: syntax, stop words and optional words (A 2.4), then typos, splits,
/// joins (A 2.6), other forms, parts of compounds and synonyms, priced (engine/expansion.h). Words past
/// limits::query_words_max are left out. Text without a single word (empty, or punctuation only) gives no words.
[[nodiscard]] TextQuery text_query(const Query& query, const WordSources& sources);

/// Only the words that are typed, split as records are split.
[[nodiscard]] TextQuery text_query(std::string_view text, QueryType type, const Settings& settings);

/// removeWordsIfNoResults, after a search without results: makes the next word optional (or all), and writes
/// after_removal. `query_text` is what the words were made of. False, and nothing changed, when there is no more to try: five
/// words were removed, or only one is left that is not optional.
[[nodiscard]] bool remove_word(TextQuery& text, RemoveWords order, std::string_view query_text);
/// Undoes all of that.
void restore_words(TextQuery& text);

/// What a place in one attribute means for a query.
struct AttributeRule {
    std::uint32_t base = 0;           ///< rank * 1000, for criterion `attribute`
    std::uint16_t position_max = 0;   ///< 999, or 0 where the position does not count
    bool searchable = true;           ///< restrictSearchableAttributes lets it be seen
    bool prefix = true;               ///< words may match as prefixes here
    bool exact = true;                ///< exact words count for criterion `exact`
    [[nodiscard]] std::uint32_t value(Place place) const {
        const std::uint32_t position = place_position(place);
        return base + (position < position_max ? position : position_max);
    }
};

struct AttributeRules {
    std::vector<AttributeRule> rules;  ///< one for each attribute number
    bool restricted = false;           ///< some rule hides places: not searchable, or no prefixes
    std::vector<AttributeId> hidden;       ///< attributes that are not searchable, ascending; so are the next two
    std::vector<AttributeId> typo_free;    ///< words with typos do not count here (disableTypoToleranceOnAttributes)
    std::vector<AttributeId> prefix_free;  ///< nor do words that only begin as typed
    bool ranked = false;               ///< criterion `attribute` is on
    std::uint32_t value_max = 0;       ///< no place has a higher value()
    [[nodiscard]] const AttributeRule& of(Place place) const { return rules[place_attribute(place)]; }
    [[nodiscard]] PlaceScope scope() const { return {hidden, typo_free, prefix_free}; }
};

/// Names in `restrict_to` that are not searchable match nothing (A 2.4); an entry covers the paths nested under it.
/// `words` are the query's.
[[nodiscard]] AttributeRules attribute_rules(const Settings& settings, const WordRules& words,
                                             const AttributeTable& attributes,
                                             std::span<const std::string> restrict_to);

}  // namespace penchant
