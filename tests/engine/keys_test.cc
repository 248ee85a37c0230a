// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/keys.h"
#include "engine/json_body.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <boost/json/serialize.hpp>

using namespace penchant;

namespace {

boost::json::object attributes(std::string_view json) { return parse_json_value(json).value().get_object(); }

}  // namespace

TEST_CASE("an admin key is made once, shown once, and stored as a digest") {
    const Scratch scratch;
    const auto store = std::move(Store::open(scratch.path()).value());
    std::string made;
    {
        const auto keys = std::move(Keys::open(*store, "").value());
        REQUIRE(keys->made_admin_key());
        made = *keys->made_admin_key();
        CHECK(made.size() == 32);
        REQUIRE(keys->find(made));
        CHECK(keys->find(made)->admin);
    }
    const auto again = std::move(Keys::open(*store, "").value());
    CHECK_FALSE(again->made_admin_key());
    CHECK(again->find(made)->admin);
    CHECK_FALSE(again->find(""));
    CHECK_FALSE(again->find(made + "0"));
    bool in_clear = false;
    REQUIRE(store->scan(Family::system, {}, {}, [&](std::string_view, std::string_view value) {
        in_clear = in_clear || value.find(made) != std::string_view::npos;
        return true;
    }).has_value());
    CHECK_FALSE(in_clear);
}

TEST_CASE("a given admin key is the admin key of this run") {
    const Scratch scratch;
    const auto store = std::move(Store::open(scratch.path()).value());
    const auto keys = std::move(Keys::open(*store, "given").value());
    CHECK_FALSE(keys->made_admin_key());
    CHECK(keys->find("given")->admin);
    CHECK_FALSE(keys->find("Given"));
}

TEST_CASE("keys are made, found, listed, replaced, deleted, and outlive the process") {
    const Scratch scratch;
    const auto store = std::move(Store::open(scratch.path()).value());
    std::string key;
    {
        const auto keys = std::move(Keys::open(*store, "admin").value());
        const auto made = keys->add(attributes(
            R"({"acl":["search","browse"],"indexes":["shop*"],"maxHitsPerQuery":7,"description":"web","ourOwn":{"a":[1]}})"));
        REQUIRE(made.has_value());
        key = made->key;
        CHECK(key.size() == 32);
        CHECK(made->at_ms > 1'600'000'000'000);
    }
    const auto keys = std::move(Keys::open(*store, "admin").value());
    const auto caller = keys->find(key);
    REQUIRE(caller);
    CHECK_FALSE(caller->admin);
    CHECK(caller->acl == std::vector<std::string>{"search", "browse"});
    CHECK(caller->index_patterns == std::vector<std::string>{"shop*"});
    CHECK(caller->hits_per_query_max == 7);
    CHECK(key.find(caller->key_id) == std::string::npos);

    const auto object = keys->get(key);
    REQUIRE(object);
    CHECK(std::string_view{object->at("value").as_string()} == key);
    CHECK(object->at("createdAt").is_int64());
    CHECK(object->at("validity") == 0);
    CHECK(object->at("queryParameters") == "");
    CHECK(boost::json::serialize(object->at("ourOwn")) == R"({"a":[1]})");
    CHECK(keys->list().size() == 1);

    REQUIRE(keys->replace(key, attributes(R"({"acl":["addObject"]})")).has_value());
    CHECK(keys->find(key)->acl == std::vector<std::string>{"addObject"});
    CHECK(keys->find(key)->index_patterns.empty());
    CHECK_FALSE(keys->get(key)->contains("ourOwn"));
    CHECK(caller->acl.size() == 2);  // who is under way keeps the rights it came with

    REQUIRE(keys->remove(key).has_value());
    CHECK_FALSE(keys->find(key));
    CHECK_FALSE(keys->get(key));
    CHECK(keys->remove(key).error().code == Errc::not_found);
    CHECK(keys->replace(key, attributes(R"({"acl":[]})")).error().code == Errc::not_found);
    CHECK(std::move(Keys::open(*store, "admin").value())->list().empty());
}

TEST_CASE("key attributes of a wrong kind are refused by name") {
    const Scratch scratch;
    const auto store = std::move(Store::open(scratch.path()).value());
    const auto keys = std::move(Keys::open(*store, "admin").value());
    for (const auto& [json, name] : {std::pair{R"({})", "acl"},
                                     {R"({"acl":"search"})", "acl"},
                                     {R"({"acl":["fly"]})", "fly"},
                                     {R"({"acl":["admin"]})", "admin"},
                                     {R"({"acl":[1]})", "acl"},
                                     {R"({"acl":[],"indexes":"shop"})", "indexes"},
                                     {R"({"acl":[],"indexes":[1]})", "indexes"},
                                     {R"({"acl":[],"referers":{}})", "referers"},
                                     {R"({"acl":[],"maxHitsPerQuery":-1})", "maxHitsPerQuery"},
                                     {R"({"acl":[],"maxHitsPerQuery":"x"})", "maxHitsPerQuery"},
                                     {R"({"acl":[],"validity":1.5})", "validity"},
                                     {R"({"acl":[],"description":3})", "description"}}) {
        INFO(json);
        const auto result = keys->add(attributes(json));
        REQUIRE(result.has_error());
        CHECK(result.error().code == Errc::bad_request);
        CHECK(result.error().what.find(name) != std::string::npos);
    }
    CHECK(keys->list().empty());
}
