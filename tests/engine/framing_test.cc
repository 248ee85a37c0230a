// SPDX-License-Identifier: GPL-3.0-or-later
// Requests made by hand, sent over a real socket: which are taken, which are refused, and that a refusal ends the connection.
// Each is also sent cut in two at every byte, because a parser that reads whole packets right may read halves wrong.
#include "engine/http/framing.h"
#include "engine/http/listener.h"
#include "engine/http/request_parser.h"
#include "index/limits.h"
#include "tests/catch.h"
#include "tests/engine/http_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

using namespace penchant;
using penchant::test::Answer;
using penchant::test::Connection;

namespace {

/// Answers with what it understood, so that a test sees how a request was cut.
class Echo final : public Service {
public:
    Admission admit(Request& request) override {
        Admission admission;
        admission.body_bytes_max = 1'000;
        admission.at_once = request.path.front() != "worker";
        if (request.path.front() == "forbidden") admission.refusal = error_response({Errc::forbidden, "no"});
        return admission;
    }
    Response answer(Request& request, const Admission&) override {
        Response response;
        response.body = fmt::format("{}|{}|{}", request.target, request.body, request.header("authorization"));
        return response;
    }
    bool submit(const Admission&, std::function<void()>& job) override { return !full && pool_.submit(Lane::read, job); }
    std::atomic<bool> full{false};

private:
    WorkerPool pool_{2, 1, 64};
};

struct Fixture {
    Echo echo;
    std::unique_ptr<Listener> listener = std::move(Listener::open({"127.0.0.1", 0, 2}, echo).value());
    std::uint16_t port = listener->port();
};

struct Case {
    const char* what;
    std::string bytes;
    int status;        ///< of the first answer
    const char* body;  ///< of the first answer, when it is 200
};

std::vector<Case> cases() {
    const std::string host = "Host: x\r\n";
    return {
        {"plain GET", "GET /a HTTP/1.1\r\n" + host + "\r\n", 200, "/a||"},
        {"HTTP/1.0 without Host", "GET /a HTTP/1.0\r\n\r\n", 200, "/a||"},
        {"length", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello", 200, "/a|hello|"},
        {"length 0", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", 200, "/a||"},
        {"chunked", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "/a|abcde|"},
        {"Chunked in capitals", "POST /a HTTP/1.1\r\n" + host + "transfer-encoding: CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, "/a|x|"},
        {"chunk extension", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n", 200, "/a|abc|"},
        {"trailer is no header", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nAuthorization: me\r\n\r\n", 200, "/a|x|"},
        {"body on GET", "GET /a HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nhi", 200, "/a|hi|"},
        {"absolute target", "GET http://x/a HTTP/1.1\r\n" + host + "\r\n", 200, "http://x/a||"},
        {"folded header", "GET /a HTTP/1.1\r\n" + host + "Authorization: one\r\n two\r\n\r\n", 200, "/a||one two"},

        {"no Host", "GET /a HTTP/1.1\r\n\r\n", 400, ""},
        {"two Hosts", "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, ""},
        {"two equal Hosts", "GET /a HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400, ""},
        {"coding gzip", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 400, ""},
        {"coding xchunked", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n", 400, ""},
        {"coding chunked, gzip", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400, ""},
        {"coding gzip, chunked", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, ""},
        {"coding twice", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
        {"coding identity", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n", 400, ""},
        {"coding and length", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", 400, ""},
        {"chunked and length", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, ""},
        {"length and chunked", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
        {"chunked in HTTP/1.0", "POST /a HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
        {"equal lengths", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, ""},
        {"unequal lengths", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400, ""},
        {"length list", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\nhello", 400, ""},
        {"length with sign", "POST /a HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\nhello", 400, ""},
        {"negative length", "POST /a HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400, ""},
        {"hex length", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\nhello", 400, ""},
        {"length past 64 bits", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400, ""},
        {"space before colon", "POST /a HTTP/1.1\r\n" + host + "Content-Length : 5\r\n\r\nhello", 400, ""},
        {"bare line feeds", "GET /a HTTP/1.1\nHost: x\n\n", 400, ""},
        {"NUL in a value", "GET /a HTTP/1.1\r\n" + host + std::string("A: b\0c\r\n\r\n", 10), 400, ""},
        {"bad chunk size", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nz\r\nabc\r\n0\r\n\r\n", 400, ""},
        {"chunk longer than it says", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400, ""},
        {"HTTP/2.0", "GET /a HTTP/2.0\r\n" + host + "\r\n", 400, ""},
        {"no version", "GET /a\r\n" + host + "\r\n", 400, ""},
        {"TLS on a plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400, ""},
        {"unknown expectation", "POST /a HTTP/1.1\r\n" + host + "Expect: coffee\r\nContent-Length: 1\r\n\r\nx", 417, ""},
        {"declared too large", "POST /a HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n", 413, ""},
        {"chunk too large", "POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", 413, ""},
        {"header too large", "GET /a HTTP/1.1\r\n" + host + "A: " + std::string(limits::header_bytes_max, 'a') + "\r\n\r\n", 431, ""},
        {"too many headers", [&] {
             std::string bytes = "GET /a HTTP/1.1\r\n" + host;
             for (int i = 0; i < 500; ++i) bytes += "a:b\r\n";
             return bytes + "\r\n";
         }(), 431, ""},
    };
}

}  // namespace

TEST_CASE("the list of requests that are taken is exactly this one, and refusals end the connection") {
    Fixture server;
    for (const Case& one : cases()) {
        INFO(one.what);
        Connection connection{server.port};
        // Something more behind it: it must be the next request, or never be looked at.
        connection.send(one.bytes + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto answer = connection.receive();
        REQUIRE(answer);
        CHECK(answer->status == one.status);
        if (one.status == 200) {
            CHECK(answer->body == one.body);
            if (one.bytes.find("HTTP/1.0") == std::string::npos) {
                const auto next = connection.receive();
                REQUIRE(next);
                CHECK(next->body == "/next||");
                continue;
            }
        }
        CHECK(answer->head.find("Connection: close") != std::string::npos);
        CHECK(connection.ended());
    }
}

TEST_CASE("a request cut anywhere is the same request") {
    for (const Case& one : cases()) {
        if (one.bytes.size() > 600) continue;
        for (std::size_t cut = 1; cut < one.bytes.size(); ++cut) {
            RequestParser parser;
            std::string waiting;
            int status = 0;
            for (const std::string& piece : {one.bytes.substr(0, cut), one.bytes.substr(cut)}) {
                waiting += piece;
                while (status == 0) {
                    if (parser.state() == RequestParser::State::head_done) {
                        if (!parser.expects_continue() && !parser.request().header("expect").empty()) status = 417;
                        else parser.begin_body(1'000);
                        continue;
                    }
                    if (parser.state() == RequestParser::State::done) status = 200;
                    else if (parser.state() == RequestParser::State::failed) status = static_cast<int>(parser.failure().status);
                    else if (const std::size_t used = parser.feed(waiting); used != 0) waiting.erase(0, used);
                    else if (parser.state() == RequestParser::State::head || parser.state() == RequestParser::State::body) break;
                }
            }
            // A header that never ends is waited for until its time is over, which is a refusal too.
            const bool waits = status == 0 && one.status != 200 && parser.state() == RequestParser::State::head;
            if (status != one.status && !waits) FAIL(one.what << " cut at " << cut << ": " << status);
            if (status == 200 && one.body != fmt::format("{}|{}|{}", parser.request().target, parser.request().body,
                                                         parser.request().header("authorization"))) {
                FAIL(one.what << " cut at " << cut);
            }
        }
    }
    SUCCEED();
}

TEST_CASE("random changes never make one request two without a refusal or an answer for each") {
    Fixture server;
    std::mt19937 random{20260105};
    const std::vector<Case> all = cases();
    for (int round = 0; round < 200; ++round) {
        std::string bytes = all[random() % all.size()].bytes;
        if (bytes.size() > 600) continue;
        for (unsigned i = 0; i <= random() % 3; ++i) {
            const std::size_t at = random() % bytes.size();
            if (random() % 3 == 0) bytes.erase(at, 1);
            else if (random() % 2 == 0) bytes.insert(at, 1, static_cast<char>(random() % 256));
            else bytes[at] = static_cast<char>(random() % 256);
        }
        Connection connection{server.port};
        connection.send(bytes);
        if (const auto answer = connection.receive(true, std::chrono::milliseconds{20})) {
            INFO(bytes);
            CHECK((answer->status == 200 || answer->head.find("Connection: close") != std::string::npos));
        }
    }
    // And the server is well.
    Connection connection{server.port};
    connection.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(connection.receive()->status == 200);
}

TEST_CASE("a thousand pipelined requests are answered in order") {
    Fixture server;
    Connection connection{server.port};
    std::string bytes;
    for (int i = 0; i < 1'000; ++i) {
        bytes += fmt::format("POST /{}{} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", i % 2 ? "worker/" : "", i);
    }
    std::thread sender{[&] { connection.send(bytes); }};
    for (int i = 0; i < 1'000; ++i) {
        const auto answer = connection.receive();
        REQUIRE(answer);
        if (answer->body != fmt::format("/{}{}|abc|", i % 2 ? "worker/" : "", i)) FAIL(answer->body);
    }
    sender.join();
}

TEST_CASE("100 Continue is said when it is waited for") {
    Fixture server;
    Connection connection{server.port};
    connection.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(connection.receive()->status == 100);
    connection.send("hi");
    CHECK(connection.receive()->body == "/a|hi|");

    Connection refused{server.port};
    refused.send("POST /forbidden HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(refused.receive()->status == 403);
    CHECK(refused.ended());
}

TEST_CASE("a refusal reads past a small body and does not wait for a large one") {
    Fixture server;
    Connection connection{server.port};
    connection.send("POST /forbidden HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + std::string(2'000, 'x') +
                    "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(connection.receive()->status == 403);
    CHECK(connection.receive()->body == "/a||");

    Connection large{server.port};
    large.send("POST /forbidden HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\n");
    CHECK(large.receive()->status == 403);
    CHECK(large.ended());
}

TEST_CASE("HEAD has the length and not the body; HTTP/1.0 is kept alive when asked") {
    Fixture server;
    Connection connection{server.port};
    connection.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = connection.receive(false);
    REQUIRE(head);
    CHECK(head->head.find("Content-Length: 4\r\n") != std::string::npos);
    CHECK(connection.receive()->body == "/b||");

    Connection old{server.port};
    old.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(old.receive()->head.find("Connection: keep-alive") != std::string::npos);
    old.send("GET /b HTTP/1.0\r\n\r\n");
    CHECK(old.receive()->body == "/b||");
    CHECK(old.ended());
}

TEST_CASE("a full queue is said at once") {
    Fixture server;
    server.echo.full = true;
    Connection connection{server.port};
    connection.send("GET /worker HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = connection.receive();
    REQUIRE(answer);
    CHECK(answer->status == 429);
    CHECK(answer->head.find("Retry-After: 1\r\n") != std::string::npos);
    CHECK(connection.receive()->status == 200);
}

TEST_CASE("a taken port is an error, and a stopped server lets it go") {
    Echo echo;
    std::uint16_t port = 0;
    {
        auto first = Listener::open({"127.0.0.1", 0, 2}, echo);
        REQUIRE(first.has_value());
        port = (*first)->port();
        const auto second = Listener::open({"127.0.0.1", port, 1}, echo);
        REQUIRE(second.has_error());
        CHECK(second.error().code == Errc::conflict);
        (*first)->stop(std::chrono::milliseconds{0});
    }
    CHECK(Listener::open({"127.0.0.1", port, 1}, echo).has_value());
    CHECK(Listener::open({"no address", 0, 1}, echo).error().code == Errc::bad_request);
}

TEST_CASE("stopping answers what is under way and then closes") {
    Fixture server;
    Connection idle{server.port};
    idle.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(idle.receive());
    std::thread stopper{[&] { server.listener->stop(std::chrono::seconds{5}); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    idle.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto last = idle.receive();
    REQUIRE(last);
    CHECK(last->head.find("Connection: close") != std::string::npos);
    CHECK(idle.ended());
    stopper.join();
    CHECK_FALSE(Connection{server.port}.connected());
}
