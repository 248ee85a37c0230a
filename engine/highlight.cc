// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/highlight.h"

#include "index/analysis.h"
#include "index/record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace penchant {
namespace {

using Json = boost::json::value;
constexpr std::uint32_t snippet_words_default = 10;

// "body:20" is 20 words of body.
std::pair<std::string, std::uint32_t> snippet_rule(const std::string& entry) {
    const std::size_t colon = entry.rfind(':');
    std::uint32_t words = 0;
    if (colon != entry.npos) {
        const char* end = entry.data() + entry.size();
        const auto [stop, error] = std::from_chars(entry.data() + colon + 1, end, words);
        if (error == std::errc() && stop == end && words > 0) return {entry.substr(0, colon), words};
    }
    return {entry, snippet_words_default};
}

std::string leaf_text(simdjson::dom::element value) {
    switch (value.type()) {
        case simdjson::dom::element_type::STRING: return std::string(std::string_view(value));
        case simdjson::dom::element_type::INT64: return std::to_string(std::int64_t(value));
        case simdjson::dom::element_type::UINT64: return std::to_string(std::uint64_t(value));
        case simdjson::dom::element_type::DOUBLE: return number_text(double(value));
        case simdjson::dom::element_type::BOOL: return bool(value) ? "true" : "false";
        case simdjson::dom::element_type::NULL_VALUE:
        case simdjson::dom::element_type::ARRAY:
        case simdjson::dom::element_type::OBJECT: break;
    }
    return {};
}

bool is_text_or_number(simdjson::dom::element value) { return value.is_string() || value.is_number(); }

}  // namespace

Highlighter::Highlighter(const Query& query, const TextQuery& text, const Settings& settings)
    : marker_(text, tokenizer_of(settings),
              query.words.replace_synonyms_in_highlight),
      text_(&text), all_words_(static_cast<std::uint32_t>((std::uint64_t{1} << text.words.size()) - 1)),
      searchable_(settings.searchable_attributes), camel_case_(settings.camel_case_attributes),
      without_prefixes_(settings.disable_prefix_on_attributes),
      without_typos_(query.words.disable_typo_tolerance_on_attributes),
      pre_tag_(query.highlight_pre_tag), post_tag_(query.highlight_post_tag), ellipsis_(query.snippet_ellipsis_text),
      only_matching_elements_(query.restrict_highlight_and_snippet_arrays) {
    if (query.highlight_all_searchable) {
        for (const SearchableAttribute& attribute : settings.searchable_attributes)
            highlight_rules_.push_back({attribute.path, 0});
        all_but_hidden_ = settings.searchable_attributes.empty();
    } else {
        for (const std::string& path : query.attributes_to_highlight) highlight_rules_.push_back({path, 0});
    }
    for (const std::string& entry : query.attributes_to_snippet) {
        auto [path, words] = snippet_rule(entry);
        snippet_rules_.push_back({std::move(path), words});
    }
}

const Highlighter::Rule* Highlighter::rule_of(Kind kind, std::string_view path) const {
    static const Rule everything{"*", 0};
    if (kind == Kind::highlight && all_but_hidden_)
        return path == "objectID" || path.starts_with('_') ? nullptr : &everything;
    for (const Rule& rule : kind == Kind::highlight ? highlight_rules_ : snippet_rules_)
        if (rule.path == "*" || covers(rule.path, path)) return &rule;
    return nullptr;
}

// Whether something at or under `path` is wanted.
bool Highlighter::may_contain(Kind kind, std::string_view path) const {
    if (rule_of(kind, path)) return true;
    if (kind == Kind::highlight && all_but_hidden_) return false;
    const auto& rules = kind == Kind::highlight ? highlight_rules_ : snippet_rules_;
    return std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return covers(path, rule.path); });
}

MarkRules Highlighter::mark_rules(std::string_view path) const {
    const auto listed = [&](const std::vector<std::string>& entries) {
        return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) { return covers(entry, path); });
    };
    return {!listed(without_prefixes_), !listed(without_typos_), listed(camel_case_)};
}

