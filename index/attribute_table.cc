// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/attribute_table.h"

#include "index/json_text.h"
#include "index/record.h"

namespace penchant {

AttributeId AttributeTable::number(std::string_view path) {
    if (const auto found = numbers_.find(path); found != numbers_.end()) return found->second;
    if (paths_.size() >= other_attributes) return other_attributes;
    const auto id = static_cast<AttributeId>(paths_.size());
    paths_.emplace_back(path);
    numbers_.emplace(path, id);
    return id;
}

AttributeId AttributeTable::find(std::string_view path) const {
    const auto found = numbers_.find(path);
    return found == numbers_.end() ? other_attributes : found->second;
}

std::string AttributeTable::to_json() const {
    std::string json = "[";
    for (const std::string& path : paths_) {
        if (json.size() > 1) json.push_back(',');
        append_json_string(json, path);
    }
    json.push_back(']');
    return json;
}

AttributeTable AttributeTable::from_json(std::string_view json) {
    AttributeTable table;
    const auto root = parse_json(json);
    simdjson::dom::array paths;
    if (root.has_error() || root->get(paths) != simdjson::SUCCESS) return {};
    for (const simdjson::dom::element path : paths) {
        // A path that is left out would give every later one another's number.
        const std::size_t next = table.size();
        std::string_view text;
        if (path.get(text) != simdjson::SUCCESS || table.number(text) != next) return {};
    }
    return table;
}

}  // namespace penchant
