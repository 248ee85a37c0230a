// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection from its first byte to its last. Included by listener.cc only; a template, so that a TLS stream can take the
// plain socket's place. Everything here happens on the connection's own thread, except the answering of a request, which
// a worker may do while the connection waits.
//
//     read header -> admit (route, key: before the body) -> read body -> answer -> write -> again
#pragma once

#include "engine/http/compression.h"
#include "engine/http/deadline_wheel.h"
#include "engine/http/request_parser.h"
#include "engine/http/response_head.h"
#include "engine/http/service.h"
#include "index/limits.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace penchant {

/// What the connections of one thread share.
struct ConnectionShare {
    Service& service;
    DeadlineWheel& wheel;
    std::atomic<std::size_t>& connections;
    bool draining = false;
};

template <class Stream>
class Session final : public std::enable_shared_from_this<Session<Stream>>, public Deadline {
public:
    Session(Stream stream, std::string remote_address, ConnectionShare& share)
        : stream_{std::move(stream)}, remote_address_{std::move(remote_address)}, share_{share} {
        share_.connections.fetch_add(1, std::memory_order_relaxed);
    }
    ~Session() { share_.connections.fetch_sub(1, std::memory_order_relaxed); }

    void start() {
        share_.wheel.set(*this, limits::header_time_max);
        read_more();
    }

    void expired() override { close(); }

    /// The server is stopping: whoever is idle gets a moment for a request already on its way, then goes.
    void drain() {
        if (phase_ == Phase::idle) share_.wheel.set(*this, drain_time);
    }

    void close() {
        phase_ = Phase::closed;
        share_.wheel.remove(*this);
        boost::system::error_code ignored;
        stream_.lowest_layer().close(ignored);
    }

private:
    enum class Phase { idle, head, body, answering, writing, lingering, closed };

