// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <mutex>

namespace penchant {

namespace {

std::string_view method_name(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::post: return "POST";
        case Method::put: return "PUT";
        case Method::delete_: return "DELETE";
        case Method::options: return "OPTIONS";
        case Method::head: return "HEAD";
        case Method::other: break;
    }
    return "other";
}

/// A TYPE line in front of each new metric: names sort so that one metric's labels stand together.
template <class Map>
void write_named(const Map& map, std::string_view type, std::string& out) {
    std::string_view last;
    for (const auto& [name, value] : map) {
        const std::string_view metric = std::string_view{name}.substr(0, name.find('{'));
        if (metric != last) fmt::format_to(std::back_inserter(out), "# TYPE {} {}\n", metric, type);
        last = metric;
        fmt::format_to(std::back_inserter(out), "{} {}\n", name, value.load(std::memory_order_relaxed));
    }
}

template <class Map>
auto& entry(Map& map, std::shared_mutex& mutex, std::string_view name) {
    {
        const std::shared_lock lock{mutex};
        if (const auto found = map.find(name); found != map.end()) return found->second;
    }
    const std::lock_guard lock{mutex};
    return map.try_emplace(std::string{name}).first->second;  // entries are never taken away
}

}  // namespace

MetricsRegistry::MetricsRegistry() = default;

void MetricsRegistry::count(std::string_view name, std::uint64_t amount) {
    entry(counters_, mutex_, name).fetch_add(amount, std::memory_order_relaxed);
}

void MetricsRegistry::set(std::string_view name, double value) {
    entry(gauges_, mutex_, name).store(value, std::memory_order_relaxed);
}

void MetricsRegistry::name_routes(const Router& router) {
    routes_.clear();
    for (const Route& route : router.routes()) {
        auto numbers = std::make_unique<RouteNumbers>();
        numbers->label = fmt::format("method=\"{}\",route=\"{}\"", method_name(route.method), route.pattern);
        routes_.push_back(std::move(numbers));
    }
    auto none = std::make_unique<RouteNumbers>();
    none->label = "method=\"\",route=\"none\"";
    routes_.push_back(std::move(none));
}

void MetricsRegistry::count_request(std::size_t route, unsigned status, std::chrono::nanoseconds time) {
    RouteNumbers& numbers = *routes_[std::min(route, routes_.size() - 1)];
    numbers.by_status[std::min<std::size_t>(status / 100, 5)].fetch_add(1, std::memory_order_relaxed);
    const double seconds = std::chrono::duration<double>(time).count();
    const auto slot = std::lower_bound(bounds_seconds.begin(), bounds_seconds.end(), seconds) - bounds_seconds.begin();
    numbers.by_time[static_cast<std::size_t>(slot)].fetch_add(1, std::memory_order_relaxed);
    numbers.nanoseconds.fetch_add(static_cast<std::uint64_t>(time.count()), std::memory_order_relaxed);
}

void MetricsRegistry::write(std::string& out) const {
    auto to = std::back_inserter(out);
    out += "# HELP penchant_http_requests_total Requests answered, by the first digit of their status.\n"
           "# TYPE penchant_http_requests_total counter\n";
    for (const auto& numbers : routes_) {
        for (std::size_t digit = 1; digit < numbers->by_status.size(); ++digit) {
            if (const auto n = numbers->by_status[digit].load(std::memory_order_relaxed); n != 0) {
                fmt::format_to(to, "penchant_http_requests_total{{{},status=\"{}xx\"}} {}\n", numbers->label, digit, n);
            }
        }
    }
    out += "# HELP penchant_http_request_seconds From a request's header read to its answer made.\n"
           "# TYPE penchant_http_request_seconds histogram\n";
    for (const auto& numbers : routes_) {
        std::uint64_t below = 0;
        std::array<std::uint64_t, bounds_seconds.size() + 1> sums{};
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = below += numbers->by_time[i].load(std::memory_order_relaxed);
        if (below == 0) continue;
        for (std::size_t i = 0; i < bounds_seconds.size(); ++i) {
            fmt::format_to(to, "penchant_http_request_seconds_bucket{{{},le=\"{}\"}} {}\n", numbers->label,
                           bounds_seconds[i], sums[i]);
        }
        fmt::format_to(to, "penchant_http_request_seconds_bucket{{{},le=\"+Inf\"}} {}\n", numbers->label, below);
        fmt::format_to(to, "penchant_http_request_seconds_sum{{{}}} {}\n", numbers->label,
                       static_cast<double>(numbers->nanoseconds.load(std::memory_order_relaxed)) / 1e9);
        fmt::format_to(to, "penchant_http_request_seconds_count{{{}}} {}\n", numbers->label, below);
    }
    const std::shared_lock lock{mutex_};
    write_named(counters_, "counter", out);
    write_named(gauges_, "gauge", out);
}

void MetricsRegistry::write_gauge(std::string& out, std::string_view name, std::string_view help, double value) {
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
}

}  // namespace penchant
