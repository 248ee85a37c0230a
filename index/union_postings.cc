// SPDX-License-Identifier: GPL-3.0-or-later
//
// The union of many lists. The lists of a common letter hold millions of postings for a million records, so they are
// not merged by comparing heads but taken block by block of ordinals: each list adds its entries of the block to a
// buffer, the buffer is counted into place, and all of it stays in the processor's caches. Where entries are few, the
// buffer is sorted instead.
#include "index/limits.h"
#include "index/segment_body.h"

#include <algorithm>
#include <vector>

namespace penchant {

namespace {

constexpr Ordinal block_ordinals = 1U << 15U;

// A place as a number that sorts: price, not exact, attribute and position, whole. 29 bits.
constexpr std::uint32_t key_price_shift = 26;
constexpr std::uint32_t key_not_exact = 1U << 25U;

std::uint32_t key_of(std::uint32_t place, std::uint32_t surcharge) {
    static_assert(place_exact >> 3U == key_not_exact);
    return surcharge | ((~place >> 3U) & key_not_exact) | ((place & 0xFFFFFFU) << 1U) | ((place & place_whole) != 0 ? 1U : 0U);
}
Place place_of(std::uint32_t key) {
    return ((key & key_not_exact) != 0 ? 0U : place_exact) | ((key & 1U) != 0 ? place_whole : 0U) |
           ((key >> 1U) & 0xFFFFFFU);
}

struct Entry {
    Ordinal ordinal;  ///< in the block
    std::uint32_t key;
};

struct Cursor {
    const Ordinal* at;
    const Ordinal* end;
    const std::uint32_t* place;
    const std::uint32_t* occurrences;
    std::uint32_t surcharge;  ///< what each of its places gets beside itself: the price, and key_not_exact
    std::uint8_t kinds;       ///< its places do not count in attributes that are closed to one of these (Closed)
};

/// What an attribute can be closed to.
enum Closed : std::uint8_t { closed_to_all = 1, closed_to_typos = 2, closed_to_prefixes = 4 };

bool has_price(std::uint32_t surcharge) { return surcharge >> key_price_shift != 0; }

class Union {
public:
    Union(const Segment::Body& body, const PlaceScope& scope) : body_(body) {
        const auto close = [&](std::span<const AttributeId> attributes, Closed to) {
            for (const AttributeId attribute : attributes) {
                if (closed_.size() <= attribute) closed_.resize(attribute + 1U);
                closed_[attribute] |= to;
            }
        };
        close(scope.hidden, closed_to_all);
        close(scope.typo_free, closed_to_typos);
        close(scope.prefix_free, closed_to_prefixes);
    }

    /// `begun`: these are words that only begin with a prefix. Beside that, places that are not place_exact do so.
    void add(const Postings& list, std::uint32_t surcharge, bool begun) {
        if (list.size() == 0) return;
        postings_ += list.size();
        priced_ = priced_ || has_price(surcharge);
        const auto kinds = static_cast<std::uint8_t>(closed_to_all | (has_price(surcharge) ? closed_to_typos : 0) |
                                                     (begun ? closed_to_prefixes : 0));
        cursors_.push_back({list.ordinals.data(), list.ordinals.data() + list.size(), list.places.data(),
                            list.occurrences, surcharge, kinds});
    }
    /// The same place may come from several lists, and is kept once.
    void expect_repetitions() { repetitions_ = true; }

