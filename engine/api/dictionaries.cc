// SPDX-License-Identifier: GPL-3.0-or-later
// An application's own dictionaries (A 3.10).
#include "engine/api/api.h"
#include "engine/dictionary_store.h"
#include "engine/json_body.h"

namespace penchant {

namespace {

Result<DictionaryKind> kind_of(const std::string& name) {
    if (const auto kind = dictionary_kind(name)) return *kind;
    return Error{Errc::not_found, "There are the dictionaries \"plurals\", \"stopwords\" and \"compounds\""};
}

// The change is done when it is acknowledged; its task only says so.
Result<boost::json::object> done(Api& api) {
    PENCHANT_TRY(const TaskId task, api.catalog.finished_task());
    return task_answer(api, task, "updatedAt");
}

Result<boost::json::object> batch(Api& api, const Call& call) {
    PENCHANT_TRY(const DictionaryKind kind, kind_of(call.variables[0]));
    PENCHANT_TRY(const boost::json::object body, body_object(call.request, false));
    PENCHANT_CHECK(api.dictionaries->change(kind, body));
    return done(api);
}

Result<boost::json::object> search(Api& api, const Call& call) {
    PENCHANT_TRY(const DictionaryKind kind, kind_of(call.variables[0]));
    PENCHANT_TRY(const boost::json::object body, body_object(call.request));
    return api.dictionaries->search(kind, body);
}

Result<boost::json::object> change_settings(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object body, body_object(call.request, false));
    PENCHANT_CHECK(api.dictionaries->change_settings(body));
    return done(api);
}

}  // namespace

void add_dictionary_routes(Router& router, Api& api) {
    router.add({Method::post, "/1/dictionaries/{name}/batch", {"editSettings"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(batch(api, call)); }});
    router.add({Method::post, "/1/dictionaries/{name}/search", {"settings"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(search(api, call)); }});
    router.add({Method::get, "/1/dictionaries/*/settings", {"settings"}, RouteFamily::search,
                [&api](const Call&) { return json_response(api.dictionaries->settings()); }});
    router.add({Method::put, "/1/dictionaries/*/settings", {"editSettings"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(change_settings(api, call)); }});
    router.add({Method::get, "/1/dictionaries/*/languages", {"settings"}, RouteFamily::search,
                [&api](const Call&) { return json_response(api.dictionaries->languages()); }});
}

}  // namespace penchant
