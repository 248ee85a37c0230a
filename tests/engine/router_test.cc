// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/router.h"
#include "tests/catch.h"

using namespace penchant;

namespace {

Router example() {
    Router router;
    for (const auto& [method, pattern] : {std::pair{Method::get, "/1/indexes"},
                                          {Method::get, "/1/indexes/{index}"},
                                          {Method::post, "/1/indexes/{index}"},
                                          {Method::get, "/1/indexes/{index}/{objectID}"},
                                          {Method::put, "/1/indexes/{index}/{objectID}"},
                                          {Method::get, "/1/indexes/{index}/settings"},
                                          {Method::post, "/1/indexes/{index}/batch"},
                                          {Method::post, "/1/indexes/*/batch"},
                                          {Method::post, "/1/indexes/{index}/{objectID}/partial"},
                                          {Method::post, "/1/indexes/{index}/facets/{facet}/query"}}) {
        router.add({method, pattern, {}, RouteFamily::search, [](const Call&) { return Response{}; }});
    }
    return router;
}

std::string pattern_of(const Router& router, Method method, const std::vector<std::string>& path) {
    const auto match = router.match(method, path);
    return match.route == nullptr ? (match.path_exists ? "405" : "404") : match.route->pattern;
}

}  // namespace

TEST_CASE("a literal segment wins over a variable, whatever the order of adding") {
    const Router router = example();
    CHECK(pattern_of(router, Method::get, {"1", "indexes", "shop", "settings"}) == "/1/indexes/{index}/settings");
    CHECK(pattern_of(router, Method::get, {"1", "indexes", "shop", "sku"}) == "/1/indexes/{index}/{objectID}");
    CHECK(pattern_of(router, Method::post, {"1", "indexes", "*", "batch"}) == "/1/indexes/*/batch");
    CHECK(pattern_of(router, Method::post, {"1", "indexes", "shop", "batch"}) == "/1/indexes/{index}/batch");
    const auto match = router.match(Method::post, {"1", "indexes", "shop", "facets", "my facet", "query"});
    REQUIRE(match.route != nullptr);
    CHECK(match.variables == std::vector<std::string>{"shop", "my facet"});
}

TEST_CASE("the path decides what is meant before the method is looked at") {
    const Router router = example();
    // A record called "settings" cannot be replaced by way of the settings.
    CHECK(pattern_of(router, Method::put, {"1", "indexes", "shop", "settings"}) == "405");
    CHECK(pattern_of(router, Method::get, {"1", "indexes", "shop", "batch"}) == "405");
    CHECK(pattern_of(router, Method::delete_, {"1", "indexes"}) == "405");
    CHECK(pattern_of(router, Method::get, {"2", "indexes"}) == "404");
    CHECK(pattern_of(router, Method::get, {"1", "indexes", "shop", ""}) == "404");
    CHECK(pattern_of(router, Method::get, {"1", "indexes", ""}) == "404");
}

TEST_CASE("HEAD goes where GET goes") {
    const Router router = example();
    CHECK(pattern_of(router, Method::head, {"1", "indexes"}) == "/1/indexes");
    CHECK(pattern_of(router, Method::other, {"1", "indexes"}) == "405");
}

TEST_CASE("a caller may what its key says") {
    Caller caller;
    caller.acl = {"search", "personalization"};
    CHECK(caller.may("search"));
    CHECK_FALSE(caller.may("browse"));
    CHECK(caller.may("recommendation"));
    CHECK(caller.may("personalization"));
    CHECK_FALSE(caller.may("admin"));
    caller.admin = true;
    CHECK(caller.may("browse"));
}

TEST_CASE("index patterns have a star at either end") {
    Caller caller;
    CHECK(caller.may_use_index("anything"));
    caller.index_patterns = {"shop", "dev_*", "*_copy", "*mid*"};
    for (const char* name : {"shop", "dev_", "dev_x", "x_copy", "amidst"}) CHECK(caller.may_use_index(name));
    for (const char* name : {"shop2", "ashop", "de", "x_copy2", "mi"}) CHECK_FALSE(caller.may_use_index(name));
    caller.index_patterns = {"*"};
    CHECK(caller.may_use_index("anything"));
}
