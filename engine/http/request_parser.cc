// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/request_parser.h"

#include "engine/http/framing.h"
#include "index/limits.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <simdjson.h>

#include <algorithm>

namespace penchant {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t header_fields_max = 128;

Method method_of(http::verb verb) {
    switch (verb) {
        case http::verb::get: return Method::get;
        case http::verb::post: return Method::post;
        case http::verb::put: return Method::put;
        case http::verb::delete_: return Method::delete_;
        case http::verb::options: return Method::options;
        case http::verb::head: return Method::head;
        default: return Method::other;
    }
}

/// Beast's parser, writing straight into our Request.
class Parser final : public http::basic_parser<true> {
public:
    explicit Parser(Request& request) : request_{request} {
        header_limit(static_cast<std::uint32_t>(limits::header_bytes_max));
        body_limit(boost::none);  // ours depends on the route, and is known after the header
    }

    std::size_t body_bytes_max = 0;
    unsigned http_version = 11;
    bool too_many_fields = false;

private:
    using ErrorCode = boost::beast::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(http::verb verb, Text, Text target, int version, ErrorCode&) override {
        request_.method = method_of(verb);
        request_.target.assign(target.data(), target.size());
        http_version = static_cast<unsigned>(version);
    }
    void on_response_impl(int, Text, int, ErrorCode&) override {}
    void on_field_impl(http::field, Text name, Text value, ErrorCode& error) override {
        // A trailer is not a header: what comes behind the body was not there when the request was let in.
        if (is_header_done()) return;
        if (request_.headers.size() == header_fields_max) {
            error = http::error::header_limit;
            return;
        }
        auto& [own_name, own_value] = request_.headers.emplace_back();
        own_name.resize(name.size());
        std::transform(name.begin(), name.end(), own_name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        own_value.assign(value.data(), value.size());
    }
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override {
        // The JSON parser reads a little past the end, and would copy the body to make room.
        if (length) request_.body.reserve(static_cast<std::size_t>(*length) + simdjson::SIMDJSON_PADDING);
    }
    std::size_t on_body_impl(Text body, ErrorCode& error) override { return append(body, error); }
    void on_chunk_header_impl(std::uint64_t size, Text, ErrorCode& error) override {
        if (size > body_bytes_max - request_.body.size()) error = http::error::body_limit;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& error) override { return append(body, error); }
    void on_finish_impl(ErrorCode&) override {}

    std::size_t append(Text body, ErrorCode& error) {
        if (body.size() > body_bytes_max - request_.body.size()) {
            error = http::error::body_limit;
            return 0;
        }
        request_.body.append(body.data(), body.size());
        return body.size();
    }

    Request& request_;
};

bool equals_without_case(std::string_view a, std::string_view b) {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

}  // namespace

struct RequestParser::Body {
    Request request;
    std::optional<Parser> parser;
    State state = State::head;
    std::size_t head_bytes = 0;
    Failure failure;
};

RequestParser::RequestParser() : body_{std::make_unique<Body>()} { body_->parser.emplace(body_->request); }
RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view bytes) {
    Body& own = *body_;
    if (own.state != State::head && own.state != State::body) return 0;
    std::size_t used = 0;
    while (true) {
        boost::beast::error_code error;
        const std::size_t taken = own.parser->put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
        used += taken;
        // Beast's own limit is for the piece at hand; a header that comes in pieces is ours to add up.
        if (own.state == State::head) own.head_bytes += taken;
        const std::size_t waiting = bytes.size() - used;
        if (own.state == State::head && error == http::error::need_more &&
            own.head_bytes + waiting > limits::header_bytes_max) {
            error = http::error::header_limit;
        }
        if (error == http::error::need_more) {
            if (own.state == State::body && waiting > limits::header_bytes_max) {
                own.state = State::failed;
                own.failure = {400, "A chunk's head or trailer is too long"};
            }
            return used;
        }
        if (error) {
            const bool header = error == http::error::header_limit;
            const bool large = error == http::error::body_limit;
            own.failure = header  ? Failure{431, "The request's header is too large"}
                          : large ? Failure{413, "Request Entity Too Large"}
                                  : Failure{400, "This is not a well-formed HTTP/1.1 request"};
            own.state = State::failed;
            return used;
        }
        if (own.state == State::head && own.parser->is_header_done()) {
            if (const auto fault = framing_fault(own.parser->http_version, own.request.headers)) {
                own.failure = {400, *fault};
                own.state = State::failed;
                return used;
            }
            own.state = State::head_done;
            return used;
        }
        if (own.parser->is_done()) {
            own.state = State::done;
            return used;
        }
        if (taken == 0 || used == bytes.size()) return used;
    }
}

RequestParser::State RequestParser::state() const { return body_->state; }

void RequestParser::begin_body(std::size_t body_bytes_max) {
    Body& own = *body_;
    PENCHANT_ASSERT(own.state == State::head_done);
    own.parser->body_bytes_max = body_bytes_max;
    own.parser->eager(true);
    if (const auto length = content_length(); length && *length > body_bytes_max) {
        own.failure = {413, "Request Entity Too Large"};
        own.state = State::failed;
        return;
    }
    own.state = own.parser->is_done() || !has_body() ? State::done : State::body;
}

void RequestParser::reset() {
    Body& own = *body_;
    own.request = Request{};
    own.parser.emplace(own.request);
    own.state = State::head;
    own.head_bytes = 0;
}

Request& RequestParser::request() { return body_->request; }
bool RequestParser::keep_alive() const { return body_->parser->is_header_done() && body_->parser->keep_alive(); }
unsigned RequestParser::version() const { return body_->parser->http_version; }

std::optional<std::uint64_t> RequestParser::content_length() const {
    const auto length = body_->parser->content_length();
    return length ? std::optional<std::uint64_t>{*length} : std::nullopt;
}

bool RequestParser::has_body() const {
    return body_->parser->chunked() || content_length().value_or(0) != 0;
}

bool RequestParser::expects_continue() const {
    return version() >= 11 && equals_without_case(body_->request.header("expect"), "100-continue");
}

const RequestParser::Failure& RequestParser::failure() const { return body_->failure; }

}  // namespace penchant
