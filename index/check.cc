// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/check.h"

#include "index/loader.h"
#include "index/record.h"
#include "index/writer.h"
#include "index/xapian_boundary.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

namespace penchant {
namespace {

constexpr std::size_t like_findings_max = 5;

/// Passes on the first few findings of a kind and counts the rest.
class Findings {
public:
    Findings(const std::function<void(const std::string&)>& report, std::string rest)
        : report_(report), rest_(std::move(rest)) {}
    Findings(const Findings&) = delete;
    Findings& operator=(const Findings&) = delete;
    ~Findings() {
        if (count_ > like_findings_max) report_(fmt::format("{} more {}", count_ - like_findings_max, rest_));
    }
    void add(const std::string& line) {
        if (++count_ <= like_findings_max) report_(line);
    }
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    const std::function<void(const std::string&)>& report_;
    std::string rest_;
    std::size_t count_ = 0;
};

std::vector<std::string> facet_texts(const Columns& columns, std::string_view path, Ordinal ordinal) {
    std::vector<std::string> texts;
    const auto attribute = columns.find_facet(path);
    if (!attribute) return texts;
    columns.for_each_value(*attribute, ordinal, [&](std::uint32_t value) {
        texts.push_back(columns.dictionary(*attribute).value(value).text);
    });
    return texts;
}

std::vector<double> numbers_of(const Columns& columns, const std::string& path, Ordinal ordinal) {
    std::vector<double> numbers;
    if (const NumericColumn* const column = columns.number(path))
        column->for_each(ordinal, [&](double number) { numbers.push_back(number); });
    return numbers;
}

/// The postings of a word in all segments, by document, deleted records left out.
std::vector<std::pair<DocumentId, std::vector<Place>>> list_of(const Snapshot& snapshot, std::string_view word) {
    std::vector<std::pair<DocumentId, std::vector<Place>>> list;
    for (const auto& segment : snapshot.segments) {
        const Postings postings = segment->word(word);
        for (std::size_t i = 0; i < postings.size(); ++i) {
            if (snapshot.deleted(postings.ordinals[i])) continue;
            auto& places = list.emplace_back(snapshot.document(postings.ordinals[i]), std::vector<Place>()).second;
            postings.for_each_place(i, [&](Place place) { places.push_back(place); });
        }
    }
    return list;
}

/// Calls `visit` with each word that one of the segments has, once, in byte order.
void for_each_word(std::span<const std::shared_ptr<const Segment>> segments,
                   const std::function<void(std::string_view)>& visit) {
    std::set<std::string, std::less<>> small;  // words of all segments but the first, which is the large one
    for (std::size_t i = 1; i < segments.size(); ++i)
        segments[i]->for_each_word({}, [&](std::string_view word, std::size_t) {
            small.emplace(word);
            return true;
        });
    auto next = small.begin();
    if (!segments.empty())
        segments[0]->for_each_word({}, [&](std::string_view word, std::size_t) {
            for (; next != small.end() && *next < word; ++next) visit(*next);
            if (next != small.end() && *next == word) ++next;
            visit(word);
            return true;
        });
    for (; next != small.end(); ++next) visit(*next);
}

/// Reads every record and gives a snapshot made from nothing but their JSON; null when that is not possible.
std::shared_ptr<const Snapshot> check_records(const Xapian::Database& database, FacetValueIds& ids,
                                              const std::function<void(const std::string&)>& report) {
    auto metadata = read_metadata(database);
    if (!metadata) {
        report(metadata.error().what);
        return nullptr;
    }
    Findings hashes(report, "records are not what was written");
    Findings names(report, "records are not found by their objectID");
    SnapshotBuilder builder(std::make_shared<const Settings>(metadata->settings),
                            [&](std::string_view path, std::string_view value) { return ids.number(path, value); });
    Analyser analyser(metadata->settings, metadata->attributes);
    std::uint64_t data_bytes = 0;
    const Xapian::PostingIterator end = database.postlist_end({});
    for (Xapian::PostingIterator at = database.postlist_begin({}); at != end; ++at) {
        const Xapian::Document document = database.get_document(*at);
        const std::string json = document.get_data();
        data_bytes += json.size();
        if (content_hash(json) != document.get_value(hash_slot)) {
            hashes.add(fmt::format("document {}: its content hash does not match its JSON", *at));
            continue;
        }
        const auto element = parse_json(json);
        if (!element) {
            hashes.add(fmt::format("document {}: {}", *at, element.error().what));
            continue;
        }
        const AnalysedRecord record = analyser.analyse(*element);
        builder.add(*at, record);
        const std::string term = object_term(record.object_id);
        const Xapian::PostingIterator found = database.postlist_begin(term);
        if (found == database.postlist_end(term) || *found != *at || database.get_termfreq(term) != 1)
            names.add(fmt::format("document {}: its objectID does not lead to it alone", *at));
    }
    if (data_bytes != metadata->data_bytes)
        report(fmt::format("the records have {} bytes, the metadata says {}", data_bytes, metadata->data_bytes));
    if (hashes.count() != 0) return nullptr;
    return builder.publish(metadata->attributes);
}

}  // namespace

void compare_snapshots(const Snapshot& snapshot, const Snapshot& expected,
                       const std::function<void(const std::string&)>& report) {
    if (snapshot.records != expected.records)
        report(fmt::format("{} records in memory, {} on disk", snapshot.records, expected.records));

    std::set<std::string> facets;
    std::set<std::string> numbers;
    for (const Columns* columns : {&snapshot.columns, &expected.columns}) {
        for (std::size_t i = 0; i < columns->facet_attributes(); ++i) facets.insert(columns->facet_path(i));
        for (std::string& path : columns->numeric_paths()) numbers.insert(std::move(path));
    }
    Findings columns(report, "columns in memory differ from the disk");
    for (Ordinal ordinal = 0; ordinal < snapshot.columns.size(); ++ordinal) {
        if (snapshot.deleted(ordinal)) continue;
        const DocumentId document = snapshot.document(ordinal);
        const auto other = expected.find_document(document);
        if (!other) {
            columns.add(fmt::format("document {} is in memory and not on disk", document));
            continue;
        }
        if (snapshot.word_count(ordinal) != expected.word_count(*other))
            columns.add(fmt::format("document {}: its number of words differs from the disk", document));
        for (const std::string& path : facets)
            if (facet_texts(snapshot.columns, path, ordinal) != facet_texts(expected.columns, path, *other))
                columns.add(fmt::format("document {}: its values of \"{}\" differ from the disk", document, path));
        for (const std::string& path : numbers)
            if (numbers_of(snapshot.columns, path, ordinal) != numbers_of(expected.columns, path, *other))
                columns.add(fmt::format("document {}: its numbers of \"{}\" differ from the disk", document, path));
    }

    Findings lists(report, "lists in memory differ from the disk");
    for_each_word(snapshot.segments, [&](std::string_view word) {
        if (list_of(snapshot, word) != list_of(expected, word))
            lists.add(fmt::format("the list of \"{}\" differs from the disk", word));
    });
    for_each_word(expected.segments, [&](std::string_view word) {
        const bool known = std::any_of(snapshot.segments.begin(), snapshot.segments.end(),
                                       [&](const auto& segment) { return segment->word(word).size() != 0; });
        if (!known && !list_of(expected, word).empty())
            lists.add(fmt::format("the list of \"{}\" is on disk and not in memory", word));
    });
}

void check_index(const std::string& directory, const Snapshot& snapshot, FacetValueIds& ids,
                 const std::function<void(const std::string&)>& report) {
    std::ostringstream lines;
    const auto structure = guarded([&] { return Xapian::Database::check(directory, 0, &lines); });
    if (!structure) {
        report(structure.error().what);
        return;
    }
    if (*structure != 0) report(fmt::format("Xapian's own check found {} errors: {}", *structure, lines.str()));

    std::shared_ptr<const Snapshot> analysed;
    const auto read = guarded([&] { analysed = check_records(Xapian::Database(directory), ids, report); });
    if (!read) {
        report(read.error().what);
        return;
    }
    if (analysed) compare_snapshots(snapshot, *analysed, [&](const std::string& line) { report("records: " + line); });
    analysed.reset();

    auto loaded = load_index(directory, ids);
    if (!loaded) {
        report(loaded.error().what);
        return;
    }
    const auto rebuilt = loaded->builder.publish(loaded->metadata.attributes);
    if (!same(*snapshot.curations, *rebuilt->curations)) report("synonyms or rules in memory differ from the disk");
    for (const CurationKind kind : {CurationKind::synonym, CurationKind::rule})
        for (const auto& [id, json] : rebuilt->curations->of(kind))
            if (const auto element = parse_json(*json); !element || !element->is_object())
                report(fmt::format("the {} \"{}\" is no JSON object", curation_kind_name(kind), id));
    compare_snapshots(snapshot, *rebuilt, [&](const std::string& line) { report("lists: " + line); });
}

}  // namespace penchant
