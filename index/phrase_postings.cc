// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where several words stand together. The shortest list leads; its records are looked up in the others, and the
// places that lead from each word to the next are followed. A last word that is a prefix comes at the end, word by word of
// its range, for the few records that are left by then.
#include "index/segment_body.h"

#include <algorithm>

namespace penchant {

namespace {

/// A place of the first word, and where the last word that was followed stands.
struct Trail {
    Place first;
    Place last;
    friend auto operator<=>(const Trail&, const Trail&) = default;
};

/// A record with its trails, ascending.
struct Lead {
    Ordinal ordinal;
    std::uint32_t trails_begin;
    std::uint32_t trails_end;
};

bool follows(Place place, Place last, std::uint32_t distance_max) {
    return place_attribute(place) == place_attribute(last) && place_position(place) > place_position(last) &&
           place_position(place) - place_position(last) <= distance_max;
}

/// Finds ordinals, ascending ones, in one list.
class Finder {
public:
    explicit Finder(const Postings& list) : list_(list) {}
    /// The posting of `ordinal`, or size().
    [[nodiscard]] std::size_t find(Ordinal ordinal) {
        const std::span<const Ordinal> ordinals = list_.ordinals;
        if (list_.bitmap != nullptr) return list_.bitmap->contains(ordinal) ? list_.bitmap->position(ordinal) : ordinals.size();
        std::size_t step = 1;
        while (at_ + step < ordinals.size() && ordinals[at_ + step] < ordinal) {
            at_ += step;
            step *= 2;
        }
        const auto begin = ordinals.begin() + static_cast<std::ptrdiff_t>(at_);
        const auto end = ordinals.begin() + static_cast<std::ptrdiff_t>(std::min(at_ + step + 1, ordinals.size()));
        at_ = static_cast<std::size_t>(std::lower_bound(begin, end, ordinal) - ordinals.begin());
        return at_ < ordinals.size() && ordinals[at_] == ordinal ? at_ : ordinals.size();
    }

private:
    Postings list_;
    std::size_t at_ = 0;
};

class Phrase {
public:
    Phrase(const Segment::Body& body, const Alternative& phrase) : body_(body), phrase_(phrase) {
        const std::size_t whole_words = phrase.words.size() - (phrase.prefix ? 1 : 0);
        for (std::size_t i = 0; i < whole_words; ++i) {
            const std::uint32_t word = body.words.find(phrase.words[i]);
            lists_.push_back(word == WordTable::none ? Postings{} : body.list(word));
        }
    }

    UnionPostings build() {
        follow_whole_words();
        if (phrase_.prefix) follow_prefix();
        else {
            for (const Lead& lead : leads_) {
                for (std::uint32_t i = lead.trails_begin; i < lead.trails_end; ++i) found_.push_back(trails_[i].first);
                emit(lead.ordinal);
            }
        }
        return std::move(result_);
    }

private:
    void follow_whole_words() {
        const auto shortest = std::min_element(lists_.begin(), lists_.end(),
                                               [](const Postings& a, const Postings& b) { return a.size() < b.size(); });
        if (shortest->size() == 0) return;
        std::vector<Finder> finders(lists_.begin(), lists_.end());
        std::vector<std::size_t> at(lists_.size());
        for (const Ordinal ordinal : shortest->ordinals) {
            std::size_t i = 0;
            while (i < lists_.size() && (at[i] = finders[i].find(ordinal)) < lists_[i].size()) ++i;
            if (i < lists_.size()) continue;
            const auto begin = static_cast<std::uint32_t>(trails_.size());
            lists_[0].for_each_place(at[0], [&](Place place) { trails_.push_back({place, place}); });
            for (i = 1; i < lists_.size() && trails_.size() > begin; ++i) {
                next_.clear();
                lists_[i].for_each_place(at[i], [&](Place place) {
                    for (std::size_t t = begin; t < trails_.size(); ++t) {
                        if (follows(place, trails_[t].last, phrase_.distance_max)) next_.push_back({trails_[t].first, place});
                    }
                });
                std::sort(next_.begin(), next_.end());
                next_.erase(std::unique(next_.begin(), next_.end()), next_.end());
                trails_.resize(begin);
                trails_.insert(trails_.end(), next_.begin(), next_.end());
            }
            if (trails_.size() > begin) leads_.push_back({ordinal, begin, static_cast<std::uint32_t>(trails_.size())});
        }
    }

