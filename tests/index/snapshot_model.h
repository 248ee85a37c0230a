// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a snapshot must say, worked out the slow and obvious way from the records themselves, and the comparison of the
// two. For the tests of segments, columns and snapshots.
#pragma once

#include "index/limits.h"
#include "index/snapshot.h"
#include "index/tokenizer.h"
#include "tests/catch.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace penchant::testing {

/// Records that are there, by document.
using Records = std::map<DocumentId, AnalysedRecord>;
using PlacesByDocument = std::map<DocumentId, std::vector<Place>>;

/// Random records over few words, values and numbers, so that everything collides with everything.
class RecordMaker {
public:
    explicit RecordMaker(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
    bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }

    std::string word() {
        std::string word(1 + below(4), ' ');
        for (char& letter : word) letter = "aabc"[below(4)];
        return chance(0.02) ? word + "\xC3\xBF" : word;
    }

    std::vector<AnalysedWord> words() {
        std::map<std::string, std::set<std::pair<AttributeId, std::uint32_t>>> places;
        for (std::size_t i = below(12); i > 0; --i) {
            places[word()].insert({static_cast<AttributeId>(below(4)), static_cast<std::uint32_t>(below(20))});
        }
        std::vector<AnalysedWord> words;
        for (const auto& [word, where] : places) {
            AnalysedWord& added = words.emplace_back(AnalysedWord{word, {}});
            for (const auto& [attribute, position] : where) {
                added.places.push_back(make_place(attribute, position, chance(0.2)));
            }
        }
        return words;
    }

    /// Facets, numbers, tags and sort values; `facets` attributes, of which the last is wide and many-valued.
    void fill_columns(AnalysedRecord& record, std::size_t facets) {
        record.facets.clear();
        record.numbers.clear();
        record.sort_values.clear();
        record.tags.clear();
        for (std::size_t attribute = 0; attribute < facets; ++attribute) {
            if (chance(0.3)) continue;
            const std::size_t kinds = attribute + 1 == facets ? 300 : 2 + attribute * 3;
            std::vector<std::string> values;
            for (std::size_t i = attribute + 1 == facets ? below(4) : 1; i > 0; --i) {
                std::string value = (chance(0.5) ? "Value " : "value ") + std::to_string(below(kinds));
                if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
            }
            if (!values.empty()) record.facets.push_back({static_cast<std::uint32_t>(attribute), values});
        }
        if (chance(0.8)) record.numbers.push_back({"price", {static_cast<double>(below(50)) / 4 - 3}});
        if (chance(0.1)) record.numbers.push_back({"rare", {1.5, static_cast<double>(below(5))}});
        if (chance(0.9)) record.numbers.push_back({"stock", {static_cast<double>(below(3))}});
        if (chance(0.7)) record.sort_values.push_back({"name", "name " + std::to_string(below(40))});
        else if (chance(0.3)) record.sort_values.push_back({"name", static_cast<double>(below(4))});
        for (const AnalysedNumber& number : record.numbers) {
            record.sort_values.push_back({number.path, number.values.front()});
        }
        if (chance(0.05)) record.tags = {chance(0.5) ? "New" : "new"};
    }

    AnalysedRecord record(std::size_t facets) {
        AnalysedRecord record;
        record.words = words();
        record.word_count = static_cast<std::uint32_t>(record.words.size());
        fill_columns(record, facets);
        return record;
    }

private:
    std::mt19937 random_;
};

// The model ------------------------------------------------------------------------------------------------------------

inline PlacesByDocument model_of_word(const Records& records, const std::string& word) {
    PlacesByDocument model;
    for (const auto& [document, record] : records) {
        for (const AnalysedWord& each : record.words) {
            if (each.word == word) model[document] = each.places;
        }
    }
    return model;
}

