// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filter_expression.h"

#include "index/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace penchant {
namespace {

using Json = boost::json::value;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double half_step = 0.0005;  // numbers are compared to three decimals (A 2.7)

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::optional<double> number_of(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
    return value;
}

// Comparisons as closed intervals, widened or narrowed by half a step of the third decimal. Beyond 2^42 a half step
// is less than a double can tell, so the bound itself is looked at, too.
FilterTerm numeric_term(std::string attribute, std::string_view op, double bound) {
    FilterTerm term;
    term.kind = FilterTerm::Kind::number;
    term.attribute = std::move(attribute);
    term.text = fmt::format("{}{}", op, bound);
    term.low = -infinity;
    term.high = infinity;
    const double up = std::max(bound, std::nextafter(bound + half_step, -infinity));
    const double down = std::min(bound, bound - half_step);
    if (op == "<") term.high = std::nextafter(down, -infinity);
    if (op == "<=") term.high = up;
    if (op == ">") term.low = std::nextafter(up, infinity);
    if (op == ">=") term.low = down;
    if (op == "=" || op == "!=") {
        term.low = down;
        term.high = up;
        term.equality = true;
        term.negated = op == "!=";
    }
    return term;
}

FilterTerm range_term(std::string attribute, double low, double high) {
    FilterTerm term = numeric_term(attribute, ">=", low);
    term.high = numeric_term(std::move(attribute), "<=", high).high;
    term.text = fmt::format(":{} TO {}", low, high);
    return term;
}

FilterTerm value_term(std::string attribute, std::string text) {
    FilterTerm term;
    const bool tag = attribute.empty() || attribute == "_tags";
    term.kind = tag ? FilterTerm::Kind::tag : FilterTerm::Kind::facet;
    if (!tag) term.attribute = std::move(attribute);
    term.text = std::move(text);
    return term;
}

FilterExpression leaf(FilterTerm term) { return {FilterExpression::Kind::term, std::move(term), {}}; }

// Parses the filters text, and single entries of the array forms.
class Parser {
public:
    Parser(std::string_view text, std::string_view name) : text_(text), name_(name) {}

    Result<FilterExpression> whole() {
        skip_spaces();
        if (at_ == text_.size()) return FilterExpression{};
        PENCHANT_TRY(FilterExpression result, expression(0));
        if (at_ != text_.size()) return expected(text_[at_] == ')' ? "no ')' without a '('" : "AND, OR or the end");
        return result;
    }

    // One entry of an array form: what `item` reads, but keywords mean nothing in a facet's value, which goes to the
    // end of the entry, and a minus negates.
    Result<FilterExpression> entry() {
        skip_spaces();
        std::string_view rest = trimmed(text_.substr(at_));
        std::uint32_t score = 1;
        if (rest.ends_with('>')) {
            const std::size_t mark = rest.rfind(score_mark);
            if (mark != rest.npos) {
                at_ += mark;
                PENCHANT_TRY(score, score_suffix());
                rest = trimmed(rest.substr(0, mark));
            }
        }
        std::size_t colon = 0;
        std::string attribute;
        if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
            at_ = static_cast<std::size_t>(rest.data() - text_.data());
            PENCHANT_TRY(attribute, quoted());
            colon = at_ - static_cast<std::size_t>(rest.data() - text_.data());
            if (colon >= rest.size() || rest[colon] != ':') return expected("':' and a value");
        } else {
            colon = rest.find(':');
            if (colon == rest.npos) return expected("attribute:value");
            attribute = std::string(trimmed(rest.substr(0, colon)));
        }
        if (attribute.empty()) return expected("an attribute's name before ':'");
        PENCHANT_TRY(FilterTerm term, signed_value(std::move(attribute), trimmed(rest.substr(colon + 1))));
        term.score = score;
        return leaf(std::move(term));
    }

