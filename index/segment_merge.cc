// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/segment_body.h"

#include <algorithm>

namespace penchant {

namespace {

class Merge {
public:
    Merge(std::span<const std::shared_ptr<const Segment>> segments, std::span<const std::uint64_t> deleted,
          std::span<const Ordinal> renumber)
        : deleted_(deleted), renumber_(renumber), merged_(std::make_unique<Segment::Body>()) {
        PENCHANT_ASSERT(!segments.empty());
        std::size_t postings = 0;
        std::size_t occurrences = 0;
        for (const auto& segment : segments) {
            PENCHANT_ASSERT(parts_.empty() || parts_.back().body->end == segment->begin());
            parts_.push_back({&segment->body(), 0, any_dropped(segment->begin(), segment->end())});
            postings += segment->body().ordinals.size();
            occurrences += segment->body().occurrences.size();
        }
        begin_ = segments.front()->begin();
        merged_->begin = begin_;
        merged_->end = segments.back()->end();
        PENCHANT_ASSERT(deleted_.empty() || deleted_.size() * 64 >= merged_->end);
        if (!renumber_.empty()) {
            PENCHANT_ASSERT(renumber_.size() == merged_->end - begin_);
            set_renumbered_range();
        }
        merged_->ordinals.reserve(postings);
        merged_->places.reserve(postings);
        merged_->occurrences.reserve(occurrences);
        merged_->list_begins.push_back(0);
        merged_->occurrence_begins.push_back(0);
    }

    std::shared_ptr<const Segment> run() {
        for (;;) {
            // Parts are a handful: the least word is found by looking at all of them.
            std::string_view least;
            bool any = false;
            for (const Part& part : parts_) {
                if (part.word == part.body->words.size()) continue;
                const std::string_view word = part.body->words.word(part.word);
                if (!any || word < least) least = word;
                any = true;
            }
            if (!any) break;
            list_begin_ = merged_->ordinals.size();
            occurrence_begin_ = merged_->occurrences.size();
            for (Part& part : parts_) {
                if (part.word == part.body->words.size() || part.body->words.word(part.word) != least) continue;
                if (part.filtered) take_some(*part.body, part.word);
                else take_all(*part.body, part.word);
                ++part.word;
            }
            if (merged_->ordinals.size() == list_begin_) continue;  // nobody is left who has the word
            merged_->words.append(least);
            merged_->list_begins.push_back(static_cast<std::uint32_t>(merged_->ordinals.size()));
            merged_->occurrence_begins.push_back(static_cast<std::uint32_t>(merged_->occurrences.size()));
        }
        return std::make_shared<const Segment>(Segment::Body::sealed(std::move(merged_)));
    }

private:
    struct Part {
        const Segment::Body* body;
        std::uint32_t word;  ///< the next one
        bool filtered;       ///< some ordinals go or change
    };

    [[nodiscard]] bool any_dropped(Ordinal begin, Ordinal end) const {
        if (!renumber_.empty()) return true;
        for (Ordinal ordinal = begin; ordinal < end && !deleted_.empty();) {
            if (ordinal % 64 == 0 && deleted_[ordinal / 64] == 0) {
                ordinal += 64;
                continue;
            }
            if (((deleted_[ordinal / 64] >> (ordinal % 64)) & 1U) != 0) return true;
            ++ordinal;
        }
        return false;
    }

    void set_renumbered_range() {
        std::size_t kept = 0;
        Ordinal first = no_ordinal;
        for (const Ordinal ordinal : renumber_) {
            if (ordinal == no_ordinal) continue;
            if (kept == 0) first = ordinal;
            ++kept;
        }
        // New ordinals are dense, so the first and the count say the range.
        merged_->begin = kept == 0 ? 0 : first;
        merged_->end = merged_->begin + static_cast<Ordinal>(kept);
    }

    /// The new ordinal, or no_ordinal.
    [[nodiscard]] Ordinal renumbered(Ordinal ordinal) const {
        if (!renumber_.empty()) return renumber_[ordinal - begin_];
        return ((deleted_[ordinal / 64] >> (ordinal % 64)) & 1U) != 0 ? no_ordinal : ordinal;
    }

    void take_all(const Segment::Body& body, std::uint32_t word) {
        const std::size_t begin = body.list_begins[word];
        const std::size_t end = body.list_begins[word + 1];
        merged_->ordinals.append(body.ordinals.span(begin, end));
        const auto shift = static_cast<std::uint32_t>(merged_->occurrences.size() - occurrence_begin_);
        std::uint32_t* out = merged_->places.extend(end - begin);
        for (const std::uint32_t place : body.places.span(begin, end)) {
            *out++ = (place & places_elsewhere) != 0 ? place + shift : place;
        }
        merged_->occurrences.append(
            body.occurrences.span(body.occurrence_begins[word], body.occurrence_begins[word + 1]));
    }

    void take_some(const Segment::Body& body, std::uint32_t word) {
        const std::uint32_t* const occurrences = body.occurrences.data() + body.occurrence_begins[word];
        for (std::size_t i = body.list_begins[word]; i < body.list_begins[word + 1]; ++i) {
            const Ordinal ordinal = renumbered(body.ordinals[i]);
            if (ordinal == no_ordinal) continue;
            merged_->ordinals.push_back(ordinal);
            std::uint32_t place = body.places[i];
            if ((place & places_elsewhere) != 0) {
                const std::uint32_t* at = occurrences + (place & ~places_elsewhere);
                place = places_elsewhere | static_cast<std::uint32_t>(merged_->occurrences.size() - occurrence_begin_);
                do merged_->occurrences.push_back(*at);
                while ((*at++ & place_last) == 0);
            }
            merged_->places.push_back(place);
        }
    }

    std::span<const std::uint64_t> deleted_;
    std::span<const Ordinal> renumber_;
    Ordinal begin_ = 0;
    std::vector<Part> parts_;
    std::unique_ptr<Segment::Body> merged_;
    std::size_t list_begin_ = 0;
    std::size_t occurrence_begin_ = 0;
};

}  // namespace

std::shared_ptr<const Segment> merge_segments(std::span<const std::shared_ptr<const Segment>> segments,
                                              std::span<const std::uint64_t> deleted,
                                              std::span<const Ordinal> renumber) {
    return Merge(segments, deleted, renumber).run();
}

}  // namespace penchant
