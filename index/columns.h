// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of each record by its ordinal, beside its words: facet values, tags, numbers, places in sort orders.
//
// Ordinals are the dense numbers 0, 1, 2, ... of the records of one snapshot, in the order of their Xapian document ids.
// Facet values lie in rows: one cell of two bytes for each facet attribute, all of a record's cells side by side (eight
// attributes fill 16 bytes, so a visitor's score or six facet counts cost one cache line a record). Measured, this is
// 5 to 85 times faster than bitmaps or match spies. A cell says
//
//     0        no value
//     1..65534 value ordinal + 1 in this attribute's dictionary
//     65535    see the overflow of this page: several values, or a value ordinal past 65,533
//
// Rows, overflow and numbers are cut into pages of 4,096 records that snapshots share; a commit copies only the pages
// it changes.
#pragma once

#include "index/facet_dictionary.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// A record's dense number within one snapshot.
using Ordinal = std::uint32_t;
inline constexpr Ordinal no_ordinal = 0xFFFFFFFFU;

/// All numbers of one attribute path. Pages that are mostly filled hold one double a record (NaN: none);
/// thin or many-valued ones hold sorted (record, value) pairs, so 5,000 rare attributes cost what they contain.
class NumericColumn {
public:
    /// The first (or only) number of a record.
    [[nodiscard]] std::optional<double> first(Ordinal ordinal) const;
    /// Calls `visit(double)` for each number of the record.
    template <class Visit>
    void for_each(Ordinal ordinal, Visit&& visit) const;

    struct Page {
        std::vector<double> dense;                               ///< empty when the page is thin
        std::vector<std::pair<std::uint16_t, double>> pairs;     ///< sorted by row, in record order within a row
        [[nodiscard]] std::size_t bytes() const { return sizeof(Page) + dense.capacity() * 8 + pairs.capacity() * 16; }
    };
    std::vector<std::shared_ptr<const Page>> pages;  ///< null: nobody in this page has the attribute
};

inline constexpr std::uint32_t column_page_rows = 4096;
inline constexpr std::uint16_t cell_overflow = 0xFFFF;

struct FacetPage {
    std::vector<std::uint16_t> cells;  ///< column_page_rows x stride, row-major
    struct Overflow {                  ///< CSR of one attribute's overflow cells in this page; empty when there are none
        std::vector<std::uint32_t> begins;  ///< column_page_rows + 1 offsets into values
        std::vector<std::uint32_t> values;  ///< value ordinals
    };
    std::vector<Overflow> overflow;  ///< one an attribute
    [[nodiscard]] std::size_t bytes() const;
};

/// Numbers by ordinal that are handed on to the next snapshot: a buffer with room at its end and how much of it counts.
/// The builder writes behind what was published, never in it.
template <class T>
struct SharedNumbers {
    std::shared_ptr<const T[]> data;
    std::size_t size = 0;
    [[nodiscard]] std::span<const T> span() const { return {data.get(), size}; }
};

/// One value that one record gained or lost in a facet attribute.
struct FacetChange {
    Ordinal ordinal = 0;
    std::uint32_t value = 0;       ///< in the attribute's dictionary
    std::uint16_t attribute = 0;
    std::int16_t difference = 0;   ///< 1 or -1
};

/// The columns of one snapshot; immutable, shared by all threads.
class Columns {
public:
    [[nodiscard]] Ordinal size() const { return size_; }  ///< ordinals in use, deleted records included

    // Facets ------------------------------------------------------------------------------------------------------
    [[nodiscard]] std::size_t facet_attributes() const { return dictionaries_.size(); }
    [[nodiscard]] const std::string& facet_path(std::size_t attribute) const { return facet_paths_[attribute]; }
    /// The facet attribute of this path. Attributes 0, 1, ... are those of Settings::attributes_for_faceting in order; once
    /// a record has `_tags`, the reserved attribute tags_path stands behind them (and goes before one listed as "_tags").
    [[nodiscard]] std::optional<std::size_t> find_facet(std::string_view path) const;
    [[nodiscard]] const FacetDictionary& dictionary(std::size_t attribute) const { return *dictionaries_[attribute]; }

    /// Values of all attributes are numbered in one flat sequence for tables that hold one entry a value:
    /// the flat number of a value is flat_begin(attribute) + its ordinal in the dictionary.
    [[nodiscard]] std::uint32_t flat_begin(std::size_t attribute) const { return flat_begins_[attribute]; }
    [[nodiscard]] std::uint32_t flat_size() const { return flat_begins_.back(); }

    /// Calls `visit(value_ordinal)` for each value a record has in an attribute.
    template <class Visit>
    void for_each_value(std::size_t attribute, Ordinal ordinal, Visit&& visit) const;

    /// scores[i] = sum of table[flat number] over all facet values of ordinals[i]. `table` has flat_size() entries.
    /// No lock, no allocation, no virtual call: one pass over the rows. `attributes` are those with any non-zero entry.
    void sum_scores(std::span<const Ordinal> ordinals, std::span<const std::size_t> attributes,
                    std::span<const float> table, std::span<float> scores) const;

