// SPDX-License-Identifier: GPL-3.0-or-later
// The whole server: credentials, CORS, limits, health, metrics, start and stop.
#include "engine/application.h"
#include "tests/engine/server_fixture.h"

#include <atomic>
#include <thread>

using namespace penchant;
using namespace penchant::test;

namespace {

bool has_line(const JsonAnswer& answer, std::string_view line) { return answer.head.find(std::string{line} + "\r\n") != std::string::npos; }

}  // namespace

TEST_CASE("credentials come in headers or in the URL, in any case, and the header wins") {
    ServerFixture fixture;
    const auto list = [&](std::string_view target, std::string_view headers) {
        return fixture.request("GET", target, {}, "", headers).status;
    };
    CHECK(list("/1/indexes", "X-Algolia-API-Key: admin-key-of-the-tests\r\n") == 200);
    CHECK(list("/1/indexes", "x-algolia-api-key: admin-key-of-the-tests\r\nx-algolia-application-id: anything\r\n") == 200);
    CHECK(list("/1/indexes?X-Algolia-API-Key=admin-key-of-the-tests&X-Algolia-Agent=x%20(1.0)", "") == 200);
    CHECK(list("/1/indexes?x-algolia-api-key=admin-key-of-the-tests", "") == 200);
    CHECK(list("/1/indexes?x-algolia-api-key=wrong", "X-Algolia-API-Key: admin-key-of-the-tests\r\n") == 200);
    CHECK(list("/1/indexes?x-algolia-api-key=admin-key-of-the-tests", "X-Algolia-API-Key: wrong\r\n") == 403);
    CHECK(list("/1/indexes", "Authorization: Bearer admin-key-of-the-tests\r\n") == 200);
    CHECK(list("/1/indexes", "") == 403);
    const JsonAnswer refused = fixture.request("GET", "/1/indexes", {}, "wrong");
    CHECK(refused.body == R"({"message":"Invalid Application-ID or API key","status":403})");
}

TEST_CASE("no route answers without a key but health") {
    ServerFixture fixture;
    unsigned open = 0;
    for (const Route& route : fixture.server->router().routes()) {
        std::string target;
        for (const char c : route.pattern) target += c == '{' || c == '}' ? 'x' : c;
        const char* method = route.method == Method::get ? "GET" : route.method == Method::put ? "PUT"
                             : route.method == Method::delete_ ? "DELETE" : "POST";
        INFO(method << " " << target);
        const int status = fixture.request(method, target, "{}", "").status;
        if (status == 200) {
            ++open;
            CHECK(target == "/health");
        } else {
            CHECK((status == 403 || status == 401));
        }
        // A key without any right gets nothing either.
        const std::string key = fixture.post("/1/keys", R"({"acl":[]})").text("key");
        if (!route.rights.empty()) CHECK(fixture.request(method, target, "{}", key).status == 403);
    }
    CHECK(open == 1);
}

TEST_CASE("CORS: any origin, and OPTIONS without a key") {
    ServerFixture fixture;
    for (const char* target : {"/1/indexes/*/queries", "/nowhere", "/1/events"}) {
        const JsonAnswer answer = fixture.request("OPTIONS", target, {}, "", "Origin: https://shop.example\r\n");
        CHECK(answer.status == 204);
        CHECK(has_line(answer, "Access-Control-Allow-Origin: *"));
        CHECK(has_line(answer, "Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS"));
        CHECK(has_line(answer, "Access-Control-Max-Age: 86400"));
        CHECK(answer.head.find("x-algolia-usertoken") != std::string::npos);
    }
    const JsonAnswer refused = fixture.request("GET", "/1/indexes", {}, "");
    CHECK(has_line(refused, "Access-Control-Allow-Origin: *"));
    CHECK(refused.head.find("Correlation-ID: ") != std::string::npos);
    CHECK(fixture.request("GET", "/health", {}, "", "Request-ID: abcdefghijk\r\n").head.find("-abcdefghijk\r\n") != std::string::npos);
}

TEST_CASE("paths and methods that are not there") {
    ServerFixture fixture;
    CHECK(fixture.get("/").status == 404);
    CHECK(fixture.get("/1/clusters/mapping").status == 404);
    CHECK(fixture.request("DELETE", "/1/indexes/shop/query").status == 405);
    CHECK(fixture.request("PATCH", "/1/indexes").status == 405);
    CHECK(fixture.get("/1/indexes/%zz").status == 400);
    CHECK(fixture.request("HEAD", "/nowhere").status == 404);
}

