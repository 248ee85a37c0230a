// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store.h"

#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

namespace penchant {
namespace {

// On disk a family is known by its name, so the order of the enumerators may change.
constexpr std::array<std::string_view, family_count> family_names{
    "system", "operations", "keys", "facet_values", "events", "identities", "profiles", "module"};

constexpr std::string_view format_key = "format";
constexpr int format_version = 1;

std::size_t number(Family family) { return static_cast<std::size_t>(family); }

// An empty view may point nowhere, which RocksDB does not like.
rocksdb::Slice slice(std::string_view text) {
    return text.empty() ? rocksdb::Slice() : rocksdb::Slice(text.data(), text.size());
}
std::string_view view(const rocksdb::Slice& text) { return {text.data(), text.size()}; }

Error error_of(const rocksdb::Status& status) {
    if (status.IsNoSpace()) return {Errc::disk_full, "no space is left on the disk of the data directory"};
    if (status.IsCorruption()) return {Errc::corrupt, "the store is damaged: " + status.ToString()};
    if (status.IsIOError() && status.ToString().find("No space left") != std::string::npos)
        return {Errc::disk_full, "no space is left on the disk of the data directory"};
    return {Errc::io, "the store refused: " + status.ToString()};
}

rocksdb::CompressionType compression() {
    const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
    for (const auto type : {rocksdb::kLZ4Compression, rocksdb::kSnappyCompression})
        if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
    return rocksdb::kNoCompression;
}

rocksdb::DBOptions database_options() {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.enable_pipelined_write = true;
    options.max_background_jobs = 2;
    options.max_open_files = 512;
    options.max_total_wal_size = std::uint64_t{128} << 20U;
    options.db_write_buffer_size = std::size_t{96} << 20U;
    options.bytes_per_sync = 1U << 20U;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.max_log_file_size = 1U << 20U;
    options.keep_log_file_num = 2;
    options.stats_dump_period_sec = 0;
    // The manifest names the first and last key of every file, visitors' tokens among them. Begun anew with each
    // change of files, it forgets with them what was erased.
    options.max_manifest_file_size = 1;
    return options;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::ColumnFamilyOptions options;
    // Operations are written once, read once and removed: a larger buffer lets most of them die in memory.
    const bool busy = family == Family::operations || family == Family::events || family == Family::profiles;
    options.write_buffer_size = (busy ? std::size_t{32} : std::size_t{2}) << 20U;
    options.compression = compression();
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.format_version = 5;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    return options;
}

/// Holds the lock of a data directory. A lock file of our own, so that readers and writers, and two openings in one
/// process, are told apart the same way.
class DirectoryLock {
public:
    DirectoryLock() = default;
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;
    ~DirectoryLock() {
        if (file_ >= 0) ::close(file_);
    }
    Result<void> take(const std::string& directory, bool shared) {
        const std::string path = directory + "/lock";
        file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (file_ < 0 && shared) file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file_ < 0)
            return Error{errno == ENOSPC ? Errc::disk_full : Errc::io,
                         fmt::format("cannot open {}: {}", path, std::strerror(errno))};
        if (::flock(file_, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
            return Error{Errc::conflict, fmt::format("the data directory {} is in use by another process", directory)};
        return {};
    }

private:
    int file_ = -1;
};

}  // namespace

// -- batches ----------------------------------------------------------------------------------------------------------

struct StoreBatch::Body {
    // Families are put in by number; Store::write replays them into a batch with the handles of the open database.
    enum class Kind : std::uint8_t { put, remove, remove_range };
    struct Change {
        Kind kind;
        Family family;
        std::string first;
        std::string second;
    };
    std::vector<Change> changes;
    std::size_t bytes = 0;
};

StoreBatch::StoreBatch() : body_(std::make_unique<Body>()) {}
StoreBatch::~StoreBatch() = default;
StoreBatch::StoreBatch(StoreBatch&&) noexcept = default;
StoreBatch& StoreBatch::operator=(StoreBatch&&) noexcept = default;

void StoreBatch::put(Family family, std::string_view key, std::string_view value) {
    body_->bytes += key.size() + value.size() + 16;
    body_->changes.push_back({Body::Kind::put, family, std::string(key), std::string(value)});
}
void StoreBatch::remove(Family family, std::string_view key) {
    body_->bytes += key.size() + 16;
    body_->changes.push_back({Body::Kind::remove, family, std::string(key), {}});
}
void StoreBatch::remove_range(Family family, std::string_view begin, std::string_view end) {
    body_->bytes += begin.size() + end.size() + 16;
    body_->changes.push_back({Body::Kind::remove_range, family, std::string(begin), std::string(end)});
}
bool StoreBatch::empty() const { return body_->changes.empty(); }

// -- the store --------------------------------------------------------------------------------------------------------

struct Store::Body {
    std::string directory;
    bool read_only = false;
    DirectoryLock lock;  // outlives the database
    std::unique_ptr<rocksdb::DB> database;
    std::array<rocksdb::ColumnFamilyHandle*, family_count> families{};  // null: missing in a read-only store
    std::mutex resume_mutex;

