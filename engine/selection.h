// SPDX-License-Identifier: GPL-3.0-or-later
//
// One query on one snapshot, from words to a ranked page and facet counts. No record is read here, so this is the part
// that benchmarks measure and properties are checked against.
#pragma once

#include "engine/candidate_cache.h"
#include "engine/facets.h"
#include "engine/filter_expression.h"
#include "engine/matcher.h"
#include "engine/module.h"
#include "engine/pins.h"
#include "engine/query.h"
#include "engine/ranking.h"
#include "engine/text_query.h"

#include <cstdint>
#include <memory>
#include <span>
#include <optional>
#include <string_view>
#include <vector>

namespace penchant {

/// What a selection found.
struct Selected {
    std::uint64_t count = 0;      ///< all matches; with `distinct` their groups
    std::vector<RankedHit> hits;  ///< the page, in order
    std::shared_ptr<const std::vector<FacetTally>> facets;  ///< null when none were asked
    bool personalized = false;    ///< a Boost ran
    double score_max = 0;         ///< its greatest absolute score over all matches
    int impact = 0;
    bool from_cache = false;
    std::optional<std::uint64_t> sorted;  ///< records that relevancyStrictness lets be sorted, where it is in force
    bool distinct = false;        ///< the page is one of groups (engine/distinct.h)
    std::optional<std::uint32_t> automatic_radius_metres;  ///< what the radius came to be, where it was to be found
};

/// Borrows the snapshot and the query; one thread.
class Selection {
public:
    /// Words that removeWordsIfNoResults makes optional are so afterwards: it searches until there are hits. bad_request
    /// for filters that do not parse.
    [[nodiscard]] static Result<Selection> prepare(const Snapshot& snapshot, const Query& query,
                                                   const WordKnowledge& knowledge = {});

    /// From now on hidden records do not match, and promoted ones do, each at its place, whatever the words and (unless its
    /// group is `filtered`) the filters say. With `distinct` a promoted record stands for its group. At most once.
    void pin(const Pins& pins);

    /// Finds, counts and ranks. `boost` may be null; so may `cache`, in which `index` names the index. A boost whose
    /// impact is 0 is as good as none.
    [[nodiscard]] Selected run(std::string_view index, Boost* boost, CandidateCache* cache) const;

    /// All matches, unranked; from the cache when they are there, and into it.
    [[nodiscard]] std::shared_ptr<const Matches> matches(std::string_view index, CandidateCache* cache) const;

    [[nodiscard]] MatchDetails describe(Ordinal ordinal) const { return matcher_->describe(ordinal); }
    [[nodiscard]] const TextQuery& text() const { return *text_; }
    [[nodiscard]] const QueryFilters& filters() const { return filters_; }

private:
    Selection() = default;
    [[nodiscard]] std::string cache_key() const;
    /// Where a cache keeps who matches.
    struct CachePlace {
        std::string index;
        std::uint64_t generation = 0;
        bool of_words = false;  ///< also good for later snapshots with the same words
    };
    [[nodiscard]] CachePlace cache_place(std::string_view index) const;
    /// Facets as kept, brought up to date when they were counted on an earlier snapshot; null when they must be counted.
    [[nodiscard]] std::shared_ptr<const std::vector<FacetTally>> kept_facets(const CachePlace& place, const std::string& key,
                                                                             std::span<const Ordinal> matches,
                                                                             CandidateCache& cache) const;
    void find(Matches& matches) const;
    /// By ordinal; empty where customRanking does not count.
    [[nodiscard]] std::span<const std::uint32_t> custom_rank() const;
    /// relevancyStrictness is in force (engine/strictness.h).
    [[nodiscard]] bool relaxed() const { return snapshot_->is_view() && query_->relevancy_strictness < 100; }
    [[nodiscard]] std::vector<RankedHit> with_pins(const PinnedOrder& order, PageCut cut,
                                                   const std::vector<RankedHit>& others) const;

    const Snapshot* snapshot_ = nullptr;
    const Query* query_ = nullptr;
    QueryFilters filters_;
    std::unique_ptr<const TextQuery> text_;  // on the heap: the matcher keeps references, a Selection can be moved
    std::unique_ptr<const AttributeRules> rules_;
    std::unique_ptr<const Filter> filter_;
    std::unique_ptr<const GeoFilter> geo_;
    std::unique_ptr<const Matcher> matcher_;
    std::vector<PinGroup> pinned_;     // those that stand in the order
    std::vector<Ordinal> promoted_;    // the same records, ascending
    std::vector<Ordinal> taken_;       // these and the hidden ones, ascending: they are not found
    std::string pins_key_;
};

/// The page a query asks for, not past paginationLimitedTo.
[[nodiscard]] PageCut page_cut(const Query& query);

}  // namespace penchant
