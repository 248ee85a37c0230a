// SPDX-License-Identifier: GPL-3.0-or-later
// API keys (A 7.1).
#include "engine/api/api.h"
#include "engine/json_body.h"

namespace penchant {

namespace {

Result<boost::json::object> add_key(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object attributes, body_object(call.request, false));
    PENCHANT_TRY(const Keys::Made made, api.keys.add(attributes));
    return boost::json::object{{"key", made.key}, {"createdAt", rfc3339(made.at_ms)}};
}

Result<boost::json::object> replace_key(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object attributes, body_object(call.request, false));
    PENCHANT_TRY(const Keys::Made made, api.keys.replace(call.variables[0], attributes));
    return boost::json::object{{"key", made.key}, {"updatedAt", rfc3339(made.at_ms)}};
}

Result<boost::json::object> remove_key(Api& api, const Call& call) {
    PENCHANT_TRY(const std::int64_t at_ms, api.keys.remove(call.variables[0]));
    return boost::json::object{{"deletedAt", rfc3339(at_ms)}};
}

/// The admin sees every key; others see the one they hold, and not what its maker wrote about it.
Result<boost::json::object> get_key(Api& api, const Call& call) {
    const std::string& wanted = call.variables[0];
    if (!call.caller.admin) {
        const auto holder = api.keys.find(wanted);
        if (!holder || holder->key_id != call.caller.key_id) {
            return Error{Errc::forbidden, "Method not allowed with this API key"};
        }
    }
    std::optional<boost::json::object> key = api.keys.get(wanted);
    if (!key) return Error{Errc::not_found, "Key does not exist"};
    if (!call.caller.admin) (*key)["description"] = "<redacted>";
    return std::move(*key);
}

}  // namespace

void add_key_routes(Router& router, Api& api) {
    router.add({Method::get, "/1/keys", {"admin"}, RouteFamily::search, [&api](const Call&) {
                    return json_response(boost::json::object{{"keys", api.keys.list()}});
                }});
    router.add({Method::post, "/1/keys", {"admin"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(add_key(api, call)); }});
    router.add({Method::get, "/1/keys/{key}", {}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(get_key(api, call)); }});
    router.add({Method::put, "/1/keys/{key}", {"admin"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(replace_key(api, call)); }});
    router.add({Method::delete_, "/1/keys/{key}", {"admin"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(remove_key(api, call)); }});
}

}  // namespace penchant