    // One entry of numericFilters.
    Result<FilterExpression> numeric_entry() {
        skip_spaces();
        PENCHANT_TRY(FilterExpression result, filter());
        skip_spaces();
        if (at_ != text_.size()) return expected("the end of the filter");
        if (result.term.kind == FilterTerm::Kind::number) return result;
        const auto number = number_of(result.term.text);  // "stock:1" is an equality here
        if (!number || result.term.kind != FilterTerm::Kind::facet) return expected("a comparison with a number");
        return leaf(numeric_term(result.term.attribute, "=", *number));
    }

    // A value with its optional minus and quotes: "-red", "\-red", "\"red\"".
    Result<FilterTerm> signed_value(std::string attribute, std::string_view value) {
        bool negated = false;
        if (value.starts_with('-')) {
            negated = true;
            value = trimmed(value.substr(1));
        } else if (value.starts_with("\\-")) {
            value.remove_prefix(1);
        }
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        if (value.empty()) return expected("a value after ':'").error();
        FilterTerm term = value_term(std::move(attribute), std::string(value));
        term.negated = negated;
        return term;
    }

private:
    static constexpr std::string_view score_mark = "<score=";

    Result<FilterExpression> expected(std::string_view what) const {
        return Error{Errc::bad_request, fmt::format("{}: expected {} at position {}.", name_, what, at_)};
    }