    UnionPostings build() {
        const std::size_t range = body_.end - body_.begin;
        const std::size_t records_max = std::min(postings_, range);
        result_.ordinals.resize(records_max);
        result_.places.resize(records_max);
        if (priced_) result_.typos.resize(records_max);
        entries_.resize(std::size_t{1} << 16U);
        // With few postings one block is enough: they are sorted, and no ordinal is looked at that has none.
        const std::size_t block = postings_ * 16 < range ? range : std::size_t{block_ordinals};
        for (std::size_t begin = body_.begin; begin < body_.end && !cursors_.empty(); begin += block) {
            const std::size_t end = std::min<std::size_t>(begin + block, body_.end);
            collect(static_cast<Ordinal>(begin), static_cast<Ordinal>(end));
            if (entry_count_ * 16 < end - begin) emit_sorted(static_cast<Ordinal>(begin));
            else emit_counted(static_cast<Ordinal>(begin), end - begin);
        }
        result_.ordinals.resize(record_count_);
        result_.places.resize(record_count_);
        if (any_price_) result_.typos.resize(record_count_);
        else result_.typos = {};
        if (records_max > record_count_ + record_count_ / 8) {
            result_.ordinals.shrink_to_fit();
            result_.places.shrink_to_fit();
            result_.typos.shrink_to_fit();
        }
        result_.occurrences.shrink_to_fit();
        if (has_bitmap(result_.ordinals.size(), range)) {
            result_.bitmap = std::make_unique<RankedBitmap>(body_.begin, body_.end, result_.ordinals);
        }
        return std::move(result_);
    }

private:
    /// Moves what the cursors have below `end` into entries_, and drops cursors that have nothing left.
    void collect(Ordinal begin, Ordinal end) {
        entry_count_ = 0;
        std::size_t kept = 0;
        for (Cursor& cursor : cursors_) {
            if (closed_.empty()) take<false>(cursor, begin, end);
            else take<true>(cursor, begin, end);
            if (cursor.at != cursor.end) cursors_[kept++] = cursor;
        }
        cursors_.resize(kept);
    }

    /// One cursor's part of a block: the innermost loop, on local copies only.
    template <bool some_closed>
    [[gnu::noinline]] void take(Cursor& cursor, Ordinal begin, Ordinal end) {
        const Ordinal* at = cursor.at;
        const std::uint32_t* place = cursor.place;
        const Ordinal* const last = cursor.end;
        const std::uint32_t surcharge = cursor.surcharge;
        const std::uint8_t kinds = cursor.kinds;
        Entry* out = entries_.data() + entry_count_;
        const Entry* limit = entries_.data() + entries_.size();
        const auto put = [&](Ordinal ordinal, std::uint32_t one) {
            if constexpr (some_closed) {
                const AttributeId attribute = place_attribute(one);
                const auto own = static_cast<std::uint8_t>(kinds | ((one & place_exact) == 0 ? closed_to_prefixes : 0));
                if (attribute < closed_.size() && (closed_[attribute] & own) != 0) return;
            }
            if (out == limit) [[unlikely]] {
                const std::size_t count = entries_.size();
                entries_.resize(count * 2);
                out = entries_.data() + count;
                limit = entries_.data() + entries_.size();
            }
            *out++ = {ordinal, key_of(one, surcharge)};
        };
        for (; at != last && *at < end; ++at, ++place) {
            if ((*place & places_elsewhere) == 0) {
                put(*at - begin, *place);
                continue;
            }
            const std::uint32_t* occurrence = cursor.occurrences + (*place & ~places_elsewhere);
            do put(*at - begin, *occurrence);
            while ((*occurrence++ & place_last) == 0);
        }
        cursor.at = at;
        cursor.place = place;
        entry_count_ = static_cast<std::size_t>(out - entries_.data());
    }

    void emit_sorted(Ordinal begin) {
        const std::span entries(entries_.data(), entry_count_);
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
            return a.ordinal != b.ordinal ? a.ordinal < b.ordinal : a.key < b.key;
        });
        keys_.resize(entries.size());
        for (std::size_t i = 0; i < entries.size(); ++i) keys_[i] = entries[i].key;
        for (std::size_t i = 0; i < entries.size();) {
            std::size_t next = i + 1;
            while (next < entries.size() && entries[next].ordinal == entries[i].ordinal) ++next;
            emit(begin + entries[i].ordinal, keys_.data() + i, keys_.data() + next);
            i = next;
        }
    }

