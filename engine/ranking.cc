// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ranking.h"

#include "index/custom_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

namespace penchant {
namespace {

constexpr unsigned key_bits = 64;
constexpr unsigned filters_bits_max = 20;
constexpr std::uint64_t key_max = std::numeric_limits<std::uint64_t>::max();

// Below this many records a bucket is simply sorted; above, only the records that can reach the page are.
constexpr std::size_t small_bucket = 512;
constexpr std::size_t rank_bins = 2048;

// Keeps the `wanted` first of all pushed values under Less. Values that come later lose ties, so pushing in ordinal
// order keeps the lowest ordinals. Amortised constant time a value.
template <class Value, class Less>
class Best {
public:
    Best(std::size_t wanted, Less less) : wanted_(wanted), less_(less) {
        values_.reserve(std::min<std::size_t>(capacity(), 4096));
    }
    /// Whether a value can still get in; cheap, so ask before making one.
    [[nodiscard]] bool admits(const Value& value) const { return !full_ || less_(value, worst_); }
    void push(const Value& value) {
        values_.push_back(value);
        if (values_.size() == capacity()) shrink();
    }
    [[nodiscard]] bool full() const { return full_; }
    [[nodiscard]] const Value& worst() const { return worst_; }
    std::vector<Value>& sorted() {
        std::sort(values_.begin(), values_.end(), less_);
        if (values_.size() > wanted_) values_.resize(wanted_);
        return values_;
    }
    /// The wanted-th value, or the last one when there are fewer. At least one was pushed.
    Value last() {
        const std::size_t at = std::min(wanted_, values_.size()) - 1;
        std::nth_element(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(at), values_.end(), less_);
        return values_[at];
    }

private:
    [[nodiscard]] std::size_t capacity() const { return wanted_ * 2 + 64; }
    void shrink() {
        const auto end = values_.begin() + static_cast<std::ptrdiff_t>(wanted_);
        std::nth_element(values_.begin(), end - 1, values_.end(), less_);
        values_.resize(wanted_);
        worst_ = values_.back();
        full_ = true;
    }
    std::size_t wanted_;
    Less less_;
    std::vector<Value> values_;
    Value worst_{};
    bool full_ = false;
};

struct PlainEntry {
    std::uint64_t key;
    std::uint32_t rank;
    std::uint32_t index;  // into Matches; ascending with the ordinal
};
struct PlainLess {
    bool operator()(const PlainEntry& a, const PlainEntry& b) const {
        if (a.key != b.key) return a.key < b.key;
        if (a.rank != b.rank) return a.rank < b.rank;
        return a.index < b.index;
    }
};

struct BlendEntry {
    double blend;
    std::uint32_t rank;
    std::uint32_t index;  // into the bucket
    double ranking_score;
};
struct BlendLess {
    bool operator()(const BlendEntry& a, const BlendEntry& b) const {
        if (a.blend != b.blend) return a.blend > b.blend;
        if (a.rank != b.rank) return a.rank < b.rank;
        return a.index < b.index;
    }
};

std::uint32_t rank_of(std::span<const std::uint32_t> custom_rank, Ordinal ordinal) {
    return custom_rank.empty() ? 0 : custom_rank[ordinal];
}

double place_score(std::size_t better, std::size_t all) {
    return 1.0 - static_cast<double>(better) / static_cast<double>(all);
}

// The key of the last record that the first `wanted` can reach.
std::uint64_t border_key(const Matches& matches, std::size_t wanted) {
    if (matches.keys.empty()) return 0;
    Best<std::uint64_t, std::less<>> best(wanted, {});
    for (const std::uint64_t key : matches.keys)
        if (best.admits(key)) best.push(key);
    return best.last();
}

// One bucket: its records in ordinal order, with their module scores.
struct Bucket {
    std::span<const Ordinal> ordinals;
    std::span<const float> scores;
};

// A bucket whose order is wanted up to its `wanted`-th record, by looking exactly at every one.
std::vector<BlendEntry> order_small(const Bucket& bucket, std::span<const std::uint32_t> custom_rank,
                                    const BlendInput& blend, std::size_t wanted) {
    const std::size_t count = bucket.ordinals.size();
    std::vector<std::uint32_t> ranks(count);
    for (std::size_t i = 0; i < count; ++i) ranks[i] = rank_of(custom_rank, bucket.ordinals[i]);
    std::vector<std::uint32_t> ascending(ranks);
    std::sort(ascending.begin(), ascending.end());
    std::vector<BlendEntry> entries(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto better = std::lower_bound(ascending.begin(), ascending.end(), ranks[i]) - ascending.begin();
        const double ranking_score = place_score(static_cast<std::size_t>(better), count);
        entries[i] = {blend_score(blend.impact, static_cast<double>(bucket.scores[i]), blend.score_max, ranking_score),
                      ranks[i], static_cast<std::uint32_t>(i), ranking_score};
    }
    const auto end = entries.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, count));
    std::partial_sort(entries.begin(), end, entries.end(), BlendLess{});
    entries.erase(end, entries.end());
    return entries;
}

