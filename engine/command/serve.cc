// SPDX-License-Identifier: GPL-3.0-or-later
// penchant serve: runs the server until SIGTERM or SIGINT.
#include "engine/command/arguments.h"
#include "engine/command/configuration.h"
#include "engine/server.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <sys/resource.h>

#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace penchant {

namespace {

struct ServeOptions {
    ServerOptions server;
    std::string config;
    unsigned commit_interval_ms = 1'000;
};

void describe(CLI::App& app, ServeOptions& options) {
    app.add_option("--data", options.server.data_directory, "Folder of the data; made when it is not there")
        ->type_name("DIR")
        ->envname("PENCHANT_DATA_DIR");
    app.add_option("--listen", options.server.listen, "Address and port; port 0 takes any free one")
        ->type_name("ADDRESS:PORT")
        ->capture_default_str();
    app.add_option("--admin-key", options.server.admin_key, "The admin key; without it one is made, printed once and stored")
        ->type_name("KEY");
    app.add_option("--module", options.server.module, "Module to load, or none")->type_name("NAME")->capture_default_str();
    app.add_option("--config", options.config, "Read options from a TOML file: data = \"...\"")->type_name("FILE");
    app.add_option("--threads", options.server.threads, "Threads for connections, and as many for searches; 0: one a core")
        ->check(CLI::Range(0U, 256U))
        ->capture_default_str();
    app.add_option("--commit-interval-ms", options.commit_interval_ms, "How long a write may take to be searchable")
        ->check(CLI::Range(1U, 60'000U))
        ->capture_default_str();
    name_environment(app);
}

/// One line an event: time, level, what happened, and facts as key=value. Never a visitor's data.
void start_log() {
    auto logger = spdlog::stderr_logger_mt("penchant");
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    spdlog::set_default_logger(std::move(logger));
    spdlog::flush_on(spdlog::level::info);
}

/// A connection is a descriptor; the soft limit is often far below what the machine allows.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// Waits for SIGTERM or SIGINT in a thread of its own. Before ready() a signal ends the process on the spot, which is safe
/// because nothing is acknowledged that is not durable.
class StopSignal {
public:
    StopSignal() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGTERM);
        sigaddset(&signals_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);  // inherited by every thread made later
        std::thread{[signals = signals_] {
            int signal = 0;
            sigwait(&signals, &signal);
            if (!ready_.load()) _exit(exit_done);
            stop_.store(true);
            stop_.notify_all();
            sigwait(&signals, &signal);  // asked twice: at once
            _exit(exit_failed);
        }}.detach();
    }
    static void ready() { ready_.store(true); }
    static void wait() { stop_.wait(false); }

private:
    sigset_t signals_{};
    static inline std::atomic<bool> ready_{false};
    static inline std::atomic<bool> stop_{false};
};

}  // namespace

int run_serve(int argc, const char* const* argv) {
    ServeOptions options;
    CLI::App app{"Runs the server.", "penchant serve"};
    describe(app, options);
    app.footer(
        "Every option is also an environment variable (PENCHANT_LISTEN, PENCHANT_DATA_DIR, ...) and a key of the TOML file "
        "(listen, data, ...).");
    if (const auto exit_code = parse_arguments(app, argc, argv)) return *exit_code;
    if (!options.config.empty()) {
        if (const auto read = read_configuration(app, options.config); read.has_error()) {
            fmt::print(stderr, "penchant serve: {}\n", read.error().what);
            return exit_wrong_use;
        }
    }
    if (options.server.data_directory.empty()) {
        fmt::print(stderr, "penchant serve: --data is required: the folder of the data\n");
        return exit_wrong_use;
    }
    if (const auto listen = parse_listen(options.server.listen); listen.has_error()) {
        fmt::print(stderr, "penchant serve: {}\n", listen.error().what);
        return exit_wrong_use;
    }
    options.server.module_required = app.count("--module") != 0;
    options.server.commit_interval = std::chrono::milliseconds{options.commit_interval_ms};

    std::signal(SIGPIPE, SIG_IGN);
    const StopSignal signal;
    start_log();
    raise_descriptor_limit();
    auto started = Server::start(std::move(options.server));
    if (started.has_error()) {
        fmt::print(stderr, "penchant serve: {}\n", started.error().what);
        return exit_failed;
    }
    Server& server = **started;
    if (const auto& key = server.made_admin_key()) {
        fmt::print("The admin key, shown this once: {}\n", *key);
    }
    fmt::print("penchant listens on {}\n", server.url());
    std::fflush(stdout);
    StopSignal::ready();
    StopSignal::wait();
    spdlog::info("stopping");
    server.stop();
    spdlog::info("stopped");
    return exit_done;
}

}  // namespace penchant
