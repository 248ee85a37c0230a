// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/synonyms.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace penchant {
namespace {

namespace json = boost::json;
using Words = std::vector<std::string>;

Words words_of(std::string_view text, const Tokenizer& tokenizer) {
    Words words;
    tokenizer.tokenize(text, [&](const Token& token) { words.emplace_back(token.folded); });
    return words;
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// The texts of a list, each taken apart; those without a word are left out.
std::vector<Words> list_of(const json::object& object, std::string_view name, const Tokenizer& tokenizer) {
    std::vector<Words> list;
    const json::value* value = object.if_contains(name);
    if (!value || !value->is_array()) return list;
    for (const json::value& entry : value->get_array()) {
        if (!entry.is_string()) continue;
        Words words = words_of(std::string_view(entry.get_string()), tokenizer);
        if (!words.empty() && std::find(list.begin(), list.end(), words) == list.end()) list.push_back(std::move(words));
    }
    return list;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& letter : result)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return result;
}

}  // namespace

std::string Synonyms::key(std::span<const std::string> words) {
    std::string key;
    for (const std::string& word : words) {
        if (!key.empty()) key += ' ';  // no word has a space
        key += word;
    }
    return key;
}

void Synonyms::add_input(const Words& words, std::uint32_t group) {
    inputs_[key(words)].push_back(group);
    input_words_max_ = std::max(input_words_max_, words.size());
}

Synonyms Synonyms::compile(std::span<const json::object> synonyms, const Tokenizer& tokenizer) {
    Synonyms result;
    for (const json::object& synonym : synonyms) {
        const std::string type = lower(text_of(synonym, "type"));
        Group group;
        std::vector<Words> inputs;
        if (type == "synonym") {
            group.outputs = list_of(synonym, "synonyms", tokenizer);
            inputs = group.outputs;
        } else if (type == "onewaysynonym") {
            group.outputs = list_of(synonym, "synonyms", tokenizer);
            inputs = {words_of(text_of(synonym, "input"), tokenizer)};
        } else if (type == "altcorrection1" || type == "altcorrection2") {
            group.outputs = list_of(synonym, "corrections", tokenizer);
            group.typos = type.back() == '1' ? 1 : 2;
            inputs = {words_of(text_of(synonym, "word"), tokenizer)};
        } else if (type == "placeholder") {
            group.outputs = {words_of(text_of(synonym, "placeholder"), tokenizer)};
            inputs = list_of(synonym, "replacements", tokenizer);
            if (group.outputs.front().empty()) group.outputs.clear();
        }
        if (group.outputs.empty()) continue;
        const auto number = static_cast<std::uint32_t>(result.groups_.size());
        for (const Words& input : inputs)
            if (!input.empty()) result.add_input(input, number);
        result.groups_.push_back(std::move(group));
    }
    return result;
}

void Synonyms::for_each(std::span<const std::string> words, const Visit& visit) const {
    if (words.size() > input_words_max_) return;
    const auto found = inputs_.find(key(words));
    if (found == inputs_.end()) return;
    for (const std::uint32_t number : found->second) {
        const Group& group = groups_[number];
        for (const Words& output : group.outputs)
            if (!std::equal(output.begin(), output.end(), words.begin(), words.end())) visit(output, group.typos);
    }
}

}  // namespace penchant
