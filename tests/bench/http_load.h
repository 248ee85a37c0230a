// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small load generator: keeps a number of connections busy with one request over and over, each sending the next as soon as
// its answer is in, for a fixed time.
#pragma once

#include <cstdint>
#include <string>

namespace penchant::bench {

struct LoadOptions {
    std::uint16_t port = 0;
    std::string request;
    unsigned connections = 32;
    unsigned threads = 2;
    unsigned seconds = 2;
};

struct Load {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    std::uint64_t failed = 0;  ///< answers other than 200, and connections that broke
};

/// Takes `seconds`, whatever the server does.
[[nodiscard]] Load run_load(const LoadOptions& options);

}  // namespace penchant::bench
