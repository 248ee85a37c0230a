// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/index.h"

#include "index/catalog.h"
#include "tests/catch.h"
#include "tests/index/scratch.h"

#include <sys/mount.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>

using namespace penchant;
using namespace std::chrono_literals;

namespace {

/// A host that lets nothing but records happen.
struct QuietHost final : IndexHost {
    Result<void> carry_out(Index&, TaskId, const Operation&) override { return {}; }
    Result<void> switch_generation(IndexId, std::uint32_t next) override {
        generation = next;
        return {};
    }
    void announce(IndexId, const Snapshot&) override {
        ++announced;
        announced_at.push_back(std::chrono::steady_clock::now());
        std::this_thread::sleep_for(announcing);
    }
    Result<std::vector<Ordinal>> select(const Snapshot&, std::string_view) override { return std::vector<Ordinal>{}; }
    bool followed(IndexId, TaskId) override { return false; }
    Result<void> resolve(IndexId, TaskId, const std::vector<Operation>&) override { return {}; }
    void abandon(IndexId) override {}
    void published(std::span<const TaskId> tasks, std::size_t) override {
        const std::lock_guard guard(mutex);
        done.insert(done.end(), tasks.begin(), tasks.end());
        changed.notify_all();
    }
    bool wait(std::size_t count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 20s, [&] { return done.size() >= count; });
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<TaskId> done;
    std::atomic<std::uint32_t> generation = 0;
    std::atomic<int> announced = 0;
    std::vector<std::chrono::steady_clock::time_point> announced_at;  ///< of the writer thread; read when it rests
    std::chrono::milliseconds announcing{0};  ///< how long it takes; set before the start
};

struct Home {
    Scratch scratch;
    std::unique_ptr<Store> store = Store::open(scratch.path()).value();
    std::unique_ptr<FacetValueIds> ids = FacetValueIds::open(*store).value();
    QuietHost host;

