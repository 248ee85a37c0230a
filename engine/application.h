// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands between the HTTP server and the handlers: finds the route, checks the key and the index, says how large the
// body may be and who answers, unpacks bodies, counts. Until open() is called every request is answered 503, so that a server
// which is still replaying its log already listens.
#pragma once

#include "engine/auth/keys.h"
#include "engine/http/service.h"
#include "engine/metrics.h"
#include "engine/router.h"
#include "engine/worker_pool.h"

#include <atomic>
#include <functional>

namespace penchant {

class Application final : public Service {
public:
    explicit Application(WorkerPool& pool) : pool_{pool} {}

    /// From now on requests reach `router`'s handlers. All must outlive the last request; `router` does not change any more.
    void open(const Router& router, const Keys& keys, MetricsRegistry& metrics);

    [[nodiscard]] Admission admit(Request& request) override;
    [[nodiscard]] Response answer(Request& request, const Admission& admission) override;
    [[nodiscard]] bool submit(const Admission& admission, std::function<void()>& job) override;

    /// Requests refused because all places were taken.
    [[nodiscard]] std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

private:
    void refuse(Admission& admission, Error error) const;

    WorkerPool& pool_;
    const Router* router_ = nullptr;
    const Keys* keys_ = nullptr;
    MetricsRegistry* metrics_ = nullptr;
    std::atomic<bool> open_{false};  // guards the three above
    std::atomic<std::uint64_t> refused_{0};
};

/// The key a request presents: header before URL, any case (A 1.2), or a bearer token, which is what Prometheus sends.
[[nodiscard]] std::string_view presented_key(const Request& request);

}  // namespace penchant
