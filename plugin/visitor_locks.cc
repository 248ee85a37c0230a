// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/visitor_locks.h"

#include <algorithm>
#include <functional>

namespace penchant {

VisitorLocks::Held VisitorLocks::hold(const std::vector<std::string_view>& tokens) {
    std::vector<std::uint64_t> hashes;
    hashes.reserve(tokens.size());
    for (const std::string_view token : tokens) hashes.push_back(std::hash<std::string_view>{}(token));
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());

    std::unique_lock guard(mutex_);
    const auto free = [&] {
        return std::none_of(hashes.begin(), hashes.end(), [&](std::uint64_t hash) { return held_.count(hash) != 0; });
    };
    while (!free()) {
        ++waiting_;
        freed_.wait(guard);
        --waiting_;
    }
    held_.insert(hashes.begin(), hashes.end());
    return {this, std::move(hashes)};
}

VisitorLocks::Held::~Held() {
    if (!locks_) return;
    bool wake = false;
    {
        const std::lock_guard guard(locks_->mutex_);
        for (const std::uint64_t hash : hashes_) locks_->held_.erase(hash);
        wake = locks_->waiting_ != 0;
    }
    if (wake) locks_->freed_.notify_all();
}

}  // namespace penchant
