// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/boost.h"

#include "index/analysis.h"

#include <algorithm>
#include <cmath>

namespace penchant {
namespace {

/// Tables of zeros, one entry a flat number, lent to one boost at a time. A boost sets a few entries and clears them
/// again, so nobody ever fills or clears 64 KB and more for a search.
thread_local std::vector<std::vector<float>> free_tables;

std::vector<float> borrow_table(std::size_t size) {
    std::vector<float> table;
    if (!free_tables.empty()) {
        table = std::move(free_tables.back());
        free_tables.pop_back();
    }
    if (table.size() < size) table.resize(size, 0.0F);
    return table;
}

void return_table(std::vector<float> table) {
    constexpr std::size_t tables_max = 4;
    if (free_tables.size() < tables_max) free_tables.push_back(std::move(table));
}

class TasteBoost : public Boost {
public:
    TasteBoost(const Snapshot& snapshot, std::shared_ptr<const CompiledTaste> taste, int impact)
        : snapshot_(snapshot), taste_(std::move(taste)), table_(borrow_table(snapshot.columns.flat_size())), impact_(impact) {
        for (const CompiledTaste::Entry& entry : taste_->entries) table_[entry.flat] = entry.contribution;
    }
    ~TasteBoost() override {
        for (const CompiledTaste::Entry& entry : taste_->entries) table_[entry.flat] = 0;
        return_table(std::move(table_));
    }
    TasteBoost(const TasteBoost&) = delete;
    TasteBoost& operator=(const TasteBoost&) = delete;

    void score(std::span<const Ordinal> ordinals, std::span<float> scores) override {
        snapshot_.columns.sum_scores(ordinals, taste_->attributes,
                                     std::span<const float>(table_.data(), snapshot_.columns.flat_size()), scores);
    }
    [[nodiscard]] float upper_bound() const override { return taste_->upper_bound; }
    [[nodiscard]] int impact() const override { return impact_; }

