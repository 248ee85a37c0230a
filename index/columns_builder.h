// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the columns of each snapshot from those of the one before plus what changed.
#pragma once

#include "index/analysis.h"
#include "index/columns.h"
#include "index/facet_rows.h"
#include "index/numeric_columns.h"
#include "index/settings.h"
#include "index/shared_array.h"
#include "index/sort_orders.h"
#include "index/tokenizer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Gives a pair (facet attribute path, value) its lasting number; provided by index/facet_value_ids.h.
using FacetValueNumbering = std::function<FacetValueId(std::string_view path, std::string_view value)>;

/// Belongs to the builder's thread.
class ColumnsBuilder {
public:
    ColumnsBuilder(const Settings& settings, FacetValueNumbering numbering);

    [[nodiscard]] Ordinal size() const { return rows_.size(); }

    /// Adds a record under the next ordinal.
    void add(const AnalysedRecord& record);
    /// Replaces everything known of a record.
    void update(Ordinal ordinal, const AnalysedRecord& record);
    /// A record is gone; its ordinal stays in use until renumber(). At most once a record.
    void remove(Ordinal ordinal);
    /// As SnapshotBuilder::change_settings. Facet attributes that are new stay empty until records are updated.
    bool change_settings(const Settings& settings);
    /// Gives every record its new ordinal (ascending, no_ordinal for the removed ones: they are forgotten).
    void renumber(std::span<const Ordinal> renumber, Ordinal size);

    /// Changes of facet values are listed (Columns::facet_changes) from now on only.
    void forget_facet_changes() { facet_changes_ = {}; }
    /// So many are listed that it is better to forget them.
    [[nodiscard]] bool many_facet_changes() const { return facet_changes_.size() >= facet_changes_max; }

    [[nodiscard]] Columns publish();
    /// The orders of a view (Settings::views, from 0), as of the last publish().
    [[nodiscard]] SharedNumbers<std::uint32_t> custom_of_view(std::size_t view) const { return sort_orders_.custom(view + 1); }
    [[nodiscard]] std::vector<SharedNumbers<std::uint32_t>> runs_of_view(std::size_t view) const {
        return sort_orders_.runs(view + 1);
    }

    /// Memory that only the builder holds.
    [[nodiscard]] std::size_t bytes() const { return sort_orders_.bytes(); }

private:
    // 3 MiB; an hour of 70 updates a second.
    static constexpr std::size_t facet_changes_max = 256 * 1024;

    struct Facet {
        std::string path;
        bool with_case = false;  ///< `_tags`
        std::unique_ptr<FacetDictionary> dictionary = std::make_unique<FacetDictionary>();
        std::shared_ptr<const FacetDictionary> published;
        std::vector<std::uint32_t> counts;  ///< by value: records that carry it
    };
    static std::vector<Facet> facets_of(const Settings& settings);
    void set_facets(Ordinal ordinal, const AnalysedRecord& record, bool is_new);
    void set_values(Ordinal ordinal, std::size_t attribute, const std::vector<std::string>& values, bool is_new);
    void uncount(Ordinal ordinal, std::size_t attribute);
    void add_tags();
    void drop_unused_values(FacetRows::Layout& layout);

    FacetValueNumbering numbering_;
    Tokenizer tokenizer_;
    std::vector<Facet> facets_;  ///< Settings::attributes_for_faceting, then `_tags` when there are any
    bool has_tags_ = false;
    FacetRows rows_;
    NumericColumns numbers_;
    SortOrders sort_orders_;
    SharedArray<FacetChange> facet_changes_;
    std::vector<std::uint32_t> values_;  ///< of one cell at a time
    std::vector<std::uint32_t> wanted_;
};

}  // namespace penchant
