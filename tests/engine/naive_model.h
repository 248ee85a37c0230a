// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search as one would write it with all the time in the world: every record is looked at, word by word, and everything
// is compared criterion by criterion. The engine must agree with it.
#pragma once

#include "engine/filter_expression.h"
#include "engine/query.h"
#include "index/record.h"
#include "index/settings.h"
#include "index/tokenizer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace penchant::testing {

class NaiveModel {
public:
    struct Word {
        std::string path;
        std::uint32_t position = 0;
        std::string text;
        bool whole = false;
    };
    struct Record {
        std::vector<Word> words;
        std::map<std::string, std::vector<std::string>> facets;  // by entry of attributesForFaceting
        std::map<std::string, std::vector<double>> numbers;
        std::vector<std::string> tags;
        bool deleted = false;
    };
    struct Hit {
        std::size_t record = 0;
        std::vector<double> relevance;  // smaller is better, criterion by criterion
        std::uint32_t proximity = 0;
        std::uint32_t attribute = 0;
        std::uint32_t exact = 0;
        std::int64_t filters = 0;
        std::size_t custom = 0;         // hits that are better by custom ranking alone
        // With a module
        std::size_t bucket = 0;
        double ranking_score = 0;
        double blend = 0;
        std::size_t initial = 0;
    };

    explicit NaiveModel(const Settings& settings) : settings_(settings) {}

    void add(std::string_view json) {
        Record record;
        std::map<std::string, std::uint32_t> next;
        for_each_leaf(parse_json(json).value(), [&](const Leaf& leaf) {
            const std::string path(leaf.path);
            std::optional<std::string> text;
            if (const auto* string = std::get_if<std::string_view>(&leaf.value)) text = std::string(*string);
            if (const auto* number = std::get_if<double>(&leaf.value)) {
                text = number_text(*number);
                record.numbers[path].push_back(*number);
            }
            if (text && searchable(path)) {
                std::vector<Word> words;
                tokenizer().tokenize(*text, [&](const Token& token) {
                    words.push_back({path, next[path] + token.position, std::string(token.folded), false});
                });
                if (words.size() == 1) words[0].whole = true;
                if (!words.empty()) next[path] = words.back().position + 8;
                record.words.insert(record.words.end(), words.begin(), words.end());
            }
            if (const auto* boolean = std::get_if<bool>(&leaf.value)) text = *boolean ? "true" : "false";
            if (!text) return;
            for (const FacetAttribute& facet : settings_.attributes_for_faceting) {
                auto& values = record.facets[facet.path];
                if (covers(facet.path, path) && std::find(values.begin(), values.end(), *text) == values.end())
                    values.push_back(*text);
            }
            if (path == "_tags") record.tags.push_back(*text);
        });
        records_.push_back(std::move(record));
    }
    void remove(std::size_t record) { records_[record].deleted = true; }
    [[nodiscard]] const Record& record(std::size_t record) const { return records_[record]; }

