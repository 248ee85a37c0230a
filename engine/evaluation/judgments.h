// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people said about results: for each query the grades of the records they looked at.
//
// Read from a table with a header line (CSV, TSV) or NDJSON, packed or not. Columns are known by name, case and "_" aside:
//   query     query, q, query_text; or query_id with a second file that tells each id's text
//   record    objectID, id, doc_id, document_id, product_id, record_id
//   grade     grade, rating, relevance, label, score
// Other columns do not matter. A pair that comes twice has the later grade.
#pragma once

#include "index/error.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

inline constexpr double grade_max = 30;  ///< gains grow as 2^grade

struct JudgedQuery {
    std::string text;
    std::map<std::string, double, std::less<>> grades;  ///< by objectID; 0 and above, higher is better
};

struct Judgments {
    std::vector<JudgedQuery> queries;  ///< in the order of the file
    double best_grade = 0;
    /// From which grade on a record is a good result unless somebody says otherwise: half of the best one and above.
    [[nodiscard]] double relevant_from() const { return best_grade / 2; }
};

/// `queries_path` is empty, or a table of query_id and query. Errors: io, corrupt, bad_request with file and line.
[[nodiscard]] Result<Judgments> read_judgments(const std::string& path, const std::string& queries_path);

/// Which half of any set of queries a query belongs to, by its text alone: tune on one half, look at the other once.
[[nodiscard]] bool in_even_half(std::string_view query);

}  // namespace penchant
