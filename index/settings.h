// SPDX-License-Identifier: GPL-3.0-or-later
//
// The settings of one index (A 2.4 rows S and QS, A 3.7): the JSON a client sent, kept whole, and beside it the typed
// view of the keys that this version acts on. Unknown keys are kept and given back, so that export and import lose
// nothing.
#pragma once

#include "index/error.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// True when an entry `attribute` of a list of attributes means `path`: it is the path itself or an object around it
/// ("categories" covers "categories.lvl0").
[[nodiscard]] inline bool covers(std::string_view attribute, std::string_view path) {
    return path.substr(0, attribute.size()) == attribute &&
           (path.size() == attribute.size() || path[attribute.size()] == '.');
}

/// One attribute of `searchableAttributes`.
struct SearchableAttribute {
    std::string path;        ///< dotted: "price.gross"
    std::uint32_t rank = 0;  ///< 0 is best; attributes in one comma-joined entry share it
    bool ordered = true;     ///< false: the position inside the value does not count (unordered(x), tied entries)
};

/// One attribute of `attributesForFaceting`.
struct FacetAttribute {
    std::string path;
    bool searchable = false;      ///< searchable(x): POST facets/x/query may look into it
    bool filter_only = false;     ///< filterOnly(x): never counted
    bool after_distinct = false;  ///< afterDistinct(x)
    bool internal = false;        ///< not listed: kept only because attributeForDistinct names it; filter_only, too
};

enum class SortDirection { ascending, descending };

/// asc(x) or desc(x), in `customRanking` or anywhere in `ranking`.
struct SortCriterion {
    std::string path;
    SortDirection direction = SortDirection::descending;
    friend bool operator==(const SortCriterion&, const SortCriterion&) = default;
};

/// `relevance` is ours: how well long texts fit the words, computed from the same postings (engine/matcher.h).
enum class Criterion { typo, geo, words, filters, proximity, attribute, exact, custom, relevance, sort };

/// One place of `ranking`; `sort` is used by Criterion::sort only.
struct RankingCriterion {
    Criterion criterion = Criterion::custom;
    SortCriterion sort;
};

enum class QueryType { prefix_last, prefix_all, prefix_none };
enum class ExactOnSingleWord { attribute, none, word };
enum class FacetOrder { count, alpha };
enum class RemoveWords { none, last_words, first_words, all_optional };
enum class TypoTolerance { on, off, min, strict };

/// A parameter that is true, false or a list of languages (ISO 639 codes, "en"): ignorePlurals, removeStopWords.
struct Languages {
    bool on = false;                 ///< false: none
    std::vector<std::string> codes;  ///< empty and on: those of queryLanguages, or all when there are none
    friend bool operator==(const Languages&, const Languages&) = default;
};

/// alternativesAsExact: which alternatives count for criterion `exact`.
struct AlternativesAsExact {
    bool ignore_plurals = true;
    bool single_word_synonym = true;
    bool multi_words_synonym = false;
    bool ignore_conjugations = false;
    friend bool operator==(const AlternativesAsExact&, const AlternativesAsExact&) = default;
};

/// How a query's words find records; each may be set for an index and again by a query (A 2.4, "Text and matching").
struct WordRules {
    QueryType query_type = QueryType::prefix_last;
    TypoTolerance typo_tolerance = TypoTolerance::on;
    std::uint32_t min_word_size_for_1_typo = 4;   ///< characters
    std::uint32_t min_word_size_for_2_typos = 8;
    bool allow_typos_on_numeric_tokens = true;
    std::vector<std::string> disable_typo_tolerance_on_attributes;
    std::vector<std::string> disable_exact_on_attributes;
    std::vector<std::string> optional_words;      ///< each entry may hold several words
    RemoveWords remove_words_if_no_results = RemoveWords::none;
    bool advanced_syntax = false;
    bool exact_phrases = true;                    ///< advancedSyntaxFeatures
    bool exclude_words = true;
    ExactOnSingleWord exact_on_single_word_query = ExactOnSingleWord::attribute;
    AlternativesAsExact alternatives_as_exact;
    Languages ignore_plurals;
    Languages ignore_conjugations;
    Languages remove_stop_words;
    std::vector<std::string> query_languages;
    bool decompound_query = true;
    std::uint32_t min_proximity = 1;
    bool attribute_criteria_computed_by_min_proximity = false;
    bool replace_synonyms_in_highlight = false;
};

class Settings;

/// A virtual replica, as its primary keeps it (A 3.7): the same records in another order.
struct View {
    std::string name;
    std::shared_ptr<const Settings> settings;  ///< its own, as accepted
};

