// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/json_text.h"
#include "tests/catch.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <functional>
#include <limits>
#include <random>

using namespace penchant;
namespace json = boost::json;

TEST_CASE("numbers are written as people write them") {
    CHECK(json_text(119.5) == "119.5");
    CHECK(json_text(3.0) == "3");
    CHECK(json_text(-0.001) == "-0.001");
    CHECK(json_text(1e300) == "1e+300");
    CHECK(json_text(std::int64_t{-42}) == "-42");
    CHECK(json_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(json_text(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("strings escape what JSON asks for and leave the rest") {
    CHECK(json_text(json::string{"a\"b\\c\n\x01\xC3\xA9"}) == "\"a\\\"b\\\\c\\n\\u0001\xC3\xA9\"");
}

TEST_CASE("nested values read back the same") {
    const auto seed = GENERATE(take(100, random(0U, 1U << 30U)));
    CAPTURE(seed);
    std::mt19937 random{seed};
    const std::function<json::value(int)> make = [&](int depth) -> json::value {
        switch (random() % (depth > 3 ? 6 : 8)) {
            case 0: return nullptr;
            case 1: return random() % 2 == 0;
            case 2: return static_cast<std::int64_t>(random()) - (std::int64_t{1} << 31U);
            case 3: return static_cast<double>(random() % 1'000'000) / 8;
            case 4: {
                std::string text;
                for (auto i = random() % 20; i > 0; --i) text += static_cast<char>(random() % 128);
                return json::value(text);
            }
            case 5: return json::value("");
            case 6: {
                json::array array;
                for (auto i = random() % 5; i > 0; --i) array.push_back(make(depth + 1));
                return array;
            }
            default: {
                json::object object;
                for (auto i = random() % 5; i > 0; --i) object["k" + std::to_string(i)] = make(depth + 1);
                return object;
            }
        }
    };
    const json::value value = make(0);
    CHECK(json_text(json::parse(json_text(value))) == json_text(value));
    CHECK(json_text(json::parse(json::serialize(value))) == json_text(value));
}
