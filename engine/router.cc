// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/router.h"

#include <algorithm>

namespace penchant {

namespace {

bool is_variable(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    if (pattern.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (is_variable(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
    }
    return true;
}

/// True when `a` names more of the path by its letters than `b`, looked at from the left (A 10.1, 22: settings is never an objectID).
bool more_literal(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (is_variable(a[i]) != is_variable(b[i])) return is_variable(b[i]);
    return false;
}

}  // namespace

bool Caller::may(std::string_view right) const {
    if (admin) return true;
    const auto has = [this](std::string_view name) { return std::find(acl.begin(), acl.end(), name) != acl.end(); };
    if (right == "personalization" || right == "recommendation") return has("personalization") || has("recommendation");
    return has(right);
}

bool Caller::may_use_index(std::string_view name) const {
    if (admin || index_patterns.empty()) return true;
    return std::any_of(index_patterns.begin(), index_patterns.end(), [name](std::string_view pattern) {
        const bool open_begin = pattern.starts_with('*');
        if (open_begin) pattern.remove_prefix(1);
        const bool open_end = pattern.ends_with('*');
        if (open_end) pattern.remove_suffix(1);
        if (open_begin && open_end) return name.find(pattern) != std::string_view::npos;
        if (open_begin) return name.ends_with(pattern);
        if (open_end) return name.starts_with(pattern);
        return name == pattern;
    });
}

void Router::add(Route route) {
    PENCHANT_ASSERT(route.pattern.starts_with('/'));
    std::vector<std::string> segments;
    std::string_view rest = std::string_view{route.pattern}.substr(1);
    while (true) {
        const std::size_t slash = rest.find('/');
        segments.emplace_back(rest.substr(0, slash));
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        // Two handlers for one place: whoever added the second would never be called.
        PENCHANT_ASSERT(routes_[i].method != route.method || patterns_[i] != segments);
    }
    patterns_.push_back(std::move(segments));
    routes_.push_back(std::move(route));
}

Router::Match Router::match(Method method, const std::vector<std::string>& path) const {
    const std::vector<std::string>* best = nullptr;
    Match match;
    if (method == Method::head) method = Method::get;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        const std::vector<std::string>& pattern = patterns_[i];
        if (!fits(pattern, path)) continue;
        match.path_exists = true;
        // The most literal pattern decides what the path is; only then is its method looked for.
        if (best == nullptr || more_literal(pattern, *best)) {
            best = &pattern;
            match.route = nullptr;
        } else if (more_literal(*best, pattern)) {
            continue;
        }
        if (routes_[i].method == method) match.route = &routes_[i];
    }
    if (match.route != nullptr) {
        const std::vector<std::string>& pattern = patterns_[static_cast<std::size_t>(match.route - routes_.data())];
        for (std::size_t i = 0; i < path.size(); ++i)
            if (is_variable(pattern[i])) match.variables.push_back(path[i]);
    }
    return match;
}

}  // namespace penchant
