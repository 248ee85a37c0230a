// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/writer.h"

#include "index/directory.h"
#include "index/limits.h"
#include "index/record.h"
#include "index/xapian_boundary.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <zlib.h>

namespace penchant {
namespace {

constexpr char object_prefix = 'Q';
constexpr char word_prefix = 'W';
constexpr std::size_t term_word_bytes_max = 200;
static_assert(limits::word_bytes_max <= term_word_bytes_max && limits::object_id_bytes_max <= 240);

std::string big_endian(std::uint32_t value) {
    std::string bytes(4, '\0');
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>((value >> (24U - 8U * i)) & 0xFFU);
    return bytes;
}

std::uint32_t hashed_bytes(std::string_view hash) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i < 8 && i < hash.size(); ++i)
        value = (value << 8U) | static_cast<unsigned char>(hash[i]);
    return value;
}

// Xapian keys end at 245 bytes; none of ours comes near.
std::string curation_prefix(CurationKind kind) { return fmt::format("curation/{}/", curation_kind_name(kind)); }

Curations read_curations(const Xapian::Database& database) {
    Curations curations;
    for (const CurationKind kind : {CurationKind::synonym, CurationKind::rule}) {
        const std::string prefix = curation_prefix(kind);
        CurationMap& map = kind == CurationKind::rule ? curations.rules : curations.synonyms;
        const Xapian::TermIterator end = database.metadata_keys_end(prefix);
        for (Xapian::TermIterator at = database.metadata_keys_begin(prefix); at != end; ++at) {
            const std::string key = *at;
            map.emplace(key.substr(prefix.size()), std::make_shared<const std::string>(database.get_metadata(key)));
        }
    }
    return curations;
}

template <class Number>
bool read_decimal(const std::string& text, Number& number) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string object_term(std::string_view object_id) {
    std::string term;
    term.reserve(object_id.size() + 1);
    term.push_back(object_prefix);
    term.append(object_id);
    // On disk Xapian spends two bytes on a NUL, and a term of 200 of them would be too long.
    std::replace(term.begin(), term.end(), '\0', '\xFF');
    return term;
}

std::string content_hash(std::string_view json) {
    const auto crc = static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef*>(json.data()), static_cast<uInt>(json.size())));
    return big_endian(crc) + big_endian(static_cast<std::uint32_t>(json.size()));
}

std::vector<std::pair<std::string, Xapian::termcount>> word_terms(const AnalysedRecord& record) {
    std::vector<std::pair<std::string, Xapian::termcount>> terms;
    terms.reserve(record.words.size() * 2);
    for (const AnalysedWord& word : record.words) {
        // A NUL would end the word early, and what Xapian finds too long makes it forget everything not committed.
        if (word.word.size() > term_word_bytes_max || word.word.find('\0') != std::string::npos) continue;
        unsigned occurrence = 0;
        for (std::size_t i = 0; i < word.places.size(); ++i) {
            const Place place = word.places[i];
            const AttributeId attribute = place_attribute(place);
            occurrence = i != 0 && place_attribute(word.places[i - 1]) == attribute ? occurrence + 1 : 0;
            std::string term;
            term.reserve(word.word.size() + 5);
            term.push_back(word_prefix);
            term.append(word.word);
            term.push_back('\0');
            term.push_back(static_cast<char>(attribute >> 8U));
            term.push_back(static_cast<char>(attribute & 0xFFU));
            term.push_back(static_cast<char>(occurrence));
            const bool whole = (place & place_whole) != 0;
            terms.emplace_back(std::move(term), (place_position(place) << 1U) | (whole ? 1U : 0U));
        }
    }
    return terms;
}

std::optional<WordTerm> read_word_term(std::string_view term) {
    if (term.size() < 6 || term.front() != word_prefix || term[term.size() - 4] != '\0') return std::nullopt;
    const auto byte = [&](std::size_t from_end) {
        return static_cast<unsigned>(static_cast<unsigned char>(term[term.size() - from_end]));
    };
    WordTerm parts;
    parts.word = term.substr(1, term.size() - 5);
    parts.attribute = static_cast<AttributeId>((byte(3) << 8U) | byte(2));
    parts.occurrence = static_cast<std::uint8_t>(byte(1));
    return parts;
}

Result<IndexMetadata> read_metadata(const Xapian::Database& database) {
    int format = 0;
    const std::string written = database.get_metadata("format");
    if (!read_decimal(written, format)) return Error{Errc::corrupt, "the index has no format number"};
    if (format != index_format)
        return Error{Errc::bad_request,
                     fmt::format("the index has format {}; this version reads format {}", format, index_format)};
    IndexMetadata metadata;
    if (!read_decimal(database.get_metadata("position"), metadata.position) ||
        !read_decimal(database.get_metadata("data_bytes"), metadata.data_bytes) ||
        !read_decimal(database.get_metadata("updated"), metadata.updated_at_ms))
        return Error{Errc::corrupt, "the index has lost its metadata"};
    metadata.settings = Settings::from_stored(database.get_metadata("settings"));
    metadata.attributes = AttributeTable::from_json(database.get_metadata("attributes"));
    metadata.number_paths = NumberPaths::from_json(database.get_metadata("number_paths"));
    if (Curations curations = read_curations(database); !curations.empty())
        metadata.curations = std::make_shared<const Curations>(std::move(curations));
    return metadata;
}

