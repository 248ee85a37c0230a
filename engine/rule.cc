// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rule.h"

#include "engine/query.h"
#include "index/json_text.h"
#include "index/limits.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace penchant {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> filter_names = {"filters", "facetFilters", "numericFilters", "tagFilters",
                                                          "optionalFilters"};

Error expected(std::string_view field, std::string_view what) {
    return {Errc::bad_request, fmt::format("Rule: {}: expected {}.", field, what)};
}

/// The member, or null when it is absent or null.
const json::value* member(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

std::string_view text_of(const json::value& value) { return std::string_view(value.get_string()); }

Result<std::string> read_text(const json::object& object, std::string_view name, const std::string& path) {
    const json::value* value = member(object, name);
    if (!value) return std::string();
    if (!value->is_string()) return expected(path + std::string(name), "a string");
    return std::string(text_of(*value));
}

Result<bool> read_bool(const json::object& object, std::string_view name, const std::string& path, bool otherwise) {
    const json::value* value = member(object, name);
    if (!value) return otherwise;
    if (value->is_bool()) return value->get_bool();
    if (value->is_string() && text_of(*value) == "true") return true;
    if (value->is_string() && text_of(*value) == "false") return false;
    return expected(path + std::string(name), "true or false");
}

Result<std::int64_t> read_integer(const json::object& object, std::string_view name, const std::string& path,
                                  std::int64_t min, std::int64_t max, std::optional<std::int64_t> otherwise) {
    const json::value* value = member(object, name);
    if (!value && otherwise) return *otherwise;
    json::error_code failed;
    const std::int64_t number = value && value->is_number() ? value->to_number<std::int64_t>(failed) : min - 1;
    if (failed || number < min || number > max)
        return expected(path + std::string(name), fmt::format("an integer from {} to {}", min, max));
    return number;
}

/// Calls `visit(object, path)` for each object in the array `name`, at most `most`.
template <class Visit>
Result<void> each_object(const json::object& object, std::string_view name, const std::string& path, std::size_t most,
                         Visit&& visit) {
    const json::value* list = member(object, name);
    if (!list) return {};
    const std::string field = path + std::string(name);
    if (!list->is_array()) return expected(field, "an array of objects");
    if (list->get_array().size() > most)
        return expected(field, fmt::format("at most {} entries; there are {}", most, list->get_array().size()));
    std::size_t position = 0;
    for (const json::value& entry : list->get_array()) {
        const std::string own = fmt::format("{}[{}]", field, position++);
        if (!entry.is_object()) return expected(own, "an object");
        PENCHANT_CHECK(visit(entry.get_object(), own + "."));
    }
    return {};
}

/// The facet:value pairs of a condition's filters: ANDed, no OR, no numbers (A 3.9).
Result<std::vector<FilterTerm>> condition_filters(std::string_view text, const std::string& field) {
    std::vector<FilterTerm> terms;
    if (text.empty()) return terms;
    auto parsed = parse_filters(text);
    if (!parsed) return Error{Errc::bad_request, fmt::format("Rule: {}: {}", field, parsed.error().what)};
    const Error bad = expected(field, "facet:value pairs joined by AND");
    std::vector<const FilterExpression*> left{&*parsed};
    while (!left.empty()) {
        const FilterExpression& part = *left.back();
        left.pop_back();
        if (part.kind == FilterExpression::Kind::term) {
            if (part.term.kind == FilterTerm::Kind::number) return bad;
            terms.push_back(part.term);
        } else if (part.kind == FilterExpression::Kind::any && part.parts.size() > 1) {
            return bad;
        } else {
            for (const FilterExpression& own : part.parts) left.push_back(&own);
        }
    }
    return terms;
}

Result<RuleCondition> read_condition(const json::object& object, const std::string& path, const Tokenizer& tokenizer) {
    RuleCondition condition;
    const bool has_pattern = member(object, "pattern") != nullptr;
    PENCHANT_TRY(const std::string pattern, read_text(object, "pattern", path));
    if (pattern.size() > limits::query_bytes_max)
        return expected(path + "pattern", fmt::format("at most {} bytes", limits::query_bytes_max));
    PENCHANT_TRY(const std::string anchoring, read_text(object, "anchoring", path));
    if (anchoring == "is") condition.anchoring = Anchoring::is;
    else if (anchoring == "startsWith") condition.anchoring = Anchoring::starts_with;
    else if (anchoring == "endsWith") condition.anchoring = Anchoring::ends_with;
    else if (anchoring == "contains") condition.anchoring = Anchoring::contains;
    else if (!anchoring.empty() || has_pattern)
        return expected(path + "anchoring", "\"is\", \"startsWith\", \"endsWith\" or \"contains\"");
    condition.pattern = pattern_parts(pattern, tokenizer);
    if (condition.anchoring && condition.pattern.empty() && condition.anchoring != Anchoring::is)
        return expected(path + "pattern", "at least one word; an empty pattern is only possible with the anchoring \"is\"");
    PENCHANT_TRY(condition.alternatives, read_bool(object, "alternatives", path, false));
    PENCHANT_TRY(condition.context, read_text(object, "context", path));
    PENCHANT_TRY(const std::string filters, read_text(object, "filters", path));
    PENCHANT_TRY(condition.filters, condition_filters(filters, path + "filters"));
    return condition;
}

Result<void> read_validity(const json::object& object, Rule& rule) {
    return each_object(object, "validity", "", limits::rule_conditions_max,
                       [&](const json::object& range, const std::string& path) -> Result<void> {
                           constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
                           PENCHANT_TRY(const std::int64_t from, read_integer(range, "from", path, 0, most, 0));
                           PENCHANT_TRY(const std::int64_t until, read_integer(range, "until", path, 0, most, most));
                           if (until < from) return expected(path + "until", "a time behind \"from\", in seconds since 1970");
                           rule.validity.emplace_back(from, until);
                           return {};
                       });
}

Result<std::vector<AutomaticFilter>> read_automatic(const json::object& parameters, std::string_view name) {
    std::vector<AutomaticFilter> filters;
    const json::value* list = member(parameters, name);
    if (!list) return filters;
    const std::string field = "consequence.params." + std::string(name);
    if (!list->is_array()) return expected(field, "an array of facets");
    std::size_t position = 0;
    for (const json::value& entry : list->get_array()) {
        const std::string own = fmt::format("{}[{}]", field, position++);
        AutomaticFilter filter;
        if (entry.is_string()) {
            filter.facet = text_of(entry);
        } else if (entry.is_object()) {
            const json::object& object = entry.get_object();
            PENCHANT_TRY(filter.facet, read_text(object, "facet", own + "."));
            PENCHANT_TRY(const std::int64_t score,
                         read_integer(object, "score", own + ".", 0, limits::filter_score_max, 1));
            filter.score = static_cast<std::uint32_t>(score);
            PENCHANT_TRY(filter.disjunctive, read_bool(object, "disjunctive", own + ".", false));
            PENCHANT_TRY(filter.negative, read_bool(object, "negative", own + ".", false));
        }
        if (filter.facet.empty()) return expected(own, "the name of a facet, or an object with it as \"facet\"");
        filters.push_back(std::move(filter));
    }
    return filters;
}

Result<void> read_query(const json::value& query, const Tokenizer& tokenizer, Rule& rule) {
    const std::string field = "consequence.params.query";
    if (query.is_string()) {
        if (query.get_string().size() > limits::query_bytes_max)
            return expected(field, fmt::format("at most {} bytes", limits::query_bytes_max));
        rule.query = std::string(text_of(query));
        return {};
    }
    if (!query.is_object()) return expected(field, "a string, or an object with \"edits\" or \"remove\"");
    const json::object& object = query.get_object();
    const auto add = [&](std::string_view erase, std::string insert, const std::string& own) -> Result<void> {
        QueryEdit edit{pattern_parts(erase, tokenizer), std::move(insert)};
        if (edit.erase.empty()) return expected(own, "at least one word to delete");
        rule.edits.push_back(std::move(edit));
        return {};
    };
    if (const json::value* remove = member(object, "remove")) {
        if (!remove->is_array()) return expected(field + ".remove", "an array of words");
        for (const json::value& word : remove->get_array()) {
            if (!word.is_string()) return expected(field + ".remove", "an array of words");
            PENCHANT_CHECK(add(text_of(word), {}, field + ".remove"));
        }
    }
    return each_object(object, "edits", field + ".", limits::rule_parameter_bytes_max,
                       [&](const json::object& edit, const std::string& path) -> Result<void> {
                           PENCHANT_TRY(const std::string type, read_text(edit, "type", path));
                           PENCHANT_TRY(const std::string erase, read_text(edit, "delete", path));
                           PENCHANT_TRY(std::string insert, read_text(edit, "insert", path));
                           if (type != "remove" && type != "replace")
                               return expected(path + "type", "\"remove\" or \"replace\"");
                           if (type == "remove") insert.clear();
                           return add(erase, std::move(insert), path + "delete");
                       });
}

Result<void> read_parameters(const json::object& consequence, const Tokenizer& tokenizer, Rule& rule) {
    const json::value* params = member(consequence, "params");
    if (!params) return {};
    if (!params->is_object()) return expected("consequence.params", "an object");
    json::object filters;
    for (const auto& [key, value] : params->get_object()) {
        const std::string_view name(key);
        const std::string field = "consequence.params." + std::string(name);
        if (value.is_null()) continue;
        if (json_text(value).size() > limits::rule_parameter_bytes_max)
            return expected(field, fmt::format("at most {} bytes", limits::rule_parameter_bytes_max));
        if (name == "query") {
            PENCHANT_CHECK(read_query(value, tokenizer, rule));
        } else if (name == "renderingContent") {
            if (!value.is_object()) return expected(field, "an object");
            rule.rendering_content = value.get_object();
        } else if (std::find(filter_names.begin(), filter_names.end(), name) != filter_names.end()) {
            filters[name] = value;
        } else if (name != "automaticFacetFilters" && name != "automaticOptionalFacetFilters" && name != "params") {
            rule.parameters[name] = value;
        }
    }
    PENCHANT_TRY(rule.facet_filters, read_automatic(params->get_object(), "automaticFacetFilters"));
    PENCHANT_TRY(rule.optional_facet_filters, read_automatic(params->get_object(), "automaticOptionalFacetFilters"));

    // What a search would refuse is refused here, where an editor can see it.
    for (const auto& [name, value] : rule.parameters) filters[name] = value;
    auto query = parse_query(filters, Settings());
    if (!query) return Error{Errc::bad_request, "Rule: consequence.params: " + query.error().what};
    rule.filters = {query->filters, query->facet_filters, query->numeric_filters, query->tag_filters,
                    query->optional_filters};
    if (const auto filters_read = parse_query_filters(*query); !filters_read)
        return Error{Errc::bad_request, "Rule: consequence.params: " + filters_read.error().what};
    return {};
}

Result<void> read_promotions(const json::object& consequence, Rule& rule) {
    std::size_t promoted = 0;
    PENCHANT_CHECK(each_object(
        consequence, "promote", "consequence.", limits::rule_promoted_max,
        [&](const json::object& entry, const std::string& path) -> Result<void> {
            Promotion promotion;
            PENCHANT_TRY(std::string object_id, read_text(entry, "objectID", path));
            const json::value* const ids = member(entry, "objectIDs");
            if (object_id.empty() == (ids == nullptr)) return expected(path + "objectID", "either \"objectID\" or \"objectIDs\"");
            if (!ids) {
                promotion.object_ids.push_back(std::move(object_id));
            } else {
                const Error bad = expected(path + "objectIDs", fmt::format("an array of 1 to {} objectIDs",
                                                                            limits::rule_promoted_group_max));
                if (!ids->is_array() || ids->get_array().empty() ||
                    ids->get_array().size() > limits::rule_promoted_group_max)
                    return bad;
                for (const json::value& id : ids->get_array()) {
                    if (!id.is_string() || id.get_string().empty()) return bad;
                    promotion.object_ids.emplace_back(text_of(id));
                }
            }
            PENCHANT_TRY(const std::int64_t position,
                         read_integer(entry, "position", path, 0,
                                      static_cast<std::int64_t>(limits::pagination_limited_to_max), std::nullopt));
            promotion.position = static_cast<std::uint32_t>(position);
            promoted += promotion.object_ids.size();
            rule.promotions.push_back(std::move(promotion));
            return {};
        }));
    if (promoted > limits::rule_promoted_max)
        return expected("consequence.promote", fmt::format("at most {} records; there are {}", limits::rule_promoted_max,
                                                           promoted));
    return each_object(consequence, "hide", "consequence.", limits::rule_hidden_max,
                       [&](const json::object& entry, const std::string& path) -> Result<void> {
                           PENCHANT_TRY(std::string object_id, read_text(entry, "objectID", path));
                           if (object_id.empty()) return expected(path + "objectID", "an objectID");
                           rule.hidden.push_back(std::move(object_id));
                           return {};
                       });
}

}  // namespace

