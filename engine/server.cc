// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server.h"

#include "engine/api/api.h"
#include "engine/application.h"
#include "engine/dictionary_store.h"
#include "engine/http/listener.h"
#include "engine/metrics.h"
#include "engine/module_loader.h"
#include "engine/search.h"
#include "engine/worker_pool.h"
#include "index/limits.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

namespace penchant {

namespace {

constexpr std::size_t admin_key_bytes_min = 16;  // beyond this machine; a shorter one can be tried out

std::int64_t wall_clock_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

void log_line(std::string_view level, std::string_view message) {
    if (level == "error") spdlog::error("{}", message);
    else if (level == "warning" || level == "warn") spdlog::warn("{}", message);
    else if (level == "debug") spdlog::debug("{}", message);
    else spdlog::info("{}", message);
}

}  // namespace

Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text) {
    const Error bad{Errc::bad_request, fmt::format("\"{}\" is not of the form 127.0.0.1:7700 or [::1]:7700", text)};
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return bad;
    std::string_view address = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    else if (address.find(':') != std::string_view::npos) return bad;
    if (address == "localhost") address = "127.0.0.1";
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || address.empty()) return bad;
    return std::pair{std::string{address}, port};
}

struct Server::Body {
    explicit Body(unsigned threads)
        : pool{threads, std::max(8U, 2 * threads), limits::requests_waiting_per_core_max * threads}, application{pool} {}

    // In the order of dependence; destroyed from the bottom up, after stop().
    MetricsRegistry metrics;
    WorkerPool pool;
    std::unique_ptr<Catalog> catalog;
    std::unique_ptr<Keys> keys;
    std::unique_ptr<ModuleContext> module_context;
    std::unique_ptr<LoadedModule> module;
    std::unique_ptr<DictionaryStore> dictionaries;
    std::unique_ptr<SearchService> search;
    std::unique_ptr<Api> api;
    Router router;
    Application application;
    std::unique_ptr<Listener> listener;
    std::string address;
    bool stopped = false;

    void write_metrics(std::string& out) const {
        MetricsRegistry::write_gauge(out, "penchant_connections", "Connections open now.",
                                     static_cast<double>(listener->connections()));
        MetricsRegistry::write_gauge(out, "penchant_read_queue_depth", "Reads waiting for a thread.",
                                     static_cast<double>(pool.waiting(Lane::read)));
        MetricsRegistry::write_gauge(out, "penchant_write_queue_depth", "Writes waiting for a thread.",
                                     static_cast<double>(pool.waiting(Lane::write)));
        MetricsRegistry::write_gauge(out, "penchant_requests_refused", "Requests refused because the queue was full.",
                                     static_cast<double>(application.refused()));
    }

    Result<void> load(const ServerOptions& options) {
        if (options.module == "none" || options.module.empty()) return {};
        module_context = std::make_unique<ModuleContext>(ModuleContext{*catalog, metrics, wall_clock_ms, log_line});
        auto loaded = load_module(options.module, *module_context);
        if (loaded.has_error()) {
            if (options.module_required || loaded.error().code != Errc::not_found) return loaded.error();
            spdlog::warn("module_missing name={} detail=\"{}\"", options.module, loaded.error().what);
            return {};
        }
        module = std::move(*loaded);
        spdlog::info("module_loaded name={} file={}", module->module().name(), module->file());
        return {};
    }
};

Server::Server(std::unique_ptr<Body> body) : body_{std::move(body)} {}

Server::~Server() {
    if (body_) stop();
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
    PENCHANT_TRY(const auto place, parse_listen(options.listen));
    if (!is_loopback(place.first) && !options.admin_key.empty() && options.admin_key.size() < admin_key_bytes_min) {
        return Error{Errc::bad_request, fmt::format("On {} others can reach the server: its admin key must have at least {} characters",
                                                    place.first, admin_key_bytes_min)};
    }
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const unsigned threads = options.threads == 0 ? cores : options.threads;
    auto server = std::unique_ptr<Server>(new Server{std::make_unique<Body>(threads)});
    Body& own = *server->body_;
    own.address = place.first;
    PENCHANT_TRY(own.listener, Listener::open({place.first, place.second, threads}, own.application));

    CatalogOptions catalog_options;
    catalog_options.directory = options.data_directory;
    catalog_options.commit_interval = options.commit_interval;
    PENCHANT_TRY(own.catalog, Catalog::open(std::move(catalog_options)));
    own.catalog->set_selector(select_by_query);
    PENCHANT_TRY(own.keys, Keys::open(own.catalog->store(), options.admin_key));
    PENCHANT_TRY(own.dictionaries, DictionaryStore::open(own.catalog->store()));
    PENCHANT_CHECK(own.load(options));
    Module* module = own.module ? &own.module->module() : nullptr;
    if (module != nullptr) {
        own.catalog->set_listener(
            [module](const std::string& name, const Snapshot& snapshot) { module->on_snapshot(name, snapshot); });
    }
    own.search = std::make_unique<SearchService>(*own.catalog, module, own.metrics, own.dictionaries.get());
    own.api = std::make_unique<Api>(Api{*own.catalog, *own.search, *own.keys, own.metrics, wall_clock_ms,
                                        [&own](std::string& out) { own.write_metrics(out); }, own.dictionaries.get()});
    add_engine_routes(own.router, *own.api);
    if (module != nullptr) module->routes(own.router);
    if (options.more_routes) options.more_routes(own.router);
    own.metrics.name_routes(own.router);
    own.application.open(own.router, *own.keys, own.metrics);
    return server;
}

std::uint16_t Server::port() const { return body_->listener->port(); }

std::string Server::url() const {
    const bool v6 = body_->address.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}", v6 ? "[" : "", body_->address, v6 ? "]" : "", port());
}

const std::optional<std::string>& Server::made_admin_key() const { return body_->keys->made_admin_key(); }
Catalog& Server::catalog() { return *body_->catalog; }
const Router& Server::router() const { return body_->router; }

void Server::stop(std::chrono::milliseconds grace) {
    Body& own = *body_;
    if (std::exchange(own.stopped, true)) return;
    if (own.listener) own.listener->stop(grace);
    own.pool.stop();
    // Snapshots may still be made while the catalog stops, so the module hears of its end after the catalog's.
    if (own.catalog) own.catalog->stop();
    if (own.module) own.module->module().stop();
}

}  // namespace penchant