    /// All matches in order.
    [[nodiscard]] std::vector<Hit> search(const Query& query) const {
        const QueryFilters filters = parse_query_filters(query).value();
        std::vector<std::pair<std::string, bool>> words;  // and whether it is a prefix
        tokenizer().tokenize(query.text, [&](const Token& token) {
            words.emplace_back(std::string(token.folded), query.words.query_type == QueryType::prefix_all);
        });
        if (query.words.query_type == QueryType::prefix_last && !words.empty()) words.back().second = true;
        std::vector<Hit> hits;
        for (std::size_t r = 0; r < records_.size(); ++r) {
            if (records_[r].deleted || !passes(filters.required, records_[r])) continue;
            Hit hit;
            hit.record = r;
            if (!measure(query, words, records_[r], hit)) continue;
            hit.filters = score(filters.required, records_[r], false, query.sum_or_filters_scores).value_or(0) +
                          score(filters.optional, records_[r], true, query.sum_or_filters_scores).value_or(0);
            for (const RankingCriterion& criterion : settings_.ranking) {
                if (criterion.criterion == Criterion::custom) break;
                if (criterion.criterion == Criterion::proximity) hit.relevance.push_back(hit.proximity);
                if (criterion.criterion == Criterion::attribute) hit.relevance.push_back(hit.attribute);
                if (criterion.criterion == Criterion::exact) hit.relevance.push_back(-static_cast<double>(hit.exact));
                if (criterion.criterion == Criterion::filters) hit.relevance.push_back(-static_cast<double>(hit.filters));
                if (criterion.criterion == Criterion::sort) hit.relevance.push_back(sort_value(criterion.sort, r));
            }
            hits.push_back(std::move(hit));
        }
        std::stable_sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
            if (a.relevance != b.relevance) return a.relevance < b.relevance;
            return better_custom(a.record, b.record);
        });
        return hits;
    }

    /// The same in the order of a visitor's scores, one a record.
    [[nodiscard]] std::vector<Hit> personalize(std::vector<Hit> hits, const std::vector<float>& scores, int impact) const {
        double most = 0;
        for (const Hit& hit : hits) most = std::max(most, std::abs(static_cast<double>(scores[hit.record])));
        std::size_t bucket = 0;
        for (std::size_t begin = 0; begin < hits.size(); ++bucket) {
            std::size_t end = begin;
            while (end < hits.size() && hits[end].relevance == hits[begin].relevance) ++end;
            for (std::size_t i = begin; i < end; ++i) {
                std::size_t better = 0;
                for (std::size_t j = begin; j < end; ++j) better += better_custom(hits[j].record, hits[i].record);
                const double n = static_cast<double>(end - begin);
                const double filters_score = static_cast<double>(scores[hits[i].record]);
                hits[i].bucket = bucket;
                hits[i].initial = i;
                hits[i].custom = better;
                hits[i].ranking_score = 1.0 - static_cast<double>(better) / n;
                const double visitor = most > 0 ? static_cast<double>(impact) / 100 * filters_score / most : 0.0;
                hits[i].blend = visitor + (1 - static_cast<double>(impact) / 100) * hits[i].ranking_score;
            }
            std::sort(hits.begin() + static_cast<std::ptrdiff_t>(begin), hits.begin() + static_cast<std::ptrdiff_t>(end),
                      [](const Hit& a, const Hit& b) {
                if (a.blend != b.blend) return a.blend > b.blend;
                if (a.custom != b.custom) return a.custom < b.custom;
                return a.record < b.record;
            });
            begin = end;
        }
        return hits;
    }

    /// Value to count, of one facet.
    [[nodiscard]] std::map<std::string, std::uint32_t> facet(const std::vector<Hit>& hits, const std::string& path) const {
        std::map<std::string, std::uint32_t> counts;
        for (const Hit& hit : hits)
            if (const auto found = records_[hit.record].facets.find(path); found != records_[hit.record].facets.end())
                for (const std::string& value : found->second) ++counts[value];
        return counts;
    }

