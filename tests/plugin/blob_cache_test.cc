// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/blob_cache.h"

#include "tests/catch.h"

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

using penchant::BlobCache;

TEST_CASE("what is found is what was put last, and memory is bounded") {
    std::mt19937 random(1);
    BlobCache cache(256 * 1024);
    std::map<std::string, std::string> all;
    std::size_t found = 0;
    for (int i = 0; i < 50'000; ++i) {
        const std::string key = "visitor-" + std::to_string(random() % 3000);
        std::string value;
        if (random() % 2 == 0) {
            value.assign(random() % 400, static_cast<char>('a' + random() % 26));
            cache.put(key, value);
            all[key] = value;
        } else if (random() % 20 == 0) {
            cache.erase(key);
            all.erase(key);
        } else if (cache.find(key, value)) {
            ++found;
            REQUIRE(all.count(key) == 1);
            REQUIRE(value == all[key]);
        }
        if (i % 1000 == 0) REQUIRE(cache.bytes() <= 256 * 1024);
    }
    CHECK(found > 1000);
    CHECK(cache.size() > 100);
}

TEST_CASE("the latest used stay") {
    BlobCache cache(64 * 4096);
    cache.put("kept", "x");
    std::string value;
    for (int i = 0; i < 20'000; ++i) {
        cache.put("k" + std::to_string(i), std::string(100, 'y'));
        REQUIRE(cache.find("kept", value));
    }
    CHECK(cache.size() < 2500);
    CHECK_FALSE(cache.find("k0", value));
}

TEST_CASE("filling does not overwrite, and asks before it puts") {
    BlobCache cache(1 << 20U);
    cache.put("a", "new");
    cache.fill("a", "old", [] { return true; });
    cache.fill("b", "old", [] { return false; });
    cache.fill("c", "good", [] { return true; });
    std::string value;
    CHECK((cache.find("a", value) && value == "new"));
    CHECK_FALSE(cache.find("b", value));
    CHECK((cache.find("c", value) && value == "good"));
}

TEST_CASE("a visitor of two hundred bytes costs under three hundred") {
    BlobCache cache(256 * 1024 * 1024);
    constexpr std::size_t visitors = 100'000;
    for (std::size_t i = 0; i < visitors; ++i) cache.put("anonymous-" + std::to_string(1'000'000 + i), std::string(200, 'p'));
    INFO(cache.bytes() / visitors);
    CHECK(cache.size() == visitors);
    CHECK(cache.bytes() / visitors < 300);
}

TEST_CASE("many threads at once") {
    BlobCache cache(128 * 1024);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            std::mt19937 random(t);
            std::string value;
            for (int i = 0; i < 20'000; ++i) {
                const std::string key = std::to_string(random() % 500);
                if (random() % 3 == 0) cache.put(key, key + key);
                else if (random() % 50 == 0) cache.erase(key);
                else if (cache.find(key, value) && value != key + key) ++wrong;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}
