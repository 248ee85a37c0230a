// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/settings_keys.h"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "index/character_table.h"
#include "index/json_text.h"
#include "index/limits.h"

namespace penchant {
namespace {

namespace json = boost::json;
using namespace setting;

// --- entries such as desc(price) ---

std::string_view trimmed(std::string_view name) {
    const std::size_t begin = name.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return name.substr(begin, name.find_last_not_of(" \t") - begin + 1);
}

struct Modified {
    std::string_view modifier;  // empty: none
    std::string_view inside;
};

Modified modified(std::string_view entry) {
    entry = trimmed(entry);
    const std::size_t open = entry.find('(');
    if (open == std::string_view::npos || open == 0 || entry.back() != ')') return {{}, entry};
    return {trimmed(entry.substr(0, open)), trimmed(entry.substr(open + 1, entry.size() - open - 2))};
}

std::optional<SortCriterion> sort_criterion(std::string_view entry) {
    const auto [modifier, inside] = modified(entry);
    if (inside.empty()) return std::nullopt;
    if (modifier == "asc") return SortCriterion{std::string{inside}, SortDirection::ascending};
    if (modifier == "desc") return SortCriterion{std::string{inside}, SortDirection::descending};
    return std::nullopt;
}

// In the order of Criterion.
constexpr std::array<std::string_view, 9> criteria{"typo",      "geo",   "words",  "filters",  "proximity",
                                                   "attribute", "exact", "custom", "relevance"};
constexpr std::size_t default_criteria_count = 8;  // relevance is for long texts only

Result<void> set_ranking(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    std::vector<RankingCriterion> ranking;
    for (const std::string& entry : entries) {
        RankingCriterion place;
        if (const auto found = std::find(criteria.begin(), criteria.end(), trimmed(entry)); found != criteria.end()) {
            place.criterion = static_cast<Criterion>(found - criteria.begin());
        } else if (auto sort = sort_criterion(entry)) {
            place = {Criterion::sort, std::move(*sort)};
        } else {
            return refusal_in(given, entry, "is not one of " + alternatives(criteria) + ", asc(attribute) or desc(attribute)");
        }
        for (const RankingCriterion& before : ranking) {
            if (before.criterion == place.criterion && before.sort.path == place.sort.path) {
                return refusal_in(given, entry, "comes twice");
            }
        }
        if (ranking.size() == limits::searchable_attributes_max) return too_many(given, limits::searchable_attributes_max);
        ranking.push_back(std::move(place));
    }
    settings.ranking = std::move(ranking);
    return {};
}

Result<void> set_custom_ranking(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    settings.custom_ranking.clear();
    for (const std::string& entry : entries) {
        auto sort = sort_criterion(entry);
        if (!sort) return refusal_in(given, entry, "is neither asc(attribute) nor desc(attribute)");
        settings.custom_ranking.push_back(std::move(*sort));
    }
    return {};
}

Result<void> set_searchable_attributes(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    settings.searchable_attributes.clear();
    if (entries.size() == 1 && entries.front() == "*") return {};  // as in other lists of attributes: all of them
    for (std::uint32_t rank = 0; rank < entries.size(); ++rank) {
        const bool tied = entries[rank].find(',') != std::string::npos;
        std::string_view rest = entries[rank];
        for (bool more = true; more;) {
            const std::size_t comma = rest.find(',');
            more = comma != std::string_view::npos;
            const auto [modifier, path] = modified(rest.substr(0, comma));
            rest = more ? rest.substr(comma + 1) : std::string_view{};
            if (!modifier.empty() && modifier != "unordered" && modifier != "ordered") {
                return refusal_in(given, entries[rank], "has a modifier that is neither ordered nor unordered");
            }
            if (path.empty()) return refusal_in(given, entries[rank], "names no attribute");
            const auto same = [&](const SearchableAttribute& known) { return known.path == path; };
            const auto& known = settings.searchable_attributes;
            if (std::any_of(known.begin(), known.end(), same)) continue;  // its first place counts
            if (known.size() == limits::searchable_attributes_max) return too_many(given, limits::searchable_attributes_max);
            settings.searchable_attributes.push_back({std::string{path}, rank, !tied && modifier != "unordered"});
        }
    }
    return {};
}

Result<void> set_attributes_for_faceting(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    auto& facets = settings.attributes_for_faceting;
    facets.clear();
    for (const std::string& entry : entries) {
        FacetAttribute facet;
        std::string_view rest = entry;
        for (Modified part = modified(rest);; part = modified(rest)) {
            rest = part.inside;
            if (part.modifier.empty()) break;
            if (part.modifier == "searchable") facet.searchable = true;
            else if (part.modifier == "filterOnly") facet.filter_only = true;
            else if (part.modifier == "afterDistinct") facet.after_distinct = true;
            else return refusal_in(given, entry, "has a modifier that is none of searchable, filterOnly and afterDistinct");
        }
        if (rest.empty()) return refusal_in(given, entry, "names no attribute");
        facet.path = rest;
        const auto known = std::find_if(facets.begin(), facets.end(),
                                        [&](const FacetAttribute& other) { return other.path == facet.path; });
        if (known == facets.end()) {
            if (facets.size() == limits::facet_attributes_max) return too_many(given, limits::facet_attributes_max);
            facets.push_back(std::move(facet));
        } else {  // listed twice: what either entry allows
            known->searchable |= facet.searchable;
            known->after_distinct |= facet.after_distinct;
            known->filter_only &= facet.filter_only;
        }
    }
    return {};
}

Result<void> set_numeric_attributes(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    settings.numeric_attributes_for_filtering.clear();
    settings.equal_only_attributes.clear();
    for (const std::string& entry : entries) {
        const auto [modifier, path] = modified(entry);
        if (!modifier.empty() && modifier != "equalOnly") return refusal_in(given, entry, "has a modifier other than equalOnly");
        if (path.empty()) return refusal_in(given, entry, "names no attribute");
        settings.numeric_attributes_for_filtering.emplace_back(path);
        if (!modifier.empty()) settings.equal_only_attributes.emplace_back(path);
    }
    return {};
}

Result<void> set_attributes_to_highlight(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.attributes_to_highlight, texts(given));
    settings.highlight_all_searchable = false;
    return {};
}

Result<void> set_optional_words(const Given& given, Settings& settings) {
    if (const json::string* words = given.value.if_string()) {
        settings.words.optional_words.clear();
        if (!words->empty()) settings.words.optional_words.emplace_back(*words);
        return {};
    }
    if (!given.value.is_array()) return refusal(given, "a string or an array of strings");
    PENCHANT_TRY(settings.words.optional_words, texts(given));
    return {};
}

Result<void> set_user_data(const Given& given, Settings& settings) {
    constexpr std::size_t user_data_bytes_max = 32 * 1024;  // A 1.8
    const std::size_t bytes = json_text(given.value).size();
    if (bytes > user_data_bytes_max) {
        return Error{Errc::bad_request, fmt::format("setting {} has {} bytes of JSON, the limit is {}", given.key, bytes,
                                                    user_data_bytes_max)};
    }
    settings.user_data = given.value;
    return {};
}

Result<void> set_rendering_content(const Given& given, Settings& settings) {
    if (!given.value.is_object()) return refusal(given, "an object");
    settings.rendering_content = given.value.get_object();
    return {};
}

// --- one function template for each plain type: the member that holds the value is an argument ---

template <class Value>
Value& at(Settings& settings, Value Settings::* member) {
    return settings.*member;
}
template <class Value>
Value& at(Settings& settings, Value WordRules::* member) {
    return settings.words.*member;
}

template <auto Member, std::uint32_t Min, std::uint32_t Max>
Result<void> set_integer(const Given& given, Settings& settings) {
    PENCHANT_TRY(at(settings, Member), integer(given, Min, Max));
    return {};
}
template <auto Member>
Result<void> set_boolean(const Given& given, Settings& settings) {
    PENCHANT_TRY(at(settings, Member), boolean(given));
    return {};
}
template <auto Member>
Result<void> set_text(const Given& given, Settings& settings) {
    PENCHANT_TRY(at(settings, Member), text(given));
    return {};
}
template <auto Member>
Result<void> set_texts(const Given& given, Settings& settings) {
    PENCHANT_TRY(at(settings, Member), texts(given));
    return {};
}
template <auto Member, const auto& List>
Result<void> set_choice(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::size_t position, choice(given, List));
    using Enumeration = std::remove_reference_t<decltype(at(settings, Member))>;
    at(settings, Member) = static_cast<Enumeration>(position);  // the lists stand in the order of the enumerators
    return {};
}

