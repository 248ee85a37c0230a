// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/api.h"

#include <fmt/format.h>

#include <ctime>

namespace penchant {

void add_engine_routes(Router& router, Api& api) {
    add_search_routes(router, api);
    add_record_routes(router, api);
    add_batch_routes(router, api);
    add_index_routes(router, api);
    add_settings_routes(router, api);
    add_curation_routes(router, api);
    add_task_routes(router, api);
    add_dictionary_routes(router, api);
    add_key_routes(router, api);
    add_system_routes(router, api);
}

std::string rfc3339(std::int64_t ms) {
    std::int64_t seconds = ms / 1000;
    std::int64_t rest = ms % 1000;
    if (rest < 0) {
        rest += 1000;
        --seconds;
    }
    const std::time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min, parts.tm_sec, rest);
}

boost::json::object task_answer(const Api& api, TaskId task, std::string_view time_name) {
    return {{time_name, rfc3339(api.now_ms())}, {"taskID", task}};
}

Result<void> check_index_right(const Caller& caller, std::string_view index) {
    if (caller.may_use_index(index)) return {};
    return Error{Errc::forbidden, "Index not allowed with this API key"};
}

Response answer_of(Result<boost::json::object> result, unsigned status) {
    if (result.has_error()) return error_response(result.error());
    return json_response(std::move(*result), status);
}

Response answer_of(Result<Response> result) {
    if (result.has_error()) return error_response(result.error());
    return std::move(*result);
}

boost::json::object url_parameters(const Request& request) {
    boost::json::object result;
    for (const auto& [name, value] : request.query) {
        if (name.size() >= 10) {
            std::string lower = name.substr(0, 10);
            for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            if (lower == "x-algolia-") continue;
        }
        result.insert_or_assign(name, value);
    }
    return result;
}

Result<std::optional<std::string>> text_member(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return std::optional<std::string>{};
    if (!value->is_string()) return Error{Errc::bad_request, fmt::format("\"{}\" must be a string", name)};
    return std::optional<std::string>{std::string{std::string_view{value->get_string()}}};
}

Error no_such_index(std::string_view name) { return {Errc::not_found, fmt::format("Index {} does not exist", name)}; }

}  // namespace penchant
