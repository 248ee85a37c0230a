// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record taken apart: its words with their places, its facet values and its numbers, as the settings ask. The
// writer turns the result into a Xapian document, the snapshot builder into postings and columns.
#pragma once

#include "index/attribute_table.h"
#include "index/error.h"
#include "index/record.h"
#include "index/settings.h"
#include "index/tokenizer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace penchant {

/// How the settings cut and fold text: the same for records, queries and highlights.
[[nodiscard]] Tokenizer tokenizer_of(const Settings& settings);

/// One place of a word in a record, packed into 32 bits:
///
///     bit  31      free for the posting list's own use (see segment.h)
///     bit  30      free for the posting list's own use
///     bit  29      whole: the attribute's value (this element of it) is this word alone
///     bit  28      exact: in a prefix's list, the word equals the prefix; always set in a word's own list
///     bits 14..23  attribute number (AttributeTable)
///     bits  0..13  position of the word in the attribute, capped
///
/// In attributes of camelCaseAttributes a word like "SuperMario64" has its parts at consecutive positions, and stands as a whole
/// where the first of them does. Elements of an array follow each other with a gap of eight, so that words of two elements are never neighbours.
using Place = std::uint32_t;
inline constexpr Place place_whole = Place{1} << 29U;
inline constexpr Place place_exact = Place{1} << 28U;
inline constexpr std::uint32_t place_position_max = (1U << 14U) - 1;
inline constexpr std::uint32_t array_element_gap = 8;

[[nodiscard]] constexpr Place make_place(AttributeId attribute, std::uint32_t position, bool whole, bool exact = true) {
    return (whole ? place_whole : 0U) | (exact ? place_exact : 0U) | (static_cast<Place>(attribute) << 14U) |
           (position < place_position_max ? position : place_position_max);
}
[[nodiscard]] constexpr AttributeId place_attribute(Place place) {
    return static_cast<AttributeId>((place >> 14U) & 0x3FFU);
}
[[nodiscard]] constexpr std::uint32_t place_position(Place place) { return place & place_position_max; }

/// One word of a record with its places in ascending (attribute, position): at most
/// limits::occurrences_per_word_max, the first ones, in each attribute.
struct AnalysedWord {
    std::string word;
    std::vector<Place> places;
};

/// The values of one facet attribute, as texts, each once, in order of appearance. `attribute` is the position in
/// Settings::attributes_for_faceting.
struct AnalysedFacet {
    std::uint32_t attribute = 0;
    std::vector<std::string> values;
};

/// The numbers of one attribute path, in record order (arrays give several).
struct AnalysedNumber {
    std::string path;
    std::vector<double> values;
};

/// What a record sorts by under one path that customRanking or an asc()/desc() of ranking names: the first scalar of
/// that path, a number as it is, a string folded (Tokenizer::fold), a boolean as the text "false" or "true" (A 2.5).
/// In ascending order numbers come before texts. Null is no value.
struct AnalysedSortValue {
    std::string path;
    std::variant<double, std::string> value;
};

struct AnalysedRecord {
    std::string object_id;
    std::vector<AnalysedWord> words;      ///< sorted by word
    std::vector<AnalysedFacet> facets;    ///< sorted by attribute
    std::vector<AnalysedNumber> numbers;  ///< sorted by path; every attribute, whatever the settings
    std::vector<AnalysedSortValue> sort_values;  ///< sorted by path; only paths that the settings sort by
    std::vector<std::string> tags;        ///< `_tags`, compared with case
    std::uint32_t word_count = 0;         ///< words in searchable attributes, for criterion `relevance`
};

/// Takes records apart under one set of settings, and remembers between them what it has found out about each path:
/// what the writer uses. One thread.
class Analyser {
public:
    /// `attributes` and `settings` must outlive the Analyser, and `settings` must not change.
    Analyser(const Settings& settings, AttributeTable& attributes);
    ~Analyser();
    Analyser(Analyser&&) noexcept;
    Analyser& operator=(Analyser&&) noexcept;

    /// Strings and numbers are searchable, booleans are not. New searchable attributes get numbers in `attributes`, by
    /// their whole path ("categories.lvl0", also when "categories" is what is listed).
    /// Words past limits::record_words_max, facet values past limits::record_facet_values_max and over-long facet
    /// values are left out. objectID is searchable only when listed. `_tags` and names beginning with "_" are not
    /// searchable unless listed. An entry of searchableAttributes or attributesForFaceting also covers the paths
    /// nested under it. Facet values are texts: numbers by number_text(), booleans "true" and "false".
    [[nodiscard]] AnalysedRecord analyse(simdjson::dom::element record);

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

/// The same for a single record.
[[nodiscard]] AnalysedRecord analyse(simdjson::dom::element record, const Settings& settings,
                                     AttributeTable& attributes);

}  // namespace penchant
