// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/message.h"

#include "index/json_text.h"

#include <algorithm>

namespace penchant {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Appends the decoded text; false for a broken escape or a NUL.
bool decode(std::string_view text, bool plus_is_space, std::string& out) {
    out.reserve(out.size() + text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return false;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return false;
        out.push_back(c);
    }
    return true;
}

Error broken_target(std::string_view part) {
    return {Errc::bad_request, "The " + std::string(part) + " of the URL has a broken percent escape or a NUL"};
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (equal_without_case(key, name)) return value;
    return std::nullopt;
}

Result<void> parse_target(std::string_view target, Request& request) {
    request.path.clear();
    request.query.clear();
    // RFC 9112, 3.2.2: a server takes the absolute form too. We serve one site, so the authority says nothing to us.
    for (std::string_view scheme : {"http://", "https://"}) {
        if (target.size() > scheme.size() && equal_without_case(target.substr(0, scheme.size()), scheme)) {
            const std::size_t slash = target.find_first_of("/?", scheme.size());
            target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
            break;
        }
    }
    if (target == "*") return {};  // OPTIONS *
    if (target.empty() || target.front() != '/') return Error{Errc::bad_request, "The URL's path must begin with a slash"};
    target = target.substr(0, target.find('#'));

    const std::size_t mark = target.find('?');
    std::string_view path = target.substr(1, mark == std::string_view::npos ? mark : mark - 1);
    // An empty segment stays one: DELETE /1/indexes/shop/ with an objectID forgotten must not become the deletion of the index.
    while (true) {
        const std::size_t slash = path.find('/');
        if (!decode(path.substr(0, slash), false, request.path.emplace_back())) return broken_target("path");
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    if (mark == std::string_view::npos) return {};

    std::string_view query = target.substr(mark + 1);
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        auto& [name, value] = request.query.emplace_back();
        if (!decode(pair.substr(0, equals), true, name)) return broken_target("query");
        if (equals != std::string_view::npos && !decode(pair.substr(equals + 1), true, value)) return broken_target("query");
    }
    return {};
}

unsigned http_status(Errc code) {
    switch (code) {
        case Errc::bad_request: return 400;
        case Errc::unauthorized: return 401;
        case Errc::forbidden: return 403;
        case Errc::not_found: return 404;
        case Errc::method: return 405;
        case Errc::conflict: return 409;
        case Errc::too_large: return 413;
        case Errc::invalid: return 422;
        case Errc::overloaded: return 429;
        case Errc::corrupt: return 500;
        case Errc::io: return 500;
        case Errc::stale_snapshot: return 503;
        case Errc::unavailable: return 503;
        case Errc::disk_full: return 507;
    }
    return 500;
}

Response error_response(const Error& error) {
    const unsigned status = http_status(error.code);
    Response response = json_response(boost::json::object{{"message", error.what}, {"status", status}}, status);
    if (error.code == Errc::overloaded || error.code == Errc::unavailable) response.headers.emplace_back("Retry-After", "1");
    return response;
}

Response json_response(const boost::json::value& value, unsigned status) {
    Response response;
    response.status = status;
    response.body = json_text(value);
    return response;
}

}  // namespace penchant
