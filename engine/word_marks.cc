// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/word_marks.h"

#include <algorithm>
#include <utility>

namespace penchant {

static_assert(limits::query_words_max <= 32, "a bit for each word of a query");

WordMarker::WordMarker(const TextQuery& text, Tokenizer tokenizer, bool show_typed)
    : tokenizer_(std::move(tokenizer)), text_(&text) {
    for (std::size_t w = 0; w < text.words.size(); ++w)
        for (const WordAlternative& each : text.words[w].alternatives)
            add(each, static_cast<std::uint32_t>(w), show_typed);
    std::sort(prefix_lengths_.begin(), prefix_lengths_.end());
    prefix_lengths_.erase(std::unique(prefix_lengths_.begin(), prefix_lengths_.end()), prefix_lengths_.end());
}

void WordMarker::add(const WordAlternative& each, std::uint32_t word, bool show_typed) {
    const Alternative& alternative = each.alternative;
    Way way{word, alternative.typos, alternative.prefix, nullptr};
    has_typos_ = has_typos_ || alternative.typos != 0;
    if (show_typed && each.kind == AlternativeKind::synonym) {
        std::string typed;
        for (std::uint32_t w = each.first_word; w < each.first_word + each.word_count; ++w)
            typed += (typed.empty() ? "" : " ") + text_->words[w].typed_text();
        way.typed = typed_.emplace_back(std::make_unique<const std::string>(std::move(typed))).get();
    }
    if (alternative.words.size() == 1) {
        const std::string& only = alternative.words.front();
        ways_[only].push_back(way);
        if (alternative.prefix) prefix_lengths_.push_back(only.size());
        return;
    }
    phrase_begins_[alternative.words.front()].push_back(static_cast<std::uint32_t>(phrases_.size()));
    phrases_.push_back({alternative.words, alternative.distance_max, way});
}

TyposAllowed WordMarker::any_typos() {
    TyposAllowed allowed;
    allowed.fill(std::numeric_limits<std::uint8_t>::max());
    return allowed;
}

// Calls visit(way, folded bytes that match) for each way in which the word matches.
template <class Visit>
void WordMarker::for_each_way(std::string_view folded, MarkRules rules, Visit&& visit) const {
    const auto visit_all = [&](std::string_view part) {
        const auto found = ways_.find(part);
        if (found == ways_.end()) return;
        for (const Way& way : found->second) {
            if (way.typos != 0 && !rules.typos) continue;
            if (part.size() != folded.size() && !way.prefix) continue;
            visit(way, part.size());
        }
    };
    if (rules.prefixes)
        for (const std::size_t length : prefix_lengths_) {
            if (length >= folded.size()) break;
            visit_all(folded.substr(0, length));
        }
    visit_all(folded);
}

// Calls sink(token) for each word of a text; for the parts of one in camel case, unless it matches across them.
template <class Sink>
void WordMarker::for_each_word(std::string_view value, MarkRules rules, Sink&& sink) const {
    tokenizer_.tokenize(value, [&](const Token& token) {
        const std::string_view written = value.substr(token.byte_begin, token.byte_end - token.byte_begin);
        std::size_t first_part = written.size();
        if (rules.camel_case)
            for_each_camel_case_part(written, [&](std::size_t, std::size_t end) { first_part = std::min(first_part, end); });
        bool whole = first_part == written.size();
        if (!whole) for_each_way(token.folded, rules, [&](const Way&, std::size_t bytes) { whole = whole || bytes > first_part; });
        if (whole) return sink(token);
        for_each_camel_case_part(written, [&](std::size_t begin, std::size_t end) {
            tokenizer_.tokenize(written.substr(begin, end - begin), [&](const Token& part) {
                Token moved = part;
                moved.byte_begin += token.byte_begin + begin;
                moved.byte_end += token.byte_begin + begin;
                sink(moved);
            });
        });
    });
}

// Calls visit(phrase, positions of its words) for each place where a phrase stands.
template <class Visit>
void WordMarker::for_each_phrase(const std::vector<std::string>& folded, MarkRules rules, Visit&& visit) const {
    std::vector<std::size_t> positions;
    for (std::size_t begin = 0; begin < folded.size(); ++begin) {
        const auto found = phrase_begins_.find(folded[begin]);
        if (found == phrase_begins_.end()) continue;
        for (const std::uint32_t number : found->second) {
            const Phrase& phrase = phrases_[number];
            if (phrase.way.typos != 0 && !rules.typos) continue;
            positions.assign(1, begin);
            while (positions.size() < phrase.words.size()) {
                const std::string& wanted = phrase.words[positions.size()];
                const bool prefix =
                    phrase.way.prefix && rules.prefixes && positions.size() + 1 == phrase.words.size();
                const std::size_t end = std::min(folded.size(), positions.back() + phrase.distance_max + 1);
                std::size_t at = positions.back() + 1;
                while (at < end && !(prefix ? folded[at].starts_with(wanted) : folded[at] == wanted)) ++at;
                if (at >= end) break;
                positions.push_back(at);
            }
            if (positions.size() == phrase.words.size()) visit(phrase, positions);
        }
    }
}

Marks WordMarker::marks(std::string_view value, MarkRules rules, const TyposAllowed& allowed) const {
    Marks result;
    std::vector<std::string> folded;  // only where phrases are looked for
    const auto mark = [&](Mark& place, const Way& way, std::string_view word, std::size_t bytes) {
        result.found |= 1U << way.word;
        place.words |= 1U << way.word;
        if (!way.typed) place.typed = nullptr;
        else if (!place.marked()) place.typed = way.typed;
        std::size_t end = place.end;
        if (bytes < word.size())
            end = place.begin + tokenizer_.original_prefix_bytes(value.substr(place.begin, place.end - place.begin), bytes);
        place.marked_end = std::max(place.marked_end, end);
    };
    for_each_word(value, rules, [&](const Token& token) {
        Mark& place = result.words.emplace_back();
        place.begin = place.marked_end = token.byte_begin;
        place.end = token.byte_end;
        for_each_way(token.folded, rules, [&](const Way& way, std::size_t bytes) {
            if (way.typos <= allowed[way.word]) mark(place, way, token.folded, bytes);
        });
        if (!phrases_.empty()) folded.emplace_back(token.folded);
    });
    for_each_phrase(folded, rules, [&](const Phrase& phrase, const std::vector<std::size_t>& positions) {
        if (phrase.way.typos > allowed[phrase.way.word]) return;
        const bool alone = std::none_of(positions.begin(), positions.end(),
                                        [&](std::size_t at) { return result.words[at].marked(); });
        for (std::size_t i = 0; i < positions.size(); ++i)
            mark(result.words[positions[i]], phrase.way, folded[positions[i]],
                 phrase.way.prefix ? phrase.words[i].size() : folded[positions[i]].size());
        // A synonym of several words is shown as what was typed in the place of all of them.
        if (!phrase.way.typed) return;
        for (const std::size_t at : positions) result.words[at].typed = nullptr;
        if (!alone || phrase.distance_max != 1) return;
        Mark& first = result.words[positions.front()];
        first.typed = phrase.way.typed;
        first.stretch = static_cast<std::uint32_t>(positions.size());
    });
    for (const Mark& place : result.words) result.whole = result.whole && place.marked_end == place.end;
    return result;
}

void WordMarker::find_cheapest(std::string_view value, MarkRules rules, TyposAllowed& cheapest) const {
    const auto lower = [&](const Way& way) { cheapest[way.word] = std::min(cheapest[way.word], way.typos); };
    std::vector<std::string> folded;
    for_each_word(value, rules, [&](const Token& token) {
        for_each_way(token.folded, rules, [&](const Way& way, std::size_t) { lower(way); });
        if (!phrases_.empty()) folded.emplace_back(token.folded);
    });
    for_each_phrase(folded, rules, [&](const Phrase& phrase, const std::vector<std::size_t>&) { lower(phrase.way); });
}

}  // namespace penchant
