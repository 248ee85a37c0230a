// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole server in this process, asked over HTTP, on a catalog that `catalog_bench build` made:
//
//     server_bench stream DIR SECONDS    a Zipf stream of searches by 200 visitors, plain and personalised in turn
//     server_bench felt DIR TRIES        an event, then that visitor's next search, beside a load of others: how many misses
//
// Prints row TAB set TAB value; times in microseconds, seen by the client.
#include "engine/http/client.h"
#include "engine/server.h"
#include "index/json_text.h"
#include "tests/bench/generator.h"
#include "tests/bench/visitor.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace penchant::bench {

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t seed = 42;
constexpr const char* admin_key = "a key for this benchmark";
constexpr const char* query_path = "/1/indexes/products/query";

[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "server_bench: {}\n", what);
    std::exit(1);
}

json::object ask(HttpClient& client, std::string_view path, const json::object& body) {
    auto answer = client.send(Method::post, path, {{"X-Algolia-Application-Id", "penchant"}, {"X-Algolia-API-Key", admin_key}},
                              json_text(body));
    if (!answer) fail(answer.error().what);
    if (answer->status != 200) fail(answer->body);
    return json::parse(answer->body).as_object();
}

std::unique_ptr<Server> start(const std::string& directory) {
    spdlog::set_level(spdlog::level::warn);  // figures go to standard output, and nothing else
    ServerOptions options;
    options.data_directory = directory;
    options.listen = "127.0.0.1:0";
    options.admin_key = admin_key;
    options.module_required = true;
    auto server = Server::start(std::move(options));
    if (!server) fail(server.error().what);
    return std::move(*server);
}

HttpClient connect(const Server& server) {
    auto client = HttpClient::of_url(server.url(), std::chrono::seconds{30});
    if (!client) fail(client.error().what);
    return std::move(*client);
}

std::vector<std::string> queries(std::size_t count) {
    Generator generator{seed};
    std::vector<Product> sample;
    for (int i = 0; i < 20'000; ++i) sample.push_back(generator.next());
    std::vector<std::string> all;
    for (const QuerySet& set : query_sets(sample, count / 6 + 1, seed + 1))
        all.insert(all.end(), set.queries.begin(), set.queries.end());
    std::mt19937_64 random{seed};
    std::shuffle(all.begin(), all.end(), random);
    return all;
}

double percentile(std::vector<double>& values, double share) {
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
    return values[at];
}

json::object click(const std::string& visitor, std::uint32_t product) {
    return {{"eventType", "click"},
            {"eventName", "Hit Clicked"},
            {"index", "products"},
            {"userToken", visitor},
            {"objectIDs", json::array{"p" + std::to_string(product)}}};
}

int stream(const std::string& directory, unsigned seconds) {
    const auto server = start(directory);
    HttpClient client = connect(*server);
    std::mt19937_64 random{seed};
    constexpr std::size_t visitors = 200;
    for (std::size_t visitor = 0; visitor < visitors; ++visitor) {
        json::array events;
        for (int i = 0; i < 20; ++i)
            events.push_back(click("visitor-" + std::to_string(visitor), static_cast<std::uint32_t>(random() % 20'000)));
        ask(client, "/1/events", {{"events", std::move(events)}});
    }
    const auto texts = queries(3'000);
    std::vector<double> weights(texts.size());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 1 / static_cast<double>(i + 1);
    const AliasTable zipf{weights};
    std::vector<double> times[2];
    const auto end = Clock::now() + std::chrono::seconds{seconds};
    for (std::size_t i = 0; Clock::now() < end; ++i) {
        const bool personal = i % 2 == 1;
        json::object body{{"query", texts[zipf(random)]},
                          {"facets", {"brand", "category"}},
                          {"userToken", "visitor-" + std::to_string(random() % visitors)},
                          {"enablePersonalization", personal}};
        const auto begin = Clock::now();
        ask(client, query_path, body);
        times[personal].push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    }
    for (const bool personal : {false, true})
        for (const double share : {0.5, 0.99})
            fmt::print("http_{}\tp{:.0f}\t{:.3f}\n", personal ? "personal" : "plain", share * 100,
                       percentile(times[personal], share));
    return 0;
}

int felt(const std::string& directory, unsigned tries) {
    const auto server = start(directory);
    std::atomic<bool> stop{false};
    std::thread load{[&] {
        HttpClient client = connect(*server);
        const auto texts = queries(300);
        std::mt19937_64 random{seed + 3};
        while (!stop.load()) {
            ask(client, query_path, {{"query", texts[random() % texts.size()]}, {"facets", {"brand"}}});
            ask(client, "/1/events",
                {{"events", json::array{click("other-" + std::to_string(random() % 1'000),
                                              static_cast<std::uint32_t>(random() % 1'000))}}});
        }
    }};
    HttpClient client = connect(*server);
    std::mt19937_64 random{seed + 5};
    Generator generator{seed};
    std::vector<Product> products;
    for (int i = 0; i < 2'000; ++i) products.push_back(generator.next());
    unsigned missed = 0;
    for (unsigned i = 0; i < tries; ++i) {
        const Product& product = products[random() % products.size()];
        const std::string visitor = fmt::format("felt-{}-{}", seed, i);
        const json::object search{{"query", word_text(product.title[0]) + " " + word_text(product.title[1])},
                                  {"userToken", visitor},
                                  {"enablePersonalization", true},
                                  {"getRankingInfo", true},
                                  {"filters", "brand:\"brand " + std::to_string(product.brand) + "\""}};
        ask(client, "/1/events", {{"events", json::array{click(visitor, product.number)}}});
        bool found = false;
        const auto answer = ask(client, query_path, search);
        for (const auto& hit : answer.at("hits").as_array()) {
            const auto* block = hit.at("_rankingInfo").as_object().if_contains("personalization");
            if (block != nullptr && block->at("filtersScore").to_number<double>() > 0) found = true;
        }
        if (!found) ++missed;
    }
    stop = true;
    load.join();
    fmt::print("felt\ttries\t{}\nfelt\tmissed\t{}\n", tries, missed);
    return 0;
}

}  // namespace

}  // namespace penchant::bench

int main(int argc, char** argv) {
    const std::vector<std::string> arguments{argv, argv + argc};
    if (arguments.size() == 4 && arguments[1] == "stream")
        return penchant::bench::stream(arguments[2], static_cast<unsigned>(std::stoul(arguments[3])));
    if (arguments.size() == 4 && arguments[1] == "felt")
        return penchant::bench::felt(arguments[2], static_cast<unsigned>(std::stoul(arguments[3])));
    fmt::print(stderr, "usage: server_bench stream DIR SECONDS | felt DIR TRIES\n");
    return 2;
}
