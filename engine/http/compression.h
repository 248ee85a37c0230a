// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bodies in gzip and deflate: requests that come packed, and answers that leave so.
#pragma once

#include "engine/http/message.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace penchant {

inline constexpr std::size_t packed_answer_bytes_min = 1024;  // below, packing costs more than it saves

/// Unpacks `request.body` when Content-Encoding asks for it. too_large as soon as more than `body_bytes_max` come out, so a
/// small bomb stays small; bad_request for damaged data and for codings other than gzip, deflate and identity.
[[nodiscard]] Result<void> unpack_body(Request& request, std::size_t body_bytes_max);

/// Packs the answer with gzip when it is long enough and Accept-Encoding allows; adds the headers that say so.
void pack_body(std::string_view accept_encoding, Response& response);

/// True when `accept_encoding` (RFC 9110, 12.5.3) allows gzip: named, or "*", and not with q=0.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

}  // namespace penchant
