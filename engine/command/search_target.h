// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an evaluation asks: a data directory opened by this process, or a running server; and copies of an index on which
// other settings can be tried without touching it.
#pragma once

#include "index/error.h"

#include <boost/json/object.hpp>

#include <memory>
#include <string>

namespace penchant {

/// One thread.
class SearchTarget {
public:
    virtual ~SearchTarget() = default;
    /// The answer of one search (A 2.3).
    [[nodiscard]] virtual Result<boost::json::object> search(const std::string& index, const boost::json::object& parameters) = 0;
    /// Records, settings, synonyms and rules of `source`, and `changes` over its settings; searchable when it returns.
    [[nodiscard]] virtual Result<void> copy_with_settings(const std::string& source, const std::string& destination,
                                                          const boost::json::object& changes) = 0;
    /// A missing index is no error.
    [[nodiscard]] virtual Result<void> remove(const std::string& index) = 0;
};

/// Errors as open_local_engine: no server may have the directory open.
[[nodiscard]] Result<std::unique_ptr<SearchTarget>> local_search_target(const std::string& data_directory);
[[nodiscard]] Result<std::unique_ptr<SearchTarget>> remote_search_target(const std::string& url, const std::string& key);

}  // namespace penchant
