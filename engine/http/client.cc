// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/client.h"

#include "index/limits.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>

#include <optional>

namespace penchant {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

http::verb verb_of(Method method) {
    switch (method) {
        case Method::get: return http::verb::get;
        case Method::post: return http::verb::post;
        case Method::put: return http::verb::put;
        case Method::delete_: return http::verb::delete_;
        case Method::options: return http::verb::options;
        case Method::head: return http::verb::head;
        case Method::other: break;
    }
    return http::verb::unknown;
}

}  // namespace

struct HttpClient::Body {
    bool secure = false;
    std::string host;
    std::string port;
    std::string base_path;
    std::chrono::seconds time_max{30};

    asio::io_context context;
    asio::ssl::context ssl_context{asio::ssl::context::tls_client};
    std::optional<beast::tcp_stream> plain;
    std::optional<beast::ssl_stream<beast::tcp_stream>> encrypted;

    beast::tcp_stream& lowest() { return secure ? encrypted->next_layer() : *plain; }
    [[nodiscard]] bool open() const { return plain.has_value() || encrypted.has_value(); }
    void close() {
        plain.reset();
        encrypted.reset();
    }

    /// Runs one asynchronous step to its end; deadlines of tcp_stream work only for these.
    template <class Start>
    boost::system::error_code step(Start&& start) {
        boost::system::error_code outcome;
        lowest().expires_after(time_max);
        start([&outcome](boost::system::error_code code, auto&&...) { outcome = code; });
        context.restart();
        context.run();
        return outcome;
    }

    boost::system::error_code connect() {
        boost::system::error_code failure;
        asio::ip::tcp::resolver resolver{context};
        const auto endpoints = resolver.resolve(host, port, failure);
        if (failure) return failure;
        if (secure) {
            encrypted.emplace(context, ssl_context);
            // The certificate must belong to the host (RFC 6125), which is also told to the server (SNI).
            encrypted->set_verify_mode(asio::ssl::verify_peer);
            encrypted->set_verify_callback(asio::ssl::host_name_verification{host});
            if (SSL_set_tlsext_host_name(encrypted->native_handle(), host.c_str()) != 1)
                return {static_cast<int>(::ERR_get_error()), asio::error::get_ssl_category()};
        } else {
            plain.emplace(context);
        }
        failure = step([&](auto done) { lowest().async_connect(endpoints, std::move(done)); });
        if (!failure) lowest().socket().set_option(asio::ip::tcp::no_delay{true}, failure);
        if (!failure && secure)
            failure = step([&](auto done) { encrypted->async_handshake(asio::ssl::stream_base::client, std::move(done)); });
        if (failure) close();
        return failure;
    }

    template <class Stream>
    boost::system::error_code exchange(Stream& stream, http::request<http::string_body>& request,
                                       http::response_parser<http::string_body>& parser) {
        auto failure = step([&](auto done) { http::async_write(stream, request, std::move(done)); });
        if (failure) return failure;
        beast::flat_buffer buffer;
        return step([&](auto done) { http::async_read(stream, buffer, parser, std::move(done)); });
    }
};

HttpClient::HttpClient(std::unique_ptr<Body> body) : body_{std::move(body)} {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<HttpClient> HttpClient::of_url(std::string_view url, std::chrono::seconds time_max) {
    const auto parsed = boost::urls::parse_uri(boost::core::string_view{url.data(), url.size()});
    if (!parsed || parsed->host().empty() || (parsed->scheme() != "http" && parsed->scheme() != "https"))
        return Error{Errc::bad_request, "not an http or https address: " + std::string{url}};
    auto body = std::make_unique<Body>();
    body->secure = parsed->scheme() == "https";
    body->host = parsed->host_address();
    body->port = parsed->has_port() ? std::string{parsed->port()} : (body->secure ? "443" : "80");
    body->base_path = parsed->encoded_path();
    while (!body->base_path.empty() && body->base_path.back() == '/') body->base_path.pop_back();
    body->time_max = time_max;
    if (body->secure) {
        boost::system::error_code failure;
        body->ssl_context.set_default_verify_paths(failure);
        if (failure) return Error{Errc::io, "no certificate authorities to verify " + body->host};
    }
    return HttpClient{std::move(body)};
}

Result<Response> HttpClient::send(Method method, std::string_view target,
                                  const std::vector<std::pair<std::string, std::string>>& headers, std::string body) {
    Body& self = *body_;
    http::request<http::string_body> request{verb_of(method), self.base_path + std::string{target}, 11};
    request.set(http::field::host, self.host + ":" + self.port);
    request.set(http::field::content_type, "application/json");
    for (const auto& [name, value] : headers) request.set(name, value);
    request.body() = std::move(body);
    request.prepare_payload();

    boost::system::error_code failure;
    for (int attempt = 0; attempt < 2; ++attempt) {
        const bool fresh = !self.open();
        if (fresh) {
            failure = self.connect();
            if (failure) break;
        }
        http::response_parser<http::string_body> parser;
        parser.body_limit(std::uint64_t{limits::body_bytes_max} * 16);
        failure = self.secure ? self.exchange(*self.encrypted, request, parser) : self.exchange(*self.plain, request, parser);
        if (!failure) {
            auto& answer = parser.get();
            if (!answer.keep_alive()) self.close();
            Response response;
            response.status = answer.result_int();
            response.content_type = std::string{answer[http::field::content_type]};
            for (const auto& field : answer) response.headers.emplace_back(field.name_string(), field.value());
            response.body = std::move(answer.body());
            return response;
        }
        self.close();
        if (fresh) break;  // only a kept connection may have been closed behind our back
    }
    return Error{Errc::unavailable, "no answer from " + self.host + ":" + self.port + ": " + failure.message()};
}

}  // namespace penchant
