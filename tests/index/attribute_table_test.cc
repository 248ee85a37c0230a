// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/attribute_table.h"

#include <string>

#include "tests/catch.h"

namespace penchant {

TEST_CASE("paths keep their numbers") {
    AttributeTable table;
    CHECK(table.find("name") == other_attributes);
    CHECK(table.number("name") == 0);
    CHECK(table.number("price.gross") == 1);
    CHECK(table.number("name") == 0);
    CHECK(table.find("price.gross") == 1);
    CHECK(table.find("price") == other_attributes);
    CHECK(table.path(1) == "price.gross");
    CHECK(table.size() == 2);
}

TEST_CASE("past the last number all paths share one") {
    AttributeTable table;
    for (int i = 0; i < 2000; ++i) table.number("a" + std::to_string(i));
    CHECK(table.size() == other_attributes);
    CHECK(table.find("a1022") == 1022);
    CHECK(table.find("a1023") == other_attributes);
    CHECK(table.number("new") == other_attributes);
}

TEST_CASE("a table survives its JSON") {
    AttributeTable table;
    for (const char* path : {"name", "a.\"b\"", "größe", "", "tab\t"}) table.number(path);
    const AttributeTable back = AttributeTable::from_json(table.to_json());
    REQUIRE(back.size() == table.size());
    for (AttributeId id = 0; id < table.size(); ++id) CHECK(back.find(table.path(id)) == id);
    CHECK(AttributeTable{}.to_json() == "[]");
    CHECK(AttributeTable::from_json("[]").size() == 0);
}

TEST_CASE("what is no table is an empty one") {
    for (const char* text : {"", "{", "{}", "[1]", R"(["a","a"])", R"(["a",null])"}) {
        CAPTURE(text);
        CHECK(AttributeTable::from_json(text).size() == 0);
    }
}

}  // namespace penchant
