// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/application.h"

#include "engine/http/compression.h"
#include "engine/http/response_head.h"
#include "index/limits.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace penchant {

namespace {

bool needs(const Route& route, std::string_view right) {
    return std::find(route.rights.begin(), route.rights.end(), right) != route.rights.end();
}

/// How a failed check of credentials is said (A 1.2, A 5.8).
Error bad_credentials(RouteFamily family) {
    switch (family) {
        case RouteFamily::insights:
        case RouteFamily::analytics: return {Errc::unauthorized, "Invalid credentials"};
        case RouteFamily::personalization_v2: return {Errc::unauthorized, "Unauthorized"};
        case RouteFamily::search:
        case RouteFamily::open: break;
    }
    return {Errc::forbidden, "Invalid Application-ID or API key"};
}

std::size_t body_bytes_max(const Route& route) {
    if (route.family == RouteFamily::insights) return limits::events_body_bytes_max;
    if (needs(route, "search") || needs(route, "browse")) return limits::search_body_bytes_max;
    return limits::body_bytes_max;
}

/// Whatever waits for the disk goes to the other lane, where it is in no search's way. Searches go to a worker too: handing
/// over costs some 12 us (tests/bench/http_bench), but a search on the connection's own thread would hold up every other
/// connection there, and would hide the queue from the gate that says 429 in time.
Lane lane_of(const Route& route) {
    // Analytics may read for seconds: not where searches wait.
    if (route.family == RouteFamily::analytics) return Lane::write;
    if (route.method == Method::get || route.method == Method::head) return Lane::read;
    const bool reads = route.family == RouteFamily::search && (needs(route, "search") || needs(route, "browse"));
    return reads ? Lane::read : Lane::write;
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

/// A reverse proxy on this machine says for whom it asks; its own entry is the last one. Strangers' claims are not believed.
void resolve_remote_address(Request& request) {
    const std::string_view forwarded = request.header("x-forwarded-for");
    if (forwarded.empty() || !is_loopback(request.remote_address)) return;
    const std::size_t comma = forwarded.rfind(',');
    std::string_view last = comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    while (last.starts_with(' ')) last.remove_prefix(1);
    if (!last.empty() && last.size() <= 64) request.remote_address = last;
}

}  // namespace

std::string_view presented_key(const Request& request) {
    if (const std::string_view key = request.header("x-algolia-api-key"); !key.empty()) return key;
    if (const auto key = request.parameter("x-algolia-api-key")) return *key;
    constexpr std::string_view bearer = "Bearer ";
    const std::string_view authorization = request.header("authorization");
    return authorization.starts_with(bearer) ? authorization.substr(bearer.size()) : std::string_view{};
}

void Application::open(const Router& router, const Keys& keys, MetricsRegistry& metrics) {
    router_ = &router;
    keys_ = &keys;
    metrics_ = &metrics;
    open_.store(true, std::memory_order_release);
}

void Application::refuse(Admission& admission, Error error) const {
    admission.refusal = error_response(error);
    if (metrics_ != nullptr) {
        metrics_->count_request(admission.route_number, admission.refusal->status,
                                std::chrono::steady_clock::now() - admission.begin);
    }
}

Admission Application::admit(Request& request) {
    Admission admission;
    admission.begin = std::chrono::steady_clock::now();
    if (request.method == Method::options) {
        admission.refusal = preflight_response();
        return admission;
    }
    if (!open_.load(std::memory_order_acquire)) {
        admission.refusal = error_response({Errc::unavailable, "The server is starting"});
        return admission;
    }
    admission.route_number = router_->routes().size();
    Router::Match match = router_->match(request.method, request.path);
    if (match.route == nullptr) {
        refuse(admission, match.path_exists ? Error{Errc::method, "Method Not Allowed"} : Error{Errc::not_found, "Path not found"});
        return admission;
    }
    const Route& route = *match.route;
    admission.route = &route;
    admission.route_number = static_cast<std::size_t>(match.route - router_->routes().data());
    admission.variables = std::move(match.variables);
    admission.body_bytes_max = body_bytes_max(route);
    admission.lane = lane_of(route);

    if (route.family == RouteFamily::open && route.rights.empty()) {
        static const auto nobody = std::make_shared<const Caller>();
        admission.caller = nobody;
        admission.at_once = true;
        return admission;
    }
    // Before the body: a stranger's 64 MB are not even taken in.
    admission.caller = keys_->find(presented_key(request));
    if (!admission.caller) {
        refuse(admission, bad_credentials(route.family));
        return admission;
    }
    const Caller& caller = *admission.caller;
    const bool allowed = std::all_of(route.rights.begin(), route.rights.end(), [&caller](const std::string& right) {
        return right == "admin" ? caller.admin : caller.may(right);
    });
    if (!allowed) {
        refuse(admission, {Errc::forbidden, "Method not allowed with this API key"});
        return admission;
    }
    if (std::string_view{route.pattern}.starts_with("/1/indexes/{")) {
        const std::string& index = admission.variables.front();
        if (index == "*") {
            refuse(admission, {Errc::bad_request, "\"*\" is not the name of an index"});
            return admission;
        }
        if (!caller.may_use_index(index)) {
            refuse(admission, {Errc::forbidden, "Index not allowed with this API key"});
            return admission;
        }
    }
    resolve_remote_address(request);
    return admission;
}

Response Application::answer(Request& request, const Admission& admission) {
    Response response;
    if (auto unpacked = unpack_body(request, admission.body_bytes_max); unpacked.has_error()) {
        response = error_response(unpacked.error());
    } else {
        response = admission.route->handler({request, *admission.caller, admission.variables});
    }
    const auto time = std::chrono::steady_clock::now() - admission.begin;
    metrics_->count_request(admission.route_number, response.status, time);
    if (response.status >= 500) {
        // The pattern, not the path: paths carry visitors' tokens.
        spdlog::warn("request_failed route={} status={} ms={:.1f} answer={}", admission.route->pattern, response.status,
                     std::chrono::duration<double, std::milli>(time).count(), response.body.substr(0, 300));
    }
    return response;
}

bool Application::submit(const Admission& admission, std::function<void()>& job) {
    if (pool_.submit(admission.lane, job)) return true;
    refused_.fetch_add(1, std::memory_order_relaxed);
    metrics_->count_request(admission.route_number, 429, std::chrono::steady_clock::now() - admission.begin);
    return false;
}

}  // namespace penchant
