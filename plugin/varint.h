// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers in as few bytes as they need (seven bits a byte, the low ones first), as profiles and logged events use them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace penchant {

inline void append_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>(value | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(value));
}

inline void append_float(std::string& out, float value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

/// Reads what the functions above wrote. After the first thing that is not there, `good` is false and all is zero.
struct ByteReader {
    std::string_view rest;
    bool good = true;

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (rest.empty()) break;
            const auto byte = static_cast<unsigned char>(rest.front());
            rest.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        good = false;
        return 0;
    }
    float real() {
        float value = 0;
        const std::string_view from = bytes(sizeof value);
        if (good) std::memcpy(&value, from.data(), sizeof value);
        return value;
    }
    std::string_view bytes(std::uint64_t count) {
        if (!good || rest.size() < count) {
            good = false;
            return {};
        }
        const std::string_view taken = rest.substr(0, static_cast<std::size_t>(count));
        rest.remove_prefix(static_cast<std::size_t>(count));
        return taken;
    }
};

}  // namespace penchant