    static constexpr std::chrono::milliseconds drain_time{500};
    static constexpr std::chrono::milliseconds linger_time{2'000};
    static constexpr std::size_t linger_bytes_max = 8 * 1024 * 1024;
    static constexpr std::size_t refused_body_bytes_max = 64 * 1024;  // read past rather than cut off
    static constexpr std::size_t buffer_bytes_min = 2 * 1024;         // thousands of connections sit idle
    static constexpr std::size_t buffer_bytes_max = 64 * 1024;

    std::string_view waiting() const { return {buffer_.data() + begin_, end_ - begin_}; }

    void read_more() {
        if (begin_ == end_) {
            begin_ = end_ = 0;
            if (phase_ == Phase::idle && buffer_.size() != buffer_bytes_min) {
                buffer_ = std::vector<char>(buffer_bytes_min);
            } else if (phase_ == Phase::body && buffer_.size() != buffer_bytes_max) {
                buffer_ = std::vector<char>(buffer_bytes_max);
            }
        } else if (begin_ != 0) {
            std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ == buffer_.size()) buffer_.resize(std::min(2 * buffer_.size(), buffer_bytes_max));
        PENCHANT_ASSERT(end_ < buffer_.size());  // the parser refuses what does not fit a header
        stream_.async_read_some(boost::asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                                [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t n) {
                                    self->on_read(error, n);
                                });
    }

    void on_read(const boost::system::error_code& error, std::size_t n) {
        if (phase_ == Phase::closed) return;
        if (error) return close();
        if (phase_ == Phase::lingering) {
            lingered_ += n;
            if (lingered_ > linger_bytes_max) return close();
            return linger_more();
        }
        end_ += n;
        if (phase_ == Phase::body) {
            // A large body on a slow line is honest as long as it moves: a second more for each 64 KB.
            body_bytes_ += n;
            const auto budget = limits::body_time_max + std::chrono::milliseconds{body_bytes_ / 64};
            const auto spent = std::chrono::steady_clock::now() - body_begin_;
            if (spent >= budget) return close();
            share_.wheel.set(*this, std::chrono::duration_cast<std::chrono::milliseconds>(budget - spent));
        }
        advance();
    }

    /// Goes as far as the bytes at hand allow.
    void advance() {
        while (true) {
            switch (parser_.state()) {
                case RequestParser::State::head:
                case RequestParser::State::body:
                    if (begin_ == end_ || starved_ == waiting().size()) {
                        starved_ = 0;
                        return read_more();
                    }
                    if (phase_ == Phase::idle) {
                        phase_ = Phase::head;
                        share_.wheel.set(*this, limits::header_time_max);
                    }
                    begin_ += parser_.feed(waiting());
                    // What is left is part of something: more of it must come before another look is worth it.
                    starved_ = waiting().size();
                    break;
                case RequestParser::State::head_done:
                    starved_ = 0;
                    if (!on_head()) return;
                    break;
                case RequestParser::State::done: return dispatch();
                case RequestParser::State::failed:
                    keep_alive_ = false;
                    return respond(failure(parser_.failure().status, parser_.failure().what));
            }
        }
    }

    /// The header is complete. False when the connection is not to go on reading now.
    bool on_head() {
        Request& request = parser_.request();
        request.remote_address = remote_address_;
        keep_alive_ = parser_.keep_alive() && !share_.draining;
        if (auto target = parse_target(request.target, request); target.has_error()) {
            admission_ = {};
            admission_.refusal = error_response(target.error());
            keep_alive_ = false;  // whoever garbles a URL may have garbled more
        } else {
            admission_ = share_.service.admit(request);
        }
        std::size_t bytes_max = admission_.body_bytes_max;
        if (admission_.refusal) {
            // Small bodies are read past, so that the connection can stay; others are not even waited for.
            if (parser_.has_body() &&
                (parser_.expects_continue() || parser_.content_length().value_or(refused_body_bytes_max) >= refused_body_bytes_max)) {
                keep_alive_ = false;
                respond(std::move(*admission_.refusal));
                return false;
            }
            bytes_max = refused_body_bytes_max;
        }
        const bool expects_continue = parser_.expects_continue();
        if (!expects_continue && !request.header("expect").empty()) {
            keep_alive_ = false;
            respond(failure(417, "The only expectation understood here is 100-continue"));
            return false;
        }
        parser_.begin_body(bytes_max);
        if (parser_.state() != RequestParser::State::body) return true;
        phase_ = Phase::body;
        body_bytes_ = 0;
        body_begin_ = std::chrono::steady_clock::now();
        share_.wheel.set(*this, limits::body_time_max);
        if (!expects_continue || begin_ != end_) return true;
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        boost::asio::async_write(stream_, boost::asio::buffer(go_on),
                                 [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t) {
                                     if (self->phase_ == Phase::closed) return;
                                     if (error) return self->close();
                                     self->advance();
                                 });
        return false;
    }

    void dispatch() {
        phase_ = Phase::answering;
        share_.wheel.remove(*this);  // how long an answer may take is the service's affair
        if (admission_.refusal) return respond(std::move(*admission_.refusal));
        if (admission_.at_once) return respond(answer());
        // The job gives the connection back by moving it: its last owner must be its own thread.
        std::function<void()> job = [self = this->shared_from_this()]() mutable {
            Session& session = *self;
            Response response = session.answer();
            boost::asio::post(session.stream_.get_executor(),
                              [owner = std::move(self), ready = std::move(response)]() mutable {
                                  if (owner->phase_ != Phase::closed) owner->respond(std::move(ready));
                              });
        };
        if (!share_.service.submit(admission_, job)) {
            respond(error_response({Errc::overloaded, "The server is busy; please try again in a moment"}));
        }
    }

    Response answer() {
        Request& request = parser_.request();
        Response response = share_.service.answer(request, admission_);
        pack_body(request.header("accept-encoding"), response);
        return response;
    }

    static Response failure(unsigned status, std::string_view what) {
        return json_response(boost::json::object{{"message", what}, {"status", status}}, status);
    }

    void respond(Response response) {
        phase_ = Phase::writing;
        response_ = std::move(response);
        const Request& request = parser_.request();
        keep_alive_ = keep_alive_ && !share_.draining;
        head_.clear();
        write_head(response_, {keep_alive_, parser_.version(), request.header("request-id")}, head_);
        if (request.method == Method::head) response_.body.clear();
        share_.wheel.set(*this, limits::write_time_max + std::chrono::milliseconds{response_.body.size() / 64});
        const std::array<boost::asio::const_buffer, 2> bytes{boost::asio::buffer(head_), boost::asio::buffer(response_.body)};
        boost::asio::async_write(stream_, bytes,
                                 [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t) {
                                     self->on_written(error);
                                 });
    }

    void on_written(const boost::system::error_code& error) {
        if (phase_ == Phase::closed) return;
        if (error) return close();
        if (!keep_alive_) return leave();
        response_ = {};
        parser_.reset();
        starved_ = 0;
        phase_ = Phase::idle;
        share_.wheel.set(*this, share_.draining ? drain_time : limits::idle_time_max);
        advance();
    }

    /// Closing while the other side still sends would make the system throw our answer away with a reset: say that
    /// nothing more comes, and read on for a while.
    void leave() {
        boost::system::error_code ignored;
        stream_.lowest_layer().shutdown(boost::asio::socket_base::shutdown_send, ignored);
        if (parser_.state() == RequestParser::State::done && begin_ == end_) return close();
        phase_ = Phase::lingering;
        begin_ = end_ = 0;
        if (buffer_.size() < buffer_bytes_min) buffer_.resize(buffer_bytes_min);
        share_.wheel.set(*this, linger_time);
        linger_more();
    }

    void linger_more() {
        stream_.async_read_some(boost::asio::buffer(buffer_),
                                [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t n) {
                                    self->on_read(error, n);
                                });
    }

    Stream stream_;
    const std::string remote_address_;
    ConnectionShare& share_;
    Phase phase_ = Phase::idle;
    bool keep_alive_ = true;

    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t starved_ = 0;  // bytes waiting that the parser could do nothing with
    RequestParser parser_;
    Admission admission_;
    std::size_t body_bytes_ = 0;
    std::chrono::steady_clock::time_point body_begin_{};
    std::size_t lingered_ = 0;

    Response response_;
    std::string head_;
};

}  // namespace penchant