private:
    [[nodiscard]] Tokenizer tokenizer() const {
        return Tokenizer({settings_.separators_to_index, settings_.keep_diacritics_on_characters});
    }

    [[nodiscard]] bool searchable(const std::string& path) const {
        if (settings_.searchable_attributes.empty()) return path != "objectID" && path[0] != '_';
        return std::any_of(settings_.searchable_attributes.begin(), settings_.searchable_attributes.end(),
                           [&](const SearchableAttribute& entry) { return covers(entry.path, path); });
    }

    [[nodiscard]] std::uint32_t attribute_value(const Word& word) const {
        const SearchableAttribute* best = nullptr;
        for (const SearchableAttribute& entry : settings_.searchable_attributes)
            if (covers(entry.path, word.path) && (!best || entry.path.size() > best->path.size())) best = &entry;
        if (!best) return 0;
        return best->rank * 1000 + (best->ordered ? std::min<std::uint32_t>(word.position, 999) : 0);
    }

    static bool listed(const std::vector<std::string>& entries, const std::string& path) {
        return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) { return covers(entry, path); });
    }

    bool measure(const Query& query, const std::vector<std::pair<std::string, bool>>& words, const Record& record,
                 Hit& hit) const {
        std::vector<std::vector<const Word*>> places;
        for (const auto& [text, prefix] : words) {
            std::vector<const Word*> mine;
            bool exact = false;
            for (const Word& word : record.words) {
                if (!query.restrict_searchable_attributes.empty() &&
                    !listed(query.restrict_searchable_attributes, word.path))
                    continue;
                const bool same = word.text == text;
                const bool prefix_here = prefix && !listed(settings_.disable_prefix_on_attributes, word.path);
                if (!same && !(prefix_here && word.text.starts_with(text))) continue;
                mine.push_back(&word);
                if (!same || listed(settings_.words.disable_exact_on_attributes, word.path)) continue;
                if (words.size() > 1) exact = true;
                else if (query.words.exact_on_single_word_query == ExactOnSingleWord::attribute) exact = exact || word.whole;
                else if (query.words.exact_on_single_word_query == ExactOnSingleWord::word) exact = exact || text.size() >= 3;
            }
            if (mine.empty()) return false;
            hit.exact += exact;
            places.push_back(std::move(mine));
        }
        if (!settings_.searchable_attributes.empty() && !words.empty()) {
            hit.attribute = 0xFFFFFFFFU;
            for (const auto& mine : places)
                for (const Word* word : mine) hit.attribute = std::min(hit.attribute, attribute_value(*word));
        }
        for (std::size_t w = 1; w < places.size(); ++w) {
            std::uint32_t smallest = 8;
            for (const Word* a : places[w - 1])
                for (const Word* b : places[w]) {
                    if (a->path != b->path) continue;
                    const std::uint32_t apart = b->position > a->position ? b->position - a->position
                                                                          : a->position - b->position + 1;
                    smallest = std::min(smallest, apart);
                }
            hit.proximity += std::max(smallest, query.words.min_proximity);
        }
        return true;
    }

    [[nodiscard]] bool holds(const FilterTerm& term, const Record& record) const {
        if (term.kind == FilterTerm::Kind::tag)
            return std::find(record.tags.begin(), record.tags.end(), term.text) != record.tags.end();
        if (term.kind == FilterTerm::Kind::number) {
            const auto found = record.numbers.find(term.attribute);
            return found != record.numbers.end() && std::any_of(found->second.begin(), found->second.end(), [&](double n) {
                return n >= term.low && n <= term.high;
            });
        }
        const auto found = record.facets.find(term.attribute);
        return found != record.facets.end() &&
               std::any_of(found->second.begin(), found->second.end(), [&](const std::string& value) {
            return tokenizer().fold(value) == tokenizer().fold(term.text);
        });
    }

    [[nodiscard]] bool passes(const FilterExpression& node, const Record& record) const {
        const auto part = [&](const FilterExpression& each) { return passes(each, record); };
        if (node.kind == FilterExpression::Kind::term) return holds(node.term, record) != node.term.negated;
        if (node.kind == FilterExpression::Kind::all) return std::all_of(node.parts.begin(), node.parts.end(), part);
        return std::any_of(node.parts.begin(), node.parts.end(), part);
    }

    // Nothing when the node does not match.
    [[nodiscard]] std::optional<std::int64_t> score(const FilterExpression& node, const Record& record, bool optional,
                                                    bool sum) const {
        if (node.kind == FilterExpression::Kind::term) {
            const std::int64_t score = node.term.score;
            if (optional) {
                if (!holds(node.term, record)) return {};
                return node.term.negated ? -score : score;
            }
            if (holds(node.term, record) == node.term.negated) return {};
            return score;
        }
        std::optional<std::int64_t> total;
        for (const FilterExpression& part : node.parts) {
            const auto score_of_part = score(part, record, optional, sum);
            if (node.kind == FilterExpression::Kind::all && !optional && !score_of_part) return {};
            if (!score_of_part) continue;
            const bool add = node.kind == FilterExpression::Kind::all || sum;
            total = !total ? *score_of_part : add ? *total + *score_of_part : std::max(*total, *score_of_part);
        }
        return total;
    }

    // Missing values come last in both directions.
    [[nodiscard]] double sort_value(const SortCriterion& sort, std::size_t record) const {
        const auto found = records_[record].numbers.find(sort.path);
        if (found == records_[record].numbers.end()) return 1e300;
        return sort.direction == SortDirection::ascending ? found->second.front() : -found->second.front();
    }

    [[nodiscard]] bool better_custom(std::size_t a, std::size_t b) const {
        const bool used = std::any_of(settings_.ranking.begin(), settings_.ranking.end(),
                                      [](const RankingCriterion& each) { return each.criterion == Criterion::custom; });
        if (!used) return false;
        for (const SortCriterion& sort : settings_.custom_ranking) {
            const double of_a = sort_value(sort, a);
            const double of_b = sort_value(sort, b);
            if (of_a != of_b) return of_a < of_b;
        }
        return false;
    }

    Settings settings_;
    std::vector<Record> records_;
};

}  // namespace penchant::testing
