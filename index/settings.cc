// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/settings.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "index/json_text.h"
#include "index/limits.h"

namespace penchant {
namespace {

namespace json = boost::json;

// A key and what came for it.
struct Given {
    std::string_view key;
    const json::value& value;
};

// What came, for the end of a sentence.
std::string shown(const json::value& value) {
    constexpr std::size_t shown_bytes_max = 60;
    std::string text = json_text(value);
    if (text.size() > shown_bytes_max) {
        std::size_t bytes = shown_bytes_max;
        while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
        text.resize(bytes);
        text += "...";
    }
    return text;
}

Error refusal(const Given& given, std::string_view expected) {
    return {Errc::bad_request, fmt::format("setting {} must be {}, not {}", given.key, expected, shown(given.value))};
}

Error refusal_in(const Given& given, std::string_view entry, std::string_view why) {
    return {Errc::bad_request, fmt::format("setting {}: \"{}\" {}", given.key, entry, why)};
}

Error too_many(const Given& given, std::size_t entries_max) {
    return {Errc::bad_request, fmt::format("setting {} has more than {} entries", given.key, entries_max)};
}

// --- plain types ---

Result<std::uint32_t> integer(const Given& given, std::uint32_t min, std::uint32_t max) {
    const auto in_range = [&](auto number) { return number >= 0 && number >= min && number <= max; };
    if (const std::int64_t* number = given.value.if_int64()) {
        if (*number >= std::int64_t{min} && *number <= std::int64_t{max}) return static_cast<std::uint32_t>(*number);
    } else if (const std::uint64_t* big = given.value.if_uint64()) {
        if (*big >= min && *big <= max) return static_cast<std::uint32_t>(*big);
    } else if (const double* fraction = given.value.if_double()) {
        // Some clients write every number as a fraction.
        if (in_range(*fraction) && static_cast<double>(static_cast<std::uint32_t>(*fraction)) == *fraction) {
            return static_cast<std::uint32_t>(*fraction);
        }
    }
    return refusal(given, fmt::format("an integer from {} to {}", min, max));
}

Result<bool> boolean(const Given& given) {
    if (const bool* value = given.value.if_bool()) return *value;
    return refusal(given, "true or false");
}

Result<std::string> text(const Given& given) {
    if (const json::string* value = given.value.if_string()) return std::string{*value};
    return refusal(given, "a string");
}

Result<std::vector<std::string>> texts(const Given& given) {
    const json::array* values = given.value.if_array();
    if (values == nullptr) return refusal(given, "an array of strings");
    std::vector<std::string> result;
    for (const json::value& value : *values) {
        const json::string* entry = value.if_string();
        if (entry == nullptr) return refusal(given, "an array of strings");
        if (entry->size() > limits::attribute_name_bytes_max) {
            return refusal_in(given, std::string_view{*entry}.substr(0, 40),
                              fmt::format("... is longer than {} bytes", limits::attribute_name_bytes_max));
        }
        result.emplace_back(*entry);
    }
    return result;
}

using Names = std::span<const std::string_view>;

std::string alternatives(Names names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) list += i + 1 == names.size() ? " or " : ", ";
        list += fmt::format("\"{}\"", names[i]);
    }
    return list;
}

Result<std::size_t> choice(const Given& given, Names names) {
    const json::string* value = given.value.if_string();
    const auto found = value == nullptr ? names.end() : std::find(names.begin(), names.end(), std::string_view{*value});
    if (found == names.end()) return refusal(given, alternatives(names));
    return static_cast<std::size_t>(found - names.begin());
}

Result<void> choices(const Given& given, Names names) {
    PENCHANT_TRY(const std::vector<std::string> entries, texts(given));
    for (const std::string& entry : entries) {
        if (std::find(names.begin(), names.end(), entry) == names.end()) {
            return refusal_in(given, entry, "is not one of " + alternatives(names));
        }
    }
    return {};
}

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
constexpr std::size_t default_criteria = 8;  // relevance is for long texts only

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
        settings.words.optional_words = {std::string{*words}};
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

template <auto Member, std::uint32_t Min, std::uint32_t Max>
Result<void> set_integer(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.*Member, integer(given, Min, Max));
    return {};
}
// The same for members of Settings::words.
template <auto Member, std::uint32_t Min, std::uint32_t Max>
Result<void> set_word_integer(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.words.*Member, integer(given, Min, Max));
    return {};
}
template <auto Member>
Result<void> set_word_texts(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.words.*Member, texts(given));
    return {};
}
template <auto Member>
Result<void> set_boolean(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.*Member, boolean(given));
    return {};
}
template <auto Member>
Result<void> set_text(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.*Member, text(given));
    return {};
}
template <auto Member>
Result<void> set_texts(const Given& given, Settings& settings) {
    PENCHANT_TRY(settings.*Member, texts(given));
    return {};
}
template <auto Member, const auto& List>
Result<void> set_choice(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::size_t position, choice(given, List));
    using Enumeration = std::remove_reference_t<decltype(settings.*Member)>;
    settings.*Member = static_cast<Enumeration>(position);  // the lists stand in the order of the enumerators
    return {};
}

