// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/time_text.h"

#include "tests/catch.h"

#include <random>

using namespace penchant;

TEST_CASE("moments as texts, and back") {
    CHECK(time_text(0) == "1970-01-01T00:00:00.000Z");
    CHECK(time_text_seconds(1'777'889'017'999) == "2026-05-04T10:03:37Z");
    CHECK(time_text(1'777'889'017'120) == "2026-05-04T10:03:37.120Z");
    std::mt19937_64 random(1);
    for (int i = 0; i < 2000; ++i) {
        const auto time = static_cast<std::int64_t>(random() % 4'000'000'000'000U);
        CHECK(parse_time_text(time_text(time)) == time);
    }
}

TEST_CASE("other spellings of RFC 3339, and what is none") {
    CHECK(parse_time_text("2026-05-04T12:03:37+02:00") == 1'777'889'017'000);
    CHECK(parse_time_text("2026-05-04t08:03:37.5-02:00") == 1'777'889'017'500);
    CHECK(parse_time_text("2026-05-04") == 1'777'852'800'000);
    for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "2026-05-04T", "2026-05-04T25:00:00Z", "2026-05-04T10:03:37",
                             "2026-05-04T10:03:37.Z", "2026-05-04T10:03:37Zx", "2026\r05-04", "yesterday"})
        CHECK_FALSE(parse_time_text(text).has_value());
}