TyposAllowed Highlighter::typos_allowed(simdjson::dom::object record) const {
    TyposAllowed cheapest = WordMarker::any_typos();
    if (!marker_.has_typos()) return cheapest;
    for (const auto [name, value] : record) find_cheapest(value, std::string(name), cheapest);
    return cheapest;
}

// Of searchable attributes: what is not searchable did not match.
void Highlighter::find_cheapest(simdjson::dom::element value, const std::string& path, TyposAllowed& cheapest) const {
    if (value.is_object()) {
        for (const auto [name, inner] : simdjson::dom::object(value))
            find_cheapest(inner, path + '.' + std::string(name), cheapest);
    } else if (value.is_array()) {
        for (const simdjson::dom::element element : simdjson::dom::array(value)) find_cheapest(element, path, cheapest);
    } else if (is_text_or_number(value)) {
        const bool searchable =
            searchable_.empty() || std::any_of(searchable_.begin(), searchable_.end(),
                                               [&](const SearchableAttribute& entry) { return covers(entry.path, path); });
        if (searchable) marker_.find_cheapest(leaf_text(value), mark_rules(path), cheapest);
    }
}

std::string_view Highlighter::match_level(const Marks& marks) const {
    if (marks.found == 0) return "none";
    return marks.found == all_words_ ? "full" : "partial";
}

// The value from word `first` up to word `last` (not included), with what stands before the first and behind the last
// word of the value.
std::string Highlighter::with_tags(std::string_view value, const Marks& marks, std::size_t first,
                                   std::size_t last) const {
    std::string out;
    std::size_t at = first == 0 ? 0 : marks.words[first].begin;
    bool open = false;
    for (std::size_t w = first; w < last;) {
        const Mark& mark = marks.words[w];
        ++w;
        if (!mark.marked()) continue;
        if (!open || mark.begin != at) {
            if (open) out += post_tag_;
            out.append(value.substr(at, mark.begin - at));
            out += pre_tag_;
            open = true;
        }
        if (mark.typed) {
            out += *mark.typed;
            w += mark.stretch - 1;
            at = marks.words[w - 1].end;
        } else {
            out.append(value.substr(mark.begin, mark.marked_end - mark.begin));
            at = mark.marked_end;
        }
    }
    if (open) out += post_tag_;
    const std::size_t end = last == marks.words.size() ? value.size() : marks.words[last - 1].end;
    if (end > at) out.append(value.substr(at, end - at));
    return out;
}

bool Highlighter::matches(std::string_view value) const {
    return marker_.marks(value, {}, WordMarker::any_typos()).found == all_words_;
}

std::string Highlighter::tagged(std::string_view value) const {
    const Marks found = marker_.marks(value, {}, WordMarker::any_typos());
    return with_tags(value, found, 0, found.words.size());
}

boost::json::object Highlighter::highlighted_leaf(std::string_view value, const Marks& marks) const {
    boost::json::object leaf;
    leaf.reserve(4);
    leaf.emplace("value", with_tags(value, marks, 0, marks.words.size()));
    leaf.emplace("matchLevel", match_level(marks));
    if (marks.found != 0) leaf.emplace("fullyHighlighted", marks.whole);
    boost::json::array matched;
    const auto add = [&](const std::string& word) {
        if (std::none_of(matched.begin(), matched.end(), [&](const Json& had) { return had == Json(word); }))
            matched.emplace_back(word);
    };
    for (std::size_t w = 0; w < text_->words.size(); ++w) {
        if ((marks.found >> w & 1U) == 0) continue;
        const QueryWord& word = text_->words[w];
        if (word.unspaced) add(word.typed_text());
        else std::for_each(word.typed().words.begin(), word.typed().words.end(), add);
    }
    leaf.emplace("matchedWords", std::move(matched));
    return leaf;
}

