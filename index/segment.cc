// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/segment.h"

#include "index/union_cache.h"
#include "index/segment_body.h"

#include <algorithm>
#include <atomic>

namespace penchant {

RankedBitmap::RankedBitmap(Ordinal begin, Ordinal end, std::span<const Ordinal> ordinals)
    : begin_(begin), words_((end - begin) / 64 + 1), before_((end - begin) / 64 + 1) {
    for (const Ordinal ordinal : ordinals) {
        const Ordinal at = ordinal - begin;
        words_[at / 64] |= std::uint64_t{1} << (at % 64);
    }
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
        before_[i] = count;
        count += static_cast<std::uint32_t>(std::popcount(words_[i]));
    }
}

Postings UnionPostings::view() const {
    return {ordinals, places, occurrences.data(), bitmap.get(), typos.empty() ? nullptr : typos.data()};
}

std::size_t UnionPostings::bytes() const {
    return sizeof(UnionPostings) + (ordinals.capacity() + places.capacity() + occurrences.capacity()) * 4 + typos.capacity() +
           (bitmap ? bitmap->bytes() : 0);
}

std::pair<std::uint32_t, std::uint32_t> Segment::Body::prefix_range(std::string_view prefix) const {
    const auto first_not = [&](auto&& before) {
        std::uint32_t low = 0;
        std::uint32_t high = words.size();
        while (low < high) {
            const std::uint32_t middle = low + (high - low) / 2;
            if (before(words.word(middle))) low = middle + 1;
            else high = middle;
        }
        return low;
    };
    return {first_not([&](std::string_view word) { return word < prefix; }),
            first_not([&](std::string_view word) { return word.substr(0, prefix.size()) <= prefix; })};
}

Postings Segment::Body::list(std::uint32_t word) const {
    Postings postings;
    postings.ordinals = ordinals.span(list_begins[word], list_begins[word + 1]);
    postings.places = places.span(list_begins[word], list_begins[word + 1]);
    postings.occurrences = occurrences.data() + occurrence_begins[word];
    if (has_bitmap(postings.size(), end - begin)) {
        const auto found = std::lower_bound(bitmap_words.begin(), bitmap_words.end(), word);
        postings.bitmap = &bitmaps[static_cast<std::size_t>(found - bitmap_words.begin())];
    }
    return postings;
}

std::unique_ptr<Segment::Body> Segment::Body::sealed(std::unique_ptr<Body> body) {
    static std::atomic<std::uint64_t> numbers{1};
    body->number = numbers.fetch_add(1, std::memory_order_relaxed);
    body->words.index();
    body->list_begins.shrink();
    body->occurrence_begins.shrink();
    body->ordinals.shrink();
    body->places.shrink();
    body->occurrences.shrink();
    PENCHANT_ASSERT(body->list_begins.size() == std::size_t{body->words.size()} + 1);
    PENCHANT_ASSERT(body->list_begins.back() == body->ordinals.size());
    PENCHANT_ASSERT(body->ordinals.empty() || body->begin < body->end);
    for (std::uint32_t word = 0; word < body->words.size(); ++word) {
        const std::size_t postings = body->list_begins[word + 1] - body->list_begins[word];
        if (!has_bitmap(postings, body->end - body->begin)) continue;
        body->bitmap_words.push_back(word);
        body->bitmaps.emplace_back(body->begin, body->end,
                                   body->ordinals.span(body->list_begins[word], body->list_begins[word + 1]));
    }
    return body;
}

Segment::Segment(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Segment::~Segment() { UnionCache::process().drop(body_->number); }

Ordinal Segment::begin() const { return body_->begin; }
Ordinal Segment::end() const { return body_->end; }
std::size_t Segment::words() const { return body_->words.size(); }
std::size_t Segment::postings() const { return body_->ordinals.size(); }

std::size_t Segment::bytes() const {
    std::size_t bytes = sizeof(Body) + body_->words.bytes() + body_->list_begins.bytes() +
                        body_->occurrence_begins.bytes() + body_->ordinals.bytes() + body_->places.bytes() +
                        body_->occurrences.bytes() + body_->bitmap_words.capacity() * 4;
    for (const RankedBitmap& bitmap : body_->bitmaps) bytes += sizeof(bitmap) + bitmap.bytes();
    return bytes + UnionCache::process().bytes(body_->number);
}

Postings Segment::word(std::string_view word) const {
    const std::uint32_t number = body_->words.find(word);
    return number == WordTable::none ? Postings{} : body_->list(number);
}

std::shared_ptr<const PrefixPostings> Segment::prefix(std::string_view prefix) const {
    return UnionCache::process().get(body_->number, prefix, [&] {
        const Alternative alternative{{std::string(prefix)}, true};
        return make_union_postings(*body_, {&alternative, 1}, {});
    });
}

std::shared_ptr<const UnionPostings> Segment::alternatives(std::span<const Alternative> alternatives,
                                                           const PlaceScope& scope) const {
    // No prefix begins with a byte that UTF-8 does not know, so these texts never meet those of prefixes.
    std::string asked(1, '\xFF');
    for (const std::span<const AttributeId> attributes : {scope.hidden, scope.typo_free, scope.prefix_free}) {
        for (const AttributeId attribute : attributes) {
            asked += static_cast<char>(attribute & 0x7FU);
            asked += static_cast<char>(attribute >> 7U);
        }
        asked += '\xFE';
    }
    for (const Alternative& alternative : alternatives) {
        asked += '\xFF';
        asked += static_cast<char>(alternative.typos | (alternative.prefix ? 0x10 : 0) | (alternative.exact ? 0x20 : 0));
        asked += static_cast<char>(alternative.distance_max);
        for (const std::string& word : alternative.words) {
            asked += word;
            asked += '\0';
        }
    }
    return UnionCache::process().get(body_->number, asked,
                                     [&] { return make_union_postings(*body_, alternatives, scope); });
}

void Segment::for_each_word(std::string_view prefix,
                            const std::function<bool(std::string_view, std::size_t)>& visit) const {
    const auto [first, last] = body_->prefix_range(prefix);
    for (std::uint32_t word = first; word < last; ++word) {
        if (!visit(body_->words.word(word), body_->list_begins[word + 1] - body_->list_begins[word])) return;
    }
}

}  // namespace penchant