    ~Body() {
        if (!database) return;
        for (rocksdb::ColumnFamilyHandle* handle : families)
            if (handle) database->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
        database->Close().PermitUncheckedError();
    }

    [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const { return families[number(family)]; }

    // A write that fills the disk to the last byte leaves no room to recover in, neither for RocksDB's own files nor
    // for Xapian's commits. So requests are refused while some room is left.
    [[nodiscard]] bool room_for(std::size_t bytes) const {
        struct statvfs disk {};
        if (::statvfs(directory.c_str(), &disk) != 0) return true;
        const std::uint64_t unit = disk.f_frsize;
        const std::uint64_t reserve = std::clamp<std::uint64_t>(unit * disk.f_blocks / 50, std::uint64_t{512} << 10U,
                                                                std::uint64_t{64} << 20U);
        return unit * disk.f_bavail >= reserve + 2 * bytes;
    }

    Result<void> write(StoreBatch::Body& batch, bool sync) {
        if (read_only) return Error{Errc::unavailable, "the store is open for reading only"};
        if (batch.changes.empty()) return {};
        if (sync && !room_for(batch.bytes)) return error_of(rocksdb::Status::NoSpace());
        rocksdb::WriteBatch changes(batch.bytes + 64);
        for (const auto& change : batch.changes) {
            rocksdb::ColumnFamilyHandle* family = handle(change.family);
            rocksdb::Status status;
            switch (change.kind) {
                case StoreBatch::Body::Kind::put:
                    status = changes.Put(family, change.first, change.second);
                    break;
                case StoreBatch::Body::Kind::remove:
                    status = changes.Delete(family, change.first);
                    break;
                case StoreBatch::Body::Kind::remove_range:
                    status = changes.DeleteRange(family, change.first, change.second);
                    break;
            }
            if (!status.ok()) return error_of(status);
        }
        rocksdb::WriteOptions options;
        options.sync = sync;
        rocksdb::Status status = database->Write(options, &changes);
        if (status.ok()) return {};
        // After an error of the disk RocksDB refuses all writes until told to go on. When there is room again, tell
        // it and try once more: this is how a full disk heals without a restart.
        if (room_for(batch.bytes)) {
            const std::lock_guard guard(resume_mutex);
            if (database->Resume().ok()) status = database->Write(options, &changes);
        }
        if (status.ok()) return {};
        return error_of(status);
    }
};

Store::Store(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::string& directory, bool read_only) {
    std::error_code failed;
    if (!read_only) std::filesystem::create_directories(directory, failed);
    if (failed || !std::filesystem::is_directory(directory, failed))
        return Error{failed == std::errc::no_space_on_device ? Errc::disk_full : Errc::io,
                     fmt::format("cannot use {} as a data directory: {}", directory,
                                 failed ? failed.message() : std::string("there is no such directory"))};

    auto body = std::make_unique<Body>();
    body->directory = directory;
    body->read_only = read_only;
    PENCHANT_CHECK(body->lock.take(directory, read_only));

    const std::string path = directory + "/store";
    const bool exists = std::filesystem::exists(path + "/CURRENT", failed);
    std::vector<std::string> present{rocksdb::kDefaultColumnFamilyName};
    if (exists) {
        present.clear();
        const rocksdb::Status status = rocksdb::DB::ListColumnFamilies(database_options(), path, &present);
        if (!status.ok()) return error_of(status);
    } else if (read_only) {
        return Error{Errc::not_found, fmt::format("{} holds no data", directory)};
    }
    for (const std::string& name : present)
        if (name != rocksdb::kDefaultColumnFamilyName &&
            std::find(family_names.begin(), family_names.end(), name) == family_names.end())
            return Error{Errc::bad_request,
                         fmt::format("{} was written by a newer version: it has a family \"{}\"", path, name)};

    const auto cache = rocksdb::NewLRUCache(std::size_t{64} << 20U);
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions{});
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < family_count; ++i) {
        const std::string name(family_names[i]);
        if (read_only && std::find(present.begin(), present.end(), name) == present.end()) continue;
        descriptors.emplace_back(name, family_options(static_cast<Family>(i), cache));
        numbers.push_back(i);
    }

    rocksdb::DB* database = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    const rocksdb::Status status =
        read_only ? rocksdb::DB::OpenForReadOnly(database_options(), path, descriptors, &handles, &database)
                  : rocksdb::DB::Open(database_options(), path, descriptors, &handles, &database);
    if (!status.ok()) {
        if (status.IsIOError() && status.ToString().find("lock") != std::string::npos)
            return Error{Errc::conflict, fmt::format("the data directory {} is in use by another process", directory)};
        return error_of(status);
    }
    body->database.reset(database);
    database->DestroyColumnFamilyHandle(handles[0]).PermitUncheckedError();
    for (std::size_t i = 0; i < numbers.size(); ++i) body->families[numbers[i]] = handles[i + 1];

