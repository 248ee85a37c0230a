// SPDX-License-Identifier: GPL-3.0-or-later
//
// Directories of an index's files: made, copied, measured and removed so that a power cut never leaves half a step.
#pragma once

#include "index/error.h"

#include <cstdint>
#include <string>

namespace penchant {

/// Makes what the directory lists durable: new, renamed and removed names. Xapian never does this for its own (its
/// commit ends in a rename), and commits were lost in power cuts without it.
[[nodiscard]] Result<void> sync_directory(const std::string& path);

/// Makes the directory, its parents where missing, and the parent's entry durable. One that exists is no error.
[[nodiscard]] Result<void> make_directory(const std::string& path);

/// Copies the files of `from` (no directories in it) into the new directory `to`, all of it durable on return.
[[nodiscard]] Result<void> copy_directory(const std::string& from, const std::string& to);

/// Removes it with everything in it. One that is not there is no error.
[[nodiscard]] Result<void> remove_directory(const std::string& path);

/// Bytes of the files in it; 0 when it is not there.
[[nodiscard]] std::uint64_t directory_bytes(const std::string& path);

}  // namespace penchant
