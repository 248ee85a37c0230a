// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace penchant::bench {

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
    int socket = -1;
    Clock::time_point sent;
    std::string received;
    std::size_t expected = 0;  // bytes of the answer, once its head is there
};

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        return -1;
    }
    const int one = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    return socket;
}

bool send_request(Connection& connection, const std::string& request) {
    connection.sent = Clock::now();
    connection.received.clear();
    connection.expected = 0;
    // A request fits the socket's buffer, which is empty: the answer to the last one is in.
    return ::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
}

/// True when the answer is whole.
bool take(Connection& connection, std::string_view piece) {
    connection.received.append(piece);
    if (connection.expected == 0) {
        const std::size_t end = connection.received.find("\r\n\r\n");
        if (end == std::string::npos) return false;
        const std::size_t at = connection.received.find("Content-Length: ");
        connection.expected = end + 4 + (at < end ? std::strtoul(connection.received.c_str() + at + 16, nullptr, 10) : 0);
    }
    return connection.received.size() >= connection.expected;
}

struct Numbers {
    std::vector<float> ms;
    std::uint64_t failed = 0;
};

void drive(const LoadOptions& options, unsigned count, Clock::time_point end, Numbers& numbers) {
    const int poll = ::epoll_create1(0);
    std::vector<Connection> connections(count);
    for (Connection& connection : connections) {
        connection.socket = connect_to(options.port);
        if (connection.socket < 0 || !send_request(connection, options.request)) {
            ++numbers.failed;
            continue;
        }
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &connection;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, connection.socket, &event);
    }
    epoll_event events[64];
    char piece[64 * 1024];
    while (Clock::now() < end) {
        const int ready = ::epoll_wait(poll, events, 64, 50);
        for (int i = 0; i < ready; ++i) {
            Connection& connection = *static_cast<Connection*>(events[i].data.ptr);
            const ssize_t n = ::recv(connection.socket, piece, sizeof piece, 0);
            if (n <= 0) {
                ++numbers.failed;
                ::epoll_ctl(poll, EPOLL_CTL_DEL, connection.socket, nullptr);
                continue;
            }
            if (!take(connection, {piece, static_cast<std::size_t>(n)})) continue;
            if (!connection.received.starts_with("HTTP/1.1 200")) ++numbers.failed;
            numbers.ms.push_back(std::chrono::duration<float, std::milli>(Clock::now() - connection.sent).count());
            send_request(connection, options.request);
        }
    }
    for (const Connection& connection : connections)
        if (connection.socket >= 0) ::close(connection.socket);
    ::close(poll);
}

}  // namespace

Load run_load(const LoadOptions& options) {
    const Clock::time_point begin = Clock::now();
    const Clock::time_point end = begin + std::chrono::seconds{options.seconds};
    std::vector<Numbers> numbers(options.threads);
    std::vector<std::thread> threads;
    for (Numbers& own : numbers) {
        threads.emplace_back([&] { drive(options, std::max(1U, options.connections / options.threads), end, own); });
    }
    for (std::thread& thread : threads) thread.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();

    Load load;
    std::vector<float> all;
    for (const Numbers& own : numbers) {
        all.insert(all.end(), own.ms.begin(), own.ms.end());
        load.failed += own.failed;
    }
    if (all.empty()) return load;
    std::sort(all.begin(), all.end());
    load.per_second = static_cast<double>(all.size()) / seconds;
    load.p50_ms = static_cast<double>(all[all.size() / 2]);
    load.p99_ms = static_cast<double>(all[all.size() * 99 / 100]);
    return load;
}

}  // namespace penchant::bench
