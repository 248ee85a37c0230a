// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/module_loader.h"
#include "tests/catch.h"
#include "tests/engine/server_fixture.h"

#include <cstdlib>
#include <fstream>

using namespace penchant;
using namespace penchant::test;

namespace {

/// Record 0 is best by custom ranking and record 9 worst, so that a boost of high ordinals turns the order round.
void fill(ServerFixture& fixture) {
    fixture.put("/1/indexes/shop/settings", R"json({"searchableAttributes":["name"],"customRanking":["asc(rank)"]})json");
    fixture.settle();
    std::string batch = R"({"requests":[)";
    for (int i = 0; i < 10; ++i) {
        batch += fmt::format(R"({}{{"action":"addObject","body":{{"objectID":"{}","name":"boot","rank":{}}}}})", i == 0 ? "" : ",", i, i);
    }
    fixture.post("/1/indexes/shop/batch", batch + "]}");
    fixture.settle();
}

std::string first_hit(const JsonAnswer& answer) {
    return std::string{std::string_view{answer.at("hits").as_array().front().as_object().at("objectID").as_string()}};
}

}  // namespace

TEST_CASE("the example module adds its endpoint and its order") {
    ServerFixture fixture{[](ServerOptions& options) {
        options.module = "example";
        options.module_required = true;
    }};
    CHECK(fixture.get("/example/hello").body == R"({"word":"hello"})");
    CHECK(fixture.request("GET", "/example/hello", {}, "nobody").status == 401);
    CHECK(fixture.get("/metrics").body.find("penchant_example_loaded_total 1") != std::string::npos);

    fill(fixture);
    const char* plain = R"({"query":"boot"})";
    const char* personal = R"({"query":"boot","enablePersonalization":true,"userToken":"likes-high"})";
    const char* other = R"({"query":"boot","enablePersonalization":true,"userToken":"somebody"})";
    CHECK(first_hit(fixture.post("/1/indexes/shop/query", plain)) == "0");
    CHECK(first_hit(fixture.post("/1/indexes/shop/query", personal)) == "9");
    CHECK(first_hit(fixture.post("/1/indexes/shop/query", other)) == "0");
    CHECK(fixture.post("/1/indexes/shop/query", personal).text("nbHits") == "10");
}

TEST_CASE("a module that is not there is an error only when it was asked for") {
    ServerFixture without{[](ServerOptions& options) { options.module = "nowhere"; }};
    CHECK(without.get("/health").status == 200);

    const Scratch scratch;
    ServerOptions options = test_options(scratch.path());
    options.module = "nowhere";
    options.module_required = true;
    const auto started = Server::start(std::move(options));
    REQUIRE(started.has_error());
    CHECK(started.error().code == Errc::not_found);
    CHECK(started.error().what.find("libpenchant_nowhere.so") != std::string::npos);
}

TEST_CASE("a file that is no module is refused with its name") {
    const Scratch scratch;
    const std::string file = scratch.path() + "/not_a_module.so";
    std::ofstream{file} << "nothing of the kind";
    ServerOptions options = test_options(scratch.path() + "/data");
    options.module = file;
    const auto started = Server::start(std::move(options));
    REQUIRE(started.has_error());
    CHECK(started.error().code == Errc::bad_request);
    CHECK(started.error().what.find(file) != std::string::npos);
}
