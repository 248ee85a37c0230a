// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers by ordinal that only ever grow at the end, handed to snapshots without copying: what a snapshot sees was
// written before it was published, and the writer writes behind it.
#pragma once

#include "index/columns.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace penchant {

/// Belongs to the builder's thread; what published() gave may be read by any.
template <class T>
class SharedArray {
public:
    void push_back(T value) {
        if (size_ == capacity_) grow();
        data_[static_cast<std::ptrdiff_t>(size_++)] = value;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::span<const T> span() const { return {data_.get(), size_}; }
    [[nodiscard]] SharedNumbers<T> published() const { return {data_, size_}; }

private:
    void grow() {
        capacity_ = std::max<std::size_t>(256, capacity_ + capacity_ / 4);
        const std::shared_ptr<T[]> larger(new T[capacity_]);
        std::copy_n(data_.get(), size_, larger.get());
        data_ = larger;
    }

    std::shared_ptr<T[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace penchant
