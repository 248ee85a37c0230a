// SPDX-License-Identifier: GPL-3.0-or-later
//
// One writer a visitor. A request holds all the visitors it changes, taken at once, from reading their profiles to the end of the
// synced write; so what one visitor's requests do is in one order in memory and on disk, and requests of different
// visitors share one sync. Readers never wait here.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace penchant {

class VisitorLocks {
public:
    /// Lets go of its visitors when it goes.
    class Held {
    public:
        Held(Held&& other) noexcept : locks_(std::exchange(other.locks_, nullptr)), hashes_(std::move(other.hashes_)) {}
        Held& operator=(Held&&) = delete;
        ~Held();

    private:
        friend class VisitorLocks;
        Held(VisitorLocks* locks, std::vector<std::uint64_t> hashes) : locks_(locks), hashes_(std::move(hashes)) {}
        VisitorLocks* locks_;
        std::vector<std::uint64_t> hashes_;
    };

    /// Waits until nobody holds any of `tokens`, then holds them all: taken together, so nobody waits in a circle.
    [[nodiscard]] Held hold(const std::vector<std::string_view>& tokens);

private:
    std::mutex mutex_;
    std::condition_variable freed_;
    std::unordered_set<std::uint64_t> held_;  // hashes of tokens; two tokens of one hash only wait needlessly
    std::size_t waiting_ = 0;
};

}  // namespace penchant
