// SPDX-License-Identifier: GPL-3.0-or-later
//
// Boosts: from a search's context to the scores of its hits. A visitor's taste is compiled once into pairs (flat number of a
// value, contribution) and kept until the visitor, the strategy or the index changes, or a minute has passed; a search
// then takes one shard's lock, spreads at most 200 pairs into a table of this thread, and lets the columns add.
//
// Contributions (score x facet weight / 100) lie on a grid: multiples of a power of two so chosen that the sum of all of
// them has at most 23 bits. Float addition on the grid is exact, so a record's score is the same number in whatever
// order it is added up, and explain() adds up to it to the bit. The grid is finer than a millionth of the sum.
#pragma once

#include "engine/module.h"
#include "plugin/strategy.h"
#include "plugin/taste.h"
#include "plugin/visitors.h"

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace penchant {

/// A taste made ready for scoring; immutable, shared by searches.
struct CompiledTaste {
    struct Entry {
        std::uint32_t flat = 0;
        float contribution = 0;
        float weight = 0;  ///< facet weight in per cent
        double score = 0;
    };
    std::vector<Entry> entries;           ///< by flat number, each once; contributions above zero
    std::vector<std::size_t> attributes;  ///< that have any, ascending
    float upper_bound = 0;                ///< sum of all contributions
    int impact = 0;
};
/// Contributions on the grid; entries that fall to zero are left out.
[[nodiscard]] CompiledTaste compile(const Taste& taste);

/// Makes boosts. Any thread.
class BoostMaker {
public:
    BoostMaker(Visitors& visitors, Strategies& strategies, TasteReader& reader);

    /// Null when the search is not personalized: not enabled, no token, nobody known, nothing liked here, impact 0.
    [[nodiscard]] std::unique_ptr<Boost> boost(const SearchContext& search, std::int64_t now_ms);

private:
    /// What a compiled taste was made of; it holds while all of it is as it was.
    struct Kept {
        std::string key;
        std::shared_ptr<const CompiledTaste> taste;
        std::uint64_t strategy_version = 0;
        std::int64_t valid_until_ms = 0;
        std::vector<std::pair<std::string, std::uint32_t>> versions;  ///< of the tokens and the person
        [[nodiscard]] std::size_t bytes() const;
    };
    struct Shard {
        std::mutex mutex;
        std::list<Kept> kept;  ///< the latest used first
        std::unordered_map<std::string_view, std::list<Kept>::iterator> by_key;
        std::size_t bytes = 0;
    };
    [[nodiscard]] std::shared_ptr<const CompiledTaste> of_visitor(const SearchContext& search, std::int64_t now_ms);
    [[nodiscard]] std::shared_ptr<const CompiledTaste> of_filters(const SearchContext& search);
    [[nodiscard]] Result<Kept> make(const SearchContext& search, std::int64_t now_ms);

    static constexpr std::size_t shard_bytes_max = std::size_t{4} << 20U;
    Visitors& visitors_;
    Strategies& strategies_;
    TasteReader& reader_;
    std::array<Shard, 16> shards_;
};

}  // namespace penchant
