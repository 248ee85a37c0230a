// SPDX-License-Identifier: GPL-3.0-or-later
//
// `_highlightResult` and `_snippetResult` (A 2.10): the record's own shape with a small object for each leaf.
//
// Strings and numbers are leaves; so are booleans and nulls inside arrays, so that arrays keep their lengths. Of a
// prefix only the typed part is put between the tags. Values are not HTML-escaped.
#pragma once

#include "engine/query.h"
#include "engine/text_query.h"
#include "index/settings.h"
#include "index/tokenizer.h"

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
    struct Mark {  // one word of a value
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t marked_end = 0;  // == begin: it does not match
    };
    struct Marks {
        std::vector<Mark> words;
        std::vector<bool> found;  // beside the query's words
        std::size_t found_count = 0;
        bool whole = true;        // every word is marked from begin to end
    };
    enum class Kind { highlight, snippet };

    [[nodiscard]] Marks marks(std::string_view value) const;
    [[nodiscard]] std::string with_tags(std::string_view value, const Marks& marks, std::size_t first,
                                        std::size_t last) const;
    [[nodiscard]] boost::json::object highlighted_leaf(std::string_view value, const Marks& marks) const;
    [[nodiscard]] boost::json::object snippet_leaf(std::string_view value, const Marks& marks,
                                                   std::uint32_t words) const;
    [[nodiscard]] std::string_view match_level(const Marks& marks) const;

    [[nodiscard]] const Rule* rule_of(Kind kind, std::string_view path) const;
    [[nodiscard]] bool may_contain(Kind kind, std::string_view path) const;
    [[nodiscard]] boost::json::object walk_object(Kind kind, simdjson::dom::object object,
                                                  const std::string& prefix) const;
    [[nodiscard]] std::optional<boost::json::value> walk(Kind kind, simdjson::dom::element value,
                                                         const std::string& path, bool in_array, bool& matched) const;

    Tokenizer tokenizer_;
    const TextQuery* text_;
    std::string pre_tag_;
    std::string post_tag_;
    std::string ellipsis_;
    bool only_matching_elements_;
    std::vector<Rule> highlight_rules_;
    std::vector<Rule> snippet_rules_;
    bool all_but_hidden_ = false;  // every attribute is searchable: all but objectID and names beginning with "_"
};

}  // namespace penchant
