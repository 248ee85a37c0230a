// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/sort_orders.h"

#include "index/custom_order.h"
#include "index/error.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace penchant {

namespace {

// Doubles as integers in their own order end below text_tag; NaN never gets here.
constexpr std::uint64_t text_tag = 0xFFF8000000000000U;
constexpr std::uint64_t missing = ~std::uint64_t{0};

std::uint64_t number_key(double value) {
    if (std::isnan(value)) return missing;
    const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);  // -0 is 0
    return (bits >> 63U) != 0 ? ~bits : bits | (std::uint64_t{1} << 63U);
}

bool is_text(std::uint64_t key) { return key >= text_tag && key != missing; }
std::uint32_t text_number(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

void add_orders(const Settings& settings, std::vector<std::vector<SortCriterion>>& orders) {
    orders.push_back(custom_order(settings));
    const bool custom = !orders.back().empty();
    bool in_run = false;
    for (const RankingCriterion& criterion : settings.ranking) {
        if (custom && criterion.criterion == Criterion::custom) break;
        const bool sorts = criterion.criterion == Criterion::sort;
        if (sorts && !in_run) orders.emplace_back();
        if (sorts) orders.back().push_back(criterion.sort);
        in_run = sorts;
    }
}

struct Orders {
    std::vector<std::vector<SortCriterion>> criteria;
    std::vector<std::size_t> begins{0};
};

Orders orders_of(const Settings& settings) {
    Orders orders;
    add_orders(settings, orders.criteria);
    for (const View& view : settings.views) {
        orders.begins.push_back(orders.criteria.size());
        add_orders(*view.settings, orders.criteria);
    }
    orders.begins.push_back(orders.criteria.size());
    return orders;
}

}  // namespace

SortOrders::SortOrders(const Settings& settings) {
    Orders orders = orders_of(settings);
    criteria_ = std::move(orders.criteria);
    begins_ = std::move(orders.begins);
    set_orders();
}

void SortOrders::set_orders() {
    orders_.clear();
    for (const std::vector<SortCriterion>& criteria : criteria_) {
        Order& order = orders_.emplace_back();
        for (const SortCriterion& criterion : criteria) {
            auto path = std::find(paths_.begin(), paths_.end(), criterion.path);
            if (path == paths_.end()) {
                path = paths_.insert(path, criterion.path);
                keys_.emplace_back(size_, missing);
            }
            order.criteria.push_back({static_cast<std::size_t>(path - paths_.begin()), criterion.direction});
        }
    }
}

bool SortOrders::change_settings(
    const Settings& settings,
    const std::vector<std::pair<std::string, std::shared_ptr<const NumericColumn>>>& numbers) {
    Orders orders = orders_of(settings);
    begins_ = std::move(orders.begins);
    if (orders.criteria == criteria_) return false;
    criteria_ = std::move(orders.criteria);
    std::vector<std::string> old_paths = std::exchange(paths_, {});
    std::vector<std::vector<Key>> old_keys = std::exchange(keys_, {});
    set_orders();
    bool incomplete = false;
    for (std::size_t column = 0; column < paths_.size(); ++column) {
        const auto old = std::find(old_paths.begin(), old_paths.end(), paths_[column]);
        if (old != old_paths.end()) {
            keys_[column] = std::move(old_keys[static_cast<std::size_t>(old - old_paths.begin())]);
            continue;
        }
        const auto found = std::lower_bound(numbers.begin(), numbers.end(), paths_[column],
                                            [](const auto& a, const std::string& path) { return a.first < path; });
        const bool known = found != numbers.end() && found->first == paths_[column];
        for (Ordinal ordinal = 0; ordinal < size_; ++ordinal) {
            if (removed(ordinal)) continue;
            const std::optional<double> value = known ? found->second->first(ordinal) : std::nullopt;
            if (value) keys_[column][ordinal] = number_key(*value);
            else incomplete = true;
        }
    }
    return incomplete;
}