// Without a custom ranking every record has the place score 1.
std::vector<BlendEntry> order_unranked(const Bucket& bucket, const BlendInput& blend, std::size_t wanted) {
    Best<BlendEntry, BlendLess> best(wanted, {});
    for (std::size_t i = 0; i < bucket.ordinals.size(); ++i) {
        const double score = blend_score(blend.impact, static_cast<double>(bucket.scores[i]), blend.score_max, 1.0);
        // A later record loses ties, so an equal blend cannot get in any more.
        if (best.full() && score <= best.worst().blend) continue;
        best.push({score, 0, static_cast<std::uint32_t>(i), 1.0});
    }
    return std::move(best.sorted());
}

// A large bucket. Exact place scores need the whole bucket sorted by custom rank, which is most of the work and seldom
// matters. So: count ranks into bins; a bin bounds the place of each of its records from both sides; keep only
// records whose upper bound reaches the wanted-th lower bound; sort the bins of those alone. The bounds go through
// the same expression as the blend itself, and rounding is monotonic, so the outcome is exact.
std::vector<BlendEntry> order_large(const Bucket& bucket, std::span<const std::uint32_t> custom_rank,
                                    const BlendInput& blend, std::size_t wanted) {
    struct Bin {
        std::uint32_t count = 0;
        std::uint32_t all_ones = 0xFFFFFFFFU;  // AND of the ranks
        std::uint32_t any_ones = 0;            // OR of the ranks: equal to the AND when all ranks are
        [[nodiscard]] bool uniform() const { return all_ones == any_ones; }
    };
    struct Bounds {
        double best = 0;
        double worst = 0;
        std::uint32_t below = 0;
        bool open = false;  // some record of it survived and its place is not known yet
    };
    const std::size_t count = bucket.ordinals.size();
    std::vector<std::uint32_t> ranks(count);
    std::uint32_t rank_max = 0;
    for (std::size_t i = 0; i < count; ++i) {
        ranks[i] = custom_rank[bucket.ordinals[i]];
        rank_max = std::max(rank_max, ranks[i]);
    }
    unsigned shift = 0;
    while ((rank_max >> shift) >= rank_bins) ++shift;

    std::vector<Bin> bins(rank_bins);
    for (const std::uint32_t rank : ranks) {
        Bin& bin = bins[rank >> shift];
        ++bin.count;
        bin.all_ones &= rank;
        bin.any_ones |= rank;
    }
    std::vector<Bounds> bounds(rank_bins);
    std::uint32_t below = 0;
    for (std::size_t b = 0; b < rank_bins; ++b) {
        if (bins[b].count == 0) continue;
        bounds[b].below = below;
        bounds[b].best = place_score(below, count);
        bounds[b].worst = bins[b].uniform() ? bounds[b].best : place_score(below + bins[b].count - 1, count);
        below += bins[b].count;
    }

    struct Survivor {
        double upper;
        std::uint32_t index;
    };
    Best<double, std::greater<>> lowest(wanted, {});
    std::vector<Survivor> survivors;
    for (std::size_t i = 0; i < count; ++i) {
        const Bounds& bound = bounds[ranks[i] >> shift];
        const double score = static_cast<double>(bucket.scores[i]);
        const double upper = blend_score(blend.impact, score, blend.score_max, bound.best);
        if (lowest.full() && upper < lowest.worst()) continue;
        survivors.push_back({upper, static_cast<std::uint32_t>(i)});
        const double lower = blend_score(blend.impact, score, blend.score_max, bound.worst);
        if (lowest.admits(lower)) lowest.push(lower);
    }
    const double border = lowest.last();
    std::erase_if(survivors, [&](const Survivor& survivor) { return survivor.upper < border; });

    bool any_open = false;
    for (const Survivor& survivor : survivors) {
        const std::size_t b = ranks[survivor.index] >> shift;
        if (!bins[b].uniform()) any_open = bounds[b].open = true;
    }
    std::vector<std::uint32_t> opened;  // all ranks of the open bins
    if (any_open) {
        for (const std::uint32_t rank : ranks)
            if (bounds[rank >> shift].open) opened.push_back(rank);
        std::sort(opened.begin(), opened.end());
    }
    std::vector<BlendEntry> entries;
    entries.reserve(survivors.size());
    for (const Survivor& survivor : survivors) {
        const std::uint32_t rank = ranks[survivor.index];
        const Bounds& bound = bounds[rank >> shift];
        std::size_t better = bound.below;
        if (bound.open) {
            const auto first = std::lower_bound(opened.begin(), opened.end(), (rank >> shift) << shift);
            better += static_cast<std::size_t>(std::lower_bound(first, opened.end(), rank) - first);
        }
        const double ranking_score = place_score(better, count);
        const double score = static_cast<double>(bucket.scores[survivor.index]);
        entries.push_back({blend_score(blend.impact, score, blend.score_max, ranking_score), rank, survivor.index,
                           ranking_score});
    }
    const auto end = entries.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, entries.size()));
    std::partial_sort(entries.begin(), end, entries.end(), BlendLess{});
    entries.erase(end, entries.end());
    return entries;
}

