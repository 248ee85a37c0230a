// SPDX-License-Identifier: GPL-3.0-or-later
//
// For compilers without libFuzzer: runs a fuzz target over the files named on the command line, or over random bytes and random
// pieces of JSON. The seed of a failing input is printed before it runs with PENCHANT_FUZZ_VERBOSE set.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace {

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// Keys and values that mean something to the one or the other target.
std::string random_object(std::mt19937& random, int depth) {
    static constexpr std::array<const char*, 14> keys{
        "objectID", "a", "a.b", "b", "_tags", "_rankingInfo", "ranking", "hitsPerPage", "searchableAttributes",
        "attributesToIndex", "userData", "queryType", "unknown", "version"};
    static constexpr std::array<const char*, 24> values{
        "\"x\"", "7", "0", "-1", "2.5", "1e30", "18446744073709551615", "null", "true", "[]", "[1,\"r\",[2]]", "\"ﬁ é ß\"",
        "{\"_operation\":\"Increment\",\"value\":1}", "{\"_operation\":\"Decrement\",\"value\":0.5}",
        "{\"_operation\":\"Add\",\"value\":\"r\"}", "{\"_operation\":\"Remove\",\"value\":1}",
        "{\"_operation\":\"AddUnique\",\"value\":\"r\"}", "{\"_operation\":\"IncrementFrom\",\"value\":1}",
        "{\"_operation\":\"IncrementSet\",\"value\":9}", "{\"_operation\":\"?\"}", "[\"typo\",\"asc(p)\"]",
        "[\"a,b\",\"unordered(c)\"]", "\"prefixAll\"", "\"\\u00e9\\n\""};
    std::string text = "{";
    for (auto i = random() % 5; i > 0; --i) {
        if (text.size() > 1) text += ",";
        text += "\"" + std::string{keys[random() % keys.size()]} + "\":";
        text += depth > 0 && random() % 5 == 0 ? random_object(random, depth - 1) : std::string{values[random() % values.size()]};
    }
    return text + "}";
}

std::string random_input(unsigned seed) {
    static constexpr std::array<const char*, 28> pieces{
        "{", "}", "[", "]", ",", ":", "\"", "\"objectID\":\"x\"", "\"a\":", "null", "1e999", "\\u00e9", "\\ud800", " ",
        "é", "e\u0301", "ß", "我", "ไทย", "한", "\u200D", "\u00AD", "\u0345", "+#", "C++", "Σς", "\xFF", "\xE2\x82"};
    std::mt19937 random{seed};
    if (seed % 3 != 0) {
        std::string object = random_object(random, 3);
        if (seed % 12 == 1) object[random() % object.size()] = static_cast<char>(random());
        return object;
    }
    std::string input;
    for (auto i = random() % 40; i > 0; --i) {
        if (random() % 8 == 0) input.push_back(static_cast<char>(random()));
        else input += pieces[random() % pieces.size()];
    }
    return input;
}

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::ifstream file{argv[i], std::ios::binary};
        run({std::istreambuf_iterator<char>{file}, {}});
    }
    if (argc > 1) return 0;
    const bool verbose = std::getenv("PENCHANT_FUZZ_VERBOSE") != nullptr;
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        if (verbose) std::fprintf(stderr, "seed %u\n", seed);
        run(random_input(seed));
    }
    return 0;
}
