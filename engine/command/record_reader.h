// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records out of a file, one at a time: NDJSON (one object a line), a JSON array of objects, CSV (RFC 4180) or TSV
// with a header row. What is wrong with a record is told with the line it begins on, and reading can go on behind it.
#pragma once

#include "engine/command/input_file.h"
#include "index/error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

enum class RecordFormat { automatic, ndjson, json_array, csv, tsv };

/// How table cells become values: columns whose every cell is a plain number become numbers, others stay text; `arrays`
/// names columns whose cells hold several values and what separates them. Empty cells are left out.
struct TableOptions {
    std::map<std::string, std::string> arrays;
    std::set<std::string> text_columns;  ///< never numbers (the objectID column is one)
};

/// What was read: the record's JSON, or why these lines are none.
struct ReadRecord {
    std::uint64_t line = 0;  ///< 1-based, where it begins
    std::string json;
    std::optional<Error> error;
};

/// One thread. Reads one InputFile, which it borrows.
class RecordReader {
public:
    /// Finds the format when it is `automatic`: "[" begins an array, "{" NDJSON, else a table; tabs in the first line make it
    /// TSV. bad_request when a table has no header or two columns of one name.
    [[nodiscard]] static Result<RecordReader> open(InputFile& file, RecordFormat format, TableOptions options);

    /// The next record, or nullopt at the end. Errors are of the file (io, corrupt), not of one record.
    [[nodiscard]] Result<std::optional<ReadRecord>> next();

    /// After a whole pass over a table: which columns held numbers only. Give it to the second pass.
    [[nodiscard]] const std::set<std::string>& number_columns() const { return number_columns_; }
    void set_number_columns(std::set<std::string> columns);

    [[nodiscard]] RecordFormat format() const { return format_; }

private:
    explicit RecordReader(InputFile& file) : file_{&file} {}
    Result<bool> fill();
    Result<int> peek();
    Result<std::optional<std::string>> read_line();
    Result<std::optional<ReadRecord>> next_line_record();
    Result<std::optional<ReadRecord>> next_array_record();
    Result<std::optional<ReadRecord>> next_row_record();
    Result<std::optional<std::vector<std::string>>> read_row(std::optional<Error>& error);
    std::string row_json(const std::vector<std::string>& cells);
    void note_numbers(const std::vector<std::string>& cells);

    InputFile* file_;
    RecordFormat format_ = RecordFormat::automatic;
    TableOptions options_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t line_ = 1;
    std::vector<std::string> header_;
    std::vector<bool> could_be_number_;
    std::vector<bool> seen_any_;
    std::set<std::string> number_columns_;
    bool numbers_known_ = false;
    bool array_open_ = false;
    bool array_done_ = false;
    bool behind_element_ = false;  ///< a comma or the end comes next
    bool behind_comma_ = false;    ///< an element must come next
};

}  // namespace penchant
