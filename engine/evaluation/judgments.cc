// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/evaluation/judgments.h"

#include "engine/command/input_file.h"
#include "engine/command/record_reader.h"
#include "engine/json_body.h"
#include "index/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <set>

namespace penchant {
namespace {

namespace json = boost::json;

constexpr std::array query_names = {"query", "q", "querytext"};
constexpr std::array query_id_names = {"queryid", "qid"};
constexpr std::array record_names = {"objectid", "id", "docid", "documentid", "productid", "recordid"};
constexpr std::array grade_names = {"grade", "rating", "relevance", "label", "score"};

std::string plain(std::string_view name) {
    std::string text;
    for (const char c : name)
        if (c != '_' && c != ' ') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

// The value of the first of `names` that the row has, as text.
template <class Names>
std::string cell(const json::object& row, const Names& names) {
    for (const std::string_view wanted : names)
        for (const auto& [name, value] : row)
            if (plain(name) == wanted && !value.is_null())
                return value.is_string() ? std::string(std::string_view(value.get_string())) : json_text(value);
    return {};
}

Error at(const std::string& path, std::uint64_t line, std::string_view what) {
    return {Errc::bad_request, fmt::format("{}:{}: {}", path, line, what)};
}

Result<void> for_each_row(const std::string& path,
                          const std::function<Result<void>(const json::object&, std::uint64_t)>& visit) {
    PENCHANT_TRY(auto file, InputFile::open(path));
    PENCHANT_TRY(auto reader, RecordReader::open(file, RecordFormat::automatic, {}));
    for (;;) {
        PENCHANT_TRY(const auto read, reader.next());
        if (!read) return {};
        if (read->error) return at(path, read->line, read->error->what);
        PENCHANT_TRY(const json::value row, parse_json_value(read->json));
        if (!row.is_object()) return at(path, read->line, "expected an object");
        PENCHANT_CHECK(visit(row.get_object(), read->line));
    }
}

}  // namespace

Result<Judgments> read_judgments(const std::string& path, const std::string& queries_path) {
    std::map<std::string, std::string> texts;  // by query id
    if (!queries_path.empty())
        PENCHANT_CHECK(for_each_row(queries_path, [&](const json::object& row, std::uint64_t line) -> Result<void> {
            const std::string id = cell(row, query_id_names);
            const std::string text = cell(row, query_names);
            if (id.empty() || text.empty()) return at(queries_path, line, "expected the columns query_id and query");
            texts[id] = text;
            return {};
        }));

    Judgments judgments;
    std::map<std::string, std::size_t> numbers;  // of queries, by text
    PENCHANT_CHECK(for_each_row(path, [&](const json::object& row, std::uint64_t line) -> Result<void> {
        std::string text = cell(row, query_names);
        const std::string record = cell(row, record_names);
        const std::string grade_text = cell(row, grade_names);
        if (const std::string id = cell(row, query_id_names); text.empty() && !id.empty()) {
            const auto found = texts.find(id);
            if (found == texts.end())
                return at(path, line, queries_path.empty() ? "has query ids: name the file with their texts (--queries)"
                                                           : "no text for query_id " + id + " in " + queries_path);
            text = found->second;
        }
        if (text.empty() || record.empty() || grade_text.empty())
            return at(path, line, "expected a query, an objectID and a grade (columns such as query, objectID, grade)");
        double grade = -1;
        const auto [end, failure] = std::from_chars(grade_text.data(), grade_text.data() + grade_text.size(), grade);
        if (failure != std::errc() || end != grade_text.data() + grade_text.size() || !(grade >= 0 && grade <= grade_max))
            return at(path, line, fmt::format("expected a grade from 0 to {}, got \"{}\"", grade_max, grade_text));
        const auto [number, fresh] = numbers.emplace(text, judgments.queries.size());
        if (fresh) judgments.queries.push_back({std::move(text), {}});
        judgments.queries[number->second].grades[record] = grade;
        judgments.best_grade = std::max(judgments.best_grade, grade);
        return {};
    }));
    if (judgments.queries.empty()) return Error{Errc::bad_request, path + ": there is no judgment in it"};
    return judgments;
}

bool in_even_half(std::string_view query) {
    std::uint64_t hash = 14695981039346656037U;  // FNV-1a, the same on every machine
    for (const char c : query) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;  // texts that differ at their end only must not stay together
    return (hash >> 63U) == 0;
}

}  // namespace penchant
