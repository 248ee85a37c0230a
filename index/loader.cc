// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/loader.h"

#include "index/xapian_boundary.h"

#include <algorithm>

#include <fmt/format.h>

namespace penchant {
namespace {

/// One posting, ordered as lists in memory are: by ordinal, then attribute, then position. The whole flag rides below.
using Posting = std::uint64_t;

Posting make_posting(Ordinal ordinal, AttributeId attribute, Xapian::termcount wdf) {
    return (static_cast<Posting>(ordinal) << 32U) | (static_cast<Posting>(attribute) << 15U) | wdf;
}
Place place_of(Posting posting) {
    return place_of_wdf(static_cast<AttributeId>((posting >> 15U) & 0x3FFU),
                        static_cast<Xapian::termcount>(posting & 0x7FFFU));
}

/// Gathers the lists of one word, one an (attribute, occurrence), and makes one list of them.
class WordList {
public:
    explicit WordList(SegmentBuilder& segment) : segment_(segment) {}

    void begin(std::string_view word) { word_ = word; }
    [[nodiscard]] const std::string& word() const { return word_; }
    void begin_run() { runs_.push_back(postings_.size()); }
    void add(Posting posting) { postings_.push_back(posting); }

    void finish() {
        if (postings_.empty()) return;
        merge_runs();
        ordinals_.clear();
        places_.clear();
        occurrences_.clear();
        for (std::size_t i = 0; i < postings_.size();) {
            const auto ordinal = static_cast<Ordinal>(postings_[i] >> 32U);
            std::size_t end = i + 1;
            while (end < postings_.size() && static_cast<Ordinal>(postings_[end] >> 32U) == ordinal) ++end;
            ordinals_.push_back(ordinal);
            if (end == i + 1) {
                places_.push_back(place_of(postings_[i]));
            } else {
                places_.push_back(places_elsewhere | static_cast<std::uint32_t>(occurrences_.size()));
                for (; i < end; ++i) occurrences_.push_back(place_of(postings_[i]) | (i + 1 == end ? place_last : 0U));
            }
            i = end;
        }
        segment_.add_flat_list(word_, ordinals_, places_, occurrences_);
        postings_.clear();
        runs_.clear();
    }

private:
    // Each run is sorted; neighbours are merged until one is left.
    void merge_runs() {
        while (runs_.size() > 1) {
            merged_.resize(postings_.size());
            std::size_t kept = 0;
            for (std::size_t i = 0; i < runs_.size(); i += 2) {
                const auto at = [&](std::size_t run) {
                    return postings_.begin() + static_cast<std::ptrdiff_t>(run < runs_.size() ? runs_[run]
                                                                                              : postings_.size());
                };
                std::merge(at(i), at(i + 1), at(i + 1), at(i + 2), merged_.begin() + (at(i) - postings_.begin()));
                runs_[kept++] = runs_[i];
            }
            runs_.resize(kept);
            postings_.swap(merged_);
        }
    }

    SegmentBuilder& segment_;
    std::string word_;
    std::vector<Posting> postings_;
    std::vector<Posting> merged_;
    std::vector<std::size_t> runs_;
    std::vector<Ordinal> ordinals_;
    std::vector<std::uint32_t> places_;
    std::vector<std::uint32_t> occurrences_;
};

Result<void> load_columns(const Xapian::Database& database, const IndexMetadata& metadata, const FacetValueIds& ids,
                          SnapshotBuilder& builder, std::vector<Ordinal>& ordinals) {
    ordinals.assign(std::size_t{database.get_lastdocid()} + 1, no_ordinal);
    ColumnsReader reader(metadata.settings, ids, metadata.number_paths);
    AnalysedRecord record;
    const Xapian::ValueIterator end = database.valuestream_end(columns_slot);
    for (Xapian::ValueIterator at = database.valuestream_begin(columns_slot); at != end; ++at) {
        const Xapian::docid document = at.get_docid();
        if (!reader.read(*at, record))
            return Error{Errc::corrupt, fmt::format("the columns of document {} are damaged", document)};
        if (document >= ordinals.size())
            return Error{Errc::corrupt, fmt::format("document {} is past the last one", document)};
        ordinals[document] = builder.size();
        builder.load_record(document, record);
    }
    if (builder.size() != database.get_doccount())
        return Error{Errc::corrupt, fmt::format("{} documents, but columns of {}", database.get_doccount(),
                                                builder.size())};
    return {};
}

Result<void> load_words(const Xapian::Database& database, const std::vector<Ordinal>& ordinals,
                        SegmentBuilder& segment) {
    WordList list(segment);
    const Xapian::TermIterator end = database.allterms_end("W");
    for (Xapian::TermIterator at = database.allterms_begin("W"); at != end; ++at) {
        const std::string term = *at;
        const auto parts = read_word_term(term);
        if (!parts) return Error{Errc::corrupt, "a word's term is damaged"};
        if (parts->word != list.word()) {
            list.finish();
            list.begin(parts->word);
        }
        list.begin_run();
        const Xapian::PostingIterator last = database.postlist_end(term);
        for (Xapian::PostingIterator posting = database.postlist_begin(term); posting != last; ++posting) {
            const Xapian::docid document = *posting;
            const Xapian::termcount wdf = posting.get_wdf();
            if (document >= ordinals.size() || ordinals[document] == no_ordinal || wdf > 0x7FFFU)
                return Error{Errc::corrupt, fmt::format("a word's list names document {}, which is not there",
                                                        document)};
            list.add(make_posting(ordinals[document], parts->attribute, wdf));
        }
    }
    list.finish();
    return {};
}

}  // namespace

Result<LoadedIndex> load_index(const std::string& directory, FacetValueIds& ids) {
    auto loaded = guarded([&]() -> Result<LoadedIndex> {
        const Xapian::Database database(directory);
        PENCHANT_TRY(auto metadata, read_metadata(database));
        SnapshotBuilder builder(std::make_shared<const Settings>(metadata.settings),
                                [&ids](std::string_view path, std::string_view value) {
                                    return ids.number(path, value);
                                });
        builder.change_curations(metadata.curations);
        std::vector<Ordinal> ordinals;
        PENCHANT_CHECK(load_columns(database, metadata, ids, builder, ordinals));
        SegmentBuilder segment(0);
        PENCHANT_CHECK(load_words(database, ordinals, segment));
        builder.load_segment(segment.finish(builder.size()));
        return LoadedIndex{std::move(builder), std::move(metadata)};
    });
    if (!loaded) return Error{loaded.error().code, directory + ": " + loaded.error().what};
    return loaded;
}

}  // namespace penchant
