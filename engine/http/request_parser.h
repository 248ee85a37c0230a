// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes to requests. Beast does the reading of HTTP/1.1 and is compiled behind this class only.
#pragma once

#include "engine/http/message.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace penchant {

/// Reads one request after the other from a stream of bytes. One thread.
class RequestParser {
public:
    enum class State {
        head,       ///< the header is not complete yet
        head_done,  ///< the header is complete: decide, then call begin_body()
        body,       ///< the body is not complete yet
        done,       ///< request() is complete: take it, then call reset()
        failed,     ///< see failure(): answer it and close, for nobody knows where the next request begins
    };

    RequestParser();
    ~RequestParser();

    /// Reads from `bytes`, which begin where the last call stopped; gives how many were used. An incomplete header or chunk
    /// head uses none: come again with more. Stops at head_done and at done.
    std::size_t feed(std::string_view bytes);

    [[nodiscard]] State state() const;
    /// Goes on to the body, which may have at most `body_bytes_max` bytes.
    void begin_body(std::size_t body_bytes_max);
    /// Ready for the next request.
    void reset();

    /// Header and target from head_done on (target not yet parsed; trailers are never among the headers), the body at done.
    [[nodiscard]] Request& request();
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] unsigned version() const;  ///< 10 or 11
    /// Bytes of body declared; nothing for a chunked one.
    [[nodiscard]] std::optional<std::uint64_t> content_length() const;
    [[nodiscard]] bool has_body() const;
    [[nodiscard]] bool expects_continue() const;

    struct Failure {
        unsigned status = 400;  ///< 400, 413 or 431
        std::string_view what;
    };
    [[nodiscard]] const Failure& failure() const;

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
