// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/segment.h"

#include "index/segment_body.h"
#include "index/union_cache.h"
#include "index/union_key.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>

namespace penchant {

namespace {

// What is made ahead for a segment that takes the place of others. Smaller lists are made in no time by who asks for them.
constexpr std::size_t warm_bytes_min = 32 * 1024;
constexpr std::size_t warm_bytes_max = 64 * 1024 * 1024;  // about 0.2 s of the writer's thread

}  // namespace

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
    return UnionCache::process().get(body_->number, union_key(alternatives, scope),
                                     [&] { return make_union_postings(*body_, alternatives, scope); });
}

void Segment::for_each_word(std::string_view prefix,
                            const std::function<bool(std::string_view, std::size_t)>& visit) const {
    const auto [first, last] = body_->prefix_range(prefix);
    for (std::uint32_t word = first; word < last; ++word) {
        if (!visit(body_->words.word(word), body_->list_begins[word + 1] - body_->list_begins[word])) return;
    }
}

void warm_unions(const Segment& segment, std::span<const std::shared_ptr<const Segment>> older) {
    UnionCache& cache = UnionCache::process();
    struct Known {
        std::size_t bytes = 0;
        std::uint64_t used = 0;
    };
    std::map<std::string, Known> known;
    for (const auto& each : older) {
        for (UnionCache::Kept& kept : cache.kept(each->body().number)) {
            Known& one = known[std::move(kept.asked)];
            one.bytes += kept.bytes;
            one.used = std::max(one.used, kept.used);
        }
    }
    std::vector<std::pair<std::uint64_t, std::string>> wanted;  // by use
    for (const auto& [asked, one] : known) {
        if (one.bytes >= warm_bytes_min) wanted.emplace_back(one.used, asked);
    }
    std::sort(wanted.begin(), wanted.end(), std::greater<>());
    std::size_t bytes = 0;
    for (const auto& [used, asked] : wanted) {
        bytes += known[asked].bytes;
        if (bytes > warm_bytes_max) return;
        (void)cache.get(segment.body().number, asked, [&] {
            const AskedUnion what = asked_by(asked);
            return make_union_postings(segment.body(), what.alternatives, what.scope());
        });
    }
}

}  // namespace penchant