    std::unique_ptr<Index> make(IndexPace pace = {}) {
        return std::make_unique<Index>(host, *store, *ids, IndexId{1}, scratch.path() + "/indexes/1", pace);
    }
    void log(Index& index, TaskId task, const std::vector<Operation>& operations) {
        const std::string bytes = encode_operations(operations);
        StoreBatch batch;
        batch.put(Family::operations, operation_key(1, task), bytes);
        index.enqueue(task, bytes.size());
        REQUIRE(store->write(std::move(batch)));
        index.settle(task, true);
    }
};

Operation put(const std::string& id, const std::string& name) {
    return {Action::put_object, id, fmt::format(R"({{"objectID":"{}","name":"{}"}})", id, name)};
}

/// A small file system of its own, so that it can be full. Needs root.
class SmallDisk {
public:
    explicit SmallDisk(const std::string& options) {
        mounted_ = ::mount("none", scratch_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(scratch_.path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] const std::string& path() const { return scratch_.path(); }
    /// Takes all but `left` bytes of the free space.
    void fill(std::uintmax_t left) const {
        const std::uintmax_t free = std::filesystem::space(path()).available;
        if (free <= left) return;
        std::ofstream ballast(path() + "/ballast", std::ios::binary | std::ios::app);
        const std::string block(4096, 'x');
        for (std::uintmax_t i = 0; i < (free - left) / block.size(); ++i) ballast << block;
    }
    void empty() const { std::filesystem::remove(path() + "/ballast"); }

private:
    Scratch scratch_;
    bool mounted_ = false;
};

}  // namespace

TEST_CASE("a lone write is searchable well within a second") {
    Home home;
    const auto index = home.make();
    REQUIRE(index->create(Settings()));
    index->start();
    home.log(*index, 1, {put("a", "shoe")});
    REQUIRE(home.host.wait(1));
    const auto began = std::chrono::steady_clock::now();
    home.log(*index, 2, {put("b", "hat")});
    REQUIRE(home.host.wait(2));
    CHECK(std::chrono::steady_clock::now() - began < 900ms);
    CHECK(index->snapshot()->records == 2);
    CHECK(index->status().position == 2);
    CHECK(index->status().pending_tasks == 0);
}

TEST_CASE("a steady stream is committed at the interval, and a flood at the number of operations") {
    Home home;
    IndexPace pace;
    pace.commit_interval = 100ms;
    pace.quiet_time = 10'000ms;
    pace.commit_operations_max = 50;
    const auto index = home.make(pace);
    REQUIRE(index->create(Settings()));
    index->start();
    home.log(*index, 1, {put("a", "shoe")});
    const auto began = std::chrono::steady_clock::now();
    REQUIRE(home.host.wait(1));
    CHECK(std::chrono::steady_clock::now() - began < 5s);  // the interval, not the quiet time
    const int before = home.host.announced;
    std::vector<Operation> flood;
    for (int i = 0; i < 60; ++i) flood.push_back(put(std::to_string(i), "hat"));
    home.log(*index, 2, flood);
    home.log(*index, 3, flood);
    REQUIRE(home.host.wait(3));
    CHECK(home.host.announced - before == 2);
}

TEST_CASE("commits of a stream of small writes leave the searches two thirds of a core") {
    Home home;
    home.host.announcing = 40ms;
    IndexPace pace;
    pace.commit_interval = 20'000ms;
    pace.quiet_time = 0ms;
    const auto index = home.make(pace);
    REQUIRE(index->create(Settings()));
    index->start();
    constexpr TaskId writes = 60;
    for (TaskId task = 1; task <= writes; ++task) {
        home.log(*index, task, {put(fmt::format("{}", task), "shoe")});
        std::this_thread::sleep_for(5ms);
    }
    REQUIRE(home.host.wait(writes));
    index->stop();
    CHECK(index->snapshot()->records == writes);
    const auto& at = home.host.announced_at;
    REQUIRE(at.size() >= 2);
    for (std::size_t i = 1; i < at.size(); ++i) CHECK(at[i] - at[i - 1] >= 3 * 40ms);
}

TEST_CASE("entries are applied in their order, however their writes end; refused ones leave the queue") {
    Home home;
    const auto index = home.make();
    REQUIRE(index->create(Settings()));
    index->start();
    std::vector<std::string> bytes;
    for (TaskId task = 1; task <= 3; ++task) {
        bytes.push_back(encode_operations({put("a", fmt::format("word{}", task))}));
        index->enqueue(task, bytes.back().size());
    }
    const auto write = [&](TaskId task) {
        StoreBatch batch;
        batch.put(Family::operations, operation_key(1, task), bytes[task - 1]);
        REQUIRE(home.store->write(std::move(batch)));
        index->settle(task, true);
    };
    write(3);
    std::this_thread::sleep_for(100ms);
    CHECK(index->status().position == 0);  // waits for those before it
    index->settle(2, false);
    write(1);
    REQUIRE(home.host.wait(2));
    CHECK(home.host.done == std::vector<TaskId>{1, 3});
    CHECK(index->snapshot()->segments.back()->word("word3").size() == 1);
}

TEST_CASE("a record of a snapshot that is gone is stale, never another record") {
    Home home;
    const auto index = home.make();
    REQUIRE(index->create(Settings()));
    index->start();
    home.log(*index, 1, {put("a", "shoe"), put("b", "hat")});
    REQUIRE(home.host.wait(1));
    const auto old = index->snapshot();
    const std::vector<Ordinal> both{0, 1};
    CHECK(index->records(*old, both).value().size() == 2);
    home.log(*index, 2, {put("a", "other words")});
    REQUIRE(home.host.wait(2));
    const std::vector<Ordinal> b{1};
    CHECK(index->records(*old, b).value().front() == put("b", "hat").json);  // still there
    (void)index->records(*index->snapshot(), b);                             // moves this thread's handle on
    CHECK(index->records(*old, both).error().code == Errc::stale_snapshot);
    home.log(*index, 3, {{Action::clear, {}, {}}, put("c", "coat")});
    REQUIRE(home.host.wait(3));
    CHECK(home.host.generation == 1);
    CHECK(index->records(*old, b).error().code == Errc::stale_snapshot);
    CHECK(index->find_object(*old, "c").error().code == Errc::stale_snapshot);
    const auto now = index->snapshot();
    const std::vector<Ordinal> first{0};
    CHECK(index->records(*now, first).value().front() == put("c", "coat").json);
    CHECK_FALSE(std::filesystem::exists(index->generation_path(0)));
    const Home elsewhere;
    SnapshotBuilder foreign(std::make_shared<const Settings>(), [](std::string_view, std::string_view) { return 1U; });
    CHECK(index->records(*foreign.publish({}), {}).error().code == Errc::stale_snapshot);
}

TEST_CASE("a dropped index ends by itself, gives its tasks back and leaves no file") {
    Home home;
    const auto index = home.make();
    REQUIRE(index->create(Settings()));
    index->enqueue(5, 10);  // never becomes durable
    const bool started = GENERATE(true, false);
    if (started) index->start();
    index->drop();
    REQUIRE(home.host.wait(1));
    for (int i = 0; i < 200 && !index->dropped_and_done(); ++i) std::this_thread::sleep_for(10ms);
    CHECK(index->dropped_and_done());
    CHECK(home.host.done == std::vector<TaskId>{5});
    CHECK_FALSE(std::filesystem::exists(home.scratch.path() + "/indexes/1"));
}

TEST_CASE("a full disk refuses writes, keeps answering, and heals without a restart") {
    const SmallDisk disk("size=24m");
    if (!disk.mounted()) {
        WARN("skipped: mounting a small file system needs root");
        return;
    }
    CatalogOptions options;
    options.directory = disk.path();
    std::size_t acknowledged = 0;
    {
        const auto catalog = Catalog::open(options).value();
        const auto write = [&](int count) -> Errc {
            for (int i = 0; i < count; ++i) {
                const std::string id = std::to_string(acknowledged);
                const auto task = catalog->append("shop", {put(id, "shoe " + std::string(4000, 'a'))});
                if (!task) return task.error().code;
                ++acknowledged;
            }
            return Errc::bad_request;
        };
        REQUIRE(write(20) == Errc::bad_request);
        REQUIRE(catalog->wait_for_tasks(20s));

        // Full: nothing is acknowledged that is not kept, and searches go on.
        disk.fill(700 << 10);
        Errc refused = Errc::bad_request;
        for (int i = 0; i < 50 && refused == Errc::bad_request; ++i) refused = write(20);
        CHECK(refused == Errc::disk_full);
        disk.fill(0);
        std::this_thread::sleep_for(300ms);
        CHECK(write(1) == Errc::disk_full);
        CHECK(catalog->snapshot("shop")->records >= 20);
        const auto snapshot = catalog->snapshot("shop");
        CHECK(catalog->find_object("shop", *snapshot, "3").has_value());

        disk.empty();
        const auto began = std::chrono::steady_clock::now();
        Errc again = Errc::disk_full;
        while (again == Errc::disk_full && std::chrono::steady_clock::now() - began < 5s) {
            again = write(1);
            if (again == Errc::disk_full) std::this_thread::sleep_for(50ms);
        }
        CHECK(again == Errc::bad_request);
        REQUIRE(catalog->wait_for_tasks(20s));
        CHECK(catalog->snapshot("shop")->records == acknowledged);
        CHECK(catalog->check([](const std::string& line) { WARN(line); }).value() == 0);
    }
    const auto catalog = Catalog::open(options).value();
    REQUIRE(catalog->wait_for_tasks(20s));
    CHECK(catalog->snapshot("shop")->records == acknowledged);
}

TEST_CASE("a disk that fills while the writer is at work loses nothing") {
    const SmallDisk disk("size=40m");
    if (!disk.mounted()) {
        WARN("skipped: mounting a small file system needs root");
        return;
    }
    CatalogOptions options;
    options.directory = disk.path();
    {
        options.writers = false;
        const auto catalog = Catalog::open(options).value();
        std::vector<Operation> records;
        for (int i = 0; i < 2'000; ++i) {
            std::string text;
            for (int j = 0; j < 60; ++j) text += fmt::format("w{} ", (i * 31 + j * 17) % 5'000);
            records.push_back(put(std::to_string(i), text));
        }
        REQUIRE(catalog->append("shop", std::move(records)));
        REQUIRE(catalog->append("shop", {{Action::delete_object, "7", {}}}));
    }
    disk.fill(1'200 << 10);  // the log is in; its documents are not
    options.writers = true;
    const auto catalog = Catalog::open(options).value();
    CHECK_FALSE(catalog->wait_for_tasks(1'500ms));
    CHECK(catalog->snapshot("shop")->records == 0);
    disk.empty();
    REQUIRE(catalog->wait_for_tasks(20s));
    CHECK(catalog->snapshot("shop")->records == 1'999);
    CHECK(catalog->check([](const std::string& line) { WARN(line); }).value() == 0);
}
