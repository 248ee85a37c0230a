// SPDX-License-Identifier: GPL-3.0-or-later
// Many writes in one request (A 3.3): looked at whole before anything is kept, applied in order, one task an index.
#include "engine/api/api.h"
#include "index/json_text.h"
#include "index/limits.h"
#include "index/operation.h"
#include "index/record.h"

#include <fmt/format.h>

#include <simdjson.h>

#include <algorithm>

namespace penchant {

namespace {

/// What a batch asks of one index.
struct IndexWork {
    std::string index;
    bool delete_first = false;  ///< the index is deleted, and then come the operations
    std::vector<Operation> operations;
};

struct Batch {
    std::vector<IndexWork> work;  ///< in order of first appearance
    std::vector<std::string> object_ids;
};

Error at(std::size_t position, std::string_view what) {
    return {Errc::bad_request, fmt::format("Request at position {}: {}", position, what)};
}

Error at(std::size_t position, const Error& error) {
    return {error.code, fmt::format("Request at position {}: {}", position, error.what)};
}

IndexWork& work_on(Batch& batch, std::string_view index) {
    // The latest index is the likely one, and there are few.
    for (auto found = batch.work.rbegin(); found != batch.work.rend(); ++found)
        if (found->index == index) return *found;
    return batch.work.emplace_back(IndexWork{std::string{index}, false, {}});
}

Result<void> need(const Caller& caller, std::string_view right) {
    if (caller.may(right)) return {};
    return Error{Errc::forbidden, "Method not allowed with this API key"};
}

/// The body's objectID as text; empty when there is none, which check_record judges.
Result<std::string> id_of(simdjson::dom::element body, std::size_t position) {
    simdjson::dom::element id;
    if (body["objectID"].get(id) != simdjson::SUCCESS) return at(position, "\"objectID\" is required");
    std::string text;
    std::string_view view;
    std::int64_t number = 0;
    if (id.get(view) == simdjson::SUCCESS) text = view;
    else if (id.get(number) == simdjson::SUCCESS) text = fmt::to_string(number);
    else return at(position, "\"objectID\" must be a string");
    if (text.empty()) return at(position, "\"objectID\" must not be empty");
    if (text.size() > limits::object_id_bytes_max) {
        return at(position, fmt::format("objectID is {} bytes long; {} are allowed", text.size(), limits::object_id_bytes_max));
    }
    return text;
}

/// A partial update's JSON without its objectID, which stands in the operation.
std::string without_id(simdjson::dom::object body) {
    std::string json = "{";
    for (const auto [name, value] : body) {
        if (name == "objectID") continue;
        if (json.size() > 1) json += ',';
        append_json_string(json, name);
        json += ':';
        json += simdjson::minify(simdjson::dom::element{value});
    }
    return json + "}";
}

Result<void> add_action(const Caller& caller, std::string_view action, simdjson::dom::element body, bool has_body,
                        std::size_t position, IndexWork& work, Batch& batch) {
    if (action == "clear" || action == "delete") {
        PENCHANT_CHECK(need(caller, "deleteIndex"));
        // Whatever came before in this batch is gone either way.
        work.operations.clear();
        if (action == "delete") work.delete_first = true;
        else work.operations.push_back({Action::clear, {}, {}});
        batch.object_ids.emplace_back();
        return {};
    }
    simdjson::dom::object object;
    if (!has_body || body.get(object) != simdjson::SUCCESS) return at(position, "\"body\" is required, an object");
    if (action == "addObject" || action == "updateObject") {
        const bool make_id = action == "addObject";
        auto record = check_record(body, {}, make_id);
        if (record.has_error()) return at(position, record.error());
        batch.object_ids.push_back(record->object_id);
        work.operations.push_back({Action::put_object, std::move(record->object_id), std::move(record->json)});
        return {};
    }
    const bool partial = action == "partialUpdateObject";
    if (partial || action == "partialUpdateObjectNoCreate") {
        PENCHANT_TRY(std::string id, id_of(body, position));
        std::string changes = without_id(object);
        if (changes.size() > limits::record_bytes_max) {
            return at(position, fmt::format("objectID={} is too big: size={}/{} bytes", id, changes.size(), limits::record_bytes_max));
        }
        if (auto checked = check_partial_update(changes); checked.has_error()) {
            return at(position, Error{checked.error().code, fmt::format("objectID={}: {}", id, checked.error().what)});
        }
        batch.object_ids.push_back(id);
        work.operations.push_back({partial ? Action::partial_update : Action::partial_update_only, std::move(id), std::move(changes)});
        return {};
    }
    if (action == "deleteObject") {
        PENCHANT_CHECK(need(caller, "deleteObject"));
        PENCHANT_TRY(std::string id, id_of(body, position));
        batch.object_ids.push_back(id);
        work.operations.push_back({Action::delete_object, std::move(id), {}});
        return {};
    }
    return at(position, fmt::format("unknown action \"{}\"", action.substr(0, 64)));
}

/// `index` empty: each entry names its own.
Result<Batch> read_batch(const Caller& caller, const std::string& body, std::string_view index) {
    // A parser of its own: its memory is as large as the batch and goes with it, and the checks of records parse too.
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.allocate(std::max<std::size_t>(body.size(), 1), limits::json_depth_max);
        error != simdjson::SUCCESS) {
        return Error{Errc::too_large, "Request Entity Too Large"};
    }
    if (const auto error = parser.parse(body).get(root); error != simdjson::SUCCESS) {
        return Error{Errc::bad_request, fmt::format("The body is not valid JSON (at most {} levels deep): {}",
                                                    limits::json_depth_max, simdjson::error_message(error))};
    }
    simdjson::dom::array requests;
    if (!root.is_object() || root["requests"].get(requests) != simdjson::SUCCESS) {
        return Error{Errc::bad_request, "The body must be an object with \"requests\", an array"};
    }
    Batch batch;
    std::size_t position = 0;
    for (const simdjson::dom::element request : requests) {
        if (position == limits::batch_requests_max) {
            return Error{Errc::bad_request, fmt::format("More than {} requests in one batch", limits::batch_requests_max)};
        }
        if (!request.is_object()) return at(position, "must be an object");
        std::string_view action;
        if (request["action"].get(action) != simdjson::SUCCESS) return at(position, "\"action\" is required, a string");
        std::string_view name = index;
        if (index.empty()) {
            if (request["indexName"].get(name) != simdjson::SUCCESS || name.empty()) {
                return at(position, "\"indexName\" is required, a string");
            }
            PENCHANT_CHECK(check_index_right(caller, name));
        }
        simdjson::dom::element own;
        const bool has_body = request["body"].get(own) == simdjson::SUCCESS;
        PENCHANT_CHECK(add_action(caller, action, own, has_body, position, work_on(batch, name), batch));
        ++position;
    }
    return batch;
}

/// Accepts the work. Deletions go first: what follows them belongs to the new index of that name.
Result<std::vector<std::pair<std::string, TaskId>>> accept(Api& api, Batch& batch) {
    std::vector<std::pair<std::string, TaskId>> tasks;
    std::vector<std::pair<std::string, std::vector<Operation>>> rest;
    for (IndexWork& work : batch.work) {
        if (work.delete_first) {
            PENCHANT_TRY(const TaskId task, api.catalog.delete_index(work.index));
            tasks.emplace_back(work.index, task);
        }
        if (!work.operations.empty()) rest.emplace_back(work.index, std::move(work.operations));
    }
    if (rest.empty()) return tasks;
    PENCHANT_TRY(auto appended, api.catalog.append_many(std::move(rest)));
    for (auto& [name, task] : appended) {
        const auto same = std::find_if(tasks.begin(), tasks.end(), [&](const auto& entry) { return entry.first == name; });
        if (same != tasks.end()) same->second = task;
        else tasks.emplace_back(std::move(name), task);
    }
    return tasks;
}

boost::json::array ids_of(const Batch& batch) { return boost::json::array(batch.object_ids.begin(), batch.object_ids.end()); }

Result<boost::json::object> batch_one(Api& api, const Call& call) {
    PENCHANT_TRY(Batch batch, read_batch(call.caller, call.request.body, call.variables[0]));
    if (batch.work.empty()) {  // no requests: still a task, as clients wait for one
        PENCHANT_TRY(const TaskId task, api.catalog.append(call.variables[0], {}));
        return boost::json::object{{"taskID", task}, {"objectIDs", boost::json::array{}}};
    }
    PENCHANT_TRY(const auto tasks, accept(api, batch));
    return boost::json::object{{"taskID", tasks.front().second}, {"objectIDs", ids_of(batch)}};
}

Result<boost::json::object> batch_many(Api& api, const Call& call) {
    PENCHANT_TRY(Batch batch, read_batch(call.caller, call.request.body, {}));
    PENCHANT_TRY(const auto tasks, accept(api, batch));
    boost::json::object by_index;
    for (const auto& [name, task] : tasks) by_index[name] = task;
    return boost::json::object{{"taskID", std::move(by_index)}, {"objectIDs", ids_of(batch)}};
}

}  // namespace

void add_batch_routes(Router& router, Api& api) {
    // What deletions need besides is asked action by action (A 3.3).
    router.add({Method::post, "/1/indexes/{index}/batch", {"addObject"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(batch_one(api, call)); }});
    router.add({Method::post, "/1/indexes/*/batch", {"addObject"}, RouteFamily::search,
                [&api](const Call& call) { return answer_of(batch_many(api, call)); }});
}

}  // namespace penchant
