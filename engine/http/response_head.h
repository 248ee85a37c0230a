// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes before an answer's body: status line, what every answer carries (CORS of A 1.6, Correlation-ID of A 1.3), and
// the answer's own headers.
#pragma once

#include "engine/http/message.h"

#include <string>
#include <string_view>

namespace penchant {

struct HeadOptions {
    bool keep_alive = true;
    unsigned version = 11;           ///< of the request; 10 must be told that the connection stays
    std::string_view request_id;     ///< the caller's Request-ID; used when it has the contract's form
};

/// Appends the head to `out`, empty line included. Content-Length is response.body's size (a HEAD request's too).
void write_head(const Response& response, const HeadOptions& options, std::string& out);

/// The answer to OPTIONS on any path: allowed, no key asked (A 1.6).
[[nodiscard]] Response preflight_response();

/// A name for one answer, which clients show in their error messages: 16 hex digits, then the caller's Request-ID when it is
/// exactly 11 letters and digits (A 1.3).
[[nodiscard]] std::string correlation_id(std::string_view request_id);

}  // namespace penchant