template <auto Member, const auto& List>
Result<void> set_word_choice(const Given& given, Settings& settings) {
    PENCHANT_TRY(const std::size_t position, choice(given, List));
    using Enumeration = std::remove_reference_t<decltype(settings.words.*Member)>;
    settings.words.*Member = static_cast<Enumeration>(position);
    return {};
}

constexpr std::array<std::string_view, 3> query_types{"prefixLast", "prefixAll", "prefixNone"};
constexpr std::array<std::string_view, 4> remove_words{"none", "lastWords", "firstWords", "allOptional"};
constexpr std::array<std::string_view, 3> exact_on_single_word{"attribute", "none", "word"};
constexpr std::array<std::string_view, 2> facet_orders{"count", "alpha"};

// --- keys that are checked and kept, and do nothing yet ---

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
template <const auto& List>
Result<void> check_choices(const Given& given, Settings&) {
    return choices(given, List);
}

constexpr std::array<std::string_view, 4> typo_tolerances{"min", "strict", "true", "false"};
constexpr std::array<std::string_view, 2> boolean_texts{"true", "false"};
constexpr std::array<std::string_view, 4> exact_alternatives{"ignorePlurals", "singleWordSynonym", "multiWordsSynonym",
                                                             "ignoreConjugations"};
constexpr std::array<std::string_view, 2> syntax_features{"exactPhrase", "excludeWords"};
constexpr std::array<std::string_view, 2> modes{"keywordSearch", "neuralSearch"};
constexpr std::array<std::string_view, 6> compound_languages{"nl", "de", "fi", "da", "sv", "no"};

// A setting that is a boolean or a word may come back as text (A 3.7).
Result<void> check_typo_tolerance(const Given& given, Settings&) {
    if (given.value.is_bool() || choice(given, typo_tolerances)) return {};
    return refusal(given, "true, false, \"min\" or \"strict\"");
}

Result<void> check_languages(const Given& given, Settings&) {
    if (given.value.is_bool() || choice(given, boolean_texts)) return {};
    if (!given.value.is_array()) return refusal(given, "true, false or an array of languages");
    PENCHANT_CHECK(texts(given));
    return {};
}

