// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/highlight.h"

#include "index/record.h"

#include <algorithm>
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
    : tokenizer_(tokenizer_of(settings)), text_(&text),
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

Highlighter::Marks Highlighter::marks(std::string_view value) const {
    Marks result;
    result.found.resize(text_->words.size());
    tokenizer_.tokenize(value, [&](const Token& token) {
        Mark mark{token.byte_begin, token.byte_end, token.byte_begin};
        for (std::size_t w = 0; w < text_->words.size(); ++w) {
            for (const WordAlternative& each : text_->words[w].alternatives) {
                const Alternative& alternative = each.alternative;
                const std::string& word = alternative.words.back();
                const bool whole = token.folded == word;
                if (!whole && !(alternative.prefix && token.folded.starts_with(word))) continue;
                if (!result.found[w]) ++result.found_count;
                result.found[w] = true;
                const std::string_view original = value.substr(token.byte_begin, token.byte_end - token.byte_begin);
                const std::size_t bytes =
                    whole ? original.size() : tokenizer_.original_prefix_bytes(original, word.size());
                mark.marked_end = std::max(mark.marked_end, token.byte_begin + bytes);
            }
        }
        result.whole = result.whole && mark.marked_end == mark.end;
        result.words.push_back(mark);
    });
    return result;
}

std::string_view Highlighter::match_level(const Marks& marks) const {
    if (marks.found_count == 0) return "none";
    return marks.found_count == text_->words.size() ? "full" : "partial";
}

// The value from word `first` up to word `last` (not included); all of it when that is all words.
std::string Highlighter::with_tags(std::string_view value, const Marks& marks, std::size_t first,
                                   std::size_t last) const {
    std::string out;
    const bool all = first == 0 && last == marks.words.size();
    std::size_t at = all ? 0 : marks.words[first].begin;
    for (std::size_t w = first; w < last; ++w) {
        const Mark& mark = marks.words[w];
        if (mark.marked_end == mark.begin) continue;
        out.append(value.substr(at, mark.begin - at));
        out += pre_tag_;
        out.append(value.substr(mark.begin, mark.marked_end - mark.begin));
        out += post_tag_;
        at = mark.marked_end;
    }
    const std::size_t end = all ? value.size() : marks.words[last - 1].end;
    out.append(value.substr(at, end - at));
    return out;
}

bool Highlighter::matches(std::string_view value) const { return marks(value).found_count == text_->words.size(); }

std::string Highlighter::tagged(std::string_view value) const {
    const Marks found = marks(value);
    return with_tags(value, found, 0, found.words.size());
}

boost::json::object Highlighter::highlighted_leaf(std::string_view value, const Marks& marks) const {
    boost::json::object leaf;
    leaf.reserve(4);
    leaf.emplace("value", with_tags(value, marks, 0, marks.words.size()));
    leaf.emplace("matchLevel", match_level(marks));
    if (marks.found_count != 0) leaf.emplace("fullyHighlighted", marks.whole);
    boost::json::array matched;
    for (std::size_t w = 0; w < marks.found.size(); ++w) {
        if (!marks.found[w]) continue;
        const std::string& word = text_->words[w].typed().words.front();
        if (std::none_of(matched.begin(), matched.end(), [&](const Json& had) { return had == Json(word); }))
            matched.emplace_back(word);
    }
    leaf.emplace("matchedWords", std::move(matched));
    return leaf;
}

// `words` words around the stretch with the most marked ones, ellipses where something was cut off.
boost::json::object Highlighter::snippet_leaf(std::string_view value, const Marks& marks, std::uint32_t words) const {
    std::size_t first = 0;
    std::size_t last = marks.words.size();
    if (last > words) {
        const auto marked = [&](std::size_t w) { return marks.words[w].marked_end != marks.words[w].begin ? 1 : 0; };
        int now = 0;
        for (std::size_t w = 0; w < words; ++w) now += marked(w);
        int best = now;
        for (std::size_t w = words; w < marks.words.size(); ++w) {
            now += marked(w) - marked(w - words);
            if (now > best) {
                best = now;
                first = w - words + 1;
            }
        }
        if (best > 0) {
            // The best stretch ends with a marked word; show what follows, too, rather than only what came before.
            std::size_t first_marked = first;
            while (marked(first_marked) == 0) ++first_marked;
            first = std::min(first_marked - std::min<std::size_t>(first_marked, (first_marked - first) / 2),
                             marks.words.size() - words);
        }
        last = first + words;
    }
    std::string text = with_tags(value, marks, first, last);
    if (first > 0) text.insert(0, ellipsis_);
    if (last < marks.words.size()) text += ellipsis_;
    return {{"value", std::move(text)}, {"matchLevel", match_level(marks)}};
}

std::optional<Json> Highlighter::walk(Kind kind, simdjson::dom::element value, const std::string& path, bool in_array,
                                      bool& matched) const {
    if (value.is_object()) {
        const auto inner = walk_object(kind, simdjson::dom::object(value), path + '.');
        matched = true;  // objects in arrays always stay
        if (inner.empty() && !in_array) return {};
        return inner;
    }
    if (value.is_array()) {
        boost::json::array array;
        for (const simdjson::dom::element element : simdjson::dom::array(value)) {
            bool element_matched = false;
            auto part = walk(kind, element, path, true, element_matched);
            matched = matched || element_matched;
            if (part && (element_matched || !only_matching_elements_)) array.push_back(std::move(*part));
        }
        if (array.empty() && !rule_of(kind, path)) return {};  // only something nested was wanted, and is not there
        return array;
    }
    const Rule* rule = rule_of(kind, path);
    if (!rule || !(in_array || is_text_or_number(value))) return {};
    const std::string text = leaf_text(value);
    const Marks found = marks(text);
    matched = found.found_count != 0;
    if (kind == Kind::highlight) return highlighted_leaf(text, found);
    return snippet_leaf(text, found, rule->words);
}

boost::json::object Highlighter::walk_object(Kind kind, simdjson::dom::object object, const std::string& prefix) const {
    boost::json::object result;
    for (const auto [name, value] : object) {
        const std::string path = prefix + std::string(name);
        if (!may_contain(kind, path)) continue;
        bool matched = false;
        if (auto part = walk(kind, value, path, false, matched)) result.emplace(name, std::move(*part));
    }
    return result;
}

std::optional<boost::json::object> Highlighter::highlight(simdjson::dom::object record) const {
    if (highlight_rules_.empty() && !all_but_hidden_) return {};
    return walk_object(Kind::highlight, record, {});
}

std::optional<boost::json::object> Highlighter::snippet(simdjson::dom::object record) const {
    if (snippet_rules_.empty()) return {};
    return walk_object(Kind::snippet, record, {});
}

}  // namespace penchant