    [[nodiscard]] boost::json::array explain(Ordinal ordinal) const override {
        struct Found {
            std::size_t attribute;
            std::uint32_t value;
            const CompiledTaste::Entry* entry;
        };
        std::vector<Found> found;
        double total = 0;
        const Columns& columns = snapshot_.columns;
        for (const std::size_t attribute : taste_->attributes) {
            columns.for_each_value(attribute, ordinal, [&](std::uint32_t value) {
                const std::uint32_t flat = columns.flat_begin(attribute) + value;
                const auto at =
                    std::lower_bound(taste_->entries.begin(), taste_->entries.end(), flat,
                                     [](const CompiledTaste::Entry& entry, std::uint32_t number) { return entry.flat < number; });
                if (at == taste_->entries.end() || at->flat != flat) return;
                found.push_back({attribute, value, &*at});
                total += static_cast<double>(at->contribution);
            });
        }
        boost::json::array list;
        for (const Found& one : found) {
            const auto contribution = static_cast<double>(one.entry->contribution);
            list.push_back(boost::json::object{
                {"facet", columns.facet_path(one.attribute)},
                {"value", columns.dictionary(one.attribute).value(one.value).text},
                {"score", one.entry->score},
                {"weight", static_cast<int>(one.entry->weight)},
                {"share", contribution / total},
                {"contribution", contribution},
            });
        }
        return list;
    }

private:
    const Snapshot& snapshot_;
    std::shared_ptr<const CompiledTaste> taste_;
    std::vector<float> table_;
    int impact_;
};

}  // namespace

CompiledTaste compile(const Taste& taste) {
    CompiledTaste compiled;
    compiled.impact = taste.impact;
    double total = 0;
    for (const TasteEntry& entry : taste.entries) total += std::max(0.0, entry.score * entry.weight / 100);
    if (total <= 0) return compiled;
    const double grid = std::exp2(std::ceil(std::log2(total)) - 22);
    double bound = 0;
    for (const TasteEntry& entry : taste.entries) {
        const double contribution = std::nearbyint(entry.score * entry.weight / 100 / grid) * grid;
        if (contribution <= 0) continue;
        compiled.entries.push_back({entry.flat, static_cast<float>(contribution), static_cast<float>(entry.weight), entry.score});
        compiled.attributes.push_back(entry.attribute);
        bound += contribution;
    }
    compiled.upper_bound = static_cast<float>(bound);  // exact: on the grid, and within 24 bits
    std::sort(compiled.entries.begin(), compiled.entries.end(),
              [](const CompiledTaste::Entry& a, const CompiledTaste::Entry& b) { return a.flat < b.flat; });
    std::sort(compiled.attributes.begin(), compiled.attributes.end());
    compiled.attributes.erase(std::unique(compiled.attributes.begin(), compiled.attributes.end()), compiled.attributes.end());
    return compiled;
}

std::size_t BoostMaker::Kept::bytes() const {
    return 256 + key.size() + versions.size() * 80 + taste->entries.size() * sizeof(CompiledTaste::Entry) +
           taste->attributes.size() * sizeof(std::size_t);
}

BoostMaker::BoostMaker(Visitors& visitors, Strategies& strategies, TasteReader& reader)
    : visitors_(visitors), strategies_(strategies), reader_(reader) {}

std::unique_ptr<Boost> BoostMaker::boost(const SearchContext& search, std::int64_t now_ms) {
    if (!search.enabled || search.impact == 0) return nullptr;
    std::shared_ptr<const CompiledTaste> taste;
    if (search.has_filters) taste = of_filters(search);
    else if (!search.user_token.empty()) taste = of_visitor(search, now_ms);
    if (!taste || taste->entries.empty()) return nullptr;
    const int impact = std::clamp(search.impact.value_or(taste->impact), 0, 100);
    if (impact == 0) return nullptr;
    return std::make_unique<TasteBoost>(search.snapshot, std::move(taste), impact);
}

std::shared_ptr<const CompiledTaste> BoostMaker::of_filters(const SearchContext& search) {
    Taste taste;
    const std::shared_ptr<const StrategyState> state = strategies_.state();
    taste.impact = default_impact;
    if (state->classic) taste.impact = state->classic->impact;
    else if (state->advanced && state->advanced->find(search.index)) taste.impact = state->advanced->impact();
    const Columns& columns = search.snapshot.columns;
    const Tokenizer tokenizer = tokenizer_of(*search.snapshot.settings);
    std::unordered_map<std::uint32_t, std::size_t> places;
    for (const std::string& text : search.filters) {
        const auto filter = parse_optional_filter(text);
        if (!filter) continue;
        const auto attribute = columns.find_facet(filter->facet);
        if (!attribute) continue;
        const FacetDictionary& dictionary = columns.dictionary(*attribute);
        // Compared as filters are: without case, so one filter may name several values.
        std::vector<std::uint32_t> values = dictionary.find_folded(tokenizer.fold(filter->value));
        for (const std::uint32_t value : values) {
            TasteEntry entry;
            entry.id = dictionary.value(value).id;
            entry.attribute = static_cast<std::uint32_t>(*attribute);
            entry.flat = columns.flat_begin(*attribute) + value;
            entry.score = filter->score;
            const auto [at, added] = places.try_emplace(entry.flat, taste.entries.size());
            if (added) taste.entries.push_back(entry);
            else taste.entries[at->second].score += filter->score;
        }
    }
    keep_best(taste.entries);
    return std::make_shared<const CompiledTaste>(compile(taste));
}

Result<BoostMaker::Kept> BoostMaker::make(const SearchContext& search, std::int64_t now_ms) {
    Kept kept;
    kept.strategy_version = strategies_.version();
    const std::shared_ptr<const StrategyState> state = strategies_.state();
    // Versions are noted before profiles are read. The group is read twice around that, so that a link made in between
    // is not missed; a link that keeps changing only makes this reading short-lived.
    PENCHANT_TRY(Visitors::Group group, visitors_.group(search.user_token));
    for (int tries = 0;; ++tries) {
        kept.versions.clear();
        for (const std::string& token : group.tokens) kept.versions.emplace_back(token, visitors_.version(token));
        kept.versions.emplace_back(group.person, visitors_.version(group.person));
        PENCHANT_TRY(Visitors::Group again, visitors_.group(search.user_token));
        const bool same = again.person == group.person && again.tokens == group.tokens;
        group = std::move(again);
        if (same) break;
        if (tries == 3) {
            kept.valid_until_ms = now_ms;
            break;
        }
    }
    PENCHANT_TRY(const Taste taste, reader_.read(group.tokens, *state, search.index, search.snapshot, now_ms));
    if (kept.valid_until_ms == 0) kept.valid_until_ms = taste.valid_until_ms;
    kept.taste = std::make_shared<const CompiledTaste>(compile(taste));
    return kept;
}

std::shared_ptr<const CompiledTaste> BoostMaker::of_visitor(const SearchContext& search, std::int64_t now_ms) {
    std::string key;
    key.reserve(8 + search.index.size() + 1 + search.user_token.size());
    key += key_u64(search.snapshot.generation);
    key += search.index;
    key.push_back('\0');
    key += search.user_token;
    Shard& shard = shards_[std::hash<std::string_view>{}(key) % shards_.size()];
    {
        const std::lock_guard guard(shard.mutex);
        if (const auto at = shard.by_key.find(key); at != shard.by_key.end()) {
            const Kept& kept = *at->second;
            const bool good = kept.strategy_version == strategies_.version() && now_ms < kept.valid_until_ms &&
                              std::all_of(
                                  kept.versions.begin(), kept.versions.end(),
                                  [&](const auto& seen) { return visitors_.version(seen.first) == seen.second; });
            if (good) {
                shard.kept.splice(shard.kept.begin(), shard.kept, at->second);
                return kept.taste;
            }
        }
    }
    auto made = make(search, now_ms);
    // A profile that cannot be read leaves the search as it would be without one.
    if (made.has_error()) return nullptr;
    Kept kept = std::move(*made);
    kept.key = std::move(key);
    std::shared_ptr<const CompiledTaste> taste = kept.taste;
    const std::lock_guard guard(shard.mutex);
    const auto drop = [&](std::list<Kept>::iterator at) {
        shard.bytes -= at->bytes();
        shard.by_key.erase(at->key);
        shard.kept.erase(at);
    };
    if (const auto at = shard.by_key.find(kept.key); at != shard.by_key.end()) drop(at->second);
    shard.bytes += kept.bytes();
    shard.kept.push_front(std::move(kept));
    shard.by_key.emplace(shard.kept.front().key, shard.kept.begin());
    while (shard.bytes > shard_bytes_max && shard.kept.size() > 1) drop(std::prev(shard.kept.end()));
    return taste;
}

}  // namespace penchant
