// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/vocabulary.h"

#include "tests/engine/sample.h"

namespace penchant::testing {
namespace {

std::string words(const Vocabulary& vocabulary, std::string_view prefix, std::size_t words_max = 100) {
    std::string text;
    std::size_t count = 0;
    vocabulary.for_each_word(prefix, [&](std::string_view word, std::size_t postings) {
        text += (text.empty() ? "" : " ") + std::string(word) + ':' + std::to_string(postings);
        return ++count < words_max;
    });
    return text;
}

TEST_CASE("words of several segments are one vocabulary") {
    Sample sample;
    sample.add(R"({"objectID":"1","t":"blue shoe"})");
    sample.add(R"({"objectID":"2","t":"blue moon rising"})");
    sample.publish();
    sample.add(R"({"objectID":"3","t":"blue boat"})");
    sample.publish();
    sample.add(R"({"objectID":"4","t":"zebra black"})");
    sample.publish();
    const Vocabulary vocabulary(sample.snapshot());
    CHECK(vocabulary.has("boat"));
    CHECK(vocabulary.has("moon"));
    CHECK_FALSE(vocabulary.has("bl"));
    CHECK(vocabulary.postings("blue") == 3);
    CHECK(vocabulary.postings("none") == 0);
    CHECK(words(vocabulary, "") == "black:1 blue:3 boat:1 moon:1 rising:1 shoe:1 zebra:1");
    CHECK(words(vocabulary, "b") == "black:1 blue:3 boat:1");
    CHECK(words(vocabulary, "", 1) == "black:1");
    CHECK(words(vocabulary, "", 2) == "black:1 blue:3");
    CHECK(words(vocabulary, "z") == "zebra:1");
    CHECK(words(vocabulary, "q").empty());
}

TEST_CASE("a snapshot without records has no words") {
    Sample sample;
    sample.publish();
    const Vocabulary vocabulary(sample.snapshot());
    CHECK_FALSE(vocabulary.has("x"));
    CHECK(words(vocabulary, "").empty());
}

}  // namespace
}  // namespace penchant::testing
