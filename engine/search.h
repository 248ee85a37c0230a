// SPDX-License-Identifier: GPL-3.0-or-later
//
// One search from parsed query to answer: match, filter, count, rank, cut a page, fetch its records, highlight.
#pragma once

#include "engine/module.h"
#include "engine/query.h"
#include "index/catalog.h"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace penchant {

/// One record of a ranked result, before its JSON is fetched.
struct RankedHit {
    Ordinal ordinal = 0;
    std::uint64_t relevance_key = 0;   ///< smaller is better; equal keys form a bucket
    // Explanation (A 2.5, 5.5); filled when `explain` was asked
    std::uint32_t bucket = 0;
    std::uint32_t initial_position = 0;
    std::uint32_t new_position = 0;
    std::uint32_t distinct_place = 0;  ///< place among the hits of its group, 0 is the best (engine/distinct.h)
    bool promoted = false;             ///< a rule has given it its place (engine/pins.h)
    double filters_score = 0;          ///< the module's, before normalisation
    double ranking_score = 0;          ///< C(d)
    double score = 0;                  ///< blend(d): the very number that sorted the hit
};

class DictionaryStore;  // engine/dictionary_store.h

/// The engine's search service. Holds the candidate cache; any thread.
class SearchService {
public:
    /// `module` and `dictionaries` may be null; what is given outlives the service.
    SearchService(Catalog& catalog, Module* module, Metrics& metrics, const DictionaryStore* dictionaries = nullptr);
    ~SearchService();

    /// A 2.3. Errors: not_found ("Index x does not exist"), bad_request. `had_enough` is set to whether as many hits were
    /// found as a page holds (A 2.2, strategy).
    [[nodiscard]] Result<boost::json::object> search(std::string_view index, const boost::json::object& parameters,
                                                     const QueryDefaults& defaults, bool* had_enough = nullptr);
    /// A 2.12; `cursor` may be inside the parameters.
    [[nodiscard]] Result<boost::json::object> browse(std::string_view index, const boost::json::object& parameters);
    /// A 2.9.
    [[nodiscard]] Result<boost::json::object> search_facet_values(std::string_view index, std::string_view facet,
                                                                  const boost::json::object& parameters);
    /// Forgets the candidate cache (benchmarks).
    void clear_cache();

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

/// Who matches a deleteByQuery body (A 3.5), for Catalog::set_selector; and its check at the door.
[[nodiscard]] Result<std::vector<Ordinal>> select_by_query(const Snapshot& snapshot, std::string_view body);
[[nodiscard]] Result<void> check_delete_by_query(const boost::json::object& body, const Settings& settings);

}  // namespace penchant
