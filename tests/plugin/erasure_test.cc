// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/erasure.h"

#include "tests/catch.h"
#include "tests/plugin/shop.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace penchant;

namespace {

/// Files under the store that hold `needle` as it stands. Short values are not compressed by our own doing, but blocks
/// may be; so the answers through scan() are checked beside this.
std::vector<std::string> files_with(const std::string& directory, const std::string& needle) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), {});
        if (bytes.find(needle) != std::string::npos) found.push_back(entry.path().filename().string());
    }
    return found;
}

std::size_t entries_with(TestShop& shop, const std::string& needle) {
    std::size_t count = 0;
    for (const Family family : {Family::system, Family::operations, Family::keys, Family::facet_values,
                                Family::events, Family::identities, Family::profiles, Family::module}) {
        const auto scanned = shop.catalog->store().scan(family, {}, {}, [&](std::string_view key, std::string_view value) {
            if (key.find(needle) != std::string_view::npos || value.find(needle) != std::string_view::npos) ++count;
            return true;
        });
        REQUIRE(scanned.has_value());
    }
    return count;
}

boost::json::object canary_event(std::string_view token, int n, std::string_view person = {}) {
    boost::json::object event = TestShop::event(token, n);
    event["eventID"] = "canary-id-" + std::to_string(n);
    if (!person.empty()) event["authenticatedUserToken"] = person;
    return event;
}

}  // namespace

TEST_CASE("an erased visitor is gone from answers at once, and from files after compaction") {
    TestShop shop;
    for (int n = 1; n <= 30; ++n) {
        REQUIRE(shop.send({canary_event("canary-anna-phone", n, "canary-anna"), TestShop::event("bystander", n)}).status == 200);
    }
    REQUIRE(shop.send({canary_event("canary-anna-laptop", 1, "canary-anna")}).status == 200);
    REQUIRE(shop.boost("canary-anna-phone").boost);
    REQUIRE(entries_with(shop, "canary-") > 60);
    REQUIRE_FALSE(files_with(shop.scratch.path(), "canary-").empty());
    const Profile bystander = shop.profile("bystander");

    REQUIRE(shop.call(Method::delete_, "/1/usertokens/canary-anna").status == 204);
    CHECK(entries_with(shop, "canary-") == 0);
    for (const char* token : {"canary-anna", "canary-anna-phone", "canary-anna-laptop"}) {
        CHECK_FALSE(shop.boost(token).boost);
        CHECK(shop.call(Method::get, std::string("/1/profiles/personalization/") + token).status == 404);
        CHECK(shop.call(Method::get, std::string("/2/users/") + token).status == 404);
        CHECK(shop.personalization->visitors().group(token)->tokens.size() == 1);
    }
    CHECK(shop.call(Method::get, "/2/users?limit=1000").body.find("canary") == std::string::npos);
    CHECK(shop.profile("bystander") == bystander);

    shop.personalization->erasure().wait();
    CHECK(shop.metrics["penchant_erasures_pending"] == 0);
    CHECK(shop.metrics["penchant_erasures_compacted_total"] == 1);
    CHECK(files_with(shop.scratch.path(), "canary-") == std::vector<std::string>{});
    // A new life under an old name begins from nothing.
    REQUIRE(shop.click("canary-anna-phone", 7) == 200);
    CHECK(shop.profile("canary-anna-phone").events() == 1);
}

TEST_CASE("erasing a person takes its events out of a device that was handed on") {
    TestShop shop;
    REQUIRE(shop.send({canary_event("tablet", 1, "canary-anna")}).status == 200);
    shop.now_ms += 1000;
    REQUIRE(shop.send({TestShop::event("tablet", 7)}).status == 200);
    boost::json::object bens = TestShop::event("tablet", 9);
    bens["authenticatedUserToken"] = "ben";
    REQUIRE(shop.send({bens}).status == 200);
    REQUIRE(shop.call(Method::delete_, "/1/usertokens/canary-anna").status == 204);
    CHECK(entries_with(shop, "canary-") == 0);
    CHECK(shop.profile("tablet").events() == 2);
    CHECK(shop.personalization->visitors().group("tablet")->person == "ben");
    shop.personalization->erasure().wait();
    CHECK(files_with(shop.scratch.path(), "canary-") == std::vector<std::string>{});
}

TEST_CASE("erasing a device leaves its person and the other devices") {
    TestShop shop;
    REQUIRE(shop.send({canary_event("phone", 1, "anna"), canary_event("laptop", 7, "anna")}).status == 200);
    REQUIRE(shop.call(Method::delete_, "/1/usertokens/phone").status == 204);
    CHECK(shop.personalization->visitors().group("anna")->tokens == std::vector<std::string>{"anna", "laptop"});
    CHECK(shop.profile("laptop").events() == 1);
    CHECK(entries_with(shop, "phone") == 0);
}

TEST_CASE("a compaction that was due when the process ended is done by the next") {
    TestShop shop;
    REQUIRE(shop.send({canary_event("canary-x", 1)}).status == 200);
    // The write is done, the schedule is not: as if the process had died in between.
    REQUIRE(shop.personalization->visitors().erase("canary-x").has_value());
    shop.reopen();
    shop.personalization->erasure().wait();
    CHECK(files_with(shop.scratch.path(), "canary-") == std::vector<std::string>{});
    const auto left =
        shop.catalog->store().scan(Family::module, Visitors::erasure_prefix, "erasure0", [](std::string_view, std::string_view) {
            FAIL("a mark is left");
            return false;
        });
    CHECK(left.has_value());
}

TEST_CASE("the rest of the shop is as if the erased had never come") {
    TestShop shop;
    TestShop twin;
    for (int n = 1; n <= 20; ++n) {
        REQUIRE(shop.send({canary_event("gone", n), TestShop::event("stays", n)}).status == 200);
        REQUIRE(twin.send({TestShop::event("stays", n)}).status == 200);
    }
    REQUIRE(shop.call(Method::delete_, "/1/usertokens/gone").status == 204);
    CHECK(shop.call(Method::get, "/2/users").body == twin.call(Method::get, "/2/users").body);
    const auto ours = shop.boost("stays");
    const auto theirs = twin.boost("stays");
    for (int n = 1; n <= 36; ++n)
        CHECK(ours.score(shop.ordinal(*ours.snapshot, n)) == theirs.score(twin.ordinal(*theirs.snapshot, n)));
}
