// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bare socket for tests: sends the bytes it is given and reads answers, knowing as little of HTTP as it can.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace penchant::test {

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

class Connection {
public:
    explicit Connection(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        const int one = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    ~Connection() { ::close(socket_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }

    /// False when the other side does not take the bytes any more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

    /// The next answer, or nothing when the connection ends or `time` is over first.
    std::optional<Answer> receive(bool has_body = true, std::chrono::milliseconds time = std::chrono::seconds{10}) {
        const auto end = std::chrono::steady_clock::now() + time;
        std::size_t head_end = 0;
        while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
            if (!read(end)) return std::nullopt;
        }
        Answer answer;
        answer.head = received_.substr(0, head_end + 4);
        answer.status = std::atoi(answer.head.substr(9, 3).c_str());
        std::size_t length = 0;
        if (const auto at = answer.head.find("Content-Length: "); has_body && at != std::string::npos) {
            length = std::strtoul(answer.head.c_str() + at + 16, nullptr, 10);
        }
        while (received_.size() < head_end + 4 + length) {
            if (!read(end)) return std::nullopt;
        }
        answer.body = received_.substr(head_end + 4, length);
        received_.erase(0, head_end + 4 + length);
        return answer;
    }

    /// True when the other side has said that nothing more comes, within `time`, and nothing came.
    bool ended(std::chrono::milliseconds time = std::chrono::seconds{10}) {
        const auto end = std::chrono::steady_clock::now() + time;
        return received_.empty() && !read(end) && ended_;
    }

private:
    bool read(std::chrono::steady_clock::time_point end) {
        using namespace std::chrono;
        const auto left = duration_cast<milliseconds>(end - steady_clock::now()).count();
        pollfd waiting{socket_, POLLIN, 0};
        if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return false;
        char piece[16 * 1024];
        const ssize_t n = ::recv(socket_, piece, sizeof piece, 0);
        if (n <= 0) {
            ended_ = true;
            return false;
        }
        received_.append(piece, static_cast<std::size_t>(n));
        return true;
    }

    int socket_;
    bool connected_ = false;
    bool ended_ = false;
    std::string received_;
};

}  // namespace penchant::test
