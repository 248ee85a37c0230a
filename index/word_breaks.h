// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where words end in scripts that put no spaces between them, as ICU's dictionaries have it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace penchant {

/// Ends of the words of `run`, in bytes, ascending; the last one is its size. An ICU without dictionaries gives only that. Any
/// thread.
[[nodiscard]] std::vector<std::size_t> word_breaks(std::string_view run);

}  // namespace penchant
