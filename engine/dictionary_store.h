// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where an application's own dictionaries (A 3.10) are kept: in the store, under "dictionary/", and in memory as one
// immutable value that is swapped whole with each change.
#pragma once

#include "engine/dictionaries.h"
#include "index/error.h"
#include "index/store.h"

#include <boost/json/object.hpp>

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace penchant {

/// Any thread. Changes are durable when their call returns, and every search that begins afterwards knows them.
class DictionaryStore {
public:
    /// Loads what is stored. `store` must outlive it. Errors: those of the store; corrupt.
    [[nodiscard]] static Result<std::unique_ptr<DictionaryStore>> open(Store& store);

    /// Never null.
    [[nodiscard]] std::shared_ptr<const Dictionaries> current() const;

    /// {clearExistingDictionaryEntries, requests: [{action: addEntry|deleteEntry, body}]}. All or nothing: bad_request
    /// names the request by its position, the field and the limit. Deleting what is not there is no error.
    [[nodiscard]] Result<void> change(DictionaryKind kind, const boost::json::object& batch);

    /// {query, page, hitsPerPage, language} -> {hits, page, nbHits, nbPages}: own entries, and standard stop words (type
    /// "standard"). An entry is found when each word of the query begins one of its words.
    [[nodiscard]] Result<boost::json::object> search(DictionaryKind kind, const boost::json::object& parameters) const;

    /// {disableStandardEntries: {plurals, stopwords, compounds}}; null where nothing is said.
    [[nodiscard]] boost::json::object settings() const;
    /// Kinds that are not named stay as they are.
    [[nodiscard]] Result<void> change_settings(const boost::json::object& changes);

    /// By language: which kinds there are, and the number of own entries.
    [[nodiscard]] boost::json::object languages() const;

private:
    using Entries = std::map<std::string, DictionaryEntry, std::less<>>;  ///< by objectID

    explicit DictionaryStore(Store& store) : store_{store} {}
    [[nodiscard]] Result<void> load();
    void publish();  ///< makes current() anew; under mutex_

    Store& store_;
    mutable std::mutex mutex_;  ///< guards all below; held while a change is written
    std::array<Entries, dictionary_kinds.size()> entries_;
    DisabledStandard disabled_;
    mutable std::mutex current_mutex_;  ///< guards current_ only, so that searches never wait for a disk
    std::shared_ptr<const Dictionaries> current_;
};

}  // namespace penchant
