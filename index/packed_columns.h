// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record's columns as bytes, the way they stand in its Xapian document (value slot 0), so that opening an index needs
// no JSON: one walk along a value stream gives facets, tags, numbers and word counts of all records.
//
//     columns := word count
//                tags: count, facet value id each
//                facet values: count, facet value id each      in the record's order, attribute after attribute
//                numbers: count of paths, then for each the path's number, a count, and the values
//                sort texts: count, then for each the path's number, the bytes of the text, and the text
//     value   := zigzag(n) * 2            a whole number below 2^51 in size
//              | 1, then 8 bytes          any other double, as it is in memory, little endian
//
// Sort texts are the sort values (index/analysis.h) that are no numbers; those that are stand among the numbers.
// Every count, id and number is a varint (seven bits a byte, low bits first). Facet value ids are those of
// index/facet_value_ids.h, of pairs (path of the entry in attributesForFaceting, value), or ("_tags", tag); so the
// order of attributesForFaceting may change without touching records.
#pragma once

#include "index/analysis.h"
#include "index/facet_value_ids.h"
#include "index/settings.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// The paths of attributes with numbers or sort texts in one index, and their own numbers, in order of first appearance.
class NumberPaths {
public:
    std::uint32_t number(std::string_view path);
    [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }
    /// A JSON array, as kept in the index's metadata, and back.
    [[nodiscard]] std::string to_json() const;
    [[nodiscard]] static NumberPaths from_json(std::string_view json);

private:
    std::vector<std::string> paths_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

/// `settings` are those `record` was analysed under. New facet values and paths get their numbers.
[[nodiscard]] std::string pack_columns(const AnalysedRecord& record, const Settings& settings, FacetValueIds& ids,
                                       NumberPaths& paths);

/// Reads many packed records of one index; looks each facet value up once.
class ColumnsReader {
public:
    ColumnsReader(const Settings& settings, const FacetValueIds& ids, const NumberPaths& paths);

    /// Fills facets, tags, numbers, sort texts and word count of `record` (its words and objectID are left empty). False when the
    /// bytes are damaged or name a facet value that nobody gave out. Values of attributes that the settings no longer
    /// facet are passed over.
    [[nodiscard]] bool read(std::string_view bytes, AnalysedRecord& record);

private:
    struct Value {
        bool known = false;
        std::uint32_t attribute = 0;  // position in attributesForFaceting, or no_attribute
        std::string text;
    };
    const Value* value(std::uint64_t id);

    const Settings& settings_;
    const FacetValueIds& ids_;
    const NumberPaths& paths_;
    std::vector<Value> values_;  // by id
};

}  // namespace penchant