class Settings {
public:
    /// Default settings (A 3.7).
    Settings();

    /// The settings that `changes` makes of these: only the keys given change, null resets a key. Old names (A 3.7)
    /// become their successors; `version` and `primary`, which only answers carry, are dropped. Checks every known key's
    /// type and bounds; on error (bad_request) nothing has changed and the sentence names the key, what it may
    /// be and what came.
    [[nodiscard]] Result<Settings> merged(const boost::json::object& changes) const;

    /// Settings from what to_stored_json gave. Nothing fails: damaged keys fall back to the default, unknown ones stay.
    [[nodiscard]] static Settings from_stored(std::string_view json);
    [[nodiscard]] std::string to_stored_json() const;

    /// What a search through a virtual replica with these settings goes by: these, but for everything that `primary`'s
    /// records would have to be analysed again for.
    [[nodiscard]] Settings over(const Settings& primary) const;

    /// What GET settings answers: all non-null settings, the always-present ones of A 3.7, and unknown keys as sent.
    [[nodiscard]] boost::json::object to_answer() const;

    /// Keys of the stored object that this version does not act on; PUT settings reports them in `message`.
    [[nodiscard]] std::vector<std::string> unknown_keys() const;

    /// True when going from `before` to these needs every record to be tokenized or faceted again: another set of
    /// searchable attributes, other faceting attributes or another order of them (AnalysedFacet numbers them),
    /// separators, diacritics, normalization, languages, camel case, compounds, the attribute of groups. Re-ordering searchable attributes, ranking and customRanking does not.
    [[nodiscard]] bool needs_reindexing(const Settings& before) const;

    /// What the clients set, by its present name, defaults left out.
    [[nodiscard]] const boost::json::object& stored() const { return stored_; }

    // The typed view, always in step with the JSON.
    std::vector<SearchableAttribute> searchable_attributes;  ///< empty: every attribute is, and `attribute` is off
    std::vector<FacetAttribute> attributes_for_faceting;  ///< an internal one stands last
    std::vector<RankingCriterion> ranking;
    std::vector<SortCriterion> custom_ranking;
    std::vector<std::string> numeric_attributes_for_filtering;  ///< empty: all numeric ones; paths without equalOnly()
    std::vector<std::string> equal_only_attributes;             ///< those of them in equalOnly(x): only = and != work
    std::vector<std::string> attributes_to_retrieve;            ///< {"*"}; "-x" takes one away
    std::vector<std::string> unretrievable_attributes;
    std::vector<std::string> attributes_to_highlight;  ///< {} with highlight_all_searchable = true: the default
    bool highlight_all_searchable = true;              ///< attributesToHighlight is null
    std::vector<std::string> attributes_to_snippet;
    std::vector<std::string> disable_prefix_on_attributes;
    std::vector<std::string> disable_typo_tolerance_on_words;  ///< folded
    std::vector<std::string> index_languages;
    std::vector<std::string> camel_case_attributes;
    std::vector<std::pair<std::string, std::vector<std::string>>> decompounded_attributes;  ///< language, attributes
    std::vector<std::pair<std::string, std::string>> custom_normalization;  ///< character, what it becomes
    std::string attribute_for_distinct;  ///< empty: none
    std::uint32_t distinct = 0;          ///< records a group; 0: off
    std::vector<std::string> replicas;   ///< names; virtual(x) ones in virtual_replicas
    std::vector<std::string> virtual_replicas;
    std::uint32_t relevancy_strictness = 100;
    /// Of a primary: its virtual replicas, in the order of virtual_replicas. No client's key, but stored with the others,
    /// since records are sorted by what they sort by, too. merged() leaves them as they are.
    std::vector<View> views;
    bool enable_rules = true;
    WordRules words;
    std::vector<std::string> response_fields;
    std::string separators_to_index;
    std::string keep_diacritics_on_characters;
    std::string highlight_pre_tag;
    std::string highlight_post_tag;
    std::string snippet_ellipsis_text;
    FacetOrder sort_facet_values_by = FacetOrder::count;
    std::uint32_t hits_per_page = 20;
    std::uint32_t pagination_limited_to = 1000;
    std::uint32_t max_values_per_facet = 100;
    std::uint32_t max_facet_hits = 10;
    bool restrict_highlight_and_snippet_arrays = false;
    bool enable_personalization = false;
    boost::json::value user_data;
    boost::json::object rendering_content;

    /// The facet attribute of this path, or null; internal ones are not found.
    [[nodiscard]] const FacetAttribute* facet(std::string_view path) const;

private:
    void add_group_attribute();

    boost::json::object stored_;
};

}  // namespace penchant
