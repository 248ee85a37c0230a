// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/expansion.h"

#include "index/character_table.h"
#include "index/fuzzy.h"
#include "index/limits.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace penchant {
namespace {

using Words = std::vector<std::string>;

constexpr std::uint8_t split_price = 1;
constexpr std::uint8_t join_price = 1;
constexpr std::size_t split_part_characters_min = 2;
constexpr std::uint8_t compound_distance_max = 8;  // "Holzkiste" finds "Kiste aus massivem Holz"

std::size_t characters(std::string_view word) {
    return static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_number(std::string_view word) { return std::all_of(word.begin(), word.end(), is_digit); }

class Expander {
public:
    Expander(TextQuery& text, std::span<const TypedToken> tokens, const Query& query, const WordSources& sources)
        : text_(text), tokens_(tokens), rules_(query.words), synonyms_on_(query.synonyms), sources_(sources),
          vocabulary_(sources.snapshot), typos_(query.words.typo_tolerance != TypoTolerance::off) {}

    void run() {
        text_.typos = typos_;
        for (std::size_t t = 0; t < tokens_.size(); ++t) {
            if (!single(t)) continue;
            add_forms(t);
            add_compounds(t);
            if (typos_ && may_be_mistyped(t)) {
                add_similar(t);
                add_splits(t);
            }
        }
        if (typos_)
            for (std::size_t t = 1; t < tokens_.size(); ++t) add_join(t);
        if (synonyms_on_ && !sources_.synonyms.empty()) add_synonyms();
        for (QueryWord& word : text_.words) finish(word);
    }

private:
    [[nodiscard]] const QueryWord& word_of(std::size_t token) const { return text_.words[tokens_[token].word]; }

    // A word of its own: no stop word that was left out, no part of a phrase, nor several characters.
    [[nodiscard]] bool single(std::size_t token) const {
        return tokens_[token].word != TypedToken::no_word && tokens_[token].plain && !word_of(token).unspaced;
    }

    [[nodiscard]] bool may_be_mistyped(std::size_t token) const {
        const auto& words = sources_.snapshot.settings->disable_typo_tolerance_on_words;
        return std::find(words.begin(), words.end(), tokens_[token].folded) == words.end();
    }

    [[nodiscard]] std::span<const std::string> codes(const Languages& languages) const {
        return languages.codes.empty() ? rules_.query_languages : languages.codes;
    }

    // An alternative of the words first .. first + count - 1, paid for by the last of them.
    void add(Alternative alternative, AlternativeKind kind, std::size_t first, std::size_t count = 1) {
        const std::uint8_t price = alternative.typos;
        for (std::size_t w = first; w < first + count; ++w) {
            alternative.typos = w + 1 == first + count ? price : std::uint8_t{0};
            text_.words[w].alternatives.push_back(
                {alternative, kind, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)});
        }
    }

    void add_forms(std::size_t token) {
        const std::string& folded = tokens_[token].folded;
        const std::size_t word = tokens_[token].word;
        const AlternativesAsExact& exact = rules_.alternatives_as_exact;
        if (rules_.ignore_plurals.on)
            for (std::string& form :
                 sources_.language.plural_variants(folded, codes(rules_.ignore_plurals), vocabulary_))
                add({.words = {std::move(form)}, .exact = exact.ignore_plurals}, AlternativeKind::plural, word);
        if (rules_.ignore_conjugations.on)
            for (std::string& form :
                 sources_.language.conjugation_variants(folded, codes(rules_.ignore_conjugations), vocabulary_))
                add({.words = {std::move(form)}, .exact = exact.ignore_conjugations}, AlternativeKind::conjugation, word);
    }

    // Which language the words are of must be said: taking words of other languages apart does harm.
    void add_compounds(std::size_t token) {
        if (!rules_.decompound_query || rules_.query_languages.empty()) return;
        for (Words& parts : sources_.language.compound_splits(tokens_[token].folded, rules_.query_languages, vocabulary_)) {
            Alternative alternative{.words = std::move(parts), .exact = false, .distance_max = compound_distance_max};
            if (alternative.words.size() == 2) {  // "Kiste aus Holz" is a "Holzkiste", too
                Alternative reversed = alternative;
                std::swap(reversed.words[0], reversed.words[1]);
                add(std::move(reversed), AlternativeKind::compound, tokens_[token].word);
            }
            add(std::move(alternative), AlternativeKind::compound, tokens_[token].word);
        }
    }

    [[nodiscard]] std::uint8_t typos_max(std::string_view word) const {
        if (is_number(word) && !rules_.allow_typos_on_numeric_tokens) return 0;
        const std::size_t length = characters(word);
        // Two typos may cost three, when one of them is on the first letter.
        if (length >= rules_.min_word_size_for_2_typos) return typo_distance_max;
        return length >= rules_.min_word_size_for_1_typo ? 1 : 0;
    }

    void add_similar(std::size_t token) {
        const std::string& folded = tokens_[token].folded;
        const std::uint8_t most = typos_max(folded);
        if (most == 0) return;
        const FuzzyPattern pattern(folded, most, word_of(token).typed().prefix);
        std::vector<SimilarWord> found;
        for (const auto& segment : sources_.snapshot.segments) segment->find_similar(pattern, found);
        merge(found, folded, word_of(token).typed().prefix);
        std::sort(found.begin(), found.end(), [](const SimilarWord& a, const SimilarWord& b) {
            return std::tie(a.typos, b.postings, a.word, a.prefix) < std::tie(b.typos, a.postings, b.word, b.prefix);
        });
        if (found.size() > limits::typo_words_max) {
            found.resize(limits::typo_words_max);
            text_.typos_exhaustive = false;
        }
        for (SimilarWord& similar : found)
            add({.words = {std::move(similar.word)}, .prefix = similar.prefix, .typos = similar.typos, .exact = false},
                AlternativeKind::typo, tokens_[token].word);
    }

    // One entry for each word or prefix, whatever number of segments has it, and none that a prefix at the same price or
    // a lower one stands for already.
    static void merge(std::vector<SimilarWord>& found, std::string_view typed, bool typed_is_prefix) {
        std::sort(found.begin(), found.end(), [](const SimilarWord& a, const SimilarWord& b) {
            return std::tie(a.word, b.prefix, a.typos) < std::tie(b.word, a.prefix, b.typos);
        });
        std::vector<SimilarWord> merged;
        // Prefixes that the words at hand begin with: in byte order they come directly before them.
        std::vector<std::size_t> around;
        for (SimilarWord& similar : found) {
            if (!merged.empty() && merged.back().word == similar.word && merged.back().prefix == similar.prefix) {
                merged.back().postings += similar.postings;
                continue;
            }
            while (!around.empty() && !similar.word.starts_with(merged[around.back()].word)) around.pop_back();
            const bool covered =
                (typed_is_prefix ? similar.word.starts_with(typed) : similar.word == typed && !similar.prefix) ||
                std::any_of(around.begin(), around.end(),
                            [&](std::size_t at) { return merged[at].typos <= similar.typos; });
            if (covered) continue;
            if (similar.prefix) around.push_back(merged.size());
            merged.push_back(std::move(similar));
        }
        found = std::move(merged);
    }

    // "icecream" as "ice cream". Which pairs stand together in a record shows when they are looked up.
    void add_splits(std::size_t token) {
        const std::string& folded = tokens_[token].folded;
        const bool prefix = word_of(token).typed().prefix;
        struct Split {
            std::size_t rarer = 0;  // postings of the rarer part
            std::size_t at = 0;
        };
        std::vector<Split> splits;
        const std::size_t length = characters(folded);
        std::size_t before = 0;
        for (std::size_t at = 0; at < folded.size(); at += decode_character(folded, at).bytes, ++before) {
            if (at == 0) continue;
            const bool long_enough =
                before >= split_part_characters_min && length - before >= split_part_characters_min;
            const bool number_beside_letter = is_digit(folded[at - 1]) != is_digit(folded[at]);
            if (!long_enough && !number_beside_letter) continue;
            const std::string_view first = std::string_view(folded).substr(0, at);
            const std::string_view second = std::string_view(folded).substr(at);
            const std::size_t first_postings = vocabulary_.postings(first);
            if (first_postings == 0) continue;
            const std::size_t second_postings = prefix ? postings_of_prefix(second) : vocabulary_.postings(second);
            if (second_postings != 0) splits.push_back({std::min(first_postings, second_postings), at});
        }
        std::stable_sort(splits.begin(), splits.end(), [](const Split& a, const Split& b) { return a.rarer > b.rarer; });
        if (splits.size() > limits::word_splits_max) {
            splits.resize(limits::word_splits_max);
            text_.typos_exhaustive = false;
        }
        for (const Split& split : splits)
            add({.words = {folded.substr(0, split.at), folded.substr(split.at)}, .prefix = prefix, .typos = split_price,
                 .exact = false},
                AlternativeKind::split, tokens_[token].word);
    }

    // Enough to compare splits by: counting stops after some words.
    [[nodiscard]] std::size_t postings_of_prefix(std::string_view prefix) const {
        constexpr std::size_t words_max = 16;
        std::size_t words = 0;
        std::size_t postings = 0;
        vocabulary_.for_each_word(prefix, [&](std::string_view, std::size_t count) {
            postings += count;
            return ++words < words_max;
        });
        return postings;
    }

    // "ice cream" as "icecream": the word before `token` and it.
    void add_join(std::size_t token) {
        if (!single(token - 1) || !single(token) || !may_be_mistyped(token - 1) || !may_be_mistyped(token)) return;
        std::string joined = tokens_[token - 1].folded + tokens_[token].folded;
        if (joined.size() > limits::word_bytes_max) return;
        const bool prefix = word_of(token).typed().prefix;
        if (prefix ? postings_of_prefix(joined) == 0 : !vocabulary_.has(joined)) return;
        add({.words = {std::move(joined)}, .prefix = prefix, .typos = join_price, .exact = false},
            AlternativeKind::joined, tokens_[token - 1].word, 2);
    }

    void add_synonyms() {
        Words input;
        for (std::size_t begin = 0; begin < tokens_.size(); ++begin) {
            input.clear();
            for (std::size_t end = begin; end < tokens_.size() && input.size() < sources_.synonyms.input_words_max(); ++end) {
                if (!tokens_[end].plain) break;
                input.push_back(tokens_[end].folded);
                add_synonyms_of(input, begin, end + 1);
            }
        }
    }

    // Of the tokens begin .. end - 1. Stop words that were left out take part in the input, not in the result.
    void add_synonyms_of(const Words& input, std::size_t begin, std::size_t end) {
        std::size_t first = TypedToken::no_word;
        std::size_t last = 0;
        for (std::size_t t = begin; t < end; ++t) {
            if (tokens_[t].word == TypedToken::no_word) continue;
            first = std::min(first, tokens_[t].word);
            last = tokens_[t].word;
        }
        if (first == TypedToken::no_word) return;
        // No part of a word of several characters: the others would count as found.
        if (begin > 0 && tokens_[begin - 1].word == first) return;
        if (end < tokens_.size() && tokens_[end].word == last) return;
        sources_.synonyms.for_each(input, [&](std::span<const std::string> output, std::uint8_t typos) {
            if (typos > 0 && !typos_) return;
            const AlternativesAsExact& exact = rules_.alternatives_as_exact;
            const bool single_words = input.size() == 1 && output.size() == 1;
            Alternative alternative{.words = {output.begin(), output.end()}, .typos = typos};
            alternative.exact = typos == 0 && (single_words ? exact.single_word_synonym : exact.multi_words_synonym);
            add(std::move(alternative), typos == 0 ? AlternativeKind::synonym : AlternativeKind::correction, first,
                last - first + 1);
        });
    }

    // Prices ascending behind what was typed, each alternative once, not too many.
    void finish(QueryWord& word) {
        auto& all = word.alternatives;
        std::stable_sort(all.begin() + 1, all.end(), [](const WordAlternative& a, const WordAlternative& b) {
            return std::tuple(a.alternative.typos, !a.alternative.exact) <
                   std::tuple(b.alternative.typos, !b.alternative.exact);
        });
        std::vector<WordAlternative> kept;
        kept.reserve(std::min(all.size(), limits::word_alternatives_max));
        for (WordAlternative& each : all) {
            const Alternative& a = each.alternative;
            const bool had = std::any_of(kept.begin(), kept.end(), [&](const WordAlternative& other) {
                const Alternative& b = other.alternative;
                return a.words == b.words && a.distance_max == b.distance_max &&
                       (a.prefix == b.prefix || (b.prefix && !a.exact));
            });
            if (had) continue;
            if (kept.size() == limits::word_alternatives_max) {
                text_.typos_exhaustive = false;
                break;
            }
            kept.push_back(std::move(each));
        }
        all = std::move(kept);
    }

    TextQuery& text_;
    std::span<const TypedToken> tokens_;
    const WordRules& rules_;
    bool synonyms_on_;
    const WordSources& sources_;
    Vocabulary vocabulary_;
    bool typos_;
};

}  // namespace

void expand(TextQuery& text, std::span<const TypedToken> tokens, const Query& query, const WordSources& sources) {
    Expander(text, tokens, query, sources).run();
}

}  // namespace penchant