// The positions that `hits` (of one bucket) have in the bucket without the module.
void fill_initial_positions(std::span<RankedHit> hits, std::span<const Ordinal> ordinals,
                            std::span<const std::uint32_t> custom_rank, std::size_t bucket_begin) {
    struct Place {
        std::uint32_t rank;
        Ordinal ordinal;
        std::size_t hit;
        bool operator<(const Place& other) const {
            return rank != other.rank ? rank < other.rank : ordinal < other.ordinal;
        }
    };
    std::vector<Place> places;
    for (std::size_t i = 0; i < hits.size(); ++i)
        places.push_back({rank_of(custom_rank, hits[i].ordinal), hits[i].ordinal, i});
    std::sort(places.begin(), places.end());
    // before[i]: records of the bucket that stand between places[i-1] and places[i], the latter not included.
    std::vector<std::uint32_t> before(places.size() + 1);
    for (const Ordinal ordinal : ordinals) {
        const Place place{rank_of(custom_rank, ordinal), ordinal, 0};
        ++before[static_cast<std::size_t>(std::upper_bound(places.begin(), places.end(), place) - places.begin())];
    }
    std::size_t position = bucket_begin;
    for (std::size_t i = 0; i < places.size(); ++i) {
        position += before[i];  // counts places[i-1] itself, since upper_bound puts a record behind itself
        hits[places[i].hit].initial_position = static_cast<std::uint32_t>(position);
    }
}

}  // namespace

KeyLayout::KeyLayout(const Settings& settings, const Columns& columns, const KeyShape& shape) : shape_(shape) {
    unsigned left = key_bits;
    std::vector<unsigned> widths;
    const auto add = [&](Part part, std::uint64_t value_max, std::uint32_t run) {
        const unsigned needed = static_cast<unsigned>(std::bit_width(value_max));
        const unsigned width = std::min(needed, left);
        left -= width;
        if (width == 0) return;
        fields_.push_back({part, 0, static_cast<std::uint8_t>(needed - width), run, value_max});
        widths.push_back(width);
    };
    if (shape.words_first) add(Part::words, shape.words_max, 0);
    if (shape.typos_first) add(Part::typo, shape.typos_max, 0);
    std::uint32_t run = 0;
    bool in_run = false;
    for (const RankingCriterion& criterion : settings.ranking) {
        if (criterion.criterion == Criterion::sort) {
            // Columns hold one rank for a whole run of neighbouring asc() and desc().
            if (!in_run && run < columns.sort_ranks() && columns.size() > 1)
                add(Part::sort, columns.size() - 1, run);
            in_run = true;
            continue;
        }
        if (in_run) ++run;
        in_run = false;
        if (criterion.criterion == Criterion::custom) {
            custom_ = !custom_order(settings).empty();
            if (custom_) break;
            continue;
        }
        switch (criterion.criterion) {
            case Criterion::filters:
                add(Part::filters,
                    std::min(static_cast<std::uint64_t>(shape.filters_high - shape.filters_low),
                             (std::uint64_t{1} << filters_bits_max) - 1), 0);
                break;
            case Criterion::proximity: add(Part::proximity, shape.proximity_max, 0); break;
            case Criterion::attribute: add(Part::attribute, shape.attribute_max, 0); break;
            case Criterion::exact: add(Part::exact, shape.exact_max, 0); break;
            case Criterion::typo:
                if (!shape.typos_first) add(Part::typo, shape.typos_max, 0);
                break;
            case Criterion::geo: add(Part::geo, shape.geo_max, 0); break;
            case Criterion::words:
                if (!shape.words_first) add(Part::words, shape.words_max, 0);
                break;
            case Criterion::relevance: add(Part::relevance, shape.relevance_max, 0); break;
            case Criterion::custom:
            case Criterion::sort: break;
        }
    }
    unsigned shift = 0;
    for (std::size_t i = fields_.size(); i-- > 0;) {
        fields_[i].shift = static_cast<std::uint8_t>(shift);
        shift += widths[i];
    }
}

