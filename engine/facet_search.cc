// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/facet_search.h"

#include "engine/highlight.h"
#include "engine/text_query.h"
#include "index/analysis.h"
#include "index/fuzzy.h"
#include "index/limits.h"
#include "index/tokenizer.h"

#include <algorithm>

namespace penchant {
namespace {

/// Typos that a word of the query may have (A 2.6).
std::uint8_t typos_of(std::string_view word, const WordRules& rules) {
    if (rules.typo_tolerance == TypoTolerance::off) return 0;
    if (!rules.allow_typos_on_numeric_tokens &&
        std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return 0;
    const auto characters = std::count_if(word.begin(), word.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // the first byte of each
    });
    const auto length = static_cast<std::uint32_t>(characters);
    return length >= rules.min_word_size_for_2_typos ? typo_edits_max : length >= rules.min_word_size_for_1_typo ? 1 : 0;
}

/// Gives the query's words those words of the values as alternatives that are near. False: there was more to look at.
bool add_similar_words(TextQuery& wanted, const Snapshot& snapshot, const Query& query, std::span<const FacetTally> tallies) {
    std::vector<std::uint8_t> typos;
    for (const QueryWord& word : wanted.words) typos.push_back(typos_of(word.typed().words.front(), query.words));
    if (std::all_of(typos.begin(), typos.end(), [](std::uint8_t most) { return most == 0; })) return true;
    const Settings& settings = *snapshot.settings;
    const Tokenizer tokenizer = tokenizer_of(settings);
    std::size_t values = 0;
    std::size_t words = 0;
    const auto look_at = [&](const Token& token) {
        for (std::size_t i = 0; i < wanted.words.size(); ++i) {
            QueryWord& word = wanted.words[i];
            const std::string& typed = word.typed().words.front();
            const bool prefix = word.typed().prefix;
            if (typos[i] == 0 || (prefix ? token.folded.starts_with(typed) : token.folded == typed)) continue;
            const auto distance = prefix ? prefix_typo_distance(typed, token.folded, typos[i])
                                         : typo_distance(typed, token.folded, typos[i]);
            if (!distance || words == limits::facet_similar_words_max) continue;
            const bool known = std::any_of(word.alternatives.begin(), word.alternatives.end(), [&](const WordAlternative& each) {
                return each.kind == AlternativeKind::typo && each.alternative.words.front() == token.folded;
            });
            if (known) continue;
            WordAlternative similar;
            similar.kind = AlternativeKind::typo;
            similar.alternative = {{std::string(token.folded)}, false, *distance, false};
            similar.first_word = static_cast<std::uint32_t>(i);
            word.alternatives.push_back(std::move(similar));
            ++words;
        }
    };
    for (const FacetTally& tally : tallies) {
        const FacetDictionary& dictionary = snapshot.columns.dictionary(tally.attribute);
        for (const auto& [ordinal, count] : tally.counts) {
            if (++values > limits::facet_typo_values_max) return false;
            tokenizer.tokenize(dictionary.value(ordinal).folded, look_at);
        }
    }
    for (QueryWord& word : wanted.words)
        std::stable_sort(word.alternatives.begin() + 1, word.alternatives.end(), [](const auto& a, const auto& b) {
            return a.alternative.typos < b.alternative.typos;
        });
    return words < limits::facet_similar_words_max;
}

}  // namespace

FacetHits facet_hits(const Snapshot& snapshot, const Query& query, std::span<const FacetTally> tallies) {
    FacetHits result;
    TextQuery wanted = text_query(query.facet_query, QueryType::prefix_last, *snapshot.settings);
    result.exhaustive = add_similar_words(wanted, snapshot, query, tallies);
    const Highlighter highlighter(query, wanted, *snapshot.settings);

    struct Found {
        const FacetDictionary::Value* value;
        std::uint32_t count;
    };
    std::vector<Found> found;
    for (const FacetTally& tally : tallies) {
        const FacetDictionary& dictionary = snapshot.columns.dictionary(tally.attribute);
        for (const auto& [ordinal, count] : tally.counts) {
            const FacetDictionary::Value& value = dictionary.value(ordinal);
            // Cheap look first: a text that does not hold the letters cannot hold the word.
            const bool possible = std::all_of(wanted.words.begin(), wanted.words.end(), [&](const QueryWord& word) {
                return std::any_of(word.alternatives.begin(), word.alternatives.end(), [&](const WordAlternative& each) {
                    return value.folded.find(each.alternative.words.front()) != std::string::npos;
                });
            });
            if (possible && highlighter.matches(value.text)) found.push_back({&value, count});
        }
    }
    const bool by_count = query.sort_facet_values_by == FacetOrder::count;
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(query.max_facet_hits, found.size()));
    std::partial_sort(found.begin(), end, found.end(), [&](const Found& a, const Found& b) {
        if (by_count && a.count != b.count) return a.count > b.count;
        return a.value->text < b.value->text;
    });
    for (auto it = found.begin(); it != end; ++it)
        result.hits.push_back({{"value", it->value->text},
                               {"highlighted", highlighter.tagged(it->value->text)},
                               {"count", it->count}});
    return result;
}

}  // namespace penchant
