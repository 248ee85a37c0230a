// SPDX-License-Identifier: GPL-3.0-or-later
//
// Erased data is gone from answers at once, and from files only when they are rewritten. This thread does the rewriting in
// the background and reports it in the metrics. The store remembers that it is due (Visitors::Erased::mark), so a stop in
// between only delays it: after a restart, whole families are rewritten, since the ranges would name the visitor.
#pragma once

#include "engine/module.h"
#include "index/store.h"
#include "plugin/visitors.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace penchant {

/// Any thread may schedule; one thread compacts.
class Erasure {
public:
    explicit Erasure(ModuleContext& context);
    ~Erasure() { stop(); }

    /// An erasure whose write is done.
    void schedule(Visitors::Erased erased);
    /// Waits until nothing is due any more, or stop() was called.
    void wait();
    void stop();

private:
    void run();
    [[nodiscard]] Result<void> compact(const std::vector<Visitors::Erased>& due);

    ModuleContext& context_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Visitors::Erased> due_;
    std::size_t pending_ = 0;  ///< erasures scheduled and not compacted
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace penchant
