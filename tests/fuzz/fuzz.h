// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every fuzz target has: one function over the bytes of one input, and checks that stop the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "index/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace penchant {

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace penchant