bool KeyLayout::uses(Part part) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) { return field.part == part; });
}

double blend_score(int impact, double filters_score, double score_max, double ranking_score) {
    const double share = static_cast<double>(impact) / 100;
    const double visitor = score_max > 0 ? share * filters_score / score_max : 0.0;
    return visitor + (1 - share) * ranking_score;
}

std::vector<RankedHit> rank_plain(const Matches& matches, std::span<const std::uint32_t> custom_rank, PageCut cut) {
    const std::size_t count = matches.ordinals.size();
    if (cut.length == 0 || cut.offset >= count) return {};
    const std::size_t wanted = std::min(count, cut.offset + cut.length);
    std::vector<RankedHit> hits;
    hits.reserve(wanted - cut.offset);
    if (matches.keys.empty() && custom_rank.empty()) {
        for (std::size_t i = cut.offset; i < wanted; ++i)
            hits.push_back({.ordinal = matches.ordinals[i], .initial_position = static_cast<std::uint32_t>(i),
                            .new_position = static_cast<std::uint32_t>(i)});
        return hits;
    }
    Best<PlainEntry, PlainLess> best(wanted, {});
    std::uint64_t key_border = key_max;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t key = matches.key(i);
        if (key > key_border) continue;
        const PlainEntry entry{key, rank_of(custom_rank, matches.ordinals[i]), static_cast<std::uint32_t>(i)};
        if (!best.admits(entry)) continue;
        best.push(entry);
        if (best.full()) key_border = best.worst().key;
    }
    const std::vector<PlainEntry>& order = best.sorted();
    for (std::size_t i = cut.offset; i < wanted; ++i)
        hits.push_back({.ordinal = matches.ordinals[order[i].index], .relevance_key = order[i].key,
                        .initial_position = static_cast<std::uint32_t>(i),
                        .new_position = static_cast<std::uint32_t>(i)});
    return hits;
}

std::vector<RankedHit> rank_blended(const Matches& matches, std::span<const std::uint32_t> custom_rank,
                                    const BlendInput& blend, PageCut cut) {
    const std::size_t count = matches.ordinals.size();
    if (cut.length == 0 || cut.offset >= count) return {};
    const std::size_t wanted = std::min(count, cut.offset + cut.length);
    const std::uint64_t border = border_key(matches, wanted);

    // Records of better buckets than the last one the page can reach, and the records of that last one.
    std::vector<std::uint32_t> better;
    std::vector<Ordinal> last_ordinals;
    std::vector<float> last_scores;
    Bucket last{matches.ordinals, blend.scores};
    if (!matches.keys.empty()) {
        for (std::size_t i = 0; i < count; ++i) {
            if (matches.keys[i] > border) continue;
            if (matches.keys[i] < border) {
                better.push_back(static_cast<std::uint32_t>(i));
            } else {
                last_ordinals.push_back(matches.ordinals[i]);
                last_scores.push_back(blend.scores[i]);
            }
        }
        last = {last_ordinals, last_scores};
        std::sort(better.begin(), better.end(), [&](std::uint32_t a, std::uint32_t b) {
            return matches.keys[a] != matches.keys[b] ? matches.keys[a] < matches.keys[b] : a < b;
        });
    }

    std::vector<RankedHit> hits;
    hits.reserve(wanted - cut.offset);
    std::uint32_t bucket_number = 0;
    const auto add_bucket = [&](const Bucket& bucket, std::uint64_t key, std::size_t begin) {
        const std::size_t size = bucket.ordinals.size();
        if (begin + size > cut.offset && begin < wanted) {  // the page does not cover the others
            const std::size_t needed = std::min(wanted - begin, size);
            const std::vector<BlendEntry> order =
                size <= small_bucket || needed > size / 4 ? order_small(bucket, custom_rank, blend, needed)
                : custom_rank.empty()                     ? order_unranked(bucket, blend, needed)
                                                          : order_large(bucket, custom_rank, blend, needed);
            const std::size_t first_hit = hits.size();
            for (std::size_t i = begin < cut.offset ? cut.offset - begin : 0; i < needed; ++i)
                hits.push_back({.ordinal = bucket.ordinals[order[i].index], .relevance_key = key,
                                .bucket = bucket_number, .new_position = static_cast<std::uint32_t>(begin + i),
                                .filters_score = static_cast<double>(bucket.scores[order[i].index]),
                                .ranking_score = order[i].ranking_score, .score = order[i].blend});
            if (blend.explain)
                fill_initial_positions(std::span(hits).subspan(first_hit), bucket.ordinals, custom_rank, begin);
        }
        ++bucket_number;
    };

    std::vector<Ordinal> ordinals;
    std::vector<float> scores;
    for (std::size_t begin = 0; begin < better.size();) {
        const std::uint64_t key = matches.keys[better[begin]];
        ordinals.clear();
        scores.clear();
        std::size_t end = begin;
        for (; end < better.size() && matches.keys[better[end]] == key; ++end) {
            ordinals.push_back(matches.ordinals[better[end]]);
            scores.push_back(blend.scores[better[end]]);
        }
        add_bucket({ordinals, scores}, key, begin);
        begin = end;
    }
    add_bucket(last, border, better.size());
    return hits;
}