// -- the writer -------------------------------------------------------------------------------------------------------

Writer::Writer(std::string directory, Xapian::WritableDatabase database, FacetValueIds& ids)
    : directory_(std::move(directory)), database_(std::move(database)), ids_(ids) {}

Writer::~Writer() {
    // Without this the handle's own destructor would commit what is half applied.
    (void)guarded([&] { database_.cancel_transaction(); });
    (void)guarded([&] { database_.close(); });
}

Result<std::unique_ptr<Writer>> Writer::create(const std::string& directory, const Settings& settings,
                                               FacetValueIds& ids, std::shared_ptr<const Curations> curations) {
    PENCHANT_CHECK(make_directory(directory));
    auto opened = guarded([&]() -> std::unique_ptr<Writer> {
        Xapian::WritableDatabase database(directory, Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS);
        database.set_metadata("format", std::to_string(index_format));
        std::unique_ptr<Writer> writer(new Writer(directory, std::move(database), ids));
        writer->database_.begin_transaction();
        for (const CurationKind kind : {CurationKind::synonym, CurationKind::rule})
            for (const auto& [id, json] : curations->of(kind))
                writer->database_.set_metadata(curation_prefix(kind) + id, *json);
        return writer;
    });
    if (!opened) return std::move(opened).error();
    std::unique_ptr<Writer> writer = std::move(opened).value();
    writer->metadata_.curations = std::move(curations);
    writer->change_settings(settings);
    PENCHANT_CHECK(writer->commit(0, 0));
    return writer;
}

Result<std::unique_ptr<Writer>> Writer::open(const std::string& directory, FacetValueIds& ids) {
    auto opened = guarded([&]() -> std::unique_ptr<Writer> {
        Xapian::WritableDatabase database(directory, Xapian::DB_OPEN);
        std::unique_ptr<Writer> writer(new Writer(directory, std::move(database), ids));
        writer->database_.begin_transaction();
        return writer;
    });
    if (!opened) return std::move(opened).error();
    std::unique_ptr<Writer> writer = std::move(opened).value();
    auto metadata = guarded([&] { return read_metadata(writer->database_); });
    if (!metadata) return std::move(metadata).error();
    writer->metadata_ = std::move(metadata).value();
    writer->analyser_.emplace(writer->metadata_.settings, writer->metadata_.attributes);
    writer->attributes_saved_ = writer->metadata_.attributes.size();
    writer->number_paths_saved_ = writer->metadata_.number_paths.paths().size();
    return writer;
}

Xapian::docid Writer::document_of(const std::string& term) const {
    const Xapian::PostingIterator at = database_.postlist_begin(term);
    return at == database_.postlist_end(term) ? 0 : *at;
}

void Writer::drop(Xapian::docid document) {
    metadata_.data_bytes -= hashed_bytes(database_.get_document(document).get_value(hash_slot));
    database_.delete_document(document);
}

void Writer::add(const AnalysedRecord& record, std::string_view json, SnapshotBuilder& builder) {
    Xapian::Document document;
    document.set_data(std::string(json));
    document.add_term(object_term(record.object_id), 0);
    for (const auto& [term, wdf] : word_terms(record)) document.add_term(term, wdf);
    document.add_value(columns_slot, pack_columns(record, metadata_.settings, ids_, metadata_.number_paths));
    document.add_value(hash_slot, content_hash(json));
    builder.add(database_.add_document(document), record);
    metadata_.data_bytes += json.size();
}

bool Writer::has_words(Xapian::docid document, const AnalysedRecord& record) const {
    // Reading the old terms is cheaper than analysing the old JSON, and removing the document would read them anyway.
    const auto terms = word_terms(record);
    auto next = terms.begin();
    const Xapian::TermIterator end = database_.termlist_end(document);
    for (Xapian::TermIterator at = database_.termlist_begin(document); at != end; ++at) {
        const std::string term = *at;
        if (term.front() != word_prefix) continue;
        if (next == terms.end() || term != next->first || at.get_wdf() != next->second) return false;
        ++next;
    }
    return next == terms.end();
}

