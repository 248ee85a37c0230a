// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/columns.h"

#include "index/error.h"

#include <algorithm>
#include <array>

namespace penchant {

namespace {

/// Passes over rows take this many attributes at a time, so that what they need stays in registers and on the stack.
constexpr std::size_t attributes_a_pass = 8;

/// Gives `pass` up to eight of `attributes` at a time, leaving out those without values (no cell can name one).
template <class Pass>
void in_passes(const Columns& columns, std::span<const std::size_t> attributes, Pass&& pass) {
    std::array<std::size_t, attributes_a_pass> some{};
    std::size_t count = 0;
    for (const std::size_t attribute : attributes) {
        if (columns.dictionary(attribute).size() == 0) continue;
        some[count++] = attribute;
        if (count == attributes_a_pass) {
            pass(std::span<const std::size_t>(some.data(), count));
            count = 0;
        }
    }
    if (count > 0) pass(std::span<const std::size_t>(some.data(), count));
}

/// Finds rows. Ordinals mostly ascend, so the page is looked up once in a while only. `stride` is 0 for "as told".
template <std::uint32_t fixed_stride>
class Rows {
public:
    Rows(std::span<const std::shared_ptr<const FacetPage>> pages, std::uint32_t stride)
        : pages_(pages), stride_(fixed_stride == 0 ? stride : fixed_stride) {}

    const std::uint16_t* operator()(Ordinal ordinal) {
        const std::uint32_t number = ordinal / column_page_rows;
        if (number != number_) {
            number_ = number;
            page_ = pages_[number].get();
            cells_ = page_->cells.data();
        }
        return cells_ + std::size_t{ordinal % column_page_rows} * (fixed_stride == 0 ? stride_ : fixed_stride);
    }
    /// The values of an overflow cell in the row that was asked for last.
    [[nodiscard]] std::span<const std::uint32_t> overflow(std::size_t attribute, Ordinal ordinal) const {
        const FacetPage::Overflow& overflow = page_->overflow[attribute];
        const std::uint32_t row = ordinal % column_page_rows;
        return {overflow.values.data() + overflow.begins[row], overflow.begins[row + 1] - overflow.begins[row]};
    }

private:
    std::span<const std::shared_ptr<const FacetPage>> pages_;
    std::uint32_t stride_;
    std::uint32_t number_ = 0xFFFFFFFFU;
    const FacetPage* page_ = nullptr;
    const std::uint16_t* cells_ = nullptr;
};

[[gnu::noinline]] float sum_overflow(std::span<const std::uint32_t> values, const float* table) {
    float sum = 0;
    for (const std::uint32_t value : values) sum += table[value];
    return sum;
}

[[gnu::noinline]] void count_overflow(std::span<const std::uint32_t> values, std::uint32_t* counts) {
    for (const std::uint32_t value : values) ++counts[value];
}

/// Matches are spread over all rows, so each row is a cache line of its own that is not there yet; asking for it this many
/// records early hides the way to memory.
constexpr std::size_t rows_ahead = 24;

struct Term {
    std::size_t attribute;
    const float* table;  ///< of the attribute's values
};

/// `fixed_terms` is 0 for "as many as there are".
template <std::uint32_t fixed_stride, std::size_t fixed_terms>
void add_scores(Rows<fixed_stride> rows, std::span<const Ordinal> ordinals, std::span<const Term> terms,
                std::span<float> scores) {
    std::array<Term, attributes_a_pass> own{};  // a copy, so that the compiler knows nothing else writes to it
    std::copy(terms.begin(), terms.end(), own.begin());
    const std::size_t count = fixed_terms == 0 ? terms.size() : fixed_terms;
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        if (i + rows_ahead < ordinals.size()) __builtin_prefetch(rows(ordinals[i + rows_ahead]));
        const std::uint16_t* const row = rows(ordinals[i]);
        float sum = scores[i];
        for (std::size_t t = 0; t < count; ++t) {
            const std::uint16_t cell = row[own[t].attribute];
            if (cell == cell_overflow) [[unlikely]] {
                sum += sum_overflow(rows.overflow(own[t].attribute, ordinals[i]), own[t].table);
                continue;
            }
            // No branch on "no value": entry 0 exists, its value is read and not used.
            const float value = own[t].table[cell - (cell != 0 ? 1 : 0)];
            sum += cell != 0 ? value : 0.0F;
        }
        scores[i] = sum;
    }
}

template <std::uint32_t fixed_stride>
void add_scores_of(Rows<fixed_stride> rows, std::span<const Ordinal> ordinals, std::span<const Term> terms,
                   std::span<float> scores) {
    switch (terms.size()) {
        case 1: return add_scores<fixed_stride, 1>(rows, ordinals, terms, scores);
        case 2: return add_scores<fixed_stride, 2>(rows, ordinals, terms, scores);
        case 3: return add_scores<fixed_stride, 3>(rows, ordinals, terms, scores);
        case 4: return add_scores<fixed_stride, 4>(rows, ordinals, terms, scores);
        case 5: return add_scores<fixed_stride, 5>(rows, ordinals, terms, scores);
        case 6: return add_scores<fixed_stride, 6>(rows, ordinals, terms, scores);
        default: return add_scores<fixed_stride, 0>(rows, ordinals, terms, scores);
    }
}

struct Counter {
    std::size_t attribute;
    std::uint32_t* counts;  ///< of the attribute's values
};

template <std::uint32_t fixed_stride>
void add_counts(Rows<fixed_stride> rows, std::span<const Ordinal> ordinals, std::span<const Counter> counters) {
    std::array<Counter, attributes_a_pass> own{};
    std::copy(counters.begin(), counters.end(), own.begin());
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        if (i + rows_ahead < ordinals.size()) __builtin_prefetch(rows(ordinals[i + rows_ahead]));
        const Ordinal ordinal = ordinals[i];
        const std::uint16_t* const row = rows(ordinal);
        for (std::size_t c = 0; c < counters.size(); ++c) {
            const std::uint16_t cell = row[own[c].attribute];
            if (cell == 0) continue;
            if (cell == cell_overflow) [[unlikely]] {
                count_overflow(rows.overflow(own[c].attribute, ordinal), own[c].counts);
                continue;
            }
            ++own[c].counts[cell - 1];
        }
    }
}

}  // namespace

