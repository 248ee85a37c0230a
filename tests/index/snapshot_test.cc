// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random histories of an index, each snapshot compared with a model made from scratch of the records it should hold;
// and readers that hold on to snapshots while the next ones are made.
#include "index/snapshot.h"

#include "tests/catch.h"
#include "tests/index/snapshot_model.h"

#include <atomic>
#include <mutex>
#include <thread>

using namespace penchant;
using namespace penchant::testing;

namespace {

FacetValueNumbering numbering() {
    auto numbers = std::make_shared<std::map<std::pair<std::string, std::string>, FacetValueId>>();
    return [numbers](std::string_view path, std::string_view value) {
        return numbers->try_emplace({std::string(path), std::string(value)}, static_cast<FacetValueId>(numbers->size()))
            .first->second;
    };
}

Settings settings_with(std::size_t facets) {
    Settings settings;
    settings.attributes_for_faceting.clear();
    for (std::size_t i = 0; i < facets; ++i) {
        settings.attributes_for_faceting.push_back({"facet" + std::to_string(i)});
    }
    return settings;
}

Settings random_orders(Settings settings, RecordMaker& make) {
    const std::vector<std::string> paths{"price", "stock", "name", "rare", "nobody"};
    const auto criterion = [&] {
        return SortCriterion{paths[make.below(paths.size())],
                             make.chance(0.5) ? SortDirection::ascending : SortDirection::descending};
    };
    settings.custom_ranking.clear();
    for (std::size_t i = make.below(4); i > 0; --i) settings.custom_ranking.push_back(criterion());
    settings.ranking.clear();
    for (std::size_t i = make.below(5); i > 0; --i) {
        settings.ranking.push_back(make.chance(0.7) ? RankingCriterion{Criterion::sort, criterion()}
                                                    : RankingCriterion{Criterion::words, {}});
    }
    return settings;
}

/// An index's life: what it holds, and the builder that should know it.
struct History {
    explicit History(std::uint32_t seed, std::size_t facet_count)
        : make(seed),
          facets(facet_count),
          settings(random_orders(settings_with(facets), make)),
          builder(std::make_shared<const Settings>(settings), numbering()) {}

    void add() {
        next_document += 1 + static_cast<DocumentId>(make.below(3));
        records[next_document] = make.record(facets);
        builder.add(next_document, records[next_document]);
    }
    DocumentId any_document() {
        auto record = records.lower_bound(static_cast<DocumentId>(make.below(next_document + 1)));
        return record == records.end() ? records.begin()->first : record->first;
    }
    void remove() {
        if (records.empty()) return;
        const DocumentId document = any_document();
        records.erase(document);
        builder.remove(document);
        builder.remove(document);  // unknown by now: nothing happens
    }
    void update_words() {
        if (records.empty()) return;
        const DocumentId document = any_document();
        AnalysedRecord record = records[document];
        record.words = make.words();
        record.word_count = static_cast<std::uint32_t>(record.words.size());
        records.erase(document);
        builder.remove(document);
        builder.add(++next_document, record);
        records[next_document] = record;
    }
    void update_columns() {
        if (records.empty()) return;
        const DocumentId document = any_document();
        make.fill_columns(records[document], facets);
        builder.update_columns(document, records[document]);
    }
    void change_settings() {
        settings = random_orders(settings, make);
        const bool told = builder.change_settings(std::make_shared<const Settings>(settings));
        if (!told) return;
        for (const auto& [document, record] : records) builder.update_columns(document, record);
    }
    void reorder_facets() {
        // The last one keeps its place, since it is the one the maker fills with many values.
        if (facets < 3) return;
        auto& listed = settings.attributes_for_faceting;
        std::swap(listed[0], listed[1]);
        for (auto& [document, record] : records) {
            for (AnalysedFacet& facet : record.facets) {
                if (facet.attribute < 2) facet.attribute = 1 - facet.attribute;
            }
            std::sort(record.facets.begin(), record.facets.end(),
                      [](const AnalysedFacet& a, const AnalysedFacet& b) { return a.attribute < b.attribute; });
        }
        builder.change_settings(std::make_shared<const Settings>(settings));
    }
    void clear() {
        records.clear();
        builder.clear();
        if (make.chance(0.5)) next_document = 0;
    }
    std::shared_ptr<const Snapshot> publish() { return builder.publish(attributes); }

