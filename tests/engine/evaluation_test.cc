// SPDX-License-Identifier: GPL-3.0-or-later
//
// Judgments, measures and intervals, against figures worked out by hand.
#include "engine/evaluation/evaluation.h"

#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <fstream>
#include <numeric>

namespace penchant {
namespace {

std::string written(const Scratch& scratch, const std::string& name, std::string_view text) {
    const std::string path = scratch.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

JudgedQuery judged() { return {"lamp", {{"a", 3}, {"b", 2}, {"c", 0}, {"d", 3}, {"e", 1}}}; }

TEST_CASE("judgments of a table: columns by name, the rest does not matter") {
    const Scratch scratch;
    const auto csv = read_judgments(written(scratch, "a.csv", "query,rater,product_id,grade\n\"desk, lamp\",x,007,3\ntv,y,b,0\n\"desk, lamp\",x,b,1.5\ntv,y,b,2\n"), "");
    REQUIRE(csv.has_value());
    REQUIRE(csv->queries.size() == 2);
    CHECK(csv->queries[0].text == "desk, lamp");
    CHECK(csv->queries[0].grades == std::map<std::string, double, std::less<>>{{"007", 3}, {"b", 1.5}});
    CHECK(csv->queries[1].grades.at("b") == 2);  // the later line
    CHECK(csv->best_grade == 3);
    CHECK(csv->relevant_from() == 1.5);
    const auto tsv = read_judgments(written(scratch, "a.tsv", "Query\tobjectID\tRating\nlamp\ta\t1\n"), "");
    REQUIRE(tsv.has_value());
    CHECK(tsv->queries[0].grades.at("a") == 1);
    const auto lines = read_judgments(written(scratch, "a.ndjson", "{\"query\":\"lamp\",\"objectID\":\"a\",\"grade\":1}\n{\"query\":\"lamp\",\"objectID\":7,\"grade\":0}\n"), "");
    REQUIRE(lines.has_value());
    CHECK(lines->queries[0].grades == std::map<std::string, double, std::less<>>{{"a", 1}, {"7", 0}});
}

TEST_CASE("judgments by the query's number") {
    const Scratch scratch;
    const std::string judgments = written(scratch, "j.csv", "query_id,doc_id,grade\n5,552,1\n8,1,0\n5,1,1\n");
    const std::string queries = written(scratch, "q.csv", "query_id,query\n5,what flows\n8,\"wings, two\"\n9,nobody judged this\n");
    const auto read = read_judgments(judgments, queries);
    REQUIRE(read.has_value());
    REQUIRE(read->queries.size() == 2);
    CHECK(read->queries[0].text == "what flows");
    CHECK(read->queries[0].grades.size() == 2);
    CHECK(read->queries[1].text == "wings, two");
    const auto alone = read_judgments(judgments, "");
    REQUIRE(alone.has_error());
    CHECK(alone.error().what.find("--queries") != std::string::npos);
}

TEST_CASE("judgments that cannot be read say where") {
    const Scratch scratch;
    const auto refusal = [&](std::string_view text) {
        const auto read = read_judgments(written(scratch, "bad.csv", text), "");
        REQUIRE(read.has_error());
        CHECK(read.error().code == Errc::bad_request);
        return read.error().what;
    };
    CHECK(refusal("query,objectID,grade\nlamp,a,good\n").find("bad.csv:2: expected a grade from 0 to 30, got \"good\"") != std::string::npos);
    CHECK(refusal("query,objectID,grade\nlamp,a,-1\n").find("bad.csv:2") != std::string::npos);
    CHECK(refusal("query,objectID,grade\nlamp,a,31\n").find("bad.csv:2") != std::string::npos);
    CHECK(refusal("query,thing,grade\nlamp,a,1\n").find("columns such as") != std::string::npos);
    CHECK(refusal("query,objectID,grade\n").find("no judgment") != std::string::npos);
    CHECK(read_judgments(scratch.path() + "/nothing.csv", "").has_error());
}

TEST_CASE("the halves are about equal, and always the same") {
    int even = 0;
    for (int i = 0; i < 1000; ++i) even += in_even_half("query " + std::to_string(i));
    CHECK(even > 430);
    CHECK(even < 570);
    CHECK(in_even_half("laptop") == in_even_half(std::string("lap") + "top"));
}

TEST_CASE("measures of one list, by hand") {
    const JudgedQuery query = judged();
    const std::vector<std::string> found = {"x", "a", "c", "b"};
    // gains 2^grade - 1: DCG = 7 / log2 3 + 3 / log2 5; the best order 3, 3, 2, 1 has 7 + 7 / log2 3 + 3 / 2 + 1 / log2 5
    const Measures exponential = measure(query, found, {2, Gain::exponential});
    CHECK(exponential[0] == Approx(5.7085386 / 13.3471851).margin(1e-6));
    CHECK(exponential[1] == Approx(0.2));
    CHECK(exponential[2] == Approx(0.5));
    CHECK(exponential[3] == Approx(2.0 / 3));
    CHECK(exponential[4] == Approx(0.75));
    // gains as they are: 3 / log2 3 + 2 / log2 5 over 3 + 3 / log2 3 + 2 / 2 + 1 / log2 5
    const Measures linear = measure(query, found, {2, Gain::linear});
    CHECK(linear[0] == Approx(2.7541421 / 6.3234658).margin(1e-6));
    // Another bound for what is good: only a and d are.
    CHECK(measure(query, found, {3, Gain::linear})[1] == Approx(0.1));
}

TEST_CASE("the best list has 1, an empty one 0") {
    const Measures best = measure(judged(), std::vector<std::string>{"d", "a", "b", "e"}, {2, Gain::exponential});
    CHECK(best[0] == Approx(1));
    CHECK(best[2] == Approx(1));
    CHECK(best[3] == Approx(1));
    CHECK(measure(judged(), std::vector<std::string>{}, {2, Gain::exponential}) == Measures{});
}

TEST_CASE("places past the tenth count for recall and MRR only") {
    JudgedQuery query{"q", {{"good", 1}}};
    std::vector<std::string> found;
    for (int i = 0; i < 10; ++i) found.push_back("x" + std::to_string(i));
    found.push_back("good");
    CHECK(measure(query, found, {}) == Measures{0, 0, 1.0 / 11, 1, 0});
    found.insert(found.begin(), 90, "y");
    CHECK(measure(query, found, {}) == Measures{0, 0, 1.0 / 101, 0, 0});
}

TEST_CASE("an interval of equal values is the value; of others it holds the mean, and the seed decides") {
    const Interval equal = bootstrap_mean(std::vector<double>(20, 0.25));
    CHECK(equal.mean == Approx(0.25));
    CHECK(equal.low == Approx(0.25));
    CHECK(equal.high == Approx(0.25));
    std::vector<double> coins(100);
    for (std::size_t i = 0; i < 50; ++i) coins[i] = 1;
    // The mean of a hundred fair coins has a deviation of 0.05: the interval is about 0.5 -+ 0.098.
    const Interval interval = bootstrap_mean(coins);
    CHECK(interval.mean == Approx(0.5));
    CHECK(interval.low == Approx(0.402).margin(0.02));
    CHECK(interval.high == Approx(0.598).margin(0.02));
    const Interval again = bootstrap_mean(coins);
    CHECK(again.low == interval.low);
    CHECK(again.high == interval.high);
}

Result<Evaluation> run(const Judgments& judgments, const std::map<std::string, std::vector<std::string>>& lists) {
    return evaluate(judgments, {2, Gain::exponential}, [&](const std::string& query) -> Result<Found> {
        const auto at = lists.find(query);
        if (at == lists.end()) return Error{Errc::io, "no list for " + query};
        return Found{at->second, at->second.size()};
    });
}

TEST_CASE("an evaluation leaves queries without a good result out of the means") {
    Judgments judgments;
    judgments.queries = {judged(), {"poor", {{"a", 1}}}, {"tv", {{"t", 3}, {"u", 3}}}};
    const auto first = run(judgments, {{"lamp", {"a", "d", "b", "e"}}, {"poor", {}}, {"tv", {"u"}}});
    REQUIRE(first.has_value());
    CHECK(first->counted == 2);
    CHECK(first->without_hits == 1);
    CHECK_FALSE(first->queries[1].counted);
    // tv: 7 over 7 + 7 / log2 3
    CHECK(first->means[0].mean == Approx((1 + 7 / 11.4165083) / 2).margin(1e-6));
    CHECK(first->means[3].mean == Approx(0.75));
    CHECK(first->means[0].low >= 7 / 11.4165083 - 1e-6);
    CHECK(run(judgments, {}).error().what == "no list for lamp");

    SECTION("compared with another one") {
        const auto second = run(judgments, {{"lamp", {"a", "d", "b", "e"}}, {"poor", {"x"}}, {"tv", {"x", "u", "t"}}});
        const Comparison comparison = compare(*first, *second);
        // tv: now 7 / log2 3 + 7 / 2
        CHECK(comparison.differences[0].mean == Approx((7.9165083 - 7) / 11.4165083 / 2).margin(1e-6));
        CHECK(comparison.differences[3].mean == Approx(0.25));
        CHECK(comparison.wins == 1);
        CHECK(comparison.losses == 0);
        CHECK(comparison.ties == 1);
        CHECK(comparison.changed == std::vector<std::size_t>{2});
        const Comparison back = compare(*second, *first);
        CHECK(back.losses == 1);
        CHECK(back.differences[0].mean == Approx(-comparison.differences[0].mean));
        CHECK(compare(*first, *first).changed.empty());
    }
}

}  // namespace
}  // namespace penchant
