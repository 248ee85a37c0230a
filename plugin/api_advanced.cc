// SPDX-License-Identifier: GPL-3.0-or-later
//
// The advanced configuration and its users (A 5.7, 5.8).
#include "plugin/api.h"
#include "plugin/event.h"
#include "plugin/time_text.h"
#include "plugin/user_list.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <fmt/format.h>

namespace penchant {
namespace {

using View = Personalization::View;

/// What of a configured index does not work with the catalog as it is now.
struct IndexFindings {
    boost::json::array errors;  ///< {code, message}
    boost::json::array warnings;
};

IndexFindings findings_of(Personalization& personalization, const AdvancedConfig::IndexConfig& config) {
    IndexFindings findings;
    const auto settings = personalization.context().catalog.settings(config.index);
    if (!settings) {
        findings.errors.push_back(
            boost::json::object{{"code", "missing_index"}, {"message", fmt::format("Index {} does not exist", config.index)}});
        return findings;
    }
    std::size_t faceted = 0;
    for (const std::string& attribute : config.affinities) {
        if (settings->facet(attribute)) {
            ++faceted;
            continue;
        }
        findings.warnings.push_back(boost::json::object{
            {"code", "invalid_facet"},
            {"message", fmt::format("{} is not in attributesForFaceting of index {}", attribute, config.index)}});
    }
    if (faceted == 0)
        findings.errors.push_back(boost::json::object{
            {"code", "all_facets_invalid"},
            {"message", fmt::format("no affinity of index {} is in its attributesForFaceting", config.index)}});
    return findings;
}

Response get_config(Personalization& personalization) {
    const auto state = personalization.strategies().state();
    const AdvancedConfig config = state->advanced ? *state->advanced : AdvancedConfig{};
    boost::json::object answer = config.to_json();
    const std::string updated = time_text(config.updated_at_ms);
    boost::json::array errors;
    for (std::size_t i = 0; i < config.indices.size(); ++i) {
        IndexFindings findings = findings_of(personalization, config.indices[i]);
        boost::json::object& index = answer["indices"].as_array()[i].as_object();
        errors.insert(errors.end(), findings.errors.begin(), findings.errors.end());
        index["errors"] = std::move(findings.errors);
        index["warnings"] = std::move(findings.warnings);
        index["lastUpdatedAt"] = updated;
    }
    const std::string_view type = config.indices.empty() ? "pending" : config.reranking == "none" ? "paused" : "active";
    answer["status"] = boost::json::object{{"type", type}, {"errors", std::move(errors)}, {"lastUpdatedAt", updated}};
    return json_response(answer);
}

Response put_config(Personalization& personalization, const Call& call) {
    auto config = AdvancedConfig::parse(call.request.body);
    if (config.has_error()) return error_response(config.error());
    boost::json::array errors;
    boost::json::array warnings;
    for (const AdvancedConfig::IndexConfig& index : config->indices) {
        IndexFindings findings = findings_of(personalization, index);
        for (auto* list : {&findings.errors, &findings.warnings}) {
            for (boost::json::value& finding : *list) {
                finding.as_object()["index"] = index.index;
                (list == &findings.errors ? errors : warnings).push_back(std::move(finding));
            }
        }
    }
    auto saved = personalization.strategies().save(std::move(*config), personalization.context().now_ms());
    if (saved.has_error()) return error_response(saved.error());
    return json_response(boost::json::object{{"status", 200},
                                             {"errors", std::move(errors)},
                                             {"warnings", std::move(warnings)},
                                             {"message", "Configuration was successfully updated."}});
}

/// The answer to a userID that cannot be one, or nothing.
std::optional<Response> refuse(const std::string& user) {
    if (user.empty()) return error_response({Errc::bad_request, "Invalid userID format"});
    if (!valid_user_token(user)) return error_response({Errc::invalid, "Invalid userID format"});
    return std::nullopt;
}

Response get_user(Personalization& personalization, const Call& call) {
    const std::string& user = call.variables.at(0);
    if (auto refused = refuse(user)) return *refused;
    auto profile = personalization.named_profile(user, View::advanced, true);
    if (profile.has_error()) return error_response(profile.error());
    if (!*profile) return error_response({Errc::not_found, "Not Found"});
    return json_response(user_json(user, **profile));
}

Response delete_user(Personalization& personalization, const Call& call) {
    const std::string& user = call.variables.at(0);
    if (auto refused = refuse(user)) return *refused;
    // Everything that has come is before this moment, also what came within this millisecond.
    const std::int64_t until_ms = personalization.context().now_ms() + 1;
    if (auto done = personalization.visitors().forget(user, until_ms); done.has_error()) return error_response(done.error());
    return json_response(boost::json::object{{"message", "User profile was successfully deleted."},
                                             {"status", 200},
                                             {"userID", user},
                                             {"deletedUntil", time_text(until_ms)},
                                             {"deletedAt", time_text(until_ms)}});
}

Response get_users(Personalization& personalization, const Call& call) {
    auto asked = parse_user_list(call.request);
    if (asked.has_error()) return error_response(asked.error());
    auto page = list_users(personalization, *asked);
    if (page.has_error()) return error_response(page.error());
    return json_response(*page);
}

}  // namespace

void add_advanced_routes(Router& router, Personalization& personalization) {
    const std::vector<std::string> rights{"search", "browse", "recommendation"};
    const auto add = [&](Method method, std::string pattern, Handler handler) {
        router.add({method, std::move(pattern), rights, RouteFamily::personalization_v2, std::move(handler)});
    };
    add(Method::get, "/2/config", [&personalization](const Call&) { return get_config(personalization); });
    add(Method::put, "/2/config", [&personalization](const Call& call) { return put_config(personalization, call); });
    add(Method::get, "/2/users", [&personalization](const Call& call) { return get_users(personalization, call); });
    add(Method::get, "/2/users/{userID}", [&personalization](const Call& call) { return get_user(personalization, call); });
    // The same path means two things (A 1.1): with an index, how many visitors searched there. Which right it takes is
    // known then only.
    router.add({Method::get, "/2/users/count", {}, RouteFamily::analytics, [&personalization](const Call& call) {
                    const bool counts = call.request.parameter("index").has_value();
                    const bool allowed = counts ? call.caller.may("analytics")
                                                : call.caller.may("search") && call.caller.may("browse") &&
                                                      call.caller.may("recommendation");
                    if (!allowed) return error_response({Errc::forbidden, "Method not allowed with this API key"});
                    return counts ? count_users(personalization, call)
                                  : get_user(personalization, {call.request, call.caller, {"count"}});
                }});
    add(Method::delete_, "/2/users/{userID}",
        [&personalization](const Call& call) { return delete_user(personalization, call); });
}

}  // namespace penchant
