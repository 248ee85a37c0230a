// SPDX-License-Identifier: GPL-3.0-or-later
//
// An array of plain values for the large flat tables of segments: it grows in place where the allocator can (realloc
// moves pages instead of bytes), leaves new entries uninitialised, and gives back what it did not need.
#pragma once

#include "index/error.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

namespace penchant {

template <class T>
class FlatArray {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    FlatArray() = default;
    FlatArray(FlatArray&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    FlatArray& operator=(FlatArray&& other) noexcept {
        if (this == &other) return *this;
        std::free(data_);
        data_ = std::exchange(other.data_, nullptr);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        return *this;
    }
    FlatArray(const FlatArray&) = delete;
    FlatArray& operator=(const FlatArray&) = delete;
    ~FlatArray() { std::free(data_); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] T* data() { return data_; }
    [[nodiscard]] const T* data() const { return data_; }
    [[nodiscard]] T& operator[](std::size_t i) { return data_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return data_[i]; }
    [[nodiscard]] T& back() { return data_[size_ - 1]; }
    [[nodiscard]] const T& back() const { return data_[size_ - 1]; }
    [[nodiscard]] std::span<const T> span() const { return {data_, size_}; }
    [[nodiscard]] std::span<const T> span(std::size_t begin, std::size_t end) const {
        return {data_ + begin, end - begin};
    }
    [[nodiscard]] std::size_t bytes() const { return capacity_ * sizeof(T); }

    void push_back(const T& value) {
        if (size_ == capacity_) reserve(size_ < 8 ? 16 : size_ + size_ / 2);
        data_[size_++] = value;
    }
    /// Room for `count` more entries, whose values the caller writes.
    T* extend(std::size_t count) {
        if (size_ + count > capacity_) reserve(std::max(size_ + count, size_ + size_ / 2));
        T* const begin = data_ + size_;
        size_ += count;
        return begin;
    }
    void append(std::span<const T> values) {
        if (values.empty()) return;
        std::memcpy(static_cast<void*>(extend(values.size())), values.data(), values.size_bytes());
    }
    void reserve(std::size_t capacity) {
        if (capacity > capacity_) reallocate(capacity);
    }
    /// Makes the array `size` long; new entries are zero bytes.
    void resize_zeroed(std::size_t size) {
        reserve(size);
        if (size > size_) std::memset(static_cast<void*>(data_ + size_), 0, (size - size_) * sizeof(T));
        size_ = size;
    }
    void truncate(std::size_t size) { size_ = std::min(size, size_); }
    void shrink() {
        if (size_ < capacity_) reallocate(size_);
    }

private:
    void reallocate(std::size_t capacity) {
        if (capacity == 0) {
            std::free(data_);
            data_ = nullptr;
        } else {
            void* const moved = std::realloc(static_cast<void*>(data_), capacity * sizeof(T));
            PENCHANT_ASSERT(moved != nullptr);
            data_ = static_cast<T*>(moved);
        }
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace penchant
