// SPDX-License-Identifier: GPL-3.0-or-later
//
// A snapshot: one index as it stood after one commit. Immutable, shared by all threads, swapped whole.
//
// The builder makes each snapshot from the one before plus what changed: new records get ordinals at the end and go
// into a fresh small segment; a changed record is the old one marked deleted and a new one; a record whose words did
// not change keeps its ordinal and only its columns are written anew. When deleted ordinals or small segments pile up the builder
// folds: everything becomes one segment again with ordinals renumbered. Nothing of this is ever done on a request's thread.
#pragma once

#include "index/analysis.h"
#include "index/attribute_table.h"
#include "index/columns.h"
#include "index/columns_builder.h"
#include "index/curations.h"
#include "index/segment.h"
#include "index/settings.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace penchant {

using DocumentId = std::uint32_t;  ///< Xapian::docid

class Snapshot {
public:
    std::uint64_t generation = 0;  ///< unique in the process: two snapshots never share one, whatever their index
    /// The generation of the first snapshot with the same records, words, ordinals, settings and curations. What nothing but
    /// these decides is the same in all snapshots that share it: they differ in columns only.
    std::uint64_t words_generation = 0;
    std::shared_ptr<const Settings> settings;
    std::shared_ptr<const AttributeTable> attributes;
    std::shared_ptr<const Curations> curations;  ///< never null; the same pointer as long as nobody changes them
    Columns columns;
    std::vector<std::shared_ptr<const Segment>> segments;  ///< ordinal ranges ascending and adjacent; covers 0..columns.size()
    std::uint32_t records = 0;                             ///< not deleted

    /// Of the snapshot that has the records: another one only for a virtual replica, which shows those of its primary.
    std::uint64_t records_generation = 0;
    [[nodiscard]] bool is_view() const { return records_generation != generation; }
    /// The orders of virtual replicas (A 3.7).
    struct ViewOrders {
        std::string name;
        std::shared_ptr<const Settings> settings;  ///< Settings::over() these
        SharedNumbers<std::uint32_t> custom_rank;
        std::vector<SharedNumbers<std::uint32_t>> sort_ranks;
    };
    std::vector<ViewOrders> views;
    /// This snapshot as seen through a virtual replica; `own` is the snapshot of that name itself, of which nothing but what
    /// editors have added counts. Null when there is no such view (yet).
    [[nodiscard]] std::shared_ptr<const Snapshot> through(std::string_view view, const Snapshot& own) const;

    [[nodiscard]] bool deleted(Ordinal ordinal) const {
        return any_deleted() && (((*deleted_)[ordinal / 64] >> (ordinal % 64)) & 1U);
    }
    [[nodiscard]] bool any_deleted() const { return records != columns.size(); }
    /// One bit an ordinal.
    [[nodiscard]] std::span<const std::uint64_t> deleted_bits() const { return *deleted_; }

    [[nodiscard]] DocumentId document(Ordinal ordinal) const { return documents_.data[ordinal]; }
    /// The ordinal of a Xapian document, if it is in this snapshot and not deleted.
    [[nodiscard]] std::optional<Ordinal> find_document(DocumentId document) const;
    /// Words of the record in searchable attributes (for criterion `relevance`).
    [[nodiscard]] std::uint32_t word_count(Ordinal ordinal) const { return word_counts_.data[ordinal]; }

    /// The mean over all ordinals, deleted ones included; 0 when there are none.
    [[nodiscard]] double word_count_mean() const { return word_count_mean_; }

    /// Memory held by segments (cached prefixes included) and columns; much of it is shared with other snapshots.
    [[nodiscard]] std::size_t bytes() const;

private:
    friend class SnapshotBuilder;
    std::shared_ptr<const std::vector<std::uint64_t>> deleted_;
    SharedNumbers<DocumentId> documents_;  ///< by ordinal, ascending
    SharedNumbers<std::uint16_t> word_counts_;
    double word_count_mean_ = 0;
};

/// Owned by the index's one writer thread.
class SnapshotBuilder {
public:
    SnapshotBuilder(std::shared_ptr<const Settings> settings, FacetValueNumbering numbering);
    ~SnapshotBuilder();
    SnapshotBuilder(SnapshotBuilder&&) noexcept;
    SnapshotBuilder& operator=(SnapshotBuilder&&) noexcept;

    /// A new record; `document` is above every document added before.
    void add(DocumentId document, const AnalysedRecord& record);
    /// A record that is no longer there (deleted, or replaced by a later add()). Unknown documents are ignored.
    void remove(DocumentId document);
    /// New facets and numbers of a record whose words are unchanged; its ordinal stays.
    void update_columns(DocumentId document, const AnalysedRecord& record);
    /// Settings that need no re-indexing (order of attributes, ranking, customRanking, ...). True when they sort by a path
    /// that was not sorted by before and that is not a number in every record: until each record has come by
    /// update_columns() (analysed under the new settings) its texts and booleans count as missing there.
    bool change_settings(std::shared_ptr<const Settings> settings);
    /// Synonyms and rules from now on; no_curations() until then.
    void change_curations(std::shared_ptr<const Curations> curations);
    /// Everything is gone; settings and curations stay.
    void clear();

    /// Opening an index, into a builder that has nothing yet: each record comes by load_record (documents ascending, ordinals
    /// 0, 1, 2, ...), then all lists in one segment that covers these ordinals; ordinal_of maps the documents of the
    /// lists meanwhile. What comes afterwards comes by the functions above.
    void load_record(DocumentId document, const AnalysedRecord& record_without_words);
    void load_segment(std::shared_ptr<const Segment> base);

    /// The ordinal of a document that was added or loaded and not removed.
    [[nodiscard]] std::optional<Ordinal> ordinal_of(DocumentId document) const;

    /// Publishes what has come since the last call as a new snapshot. `attributes` is copied. Folds first when more than a
    /// quarter of all ordinals (and more than 1,000) are deleted: ordinals change, documents do not.
    [[nodiscard]] std::shared_ptr<const Snapshot> publish(const AttributeTable& attributes);

    /// Ordinals so far (published or not): the next record's ordinal.
    [[nodiscard]] Ordinal size() const;

    /// Memory that only the builder holds, beside the last snapshot's.
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
