// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/curations.h"

#include "index/json_text.h"
#include "index/limits.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace penchant {
namespace {

void apply(CurationMap& map, const CurationChange& change) {
    if (change.clear) map.clear();
    for (const std::string& id : change.remove) map.erase(id);
    for (const auto& [id, json] : change.put) map.insert_or_assign(id, std::make_shared<const std::string>(json));
}

bool same(const CurationMap& a, const CurationMap& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
        return one.first == other.first && (one.second == other.second || *one.second == *other.second);
    });
}

Result<void> check(const CurationMap& map, CurationKind kind, std::size_t most) {
    if (map.size() > most)
        return Error{Errc::bad_request, fmt::format("The index would have {} {}s; {} are allowed", map.size(),
                                                    curation_kind_name(kind), most)};
    std::size_t bytes = 0;
    for (const auto& [id, json] : map) bytes += json->size();
    if (bytes > limits::curations_bytes_max)
        return Error{Errc::bad_request, fmt::format("The {}s of the index would have {} bytes; {} are allowed",
                                                    curation_kind_name(kind), bytes, limits::curations_bytes_max)};
    return {};
}

}  // namespace

std::string_view curation_kind_name(CurationKind kind) { return kind == CurationKind::rule ? "rule" : "synonym"; }

std::string to_json(const CurationChange& change) {
    std::string out = R"({"kind":)";
    append_json_string(out, curation_kind_name(change.kind));
    out += change.clear ? R"(,"clear":true,"remove":[)" : R"(,"clear":false,"remove":[)";
    bool first = true;
    for (const std::string& id : change.remove) {
        if (!first) out += ',';
        first = false;
        append_json_string(out, id);
    }
    out += R"(],"put":[)";
    first = true;
    for (const auto& [id, json] : change.put) {
        out += first ? "[" : ",[";
        first = false;
        append_json_string(out, id);
        out += ',';
        append_json_string(out, json);
        out += ']';
    }
    return out + "]}";
}

Result<CurationChange> curation_change(std::string_view text) {
    const Error corrupt{Errc::corrupt, "a change of curations in the log is damaged"};
    boost::json::error_code failed;
    const boost::json::value value = boost::json::parse(boost::json::string_view(text.data(), text.size()), failed);
    if (failed || !value.is_object()) return corrupt;
    const boost::json::object& object = value.get_object();
    const auto member = [&](std::string_view name) -> const boost::json::value& {
        static const boost::json::value none;
        const boost::json::value* const found = object.if_contains(name);
        return found ? *found : none;
    };
    const boost::json::value& kind = member("kind");
    if (!kind.is_string() || !member("clear").is_bool() || !member("remove").is_array() || !member("put").is_array())
        return corrupt;
    CurationChange change;
    if (kind.get_string() == "rule") change.kind = CurationKind::rule;
    else if (kind.get_string() != "synonym") return corrupt;
    change.clear = member("clear").get_bool();
    for (const boost::json::value& id : member("remove").get_array()) {
        if (!id.is_string()) return corrupt;
        change.remove.emplace_back(std::string_view(id.get_string()));
    }
    for (const boost::json::value& pair : member("put").get_array()) {
        if (!pair.is_array() || pair.get_array().size() != 2) return corrupt;
        const boost::json::array& parts = pair.get_array();
        if (!parts[0].is_string() || !parts[1].is_string()) return corrupt;
        change.put.emplace_back(std::string_view(parts[0].get_string()), std::string_view(parts[1].get_string()));
    }
    return change;
}

Curations Curations::changed(const CurationChange& change) const {
    Curations after = *this;
    apply(change.kind == CurationKind::rule ? after.rules : after.synonyms, change);
    return after;
}

CurationChange Curations::as_change(CurationKind kind) const {
    CurationChange change;
    change.kind = kind;
    change.clear = true;
    for (const auto& [id, json] : of(kind)) change.put.emplace_back(id, *json);
    return change;
}

Result<void> Curations::check_limits() const {
    PENCHANT_CHECK(check(synonyms, CurationKind::synonym, limits::synonyms_max));
    return check(rules, CurationKind::rule, limits::rules_max);
}

bool same(const Curations& a, const Curations& b) { return same(a.synonyms, b.synonyms) && same(a.rules, b.rules); }

const std::shared_ptr<const Curations>& no_curations() {
    static const auto none = std::make_shared<const Curations>();
    return none;
}

}  // namespace penchant
