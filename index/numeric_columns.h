// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers of an index while they change: one NumericColumn a path, whose pages are written anew when a commit
// touches them and shared otherwise.
#pragma once

#include "index/columns.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

/// Belongs to the builder's thread.
class NumericColumns {
public:
    /// Replaces the numbers of `ordinal` under `path` (none: it has none). Not a number (NaN) is left out. A path past
    /// limits::numeric_attributes_max is left out whole.
    void set(Ordinal ordinal, std::string_view path, std::span<const double> values);
    /// Whether the numbers of `ordinal` under `path` are exactly these, in this order.
    [[nodiscard]] bool holds(Ordinal ordinal, std::string_view path, std::span<const double> values) const;
    /// Calls `visit(path)` for every path under which `ordinal` has numbers.
    void for_each_path(Ordinal ordinal, const std::function<void(const std::string&)>& visit) const;

    using Published = std::vector<std::pair<std::string, std::shared_ptr<const NumericColumn>>>;
    /// Closes the open pages and gives all columns that hold a number, by path.
    [[nodiscard]] const Published& sealed();

    /// Gives every record its new ordinal (ascending, no_ordinal: it goes) and drops columns left without numbers.
    void renumber(std::span<const Ordinal> renumber, Ordinal size);

private:
    struct Patch {
        std::uint16_t row;
        std::uint32_t begin;  ///< into OpenPage::values
        std::uint32_t count;
    };
    struct OpenPage {
        std::vector<Patch> patches;  ///< as written; of one row the last counts
        std::vector<double> values;
    };
    struct Column {
        std::shared_ptr<const NumericColumn> sealed = std::make_shared<const NumericColumn>();
        std::map<std::size_t, OpenPage> open;
    };
    /// What was written for a row since the column was sealed last, or null.
    [[nodiscard]] static const Patch* last_patch(const OpenPage& page, std::uint16_t row);
    static void seal(Column& column);

    std::map<std::string, Column, std::less<>> columns_;
    Published published_;
    bool changed_ = false;
};

}  // namespace penchant
