// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/framing.h"

#include <algorithm>

namespace penchant {

namespace {

bool is_chunked(std::string_view value) {
    constexpr std::string_view chunked = "chunked";
    return std::equal(value.begin(), value.end(), chunked.begin(), chunked.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

bool is_decimal(std::string_view value) {
    return !value.empty() && value.size() <= 19 &&
           std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::string_view> framing_fault(unsigned version,
                                              const std::vector<std::pair<std::string, std::string>>& headers) {
    unsigned hosts = 0;
    unsigned lengths = 0;
    unsigned codings = 0;
    std::string_view length;
    std::string_view coding;
    for (const auto& [name, value] : headers) {
        if (name == "host") {
            ++hosts;
        } else if (name == "content-length") {
            ++lengths;
            length = value;
        } else if (name == "transfer-encoding") {
            ++codings;
            coding = value;
        }
    }
    // 3.2: exactly one Host in HTTP/1.1; two would let a front end and us see different sites. 1.0 has none to ask for.
    if (hosts > 1 || (hosts == 0 && version >= 11)) return "One Host header is required";
    // 6.3, item 5 allows equal repetitions; nobody means them.
    if (lengths > 1 || (lengths == 1 && !is_decimal(length))) return "Content-Length must be one decimal number";
    if (codings == 0) return std::nullopt;
    // 6.1: a front end that speaks 1.0 does not see the coding at all.
    if (version < 11) return "Transfer-Encoding needs HTTP/1.1";
    if (codings > 1 || !is_chunked(coding)) return "The only Transfer-Encoding understood here is chunked, once";
    // 6.3, item 3: both framings at once is how requests are smuggled.
    if (lengths != 0) return "Content-Length and Transfer-Encoding exclude each other";
    return std::nullopt;
}

}  // namespace penchant
