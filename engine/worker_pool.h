// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where requests are answered: two lanes of threads with a bounded queue each. Reads compute and get one thread a core;
// writes mostly wait for the disk's sync (and share it when several wait at once), so they get more threads, and no search
// ever stands behind one of them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace penchant {

enum class Lane { read, write };

class WorkerPool {
public:
    /// `waiting_max` is how many jobs may wait in each lane; past that submit() refuses.
    WorkerPool(unsigned readers, unsigned writers, std::size_t waiting_max);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False at once when the lane is full or the pool stopping; then `job` is unchanged.
    [[nodiscard]] bool submit(Lane lane, std::function<void()>& job);
    /// Jobs waiting for a thread.
    [[nodiscard]] std::size_t waiting(Lane lane) const;
    /// True when a job of the lane would start at once. A hint, not a promise.
    [[nodiscard]] bool idle(Lane lane) const;
    /// Finishes every job taken on, then ends the threads. Called once more by the destructor, harmlessly.
    void stop();

private:
    struct Queue {
        mutable std::mutex mutex;
        std::condition_variable filled;
        std::deque<std::function<void()>> jobs;
        std::size_t busy = 0;
        std::size_t threads = 0;
        bool stopping = false;
    };
    void work(Queue& queue);
    Queue& queue(Lane lane) { return queues_[static_cast<std::size_t>(lane)]; }
    [[nodiscard]] const Queue& queue(Lane lane) const { return queues_[static_cast<std::size_t>(lane)]; }

    const std::size_t waiting_max_;
    Queue queues_[2];
    std::vector<std::thread> threads_;
};

}  // namespace penchant
