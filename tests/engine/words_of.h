// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words of a query as texts that tests can compare.
#pragma once

#include "engine/text_query.h"
#include "tests/engine/sample.h"

#include <string>

namespace penchant::testing {

/// "red shoe*": a star behind a prefix, ? behind an optional word, quotes around a phrase, brackets around a run of
/// characters without spaces, a minus before an excluded word.
inline std::string text_of(const TextQuery& text) {
    std::string all;
    const auto append = [&](const QueryWord& word, std::string_view before) {
        all += all.empty() ? "" : " ";
        all += before;
        all += word.phrase ? "\"" + word.typed_text() + '"' : word.unspaced ? '[' + word.typed_text() + ']' : word.typed_text();
        if (word.typed().prefix) all += '*';
        if (word.optional) all += '?';
    };
    for (const QueryWord& word : text.words) append(word, "");
    for (const QueryWord& word : text.excluded) append(word, "-");
    return all;
}

/// "shoe* shoes=1 shop*~1": what stands for a word. =: exact; ~: not; then the price; @2+2: for two words from the
/// third on.
inline std::string alternatives_of(const QueryWord& word) {
    std::string all;
    for (const WordAlternative& each : word.alternatives) {
        all += all.empty() ? "" : " ";
        for (std::size_t w = 0; w < each.alternative.words.size(); ++w)
            all += (w == 0 ? "" : "_") + each.alternative.words[w];
        if (each.alternative.prefix) all += '*';
        if (&each == word.alternatives.data()) continue;
        all += each.alternative.exact ? '=' : '~';
        all += std::to_string(each.alternative.typos);
        if (each.word_count != 1)
            all += '@' + std::to_string(each.first_word) + '+' + std::to_string(each.word_count);
    }
    return all;
}

inline Synonyms synonyms_of(std::string_view json_array) {
    const auto value = parse_json_value(json_array);
    REQUIRE(value.has_value());
    std::vector<boost::json::object> objects;
    for (const auto& each : value.value().get_array()) objects.push_back(each.get_object());
    return Synonyms::compile(objects, Tokenizer());
}

/// The words of a query as Selection would make them.
inline TextQuery words_of(const Sample& sample, const Query& query, const Synonyms& synonyms = {}) {
    return text_query(query, {sample.snapshot(), synonyms, Language()});
}

}  // namespace penchant::testing
