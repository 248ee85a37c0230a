// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/settings.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "index/analysis.h"
#include "index/json_text.h"
#include "index/limits.h"
#include "index/settings_keys.h"
#include "index/tokenizer.h"

namespace penchant {
namespace {

namespace json = boost::json;

constexpr std::string_view views_key = "_views";  // where a primary's settings keep those of its virtual replicas

bool only_in_answers(std::string_view name) { return name == "version" || name == "primary" || name == views_key; }

// disableTypoToleranceOnWords is compared with words as the tokenizer gives them, which depends on other settings.
void fold_words(Settings& settings) {
    if (settings.disable_typo_tolerance_on_words.empty()) return;
    const Tokenizer tokenizer = tokenizer_of(settings);
    std::vector<std::string> folded;
    for (const std::string& text : settings.disable_typo_tolerance_on_words)
        tokenizer.tokenize(text, [&](const Token& token) { folded.emplace_back(token.folded); });
    settings.disable_typo_tolerance_on_words = std::move(folded);
}

}  // namespace

Settings::Settings()
    : attributes_to_retrieve{"*"},
      response_fields{"*"},
      highlight_pre_tag{"<em>"},
      highlight_post_tag{"</em>"},
      snippet_ellipsis_text{"\u2026"} {
    for (std::size_t i = 0; i < default_criteria().size(); ++i) ranking.push_back({static_cast<Criterion>(i), {}});
}

Result<Settings> Settings::merged(const json::object& changes) const {
    const auto too_large = [](std::size_t bytes) {
        return Error{Errc::bad_request, fmt::format("the settings have {} bytes of JSON, the limit is {}", bytes,
                                                    limits::settings_bytes_max)};
    };
    if (const std::size_t bytes = json_text(changes).size(); bytes > limits::settings_bytes_max) return too_large(bytes);
    json::object stored = stored_;
    for (const auto& [name, value] : changes) {
        const std::string_view present = present_setting_name(name);
        if (only_in_answers(present)) continue;
        if (value.is_null()) {
            stored.erase(present);
            continue;
        }
        if (const SettingsKey* key = find_settings_key(present)) {
            Settings unused;
            PENCHANT_CHECK(key->set({name, value}, unused));  // named as the client named it
        }
        stored.insert_or_assign(present, value);
    }
    if (const std::size_t bytes = json_text(stored).size(); bytes > limits::settings_bytes_max) return too_large(bytes);
    Settings result;
    for (const auto& [name, value] : stored) {
        if (const SettingsKey* key = find_settings_key(name)) PENCHANT_CHECK(key->set({name, value}, result));
    }
    result.add_group_attribute();
    result.views = views;
    result.stored_ = std::move(stored);
    fold_words(result);
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
        if (std::string_view(name) == views_key && value.is_object()) {
            for (const auto& [view, settings] : value.get_object())
                result.views.push_back({view, std::make_shared<const Settings>(from_stored(json_text(settings)))});
            continue;
        }
        if (const SettingsKey* key = find_settings_key(name)) {
            Settings changed = result;  // a key that fails halfway leaves nothing behind
            if (!key->set({name, value}, changed)) continue;
            result = std::move(changed);
        }
        result.stored_.insert_or_assign(name, value);
    }
    result.add_group_attribute();
    fold_words(result);
    return result;
}

// Groups are numbers of facet values, so the attribute they are made by is kept like one.
void Settings::add_group_attribute() {
    if (attribute_for_distinct.empty() || facet(attribute_for_distinct)) return;
    attributes_for_faceting.push_back({.path = attribute_for_distinct, .filter_only = true, .internal = true});
}

std::string Settings::to_stored_json() const {
    if (views.empty()) return json_text(stored_);
    json::object all = stored_;
    json::object& stored_views = all[views_key].emplace_object();
    for (const View& view : views) stored_views[view.name] = view.settings->stored();
    return json_text(all);
}

Settings Settings::over(const Settings& primary) const {
    json::object mixed = stored_;
    const auto take = [&](std::string_view key) {
        mixed.erase(key);
        if (const json::value* value = primary.stored_.if_contains(key)) mixed[key] = *value;
    };
    for (const std::string_view key : {"attributesForFaceting", "attributeForDistinct", "separatorsToIndex",
                                       "keepDiacriticsOnCharacters", "indexLanguages", "camelCaseAttributes",
                                       "decompoundedAttributes", "customNormalization", "attributesToTransliterate"})
        take(key);
    Settings result = from_stored(json_text(mixed));
    if (!result.needs_reindexing(primary)) return result;
    // Other searchable attributes, not only another order of them.
    take("searchableAttributes");
    return from_stored(json_text(mixed));
}

json::object Settings::to_answer() const {
    json::array default_ranking;
    for (const std::string_view criterion : default_criteria()) default_ranking.emplace_back(criterion);
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
        const SettingsKey* key = find_settings_key(entry.key());
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
           custom_normalization != before.custom_normalization || index_languages != before.index_languages ||
           camel_case_attributes != before.camel_case_attributes ||
           decompounded_attributes != before.decompounded_attributes ||
           searchable(*this) != searchable(before) || faceting(*this) != faceting(before);
}

const FacetAttribute* Settings::facet(std::string_view path) const {
    for (const FacetAttribute& attribute : attributes_for_faceting) {
        if (attribute.path == path && !attribute.internal) return &attribute;
    }
    return nullptr;
}

}  // namespace penchant