constexpr std::array<std::string_view, 3> query_types{"prefixLast", "prefixAll", "prefixNone"};
constexpr std::array<std::string_view, 4> remove_words{"none", "lastWords", "firstWords", "allOptional"};
constexpr std::array<std::string_view, 3> exact_on_single_word{"attribute", "none", "word"};
constexpr std::array<std::string_view, 2> facet_orders{"count", "alpha"};
constexpr std::array<std::string_view, 4> typo_tolerances{"true", "false", "min", "strict"};
constexpr std::array<std::string_view, 2> boolean_texts{"true", "false"};
constexpr std::array<std::string_view, 4> exact_alternatives{"ignorePlurals", "singleWordSynonym", "multiWordsSynonym",
                                                             "ignoreConjugations"};
constexpr std::array<std::string_view, 2> syntax_features{"exactPhrase", "excludeWords"};
constexpr std::array<std::string_view, 6> compound_languages{"nl", "de", "fi", "da", "sv", "no"};

// --- settings with a shape of their own; one that is a boolean or a word may come back as text (A 3.7) ---

Result<void> set_typo_tolerance(const Given& given, Settings& settings) {
    TypoTolerance& tolerance = settings.words.typo_tolerance;
    if (const bool* on = given.value.if_bool()) {
        tolerance = *on ? TypoTolerance::on : TypoTolerance::off;
    } else if (const auto position = choice(given, typo_tolerances)) {
        tolerance = static_cast<TypoTolerance>(*position);
    } else {
        return refusal(given, "true, false, \"min\" or \"strict\"");
    }
    return {};
}