Result<void> set_distinct(const Given& given, Settings& settings) {
    if (const bool* on = given.value.if_bool()) {
        settings.distinct = *on ? 1 : 0;
    } else if (const auto word = choice(given, boolean_texts)) {
        settings.distinct = *word == 0 ? 1 : 0;
    } else if (const auto number = integer(given, 0, limits::distinct_max)) {
        settings.distinct = *number;
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

Result<void> check_filter(const Given& given, Settings&) {
    if (given.value.is_string() || given.value.is_array()) return {};
    return refusal(given, "a string or an array");
}

Result<void> check_decompounded_attributes(const Given& given, Settings&) {
    const json::object* languages = given.value.if_object();
    if (languages == nullptr) return refusal(given, "an object of languages");
    for (const auto& [language, attributes] : *languages) {
        const std::string_view name = language;
        if (std::find(compound_languages.begin(), compound_languages.end(), name) == compound_languages.end()) {
            return refusal_in(given, name, "is not one of " + alternatives(compound_languages));
        }
        PENCHANT_CHECK(texts({given.key, attributes}));
    }
    return {};
}

Result<void> check_custom_normalization(const Given& given, Settings&) {
    constexpr std::string_view expected = "an object such as {\"default\": {\"ä\": \"ae\"}}, with at most 10 characters";
    const json::object* groups = given.value.if_object();
    if (groups == nullptr) return refusal(given, expected);
    std::size_t characters = 0;
    for (const auto& group : *groups) {
        const json::object* replacements = group.value().if_object();
        if (replacements == nullptr) return refusal(given, expected);
        characters += replacements->size();
        for (const auto& replacement : *replacements) {
            if (!replacement.value().is_string()) return refusal(given, expected);
        }
    }
    if (characters > 10) return refusal(given, expected);
    return {};
}

// --- all keys ---

struct Key {
    std::string_view name;
    bool acted_on;
    Result<void> (*set)(const Given&, Settings&);
};

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
    Key{"disableExactOnAttributes", acted_on, set_word_texts<&WordRules::disable_exact_on_attributes>},
    Key{"responseFields", acted_on, set_texts<&Settings::response_fields>},
    Key{"optionalWords", acted_on, set_optional_words},
    Key{"separatorsToIndex", acted_on, set_text<&Settings::separators_to_index>},
    Key{"keepDiacriticsOnCharacters", acted_on, set_text<&Settings::keep_diacritics_on_characters>},
    Key{"highlightPreTag", acted_on, set_text<&Settings::highlight_pre_tag>},
    Key{"highlightPostTag", acted_on, set_text<&Settings::highlight_post_tag>},
    Key{"snippetEllipsisText", acted_on, set_text<&Settings::snippet_ellipsis_text>},
    Key{"queryType", acted_on, set_word_choice<&WordRules::query_type, query_types>},
    Key{"removeWordsIfNoResults", acted_on, set_word_choice<&WordRules::remove_words_if_no_results, remove_words>},
    Key{"exactOnSingleWordQuery", acted_on, set_word_choice<&WordRules::exact_on_single_word_query, exact_on_single_word>},
    Key{"sortFacetValuesBy", acted_on, set_choice<&Settings::sort_facet_values_by, facet_orders>},
    Key{"hitsPerPage", acted_on, set_integer<&Settings::hits_per_page, 0, limits::hits_per_page_max>},
    Key{"paginationLimitedTo", acted_on,
        set_integer<&Settings::pagination_limited_to, 0, limits::pagination_limited_to_max>},
    Key{"maxValuesPerFacet", acted_on, set_integer<&Settings::max_values_per_facet, 0, limits::facet_values_max>},
    Key{"maxFacetHits", acted_on, set_integer<&Settings::max_facet_hits, 0, limits::facet_hits_max>},
    Key{"minProximity", acted_on, set_word_integer<&WordRules::min_proximity, 1, 7>},
    Key{"restrictHighlightAndSnippetArrays", acted_on, set_boolean<&Settings::restrict_highlight_and_snippet_arrays>},
    Key{"enablePersonalization", acted_on, set_boolean<&Settings::enable_personalization>},
    Key{"userData", acted_on, set_user_data},
    Key{"renderingContent", acted_on, set_rendering_content},

    Key{"typoTolerance", kept, check_typo_tolerance},
    Key{"minWordSizefor1Typo", kept, check_integer<0, word_size_max>},
    Key{"minWordSizefor2Typos", kept, check_integer<0, word_size_max>},
    Key{"allowTyposOnNumericTokens", kept, check_boolean},
    Key{"disableTypoToleranceOnAttributes", kept, check_texts},
    Key{"disableTypoToleranceOnWords", kept, check_texts},
    Key{"advancedSyntax", kept, check_boolean},
    Key{"advancedSyntaxFeatures", kept, check_choices<syntax_features>},
    Key{"alternativesAsExact", kept, check_choices<exact_alternatives>},
    Key{"ignorePlurals", kept, check_languages},
    Key{"removeStopWords", kept, check_languages},
    Key{"queryLanguages", kept, check_texts},
    Key{"indexLanguages", kept, check_texts},
    Key{"decompoundQuery", kept, check_boolean},
    Key{"decompoundedAttributes", kept, check_decompounded_attributes},
    Key{"attributeCriteriaComputedByMinProximity", kept, check_boolean},
    Key{"mode", kept, check_choice<modes>},
    Key{"semanticSearch", kept, check_object},
    Key{"replaceSynonymsInHighlight", kept, check_boolean},
    Key{"distinct", acted_on, set_distinct},
    Key{"attributeForDistinct", acted_on, set_text<&Settings::attribute_for_distinct>},
    Key{"relevancyStrictness", acted_on, set_integer<&Settings::relevancy_strictness, 0, 100>},
    Key{"enableReRanking", kept, check_boolean},
    Key{"reRankingApplyFilter", kept, check_filter},
    Key{"enableRules", kept, check_boolean},
    Key{"replicas", acted_on, set_replicas},
    Key{"customNormalization", kept, check_custom_normalization},
    Key{"camelCaseAttributes", kept, check_texts},
    Key{"attributesToTransliterate", kept, check_texts},
    Key{"allowCompressionOfIntegerArray", kept, check_boolean},
    Key{"maxNumberOfFacets", kept, check_integer<0, word_size_max>},
};

const Key* find_key(std::string_view name) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

std::string_view present_name(std::string_view name) {
    if (name == "attributesToIndex") return "searchableAttributes";
    if (name == "numericAttributesToIndex") return "numericAttributesForFiltering";
    if (name == "slaves") return "replicas";
    return name;
}

bool only_in_answers(std::string_view name) { return name == "version" || name == "primary"; }

}  // namespace

