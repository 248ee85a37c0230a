// SPDX-License-Identifier: GPL-3.0-or-later
// A server of a test's own, in this process: on a free port, with its data in a folder that goes with it.
#pragma once

#include "engine/json_body.h"
#include "engine/server.h"
#include "tests/catch.h"
#include "tests/engine/http_connection.h"
#include "tests/index/scratch.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

namespace penchant::test {

inline constexpr const char* admin_key = "admin-key-of-the-tests";

struct JsonAnswer {
    int status = 0;
    std::string head;
    boost::json::value json;  ///< null when the body is no JSON
    std::string body;

    [[nodiscard]] const boost::json::value& at(std::string_view name) const {
        static const boost::json::value none;
        const boost::json::value* found = json.is_object() ? json.get_object().if_contains(name) : nullptr;
        return found == nullptr ? none : *found;
    }
    [[nodiscard]] std::string text(std::string_view name) const {
        const boost::json::value& value = at(name);
        return value.is_string() ? std::string{std::string_view{value.get_string()}} : boost::json::serialize(value);
    }
};

inline ServerOptions test_options(const std::string& directory) {
    ServerOptions options;
    options.data_directory = directory;
    options.listen = "127.0.0.1:0";
    options.admin_key = admin_key;
    options.module = "none";
    options.threads = 2;
    options.commit_interval = std::chrono::milliseconds{10};
    return options;
}

class ServerFixture {
public:
    ServerFixture() : ServerFixture(nullptr) {}
    explicit ServerFixture(std::function<void(ServerOptions&)> change) {
        ServerOptions options = test_options(scratch.path());
        if (change) change(options);
        auto started = Server::start(std::move(options));
        if (started.has_error()) FAIL(started.error().what);
        server = std::move(*started);
    }

    JsonAnswer request(std::string_view method, std::string_view target, std::string_view body = {},
                       std::string_view key = admin_key, std::string_view headers = {}) {
        Connection connection{server->port()};
        connection.send(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\n{}{}Content-Length: {}\r\n\r\n{}", method, target, headers,
                                    key.empty() ? std::string{} : fmt::format("X-Algolia-API-Key: {}\r\n", key), body.size(), body));
        auto answer = connection.receive(method != "HEAD");
        REQUIRE(answer);
        JsonAnswer result{answer->status, answer->head, {}, answer->body};
        if (auto json = parse_json_value(answer->body); json.has_value()) result.json = std::move(*json);
        return result;
    }
    JsonAnswer get(std::string_view target) { return request("GET", target); }
    JsonAnswer post(std::string_view target, std::string_view body) { return request("POST", target, body); }
    JsonAnswer put(std::string_view target, std::string_view body) { return request("PUT", target, body); }

    /// Waits until everything accepted can be searched.
    void settle() { REQUIRE(server->catalog().wait_for_tasks(std::chrono::seconds{20})); }

    Scratch scratch;
    std::unique_ptr<Server> server;
};

}  // namespace penchant::test
