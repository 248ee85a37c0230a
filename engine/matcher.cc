// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/matcher.h"

#include "index/limits.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <tuple>

namespace penchant {
namespace {

constexpr std::size_t block_size = Filter::block_size;
constexpr std::uint32_t distance_max = 8;
constexpr std::size_t places_considered_max = 64;  // of one word in one record, for proximity and exactness
constexpr std::uint32_t no_attribute = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t merge_ratio = 8;             // lists of similar length are merged, others searched

// The list of one query word in one segment.
struct WordList {
    Postings postings;
    std::shared_ptr<const PrefixPostings> keeper;  // a prefix's list lives as long as this
    std::size_t word = 0;                          // which query word
    std::size_t cursor = 0;                        // everything before it is below the block at work
};

// Where a query word's postings come from. With several alternatives their lists would be joined here, each posting
// keeping the price of the cheapest one.
WordList word_list(const Segment& segment, const QueryWord& word, std::size_t number) {
    WordList list;
    list.word = number;
    const Alternative& typed = word.typed();
    if (typed.prefix) {
        list.keeper = segment.prefix(typed.words.front());
        list.postings = list.keeper->view();
    } else {
        list.postings = segment.word(typed.words.front());
    }
    return list;
}

// The usable places of one word in one record.
struct Places {
    std::array<Place, places_considered_max> at;
    std::size_t count = 0;
};

std::uint32_t distance(Place first, Place second) {
    const std::uint32_t a = place_position(first);
    const std::uint32_t b = place_position(second);
    return b > a ? b - a : a - b + 1;
}

std::uint32_t smallest_distance(const Places& first, const Places& second) {
    std::uint32_t smallest = distance_max;
    for (std::size_t i = 0; i < first.count; ++i)
        for (std::size_t j = 0; j < second.count; ++j)
            if (place_attribute(first.at[i]) == place_attribute(second.at[j]))
                smallest = std::min(smallest, distance(first.at[i], second.at[j]));
    return smallest;
}

// The arrays of one block. Kept by the thread, since a search fills them thousands of times.
struct Block {
    std::size_t count = 0;
    std::array<Ordinal, block_size> ordinals;
    std::array<std::uint16_t, block_size> kept;
    std::vector<std::array<std::uint32_t, block_size>> positions;  // one array a list: the posting of each record
    std::size_t lists = 0;                                         // how many of them are in use
    std::array<std::uint32_t, block_size> attribute;
    std::array<std::uint32_t, block_size> proximity;
    std::array<std::uint32_t, block_size> exact;
    std::array<std::int64_t, block_size> filters;

