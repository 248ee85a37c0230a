// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/record.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "index/limits.h"
#include "tests/catch.h"

namespace penchant {
namespace {

namespace dom = simdjson::dom;

// The parts that a message should have and does not, for a readable failure.
std::string lacking(const std::string& message, std::initializer_list<std::string_view> parts) {
    std::string missing;
    for (const std::string_view part : parts) {
        if (message.find(part) == std::string::npos) missing += "\"" + std::string{part} + "\" is not in: " + message;
    }
    return missing;
}

dom::element parsed(std::string_view text) {
    auto root = parse_json(text);
    if (root.has_error()) FAIL(root.error().what);
    return *root;
}

Record checked(std::string_view text, std::string_view object_id = {}) {
    auto record = check_record(parsed(text), object_id, false);
    if (record.has_error()) FAIL(record.error().what);
    return *record;
}

std::string refusal(std::string_view text, std::string_view object_id = {}) {
    const auto record = check_record(parsed(text), object_id, false);
    REQUIRE(record.has_error());
    CHECK(record.error().code == Errc::bad_request);
    return record.error().what;
}

std::string parse_refusal(std::string_view text) {
    const auto root = parse_json(text);
    REQUIRE(root.has_error());
    CHECK(root.error().code == Errc::bad_request);
    return root.error().what;
}

std::string nested(std::size_t arrays) { return std::string(arrays, '[') + std::string(arrays, ']'); }

std::vector<std::string> leaves(std::string_view text) {
    std::vector<std::string> lines;
    for_each_leaf(parsed(text), [&](const Leaf& leaf) {
        std::string line = std::string{leaf.path} + "[" + std::to_string(leaf.element) + "]=";
        if (const auto* number = std::get_if<double>(&leaf.value)) line += number_text(*number);
        else if (const auto* words = std::get_if<std::string_view>(&leaf.value)) line += "'" + std::string{*words} + "'";
        else if (const auto* boolean = std::get_if<bool>(&leaf.value)) line += *boolean ? "true" : "false";
        else line += "null";
        lines.push_back(line);
    });
    return lines;
}

}  // namespace

TEST_CASE("a record is kept minified, objectID first") {
    const Record record = checked(R"( { "name" : "Trail \"X\"\n\u0001é", "objectID": "sku-1", "price": 119.50,
        "tags": [ 1, -2, true, false, null, 18446744073709551615, 2.0, 1e3, 1e-7 ], "o": {} } )");
    CHECK(record.object_id == "sku-1");
    CHECK(record.json == R"({"objectID":"sku-1","name":"Trail \"X\"\n\u0001é","price":119.5,)"
                         R"("tags":[1,-2,true,false,null,18446744073709551615,2.0,1000.0,1e-07],"o":{}})");
}

TEST_CASE("where a record's id comes from") {
    CHECK(checked(R"({"objectID":17})").json == R"({"objectID":"17"})");
    CHECK(checked(R"({"objectID":-17})").object_id == "-17");
    CHECK(checked(R"({"objectID":18446744073709551615})").object_id == "18446744073709551615");
    CHECK(checked(R"({"objectID":"a","x":1})", "b").json == R"({"objectID":"b","x":1})");
    CHECK(checked(R"({"objectID":[],"x":1})", "b").json == R"({"objectID":"b","x":1})");
    CHECK(checked(R"({"x":1})", "b").object_id == "b");
    CHECK(checked(R"({"objectID":"a","objectID":"c"})").json == R"({"objectID":"c"})");

    std::set<std::string> made;
    for (int i = 0; i < 100; ++i) {
        const auto record = check_record(parsed(R"({"x":1})"), {}, true);
        REQUIRE(record);
        CHECK(record->object_id.size() == 24);
        CHECK(record->object_id.find_first_not_of("0123456789abcdef") == std::string::npos);
        made.insert(record->object_id);
    }
    CHECK(made.size() == 100);
    CHECK(check_record(parsed(R"({"objectID":"own"})"), {}, true)->object_id == "own");
}

TEST_CASE("what is no record is refused, and the sentence says why") {
    CHECK(lacking(refusal("[1]"), {"object"}) == "");
    CHECK(lacking(refusal("{}"), {"objectID"}) == "");
    CHECK(lacking(refusal(R"({"objectID":1.5})"), {"string or an integer"}) == "");
    CHECK(lacking(refusal(R"({"objectID":null})"), {"string or an integer"}) == "");
    CHECK(lacking(refusal(R"({"objectID":""})"), {"empty"}) == "");
    CHECK(lacking(refusal(R"({"objectID":"a\u0000b"})"), {"NUL"}) == "");
    CHECK(lacking(refusal("{}", "\xFF"), {"UTF-8"}) == "");
    const std::string longest(limits::object_id_bytes_max, 'i');
    CHECK(checked(R"({"objectID":")" + longest + "\"}").object_id == longest);
    CHECK(lacking(refusal(R"({"objectID":")" + longest + "i\"}"), {"201", "200"}) == "");
    CHECK(lacking(refusal(R"({"objectID":"a","o":[{")" + std::string(513, 'n') + R"(":1}]})"), {"\"a\"", "513", "512"}) == "");
}

