// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rule_conditions.h"

#include "index/limits.h"

#include <algorithm>

namespace penchant {
namespace {

constexpr std::string_view white_space = " \t\r\n";

/// Tries a pattern from one word on. A pair (part, word) that has failed once is not tried again, so that the work is
/// bounded by parts times words times the length of a placeholder.
class PatternSearch {
public:
    PatternSearch(const RuleText& text, std::span<const PatternPart> pattern, bool to_the_end, const WordsAlike* alike)
        : text_(text),
          pattern_(pattern),
          to_the_end_(to_the_end),
          alike_(alike),
          failed_((pattern.size() + 1) * (text.words().size() + 1)) {}

    std::optional<PatternMatch> match_at(std::size_t first) {
        values_.clear();
        const std::optional<std::size_t> last = match(0, first);
        if (!last) return std::nullopt;
        return PatternMatch{first, *last, {values_.rbegin(), values_.rend()}};
    }

private:
    // Where the rest of the pattern ends; values are gathered from the last one backwards.
    std::optional<std::size_t> match(std::size_t part, std::size_t word) {
        const std::size_t words = text_.words().size();
        if (part == pattern_.size()) return !to_the_end_ || word == words ? std::optional(word) : std::nullopt;
        const std::size_t pair = part * (words + 1) + word;
        if (failed_[pair]) return std::nullopt;
        const PatternPart& wanted = pattern_[part];
        if (!wanted.facet) {
            if (word < words && alike(text_.words()[word].folded, wanted.text))
                if (const auto last = match(part + 1, word + 1)) return last;
        } else {
            for (std::size_t count = std::min(words - word, limits::placeholder_words_max); count > 0; --count) {
                auto value = text_.facet_value(wanted.text, word, count);
                if (!value) continue;
                const auto last = match(part + 1, word + count);
                if (!last) continue;
                values_.push_back({wanted.text, std::move(*value)});
                return last;
            }
        }
        failed_[pair] = true;
        return std::nullopt;
    }

    [[nodiscard]] bool alike(std::string_view typed, std::string_view wanted) const {
        return typed == wanted || (alike_ && (*alike_)(typed, wanted));
    }

    const RuleText& text_;
    std::span<const PatternPart> pattern_;
    bool to_the_end_;
    const WordsAlike* alike_;
    std::vector<bool> failed_;
    std::vector<FoundFacetValue> values_;
};

bool same_filter(const FilterTerm& a, const FilterTerm& b, const Tokenizer& tokenizer) {
    return a.kind == b.kind && a.negated == b.negated && a.attribute == b.attribute &&
           (a.kind == FilterTerm::Kind::tag ? a.text == b.text : tokenizer.fold(a.text) == tokenizer.fold(b.text));
}

}  // namespace

RuleText::RuleText(std::string text, const Tokenizer& tokenizer, const Snapshot& snapshot)
    : text_(std::move(text)), tokenizer_(&tokenizer), snapshot_(&snapshot) {
    tokenizer.tokenize(text_, [&](const Token& token) {
        if (words_.size() < limits::query_words_max)
            words_.push_back({std::string(token.folded), token.byte_begin, token.byte_end});
    });
}

std::optional<std::string> RuleText::facet_value(std::string_view facet, std::size_t first, std::size_t count) const {
    const auto attribute = snapshot_->columns.find_facet(facet);
    if (!attribute) return std::nullopt;
    const FacetDictionary& dictionary = snapshot_->columns.dictionary(*attribute);
    const auto counts = snapshot_->columns.value_counts().subspan(snapshot_->columns.flat_begin(*attribute));
    const auto find = [&](std::string_view folded) -> std::optional<std::string> {
        for (const std::uint32_t value : dictionary.find_folded(folded))
            if (counts[value] != 0) return dictionary.value(value).text;
        return std::nullopt;
    };
    // As typed; with the punctuation around it ("Yahoo!"); and its words with other punctuation between.
    std::size_t begin = words_[first].byte_begin;
    std::size_t end = words_[first + count - 1].byte_end;
    const std::string_view text(text_);
    if (auto value = find(tokenizer_->fold(text.substr(begin, end - begin)))) return value;
    while (begin > 0 && white_space.find(text[begin - 1]) == std::string_view::npos) --begin;
    while (end < text.size() && white_space.find(text[end]) == std::string_view::npos) ++end;
    if (auto value = find(tokenizer_->fold(text.substr(begin, end - begin)))) return value;
    if (count == 1) return std::nullopt;
    for (const char between : {' ', '-'}) {
        std::string joined;
        for (std::size_t i = first; i < first + count; ++i) {
            if (i != first) joined += between;
            joined += words_[i].folded;
        }
        if (auto value = find(joined)) return value;
    }
    return std::nullopt;
}

std::vector<PatternMatch> find_pattern(const RuleText& text, std::span<const PatternPart> pattern, Anchoring anchoring,
                                       const WordsAlike* alike) {
    std::vector<PatternMatch> found;
    const bool from_the_start = anchoring == Anchoring::is || anchoring == Anchoring::starts_with;
    const bool to_the_end = anchoring == Anchoring::is || anchoring == Anchoring::ends_with;
    PatternSearch search(text, pattern, to_the_end, alike);
    for (std::size_t first = 0; first < text.words().size();) {
        auto match = search.match_at(first);
        first = match ? match->last : first + 1;
        if (match) found.push_back(std::move(*match));
        if (from_the_start) break;
    }
    return found;
}

std::optional<std::vector<FoundFacetValue>> match_condition(const RuleCondition& condition, const RuleQuery& query) {
    if (!condition.context.empty() &&
        std::find(query.contexts.begin(), query.contexts.end(), condition.context) == query.contexts.end())
        return std::nullopt;
    const Tokenizer plain;
    for (const FilterTerm& wanted : condition.filters)
        if (std::none_of(query.filters.begin(), query.filters.end(),
                         [&](const FilterTerm& given) { return same_filter(given, wanted, plain); }))
            return std::nullopt;
    std::vector<FoundFacetValue> values;
    if (!condition.anchoring) return values;
    if (condition.pattern.empty()) return query.text.words().empty() ? std::optional(std::move(values)) : std::nullopt;
    const auto matches = find_pattern(query.text, condition.pattern, *condition.anchoring,
                                      condition.alternatives ? &query.alike : nullptr);
    if (matches.empty()) return std::nullopt;
    for (const PatternMatch& match : matches) values.insert(values.end(), match.values.begin(), match.values.end());
    return values;
}

}  // namespace penchant
