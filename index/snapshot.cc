// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/snapshot.h"

#include "index/error.h"
#include "index/segment_body.h"
#include "index/shared_array.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>

namespace penchant {

namespace {

// Folding costs about as much as two merges of everything; a quarter of waste is where searches begin to feel it.
constexpr std::size_t fold_deleted_min = 1'000;
constexpr std::size_t fold_deleted_part = 4;

// A search visits every segment, so there are never many.
constexpr std::size_t segments_max = 10;

bool bit(std::span<const std::uint64_t> bits, Ordinal ordinal) {
    return ((bits[ordinal / 64] >> (ordinal % 64)) & 1U) != 0;
}

}  // namespace

namespace {

std::uint64_t new_generation() {
    static std::atomic<std::uint64_t> generations{1};
    return generations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::through(std::string_view view, const Snapshot& own) const {
    const auto orders = std::find_if(views.begin(), views.end(), [&](const ViewOrders& one) { return one.name == view; });
    if (orders == views.end()) return nullptr;
    auto seen = std::make_shared<Snapshot>(*this);
    seen->generation = seen->words_generation = new_generation();
    seen->settings = orders->settings;
    seen->columns = columns.sorted_by(orders->custom_rank, orders->sort_ranks);
    seen->curations = own.curations;
    seen->views.clear();
    return seen;
}

std::optional<Ordinal> Snapshot::find_document(DocumentId document) const {
    const std::span<const DocumentId> documents = documents_.span();
    const auto found = std::lower_bound(documents.begin(), documents.end(), document);
    if (found == documents.end() || *found != document) return std::nullopt;
    const auto ordinal = static_cast<Ordinal>(found - documents.begin());
    return deleted(ordinal) ? std::nullopt : std::optional(ordinal);
}

std::size_t Snapshot::bytes() const {
    std::size_t bytes = sizeof(Snapshot) + columns.bytes() + deleted_->capacity() * 8 +
                        documents_.span().size_bytes() + word_counts_.span().size_bytes();
    for (const auto& segment : segments) bytes += segment->bytes();
    return bytes;
}

struct SnapshotBuilder::Body {
    Body(std::shared_ptr<const Settings> settings_given, FacetValueNumbering numbering_given)
        : settings(std::move(settings_given)),
          numbering(std::move(numbering_given)),
          columns(*settings, numbering),
          fresh(0) {
        set_view_settings();
    }

    [[nodiscard]] Ordinal size() const { return columns.size(); }
    [[nodiscard]] std::optional<Ordinal> find(DocumentId document) const;
    void add_record(DocumentId document, const AnalysedRecord& record);
    void finish_segment();
    void set_view_settings();
    void merge_segments_in_tiers();
    void fold();

    std::shared_ptr<const Settings> settings;
    std::shared_ptr<const Curations> curations = no_curations();
    std::vector<std::shared_ptr<const Settings>> view_settings;  ///< beside Settings::views
    FacetValueNumbering numbering;
    ColumnsBuilder columns;
    SegmentBuilder fresh;  ///< postings of ordinals that no segment has yet
    std::vector<std::shared_ptr<const Segment>> segments;
    std::vector<std::uint64_t> deleted;  ///< one bit an ordinal
    std::size_t deleted_count = 0;
    std::uint64_t words_generation = 0;  ///< 0: the next snapshot's own
    SharedArray<DocumentId> documents;
    SharedArray<std::uint16_t> word_counts;
};

SnapshotBuilder::SnapshotBuilder(std::shared_ptr<const Settings> settings, FacetValueNumbering numbering)
    : body_(std::make_unique<Body>(std::move(settings), std::move(numbering))) {}
SnapshotBuilder::~SnapshotBuilder() = default;
SnapshotBuilder::SnapshotBuilder(SnapshotBuilder&&) noexcept = default;
SnapshotBuilder& SnapshotBuilder::operator=(SnapshotBuilder&&) noexcept = default;

Ordinal SnapshotBuilder::size() const { return body_->size(); }
std::optional<Ordinal> SnapshotBuilder::ordinal_of(DocumentId document) const { return body_->find(document); }

std::size_t SnapshotBuilder::bytes() const { return body_->columns.bytes() + body_->deleted.capacity() * 8; }

std::optional<Ordinal> SnapshotBuilder::Body::find(DocumentId document) const {
    const std::span<const DocumentId> known = documents.span();
    const auto found = std::lower_bound(known.begin(), known.end(), document);
    if (found == known.end() || *found != document) return std::nullopt;
    const auto ordinal = static_cast<Ordinal>(found - known.begin());
    return bit(deleted, ordinal) ? std::nullopt : std::optional(ordinal);
}

void SnapshotBuilder::Body::set_view_settings() {
    view_settings.clear();
    for (const View& view : settings->views)
        view_settings.push_back(std::make_shared<const Settings>(view.settings->over(*settings)));
}

void SnapshotBuilder::Body::add_record(DocumentId document, const AnalysedRecord& record) {
    PENCHANT_ASSERT(documents.size() == 0 || documents.span().back() < document);
    PENCHANT_ASSERT(size() < no_ordinal - 1);
    words_generation = 0;
    columns.add(record);
    documents.push_back(document);
    word_counts.push_back(static_cast<std::uint16_t>(
        std::min<std::uint32_t>(record.word_count, std::numeric_limits<std::uint16_t>::max())));
    deleted.resize(size() / 64 + 1);
}

void SnapshotBuilder::add(DocumentId document, const AnalysedRecord& record) {
    const Ordinal ordinal = size();
    body_->add_record(document, record);
    body_->fresh.add(ordinal, record.words);
}

void SnapshotBuilder::remove(DocumentId document) {
    const std::optional<Ordinal> ordinal = body_->find(document);
    if (!ordinal) return;
    body_->deleted[*ordinal / 64] |= std::uint64_t{1} << (*ordinal % 64);
    ++body_->deleted_count;
    body_->words_generation = 0;
    body_->columns.remove(*ordinal);
}

void SnapshotBuilder::update_columns(DocumentId document, const AnalysedRecord& record) {
    if (const std::optional<Ordinal> ordinal = body_->find(document)) body_->columns.update(*ordinal, record);
}

bool SnapshotBuilder::change_settings(std::shared_ptr<const Settings> settings) {
    body_->settings = std::move(settings);
    body_->words_generation = 0;
    body_->set_view_settings();
    return body_->columns.change_settings(*body_->settings);
}

void SnapshotBuilder::change_curations(std::shared_ptr<const Curations> curations) {
    body_->curations = std::move(curations);
    body_->words_generation = 0;
}

void SnapshotBuilder::clear() {
    auto curations = body_->curations;
    body_ = std::make_unique<Body>(body_->settings, body_->numbering);
    body_->curations = std::move(curations);
}

void SnapshotBuilder::load_record(DocumentId document, const AnalysedRecord& record_without_words) {
    PENCHANT_ASSERT(body_->segments.empty() && body_->fresh.records() == 0);
    body_->add_record(document, record_without_words);
}

void SnapshotBuilder::load_segment(std::shared_ptr<const Segment> base) {
    PENCHANT_ASSERT(body_->segments.empty() && body_->fresh.records() == 0);
    PENCHANT_ASSERT(base->begin() == 0 && base->end() == size());
    body_->fresh = SegmentBuilder(size());
    if (size() > 0) body_->segments.push_back(std::move(base));
}

void SnapshotBuilder::Body::finish_segment() {
    const Ordinal covered = segments.empty() ? 0 : segments.back()->end();
    if (covered == size()) return;
    segments.push_back(fresh.finish(size()));
    fresh = SegmentBuilder(size());
}

/// A segment that is at least half as large as the one before is merged with it, so that sizes fall by halves and each
/// posting is copied about as often as there are sizes.
void SnapshotBuilder::Body::merge_segments_in_tiers() {
    if (segments.empty()) return;
    std::size_t first = segments.size() - 1;
    std::size_t size_behind = segments.back()->postings();
    while (first > 0 && (size_behind * 2 >= segments[first - 1]->postings() || first >= segments_max)) {
        --first;
        size_behind += segments[first]->postings();
    }
    if (first + 1 == segments.size()) return;
    const auto merged = merge_segments(std::span(segments).subspan(first), deleted, {});
    warm_unions(*merged, std::span(segments).subspan(first));
    segments.resize(first);
    segments.push_back(merged);
}

/// Renumbers everything, leaving out what is deleted.
void SnapshotBuilder::Body::fold() {
    const Ordinal before = size();
    std::vector<Ordinal> renumber(before, no_ordinal);
    SharedArray<DocumentId> documents_left;
    SharedArray<std::uint16_t> word_counts_left;
    Ordinal after = 0;
    for (Ordinal ordinal = 0; ordinal < before; ++ordinal) {
        if (bit(deleted, ordinal)) continue;
        renumber[ordinal] = after++;
        documents_left.push_back(documents.span()[ordinal]);
        word_counts_left.push_back(word_counts.span()[ordinal]);
    }
    const auto merged = merge_segments(segments, {}, renumber);
    warm_unions(*merged, segments);
    segments.clear();
    if (after > 0) segments.push_back(merged);
    fresh = SegmentBuilder(after);
    columns.renumber(renumber, after);
    documents = std::move(documents_left);
    word_counts = std::move(word_counts_left);
    deleted.assign(after / 64 + 1, 0);
    deleted_count = 0;
}

std::shared_ptr<const Snapshot> SnapshotBuilder::publish(const AttributeTable& attributes) {
    Body& body = *body_;
    body.finish_segment();
    if (body.deleted_count > fold_deleted_min && body.deleted_count * fold_deleted_part > body.size()) body.fold();
    else body.merge_segments_in_tiers();

    auto snapshot = std::make_shared<Snapshot>();
    snapshot->generation = snapshot->records_generation = new_generation();
    if (body.words_generation == 0 || body.columns.many_facet_changes()) {
        body.words_generation = snapshot->generation;
        body.columns.forget_facet_changes();
    }
    snapshot->words_generation = body.words_generation;
    snapshot->settings = body.settings;
    snapshot->attributes = std::make_shared<const AttributeTable>(attributes);
    snapshot->curations = body.curations;
    snapshot->columns = body.columns.publish();
    snapshot->segments = body.segments;
    snapshot->records = body.size() - static_cast<std::uint32_t>(body.deleted_count);
    snapshot->deleted_ = std::make_shared<const std::vector<std::uint64_t>>(body.deleted);
    snapshot->documents_ = body.documents.published();
    snapshot->word_counts_ = body.word_counts.published();
    const std::span<const std::uint16_t> counts = snapshot->word_counts_.span();
    if (!counts.empty())
        snapshot->word_count_mean_ = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})) /
                                     static_cast<double>(counts.size());
    for (std::size_t i = 0; i < body.settings->views.size(); ++i)
        snapshot->views.push_back({body.settings->views[i].name, body.view_settings[i], body.columns.custom_of_view(i),
                                   body.columns.runs_of_view(i)});
    return snapshot;
}

}  // namespace penchant
