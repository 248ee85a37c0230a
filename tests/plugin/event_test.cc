// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/event.h"

#include "index/limits.h"
#include "tests/catch.h"

#include <boost/json.hpp>

#include <string>
#include <vector>

using namespace penchant;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;
constexpr const char* query_id = "0123456789abcdef0123456789abcdef";

boost::json::object click(boost::json::object more = {}) {
    boost::json::object event{{"eventType", "click"}, {"eventName", "Clicked"}, {"index", "shop"}, {"userToken", "v"}};
    if (!more.contains("filters")) event["objectIDs"] = boost::json::array{"a"};
    for (auto& [key, value] : more) event[key] = value;
    return event;
}
boost::json::object without(const char* key) {
    boost::json::object event = click();
    event.erase(key);
    return event;
}
std::string body(boost::json::array events) { return boost::json::serialize(boost::json::object{{"events", std::move(events)}}); }
std::string message_of(const std::string& text) {
    const auto parsed = parse_events(text, now_ms);
    if (parsed.has_value()) return "accepted";
    CHECK(parsed.error().code == Errc::invalid);
    return parsed.error().what;
}
std::string message_of(boost::json::object event) { return message_of(body({std::move(event)})); }
Event accepted(boost::json::object event) {
    const std::string text = body({std::move(event)});
    auto parsed = parse_events(text, now_ms);
    INFO(text);
    INFO((parsed.has_error() ? parsed.error().what : std::string{}));
    REQUIRE(parsed.has_value());
    REQUIRE(parsed->events.size() == 1);
    return std::move(parsed->events[0]);
}
boost::json::array texts(int count) {
    boost::json::array list;
    for (int i = 0; i < count; ++i) list.push_back(boost::json::string("id" + std::to_string(i)));
    return list;
}

}  // namespace

