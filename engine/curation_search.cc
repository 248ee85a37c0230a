// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curation_search.h"

#include "engine/json_body.h"
#include "engine/synonym.h"
#include "index/limits.h"
#include "index/tokenizer.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace penchant {
namespace {

namespace json = boost::json;

Error expected(std::string_view name, std::string_view what) {
    return {Errc::bad_request, fmt::format("Parameter \"{}\": expected {}.", name, what)};
}

const json::value* given(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

Result<std::string> text(const json::object& parameters, std::string_view name) {
    const json::value* value = given(parameters, name);
    if (!value) return std::string();
    if (!value->is_string() || value->get_string().size() > limits::query_bytes_max)
        return expected(name, fmt::format("a string of at most {} bytes", limits::query_bytes_max));
    return std::string(std::string_view(value->get_string()));
}

Result<std::uint32_t> number(const json::object& parameters, std::string_view name, std::int64_t min, std::int64_t max,
                             std::uint32_t otherwise) {
    const json::value* value = given(parameters, name);
    if (!value) return otherwise;
    std::int64_t read = min - 1;
    if (value->is_string()) {
        const std::string_view digits(value->get_string());
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), read);
        if (failed != std::errc() || end != digits.data() + digits.size()) read = min - 1;
    } else if (value->is_number()) {
        json::error_code failed;
        read = value->to_number<std::int64_t>(failed);
        if (failed) read = min - 1;
    }
    if (read < min || read > max) return expected(name, fmt::format("an integer from {} to {}", min, max));
    return static_cast<std::uint32_t>(read);
}

