// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/erasure.h"

#include <chrono>
#include <string>

#include <fmt/format.h>

namespace penchant {
namespace {

constexpr std::chrono::seconds retry_after{30};

}  // namespace

Erasure::Erasure(ModuleContext& context) : context_(context) {
    // What a process before left undone. Its ranges are not written down, as they would name the visitor.
    std::string end(Visitors::erasure_prefix);
    end.back() = static_cast<char>(end.back() + 1);
    const auto read =
        context_.catalog.store().scan(Family::module, Visitors::erasure_prefix, end, [&](std::string_view key, std::string_view) {
            due_.push_back({.ranges = {{Family::events, {}}, {Family::profiles, {}}, {Family::module, {}}},
                            .tokens = {},
                            .mark = std::string(key)});
            return true;
        });
    if (read.has_error()) context_.log("error", read.error().what);
    pending_ = due_.size();
    context_.metrics.set("penchant_erasures_pending", static_cast<double>(pending_));
    thread_ = std::thread([this] { run(); });
}

void Erasure::schedule(Visitors::Erased erased) {
    const std::lock_guard guard(mutex_);
    due_.push_back(std::move(erased));
    ++pending_;
    context_.metrics.count("penchant_erasures_total");
    context_.metrics.set("penchant_erasures_pending", static_cast<double>(pending_));
    changed_.notify_all();
}

void Erasure::wait() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [&] { return pending_ == 0 || stopping_; });
}

void Erasure::stop() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

Result<void> Erasure::compact(const std::vector<Visitors::Erased>& due) {
    Store& store = context_.catalog.store();
    for (const Visitors::Erased& erased : due)
        for (const auto& [family, range] : erased.ranges) PENCHANT_CHECK(store.compact(family, range.begin, range.end));
    // Links are small, and found under other tokens too: all of them.
    PENCHANT_CHECK(store.compact(Family::identities, {}, {}));
    // Now the marks can go; and the write-ahead log, which has the events as well. It goes when every family has
    // written to its files what it shares with it, and a compaction begins with that, however little it compacts.
    StoreBatch batch;
    for (const Visitors::Erased& erased : due) batch.remove(Family::module, erased.mark);
    PENCHANT_CHECK(store.write(std::move(batch)));
    for (const Family family : {Family::system, Family::operations, Family::keys, Family::facet_values,
                                Family::module, Family::events, Family::identities, Family::profiles})
        PENCHANT_CHECK(store.compact(family, std::string(1, '\0'), std::string(2, '\0')));
    return {};
}

void Erasure::run() {
    std::unique_lock guard(mutex_);
    while (!stopping_) {
        if (due_.empty()) {
            changed_.wait(guard);
            continue;
        }
        std::vector<Visitors::Erased> due = std::move(due_);
        due_.clear();
        guard.unlock();
        const auto done = compact(due);
        guard.lock();
        if (done.has_error()) {
            context_.log("error",
                         fmt::format("erased data is still in the files, and will be tried again: {}", done.error().what));
            due_.insert(due_.end(), due.begin(), due.end());
            changed_.wait_for(guard, retry_after, [&] { return stopping_; });
            continue;
        }
        pending_ -= due.size();
        context_.metrics.count("penchant_erasures_compacted_total", due.size());
        context_.metrics.set("penchant_erasures_pending", static_cast<double>(pending_));
        changed_.notify_all();
    }
}

}  // namespace penchant
