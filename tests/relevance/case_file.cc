// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/relevance/case_file.h"

#include "index/json_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace penchant::test {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(std::string_view(value.get_string())) : json_text(value);
}

// Whether `is` holds all that `wanted` says: objects may have more keys, arrays must have as many elements, numbers are
// compared by value. Otherwise where they part.
std::string missing(const json::value& wanted, const json::value& is, const std::string& path) {
    const auto differ = [&] { return fmt::format("{}: expected {}, got {}", path, json_text(wanted), json_text(is)); };
    if (wanted.is_object()) {
        if (!is.is_object()) return differ();
        for (const auto& [name, value] : wanted.get_object()) {
            const std::string below = path + "/" + std::string(name);
            const json::value* const found = is.get_object().if_contains(name);
            if (found == nullptr) return below + ": expected " + json_text(value) + ", but it is not there";
            if (auto difference = missing(value, *found, below); !difference.empty()) return difference;
        }
        return {};
    }
    if (wanted.is_array()) {
        if (!is.is_array() || is.get_array().size() != wanted.get_array().size()) return differ();
        for (std::size_t i = 0; i < wanted.get_array().size(); ++i)
            if (auto difference = missing(wanted.get_array()[i], is.get_array()[i], fmt::format("{}/{}", path, i));
                !difference.empty())
                return difference;
        return {};
    }
    if (wanted.is_number() && is.is_number()) {
        const double expected = wanted.to_number<double>();
        return std::abs(expected - is.to_number<double>()) <= 1e-9 * std::max(1.0, std::abs(expected)) ? std::string{} : differ();
    }
    return wanted == is ? std::string{} : differ();
}

// The same, and nothing more than `wanted` says.
std::string unequal(const json::value& wanted, const json::value& is, const std::string& path) {
    if (auto difference = missing(wanted, is, path); !difference.empty()) return difference;
    return missing(is, wanted, path).empty() ? std::string{}
                                             : fmt::format("{}: expected no more than {}, got {}", path, json_text(wanted), json_text(is));
}

// "/facets/brand" in an answer; "~1" stands for a slash inside a name (RFC 6901).
const json::value* at_pointer(const json::value& answer, std::string_view pointer) {
    boost::system::error_code error;
    return answer.find_pointer({pointer.data(), pointer.size()}, error);
}

std::vector<std::string> ids_of(const json::value& answer) {
    std::vector<std::string> ids;
    const json::value* const hits = at_pointer(answer, "/hits");
    if (hits == nullptr || !hits->is_array()) return ids;
    for (const json::value& hit : hits->get_array()) {
        const json::value* const id = hit.is_object() ? hit.get_object().if_contains("objectID") : nullptr;
        ids.push_back(id == nullptr ? "?" : text_of(*id));
    }
    return ids;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
    return all;
}

std::vector<std::string> texts_of(const json::value& value) {
    std::vector<std::string> texts;
    if (value.is_array())
        for (const json::value& part : value.get_array()) texts.push_back(text_of(part));
    return texts;
}

std::vector<std::string> names_of(const json::value& value) {
    std::vector<std::string> names;
    if (value.is_object())
        for (const auto& [name, ignored] : value.get_object()) names.emplace_back(name);
    return names;
}

constexpr std::array file_keys = {"about", "source", "settings", "records", "synonyms", "rules", "indexes", "cases"};
constexpr std::array content_keys = {"settings", "records", "synonyms", "rules"};
constexpr std::array asking_keys = {"about", "index", "query", "facet", "browse", "request"};
constexpr std::array expecting_keys = {"hits", "matches", "nbHits", "rankingInfo", "hit", "answer", "at", "keys", "absent", "error"};

