// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text_query.h"

#include "engine/expansion.h"
#include "index/character_table.h"
#include "index/limits.h"
#include "index/tokenizer.h"
#include "index/word_breaks.h"

#include <algorithm>
#include <set>

namespace penchant {
namespace {

constexpr std::uint32_t attribute_step = 1000;   // A 2.5: firstMatchedWord = rank * 1000 + position
constexpr std::uint16_t position_value_max = 999;
constexpr std::uint32_t rank_max = 1023;         // keeps a value within 20 bits
constexpr std::size_t rule_count = std::size_t{other_attributes} + 1;

bool any_covers(std::span<const std::string> entries, std::string_view path) {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const std::string& entry) { return covers(entry, path); });
}

// A stretch of the query's text that is read in one way.
struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool phrase = false;
    bool excluded = false;
};

bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

// What advancedSyntax makes of a text. A quotation mark that is never closed is text, as is a minus that does not stand
// directly before a word and behind a space.
std::vector<Part> parts(std::string_view text, const WordRules& rules) {
    if (!rules.advanced_syntax) return {{0, text.size()}};
    std::vector<Part> parts;
    std::size_t plain_begin = 0;
    const auto add = [&](std::size_t plain_end, Part part, std::size_t next) {
        if (plain_end > plain_begin) parts.push_back({plain_begin, plain_end});
        parts.push_back(part);
        plain_begin = next;
        return next;
    };
    for (std::size_t at = 0; at < text.size();) {
        const bool minus = rules.exclude_words && text[at] == '-' && (at == 0 || is_space(text[at - 1])) &&
                           at + 1 < text.size() && !is_space(text[at + 1]) && text[at + 1] != '-';
        const std::size_t operand = at + (minus ? 1 : 0);
        if (rules.exact_phrases && text[operand] == '"') {
            const std::size_t end = text.find('"', operand + 1);
            if (end != text.npos) {
                at = add(at, {operand + 1, end, true, minus}, end + 1);
                continue;
            }
        }
        if (minus) {
            std::size_t end = operand;
            while (end < text.size() && !is_space(text[end])) ++end;
            at = add(at, {operand, end, false, true}, end);
            continue;
        }
        ++at;
    }
    if (plain_begin < text.size()) parts.push_back({plain_begin, text.size()});
    return parts;
}