    void follow_prefix() {
        const auto [first, last] = body_.prefix_range(phrase_.words.back());
        struct Found {
            std::uint32_t lead;
            Place place;
        };
        std::vector<Found> found;
        for (std::uint32_t word = first; word < last; ++word) {
            const Place exact = body_.words.word(word).size() == phrase_.words.back().size() ? place_exact : 0;
            const Postings list = body_.list(word);
            const auto match = [&](std::uint32_t lead, std::size_t posting) {
                list.for_each_place(posting, [&](Place place) {
                    for (std::uint32_t t = leads_[lead].trails_begin; t < leads_[lead].trails_end; ++t) {
                        if (!follows(place, trails_[t].last, phrase_.distance_max)) continue;
                        found.push_back({lead, (trails_[t].first & ~place_exact) | exact});
                    }
                });
            };
            // The shorter of the two is gone through.
            if (list.size() < leads_.size()) {
                std::size_t lead = 0;
                for (std::size_t i = 0; i < list.size(); ++i) {
                    const auto from = leads_.begin() + static_cast<std::ptrdiff_t>(lead);
                    lead = static_cast<std::size_t>(
                        std::lower_bound(from, leads_.end(), list.ordinals[i],
                                         [](const Lead& a, Ordinal ordinal) { return a.ordinal < ordinal; }) - leads_.begin());
                    if (lead == leads_.size()) break;
                    if (leads_[lead].ordinal == list.ordinals[i]) match(static_cast<std::uint32_t>(lead), i);
                }
            } else {
                Finder finder(list);
                for (std::size_t lead = 0; lead < leads_.size(); ++lead) {
                    const std::size_t posting = finder.find(leads_[lead].ordinal);
                    if (posting < list.size()) match(static_cast<std::uint32_t>(lead), posting);
                }
            }
        }
        std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.lead < b.lead; });
        for (std::size_t i = 0; i < found.size();) {
            const std::uint32_t lead = found[i].lead;
            for (; i < found.size() && found[i].lead == lead; ++i) found_.push_back(found[i].place);
            emit(leads_[lead].ordinal);
        }
    }

    /// Adds a record with the places found_, each once, at (attribute, position) as exact as any of them.
    void emit(Ordinal ordinal) {
        std::sort(found_.begin(), found_.end(), [](Place a, Place b) {
            return (a & 0xFFFFFFU) != (b & 0xFFFFFFU) ? (a & 0xFFFFFFU) < (b & 0xFFFFFFU) : (a & place_exact) > (b & place_exact);
        });
        found_.erase(std::unique(found_.begin(), found_.end(), [](Place a, Place b) { return ((a ^ b) & 0xFFFFFFU) == 0; }),
                     found_.end());
        result_.ordinals.push_back(ordinal);
        if (found_.size() == 1) {
            result_.places.push_back(found_.front() & ~place_whole);
        } else {
            result_.places.push_back(places_elsewhere | static_cast<std::uint32_t>(result_.occurrences.size()));
            for (const Place place : found_) result_.occurrences.push_back(place & ~place_whole);
            result_.occurrences.back() |= place_last;
        }
        found_.clear();
    }

    const Segment::Body& body_;
    const Alternative& phrase_;
    std::vector<Postings> lists_;  ///< of the whole words
    std::vector<Lead> leads_;
    std::vector<Trail> trails_;
    std::vector<Trail> next_;
    std::vector<Place> found_;
    UnionPostings result_;
};

}  // namespace

UnionPostings make_phrase_postings(const Segment::Body& body, const Alternative& phrase) {
    PENCHANT_ASSERT(phrase.words.size() > 1);
    return Phrase(body, phrase).build();
}

}  // namespace penchant
