// SPDX-License-Identifier: GPL-3.0-or-later
//
// Unions of alternatives against the definition: every record is looked at, place by place.
#include "index/limits.h"
#include "index/segment.h"
#include "index/segment_body.h"
#include "index/snapshot.h"
#include "index/union_cache.h"
#include "index/union_key.h"
#include "tests/catch.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace penchant;

namespace {

/// The words of one record with their places, each ascending.
using Record = std::map<std::string, std::vector<Place>>;

struct Posting {
    int typos = 0;
    std::vector<Place> places;
    friend bool operator==(const Posting&, const Posting&) = default;
};
using List = std::map<Ordinal, Posting>;

std::shared_ptr<const Segment> segment_of(const std::vector<Record>& records, Ordinal begin) {
    SegmentBuilder builder(begin);
    Ordinal ordinal = begin;
    for (const Record& record : records) {
        std::vector<AnalysedWord> words;
        for (const auto& [word, places] : record) words.push_back({word, places});
        builder.add(ordinal++, words);
    }
    return builder.finish(ordinal);
}

List list_of(const Postings& postings) {
    List list;
    Ordinal last = 0;
    for (std::size_t i = 0; i < postings.size(); ++i) {
        CHECK((i == 0 || last < postings.ordinals[i]));
        last = postings.ordinals[i];
        Posting& posting = list[last];
        if (postings.typos != nullptr) posting.typos = postings.typos[i];
        postings.for_each_place(i, [&](Place place) { posting.places.push_back(place); });
        if (postings.bitmap != nullptr) {
            CHECK(postings.bitmap->contains(last));
            CHECK(postings.bitmap->position(last) == i);
        }
    }
    return list;
}

std::uint32_t where(Place place) { return place & 0xFFFFFFU; }

struct FoundPlace {
    Place place = 0;
    bool begun = false;  ///< by a word that only begins with the prefix
};

/// Adds to `found` where the words of `alternative` from number `next` on follow `last`; `first` is where the first stands.
void follow(const Record& record, const Alternative& alternative, std::size_t next, Place first, Place last, bool begun,
            std::vector<FoundPlace>& found) {
    if (next == alternative.words.size()) {
        const bool alone = alternative.words.size() == 1;
        const bool exact = alternative.exact && !begun;
        found.push_back({where(first) | (exact ? place_exact : 0U) | (alone ? first & place_whole : 0U), begun});
        return;
    }
    const std::string& wanted = alternative.words[next];
    const bool prefix = alternative.prefix && next + 1 == alternative.words.size();
    for (const auto& [word, places] : record) {
        if (prefix ? !word.starts_with(wanted) : word != wanted) continue;
        for (const Place place : places) {
            if (next > 0 && (place_attribute(place) != place_attribute(last) || place_position(place) <= place_position(last) ||
                             place_position(place) - place_position(last) > alternative.distance_max)) {
                continue;
            }
            follow(record, alternative, next + 1, next == 0 ? place : first, place, word != wanted, found);
        }
    }
}

List model(const std::vector<Record>& records, Ordinal begin, const std::vector<Alternative>& alternatives,
           const PlaceScope& scope) {
    const auto in = [](std::span<const AttributeId> attributes, Place place) {
        return std::find(attributes.begin(), attributes.end(), place_attribute(place)) != attributes.end();
    };
    List list;
    for (std::size_t i = 0; i < records.size(); ++i) {
        std::map<int, std::map<std::uint32_t, Place>> by_price;  // price -> (attribute, position) -> place
        for (const Alternative& alternative : alternatives) {
            std::vector<FoundPlace> found;
            follow(records[i], alternative, 0, 0, 0, false, found);
            for (const auto& [place, begun] : found) {
                if (in(scope.hidden, place) || (alternative.typos > 0 && in(scope.typo_free, place)) ||
                    (begun && in(scope.prefix_free, place))) {
                    continue;
                }
                by_price[alternative.typos][where(place)] |= place;
            }
        }
        if (by_price.empty()) continue;
        Posting posting;
        posting.typos = by_price.begin()->first;
        for (const auto& [key, place] : by_price.begin()->second) posting.places.push_back(place);
        std::stable_partition(posting.places.begin(), posting.places.end(), [](Place place) { return (place & place_exact) != 0; });
        if (posting.places.size() > limits::occurrences_per_prefix_max) posting.places.resize(limits::occurrences_per_prefix_max);
        list[begin + static_cast<Ordinal>(i)] = posting;
    }
    return list;
}

/// Sentences of words that share stems, in up to three attributes.
std::vector<Record> some_records(std::mt19937& random, std::size_t count, std::size_t sentence_max) {
    const char* const words[] = {"ice", "icecream", "icicle", "cream", "creamy", "i", "pie", "pies", "apple", "apples", "ap"};
    std::vector<Record> records(count);
    for (Record& record : records) {
        std::map<std::pair<std::string, AttributeId>, std::size_t> kept;
        for (AttributeId attribute = 0; attribute < 3; ++attribute) {
            const auto length = static_cast<std::uint32_t>(random() % (sentence_max + 1));
            for (std::uint32_t position = 0; position < length; ++position) {
                // A few words are common, the others come now and then.
                const std::string word = words[random() % 3 != 0 ? random() % 4 : random() % 11];
                if (++kept[{word, attribute}] > limits::occurrences_per_word_max) continue;
                const std::uint32_t gap = random() % 5 == 0 ? array_element_gap : 0;
                record[word].push_back(make_place(attribute, position + gap * (position / 4), length == 1));
            }
        }
        for (auto& [word, places] : record) {
            std::sort(places.begin(), places.end(), [](Place a, Place b) { return where(a) < where(b); });
            places.erase(std::unique(places.begin(), places.end(), [](Place a, Place b) { return where(a) == where(b); }), places.end());
        }
    }
    return records;
}

std::vector<Alternative> some_alternatives(std::mt19937& random) {
    const char* const words[] = {"ice", "icecream", "cream", "creamy", "i", "pie", "apple", "ap", "a", "none", "c", "icicle"};
    std::vector<Alternative> alternatives(1 + random() % 5);
    for (Alternative& alternative : alternatives) {
        const std::size_t count = random() % 3 == 0 ? 2 + random() % 2 : 1;
        for (std::size_t i = 0; i < count; ++i) alternative.words.emplace_back(words[random() % 12]);
        alternative.prefix = random() % 3 == 0;
        alternative.typos = static_cast<std::uint8_t>(random() % 2 == 0 ? 0 : random() % (alternative_typos_max + 1));
        alternative.exact = random() % 2 == 0;
        alternative.distance_max = static_cast<std::uint8_t>(1 + random() % 3);
    }
    return alternatives;
}

}  // namespace