template <Languages WordRules::* Member>
Result<void> set_languages(const Given& given, Settings& settings) {
    Languages& languages = settings.words.*Member;
    languages = {};
    if (const bool* on = given.value.if_bool()) {
        languages.on = *on;
    } else if (const auto position = choice(given, boolean_texts)) {
        languages.on = *position == 0;
    } else if (given.value.is_array()) {
        PENCHANT_TRY(languages.codes, texts(given));
        languages.on = !languages.codes.empty();
    } else {
        return refusal(given, "true, false or an array of languages");
    }
    return {};
}

Result<void> set_alternatives_as_exact(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<bool> came, choices(given, exact_alternatives));
    settings.words.alternatives_as_exact = {came[0], came[1], came[2], came[3]};
    return {};
}

Result<void> set_syntax_features(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<bool> came, choices(given, syntax_features));
    settings.words.exact_phrases = came[0];
    settings.words.exclude_words = came[1];
    return {};
}

Result<void> set_distinct(const Given& given, Settings& settings) {
    if (const bool* on = given.value.if_bool()) {
        settings.distinct = *on ? 1 : 0;
    } else if (const auto position = choice(given, boolean_texts)) {
        settings.distinct = *position == 0 ? 1 : 0;
    } else if (const auto records = integer(given, 0, limits::distinct_max)) {
        settings.distinct = *records;
    } else {
        return refusal(given, fmt::format("true, false or an integer from 0 to {}", limits::distinct_max));
    }
    return {};
}

// "virtual(name)" is a replica without records of its own.
Result<void> set_replicas(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    settings.replicas.clear();
    settings.virtual_replicas.clear();
    for (const std::string& entry : entries) {
        const auto [modifier, name] = modified(entry);
        // A name may hold brackets itself; only virtual() means something.
        const bool is_virtual = modifier == "virtual";
        const std::string replica{is_virtual ? name : trimmed(entry)};
        if (replica.empty()) return refusal_in(given, entry, "names no index");
        auto& list = is_virtual ? settings.virtual_replicas : settings.replicas;
        for (const auto* known : {&settings.replicas, &settings.virtual_replicas}) {
            if (std::find(known->begin(), known->end(), replica) != known->end()) {
                return refusal_in(given, entry, "comes twice");
            }
        }
        if (list.size() == limits::replicas_max) return too_many(given, limits::replicas_max);
        list.push_back(replica);
    }
    return {};
}

Result<void> set_decompounded_attributes(const Given& given, Settings& settings) {
    const json::object* languages = given.value.if_object();
    if (languages == nullptr) return refusal(given, "an object of languages");
    settings.decompounded_attributes.clear();
    for (const auto& [language, attributes] : *languages) {
        const std::string_view name = language;
        if (std::find(compound_languages.begin(), compound_languages.end(), name) == compound_languages.end()) {
            return refusal_in(given, name, "is not one of " + alternatives(compound_languages));
        }
        PENCHANT_TRY(std::vector<std::string> paths, texts({given.key, attributes}));
        settings.decompounded_attributes.emplace_back(std::string{name}, std::move(paths));
    }
    return {};
}

