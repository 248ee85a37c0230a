// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/search_report.h"

#include "index/analysis.h"
#include "index/tokenizer.h"

#include <algorithm>

namespace penchant {
namespace {

void append(const FilterExpression& expression, std::size_t count_max, std::vector<SearchReport::Filter>& out) {
    if (out.size() == count_max) return;
    if (expression.kind != FilterExpression::Kind::term) {
        for (const FilterExpression& part : expression.parts) append(part, count_max, out);
        return;
    }
    const FilterTerm& term = expression.term;
    if (term.kind == FilterTerm::Kind::number) {
        const std::size_t end = std::min(term.text.find_first_not_of("<>=!:"), term.text.size());
        const std::string op = !term.equality ? term.text.substr(0, end) : term.negated ? "!=" : "=";
        out.push_back({term.attribute, op, (term.negated && !term.equality ? "-" : "") + term.text.substr(end)});
    } else {
        out.push_back({term.kind == FilterTerm::Kind::tag ? "_tags" : term.attribute, ":",
                       (term.negated ? "-" : "") + term.text});
    }
}

}  // namespace

std::string normalized_query(std::string_view query, const Settings& settings) {
    const Tokenizer tokenizer = tokenizer_of(settings);
    std::string words;
    tokenizer.tokenize(query, [&](const Token& token) {
        if (!words.empty()) words.push_back(' ');
        words += token.folded;
    });
    return words;
}

std::vector<SearchReport::Filter> reported_filters(const FilterExpression& expression, std::size_t count_max) {
    std::vector<SearchReport::Filter> filters;
    append(expression, count_max, filters);
    return filters;
}

}  // namespace penchant