TEST_CASE("the size of a record is that of its minified JSON") {
    const std::string frame = R"({"objectID":"a","t":""})";
    const std::string fits(limits::record_bytes_max - frame.size(), 'x');
    CHECK(checked(R"({ "objectID" : "a" ,   "t":")" + fits + "\"}").json.size() == limits::record_bytes_max);
    CHECK(lacking(refusal(R"({"objectID":"a","t":")" + fits + "x\"}"), {"\"a\"", "102401", "102400"}) == "");
}

TEST_CASE("of a name that comes twice the last value stays") {
    CHECK(checked(R"({"a":1,"objectID":"x","b":2,"a":3})").json == R"({"objectID":"x","b":2,"a":3})");
    CHECK(checked(R"({"objectID":"x","o":{"k":1,"k":{"z":1,"z":2}}})").json == R"({"objectID":"x","o":{"k":{"z":2}}})");
    std::string many = R"({"objectID":"x")";
    for (int i = 0; i < 40; ++i) many += ",\"k" + std::to_string(i % 20) + "\":" + std::to_string(i);
    const Record record = checked(many + "}");
    std::set<std::string_view> names;
    const dom::element root = parsed(record.json);
    const dom::object fields = root.get_object();
    for (const dom::key_value_pair field : fields) CHECK(names.insert(field.key).second);
    CHECK(names.size() == 21);
    CHECK(std::int64_t{root["k7"].get_int64().value()} == 27);
    CHECK(leaves(R"({"a":1,"a":2})") == std::vector<std::string>{"a[0]=2"});
}

TEST_CASE("output-only names are dropped at the top, and nowhere else") {
    CHECK(checked(R"({"objectID":"x","_highlightResult":{},"_snippetResult":1,"_rankingInfo":1,"_distinctSeqID":1,)"
                  R"("_collapseInfo":1,"_tags":["t"],"_geoloc":{"lat":1,"lng":2},"o":{"_rankingInfo":3}})").json ==
          R"({"objectID":"x","_tags":["t"],"_geoloc":{"lat":1,"lng":2},"o":{"_rankingInfo":3}})");
}

TEST_CASE("a record may stand in a batch") {
    const dom::element batch = parsed(R"({"requests":[{"body":{"objectID":"a","n":[1,{"m":2}]}},{"body":{"objectID":"b"}}]})");
    std::vector<std::string> seen;
    const dom::array requests = batch["requests"].get_array();
    for (const dom::element request : requests) {
        const auto record = check_record(request["body"].value(), {}, false);
        REQUIRE(record);
        seen.push_back(record->json);
    }
    CHECK(seen == std::vector<std::string>{R"({"objectID":"a","n":[1,{"m":2}]})", R"({"objectID":"b"})"});
}