    [[gnu::noinline]] void emit_counted(Ordinal begin, std::size_t ordinals) {
        ends_.assign(ordinals + 1, 0);
        std::uint32_t* const ends = ends_.data();
        const std::span<const Entry> entries(entries_.data(), entry_count_);
        for (const Entry& entry : entries) ++ends[entry.ordinal];
        std::uint32_t count = 0;
        for (std::size_t i = 0; i < ordinals; ++i) {
            const std::uint32_t own = ends[i];
            ends[i] = count;
            count += own;
        }
        if (keys_.size() < entries.size()) keys_.resize(entries.size());
        std::uint32_t* const keys = keys_.data();
        for (const Entry& entry : entries) keys[ends[entry.ordinal]++] = entry.key;
        std::uint32_t from = 0;
        for (std::size_t i = 0; i < ordinals; ++i) {
            const std::uint32_t to = ends[i];
            if (to == from) continue;
            if (to - from > 1) sort_keys(keys + from, keys + to);
            emit(begin + static_cast<Ordinal>(i), keys + from, keys + to);
            from = to;
        }
    }

    /// A handful each, most often in order already.
    static void sort_keys(std::uint32_t* first, std::uint32_t* last) {
        if (last - first > 32) {
            std::sort(first, last);
            return;
        }
        for (std::uint32_t* next = first + 1; next != last; ++next) {
            const std::uint32_t key = *next;
            std::uint32_t* at = next;
            for (; at != first && at[-1] > key; --at) *at = at[-1];
            *at = key;
        }
    }

    /// Adds one record with its keys [first, last), ascending: the cheapest of them.
    void emit(Ordinal ordinal, std::uint32_t* first, std::uint32_t* last) {
        if (priced_) {
            const std::uint32_t price = *first >> key_price_shift;
            result_.typos[record_count_] = static_cast<std::uint8_t>(price);
            any_price_ = any_price_ || price != 0;
            if (last[-1] >> key_price_shift != price) {
                last = std::lower_bound(first, last, (price + 1) << key_price_shift);
            }
        }
        if (repetitions_) last = without_repetitions(first, last);
        result_.ordinals[record_count_] = ordinal;
        result_.places[record_count_++] = last - first == 1 ? place_of(*first) : put_elsewhere(first, last);
    }

    /// Keeps the first of keys that differ in nothing but exact and whole.
    static std::uint32_t* without_repetitions(std::uint32_t* first, std::uint32_t* last) {
        const auto where = [](std::uint32_t key) { return (key & (key_not_exact - 1U)) >> 1U; };
        std::uint32_t* end = first;
        for (std::uint32_t* key = first; key != last; ++key) {
            const std::uint32_t one = *key;
            std::uint32_t* const known = std::find_if(first, end, [&](std::uint32_t kept) { return where(kept) == where(one); });
            if (known == end) *end++ = one;
            else *known |= one & 1U;
        }
        return end;
    }

    [[gnu::noinline]] std::uint32_t put_elsewhere(const std::uint32_t* first, const std::uint32_t* last) {
        const std::size_t begin = result_.occurrences.size();
        PENCHANT_ASSERT(begin < places_elsewhere - limits::occurrences_per_prefix_max);
        last = std::min(last, first + limits::occurrences_per_prefix_max);
        result_.occurrences.resize(begin + static_cast<std::size_t>(last - first));
        std::uint32_t* out = result_.occurrences.data() + begin;
        while (first != last) *out++ = place_of(*first++);
        out[-1] |= place_last;
        return places_elsewhere | static_cast<std::uint32_t>(begin);
    }

    const Segment::Body& body_;
    std::vector<Cursor> cursors_;
    std::size_t postings_ = 0;
    bool priced_ = false;      ///< some list has a price
    bool any_price_ = false;   ///< some record has
    bool repetitions_ = false;
    std::vector<std::uint8_t> closed_;  ///< by attribute number: to what
    std::vector<Entry> entries_;  ///< of the block at hand; the first entry_count_ count
    std::size_t entry_count_ = 0;
    std::size_t record_count_ = 0;
    std::vector<std::uint32_t> keys_;
    std::vector<std::uint32_t> ends_;
    UnionPostings result_;
};

