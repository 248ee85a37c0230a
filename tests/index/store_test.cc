// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store.h"

#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

using namespace penchant;

namespace {

std::map<std::string, std::string> everything(const Store& store, Family family) {
    std::map<std::string, std::string> all;
    REQUIRE(store.scan(family, {}, {}, [&](std::string_view key, std::string_view value) {
        all.emplace(key, value);
        return true;
    }));
    return all;
}

}  // namespace

TEST_CASE("a store behaves as a map for each family, over restarts too") {
    const Scratch scratch;
    std::map<std::string, std::string> model[2];
    const Family families[2] = {Family::events, Family::profiles};
    std::mt19937 engine(3);
    const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
    const auto key = [&] { return key_u32(random() % 60); };
    for (int life = 0; life < 3; ++life) {
        const auto store = Store::open(scratch.path()).value();
        for (int round = 0; round < 60; ++round) {
            StoreBatch batch;
            CHECK(batch.empty());
            for (int i = 0; i < 5; ++i) {
                const std::size_t f = random() % 2;
                const std::string first = key();
                switch (random() % 4) {
                    case 0:
                        batch.remove(families[f], first);
                        model[f].erase(first);
                        break;
                    case 1: {
                        const std::string last = key_u32(read_key_u32(first) + random() % 6 + 1);
                        batch.remove_range(families[f], first, last);
                        model[f].erase(model[f].lower_bound(first), model[f].lower_bound(last));
                        break;
                    }
                    default:
                        batch.put(families[f], first, std::to_string(round));
                        model[f][first] = std::to_string(round);
                }
            }
            if (round % 2) REQUIRE(store->write(std::move(batch)));
            else REQUIRE(store->write_unsynced(std::move(batch)));
        }
        for (std::size_t f = 0; f < 2; ++f) {
            CHECK(everything(*store, families[f]) == model[f]);
            const std::string begin = key();
            const std::string end = key_u32(read_key_u32(begin) + 10);
            std::map<std::string, std::string> part;
            REQUIRE(store->scan(families[f], begin, end, [&](std::string_view k, std::string_view v) {
                part.emplace(k, v);
                return true;
            }));
            CHECK(part == std::map<std::string, std::string>(model[f].lower_bound(begin), model[f].lower_bound(end)));
            const std::string one = key();
            const auto value = store->get(families[f], one).value();
            CHECK(value.has_value() == (model[f].count(one) != 0));
        }
        REQUIRE(store->verify());
        REQUIRE(store->compact(Family::events, {}, {}));
        CHECK(everything(*store, Family::events) == model[0]);
        CHECK(store->approximate_bytes(Family::events) > 0);
    }
}

TEST_CASE("a scan stops when it is told to") {
    const Scratch scratch;
    const auto store = Store::open(scratch.path()).value();
    StoreBatch batch;
    for (std::uint32_t i = 0; i < 10; ++i) batch.put(Family::keys, key_u32(i), "x");
    REQUIRE(store->write(std::move(batch)));
    int seen = 0;
    REQUIRE(store->scan(Family::keys, {}, {}, [&](std::string_view, std::string_view) { return ++seen < 3; }));
    CHECK(seen == 3);
}

TEST_CASE("writes of many threads all arrive") {
    const Scratch scratch;
    const auto store = Store::open(scratch.path()).value();
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 0; thread < 6; ++thread)
        threads.emplace_back([&, thread] {
            for (std::uint32_t i = 0; i < 50; ++i) {
                StoreBatch batch;
                batch.put(Family::events, key_u32(thread) + key_u32(i), "x");
                if (!store->write(std::move(batch))) ++failed;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(failed == 0);
    CHECK(everything(*store, Family::events).size() == 300);
}

TEST_CASE("one process writes, or several read") {
    const Scratch scratch;
    {
        const auto first = Store::open(scratch.path()).value();
        StoreBatch batch;
        batch.put(Family::keys, "a", "b");
        REQUIRE(first->write(std::move(batch)));
        const auto second = Store::open(scratch.path());
        CHECK(second.error().code == Errc::conflict);
        CHECK(second.error().what.find(scratch.path()) != std::string::npos);
        CHECK(Store::open(scratch.path(), true).error().code == Errc::conflict);
    }
    const auto reader = Store::open(scratch.path(), true).value();
    const auto other = Store::open(scratch.path(), true);
    CHECK(other.has_value());
    CHECK(reader->get(Family::keys, "a").value() == "b");
    StoreBatch batch;
    batch.put(Family::keys, "a", "c");
    CHECK(reader->write(std::move(batch)).error().code == Errc::unavailable);
    CHECK(Store::open(scratch.path()).error().code == Errc::conflict);
}

TEST_CASE("a directory of a newer version is refused") {
    const Scratch scratch;
    {
        const auto store = Store::open(scratch.path()).value();
        StoreBatch batch;
        batch.put(Family::system, "format", "2");
        REQUIRE(store->write(std::move(batch)));
    }
    CHECK(Store::open(scratch.path()).error().code == Errc::bad_request);
}

TEST_CASE("a directory that is none, and one with nothing in it") {
    const Scratch scratch;
    std::ofstream(scratch.path() + "/file") << "x";
    CHECK(Store::open(scratch.path() + "/file").has_error());
    CHECK(Store::open(scratch.path(), true).error().code == Errc::not_found);
    CHECK(Store::open(scratch.path() + "/a/b/c").has_value());
}

TEST_CASE("damage in a file of the store is found") {
    const Scratch scratch;
    {
        const auto store = Store::open(scratch.path()).value();
        StoreBatch batch;
        for (std::uint32_t i = 0; i < 2'000; ++i)
            batch.put(Family::events, key_u32(i * 2'654'435'761U), key_u32(i * 40'503U));
        REQUIRE(store->write(std::move(batch)));
        REQUIRE(store->compact(Family::events, {}, {}));
        REQUIRE(store->verify());
    }
    std::filesystem::path largest;
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(scratch.path() + "/store"))
        if (entry.path().extension() == ".sst" && entry.file_size() > bytes) {
            bytes = entry.file_size();
            largest = entry.path();
        }
    REQUIRE(bytes > 10'000);
    {
        std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(bytes / 3));
        const int byte = file.peek();
        file.put(static_cast<char>(byte ^ 0x10));
    }
    const auto store = Store::open(scratch.path());
    if (store) CHECK((*store)->verify().error().code == Errc::corrupt);
    else CHECK(store.error().code == Errc::corrupt);
}

TEST_CASE("keys are in the order of their numbers and read back") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 1'000; ++i) {
        const std::uint64_t a = random() >> (random() % 64);
        const std::uint64_t b = random() >> (random() % 64);
        CHECK((key_u64(a) < key_u64(b)) == (a < b));
        CHECK(read_key_u64(key_u64(a)) == a);
        const auto c = static_cast<std::uint32_t>(a);
        const auto d = static_cast<std::uint32_t>(b);
        CHECK((key_u32(c) < key_u32(d)) == (c < d));
        CHECK(read_key_u32(key_u32(c)) == c);
    }
}