TEST_CASE("JSON that is none is refused with a reason") {
    CHECK(lacking(parse_refusal(R"({"a":1e999})"), {"number", "out of range", "byte"}) == "");
    CHECK(lacking(parse_refusal(R"({"a":123456789012345678901234567890})"), {"out of range"}) == "");
    CHECK(lacking(parse_refusal(R"({"a":01})"), {"number"}) == "");
    CHECK(lacking(parse_refusal(R"({"a" 1})"), {"missing", "byte 5"}) == "");
    CHECK(lacking(parse_refusal(R"({"a":"b)"), {"closing quote"}) == "");
    CHECK(lacking(parse_refusal(R"({"a":"\q"})"), {"escape"}) == "");
    CHECK(lacking(parse_refusal("{\"a\":\"\n\"}"), {"control character"}) == "");
    CHECK(lacking(parse_refusal("{\"a\":\"\xFF\"}"), {"UTF-8"}) == "");
    CHECK(lacking(parse_refusal(R"({"a":tru})"), {"true"}) == "");
    CHECK(lacking(parse_refusal(R"(["\udc00"])"), {"escape"}) == "");
    CHECK(lacking(parse_refusal(""), {"no JSON"}) == "");
    CHECK(lacking(parse_refusal("  "), {"no JSON"}) == "");
    CHECK(lacking(parse_refusal("{} {}"), {"byte"}) == "");
    CHECK(parse_json("3").has_value());
}

TEST_CASE("depth has its limit, also after the parser has grown") {
    const auto deepest = [] {
        std::size_t arrays = 1;
        while (arrays < 1000 && parse_json(nested(arrays)).has_value()) ++arrays;
        return arrays - 1;
    };
    const std::size_t before = deepest();
    CHECK(before <= limits::json_depth_max);
    CHECK(before + 2 >= limits::json_depth_max);
    CHECK(lacking(parse_refusal(nested(1000)), {"64"}) == "");
    for (const std::size_t bytes : {std::size_t{1'000'000}, std::size_t{9'000'000}}) {
        REQUIRE(parse_json("\"" + std::string(bytes, 'x') + "\"").has_value());
        CHECK(deepest() == before);
    }
}

TEST_CASE("a part of a text is never a record", "[property]") {
    const std::string text = R"({"objectID":"sku-1","a":[1,2.5,{"b":"é\n"}],"c":null,"d":true})";
    for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
        CAPTURE(bytes);
        CHECK(parse_json(std::string_view{text}.substr(0, bytes)).has_error());
    }
}

TEST_CASE("leaves come in document order with their paths") {
    CHECK(leaves(R"({"objectID":"x","price":{"gross":119.5,"net":100},"sizes":[40,41],"on":true,"no":null,
                     "variants":[{"c":"red"},{"c":["blue","green"]}],"deep":[[1],[2,3]],"e":[],"o":{}})") ==
          std::vector<std::string>{"objectID[0]='x'", "price.gross[0]=119.5", "price.net[0]=100", "sizes[0]=40",
                                   "sizes[1]=41", "on[0]=true", "no[0]=null", "variants.c[0]='red'",
                                   "variants.c[0]='blue'", "variants.c[1]='green'", "deep[0]=1", "deep[0]=2",
                                   "deep[1]=3"});
}

TEST_CASE("numbers read as people write them") {
    CHECK(number_text(3) == "3");
    CHECK(number_text(119.5) == "119.5");
    CHECK(number_text(100000) == "100000");
    CHECK(number_text(4006381333931.0) == "4006381333931");
    CHECK(number_text(-0.0) == "0");
    CHECK(number_text(0.1) == "0.1");
    CHECK(number_text(0.00001) == "0.00001");
    CHECK(number_text(1e-7) == "1e-07");
    CHECK(number_text(1e300) == "1e+300");
}

TEST_CASE("numbers read back the same", "[property]") {
    std::mt19937_64 random{7};
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t bits = random();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        if (i % 2 == 0) value = std::ldexp(static_cast<double>(bits % 100'000'000), -static_cast<int>(bits >> 60U));
        if (!std::isfinite(value)) continue;
        CAPTURE(value);
        REQUIRE(std::strtod(number_text(value).c_str(), nullptr) == value);
        std::string json;
        append_json_fraction(json, value);
        double back = 1;
        REQUIRE(parsed(json).get(back) == simdjson::SUCCESS);
        REQUIRE(back == value);
        REQUIRE(parsed(json).is_double());
    }
}

TEST_CASE("what was minified once does not change again", "[property]") {
    const auto seed = GENERATE(range(0U, 200U));
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto value = [&](const auto& self, int depth) -> std::string {
        switch (random() % (depth > 0 ? 8 : 6)) {
            case 0: return "null";
            case 1: return random() % 2 == 0 ? "true" : " false ";
            case 2: return std::to_string(static_cast<std::int32_t>(random()));
            case 3: return std::to_string(random()) + "." + std::to_string(random() % 1000);
            case 4: return "\"\\u00e9\\/\\t" + std::to_string(random() % 9) + "\"";
            case 5: return std::to_string(random() % 100) + "e" + std::to_string(random() % 30);
            case 6: {
                std::string text = "[ ";
                for (std::size_t i = random() % 4; i > 0; --i) text += self(self, depth - 1) + (i > 1 ? " , " : "");
                return text + "]";
            }
            default: {
                std::string text = "{";
                for (std::size_t i = random() % 12; i > 0; --i) {
                    text += "\"k" + std::to_string(random() % 9) + "\" : " + self(self, depth - 1) + (i > 1 ? "," : "");
                }
                return text + "}";
            }
        }
    };
    for (int round = 0; round < 10; ++round) {
        const std::string text = value(value, 4);
        CAPTURE(text);
        std::string once;
        append_json(once, parsed(text));
        std::string twice;
        append_json(twice, parsed(once));
        REQUIRE(once == twice);
    }
}

}  // namespace penchant
