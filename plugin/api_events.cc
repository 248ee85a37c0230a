// SPDX-License-Identifier: GPL-3.0-or-later
//
// POST /1/events and DELETE /1/usertokens/{userToken} (A 4.1).
#include "plugin/api.h"
#include "plugin/event.h"

#include <boost/json/object.hpp>

namespace penchant {

void add_event_routes(Router& router, Personalization& personalization) {
    router.add({Method::post, "/1/events", {"search"}, RouteFamily::insights, [&personalization](const Call& call) {
                    if (auto done = personalization.record(call.request.body); done.has_error())
                        return error_response(done.error());
                    return json_response(boost::json::object{{"status", 200}, {"message", "OK"}});
                }});
    router.add({Method::delete_,
                "/1/usertokens/{userToken}",
                {"deleteObject"},
                RouteFamily::insights,
                [&personalization](const Call& call) {
                    const std::string& token = call.variables.at(0);
                    if (!valid_user_token(token)) return error_response({Errc::invalid, std::string(bad_user_token_message)});
                    if (auto erased = personalization.erase(token); erased.has_error()) return error_response(erased.error());
                    Response response;
                    response.status = 204;
                    return response;
                }});
}

}  // namespace penchant
