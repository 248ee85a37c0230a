// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of users with their affinities, page by page in byte order of their ids (A 5.8). A page token is, in
// hexadecimal, the id that the page begins after or ends before.
#pragma once

#include "engine/http/message.h"
#include "plugin/personalization.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

struct UserListQuery {
    std::optional<std::int64_t> from_ms;                                         ///< startDate: last event at or after
    std::optional<std::int64_t> to_ms;                                           ///< endDate: last event at or before
    std::vector<std::string> indices;                                            ///< an affinity in each of these
    std::vector<std::pair<std::string, std::optional<std::string>>> affinities;  ///< each of these: name, value
    std::size_t limit = 10;                                                      ///< 1..1,000
    std::optional<std::string> after;                                            ///< nextPageToken, decoded
    std::optional<std::string> before;                                           ///< previousPageToken, decoded
};

/// Errors: bad_request, naming the parameter.
[[nodiscard]] Result<UserListQuery> parse_user_list(const Request& request);

/// One page. A page of few hits in many users may be shorter than the limit, when it has looked at users_seen_max of
/// them; its token leads on from there.
[[nodiscard]] Result<boost::json::object> list_users(Personalization& personalization, const UserListQuery& query);
inline constexpr std::size_t users_seen_max = 20'000;

/// A user as the advanced API shows it.
[[nodiscard]] boost::json::object user_json(std::string_view user, const Personalization::NamedProfile& profile);

}  // namespace penchant
