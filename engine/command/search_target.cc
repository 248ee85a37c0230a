// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/search_target.h"

#include "engine/command/local_engine.h"
#include "engine/http/client.h"
#include "engine/json_body.h"
#include "index/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace penchant {
namespace {

namespace json = boost::json;

constexpr std::chrono::minutes copy_time_max{30};

class LocalSearchTarget final : public SearchTarget {
public:
    explicit LocalSearchTarget(std::unique_ptr<LocalEngine> engine) : engine_{std::move(engine)} {}

    Result<json::object> search(const std::string& index, const json::object& parameters) override {
        return engine_->search->search(index, parameters, {});
    }
    Result<void> copy_with_settings(const std::string& source, const std::string& destination,
                                    const json::object& changes) override {
        if (engine_->catalog->settings(source) == nullptr)
            return Error{Errc::not_found, "Index " + source + " does not exist"};
        PENCHANT_CHECK(engine_->catalog->copy_index(source, destination, {}));
        PENCHANT_CHECK(engine_->catalog->change_settings(destination, changes));
        return wait();
    }
    Result<void> remove(const std::string& index) override {
        PENCHANT_CHECK(engine_->catalog->delete_index(index));
        return wait();
    }

private:
    Result<void> wait() {
        if (engine_->catalog->wait_for_tasks(copy_time_max)) return {};
        return Error{Errc::io, "the copy of the index did not become searchable in time"};
    }
    std::unique_ptr<LocalEngine> engine_;
};

class RemoteSearchTarget final : public SearchTarget {
public:
    RemoteSearchTarget(HttpClient client, std::string key) : client_{std::move(client)}, key_{std::move(key)} {}

    Result<json::object> search(const std::string& index, const json::object& parameters) override {
        json::object request = parameters;
        request["indexName"] = index;  // one name for every index, so that nothing has to be escaped into the path
        PENCHANT_TRY(json::object answer, send(Method::post, "/1/indexes/*/queries",
                                               json_text(json::object{{"requests", json::array{std::move(request)}}})));
        json::value* const results = answer.if_contains("results");
        if (results == nullptr || !results->is_array() || results->get_array().size() != 1 ||
            !results->get_array()[0].is_object())
            return Error{Errc::io, "the server's answer has no results"};
        return std::move(results->get_array()[0].get_object());
    }
    Result<void> copy_with_settings(const std::string& source, const std::string& destination,
                                    const json::object& changes) override {
        PENCHANT_CHECK(send(Method::get, "/1/indexes/" + escaped(source) + "/settings", ""));  // 404 when there is none
        PENCHANT_CHECK(send(Method::post, "/1/indexes/" + escaped(source) + "/operation",
                            json_text(json::object{{"operation", "copy"}, {"destination", destination}})));
        return wait(send(Method::put, "/1/indexes/" + escaped(destination) + "/settings", json_text(changes)));
    }
    Result<void> remove(const std::string& index) override {
        return wait(send(Method::delete_, "/1/indexes/" + escaped(index), ""));
    }

private:
    static std::string escaped(std::string_view segment) {
        std::string text;
        for (const char c : segment) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
        return text;
    }

    Result<json::object> send(Method method, const std::string& target, std::string body) {
        PENCHANT_TRY(const Response response,
                     client_.send(method, target, {{"X-Algolia-Application-Id", "penchant"}, {"X-Algolia-API-Key", key_}}, std::move(body)));
        auto answer = parse_json_value(response.body);
        if (answer.has_error() || !answer->is_object())
            return Error{Errc::io, fmt::format("the server answered {} without JSON", response.status)};
        if (response.status / 100 == 2) return std::move(answer->get_object());
        const json::value* const message = answer->get_object().if_contains("message");
        return Error{Errc::io, fmt::format("the server refused with {}: {}", response.status,
                                           message != nullptr ? json_text(*message) : response.body.substr(0, 200))};
    }

    Result<void> wait(Result<json::object> accepted) {
        if (accepted.has_error()) return std::move(accepted).error();
        const json::value* const id = accepted->if_contains("taskID");
        if (id == nullptr || !id->is_int64()) return Error{Errc::io, "the server's answer has no taskID"};
        const auto end = std::chrono::steady_clock::now() + copy_time_max;
        for (std::chrono::milliseconds pause{20};; pause = std::min(pause * 2, std::chrono::milliseconds{1'000})) {
            PENCHANT_TRY(const json::object answer, send(Method::get, fmt::format("/1/task/{}", id->get_int64()), ""));
            if (const json::value* const status = answer.if_contains("status"); status != nullptr && *status == "published") return {};
            if (std::chrono::steady_clock::now() > end)
                return Error{Errc::io, "the server took the change, but did not apply it in time"};
            std::this_thread::sleep_for(pause);
        }
    }

    HttpClient client_;
    std::string key_;
};

}  // namespace

Result<std::unique_ptr<SearchTarget>> local_search_target(const std::string& data_directory) {
    PENCHANT_TRY(auto engine, open_local_engine(data_directory, "none"));
    return std::unique_ptr<SearchTarget>{std::make_unique<LocalSearchTarget>(std::move(engine))};
}

Result<std::unique_ptr<SearchTarget>> remote_search_target(const std::string& url, const std::string& key) {
    PENCHANT_TRY(auto client, HttpClient::of_url(url, std::chrono::seconds{120}));
    return std::unique_ptr<SearchTarget>{std::make_unique<RemoteSearchTarget>(std::move(client), key)};
}

}  // namespace penchant
