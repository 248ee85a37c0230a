// SPDX-License-Identifier: GPL-3.0-or-later
//
// Proves one index: that what is on disk is what was written, and what is in memory is what is on disk.
#pragma once

#include "index/facet_value_ids.h"
#include "index/snapshot.h"

#include <functional>
#include <string>

namespace penchant {

/// Checks the Xapian database in `directory`, whose writer stands still, against itself and against `snapshot`:
/// Xapian's own check of its structure; the content hash of each record; that each record is found by its objectID; the
/// sums in the metadata; then that `snapshot` equals one rebuilt from Xapian, and one analysed anew from the records.
/// Calls `report` with one line a finding; of many like findings, with the first few and their number.
void check_index(const std::string& directory, const Snapshot& snapshot, FacetValueIds& ids,
                 const std::function<void(const std::string&)>& report);

/// The first differences between two snapshots of the same records, by document: columns and lists.
/// Ordinals, deleted records and how lists lie in segments do not count.
void compare_snapshots(const Snapshot& snapshot, const Snapshot& expected,
                       const std::function<void(const std::string&)>& report);

}  // namespace penchant