bool Rule::valid_at(std::int64_t seconds) const {
    return validity.empty() || std::any_of(validity.begin(), validity.end(), [&](const auto& range) {
               return range.first <= seconds && seconds <= range.second;
           });
}

std::vector<PatternPart> pattern_parts(std::string_view text, const Tokenizer& tokenizer) {
    constexpr std::string_view opening = "{facet:";
    std::vector<PatternPart> parts;
    const auto add_words = [&](std::string_view words) {
        tokenizer.tokenize(words, [&](const Token& token) { parts.push_back({std::string(token.folded), false}); });
    };
    while (!text.empty()) {
        const std::size_t begin = text.find(opening);
        const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
        if (end == std::string_view::npos) break;
        add_words(text.substr(0, begin));
        const std::string_view facet = text.substr(begin + opening.size(), end - begin - opening.size());
        if (!facet.empty()) parts.push_back({std::string(facet), true});
        text.remove_prefix(end + 1);
    }
    add_words(text);
    return parts;
}

Result<Rule> parse_rule(const json::object& object, const Tokenizer& tokenizer) {
    Rule rule;
    PENCHANT_TRY(rule.object_id, read_text(object, "objectID", ""));
    for (const char* name : {"description", "scope"}) PENCHANT_CHECK(read_text(object, name, ""));
    PENCHANT_TRY(rule.enabled, read_bool(object, "enabled", "", true));
    if (const json::value* tags = member(object, "tags");
        tags && (!tags->is_array() || !std::all_of(tags->get_array().begin(), tags->get_array().end(),
                                                   [](const json::value& tag) { return tag.is_string(); })))
        return expected("tags", "an array of strings");
    PENCHANT_CHECK(each_object(object, "conditions", "", limits::rule_conditions_max,
                               [&](const json::object& condition, const std::string& path) -> Result<void> {
                                   PENCHANT_TRY(RuleCondition read, read_condition(condition, path, tokenizer));
                                   rule.conditions.push_back(std::move(read));
                                   return {};
                               }));
    if (const json::value* legacy = member(object, "condition"); legacy && rule.conditions.empty()) {
        if (!legacy->is_object()) return expected("condition", "an object");
        PENCHANT_TRY(RuleCondition read, read_condition(legacy->get_object(), "condition.", tokenizer));
        rule.conditions.push_back(std::move(read));
    }
    PENCHANT_CHECK(read_validity(object, rule));

    const json::value* given = member(object, "consequence");
    if (!given || !given->is_object()) return expected("consequence", "an object");
    if (const std::size_t bytes = json_text(*given).size(); bytes > limits::rule_consequence_bytes_max)
        return expected("consequence", fmt::format("at most {} bytes; there are {}", limits::rule_consequence_bytes_max,
                                                   bytes));
    const json::object& consequence = given->get_object();
    PENCHANT_CHECK(read_parameters(consequence, tokenizer, rule));
    PENCHANT_CHECK(read_promotions(consequence, rule));
    PENCHANT_TRY(rule.filter_promotes, read_bool(consequence, "filterPromotes", "consequence.", false));
    if (const json::value* content = member(consequence, "renderingContent")) {
        if (!content->is_object()) return expected("consequence.renderingContent", "an object");
        for (const auto& [name, value] : content->get_object()) rule.rendering_content[name] = value;
    }
    if (const json::value* data = member(consequence, "userData")) {
        if (json_text(*data).size() > limits::rule_user_data_bytes_max)
            return expected("consequence.userData", fmt::format("at most {} bytes", limits::rule_user_data_bytes_max));
        rule.user_data = *data;
    }
    return rule;
}

}  // namespace penchant
