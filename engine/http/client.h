// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plain HTTP/1.1 client for the command line: one connection, one request at a time, kept alive. http and https.
#pragma once

#include "engine/http/message.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

/// One thread.
class HttpClient {
public:
    /// `url` is "http://host:port" or "https://host"; a path in it is put before every target. bad_request for
    /// anything else. Connects at the first send.
    [[nodiscard]] static Result<HttpClient> of_url(std::string_view url, std::chrono::seconds time_max);
    ~HttpClient();
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;

    /// Sends and waits for the answer, whatever its status. A connection that the server closed since the last answer is
    /// opened again. Errors: unavailable (cannot connect, cut off, too slow).
    [[nodiscard]] Result<Response> send(Method method, std::string_view target,
                                        const std::vector<std::pair<std::string, std::string>>& headers, std::string body);

private:
    struct Body;
    explicit HttpClient(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
