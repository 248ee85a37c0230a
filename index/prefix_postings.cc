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

// A place as a number that sorts: not exact, attribute and position, whole. 26 bits.
constexpr std::uint32_t key_not_exact = 1U << 25U;

std::uint32_t key_of(std::uint32_t place, std::uint32_t not_exact) {
    return not_exact | ((place & 0xFFFFFFU) << 1U) | ((place & place_whole) != 0 ? 1U : 0U);
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
    std::uint32_t not_exact;
};

class Union {
public:
    Union(const Segment::Body& body, std::string_view prefix) : body_(body) {
        auto [first, last] = body.prefix_range(prefix);
        if (last - first > limits::prefix_words_max) {
            last = first + static_cast<std::uint32_t>(limits::prefix_words_max);
        }
        cursors_.reserve(last - first);
        for (std::uint32_t word = first; word < last; ++word) {
            const Postings list = body.list(word);
            postings_ += list.size();
            // Only the first word of the range can be the prefix itself.
            const bool exact = word == first && body.words.word(word).size() == prefix.size();
            cursors_.push_back({list.ordinals.data(), list.ordinals.data() + list.size(), list.places.data(),
                                list.occurrences, exact ? 0U : key_not_exact});
        }
    }

    PrefixPostings build() {
        const std::size_t range = body_.end - body_.begin;
        const std::size_t records_max = std::min(postings_, range);
        result_.ordinals.resize(records_max);
        result_.places.resize(records_max);
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
        if (records_max > record_count_ + record_count_ / 8) {
            result_.ordinals.shrink_to_fit();
            result_.places.shrink_to_fit();
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
            take(cursor, begin, end);
            if (cursor.at != cursor.end) cursors_[kept++] = cursor;
        }
        cursors_.resize(kept);
    }

    /// One cursor's part of a block: the innermost loop, on local copies only.
    [[gnu::noinline]] void take(Cursor& cursor, Ordinal begin, Ordinal end) {
        const Ordinal* at = cursor.at;
        const std::uint32_t* place = cursor.place;
        const Ordinal* const last = cursor.end;
        const std::uint32_t not_exact = cursor.not_exact;
        Entry* out = entries_.data() + entry_count_;
        const Entry* limit = entries_.data() + entries_.size();
        const auto put = [&](Ordinal ordinal, std::uint32_t one) {
            if (out == limit) [[unlikely]] {
                const std::size_t count = entries_.size();
                entries_.resize(count * 2);
                out = entries_.data() + count;
                limit = entries_.data() + entries_.size();
            }
            *out++ = {ordinal, key_of(one, not_exact)};
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

    /// Adds one record with its keys [first, last), ascending.
    void emit(Ordinal ordinal, const std::uint32_t* first, const std::uint32_t* last) {
        result_.ordinals[record_count_] = ordinal;
        result_.places[record_count_++] = last - first == 1 ? place_of(*first) : put_elsewhere(first, last);
    }

    [[gnu::noinline]] std::uint32_t put_elsewhere(const std::uint32_t* first, const std::uint32_t* last) {
        const std::size_t begin = result_.occurrences.size();
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
    std::vector<Entry> entries_;  ///< of the block at hand; the first entry_count_ count
    std::size_t entry_count_ = 0;
    std::size_t record_count_ = 0;
    std::vector<std::uint32_t> keys_;
    std::vector<std::uint32_t> ends_;
    PrefixPostings result_;
};

}  // namespace

PrefixPostings make_prefix_postings(const Segment::Body& body, std::string_view prefix) {
    return Union(body, prefix).build();
}

}  // namespace penchant
