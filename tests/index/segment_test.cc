// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/segment.h"

#include "index/union_cache.h"
#include "tests/catch.h"
#include "tests/index/snapshot_model.h"

#include <atomic>
#include <set>
#include <thread>

using namespace penchant;
using namespace penchant::testing;

namespace {

/// A list as ordinals and places.
using List = std::map<Ordinal, std::vector<Place>>;

List list_of(const Postings& postings) {
    List list;
    for (std::size_t i = 0; i < postings.size(); ++i) {
        std::vector<Place>& places = list[postings.ordinals[i]];
        postings.for_each_place(i, [&](Place place) { places.push_back(place); });
    }
    return list;
}

std::map<std::string, List> words_of(const Segment& segment) {
    std::map<std::string, List> words;
    segment.for_each_word("", [&](std::string_view word, std::size_t postings) {
        words[std::string(word)] = list_of(segment.word(word));
        CHECK(words[std::string(word)].size() == postings);
        return true;
    });
    CHECK(words.size() == segment.words());
    return words;
}

/// Records 0, 1, 2, ... taken apart; record i may be without words.
std::vector<AnalysedRecord> some_records(std::uint32_t seed, std::size_t count) {
    RecordMaker make(seed);
    std::vector<AnalysedRecord> records;
    for (std::size_t i = 0; i < count; ++i) records.push_back(make.record(0));
    return records;
}

std::shared_ptr<const Segment> segment_of(const std::vector<AnalysedRecord>& records, Ordinal begin, Ordinal end) {
    SegmentBuilder builder(begin);
    for (Ordinal ordinal = begin; ordinal < end; ++ordinal) builder.add(ordinal, records[ordinal].words);
    CHECK(builder.records() == end - begin);
    return builder.finish(end);
}

AnalysedWord word_at(std::string word, std::uint32_t position) {
    return {std::move(word), {make_place(0, position, false)}};
}

}  // namespace

TEST_CASE("a ranked bitmap contains and counts") {
    const std::vector<Ordinal> ordinals{100, 101, 163, 164, 227, 300};
    const RankedBitmap bitmap(100, 301, ordinals);
    std::uint32_t below = 0;
    for (Ordinal ordinal = 100; ordinal < 301; ++ordinal) {
        const bool there = std::find(ordinals.begin(), ordinals.end(), ordinal) != ordinals.end();
        REQUIRE(bitmap.contains(ordinal) == there);
        if (there) REQUIRE(bitmap.position(ordinal) == below++);
    }
}