Settings::Settings()
    : attributes_to_retrieve{"*"},
      response_fields{"*"},
      highlight_pre_tag{"<em>"},
      highlight_post_tag{"</em>"},
      snippet_ellipsis_text{"\u2026"} {
    for (std::size_t i = 0; i < default_criteria; ++i) ranking.push_back({static_cast<Criterion>(i), {}});
}

Result<Settings> Settings::merged(const json::object& changes) const {
    const auto too_large = [](std::size_t bytes) {
        return Error{Errc::bad_request, fmt::format("the settings have {} bytes of JSON, the limit is {}", bytes,
                                                    limits::settings_bytes_max)};
    };
    if (const std::size_t bytes = json_text(changes).size(); bytes > limits::settings_bytes_max) return too_large(bytes);
    json::object stored = stored_;
    for (const auto& [name, value] : changes) {
        const std::string_view present = present_name(name);
        if (only_in_answers(present)) continue;
        if (value.is_null()) {
            stored.erase(present);
            continue;
        }
        if (const Key* key = find_key(present)) {
            Settings unused;
            PENCHANT_CHECK(key->set({name, value}, unused));  // named as the client named it
        }
        stored.insert_or_assign(present, value);
    }
    if (const std::size_t bytes = json_text(stored).size(); bytes > limits::settings_bytes_max) return too_large(bytes);
    Settings result;
    for (const auto& [name, value] : stored) {
        if (const Key* key = find_key(name)) PENCHANT_CHECK(key->set({name, value}, result));
    }
    result.add_group_attribute();
    result.stored_ = std::move(stored);
    return result;
}

Settings Settings::from_stored(std::string_view text) {
    json::parse_options options;
    options.max_depth = limits::json_depth_max;
    boost::json::error_code error;
    const json::value root = json::parse(text, error, {}, options);
    Settings result;
    if (error || !root.is_object()) return result;
    for (const auto& [name, value] : root.get_object()) {
        if (value.is_null()) continue;
        if (const Key* key = find_key(name)) {
            Settings changed = result;  // a key that fails halfway leaves nothing behind
            if (!key->set({name, value}, changed)) continue;
            result = std::move(changed);
        }
        result.stored_.insert_or_assign(name, value);
    }
    result.add_group_attribute();
    return result;
}

// Groups are numbers of facet values, so the attribute they are made by is kept like one.
void Settings::add_group_attribute() {
    if (attribute_for_distinct.empty() || facet(attribute_for_distinct)) return;
    attributes_for_faceting.push_back({.path = attribute_for_distinct, .filter_only = true, .internal = true});
}

std::string Settings::to_stored_json() const { return json_text(stored_); }

json::object Settings::to_answer() const {
    json::array default_ranking;
    for (std::size_t i = 0; i < default_criteria; ++i) default_ranking.emplace_back(criteria[i]);
    json::object answer{
        {"minWordSizefor1Typo", 4},
        {"minWordSizefor2Typos", 8},
        {"hitsPerPage", 20},
        {"maxValuesPerFacet", 100},
        {"paginationLimitedTo", 1000},
        {"exactOnSingleWordQuery", "attribute"},
        {"ranking", std::move(default_ranking)},
        {"separatorsToIndex", ""},
        {"removeWordsIfNoResults", "none"},
        {"queryType", "prefixLast"},
        {"highlightPreTag", "<em>"},
        {"highlightPostTag", "</em>"},
        {"alternativesAsExact", json::array{"ignorePlurals", "singleWordSynonym"}},
        {"version", 1},
    };
    for (const auto& [name, value] : stored_) answer.insert_or_assign(name, value);
    return answer;
}

std::vector<std::string> Settings::unknown_keys() const {
    std::vector<std::string> names;
    for (const auto& entry : stored_) {
        const Key* key = find_key(entry.key());
        if (key == nullptr || !key->acted_on) names.emplace_back(entry.key());
    }
    return names;
}

bool Settings::needs_reindexing(const Settings& before) const {
    const auto searchable = [](const Settings& settings) {
        std::vector<std::string_view> paths;
        for (const SearchableAttribute& attribute : settings.searchable_attributes) paths.push_back(attribute.path);
        std::sort(paths.begin(), paths.end());
        return paths;
    };
    const auto faceting = [](const Settings& settings) {
        std::vector<std::string_view> paths;
        for (const FacetAttribute& attribute : settings.attributes_for_faceting) paths.push_back(attribute.path);
        return paths;
    };
    return separators_to_index != before.separators_to_index ||
           keep_diacritics_on_characters != before.keep_diacritics_on_characters ||
           searchable(*this) != searchable(before) || faceting(*this) != faceting(before);
}

const FacetAttribute* Settings::facet(std::string_view path) const {
    for (const FacetAttribute& attribute : attributes_for_faceting) {
        if (attribute.path == path && !attribute.internal) return &attribute;
    }
    return nullptr;
}

}  // namespace penchant