TEST_CASE("alternatives are the union of their words, prefixes and phrases") {
    std::mt19937 random(5);
    struct Size {
        std::size_t records;
        std::size_t sentence_max;
        int queries;
    };
    for (const Size& size : {Size{1, 6, 60}, Size{12, 9, 120}, Size{700, 5, 60}, Size{40'000, 2, 12}}) {
        const auto records = some_records(random, size.records, size.sentence_max);
        const auto begin = static_cast<Ordinal>(random() % 5'000);
        const auto segment = segment_of(records, begin);
        for (int query = 0; query < size.queries; ++query) {
            const auto alternatives = some_alternatives(random);
            std::vector<AttributeId> chosen[3];
            for (std::vector<AttributeId>& attributes : chosen) {
                for (AttributeId attribute = 0; attribute < 3; ++attribute) {
                    if (random() % 4 == 0) attributes.push_back(attribute);
                }
            }
            if (random() % 2 == 0) chosen[0].clear();
            const PlaceScope scope{chosen[0], chosen[1], chosen[2]};
            const auto postings = segment->alternatives(alternatives, scope);
            const List expected = model(records, begin, alternatives, scope);
            CAPTURE(size.records, query);
            REQUIRE(list_of(postings->view()) == expected);
            const bool any_price = std::any_of(expected.begin(), expected.end(), [](const auto& entry) { return entry.second.typos > 0; });
            CHECK(postings->typos.empty() == !any_price);
            CHECK((postings->bitmap != nullptr) == (expected.size() >= 256 && expected.size() * 16 >= records.size()));
            CHECK(segment->alternatives(alternatives, scope) == postings);
        }
    }
}

TEST_CASE("what is asked decides which union is kept") {
    const auto segment = segment_of({{{"ice", {make_place(0, 0, false)}}, {"cream", {make_place(0, 1, false)}}}}, 0);
    const Alternative ice{{"ice"}};
    const auto first = segment->alternatives(std::span(&ice, 1));
    for (const Alternative& other :
         {Alternative{{"ice"}, true}, Alternative{{"ice"}, false, 1}, Alternative{{"ice"}, false, 0, false},
          Alternative{{"ice"}, false, 0, true, 2}, Alternative{{"ice", "cream"}}, Alternative{{"icecream"}}}) {
        CHECK(segment->alternatives(std::span(&other, 1)) != first);
    }
    const AttributeId title = 0;
    const std::span<const AttributeId> some(&title, 1);
    for (const PlaceScope& scope : {PlaceScope{some, {}, {}}, PlaceScope{{}, some, {}}, PlaceScope{{}, {}, some}}) {
        CHECK(segment->alternatives(std::span(&ice, 1), scope) != first);
    }
    CHECK(segment->alternatives({})->ordinals.empty());
    CHECK(segment->prefix("")->ordinals.size() == 1);
    CHECK(segment->alternatives({})->ordinals.empty());
}

TEST_CASE("a phrase is a phrase of neighbours in one attribute") {
    const auto at = [](AttributeId attribute, std::uint32_t position) { return make_place(attribute, position, true); };
    const auto segment = segment_of({{{"ice", {at(0, 4)}}, {"cream", {at(0, 5)}}},
                                     {{"ice", {at(0, 5)}}, {"cream", {at(0, 4)}}},
                                     {{"ice", {at(0, 4)}}, {"cream", {at(1, 5)}}},
                                     {{"ice", {at(0, 4)}}, {"creamy", {at(0, 6)}}},
                                     {{"ice", {at(0, place_position_max)}}, {"cream", {at(0, place_position_max)}}}}, 0);
    const Alternative phrase{{"ice", "cream"}};
    CHECK(list_of(segment->alternatives(std::span(&phrase, 1))->view()) == List{{0, {0, {make_place(0, 4, false)}}}});
    const Alternative near{{"ice", "cream"}, true, 1, true, 2};
    CHECK(list_of(segment->alternatives(std::span(&near, 1))->view()) ==
          List{{0, {1, {make_place(0, 4, false)}}}, {3, {1, {make_place(0, 4, false, false)}}}});
}

TEST_CASE("what was asked is read back from its key") {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        const auto alternatives = some_alternatives(random);
        const std::vector<AttributeId> some{0, 254, 255, 1023};
        const auto one = std::span(some).subspan(random() % 5);
        const auto other = std::span(some).subspan(random() % 5);
        const AskedUnion asked = asked_by(union_key(alternatives, {one, {}, other}));
        CHECK(asked.alternatives == alternatives);
        CHECK(std::equal(asked.hidden.begin(), asked.hidden.end(), one.begin(), one.end()));
        CHECK(asked.typo_free.empty());
        CHECK(std::equal(asked.prefix_free.begin(), asked.prefix_free.end(), other.begin(), other.end()));
    }
    CHECK(asked_by("ab").alternatives == std::vector<Alternative>{{{"ab"}, true}});
    CHECK(asked_by(union_key({}, {})).alternatives.empty());
}

TEST_CASE("a merged segment has the large unions of those it replaces before anybody asks") {
    SnapshotBuilder builder(std::make_shared<const Settings>(), [](std::string_view, std::string_view) { return FacetValueId{0}; });
    const AttributeTable attributes;
    AnalysedRecord record;
    record.words = {{"ice", {make_place(0, 0, false)}}, {"icecream", {make_place(0, 1, false)}}};
    DocumentId document = 0;
    const auto add = [&](int records) {
        for (int i = 0; i < records; ++i) builder.add(++document, record);
        if (records < 100) builder.add(++document, {"", {{"rare", {make_place(0, 0, false)}}}, {}, {}, {}, {}, 1});
    };
    add(20'000);
    const auto first = builder.publish(attributes);
    REQUIRE(first->segments.size() == 1);
    const std::vector<Alternative> priced{{{"ic"}, true}, {{"icecream"}, false, 1, false}};
    const AttributeId title = 0;
    const PlaceScope scope{{}, std::span(&title, 1), {}};
    const auto asked = first->segments[0]->prefix("ic");
    (void)first->segments[0]->alternatives(priced, scope);
    (void)first->segments[0]->prefix("nothing");

    const auto kept = [](const Segment& segment) {
        std::set<std::string> texts;
        for (const UnionCache::Kept& one : UnionCache::process().kept(segment.body().number)) texts.insert(one.asked);
        return texts;
    };
    const std::set<std::string> large{"ic", union_key(priced, scope)};
    std::shared_ptr<const Snapshot> next;
    SECTION("merged with records that came") {
        add(15'000);
        next = builder.publish(attributes);
        REQUIRE(next->segments.size() == 1);
        CHECK(kept(*next->segments[0]) == large);
        CHECK(next->segments[0]->prefix("ic")->ordinals.size() == 35'000);
    }
    SECTION("folded") {
        for (DocumentId each = 1; each <= 8'000; ++each) builder.remove(each);
        next = builder.publish(attributes);
        REQUIRE(next->columns.size() == 12'000);
        CHECK(kept(*next->segments[0]) == large);
        CHECK(next->segments[0]->prefix("ic")->ordinals.size() == 12'000);
    }
    SECTION("a small one behind it does not disturb it") {
        add(10);
        next = builder.publish(attributes);
        REQUIRE(next->segments.size() == 2);
        CHECK(next->segments[0]->prefix("ic") == asked);
        CHECK(kept(*next->segments[1]).empty());
    }
    CHECK(asked->ordinals.size() == 20'000);
}