Result<void> Writer::put(std::string_view object_id, std::string_view json, SnapshotBuilder& builder) {
    if (object_id.size() > limits::object_id_bytes_max) return Error{Errc::bad_request, "the objectID is too long"};
    return guarded([&]() -> Result<void> {
        const Xapian::docid old = document_of(object_term(object_id));
        Xapian::Document document;
        std::string old_hash;
        if (old != 0) {
            document = database_.get_document(old);
            old_hash = document.get_value(hash_slot);
            // The same record again, as when a whole catalog is sent every night.
            if (old_hash == content_hash(json) && document.get_data() == json) return {};
        }
        PENCHANT_TRY(const auto element, parse_json(json));
        const AnalysedRecord record = analyser_->analyse(element);
        if (record.object_id != object_id) return Error{Errc::bad_request, "the record has another objectID"};
        if (old == 0 || !has_words(old, record)) {
            if (old != 0) {
                drop(old);
                builder.remove(old);
            }
            add(record, json, builder);
            return {};
        }
        document.set_data(std::string(json));
        document.add_value(columns_slot, pack_columns(record, metadata_.settings, ids_, metadata_.number_paths));
        document.add_value(hash_slot, content_hash(json));
        database_.replace_document(old, document);
        builder.update_columns(old, record);
        metadata_.data_bytes += json.size();
        metadata_.data_bytes -= hashed_bytes(old_hash);
        return {};
    });
}

Result<void> Writer::put_again(std::string_view json, SnapshotBuilder& builder) {
    PENCHANT_TRY(const auto element, parse_json(json));
    const AnalysedRecord record = analyser_->analyse(element);
    return guarded([&] { add(record, json, builder); });
}

Result<void> Writer::remove(std::string_view object_id, SnapshotBuilder& builder) {
    auto document = guarded([&] { return document_of(object_term(object_id)); });
    if (!document) return std::move(document).error();
    if (document.value() == 0) return {};
    return remove_document(document.value(), builder);
}

Result<void> Writer::remove_document(DocumentId document, SnapshotBuilder& builder) {
    PENCHANT_CHECK(guarded([&] { drop(document); }));
    builder.remove(document);
    return {};
}

Result<std::optional<std::string>> Writer::find(std::string_view object_id) const {
    return guarded([&]() -> std::optional<std::string> {
        const Xapian::docid document = document_of(object_term(object_id));
        if (document == 0) return std::nullopt;
        return database_.get_document(document).get_data();
    });
}

Result<std::string> Writer::object_id(DocumentId document) const {
    return guarded([&] {
        // The term of the objectID is the only one with its prefix.
        const std::string prefix = object_term({});
        const Xapian::Document record = database_.get_document(document);
        Xapian::TermIterator at = record.termlist_begin();
        at.skip_to(prefix);
        return (*at).substr(prefix.size());
    });
}

Result<void> Writer::for_each_record(const std::function<bool(std::string_view json)>& visit) const {
    return guarded([&] {
        const Xapian::PostingIterator end = database_.postlist_end({});
        for (Xapian::PostingIterator at = database_.postlist_begin({}); at != end; ++at)
            if (!visit(database_.get_document(*at).get_data())) return;
    });
}

void Writer::change_settings(const Settings& settings) {
    analyser_.reset();
    metadata_.settings = settings;
    analyser_.emplace(metadata_.settings, metadata_.attributes);
    settings_changed_ = true;
}

Result<void> Writer::change_curations(const CurationChange& change, SnapshotBuilder& builder) {
    auto after = std::make_shared<const Curations>(metadata_.curations->changed(change));
    const std::string prefix = curation_prefix(change.kind);
    const CurationMap& now = after->of(change.kind);
    PENCHANT_CHECK(guarded([&] {
        // Setting nothing removes a key.
        for (const auto& [id, json] : metadata_.curations->of(change.kind))
            if (now.find(id) == now.end()) database_.set_metadata(prefix + id, std::string());
        for (const auto& [id, json] : change.put) database_.set_metadata(prefix + id, *now.find(id)->second);
    }));
    metadata_.curations = after;
    builder.change_curations(std::move(after));
    return {};
}

Result<void> Writer::commit(std::uint64_t position, std::int64_t updated_at_ms) {
    PENCHANT_CHECK(guarded([&] {
        if (settings_changed_) database_.set_metadata("settings", metadata_.settings.to_stored_json());
        if (attributes_saved_ != metadata_.attributes.size())
            database_.set_metadata("attributes", metadata_.attributes.to_json());
        if (number_paths_saved_ != metadata_.number_paths.paths().size())
            database_.set_metadata("number_paths", metadata_.number_paths.to_json());
        database_.set_metadata("position", std::to_string(position));
        database_.set_metadata("data_bytes", std::to_string(metadata_.data_bytes));
        database_.set_metadata("updated", std::to_string(updated_at_ms));
        database_.commit_transaction();
    }));
    PENCHANT_CHECK(sync_directory(directory_));
    settings_changed_ = false;
    attributes_saved_ = metadata_.attributes.size();
    number_paths_saved_ = metadata_.number_paths.paths().size();
    metadata_.position = position;
    metadata_.updated_at_ms = updated_at_ms;
    return guarded([&] { database_.begin_transaction(); });
}

}  // namespace penchant