// Makes the words of a query from its parts.
class Parser {
public:
    explicit Parser(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

    void add(std::string_view text, const Part& part) {
        std::vector<Piece> pieces;
        tokenizer_.tokenize(text.substr(part.begin, part.end - part.begin), [&](const Token& token) {
            if (token_count_ == limits::query_words_max || token.folded.empty()) return;
            ++token_count_;
            const std::size_t begin = part.begin + token.byte_begin;
            const bool ideograph =
                character(decode_character(text, begin).code_point).kind == CharacterKind::ideograph;
            pieces.push_back({std::string(token.folded), begin, part.begin + token.byte_end, ideograph});
        });
        if (pieces.empty()) return;
        if (part.phrase || part.excluded) {
            QueryWord word = word_of(pieces);
            word.phrase = part.phrase;
            if (part.excluded) {
                query_.excluded.push_back(std::move(word));
                return;
            }
            for (Piece& piece : pieces) tokens_.push_back({std::move(piece.folded), query_.words.size(), false});
            query_.words.push_back(std::move(word));
            return;
        }
        for (std::size_t begin = 0; begin < pieces.size();) {
            std::size_t end = begin + 1;
            while (pieces[begin].ideograph && end < pieces.size() && pieces[end].ideograph &&
                   pieces[end].begin == pieces[end - 1].end)
                ++end;
            const auto run = std::span(pieces).subspan(begin, end - begin);
            if (run.front().ideograph) add_run(text, run);
            else add_word(run, false);
            begin = end;
        }
    }

    void mark_prefixes(QueryType type) {
        const auto mark = [](QueryWord& word) {
            word.alternatives.front().alternative.prefix = !word.phrase && word.typed_words == 1;
        };
        if (type == QueryType::prefix_all) std::for_each(query_.words.begin(), query_.words.end(), mark);
        if (type == QueryType::prefix_last && !query_.words.empty()) mark(query_.words.back());
    }

    // Never all of them; nor the word that is still being typed.
    void remove_stop_words(const Language& language, std::span<const std::string> codes) {
        auto& words = query_.words;
        std::vector<bool> stops(words.size());
        for (std::size_t w = 0; w < words.size(); ++w)
            stops[w] = !words[w].phrase && words[w].typed_words == 1 &&
                       !(w + 1 == words.size() && words[w].typed().prefix) &&
                       language.is_stop_word(words[w].typed().words.front(), codes);
        if (std::all_of(stops.begin(), stops.end(), [](bool stop) { return stop; })) return;
        std::vector<std::size_t> numbers(words.size(), TypedToken::no_word);
        std::size_t left = 0;
        for (std::size_t w = 0; w < words.size(); ++w) {
            if (stops[w]) continue;
            numbers[w] = left;
            if (left != w) words[left] = std::move(words[w]);
            ++left;
        }
        words.resize(left);
        for (TypedToken& token : tokens_) token.word = numbers[token.word];
    }

    [[nodiscard]] std::pair<TextQuery, std::vector<TypedToken>> finish() && {
        for (std::size_t w = 0; w < query_.words.size(); ++w)
            query_.words[w].alternatives.front().first_word = static_cast<std::uint32_t>(w);
        return {std::move(query_), std::move(tokens_)};
    }

private:
    struct Piece {
        std::string folded;
        std::size_t begin = 0;
        std::size_t end = 0;
        bool ideograph = false;
    };

    void add_word(std::span<const Piece> pieces, bool unspaced) {
        for (const Piece& piece : pieces) tokens_.push_back({piece.folded, query_.words.size(), true});
        query_.words.push_back(word_of(pieces));
        query_.words.back().unspaced = unspaced;
    }

    // Characters without spaces: a word of the query for each word that a dictionary sees.
    void add_run(std::string_view text, std::span<const Piece> run) {
        const std::size_t text_begin = run.front().begin;
        const std::vector<std::size_t> ends =
            word_breaks(text.substr(text_begin, run.back().end - text_begin));
        auto next = ends.begin();
        std::size_t begin = 0;
        for (std::size_t i = 0; i < run.size(); ++i) {
            while (next != ends.end() && text_begin + *next < run[i].end) ++next;
            const bool word_ends = i + 1 == run.size() || (next != ends.end() && text_begin + *next == run[i].end);
            if (!word_ends) continue;
            add_word(run.subspan(begin, i + 1 - begin), true);
            begin = i + 1;
        }
    }

    static QueryWord word_of(std::span<const Piece> pieces) {
        QueryWord word;
        word.alternatives.resize(1);
        for (const Piece& piece : pieces) word.alternatives.front().alternative.words.push_back(piece.folded);
        word.typed_words = static_cast<std::uint32_t>(pieces.size());
        word.text_begin = static_cast<std::uint32_t>(pieces.front().begin);
        word.text_end = static_cast<std::uint32_t>(pieces.back().end);
        return word;
    }

    const Tokenizer& tokenizer_;
    TextQuery query_;
    std::vector<TypedToken> tokens_;
    std::size_t token_count_ = 0;
};

// A phrase is optional when all its words are.
void mark_optional(TextQuery& query, std::span<const std::string> entries, const Tokenizer& tokenizer) {
    if (entries.empty()) return;
    std::set<std::string, std::less<>> optional;
    for (const std::string& entry : entries)
        tokenizer.tokenize(entry, [&](const Token& token) { optional.emplace(token.folded); });
    for (QueryWord& word : query.words) {
        const auto& typed = word.typed().words;
        word.optional = std::all_of(typed.begin(), typed.end(),
                                    [&](const std::string& each) { return optional.contains(each); });
    }
}

}  // namespace

std::string QueryWord::typed_text() const {
    std::string text;
    for (const std::string& word : typed().words) {
        if (!text.empty() && !unspaced) text += ' ';
        text += word;
    }
    return text;
}

std::string TextQuery::normalized() const {
    std::string text;
    const auto append = [&](const QueryWord& word) {
        for (const WordAlternative& each : word.alternatives) {
            for (const std::string& part : each.alternative.words) text += part + '_';
            text += each.alternative.prefix ? '*' : '.';
            text += each.alternative.exact ? '=' : '~';
            text += static_cast<char>('0' + each.alternative.typos);
            text += static_cast<char>('0' + each.alternative.distance_max);
        }
        text += word.optional ? '?' : ' ';
        text += word.phrase ? '"' : ' ';
    };
    if (words_first) text += '!';
    for (const QueryWord& word : words) append(word);
    text += '-';
    for (const QueryWord& word : excluded) append(word);
    return text;
}

std::string TextQuery::parsed() const {
    std::string text;
    const auto append = [&](const QueryWord& word, bool minus) {
        if (!text.empty()) text += ' ';
        if (minus) text += '-';
        const bool quoted = word.phrase || (minus && word.typed().words.size() > 1);
        text += quoted ? '"' + word.typed_text() + '"' : word.typed_text();
    };
    for (const QueryWord& word : words) append(word, false);
    for (const QueryWord& word : excluded) append(word, true);
    return text;
}