Result<void> set_custom_normalization(const Given& given, Settings& settings) {
    constexpr std::string_view expected =
        "an object such as {\"default\": {\"ä\": \"ae\"}}, of at most 10 single characters, each with a text of at most 10 bytes";
    constexpr std::size_t characters_max = 10;
    constexpr std::size_t replacement_bytes_max = 10;
    const json::object* groups = given.value.if_object();
    if (groups == nullptr) return refusal(given, expected);
    settings.custom_normalization.clear();
    for (const auto& group : *groups) {
        const json::object* replacements = group.value().if_object();
        if (replacements == nullptr) return refusal(given, expected);
        for (const auto& [character, replacement] : *replacements) {
            const std::string_view key = character;
            const bool single = !key.empty() && decode_character(key, 0).bytes == key.size();
            const json::string* becomes = replacement.if_string();
            if (!single || becomes == nullptr || becomes->size() > replacement_bytes_max ||
                settings.custom_normalization.size() == characters_max) {
                return refusal(given, expected);
            }
            settings.custom_normalization.emplace_back(std::string{key}, std::string{*becomes});
        }
    }
    return {};
}

// --- keys that are checked and kept, and do nothing ---

constexpr std::array<std::string_view, 2> modes{"keywordSearch", "neuralSearch"};

template <std::uint32_t Min, std::uint32_t Max>
Result<void> check_integer(const Given& given, Settings&) {
    PENCHANT_CHECK(integer(given, Min, Max));
    return {};
}
Result<void> check_boolean(const Given& given, Settings&) {
    PENCHANT_CHECK(boolean(given));
    return {};
}
Result<void> check_texts(const Given& given, Settings&) {
    PENCHANT_CHECK(texts(given));
    return {};
}
Result<void> check_object(const Given& given, Settings&) {
    if (!given.value.is_object()) return refusal(given, "an object");
    return {};
}
template <const auto& List>
Result<void> check_choice(const Given& given, Settings&) {
    PENCHANT_CHECK(choice(given, List));
    return {};
}
Result<void> check_filter(const Given& given, Settings&) {
    if (given.value.is_string() || given.value.is_array()) return {};
    return refusal(given, "a string or an array");
}

// --- all keys ---

using Key = SettingsKey;
constexpr bool acted_on = true;
constexpr bool kept = false;
constexpr std::uint32_t word_size_max = 1'000'000;  // "never" is written as a large number

