// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/columns_builder.h"

#include "index/error.h"

#include <algorithm>

namespace penchant {

std::vector<ColumnsBuilder::Facet> ColumnsBuilder::facets_of(const Settings& settings) {
    std::vector<Facet> facets;
    for (const FacetAttribute& listed : settings.attributes_for_faceting) facets.emplace_back().path = listed.path;
    return facets;
}

ColumnsBuilder::ColumnsBuilder(const Settings& settings, FacetValueNumbering numbering)
    : numbering_(std::move(numbering)),
      tokenizer_(tokenizer_of(settings)),
      facets_(facets_of(settings)),
      rows_(facets_.size()),
      sort_orders_(settings) {}

void ColumnsBuilder::uncount(Ordinal ordinal, std::size_t attribute) {
    rows_.values(ordinal, attribute, values_);
    for (const std::uint32_t value : values_) --facets_[attribute].counts[value];
}

void ColumnsBuilder::set_values(Ordinal ordinal, std::size_t attribute, const std::vector<std::string>& values,
                                bool is_new) {
    if (is_new && values.empty()) return;
    Facet& facet = facets_[attribute];
    wanted_.clear();
    for (const std::string& text : values) {
        std::optional<std::uint32_t> value = facet.dictionary->find(text);
        if (!value) {
            value = facet.dictionary->add(text, facet.with_case ? text : tokenizer_.fold(text),
                                          numbering_(facet.path, text));
            facet.counts.push_back(0);
        }
        if (std::find(wanted_.begin(), wanted_.end(), *value) == wanted_.end()) wanted_.push_back(*value);
    }
    if (!is_new) {
        // Most updates change one attribute; pages of which nothing changed stay shared.
        rows_.values(ordinal, attribute, values_);
        if (values_ == wanted_) return;
        const auto change = [&](std::uint32_t value, std::int16_t difference) {
            facet_changes_.push_back({ordinal, value, static_cast<std::uint16_t>(attribute), difference});
        };
        for (const std::uint32_t value : values_) --facet.counts[value], change(value, -1);
        for (const std::uint32_t value : wanted_) change(value, 1);
    }
    for (const std::uint32_t value : wanted_) ++facet.counts[value];
    rows_.set(ordinal, attribute, wanted_);
}

void ColumnsBuilder::set_facets(Ordinal ordinal, const AnalysedRecord& record, bool is_new) {
    if (!record.tags.empty() && !has_tags_) add_tags();
    static const std::vector<std::string> none;
    const std::size_t attributes = facets_.size() - (has_tags_ ? 1 : 0);
    auto facet = record.facets.begin();
    for (std::size_t attribute = 0; attribute < attributes; ++attribute) {
        while (facet != record.facets.end() && facet->attribute < attribute) ++facet;
        const bool has = facet != record.facets.end() && facet->attribute == attribute;
        set_values(ordinal, attribute, has ? facet->values : none, is_new);
    }
    if (has_tags_) set_values(ordinal, attributes, record.tags, is_new);
}

void ColumnsBuilder::add_tags() {
    FacetRows::Layout layout;
    for (std::size_t attribute = 0; attribute < facets_.size(); ++attribute) layout.attributes.emplace_back(attribute);
    layout.attributes.emplace_back(std::nullopt);
    rows_ = rows_.rebuilt(layout);
    Facet& tags = facets_.emplace_back();
    tags.path = Columns::tags_path;
    tags.with_case = true;
    has_tags_ = true;
}

void ColumnsBuilder::add(const AnalysedRecord& record) {
    const Ordinal ordinal = size();
    rows_.add();
    set_facets(ordinal, record, true);
    for (const AnalysedNumber& number : record.numbers) {
        if (!number.values.empty()) numbers_.set(ordinal, number.path, number.values);
    }
    sort_orders_.set(ordinal, record);
}

void ColumnsBuilder::update(Ordinal ordinal, const AnalysedRecord& record) {
    set_facets(ordinal, record, false);
    std::vector<std::string> gone;
    numbers_.for_each_path(ordinal, [&](const std::string& path) {
        const bool stays = std::any_of(record.numbers.begin(), record.numbers.end(),
                                       [&](const AnalysedNumber& number) { return number.path == path; });
        if (!stays) gone.push_back(path);
    });
    for (const std::string& path : gone) numbers_.set(ordinal, path, {});
    for (const AnalysedNumber& number : record.numbers) {
        if (!numbers_.holds(ordinal, number.path, number.values)) numbers_.set(ordinal, number.path, number.values);
    }
    sort_orders_.set(ordinal, record);
}

void ColumnsBuilder::remove(Ordinal ordinal) {
    // Cells stay as they are: nobody looks at a deleted record's.
    for (std::size_t attribute = 0; attribute < facets_.size(); ++attribute) uncount(ordinal, attribute);
    sort_orders_.remove(ordinal);
}

bool ColumnsBuilder::change_settings(const Settings& settings) {
    tokenizer_ = tokenizer_of(settings);
    std::vector<Facet> facets = facets_of(settings);
    const std::size_t listed = facets_.size() - (has_tags_ ? 1 : 0);
    const bool same = std::equal(facets.begin(), facets.end(), facets_.begin(),
                                 facets_.begin() + static_cast<std::ptrdiff_t>(listed),
                                 [](const Facet& a, const Facet& b) { return a.path == b.path; });
    if (!same) {
        FacetRows::Layout layout;
        std::vector<bool> taken(facets_.size());
        for (Facet& facet : facets) {
            std::optional<std::size_t> old;
            for (std::size_t attribute = 0; attribute < listed && !old; ++attribute) {
                if (!taken[attribute] && facets_[attribute].path == facet.path) old = attribute;
            }
            layout.attributes.push_back(old);
            if (!old) continue;
            taken[*old] = true;
            facet = std::move(facets_[*old]);
        }
        if (has_tags_) {
            layout.attributes.emplace_back(listed);
            facets.push_back(std::move(facets_[listed]));
        }
        rows_ = rows_.rebuilt(layout);
        facets_ = std::move(facets);
    }
    return sort_orders_.change_settings(settings, numbers_.sealed());
}

/// Values that no record carries any more leave the dictionary when they are the larger part of it: a facet whose
/// values come and go (dates, stock keeping numbers) would otherwise grow for ever.
void ColumnsBuilder::drop_unused_values(FacetRows::Layout& layout) {
    layout.values.resize(facets_.size());
    for (std::size_t attribute = 0; attribute < facets_.size(); ++attribute) {
        Facet& facet = facets_[attribute];
        const auto unused = static_cast<std::size_t>(std::count(facet.counts.begin(), facet.counts.end(), 0U));
        if (unused <= 1'000 || unused * 2 <= facet.counts.size()) continue;
        auto smaller = std::make_unique<FacetDictionary>();
        std::vector<std::uint32_t> counts;
        for (std::uint32_t value = 0; value < facet.counts.size(); ++value) {
            layout.values[attribute].push_back(smaller->size());
            if (facet.counts[value] == 0) continue;
            const FacetDictionary::Value& kept = facet.dictionary->value(value);
            smaller->add(kept.text, kept.folded, kept.id);
            counts.push_back(facet.counts[value]);
        }
        facet.dictionary = std::move(smaller);
        facet.counts = std::move(counts);
        facet.published.reset();
    }
}

void ColumnsBuilder::renumber(std::span<const Ordinal> renumber, Ordinal size) {
    FacetRows::Layout layout;
    for (std::size_t attribute = 0; attribute < facets_.size(); ++attribute) layout.attributes.emplace_back(attribute);
    layout.renumber = renumber;
    drop_unused_values(layout);
    rows_ = rows_.rebuilt(layout);
    PENCHANT_ASSERT(rows_.size() == size);
    numbers_.renumber(renumber, size);
    sort_orders_.renumber(renumber, size);
}

Columns ColumnsBuilder::publish() {
    Columns columns;
    columns.size_ = size();
    columns.stride_ = rows_.stride();
    columns.has_tags_ = has_tags_;
    columns.facet_pages_ = rows_.sealed();
    auto value_counts = std::make_shared<std::vector<std::uint32_t>>();
    for (Facet& facet : facets_) {
        if (!facet.published || facet.published->size() != facet.dictionary->size()) {
            facet.published = std::make_shared<const FacetDictionary>(*facet.dictionary);
        }
        columns.facet_paths_.push_back(facet.path);
        columns.dictionaries_.push_back(facet.published);
        columns.flat_begins_.push_back(columns.flat_begins_.back() + facet.dictionary->size());
        value_counts->insert(value_counts->end(), facet.counts.begin(), facet.counts.end());
    }
    columns.value_counts_ = std::move(value_counts);
    columns.facet_changes_ = facet_changes_.published();
    columns.numbers_ = numbers_.sealed();
    sort_orders_.publish();
    columns.custom_rank_ = sort_orders_.custom();
    columns.sort_ranks_ = sort_orders_.runs();
    return columns;
}

}  // namespace penchant