std::vector<RankedHit> rank_members(const Matches& matches, std::span<const std::uint32_t> custom_rank,
                                    const BlendInput& blend, std::span<const std::uint32_t> members) {
    struct Member {
        std::uint64_t key;
        BlendEntry entry;
    };
    std::vector<Member> order;
    for (const std::uint32_t index : members)
        order.push_back({matches.key(index), {0, rank_of(custom_rank, matches.ordinals[index]), index, 0}});
    if (!blend.scores.empty()) {
        // How many of each member's bucket there are, and how many of them have a better custom rank.
        std::vector<std::pair<std::uint64_t, std::uint32_t>> bounds;
        for (const Member& member : order) bounds.emplace_back(member.key, member.entry.rank);
        std::sort(bounds.begin(), bounds.end());
        bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
        std::vector<std::uint64_t> keys;
        for (const auto& [key, rank] : bounds)
            if (keys.empty() || keys.back() != key) keys.push_back(key);
        std::vector<std::size_t> sizes(keys.size());
        std::vector<std::size_t> begins;  // of each key in bounds
        for (const std::uint64_t key : keys)
            begins.push_back(static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), std::pair(key, std::uint32_t{0})) - bounds.begin()));
        begins.push_back(bounds.size());
        std::vector<std::uint32_t> ranks;
        for (const auto& bound : bounds) ranks.push_back(bound.second);
        std::vector<std::size_t> better(ranks.size() + 1);  // records that better the bound but not the one before, first
        for (std::size_t i = 0; i < matches.ordinals.size(); ++i) {
            const std::uint64_t key = matches.key(i);
            const auto at = std::lower_bound(keys.begin(), keys.end(), key);
            if (at == keys.end() || *at != key) continue;
            const auto bucket = static_cast<std::size_t>(at - keys.begin());
            ++sizes[bucket];
            const auto end = ranks.begin() + static_cast<std::ptrdiff_t>(begins[bucket + 1]);
            const auto bound = std::upper_bound(ranks.begin() + static_cast<std::ptrdiff_t>(begins[bucket]), end,
                                                rank_of(custom_rank, matches.ordinals[i]));
            if (bound != end) ++better[static_cast<std::size_t>(bound - ranks.begin())];
        }
        for (std::size_t bucket = 0; bucket < keys.size(); ++bucket)
            for (std::size_t i = begins[bucket] + 1; i < begins[bucket + 1]; ++i) better[i] += better[i - 1];
        for (Member& member : order) {
            const auto bucket = static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), member.key) - keys.begin());
            const auto bound = std::lower_bound(bounds.begin(), bounds.end(), std::pair(member.key, member.entry.rank));
            BlendEntry& entry = member.entry;
            entry.ranking_score = place_score(better[static_cast<std::size_t>(bound - bounds.begin())], sizes[bucket]);
            entry.blend = blend_score(blend.impact, static_cast<double>(blend.scores[entry.index]), blend.score_max, entry.ranking_score);
        }
    }
    std::sort(order.begin(), order.end(), [](const Member& a, const Member& b) {
        return a.key != b.key ? a.key < b.key : BlendLess{}(a.entry, b.entry);
    });
    std::vector<RankedHit> hits;
    for (const auto& [key, entry] : order) {
        RankedHit hit;
        hit.ordinal = matches.ordinals[entry.index];
        hit.relevance_key = key;
        if (!blend.scores.empty()) {
            hit.filters_score = static_cast<double>(blend.scores[entry.index]);
            hit.ranking_score = entry.ranking_score;
            hit.score = entry.blend;
        }
        hits.push_back(hit);
    }
    return hits;
}

}  // namespace penchant