TEST_CASE("each mistake gets the words of the contract") {
    const std::string name = "EventName must contain only visible ASCII characters, and be between 1 and 64 characters long";
    const std::string token =
        "UserToken must contain only alphanumeric, equal, plus, slash, hyphen, or underscore characters, and be between "
        "1 and 128 characters long";
    const std::string query = "Query ID must be a search query ID (32 characters hexadecimal string)";
    const std::vector<std::pair<boost::json::object, std::string>> cases{
        {without("eventName"), "EventName is required"},
        {click({{"eventName", nullptr}}), "EventName is required"},
        {click({{"eventName", ""}}), name},
        {click({{"eventName", std::string(65, 'x')}}), name},
        {click({{"eventName", "na\xC3\xAFve"}}), name},
        {click({{"eventName", "tab\there"}}), name},
        {click({{"eventName", 7}}), "Invalid type for field eventName: expected string, got number"},
        {without("eventType"), "EventType is required"},
        {click({{"eventType", "hover"}}), "EventType must be one of \"click\", \"conversion\", \"view\" or \"instantsearch\""},
        {click({{"eventType", true}}), "Invalid type for field eventType: expected string, got boolean"},
        {click({{"eventSubtype", "rent"}}), "EventSubtype must be one of \"addToCart\" or \"purchase\""},
        {without("index"), "The index field is required"},
        {click({{"index", ""}}), "The index field is required"},
        {click({{"index", boost::json::array{}}}), "Invalid type for field index: expected string, got array"},
        {without("userToken"), "The userToken field is required"},
        {click({{"userToken", ""}}), token},
        {click({{"userToken", "with space"}}), token},
        {click({{"userToken", std::string(130, 'x')}}), token},
        {click({{"userToken", 1.5}}), "Invalid type for field userToken: expected string, got number"},
        {click({{"authenticatedUserToken", "a.b"}}), token},
        {without("objectIDs"), "Event should specify either some ObjectIDs or some Filters"},
        {click({{"objectIDs", boost::json::array{}}}), "Event should specify either some ObjectIDs or some Filters"},
        {click({{"objectIDs", texts(1)}, {"filters", texts(1)}}), "Event should specify ObjectIDs or Filters, but not both"},
        {click({{"objectIDs", "a"}}), "Invalid type for field objectIDs: expected array, got string"},
        {click({{"objectIDs", boost::json::array{7}}}), "Invalid type for field objectIDs: expected string, got number"},
        {click({{"objectIDs", boost::json::array{""}}}), "Field objectIDs must not contain an empty string"},
        {click({{"objectIDs", texts(21)}}), "Field objectIDs must contain at most 20 items, and has 21"},
        {click({{"filters", texts(21)}}), "Field filters must contain at most 20 items, and has 21"},
        {click({{"eventType", "view"}, {"positions", boost::json::array{1}}, {"queryID", query_id}}),
         "Only event of type click should specify the positions attribute"},
        {click({{"positions", boost::json::array{1}}}), "Event of type click with positions should specify a queryID"},
        {click({{"positions", boost::json::array{0}}, {"queryID", query_id}}),
         "Event of type click may only have strictly positive positions"},
        {click({{"positions", boost::json::array{1, 2}}, {"queryID", query_id}}),
         "Event of type click should have the same number of ObjectIDs and Positions"},
        {click({{"positions", boost::json::array{"1"}}, {"queryID", query_id}}),
         "Invalid type for field positions: expected integer, got string"},
        {click({{"queryID", "XYZ"}}), query},
        {click({{"queryID", "0123456789ABCDEF0123456789abcdef"}}), query},
        {click({{"queryID", "message_"}}), query},
        {click({{"queryID", "message_" + std::string(121, 'x')}}), query},
        {click({{"timestamp", now_ms - std::int64_t{31} * 24 * 3600 * 1000}}), "The timestamp is too far in the past"},
        {click({{"timestamp", 1'790'000'000}}), "The timestamp is too far in the past"},
        {click({{"timestamp", "now"}}), "Invalid type for field timestamp: expected integer, got string"},
        {click({{"timestamp", 1.5}}), "Invalid type for field timestamp: expected integer, got number"},
        {click({{"eventID", 7}}), "Invalid type for field eventID: expected string, got number"},
        {click({{"eventID", ""}}), "EventID must contain only visible ASCII characters, and be between 1 and 64 characters long"},
        {click({{"currency", "EURO"}}), "Currency must be 3 letters (ISO 4217)"},
        {click({{"value", std::string(17, '1')}}), "Field value must be at most 16 characters long"},
        {click({{"objectData", boost::json::object{}}}), "Invalid type for field objectData: expected array, got object"},
        {click({{"objectData", boost::json::array{boost::json::object{}, boost::json::object{}}}}),
         "Event should have the same number of ObjectIDs and ObjectData"},
        {click({{"objectData", boost::json::array{boost::json::object{{"quantity", "two"}}}}}),
         "Invalid type for field objectData.quantity: expected integer, got string"},
        {click({{"objectData", boost::json::array{boost::json::object{{"quantity", 3'000'000'000}}}}}),
         "Field objectData.quantity must be a 32-bit integer"},
        {click({{"objectData", boost::json::array{boost::json::object{{"queryID", "x"}}}}}), query},
    };
    for (const auto& [event, message] : cases) {
        INFO(boost::json::serialize(event));
        CHECK(message_of(event) == message);
    }
}

TEST_CASE("what is wrong with the call as a whole") {
    CHECK(message_of(body({})) == "No events to process");
    CHECK(message_of(std::string("{}")) == "No events to process");
    CHECK(message_of(std::string("[]")) == "Invalid payload");
    CHECK(message_of(body({1})) == "Invalid payload");
    CHECK(message_of(std::string(R"({"events": "x"})")) == "Invalid type for field events: expected array, got string");
    boost::json::array many;
    for (std::size_t i = 0; i < 1000; ++i) many.push_back(click());
    CHECK(message_of(body(many)) == "accepted");
    many.push_back(click());
    CHECK(message_of(body(many)) == "Cannot process more than 1000 events in a batch");
    CHECK(parse_events("{\"events\":[", now_ms).error().code == Errc::bad_request);
    CHECK(parse_events(std::string(limits::events_body_bytes_max + 1, ' '), now_ms).error().code == Errc::too_large);
    // One bad event refuses all.
    CHECK(message_of(body({click(), click({{"eventType", "hover"}})})) != "accepted");
}

TEST_CASE("every kind of event") {
    const boost::json::array item{boost::json::object{{"price", 40}, {"quantity", 1}, {"queryID", query_id}}};
    struct Kind {
        boost::json::object event;
        EventType type;
        EventSubtype subtype;
    };
    const boost::json::array filter{"brand:Tarn"};
    const std::vector<Kind> kinds{
        {click({{"positions", boost::json::array{1}}, {"queryID", query_id}}), EventType::click, EventSubtype::none},
        {click(), EventType::click, EventSubtype::none},
        {click({{"filters", filter}}), EventType::click, EventSubtype::none},
        {click({{"eventType", "view"}}), EventType::view, EventSubtype::none},
        {click({{"eventType", "view"}, {"filters", filter}}), EventType::view, EventSubtype::none},
        {click({{"eventType", "conversion"}, {"queryID", query_id}}), EventType::conversion, EventSubtype::none},
        {click({{"eventType", "conversion"}}), EventType::conversion, EventSubtype::none},
        {click({{"eventType", "conversion"}, {"filters", filter}}), EventType::conversion, EventSubtype::none},
        {click({{"eventType", "conversion"}, {"eventSubtype", "addToCart"}, {"objectData", item}, {"currency", "EUR"}}),
         EventType::conversion, EventSubtype::add_to_cart},
        {click({{"eventType", "conversion"},
                {"eventSubtype", "purchase"},
                {"objectData", item},
                {"currency", "EUR"},
                {"value", 40}}),
         EventType::conversion, EventSubtype::purchase},
    };
    for (const Kind& kind : kinds) {
        const Event event = accepted(kind.event);
        CHECK(event.type == kind.type);
        CHECK(event.subtype == kind.subtype);
        CHECK(event.time_ms == now_ms);
        // The kept form says the same.
        const auto again = event_of_json(event.json);
        REQUIRE(again.has_value());
        CHECK(again->type == event.type);
        CHECK(again->subtype == event.subtype);
        CHECK(again->object_ids == event.object_ids);
        CHECK(again->filters == event.filters);
        CHECK(again->time_ms == event.time_ms);
    }
}

TEST_CASE("what must be tolerated") {
    CHECK(accepted(click({{"userToken", 42}})).user_token == "42");
    CHECK(accepted(click({{"userToken", std::string(129, 'x')}})).user_token.size() == 129);
    CHECK(accepted(click({{"userToken", "a+b/c=_-"}})).user_token == "a+b/c=_-");
    CHECK(accepted(click({{"timestamp", now_ms + 3'600'000}})).time_ms == now_ms);
    CHECK(accepted(click({{"timestamp", now_ms - 1000}})).time_ms == now_ms - 1000);
    CHECK(accepted(click({{"timestamp", static_cast<double>(now_ms - 1000)}})).time_ms == now_ms - 1000);
    CHECK(accepted(click({{"queryID", "message_something"}})).name == "Clicked");
    CHECK(accepted(click({{"algoliaSource", boost::json::array{"x"}}, {"hits", boost::json::array{1}}, {"new", 1}})).name ==
          "Clicked");
    CHECK(accepted(click({{"eventType", "conversion"},
                          {"eventSubtype", "purchase"},
                          {"value", "40"},
                          {"objectData", boost::json::array{boost::json::object{{"price", "8$"}, {"discount", "30%"}}}}}))
              .subtype == EventSubtype::purchase);
    CHECK(accepted(click({{"eventSubtype", "purchase"}})).subtype == EventSubtype::none);
    CHECK(accepted(click({{"objectIDs", texts(20)}})).object_ids.size() == 20);
}

TEST_CASE("filters are decoded once, and plain ones are the same") {
    const auto filter = [](const char* text) { return accepted(click({{"filters", boost::json::array{text}}})).filters.at(0); };
    CHECK(filter("brand%3ATarn") == "brand:Tarn");
    CHECK(filter("brand:Tarn") == "brand:Tarn");
    CHECK(filter("discount:10%25") == "discount:10%");
    CHECK(filter("discount:10%") == "discount:10%");
    CHECK(filter("a%3Ab%2520c") == "a:b%20c");
    CHECK(filter("a:b+c") == "a:b+c");
}

TEST_CASE("telemetry is accepted and dropped") {
    const auto parsed = parse_events(
        R"({"events":[{"eventType":"instantsearch","eventName":"__start__","userToken":"x","widgets":[{"a":[1]}]},
            {"eventType":"click","eventName":"n","index":"i","userToken":"u","objectIDs":["a"]}]})",
        now_ms);
    REQUIRE(parsed.has_value());
    CHECK(parsed->telemetry == 1);
    CHECK(parsed->events.size() == 1);
}

TEST_CASE("the kept form is one line of JSON without what nobody knows") {
    const Event event = accepted(click({{"eventID", "e1"},
                                        {"hits", boost::json::array{1}},
                                        {"objectIDs", boost::json::array{"q\"\\\n\xC3\xA9"}},
                                        {"authenticatedUserToken", "cust"}}));
    CHECK(event.json.find('\n') == std::string::npos);
    const boost::json::object json = boost::json::parse(event.json).as_object();
    CHECK(json.at("objectIDs").at(0).as_string() == "q\"\\\n\xC3\xA9");
    CHECK(json.at("eventID").as_string() == "e1");
    CHECK(json.at("authenticatedUserToken").as_string() == "cust");
    CHECK_FALSE(json.contains("hits"));
    for (std::size_t cut = 0; cut < event.json.size(); ++cut) CHECK(event_of_json(event.json.substr(0, cut)).has_error());
}
