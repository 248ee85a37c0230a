// SPDX-License-Identifier: GPL-3.0-or-later
//
// Routes: method and path pattern to handler, with the rights (ACL, A 7.2) a key must have. The table can be listed, so
// that a test can walk every route.
#pragma once

#include "engine/http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Who is calling, after the key has been checked (engine/auth/keys.h).
struct Caller {
    bool admin = false;
    std::vector<std::string> acl;
    std::vector<std::string> index_patterns;  ///< empty: all
    std::string key_id;                       ///< a short digest for logs, never the key
    std::uint32_t hits_per_query_max = 0;     ///< 0: no limit
    [[nodiscard]] bool may(std::string_view right) const;          ///< "personalization" equals "recommendation" (A 7.2)
    [[nodiscard]] bool may_use_index(std::string_view name) const;
};

/// What a handler gets: the request, who asks, and the pattern's variables in order ("{index}", "{objectID}").
struct Call {
    const Request& request;
    const Caller& caller;
    std::vector<std::string> variables;
};

using Handler = std::function<Response(const Call&)>;

/// Where a failed check of credentials is answered differently (A 1.2: events say 401 Invalid credentials).
enum class RouteFamily { search, insights, personalization_v2, open, analytics };

struct Route {
    Method method = Method::get;
    std::string pattern;              ///< "/1/indexes/{index}/query"; a literal segment wins over a variable
    std::vector<std::string> rights;  ///< all of these; {"admin"}: the admin key only; empty with family open: no key
    RouteFamily family = RouteFamily::search;
    Handler handler;
};

/// Filled once at start, then read by all threads.
class Router {
public:
    void add(Route route);
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

    struct Match {
        const Route* route = nullptr;
        std::vector<std::string> variables;
        bool path_exists = false;  ///< some method has this path: 405, not 404
    };
    [[nodiscard]] Match match(Method method, const std::vector<std::string>& path) const;

private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> patterns_;
};

}  // namespace penchant
