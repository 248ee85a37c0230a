// SPDX-License-Identifier: GPL-3.0-or-later
// Whole indices: list, delete, copy, move (A 3.5, 3.6).
#include "engine/api/api.h"
#include "engine/json_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace penchant {

namespace {

constexpr std::size_t list_page_entries_max = 1'000;

/// A whole number of the URL, or `otherwise` when it is not given.
Result<std::size_t> number_parameter(const Request& request, std::string_view name, std::size_t otherwise, std::size_t most) {
    const auto text = request.parameter(name);
    if (!text) return otherwise;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number > most) {
        return Error{Errc::bad_request, fmt::format("\"{}\" must be a whole number up to {}", name, most)};
    }
    return number;
}

boost::json::object description(const IndexDescription& index) {
    boost::json::object entry{{"name", index.name},
            {"createdAt", index.entries == 0 ? std::string{} : rfc3339(index.created_at_ms)},
            {"updatedAt", rfc3339(index.updated_at_ms)},
            {"entries", index.entries},
            {"dataSize", index.data_bytes},
            {"fileSize", index.file_bytes},
            {"lastBuildTimeS", index.last_build_seconds},
            {"numberOfPendingTasks", index.pending_tasks},
            {"pendingTask", index.pending_tasks != 0}};
    if (!index.replicas.empty()) entry["replicas"] = boost::json::array(index.replicas.begin(), index.replicas.end());
    if (!index.primary.empty()) entry["primary"] = index.primary;
    if (index.is_virtual) entry["virtual"] = true;
    return entry;
}

Result<boost::json::object> list(Api& api, const Call& call) {
    const bool paged = call.request.parameter("page").has_value();
    PENCHANT_TRY(const std::size_t page, number_parameter(call.request, "page", 0, 1'000'000));
    PENCHANT_TRY(std::size_t size, number_parameter(call.request, "hitsPerPage", 100, list_page_entries_max));
    std::vector<IndexDescription> indices = api.catalog.list();
    std::erase_if(indices, [&call](const IndexDescription& index) { return !call.caller.may_use_index(index.name); });
    std::sort(indices.begin(), indices.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    size = std::max<std::size_t>(size, 1);
    const std::size_t pages = paged ? (indices.size() + size - 1) / size : 1;
    const std::size_t begin = paged ? std::min(page * size, indices.size()) : 0;
    const std::size_t end = paged ? std::min(begin + size, indices.size()) : indices.size();
    boost::json::array items;
    for (std::size_t i = begin; i < end; ++i) items.push_back(description(indices[i]));
    return boost::json::object{{"items", std::move(items)}, {"nbPages", pages}};
}

Result<boost::json::object> delete_index(Api& api, const Call& call) {
    PENCHANT_TRY(const TaskId task, api.catalog.delete_index(call.variables[0]));
    return task_answer(api, task, "deletedAt");
}

Result<std::vector<std::string>> scope_of(const boost::json::object& body) {
    std::vector<std::string> scope;
    const boost::json::value* given = body.if_contains("scope");
    if (given == nullptr || given->is_null()) return scope;
    const Error bad{Errc::bad_request, "\"scope\" must be an array of \"settings\", \"rules\", \"synonyms\""};
    if (!given->is_array()) return bad;
    for (const auto& part : given->get_array()) {
        if (!part.is_string()) return bad;
        const std::string_view name = part.get_string();
        if (name != "settings" && name != "rules" && name != "synonyms") return bad;
        scope.emplace_back(name);
    }
    return scope;
}

Result<boost::json::object> operation(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object body, body_object(call.request, false));
    PENCHANT_TRY(const std::optional<std::string> what, text_member(body, "operation"));
    PENCHANT_TRY(const std::optional<std::string> destination, text_member(body, "destination"));
    if (!what || (*what != "copy" && *what != "move")) {
        return Error{Errc::bad_request, "\"operation\" must be \"copy\" or \"move\""};
    }
    if (!destination || destination->empty() || *destination == "*") {
        return Error{Errc::bad_request, "\"destination\" is required, the name of an index"};
    }
    const std::string& source = call.variables[0];
    if (*destination == source) return Error{Errc::bad_request, "\"destination\" must not be the index itself"};
    PENCHANT_CHECK(check_index_right(call.caller, *destination));
    PENCHANT_TRY(const std::vector<std::string> scope, scope_of(body));
    if (*what == "move") {
        if (!scope.empty()) return Error{Errc::bad_request, "\"scope\" is for the operation copy only"};
        PENCHANT_TRY(const TaskId task, api.catalog.move_index(source, *destination));
        return task_answer(api, task, "updatedAt");
    }
    PENCHANT_TRY(const TaskId task, api.catalog.copy_index(source, *destination, scope));
    return task_answer(api, task, "updatedAt");
}

}  // namespace

void add_index_routes(Router& router, Api& api) {
    router.add({Method::get, "/1/indexes", {"listIndexes"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(list(api, call)); }});
    router.add({Method::delete_, "/1/indexes/{index}", {"deleteIndex"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(delete_index(api, call)); }});
    router.add({Method::post, "/1/indexes/{index}/operation", {"addObject"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(operation(api, call)); }});
}

}  // namespace penchant
