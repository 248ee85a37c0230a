// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/record_reader.h"
#include "tests/catch.h"

#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

using namespace penchant;

namespace {

struct TemporaryFile {
    std::filesystem::path path;
    explicit TemporaryFile(const std::string& content) {
        path = std::filesystem::temp_directory_path() / ("penchant_reader_" + std::to_string(std::random_device{}()));
        std::ofstream{path, std::ios::binary} << content;
    }
    ~TemporaryFile() { std::filesystem::remove(path); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
};

std::string gzip(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string zstandard(const std::string& text) {
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
    return packed;
}

struct Outcome {
    std::vector<std::string> records;
    std::vector<std::string> faults;  // "line: sentence"
    std::set<std::string> numbers;
};

Outcome read_all(const std::string& content, RecordFormat format = RecordFormat::automatic, TableOptions options = {}) {
    const TemporaryFile temporary{content};
    auto file = InputFile::open(temporary.path.string());
    REQUIRE(file);
    auto reader = RecordReader::open(*file, format, options);
    REQUIRE(reader);
    Outcome outcome;
    for (;;) {
        auto read = reader->next();
        REQUIRE(read);
        if (!*read) break;
        if ((*read)->error) outcome.faults.push_back(std::to_string((*read)->line) + ": " + (*read)->error->what);
        else outcome.records.push_back((*read)->json);
    }
    outcome.numbers = reader->number_columns();
    return outcome;
}

}  // namespace

TEST_CASE("NDJSON gives a record a line and passes empty lines over") {
    const auto outcome = read_all("{\"a\":1}\r\n\n  {\"a\":2}  \n{\"a\":3}");
    CHECK(outcome.records == std::vector<std::string>{"{\"a\":1}", "{\"a\":2}", "{\"a\":3}"});
    CHECK(outcome.faults.empty());
}

TEST_CASE("a byte order mark is no part of the first record") {
    CHECK(read_all("\xEF\xBB\xBF{\"a\":1}\n").records == std::vector<std::string>{"{\"a\":1}"});
}

TEST_CASE("a JSON array gives its elements, whatever brackets stand in strings") {
    const auto outcome = read_all("[ {\"a\":\"]},{\\\"\"},\n {\"b\":[1,{\"c\":2}]} , 7 ]\n");
    CHECK(outcome.records == std::vector<std::string>{"{\"a\":\"]},{\\\"\"}", "{\"b\":[1,{\"c\":2}]}", "7 "});
    CHECK(outcome.faults.empty());
    CHECK(read_all("[]").records.empty());
}

TEST_CASE("a broken JSON array is told with its line") {
    CHECK(read_all("[{\"a\":1},\n{\"a\":").faults == std::vector<std::string>{"2: ends in the middle of a record"});
    CHECK(read_all("[{\"a\":1}\n{\"a\":2}]").faults == std::vector<std::string>{"2: misses a comma between two records"});
    CHECK(read_all("[{\"a\":1},]").faults == std::vector<std::string>{"1: has a comma behind its last record"});
    CHECK(read_all("[{\"a\":1}] x").faults == std::vector<std::string>{"1: has text behind its array"});
    CHECK(read_all("[{\"a\":1}").faults == std::vector<std::string>{"1: ends before its array is closed"});
    CHECK(read_all("{\"a\":1}", RecordFormat::json_array).faults == std::vector<std::string>{"1: is not a JSON array"});
}

TEST_CASE("a table's quoted cells hold separators, quotes and line ends") {
    const auto outcome = read_all("id,name\n1,\"a, \"\"b\"\"\nc\"\n2,plain\r\n");
    CHECK(outcome.records == std::vector<std::string>{R"({"id":"1","name":"a, \"b\"\nc"})", R"({"id":"2","name":"plain"})"});
}

TEST_CASE("a table's columns are numbers when every cell is a plain one") {
    TableOptions options;
    options.text_columns = {"id"};
    const std::string table = "id\tprice\tcode\tsize\n1\t9.5\t007\t\n2\t-3\t12\t4\n";
    auto first = read_all(table, RecordFormat::automatic, options);
    CHECK(first.numbers == std::set<std::string>{"price", "size"});

    const TemporaryFile temporary{table};
    auto file = InputFile::open(temporary.path.string());
    auto reader = RecordReader::open(*file, RecordFormat::automatic, options);
    reader->set_number_columns(first.numbers);
    CHECK((*reader->next())->json == R"({"id":"1","price":9.5,"code":"007"})");
    CHECK((*reader->next())->json == R"({"id":"2","price":-3,"code":"12","size":4})");
}

TEST_CASE("cells with several values become arrays") {
    TableOptions options;
    options.arrays = {{"tags", "|"}};
    CHECK(read_all("id,tags\n1,a| b |\n", RecordFormat::automatic, options).records ==
          std::vector<std::string>{R"({"id":"1","tags":["a","b"]})"});
}

TEST_CASE("a row with too many or too few cells is named and the next one read") {
    const auto outcome = read_all("a,b\n1,2,3\n4,5\n6\n");
    CHECK(outcome.faults ==
          std::vector<std::string>{"2: has 3 cells where the header has 2", "4: has 1 cells where the header has 2"});
    CHECK(outcome.records == std::vector<std::string>{R"({"a":"4","b":"5"})"});
    CHECK(read_all("a,b\n\"1,2\n").faults == std::vector<std::string>{"2: ends inside a quoted cell"});
}

TEST_CASE("two columns of one name are refused") {
    const TemporaryFile temporary{"a,a\n1,2\n"};
    auto file = InputFile::open(temporary.path.string());
    const auto reader = RecordReader::open(*file, RecordFormat::csv, {});
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == Errc::bad_request);
}

TEST_CASE("packed files read like plain ones, in one piece or several") {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += "{\"n\":" + std::to_string(i) + "}\n";
    const std::size_t half = text.find("{\"n\":25000}");
    const auto plain = read_all(text);
    REQUIRE(plain.records.size() == 50'000);
    CHECK(read_all(gzip(text)).records == plain.records);
    CHECK(read_all(zstandard(text)).records == plain.records);
    CHECK(read_all(gzip(text.substr(0, half)) + gzip(text.substr(half))).records == plain.records);
    CHECK(read_all(zstandard(text.substr(0, half)) + zstandard(text.substr(half))).records == plain.records);
}

TEST_CASE("a packed file that was cut off is damaged, not shorter") {
    std::string text;
    for (int i = 0; i < 5'000; ++i) text += "{\"n\":" + std::to_string(i * 7919) + "}\n";
    for (const std::string& packed : {gzip(text), zstandard(text)}) {
        const TemporaryFile temporary{packed.substr(0, packed.size() - 20)};
        auto file = InputFile::open(temporary.path.string());
        std::vector<char> buffer(1 << 20);
        const auto outcome = file->read(buffer);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().code == Errc::corrupt);
    }
}

TEST_CASE("a file can be read again from its first byte") {
    const TemporaryFile temporary{gzip("{\"a\":1}\n")};
    auto file = InputFile::open(temporary.path.string());
    std::vector<char> buffer(100);
    CHECK(file->read(buffer).value() == 8);
    CHECK(file->read(buffer).value() == 0);
    REQUIRE(file->rewind());
    CHECK(file->read(buffer).value() == 8);
}

TEST_CASE("a file that is not there is named") {
    const auto file = InputFile::open("/no/such/file");
    REQUIRE_FALSE(file);
    CHECK(file.error().what.find("/no/such/file") != std::string::npos);
}