/// Words numbered first to last, and what their places cost.
struct WordRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint32_t price = 0;    ///< of places of the words as given, as in keys
    std::uint32_t whole = 0;    ///< how many of them are as given: those at the begin; the others only begin with a prefix
    [[nodiscard]] std::uint32_t begun_price() const { return price | key_not_exact; }
};

std::uint32_t price_of(const Alternative& alternative) {
    PENCHANT_ASSERT(alternative.typos <= alternative_typos_max);
    return (std::uint32_t{alternative.typos} << key_price_shift) | (alternative.exact ? 0U : key_not_exact);
}

WordRange range_of(const Segment::Body& body, const Alternative& alternative) {
    const std::string& text = alternative.words.front();
    if (!alternative.prefix) {
        const std::uint32_t word = body.words.find(text);
        return word == WordTable::none ? WordRange{} : WordRange{word, word + 1, price_of(alternative), 1};
    }
    auto [first, last] = body.prefix_range(text);
    if (last - first > limits::prefix_words_max) last = first + static_cast<std::uint32_t>(limits::prefix_words_max);
    // Only the first word of the range can be the prefix itself.
    const bool stands_alone = first < last && body.words.word(first).size() == text.size();
    return {first, last, price_of(alternative), stands_alone ? 1U : 0U};
}

/// Adds the lists of all words in `ranges`, each at the least it costs in any of them. A word that is given in one
/// alternative and cheaper as what begins with a prefix of another is added twice where that makes a difference.
void add_words(const Segment::Body& body, std::vector<WordRange>& ranges, bool prefixes_count_everywhere, Union& lists) {
    constexpr std::uint32_t never = ~0U;
    std::sort(ranges.begin(), ranges.end(), [](const WordRange& a, const WordRange& b) { return a.first < b.first; });
    std::vector<std::uint32_t> whole;  // the least of each word of ranges that overlap
    std::vector<std::uint32_t> begun;
    for (std::size_t i = 0; i < ranges.size();) {
        const std::uint32_t first = ranges[i].first;
        std::uint32_t last = ranges[i].last;
        std::size_t next = i + 1;
        while (next < ranges.size() && ranges[next].first < last) last = std::max(last, ranges[next++].last);
        if (next == i + 1) {
            for (std::uint32_t word = first; word < last; ++word) {
                const bool as_given = word - first < ranges[i].whole;
                lists.add(body.list(word), as_given ? ranges[i].price : ranges[i].begun_price(), !as_given);
            }
            i = next;
            continue;
        }
        whole.assign(last - first, never);
        begun.assign(last - first, never);
        for (; i < next; ++i) {
            const WordRange& range = ranges[i];
            std::uint32_t word = range.first;
            for (; word < range.first + range.whole; ++word) whole[word - first] = std::min(whole[word - first], range.price);
            for (; word < range.last; ++word) begun[word - first] = std::min(begun[word - first], range.begun_price());
        }
        for (std::uint32_t word = first; word < last; ++word) {
            const std::uint32_t as_given = whole[word - first];
            const std::uint32_t as_begun = begun[word - first];
            if (as_begun < as_given) lists.add(body.list(word), as_begun, true);
            if (as_given != never && (as_given <= as_begun || !prefixes_count_everywhere)) {
                lists.add(body.list(word), as_given, false);
            }
        }
    }
}

}  // namespace

UnionPostings make_union_postings(const Segment::Body& body, std::span<const Alternative> alternatives,
                                  const PlaceScope& scope) {
    std::vector<WordRange> ranges;
    std::vector<UnionPostings> phrases;
    phrases.reserve(alternatives.size());  // their lists are borrowed
    Union lists(body, scope);
    for (const Alternative& alternative : alternatives) {
        PENCHANT_ASSERT(!alternative.words.empty());
        if (alternative.words.size() == 1) {
            ranges.push_back(range_of(body, alternative));
            continue;
        }
        phrases.push_back(make_phrase_postings(body, alternative));
        lists.add(phrases.back().view(), price_of(alternative), false);
    }
    if (!phrases.empty()) lists.expect_repetitions();
    add_words(body, ranges, scope.prefix_free.empty(), lists);
    return lists.build();
}

}  // namespace penchant
