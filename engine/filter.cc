// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filter.h"

#include "index/analysis.h"
#include "index/record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace penchant {
namespace {

using Kind = FilterExpression::Kind;
using Mask = std::array<std::uint8_t, Filter::block_size>;

// Whether numericAttributesForFiltering lets this comparison be (A 3.7).
bool numbers_allowed(const Settings& settings, const FilterTerm& term) {
    const auto has = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), term.attribute) != list.end();
    };
    const auto& allowed = settings.numeric_attributes_for_filtering;
    if (!allowed.empty() && !has(allowed)) return false;
    return term.equality || !has(settings.equal_only_attributes);
}

// "10.0" in a filter means the facet value that a record's 10 became.
std::string as_number_text(const std::string& text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number_text(number) : text;
}

}  // namespace

Filter::Filter(const QueryFilters& filters, const Snapshot& snapshot, bool sum_or_scores)
    : snapshot_(&snapshot), sum_or_scores_(sum_or_scores), required_(bind(filters.required)),
      optional_(bind(filters.optional)) {
    const auto required = range_of(required_, false);
    const auto optional = range_of(optional_, true);
    score_range_ = {required.first + optional.first, required.second + optional.second};
}

Filter::Node Filter::bind(const FilterExpression& expression) const {
    if (expression.kind == Kind::term) return bind_term(expression.term);
    Node node;
    node.kind = expression.kind;
    node.parts.reserve(expression.parts.size());
    for (const FilterExpression& part : expression.parts) node.parts.push_back(bind(part));
    return node;
}

Filter::Node Filter::bind_term(const FilterTerm& term) const {
    const Columns& columns = snapshot_->columns;
    const Settings& settings = *snapshot_->settings;
    Node node;
    node.kind = Kind::term;
    node.term = term.kind;
    node.negated = term.negated;
    node.score = term.score;
    if (term.kind == FilterTerm::Kind::number) {
        node.low = term.low;
        node.high = term.high;
        if (numbers_allowed(settings, term)) node.column = columns.number(term.attribute);
        return node;
    }
    const bool tag = term.kind == FilterTerm::Kind::tag;
    const auto attribute = columns.find_facet(tag ? Columns::tags_path : std::string_view(term.attribute));
    if (!attribute || (!tag && !settings.facet(term.attribute))) return node;
    node.attribute = *attribute;
    const FacetDictionary& dictionary = columns.dictionary(*attribute);
    if (tag) {
        if (const auto value = dictionary.find(term.text)) node.values.push_back(*value);
    } else {
        const Tokenizer tokenizer = tokenizer_of(settings);
        node.values = dictionary.find_folded(tokenizer.fold(term.text));
        if (node.values.empty()) node.values = dictionary.find_folded(tokenizer.fold(as_number_text(term.text)));
        std::sort(node.values.begin(), node.values.end());
    }
    if (node.values.size() > 1) {
        node.is_value.resize(dictionary.size());
        for (const std::uint32_t value : node.values) node.is_value[value] = 1;
    }
    return node;
}

std::pair<std::int64_t, std::int64_t> Filter::range_of(const Node& node, bool optional) const {
    if (node.kind == Kind::term) {
        if (!optional) return {node.score, node.score};
        return node.negated ? std::pair{-node.score, std::int64_t{0}} : std::pair{std::int64_t{0}, node.score};
    }
    std::pair<std::int64_t, std::int64_t> range{0, 0};
    bool first = true;
    for (const Node& part : node.parts) {
        const auto [low, high] = range_of(part, optional);
        if (node.kind == Kind::all || (sum_or_scores_ && optional)) {
            range = {range.first + low, range.second + high};
        } else if (sum_or_scores_) {  // at least one matches, perhaps several
            range = {first ? low : std::min(range.first, low), range.second + high};
        } else {
            range = first ? std::pair{low, high} : std::pair{std::min(range.first, low), std::max(range.second, high)};
        }
        first = false;
    }
    return range;
}

std::size_t Filter::keep(std::span<const Ordinal> ordinals, std::span<std::uint16_t> kept) const {
    std::size_t count = ordinals.size();
    for (std::size_t i = 0; i < count; ++i) kept[i] = static_cast<std::uint16_t>(i);
    std::array<Ordinal, block_size> left;
    std::copy(ordinals.begin(), ordinals.end(), left.begin());
    Mask matches;
    // Condition after condition, each looking only at what the ones before let through.
    const auto apply = [&](const Node& node) {
        match(node, {left.data(), count}, matches.data());
        std::size_t passed = 0;
        for (std::size_t i = 0; i < count; ++i) {
            kept[passed] = kept[i];
            left[passed] = left[i];
            passed += matches[i];
        }
        count = passed;
    };
    if (required_.kind == Kind::all) {
        for (const Node& part : required_.parts)
            if (count != 0) apply(part);
    } else {
        apply(required_);
    }
    return count;
}

