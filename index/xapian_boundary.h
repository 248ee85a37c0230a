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

namespace detail {
template <class Value>
struct Guarded {
    using type = Result<Value>;
};
template <class Value>
struct Guarded<Result<Value>> {
    using type = Result<Value>;
};
}  // namespace detail

/// Runs `work` and turns what Xapian throws into an Error: stale_snapshot for DatabaseModifiedError (reopen and try
/// again), not_found for DocNotFoundError, conflict for a lock, disk_full when the disk is, corrupt, else io.
/// Work that itself gives a Result keeps it as it is.
template <class Work>
[[nodiscard]] auto guarded(Work&& work) -> typename detail::Guarded<std::invoke_result_t<Work>>::type {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
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
