// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text_query.h"

#include "index/limits.h"
#include "index/tokenizer.h"

#include <algorithm>

namespace penchant {
namespace {

constexpr std::uint32_t attribute_step = 1000;   // A 2.5: firstMatchedWord = rank * 1000 + position
constexpr std::uint16_t position_value_max = 999;
constexpr std::uint32_t rank_max = 1023;         // keeps a value within 20 bits
constexpr std::size_t rule_count = std::size_t{other_attributes} + 1;

bool any_covers(std::span<const std::string> entries, std::string_view path) {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const std::string& entry) { return covers(entry, path); });
}

}  // namespace

std::string QueryWord::typed_text() const {
    std::string text;
    for (const std::string& word : typed().words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string TextQuery::normalized() const {
    std::string text;
    const auto append = [&](const QueryWord& word) {
        for (const WordAlternative& each : word.alternatives) {
            for (const std::string& part : each.alternative.words) text += part + '_';
            text += each.alternative.prefix ? '*' : '.';
            text += each.alternative.exact ? '=' : '~';
            text += static_cast<char>('0' + each.alternative.typos);
            text += static_cast<char>('0' + each.alternative.distance_max);
        }
        text += word.optional ? '?' : ' ';
    };
    for (const QueryWord& word : words) append(word);
    text += '-';
    for (const QueryWord& word : excluded) append(word);
    return text;
}

TextQuery text_query(std::string_view text, QueryType type, const Settings& settings) {
    TextQuery query;
    const Tokenizer tokenizer = tokenizer_of(settings);
    tokenizer.tokenize(text, [&](const Token& token) {
        if (query.words.size() == limits::query_words_max || token.folded.empty()) return;
        QueryWord word;
        word.alternatives.resize(1);
        word.alternatives.front().alternative = {{std::string(token.folded)}, type == QueryType::prefix_all};
        word.alternatives.front().first_word = static_cast<std::uint32_t>(query.words.size());
        query.words.push_back(std::move(word));
    });
    if (type == QueryType::prefix_last && !query.words.empty())
        query.words.back().alternatives.front().alternative.prefix = true;
    return query;
}

AttributeRules attribute_rules(const Settings& settings, const WordRules& words, const AttributeTable& attributes,
                               std::span<const std::string> restrict_to) {
    AttributeRules result;
    result.rules.resize(rule_count);
    result.ranked = !settings.searchable_attributes.empty();
    const auto set = [&](std::size_t number, std::string_view path) {
        AttributeRule& rule = result.rules[number];
        if (result.ranked) {
            // The entry that covers the path; the longest one when a parent and its child are both listed.
            const SearchableAttribute* best = nullptr;
            for (const SearchableAttribute& entry : settings.searchable_attributes)
                if (covers(entry.path, path) && (!best || entry.path.size() > best->path.size())) best = &entry;
            rule.base = std::min(best ? best->rank : rank_max, rank_max) * attribute_step;
            rule.position_max = best && best->ordered ? position_value_max : std::uint16_t{0};
        }
        if (!restrict_to.empty()) rule.searchable = any_covers(restrict_to, path);
        rule.prefix = !any_covers(settings.disable_prefix_on_attributes, path);
        rule.exact = !any_covers(words.disable_exact_on_attributes, path);
        const auto id = static_cast<AttributeId>(number);
        if (!rule.searchable) result.hidden.push_back(id);
        if (any_covers(words.disable_typo_tolerance_on_attributes, path)) result.typo_free.push_back(id);
        if (!rule.prefix) result.prefix_free.push_back(id);
        result.restricted = result.restricted || !rule.searchable || !rule.prefix;
        result.value_max = std::max(result.value_max, rule.base + rule.position_max);
    };
    const std::size_t known = std::min<std::size_t>(attributes.size(), other_attributes);
    for (std::size_t number = 0; number < known; ++number)
        set(number, attributes.path(static_cast<AttributeId>(number)));
    // Attributes past the last number share one: words in them are found and rank behind all others.
    set(other_attributes, {});
    return result;
}

}  // namespace penchant
