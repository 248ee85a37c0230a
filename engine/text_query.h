// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a query, and what each searchable attribute counts for it. Both are made once a search, before any
// posting is read.
#pragma once

#include "engine/query.h"
#include "index/analysis.h"
#include "index/settings.h"
#include "index/snapshot.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// One way to satisfy a query word, and what it costs. Today there is one a word, the word itself; typos, synonyms and
/// split or joined words come in here, each with its own price.
struct Alternative {
    std::string word;         ///< folded, as in the index
    bool prefix = false;      ///< also every longer word that begins with it
    std::uint32_t typos = 0;  ///< for criterion `typo`
};

struct QueryWord {
    std::vector<Alternative> alternatives;  ///< never empty; the first is what the visitor typed
    [[nodiscard]] const Alternative& typed() const { return alternatives.front(); }
};

struct TextQuery {
    std::vector<QueryWord> words;  ///< in the order typed; empty: everything matches
    /// A text that is the same for two queries exactly when their words are.
    [[nodiscard]] std::string normalized() const;
};

/// Splits `text` as records are split; words past limits::query_words_max are left out. Text without a single word
/// (empty, or punctuation only) gives no words.
[[nodiscard]] TextQuery text_query(std::string_view text, QueryType type, const Settings& settings);

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
    bool ranked = false;               ///< criterion `attribute` is on
    std::uint32_t value_max = 0;       ///< no place has a higher value()
    [[nodiscard]] const AttributeRule& of(Place place) const { return rules[place_attribute(place)]; }
};

/// Names in `restrict_to` that are not searchable match nothing (A 2.4); an entry covers the paths nested under it.
[[nodiscard]] AttributeRules attribute_rules(const Settings& settings, const AttributeTable& attributes,
                                             std::span<const std::string> restrict_to);

}  // namespace penchant