TextQuery text_query(const Query& query, const WordSources& sources) {
    const bool similar = !query.similar_query.empty();
    const std::string_view text = similar ? query.similar_query : query.text;
    const Settings& settings = *sources.snapshot.settings;
    const Tokenizer tokenizer = tokenizer_of(settings);
    Parser parser(tokenizer);
    for (const Part& part : parts(text, query.words)) parser.add(text, part);
    if (!similar) parser.mark_prefixes(query.words.query_type);
    const Languages& stop_words = query.words.remove_stop_words;
    if (stop_words.on || similar)
        parser.remove_stop_words(sources.language, stop_words.codes.empty() ? query.words.query_languages : stop_words.codes);
    auto [result, tokens] = std::move(parser).finish();
    mark_optional(result, query.words.optional_words, tokenizer);
    if (similar) {
        result.words_first = true;
        for (QueryWord& word : result.words) word.optional = true;
    }
    expand(result, tokens, query, sources);
    return result;
}

TextQuery text_query(std::string_view text, QueryType type, const Settings& settings) {
    const Tokenizer tokenizer = tokenizer_of(settings);
    Parser parser(tokenizer);
    parser.add(text, {0, text.size()});
    parser.mark_prefixes(type);
    return std::move(parser).finish().first;
}

bool remove_word(TextQuery& text, RemoveWords order, std::string_view query_text) {
    const auto is_removed = [](const QueryWord& word) { return word.removed; };
    const auto is_needed = [](const QueryWord& word) { return !word.optional; };
    const auto remove = [](QueryWord& word) { word.optional = word.removed = true; };
    auto& words = text.words;
    const auto needed = std::count_if(words.begin(), words.end(), is_needed);
    const auto removed = static_cast<std::size_t>(std::count_if(words.begin(), words.end(), is_removed));
    if (needed < 2 || order == RemoveWords::none) return false;
    if (order == RemoveWords::all_optional) {
        for (QueryWord& word : words)
            if (!word.optional) remove(word);
    } else {
        if (removed == limits::words_removed_max) return false;
        if (order == RemoveWords::first_words) remove(*std::find_if(words.begin(), words.end(), is_needed));
        else remove(*std::find_if(words.rbegin(), words.rend(), is_needed));
    }
    text.after_removal.clear();
    std::size_t at = 0;
    for (const QueryWord& word : words) {
        if (!word.removed) continue;
        text.after_removal.append(query_text.substr(at, word.text_begin - at));
        text.after_removal.append("<em>").append(query_text.substr(word.text_begin, word.text_end - word.text_begin));
        text.after_removal.append("</em>");
        at = word.text_end;
    }
    text.after_removal.append(query_text.substr(at));
    return true;
}

void restore_words(TextQuery& text) {
    for (QueryWord& word : text.words)
        if (word.removed) word.optional = word.removed = false;
    text.after_removal.clear();
}

AttributeRules attribute_rules(const Settings& settings, const WordRules& words, const AttributeTable& attributes,
                               std::span<const std::string> restrict_to) {
    AttributeRules result;
    result.rules.resize(rule_count);
    result.ranked = !settings.searchable_attributes.empty();
    const auto set = [&](std::size_t number, std::string_view path) {
        AttributeRule& rule = result.rules[number];
        if (result.ranked) {
            // The entry that covers the path; the longest one when a parent and its child are both listed.
            const SearchableAttribute* best = nullptr;
            for (const SearchableAttribute& entry : settings.searchable_attributes)
                if (covers(entry.path, path) && (!best || entry.path.size() > best->path.size())) best = &entry;
            rule.base = std::min(best ? best->rank : rank_max, rank_max) * attribute_step;
            rule.position_max = best && best->ordered ? position_value_max : std::uint16_t{0};
        }
        if (!restrict_to.empty()) rule.searchable = any_covers(restrict_to, path);
        rule.prefix = !any_covers(settings.disable_prefix_on_attributes, path);
        rule.exact = !any_covers(words.disable_exact_on_attributes, path);
        const auto id = static_cast<AttributeId>(number);
        if (!rule.searchable) result.hidden.push_back(id);
        if (any_covers(words.disable_typo_tolerance_on_attributes, path)) result.typo_free.push_back(id);
        if (!rule.prefix) result.prefix_free.push_back(id);
        result.restricted = result.restricted || !rule.searchable || !rule.prefix;
        result.value_max = std::max(result.value_max, rule.base + rule.position_max);
    };
    const std::size_t known = std::min<std::size_t>(attributes.size(), other_attributes);
    for (std::size_t number = 0; number < known; ++number)
        set(number, attributes.path(static_cast<AttributeId>(number)));
    // Attributes past the last number share one: words in them are found and rank behind all others.
    set(other_attributes, {});
    return result;
}

}  // namespace penchant