    void skip_spaces() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }

    [[nodiscard]] static bool ends_word(std::string_view text, std::size_t at) {
        return at >= text.size() || is_space(text[at]) || text[at] == '(' || text[at] == ')';
    }

    [[nodiscard]] bool keyword_here(std::string_view keyword) const {
        return text_.substr(at_).starts_with(keyword) && ends_word(text_, at_ + keyword.size());
    }

    bool take_keyword(std::string_view keyword) {
        skip_spaces();
        if (!keyword_here(keyword)) return false;
        at_ += keyword.size();
        return true;
    }

    // expression = group { AND group }
    Result<FilterExpression> expression(std::size_t depth) {
        if (depth > limits::filter_depth_max)
            return expected(fmt::format("at most {} levels of parentheses", limits::filter_depth_max));
        std::vector<FilterExpression> groups;
        do {
            PENCHANT_TRY(FilterExpression next, group(depth));
            groups.push_back(std::move(next));
        } while (take_keyword("AND"));
        if (groups.size() == 1) return std::move(groups.front());
        return FilterExpression{FilterExpression::Kind::all, {}, std::move(groups)};
    }

    // group = item { OR item }
    Result<FilterExpression> group(std::size_t depth) {
        std::vector<FilterExpression> items;
        do {
            PENCHANT_TRY(FilterExpression next, item(depth));
            items.push_back(std::move(next));
        } while (take_keyword("OR"));
        if (items.size() == 1) return std::move(items.front());
        return FilterExpression{FilterExpression::Kind::any, {}, std::move(items)};
    }

    Result<FilterExpression> item(std::size_t depth) {
        if (take_keyword("NOT")) {
            skip_spaces();
            if (at_ < text_.size() && text_[at_] == '(') return expected("a filter after NOT, not a parenthesis");
            PENCHANT_TRY(FilterExpression result, filter());
            result.term.negated = !result.term.negated;
            return result;
        }
        if (at_ < text_.size() && text_[at_] == '(') {
            ++at_;
            PENCHANT_TRY(FilterExpression inner, expression(depth + 1));
            skip_spaces();
            if (at_ == text_.size() || text_[at_] != ')') return expected("')'");
            ++at_;
            return inner;
        }
        return filter();
    }

    Result<FilterExpression> filter() {
        skip_spaces();
        if (at_ == text_.size()) return expected("a filter");
        std::string name;
        if (text_[at_] == '"' || text_[at_] == '\'') {
            PENCHANT_TRY(name, quoted());
        } else {
            for (const std::string_view keyword : {"AND", "OR", "NOT", "TO"})
                if (keyword_here(keyword)) return expected("a filter, not a keyword (quote names and tags that are one)");
            const std::size_t begin = at_;
            while (at_ < text_.size() && !ends_name()) ++at_;
            name = std::string(trimmed(text_.substr(begin, at_ - begin)));
            if (name.empty()) return expected("an attribute's name or a tag");
        }
        skip_spaces();
        if (at_ < text_.size() && text_[at_] == ':') {
            ++at_;
            return value(std::move(name));
        }
        if (const std::string_view op = comparison(); !op.empty()) {
            at_ += op.size();
            PENCHANT_TRY(const double bound, number());
            PENCHANT_TRY(const std::uint32_t score, score_suffix());
            FilterTerm term = numeric_term(std::move(name), op, bound);
            term.score = score;
            return leaf(std::move(term));
        }
        FilterTerm term = value_term({}, std::move(name));
        PENCHANT_TRY(term.score, score_suffix());
        return leaf(std::move(term));
    }

    // What follows the colon: a value, or "low TO high".
    Result<FilterExpression> value(std::string attribute) {
        skip_spaces();
        std::string text;
        bool bare = false;
        if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
            PENCHANT_TRY(text, quoted());
        } else {
            bare = true;
            text = bare_value();
            if (text.empty()) return expected("a value after ':'");
        }
        skip_spaces();
        if (bare && keyword_here("TO")) {
            const auto low = number_of(text);
            if (!low) return expected("a number before TO (quote values that hold keywords)");
            take_keyword("TO");
            PENCHANT_TRY(const double high, number());
            PENCHANT_TRY(const std::uint32_t score, score_suffix());
            FilterTerm term = range_term(std::move(attribute), *low, high);
            term.score = score;
            return leaf(std::move(term));
        }
        if (bare && text.starts_with("\\-")) text.erase(0, 1);
        FilterTerm term = value_term(std::move(attribute), std::move(text));
        PENCHANT_TRY(term.score, score_suffix());
        return leaf(std::move(term));
    }

    // Unquoted values may hold spaces (A 2.7): up to the next keyword, parenthesis, score or the end.
    std::string bare_value() {
        const std::size_t begin = at_;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '(' || c == ')' || text_.substr(at_).starts_with(score_mark)) break;
            if (is_space(c) && keyword_follows()) break;
            ++at_;
        }
        return std::string(trimmed(text_.substr(begin, at_ - begin)));
    }

    [[nodiscard]] bool keyword_follows() const {
        std::size_t next = at_;
        while (next < text_.size() && is_space(text_[next])) ++next;
        for (const std::string_view keyword : {"AND", "OR", "TO"})
            if (text_.substr(next).starts_with(keyword) && ends_word(text_, next + keyword.size())) return true;
        return false;
    }

    [[nodiscard]] bool ends_name() const {
        const char c = text_[at_];
        return c == ':' || c == '<' || c == '>' || c == '=' || c == '!' || c == '(' || c == ')' ||
               (is_space(c) && keyword_follows());
    }

    [[nodiscard]] std::string_view comparison() const {
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with(score_mark)) return {};
        for (const std::string_view op : {"<=", ">=", "!=", "<", ">", "="})
            if (rest.starts_with(op)) return op;
        return {};
    }

    Result<std::string> quoted() {
        const std::size_t begin = at_;
        const char quote = text_[at_++];
        std::string text;
        while (at_ < text_.size() && text_[at_] != quote) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == quote || text_[at_ + 1] == '\\'))
                ++at_;
            text += text_[at_++];
        }
        if (at_ == text_.size()) {
            at_ = begin;
            return expected("a closing quote for the one").error();
        }
        ++at_;
        return text;
    }

    Result<double> number() {
        skip_spaces();
        std::size_t end = at_;
        while (end < text_.size() && !ends_word(text_, end) && text_[end] != '<') ++end;
        const auto value = number_of(text_.substr(at_, end - at_));
        if (!value) return expected("a number").error();
        at_ = end;
        return *value;
    }

    // "<score=12>" or nothing, which is a score of 1.
    Result<std::uint32_t> score_suffix() {
        skip_spaces();
        if (!text_.substr(at_).starts_with(score_mark)) return std::uint32_t{1};
        const std::size_t begin = at_ + score_mark.size();
        const std::size_t end = text_.find('>', begin);
        std::uint32_t score = 0;
        const char* last = text_.data() + std::min(end, text_.size());
        const auto [stop, error] = std::from_chars(text_.data() + begin, last, score);
        if (end == text_.npos || error != std::errc() || stop != last || score > limits::filter_score_max)
            return expected(fmt::format("<score=n> with n from 0 to {}", limits::filter_score_max)).error();
        at_ = end + 1;
        return score;
    }

    std::string_view text_;
    std::string_view name_;
    std::size_t at_ = 0;
};

