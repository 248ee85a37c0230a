// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/xapian_reader.h"

#include "index/writer.h"
#include "index/xapian_boundary.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <list>
#include <thread>

namespace penchant {
namespace {

constexpr int attempts_max = 6;
constexpr std::chrono::milliseconds pause_step{2};
// A handle holds half a dozen open files; a thread that goes round a thousand indices must not keep them all.
constexpr std::size_t handles_per_thread_max = 64;

std::atomic<std::uint64_t> directories_opened = 0;
std::atomic<std::uint64_t> directories_dropped = 0;

struct Handle {
    std::uint64_t number = 0;
    std::weak_ptr<const XapianDirectory> directory;
    Xapian::Database database;
    std::uint64_t generation = 0;  // of the newest snapshot it is known to be as new as
};

/// This thread's handles, the last used in front.
struct Handles {
    std::list<Handle> list;
    std::uint64_t dropped_seen = 0;
};

Handles& handles() {
    thread_local Handles of_this_thread;
    return of_this_thread;
}

Result<Handle*> handle_of(const std::shared_ptr<const XapianDirectory>& directory, std::uint64_t generation) {
    Handles& mine = handles();
    if (const std::uint64_t dropped = directories_dropped.load(); dropped != mine.dropped_seen) {
        mine.dropped_seen = dropped;
        mine.list.remove_if([](const Handle& handle) { return handle.directory.expired(); });
    }
    const auto at = std::find_if(mine.list.begin(), mine.list.end(),
                                 [&](const Handle& handle) { return handle.number == directory->number; });
    if (at == mine.list.end()) {
        auto opened = guarded([&] { return Xapian::Database(directory->path); });
        if (!opened) return std::move(opened).error();
        mine.list.push_front({directory->number, directory, std::move(opened).value(), generation});
        if (mine.list.size() > handles_per_thread_max) mine.list.pop_back();
        return &mine.list.front();
    }
    mine.list.splice(mine.list.begin(), mine.list, at);
    Handle& handle = mine.list.front();
    if (handle.generation < generation) {
        PENCHANT_CHECK(guarded([&] { handle.database.reopen(); }));
        handle.generation = generation;
    }
    return &handle;
}

Result<void> attempt(const std::shared_ptr<const XapianDirectory>& directory, std::uint64_t generation,
                     const std::function<Result<void>(const Xapian::Database&)>& work) {
    PENCHANT_TRY(Handle* const handle, handle_of(directory, generation));
    return guarded([&] { return work(handle->database); });
}

}  // namespace

XapianDirectory::XapianDirectory(std::string where) : path(std::move(where)), number(++directories_opened) {}
XapianDirectory::~XapianDirectory() { ++directories_dropped; }

Result<void> with_reader(const std::shared_ptr<const XapianDirectory>& directory, std::uint64_t generation,
                         const std::function<Result<void>(const Xapian::Database&)>& work) {
    for (int tried = 1;; ++tried) {
        const Result<void> done = attempt(directory, generation, work);
        if (done) return done;
        const bool stale = done.error().code == Errc::stale_snapshot;
        // What a reader takes for damage, also while it opens or reopens, can be a block that the writer has used again:
        // look again, with nothing remembered, before saying so.
        const bool suspicious = done.error().code == Errc::corrupt || done.error().code == Errc::io;
        if (!stale && !suspicious) return done;
        auto& mine = handles().list;
        const auto at = std::find_if(mine.begin(), mine.end(),
                                     [&](const Handle& handle) { return handle.number == directory->number; });
        if (at != mine.end() && stale) at->generation = 0;  // reopened by the next attempt
        if (at != mine.end() && suspicious) mine.erase(at);
        if (tried == attempts_max) return done;
        // A busy writer may be at it again: each time a little more room.
        if (tried > 1) std::this_thread::sleep_for(pause_step * (tried - 1));
    }
}

Result<std::vector<std::string>> read_records(const std::shared_ptr<const XapianDirectory>& directory,
                                              std::uint64_t generation, std::span<const DocumentId> documents) {
    std::vector<std::string> records;
    const Result<void> done =
        with_reader(directory, generation, [&](const Xapian::Database& database) -> Result<void> {
            records.clear();
            records.reserve(documents.size());
            for (const DocumentId document : documents) {
                // The id is known to be one, so Xapian need not look it up twice.
                const Xapian::Document found = database.get_document(document, Xapian::DOC_ASSUME_VALID);
                records.push_back(found.get_data());
                if (records.back().empty()) (void)database.get_document(document);  // throws when it is gone
            }
            return {};
        });
    if (done) return records;
    if (done.error().code == Errc::not_found)
        return Error{Errc::stale_snapshot, "a record was changed or removed since this snapshot"};
    return done.error();
}

Result<std::optional<DocumentId>> read_document_id(const std::shared_ptr<const XapianDirectory>& directory,
                                                   std::uint64_t generation, std::string_view object_id) {
    std::optional<DocumentId> document;
    const std::string term = object_term(object_id);
    PENCHANT_CHECK(with_reader(directory, generation, [&](const Xapian::Database& database) -> Result<void> {
        const Xapian::PostingIterator at = database.postlist_begin(term);
        document = at == database.postlist_end(term) ? std::nullopt : std::optional<DocumentId>(*at);
        return {};
    }));
    return document;
}

}  // namespace penchant
