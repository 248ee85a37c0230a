// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place that catches Xapian. Above it, failures are values.
#pragma once

#include "index/error.h"

#include <xapian.h>

#include <type_traits>
#include <utility>

namespace penchant {

/// What a caught Xapian exception means to us.
[[nodiscard]] Error error_of(const Xapian::Error& error);

/// Runs `work` and turns what Xapian throws into an Error: stale_snapshot for DatabaseModifiedError (reopen and try
/// again), not_found for DocNotFoundError, conflict for a lock, disk_full when the disk is, corrupt, else io.
template <class Work>
[[nodiscard]] auto guarded(Work&& work) -> Result<std::invoke_result_t<Work>> {
    using Value = std::invoke_result_t<Work>;
    try {
        if constexpr (std::is_void_v<Value>) {
            std::forward<Work>(work)();
            return Result<void>{};
        } else {
            return std::forward<Work>(work)();
        }
    } catch (const Xapian::Error& error) {
        return error_of(error);
    }
}

}  // namespace penchant