TEST_CASE("merging segments gives the segment of all their records") {
    const auto records = some_records(1, 900);
    const std::vector<std::shared_ptr<const Segment>> parts{
        segment_of(records, 0, 500), segment_of(records, 500, 501), segment_of(records, 501, 880),
        segment_of(records, 880, 900)};
    const auto all = segment_of(records, 0, 900);

    SECTION("as they are") {
        const auto merged = merge_segments(parts, {}, {});
        CHECK(merged->begin() == 0);
        CHECK(merged->end() == 900);
        CHECK(words_of(*merged) == words_of(*all));
        CHECK(merged->postings() == all->postings());
    }
    SECTION("without the deleted") {
        std::vector<std::uint64_t> deleted(900 / 64 + 1);
        auto left = words_of(*all);
        for (Ordinal ordinal = 0; ordinal < 900; ordinal += ordinal % 7 + 1) {
            deleted[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
            for (auto& [word, list] : left) list.erase(ordinal);
        }
        std::erase_if(left, [](const auto& entry) { return entry.second.empty(); });
        const auto merged = merge_segments(parts, deleted, {});
        CHECK(merged->end() == 900);
        CHECK(words_of(*merged) == left);
    }
    SECTION("renumbered, from the middle") {
        std::vector<Ordinal> renumber;
        std::vector<AnalysedRecord> left(records.begin(), records.begin() + 500);
        for (Ordinal ordinal = 500; ordinal < 900; ++ordinal) {
            const bool goes = ordinal % 3 == 0;
            renumber.push_back(goes ? no_ordinal : static_cast<Ordinal>(left.size()));
            if (!goes) left.push_back(records[ordinal]);
        }
        const auto merged = merge_segments(std::span(parts).subspan(1), {}, renumber);
        CHECK(merged->begin() == 500);
        CHECK(merged->end() == left.size());
        CHECK(words_of(*merged) == words_of(*segment_of(left, 500, static_cast<Ordinal>(left.size()))));
    }
    SECTION("nobody left") {
        const std::vector<Ordinal> renumber(900, no_ordinal);
        const auto merged = merge_segments(parts, {}, renumber);
        CHECK(merged->begin() == merged->end());
        CHECK(merged->words() == 0);
        CHECK(merged->prefix("a")->ordinals.empty());
    }
}

TEST_CASE("lists given whole make the same segment as records") {
    const auto records = some_records(2, 700);
    const auto by_records = segment_of(records, 0, 700);
    SegmentBuilder by_lists(0);
    SegmentBuilder by_flat_lists(0);
    by_records->for_each_word("", [&](std::string_view word, std::size_t) {
        std::vector<Ordinal> ordinals;
        std::vector<std::vector<Place>> places;
        for (const auto& [ordinal, own] : list_of(by_records->word(word))) {
            ordinals.push_back(ordinal);
            places.push_back(own);
        }
        by_lists.add_list(word, ordinals, places);
        std::vector<std::uint32_t> flat;
        std::vector<std::uint32_t> occurrences;
        for (const auto& own : places) {
            const auto next = static_cast<std::uint32_t>(occurrences.size());
            flat.push_back(own.size() == 1 ? own[0] : places_elsewhere | next);
            if (own.size() == 1) continue;
            occurrences.insert(occurrences.end(), own.begin(), own.end());
            occurrences.back() |= place_last;
        }
        by_flat_lists.add_flat_list(word, ordinals, flat, occurrences);
        return true;
    });
    CHECK(words_of(*by_lists.finish(700)) == words_of(*by_records));
    CHECK(words_of(*by_flat_lists.finish(700)) == words_of(*by_records));
}

TEST_CASE("prefixes of a segment of many blocks, dense and thin, equal the union of their words") {
    // Three blocks of ordinals: "co..." words are in most records, "q..." ones in a few, "z" in none.
    constexpr Ordinal records = 70'000;
    RecordMaker make(3);
    SegmentBuilder builder(1'000);
    std::map<std::string, List> expected{{"c", {}}, {"co", {}}, {"q", {}}, {"cod", {}}, {"z", {}}};
    for (Ordinal ordinal = 1'000; ordinal < 1'000 + records; ++ordinal) {
        std::map<std::string, std::set<Place>> places;
        for (std::size_t i = make.below(4); i > 0; --i) {
            std::string word = make.chance(0.3) ? "c" : "co";
            if (make.chance(0.4)) word = "cod" + std::to_string(make.below(300));
            if (make.chance(0.001)) word = "q" + std::to_string(make.below(9));
            const auto attribute = static_cast<AttributeId>(make.below(3));
            places[word].insert(make_place(attribute, static_cast<std::uint32_t>(make.below(9)), false));
        }
        std::vector<AnalysedWord> words;
        for (const auto& [word, own] : places) words.push_back({word, {own.begin(), own.end()}});
        builder.add(ordinal, words);
        for (auto& [prefix, list] : expected) {
            std::vector<std::pair<bool, Place>> own;
            for (const auto& [word, at] : places) {
                if (word.compare(0, prefix.size(), prefix) != 0) continue;
                const Place cleared = word == prefix ? 0 : place_exact;
                for (const Place place : at) own.emplace_back(word != prefix, place & ~cleared);
            }
            std::sort(own.begin(), own.end());
            for (const auto& [inexact, place] : own) list[ordinal].push_back(place);
        }
    }
    const auto segment = builder.finish(1'000 + records);
    for (const auto& [prefix, list] : expected) {
        CAPTURE(prefix);
        const auto postings = segment->prefix(prefix);
        CHECK(list_of(postings->view()) == list);
        CHECK((postings->bitmap != nullptr) == (list.size() >= 256 && list.size() * 16 >= records));
        CHECK(segment->prefix(prefix) == postings);
    }
    CHECK(segment->word("c").bitmap != nullptr);
    CHECK(segment->word("q1").bitmap == nullptr);
    CHECK(segment->word("cod1").bitmap == nullptr);
}

TEST_CASE("a prefix keeps few places, the exact ones first") {
    SegmentBuilder builder(7);
    std::vector<AnalysedWord> words;
    for (std::uint32_t i = 0; i < 6; ++i) words.push_back(word_at("a" + std::to_string(i), i));
    words.push_back({"aa", {make_place(2, 40, true), make_place(2, 41, false), make_place(2, 42, false)}});
    words.push_back(word_at("b", 9));
    words.insert(words.begin(), word_at("a", 90));
    builder.add(7, words);
    const auto segment = builder.finish(8);
    const List list = list_of(segment->prefix("a")->view());
    REQUIRE(list.size() == 1);
    const std::vector<Place>& places = list.at(7);
    REQUIRE(places.size() == limits::occurrences_per_prefix_max);
    CHECK(places[0] == make_place(0, 90, false, true));
    CHECK(places[1] == make_place(0, 0, false, false));
    CHECK(places[7] == make_place(2, 40, true, false));
    CHECK(segment->word("a").size() == 1);
    CHECK(segment->word("a7").size() == 0);
    std::size_t visited = 0;
    segment->for_each_word("a", [&](std::string_view, std::size_t) { return ++visited < 3; });
    CHECK(visited == 3);
}

TEST_CASE("prefix ranges hold at the ends of the byte order") {
    SegmentBuilder builder(0);
    builder.add(0, {word_at("", 0), word_at("a", 1), word_at("a\xFF", 2), word_at("b", 3), word_at("\xFF", 4),
                    word_at("\xFF\xFF", 5)});
    const auto segment = builder.finish(1);
    const auto count = [&](std::string_view prefix) {
        std::size_t words = 0;
        segment->for_each_word(prefix, [&](std::string_view, std::size_t) { return ++words > 0; });
        return words;
    };
    CHECK(count("") == 6);
    CHECK(count("a") == 2);
    CHECK(count("\xFF") == 2);
    CHECK(count("\xFF\xFF") == 1);
    CHECK(count("c") == 0);
}

TEST_CASE("the prefix cache forgets what was asked for longest ago") {
    const auto postings = [](std::size_t size) {
        UnionPostings made;
        made.ordinals.resize(size);
        return made;
    };
    UnionCache cache(100'000);
    int builds = 0;
    const auto ask = [&](std::uint64_t segment, std::string_view prefix) {
        return cache.get(segment, prefix, [&] {
            ++builds;
            return postings(10'000);  // 40,000 bytes: two fit
        });
    };
    const auto first = ask(1, "a");
    ask(2, "a");
    CHECK(builds == 2);
    CHECK(ask(1, "a") == first);
    ask(2, "b");  // the oldest is 2 "a" by now
    CHECK(cache.bytes() <= 100'000);
    CHECK(builds == 3);
    CHECK(ask(1, "a") == first);
    ask(2, "a");
    CHECK(builds == 4);
    CHECK(cache.bytes(1) + cache.bytes(2) == cache.bytes());
    cache.drop(1);
    CHECK(cache.bytes(1) == 0);
    CHECK(ask(1, "a") != first);
    CHECK(first->ordinals.size() == 10'000);  // who holds it keeps it
    cache.drop(1);
    cache.drop(2);
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a prefix asked for by many threads at once is built once") {
    UnionCache cache(std::size_t{1} << 30U);
    std::atomic<int> builds{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int prefix = 0; prefix < 200; ++prefix) {
                const auto found = cache.get(1, std::to_string(prefix), [&] {
                    ++builds;
                    UnionPostings made;
                    made.ordinals.assign(100, static_cast<Ordinal>(prefix));
                    return made;
                });
                if (found->ordinals.back() != static_cast<Ordinal>(prefix)) builds += 1'000;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(builds == 200);
}
