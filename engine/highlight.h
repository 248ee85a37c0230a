// SPDX-License-Identifier: GPL-3.0-or-later
//
// `_highlightResult` and `_snippetResult` (A 2.10): the record's own shape with a small object for each leaf.
//
// Strings and numbers are leaves; so are booleans and nulls inside arrays, so that arrays keep their lengths. Of a
// prefix only the typed part is put between the tags, of a phrase every word where it stands, and words that touch (in
// scripts without spaces) share one pair of tags. Words with typos are marked where the record has the typed word
// nowhere with fewer. With replaceSynonymsInHighlight a synonym is shown as what was typed. Values are not HTML-escaped.
#pragma once

#include "engine/query.h"
#include "engine/text_query.h"
#include "engine/word_marks.h"
#include "index/settings.h"

#include <boost/json/object.hpp>
#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Highlights values of one search. One thread.
class Highlighter {
public:
    Highlighter(const Query& query, const TextQuery& text, const Settings& settings);

    /// Nothing when no attribute is to be highlighted (A 10.1, 19).
    [[nodiscard]] std::optional<boost::json::object> highlight(simdjson::dom::object record) const;
    /// Nothing when no attribute is to be snippeted.
    [[nodiscard]] std::optional<boost::json::object> snippet(simdjson::dom::object record) const;

    /// Every word of the query is in the text.
    [[nodiscard]] bool matches(std::string_view value) const;
    /// The text with the tags around what matches.
    [[nodiscard]] std::string tagged(std::string_view value) const;

private:
    struct Rule {
        std::string path;         // "*" for all
        std::uint32_t words = 0;  // of a snippet
    };
    enum class Kind { highlight, snippet };

    [[nodiscard]] MarkRules mark_rules(std::string_view path) const;
    [[nodiscard]] TyposAllowed typos_allowed(simdjson::dom::object record) const;
    void find_cheapest(simdjson::dom::element value, const std::string& path, TyposAllowed& cheapest) const;
    [[nodiscard]] std::string with_tags(std::string_view value, const Marks& marks, std::size_t first,
                                        std::size_t last) const;
    [[nodiscard]] boost::json::object highlighted_leaf(std::string_view value, const Marks& marks) const;
    [[nodiscard]] std::size_t window_begin(const Marks& marks, std::size_t size) const;
    [[nodiscard]] boost::json::object snippet_leaf(std::string_view value, const Marks& marks,
                                                   std::uint32_t words) const;
    [[nodiscard]] std::string_view match_level(const Marks& marks) const;

    [[nodiscard]] const Rule* rule_of(Kind kind, std::string_view path) const;
    [[nodiscard]] bool may_contain(Kind kind, std::string_view path) const;
    [[nodiscard]] boost::json::object walk_object(Kind kind, simdjson::dom::object object, const std::string& prefix,
                                                  const TyposAllowed& allowed) const;
    [[nodiscard]] std::optional<boost::json::value> walk(Kind kind, simdjson::dom::element value,
                                                         const std::string& path, bool in_array,
                                                         const TyposAllowed& allowed, bool& matched) const;

    WordMarker marker_;
    const TextQuery* text_;
    std::uint32_t all_words_;  // one bit for each
    std::vector<SearchableAttribute> searchable_;
    std::vector<std::string> camel_case_;
    std::vector<std::string> without_prefixes_;
    std::vector<std::string> without_typos_;
    std::string pre_tag_;
    std::string post_tag_;
    std::string ellipsis_;
    bool only_matching_elements_;
    std::vector<Rule> highlight_rules_;
    std::vector<Rule> snippet_rules_;
    bool all_but_hidden_ = false;  // every attribute is searchable: all but objectID and names beginning with "_"
};

}  // namespace penchant