    // Keeps the records named by kept[0..left).
    void compact(std::size_t left) {
        if (left == count) return;
        for (std::size_t i = 0; i < left; ++i) ordinals[i] = ordinals[kept[i]];
        for (std::size_t l = 0; l < lists; ++l)
            for (std::size_t i = 0; i < left; ++i) positions[l][i] = positions[l][kept[i]];
        count = left;
    }
};

Block& thread_block(std::size_t lists) {
    thread_local Block block;
    if (block.positions.size() < lists) block.positions.resize(lists);
    block.count = 0;
    block.lists = 0;
    return block;
}

// Keeps the records of the block that `list` has, and notes where.
void intersect(Block& block, WordList& list, bool similar_length) {
    auto& positions = block.positions[block.lists];
    const std::span<const Ordinal> ordinals = list.postings.ordinals;
    std::size_t left = 0;
    if (const RankedBitmap* bitmap = list.postings.bitmap) {
        for (std::size_t i = 0; i < block.count; ++i) {
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += bitmap->contains(block.ordinals[i]);
        }
        block.compact(left);
        for (std::size_t i = 0; i < left; ++i) positions[i] = bitmap->position(block.ordinals[i]);
    } else if (similar_length) {
        // Step through both lists without a branch on who is behind.
        std::size_t at = list.cursor;
        std::size_t i = 0;
        while (i < block.count && at < ordinals.size()) {
            const Ordinal mine = block.ordinals[i];
            const Ordinal theirs = ordinals[at];
            block.kept[left] = static_cast<std::uint16_t>(i);
            positions[left] = static_cast<std::uint32_t>(at);
            left += mine == theirs;
            i += mine <= theirs;
            at += theirs <= mine;
        }
        list.cursor = at;
        block.compact(left);
    } else {
        std::size_t at = list.cursor;
        for (std::size_t i = 0; i < block.count && at < ordinals.size(); ++i) {
            const Ordinal wanted = block.ordinals[i];
            if (ordinals[at] < wanted) {  // gallop, then halve
                std::size_t step = 1;
                while (at + step < ordinals.size() && ordinals[at + step] < wanted) {
                    at += step;
                    step *= 2;
                }
                const std::size_t end = std::min(at + step, ordinals.size());
                at = static_cast<std::size_t>(
                    std::lower_bound(ordinals.begin() + static_cast<std::ptrdiff_t>(at + 1),
                                     ordinals.begin() + static_cast<std::ptrdiff_t>(end), wanted) - ordinals.begin());
                if (at == ordinals.size()) break;
            }
            block.kept[left] = static_cast<std::uint16_t>(i);
            positions[left] = static_cast<std::uint32_t>(at);
            left += ordinals[at] == wanted;
        }
        list.cursor = at;
        block.compact(left);
    }
    ++block.lists;
}

// Puts values that are within the field's bounds into the keys: a loop without a branch, which the compiler turns into
// vectors.
void add_field(const KeyLayout::Field& field, const std::uint32_t* values, std::size_t count, std::uint64_t* keys) {
    const unsigned shift = field.shift;
    const unsigned dropped_bits = field.dropped_bits;
    for (std::size_t i = 0; i < count; ++i) keys[i] |= std::uint64_t{values[i] >> dropped_bits} << shift;
}

std::size_t characters(std::string_view word) {
    return static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

KeyShape key_shape(const TextQuery& text, const AttributeRules& rules, const Filter& filter,
                   const MatchOptions& options) {
    KeyShape shape;
    std::tie(shape.filters_low, shape.filters_high) = filter.score_range();
    const std::size_t words = text.words.size();
    if (words == 0) return shape;
    shape.proximity_max = static_cast<std::uint32_t>(words - 1) * distance_max;
    if (rules.ranked) shape.attribute_max = rules.value_max;
    if (words == 1) {
        const bool prefix = text.words[0].typed().prefix;
        const bool long_enough = characters(text.words[0].typed().words.front()) >= 3;
        if (options.exact_on_single_word == ExactOnSingleWord::attribute) shape.exact_max = 1;
        if (options.exact_on_single_word == ExactOnSingleWord::word && long_enough && prefix) shape.exact_max = 1;
    } else {
        for (const QueryWord& word : text.words) shape.exact_max += word.typed().prefix ? 1U : 0U;
    }
    // A word that is no prefix can still miss exactness where disableExactOnAttributes says so.
    const bool uneven = std::any_of(rules.rules.begin(), rules.rules.end(),
                                    [](const AttributeRule& rule) { return !rule.exact; });
    if (uneven && options.exact_on_single_word != ExactOnSingleWord::none)
        shape.exact_max = static_cast<std::uint32_t>(words);
    return shape;
}

}  // namespace

struct Matcher::Body {
    const Snapshot& snapshot;
    const TextQuery& text;
    const AttributeRules& rules;
    const Filter& filter;
    MatchOptions options;
    KeyLayout layout;
    std::uint32_t exact_always = 0;  // words that are exact in every match, so that the key need not count them
    Place single_exact = 0;          // bits a place needs so that a one-word query is exact there; 0: never
    bool needs_attribute = false;
    bool needs_proximity = false;
    bool needs_exact = false;

    Body(const Snapshot& snapshot_, const TextQuery& text_, const AttributeRules& rules_, const Filter& filter_,
         MatchOptions options_)
        : snapshot(snapshot_), text(text_), rules(rules_), filter(filter_), options(options_),
          layout(*snapshot_.settings, snapshot_.columns, key_shape(text_, rules_, filter_, options_)) {
        needs_attribute = layout.uses(KeyLayout::Part::attribute);
        needs_proximity = layout.uses(KeyLayout::Part::proximity);
        needs_exact = layout.uses(KeyLayout::Part::exact);
        if (text.words.size() == 1) {
            const bool long_enough = characters(text.words[0].typed().words.front()) >= 3;
            if (options.exact_on_single_word == ExactOnSingleWord::attribute) single_exact = place_whole | place_exact;
            if (options.exact_on_single_word == ExactOnSingleWord::word && long_enough) single_exact = place_exact;
        } else {
            const auto words = static_cast<std::uint32_t>(text.words.size());
            exact_always = words - std::min(words, layout.shape().exact_max);
        }
    }

    [[nodiscard]] bool usable(Place place) const {
        const AttributeRule& rule = rules.of(place);
        return rule.searchable && (rule.prefix || (place & place_exact) != 0);
    }

    [[nodiscard]] bool exact(Place place) const {
        const Place wanted = text.words.size() == 1 ? single_exact : place_exact;
        return wanted != 0 && (place & wanted) == wanted && rules.of(place).exact;
    }

    void gather(const Postings& postings, std::size_t posting, Places& places) const {
        places.count = 0;
        postings.for_each_place(posting, [&](Place place) {
            if (places.count < places_considered_max && (!rules.restricted || usable(place)))
                places.at[places.count++] = place;
        });
    }