using EntryParser = Result<FilterExpression> (*)(std::string_view entry, std::string_view name);

Error wrong_type(std::string_view name) {
    return {Errc::bad_request, fmt::format("{}: expected a string or an array of strings and arrays.", name)};
}

// Collects the strings of an inner array; whatever is nested deeper belongs to the same OR.
Result<void> collect(std::string_view name, const boost::json::array& array, EntryParser parse_entry,
                     std::size_t depth, std::vector<FilterExpression>& entries) {
    if (depth > limits::filter_depth_max)
        return Error{Errc::bad_request, fmt::format("{}: at most {} levels of arrays.", name, limits::filter_depth_max)};
    for (const Json& part : array) {
        if (part.is_array()) {
            PENCHANT_CHECK(collect(name, part.get_array(), parse_entry, depth + 1, entries));
        } else if (part.is_string()) {
            PENCHANT_TRY(FilterExpression entry, parse_entry(std::string_view(part.get_string()), name));
            entries.push_back(std::move(entry));
        } else {
            return wrong_type(name);
        }
    }
    return {};
}

void add_group(FilterExpression& all, std::vector<FilterExpression> entries) {
    if (entries.empty()) return;  // "no condition": clients send [[]]
    if (entries.size() == 1) all.parts.push_back(std::move(entries.front()));
    else all.parts.push_back({FilterExpression::Kind::any, {}, std::move(entries)});
}

// The legacy text: commas AND, parentheses around an OR; quotes keep commas.
Result<FilterExpression> legacy(std::string_view name, std::string_view text, EntryParser parse_entry) {
    FilterExpression all;
    std::vector<FilterExpression> group;
    bool inside = false;
    char quote = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ',';
        if (i < text.size() && quote != 0) {
            if (c == quote) quote = 0;
            continue;
        }
        const bool starts_value = i == begin || text[i - 1] == ':' || text[i - 1] == ',' || text[i - 1] == '(';
        if ((c == '"' || c == '\'') && starts_value) {
            quote = c;
        } else if (c == '(' && !inside && trimmed(text.substr(begin, i - begin)).empty()) {
            inside = true;
            begin = i + 1;
        } else if (c == ',' || (c == ')' && inside)) {
            const std::string_view entry = trimmed(text.substr(begin, i - begin));
            if (!entry.empty()) {
                PENCHANT_TRY(FilterExpression parsed, parse_entry(entry, name));
                group.push_back(std::move(parsed));
            }
            begin = i + 1;
            if (c == ')') inside = false;
            if (!inside) {
                add_group(all, std::move(group));
                group.clear();
            }
        }
    }
    if (inside) return Error{Errc::bad_request, fmt::format("{}: expected ')' at position {}.", name, text.size())};
    return all;
}

Result<FilterExpression> parse_arrays(std::string_view name, const Json& filters, EntryParser parse_entry) {
    if (filters.is_null()) return FilterExpression{};
    if (filters.is_string()) return legacy(name, std::string_view(filters.get_string()), parse_entry);
    if (!filters.is_array()) return wrong_type(name);
    FilterExpression all;
    for (const Json& part : filters.get_array()) {
        std::vector<FilterExpression> entries;
        if (part.is_array()) {
            PENCHANT_CHECK(collect(name, part.get_array(), parse_entry, 1, entries));
        } else if (part.is_string()) {
            const std::string_view text(part.get_string());
            if (trimmed(text).empty()) continue;
            PENCHANT_TRY(FilterExpression entry, parse_entry(text, name));
            entries.push_back(std::move(entry));
        } else {
            return wrong_type(name);
        }
        add_group(all, std::move(entries));
    }
    return all;
}