    std::unique_ptr<Store> store(new Store(std::move(body)));
    PENCHANT_TRY(const auto format, store->get(Family::system, format_key));
    if (!format) {
        if (!read_only) {
            StoreBatch batch;
            batch.put(Family::system, format_key, std::to_string(format_version));
            PENCHANT_CHECK(store->write(std::move(batch)));
        }
    } else if (std::atoi(format->c_str()) != format_version) {
        return Error{Errc::bad_request, fmt::format("{} has format {}; this version reads format {}", directory,
                                                    *format, format_version)};
    }
    return store;
}

Result<void> Store::write(StoreBatch batch) { return body_->write(*batch.body_, true); }
Result<void> Store::write_unsynced(StoreBatch batch) { return body_->write(*batch.body_, false); }

Result<std::optional<std::string>> Store::get(Family family, std::string_view key) const {
    rocksdb::ColumnFamilyHandle* handle = body_->handle(family);
    if (!handle) return std::optional<std::string>{};
    std::string value;
    const rocksdb::Status status = body_->database->Get(rocksdb::ReadOptions{}, handle, slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return error_of(status);
    return std::optional<std::string>(std::move(value));
}

Result<void> Store::scan(Family family, std::string_view begin, std::string_view end,
                         const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
    rocksdb::ColumnFamilyHandle* handle = body_->handle(family);
    if (!handle) return {};
    rocksdb::ReadOptions options;
    const rocksdb::Slice upper = slice(end);
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(body_->database->NewIterator(options, handle));
    for (at->Seek(slice(begin)); at->Valid(); at->Next())
        if (!visit(view(at->key()), view(at->value()))) return {};
    if (!at->status().ok()) return error_of(at->status());
    return {};
}

Result<void> Store::scan_backwards(
    Family family, std::string_view begin, std::string_view end,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
    rocksdb::ColumnFamilyHandle* handle = body_->handle(family);
    if (!handle) return {};
    rocksdb::ReadOptions options;
    const rocksdb::Slice lower = slice(begin);
    const rocksdb::Slice upper = slice(end);
    options.iterate_lower_bound = &lower;
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(body_->database->NewIterator(options, handle));
    for (at->SeekToLast(); at->Valid(); at->Prev())
        if (!visit(view(at->key()), view(at->value()))) return {};
    if (!at->status().ok()) return error_of(at->status());
    return {};
}

Result<void> Store::compact(Family family, std::string_view begin, std::string_view end) {
    if (body_->read_only) return Error{Errc::unavailable, "the store is open for reading only"};
    rocksdb::ColumnFamilyHandle* handle = body_->handle(family);
    // What is still in memory, and in the write-ahead log, has to reach a file to be dropped from there.
    rocksdb::Status status = body_->database->Flush(rocksdb::FlushOptions{}, handle);
    if (!status.ok()) return error_of(status);
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = false;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    const rocksdb::Slice first = slice(begin);
    const rocksdb::Slice last = slice(end);
    status = body_->database->CompactRange(options, handle, &first, end.empty() ? nullptr : &last);
    if (!status.ok()) return error_of(status);
    return {};
}

Result<void> Store::verify() const {
    const rocksdb::Status status = body_->database->VerifyChecksum();
    if (!status.ok()) return error_of(status);
    return {};
}

std::uint64_t Store::approximate_bytes(Family family) const {
    rocksdb::ColumnFamilyHandle* handle = body_->handle(family);
    if (!handle) return 0;
    std::uint64_t files = 0;
    std::uint64_t memory = 0;
    body_->database->GetIntProperty(handle, rocksdb::DB::Properties::kTotalSstFilesSize, &files);
    body_->database->GetIntProperty(handle, rocksdb::DB::Properties::kCurSizeAllMemTables, &memory);
    return files + memory;
}

// -- keys -------------------------------------------------------------------------------------------------------------

std::string key_u32(std::uint32_t value) {
    std::string key(4, '\0');
    for (std::size_t i = 0; i < 4; ++i) key[i] = static_cast<char>((value >> (24U - 8U * i)) & 0xFFU);
    return key;
}
std::string key_u64(std::uint64_t value) {
    return key_u32(static_cast<std::uint32_t>(value >> 32U)) + key_u32(static_cast<std::uint32_t>(value));
}
std::uint32_t read_key_u32(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (24U - 8U * i);
    return value;
}
std::uint64_t read_key_u64(std::string_view bytes) {
    const std::uint64_t high = read_key_u32(bytes);
    return (high << 32U) | read_key_u32(bytes.size() > 4 ? bytes.substr(4) : std::string_view{});
}

}  // namespace penchant