SortOrders::Key SortOrders::text_key(const std::string& text) {
    const auto [found, added] = text_numbers_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
    if (added) texts_.push_back(text);
    return text_tag | found->second;
}

SortOrders::Key SortOrders::key_of(const AnalysedRecord& record, const std::string& path) {
    for (const AnalysedSortValue& value : record.sort_values) {
        if (value.path != path) continue;
        if (const double* number = std::get_if<double>(&value.value)) return number_key(*number);
        return text_key(std::get<std::string>(value.value));
    }
    for (const AnalysedNumber& number : record.numbers) {
        if (number.path == path && !number.values.empty()) return number_key(number.values.front());
    }
    return missing;
}

void SortOrders::touch(Ordinal ordinal) {
    if (touched_.empty() || touched_.back() != ordinal) touched_.push_back(ordinal);
}

void SortOrders::set(Ordinal ordinal, const AnalysedRecord& record) {
    PENCHANT_ASSERT(ordinal <= size_);
    const bool is_new = ordinal == size_;
    bool changed = is_new;
    if (is_new) {
        ++size_;
        removed_.resize(size_ / 64 + 1);
        for (auto& column : keys_) column.push_back(missing);
    }
    for (std::size_t column = 0; column < paths_.size(); ++column) {
        const Key key = key_of(record, paths_[column]);
        changed = changed || keys_[column][ordinal] != key;
        keys_[column][ordinal] = key;
    }
    if (changed) touch(ordinal);
}

void SortOrders::remove(Ordinal ordinal) {
    removed_[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
    touch(ordinal);
}

int SortOrders::compare(const Order& order, Ordinal a, Ordinal b) const {
    for (const Criterion& criterion : order.criteria) {
        const Key key_a = keys_[criterion.column][a];
        const Key key_b = keys_[criterion.column][b];
        if (key_a == key_b) continue;
        if (key_a == missing) return 1;
        if (key_b == missing) return -1;
        const bool less = is_text(key_a) && is_text(key_b) ? texts_[text_number(key_a)] < texts_[text_number(key_b)]
                                                           : key_a < key_b;
        return less == (criterion.direction == SortDirection::ascending) ? -1 : 1;
    }
    return 0;
}

void SortOrders::sort(const Order& order, std::vector<Ordinal>& ordinals) const {
    // The first criterion decides most comparisons: its key goes along, so that few comparisons look anything up.
    struct Item {
        Key key;
        Ordinal ordinal;
    };
    std::vector<Item> items;
    items.reserve(ordinals.size());
    const auto& column = keys_[order.criteria.front().column];
    const bool ascending = order.criteria.front().direction == SortDirection::ascending;
    for (const Ordinal ordinal : ordinals) {
        Key key = column[ordinal];
        if (is_text(key)) key = ascending ? text_tag : 0;
        else if (key != missing && !ascending) key = ~key;
        items.push_back({key, ordinal});
    }
    std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
        if (a.key != b.key) return a.key < b.key;
        const int compared = compare(order, a.ordinal, b.ordinal);
        return compared != 0 ? compared < 0 : a.ordinal < b.ordinal;
    });
    for (std::size_t i = 0; i < items.size(); ++i) ordinals[i] = items[i].ordinal;
}

void SortOrders::place_all_first(Order& order) {
    order.entries.clear();
    if (zeros_size_ < size_) {
        zeros_size_ = std::max<std::size_t>(size_ + size_ / 2, 1024);
        zeros_ = std::shared_ptr<const std::uint32_t[]>(new std::uint32_t[zeros_size_]());
    }
    order.places = {zeros_, size_};
}

