// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a snapshot, all its segments taken together.
#pragma once

#include "index/snapshot.h"

#include <cstddef>
#include <functional>
#include <string_view>

namespace penchant {

/// Borrows the snapshot. Threads may share one.
class Vocabulary {
public:
    explicit Vocabulary(const Snapshot& snapshot) : snapshot_(&snapshot) {}

    /// Some record had this folded word when its segment was made; deleted records count until segments are merged.
    [[nodiscard]] bool has(std::string_view word) const;

    /// How many records have it, deleted ones included as above: good for comparing, not for showing.
    [[nodiscard]] std::size_t postings(std::string_view word) const;

    /// Calls `visit(word, postings)` once for each word that begins with `prefix`, in byte order, until it returns false.
    void for_each_word(std::string_view prefix, const std::function<bool(std::string_view, std::size_t)>& visit) const;

    [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }

private:
    const Snapshot* snapshot_;
};

}  // namespace penchant
