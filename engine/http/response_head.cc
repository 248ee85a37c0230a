// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <random>

namespace penchant {

namespace {

std::string_view reason(unsigned status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 402: return "Payment Required";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        case 507: return "Insufficient Storage";
        default: return "Status";
    }
}

/// "Fri, 20 Nov 2026 07:00:00 GMT" (RFC 9110, 5.6.7), made anew once a second.
std::string_view date() {
    thread_local std::time_t second = 0;
    thread_local char text[40];
    thread_local std::size_t length = 0;
    if (const std::time_t now = std::time(nullptr); now != second) {
        second = now;
        std::tm parts{};
        gmtime_r(&now, &parts);
        length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    }
    return {text, length};
}

constexpr std::string_view every_answer =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: Correlation-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After\r\n"
    "Timing-Allow-Origin: *\r\n"
    "Correlation-ID: ";

}  // namespace

std::string correlation_id(std::string_view request_id) {
    thread_local std::mt19937_64 random{std::random_device{}()};
    std::string id = fmt::format("{:016x}", random());
    const bool proper = request_id.size() == 11 && std::all_of(request_id.begin(), request_id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (proper) id.append("-").append(request_id);
    return id;
}

void write_head(const Response& response, const HeadOptions& options, std::string& out) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason(response.status), date());
    if (response.status != 204) {  // RFC 9110, 8.6
        if (!response.body.empty()) out.append("Content-Type: ").append(response.content_type).append("\r\n");
        fmt::format_to(to, "Content-Length: {}\r\n", response.body.size());
    }
    out.append(every_answer).append(correlation_id(options.request_id)).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        out.append(name).append(": ");
        // A line break in a value would let its author write headers, or a whole answer, of his own.
        std::copy_if(value.begin(), value.end(), std::back_inserter(out),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
        out.append("\r\n");
    }
    if (!options.keep_alive) out.append("Connection: close\r\n");
    else if (options.version < 11) out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

Response preflight_response() {
    Response response;
    response.status = 204;
    response.headers = {
        {"Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS"},
        {"Access-Control-Allow-Headers",
         "x-algolia-api-key, x-algolia-application-id, x-algolia-agent, x-algolia-usertoken, x-algolia-user-id, "
         "x-forwarded-for, request-id, content-type, content-encoding, accept, authorization"},
        {"Access-Control-Max-Age", "86400"},
    };
    return response;
}

}  // namespace penchant
