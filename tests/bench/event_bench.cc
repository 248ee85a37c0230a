// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many events a second are acknowledged (synced, counted, felt by the next search) when 16 clients call the
// handler of POST /1/events in this process, in batches of 1, 20 and 1,000; beside bare RocksDB that writes the same keys
// and as many bytes, synced, with as many threads, in the same run. And what a visitor costs in memory and on disk.
//
//     event_bench [--seconds N] [--visitors N]
#include "tests/plugin/shop.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace penchant;

namespace {

constexpr int clients = 16;
constexpr int records = 2000;

struct Options {
    double seconds = 2;
    std::uint32_t visitors = 50'000;
};

std::string token_of(std::uint32_t visitor) {
    return fmt::format("anonymous-{:08x}-{:04x}", visitor * 2654435761U, visitor & 0xFFFFU);
}

std::string body_of(std::mt19937& random, const Options& options, int batch) {
    std::string body = R"({"events":[)";
    for (int i = 0; i < batch; ++i)
        body += fmt::format(
            R"({}{{"eventType":"click","eventName":"Hit Clicked","index":"shop","objectIDs":["sku-{}"],"positions":[{}],"queryID":"9f86d081884c7d659a2feaa0c55ad015","userToken":"{}"}})",
            i == 0 ? "" : ",", 1 + random() % records, 1 + random() % 20,
            token_of(static_cast<std::uint32_t>(random() % options.visitors)));
    return body + "]}";
}

/// Runs `work(client, random)` (giving how many events it did) on all clients for a while: events a second.
double rate(const Options& options, const std::function<std::size_t(std::mt19937&)>& work) {
    std::atomic<std::size_t> done{0};
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] {
            std::mt19937 random(client);
            std::size_t mine = 0;
            while (!stop) mine += work(random);
            done += mine;
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
    stop = true;
    for (std::thread& thread : threads) thread.join();
    return static_cast<double>(done) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Bare RocksDB with two families, and the sizes that the module wrote.
class Bare {
public:
    Bare(const std::string& directory, std::size_t event_bytes, std::size_t profile_bytes)
        : event_(event_bytes, 'e'), profile_(profile_bytes, 'p') {
        rocksdb::DBOptions options;
        options.create_if_missing = true;
        options.create_missing_column_families = true;
        options.enable_pipelined_write = true;
        rocksdb::ColumnFamilyOptions family;
        family.write_buffer_size = std::size_t{32} << 20U;
        std::vector<rocksdb::ColumnFamilyDescriptor> descriptors{
            {rocksdb::kDefaultColumnFamilyName, family}, {"events", family}, {"profiles", family}};
        rocksdb::DB* database = nullptr;
        if (!rocksdb::DB::Open(options, directory, descriptors, &handles_, &database).ok()) std::abort();
        database_.reset(database);
    }
    ~Bare() {
        for (auto* handle : handles_) database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
    std::size_t write(std::mt19937& random, const Options& options, int batch) {
        rocksdb::WriteBatch changes;
        for (int i = 0; i < batch; ++i) {
            const std::string token = token_of(static_cast<std::uint32_t>(random() % options.visitors));
            if (!changes.Put(handles_[1], event_key(token, static_cast<std::int64_t>(random()), sequence_++), event_).ok() ||
                !changes.Put(handles_[2], token, profile_).ok())
                std::abort();
        }
        rocksdb::WriteOptions synced;
        synced.sync = true;
        if (!database_->Write(synced, &changes).ok()) std::abort();
        return static_cast<std::size_t>(batch);
    }

private:
    std::string event_;
    std::string profile_;
    std::unique_ptr<rocksdb::DB> database_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
    std::atomic<std::uint64_t> sequence_{0};
};

struct Sizes {
    std::size_t count = 0;
    std::size_t bytes = 0;
    [[nodiscard]] std::size_t mean() const { return count == 0 ? 0 : bytes / count; }
};
Sizes sizes_of(TestShop& shop, Family family) {
    Sizes sizes;
    const auto scanned = shop.catalog->store().scan(family, {}, {}, [&](std::string_view, std::string_view value) {
        ++sizes.count;
        sizes.bytes += value.size();
        return true;
    });
    if (scanned.has_error()) std::abort();
    return sizes;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view flag = argv[i];
        if (flag == "--seconds") options.seconds = std::atof(argv[i + 1]);
        else if (flag == "--visitors") options.visitors = static_cast<std::uint32_t>(std::atoi(argv[i + 1]));
        else return 2;
    }
    TestShop shop(records);
    fmt::print("{} clients, {} visitors, {} records, {} s each\n", clients, options.visitors, records, options.seconds);
    fmt::print("{:>8} {:>14} {:>14} {:>7}\n", "batch", "events/s", "bare events/s", "ratio");
    std::atomic<int> failed{0};
    for (const int batch : {1, 20, 1000}) {
        std::vector<std::string> bodies;
        std::mt19937 random(42);
        for (int i = 0; i < std::max(64, 20'000 / batch); ++i) bodies.push_back(body_of(random, options, batch));
        const double ours = rate(options, [&](std::mt19937& mine) -> std::size_t {
            const Response answer = shop.call(Method::post, "/1/events", bodies[mine() % bodies.size()]);
            if (answer.status != 200) ++failed;
            return static_cast<std::size_t>(batch);
        });
        const Scratch scratch;
        Bare bare(scratch.path(), sizes_of(shop, Family::events).mean(), sizes_of(shop, Family::profiles).mean());
        const double theirs = rate(options, [&](std::mt19937& mine) { return bare.write(mine, options, batch); });
        fmt::print("{:>8} {:>14.0f} {:>14.0f} {:>7.2f}\n", batch, ours, theirs, ours / theirs);
    }
    const Sizes events = sizes_of(shop, Family::events);
    const Sizes profiles = sizes_of(shop, Family::profiles);
    Visitors& visitors = shop.personalization->visitors();
    fmt::print("{} events of {} bytes; {} visitors of {} bytes in the store, {} in memory (of {} cached)\n", events.count,
               events.mean(), profiles.count, profiles.mean(),
               visitors.cache_bytes() / std::max<std::size_t>(1, visitors.cache_size()), visitors.cache_size());
    if (failed != 0) fmt::print("{} calls failed\n", failed.load());
    return failed == 0 ? 0 : 1;
}