    RecordMaker make;
    std::size_t facets;
    Settings settings;
    SnapshotBuilder builder;
    AttributeTable attributes;
    Records records;
    DocumentId next_document = 0;
};

}  // namespace

TEST_CASE("every snapshot of a random history equals a model made from scratch") {
    struct Old {
        std::shared_ptr<const Snapshot> snapshot;
        Records records;
    };
    const std::uint32_t seed = GENERATE(range(1U, 13U));
    CAPTURE(seed);
    History history(seed, std::vector<std::size_t>{6, 1, 9, 3}[seed % 4]);
    std::vector<Old> old;
    std::uint64_t generation = 0;
    for (int commit = 0; commit < 14; ++commit) {
        CAPTURE(commit);
        const std::size_t operations = history.make.below(commit % 5 == 0 ? 400 : 60);
        for (std::size_t i = 0; i < operations; ++i) {
            switch (history.make.below(10)) {
                case 0: history.remove(); break;
                case 1: history.update_words(); break;
                case 2: history.update_columns(); break;
                default: history.add();
            }
        }
        if (history.make.chance(0.2)) history.change_settings();
        if (history.make.chance(0.1)) history.reorder_facets();
        if (history.make.chance(0.05)) history.clear();
        const auto snapshot = history.publish();
        REQUIRE(snapshot->generation > generation);
        generation = snapshot->generation;
        REQUIRE(snapshot->segments.size() <= 11);
        check_snapshot(*snapshot, history.records);
        if (history.make.chance(0.3)) old.push_back({snapshot, history.records});
    }
    for (const Old& each : old) check_snapshot(*each.snapshot, each.records);
}

