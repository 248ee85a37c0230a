// SPDX-License-Identifier: GPL-3.0-or-later
//
// What our HTTP server costs: requests a second with a fixed answer of 3 KB, against Beast's own parser and serializer
// doing nothing but answering the same bytes, in alternation in one run. And whether short work is better done on the
// connection's thread or handed to a worker.
//
//     http_bench [--seconds N] [--connections N] [--threads N]
#include "engine/http/listener.h"
#include "engine/http/service.h"
#include "tests/bench/http_load.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace penchant::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

const std::string answer_body(3 * 1024, 'x');

/// The least that Beast can do: read a request, write the answer, again.
class BareSession : public std::enable_shared_from_this<BareSession> {
public:
    explicit BareSession(tcp::socket socket) : socket_{std::move(socket)} {
        response_.version(11);
        response_.result(http::status::ok);
        response_.set(http::field::content_type, "application/json; charset=UTF-8");
        response_.body() = answer_body;
        response_.prepare_payload();
    }
    void read() {
        request_ = {};
        http::async_read(socket_, buffer_, request_, [self = shared_from_this()](boost::system::error_code error, std::size_t) {
            if (!error) self->write();
        });
    }

private:
    void write() {
        http::async_write(socket_, response_, [self = shared_from_this()](boost::system::error_code error, std::size_t) {
            if (!error) self->read();
        });
    }
    tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::string_body> response_;
};

class BareServer {
public:
    explicit BareServer(unsigned threads) {
        tcp::endpoint endpoint{asio::ip::address_v4::loopback(), 0};
        for (unsigned i = 0; i < threads; ++i) {
            auto& loop = *loops_.emplace_back(std::make_unique<asio::io_context>(1));
            auto& acceptor = *acceptors_.emplace_back(std::make_unique<tcp::acceptor>(loop));
            acceptor.open(endpoint.protocol());
            acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
            acceptor.bind(endpoint);
            acceptor.listen();
            endpoint.port(acceptor.local_endpoint().port());
            accept(acceptor);
            threads_.emplace_back([&loop] { loop.run(); });
        }
        port_ = endpoint.port();
    }
    ~BareServer() {
        for (auto& loop : loops_) loop->stop();
        for (auto& thread : threads_) thread.join();
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    static void accept(tcp::acceptor& acceptor) {
        acceptor.async_accept([&acceptor](boost::system::error_code error, tcp::socket socket) {
            if (error) return;
            socket.set_option(tcp::no_delay(true));
            std::make_shared<BareSession>(std::move(socket))->read();
            accept(acceptor);
        });
    }
    std::vector<std::unique_ptr<asio::io_context>> loops_;
    std::vector<std::unique_ptr<tcp::acceptor>> acceptors_;
    std::vector<std::thread> threads_;
    std::uint16_t port_ = 0;
};

enum class Where { at_once, worker };

/// Our server with a handler that works for `work` and gives the fixed answer.
class FixedService final : public Service {
public:
    FixedService(unsigned threads, Where where, std::chrono::microseconds work)
        : pool_{threads, 1, 256 * threads}, where_{where}, work_{work} {}
    Admission admit(Request&) override {
        Admission admission;
        admission.body_bytes_max = 64 * 1024;
        admission.at_once = where_ == Where::at_once;
        return admission;
    }
    Response answer(Request&, const Admission&) override {
        const auto end = std::chrono::steady_clock::now() + work_;
        while (work_.count() != 0 && std::chrono::steady_clock::now() < end) {
        }
        Response response;
        response.body = answer_body;
        return response;
    }
    bool submit(const Admission&, std::function<void()>& job) override { return pool_.submit(Lane::read, job); }
    void stop() { pool_.stop(); }

private:
    WorkerPool pool_;
    const Where where_;
    const std::chrono::microseconds work_;
};

Load measure_ours(const LoadOptions& options, unsigned threads, Where where, std::chrono::microseconds work) {
    FixedService service{threads, where, work};
    auto listener = std::move(Listener::open({"127.0.0.1", 0, threads}, service).value());
    LoadOptions own = options;
    own.port = listener->port();
    const Load load = run_load(own);
    listener->stop(std::chrono::milliseconds{0});
    service.stop();
    return load;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const char* name, const Load& load) {
    fmt::print("  {:<44} {:>9.0f} requests/s   p50 {:>7.3f} ms   p99 {:>7.3f} ms\n", name, load.per_second, load.p50_ms,
               load.p99_ms);
}

int run(int argc, char** argv) {
    LoadOptions options;
    options.seconds = 2;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const auto value = static_cast<unsigned>(std::atoi(argv[i + 1]));
        if (name == "--seconds") options.seconds = value;
        else if (name == "--connections") options.connections = value;
        else if (name == "--threads") threads = value;
        else return fmt::print(stderr, "http_bench [--seconds N] [--connections N] [--threads N]\n"), 2;
    }
    const std::string body =
        R"({"requests":[{"indexName":"shop","params":"query=trail%20shoe&hitsPerPage=20&facets=%5B%22brand%22%5D"}]})";
    options.request = fmt::format(
        "POST /1/indexes/*/queries?x-algolia-api-key=0123456789abcdef&x-algolia-application-id=shop HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nAccept: application/json\r\nAccept-Language: en\r\nContent-Type: text/plain\r\n"
        "Origin: http://127.0.0.1\r\nUser-Agent: http_bench\r\nContent-Length: {}\r\n\r\n{}",
        body.size(), body);

    fmt::print("HTTP: {} threads, {} connections, an answer of {} bytes\n", threads, options.connections, answer_body.size());
    std::vector<double> ratios;
    std::vector<double> worker_ratios;
    for (int round = 0; round < 5; ++round) {
        Load bare;
        {
            const BareServer server{threads};
            options.port = server.port();
            bare = run_load(options);
        }
        const Load ours = measure_ours(options, threads, Where::at_once, {});
        const Load worker = measure_ours(options, threads, Where::worker, {});
        print("Beast alone", bare);
        print("Penchant, answered at once", ours);
        print("Penchant, answered by a worker", worker);
        ratios.push_back(ours.per_second / bare.per_second);
        worker_ratios.push_back(worker.per_second / bare.per_second);
    }
    fmt::print("  ratio to Beast alone: {:.2f} at once, {:.2f} by a worker (median of {})\n", median(ratios),
               median(worker_ratios), ratios.size());

    for (const int work : {50, 200, 1'000}) {
        const std::chrono::microseconds time{work};
        fmt::print("an answer that takes {} us to compute\n", work);
        print("at once", measure_ours(options, threads, Where::at_once, time));
        print("by a worker", measure_ours(options, threads, Where::worker, time));
    }
    return median(ratios) >= 0.7 ? 0 : 1;
}

}  // namespace
}  // namespace penchant::bench

int main(int argc, char** argv) { return penchant::bench::run(argc, argv); }