    // The criteria of one record from the postings of its words, which are given in query order. False when a word has no
    // place that counts.
    [[nodiscard]] bool measure(std::span<const Postings* const> postings, std::span<const std::uint32_t> positions,
                               MatchDetails& details) const {
        std::array<Places, 2> places;  // of this word and the one before it
        details = {};
        details.attribute = no_attribute;
        for (std::size_t w = 0; w < postings.size(); ++w) {
            Places& now = places[w % 2];
            gather(*postings[w], positions[w], now);
            if (now.count == 0) return false;
            bool is_exact = false;
            for (std::size_t i = 0; i < now.count; ++i) {
                details.attribute = std::min(details.attribute, rules.of(now.at[i]).value(now.at[i]));
                is_exact = is_exact || exact(now.at[i]);
            }
            details.exact_words += is_exact;
            if (w != 0)
                details.proximity += std::max(smallest_distance(places[(w + 1) % 2], now), options.min_proximity);
        }
        details.words = static_cast<std::uint32_t>(postings.size());
        return true;
    }

    // Criteria of a block for a query of one word. Whether a posting has one place or several is a coin toss, and a
    // mispredicted branch costs more than all the rest; so the first pass treats every posting as if it had one place
    // and notes those that have more, and the second takes these.
    void measure_one(Block& block, const Postings& postings) const {
        if (rules.restricted) {
            measure_one_restricted(block, postings);
            return;
        }
        const AttributeRule* const table = rules.rules.data();
        const std::uint32_t* const places = postings.places.data();
        const std::uint32_t* const positions = block.positions[0].data();
        std::uint32_t* const attribute = block.attribute.data();
        std::uint32_t* const exactness = block.exact.data();
        std::uint32_t* const begins = block.proximity.data();  // not needed for one word
        std::uint16_t* const several = block.kept.data();
        // Bits that no place has stand for "never exact".
        const Place wanted = single_exact != 0 ? single_exact : ~Place{0};
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

    // The same where some places do not count, so that a record may turn out not to match.
    void measure_one_restricted(Block& block, const Postings& postings) const {
        std::size_t left = 0;
        for (std::size_t i = 0; i < block.count; ++i) {
            std::uint32_t attribute = no_attribute;
            bool is_exact = false;
            bool found = false;
            postings.for_each_place(block.positions[0][i], [&](Place place) {
                if (!usable(place)) return;
                found = true;
                attribute = std::min(attribute, rules.of(place).value(place));
                is_exact = is_exact || exact(place);
            });
            block.attribute[left] = attribute;
            block.exact[left] = is_exact ? 1 : 0;
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += found;
        }
        block.compact(left);
    }

    void measure_many(Block& block, std::span<const WordList> lists) const {
        std::array<const Postings*, limits::query_words_max> postings;
        std::array<std::size_t, limits::query_words_max> list_of;
        for (std::size_t l = 0; l < lists.size(); ++l) {
            postings[lists[l].word] = &lists[l].postings;
            list_of[lists[l].word] = l;
        }
        const std::size_t words = lists.size();
        std::array<std::uint32_t, limits::query_words_max> positions;
        std::size_t left = 0;
        for (std::size_t i = 0; i < block.count; ++i) {
            for (std::size_t w = 0; w < words; ++w) positions[w] = block.positions[list_of[w]][i];
            MatchDetails details;
            const bool found = measure({postings.data(), words}, {positions.data(), words}, details);
            block.attribute[left] = details.attribute;
            block.proximity[left] = details.proximity;
            block.exact[left] = details.exact_words;
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += found;
        }
        block.compact(left);
    }

    void drop_deleted(Block& block) const {
        const std::span<const std::uint64_t> deleted = snapshot.deleted_bits();
        std::size_t left = 0;
        for (std::size_t i = 0; i < block.count; ++i) {
            const Ordinal ordinal = block.ordinals[i];
            block.kept[left] = static_cast<std::uint16_t>(i);
            left += ((deleted[ordinal / 64] >> (ordinal % 64)) & 1U) ^ 1U;
        }
        block.compact(left);
    }

    void apply_filter(Block& block) const {
        if (filter.everything() || block.count == 0) return;
        block.compact(filter.keep({block.ordinals.data(), block.count}, block.kept));
    }

    // Appends the block's records and keys.
    void emit(Block& block, Matches& matches) const {
        const std::size_t begin = matches.ordinals.size();
        const std::size_t count = block.count;
        matches.ordinals.insert(matches.ordinals.end(), block.ordinals.begin(),
                                block.ordinals.begin() + static_cast<std::ptrdiff_t>(count));
        if (layout.fields().empty()) return;
        matches.keys.resize(begin + count);
        std::uint64_t* keys = matches.keys.data() + begin;
        for (const KeyLayout::Field& field : layout.fields()) {
            switch (field.part) {
                case KeyLayout::Part::attribute: add_field(field, block.attribute.data(), count, keys); break;
                case KeyLayout::Part::proximity: add_field(field, block.proximity.data(), count, keys); break;
                case KeyLayout::Part::exact: {
                    const std::uint32_t most = static_cast<std::uint32_t>(field.value_max) + exact_always;
                    for (std::size_t i = 0; i < count; ++i) block.exact[i] = most - block.exact[i];
                    add_field(field, block.exact.data(), count, keys);
                    break;
                }
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

    void run_segment(const Segment& segment, Matches& matches) const {
        std::vector<WordList> lists;
        lists.reserve(text.words.size());
        for (std::size_t w = 0; w < text.words.size(); ++w) {
            lists.push_back(word_list(segment, text.words[w], w));
            if (lists.back().postings.size() == 0) return;
        }
        std::stable_sort(lists.begin(), lists.end(), [](const WordList& a, const WordList& b) {
            return a.postings.size() < b.postings.size();
        });
        const Postings& lead = lists.front().postings;
        Block& block = thread_block(lists.size());
        for (std::size_t begin = 0; begin < lead.size(); begin += block_size) {
            block.count = std::min(block_size, lead.size() - begin);
            block.lists = 1;
            std::copy_n(lead.ordinals.begin() + static_cast<std::ptrdiff_t>(begin), block.count, block.ordinals.begin());
            std::iota(block.positions[0].begin(), block.positions[0].begin() + static_cast<std::ptrdiff_t>(block.count),
                      static_cast<std::uint32_t>(begin));
            if (snapshot.any_deleted()) drop_deleted(block);
            for (std::size_t l = 1; l < lists.size(); ++l)
                intersect(block, lists[l], lists[l].postings.size() / lead.size() < merge_ratio);
            apply_filter(block);
            if (block.count == 0) continue;
            if (lists.size() == 1) {
                if (needs_attribute || needs_exact || rules.restricted) measure_one(block, lead);
            } else if (needs_attribute || needs_proximity || needs_exact || rules.restricted) {
                measure_many(block, lists);
            }
            emit(block, matches);
        }
    }

    void run_everything(Matches& matches) const {
        const Ordinal size = snapshot.columns.size();
        if (!snapshot.any_deleted() && filter.everything() && layout.fields().empty()) {
            matches.ordinals.resize(size);
            std::iota(matches.ordinals.begin(), matches.ordinals.end(), Ordinal{0});
            return;
        }
        Block& block = thread_block(0);
        for (Ordinal begin = 0; begin < size; begin += static_cast<Ordinal>(block_size)) {
            block.count = std::min<std::size_t>(block_size, size - begin);
            std::iota(block.ordinals.begin(), block.ordinals.begin() + static_cast<std::ptrdiff_t>(block.count), begin);
            if (snapshot.any_deleted()) drop_deleted(block);
            apply_filter(block);
            emit(block, matches);
        }
    }
};

Matcher::Matcher(const Snapshot& snapshot, const TextQuery& text, const AttributeRules& rules, const Filter& filter,
                 MatchOptions options)
    : body_(std::make_unique<Body>(snapshot, text, rules, filter, options)) {}

Matcher::~Matcher() = default;

const KeyLayout& Matcher::layout() const { return body_->layout; }

void Matcher::run(Matches& matches) const {
    matches.ordinals.clear();
    matches.keys.clear();
    if (body_->text.words.empty()) {
        body_->run_everything(matches);
        return;
    }
    for (const auto& segment : body_->snapshot.segments) body_->run_segment(*segment, matches);
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
        std::vector<const Postings*> postings;
        std::vector<std::uint32_t> positions;
        lists.reserve(words);
        for (std::size_t w = 0; w < words; ++w) {
            lists.push_back(word_list(**segment, body_->text.words[w], w));
            const auto& ordinals = lists.back().postings.ordinals;
            const auto at = std::lower_bound(ordinals.begin(), ordinals.end(), ordinal);
            if (at == ordinals.end() || *at != ordinal) return details;
            postings.push_back(&lists.back().postings);
            positions.push_back(static_cast<std::uint32_t>(at - ordinals.begin()));
        }
        if (!body_->measure(postings, positions, details)) return MatchDetails{};
        if (!body_->rules.ranked) details.attribute = 0;
    }
    std::int64_t filters = 0;
    body_->filter.score({&ordinal, 1}, {&filters, 1});
    details.filters = filters;
    return details;
}

}  // namespace penchant
