// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/import_target.h"

#include "engine/http/client.h"
#include "index/catalog.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <thread>

namespace penchant {

namespace {

constexpr std::chrono::hours wait_time_max{6};  // for the writer to work off a large import

class LocalTarget final : public ImportTarget {
public:
    explicit LocalTarget(std::unique_ptr<Catalog> catalog) : catalog_{std::move(catalog)} {}

    Result<void> change_settings(const std::string& index, const boost::json::object& changes) override {
        return done(catalog_->change_settings(index, changes));
    }
    Result<void> put(const std::string& index, std::vector<Record> records) override {
        std::vector<Operation> operations;
        operations.reserve(records.size());
        for (Record& record : records)
            operations.push_back({Action::put_object, std::move(record.object_id), std::move(record.json)});
        for (;;) {
            auto outcome = catalog_->append(index, operations);
            if (outcome || outcome.error().code != Errc::overloaded) return done(std::move(outcome));
            std::this_thread::sleep_for(std::chrono::milliseconds{50});  // the log is full: let the writer catch up
        }
    }
    Result<void> copy_settings(const std::string& source, const std::string& destination) override {
        return done(catalog_->copy_index(source, destination, {"settings", "rules", "synonyms"}));
    }
    Result<void> move(const std::string& source, const std::string& destination) override {
        return done(catalog_->move_index(source, destination));
    }
    Result<void> remove(const std::string& index) override { return done(catalog_->delete_index(index)); }
    Result<void> wait() override {
        if (catalog_->wait_for_tasks(wait_time_max)) return {};
        return Error{Errc::io, "the records are safe in the log, but the index did not take them in time"};
    }
    Result<Size> size(const std::string& index) override {
        for (const IndexDescription& description : catalog_->list())
            if (description.name == index) return Size{description.entries, description.file_bytes};
        return Error{Errc::not_found, "Index " + index + " does not exist"};
    }

private:
    template <class T>
    static Result<void> done(Result<T> outcome) {
        if (!outcome) return std::move(outcome).error();
        return {};
    }
    std::unique_ptr<Catalog> catalog_;
};

std::string escaped(std::string_view segment) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (const char character : segment) {
        const auto byte = static_cast<unsigned char>(character);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                           byte == '-' || byte == '_' || byte == '.';
        if (plain) text += character;
        else (text += '%') += {digits[byte >> 4U], digits[byte & 15U]};
    }
    return text;
}

class RemoteTarget final : public ImportTarget {
public:
    RemoteTarget(HttpClient client, std::string key) : client_{std::move(client)}, key_{std::move(key)} {}

    Result<void> change_settings(const std::string& index, const boost::json::object& changes) override {
        return task(index, Method::put, "/settings", boost::json::serialize(changes));
    }
    Result<void> put(const std::string& index, std::vector<Record> records) override {
        std::string body = R"({"requests":[)";
        for (const Record& record : records) {
            if (body.back() == '}') body += ',';
            body += R"({"action":"updateObject","body":)";
            body += record.json;
            body += '}';
        }
        body += "]}";
        return task(index, Method::post, "/batch", std::move(body));
    }
    Result<void> copy_settings(const std::string& source, const std::string& destination) override {
        const boost::json::object body{
            {"operation", "copy"}, {"destination", destination}, {"scope", {"settings", "rules", "synonyms"}}};
        return task(source, Method::post, "/operation", boost::json::serialize(body));
    }
    Result<void> move(const std::string& source, const std::string& destination) override {
        const boost::json::object body{{"operation", "move"}, {"destination", destination}};
        return task(source, Method::post, "/operation", boost::json::serialize(body));
    }
    Result<void> remove(const std::string& index) override { return task(index, Method::delete_, "", ""); }

    Result<void> wait() override {
        // Tasks of an index are applied in order, so its last one tells of all.
        const auto end = std::chrono::steady_clock::now() + wait_time_max;
        for (const auto& [index, id] : last_task_) {
            for (std::chrono::milliseconds pause{20};; pause = std::min(pause * 2, std::chrono::milliseconds{1'000})) {
                PENCHANT_TRY(const auto answer, send(Method::get, "/1/task/" + std::to_string(id), ""));
                const auto* status = answer.if_contains("status");
                if (status != nullptr && status->is_string() && status->get_string() == "published") break;
                if (std::chrono::steady_clock::now() > end)
                    return Error{Errc::io, "the server took the records, but did not apply them in time"};
                std::this_thread::sleep_for(pause);
            }
        }
        last_task_.clear();
        return {};
    }
    Result<Size> size(const std::string& index) override {
        PENCHANT_TRY(const auto answer, send(Method::get, "/1/indexes", ""));
        if (const auto* items = answer.if_contains("items"); items != nullptr && items->is_array()) {
            for (const auto& item : items->get_array()) {
                if (!item.is_object() || item.get_object().at("name") != boost::json::value(index)) continue;
                Size size;
                const auto number = [&](const char* name) {
                    const auto* value = item.get_object().if_contains(name);
                    return value != nullptr && value->is_int64() ? static_cast<std::uint64_t>(value->get_int64()) : 0U;
                };
                size.records = number("entries");
                size.file_bytes = number("fileSize");
                return size;
            }
        }
        return Error{Errc::not_found, "Index " + index + " does not exist"};
    }

private:
    Result<void> task(const std::string& index, Method method, const std::string& path, std::string body) {
        PENCHANT_TRY(const auto answer, send(method, "/1/indexes/" + escaped(index) + path, std::move(body)));
        if (const auto* id = answer.if_contains("taskID"); id != nullptr && id->is_int64()) last_task_[index] = id->get_int64();
        return {};
    }

    /// An answer that is not 2xx is an error with the server's own message; 429 is waited out.
    Result<boost::json::object> send(Method method, const std::string& target, const std::string& body) {
        for (int attempt = 0;; ++attempt) {
            PENCHANT_TRY(
                const Response response,
                client_.send(method, target, {{"X-Algolia-Application-Id", "penchant"}, {"X-Algolia-API-Key", key_}}, body));
            if (response.status == 429 && attempt < 600) {
                std::this_thread::sleep_for(std::chrono::milliseconds{500});
                continue;
            }
            boost::system::error_code failure;
            boost::json::value answer = boost::json::parse(response.body, failure);
            if (failure || !answer.is_object())
                return Error{Errc::io, "the server answered " + std::to_string(response.status) + " without JSON"};
            if (response.status / 100 == 2) return std::move(answer.get_object());
            const auto* message = answer.get_object().if_contains("message");
            return Error{Errc::io, "the server refused with " + std::to_string(response.status) + ": " +
                                       (message != nullptr && message->is_string() ? std::string{message->get_string()}
                                                                                   : response.body.substr(0, 200))};
        }
    }

    HttpClient client_;
    std::string key_;
    std::map<std::string, std::int64_t> last_task_;
};

}  // namespace

Result<std::unique_ptr<ImportTarget>> local_target(const std::string& data_directory) {
    CatalogOptions options;
    options.directory = data_directory;
    PENCHANT_TRY(auto catalog, Catalog::open(std::move(options)));
    return std::unique_ptr<ImportTarget>{std::make_unique<LocalTarget>(std::move(catalog))};
}

Result<std::unique_ptr<ImportTarget>> remote_target(const std::string& url, const std::string& key) {
    PENCHANT_TRY(auto client, HttpClient::of_url(url, std::chrono::seconds{120}));
    return std::unique_ptr<ImportTarget>{std::make_unique<RemoteTarget>(std::move(client), key)};
}

}  // namespace penchant