TEST_CASE("a history that deletes much is folded, and old snapshots stay as they were") {
    const std::uint32_t seed = GENERATE(21U, 22U);
    CAPTURE(seed);
    History history(seed, 6);
    for (int i = 0; i < 9'000; ++i) history.add();
    const auto first = history.publish();
    const Records first_records = history.records;
    bool folded = false;
    for (int commit = 0; commit < 8; ++commit) {
        for (int i = 0; i < 700; ++i) history.remove();
        for (int i = 0; i < 150; ++i) history.update_words();
        for (int i = 0; i < 150; ++i) history.update_columns();
        for (int i = 0; i < 100; ++i) history.add();
        const Ordinal before = history.builder.size();
        const auto snapshot = history.publish();
        folded = folded || snapshot->columns.size() < before;
        const std::size_t deleted = snapshot->columns.size() - snapshot->records;
        REQUIRE(deleted * 4 <= std::max<std::size_t>(snapshot->columns.size(), 4'000));
        if (commit % 3 == 1 || commit == 7) check_snapshot(*snapshot, history.records);
    }
    CHECK(folded);
    check_snapshot(*first, first_records);
}

TEST_CASE("an index that is loaded equals one that grew") {
    History history(31, 6);
    for (int i = 0; i < 5'000; ++i) history.add();
    for (int i = 0; i < 300; ++i) history.remove();

    SnapshotBuilder loaded(std::make_shared<const Settings>(history.settings), numbering());
    std::map<std::string, std::pair<std::vector<Ordinal>, std::vector<std::vector<Place>>>> lists;
    for (const auto& [document, record] : history.records) {
        AnalysedRecord without_words = record;
        without_words.words.clear();
        loaded.load_record(document, without_words);
        const Ordinal ordinal = loaded.ordinal_of(document).value();
        for (const AnalysedWord& word : record.words) {
            lists[word.word].first.push_back(ordinal);
            lists[word.word].second.push_back(word.places);
        }
    }
    SegmentBuilder base(0);
    for (const auto& [word, list] : lists) base.add_list(word, list.first, list.second);
    loaded.load_segment(base.finish(loaded.size()));
    check_snapshot(*loaded.publish(history.attributes), history.records);

    history.builder = std::move(loaded);
    for (int i = 0; i < 500; ++i) history.add();
    for (int i = 0; i < 100; ++i) history.update_words();
    for (int i = 0; i < 100; ++i) history.remove();
    check_snapshot(*history.publish(), history.records);
}

TEST_CASE("an empty index has a snapshot too") {
    History history(41, 2);
    check_snapshot(*history.publish(), {});
    history.add();
    history.remove();
    check_snapshot(*history.publish(), {});
    history.clear();
    check_snapshot(*history.publish(), {});
}

TEST_CASE("sorting by a new path tells when texts are missing") {
    Settings settings = settings_with(0);
    SnapshotBuilder builder(std::make_shared<const Settings>(settings), numbering());
    AnalysedRecord record;
    record.numbers = {{"price", {3}}};
    builder.add(1, record);
    settings.custom_ranking = {{"price", SortDirection::ascending}};
    CHECK_FALSE(builder.change_settings(std::make_shared<const Settings>(settings)));
    settings.custom_ranking = {{"name", SortDirection::ascending}};
    CHECK(builder.change_settings(std::make_shared<const Settings>(settings)));
    CHECK_FALSE(builder.change_settings(std::make_shared<const Settings>(settings)));
}

TEST_CASE("readers keep what they hold while snapshots are published") {
    // Record i carries "all", a word of its remainder, and facet values that repeat both, so that any snapshot can be
    // checked against itself.
    Settings settings = settings_with(2);
    settings.custom_ranking = {{"price", SortDirection::descending}};
    SnapshotBuilder builder(std::make_shared<const Settings>(settings), numbering());
    const AttributeTable attributes;
    const auto record_of = [](std::uint32_t i) {
        AnalysedRecord record;
        const std::string word = "al" + std::to_string(i % 17);
        record.words = {{word, {make_place(0, 1, false), make_place(1, 0, false)}}, {"all", {make_place(0, 0, false)}}};
        record.facets = {{0, {"all"}}, {1, {word, "value " + std::to_string(i)}}};
        record.numbers = {{"price", {static_cast<double>(i % 101)}}};
        return record;
    };

    std::mutex mutex;
    std::shared_ptr<const Snapshot> current = builder.publish(attributes);
    std::atomic<bool> stop{false};
    std::atomic<std::size_t> checked{0};
    std::atomic<std::size_t> wrong{0};
    const auto read = [&] {
        std::shared_ptr<const Snapshot> held;
        for (std::size_t round = 0; !stop || round < 4; ++round) {
            if (round % 3 == 0 || !held) {
                const std::lock_guard lock(mutex);
                held = current;
            }
            const Columns& columns = held->columns;
            std::vector<Ordinal> there;
            std::size_t by_prefix = 0;
            for (const auto& segment : held->segments) {
                for (const Ordinal ordinal : segment->word("all").ordinals) {
                    if (!held->deleted(ordinal)) there.push_back(ordinal);
                }
                const auto prefix = segment->prefix("a");
                for (const Ordinal ordinal : prefix->ordinals) by_prefix += held->deleted(ordinal) ? 0U : 1U;
            }
            std::vector<std::uint32_t> counts(columns.flat_size());
            const std::vector<std::size_t> both{0, 1};
            columns.count_values(there, both, counts);
            bool fine = there.size() == held->records && by_prefix == held->records &&
                        std::equal(counts.begin(), counts.end(), columns.value_counts().begin());
            for (std::size_t i = 0; i < there.size(); i += 37) {
                const Ordinal ordinal = there[i];
                fine = fine && held->find_document(held->document(ordinal)) == ordinal;
                const auto texts = values_of(columns, 1, ordinal);
                fine = fine && texts.size() == 2 && columns.dictionary(1).find(texts[1]).has_value();
                fine = fine && columns.custom_rank()[ordinal] <= 100 && columns.number("price")->first(ordinal);
            }
            if (!fine) ++wrong;
            ++checked;
        }
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) readers.emplace_back(read);

    RecordMaker make(5);
    DocumentId next = 1;
    const auto any = [&] { return static_cast<DocumentId>(make.below(next)); };
    for (int commit = 0; commit < 40; ++commit) {
        for (int i = 0; i < 150; ++i, ++next) builder.add(next, record_of(next));
        for (int i = 0; i < (commit < 20 ? 20 : 160); ++i) builder.remove(any());
        for (int i = 0; i < 10; ++i) {
            const DocumentId document = any();
            builder.update_columns(document, record_of(document));
        }
        auto snapshot = builder.publish(attributes);
        const std::lock_guard lock(mutex);
        current = std::move(snapshot);
    }
    stop = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(wrong == 0);
    CHECK(checked > 0);
}

TEST_CASE("an update copies only the pages of what it changes") {
    Settings settings = settings_with(1);
    SnapshotBuilder builder(std::make_shared<const Settings>(settings), numbering());
    const AttributeTable attributes;
    AnalysedRecord record;
    record.facets = {{0, {"red", "blue"}}};
    record.numbers = {{"price", {3}}, {"sizes", {1, 2}}};
    for (DocumentId document = 1; document <= 10; ++document) builder.add(document, record);
    const auto first = builder.publish(attributes);
    const auto page_of = [](const Snapshot& snapshot, std::string_view path) { return snapshot.columns.number(path)->pages[0]; };

    record.numbers[0].values = {4};
    builder.update_columns(3, record);
    builder.update_columns(3, record);
    const auto second = builder.publish(attributes);
    CHECK(page_of(*second, "price") != page_of(*first, "price"));
    CHECK(page_of(*second, "sizes") == page_of(*first, "sizes"));
    CHECK(second->columns.number("price")->first(2) == 4.0);

    record.numbers[0].values = {3};
    builder.update_columns(3, record);
    record.numbers[0].values = {4};
    builder.update_columns(3, record);  // back again within one commit
    record.numbers[1].values = {2, 1};
    builder.update_columns(4, record);
    const auto third = builder.publish(attributes);
    CHECK(third->columns.number("price")->first(2) == 4.0);
    std::vector<double> sizes;
    third->columns.number("sizes")->for_each(3, [&](double value) { sizes.push_back(value); });
    CHECK(sizes == std::vector<double>{2, 1});
    CHECK(values_of(third->columns, 0, 3) == std::vector<std::string>{"red", "blue"});

    record.facets = {{0, {"blue"}}};
    builder.update_columns(4, record);
    const auto fourth = builder.publish(attributes);
    CHECK(page_of(*fourth, "sizes") == page_of(*third, "sizes"));
    CHECK(values_of(fourth->columns, 0, 3) == std::vector<std::string>{"blue"});
    CHECK(values_of(third->columns, 0, 3).size() == 2);
    CHECK(fourth->columns.value_counts()[0] == 9);
    CHECK(fourth->columns.value_counts()[1] == 10);
}

TEST_CASE("snapshots that differ in columns only share the generation of their words, and list what facets gained and lost") {
    const std::uint32_t seed = GENERATE(range(1U, 5U));
    History history(seed, 4);
    for (int i = 0; i < 300; ++i) history.add();
    auto before = history.publish();
    CHECK(before->words_generation == before->generation);
    CHECK(before->columns.facet_changes().empty());
    for (int commit = 0; commit < 20; ++commit) {
        CAPTURE(seed, commit);
        for (std::size_t i = history.make.below(30); i > 0; --i) history.update_columns();
        const auto after = history.publish();
        REQUIRE(after->words_generation == before->words_generation);
        REQUIRE(after->generation > before->generation);
        const auto changes = after->columns.facet_changes();
        REQUIRE(changes.size() >= before->columns.facet_changes().size());
        std::vector<std::uint32_t> counts;
        for (std::size_t attribute = 0; attribute < after->columns.facet_attributes(); ++attribute) {
            counts.resize(after->columns.flat_begin(attribute));
            if (attribute >= before->columns.facet_attributes()) continue;
            const std::uint32_t begin = before->columns.flat_begin(attribute);
            for (std::uint32_t value = 0; value < before->columns.dictionary(attribute).size(); ++value)
                counts.push_back(before->columns.value_counts()[begin + value]);
        }
        counts.resize(after->columns.flat_size());
        for (const FacetChange& change : changes.subspan(before->columns.facet_changes().size()))
            counts[after->columns.flat_begin(change.attribute) + change.value] += static_cast<std::uint32_t>(std::int32_t{change.difference});
        const auto expected = after->columns.value_counts();
        REQUIRE(counts == std::vector<std::uint32_t>(expected.begin(), expected.end()));
        before = after;
    }
    const auto begins_anew = [&] {
        const auto after = history.publish();
        const bool own = after->words_generation == after->generation && after->columns.facet_changes().empty();
        history.update_columns();
        const auto next = history.publish();
        return own && next->words_generation == after->generation;
    };
    history.add();
    CHECK(begins_anew());
    history.remove();
    CHECK(begins_anew());
    history.update_words();
    CHECK(begins_anew());
    history.builder.change_settings(std::make_shared<const Settings>(history.settings));
    CHECK(begins_anew());
    history.builder.change_curations(no_curations());
    CHECK(begins_anew());
    history.clear();
    history.add();
    CHECK(begins_anew());
}
