// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole server in one object: catalog, keys, search, module, endpoints, HTTP. What `penchant serve` runs, and what
// tests start on a free port.
#pragma once

#include "index/catalog.h"
#include "index/error.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace penchant {

class Router;

struct ServerOptions {
    std::string data_directory;
    std::string listen = "127.0.0.1:7700";      ///< address:port or [address]:port; port 0: any free one
    std::string admin_key;                      ///< empty: the stored one, or a new one
    std::string module = "personalization";     ///< a name, a path, or "none"
    bool module_required = false;               ///< without it a missing module is only a warning
    unsigned threads = 0;                       ///< 0: one a core
    std::chrono::milliseconds commit_interval{1'000};
    std::function<void(Router&)> more_routes;   ///< tests and benchmarks: added last
};

class Server {
public:
    /// Listens (answering 503), opens the data directory, replays what its log holds, then serves. Errors: those of
    /// Listener::open, Catalog::open and load_module, and bad_request for options that make no sense.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options);
    ~Server();

    [[nodiscard]] std::uint16_t port() const;
    /// "http://127.0.0.1:7700"
    [[nodiscard]] std::string url() const;
    /// The admin key, when start() made one: the only time that it is to be seen.
    [[nodiscard]] const std::optional<std::string>& made_admin_key() const;
    [[nodiscard]] Catalog& catalog();
    [[nodiscard]] const Router& router() const;

    /// Accepts no more, finishes what is in flight (at most `grace`), stops the module and the catalog. Also done by the
    /// destructor.
    void stop(std::chrono::milliseconds grace = std::chrono::milliseconds{6'000});

private:
    struct Body;
    explicit Server(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

/// "127.0.0.1:7700" or "[::1]:7700" taken apart. bad_request names the form.
[[nodiscard]] Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text);

}  // namespace penchant