constexpr std::array keys{
    Key{"searchableAttributes", acted_on, set_searchable_attributes},
    Key{"attributesForFaceting", acted_on, set_attributes_for_faceting},
    Key{"ranking", acted_on, set_ranking},
    Key{"customRanking", acted_on, set_custom_ranking},
    Key{"numericAttributesForFiltering", acted_on, set_numeric_attributes},
    Key{"attributesToRetrieve", acted_on, set_texts<&Settings::attributes_to_retrieve>},
    Key{"unretrievableAttributes", acted_on, set_texts<&Settings::unretrievable_attributes>},
    Key{"attributesToHighlight", acted_on, set_attributes_to_highlight},
    Key{"attributesToSnippet", acted_on, set_texts<&Settings::attributes_to_snippet>},
    Key{"disablePrefixOnAttributes", acted_on, set_texts<&Settings::disable_prefix_on_attributes>},
    Key{"disableExactOnAttributes", acted_on, set_texts<&WordRules::disable_exact_on_attributes>},
    Key{"responseFields", acted_on, set_texts<&Settings::response_fields>},
    Key{"optionalWords", acted_on, set_optional_words},
    Key{"separatorsToIndex", acted_on, set_text<&Settings::separators_to_index>},
    Key{"keepDiacriticsOnCharacters", acted_on, set_text<&Settings::keep_diacritics_on_characters>},
    Key{"highlightPreTag", acted_on, set_text<&Settings::highlight_pre_tag>},
    Key{"highlightPostTag", acted_on, set_text<&Settings::highlight_post_tag>},
    Key{"snippetEllipsisText", acted_on, set_text<&Settings::snippet_ellipsis_text>},
    Key{"queryType", acted_on, set_choice<&WordRules::query_type, query_types>},
    Key{"removeWordsIfNoResults", acted_on, set_choice<&WordRules::remove_words_if_no_results, remove_words>},
    Key{"exactOnSingleWordQuery", acted_on, set_choice<&WordRules::exact_on_single_word_query, exact_on_single_word>},
    Key{"sortFacetValuesBy", acted_on, set_choice<&Settings::sort_facet_values_by, facet_orders>},
    Key{"hitsPerPage", acted_on, set_integer<&Settings::hits_per_page, 0, limits::hits_per_page_max>},
    Key{"paginationLimitedTo", acted_on,
        set_integer<&Settings::pagination_limited_to, 0, limits::pagination_limited_to_max>},
    Key{"maxValuesPerFacet", acted_on, set_integer<&Settings::max_values_per_facet, 0, limits::facet_values_max>},
    Key{"maxFacetHits", acted_on, set_integer<&Settings::max_facet_hits, 0, limits::facet_hits_max>},
    Key{"minProximity", acted_on, set_integer<&WordRules::min_proximity, 1, 7>},
    Key{"restrictHighlightAndSnippetArrays", acted_on, set_boolean<&Settings::restrict_highlight_and_snippet_arrays>},
    Key{"enablePersonalization", acted_on, set_boolean<&Settings::enable_personalization>},
    Key{"userData", acted_on, set_user_data},
    Key{"renderingContent", acted_on, set_rendering_content},

    Key{"typoTolerance", acted_on, set_typo_tolerance},
    Key{"minWordSizefor1Typo", acted_on, set_integer<&WordRules::min_word_size_for_1_typo, 0, word_size_max>},
    Key{"minWordSizefor2Typos", acted_on, set_integer<&WordRules::min_word_size_for_2_typos, 0, word_size_max>},
    Key{"allowTyposOnNumericTokens", acted_on, set_boolean<&WordRules::allow_typos_on_numeric_tokens>},
    Key{"disableTypoToleranceOnAttributes", acted_on, set_texts<&WordRules::disable_typo_tolerance_on_attributes>},
    Key{"disableTypoToleranceOnWords", acted_on, set_texts<&Settings::disable_typo_tolerance_on_words>},
    Key{"advancedSyntax", acted_on, set_boolean<&WordRules::advanced_syntax>},
    Key{"advancedSyntaxFeatures", acted_on, set_syntax_features},
    Key{"alternativesAsExact", acted_on, set_alternatives_as_exact},
    Key{"ignorePlurals", acted_on, set_languages<&WordRules::ignore_plurals>},
    Key{"ignoreConjugations", acted_on, set_languages<&WordRules::ignore_conjugations>},
    Key{"removeStopWords", acted_on, set_languages<&WordRules::remove_stop_words>},
    Key{"queryLanguages", acted_on, set_texts<&WordRules::query_languages>},
    Key{"indexLanguages", acted_on, set_texts<&Settings::index_languages>},
    Key{"decompoundQuery", acted_on, set_boolean<&WordRules::decompound_query>},
    Key{"decompoundedAttributes", kept, set_decompounded_attributes},
    Key{"attributeCriteriaComputedByMinProximity", acted_on,
        set_boolean<&WordRules::attribute_criteria_computed_by_min_proximity>},
    Key{"replaceSynonymsInHighlight", acted_on, set_boolean<&WordRules::replace_synonyms_in_highlight>},
    Key{"distinct", acted_on, set_distinct},
    Key{"attributeForDistinct", acted_on, set_text<&Settings::attribute_for_distinct>},
    Key{"relevancyStrictness", acted_on, set_integer<&Settings::relevancy_strictness, 0, 100>},
    Key{"enableRules", acted_on, set_boolean<&Settings::enable_rules>},
    Key{"replicas", acted_on, set_replicas},
    Key{"customNormalization", acted_on, set_custom_normalization},
    Key{"camelCaseAttributes", acted_on, set_texts<&Settings::camel_case_attributes>},

    Key{"mode", kept, check_choice<modes>},
    Key{"semanticSearch", kept, check_object},
    Key{"enableReRanking", kept, check_boolean},
    Key{"reRankingApplyFilter", kept, check_filter},
    Key{"attributesToTransliterate", kept, check_texts},
    Key{"allowCompressionOfIntegerArray", kept, check_boolean},
    Key{"maxNumberOfFacets", kept, check_integer<0, word_size_max>},
};

}  // namespace

const SettingsKey* find_settings_key(std::string_view name) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

std::string_view present_setting_name(std::string_view name) {
    if (name == "attributesToIndex") return "searchableAttributes";
    if (name == "numericAttributesToIndex") return "numericAttributesForFiltering";
    if (name == "slaves") return "replicas";
    return name;
}

std::span<const std::string_view> default_criteria() { return std::span{criteria}.first(default_criteria_count); }

}  // namespace penchant
