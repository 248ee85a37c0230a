// SPDX-License-Identifier: GPL-3.0-or-later
//
// The places of records in the orders that the settings sort by, and those of virtual replicas (Settings::views):
// custom_order(), and each other run of neighbouring asc() and desc() in ranking. Orders are kept sorted from commit to commit; a commit sorts what it changed and merges it in.
#pragma once

#include "index/analysis.h"
#include "index/columns.h"
#include "index/settings.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penchant {

/// Belongs to the builder's thread.
class SortOrders {
public:
    explicit SortOrders(const Settings& settings);

    /// The values of a record that is new (the next ordinal) or changed.
    void set(Ordinal ordinal, const AnalysedRecord& record);
    /// The record takes part no more.
    void remove(Ordinal ordinal);
    /// Sorts by other paths. The values of a path that was not kept are taken from `numbers`; gives true when that does
    /// not cover every record, so that texts may be missing until each record is set again.
    bool change_settings(const Settings& settings, const std::vector<std::pair<std::string,
                         std::shared_ptr<const NumericColumn>>>& numbers);
    /// Gives every record its new ordinal (ascending, no_ordinal: it goes).
    void renumber(std::span<const Ordinal> renumber, Ordinal size);

    /// Brings all orders up to date. Afterwards custom() and runs() have one place for each ordinal.
    void publish();
    /// Of the settings themselves (0) or of a view, numbered from 1.
    [[nodiscard]] const SharedNumbers<std::uint32_t>& custom(std::size_t whose = 0) const {
        return orders_[begins_[whose]].places;
    }
    [[nodiscard]] std::vector<SharedNumbers<std::uint32_t>> runs(std::size_t whose = 0) const;

    [[nodiscard]] std::size_t bytes() const;

private:
    /// A value as a number that sorts ascending: numbers, then texts (which compare through texts_), then missing.
    using Key = std::uint64_t;
    struct Entry {
        Ordinal ordinal;
        std::uint32_t place;
    };
    struct Criterion {
        std::size_t column;
        SortDirection direction;
    };
    struct Order {
        std::vector<Criterion> criteria;
        std::vector<Entry> entries;  ///< in order, as of the last publish
        bool afresh = true;          ///< entries are of no use: sort everything
        SharedNumbers<std::uint32_t> places;
    };

    void set_orders();
    [[nodiscard]] Key key_of(const AnalysedRecord& record, const std::string& path);
    [[nodiscard]] Key text_key(const std::string& text);
    [[nodiscard]] int compare(const Order& order, Ordinal a, Ordinal b) const;
    [[nodiscard]] bool removed(Ordinal ordinal) const { return (removed_[ordinal / 64] >> (ordinal % 64)) & 1U; }
    void touch(Ordinal ordinal);
    void sort(const Order& order, std::vector<Ordinal>& ordinals) const;
    void bring_up_to_date(Order& order, std::span<const std::uint64_t> touched_bits);
    void place_all_first(Order& order);

    Ordinal size_ = 0;
    std::vector<std::vector<SortCriterion>> criteria_;  ///< of the orders below, as the settings say them
    std::vector<std::string> paths_;        ///< of the columns below
    std::vector<std::vector<Key>> keys_;    ///< by column, by ordinal
    std::vector<Order> orders_;             ///< custom ranking, then the runs; then those of each view
    std::vector<std::size_t> begins_;       ///< where the settings' orders begin, each view's, and where all end
    std::vector<std::string> texts_;
    std::unordered_map<std::string, std::uint32_t> text_numbers_;
    std::vector<std::uint64_t> removed_;    ///< one bit an ordinal
    std::vector<Ordinal> touched_;          ///< since the last publish, with repetitions
    std::shared_ptr<const std::uint32_t[]> zeros_;
    std::size_t zeros_size_ = 0;
};

}  // namespace penchant