// The window of `size` words with most different words of the query, the earliest of them; as much before as behind its
// marked words where there is room.
std::size_t Highlighter::window_begin(const Marks& marks, std::size_t size) const {
    std::array<std::uint32_t, limits::query_words_max> counts{};  // marks in the window, by word of the query
    std::size_t distinct = 0;
    const auto change = [&](const Mark& mark, bool enters) {
        for (std::uint32_t words = mark.words; words != 0; words &= words - 1) {
            std::uint32_t& count = counts[static_cast<std::size_t>(std::countr_zero(words))];
            if (enters) distinct += count++ == 0;
            else distinct -= --count == 0;
        }
    };
    std::size_t begin = 0;
    std::size_t best = 0;
    std::size_t best_begin = 0;
    std::size_t best_end = 0;  // of what is marked: the window was best when this word came in
    for (std::size_t end = 0; end < marks.words.size(); ++end) {
        change(marks.words[end], true);
        if (end - begin == size) change(marks.words[begin++], false);
        if (distinct <= best) continue;
        best = distinct;
        best_begin = begin;
        best_end = end + 1;
    }
    if (best == 0) return 0;
    // Without marks in front that stand again behind.
    std::uint32_t found = 0;
    std::size_t marked_begin = best_end;
    while (marked_begin > best_begin && static_cast<std::size_t>(std::popcount(found)) < best) {
        --marked_begin;
        found |= marks.words[marked_begin].words;
    }
    const std::size_t before = (size - (best_end - marked_begin)) / 2;
    return std::min(marked_begin - std::min(marked_begin, before), marks.words.size() - size);
}

// At most `words` words, ellipses where something was cut off.
boost::json::object Highlighter::snippet_leaf(std::string_view value, const Marks& marks, std::uint32_t words) const {
    std::size_t first = 0;
    std::size_t last = marks.words.size();
    if (last > words) {
        first = window_begin(marks, words);
        last = first + words;
    }
    std::string text = with_tags(value, marks, first, last);
    if (first > 0) text.insert(0, ellipsis_);
    if (last < marks.words.size()) text += ellipsis_;
    return {{"value", std::move(text)}, {"matchLevel", match_level(marks)}};
}

std::optional<Json> Highlighter::walk(Kind kind, simdjson::dom::element value, const std::string& path, bool in_array,
                                      const TyposAllowed& allowed, bool& matched) const {
    if (value.is_object()) {
        const auto inner = walk_object(kind, simdjson::dom::object(value), path + '.', allowed);
        matched = true;  // objects in arrays always stay
        if (inner.empty() && !in_array) return {};
        return inner;
    }
    if (value.is_array()) {
        boost::json::array array;
        for (const simdjson::dom::element element : simdjson::dom::array(value)) {
            bool element_matched = false;
            auto part = walk(kind, element, path, true, allowed, element_matched);
            matched = matched || element_matched;
            if (part && (element_matched || !only_matching_elements_)) array.push_back(std::move(*part));
        }
        if (array.empty() && !rule_of(kind, path)) return {};  // only something nested was wanted, and is not there
        return array;
    }
    const Rule* rule = rule_of(kind, path);
    if (!rule || !(in_array || is_text_or_number(value))) return {};
    const std::string text = leaf_text(value);
    const Marks found = marker_.marks(text, mark_rules(path), allowed);
    matched = found.found != 0;
    if (kind == Kind::highlight) return highlighted_leaf(text, found);
    return snippet_leaf(text, found, rule->words);
}

boost::json::object Highlighter::walk_object(Kind kind, simdjson::dom::object object, const std::string& prefix,
                                             const TyposAllowed& allowed) const {
    boost::json::object result;
    for (const auto [name, value] : object) {
        const std::string path = prefix + std::string(name);
        if (!may_contain(kind, path)) continue;
        bool matched = false;
        if (auto part = walk(kind, value, path, false, allowed, matched)) result.emplace(name, std::move(*part));
    }
    return result;
}

std::optional<boost::json::object> Highlighter::highlight(simdjson::dom::object record) const {
    if (highlight_rules_.empty() && !all_but_hidden_) return {};
    return walk_object(Kind::highlight, record, {}, typos_allowed(record));
}

std::optional<boost::json::object> Highlighter::snippet(simdjson::dom::object record) const {
    if (snippet_rules_.empty()) return {};
    return walk_object(Kind::snippet, record, {}, typos_allowed(record));
}

}  // namespace penchant
