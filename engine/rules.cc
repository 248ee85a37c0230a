// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rules.h"

#include "engine/json_body.h"
#include "index/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace penchant {
namespace {

namespace json = boost::json;

/// A rule that applies, and why.
struct Applied {
    const Rule* rule = nullptr;
    std::tuple<int, std::size_t, int> specificity;
    std::vector<FoundFacetValue> values;  ///< of all its conditions that hold
    bool alternatives = false;            ///< one of them was met with alternatives allowed
};

std::tuple<int, std::size_t, int> specificity_of(const RuleCondition& condition) {
    const int more = (condition.context.empty() ? 0 : 1) + (condition.filters.empty() ? 0 : 1);
    if (!condition.anchoring) return {more == 0 ? 0 : 1, 0, more};
    switch (*condition.anchoring) {
        case Anchoring::is: return {4, condition.pattern.size(), more};
        case Anchoring::starts_with:
        case Anchoring::ends_with: return {3, condition.pattern.size(), more};
        case Anchoring::contains: return {2, condition.pattern.size(), more};
    }
    return {0, 0, 0};
}

std::optional<Applied> apply_rule(const Rule& rule, const RuleQuery& query) {
    Applied applied{&rule, {0, 0, 0}, {}, false};
    bool holds = rule.conditions.empty();
    for (const RuleCondition& condition : rule.conditions) {
        auto values = match_condition(condition, query);
        if (!values) continue;
        holds = true;
        applied.specificity = std::max(applied.specificity, specificity_of(condition));
        applied.alternatives = applied.alternatives || condition.alternatives;
        for (FoundFacetValue& value : *values)
            if (std::find(applied.values.begin(), applied.values.end(), value) == applied.values.end())
                applied.values.push_back(std::move(value));
    }
    return holds ? std::optional(std::move(applied)) : std::nullopt;
}

void collect_terms(const FilterExpression& expression, std::vector<FilterTerm>& terms) {
    if (expression.kind == FilterExpression::Kind::term) terms.push_back(expression.term);
    for (const FilterExpression& part : expression.parts) collect_terms(part, terms);
}

// -- the text ---------------------------------------------------------------------------------------------------------

void append_trimmed(std::string& out, std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return;
    text = text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
    if (!out.empty()) out += ' ';
    out += text;
}

/// The text after one edit, or nothing when it holds no such words.
std::optional<std::string> edited(const RuleText& text, const QueryEdit& edit, const WordsAlike* alike) {
    const auto places = find_pattern(text, edit.erase, Anchoring::contains, alike);
    if (places.empty()) return std::nullopt;
    std::string result;
    std::size_t from = 0;
    for (const PatternMatch& place : places) {
        const std::size_t begin = text.words()[place.first].byte_begin;
        append_trimmed(result, std::string_view(text.text()).substr(from, begin - from));
        append_trimmed(result, edit.insert);
        from = text.words()[place.last - 1].byte_end;
    }
    append_trimmed(result, std::string_view(text.text()).substr(from));
    if (result.size() > limits::query_bytes_max) return std::nullopt;
    return result;
}

// -- filters ----------------------------------------------------------------------------------------------------------

std::string filter_of(const AutomaticFilter& filter, std::string_view value) {
    // A value's own minus would negate the filter (A 2.7).
    const std::string_view sign = filter.negative ? "-" : value.starts_with('-') ? "\\" : "";
    const std::string score = filter.score == 1 ? std::string() : fmt::format("<score={}>", filter.score);
    return fmt::format("{}:{}{}{}", filter.facet, sign, value, score);
}

/// What the placeholders found, as facetFilters; null when they found nothing of these facets.
json::value automatic_filters(const std::vector<AutomaticFilter>& wanted, const std::vector<FoundFacetValue>& found) {
    json::array all;
    for (const AutomaticFilter& filter : wanted) {
        json::array any;
        for (const FoundFacetValue& value : found) {
            if (value.facet != filter.facet) continue;
            json::string text(filter_of(filter, value.value));
            if (filter.disjunctive) any.emplace_back(std::move(text));
            else all.emplace_back(json::array{std::move(text)});
        }
        if (!any.empty()) all.emplace_back(std::move(any));
    }
    return all.empty() ? json::value() : json::value(std::move(all));
}

bool has_filters(const FilterParameters& filters) {
    return !filters.filters.empty() || !filters.facet_filters.is_null() || !filters.numeric_filters.is_null() ||
           !filters.tag_filters.is_null() || !filters.optional_filters.is_null();
}

void merge_over(json::object& into, const json::object& from) {
    for (const auto& [name, value] : from) {
        json::value& own = into[name];
        if (own.is_object() && value.is_object()) merge_over(own.get_object(), value.get_object());
        else own = value;
    }
}

// -- pins -------------------------------------------------------------------------------------------------------------

void add_pins(const Rule& rule, std::set<std::string>& known, std::size_t& promoted, RuleEffects& effects) {
    for (const Promotion& promotion : rule.promotions) {
        RuleEffects::Promoted group{{}, promotion.position, rule.filter_promotes};
        for (const std::string& id : promotion.object_ids)
            if (promoted < limits::promoted_per_query_max && known.insert(id).second) {
                group.object_ids.push_back(id);
                ++promoted;
            }
        if (!group.object_ids.empty()) effects.promoted.push_back(std::move(group));
    }
    for (const std::string& id : rule.hidden)
        if (effects.hidden.size() < limits::hidden_per_query_max && known.insert(id).second)
            effects.hidden.push_back(id);
}

}  // namespace

