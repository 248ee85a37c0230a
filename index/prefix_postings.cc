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
        result_.ordinals.reserve(records_max);
        result_.places.reserve(records_max);
        // With few postings one block is enough: they are sorted, and no ordinal is looked at that has none.
        const std::size_t block = postings_ * 16 < range ? range : std::size_t{block_ordinals};
        for (std::size_t begin = body_.begin; begin < body_.end && !cursors_.empty(); begin += block) {
            const std::size_t end = std::min<std::size_t>(begin + block, body_.end);
            collect(static_cast<Ordinal>(begin), static_cast<Ordinal>(end));
            if (entries_.size() * 16 < end - begin) emit_sorted(static_cast<Ordinal>(begin));
            else emit_counted(static_cast<Ordinal>(begin), end - begin);
        }
        if (result_.ordinals.capacity() > result_.ordinals.size() + result_.ordinals.size() / 8) {
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
        entries_.clear();
        std::size_t kept = 0;
        for (Cursor cursor : cursors_) {
            for (; cursor.at != cursor.end && *cursor.at < end; ++cursor.at, ++cursor.place) {
                const Ordinal ordinal = *cursor.at - begin;
                std::uint32_t place = *cursor.place;
                if ((place & places_elsewhere) == 0) {
                    entries_.push_back({ordinal, key_of(place, cursor.not_exact)});
                    continue;
                }
                const std::uint32_t* occurrence = cursor.occurrences + (place & ~places_elsewhere);
                do {
                    place = *occurrence++;
                    entries_.push_back({ordinal, key_of(place, cursor.not_exact)});
                } while ((place & place_last) == 0);
            }
            if (cursor.at != cursor.end) cursors_[kept++] = cursor;
        }
        cursors_.resize(kept);
    }

    void emit_sorted(Ordinal begin) {
        std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
            return a.ordinal != b.ordinal ? a.ordinal < b.ordinal : a.key < b.key;
        });
        keys_.resize(entries_.size());
        for (std::size_t i = 0; i < entries_.size(); ++i) keys_[i] = entries_[i].key;
        for (std::size_t i = 0; i < entries_.size();) {
            std::size_t next = i + 1;
            while (next < entries_.size() && entries_[next].ordinal == entries_[i].ordinal) ++next;
            emit(begin + entries_[i].ordinal, keys_.data() + i, keys_.data() + next);
            i = next;
        }
    }

    void emit_counted(Ordinal begin, std::size_t ordinals) {
        ends_.assign(ordinals + 1, 0);
        for (const Entry& entry : entries_) ++ends_[entry.ordinal];
        std::uint32_t count = 0;
        for (std::size_t i = 0; i < ordinals; ++i) {
            const std::uint32_t own = ends_[i];
            ends_[i] = count;
            count += own;
        }
        keys_.resize(entries_.size());
        for (const Entry& entry : entries_) keys_[ends_[entry.ordinal]++] = entry.key;
        std::uint32_t from = 0;
        for (std::size_t i = 0; i < ordinals; ++i) {
            const std::uint32_t to = ends_[i];
            if (to == from) continue;
            // A handful of keys each; most often one.
            for (std::uint32_t k = from + 1; k < to; ++k) {
                const std::uint32_t key = keys_[k];
                std::uint32_t at = k;
                if (k - from > 32) {
                    std::sort(keys_.begin() + from, keys_.begin() + to);
                    break;
                }
                for (; at > from && keys_[at - 1] > key; --at) keys_[at] = keys_[at - 1];
                keys_[at] = key;
            }
            emit(begin + static_cast<Ordinal>(i), keys_.data() + from, keys_.data() + to);
            from = to;
        }
    }

    /// Adds one record with its keys [first, last), ascending.
    void emit(Ordinal ordinal, const std::uint32_t* first, const std::uint32_t* last) {
        result_.ordinals.push_back(ordinal);
        if (last - first == 1) {
            result_.places.push_back(place_of(*first));
            return;
        }
        result_.places.push_back(places_elsewhere | static_cast<std::uint32_t>(result_.occurrences.size()));
        last = std::min(last, first + limits::occurrences_per_prefix_max);
        for (; first != last; ++first) {
            result_.occurrences.push_back(place_of(*first) | (first + 1 == last ? place_last : 0U));
        }
    }

    const Segment::Body& body_;
    std::vector<Cursor> cursors_;
    std::size_t postings_ = 0;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> keys_;
    std::vector<std::uint32_t> ends_;
    PrefixPostings result_;
};

}  // namespace

PrefixPostings make_prefix_postings(const Segment::Body& body, std::string_view prefix) {
    return Union(body, prefix).build();
}

}  // namespace penchant