TEST_CASE("bodies past their route's limit are refused before they are read") {
    ServerFixture fixture;
    const auto declare = [&](std::string_view target, std::size_t bytes, std::string_view key = admin_key) {
        Connection connection{fixture.server->port()};
        connection.send(fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nX-Algolia-API-Key: {}\r\nContent-Length: {}\r\n\r\n", target, key, bytes));
        const auto answer = connection.receive(true, std::chrono::milliseconds{300});
        return answer ? answer->status : 0;
    };
    CHECK(declare("/1/indexes/shop/query", 4 * 1024 * 1024 + 1) == 413);
    CHECK(declare("/1/indexes/shop/query", 4 * 1024 * 1024) == 0);  // waited for
    CHECK(declare("/1/indexes/shop/batch", 64 * 1024 * 1024 + 1) == 413);
    CHECK(declare("/1/indexes/shop/batch", 64 * 1024 * 1024) == 0);
    CHECK(declare("/1/indexes/shop/batch", 64 * 1024 * 1024, "stranger") == 403);
    CHECK(declare("/nowhere", 64 * 1024 * 1024) == 404);
}

TEST_CASE("health and metrics") {
    ServerFixture fixture;
    CHECK(fixture.request("GET", "/health", {}, "").body == R"({"status":"ok"})");
    fixture.put("/1/indexes/my%22shop/a", "{}");
    fixture.settle();
    fixture.get("/1/indexes/none/settings");
    const JsonAnswer answer = fixture.get("/metrics");
    CHECK(has_line(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8"));
    for (const char* line : {"penchant_http_requests_total{method=\"PUT\",route=\"/1/indexes/{index}/{objectID}\",status=\"2xx\"} 1\n",
                             "penchant_http_requests_total{method=\"GET\",route=\"/1/indexes/{index}/settings\",status=\"4xx\"} 1\n",
                             "penchant_http_request_seconds_bucket{method=\"PUT\",route=\"/1/indexes/{index}/{objectID}\",le=\"+Inf\"} 1\n",
                             "penchant_index_records{index=\"my\\\"shop\"} 1\n", "penchant_read_queue_depth 0\n", "penchant_connections "}) {
        INFO(answer.body);
        CHECK(answer.body.find(line) != std::string::npos);
    }
}

TEST_CASE("until it is open an application answers 503, preflights excepted") {
    WorkerPool pool{1, 1, 1};
    Application application{pool};
    Request request;
    REQUIRE(parse_target("/health", request).has_value());
    const Admission admission = application.admit(request);
    REQUIRE(admission.refusal);
    CHECK(admission.refusal->status == 503);
    request.method = Method::options;
    CHECK(application.admit(request).refusal->status == 204);
}

TEST_CASE("what was acknowledged is there after a restart, and the address is said") {
    const Scratch scratch;
    ServerOptions options = test_options(scratch.path());
    {
        auto server = std::move(Server::start(options).value());
        CHECK(server->url() == fmt::format("http://127.0.0.1:{}", server->port()));
        Connection connection{server->port()};
        connection.send(fmt::format("PUT /1/indexes/shop/a HTTP/1.1\r\nHost: x\r\nX-Algolia-API-Key: {}\r\nContent-Length: 9\r\n\r\n{{\"n\":123}}", admin_key));
        CHECK(connection.receive()->status == 200);
    }
    auto server = std::move(Server::start(options).value());
    REQUIRE(server->catalog().wait_for_tasks(std::chrono::seconds{10}));
    CHECK(server->catalog().snapshot("shop")->records == 1);
    const auto second = Server::start(options);
    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::conflict);
}

TEST_CASE("listen addresses") {
    CHECK(parse_listen("127.0.0.1:7700").value() == std::pair<std::string, std::uint16_t>{"127.0.0.1", 7700});
    CHECK(parse_listen("[::1]:0").value() == std::pair<std::string, std::uint16_t>{"::1", 0});
    CHECK(parse_listen("localhost:80").value().first == "127.0.0.1");
    for (const char* bad : {"", "7700", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:7700", ":7700", "127.0.0.1:x"}) {
        INFO(bad);
        CHECK(parse_listen(bad).has_error());
    }
    const Scratch scratch;
    ServerOptions options = test_options(scratch.path());
    options.listen = "0.0.0.0:0";
    options.admin_key = "short";
    CHECK(Server::start(options).error().code == Errc::bad_request);
}

TEST_CASE("no answer is lost when the server stops under load") {
    ServerFixture fixture;
    std::atomic<int> sent{0};
    std::atomic<int> cut{0};
    std::atomic<bool> closed{false};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&, i] {
            Connection connection{fixture.server->port()};
            for (int n = 0; !closed && n < 10'000; ++n) {
                const std::string body = "{\"n\":1}";
                if (!connection.send(fmt::format("PUT /1/indexes/shop/{}-{} HTTP/1.1\r\nHost: x\r\nX-Algolia-API-Key: {}\r\nContent-Length: {}\r\n\r\n{}",
                                                 i, n, admin_key, body.size(), body))) break;
                const auto answer = connection.receive();
                if (!answer) {
                    ++cut;
                    break;
                }
                ++sent;
                if (answer->head.find("Connection: close") != std::string::npos) break;
            }
        });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    const auto begin = std::chrono::steady_clock::now();
    fixture.server->stop();
    closed = true;
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
    for (std::thread& client : clients) client.join();
    CHECK(sent > 0);
    CHECK(cut == 0);
}
