// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/worker_pool.h"

#include <utility>

namespace penchant {

WorkerPool::WorkerPool(unsigned readers, unsigned writers, std::size_t waiting_max) : waiting_max_{waiting_max} {
    queue(Lane::read).threads = readers;
    queue(Lane::write).threads = writers;
    for (Queue& own : queues_)
        for (std::size_t i = 0; i < own.threads; ++i) threads_.emplace_back([this, &own] { work(own); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::submit(Lane lane, std::function<void()>& job) {
    Queue& own = queue(lane);
    {
        const std::lock_guard lock{own.mutex};
        if (own.stopping || own.jobs.size() >= waiting_max_) return false;
        own.jobs.push_back(std::move(job));
    }
    own.filled.notify_one();
    return true;
}

std::size_t WorkerPool::waiting(Lane lane) const {
    const Queue& own = queue(lane);
    const std::lock_guard lock{own.mutex};
    return own.jobs.size();
}

bool WorkerPool::idle(Lane lane) const {
    const Queue& own = queue(lane);
    const std::lock_guard lock{own.mutex};
    return own.jobs.size() + own.busy < own.threads;
}

void WorkerPool::work(Queue& own) {
    std::unique_lock lock{own.mutex};
    while (true) {
        own.filled.wait(lock, [&] { return own.stopping || !own.jobs.empty(); });
        if (own.jobs.empty()) return;  // stopping, and everything taken on is done
        {
            std::function<void()> job = std::move(own.jobs.front());
            own.jobs.pop_front();
            ++own.busy;
            lock.unlock();
            job();
        }  // the job's captures end outside the lock
        lock.lock();
        --own.busy;
    }
}

void WorkerPool::stop() {
    for (Queue& own : queues_) {
        const std::lock_guard lock{own.mutex};
        own.stopping = true;
        own.filled.notify_all();
    }
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace penchant
