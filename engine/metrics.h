// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers behind /metrics, in Prometheus' text form. Requests are counted without a lock; named counters and gauges
// (a module's) take a shared one.
#pragma once

#include "engine/module.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Any thread, after name_routes().
class MetricsRegistry final : public Metrics {
public:
    MetricsRegistry();

    void count(std::string_view name, std::uint64_t amount = 1) override;
    void set(std::string_view name, double value) override;

    /// One set of request counters for each route, and one more for requests that match none. Before the first request.
    void name_routes(const Router& router);
    /// `route` is the route's position in Router::routes(), or its size for none.
    void count_request(std::size_t route, unsigned status, std::chrono::nanoseconds time);

    /// Appends everything in Prometheus' text form 0.0.4.
    void write(std::string& out) const;
    /// Appends one gauge with its HELP and TYPE lines.
    static void write_gauge(std::string& out, std::string_view name, std::string_view help, double value);

private:
    static constexpr std::array<double, 14> bounds_seconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                           0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};
    struct RouteNumbers {
        std::string label;  ///< method="POST",route="/1/..."
        std::array<std::atomic<std::uint64_t>, 6> by_status{};  ///< by the status' first digit
        std::array<std::atomic<std::uint64_t>, bounds_seconds.size() + 1> by_time{};
        std::atomic<std::uint64_t> nanoseconds{0};
    };
    std::vector<std::unique_ptr<RouteNumbers>> routes_;

    mutable std::shared_mutex mutex_;
    std::map<std::string, std::atomic<std::uint64_t>, std::less<>> counters_;
    std::map<std::string, std::atomic<double>, std::less<>> gauges_;
};

}  // namespace penchant
