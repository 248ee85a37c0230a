// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one who writes an index's Xapian database. What stands in it (format 1):
//
//     document   one a record; its data is the record's JSON
//     term       "Q" objectID                 each NUL byte of the id as 0xFF, which UTF-8 never has
//     term       "W" word NUL attribute occurrence
//                attribute number u16 big endian (index/attribute_table.h), occurrence u8: 0, 1, 2, 3 for the first
//                to fourth place kept of the word in that attribute
//     value 0    the record's columns (index/packed_columns.h)
//     value 1    CRC-32 of the data (u32 big endian), bytes of the data (u32 big endian)
//     metadata   format, settings, attributes, number_paths (JSON); position (task of the last log entry applied),
//                data_bytes (sum over records), updated (milliseconds since 1970): decimal text;
//                "curation/synonym/" objectID and "curation/rule/" objectID: their JSON
//
// Terms are word first, so that all places of a word are neighbours in the B-tree and come back in one sweep. A posting
// carries exactly one place, in its wdf:
//
//     wdf = position * 2 | whole              position 0..16383, whole: the attribute's value is this word alone
//
// so there are no position tables at all; they cost 45 % of the speed of writing, and this costs nothing where a word
// stands once in an attribute, as most do. A document's wdfs add up below 2^32, since limits::record_words_max * 32767 does.
// Neither boolean terms for facets nor terms for short prefixes are needed: columns and prefix lists in memory answer
// those, and are rebuilt from what stands above.
//
// An update that changes no word keeps its document id; any other is a delete and an add, so that a document's words
// never change and ids only grow. Everything between two commits is one Xapian transaction: without it Xapian would
// commit by itself after 10,000 changes, with a log position that is not true yet.
#pragma once

#include "index/analysis.h"
#include "index/attribute_table.h"
#include "index/curations.h"
#include "index/error.h"
#include "index/facet_value_ids.h"
#include "index/packed_columns.h"
#include "index/settings.h"
#include "index/snapshot.h"

#include <xapian.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant {

inline constexpr Xapian::valueno columns_slot = 0;
inline constexpr Xapian::valueno hash_slot = 1;
inline constexpr int index_format = 1;

/// The term of an objectID.
[[nodiscard]] std::string object_term(std::string_view object_id);
/// What value slot 1 holds for a record's JSON.
[[nodiscard]] std::string content_hash(std::string_view json);
/// The word terms of a record with their wdfs, in byte order.
[[nodiscard]] std::vector<std::pair<std::string, Xapian::termcount>> word_terms(const AnalysedRecord& record);
/// Takes a word term apart; nullopt for anything word_terms does not make.
struct WordTerm {
    std::string_view word;  ///< borrows from the term
    AttributeId attribute = 0;
    std::uint8_t occurrence = 0;
};
[[nodiscard]] std::optional<WordTerm> read_word_term(std::string_view term);
/// The place in a posting of this attribute with this wdf.
[[nodiscard]] constexpr Place place_of_wdf(AttributeId attribute, Xapian::termcount wdf) {
    return make_place(attribute, static_cast<std::uint32_t>(wdf >> 1U), (wdf & 1U) != 0);
}

/// What an index keeps beside its documents.
struct IndexMetadata {
    std::uint64_t position = 0;  ///< task of the last log entry that is in the documents
    std::uint64_t data_bytes = 0;
    std::int64_t updated_at_ms = 0;
    Settings settings;
    AttributeTable attributes;
    NumberPaths number_paths;
    std::shared_ptr<const Curations> curations = no_curations();
};
/// Reads the metadata; bad_request when the database has a newer format, corrupt when it is none of ours.
[[nodiscard]] Result<IndexMetadata> read_metadata(const Xapian::Database& database);

/// One writer thread owns a Writer. After any error but bad_request it must be thrown away with everything since the
/// last commit: open a new one, and replay.
class Writer {
public:
    /// Makes a new, empty, durable database in `directory`.
    [[nodiscard]] static Result<std::unique_ptr<Writer>> create(
        const std::string& directory, const Settings& settings, FacetValueIds& ids,
        std::shared_ptr<const Curations> curations = no_curations());
    /// Opens an existing one for writing.
    [[nodiscard]] static Result<std::unique_ptr<Writer>> open(const std::string& directory, FacetValueIds& ids);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Adds or replaces a record (checked: its first key is objectID) and tells `builder`.
    [[nodiscard]] Result<void> put(std::string_view object_id, std::string_view json, SnapshotBuilder& builder);
    /// Adds a record that is known to be new, as when all records of another database are written again.
    [[nodiscard]] Result<void> put_again(std::string_view json, SnapshotBuilder& builder);
    /// Removes a record, if it is there.
    [[nodiscard]] Result<void> remove(std::string_view object_id, SnapshotBuilder& builder);
    [[nodiscard]] Result<void> remove_document(DocumentId document, SnapshotBuilder& builder);
    /// The JSON of a record as it stands now, uncommitted changes included.
    [[nodiscard]] Result<std::optional<std::string>> find(std::string_view object_id) const;
    /// The objectID of a record that is there.
    [[nodiscard]] Result<std::string> object_id(DocumentId document) const;
    /// Calls `visit(json)` for all records, document ids ascending, until it returns false.
    [[nodiscard]] Result<void> for_each_record(const std::function<bool(std::string_view json)>& visit) const;

    /// Settings for the records to come; those that are there stay as they are.
    void change_settings(const Settings& settings);

    /// Adds, replaces and removes synonyms or rules, and tells `builder`.
    [[nodiscard]] Result<void> change_curations(const CurationChange& change, SnapshotBuilder& builder);

    /// Makes everything so far durable together with `position`.
    [[nodiscard]] Result<void> commit(std::uint64_t position, std::int64_t updated_at_ms);

    [[nodiscard]] const Settings& settings() const { return metadata_.settings; }
    [[nodiscard]] const AttributeTable& attributes() const { return metadata_.attributes; }
    [[nodiscard]] const std::shared_ptr<const Curations>& curations() const { return metadata_.curations; }
    [[nodiscard]] std::uint64_t position() const { return metadata_.position; }
    [[nodiscard]] std::uint64_t data_bytes() const { return metadata_.data_bytes; }

private:
    Writer(std::string directory, Xapian::WritableDatabase database, FacetValueIds& ids);
    [[nodiscard]] Xapian::docid document_of(const std::string& term) const;
    [[nodiscard]] bool has_words(Xapian::docid document, const AnalysedRecord& record) const;
    void drop(Xapian::docid document);
    void add(const AnalysedRecord& record, std::string_view json, SnapshotBuilder& builder);

    std::string directory_;
    Xapian::WritableDatabase database_;
    FacetValueIds& ids_;
    IndexMetadata metadata_;
    std::optional<Analyser> analyser_;  // under the settings of metadata_
    bool settings_changed_ = false;
    std::size_t attributes_saved_ = 0;
    std::size_t number_paths_saved_ = 0;
};

}  // namespace penchant