inline PlacesByDocument model_of_prefix(const Records& records, const std::string& prefix) {
    PlacesByDocument model;
    for (const auto& [document, record] : records) {
        std::vector<Place> places;
        for (const AnalysedWord& each : record.words) {
            if (each.word.compare(0, prefix.size(), prefix) != 0) continue;
            for (const Place place : each.places) {
                places.push_back(each.word == prefix ? place : place & ~place_exact);
            }
        }
        if (places.empty()) continue;
        const auto key = [](Place place) {
            return std::tuple((place & place_exact) == 0, place_attribute(place), place_position(place), place);
        };
        std::sort(places.begin(), places.end(), [&](Place a, Place b) { return key(a) < key(b); });
        if (places.size() > limits::occurrences_per_prefix_max) places.resize(limits::occurrences_per_prefix_max);
        model[document] = places;
    }
    return model;
}

/// The dense place of every record in the order of `criteria`.
inline std::map<DocumentId, std::uint32_t> model_of_order(const Records& records,
                                                          const std::vector<SortCriterion>& criteria) {
    // A value as something that compares: 0 missing is told apart by the flag; numbers come before texts.
    using Value = std::tuple<int, double, std::string>;
    const auto value = [](const AnalysedRecord& record, const std::string& path) -> std::optional<Value> {
        for (const AnalysedSortValue& each : record.sort_values) {
            if (each.path != path) continue;
            if (const double* number = std::get_if<double>(&each.value)) return Value{0, *number, ""};
            return Value{1, 0, std::get<std::string>(each.value)};
        }
        return std::nullopt;
    };
    const auto before = [&](const AnalysedRecord& a, const AnalysedRecord& b) {
        for (const SortCriterion& criterion : criteria) {
            const auto value_a = value(a, criterion.path);
            const auto value_b = value(b, criterion.path);
            if (value_a == value_b) continue;
            if (!value_a) return false;
            if (!value_b) return true;
            return criterion.direction == SortDirection::ascending ? *value_a < *value_b : *value_b < *value_a;
        }
        return false;
    };
    std::vector<DocumentId> documents;
    for (const auto& [document, record] : records) documents.push_back(document);
    std::stable_sort(documents.begin(), documents.end(), [&](DocumentId a, DocumentId b) {
        return before(records.at(a), records.at(b));
    });
    std::map<DocumentId, std::uint32_t> places;
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        if (i > 0 && before(records.at(documents[i - 1]), records.at(documents[i]))) ++place;
        places[documents[i]] = place;
    }
    return places;
}

// The snapshot ---------------------------------------------------------------------------------------------------------

/// Adds one list as the snapshot has it; complains by itself when its bitmap does not say the same as its ordinals.
inline void collect(const Snapshot& snapshot, const Segment& segment, const Postings& postings, PlacesByDocument& found) {
    Ordinal last = no_ordinal;
    for (std::size_t i = 0; i < postings.size(); ++i) {
        const Ordinal ordinal = postings.ordinals[i];
        if ((last != no_ordinal && ordinal <= last) || ordinal < segment.begin() || ordinal >= segment.end()) {
            FAIL("ordinals out of order or range");
        }
        last = ordinal;
        if (postings.bitmap && (!postings.bitmap->contains(ordinal) || postings.bitmap->position(ordinal) != i)) {
            FAIL("a bitmap differs from its list");
        }
        if (snapshot.deleted(ordinal)) continue;
        std::vector<Place>& places = found[snapshot.document(ordinal)];
        if (!places.empty()) FAIL("a record twice in one list");
        postings.for_each_place(i, [&](Place place) { places.push_back(place); });
    }
    if (postings.bitmap) {
        std::size_t contained = 0;
        for (Ordinal ordinal = segment.begin(); ordinal < segment.end(); ++ordinal) {
            contained += postings.bitmap->contains(ordinal) ? 1U : 0U;
        }
        CHECK(contained == postings.size());
    }
}

