// SPDX-License-Identifier: GPL-3.0-or-later
//
// What editors add to an index beside its records (A 3.8, 3.9): synonyms and rules, as JSON by objectID. This room keeps
// them and gives them no meaning.
#pragma once

#include "index/error.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

enum class CurationKind { synonym, rule };

/// "synonym" or "rule", as it stands in the log, in Xapian and in sentences.
[[nodiscard]] std::string_view curation_kind_name(CurationKind kind);

using CurationMap = std::map<std::string, std::shared_ptr<const std::string>, std::less<>>;  ///< objectID -> JSON

/// A change of one kind, as one entry of the operation log: first `clear`, then `remove`, then `put`.
struct CurationChange {
    CurationKind kind = CurationKind::synonym;
    bool clear = false;
    std::vector<std::string> remove;                       ///< objectIDs; unknown ones are no error
    std::vector<std::pair<std::string, std::string>> put;  ///< objectID, JSON; of equal ids the last one counts
};

/// The change as the JSON of Action::change_curations: {"kind", "clear", "remove": [id..], "put": [[id, text]..]}.
[[nodiscard]] std::string to_json(const CurationChange& change);
/// corrupt for anything to_json does not write.
[[nodiscard]] Result<CurationChange> curation_change(std::string_view json);

/// Immutable once shared; any thread.
struct Curations {
    CurationMap synonyms;
    CurationMap rules;

    [[nodiscard]] const CurationMap& of(CurationKind kind) const { return kind == CurationKind::rule ? rules : synonyms; }
    [[nodiscard]] bool empty() const { return synonyms.empty() && rules.empty(); }
    /// A copy with the change; the texts are shared.
    [[nodiscard]] Curations changed(const CurationChange& change) const;
    /// The change that gives any index these curations of one kind.
    [[nodiscard]] CurationChange as_change(CurationKind kind) const;
    /// bad_request when there are more than limits.h allows, in number or in bytes; the sentence names kind and limit.
    [[nodiscard]] Result<void> check_limits() const;
};

/// Same ids with same texts.
[[nodiscard]] bool same(const Curations& a, const Curations& b);

/// One that is shared by every index without curations.
[[nodiscard]] const std::shared_ptr<const Curations>& no_curations();

}  // namespace penchant
