// SPDX-License-Identifier: GPL-3.0-or-later
//
// The classic strategy and its profiles (A 5.3, 5.4).
#include "plugin/api.h"
#include "plugin/event.h"
#include "plugin/time_text.h"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>

namespace penchant {
namespace {

Response get_strategy(Personalization& personalization) {
    const auto state = personalization.strategies().state();
    // With none saved: the empty strategy, which counts nothing and moves nothing.
    return json_response((state->classic ? *state->classic : ClassicStrategy{}).to_json());
}

Response post_strategy(Personalization& personalization, const Call& call) {
    auto strategy = ClassicStrategy::parse(call.request.body);
    if (strategy.has_error()) return error_response(strategy.error());
    if (auto saved = personalization.strategies().save(*strategy); saved.has_error()) return error_response(saved.error());
    return json_response(boost::json::object{{"message", "Strategy was successfully updated."}});
}

Response get_profile(Personalization& personalization, const Call& call) {
    const std::string& token = call.variables.at(0);
    if (!valid_user_token(token)) return error_response({Errc::bad_request, std::string(bad_user_token_message)});
    auto profile = personalization.named_profile(token, Personalization::View::searches, false);
    if (profile.has_error()) return error_response(profile.error());
    if (!*profile) return error_response({Errc::not_found, "user not found"});
    boost::json::object scores;
    for (const Personalization::NamedAffinity& affinity : (*profile)->affinities) {
        boost::json::value& facet = scores[affinity.facet];
        if (!facet.is_object()) facet.emplace_object();
        facet.as_object()[affinity.value] = std::clamp<std::int64_t>(std::llround(affinity.score), 1, 20);
    }
    return json_response(boost::json::object{
        {"userToken", token}, {"lastEventAt", time_text_seconds((*profile)->last_event_ms)}, {"scores", std::move(scores)}});
}

Response delete_profile(Personalization& personalization, const Call& call) {
    const std::string& token = call.variables.at(0);
    if (!valid_user_token(token)) return error_response({Errc::bad_request, std::string(bad_user_token_message)});
    // Everything that has come is before this moment, also what came within this millisecond.
    const std::int64_t until_ms = personalization.context().now_ms() + 1;
    if (auto done = personalization.visitors().forget(token, until_ms); done.has_error()) return error_response(done.error());
    return json_response(boost::json::object{{"userToken", token}, {"deletedUntil", time_text(until_ms)}});
}

}  // namespace

void add_classic_routes(Router& router, Personalization& personalization) {
    constexpr std::string_view strategy_path = "/1/strategies/personalization";
    router.add(
        {Method::get, std::string(strategy_path), {"recommendation"}, RouteFamily::search, [&personalization](const Call&) {
             return get_strategy(personalization);
         }});
    router.add(
        {Method::post, std::string(strategy_path), {"recommendation"}, RouteFamily::search, [&personalization](const Call& call) {
             return post_strategy(personalization, call);
         }});
    router.add({Method::get,
                "/1/profiles/personalization/{userToken}",
                {"recommendation"},
                RouteFamily::search,
                [&personalization](const Call& call) { return get_profile(personalization, call); }});
    router.add({Method::delete_,
                "/1/profiles/{userToken}",
                {"recommendation"},
                RouteFamily::search,
                [&personalization](const Call& call) { return delete_profile(personalization, call); }});
}

}  // namespace penchant
