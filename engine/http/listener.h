// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accepts connections on one address: a thread a core, each with its own event loop and its own accepting socket
// (SO_REUSEPORT), so that a connection lives on one thread from its first byte to its last and needs no lock.
#pragma once

#include "engine/http/service.h"
#include "index/error.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace penchant {

struct ListenerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    unsigned threads = 1;
};

class Listener {
public:
    /// Listens and begins to answer at once. Errors: bad_request (no such address), conflict (the port is taken), io.
    /// `service` must outlive the listener.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const ListenerOptions& options, Service& service);
    ~Listener();

    [[nodiscard]] std::uint16_t port() const;
    /// Connections open now. Any thread.
    [[nodiscard]] std::size_t connections() const;

    /// Accepts no more, lets requests in flight finish (their answers say Connection: close), closes what is left after
    /// `grace`, ends the threads. Workers must still be running. Also done by the destructor, without grace.
    void stop(std::chrono::milliseconds grace);

private:
    struct Body;
    explicit Listener(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
