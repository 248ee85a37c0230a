// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where one request ends and the next begins must never be a matter of opinion, or a proxy in front and we cut the same
// bytes differently and one client's request rides inside another's. RFC 9112 allows some oddities and our HTTP parser lets
// through more; this refuses all of them, after the header and before the body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

/// What is wrong with the framing of a request, as a sentence for the answer 400, or nothing. Names are in lower case.
/// `version` is 10 or 11. After a fault the connection must be closed.
[[nodiscard]] std::optional<std::string_view> framing_fault(
    unsigned version, const std::vector<std::pair<std::string, std::string>>& headers);

}  // namespace penchant
