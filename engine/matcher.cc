// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/matcher.h"

#include "engine/relevance.h"
#include "index/limits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace penchant {
namespace {

constexpr std::size_t block_size = MatchBlock::size_max;
constexpr std::size_t merge_ratio = 8;  // lists of similar length are merged, others searched

// The rule for optional words
constexpr std::uint32_t rising_words_min = 4;
constexpr std::uint32_t rising_fast_words_min = 10;
constexpr std::size_t rising_results = 1000;

// An automatic radius is looked at again with each so many matches.
constexpr std::size_t radius_matches = 8 * limits::automatic_radius_hits;

// Puts values that are within the field's bounds into the keys: a loop without a branch, which the compiler turns into
// vectors.
void add_field(const KeyLayout::Field& field, const std::uint32_t* values, std::size_t count, std::uint64_t* keys) {
    const unsigned shift = field.shift;
    const unsigned dropped_bits = field.dropped_bits;
    for (std::size_t i = 0; i < count; ++i) keys[i] |= std::uint64_t{values[i] >> dropped_bits} << shift;
}

// The lists of a query in one segment. First the required ones, the shortest leading, then the optional ones.
struct SegmentLists {
    std::vector<WordList> words;
    std::size_t required = 0;
    std::vector<WordList> excluded;
};

// What the rules over all matches need to know of each.
struct MatchCounts {
    std::vector<std::uint8_t> words;
    std::vector<std::uint8_t> typos;
    std::vector<std::uint32_t> metres;
    std::size_t enough = std::numeric_limits<std::size_t>::max();  // of matches: the search stops there
    GeoReach reach;                // no record further off matches
    std::size_t shorten_at = 0;    // matches at which to look whether the reach can be shorter

    void clear() {
        words.clear();
        typos.clear();
        metres.clear();
        enough = std::numeric_limits<std::size_t>::max();
        shorten_at = radius_matches;
    }
};

// Keeps the matches for which `stays(i)` holds.
template <class Stays>
void keep_matches(Matches& matches, MatchCounts& counts, Stays&& stays) {
    std::size_t left = 0;
    const std::size_t count = matches.ordinals.size();
    const auto keep = [&](auto& values, std::size_t i) {
        if (!values.empty()) values[left] = values[i];
    };
    for (std::size_t i = 0; i < count; ++i) {
        if (!stays(i)) continue;
        keep(matches.ordinals, i);
        keep(matches.keys, i);
        keep(counts.words, i);
        keep(counts.typos, i);
        keep(counts.metres, i);
        ++left;
    }
    const auto shorten = [&](auto& values) {
        if (!values.empty()) values.resize(left);
    };
    shorten(matches.ordinals);
    shorten(matches.keys);
    shorten(counts.words);
    shorten(counts.typos);
    shorten(counts.metres);
}

KeyShape key_shape(const MatchCriteria& criteria, const Filter& filter, const GeoFilter& geo) {
    KeyShape shape;
    std::tie(shape.filters_low, shape.filters_high) = filter.score_range();
    criteria.shape(shape);
    if (geo.around()) shape.geo_max = geo.step_max();
    return shape;
}

}  // namespace

struct Matcher::Body {
    const Snapshot& snapshot;
    const TextQuery& text;
    const AttributeRules& rules;
    const Filter& filter;
    const GeoFilter& geo;
    MatchOptions options;
    MatchCriteria criteria;
    KeyLayout layout;
    std::optional<Relevance> relevance;
    bool any_required = false;     // some word must match, whatever the others do
    bool rising = false;           // the required number of words rises
    bool typos_limited = false;    // typoTolerance min or strict, and there can be typos

    Body(const Snapshot& snapshot_, const TextQuery& text_, const AttributeRules& rules_, const Filter& filter_,
         const GeoFilter& geo_, MatchOptions options_)
        : snapshot(snapshot_), text(text_), rules(rules_), filter(filter_), geo(geo_), options(options_),
          criteria(text_, rules_, options),
          layout(*snapshot_.settings, snapshot_.columns, key_shape(criteria, filter_, geo_)) {
        any_required = std::any_of(text.words.begin(), text.words.end(), [&](const QueryWord& word) { return required(word); });
        rising = !any_required && criteria.typed_words() >= rising_words_min;
        typos_limited = (options.typo_tolerance == TypoTolerance::min || options.typo_tolerance == TypoTolerance::strict) &&
                        layout.shape().typos_max > 0;
        if (layout.uses(KeyLayout::Part::relevance)) relevance.emplace(snapshot, text, rules);
        if (rising || typos_limited) criteria.need_typos_and_words();
        criteria.prepare(layout, relevance ? &*relevance : nullptr);
    }

