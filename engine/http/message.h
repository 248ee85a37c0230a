// SPDX-License-Identifier: GPL-3.0-or-later
//
// A request and its answer as the rest of the engine sees them: no sockets, no Beast. Handlers are plain functions from
// one to the other, so they are tested without a server.
#pragma once

#include "index/error.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

enum class Method { get, post, put, delete_, options, head, other };

struct Request {
    Method method = Method::get;
    std::string target;                                        ///< as received: "/1/indexes/shop/query?x=y"
    std::vector<std::string> path;                             ///< decoded segments: {"1","indexes","shop","query"}
    std::vector<std::pair<std::string, std::string>> query;    ///< decoded, in order; names as sent
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;                                          ///< already un-gzipped
    std::string remote_address;

    /// Header by lower-case name; empty when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    /// Query parameter, name compared without case (A 1.2); nullopt when absent.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

struct Response {
    unsigned status = 200;
    std::string body;
    std::string content_type = "application/json; charset=UTF-8";
    std::vector<std::pair<std::string, std::string>> headers;
};

/// Splits and decodes a target into path segments and query (A 1.4: segments are split before decoding; "+" is a space in
/// the query only). bad_request for broken percent escapes or NUL.
[[nodiscard]] Result<void> parse_target(std::string_view target, Request& request);

/// `{"message": ..., "status": ...}` (A 1.5), the status by one switch over Errc.
[[nodiscard]] Response error_response(const Error& error);
[[nodiscard]] unsigned http_status(Errc code);
[[nodiscard]] Response json_response(const boost::json::value& value, unsigned status = 200);

}  // namespace penchant