template <class Names>
bool among(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

CaseFile::CaseFile(std::string name, std::string_view text) : name_(std::move(name)), place_(name_) {
    auto parsed = parse_json_value(text);
    if (parsed.has_error() || !parsed->is_object()) {
        differ(parsed.has_error() ? "no JSON: " + parsed.error().what : "no JSON object");
        return;
    }
    content_ = std::move(parsed->get_object());
    for (const auto& [key, ignored] : content_)
        if (!among(file_keys, std::string_view(key))) differ("unknown key " + std::string(key));
    for (const char* key : {"about", "source", "records", "cases"})
        if (!content_.contains(key)) differ(fmt::format("no \"{}\"", key));
    if (cases() == 0) differ("no cases");
}

std::size_t CaseFile::cases() const {
    const json::value* const all = content_.if_contains("cases");
    return all != nullptr && all->is_array() ? all->get_array().size() : 0;
}

void CaseFile::differ(std::string what) { differences_.push_back(place_ + ": " + std::move(what)); }

void CaseFile::load(ServerFixture& server) {
    load_index(server, name_, content_);
    if (const json::value* const others = content_.if_contains("indexes"); others != nullptr && others->is_object())
        for (const auto& [index, content] : others->get_object()) {
            for (const std::string& key : names_of(content))
                if (!among(content_keys, key)) differ("unknown key " + key + " in index " + std::string(index));
            if (content.is_object()) load_index(server, index, content.get_object());
        }
}

void CaseFile::load_index(ServerFixture& server, const std::string& index, const json::object& content) {
    const auto send = [&](std::string_view method, std::string_view what, const std::string& body) {
        const JsonAnswer answer = server.request(method, fmt::format("/1/indexes/{}/{}", index, what), body);
        if (answer.status != 200) differ(fmt::format("{} of {} refused: {}", what, index, answer.body));
    };
    if (const json::value* const settings = content.if_contains("settings")) send("PUT", "settings", json_text(*settings));
    // A rule or a synonym is there before the first record is, or after the last one: neither may matter.
    if (const json::value* const synonyms = content.if_contains("synonyms")) send("POST", "synonyms/batch", json_text(*synonyms));
    if (const json::value* const records = content.if_contains("records"); records != nullptr && records->is_array()) {
        json::array requests;
        for (const json::value& record : records->get_array())
            requests.push_back(json::object{{"action", "updateObject"}, {"body", record}});
        if (!requests.empty()) send("POST", "batch", json_text(json::object{{"requests", std::move(requests)}}));
    }
    if (const json::value* const rules = content.if_contains("rules")) send("POST", "rules/batch", json_text(*rules));
}

std::vector<std::string> CaseFile::check(ServerFixture& server) {
    for (std::size_t i = 0; i < cases(); ++i) {
        const json::value& one = content_.at("cases").get_array()[i];
        place_ = fmt::format("{} #{}", name_, i + 1);
        if (one.is_object()) check_case(server, one.get_object());
        else differ("a case is an object");
    }
    place_ = name_;
    return differences_;
}

void CaseFile::check_case(ServerFixture& server, const json::object& one) {
    bool expects = false;
    for (const auto& [key, ignored] : one) {
        const std::string_view name(key);
        if (among(expecting_keys, name)) expects = true;
        else if (!among(asking_keys, name)) differ("unknown key " + std::string(name));
    }
    if (!expects) differ("expects nothing");

    json::object parameters;
    if (const json::value* const query = one.if_contains("query")) {
        if (query->is_string()) parameters["query"] = *query;
        else if (query->is_object()) parameters = query->get_object();
    }
    if (one.contains("rankingInfo")) parameters["getRankingInfo"] = true;
    place_ += fmt::format(" {}{}", json_text(parameters), one.contains("about") ? " (" + text_of(one.at("about")) + ")" : "");

    const std::string index = one.contains("index") ? text_of(one.at("index")) : name_;
    const std::string body = json_text(parameters);
    if (const json::value* const request = one.if_contains("request"); request != nullptr && request->is_object()) {
        const json::object& raw = request->get_object();
        const std::string sent = raw.contains("body") ? text_of(raw.at("body")) : std::string{};
        place_ += " " + text_of(raw.at("method")) + " " + text_of(raw.at("path")) + " " + sent;
        check_answer(one, server.request(text_of(raw.at("method")), text_of(raw.at("path")), sent));
    } else if (one.contains("facet")) {
        check_answer(one, server.post(fmt::format("/1/indexes/{}/facets/{}/query", index, text_of(one.at("facet"))), body));
    } else if (one.contains("browse")) {
        check_answer(one, server.post(fmt::format("/1/indexes/{}/browse", index), body));
    } else {
        check_answer(one, server.post(fmt::format("/1/indexes/{}/query", index), body));
    }
}

void CaseFile::check_answer(const json::object& one, const JsonAnswer& answer) {
    if (const json::value* const error = one.if_contains("error")) {
        const json::object wanted = error->is_object() ? error->get_object() : json::object{};
        const json::value status = wanted.contains("status") ? wanted.at("status") : json::value(400);
        if (status != json::value(answer.status)) differ(fmt::format("expected status {}, got {}: {}", json_text(status), answer.status, answer.body));
        const std::string part = wanted.contains("contains") ? text_of(wanted.at("contains")) : std::string{};
        if (answer.text("message").find(part) == std::string::npos)
            differ(fmt::format("expected a message with \"{}\", got {}", part, answer.body));
        return;
    }
    if (answer.status != 200) {
        differ(fmt::format("expected an answer, got {}: {}", answer.status, answer.body));
        return;
    }

    const std::vector<std::string> ids = ids_of(answer.json);
    if (const json::value* const hits = one.if_contains("hits"))
        if (const auto wanted = texts_of(*hits); wanted != ids)
            differ(fmt::format("expected hits [{}], got [{}]", joined(wanted), joined(ids)));
    if (const json::value* const matches = one.if_contains("matches")) {
        const auto wanted = texts_of(*matches);
        if (std::multiset<std::string>(wanted.begin(), wanted.end()) != std::multiset<std::string>(ids.begin(), ids.end()))
            differ(fmt::format("expected hits {{{}}} in any order, got [{}]", joined(wanted), joined(ids)));
    }
    if (const json::value* const count = one.if_contains("nbHits"))
        if (auto difference = missing(*count, answer.at("nbHits"), "nbHits"); !difference.empty()) differ(difference);

    // Of each named hit: the hit itself, or its ranking info.
    for (const std::string_view part : {"hit", "rankingInfo"}) {
        const json::value* const wanted = one.if_contains(part);
        if (wanted == nullptr || !wanted->is_object()) continue;
        for (const auto& [id, content] : wanted->get_object()) {
            const auto at = std::find(ids.begin(), ids.end(), std::string_view(id));
            if (at == ids.end()) {
                differ(fmt::format("expected hit {}, got [{}]", std::string_view(id), joined(ids)));
                continue;
            }
            const json::value& hit = answer.json.at("hits").get_array()[static_cast<std::size_t>(at - ids.begin())];
            static const json::value none;
            const json::value* const info = part == "hit" ? &hit : at_pointer(hit, "/_rankingInfo");
            if (auto difference = missing(content, info != nullptr ? *info : none, fmt::format("{} {}", part, std::string_view(id)));
                !difference.empty())
                differ(difference);
        }
    }

    if (const json::value* const wanted = one.if_contains("answer"))
        if (auto difference = missing(*wanted, answer.json, "answer"); !difference.empty()) differ(difference);
    if (const json::value* const exact = one.if_contains("at"); exact != nullptr && exact->is_object())
        for (const auto& [pointer, wanted] : exact->get_object()) {
            const json::value* const found = at_pointer(answer.json, pointer);
            if (found == nullptr) differ(fmt::format("{}: expected {}, but it is not there", std::string_view(pointer), json_text(wanted)));
            else if (auto difference = unequal(wanted, *found, pointer); !difference.empty()) differ(difference);
        }
    if (const json::value* const keys = one.if_contains("keys"); keys != nullptr && keys->is_object())
        for (const auto& [pointer, wanted] : keys->get_object()) {
            const json::value* const found = at_pointer(answer.json, pointer);
            const auto names = found != nullptr ? names_of(*found) : std::vector<std::string>{};
            if (names != texts_of(wanted))
                differ(fmt::format("{}: expected the names [{}] in this order, got [{}]", std::string_view(pointer), joined(texts_of(wanted)), joined(names)));
        }
    if (const json::value* const absent = one.if_contains("absent"))
        for (const std::string& pointer : texts_of(*absent))
            if (const json::value* const found = at_pointer(answer.json, pointer))
                differ(fmt::format("{}: expected nothing, got {}", pointer, json_text(*found)));
}

}  // namespace penchant::test
