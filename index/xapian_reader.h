// SPDX-License-Identifier: GPL-3.0-or-later
//
// Readers' handles on Xapian. A handle must not cross threads, not even as a copy (its reference counts are plain
// numbers), so each thread keeps its own for each index, and brings it up to date when it meets a newer snapshot.
#pragma once

#include "index/error.h"
#include "index/snapshot.h"

#include <xapian.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// One Xapian directory as readers of all threads share it: what identifies it. When the last one who owns it lets go,
/// threads close their handles on it as they come by.
struct XapianDirectory {
    explicit XapianDirectory(std::string where);
    ~XapianDirectory();
    XapianDirectory(const XapianDirectory&) = delete;
    XapianDirectory& operator=(const XapianDirectory&) = delete;
    const std::string path;
    const std::uint64_t number;  ///< unique in the process
};

/// Runs `work` with this thread's handle on `directory`, which is at least as new as the snapshot of `generation`. When
/// the writer has moved on under it, reopens and runs it again, some times (30 ms in all); so it does with what looks like
/// damage, since a block that the writer has used again looks like that.
[[nodiscard]] Result<void> with_reader(const std::shared_ptr<const XapianDirectory>& directory,
                                       std::uint64_t generation,
                                       const std::function<Result<void>(const Xapian::Database&)>& work);

/// The JSON of documents, in the order asked; stale_snapshot when one of them is no longer there.
[[nodiscard]] Result<std::vector<std::string>> read_records(const std::shared_ptr<const XapianDirectory>& directory,
                                                            std::uint64_t generation,
                                                            std::span<const DocumentId> documents);
/// The document of an objectID.
[[nodiscard]] Result<std::optional<DocumentId>> read_document_id(
    const std::shared_ptr<const XapianDirectory>& directory, std::uint64_t generation, std::string_view object_id);

}  // namespace penchant
