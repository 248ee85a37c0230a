// SPDX-License-Identifier: GPL-3.0-or-later
//
// The answer of a search as JSON (A 2.3): records become hits, and the fields around them.
#pragma once

#include "engine/module.h"
#include "engine/query.h"
#include "engine/selection.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>

namespace penchant {

/// Hits of a page: the attributes asked for, `_highlightResult`, `_snippetResult`, `_rankingInfo`. `records` are the
/// JSON texts of selected.hits, in the same order.
[[nodiscard]] Result<boost::json::array> hits_answer(const Snapshot& snapshot, const Query& query,
                                                     const Selection& selection, const Selected& selected,
                                                     std::span<const std::string> records, const Boost* boost);

/// The whole answer but `processingTimeMS`.
[[nodiscard]] boost::json::object search_answer(std::string_view index, const Snapshot& snapshot, const Query& query,
                                                const Selection& selection, const Selected& selected,
                                                boost::json::array hits);

/// Leaves the fields that responseFields names, and those that are never dropped.
void apply_response_fields(boost::json::object& answer, const Query& query);

/// What `message` has to say about parameters, or an empty text.
[[nodiscard]] std::string parameters_message(const Query& query);

/// ceil(reachable hits / hits per page); 0 when there are none.
[[nodiscard]] std::uint64_t page_count(std::uint64_t hits, std::uint64_t reachable, std::uint64_t hits_per_page);

}  // namespace penchant
