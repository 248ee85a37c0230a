// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small shop for the module's tests: a real catalog and the real module in a scratch directory, under a clock that
// the test moves.
#pragma once

#include "engine/module.h"
#include "engine/router.h"
#include "index/catalog.h"
#include "plugin/api.h"
#include "plugin/personalization.h"
#include "tests/index/scratch.h"

#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

class CountedMetrics : public Metrics {
public:
    void count(std::string_view name, std::uint64_t amount) override {
        const std::lock_guard guard(mutex_);
        values_[std::string(name)] += static_cast<double>(amount);
    }
    void set(std::string_view name, double value) override {
        const std::lock_guard guard(mutex_);
        values_[std::string(name)] = value;
    }
    double operator[](const std::string& name) {
        const std::lock_guard guard(mutex_);
        return values_[name];
    }

private:
    std::mutex mutex_;
    std::map<std::string, double> values_;
};

/// 36 records: brand, color, price by number; index "shop".
class TestShop {
public:
    explicit TestShop(int records = 36) {
        open();
        if (records == 0) return;
        settings("shop", R"json({"attributesForFaceting": ["brand", "color", "price", "tags", "filterOnly(secret)"]})json");
        std::vector<Operation> operations;
        for (int n = 1; n <= records; ++n) operations.push_back({Action::put_object, "sku-" + std::to_string(n), record_json(n)});
        put("shop", std::move(operations));
    }

    static const char* brand(int n) {
        constexpr const char* brands[]{"Corvale", "Oxbow", "Tarn", "Fellside"};
        return brands[((n - 1) / 3) % 4];
    }
    static const char* color(int n) {
        constexpr const char* colors[]{"green", "red", "blue"};
        return colors[(n - 1) % 3];
    }
    static std::string record_json(int n) {
        boost::json::object record{{"objectID", "sku-" + std::to_string(n)},
                                   {"name", "boot"},
                                   {"brand", brand(n)},
                                   {"color", color(n)},
                                   {"price", 10 + n},
                                   {"secret", n % 2 == 0 ? "even" : "odd"}};
        if (n % 5 == 0) record["tags"] = boost::json::array{"new", "light", "new"};
        return boost::json::serialize(record);
    }

    void settings(std::string_view index, std::string_view json) {
        const auto task = catalog->change_settings(index, boost::json::parse(json).as_object());
        if (task.has_error() || !catalog->wait_for_tasks(std::chrono::seconds(20))) std::abort();
    }
    void put(std::string_view index, std::vector<Operation> operations) {
        const auto task = catalog->append(index, std::move(operations));
        if (task.has_error() || !catalog->wait_for_tasks(std::chrono::seconds(20))) std::abort();
    }

    void open() {
        CatalogOptions options;
        options.directory = scratch.path();
        options.commit_interval = std::chrono::milliseconds(5);
        auto opened = Catalog::open(options);
        if (opened.has_error()) std::abort();
        catalog = std::move(*opened);
        context = std::make_unique<ModuleContext>(
            ModuleContext{*catalog, metrics, [this] { return now_ms.load(); }, [](std::string_view, std::string_view) {}});
        auto module = Personalization::open(*context);
        if (module.has_error()) std::abort();
        personalization = std::move(*module);
        router = std::make_unique<Router>();
        add_event_routes(*router, *personalization);
        add_classic_routes(*router, *personalization);
        add_advanced_routes(*router, *personalization);
        add_analytics_routes(*router, *personalization);
    }
    /// Ends everything and begins again on the same directory.
    void reopen() {
        router.reset();
        personalization.reset();
        context.reset();
        catalog.reset();
        open();
    }

    /// Calls the handler of a path as the engine would.
    Response call(Method method, std::string_view target, std::string body = {}) {
        Request request;
        request.method = method;
        request.body = std::move(body);
        if (parse_target(target, request).has_error()) std::abort();
        Router::Match match = router->match(method, request.path);
        if (!match.route) return {404, {}, {}, {}};
        const Caller admin{true, {}, {}, {}};
        return match.route->handler({request, admin, std::move(match.variables)});
    }
    static boost::json::object json(const Response& response) { return boost::json::parse(response.body).as_object(); }

    static boost::json::object event(std::string_view token, int n, std::string_view type = "click",
                                     std::string_view name = "Clicked") {
        return {{"eventType", type},
                {"eventName", name},
                {"index", "shop"},
                {"userToken", token},
                {"objectIDs", boost::json::array{"sku-" + std::to_string(n)}}};
    }
    Response send(std::vector<boost::json::object> events) {
        boost::json::array list;
        for (auto& one : events) list.push_back(std::move(one));
        return call(Method::post, "/1/events", boost::json::serialize(boost::json::object{{"events", std::move(list)}}));
    }
    unsigned click(std::string_view token, int n) { return send({event(token, n)}).status; }

    Profile profile(std::string_view token) {
        const auto own = personalization->visitors().profile(token);
        if (own.has_error()) std::abort();
        return *own ? **own : Profile{};
    }

    /// The boost of a search in "shop", with the snapshot it borrows.
    struct Boosted {
        std::shared_ptr<const Snapshot> snapshot;
        std::unique_ptr<Boost> boost;
        float score(Ordinal ordinal) const {
            float out = 0;
            boost->score(std::span(&ordinal, 1), std::span(&out, 1));
            return out;
        }
    };
    Boosted boost(std::string token, std::vector<std::string> filters = {}, std::optional<int> impact = {}) {
        Boosted boosted{catalog->snapshot("shop"), nullptr};
        SearchContext search{"shop", *boosted.snapshot, token, true, impact, filters, !filters.empty()};
        boosted.boost = personalization->boosts().boost(search, now_ms.load());
        return boosted;
    }
    Ordinal ordinal(const Snapshot& snapshot, int n) {
        const auto found = catalog->find_object("shop", snapshot, "sku-" + std::to_string(n));
        if (found.has_error() || !*found) std::abort();
        return **found;
    }

    Scratch scratch;
    std::atomic<std::int64_t> now_ms{1'790'000'000'000};
    CountedMetrics metrics;
    std::unique_ptr<Catalog> catalog;
    std::unique_ptr<ModuleContext> context;
    std::unique_ptr<Personalization> personalization;
    std::unique_ptr<Router> router;
};

}  // namespace penchant
