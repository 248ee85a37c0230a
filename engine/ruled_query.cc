// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ruled_query.h"

#include "engine/synonyms.h"
#include "engine/vocabulary.h"
#include "index/analysis.h"
#include "index/fuzzy.h"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>

namespace penchant {
namespace {

Result<Pins> find_pins(const RuleEffects& effects, const FindObject& find) {
    Pins pins;
    for (const RuleEffects::Promoted& promoted : effects.promoted) {
        PinGroup group{{}, promoted.position, promoted.filtered};
        for (const std::string& id : promoted.object_ids) {
            PENCHANT_TRY(const std::optional<Ordinal> ordinal, find(id));
            if (ordinal) group.records.push_back(*ordinal);
        }
        if (!group.records.empty()) pins.promoted.push_back(std::move(group));
    }
    for (const std::string& id : effects.hidden) {
        PENCHANT_TRY(const std::optional<Ordinal> ordinal, find(id));
        if (ordinal) pins.hidden.push_back(*ordinal);
    }
    return pins;
}

}  // namespace

Result<RuledQuery> ruled_query(const boost::json::object& parameters, const Snapshot& snapshot,
                               const QueryDefaults& defaults, const RuleSet& rules, const WordsAlike& alike,
                               std::int64_t now, const FindObject& find) {
    const Settings& settings = *snapshot.settings;
    PENCHANT_TRY(Query asked, parse_query(parameters, settings, defaults));
    if (rules.empty() || !asked.enable_rules) return RuledQuery{std::move(asked), {}};
    const Tokenizer tokenizer = tokenizer_of(settings);
    RuleEffects effects = apply_rules(rules, asked, snapshot, tokenizer, alike, now);
    if (effects.applied.empty()) return RuledQuery{std::move(asked), {}};

    RuledQuery ruled;
    if (effects.text || !effects.parameters.empty()) {
        boost::json::object changed = parameters;
        for (const auto& [name, value] : effects.parameters) changed[name] = value;
        if (effects.text) changed["query"] = *effects.text;
        PENCHANT_TRY(ruled.query, parse_query(changed, settings, defaults));
        // What is told about the request is what came.
        ruled.query.text_given = asked.text_given;
        ruled.query.params_echo = asked.params_echo;
        ruled.query.unknown = asked.unknown;
        ruled.query.without_effect = asked.without_effect;
    } else {
        ruled.query = std::move(asked);
    }
    ruled.query.rendering_content = std::move(effects.rendering_content);
    ruled.query.rules.applied = std::move(effects.applied);
    ruled.query.rules.filters = std::move(effects.filters);
    ruled.query.rules.user_data = std::move(effects.user_data);
    ruled.query.rules.exhaustive = effects.exhaustive;
    PENCHANT_TRY(ruled.pins, find_pins(effects, find));
    return ruled;
}

bool alike_but_for_typos(std::string_view typed, std::string_view wanted, const WordRules& words) {
    if (words.typo_tolerance == TypoTolerance::off) return false;
    const auto letters = static_cast<std::size_t>(
        std::count_if(typed.begin(), typed.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    const std::uint8_t most = letters >= words.min_word_size_for_2_typos ? 2 : letters >= words.min_word_size_for_1_typo ? 1 : 0;
    return most != 0 && typo_distance(typed, wanted, most).has_value();
}

WordsAlike words_alike(const Snapshot& snapshot, WordKnowledge knowledge) {
    // What a typed word may stand for is looked up once, however many patterns it is compared with.
    using Others = std::set<std::string, std::less<>>;
    const auto known = std::make_shared<std::unordered_map<std::string, Others>>();
    return [&snapshot, knowledge = std::move(knowledge), known](std::string_view typed, std::string_view wanted) {
        const WordRules& words = snapshot.settings->words;
        if (alike_but_for_typos(typed, wanted, words)) return true;
        const auto [at, fresh] = known->try_emplace(std::string(typed));
        if (fresh) {
            const std::string& word = at->first;
            for (std::string& other : knowledge.language.plural_variants(word, words.query_languages, Vocabulary(snapshot)))
                at->second.insert(std::move(other));
            if (knowledge.synonyms)
                knowledge.synonyms->for_each({&word, 1}, [&](std::span<const std::string> others, std::uint8_t) {
                    if (others.size() == 1) at->second.insert(others.front());
                });
        }
        return at->second.find(wanted) != at->second.end();
    };
}

}  // namespace penchant