    /// counts[flat number] += 1 for each value of each of `ordinals`, in `attributes` only.
    void count_values(std::span<const Ordinal> ordinals, std::span<const std::size_t> attributes,
                      std::span<std::uint32_t> counts) const;

    /// Records (deleted ones not counted) that carry each value, by flat number: how common a value is in the catalog.
    [[nodiscard]] std::span<const std::uint32_t> value_counts() const { return *value_counts_; }

    /// What records that were there before gained and lost since the first of the snapshots that share this one's
    /// Snapshot::words_generation, oldest first. Of two of them the newer one's list begins with the older one's, so counts
    /// over the same records differ by the changes behind.
    [[nodiscard]] std::span<const FacetChange> facet_changes() const { return facet_changes_.span(); }

    // Numbers and tags --------------------------------------------------------------------------------------------
    [[nodiscard]] const NumericColumn* number(std::string_view path) const;
    [[nodiscard]] std::vector<std::string> numeric_paths() const;
    /// `_tags` is kept as one more facet attribute of this reserved path, compared with case (`folded` is the text
    /// itself); find_facet gives nothing when no record has had any.
    static constexpr std::string_view tags_path = "_tags";

    // Sort orders -------------------------------------------------------------------------------------------------
    /// The place of each record in the order of `customRanking`: 0 is best, equal records share a place, the next place
    /// is one more, and records without an attribute come last in it, in both directions. All zeros when there is no
    /// custom ranking. Places of deleted records mean nothing.
    [[nodiscard]] std::span<const std::uint32_t> custom_rank() const { return custom_rank_.span(); }
    /// The same for the i-th run of neighbouring asc()/desc() entries of `ranking`.
    [[nodiscard]] std::span<const std::uint32_t> sort_rank(std::size_t run) const { return sort_ranks_[run].span(); }
    [[nodiscard]] std::size_t sort_ranks() const { return sort_ranks_.size(); }

    /// The same columns in other orders.
    [[nodiscard]] Columns sorted_by(SharedNumbers<std::uint32_t> custom,
                                    std::vector<SharedNumbers<std::uint32_t>> runs) const {
        Columns columns = *this;
        columns.custom_rank_ = std::move(custom);
        columns.sort_ranks_ = std::move(runs);
        return columns;
    }

    [[nodiscard]] std::size_t bytes() const;  ///< memory held, pages shared with other snapshots included

private:
    friend class ColumnsBuilder;
    Ordinal size_ = 0;
    std::uint32_t stride_ = 8;  ///< cells a row
    bool has_tags_ = false;     ///< the last facet attribute is tags_path
    std::vector<std::string> facet_paths_;
    std::vector<std::shared_ptr<const FacetDictionary>> dictionaries_;
    std::vector<std::uint32_t> flat_begins_{0};
    std::vector<std::shared_ptr<const FacetPage>> facet_pages_;
    std::vector<std::pair<std::string, std::shared_ptr<const NumericColumn>>> numbers_;  ///< sorted by path
    std::shared_ptr<const std::vector<std::uint32_t>> value_counts_ = std::make_shared<const std::vector<std::uint32_t>>();
    SharedNumbers<FacetChange> facet_changes_;
    SharedNumbers<std::uint32_t> custom_rank_;
    std::vector<SharedNumbers<std::uint32_t>> sort_ranks_;
};

// -- inline ------------------------------------------------------------------------------------------------------------

template <class Visit>
void NumericColumn::for_each(Ordinal ordinal, Visit&& visit) const {
    const std::size_t page_number = ordinal / column_page_rows;
    if (page_number >= pages.size() || !pages[page_number]) return;
    const Page& page = *pages[page_number];
    const auto row = static_cast<std::uint16_t>(ordinal % column_page_rows);
    if (!page.dense.empty()) {
        const double value = page.dense[row];
        if (value == value) visit(value);  // NaN is "none"
        return;
    }
    // Lower bound by hand: the pairs of a thin page are few.
    std::size_t begin = 0;
    std::size_t end = page.pairs.size();
    while (begin < end) {
        const std::size_t middle = (begin + end) / 2;
        if (page.pairs[middle].first < row) begin = middle + 1;
        else end = middle;
    }
    for (; begin < page.pairs.size() && page.pairs[begin].first == row; ++begin) visit(page.pairs[begin].second);
}

template <class Visit>
void Columns::for_each_value(std::size_t attribute, Ordinal ordinal, Visit&& visit) const {
    const FacetPage& page = *facet_pages_[ordinal / column_page_rows];
    const std::uint32_t row = ordinal % column_page_rows;
    const std::uint16_t cell = page.cells[std::size_t{row} * stride_ + attribute];
    if (cell == 0) return;
    if (cell != cell_overflow) {
        visit(static_cast<std::uint32_t>(cell) - 1);
        return;
    }
    const FacetPage::Overflow& overflow = page.overflow[attribute];
    for (std::uint32_t i = overflow.begins[row]; i < overflow.begins[row + 1]; ++i) visit(overflow.values[i]);
}

}  // namespace penchant