inline void check_words(const Snapshot& snapshot, const Records& records) {
    std::set<std::string> words{"absent", ""};
    for (const auto& [document, record] : records) {
        for (const AnalysedWord& word : record.words) words.insert(word.word);
    }
    std::set<std::string> prefixes{"", "d", "abcabc"};
    for (const std::string& word : words) {
        for (std::size_t size = 1; size <= word.size() && size <= 3; ++size) prefixes.insert(word.substr(0, size));
    }
    for (const std::string& word : words) {
        PlacesByDocument found;
        for (const auto& segment : snapshot.segments) collect(snapshot, *segment, segment->word(word), found);
        if (found != model_of_word(records, word)) FAIL("the list of '" << word << "' differs");
    }
    for (const std::string& prefix : prefixes) {
        PlacesByDocument found;
        for (const auto& segment : snapshot.segments) {
            collect(snapshot, *segment, segment->prefix(prefix)->view(), found);
            std::string last;
            segment->for_each_word(prefix, [&](std::string_view word, std::size_t postings) {
                CHECK(word.substr(0, prefix.size()) == prefix);
                CHECK(postings == segment->word(word).size());
                CHECK((last.empty() || last < word));
                last = word;
                return true;
            });
        }
        if (found != model_of_prefix(records, prefix)) FAIL("the list of prefix '" << prefix << "' differs");
    }
}

inline std::vector<std::string> values_of(const Columns& columns, std::size_t attribute, Ordinal ordinal) {
    std::vector<std::string> values;
    columns.for_each_value(attribute, ordinal, [&](std::uint32_t value) {
        values.push_back(columns.dictionary(attribute).value(value).text);
    });
    return values;
}

inline void check_facets(const Snapshot& snapshot, const Records& records) {
    const Columns& columns = snapshot.columns;
    const std::size_t listed = snapshot.settings->attributes_for_faceting.size();
    std::vector<std::map<std::string, std::uint32_t>> counts(columns.facet_attributes());
    std::vector<Ordinal> ordinals;
    for (const auto& [document, record] : records) {
        const Ordinal ordinal = snapshot.find_document(document).value();
        ordinals.push_back(ordinal);
        std::vector<std::vector<std::string>> expected(columns.facet_attributes());
        for (const AnalysedFacet& facet : record.facets) expected.at(facet.attribute) = facet.values;
        if (!record.tags.empty()) expected.at(columns.find_facet(Columns::tags_path).value()) = record.tags;
        for (std::size_t attribute = 0; attribute < columns.facet_attributes(); ++attribute) {
            if (values_of(columns, attribute, ordinal) != expected[attribute]) {
                FAIL("the values of document " << document << " in attribute " << attribute << " differ");
            }
            for (const std::string& value : expected[attribute]) ++counts[attribute][value];
        }
    }

    // Kernels over some of the records, in and out of order.
    std::mt19937 random(static_cast<std::uint32_t>(records.size()));
    std::shuffle(ordinals.begin(), ordinals.end(), random);
    ordinals.resize(ordinals.size() / 2);
    std::vector<float> table(columns.flat_size());
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(random() % 16);
    std::vector<std::size_t> attributes;
    for (std::size_t attribute = 0; attribute < columns.facet_attributes(); ++attribute) {
        if (random() % 4 != 0) attributes.push_back(attribute);
    }
    std::vector<float> scores(ordinals.size(), -1);
    columns.sum_scores(ordinals, attributes, table, scores);
    std::vector<std::uint32_t> kernel_counts(columns.flat_size());
    columns.count_values(ordinals, attributes, kernel_counts);
    std::vector<std::uint32_t> naive_counts(columns.flat_size());
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        float score = 0;
        for (const std::size_t attribute : attributes) {
            columns.for_each_value(attribute, ordinals[i], [&](std::uint32_t value) {
                score += table[columns.flat_begin(attribute) + value];
                ++naive_counts[columns.flat_begin(attribute) + value];
            });
        }
        if (scores[i] != score) FAIL("sum_scores differs");
    }
    CHECK(kernel_counts == naive_counts);

    REQUIRE(columns.value_counts().size() == columns.flat_size());
    for (std::size_t attribute = 0; attribute < columns.facet_attributes(); ++attribute) {
        const FacetDictionary& dictionary = columns.dictionary(attribute);
        for (std::uint32_t value = 0; value < dictionary.size(); ++value) {
            const FacetDictionary::Value& each = dictionary.value(value);
            if (columns.value_counts()[columns.flat_begin(attribute) + value] != counts[attribute][each.text]) {
                FAIL("the count of '" << each.text << "' differs");
            }
            if (dictionary.find(each.text) != value || dictionary.find_id(each.id) != value) FAIL("a value is lost");
            const auto folded = dictionary.find_folded(each.folded);
            if (std::find(folded.begin(), folded.end(), value) == folded.end()) FAIL("a folded value is lost");
            const bool with_case = attribute >= listed;
            if (each.folded != (with_case ? each.text : Tokenizer().fold(each.text))) FAIL("wrongly folded");
        }
        for (const auto& [text, count] : counts[attribute]) {
            if (!dictionary.find(text)) FAIL("'" << text << "' has no value");
        }
    }
}

