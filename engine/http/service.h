// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the HTTP server asks of whoever answers requests. The server knows bytes, time and connections; the service knows
// routes, keys and records.
#pragma once

#include "engine/http/message.h"
#include "engine/router.h"
#include "engine/worker_pool.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penchant {

/// What was decided about a request from its header alone, before a byte of its body is taken in.
struct Admission {
    std::optional<Response> refusal;  ///< answered instead; the rest decides nothing then
    std::size_t body_bytes_max = 0;
    bool at_once = false;             ///< cheap: answered on the connection's own thread
    Lane lane = Lane::read;
    const Route* route = nullptr;
    std::size_t route_number = 0;
    std::vector<std::string> variables;
    std::shared_ptr<const Caller> caller;
    std::chrono::steady_clock::time_point begin{};
};

class Service {
public:
    virtual ~Service() = default;
    /// On a connection's thread, must not block. The request has its header, and no body yet; may be changed (path, query).
    [[nodiscard]] virtual Admission admit(Request& request) = 0;
    /// On a connection's thread when admission.at_once, else on a worker. The body is as it came, possibly packed.
    [[nodiscard]] virtual Response answer(Request& request, const Admission& admission) = 0;
    /// Hands `job` to a worker; false when there are too many already.
    [[nodiscard]] virtual bool submit(const Admission& admission, std::function<void()>& job) = 0;
};

}  // namespace penchant
