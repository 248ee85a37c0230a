// SPDX-License-Identifier: GPL-3.0-or-later
//
// penchant import: a catalog from files into an index. Every file is read twice: once to check all of it, once to send it. So a
// bad record stops an import before anything of it is written, and an import that is cut off later (a power cut, a
// server stopped) can simply be run again: records are known by their objectID. With --replace the records go into an index
// aside, which takes the name in one step when it is complete.
#include "engine/command/arguments.h"
#include "engine/command/import_target.h"
#include "engine/command/input_file.h"
#include "engine/command/progress.h"
#include "engine/command/record_reader.h"
#include "index/limits.h"
#include "index/record.h"
#include "index/settings.h"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>

namespace penchant {

namespace {

constexpr std::size_t bad_lines_shown_max = 20;
constexpr std::size_t batch_bytes_max = 8 * 1024 * 1024;

struct Arguments {
    std::string index;
    std::string data;
    std::string url;
    std::string key;
    std::string settings_file;
    std::string object_id = "objectID";
    RecordFormat format = RecordFormat::automatic;
    bool skip_bad = false;
    bool replace = false;
    bool generate_ids = false;
    bool quiet = false;
    std::size_t batch_records = 1'000;
    std::vector<std::string> arrays;
    std::vector<std::string> texts;
    std::vector<std::string> files;
};

/// What the first pass learns of one file.
struct CheckedFile {
    std::uint64_t records = 0;
    std::uint64_t bad = 0;
    std::set<std::string> number_columns;
};

TableOptions table_options(const Arguments& arguments) {
    TableOptions options;
    for (const std::string& entry : arguments.arrays) {
        const std::size_t colon = entry.find(':');
        options.arrays[entry.substr(0, colon)] = colon == std::string::npos ? ";" : entry.substr(colon + 1);
    }
    options.text_columns.insert(arguments.texts.begin(), arguments.texts.end());
    options.text_columns.insert(arguments.object_id);
    return options;
}

/// The objectID of a record: its own, or the field that --object-id names.
Result<Record> record_of(const ReadRecord& read, const Arguments& arguments) {
    if (read.error) return *read.error;
    PENCHANT_TRY(const auto element, parse_json(read.json));
    std::string object_id;
    if (arguments.object_id != "objectID" && element.is_object()) {
        simdjson::dom::element field;
        if (element.at_key(arguments.object_id).get(field) == simdjson::SUCCESS) {
            std::string_view text;
            std::int64_t number = 0;
            if (field.get(text) == simdjson::SUCCESS) object_id = text;
            else if (field.get(number) == simdjson::SUCCESS) object_id = std::to_string(number);
        }
        if (object_id.empty() && !arguments.generate_ids)
            return Error{Errc::bad_request, "has no " + arguments.object_id + " that could be its objectID"};
    }
    auto record = check_record(element, object_id, arguments.generate_ids);
    simdjson::dom::element hint;
    if (!record && arguments.object_id == "objectID" && element.is_object() &&
        element.at_key("objectID").error() != simdjson::SUCCESS && element.at_key("id").get(hint) == simdjson::SUCCESS)
        return Error{Errc::bad_request, record.error().what + " (--object-id id would take the field \"id\")"};
    return record;
}

Result<CheckedFile> check_file(InputFile& file, const Arguments& arguments, Progress& progress) {
    CheckedFile checked;
    PENCHANT_TRY(auto reader, RecordReader::open(file, arguments.format, table_options(arguments)));
    for (;;) {
        PENCHANT_TRY(auto read, reader.next());
        if (!read) break;
        const auto record = record_of(*read, arguments);
        if (record) {
            ++checked.records;
        } else {
            if (++checked.bad <= bad_lines_shown_max) {
                progress.finish();
                fmt::print(stderr, "{}:{}: {}\n", file.name(), read->line, record.error().what);
            }
            if (!arguments.skip_bad) break;
        }
        progress.show(
            static_cast<double>(file.bytes_consumed()) / static_cast<double>(std::max<std::uint64_t>(1, file.bytes_total())),
            checked.records);
    }
    if (checked.bad > bad_lines_shown_max)
        fmt::print(stderr, "{}: {} more records are bad\n", file.name(), grouped(checked.bad - bad_lines_shown_max));
    checked.number_columns = reader.number_columns();
    return checked;
}

Result<std::uint64_t> send_file(InputFile& file, const CheckedFile& checked, const Arguments& arguments, const std::string& index,
                                ImportTarget& target, Progress& progress, std::uint64_t sent_before,
                                std::uint64_t records_total) {
    PENCHANT_CHECK(file.rewind());
    PENCHANT_TRY(auto reader, RecordReader::open(file, arguments.format, table_options(arguments)));
    reader.set_number_columns(checked.number_columns);
    std::vector<Record> batch;
    std::size_t batch_bytes = 0;
    std::uint64_t sent = 0;
    const auto flush = [&]() -> Result<void> {
        if (batch.empty()) return {};
        const std::size_t count = batch.size();
        PENCHANT_CHECK(target.put(index, std::move(batch)));
        batch.clear();
        batch_bytes = 0;
        sent += count;
        progress.show(static_cast<double>(sent_before + sent) / static_cast<double>(std::max<std::uint64_t>(1, records_total)),
                      sent_before + sent);
        return {};
    };
    for (;;) {
        PENCHANT_TRY(auto read, reader.next());
        if (!read) break;
        auto record = record_of(*read, arguments);
        if (!record) {
            if (arguments.skip_bad) continue;
            return Error{Errc::io, fmt::format("{}:{}: the file changed while it was imported", file.name(), read->line)};
        }
        batch_bytes += record->json.size();
        batch.push_back(std::move(*record));
        if (batch.size() >= arguments.batch_records || batch_bytes >= batch_bytes_max) PENCHANT_CHECK(flush());
    }
    PENCHANT_CHECK(flush());
    return sent;
}

Result<boost::json::object> read_settings(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return Error{Errc::io, "cannot read " + path};
    std::stringstream text;
    text << file.rdbuf();
    boost::system::error_code failure;
    boost::json::value value = boost::json::parse(text.str(), failure);
    if (failure || !value.is_object()) return Error{Errc::bad_request, path + " is not a JSON object"};
    // Told now, by name, and not after the first record.
    PENCHANT_CHECK(Settings{}.merged(value.get_object()));
    return std::move(value.get_object());
}

std::string aside_name(const std::string& index) { return fmt::format("{}_import_{:08x}", index, std::random_device{}()); }

Result<void> import(const Arguments& arguments) {
    boost::json::object settings;
    if (!arguments.settings_file.empty()) {
        PENCHANT_TRY(settings, read_settings(arguments.settings_file));
    }

    std::vector<InputFile> files;
    std::vector<CheckedFile> checked;
    std::uint64_t records = 0;
    std::uint64_t bad = 0;
    for (const std::string& path : arguments.files) {
        PENCHANT_TRY(auto file, InputFile::open(path));
        Progress progress{"checking ", arguments.quiet};
        PENCHANT_TRY(auto result, check_file(file, arguments, progress));
        records += result.records;
        bad += result.bad;
        files.push_back(std::move(file));
        checked.push_back(std::move(result));
        if (bad > 0 && !arguments.skip_bad)
            return Error{Errc::bad_request,
                         "stopped at a bad record; nothing was imported (--on-error skip leaves bad records out)"};
    }

    PENCHANT_TRY(const auto target,
                 arguments.url.empty() ? local_target(arguments.data) : remote_target(arguments.url, arguments.key));
    const std::string index = arguments.replace ? aside_name(arguments.index) : arguments.index;
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t sent = 0;
    const auto work = [&]() -> Result<void> {
        if (arguments.replace) PENCHANT_CHECK(target->copy_settings(arguments.index, index));
        if (!settings.empty()) PENCHANT_CHECK(target->change_settings(index, settings));
        Progress progress{"importing", arguments.quiet};
        for (std::size_t i = 0; i < files.size(); ++i) {
            PENCHANT_TRY(const auto count, send_file(files[i], checked[i], arguments, index, *target, progress, sent, records));
            sent += count;
        }
        PENCHANT_CHECK(target->wait());
        if (arguments.replace) {
            PENCHANT_CHECK(target->move(index, arguments.index));
            PENCHANT_CHECK(target->wait());
        }
        return {};
    };
    if (const auto outcome = work(); !outcome) {
        if (arguments.replace) (void)target->remove(index);  // the index in use was never touched
        if (arguments.replace || sent == 0) return outcome.error();
        return Error{outcome.error().code, fmt::format("{}; {} of {} records are in and safe, run it again for the rest",
                                                       outcome.error().what, grouped(sent), grouped(records))};
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    fmt::print("imported {} records into {} in {:.1f} s ({}/s, searchable)", grouped(sent), arguments.index, seconds,
               grouped(static_cast<std::uint64_t>(static_cast<double>(sent) / std::max(seconds, 1e-3))));
    if (const auto size = target->size(arguments.index); size && size->records > 0)
        fmt::print("; the index holds {} records, {} bytes a record on disk", grouped(size->records),
                   grouped(size->file_bytes / size->records));
    fmt::print("\n");
    if (bad > 0) fmt::print("left out {} bad records\n", grouped(bad));
    return {};
}

}  // namespace

int run_import(int argc, const char* const* argv) {
    Arguments arguments;
    CLI::App app{"Imports records (NDJSON, a JSON array, CSV, TSV; plain, .gz or .zst) into an index.", "penchant import"};
    app.add_option("--index", arguments.index, "name of the index")->required()->envname("PENCHANT_INDEX");
    auto* data =
        app.add_option("--data", arguments.data, "data directory (when no server runs on it)")->envname("PENCHANT_DATA_DIR");
    auto* url = app.add_option("--url", arguments.url, "address of a running server")->envname("PENCHANT_URL")->excludes(data);
    app.add_option("--key", arguments.key, "API key for --url")->envname("PENCHANT_KEY")->needs(url);
    app.add_option("--settings", arguments.settings_file, "JSON file of index settings to apply first");
    app.add_option("--object-id", arguments.object_id, "field that is the objectID")->capture_default_str();
    app.add_flag("--generate-ids", arguments.generate_ids, "make an objectID for records that have none");
    const std::map<std::string, RecordFormat> formats{{"auto", RecordFormat::automatic},
                                                      {"ndjson", RecordFormat::ndjson},
                                                      {"json", RecordFormat::json_array},
                                                      {"csv", RecordFormat::csv},
                                                      {"tsv", RecordFormat::tsv}};
    app.add_option("--format", arguments.format, "auto, ndjson, json, csv or tsv")
        ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case).description(""));
    std::string on_error = "stop";
    app.add_option("--on-error", on_error, "stop: a bad record stops all, nothing is imported; skip: leave it out")
        ->check(CLI::IsMember({"stop", "skip"}))
        ->capture_default_str();
    app.add_option("--array", arguments.arrays, "COLUMN[:SEPARATOR] of a table that holds several values (;)");
    app.add_option("--text", arguments.texts, "COLUMN of a table that stays text though it looks like numbers");
    app.add_flag("--replace", arguments.replace, "the files become the whole index, in one step at the end");
    app.add_option("--batch", arguments.batch_records, "records a request")
        ->check(CLI::Range(std::size_t{1}, limits::batch_requests_max))
        ->capture_default_str();
    app.add_flag("--quiet", arguments.quiet, "no progress");
    app.add_option("files", arguments.files, "FILE... (- is standard input)")->required();
    if (const auto exit = parse_arguments(app, argc, argv)) return *exit;
    arguments.skip_bad = on_error == "skip";
    if (arguments.data.empty() && arguments.url.empty()) {
        fmt::print(stderr, "penchant import: --data DIR or --url URL is needed\n");
        return exit_wrong_use;
    }
    if (const auto outcome = import(arguments); !outcome) {
        fmt::print(stderr, "penchant import: {}\n", outcome.error().what);
        return exit_failed;
    }
    return exit_done;
}

}  // namespace penchant