void Filter::match(const Node& node, std::span<const Ordinal> ordinals, std::uint8_t* matches) const {
    const std::size_t count = ordinals.size();
    if (node.kind == Kind::term) {
        if (node.term == FilterTerm::Kind::number) match_numbers(node, ordinals, matches);
        else match_values(node, ordinals, matches);
        if (node.negated)
            for (std::size_t i = 0; i < count; ++i) matches[i] ^= 1U;
        return;
    }
    const bool all = node.kind == Kind::all;
    std::fill_n(matches, count, static_cast<std::uint8_t>(all));
    Mask part_matches;
    for (const Node& part : node.parts) {
        match(part, ordinals, part_matches.data());
        for (std::size_t i = 0; i < count; ++i)
            matches[i] = all ? matches[i] & part_matches[i] : matches[i] | part_matches[i];
    }
}

void Filter::match_values(const Node& node, std::span<const Ordinal> ordinals, std::uint8_t* matches) const {
    const Columns& columns = snapshot_->columns;
    std::fill_n(matches, ordinals.size(), std::uint8_t{0});
    if (node.values.size() == 1) {
        const std::uint32_t wanted = node.values.front();
        for (std::size_t i = 0; i < ordinals.size(); ++i)
            columns.for_each_value(node.attribute, ordinals[i], [&](std::uint32_t value) {
                matches[i] |= static_cast<std::uint8_t>(value == wanted);
            });
    } else if (!node.values.empty()) {
        for (std::size_t i = 0; i < ordinals.size(); ++i)
            columns.for_each_value(node.attribute, ordinals[i],
                                   [&](std::uint32_t value) { matches[i] |= node.is_value[value]; });
    }
}

void Filter::match_numbers(const Node& node, std::span<const Ordinal> ordinals, std::uint8_t* matches) const {
    std::fill_n(matches, ordinals.size(), std::uint8_t{0});
    if (!node.column) return;
    for (std::size_t i = 0; i < ordinals.size(); ++i)
        node.column->for_each(ordinals[i], [&](double value) {
            matches[i] |= static_cast<std::uint8_t>(value >= node.low && value <= node.high);
        });
}

void Filter::score(std::span<const Ordinal> ordinals, std::span<std::int64_t> scores) const {
    Mask matches;
    std::array<std::int64_t, block_size> part;
    for (std::size_t begin = 0; begin < ordinals.size(); begin += block_size) {
        const auto block = ordinals.subspan(begin, std::min(block_size, ordinals.size() - begin));
        score(required_, false, block, matches.data(), scores.data() + begin);
        score(optional_, true, block, matches.data(), part.data());
        for (std::size_t i = 0; i < block.size(); ++i) scores[begin + i] += part[i];
    }
}

// Fills scores, and whether the node matches at all: in an OR only matching parts have a say.
void Filter::score(const Node& node, bool optional, std::span<const Ordinal> ordinals, std::uint8_t* matches,
                   std::int64_t* scores) const {
    const std::size_t count = ordinals.size();
    if (node.kind == Kind::term) {
        match(node, ordinals, matches);
        const bool against = optional && node.negated;
        for (std::size_t i = 0; i < count; ++i) {
            if (against) matches[i] ^= 1U;  // an optional negated term speaks when its value is there
            scores[i] = matches[i] ? (against ? -node.score : node.score) : 0;
        }
        return;
    }
    const bool all = node.kind == Kind::all;
    const bool add = all || sum_or_scores_;
    std::fill_n(scores, count, std::int64_t{0});
    std::fill_n(matches, count, static_cast<std::uint8_t>(all && !optional));
    Mask part_matches;
    std::array<std::int64_t, block_size> part_scores;
    for (const Node& part : node.parts) {
        score(part, optional, ordinals, part_matches.data(), part_scores.data());
        for (std::size_t i = 0; i < count; ++i) {
            if (all) {
                scores[i] += part_scores[i];
                matches[i] = optional ? matches[i] | part_matches[i] : matches[i] & part_matches[i];
            } else if (part_matches[i]) {
                scores[i] = matches[i] && !add ? std::max(scores[i], part_scores[i])
                                               : scores[i] + part_scores[i];
                matches[i] = 1;
            }
        }
    }
}

}  // namespace penchant