std::size_t FacetPage::bytes() const {
    std::size_t bytes = sizeof(FacetPage) + cells.capacity() * 2 + overflow.capacity() * sizeof(Overflow);
    for (const Overflow& each : overflow) bytes += (each.begins.capacity() + each.values.capacity()) * 4;
    return bytes;
}

std::optional<double> NumericColumn::first(Ordinal ordinal) const {
    const std::size_t number = ordinal / column_page_rows;
    if (number >= pages.size() || !pages[number]) return std::nullopt;
    const Page& page = *pages[number];
    const auto row = static_cast<std::uint16_t>(ordinal % column_page_rows);
    if (!page.dense.empty()) {
        const double value = page.dense[row];
        return value == value ? std::optional(value) : std::nullopt;  // NaN is "none"
    }
    const auto found = std::lower_bound(page.pairs.begin(), page.pairs.end(), row,
                                        [](const auto& pair, std::uint16_t wanted) { return pair.first < wanted; });
    if (found == page.pairs.end() || found->first != row) return std::nullopt;
    return found->second;
}

std::optional<std::size_t> Columns::find_facet(std::string_view path) const {
    if (path == tags_path && has_tags_) return facet_paths_.size() - 1;
    const auto found = std::find(facet_paths_.begin(), facet_paths_.end(), path);
    if (found == facet_paths_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - facet_paths_.begin());
}

void Columns::sum_scores(std::span<const Ordinal> ordinals, std::span<const std::size_t> attributes,
                         std::span<const float> table, std::span<float> scores) const {
    PENCHANT_ASSERT(scores.size() == ordinals.size() && table.size() == flat_size());
    std::fill(scores.begin(), scores.end(), 0.0F);
    in_passes(*this, attributes, [&](std::span<const std::size_t> some) {
        std::array<Term, attributes_a_pass> terms{};
        for (std::size_t i = 0; i < some.size(); ++i) terms[i] = {some[i], table.data() + flat_begin(some[i])};
        const std::span<const Term> used(terms.data(), some.size());
        if (stride_ == 8) add_scores_of<8>(Rows<8>(facet_pages_, stride_), ordinals, used, scores);
        else add_scores_of<0>(Rows<0>(facet_pages_, stride_), ordinals, used, scores);
    });
}

void Columns::count_values(std::span<const Ordinal> ordinals, std::span<const std::size_t> attributes,
                           std::span<std::uint32_t> counts) const {
    PENCHANT_ASSERT(counts.size() == flat_size());
    in_passes(*this, attributes, [&](std::span<const std::size_t> some) {
        std::array<Counter, attributes_a_pass> counters{};
        for (std::size_t i = 0; i < some.size(); ++i) counters[i] = {some[i], counts.data() + flat_begin(some[i])};
        const std::span<const Counter> used(counters.data(), some.size());
        if (stride_ == 8) add_counts(Rows<8>(facet_pages_, stride_), ordinals, used);
        else add_counts(Rows<0>(facet_pages_, stride_), ordinals, used);
    });
}

const NumericColumn* Columns::number(std::string_view path) const {
    const auto before = [](const auto& column, std::string_view wanted) { return column.first < wanted; };
    const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), path, before);
    return found == numbers_.end() || found->first != path ? nullptr : found->second.get();
}

std::vector<std::string> Columns::numeric_paths() const {
    std::vector<std::string> paths;
    paths.reserve(numbers_.size());
    for (const auto& [path, column] : numbers_) paths.push_back(path);
    return paths;
}

std::size_t Columns::bytes() const {
    std::size_t bytes = sizeof(Columns) + value_counts_->capacity() * 4 + custom_rank_.span().size_bytes();
    for (const auto& page : facet_pages_) bytes += sizeof(page) + page->bytes();
    for (const auto& dictionary : dictionaries_) bytes += dictionary->bytes();
    for (const auto& [path, column] : numbers_) {
        bytes += sizeof(NumericColumn) + path.capacity() + column->pages.capacity() * sizeof(column->pages[0]);
        for (const auto& page : column->pages) bytes += page ? page->bytes() : 0;
    }
    for (const auto& ranks : sort_ranks_) bytes += ranks.span().size_bytes();
    return bytes;
}

}  // namespace penchant
