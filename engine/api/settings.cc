// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of an index (A 3.7).
#include "engine/api/api.h"
#include "engine/json_body.h"

#include <algorithm>

namespace penchant {

namespace {

Result<boost::json::object> get_settings(Api& api, const Call& call) {
    const auto settings = api.catalog.settings(call.variables[0]);
    if (!settings) return no_such_index(call.variables[0]);  // how clients find out whether an index exists (A 10.1, 6)
    boost::json::object answer = settings->to_answer();
    if (const auto primary = api.catalog.primary_of(call.variables[0])) answer["primary"] = *primary;
    return answer;
}

/// Naming an index as a replica gives its records away, so the key must be one for that index, too.
Result<void> check_replica_rights(const Call& call, const boost::json::object& changes) {
    PENCHANT_TRY(const Settings given, Settings().merged(changes));
    for (const auto* list : {&given.replicas, &given.virtual_replicas})
        for (const std::string& replica : *list) PENCHANT_CHECK(check_index_right(call.caller, replica));
    return {};
}

Result<boost::json::object> put_settings(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object changes, body_object(call.request, false));
    PENCHANT_CHECK(check_replica_rights(call, changes));
    const auto forward = call.request.parameter("forwardToReplicas");
    PENCHANT_TRY(const TaskId task, api.catalog.change_settings(call.variables[0], changes,
                                                                forward && (*forward == "true" || *forward == "1")));
    boost::json::object answer = task_answer(api, task, "updatedAt");
    if (const auto settings = api.catalog.settings(call.variables[0])) {
        std::string unknown;
        for (const std::string& key : settings->unknown_keys()) {
            if (!changes.contains(key)) continue;
            if (!unknown.empty()) unknown += ", ";
            unknown += key;
        }
        if (!unknown.empty()) answer["message"] = "Kept, but not acted on by this version: " + unknown;
    }
    return answer;
}

}  // namespace

void add_settings_routes(Router& router, Api& api) {
    router.add({Method::get, "/1/indexes/{index}/settings", {"settings"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(get_settings(api, call)); }});
    router.add({Method::put, "/1/indexes/{index}/settings", {"editSettings"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(put_settings(api, call)); }});
}

}  // namespace penchant