void SortOrders::bring_up_to_date(Order& order, std::span<const std::uint64_t> touched_bits) {
    if (order.criteria.empty()) {
        place_all_first(order);
        return;
    }
    if (!order.afresh && touched_.empty()) return;

    std::vector<Ordinal> changed;
    if (order.afresh) {
        order.entries.clear();
        for (Ordinal ordinal = 0; ordinal < size_; ++ordinal) {
            if (!removed(ordinal)) changed.push_back(ordinal);
        }
    } else {
        std::erase_if(order.entries, [&](const Entry& entry) {
            return ((touched_bits[entry.ordinal / 64] >> (entry.ordinal % 64)) & 1U) != 0;
        });
        for (const Ordinal ordinal : touched_) {
            if (!removed(ordinal)) changed.push_back(ordinal);
        }
        std::sort(changed.begin(), changed.end());
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    }
    order.afresh = false;
    sort(order, changed);

    // Merges the changed records in. Two old neighbours share a place now if they did before; only around a changed
    // record must values be compared.
    const auto places = std::shared_ptr<std::uint32_t[]>(new std::uint32_t[size_]());
    std::vector<Entry> merged;
    merged.reserve(order.entries.size() + changed.size());
    std::uint32_t place = 0;
    const auto take = [&](Ordinal ordinal, bool same_as_last) {
        if (!merged.empty() && !same_as_last) ++place;
        merged.push_back({ordinal, place});
        places[ordinal] = place;
    };
    const auto ties_with_last = [&](Ordinal ordinal) {
        return !merged.empty() && compare(order, merged.back().ordinal, ordinal) == 0;
    };
    auto next = order.entries.begin();
    for (std::size_t i = 0; i <= changed.size(); ++i) {
        const auto until = i == changed.size()
                               ? order.entries.end()
                               : std::upper_bound(next, order.entries.end(), changed[i],
                                                  [&](Ordinal ordinal, const Entry& entry) {
                                                      return compare(order, ordinal, entry.ordinal) < 0;
                                                  });
        if (next != until) {
            take(next->ordinal, ties_with_last(next->ordinal));
            for (auto before = next++; next != until; before = next++) {
                take(next->ordinal, before->place == next->place);
            }
        }
        if (i < changed.size()) take(changed[i], ties_with_last(changed[i]));
    }
    order.entries = std::move(merged);
    order.places = {places, size_};
}

void SortOrders::publish() {
    std::vector<std::uint64_t> touched_bits(size_ / 64 + 1);
    for (const Ordinal ordinal : touched_) touched_bits[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
    for (Order& order : orders_) bring_up_to_date(order, touched_bits);
    touched_.clear();
}

std::vector<SharedNumbers<std::uint32_t>> SortOrders::runs(std::size_t whose) const {
    std::vector<SharedNumbers<std::uint32_t>> runs;
    for (std::size_t i = begins_[whose] + 1; i < begins_[whose + 1]; ++i) runs.push_back(orders_[i].places);
    return runs;
}

void SortOrders::renumber(std::span<const Ordinal> renumber, Ordinal size) {
    publish();  // what was touched goes by old ordinals
    const std::vector<std::string> old_texts = std::exchange(texts_, {});
    text_numbers_.clear();
    for (auto& column : keys_) {
        for (Ordinal ordinal = 0; ordinal < size_; ++ordinal) {
            if (renumber[ordinal] == no_ordinal) continue;
            const Key key = column[ordinal];
            column[renumber[ordinal]] = is_text(key) ? text_key(old_texts[text_number(key)]) : key;
        }
        column.resize(size);
        column.shrink_to_fit();
    }
    for (Order& order : orders_) {
        if (order.criteria.empty()) continue;
        const auto places = std::shared_ptr<std::uint32_t[]>(new std::uint32_t[size]());
        for (Entry& entry : order.entries) {
            entry.ordinal = renumber[entry.ordinal];
            places[entry.ordinal] = entry.place;
        }
        order.places = {places, size};
    }
    size_ = size;
    removed_.assign(size_ / 64 + 1, 0);
}

std::size_t SortOrders::bytes() const {
    std::size_t bytes = removed_.capacity() * 8;
    for (const auto& column : keys_) bytes += column.capacity() * sizeof(Key);
    for (const Order& order : orders_) bytes += order.entries.capacity() * sizeof(Entry);
    return bytes;
}

}  // namespace penchant
