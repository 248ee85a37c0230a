// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/match_criteria.h"

#include "index/limits.h"

#include <algorithm>
#include <array>
#include <limits>

namespace penchant {
namespace {

constexpr std::uint32_t distance_max = 8;
constexpr std::size_t places_considered_max = 64;  // of one word in one record, for proximity and exactness
constexpr std::uint32_t no_attribute = std::numeric_limits<std::uint32_t>::max();

// From a place `length` words long to another one.
std::uint32_t distance(Place first, std::uint32_t length, Place second) {
    const std::uint32_t a = place_position(first) + length - 1;
    const std::uint32_t b = place_position(second);
    return b > a ? b - a : a - b + 1;
}

std::size_t characters(std::string_view word) {
    return static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::uint32_t price(const Postings& postings, std::size_t posting) {
    return postings.typos ? postings.typos[posting] : 0U;
}

}  // namespace

// The usable places of one word in one record.
struct MatchCriteria::Places {
    std::array<Place, places_considered_max> at;
    std::size_t count = 0;
};

struct MatchCriteria::Nearest {
    std::uint32_t distance = distance_max;
    std::uint32_t attribute = no_attribute;  // the smallest value of the places that stand at this distance
};

// The textual part of MatchDetails, small enough for the innermost loop.
struct MatchCriteria::Measures {
    std::uint32_t typos = 0;
    std::uint32_t words = 0;
    std::uint32_t exact_words = 0;
    std::uint32_t proximity = 0;
    std::uint32_t attribute = no_attribute;
    std::uint32_t relevance = 0;
};

MatchCriteria::MatchCriteria(const TextQuery& text, const AttributeRules& rules, const MatchOptions& options)
    : text_(text), rules_(rules), options_(options) {
    PENCHANT_ASSERT(text.words.size() <= limits::query_words_max);
    const bool uneven = std::any_of(rules.rules.begin(), rules.rules.end(),
                                    [](const AttributeRule& rule) { return !rule.exact; });
    for (const QueryWord& word : text.words) {
        typed_words_ += word.typed_words;
        const bool varies = uneven || word.optional ||
                            std::any_of(word.alternatives.begin(), word.alternatives.end(), [](const WordAlternative& each) {
                                return each.alternative.prefix || !each.alternative.exact;
                            });
        (varies ? exact_varies_ : exact_always_) += word.typed_words;
    }
    simple_ = !options.attribute_by_min_proximity &&
              std::all_of(text.words.begin(), text.words.end(),
                          [](const QueryWord& word) { return word.typed_words == 1 && !word.optional; });
    if (typed_words_ != 1) return;
    const bool varies = exact_varies_ != 0;
    const bool long_enough = characters(text.words[0].typed().words.front()) >= 3;
    exact_varies_ = exact_always_ = 0;
    if (options.exact_on_single_word == ExactOnSingleWord::attribute) {
        single_exact_ = place_whole | place_exact;
        exact_varies_ = 1;
    } else if (options.exact_on_single_word == ExactOnSingleWord::word && long_enough) {
        single_exact_ = place_exact;
        (varies ? exact_varies_ : exact_always_) = 1;
    }
}

void MatchCriteria::shape(KeyShape& shape) const {
    shape.words_first = options_.words_first;
    shape.typos_first = options_.typo_tolerance == TypoTolerance::strict;
    if (text_.words.empty()) return;
    shape.proximity_max = static_cast<std::uint32_t>(text_.words.size() - 1) * distance_max;
    if (rules_.ranked) shape.attribute_max = rules_.value_max;
    shape.exact_max = exact_varies_;
    shape.relevance_max = Relevance::steps_max;
    const bool all_optional = std::all_of(text_.words.begin(), text_.words.end(), [](const QueryWord& word) { return word.optional; });
    for (const QueryWord& word : text_.words) {
        std::uint32_t dearest = 0;
        for (const WordAlternative& each : word.alternatives)
            dearest = std::max<std::uint32_t>(dearest, each.alternative.typos);
        shape.typos_max += dearest;
        shape.proximity_max += word.typed_words - 1;
        if (word.optional) shape.words_max += word.typed_words;
    }
    if (all_optional && text_.words.size() == 1) shape.words_max = 0;  // without it nothing matches
}

void MatchCriteria::prepare(const KeyLayout& layout, const Relevance* relevance) {
    using Part = KeyLayout::Part;
    relevance_ = layout.uses(Part::relevance) ? relevance : nullptr;
    needs_places_ = layout.uses(Part::attribute) || layout.uses(Part::proximity) || layout.uses(Part::exact);
    needs_counts_ = needs_counts_ || layout.uses(Part::typo) || layout.uses(Part::words);
}

[[gnu::always_inline]] inline bool MatchCriteria::exact(Place place) const {
    const Place wanted = typed_words_ == 1 ? single_exact_ : place_exact;
    return wanted != 0 && (place & wanted) == wanted && rules_.of(place).exact;
}

[[gnu::always_inline]] inline std::uint32_t MatchCriteria::smallest_distance(const Places& first, const Places& second) {
    std::uint32_t smallest = distance_max;
    for (std::size_t i = 0; i < first.count; ++i)
        for (std::size_t j = 0; j < second.count; ++j)
            if (place_attribute(first.at[i]) == place_attribute(second.at[j]))
                smallest = std::min(smallest, distance(first.at[i], 1, second.at[j]));
    return smallest;
}

[[gnu::always_inline]] inline void MatchCriteria::gather(const WordList& list, std::size_t posting, Places& places) const {
    const bool check = !rules_.hidden.empty() && !list.scoped;
    places.count = 0;
    list.postings.for_each_place(posting, [&](Place place) {
        if (places.count < places_considered_max && (!check || rules_.of(place).searchable)) places.at[places.count++] = place;
    });
}

MatchCriteria::Nearest MatchCriteria::nearest(const Places& first, std::uint32_t first_length, const Places& second) const {
    Nearest nearest;
    for (std::size_t i = 0; i < first.count; ++i)
        for (std::size_t j = 0; j < second.count; ++j)
            if (place_attribute(first.at[i]) == place_attribute(second.at[j]))
                nearest.distance = std::min(nearest.distance, distance(first.at[i], first_length, second.at[j]));
    if (!options_.attribute_by_min_proximity || nearest.distance == distance_max) return nearest;
    for (std::size_t i = 0; i < first.count; ++i)
        for (std::size_t j = 0; j < second.count; ++j)
            if (place_attribute(first.at[i]) == place_attribute(second.at[j]) &&
                distance(first.at[i], first_length, second.at[j]) == nearest.distance)
                nearest.attribute = std::min({nearest.attribute, rules_.of(first.at[i]).value(first.at[i]),
                                              rules_.of(second.at[j]).value(second.at[j])});
    return nearest;
}

// Simple: all words are single, required ones; neither relevance nor the nearest places are asked for.
template <bool simple>
bool MatchCriteria::measure_record(Ordinal ordinal, const WordList* const* lists, const std::uint32_t* positions,
                                   Measures& measures) const {
    std::array<Places, 2> places;  // of this word and the matched one before it
    std::size_t turn = 0;
    std::uint32_t length_before = 0;  // of the matched word before; 0: there was none
    std::uint32_t attribute_near = no_attribute;
    double score = 0;
    const double dampening = !simple && relevance_ ? relevance_->dampening(ordinal) : 0;
    const std::size_t words = text_.words.size();
    for (std::size_t w = 0; w < words; ++w) {
        Places& now = places[turn];
        now.count = 0;
        if (simple || (lists[w] && positions[w] != no_posting)) gather(*lists[w], positions[w], now);
        if (now.count == 0) {
            if (!simple && text_.words[w].optional) continue;
            return false;
        }
        const std::uint32_t length = simple ? 1 : text_.words[w].typed_words;
        const std::uint32_t typos = price(lists[w]->postings, positions[w]);
        measures.typos += typos;
        measures.words += length;
        bool is_exact = false;
        for (std::size_t i = 0; i < now.count; ++i) {
            measures.attribute = std::min(measures.attribute, rules_.of(now.at[i]).value(now.at[i]));
            is_exact = is_exact || exact(now.at[i]);
        }
        measures.exact_words += is_exact ? length : 0;
        if constexpr (simple) {
            if (w != 0) measures.proximity += std::max(smallest_distance(places[turn ^ 1U], now), options_.min_proximity);
        } else {
            measures.proximity += length - 1;
            if (relevance_) score += relevance_->part(w, now.count, typos, dampening);
            if (length_before != 0) {
                const Nearest near = nearest(places[turn ^ 1U], length_before, now);
                measures.proximity += std::max(near.distance, options_.min_proximity);
                attribute_near = std::min(attribute_near, near.attribute);
            }
            length_before = length;
        }
        turn ^= 1U;
    }
    if constexpr (!simple) {
        if (measures.words == 0) return false;
        if (attribute_near != no_attribute) measures.attribute = attribute_near;
        if (relevance_) measures.relevance = relevance_->step(score);
    }
    return true;
}

bool MatchCriteria::measure(Ordinal ordinal, std::span<const WordList* const> lists,
                            std::span<const std::uint32_t> positions, MatchDetails& details) const {
    Measures measures;
    details = {};
    if (!measure_record<false>(ordinal, lists.data(), positions.data(), measures)) return false;
    details.typos = measures.typos;
    details.words = measures.words;
    details.exact_words = measures.exact_words;
    details.proximity = measures.proximity;
    details.attribute = measures.attribute;
    details.relevance = measures.relevance;
    return true;
}

void MatchCriteria::measure(MatchBlock& block, std::span<const WordList> lists) const {
    const bool hides = !rules_.hidden.empty() && std::any_of(lists.begin(), lists.end(), [](const WordList& list) { return !list.scoped; });
    if (!needs_places_ && !needs_counts_ && !relevance_ && !hides) return;
    if (typed_words_ == 1 && !relevance_) measure_one(block, lists.front());
    else measure_many(block, lists);
}

// Criteria of a block for a query of one word. Whether a posting has one place or several is a coin toss, and a
// mispredicted branch costs more than all the rest; so the first pass treats every posting as if it had one place
// and notes those that have more, and the second takes these.
void MatchCriteria::measure_one(MatchBlock& block, const WordList& list) const {
    const Postings& postings = list.postings;
    if (needs_counts_) {
        if (postings.typos)
            for (std::size_t i = 0; i < block.count; ++i) block.typos[i] = postings.typos[block.positions[0][i]];
        else block.typos.fill(0);
        block.words.fill(1);
    }
    if (!rules_.hidden.empty() && !list.scoped) {
        measure_one_restricted(block, postings);
        return;
    }
    if (!needs_places_) return;
    const AttributeRule* const table = rules_.rules.data();
    const std::uint32_t* const places = postings.places.data();
    const std::uint32_t* const positions = block.positions[0].data();
    std::uint32_t* const attribute = block.attribute.data();
    std::uint32_t* const exactness = block.exact.data();
    std::uint32_t* const begins = block.proximity.data();  // not needed for one word
    std::uint16_t* const several = block.kept.data();
    // Bits that no place has stand for "never exact".
    const Place wanted = single_exact_ != 0 ? single_exact_ : ~Place{0};
    std::size_t count = 0;
    for (std::size_t i = 0; i < block.count; ++i) {
        const Place place = places[positions[i]];
        const AttributeRule& rule = table[place_attribute(place)];
        attribute[i] = rule.value(place);
        exactness[i] = static_cast<std::uint32_t>((place & wanted) == wanted) & rule.exact;
        several[count] = static_cast<std::uint16_t>(i);
        begins[count] = place & ~places_elsewhere;
        count += place >> 31U;
    }
    if (count == 0) return;
    // Places of neighbouring postings mostly lie one behind the other, so they can be read as one run in which each
    // last place moves on to the next posting, again without a branch. Where the run does not arrive at the
    // begins that were noted, each posting is read by itself.
    std::size_t done = 0;
    std::uint32_t best = no_attribute;
    std::uint32_t is_exact = 0;
    std::uint32_t astray = 0;
    std::uint32_t at = begins[0];
    const std::uint32_t last_begin = begins[count - 1];
    while (at < last_begin && done < count) {
        const Place place = postings.occurrences[at++];
        const AttributeRule& rule = table[place_attribute(place)];
        const std::uint32_t value = rule.value(place);
        best = value < best ? value : best;
        is_exact |= static_cast<std::uint32_t>((place & wanted) == wanted) & rule.exact;
        attribute[several[done]] = best;
        exactness[several[done]] = is_exact;
        const std::uint32_t last = (place >> 30U) & 1U;
        done += last;
        best |= 0U - last;
        is_exact &= last - 1U;
        astray |= last & static_cast<std::uint32_t>(done < count && begins[done] != at);
    }
    const bool arrived = astray == 0 && at == last_begin && done == count - 1;
    for (std::size_t k = arrived ? count - 1 : 0; k < count; ++k) {
        best = no_attribute;
        is_exact = 0;
        for (at = begins[k];; ++at) {
            const Place place = postings.occurrences[at];
            const AttributeRule& rule = table[place_attribute(place)];
            best = std::min(best, rule.value(place));
            is_exact |= static_cast<std::uint32_t>((place & wanted) == wanted) & rule.exact;
            if ((place & place_last) != 0) break;
        }
        attribute[several[k]] = best;
        exactness[several[k]] = is_exact;
    }
}

// The same where some places do not count, so that a record may turn out not to match. The list is a word's own, so it
// costs nothing and every place in it is the word itself.
void MatchCriteria::measure_one_restricted(MatchBlock& block, const Postings& postings) const {
    std::size_t left = 0;
    for (std::size_t i = 0; i < block.count; ++i) {
        std::uint32_t attribute = no_attribute;
        bool is_exact = false;
        bool found = false;
        postings.for_each_place(block.positions[0][i], [&](Place place) {
            if (!rules_.of(place).searchable) return;
            found = true;
            attribute = std::min(attribute, rules_.of(place).value(place));
            is_exact = is_exact || exact(place);
        });
        block.attribute[left] = attribute;
        block.exact[left] = is_exact ? 1 : 0;
        block.kept[left] = static_cast<std::uint16_t>(i);
        left += found;
    }
    block.lists = 0;  // nobody asks for positions any more
    block.compact(left);
}

void MatchCriteria::measure_many(MatchBlock& block, std::span<const WordList> lists) const {
    std::array<const WordList*, limits::query_words_max> list_of{};
    std::array<std::size_t, limits::query_words_max> number{};
    for (std::size_t l = 0; l < lists.size(); ++l) {
        list_of[lists[l].word] = &lists[l];
        number[lists[l].word] = l;
    }
    if (simple_ && !relevance_) measure_records<true>(block, list_of.data(), number.data());
    else measure_records<false>(block, list_of.data(), number.data());
}

template <bool simple>
void MatchCriteria::measure_records(MatchBlock& block, const WordList* const* lists, const std::size_t* numbers) const {
    const std::size_t words = text_.words.size();
    std::array<std::uint32_t, limits::query_words_max> positions;
    std::size_t left = 0;
    for (std::size_t i = 0; i < block.count; ++i) {
        for (std::size_t w = 0; w < words; ++w) positions[w] = block.positions[numbers[w]][i];
        Measures measures;
        const bool found = measure_record<simple>(block.ordinals[i], lists, positions.data(), measures);
        block.typos[left] = measures.typos;
        block.words[left] = measures.words;
        block.attribute[left] = measures.attribute;
        block.proximity[left] = measures.proximity;
        block.exact[left] = measures.exact_words;
        block.relevance[left] = measures.relevance;
        block.kept[left] = static_cast<std::uint16_t>(i);
        left += found;
    }
    block.lists = 0;  // nobody asks for positions any more
    block.compact(left);
}

}  // namespace penchant
