// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/compression.h"
#include "engine/http/message.h"
#include "engine/http/response_head.h"
#include "tests/catch.h"

#include <zlib.h>

#include <string>

using namespace penchant;

namespace {

Request parsed(std::string_view target) {
    Request request;
    REQUIRE(parse_target(target, request).has_value());
    return request;
}

std::string deflated(const std::string& plain, int window_bits) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Request packed_request(std::string coding, std::string body) {
    Request request;
    request.headers = {{"content-encoding", std::move(coding)}};
    request.body = std::move(body);
    return request;
}

}  // namespace

TEST_CASE("segments are split before they are decoded") {
    const Request request = parsed("/1/indexes/a%20b/x%2Fy%3Cz?query=caf%C3%A9+au&facets=%5B%22brand%22%5D&flag");
    CHECK(request.path == std::vector<std::string>{"1", "indexes", "a b", "x/y<z"});
    REQUIRE(request.query.size() == 3);
    CHECK(request.query[0] == std::pair<std::string, std::string>{"query", "caf\xC3\xA9 au"});
    CHECK(request.query[1].second == "[\"brand\"]");
    CHECK(request.query[2] == std::pair<std::string, std::string>{"flag", ""});
}

TEST_CASE("a plus is a space in the query only") {
    const Request request = parsed("/a+b?c+d=e+f");
    CHECK(request.path == std::vector<std::string>{"a+b"});
    CHECK(request.query[0] == std::pair<std::string, std::string>{"c d", "e f"});
}

TEST_CASE("an empty segment stays one, so that a forgotten objectID names no index") {
    CHECK(parsed("/1/indexes/shop/").path == std::vector<std::string>{"1", "indexes", "shop", ""});
    CHECK(parsed("/").path == std::vector<std::string>{""});
}

TEST_CASE("absolute targets lose scheme and authority") {
    CHECK(parsed("http://example.org/health?x=1").path == std::vector<std::string>{"health"});
    CHECK(parsed("HTTP://example.org").path == std::vector<std::string>{""});
}

TEST_CASE("broken escapes, NUL and paths without a slash are refused") {
    for (const std::string_view target : {"/%", "/%4", "/%zz", "/a%00b", "/a?b=%g1", "/a?%=x", "a/b", ""}) {
        INFO(target);
        Request request;
        const auto result = parse_target(target, request);
        REQUIRE(result.has_error());
        CHECK(result.error().code == Errc::bad_request);
    }
}

TEST_CASE("names of parameters have no case, headers come in lower case") {
    Request request = parsed("/x?X-Algolia-API-Key=k1");
    request.headers = {{"accept", "a"}, {"x-algolia-api-key", "k2"}};
    CHECK(request.parameter("x-algolia-api-key") == std::optional<std::string_view>{"k1"});
    CHECK(request.parameter("other") == std::nullopt);
    CHECK(request.header("x-algolia-api-key") == "k2");
    CHECK(request.header("other").empty());
}

TEST_CASE("errors are an object with message and status") {
    const Response response = error_response({Errc::not_found, "Index \"x\" does not exist"});
    CHECK(response.status == 404);
    CHECK(response.body == R"({"message":"Index \"x\" does not exist","status":404})");
    CHECK(error_response({Errc::overloaded, "busy"}).headers.front() == std::pair<std::string, std::string>{"Retry-After", "1"});
}

TEST_CASE("packed bodies are unpacked, and bombs stay small") {
    const std::string plain = "{\"query\":\"" + std::string(5'000, 'x') + "\"}";
    for (const auto& [coding, bits] : {std::pair{"gzip", 31}, {"x-gzip", 31}, {"deflate", 15}, {"deflate", -15}, {"GZIP", 31}}) {
        INFO(coding << bits);
        Request request = packed_request(coding, deflated(plain, bits));
        REQUIRE(unpack_body(request, 1'000'000).has_value());
        CHECK(request.body == plain);
    }
    Request exact = packed_request("gzip", deflated(plain, 31));
    CHECK(unpack_body(exact, plain.size()).has_value());
    Request bomb = packed_request("gzip", deflated(std::string(50'000'000, '\0'), 31));
    CHECK(bomb.body.size() < 100'000);
    CHECK(unpack_body(bomb, 4'000'000).error().code == Errc::too_large);
    CHECK(unpack_body(bomb, plain.size() - 1).error().code == Errc::too_large);

    Request damaged = packed_request("gzip", deflated(plain, 31));
    damaged.body[damaged.body.size() / 2] ^= 0x55;
    CHECK(unpack_body(damaged, 1'000'000).error().code == Errc::bad_request);
    Request cut = packed_request("gzip", deflated(plain, 31));
    cut.body.resize(cut.body.size() - 3);
    CHECK(unpack_body(cut, 1'000'000).error().code == Errc::bad_request);
    Request more = packed_request("gzip", deflated(plain, 31) + "x");
    CHECK(unpack_body(more, 1'000'000).error().code == Errc::bad_request);
    Request unknown = packed_request("br", "x");
    CHECK(unpack_body(unknown, 1'000'000).error().code == Errc::bad_request);
}

TEST_CASE("answers are packed when they are long and the client takes gzip") {
    Response response;
    response.body = std::string(3'000, 'a');
    pack_body("br, gzip;q=0.5", response);
    Request back = packed_request("gzip", response.body);
    REQUIRE(unpack_body(back, 10'000).has_value());
    CHECK(back.body == std::string(3'000, 'a'));

    Response small;
    small.body = "{}";
    pack_body("gzip", small);
    CHECK(small.body == "{}");

    CHECK(accepts_gzip("gzip"));
    CHECK(accepts_gzip("*"));
    CHECK(accepts_gzip("deflate, GZIP"));
    CHECK_FALSE(accepts_gzip(""));
    CHECK_FALSE(accepts_gzip("gzip;q=0, *"));
    CHECK_FALSE(accepts_gzip("br"));
    CHECK_FALSE(accepts_gzip("gzip;q=0.000"));
    CHECK(accepts_gzip("gzip;q=0.001"));
}

TEST_CASE("the head says what every answer says, and values cannot break out of their line") {
    Response response;
    response.body = "{}";
    response.headers = {{"X-Test", "a\r\nSet-Cookie: b"}};
    std::string head;
    write_head(response, {false, 11, "abcDEF12345"}, head);
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    for (const std::string_view line : {"Content-Length: 2\r\n", "Access-Control-Allow-Origin: *\r\n", "Timing-Allow-Origin: *\r\n",
                                        "Content-Type: application/json; charset=UTF-8\r\n", "Connection: close\r\n",
                                        "X-Test: aSet-Cookie: b\r\n", "-abcDEF12345\r\n"}) {
        INFO(line);
        CHECK(head.find(line) != std::string::npos);
    }
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(correlation_id("too short").size() == 16);
    CHECK(correlation_id("abcDEF1234!").size() == 16);
    CHECK(correlation_id("") != correlation_id(""));
    CHECK(preflight_response().status == 204);
}
