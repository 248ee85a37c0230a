// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/retrieve.h"

#include "engine/json_body.h"
#include "index/settings.h"

#include <algorithm>

namespace penchant {

RetrievedAttributes::RetrievedAttributes(std::span<const std::string> wanted, std::span<const std::string> hidden)
    : unwanted_(hidden.begin(), hidden.end()) {
    for (const std::string& name : wanted) {
        if (name == "*") all_ = true;
        else if (name.starts_with('-')) unwanted_.push_back(name.substr(1));
        else wanted_.push_back(name);
    }
    // A list that only takes away takes away from everything.
    if (wanted_.empty() && !wanted.empty()) all_ = true;
}

RetrievedAttributes::Answer RetrievedAttributes::ask(std::string_view path) const {
    if (path == "objectID") return Answer::yes;
    const auto covered_by = [&](const std::string& entry) { return covers(entry, path); };
    const auto nested_in = [&](const std::string& entry) { return covers(path, entry); };
    if (std::any_of(unwanted_.begin(), unwanted_.end(), covered_by)) return Answer::no;
    const bool less = std::any_of(unwanted_.begin(), unwanted_.end(), nested_in);
    if (all_ || std::any_of(wanted_.begin(), wanted_.end(), covered_by)) return less ? Answer::inside : Answer::yes;
    return std::any_of(wanted_.begin(), wanted_.end(), nested_in) ? Answer::inside : Answer::no;
}

boost::json::object RetrievedAttributes::apply(simdjson::dom::object record) const {
    boost::json::object result;
    result.reserve(record.size() + 3);  // room for what an answer adds
    copy(record, {}, result);
    return result;
}

void RetrievedAttributes::copy(simdjson::dom::object from, const std::string& prefix, boost::json::object& to) const {
    for (const auto [name, value] : from) {
        const std::string path = prefix + std::string(name);
        switch (ask(path)) {
            case Answer::no: break;
            case Answer::yes: to.emplace(name, to_value(value)); break;
            case Answer::inside: {
                boost::json::value part = part_of(value, path);
                if (!part.is_null()) to.emplace(name, std::move(part));
                break;
            }
        }
    }
}

// What is left of a value of which only some is wanted: objects, also in arrays; null for anything else.
boost::json::value RetrievedAttributes::part_of(simdjson::dom::element value, const std::string& path) const {
    if (value.is_object()) {
        boost::json::object object;
        copy(simdjson::dom::object(value), path + '.', object);
        return object;
    }
    if (!value.is_array()) return nullptr;
    boost::json::array array;
    for (const simdjson::dom::element element : simdjson::dom::array(value)) {
        boost::json::value part = part_of(element, path);
        if (!part.is_null()) array.push_back(std::move(part));
    }
    return array;
}

}  // namespace penchant
