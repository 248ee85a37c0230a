// SPDX-License-Identifier: GPL-3.0-or-later
// Synonyms and rules of an index: read, write, search (A 3.8, 3.9).
#include "engine/api/api.h"
#include "engine/curation_search.h"
#include "engine/json_body.h"
#include "engine/rule.h"
#include "engine/synonym.h"
#include "index/json_text.h"
#include "index/limits.h"

#include <fmt/format.h>

namespace penchant {

namespace {

namespace json = boost::json;

/// What one kind does differently.
struct CurationFamily {
    CurationKind kind;
    const char* path;               ///< "/1/indexes/{index}/<path>/..."
    const char* clear_flag;         ///< of a batch: the existing ones go first
    const char* none_message;       ///< 404 of a get
    const char* delete_time_name;
    bool answer_id;                 ///< a put answers "id", too
};

constexpr CurationFamily synonym_family{CurationKind::synonym, "synonyms", "replaceExistingSynonyms", "Synonym set does not exist",
                                "deletedAt", true};
constexpr CurationFamily rule_family{CurationKind::rule, "rules", "clearExistingRules", "ObjectID does not exist", "updatedAt", false};

Result<bool> flag(const Request& request, const char* name) {
    const auto value = request.parameter(name);
    if (!value || value->empty() || *value == "false" || *value == "0") return false;
    if (*value == "true" || *value == "1") return true;
    return Error{Errc::bad_request, fmt::format("Parameter \"{}\": expected true or false.", name)};
}

/// Checks one and gives its objectID and text. `object_id` is the path's, empty in a batch.
Result<std::pair<std::string, std::string>> entry_of(const CurationFamily& family, json::object object, std::string_view object_id) {
    const json::value* given = object.if_contains("objectID");
    if (given && given->is_null()) given = nullptr;
    if (given && !given->is_string() && !given->is_int64())
        return Error{Errc::bad_request, "\"objectID\" must be a string"};
    std::string id(object_id);
    if (given) id = given->is_string() ? std::string(std::string_view(given->get_string())) : fmt::to_string(given->get_int64());
    if (id.empty()) return Error{Errc::bad_request, "\"objectID\" is required, a string"};
    if (!object_id.empty() && id != object_id)
        return Error{Errc::bad_request, fmt::format("objectID is \"{}\" in the body and \"{}\" in the path", id, object_id)};
    if (id.size() > limits::object_id_bytes_max)
        return Error{Errc::bad_request, fmt::format("objectID is {} bytes long; {} are allowed", id.size(),
                                                    limits::object_id_bytes_max)};
    object["objectID"] = id;
    if (family.kind == CurationKind::rule) {
        PENCHANT_CHECK(parse_rule(object, Tokenizer()));
    } else {
        PENCHANT_CHECK(check_synonym(object));
    }
    return std::pair(std::move(id), json_text(object));
}

Result<TaskId> change(Api& api, const Call& call, const CurationChange& wanted) {
    PENCHANT_TRY(const bool forward, flag(call.request, "forwardToReplicas"));
    return api.catalog.change_curations(call.variables[0], wanted, forward);
}

Result<json::object> put_one(Api& api, const Call& call, const CurationFamily& family) {
    PENCHANT_TRY(json::object body, body_object(call.request, false));
    CurationChange wanted;
    wanted.kind = family.kind;
    PENCHANT_TRY(auto entry, entry_of(family, std::move(body), call.variables[1]));
    wanted.put.push_back(std::move(entry));
    PENCHANT_TRY(const TaskId task, change(api, call, wanted));
    json::object answer = task_answer(api, task, "updatedAt");
    if (family.answer_id) answer["id"] = call.variables[1];
    return answer;
}

Result<json::object> delete_one(Api& api, const Call& call, const CurationFamily& family) {
    CurationChange wanted;
    wanted.kind = family.kind;
    wanted.remove.push_back(call.variables[1]);
    PENCHANT_TRY(const TaskId task, change(api, call, wanted));
    return task_answer(api, task, family.delete_time_name);
}

Result<json::object> put_many(Api& api, const Call& call, const CurationFamily& family) {
    PENCHANT_TRY(json::value body, parse_json_value(call.request.body));
    if (!body.is_array())
        return Error{Errc::bad_request, fmt::format("The body must be an array of {}s", curation_kind_name(family.kind))};
    CurationChange wanted;
    wanted.kind = family.kind;
    PENCHANT_TRY(wanted.clear, flag(call.request, family.clear_flag));
    std::size_t position = 0;
    for (json::value& given : body.get_array()) {
        const auto bad = [&](std::string_view what) {
            return Error{Errc::bad_request, fmt::format("{} at position {}: {}",
                                                        family.kind == CurationKind::rule ? "Rule" : "Synonym", position, what)};
        };
        if (!given.is_object()) return bad("must be an object");
        auto entry = entry_of(family, std::move(given.get_object()), {});
        if (!entry) return bad(entry.error().what);
        wanted.put.push_back(std::move(*entry));
        ++position;
    }
    PENCHANT_TRY(const TaskId task, change(api, call, wanted));
    return task_answer(api, task, "updatedAt");
}

Result<json::object> clear(Api& api, const Call& call, const CurationFamily& family) {
    CurationChange wanted;
    wanted.kind = family.kind;
    wanted.clear = true;
    PENCHANT_TRY(const TaskId task, change(api, call, wanted));
    return task_answer(api, task, "updatedAt");
}

Result<json::object> get_one(Api& api, const Call& call, const CurationFamily& family) {
    const auto curations = api.catalog.curations(call.variables[0]);
    if (!curations) return no_such_index(call.variables[0]);
    const CurationMap& map = curations->of(family.kind);
    const auto found = map.find(call.variables[1]);
    if (found == map.end()) return Error{Errc::not_found, family.none_message};
    PENCHANT_TRY(json::value value, parse_json_value(*found->second));
    if (!value.is_object()) return Error{Errc::corrupt, "A stored synonym or rule is not a JSON object."};
    return std::move(value.get_object());
}

Result<json::object> search(Api& api, const Call& call, const CurationFamily& family) {
    PENCHANT_TRY(const json::object body, body_object(call.request));
    const auto curations = api.catalog.curations(call.variables[0]);
    if (!curations) return no_such_index(call.variables[0]);
    PENCHANT_TRY(const CurationSearch wanted, CurationSearch::parse(family.kind, body));
    return wanted.run(curations->of(family.kind));
}

void add_routes(Router& router, Api& api, const CurationFamily& family) {
    const std::string path = std::string("/1/indexes/{index}/") + family.path;
    const auto add = [&](Method method, const std::string& end, const char* right, auto work) {
        router.add({method, path + end, {right}, RouteFamily::search,
                    [&api, &family, work](const Call& call) { return answer_of(work(api, call, family)); }});
    };
    add(Method::get, "/{objectID}", "settings", get_one);
    add(Method::put, "/{objectID}", "editSettings", put_one);
    add(Method::delete_, "/{objectID}", "editSettings", delete_one);
    add(Method::post, "/batch", "editSettings", put_many);
    add(Method::post, "/clear", "editSettings", clear);
    add(Method::post, "/search", "settings", search);
}

}  // namespace

void add_curation_routes(Router& router, Api& api) {
    add_routes(router, api, synonym_family);
    add_routes(router, api, rule_family);
}

}  // namespace penchant
