// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/directory.h"

#include <unistd.h>

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace penchant {
namespace {

namespace files = std::filesystem;

Error failure(std::string_view doing, const std::string& path, const std::error_code& reason) {
    return {reason == std::errc::no_space_on_device ? Errc::disk_full : Errc::io,
            fmt::format("cannot {} {}: {}", doing, path, reason.message())};
}

std::error_code last_error() { return {errno, std::generic_category()}; }

Result<void> sync_path(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
    if (file < 0) return failure("open", path, last_error());
    const bool synced = ::fsync(file) == 0;
    const std::error_code reason = last_error();
    ::close(file);
    if (!synced) return failure("sync", path, reason);
    return {};
}

}  // namespace

Result<void> sync_directory(const std::string& path) { return sync_path(path, O_DIRECTORY); }

Result<void> make_directory(const std::string& path) {
    std::error_code failed;
    const std::string parent = files::absolute(path, failed).parent_path().string();
    if (failed) return failure("make", path, failed);
    if (!files::is_directory(parent, failed) && parent != path) PENCHANT_CHECK(make_directory(parent));
    if (files::create_directory(path, failed); failed) return failure("make", path, failed);
    return sync_directory(parent);
}

Result<void> copy_directory(const std::string& from, const std::string& to) {
    PENCHANT_CHECK(make_directory(to));
    std::error_code failed;
    files::directory_iterator at(from, failed);
    if (failed) return failure("read", from, failed);
    for (; at != files::directory_iterator(); at.increment(failed)) {
        if (failed) return failure("read", from, failed);
        const std::string name = at->path().filename().string();
        if (name == "flintlock") continue;  // Xapian's lock; the copy gets its own
        const std::string copy = (files::path(to) / name).string();
        files::copy_file(at->path(), copy, files::copy_options::overwrite_existing, failed);
        if (failed) return failure("copy", copy, failed);
        PENCHANT_CHECK(sync_path(copy, 0));
    }
    return sync_directory(to);
}

Result<void> remove_directory(const std::string& path) {
    std::error_code failed;
    files::remove_all(path, failed);
    if (failed) return failure("remove", path, failed);
    return {};
}

std::uint64_t directory_bytes(const std::string& path) {
    std::uint64_t bytes = 0;
    std::error_code failed;
    files::directory_iterator at(path, failed);
    while (!failed && at != files::directory_iterator()) {
        std::error_code gone;  // a file that is removed meanwhile counts nothing
        const std::uintmax_t size = at->file_size(gone);
        if (!gone) bytes += size;
        at.increment(failed);
    }
    return bytes;
}

}  // namespace penchant
