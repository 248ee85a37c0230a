// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rules of an index at query time (A 2.14, 3.9): which ones apply to a query, and what they make of it together.
//
// Rules are ranked by how specific their best condition is: the anchoring (`is`, then startsWith and endsWith, then contains, then
// only a context or filters, then no condition at all), the length of the pattern in words, whether it also asks for a
// context or filters, and at last the objectID. Where two rules want different things the more specific one wins: its query text,
// its parameters, its place for a record, its promotion against the other's hiding. What does not exclude each other
// adds up: filters, edits of the text, user data, members of renderingContent.
#pragma once

#include "engine/query.h"
#include "engine/rule.h"
#include "engine/rule_conditions.h"
#include "index/curations.h"
#include "index/snapshot.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

/// The rules of one index, ready to be compared with queries. Immutable; threads may share it.
class RuleSet {
public:
    RuleSet() = default;
    /// Rules that are switched off, or no longer what parse_rule takes, are left out.
    [[nodiscard]] static RuleSet compile(const CurationMap& rules, const Tokenizer& tokenizer);

    [[nodiscard]] bool empty() const { return rules_.empty(); }
    [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
    /// Numbers of the rules that could apply to a query with these words, ascending: all whose patterns need none of
    /// the words literally, and those that need one of these.
    [[nodiscard]] std::vector<std::uint32_t> candidates(std::span<const RuleText::Word> words) const;

private:
    std::vector<Rule> rules_;                                            // by objectID
    std::unordered_map<std::string, std::vector<std::uint32_t>> by_word_;
    std::vector<std::uint32_t> others_;
};

/// What all rules that apply ask for.
struct RuleEffects {
    std::vector<std::string> applied;  ///< objectIDs, the most specific first
    bool exhaustive = true;            ///< false: more than limits::rules_applied_max matched
    std::optional<std::string> text;   ///< of the query, when it changes
    boost::json::object parameters;    ///< instead of the request's
    std::vector<FilterParameters> filters;
    struct Promoted {
        std::vector<std::string> object_ids;
        std::uint32_t position = 0;
        bool filtered = false;
    };
    std::vector<Promoted> promoted;    ///< the most specific first; no objectID twice, none that is hidden
    std::vector<std::string> hidden;
    boost::json::array user_data;
    boost::json::object rendering_content;  ///< over the query's own
};

/// `query` as parsed from the request; `now` in seconds since 1970. Nothing of it is an error.
[[nodiscard]] RuleEffects apply_rules(const RuleSet& rules, const Query& query, const Snapshot& snapshot,
                                      const Tokenizer& tokenizer, const WordsAlike& alike, std::int64_t now);

}  // namespace penchant
