// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records come one after the other, lists must come out one after the other: postings are kept in the order they came
// with their word's number, then counted into place. Nothing is allocated for a list.
#include "index/segment_body.h"

#include <algorithm>
#include <numeric>

namespace penchant {

struct SegmentBuilder::Body {
    struct Posting {
        std::uint32_t word;
        Ordinal ordinal;
        std::uint32_t place;  ///< or an index into occurrences below
    };

    explicit Body(Ordinal begin) : finished(std::make_unique<Segment::Body>()), next(begin) {
        finished->begin = begin;
        finished->list_begins.push_back(0);
        finished->occurrence_begins.push_back(0);
    }

    void begin_list(std::string_view word) {
        PENCHANT_ASSERT(postings.empty());
        const WordTable& known = finished->words;
        PENCHANT_ASSERT(known.size() == 0 || known.word(known.size() - 1) < word);
        finished->words.append(word);
    }
    void end_list() {
        PENCHANT_ASSERT(finished->ordinals.size() < 0xFFFFFFFFU && finished->occurrences.size() < 0xFFFFFFFFU);
        finished->list_begins.push_back(static_cast<std::uint32_t>(finished->ordinals.size()));
        finished->occurrence_begins.push_back(static_cast<std::uint32_t>(finished->occurrences.size()));
    }
    void place_postings();

    std::unique_ptr<Segment::Body> finished;  ///< filled by lists as they come, by records at the end
    Ordinal next;                             ///< the least ordinal that may come
    std::size_t records = 0;
    WordTable words;  ///< of records, in order of appearance
    FlatArray<Posting> postings;
    FlatArray<std::uint32_t> occurrences;
};

SegmentBuilder::SegmentBuilder(Ordinal begin) : body_(std::make_unique<Body>(begin)) {}
SegmentBuilder::~SegmentBuilder() = default;
SegmentBuilder::SegmentBuilder(SegmentBuilder&&) noexcept = default;
SegmentBuilder& SegmentBuilder::operator=(SegmentBuilder&&) noexcept = default;

std::size_t SegmentBuilder::records() const { return body_->records; }

void SegmentBuilder::add(Ordinal ordinal, const std::vector<AnalysedWord>& words) {
    PENCHANT_ASSERT(ordinal >= body_->next && body_->finished->words.size() == 0);
    body_->next = ordinal + 1;
    ++body_->records;
    for (const AnalysedWord& word : words) {
        if (word.places.empty()) continue;
        const std::uint32_t number = body_->words.intern(word.word);
        std::uint32_t place = word.places.front() | place_exact;
        if (word.places.size() > 1) {
            PENCHANT_ASSERT(body_->occurrences.size() + word.places.size() < places_elsewhere);
            place = places_elsewhere | static_cast<std::uint32_t>(body_->occurrences.size());
            for (const Place each : word.places) body_->occurrences.push_back(each | place_exact);
            body_->occurrences.back() |= place_last;
        }
        body_->postings.push_back({number, ordinal, place});
    }
}

void SegmentBuilder::add_list(std::string_view word, std::span<const Ordinal> ordinals,
                              std::span<const std::vector<Place>> places) {
    PENCHANT_ASSERT(ordinals.size() == places.size());
    body_->begin_list(word);
    Segment::Body& finished = *body_->finished;
    const std::size_t occurrences_begin = finished.occurrences.size();
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        if (places[i].empty()) continue;
        finished.ordinals.push_back(ordinals[i]);
        if (places[i].size() == 1) {
            finished.places.push_back(places[i].front() | place_exact);
            continue;
        }
        finished.places.push_back(places_elsewhere |
                                  static_cast<std::uint32_t>(finished.occurrences.size() - occurrences_begin));
        for (const Place each : places[i]) finished.occurrences.push_back(each | place_exact);
        finished.occurrences.back() |= place_last;
    }
    body_->end_list();
}

void SegmentBuilder::add_flat_list(std::string_view word, std::span<const Ordinal> ordinals,
                                   std::span<const std::uint32_t> places, std::span<const std::uint32_t> occurrences) {
    PENCHANT_ASSERT(ordinals.size() == places.size());
    body_->begin_list(word);
    body_->finished->ordinals.append(ordinals);
    body_->finished->places.append(places);
    body_->finished->occurrences.append(occurrences);
    body_->end_list();
}

/// Turns postings in the order of records into lists in the order of words.
void SegmentBuilder::Body::place_postings() {
    std::vector<std::uint32_t> order(words.size());  // place in byte order -> number
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return words.word(a) < words.word(b); });

    const auto run_length = [&](std::uint32_t place) {
        const std::uint32_t* const begin = occurrences.data() + (place & ~places_elsewhere);
        const std::uint32_t* at = begin;
        while ((*at & place_last) == 0) ++at;
        return static_cast<std::uint32_t>(at - begin) + 1;
    };

    // How much each word has, then where its list begins.
    struct Cursor {
        std::uint32_t posting = 0;
        std::uint32_t occurrence = 0;
        std::uint32_t occurrence_begin = 0;
    };
    std::vector<Cursor> cursors(words.size());
    for (const Posting& posting : postings.span()) {
        ++cursors[posting.word].posting;
        if ((posting.place & places_elsewhere) != 0) cursors[posting.word].occurrence += run_length(posting.place);
    }
    Cursor sum;
    for (const std::uint32_t number : order) {
        finished->words.append(words.word(number));
        Cursor& own = cursors[number];
        const Cursor count = own;
        own = {sum.posting, sum.occurrence, sum.occurrence};
        sum.posting += count.posting;
        sum.occurrence += count.occurrence;
        finished->list_begins.push_back(sum.posting);
        finished->occurrence_begins.push_back(sum.occurrence);
    }

    Ordinal* const ordinals_out = finished->ordinals.extend(postings.size());
    std::uint32_t* const places_out = finished->places.extend(postings.size());
    std::uint32_t* const occurrences_out = finished->occurrences.extend(occurrences.size());
    for (const Posting& posting : postings.span()) {
        Cursor& cursor = cursors[posting.word];
        ordinals_out[cursor.posting] = posting.ordinal;
        std::uint32_t place = posting.place;
        if ((place & places_elsewhere) != 0) {
            const std::uint32_t* const from = occurrences.data() + (place & ~places_elsewhere);
            const std::uint32_t length = run_length(place);
            std::copy(from, from + length, occurrences_out + cursor.occurrence);
            place = places_elsewhere | (cursor.occurrence - cursor.occurrence_begin);
            cursor.occurrence += length;
        }
        places_out[cursor.posting++] = place;
    }
}

std::shared_ptr<const Segment> SegmentBuilder::finish(Ordinal end) {
    PENCHANT_ASSERT(end >= body_->next);
    if (!body_->postings.empty()) body_->place_postings();
    body_->finished->end = end;
    const std::unique_ptr<Body> used_up = std::move(body_);
    return std::make_shared<const Segment>(Segment::Body::sealed(std::move(used_up->finished)));
}

}  // namespace penchant
