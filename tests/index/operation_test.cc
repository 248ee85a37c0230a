// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/operation.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "index/limits.h"
#include "index/record.h"
#include "tests/catch.h"

namespace penchant {
namespace {

std::string updated(std::string_view record, std::string_view changes) {
    auto json = apply_partial_update(record, "x", changes);
    if (json.has_error()) FAIL(json.error().what);
    return *json;
}

Error refusal(std::string_view record, std::string_view changes) {
    const auto json = apply_partial_update(record, "x", changes);
    if (json.has_value()) FAIL("accepted: " << *json);
    return json.error();
}

// What operation `verb` with `value` makes of attribute a of {"objectID":"x"<attribute>}.
std::string operated(std::string_view attribute, std::string_view verb, std::string_view value) {
    const std::string record = R"j({"objectID":"x")j" + std::string{attribute.empty() ? "" : ","} + std::string{attribute} + "}";
    return updated(record, R"j({"a":{"_operation":")j" + std::string{verb} + R"j(","value":)j" + std::string{value} + "}}");
}

std::string lacking(const std::string& message, std::initializer_list<std::string_view> parts) {
    std::string missing;
    for (const std::string_view part : parts) {
        if (message.find(part) == std::string::npos) missing += "\"" + std::string{part} + "\" is not in: " + message;
    }
    return missing;
}

std::string door(std::string_view changes) {
    const auto result = check_partial_update(changes);
    if (result.has_value()) return "accepted";
    CHECK(result.error().code == Errc::bad_request);
    return result.error().what;
}

}  // namespace

TEST_CASE("operations survive the log") {
    const auto seed = GENERATE(range(0U, 50U));
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto text = [&] {
        std::string bytes(random() % 300, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        return bytes;
    };
    std::vector<Operation> operations(random() % 20);
    for (Operation& operation : operations) operation = {static_cast<Action>(1 + random() % 10), text(), text()};
    const std::string bytes = encode_operations(operations);

    const auto back = decode_operations(bytes);
    REQUIRE(back);
    REQUIRE(back->size() == operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
        CHECK((*back)[i].action == operations[i].action);
        CHECK((*back)[i].object_id == operations[i].object_id);
        CHECK((*back)[i].json == operations[i].json);
    }
    // Cut anywhere, or with a byte more, it is corrupt.
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        const auto part = decode_operations(std::string_view{bytes}.substr(0, cut));
        REQUIRE(part.has_error());
        REQUIRE(part.error().code == Errc::corrupt);
    }
    CHECK(decode_operations(bytes + '\0').has_error());
}

TEST_CASE("the log's bytes are as the header says, and nothing else is read") {
    const std::string bytes = encode_operations({{Action::delete_object, "ab", "{}"}});
    CHECK(bytes == std::string("\x01\x01\x00\x00\x00\x04\x02\x00\x00\x00"
                               "ab\x02\x00\x00\x00{}",
                               18));
    for (const std::string& wrong : {std::string("\x02\x00\x00\x00\x00", 5), std::string("\x01\xFF\xFF\xFF\xFF", 5),
                                     std::string("\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 14),
                                     std::string("\x01\x01\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00", 14)}) {
        CHECK(decode_operations(wrong).has_error());
    }
}

TEST_CASE("plain values replace first-level attributes") {
    const std::string record = R"j({"objectID":"x","a":{"p":1,"q":2},"b":2.0,"c":[1]})j";
    CHECK(updated(record, R"j({"b":3,"d":{"_x":1}})j") == R"j({"objectID":"x","a":{"p":1,"q":2},"b":3,"c":[1],"d":{"_x":1}})j");
    CHECK(updated(record, R"j({"a":{"r":3}})j") == R"j({"objectID":"x","a":{"r":3},"b":2.0,"c":[1]})j");
    CHECK(updated(record, R"j({"a":null,"b":1,"b":7})j") == R"j({"objectID":"x","a":null,"b":7,"c":[1]})j");
    CHECK(updated(record, "{}") == record);
    CHECK(updated("", R"j({"b":1})j") == R"j({"objectID":"x","b":1})j");
    CHECK(updated(record, R"j({"objectID":"y","_rankingInfo":1,"b":1})j") == R"j({"objectID":"x","a":{"p":1,"q":2},"b":1,"c":[1]})j");
}

TEST_CASE("a dotted name replaces all of its first-level attribute") {
    const std::string record = R"j({"objectID":"x","a":{"p":1,"q":2}})j";
    CHECK(updated(record, R"j({"a.q":3})j") == R"j({"objectID":"x","a":{"q":3}})j");
    CHECK(updated(record, R"j({"a.q":3,"a.r.s":4,"a.r.t":[5],"b.c":6})j") ==
          R"j({"objectID":"x","a":{"q":3,"r":{"s":4,"t":[5]}},"b":{"c":6}})j");
    CHECK(updated(record, R"j({"a.q":3,"a":4})j") == R"j({"objectID":"x","a":4})j");
    CHECK(updated(record, R"j({"a":4,"a.q":3})j") == R"j({"objectID":"x","a":{"q":3}})j");
    CHECK(updated(record, R"j({"a.q.z":1,"a.q":3})j") == R"j({"objectID":"x","a":{"q":3}})j");
    // An attribute of that very name is itself meant; and odd dots are part of a name.
    CHECK(updated(R"j({"objectID":"x","a.q":1})j", R"j({"a.q":2})j") == R"j({"objectID":"x","a.q":2})j");
    CHECK(updated(record, R"j({".a":1,"b.":2,"c..d":3})j") == R"j({"objectID":"x","a":{"p":1,"q":2},".a":1,"b.":2,"c..d":3})j");
}

TEST_CASE("Increment and Decrement keep integers whole") {
    CHECK(operated(R"j("a":5)j", "Increment", "3") == R"j({"objectID":"x","a":8})j");
    CHECK(operated(R"j("a":5)j", "Decrement", "7") == R"j({"objectID":"x","a":-2})j");
    CHECK(operated(R"j("a":5)j", "Increment", "0.5") == R"j({"objectID":"x","a":5.5})j");
    CHECK(operated(R"j("a":5.5)j", "Decrement", "0.5") == R"j({"objectID":"x","a":5.0})j");
    CHECK(operated("", "Increment", "3") == R"j({"objectID":"x","a":3})j");
    CHECK(operated("", "Decrement", "3") == R"j({"objectID":"x","a":-3})j");
    CHECK(operated(R"j("a":null)j", "Increment", "3") == R"j({"objectID":"x","a":3})j");
    CHECK(operated(R"j("a":9007199254740993)j", "Increment", "2") == R"j({"objectID":"x","a":9007199254740995})j");
    CHECK(operated(R"j("a":9223372036854775807)j", "Increment", "1") == R"j({"objectID":"x","a":9223372036854775808})j");
    CHECK(operated(R"j("a":18446744073709551615)j", "Decrement", "18446744073709551615") == R"j({"objectID":"x","a":0})j");
    CHECK(operated(R"j("a":-9223372036854775808)j", "Decrement", "1") == R"j({"objectID":"x","a":-9223372036854775808.0})j");
    CHECK(updated("", R"j({"a":{"_operation":"Increment","value":2}})j") == R"j({"objectID":"x","a":2})j");
    CHECK(lacking(refusal(R"j({"objectID":"x","a":"5"})j", R"j({"a":{"_operation":"Increment","value":1}})j").what,
                  {"\"a\"", "Increment", "number"}) == "");
    CHECK(lacking(refusal(R"j({"objectID":"x","a":1e308})j", R"j({"a":{"_operation":"Increment","value":1.7e308}})j").what,
                  {"out of range"}) == "");
}

TEST_CASE("Add, Remove and AddUnique work on arrays") {
    CHECK(operated(R"j("a":["r"])j", "Add", R"j("r")j") == R"j({"objectID":"x","a":["r","r"]})j");
    CHECK(operated(R"j("a":["r"])j", "AddUnique", R"j("r")j") == R"j({"objectID":"x","a":["r"]})j");
    CHECK(operated(R"j("a":["r"])j", "AddUnique", R"j("g")j") == R"j({"objectID":"x","a":["r","g"]})j");
    CHECK(operated(R"j("a":[1,2,1.0,"1",{"k":1}])j", "Remove", "1") == R"j({"objectID":"x","a":[2,"1",{"k":1}]})j");
    CHECK(operated(R"j("a":[1])j", "Remove", "7") == R"j({"objectID":"x","a":[1]})j");
    CHECK(operated("", "Add", "7") == R"j({"objectID":"x","a":[7]})j");
    CHECK(operated("", "AddUnique", "7") == R"j({"objectID":"x","a":[7]})j");
    CHECK(operated("", "Remove", "7") == R"j({"objectID":"x"})j");
    CHECK(operated(R"j("a":null)j", "Remove", "7") == R"j({"objectID":"x","a":null})j");
    CHECK(lacking(refusal(R"j({"objectID":"x","a":"r"})j", R"j({"a":{"_operation":"Add","value":"g"}})j").what,
                  {"\"a\"", "Add", "array"}) == "");
}

TEST_CASE("conditional operations change all or nothing") {
    CHECK(operated(R"j("a":5)j", "IncrementFrom", "5") == R"j({"objectID":"x","a":6})j");
    CHECK(operated(R"j("a":5)j", "IncrementFrom", "4").empty());
    CHECK(operated("", "IncrementFrom", "0") == R"j({"objectID":"x","a":1})j");
    CHECK(operated("", "IncrementFrom", "1").empty());
    CHECK(operated(R"j("a":"5")j", "IncrementFrom", "5").empty());
    CHECK(operated(R"j("a":5)j", "IncrementSet", "7") == R"j({"objectID":"x","a":7})j");
    CHECK(operated(R"j("a":5)j", "IncrementSet", "5").empty());
    CHECK(operated(R"j("a":5.5)j", "IncrementSet", "6") == R"j({"objectID":"x","a":6})j");
    CHECK(operated(R"j("a":true)j", "IncrementSet", "6").empty());

    const std::string_view lock = R"j({"n":"new","v":{"_operation":"IncrementFrom","value":1},"k":{"_operation":"Increment","value":1}})j";
    CHECK(updated(R"j({"objectID":"x","v":1,"n":"old"})j", lock) == R"j({"objectID":"x","v":2,"n":"new","k":1})j");
    CHECK(updated(R"j({"objectID":"x","v":2,"n":"old"})j", lock).empty());
    // A missing record is made by 0 only, or by a value above it.
    CHECK(updated("", lock).empty());
    CHECK(updated("", R"j({"v":{"_operation":"IncrementFrom","value":0}})j") == R"j({"objectID":"x","v":1})j");
    CHECK(updated("", R"j({"v":{"_operation":"IncrementSet","value":3}})j") == R"j({"objectID":"x","v":3})j");
    CHECK(updated("", R"j({"v":{"_operation":"IncrementSet","value":0}})j").empty());
}

TEST_CASE("malformed operations are refused at the door, with the attribute's name") {
    CHECK(lacking(door("[]"), {"object"}) == "");
    CHECK(lacking(door("{"), {"not valid"}) == "");
    CHECK(lacking(door(R"j({"stock":{"_operation":"Multiply","value":2}})j"), {"stock", "Multiply"}) == "");
    CHECK(lacking(door(R"j({"stock":{"_operation":7,"value":2}})j"), {"stock", "string"}) == "");
    CHECK(lacking(door(R"j({"stock":{"_operation":"Increment"}})j"), {"stock", "needs a value"}) == "");
    CHECK(lacking(door(R"j({"stock":{"_operation":"Increment","value":"2"}})j"), {"stock", "number"}) == "");
    CHECK(lacking(door(R"j({"stock":{"_operation":"IncrementSet","value":2.5}})j"), {"stock", "integer"}) == "");
    CHECK(lacking(door(R"j({"stock":{"_operation":"Add","value":[1]}})j"), {"stock", "number or a string"}) == "");
    CHECK(lacking(door(R"j({"stock.paris":{"_operation":"Increment","value":1}})j"), {"stock.paris", "first-level"}) == "");
    CHECK(lacking(door("{\"" + std::string(513, 'n') + "\":1}"), {"nnn...", "512"}) == "");
    CHECK(lacking(door("{\"n\":\"" + std::string(limits::record_bytes_max, 'n') + "\"}"), {"102400"}) == "");
    std::string deep = "a";
    for (int i = 0; i < 100; ++i) deep += ".a";
    CHECK(lacking(door("{\"" + deep + "\":1}"), {"64"}) == "");
    CHECK(door(R"j({"stock":{"_operation":"Increment","value":2},"a.b":{"c":1},"o":{"_operation_":1}})j") == "accepted");
    CHECK(check_partial_update(*parse_json(R"j({"a":1})j")).has_value());
    CHECK(refusal(R"j({"objectID":"x"})j", R"j({"a":{"_operation":"?","value":1}})j").code == Errc::bad_request);
}

TEST_CASE("the outcome is a record within its limits") {
    const std::string half(limits::record_bytes_max / 2, 'h');
    const Error error = refusal("{\"objectID\":\"x\",\"a\":\"" + half + "\"}", "{\"b\":\"" + half + "\"}");
    CHECK(error.code == Errc::bad_request);
    CHECK(lacking(error.what, {"\"x\"", "102400"}) == "");
    std::string path = "a";
    for (int i = 0; i < 40; ++i) path += ".a";
    const std::string value = std::string(40, '[') + std::string(40, ']');
    CHECK(refusal("", "{\"" + path + "\":" + value + "}").code == Errc::bad_request);
    CHECK(refusal("not json", "{}").code == Errc::corrupt);
    CHECK(refusal("[]", "{}").code == Errc::corrupt);
}

TEST_CASE("partial updates do what a naive model does", "[property]") {
    // Attributes are integers or lists of integers; the model keeps them in a map and the text is written at the end.
    using List = std::vector<std::int64_t>;
    using Model = std::map<std::string, std::variant<std::int64_t, List>>;
    const auto text_of = [](const Model& model) {
        std::string text = R"j({"objectID":"x")j";
        for (const auto& [name, value] : model) {
            text += ",\"" + name + "\":";
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                text += std::to_string(*number);
                continue;
            }
            text += "[";
            const List& list = std::get<List>(value);
            for (std::size_t i = 0; i < list.size(); ++i) text += (i == 0 ? "" : ",") + std::to_string(list[i]);
            text += "]";
        }
        return text + "}";
    };
    const auto sorted = [&](const std::string& json) {  // by name, for attributes added in another order
        Model model;
        auto root = parse_json(json);
        REQUIRE(root);
        const simdjson::dom::object fields = root->get_object();
        for (const simdjson::dom::key_value_pair field : fields) {
            if (field.key == "objectID") continue;
            if (std::int64_t number = 0; field.value.get(number) == simdjson::SUCCESS) {
                model[std::string{field.key}] = number;
                continue;
            }
            List list;
            const simdjson::dom::array items = field.value.get_array();
            for (const simdjson::dom::element item : items) list.push_back(item.get_int64());
            model[std::string{field.key}] = list;
        }
        return text_of(model);
    };

    const auto seed = GENERATE(range(0U, 300U));
    CAPTURE(seed);
    std::mt19937 random{seed};
    Model model;
    std::string record;
    for (int round = 0; round < 30; ++round) {
        Model next = model;
        bool skipped = false;
        std::string changes;
        std::vector<std::string> names{"n1", "n2", "l1", "l2"};
        std::shuffle(names.begin(), names.end(), random);
        names.resize(1 + random() % 3);
        for (const std::string& name : names) {
            const std::int64_t value = static_cast<std::int64_t>(random() % 7) - 2;
            const char* verb = nullptr;
            if (name[0] == 'n') {
                const std::int64_t before = model.contains(name) ? std::get<std::int64_t>(model[name]) : 0;
                switch (random() % 5) {
                    case 0: next[name] = value; break;
                    case 1: verb = "Increment"; next[name] = before + value; break;
                    case 2: verb = "Decrement"; next[name] = before - value; break;
                    case 3: verb = "IncrementFrom"; skipped |= before != value; next[name] = before + 1; break;
                    default: verb = "IncrementSet"; skipped |= value <= before; next[name] = value;
                }
            } else {
                List list = model.contains(name) ? std::get<List>(model[name]) : List{};
                switch (random() % 3) {
                    case 0: verb = "Add"; list.push_back(value); break;
                    case 1: verb = "AddUnique"; if (std::count(list.begin(), list.end(), value) == 0) list.push_back(value); break;
                    default: verb = "Remove"; list.erase(std::remove(list.begin(), list.end(), value), list.end());
                }
                if (std::string_view{verb} != "Remove" || model.contains(name)) next[name] = list;
            }
            changes += (changes.empty() ? "{\"" : ",\"") + name + "\":";
            if (verb == nullptr) changes += std::to_string(value);
            else changes += "{\"value\":" + std::to_string(value) + ",\"_operation\":\"" + verb + "\"}";
        }
        changes += "}";
        CAPTURE(record, changes);
        const std::string after = updated(record, changes);
        REQUIRE(after.empty() == skipped);
        if (skipped) continue;
        model = next;
        record = after;
        REQUIRE(sorted(record) == text_of(model));
    }
}

}  // namespace penchant
