// SPDX-License-Identifier: GPL-3.0-or-later
//
// One rule of an index (A 3.9), read from its JSON: when it applies (conditions, times) and what it then does to a
// query and to the order of the hits.
#pragma once

#include "engine/filter_expression.h"
#include "index/error.h"
#include "index/tokenizer.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

enum class Anchoring { is, starts_with, ends_with, contains };

/// One place of a pattern: a word, or "{facet:brand}", which stands for the words of any value of that facet.
struct PatternPart {
    std::string text;    ///< the folded word, or the facet's path
    bool facet = false;
};

struct RuleCondition {
    std::optional<Anchoring> anchoring;  ///< nothing: the text does not matter
    std::vector<PatternPart> pattern;    ///< empty: the query has no word
    bool alternatives = false;           ///< typos, plurals and synonyms of the pattern's words match, too
    std::string context;                 ///< empty: any
    std::vector<FilterTerm> filters;     ///< each must be among the query's
};

/// A change of the query's text: `erase` goes, `insert` comes where it stood.
struct QueryEdit {
    std::vector<PatternPart> erase;  ///< never empty
    std::string insert;
};

/// automaticFacetFilters and automaticOptionalFacetFilters: what a placeholder found becomes a filter.
struct AutomaticFilter {
    std::string facet;
    std::uint32_t score = 1;
    bool disjunctive = false;  ///< several values: one of them is enough
    bool negative = false;
};

struct Promotion {
    std::vector<std::string> object_ids;  ///< one behind the other
    std::uint32_t position = 0;
};

/// Immutable once read.
struct Rule {
    std::string object_id;
    bool enabled = true;
    std::vector<RuleCondition> conditions;  ///< one is enough; none: always
    std::vector<std::pair<std::int64_t, std::int64_t>> validity;  ///< [from, until] in seconds since 1970; none: always

    std::optional<std::string> query;   ///< replaces the whole text
    std::vector<QueryEdit> edits;
    boost::json::object parameters;     ///< search parameters but the ones below
    FilterParameters filters;
    std::vector<AutomaticFilter> facet_filters;
    std::vector<AutomaticFilter> optional_facet_filters;
    boost::json::object rendering_content;
    std::vector<Promotion> promotions;
    bool filter_promotes = false;
    std::vector<std::string> hidden;
    boost::json::value user_data;       ///< null: none

    [[nodiscard]] bool valid_at(std::int64_t seconds) const;
};

/// Reads and checks a rule. Patterns are split and folded by `tokenizer`. bad_request names the field ("conditions[2].anchoring"),
/// what was expected and the limit.
[[nodiscard]] Result<Rule> parse_rule(const boost::json::object& json, const Tokenizer& tokenizer);

/// The words of a pattern or of text to delete; "{facet:path}" is a part of its own.
[[nodiscard]] std::vector<PatternPart> pattern_parts(std::string_view text, const Tokenizer& tokenizer);

}  // namespace penchant
