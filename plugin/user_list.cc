// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/user_list.h"

#include "plugin/event.h"
#include "plugin/time_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>

#include <fmt/format.h>
#include <boost/json/array.hpp>

namespace penchant {
namespace {

// Ids are ASCII; hexadecimal is enough of a disguise, and needs no padding.
std::string page_token(std::string_view user) {
    std::string token;
    for (const char c : user) token += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return token;
}

std::optional<std::string> user_of_token(std::string_view token) {
    if (token.empty() || token.size() % 2 != 0) return std::nullopt;
    std::string user;
    for (std::size_t i = 0; i < token.size(); i += 2) {
        unsigned byte = 0;
        const auto read = std::from_chars(token.data() + i, token.data() + i + 2, byte, 16);
        if (read.ec != std::errc{} || read.ptr != token.data() + i + 2) return std::nullopt;
        user.push_back(static_cast<char>(byte));
    }
    if (!valid_user_token(user)) return std::nullopt;
    return user;
}

std::vector<std::string> comma_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        if (comma > 0) parts.emplace_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

/// Two digits are enough to read; 20 is written 20, not 2E1.
boost::json::value score_json(double score) {
    const double hundredths = std::round(score * 100);
    if (std::fmod(hundredths, 100) == 0) return static_cast<std::int64_t>(hundredths / 100);
    return hundredths / 100;
}

bool wanted(const UserListQuery& query, const Personalization::NamedProfile& profile) {
    if (query.from_ms && profile.last_event_ms < *query.from_ms) return false;
    if (query.to_ms && profile.last_event_ms > *query.to_ms) return false;
    const auto any = [&](const auto& test) { return std::any_of(profile.affinities.begin(), profile.affinities.end(), test); };
    for (const std::string& index : query.indices) {
        const auto in_index = [&](const Personalization::NamedAffinity& affinity) {
            return std::find(affinity.indices.begin(), affinity.indices.end(), index) != affinity.indices.end();
        };
        if (!any(in_index)) return false;
    }
    for (const auto& [name, value] : query.affinities) {
        const auto is_that = [&](const Personalization::NamedAffinity& affinity) {
            return affinity.facet == name && (!value || affinity.value == *value);
        };
        if (!any(is_that)) return false;
    }
    return true;
}

}  // namespace

Result<UserListQuery> parse_user_list(const Request& request) {
    const auto refused = [](std::string what) { return Error{Errc::bad_request, std::move(what)}; };
    UserListQuery query;
    const auto time = [&](std::string_view name, std::optional<std::int64_t>& out) -> Result<void> {
        const auto text = request.parameter(name);
        if (!text || text->empty()) return {};
        out = parse_time_text(*text);
        if (!out) return Error{Errc::bad_request, fmt::format("{} must be an RFC 3339 date", name)};
        return {};
    };
    PENCHANT_CHECK(time("startDate", query.from_ms));
    PENCHANT_CHECK(time("endDate", query.to_ms));
    if (const auto text = request.parameter("indices")) query.indices = comma_list(*text);
    if (const auto text = request.parameter("affinity")) {
        for (const std::string& entry : comma_list(*text)) {
            const std::size_t colon = entry.find(':');
            if (colon == std::string::npos) query.affinities.emplace_back(entry, std::nullopt);
            else query.affinities.emplace_back(entry.substr(0, colon), entry.substr(colon + 1));
        }
    }
    if (const auto text = request.parameter("limit"); text && !text->empty()) {
        const auto read = std::from_chars(text->data(), text->data() + text->size(), query.limit);
        if (read.ec != std::errc{} || read.ptr != text->data() + text->size() || query.limit < 1 || query.limit > 1000)
            return refused("limit must be an integer from 1 to 1000");
    }
    const auto page = [&](std::string_view name, std::optional<std::string>& out) -> Result<void> {
        const auto text = request.parameter(name);
        if (!text || text->empty()) return {};
        out = user_of_token(*text);
        if (!out) return Error{Errc::bad_request, fmt::format("{} is not a token of this list", name)};
        return {};
    };
    PENCHANT_CHECK(page("nextPageToken", query.after));
    PENCHANT_CHECK(page("previousPageToken", query.before));
    if (query.after && query.before) return refused("nextPageToken and previousPageToken exclude each other");
    return query;
}

boost::json::object user_json(std::string_view user, const Personalization::NamedProfile& profile) {
    boost::json::array affinities;
    for (const Personalization::NamedAffinity& affinity : profile.affinities) {
        boost::json::array indices;
        for (const std::string& index : affinity.indices) indices.push_back(boost::json::string(index));
        affinities.push_back(boost::json::object{{"name", affinity.facet},
                                                 {"value", affinity.value},
                                                 {"indices", std::move(indices)},
                                                 {"score", score_json(affinity.score)},
                                                 {"lastUpdatedAt", time_text(affinity.last_credited_ms)}});
    }
    return {{"userID", user},
            {"type", "basic"},
            {"lastUpdatedAt", time_text(profile.last_event_ms)},
            {"affinities", std::move(affinities)}};
}

Result<boost::json::object> list_users(Personalization& personalization, const UserListQuery& query) {
    const Store& store = personalization.visitors().store();
    // The scan only collects names, a chunk at a time; profiles are read after it, so no iterator is held for long.
    struct User {
        std::string id;
        boost::json::object json;
    };
    std::deque<User> page;
    std::optional<std::string> more;  // users follow, in the direction of reading, behind this one
    const bool backwards = query.before.has_value();
    std::string begin = query.after ? *query.after + '\0' : std::string{};
    std::string end = query.before.value_or(std::string{});
    std::size_t seen = 0;
    for (bool done = false; !done;) {
        constexpr std::size_t chunk_max = 256;
        std::vector<std::string> chunk;
        const auto collect = [&](std::string_view key, std::string_view) {
            chunk.emplace_back(key);
            return chunk.size() < chunk_max;
        };
        PENCHANT_CHECK(backwards ? store.scan_backwards(Family::profiles, begin, end, collect)
                                 : store.scan(Family::profiles, begin, end, collect));
        done = chunk.size() < chunk_max;
        if (!chunk.empty()) (backwards ? end : begin) = backwards ? chunk.back() : chunk.back() + '\0';
        for (const std::string& user : chunk) {
            PENCHANT_TRY(const auto profile, personalization.named_profile(user, Personalization::View::advanced, true));
            if (profile && !profile->affinities.empty() && wanted(query, *profile)) {
                if (page.size() == query.limit) {
                    more = backwards ? page.front().id : page.back().id;
                    done = true;
                    break;
                }
                User hit{user, user_json(user, *profile)};
                if (backwards) page.push_front(std::move(hit));
                else page.push_back(std::move(hit));
            }
            if (++seen == users_seen_max) {
                more = user;
                done = true;
                break;
            }
        }
    }
    boost::json::object answer;
    boost::json::array users;
    for (User& user : page) users.push_back(std::move(user.json));
    answer["users"] = std::move(users);
    if (backwards) {
        answer["nextPageToken"] = page_token(page.empty() ? *query.before : page.back().id);
        if (more) answer["previousPageToken"] = page_token(*more);
    } else {
        if (more) answer["nextPageToken"] = page_token(*more);
        if (query.after && !page.empty()) answer["previousPageToken"] = page_token(page.front().id);
    }
    return answer;
}

}  // namespace penchant
