// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every file of tests/relevance, on one server. PENCHANT_RELEVANCE=typo runs the files with "typo" in their names.
#include "tests/relevance/case_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace penchant::test {
namespace {

std::string read_whole(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// One file of every kind of expectation, all met, and then each of them wrong.
constexpr std::string_view good = R"j({"about":"shoes","source":"A 2.3","settings":{"attributesForFaceting":["searchable(color)"]},
    "records":[{"objectID":"a","name":"trail shoe","color":"red"},{"objectID":"b","name":"shoe","color":"green"}],"cases":[CASE]})j";

std::vector<std::string> differences(std::string_view one) {
    ServerFixture server;
    std::string text(good);
    text.replace(text.find("CASE"), 4, one);
    CaseFile file("control", text);
    file.load(server);
    server.settle();
    return file.check(server);
}

TEST_CASE("every case of every file") {
    ServerFixture server;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(PENCHANT_RELEVANCE_FILES))
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    const char* const wanted = std::getenv("PENCHANT_RELEVANCE");
    std::vector<CaseFile> files;
    std::size_t cases = 0;
    for (const auto& path : paths) {
        if (wanted != nullptr && path.stem().string().find(wanted) == std::string::npos) continue;
        files.emplace_back(path.stem().string(), read_whole(path));
        cases += files.back().cases();
    }
    for (CaseFile& file : files) file.load(server);
    server.settle();
    for (CaseFile& file : files) {
        for (const std::string& difference : file.check(server)) {
            UNSCOPED_INFO(difference);
            CHECK_FALSE(true);
        }
    }
    WARN(cases << " cases in " << files.size() << " files");
    CHECK(!files.empty());
}

TEST_CASE("a case that is right passes") {
    CHECK(differences(R"({"query":"shoe","hits":["b","a"],"matches":["a","b"],"nbHits":2,"rankingInfo":{"b":{"words":1}},
        "hit":{"a":{"color":"red"}},"answer":{"query":"shoe"},"at":{"/hits/0/color":"green"},"absent":["/facets"]})").empty());
    CHECK(differences(R"({"query":{"facets":["color"]},"keys":{"/facets/color":["green","red"]}})").empty());
    CHECK(differences(R"({"query":{"facetQuery":"re"},"facet":"color","at":{"/facetHits/0/value":"red"}})").empty());
    CHECK(differences(R"({"browse":true,"query":{"hitsPerPage":1},"answer":{"nbHits":2}})").empty());
    CHECK(differences(R"({"query":{"hitsPerPage":-1},"error":{"status":400,"contains":"hitsPerPage"}})").empty());
    CHECK(differences(R"({"request":{"method":"GET","path":"/1/indexes/control?query=trail"},"hits":["a"]})").empty());
}

TEST_CASE("a case that is wrong is told, whatever it expects") {
    const auto [one, says] = GENERATE(table<std::string, std::string>({
        {R"({"query":"shoe","hits":["a","b"]})", "expected hits [a b], got [b a]"},
        {R"({"query":"trail","hits":[]})", "got [a]"},
        {R"({"query":"shoe","matches":["a"]})", "in any order"},
        {R"({"query":"shoe","nbHits":3})", "expected 3, got 2"},
        {R"({"query":"shoe","rankingInfo":{"b":{"words":2}}})", "rankingInfo b/words: expected 2, got 1"},
        {R"({"query":"trail","rankingInfo":{"b":{"words":1}}})", "expected hit b"},
        {R"({"query":"shoe","hit":{"a":{"color":"blue"}}})", "hit a/color"},
        {R"({"query":"shoe","answer":{"query":"boot"}})", "answer/query"},
        {R"({"query":"shoe","answer":{"nothing":1}})", "it is not there"},
        {R"({"query":"trail","at":{"/hits/0":{"name":"trail shoe"}}})", "expected no more than"},
        {R"({"query":{"facets":["color"]},"keys":{"/facets/color":["red","green"]}})", "in this order"},
        {R"({"query":"shoe","absent":["/nbHits"]})", "expected nothing, got 2"},
        {R"({"query":"shoe","error":{}})", "expected status 400, got 200"},
        {R"({"query":{"hitsPerPage":-1},"error":{"contains":"sprout"}})", "sprout"},
        {R"({"query":{"hitsPerPage":-1},"nbHits":2})", "expected an answer"},
        {R"({"query":"shoe","nbhits":2})", "unknown key nbhits"},
        {R"({"query":"shoe"})", "expects nothing"},
        {R"({"query":"shoe","index":"nowhere","nbHits":2})", "404"},
    }));
    const auto found = differences(one);
    INFO(one);
    REQUIRE_FALSE(found.empty());
    INFO(found.front());
    CHECK(std::any_of(found.begin(), found.end(), [&](const std::string& text) { return text.find(says) != std::string::npos; }));
}

TEST_CASE("a file that is wrong is told") {
    ServerFixture server;
    for (const char* text : {"[", "[]", "{}", R"({"about":"x","source":"A","records":[],"cases":[]})",
                             R"({"about":"x","source":"A","records":[{"objectID":""}],"cases":[{"query":"","nbHits":0}]})",
                             R"({"about":"x","source":"A","settings":{"hitsPerPage":-3},"records":[{"objectID":"a"}],"cases":[{"query":"","nbHits":1}]})",
                             R"({"about":"x","source":"A","extra":1,"records":[{"objectID":"a"}],"cases":[{"query":"","nbHits":1}]})"}) {
        INFO(text);
        CaseFile file("wrong", text);
        file.load(server);
        server.settle();
        CHECK_FALSE(file.check(server).empty());
        server.request("DELETE", "/1/indexes/wrong");
        server.settle();
    }
}

}  // namespace
}  // namespace penchant::test
