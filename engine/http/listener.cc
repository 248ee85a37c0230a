// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/listener.h"

#include "engine/http/session.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>
#include <sys/socket.h>

#include <thread>

namespace penchant {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// The event loop's own executor type instead of the type-erased one: no indirect call for each operation.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// One thread with its loop, its accepting socket and its connections.
class Core {
public:
    Core(Service& service, std::atomic<std::size_t>& connections)
        : share_{service, wheel_, connections}, loop_{1}, acceptor_{loop_}, pause_{loop_}, ticker_{loop_} {}

    [[nodiscard]] boost::system::error_code listen(const tcp::endpoint& endpoint) {
        boost::system::error_code error;
        acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
        if (!error) acceptor_.set_option(ReusePort(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(4096, error);
        if (!error) acceptor_.non_blocking(true, error);
        return error;
    }

    [[nodiscard]] std::uint16_t port() const {
        boost::system::error_code error;
        return acceptor_.local_endpoint(error).port();
    }

    void start() {
        accept();
        next_tick();
        thread_ = std::thread{[this] { loop_.run(); }};
    }

    void drain() {
        asio::post(loop_, [this] {
            // Whoever is in the queue was told by the system that we are there; closing would reset them.
            boost::system::error_code error;
            while (true) {
                Socket socket{loop_};
                acceptor_.accept(socket, error);
                if (error) break;
                take(std::move(socket));
            }
            acceptor_.close(error);
            pause_.cancel();
            share_.draining = true;
            wheel_.for_each([](Deadline& deadline) { static_cast<Session<Socket>&>(deadline).drain(); });
        });
    }

    void end() {
        asio::post(loop_, [this] { loop_.stop(); });
        if (thread_.joinable()) thread_.join();
    }

private:
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, Socket socket) {
            if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
            if (error) {
                // No descriptor left, or the like: trying again at once would only burn the processor.
                pause_.expires_after(std::chrono::milliseconds{100});
                pause_.async_wait([this](const boost::system::error_code& stopped) {
                    if (!stopped && acceptor_.is_open()) accept();
                });
                return;
            }
            take(std::move(socket));
            accept();
        });
    }

    void take(Socket socket) {
        if (share_.connections.load(std::memory_order_relaxed) >= limits::connections_max) return;  // closed by its destructor
        boost::system::error_code error;
        socket.set_option(tcp::no_delay(true), error);
        const tcp::endpoint remote = socket.remote_endpoint(error);
        if (error) return;  // already gone
        std::make_shared<Session<Socket>>(std::move(socket), remote.address().to_string(), share_)->start();
    }

    void next_tick() {
        ticker_.expires_after(DeadlineWheel::tick);
        ticker_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            wheel_.turn();
            next_tick();
        });
    }

    DeadlineWheel wheel_;  // before the loop: connections that end with the loop still take themselves out
    ConnectionShare share_;
    asio::io_context loop_;
    Acceptor acceptor_;
    Timer pause_;
    Timer ticker_;
    std::thread thread_;
};

/// With SO_REUSEPORT two servers of one user could share a port without noticing. A plain socket notices.
boost::system::error_code probe(const tcp::endpoint& endpoint) {
    asio::io_context loop;
    tcp::acceptor acceptor{loop};
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    return error;
}

Error listen_error(const tcp::endpoint& endpoint, const boost::system::error_code& error) {
    const Errc code = error == asio::error::address_in_use ? Errc::conflict : Errc::io;
    return {code, fmt::format("Cannot listen on {}:{}: {}", endpoint.address().to_string(), endpoint.port(), error.message())};
}

}  // namespace

struct Listener::Body {
    std::atomic<std::size_t> connections{0};
    std::vector<std::unique_ptr<Core>> cores;
    bool stopped = false;
};

Listener::Listener(std::unique_ptr<Body> body) : body_{std::move(body)} {}

Listener::~Listener() {
    if (body_) stop(std::chrono::milliseconds{0});
}

Result<std::unique_ptr<Listener>> Listener::open(const ListenerOptions& options, Service& service) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return Error{Errc::bad_request, "\"" + options.address + "\" is not an IP address to listen on"};
    tcp::endpoint endpoint{address, options.port};
    if ((error = probe(endpoint))) return listen_error(endpoint, error);

    auto body = std::make_unique<Body>();
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
        auto core = std::make_unique<Core>(service, body->connections);
        if ((error = core->listen(endpoint))) return listen_error(endpoint, error);
        endpoint.port(core->port());  // the first one may have chosen; the others join it
        body->cores.push_back(std::move(core));
    }
    for (auto& core : body->cores) core->start();
    return std::unique_ptr<Listener>(new Listener{std::move(body)});
}

std::uint16_t Listener::port() const { return body_->cores.front()->port(); }

std::size_t Listener::connections() const { return body_->connections.load(std::memory_order_relaxed); }

void Listener::stop(std::chrono::milliseconds grace) {
    if (std::exchange(body_->stopped, true)) return;
    for (auto& core : body_->cores) core->drain();
    const auto end = std::chrono::steady_clock::now() + grace;
    while (connections() != 0 && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    for (auto& core : body_->cores) core->end();
}

}  // namespace penchant