RuleSet RuleSet::compile(const CurationMap& rules, const Tokenizer& tokenizer) {
    RuleSet set;
    for (const auto& [id, text] : rules) {
        const auto value = parse_json_value(*text);
        if (!value || !value->is_object()) continue;
        auto rule = parse_rule(value->get_object(), tokenizer);
        if (!rule || !rule->enabled) continue;
        rule->object_id = id;
        set.rules_.push_back(std::move(*rule));
    }
    for (std::uint32_t number = 0; number < set.rules_.size(); ++number) {
        // One word of each pattern that must be there to the letter.
        std::vector<std::string> words;
        const std::vector<RuleCondition>& conditions = set.rules_[number].conditions;
        bool everywhere = conditions.empty();
        for (const RuleCondition& condition : conditions) {
            const auto word = std::find_if(condition.pattern.begin(), condition.pattern.end(),
                                           [](const PatternPart& part) { return !part.facet; });
            if (!condition.anchoring || condition.alternatives || word == condition.pattern.end()) everywhere = true;
            else words.push_back(word->text);
        }
        if (everywhere) set.others_.push_back(number);
        else
            for (const std::string& word : words) set.by_word_[word].push_back(number);
    }
    return set;
}

std::vector<std::uint32_t> RuleSet::candidates(std::span<const RuleText::Word> words) const {
    std::vector<std::uint32_t> numbers = others_;
    for (const RuleText::Word& word : words)
        if (const auto found = by_word_.find(word.folded); found != by_word_.end())
            numbers.insert(numbers.end(), found->second.begin(), found->second.end());
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

RuleEffects apply_rules(const RuleSet& rules, const Query& query, const Snapshot& snapshot, const Tokenizer& tokenizer,
                        const WordsAlike& alike, std::int64_t now) {
    RuleEffects effects;
    RuleText text(query.text, tokenizer, snapshot);
    const std::vector<std::uint32_t> candidates = rules.candidates(text.words());
    if (candidates.empty()) return effects;
    std::vector<FilterTerm> terms;
    if (const auto filters = parse_query_filters(query)) collect_terms(filters->required, terms);
    const RuleQuery asked{text, query.rule_contexts, terms, alike};

    std::vector<Applied> applied;
    for (const std::uint32_t number : candidates) {
        const Rule& rule = rules.rules()[number];
        if (!rule.valid_at(now)) continue;
        if (auto one = apply_rule(rule, asked)) applied.push_back(std::move(*one));
    }
    if (applied.empty()) return effects;
    // Rules come by objectID, and keep that order where they are equally specific.
    std::stable_sort(applied.begin(), applied.end(),
                     [](const Applied& a, const Applied& b) { return a.specificity > b.specificity; });
    effects.exhaustive = applied.size() <= limits::rules_applied_max;
    if (!effects.exhaustive) applied.resize(limits::rules_applied_max);

    bool replaced = false;  // by a whole text, which no less specific rule may edit or replace
    std::set<std::string> known;
    std::size_t promoted = 0;
    for (const Applied& one : applied) {
        const Rule& rule = *one.rule;
        effects.applied.push_back(rule.object_id);
        if (rule.query && !effects.text) {
            effects.text = rule.query;
            replaced = true;
        }
        if (!replaced)
            for (const QueryEdit& edit : rule.edits)
                if (auto after = edited(text, edit, one.alternatives ? &alike : nullptr)) {
                    text = RuleText(*after, tokenizer, snapshot);
                    effects.text = std::move(after);
                }
        for (const auto& [name, value] : rule.parameters)
            if (!effects.parameters.contains(name)) effects.parameters[name] = value;
        if (has_filters(rule.filters)) effects.filters.push_back(rule.filters);
        FilterParameters found;
        found.facet_filters = automatic_filters(rule.facet_filters, one.values);
        found.optional_filters = automatic_filters(rule.optional_facet_filters, one.values);
        if (has_filters(found)) effects.filters.push_back(std::move(found));
        if (!rule.user_data.is_null()) effects.user_data.push_back(rule.user_data);
        add_pins(rule, known, promoted, effects);
    }
    effects.rendering_content = query.rendering_content;
    for (auto one = applied.rbegin(); one != applied.rend(); ++one)
        merge_over(effects.rendering_content, one->rule->rendering_content);
    return effects;
}

}  // namespace penchant
