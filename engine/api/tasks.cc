// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks: whether a write can be searched yet (A 1.7).
#include "engine/api/api.h"

#include <charconv>

namespace penchant {

namespace {

Result<boost::json::object> task(Api& api, const std::string& text) {
    TaskId id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return Error{Errc::bad_request, "The task id must be a whole number"};
    }
    PENCHANT_TRY(const TaskState state, api.catalog.task(id));
    const bool published = state == TaskState::published;
    return boost::json::object{{"status", published ? "published" : "notPublished"}, {"pendingTask", !published}};
}

}  // namespace

void add_task_routes(Router& router, Api& api) {
    router.add({Method::get, "/1/indexes/{index}/task/{taskID}", {"addObject"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(task(api, call.variables[1])); }});
    router.add({Method::get, "/1/task/{taskID}", {"editSettings"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(task(api, call.variables[0])); }});
}

}  // namespace penchant