    // One word that is alone must match, optional or not.
    [[nodiscard]] bool required(const QueryWord& word) const { return !word.optional || text.words.size() == 1; }

    void drop_deleted(MatchBlock& block) const {
        const std::span<const std::uint64_t> deleted = snapshot.deleted_bits();
        std::size_t left = 0;
        for (std::size_t i = 0; i < block.count; ++i) {
            const Ordinal ordinal = block.ordinals[i];
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += ((deleted[ordinal / 64] >> (ordinal % 64)) & 1U) ^ 1U;
        }
        block.compact(left);
    }

    // All that does not depend on the words that match.
    void restrict(MatchBlock& block, std::span<WordList> excluded, const MatchCounts& counts) const {
        for (WordList& list : excluded)
            if (block.count != 0) drop(block, list);
        if (!filter.everything() && block.count != 0)
            block.compact(filter.keep({block.ordinals.data(), block.count}, block.kept));
        if (geo.any() && block.count != 0) {
            block.compact(geo.keep({block.ordinals.data(), block.count}, counts.reach, block.kept, block.metres,
                                   block.geo));
            block.located = geo.around();  // metres and geo are beside the kept records already
        }
    }

    // Appends the block's records and keys.
    void emit(MatchBlock& block, Matches& matches, MatchCounts& counts) const {
        const std::size_t begin = matches.ordinals.size();
        const std::size_t count = block.count;
        const auto append = [&](auto& all, const auto& values) {
            all.insert(all.end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
        };
        append(matches.ordinals, block.ordinals);
        if (rising) append(counts.words, block.words);
        if (typos_limited) append(counts.typos, block.typos);
        if (geo.automatic()) append(counts.metres, block.metres);
        if (layout.fields().empty()) return;
        matches.keys.resize(begin + count);
        std::uint64_t* keys = matches.keys.data() + begin;
        const auto add_missing = [&](const KeyLayout::Field& field, std::uint32_t most, std::uint32_t* values) {
            for (std::size_t i = 0; i < count; ++i) values[i] = most - values[i];
            add_field(field, values, count, keys);
        };
        for (const KeyLayout::Field& field : layout.fields()) {
            const auto most = static_cast<std::uint32_t>(field.value_max);
            switch (field.part) {
                case KeyLayout::Part::typo: add_field(field, block.typos.data(), count, keys); break;
                case KeyLayout::Part::geo: add_field(field, block.geo.data(), count, keys); break;
                case KeyLayout::Part::words: add_missing(field, criteria.typed_words(), block.words.data()); break;
                case KeyLayout::Part::attribute: add_field(field, block.attribute.data(), count, keys); break;
                case KeyLayout::Part::proximity: add_field(field, block.proximity.data(), count, keys); break;
                case KeyLayout::Part::exact: add_missing(field, most + criteria.exact_always(), block.exact.data()); break;
                case KeyLayout::Part::relevance: add_field(field, block.relevance.data(), count, keys); break;
                case KeyLayout::Part::filters:
                    filter.score({block.ordinals.data(), count}, block.filters);
                    for (std::size_t i = 0; i < count; ++i)
                        keys[i] |= field.place(static_cast<std::uint64_t>(layout.shape().filters_high - block.filters[i]));
                    break;
                case KeyLayout::Part::sort: {
                    const std::span<const std::uint32_t> ranks = snapshot.columns.sort_rank(field.run);
                    for (std::size_t i = 0; i < count; ++i) keys[i] |= field.place(ranks[block.ordinals[i]]);
                    break;
                }
            }
        }
    }

    // False when no record of the segment can match.
    [[nodiscard]] bool open(const Segment& segment, SegmentLists& lists) const {
        lists.words.reserve(text.words.size());
        for (std::size_t w = 0; w < text.words.size(); ++w) {
            WordList list = word_list(segment, text.words[w], w, rules);
            if (list.postings.size() != 0) lists.words.push_back(std::move(list));
            else if (required(text.words[w])) return false;
        }
        if (lists.words.empty() && !text.words.empty()) return false;
        const auto optional = [&](const WordList& list) { return !required(text.words[list.word]); };
        std::stable_sort(lists.words.begin(), lists.words.end(), [&](const WordList& a, const WordList& b) {
            if (optional(a) != optional(b)) return optional(b);
            return a.postings.size() < b.postings.size();
        });
        lists.required = static_cast<std::size_t>(std::find_if(lists.words.begin(), lists.words.end(), optional) - lists.words.begin());
        for (const QueryWord& word : text.excluded) {
            WordList list = excluded_list(segment, word, rules);
            if (list.postings.size() != 0) lists.excluded.push_back(std::move(list));
        }
        return true;
    }

    void run_segment(const Segment& segment, Matches& matches, MatchCounts& counts) const {
        SegmentLists lists;
        if (!open(segment, lists)) return;
        if (any_required) run_required(lists, matches, counts);
        else if (!lists.words.empty()) run_optional(lists, matches, counts);
        else run_range(segment.begin(), segment.end(), lists.excluded, matches, counts);
    }

    void run_required(SegmentLists& lists, Matches& matches, MatchCounts& counts) const {
        const Postings& lead = lists.words.front().postings;
        MatchBlock& block = MatchBlock::of_thread(lists.words.size());
        for (std::size_t begin = 0; begin < lead.size() && matches.ordinals.size() < counts.enough; begin += block_size) {
            block.count = std::min(block_size, lead.size() - begin);
            block.lists = 1;
            block.located = false;
            std::copy_n(lead.ordinals.begin() + static_cast<std::ptrdiff_t>(begin), block.count, block.ordinals.begin());
            std::iota(block.positions[0].begin(), block.positions[0].begin() + static_cast<std::ptrdiff_t>(block.count),
                      static_cast<std::uint32_t>(begin));
            if (snapshot.any_deleted()) drop_deleted(block);
            for (std::size_t l = 1; l < lists.required; ++l)
                intersect(block, lists.words[l], lists.words[l].postings.size() / lead.size() < merge_ratio);
            restrict(block, lists.excluded, counts);
            if (block.count == 0) continue;
            for (std::size_t l = lists.required; l < lists.words.size(); ++l) look_up(block, lists.words[l]);
            criteria.measure(block, lists.words);
            emit(block, matches, counts);
            if (geo.automatic()) shorten_reach(matches, counts);
        }
    }

    void run_optional(SegmentLists& lists, Matches& matches, MatchCounts& counts) const {
        MatchBlock& block = MatchBlock::of_thread(lists.words.size());
        while (matches.ordinals.size() < counts.enough && take_union(block, lists.words)) {
            block.located = false;
            if (snapshot.any_deleted()) drop_deleted(block);
            restrict(block, lists.excluded, counts);
            if (block.count == 0) continue;
            criteria.measure(block, lists.words);
            emit(block, matches, counts);
            if (geo.automatic()) shorten_reach(matches, counts);
        }
    }

    // No words to match: all records of [begin, end).
    void run_range(Ordinal begin, Ordinal end, std::span<WordList> excluded, Matches& matches, MatchCounts& counts) const {
        MatchBlock& block = MatchBlock::of_thread(0);
        for (; begin < end && matches.ordinals.size() < counts.enough; begin += static_cast<Ordinal>(block.count)) {
            const std::size_t count = std::min<std::size_t>(block_size, end - begin);
            block.count = count;
            block.located = false;
            std::iota(block.ordinals.begin(), block.ordinals.begin() + static_cast<std::ptrdiff_t>(count), begin);
            if (snapshot.any_deleted()) drop_deleted(block);
            restrict(block, excluded, counts);
            emit(block, matches, counts);
            if (geo.automatic()) shorten_reach(matches, counts);
            block.count = count;
        }
    }

    void run_everything(Matches& matches, MatchCounts& counts) const {
        const Ordinal size = snapshot.columns.size();
        if (!snapshot.any_deleted() && filter.everything() && !geo.any() && layout.fields().empty()) {
            matches.ordinals.resize(size);
            std::iota(matches.ordinals.begin(), matches.ordinals.end(), Ordinal{0});
            return;
        }
        run_range(0, size, {}, matches, counts);
    }

    // The rules over all matches -----------------------------------------------------------------------------------

    void require_more_words(Matches& matches, MatchCounts& counts) const {
        const std::uint32_t words = criteria.typed_words();
        const std::uint32_t step = words >= rising_fast_words_min ? words / 5 : 1;
        std::vector<std::size_t> with(words + 2);  // matches with so many matched words, then with so many or more
        for (const std::uint8_t matched : counts.words) ++with[matched];
        for (std::uint32_t w = words; w > 0; --w) with[w] += with[w + 1];
        std::uint32_t required = 1;
        while (required < words && required < 1 + step * (with[required + 1] / rising_results)) ++required;
        if (required > 1) keep_matches(matches, counts, [&](std::size_t i) { return counts.words[i] >= required; });
    }

    void limit_typos(Matches& matches, MatchCounts& counts) const {
        std::array<bool, 256> found{};
        for (const std::uint8_t typos : counts.typos) found[typos] = true;
        int left = options.typo_tolerance == TypoTolerance::min ? 1 : 2;
        std::uint32_t most = 0;
        for (std::uint32_t typos = 0; typos < found.size() && left > 0; ++typos)
            if (found[typos]) {
                most = typos;
                --left;
            }
        keep_matches(matches, counts, [&](std::size_t i) { return counts.typos[i] <= most; });
    }

    std::uint32_t keep_nearest(Matches& matches, MatchCounts& counts) const {
        std::vector<std::uint32_t> metres = counts.metres;
        const std::uint32_t radius = geo.automatic_radius(metres);
        keep_matches(matches, counts, [&](std::size_t i) { return counts.metres[i] <= radius; });
        return radius;
    }

    void find_radius(Matches& matches, MatchCounts& counts) const {
        matches.automatic_radius_metres = keep_nearest(matches, counts);
    }

    // The radius of some of the matches is never below that of all: what lies outside need not be measured any more. Not
    // where other rules still take matches away.
    void shorten_reach(Matches& matches, MatchCounts& counts) const {
        if (rising || typos_limited || matches.ordinals.size() < counts.shorten_at) return;
        counts.reach = geo.reach(keep_nearest(matches, counts) + 1.0);  // rounding must not lose the border
        counts.shorten_at = matches.ordinals.size() + radius_matches;
    }
};

Matcher::Matcher(const Snapshot& snapshot, const TextQuery& text, const AttributeRules& rules, const Filter& filter,
                 const GeoFilter& geo, MatchOptions options)
    : body_(std::make_unique<Body>(snapshot, text, rules, filter, geo, options)) {}

Matcher::~Matcher() = default;

const KeyLayout& Matcher::layout() const { return body_->layout; }

void Matcher::run(Matches& matches) const {
    thread_local MatchCounts counts;
    counts.clear();
    counts.reach = body_->geo.reach();
    matches.ordinals.clear();
    matches.keys.clear();
    matches.automatic_radius_metres.reset();
    if (body_->text.words.empty() && body_->text.excluded.empty()) body_->run_everything(matches, counts);
    else
        for (const auto& segment : body_->snapshot.segments) body_->run_segment(*segment, matches, counts);
    if (body_->rising) body_->require_more_words(matches, counts);
    if (body_->typos_limited) body_->limit_typos(matches, counts);
    if (body_->geo.automatic()) body_->find_radius(matches, counts);
}

// The rules over all matches always leave some.
bool Matcher::finds_any() const {
    thread_local MatchCounts counts;
    thread_local Matches matches;
    counts.clear();
    counts.reach = body_->geo.reach();
    counts.enough = 1;
    matches.ordinals.clear();
    matches.keys.clear();
    if (body_->text.words.empty() && body_->text.excluded.empty()) {
        body_->run_everything(matches, counts);
    } else {
        for (const auto& segment : body_->snapshot.segments)
            if (matches.ordinals.empty()) body_->run_segment(*segment, matches, counts);
    }
    return !matches.ordinals.empty();
}

MatchDetails Matcher::describe(Ordinal ordinal) const {
    MatchDetails details;
    const auto& segments = body_->snapshot.segments;
    const auto segment = std::find_if(segments.begin(), segments.end(), [&](const auto& each) {
        return ordinal >= each->begin() && ordinal < each->end();
    });
    const std::size_t words = body_->text.words.size();
    if (words != 0 && segment != segments.end()) {
        std::vector<WordList> lists;
        std::vector<const WordList*> list_of;
        std::vector<std::uint32_t> positions;
        lists.reserve(words);
        for (std::size_t w = 0; w < words; ++w) {
            lists.push_back(word_list(**segment, body_->text.words[w], w, body_->rules));
            list_of.push_back(&lists.back());
            const auto& ordinals = lists.back().postings.ordinals;
            const auto at = std::lower_bound(ordinals.begin(), ordinals.end(), ordinal);
            const bool found = at != ordinals.end() && *at == ordinal;
            positions.push_back(found ? static_cast<std::uint32_t>(at - ordinals.begin()) : no_posting);
        }
        if (!body_->criteria.measure(ordinal, list_of, positions, details)) return MatchDetails{};
        if (!body_->rules.ranked) details.attribute = 0;
    }
    std::int64_t filters = 0;
    body_->filter.score({&ordinal, 1}, {&filters, 1});
    details.filters = filters;
    if (const std::optional<GeoMatch> nearest = body_->geo.nearest(ordinal)) {
        details.point = nearest->point;
        details.geo_metres = static_cast<std::uint32_t>(std::llround(nearest->metres));
        details.geo_precision = body_->geo.precision().width_metres(nearest->metres);
        details.geo_steps = static_cast<std::uint32_t>(nearest->metres) / details.geo_precision;
    }
    return details;
}

}  // namespace penchant
