// SPDX-License-Identifier: GPL-3.0-or-later
//
// The endpoints, one file a family. Each add_..._routes puts its handlers into the router; handlers are plain functions of
// a Call and the Api, so that tests call them without a server.
#pragma once

#include "engine/auth/keys.h"
#include "engine/http/message.h"
#include "engine/metrics.h"
#include "engine/router.h"
#include "engine/search.h"
#include "index/catalog.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace penchant {

class DictionaryStore;  // engine/dictionary_store.h

/// All that endpoints work on; outlives the router.
struct Api {
    Catalog& catalog;
    SearchService& search;
    Keys& keys;
    MetricsRegistry& metrics;
    std::function<std::int64_t()> now_ms;
    std::function<void(std::string&)> write_server_metrics;  ///< appends what only the server knows; may be empty
    DictionaryStore* dictionaries = nullptr;
};

void add_search_routes(Router& router, Api& api);
void add_record_routes(Router& router, Api& api);
void add_batch_routes(Router& router, Api& api);
void add_index_routes(Router& router, Api& api);
void add_settings_routes(Router& router, Api& api);
void add_curation_routes(Router& router, Api& api);
void add_task_routes(Router& router, Api& api);
void add_dictionary_routes(Router& router, Api& api);
void add_key_routes(Router& router, Api& api);
void add_system_routes(Router& router, Api& api);

/// All of the above.
void add_engine_routes(Router& router, Api& api);

// What the families share ------------------------------------------------------------------------------------------------

/// "2026-01-05T09:10:11.123Z" (A 1.7).
[[nodiscard]] std::string rfc3339(std::int64_t ms);

/// {"taskID": id, "<time_name>": now}.
[[nodiscard]] boost::json::object task_answer(const Api& api, TaskId task, std::string_view time_name);

/// forbidden when the caller's key is not for this index.
[[nodiscard]] Result<void> check_index_right(const Caller& caller, std::string_view index);

/// A handler that may fail: the error becomes the answer.
[[nodiscard]] Response answer_of(Result<boost::json::object> result, unsigned status = 200);
[[nodiscard]] Response answer_of(Result<Response> result);

/// The URL's parameters as an object of strings, credentials and agent left out.
[[nodiscard]] boost::json::object url_parameters(const Request& request);

/// A string member, or nothing; bad_request when it is there and no string.
[[nodiscard]] Result<std::optional<std::string>> text_member(const boost::json::object& object, std::string_view name);

[[nodiscard]] Error no_such_index(std::string_view name);

}  // namespace penchant
