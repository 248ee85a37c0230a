// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/facet_value_ids.h"

#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <set>
#include <thread>

using namespace penchant;

TEST_CASE("a pair keeps its number over restarts, once saved") {
    const Scratch scratch;
    FacetValueId red = 0;
    FacetValueId empty = 0;
    {
        const auto store = Store::open(scratch.path()).value();
        const auto ids = FacetValueIds::open(*store).value();
        red = ids->number("colour", "red");
        empty = ids->number("colour", "");
        CHECK(ids->number("colour", "red") == red);
        CHECK(ids->number("size", "red") != red);
        CHECK(red != empty);
        REQUIRE(ids->save());
        REQUIRE(ids->save());
        (void)ids->number("colour", "never saved");
        CHECK(ids->size() == 4);
    }
    const auto store = Store::open(scratch.path()).value();
    const auto ids = FacetValueIds::open(*store).value();
    CHECK(ids->size() == 3);
    CHECK(ids->find("colour", "red") == red);
    CHECK(ids->find("colour", "") == empty);
    CHECK_FALSE(ids->find("colour", "never saved").has_value());
    CHECK(ids->name(red) == std::pair<std::string, std::string>("colour", "red"));
    CHECK(ids->name(0) == std::pair<std::string, std::string>());
    CHECK(ids->name(99) == std::pair<std::string, std::string>());
    CHECK(ids->number("colour", "green") == 4);
}

TEST_CASE("a gap in the numbers is damage") {
    const Scratch scratch;
    const auto store = Store::open(scratch.path()).value();
    StoreBatch batch;
    batch.put(Family::facet_values, key_u32(1), std::string("a\0b", 3));
    batch.put(Family::facet_values, key_u32(3), std::string("a\0c", 3));
    REQUIRE(store->write(std::move(batch)));
    CHECK(FacetValueIds::open(*store).error().code == Errc::corrupt);
}

TEST_CASE("threads that number and save at once agree") {
    const Scratch scratch;
    const auto store = Store::open(scratch.path()).value();
    const auto ids = FacetValueIds::open(*store).value();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 200; ++i) {
                const std::string value = std::to_string((i * 7 + thread) % 150);
                const FacetValueId id = ids->number("path", value);
                if (ids->name(id).second != value) std::abort();
                if (i % 50 == 0 && !ids->save()) std::abort();
            }
        });
    for (std::thread& thread : threads) thread.join();
    REQUIRE(ids->save());
    const auto again = FacetValueIds::open(*store).value();
    CHECK(again->size() == ids->size());
    std::set<std::string> values;
    for (FacetValueId id = 1; id <= ids->size(); ++id) {
        CHECK(again->name(id) == ids->name(id));
        values.insert(ids->name(id).second);
    }
    CHECK(values.size() == 150);
}
