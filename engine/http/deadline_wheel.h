// SPDX-License-Identifier: GPL-3.0-or-later
//
// Deadlines of thousands of connections for the price of one timer. A connection stands in the slot of the second in which
// its deadline falls; moving a deadline further away is one store, because whoever is found in a slot too early is only
// moved on. Precise to one tick, which is enough for time-outs of seconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace penchant {

class DeadlineWheel;

/// Something with a deadline: in at most one wheel, on the wheel's thread.
class Deadline {
public:
    Deadline() = default;
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    /// The time is over. May remove this from the wheel, not others.
    virtual void expired() = 0;

protected:
    ~Deadline();

private:
    friend class DeadlineWheel;
    DeadlineWheel* wheel_ = nullptr;
    Deadline* before_ = nullptr;
    Deadline* behind_ = nullptr;
    std::uint64_t due_ = 0;     // tick
    std::uint64_t placed_ = 0;  // tick whose slot it stands in
};

/// One thread.
class DeadlineWheel {
public:
    static constexpr std::chrono::milliseconds tick{250};

    DeadlineWheel() : slots_(slot_count, nullptr) {}
    DeadlineWheel(const DeadlineWheel&) = delete;
    DeadlineWheel& operator=(const DeadlineWheel&) = delete;
    ~DeadlineWheel() {
        for_each([](Deadline& deadline) { deadline.wheel_ = nullptr; });
    }

    /// Sets the deadline to `time` from now, replacing the one before.
    void set(Deadline& deadline, std::chrono::milliseconds time) {
        deadline.due_ = now_ + 1 + static_cast<std::uint64_t>((time + tick - std::chrono::milliseconds{1}) / tick);
        if (deadline.wheel_ != nullptr) {
            if (deadline.placed_ <= deadline.due_) return;
            remove(deadline);
        }
        place(deadline);
    }

    void remove(Deadline& deadline) {
        if (deadline.wheel_ == nullptr) return;
        if (next_ == &deadline) next_ = deadline.behind_;
        if (deadline.before_ != nullptr) deadline.before_->behind_ = deadline.behind_;
        else slots_[deadline.placed_ % slot_count] = deadline.behind_;
        if (deadline.behind_ != nullptr) deadline.behind_->before_ = deadline.before_;
        deadline.wheel_ = nullptr;
        deadline.before_ = deadline.behind_ = nullptr;
        --size_;
    }

    /// One tick has passed.
    void turn() {
        ++now_;
        for (Deadline* at = slots_[now_ % slot_count]; at != nullptr; at = next_) {
            next_ = at->behind_;
            if (at->due_ <= now_) {
                remove(*at);
                at->expired();
            } else if (at->placed_ <= now_) {
                remove(*at);
                place(*at);
            }
        }
        next_ = nullptr;
    }

    /// Visits all; `visit` may remove the one it is given.
    template <class Visit>
    void for_each(Visit&& visit) {
        for (std::size_t slot = 0; slot < slot_count; ++slot) {
            for (Deadline* at = slots_[slot]; at != nullptr; at = next_) {
                next_ = at->behind_;
                visit(*at);
            }
        }
        next_ = nullptr;
    }

    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr std::size_t slot_count = 512;

    void place(Deadline& deadline) {
        // A deadline past the wheel's circumference is placed at its far end and moves on from there.
        const std::uint64_t last = now_ + slot_count - 1;
        deadline.placed_ = deadline.due_ < last ? deadline.due_ : last;
        if (deadline.placed_ <= now_) deadline.placed_ = now_ + 1;
        Deadline*& head = slots_[deadline.placed_ % slot_count];
        deadline.wheel_ = this;
        deadline.before_ = nullptr;
        deadline.behind_ = head;
        if (head != nullptr) head->before_ = &deadline;
        head = &deadline;
        ++size_;
    }

    std::vector<Deadline*> slots_;
    std::uint64_t now_ = 0;
    std::size_t size_ = 0;
    Deadline* next_ = nullptr;  // where turn() and for_each() go on
};

inline Deadline::~Deadline() {
    if (wheel_ != nullptr) wheel_->remove(*this);
}

}  // namespace penchant
