// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/facet_rows.h"

#include "index/error.h"

#include <algorithm>

namespace penchant {

namespace {

constexpr std::uint32_t cell_value_max = cell_overflow - 2U;  ///< the largest value ordinal a cell can say

bool fits_cell(std::span<const std::uint32_t> values) { return values.size() == 1 && values[0] <= cell_value_max; }

/// Adds one row's values; rows ascend.
void append(FacetPage::Overflow& overflow, std::uint32_t row, std::span<const std::uint32_t> values) {
    if (overflow.begins.empty()) overflow.begins.reserve(column_page_rows + 1);
    overflow.begins.resize(row + 1, static_cast<std::uint32_t>(overflow.values.size()));
    overflow.values.insert(overflow.values.end(), values.begin(), values.end());
}

void close(FacetPage& page) {
    for (FacetPage::Overflow& overflow : page.overflow) {
        if (overflow.begins.empty()) continue;
        overflow.begins.resize(column_page_rows + 1, static_cast<std::uint32_t>(overflow.values.size()));
        overflow.values.shrink_to_fit();
    }
}

std::unique_ptr<FacetPage> empty_page(std::uint32_t stride, std::size_t attributes) {
    auto page = std::make_unique<FacetPage>();
    page->cells.resize(std::size_t{column_page_rows} * stride);
    page->overflow.resize(attributes);
    return page;
}

std::span<const std::uint32_t> overflow_values(const FacetPage& page, std::size_t attribute, std::uint32_t row) {
    const FacetPage::Overflow& overflow = page.overflow[attribute];
    return std::span(overflow.values).subspan(overflow.begins[row], overflow.begins[row + 1] - overflow.begins[row]);
}

}  // namespace

FacetRows::FacetRows(std::size_t attributes)
    : attributes_(attributes),
      stride_(std::max(8U, static_cast<std::uint32_t>((attributes + 3) / 4 * 4))) {}

void FacetRows::add() {
    if (size_ % column_page_rows == 0) {
        // Full pages are sealed at once, so that loading an index holds no open page but the last.
        (void)sealed();
        pages_.emplace_back();
        open_[pages_.size() - 1].page = empty_page(stride_, attributes_);
    }
    ++size_;
}

FacetRows::OpenPage& FacetRows::open(std::size_t page) {
    OpenPage& open = open_[page];
    if (!open.page) {
        open.before = pages_[page];
        open.page = std::make_unique<FacetPage>();
        open.page->cells = open.before->cells;
        open.page->overflow.resize(attributes_);
    }
    return open;
}

void FacetRows::set(Ordinal ordinal, std::size_t attribute, std::span<const std::uint32_t> values) {
    PENCHANT_ASSERT(ordinal < size_ && attribute < attributes_);
    OpenPage& page = open(ordinal / column_page_rows);
    const std::size_t cell = std::size_t{ordinal % column_page_rows} * stride_ + attribute;
    if (values.empty()) {
        page.page->cells[cell] = 0;
    } else if (fits_cell(values)) {
        page.page->cells[cell] = static_cast<std::uint16_t>(values[0] + 1);
    } else {
        page.page->cells[cell] = cell_overflow;
        page.overflow[cell].assign(values.begin(), values.end());
    }
}

void FacetRows::values(Ordinal ordinal, std::size_t attribute, std::vector<std::uint32_t>& values) const {
    values.clear();
    const std::size_t number = ordinal / column_page_rows;
    const std::uint32_t row = ordinal % column_page_rows;
    const auto open = open_.find(number);
    const FacetPage& page = open == open_.end() ? *pages_[number] : *open->second.page;
    const std::size_t at = std::size_t{row} * stride_ + attribute;
    const std::uint16_t cell = page.cells[at];
    if (cell == 0) return;
    if (cell != cell_overflow) {
        values.push_back(cell - 1U);
        return;
    }
    std::span<const std::uint32_t> found;
    if (open == open_.end()) {
        found = overflow_values(page, attribute, row);
    } else if (const auto written = open->second.overflow.find(at); written != open->second.overflow.end()) {
        found = written->second;
    } else {
        found = overflow_values(*open->second.before, attribute, row);
    }
    values.assign(found.begin(), found.end());
}

std::shared_ptr<const FacetPage> FacetRows::seal(OpenPage& open) const {
    FacetPage& page = *open.page;
    for (std::uint32_t row = 0; row < column_page_rows; ++row) {
        for (std::size_t attribute = 0; attribute < attributes_; ++attribute) {
            const std::size_t at = std::size_t{row} * stride_ + attribute;
            if (page.cells[at] != cell_overflow) continue;
            const auto written = open.overflow.find(at);
            append(page.overflow[attribute], row,
                   written != open.overflow.end() ? std::span<const std::uint32_t>(written->second)
                                                  : overflow_values(*open.before, attribute, row));
        }
    }
    close(page);
    return std::shared_ptr<const FacetPage>(std::move(open.page));
}

const std::vector<std::shared_ptr<const FacetPage>>& FacetRows::sealed() {
    for (auto& [number, open] : open_) pages_[number] = seal(open);
    open_.clear();
    return pages_;
}

FacetRows FacetRows::rebuilt(const Layout& layout) {
    (void)sealed();
    FacetRows fresh(layout.attributes.size());
    std::unique_ptr<FacetPage> page;
    std::vector<std::uint32_t> values;
    const auto finish_page = [&] {
        if (!page) return;
        close(*page);
        fresh.pages_.push_back(std::move(page));
    };
    for (Ordinal ordinal = 0; ordinal < size_; ++ordinal) {
        if (!layout.renumber.empty() && layout.renumber[ordinal] == no_ordinal) continue;
        const std::uint32_t row = fresh.size_ % column_page_rows;
        if (row == 0) {
            finish_page();
            page = empty_page(fresh.stride_, fresh.attributes_);
        }
        ++fresh.size_;
        for (std::size_t attribute = 0; attribute < layout.attributes.size(); ++attribute) {
            if (!layout.attributes[attribute]) continue;
            const std::size_t old = *layout.attributes[attribute];
            this->values(ordinal, old, values);
            if (values.empty()) continue;
            if (!layout.values.empty() && !layout.values[old].empty()) {
                for (std::uint32_t& value : values) value = layout.values[old][value];
            }
            std::uint16_t& cell = page->cells[std::size_t{row} * fresh.stride_ + attribute];
            if (fits_cell(values)) {
                cell = static_cast<std::uint16_t>(values[0] + 1);
            } else {
                cell = cell_overflow;
                append(page->overflow[attribute], row, values);
            }
        }
    }
    finish_page();
    return fresh;
}

}  // namespace penchant