std::string_view member_text(const json::object& object, std::string_view name) {
    const json::value* value = given(object, name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

/// The words asked for, and which of them a curation has shown.
class Words {
public:
    explicit Words(std::string_view query) {
        tokenizer_.tokenize(query, [&](const Token& token) {
            if (words_.size() < limits::query_words_max) words_.emplace_back(token.folded);
        });
    }
    [[nodiscard]] bool empty() const { return words_.empty(); }
    [[nodiscard]] bool all(const std::set<std::size_t>& found) const { return found.size() == words_.size(); }

    /// The texts of `value` in its own shape, each as {"value", "matchLevel", "matchedWords"}; adds to `found`.
    json::value highlight(const json::value& value, std::set<std::size_t>& found) const {
        if (value.is_string()) return leaf(std::string_view(value.get_string()), found);
        if (value.is_array()) {
            json::array parts;
            for (const json::value& part : value.get_array())
                if (json::value shown = highlight(part, found); !shown.is_null()) parts.push_back(std::move(shown));
            return parts.empty() ? json::value() : json::value(std::move(parts));
        }
        if (!value.is_object()) return nullptr;
        json::object parts;
        for (const auto& [name, part] : value.get_object())
            if (json::value shown = highlight(part, found); !shown.is_null()) parts.emplace(name, std::move(shown));
        return parts.empty() ? json::value() : json::value(std::move(parts));
    }

private:
    json::object leaf(std::string_view value, std::set<std::size_t>& found) const {
        std::set<std::size_t> here;
        std::string tagged;
        std::size_t from = 0;
        tokenizer_.tokenize(value, [&](const Token& token) {
            bool matches = false;
            std::size_t end = token.byte_end;
            for (std::size_t i = 0; i < words_.size(); ++i) {
                const bool last = i + 1 == words_.size();
                if (token.folded != words_[i] && !(last && token.folded.starts_with(words_[i]))) continue;
                if (token.folded != words_[i])
                    end = token.byte_begin + tokenizer_.original_prefix_bytes(
                                                 value.substr(token.byte_begin, token.byte_end - token.byte_begin),
                                                 words_[i].size());
                matches = true;
                here.insert(i);
            }
            if (!matches) return;
            tagged += std::string(value.substr(from, token.byte_begin - from)) + "<em>" +
                      std::string(value.substr(token.byte_begin, end - token.byte_begin)) + "</em>";
            from = end;
        });
        tagged += value.substr(from);
        json::array matched;
        for (const std::size_t i : here) matched.emplace_back(words_[i]);
        found.insert(here.begin(), here.end());
        const char* const level = here.empty() ? "none" : here.size() == words_.size() ? "full" : "partial";
        return {{"value", std::move(tagged)}, {"matchLevel", level}, {"matchedWords", std::move(matched)}};
    }

    Tokenizer tokenizer_;
    std::vector<std::string> words_;
};

/// The conditions of a rule, the legacy single one included.
std::vector<const json::object*> conditions_of(const json::object& rule) {
    std::vector<const json::object*> conditions;
    if (const json::value* list = given(rule, "conditions"); list && list->is_array())
        for (const json::value& condition : list->get_array())
            if (condition.is_object()) conditions.push_back(&condition.get_object());
    if (const json::value* one = given(rule, "condition"); one && one->is_object()) conditions.push_back(&one->get_object());
    return conditions;
}

}  // namespace

Result<CurationSearch> CurationSearch::parse(CurationKind kind, const json::object& parameters) {
    CurationSearch search;
    search.kind_ = kind;
    PENCHANT_TRY(search.query_, text(parameters, "query"));
    PENCHANT_TRY(search.page_, number(parameters, "page", 0, 1'000'000, 0));
    PENCHANT_TRY(search.hits_per_page_,
                 number(parameters, "hitsPerPage", 1, static_cast<std::int64_t>(limits::hits_per_page_max), 20));
    if (kind == CurationKind::synonym) {
        PENCHANT_TRY(const std::string types, text(parameters, "type"));
        for (std::size_t begin = 0; begin < types.size();) {
            const std::size_t end = std::min(types.find(',', begin), types.size());
            std::string type = synonym_type(std::string_view(types).substr(begin, end - begin));
            if (type.empty())
                return expected("type", R"("synonym", "oneWaySynonym", "altCorrection1", "altCorrection2" or "placeholder")");
            search.types_.push_back(std::move(type));
            begin = end + 1;
        }
        return search;
    }
    PENCHANT_TRY(search.anchoring_, text(parameters, "anchoring"));
    if (!search.anchoring_.empty() && search.anchoring_ != "is" && search.anchoring_ != "startsWith" &&
        search.anchoring_ != "endsWith" && search.anchoring_ != "contains")
        return expected("anchoring", R"("is", "startsWith", "endsWith" or "contains")");
    PENCHANT_TRY(search.context_, text(parameters, "context"));
    if (const json::value* enabled = given(parameters, "enabled")) {
        const std::string_view word = enabled->is_string() ? std::string_view(enabled->get_string()) : std::string_view();
        if (enabled->is_bool()) search.enabled_ = enabled->get_bool();
        else if (word == "true" || word == "false") search.enabled_ = word == "true";
        else return expected("enabled", "true, false or null");
    }
    return search;
}

bool CurationSearch::passes(const json::object& curation) const {
    if (kind_ == CurationKind::synonym)
        return types_.empty() ||
               std::find(types_.begin(), types_.end(), synonym_type(member_text(curation, "type"))) != types_.end();
    if (enabled_) {
        const json::value* enabled = given(curation, "enabled");
        if ((!enabled || !enabled->is_bool() || enabled->get_bool()) != *enabled_) return false;
    }
    if (anchoring_.empty() && context_.empty()) return true;
    const auto conditions = conditions_of(curation);
    return std::any_of(conditions.begin(), conditions.end(), [&](const json::object* condition) {
        return (anchoring_.empty() || member_text(*condition, "anchoring") == anchoring_) &&
               (context_.empty() || member_text(*condition, "context") == context_);
    });
}

Result<json::object> CurationSearch::run(const CurationMap& curations) const {
    const Words words(query_);
    const std::uint64_t begin = std::uint64_t{page_} * hits_per_page_;
    std::uint64_t count = 0;
    json::array hits;
    for (const auto& [id, text_of_it] : curations) {
        PENCHANT_TRY(json::value value, parse_json_value(*text_of_it));
        if (!value.is_object() || !passes(value.get_object())) continue;
        std::set<std::size_t> found;
        json::value shown = words.highlight(value, found);
        if (!words.all(found)) continue;
        const std::uint64_t place = count++;
        if (place < begin || place >= begin + hits_per_page_) continue;
        json::object hit = std::move(value.get_object());
        if (!words.empty()) hit["_highlightResult"] = std::move(shown);
        hits.push_back(std::move(hit));
    }
    return json::object{{"hits", std::move(hits)},
                        {"nbHits", count},
                        {"page", page_},
                        {"nbPages", (count + hits_per_page_ - 1) / hits_per_page_}};
}

}  // namespace penchant
