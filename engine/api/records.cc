// SPDX-License-Identifier: GPL-3.0-or-later
// Single records: fetch, add, replace, change, delete; records by a filter; many fetched at once (A 2.13, 3.1, 3.5).
#include "engine/api/api.h"
#include "engine/api/projection.h"
#include "engine/json_body.h"
#include "index/json_text.h"
#include "index/limits.h"
#include "index/record.h"


#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace penchant {

namespace {

constexpr int stale_tries_max = 5;

/// Words that can never be an objectID in a URL (A 10.1, 22); such records are reached through batch and objects.
constexpr std::array<std::string_view, 14> reserved{"query",     "queries", "browse",        "batch",    "settings",
                                                    "task",      "clear",   "operation",     "deleteByQuery", "synonyms",
                                                    "rules",     "facets",  "objects",       "recommendations"};

bool is_reserved(std::string_view id) { return std::find(reserved.begin(), reserved.end(), id) != reserved.end(); }

Error no_such_path() { return {Errc::not_found, "Path not found"}; }
Error no_such_object() { return {Errc::not_found, "ObjectID does not exist"}; }

/// attributesToRetrieve as a JSON array, a JSON array's text, or a comma list.
Result<std::vector<std::string>> attribute_list(const boost::json::value* value) {
    std::vector<std::string> result;
    if (value == nullptr || value->is_null()) return result;
    boost::json::value parsed;
    if (value->is_string()) {
        std::string_view text = value->get_string();
        if (text.starts_with('[')) {
            PENCHANT_TRY(parsed, parse_json_value(text));
            value = &parsed;
        } else {
            while (!text.empty()) {
                const std::size_t comma = text.find(',');
                if (comma != 0) result.emplace_back(text.substr(0, comma));
                text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
            }
            return result;
        }
    }
    const Error bad{Errc::bad_request, "\"attributesToRetrieve\" must be an array of strings"};
    if (!value->is_array()) return bad;
    for (const auto& entry : value->get_array()) {
        if (!entry.is_string()) return bad;
        result.emplace_back(std::string_view{entry.get_string()});
    }
    return result;
}

/// A record's JSON as the caller may see it, or nothing when there is no such record.
Result<std::optional<std::string>> fetch(Api& api, const Caller& caller, std::string_view index, std::string_view object_id,
                                         const std::vector<std::string>& wanted) {
    for (int tries = 0; tries < stale_tries_max; ++tries) {
        const auto snapshot = api.catalog.snapshot(index);
        if (!snapshot) return no_such_index(index);
        auto ordinal = api.catalog.find_object(index, *snapshot, object_id);
        if (ordinal.has_error() && ordinal.error().code == Errc::stale_snapshot) continue;
        PENCHANT_TRY(const std::optional<Ordinal> found, std::move(ordinal));
        if (!found) return std::optional<std::string>{};
        const std::array<Ordinal, 1> ordinals{*found};
        auto records = api.catalog.records(index, *snapshot, ordinals);
        if (records.has_error() && records.error().code == Errc::stale_snapshot) continue;
        PENCHANT_TRY(std::vector<std::string> texts, std::move(records));

        const bool sees_all = caller.may("seeUnretrievableAttributes");
        const Projection projection{wanted, sees_all ? std::vector<std::string>{} : snapshot->settings->unretrievable_attributes};
        if (projection.keeps_all()) return std::optional<std::string>{std::move(texts.front())};
        PENCHANT_TRY(boost::json::value record, parse_json_value(texts.front()));
        PENCHANT_ASSERT(record.is_object());
        projection.apply(record.get_object());
        return std::optional<std::string>{json_text(record)};
    }
    return Error{Errc::unavailable, "The index is changing faster than it can be read; please try again"};
}

Response raw_json(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

Result<Response> get_object(Api& api, const Call& call) {
    const boost::json::object parameters = url_parameters(call.request);
    const boost::json::value* given = parameters.if_contains("attributesToRetrieve");
    if (given == nullptr) given = parameters.if_contains("attributes");  // the older name
    PENCHANT_TRY(const std::vector<std::string> wanted, attribute_list(given));
    PENCHANT_TRY(std::optional<std::string> record, fetch(api, call.caller, call.variables[0], call.variables[1], wanted));
    if (!record) return no_such_object();
    return raw_json(std::move(*record));
}

Result<Response> get_objects(Api& api, const Call& call) {
    PENCHANT_TRY(const boost::json::object body, body_object(call.request, false));
    const boost::json::value* requests = body.if_contains("requests");
    if (requests == nullptr || !requests->is_array()) return Error{Errc::bad_request, "\"requests\" is required, an array"};
    if (requests->get_array().size() > limits::hits_per_page_max) {
        return Error{Errc::bad_request, fmt::format("{} records in one request; {} are allowed", requests->get_array().size(),
                                                    limits::hits_per_page_max)};
    }
    std::string results;
    std::string missing;
    std::size_t position = 0;
    for (const auto& request : requests->get_array()) {
        const auto bad = [&](std::string_view what) {
            return Error{Errc::bad_request, fmt::format("Request at position {}: {}", position, what)};
        };
        if (!request.is_object()) return bad("must be an object");
        const boost::json::object& own = request.get_object();
        const boost::json::value* name = own.if_contains("indexName");
        if (name == nullptr || !name->is_string()) return bad("\"indexName\" is required, a string");
        const boost::json::value* id = own.if_contains("objectID");
        if (id == nullptr || !(id->is_string() || id->is_int64())) return bad("\"objectID\" is required, a string");
        const std::string object_id =
            id->is_string() ? std::string{std::string_view{id->get_string()}} : fmt::to_string(id->get_int64());
        const std::string index{std::string_view{name->get_string()}};
        PENCHANT_CHECK(check_index_right(call.caller, index));
        PENCHANT_TRY(const std::vector<std::string> wanted, attribute_list(own.if_contains("attributesToRetrieve")));
        if (!results.empty()) results += ',';
        auto record = fetch(api, call.caller, index, object_id, wanted);
        if (record.has_error() && record.error().code == Errc::not_found) {
            // A missing index is told beside the results, which stay in step with the requests (A 2.13).
            if (missing.empty()) missing = record.error().what;
            results += "null";
        } else {
            PENCHANT_TRY(std::optional<std::string> text, std::move(record));
            results += text ? *text : "null";
        }
        ++position;
    }
    std::string answer = "{\"results\":[" + results + "]";
    if (!missing.empty()) answer += ",\"message\":" + json_text(boost::json::string(missing));
    return raw_json(answer + "}");
}

Result<boost::json::object> put(Api& api, const Call& call, std::string_view object_id, std::string_view time_name) {
    PENCHANT_TRY(const simdjson::dom::element body, parse_json(call.request.body));
    PENCHANT_TRY(Record record, check_record(body, object_id, object_id.empty()));
    boost::json::object answer{{"objectID", record.object_id}};
    std::vector<Operation> operations;
    operations.push_back({Action::put_object, std::move(record.object_id), std::move(record.json)});
    PENCHANT_TRY(const TaskId task, api.catalog.append(call.variables[0], std::move(operations)));
    for (auto& [name, value] : task_answer(api, task, time_name)) answer[name] = value;
    return answer;
}

bool parameter_is_false(const Request& request, std::string_view name) {
    const auto value = request.parameter(name);
    return value && (*value == "false" || *value == "0");
}

Result<boost::json::object> partial(Api& api, const Call& call) {
    PENCHANT_TRY(boost::json::object body, body_object(call.request, false));
    body.erase("objectID");  // the URL says which
    std::string changes = json_text(body);
    PENCHANT_CHECK(check_partial_update(changes));
    if (changes.size() > limits::record_bytes_max) {
        return Error{Errc::bad_request, fmt::format("The update of objectID={} is too big: size={}/{} bytes", call.variables[1],
                                                    changes.size(), limits::record_bytes_max)};
    }
    // createIfNotExists is true unless said otherwise (S).
    const Action action = parameter_is_false(call.request, "createIfNotExists") ? Action::partial_update_only : Action::partial_update;
    std::vector<Operation> operations;
    operations.push_back({action, call.variables[1], std::move(changes)});
    PENCHANT_TRY(const TaskId task, api.catalog.append(call.variables[0], std::move(operations)));
    boost::json::object answer = task_answer(api, task, "updatedAt");
    answer["objectID"] = call.variables[1];
    return answer;
}

Result<boost::json::object> delete_object(Api& api, const Call& call) {
    std::vector<Operation> operations;
    operations.push_back({Action::delete_object, call.variables[1], {}});
    PENCHANT_TRY(const TaskId task, api.catalog.append(call.variables[0], std::move(operations)));
    return task_answer(api, task, "deletedAt");
}

Result<boost::json::object> delete_by_query(Api& api, const Call& call) {
    PENCHANT_TRY(boost::json::object body, body_object(call.request));
    if (const boost::json::value* params = body.if_contains("params"); params != nullptr && params->is_string()) {
        PENCHANT_TRY(const boost::json::object unpacked, parameters_of_query_string(std::string_view{params->get_string()}));
        body.erase("params");
        for (const auto& [name, value] : unpacked) body.emplace(name, value);
    }
    const auto settings = api.catalog.settings(call.variables[0]);
    PENCHANT_CHECK(check_delete_by_query(body, settings ? *settings : Settings{}));
    std::vector<Operation> operations;
    operations.push_back({Action::delete_by_query, {}, json_text(body)});
    PENCHANT_TRY(const TaskId task, api.catalog.append(call.variables[0], std::move(operations)));
    return task_answer(api, task, "updatedAt");
}

Result<boost::json::object> clear(Api& api, const Call& call) {
    std::vector<Operation> operations;
    operations.push_back({Action::clear, {}, {}});
    PENCHANT_TRY(const TaskId task, api.catalog.append(call.variables[0], std::move(operations)));
    return task_answer(api, task, "updatedAt");
}

/// The same for every handler whose second variable is an objectID.
template <class Work>
Handler with_object(Api& api, Work work) {
    return [&api, work](const Call& call) {
        if (is_reserved(call.variables[1])) return error_response(no_such_path());
        if (call.variables[1].size() > limits::object_id_bytes_max) {
            return error_response({Errc::bad_request, fmt::format("objectID is {} bytes long; {} are allowed",
                                                                  call.variables[1].size(), limits::object_id_bytes_max)});
        }
        return answer_of(work(api, call));
    };
}

}  // namespace

void add_record_routes(Router& router, Api& api) {
    router.add({Method::get, "/1/indexes/{index}/{objectID}", {"search"}, RouteFamily::search, with_object(api, get_object)});
    router.add({Method::post, "/1/indexes/*/objects", {"search"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(get_objects(api, call)); }});
    router.add({Method::post, "/1/indexes/{index}", {"addObject"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(put(api, call, {}, "createdAt"), 201); }});
    router.add({Method::put, "/1/indexes/{index}/{objectID}", {"addObject"}, RouteFamily::search,
                with_object(api, [](Api& own, const Call& call) { return put(own, call, call.variables[1], "updatedAt"); })});
    router.add({Method::delete_, "/1/indexes/{index}/{objectID}", {"deleteObject"}, RouteFamily::search,
                with_object(api, delete_object)});
    router.add({Method::post, "/1/indexes/{index}/{objectID}/partial", {"addObject"}, RouteFamily::search,
                with_object(api, partial)});
    router.add({Method::post, "/1/indexes/{index}/deleteByQuery", {"deleteIndex"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(delete_by_query(api, call)); }});
    router.add({Method::post, "/1/indexes/{index}/clear", {"deleteIndex"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(clear(api, call)); }});
}

}  // namespace penchant
