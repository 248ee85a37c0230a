// SPDX-License-Identifier: GPL-3.0-or-later
//
// Searching the synonyms or the rules of an index themselves, as editors do (A 3.8, 3.9).
#pragma once

#include "index/curations.h"
#include "index/error.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penchant {

class CurationSearch {
public:
    /// `query`, `page`, `hitsPerPage` (20, at most 1,000); of synonyms `type` (either spelling, several with commas); of rules
    /// `anchoring`, `context`, `enabled`. bad_request names the parameter.
    [[nodiscard]] static Result<CurationSearch> parse(CurationKind kind, const boost::json::object& parameters);

    /// {"hits", "nbHits", "page", "nbPages"}, by objectID. A hit has each word of the query in some text of it, the last word
    /// as a prefix; `_highlightResult` shows where, unless the query is empty.
    [[nodiscard]] Result<boost::json::object> run(const CurationMap& curations) const;

private:
    [[nodiscard]] bool passes(const boost::json::object& curation) const;

    CurationKind kind_ = CurationKind::synonym;
    std::string query_;
    std::uint32_t page_ = 0;
    std::uint32_t hits_per_page_ = 20;
    std::vector<std::string> types_;
    std::string anchoring_;
    std::string context_;
    std::optional<bool> enabled_;
};

}  // namespace penchant
