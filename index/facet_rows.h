// SPDX-License-Identifier: GPL-3.0-or-later
//
// The facet rows of an index while they change (see columns.h for what a row is). Pages that a commit touches are
// opened as copies and sealed again when it is published; all others are shared with every snapshot before.
#pragma once

#include "index/columns.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace penchant {

/// Belongs to the builder's thread.
class FacetRows {
public:
    explicit FacetRows(std::size_t attributes);

    /// Cells in a row: room for all attributes, at least eight, a multiple of four.
    [[nodiscard]] std::uint32_t stride() const { return stride_; }
    [[nodiscard]] Ordinal size() const { return size_; }

    /// Adds an empty row.
    void add();
    /// Replaces the values of one record in one attribute.
    void set(Ordinal ordinal, std::size_t attribute, std::span<const std::uint32_t> values);
    /// The values of one record in one attribute.
    void values(Ordinal ordinal, std::size_t attribute, std::vector<std::uint32_t>& values) const;

    /// Closes the open pages and gives all of them.
    [[nodiscard]] const std::vector<std::shared_ptr<const FacetPage>>& sealed();

    struct Layout {
        /// For each new attribute the old one it was, or nothing for an empty one.
        std::vector<std::optional<std::size_t>> attributes;
        /// New ordinals of old ones, ascending, no_ordinal for those that go; empty: all stay.
        std::span<const Ordinal> renumber;
        /// For each old attribute new ordinals of its values; empty: they stay.
        std::vector<std::vector<std::uint32_t>> values;
    };
    /// These rows laid out anew. Closes the open pages.
    [[nodiscard]] FacetRows rebuilt(const Layout& layout);

private:
    struct OpenPage {
        std::unique_ptr<FacetPage> page;         ///< cells as they are now, no overflow yet
        std::shared_ptr<const FacetPage> before; ///< where overflow cells that nobody wrote have their values
        std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> overflow;  ///< row * stride + attribute -> values
    };
    OpenPage& open(std::size_t page);
    [[nodiscard]] std::shared_ptr<const FacetPage> seal(OpenPage& open) const;

    std::size_t attributes_;
    std::uint32_t stride_;
    Ordinal size_ = 0;
    std::vector<std::shared_ptr<const FacetPage>> pages_;  ///< null while a new page is open
    std::unordered_map<std::size_t, OpenPage> open_;
};

}  // namespace penchant