void append(FilterExpression& all, FilterExpression part) {
    if (part.everything()) return;
    if (part.kind == FilterExpression::Kind::all) {
        for (FilterExpression& inner : part.parts) all.parts.push_back(std::move(inner));
    } else {
        all.parts.push_back(std::move(part));
    }
}

}  // namespace

std::string FilterExpression::normalized() const {
    if (kind == Kind::term) {
        // Lengths in front make the text unambiguous whatever the values hold.
        if (term.kind == FilterTerm::Kind::number)
            return fmt::format("{}n{}:{}{:a},{:a}/{}", term.negated ? "!" : "", term.attribute.size(), term.attribute,
                               term.low, term.high, term.score) + (term.equality ? "=" : "");
        return fmt::format("{}{}{}:{}{}:{}/{}", term.negated ? "!" : "",
                           term.kind == FilterTerm::Kind::facet ? 'f' : 't', term.attribute.size(), term.attribute,
                           term.text.size(), term.text, term.score);
    }
    std::string text = kind == Kind::all ? "&(" : "|(";
    for (const FilterExpression& part : parts) text += part.normalized() + ' ';
    return text + ')';
}

std::size_t FilterExpression::size() const {
    if (kind == Kind::term) return 1;
    std::size_t terms = 0;
    for (const FilterExpression& part : parts) terms += part.size();
    return terms;
}

Result<FilterExpression> parse_filters(std::string_view text) { return Parser(text, "filters").whole(); }

Result<FilterExpression> parse_facet_filters(std::string_view name, const Json& filters) {
    return parse_arrays(name, filters, [](std::string_view entry, std::string_view parameter) {
        return Parser(entry, parameter).entry();
    });
}

Result<FilterExpression> parse_numeric_filters(const Json& filters) {
    return parse_arrays("numericFilters", filters, [](std::string_view entry, std::string_view parameter) {
        return Parser(entry, parameter).numeric_entry();
    });
}

Result<FilterExpression> parse_tag_filters(const Json& filters) {
    return parse_arrays("tagFilters", filters,
                        [](std::string_view entry, std::string_view parameter) -> Result<FilterExpression> {
        if (entry.starts_with("_tags:")) entry.remove_prefix(6);
        PENCHANT_TRY(FilterTerm term, Parser(entry, parameter).signed_value({}, trimmed(entry)));
        return leaf(std::move(term));
    });
}

Result<QueryFilters> parse_query_filters(const Query& query) {
    QueryFilters result;
    PENCHANT_TRY(FilterExpression filters, parse_filters(query.filters));
    append(result.required, std::move(filters));
    PENCHANT_TRY(FilterExpression facets, parse_facet_filters("facetFilters", query.facet_filters));
    append(result.required, std::move(facets));
    PENCHANT_TRY(FilterExpression numbers, parse_numeric_filters(query.numeric_filters));
    append(result.required, std::move(numbers));
    PENCHANT_TRY(FilterExpression tags, parse_tag_filters(query.tag_filters));
    append(result.required, std::move(tags));
    PENCHANT_TRY(FilterExpression optional, parse_facet_filters("optionalFilters", query.optional_filters));
    append(result.optional, std::move(optional));
    for (const FilterParameters& more : query.rules.filters) {
        PENCHANT_TRY(FilterExpression rule_filters, parse_filters(more.filters));
        append(result.required, std::move(rule_filters));
        PENCHANT_TRY(FilterExpression rule_facets, parse_facet_filters("facetFilters", more.facet_filters));
        append(result.required, std::move(rule_facets));
        PENCHANT_TRY(FilterExpression rule_numbers, parse_numeric_filters(more.numeric_filters));
        append(result.required, std::move(rule_numbers));
        PENCHANT_TRY(FilterExpression rule_tags, parse_tag_filters(more.tag_filters));
        append(result.required, std::move(rule_tags));
        PENCHANT_TRY(FilterExpression rule_optional, parse_facet_filters("optionalFilters", more.optional_filters));
        append(result.optional, std::move(rule_optional));
    }
    if (result.required.size() + result.optional.size() > limits::filters_max)
        return Error{Errc::bad_request, fmt::format("A query may have at most {} filters.", limits::filters_max)};
    return result;
}

}  // namespace penchant
