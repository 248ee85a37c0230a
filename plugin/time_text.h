// SPDX-License-Identifier: GPL-3.0-or-later
//
// Moments as RFC 3339 texts in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penchant {

/// "2026-05-04T10:03:37Z"
[[nodiscard]] std::string time_text_seconds(std::int64_t time_ms);
/// "2026-05-04T10:03:37.120Z"
[[nodiscard]] std::string time_text(std::int64_t time_ms);
/// Reads an RFC 3339 date-time, or a date alone (its midnight in UTC).
[[nodiscard]] std::optional<std::int64_t> parse_time_text(std::string_view text);

}  // namespace penchant
