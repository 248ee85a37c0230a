// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/numeric_columns.h"

#include "index/limits.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace penchant {

namespace {

using Pairs = std::vector<std::pair<std::uint16_t, double>>;

/// The page of these pairs (sorted by row), as whichever form is smaller; null for none.
std::shared_ptr<const NumericColumn::Page> make_page(const Pairs& pairs) {
    if (pairs.empty()) return nullptr;
    auto page = std::make_shared<NumericColumn::Page>();
    const bool single = std::adjacent_find(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
                            return a.first == b.first;
                        }) == pairs.end();
    if (single && pairs.size() * sizeof(Pairs::value_type) >= column_page_rows * sizeof(double)) {
        page->dense.assign(column_page_rows, std::numeric_limits<double>::quiet_NaN());
        for (const auto& [row, value] : pairs) page->dense[row] = value;
    } else {
        page->pairs.assign(pairs.begin(), pairs.end());
    }
    return page;
}

/// Calls `visit(row, value)` for everything in a page, in order.
template <class Visit>
void for_each_pair(const NumericColumn::Page& page, Visit&& visit) {
    for (std::uint32_t row = 0; row < page.dense.size(); ++row) {
        if (!std::isnan(page.dense[row])) visit(static_cast<std::uint16_t>(row), page.dense[row]);
    }
    for (const auto& [row, value] : page.pairs) visit(row, value);
}

}  // namespace

void NumericColumns::set(Ordinal ordinal, std::string_view path, std::span<const double> values) {
    auto found = columns_.find(path);
    if (found == columns_.end()) {
        if (values.empty() || columns_.size() >= limits::numeric_attributes_max) return;
        found = columns_.emplace(std::string(path), Column{}).first;
    }
    Column& column = found->second;
    const std::size_t number = ordinal / column_page_rows;
    // Loading an index writes page after page: what is behind is closed, so that open pages stay few.
    if (!column.open.empty() && column.open.rbegin()->first < number && column.open.size() >= 64) seal(column);
    OpenPage& open = column.open[number];
    const auto begin = static_cast<std::uint32_t>(open.values.size());
    for (const double value : values) {
        if (!std::isnan(value)) open.values.push_back(value);
    }
    open.patches.push_back({static_cast<std::uint16_t>(ordinal % column_page_rows), begin,
                            static_cast<std::uint32_t>(open.values.size()) - begin});
    changed_ = true;
}

const NumericColumns::Patch* NumericColumns::last_patch(const OpenPage& page, std::uint16_t row) {
    const auto last = std::find_if(page.patches.rbegin(), page.patches.rend(), [&](const Patch& patch) { return patch.row == row; });
    return last == page.patches.rend() ? nullptr : &*last;
}

bool NumericColumns::holds(Ordinal ordinal, std::string_view path, std::span<const double> values) const {
    const auto column = columns_.find(path);
    if (column == columns_.end()) return values.empty();
    if (const auto open = column->second.open.find(ordinal / column_page_rows); open != column->second.open.end()) {
        const Patch* const patch = last_patch(open->second, static_cast<std::uint16_t>(ordinal % column_page_rows));
        if (patch != nullptr) {
            const auto own = std::span(open->second.values).subspan(patch->begin, patch->count);
            return std::equal(own.begin(), own.end(), values.begin(), values.end());
        }
    }
    std::size_t count = 0;
    bool same = true;
    column->second.sealed->for_each(ordinal, [&](double value) {
        same = same && count < values.size() && values[count] == value;
        ++count;
    });
    return same && count == values.size();
}

void NumericColumns::for_each_path(Ordinal ordinal, const std::function<void(const std::string&)>& visit) const {
    const auto row = static_cast<std::uint16_t>(ordinal % column_page_rows);
    for (const auto& [path, column] : columns_) {
        if (const auto open = column.open.find(ordinal / column_page_rows); open != column.open.end()) {
            if (const Patch* const patch = last_patch(open->second, row)) {
                if (patch->count > 0) visit(path);
                continue;
            }
        }
        if (column.sealed->first(ordinal)) visit(path);
    }
}

void NumericColumns::seal(Column& column) {
    if (column.open.empty()) return;
    auto fresh = std::make_shared<NumericColumn>(*column.sealed);
    Pairs pairs;
    for (auto& [number, open] : column.open) {
        if (fresh->pages.size() <= number) fresh->pages.resize(number + 1);
        auto& patches = open.patches;
        const auto by_row = [](const Patch& a, const Patch& b) { return a.row < b.row; };
        if (!std::is_sorted(patches.begin(), patches.end(), by_row)) {
            std::stable_sort(patches.begin(), patches.end(), by_row);
        }
        pairs.clear();
        std::size_t next = 0;
        const auto take_patches_below = [&](std::uint32_t row) {
            for (; next < patches.size() && patches[next].row < row; ++next) {
                const bool last = next + 1 == patches.size() || patches[next + 1].row != patches[next].row;
                if (!last) continue;
                for (std::uint32_t i = 0; i < patches[next].count; ++i) {
                    pairs.emplace_back(patches[next].row, open.values[patches[next].begin + i]);
                }
            }
        };
        if (fresh->pages[number]) {
            for_each_pair(*fresh->pages[number], [&](std::uint16_t row, double value) {
                take_patches_below(row);
                const bool replaced = next < patches.size() && patches[next].row == row;
                if (!replaced) pairs.emplace_back(row, value);
            });
        }
        take_patches_below(column_page_rows);
        fresh->pages[number] = make_page(pairs);
    }
    column.open.clear();
    column.sealed = std::move(fresh);
}

const NumericColumns::Published& NumericColumns::sealed() {
    if (!changed_) return published_;
    changed_ = false;
    published_.clear();
    for (auto& [path, column] : columns_) {
        seal(column);
        const auto& pages = column.sealed->pages;
        if (std::any_of(pages.begin(), pages.end(), [](const auto& page) { return page != nullptr; })) {
            published_.emplace_back(path, column.sealed);
        }
    }
    return published_;
}

void NumericColumns::renumber(std::span<const Ordinal> renumber, Ordinal size) {
    (void)sealed();
    Pairs pairs;
    for (auto column = columns_.begin(); column != columns_.end();) {
        const auto& old = column->second.sealed->pages;
        auto fresh = std::make_shared<NumericColumn>();
        fresh->pages.resize((std::size_t{size} + column_page_rows - 1) / column_page_rows);
        pairs.clear();
        std::size_t page = 0;
        const auto finish_page = [&] {
            if (!pairs.empty()) fresh->pages[page] = make_page(pairs);
            pairs.clear();
        };
        bool any = false;
        for (std::size_t number = 0; number < old.size(); ++number) {
            if (!old[number]) continue;
            for_each_pair(*old[number], [&](std::uint16_t row, double value) {
                const Ordinal ordinal = renumber[number * column_page_rows + row];
                if (ordinal == no_ordinal) return;
                any = true;
                if (ordinal / column_page_rows != page) {
                    finish_page();
                    page = ordinal / column_page_rows;
                }
                pairs.emplace_back(static_cast<std::uint16_t>(ordinal % column_page_rows), value);
            });
        }
        finish_page();
        column->second.sealed = std::move(fresh);
        column = any ? std::next(column) : columns_.erase(column);
    }
    changed_ = true;
}

}  // namespace penchant
