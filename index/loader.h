// SPDX-License-Identifier: GPL-3.0-or-later
//
// From Xapian to memory: how an index is opened.
#pragma once

#include "index/facet_value_ids.h"
#include "index/snapshot.h"
#include "index/writer.h"

#include <xapian.h>

#include <memory>
#include <string>

namespace penchant {

/// A builder filled with everything an index holds, and what stands beside the documents.
struct LoadedIndex {
    SnapshotBuilder builder;
    IndexMetadata metadata;
};

/// Reads the last commit of the Xapian database in `directory`: columns by a walk along value slot 0, then the list of
/// each word. Errors: corrupt, bad_request (newer format), io; the sentence names the directory.
[[nodiscard]] Result<LoadedIndex> load_index(const std::string& directory, FacetValueIds& ids);

}  // namespace penchant