inline void check_numbers(const Snapshot& snapshot, const Records& records) {
    const std::vector<std::string> known = snapshot.columns.numeric_paths();
    std::set<std::string> paths(known.begin(), known.end());
    for (const auto& [document, record] : records) {
        for (const AnalysedNumber& number : record.numbers) paths.insert(number.path);
    }
    for (const std::string& path : paths) {
        const NumericColumn* column = snapshot.columns.number(path);
        REQUIRE(column != nullptr);
        for (const auto& [document, record] : records) {
            std::vector<double> expected;
            for (const AnalysedNumber& number : record.numbers) {
                if (number.path == path) expected = number.values;
            }
            const Ordinal ordinal = snapshot.find_document(document).value();
            std::vector<double> found;
            column->for_each(ordinal, [&](double value) { found.push_back(value); });
            if (found != expected) FAIL(path << " of document " << document << " differs");
            if (column->first(ordinal) != (expected.empty() ? std::nullopt : std::optional(expected.front()))) {
                FAIL("the first " << path << " of document " << document << " differs");
            }
        }
    }
}

inline void check_order(const Snapshot& snapshot, const Records& records, const std::vector<SortCriterion>& criteria,
                        std::span<const std::uint32_t> places) {
    REQUIRE(places.size() == snapshot.columns.size());
    for (const auto& [document, place] : model_of_order(records, criteria)) {
        if (places[snapshot.find_document(document).value()] != place) {
            FAIL("the place of document " << document << " differs");
        }
    }
}

inline void check_orders(const Snapshot& snapshot, const Records& records) {
    check_order(snapshot, records, snapshot.settings->custom_ranking, snapshot.columns.custom_rank());
    std::vector<std::vector<SortCriterion>> runs;
    bool in_run = false;
    for (const RankingCriterion& criterion : snapshot.settings->ranking) {
        if (criterion.criterion == Criterion::sort) {
            if (!in_run) runs.emplace_back();
            runs.back().push_back(criterion.sort);
        }
        in_run = criterion.criterion == Criterion::sort;
    }
    REQUIRE(snapshot.columns.sort_ranks() == runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) check_order(snapshot, records, runs[i], snapshot.columns.sort_rank(i));
}

/// Compares everything a snapshot says with the records it was made of.
inline void check_snapshot(const Snapshot& snapshot, const Records& records) {
    REQUIRE(snapshot.records == records.size());
    Ordinal covered = 0;
    for (const auto& segment : snapshot.segments) {
        REQUIRE(segment->begin() == covered);
        covered = segment->end();
    }
    REQUIRE(covered == snapshot.columns.size());
    std::size_t there = 0;
    for (Ordinal ordinal = 0; ordinal < snapshot.columns.size(); ++ordinal) {
        const DocumentId document = snapshot.document(ordinal);
        if (snapshot.deleted(ordinal)) {
            if (snapshot.find_document(document)) FAIL("a deleted document was found");
            continue;
        }
        ++there;
        if (snapshot.find_document(document) != ordinal) FAIL("a document was not found");
        const auto record = records.find(document);
        if (record == records.end()) FAIL("document " << document << " should not be there");
        if (snapshot.word_count(ordinal) != record->second.word_count) FAIL("a word count differs");
    }
    REQUIRE(there == records.size());
    REQUIRE(!snapshot.find_document(0xFFFFFFF0U));
    check_words(snapshot, records);
    check_facets(snapshot, records);
    check_numbers(snapshot, records);
    check_orders(snapshot, records);
    REQUIRE(snapshot.bytes() > 0);
}

}  // namespace penchant::testing
