// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/projection.h"

#include <boost/json/object.hpp>

#include <algorithm>

namespace penchant {

namespace {

/// True when `path` is `root` or nested in it.
bool is_within(std::string_view path, std::string_view root) {
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.');
}

}  // namespace

Projection::Projection(const std::vector<std::string>& wanted, const std::vector<std::string>& hidden) : hidden_{hidden} {
    bool star = wanted.empty();
    for (const std::string& entry : wanted) {
        if (entry == "*") star = true;
        else if (entry.starts_with('-')) hidden_.push_back(entry.substr(1));
        else kept_.push_back(entry);
    }
    // ["-x"] alone means everything but x.
    all_ = star || (kept_.empty() && !wanted.empty());
}

void Projection::apply_to(boost::json::value& value, const std::string& path, bool kept_above) const {
    if (value.is_array()) {
        for (boost::json::value& element : value.get_array())
            if (element.is_structured()) apply_to(element, path, kept_above);
        return;
    }
    boost::json::object& object = value.get_object();
    std::vector<std::string> gone;
    for (auto& member : object) {
        const std::string name{std::string_view{member.key()}};
        const std::string own = path.empty() ? name : path + "." + name;
        if (own == "objectID") continue;
        const auto within = [&own](const std::string& root) { return is_within(own, root); };
        const auto above = [&own](const std::string& leaf) { return is_within(leaf, own); };
        if (std::any_of(hidden_.begin(), hidden_.end(), within)) {
            gone.push_back(name);
            continue;
        }
        const bool kept = kept_above || all_ || std::any_of(kept_.begin(), kept_.end(), within);
        if (!kept && !(member.value().is_structured() && std::any_of(kept_.begin(), kept_.end(), above))) {
            gone.push_back(name);
            continue;
        }
        const bool look_inside = !kept || std::any_of(hidden_.begin(), hidden_.end(), above);
        if (look_inside && member.value().is_structured()) apply_to(member.value(), own, kept);
    }
    for (const std::string& name : gone) object.erase(name);
}

void Projection::apply(boost::json::object& record) const {
    if (keeps_all()) return;
    boost::json::value value(std::move(record));  // braces would make an array of it
    apply_to(value, {}, false);
    record = std::move(value.get_object());
}

}  // namespace penchant
