// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/record_reader.h"

#include "index/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace penchant {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t raw_record_bytes_max = 16 * 1024 * 1024;  // a record as it stands in the file, blanks included
constexpr int end_of_file = -1;

bool blank(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string too_long() { return "is longer than " + std::to_string(raw_record_bytes_max) + " bytes in the file"; }

/// A number as JSON writes it (RFC 8259 section 6): "12", "-3.5", "1e6"; but not "007", "+1" or ".5", which are more
/// often names of things.
bool plain_number(std::string_view text) {
    if (text.empty() || text.size() > 30) return false;
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return false;
    const auto digit = [](char character) { return character >= '0' && character <= '9'; };
    const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
    if (!digit(digits.front()) || (digits.size() > 1 && digits[0] == '0' && digit(digits[1]))) return false;
    const std::size_t point = digits.find('.');
    return point == std::string_view::npos || (point + 1 < digits.size() && digit(digits[point + 1]));
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

void append_json_array(std::string& json, std::string_view cell, std::string_view separator) {
    json += '[';
    for (;;) {
        const std::size_t cut = cell.find(separator);
        const std::string_view value = trimmed(cell.substr(0, cut));
        if (!value.empty()) {
            if (json.back() != '[') json += ',';
            append_json_string(json, value);
        }
        if (cut == std::string_view::npos) break;
        cell.remove_prefix(cut + separator.size());
    }
    json += ']';
}

}  // namespace

Result<RecordReader> RecordReader::open(InputFile& file, RecordFormat format, TableOptions options) {
    RecordReader reader{file};
    reader.options_ = std::move(options);
    reader.buffer_.resize(chunk_bytes);
    PENCHANT_TRY(const bool any, reader.fill());
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (any && std::string_view{reader.buffer_.data(), reader.end_}.starts_with(byte_order_mark))
        reader.begin_ = byte_order_mark.size();

    if (format == RecordFormat::automatic) {
        const std::string_view head =
            trimmed(std::string_view{reader.buffer_.data() + reader.begin_, reader.end_ - reader.begin_});
        const std::string_view first_line = head.substr(0, head.find('\n'));
        if (head.empty() || head.front() == '{') format = RecordFormat::ndjson;
        else if (head.front() == '[') format = RecordFormat::json_array;
        else format = first_line.find('\t') != std::string_view::npos ? RecordFormat::tsv : RecordFormat::csv;
    }
    reader.format_ = format;

    if (format == RecordFormat::csv || format == RecordFormat::tsv) {
        std::optional<Error> fault;
        PENCHANT_TRY(auto header, reader.read_row(fault));
        if (fault) return Error{Errc::bad_request, file.name() + ": the header row " + fault->what};
        if (!header) return Error{Errc::bad_request, file.name() + ": a table needs a header row"};
        for (std::string& name : *header) name = std::string{trimmed(name)};
        for (std::size_t i = 0; i < header->size(); ++i) {
            if ((*header)[i].empty())
                return Error{Errc::bad_request, file.name() + ": column " + std::to_string(i + 1) + " has no name"};
            if (std::count(header->begin(), header->end(), (*header)[i]) > 1)
                return Error{Errc::bad_request, file.name() + ": two columns are called " + (*header)[i]};
        }
        for (const auto& [name, separator] : reader.options_.arrays)
            if (std::find(header->begin(), header->end(), name) == header->end())
                return Error{Errc::bad_request, file.name() + ": no column is called " + name};
        reader.header_ = std::move(*header);
        reader.could_be_number_.assign(reader.header_.size(), true);
        reader.seen_any_.assign(reader.header_.size(), false);
    }
    return reader;
}

void RecordReader::set_number_columns(std::set<std::string> columns) {
    number_columns_ = std::move(columns);
    numbers_known_ = true;
}

Result<bool> RecordReader::fill() {
    begin_ = 0;
    PENCHANT_TRY(end_, file_->read(buffer_));
    return end_ > 0;
}

Result<int> RecordReader::peek() {
    if (begin_ == end_) {
        PENCHANT_TRY(const bool any, fill());
        if (!any) return end_of_file;
    }
    return static_cast<unsigned char>(buffer_[begin_]);
}

Result<std::optional<ReadRecord>> RecordReader::next() {
    switch (format_) {
        case RecordFormat::json_array: return next_array_record();
        case RecordFormat::csv:
        case RecordFormat::tsv: return next_row_record();
        case RecordFormat::automatic:
        case RecordFormat::ndjson: break;
    }
    return next_line_record();
}

Result<std::optional<std::string>> RecordReader::read_line() {
    std::string line;
    bool any = false;
    for (;;) {
        if (begin_ == end_) {
            PENCHANT_TRY(const bool more, fill());
            if (!more) break;
        }
        any = true;
        const char* const first = buffer_.data() + begin_;
        const char* const last = buffer_.data() + end_;
        const char* const newline = std::find(first, last, '\n');
        // Past the limit the line is still read to its end, but not kept: one byte over is enough to tell.
        if (line.size() <= raw_record_bytes_max) line.append(first, newline);
        begin_ += static_cast<std::size_t>(newline - first);
        if (newline != last) {
            ++begin_;
            break;
        }
    }
    if (!any) return std::optional<std::string>{};
    return std::optional<std::string>{std::move(line)};
}

Result<std::optional<ReadRecord>> RecordReader::next_line_record() {
    for (;;) {
        const std::uint64_t line_number = line_;
        PENCHANT_TRY(auto line, read_line());
        if (!line) return std::optional<ReadRecord>{};
        ++line_;
        const std::string_view text = trimmed(*line);
        if (text.empty()) continue;
        ReadRecord record{line_number, {}, {}};
        if (text.size() > raw_record_bytes_max) record.error = Error{Errc::bad_request, too_long()};
        else record.json = std::string{text};
        return std::optional<ReadRecord>{std::move(record)};
    }
}

// An element ends where its brackets close; what is inside is the JSON parser's business.
Result<std::optional<ReadRecord>> RecordReader::next_array_record() {
    const auto fault = [&](std::string what) {
        array_done_ = true;  // behind a broken bracket nobody knows where the next element begins
        return std::optional<ReadRecord>{ReadRecord{line_, {}, Error{Errc::bad_request, std::move(what)}}};
    };
    const auto advance = [&](int c) {
        if (c == '\n') ++line_;
        ++begin_;
    };
    while (!array_done_) {
        PENCHANT_TRY(const int c, peek());
        if (c == end_of_file) {
            if (!array_open_) return fault("is not a JSON array");
            return fault("ends before its array is closed");
        }
        if (blank(c)) {
            advance(c);
            continue;
        }
        if (!array_open_) {
            if (c != '[') return fault("is not a JSON array");
            array_open_ = true;
            advance(c);
            continue;
        }
        if (c == ']') {
            if (behind_comma_) return fault("has a comma behind its last record");
            advance(c);
            array_done_ = true;
            while (true) {
                PENCHANT_TRY(const int rest, peek());
                if (rest == end_of_file) return std::optional<ReadRecord>{};
                if (!blank(rest)) return fault("has text behind its array");
                advance(rest);
            }
        }
        if (!behind_element_ && c == ',') return fault("has a comma where a record should begin");
        if (behind_element_) {
            if (c != ',') return fault("misses a comma between two records");
            behind_element_ = false;
            behind_comma_ = true;
            advance(c);
            continue;
        }
        ReadRecord record{line_, {}, {}};
        std::size_t depth = 0;
        bool in_string = false;
        bool escaped = false;
        for (;;) {
            PENCHANT_TRY(const int next, peek());
            if (next == end_of_file) return fault("ends in the middle of a record");
            const char character = static_cast<char>(next);
            if (!in_string && depth == 0 && !record.json.empty() && (next == ',' || next == ']')) break;
            if (record.json.size() <= raw_record_bytes_max) record.json += character;
            advance(next);
            if (in_string) {
                if (escaped) escaped = false;
                else if (character == '\\') escaped = true;
                else if (character == '"') in_string = false;
                continue;
            }
            if (character == '"') in_string = true;
            else if (character == '{' || character == '[') ++depth;
            else if ((character == '}' || character == ']') && --depth == 0) break;
        }
        behind_element_ = true;
        behind_comma_ = false;
        if (record.json.size() > raw_record_bytes_max) {
            record.json.clear();
            record.error = Error{Errc::bad_request, too_long()};
        }
        return std::optional<ReadRecord>{std::move(record)};
    }
    return std::optional<ReadRecord>{};
}

// RFC 4180: a quoted cell may hold separators, line ends and doubled quotes. TSV has no quotes.
Result<std::optional<std::vector<std::string>>> RecordReader::read_row(std::optional<Error>& error) {
    const bool tabs = format_ == RecordFormat::tsv;
    const char separator = tabs ? '\t' : ',';
    std::vector<std::string> cells;
    std::string cell;
    std::size_t row_bytes = 0;
    bool any = false;
    bool quoted = false;
    for (;;) {
        PENCHANT_TRY(const int next, peek());
        if (next == end_of_file) {
            if (quoted) error = Error{Errc::bad_request, "ends inside a quoted cell"};
            if (!any) return std::optional<std::vector<std::string>>{};
            break;
        }
        any = true;
        const char character = static_cast<char>(next);
        ++begin_;
        if (character == '\n') ++line_;
        if (++row_bytes > raw_record_bytes_max) {
            error = Error{Errc::bad_request, too_long()};
            cell.clear();
            if (character == '\n' && !quoted) break;
            if (row_bytes > 2 * raw_record_bytes_max) quoted = false;  // a quote that never closes: give the row up
            continue;
        }
        if (quoted) {
            if (character != '"') {
                cell += character;
                continue;
            }
            PENCHANT_TRY(const int after, peek());
            if (after == '"') {
                cell += '"';
                ++begin_;
            } else {
                quoted = false;
            }
        } else if (character == '\n') {
            break;
        } else if (character == separator) {
            cells.push_back(std::move(cell));
            cell.clear();
        } else if (character == '"' && !tabs && cell.empty()) {
            quoted = true;
        } else {
            cell += character;
        }
    }
    if (!cell.empty() && cell.back() == '\r') cell.pop_back();
    cells.push_back(std::move(cell));
    return std::optional<std::vector<std::string>>{std::move(cells)};
}

Result<std::optional<ReadRecord>> RecordReader::next_row_record() {
    for (;;) {
        ReadRecord record{line_, {}, {}};
        PENCHANT_TRY(auto cells, read_row(record.error));
        if (!cells) {
            if (!numbers_known_)
                for (std::size_t i = 0; i < header_.size(); ++i)
                    if (could_be_number_[i] && seen_any_[i]) number_columns_.insert(header_[i]);
            return std::optional<ReadRecord>{};
        }
        if (cells->size() == 1 && cells->front().empty() && !record.error) continue;  // an empty line
        if (!record.error && cells->size() != header_.size())
            record.error = Error{Errc::bad_request, "has " + std::to_string(cells->size()) + " cells where the header has " +
                                                        std::to_string(header_.size())};
        if (!record.error) {
            if (!numbers_known_) note_numbers(*cells);
            record.json = row_json(*cells);
        }
        return std::optional<ReadRecord>{std::move(record)};
    }
}

void RecordReader::note_numbers(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].empty()) continue;
        seen_any_[i] = true;
        if (could_be_number_[i] && (options_.text_columns.contains(header_[i]) || !plain_number(trimmed(cells[i]))))
            could_be_number_[i] = false;
    }
}

std::string RecordReader::row_json(const std::vector<std::string>& cells) {
    std::string json = "{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].empty()) continue;
        if (json.size() > 1) json += ',';
        append_json_string(json, header_[i]);
        json += ':';
        const auto array = options_.arrays.find(header_[i]);
        if (array != options_.arrays.end()) append_json_array(json, cells[i], array->second);
        else if (numbers_known_ && number_columns_.contains(header_[i])) json += trimmed(cells[i]);
        else append_json_string(json, cells[i]);
    }
    return json += '}';
}

}  // namespace penchant
