// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/columns.h"

#include "index/columns_builder.h"
#include "index/limits.h"
#include "tests/catch.h"
#include "tests/index/snapshot_model.h"

#include <cmath>
#include <limits>

using namespace penchant;
using namespace penchant::testing;

namespace {

ColumnsBuilder builder_with(std::size_t facets) {
    Settings settings;
    for (std::size_t i = 0; i < facets; ++i) settings.attributes_for_faceting.push_back({"facet" + std::to_string(i)});
    auto next = std::make_shared<FacetValueId>(1'000);
    return {settings, [next](std::string_view, std::string_view) { return (*next)++; }};
}

AnalysedRecord with_facet(std::uint32_t attribute, std::vector<std::string> values) {
    AnalysedRecord record;
    record.facets = {{attribute, std::move(values)}};
    return record;
}

std::vector<double> numbers_of(const Columns& columns, std::string_view path, Ordinal ordinal) {
    std::vector<double> values;
    if (const NumericColumn* column = columns.number(path)) {
        column->for_each(ordinal, [&](double value) { values.push_back(value); });
    }
    return values;
}

}  // namespace

TEST_CASE("a facet may have more values than a cell can say") {
    constexpr Ordinal records = 66'500;
    ColumnsBuilder builder = builder_with(2);
    for (Ordinal i = 0; i < records; ++i) builder.add(with_facet(1, {"value " + std::to_string(i)}));
    const Columns columns = builder.publish();
    REQUIRE(columns.dictionary(1).size() == records);
    for (const Ordinal ordinal : {0U, 1U, 65'532U, 65'533U, 65'534U, 65'535U, 65'536U, records - 1}) {
        CHECK(values_of(columns, 1, ordinal) == std::vector<std::string>{"value " + std::to_string(ordinal)});
        CHECK(columns.dictionary(1).find("value " + std::to_string(ordinal)) == ordinal);
    }
    std::vector<Ordinal> ordinals(records);
    for (Ordinal i = 0; i < records; ++i) ordinals[i] = i;
    std::vector<std::uint32_t> counts(columns.flat_size());
    columns.count_values(ordinals, std::vector<std::size_t>{0, 1}, counts);
    CHECK(counts == std::vector<std::uint32_t>(records, 1));
    std::vector<float> table(columns.flat_size());
    for (Ordinal i = 0; i < records; ++i) table[i] = static_cast<float>(i);
    std::vector<float> scores(records);
    columns.sum_scores(ordinals, std::vector<std::size_t>{1}, table, scores);
    CHECK(scores == table);
}

TEST_CASE("rows widen with the facet attributes, and every one of them counts") {
    constexpr std::size_t attributes = 21;
    ColumnsBuilder builder = builder_with(attributes);
    for (std::uint32_t i = 0; i < 50; ++i) {
        AnalysedRecord record;
        for (std::uint32_t attribute = 0; attribute < attributes; ++attribute) {
            record.facets.push_back({attribute, {"all", attribute % 2 == 0 ? "even" : "odd " + std::to_string(i)}});
        }
        builder.add(record);
    }
    const Columns columns = builder.publish();
    std::vector<Ordinal> ordinals{49, 0, 7};
    std::vector<std::size_t> every(attributes);
    for (std::size_t i = 0; i < attributes; ++i) every[i] = i;
    const std::vector<float> table(columns.flat_size(), 0.5F);
    std::vector<float> scores(3);
    columns.sum_scores(ordinals, every, table, scores);
    CHECK(scores == std::vector<float>(3, attributes));
    std::vector<std::uint32_t> counts(columns.flat_size());
    columns.count_values(ordinals, every, counts);
    for (const std::size_t attribute : every) CHECK(counts[columns.flat_begin(attribute)] == 3);
}

TEST_CASE("tags stand behind the listed facets as soon as a record has some, and keep their case") {
    ColumnsBuilder builder = builder_with(8);
    builder.add(with_facet(7, {"Red"}));
    const Columns before = builder.publish();
    CHECK(!before.find_facet(Columns::tags_path));
    CHECK(before.facet_attributes() == 8);
    AnalysedRecord tagged = with_facet(7, {"red"});
    tagged.tags = {"Sale", "sale"};
    builder.add(tagged);
    const Columns after = builder.publish();
    REQUIRE(after.find_facet(Columns::tags_path) == 8);
    CHECK(values_of(after, 8, 1) == std::vector<std::string>{"Sale", "sale"});
    CHECK(values_of(after, 8, 0).empty());
    CHECK(values_of(after, 7, 0) == std::vector<std::string>{"Red"});
    CHECK(after.dictionary(8).find_folded("sale") == std::vector<std::uint32_t>{1});
    CHECK(after.dictionary(7).find_folded("red") == std::vector<std::uint32_t>{0, 1});
    CHECK(values_of(before, 7, 0) == std::vector<std::string>{"Red"});
    CHECK(before.dictionary(7).size() == 1);
}

TEST_CASE("older dictionaries do not see what newer ones gain") {
    FacetDictionary dictionary;
    std::vector<std::unique_ptr<const FacetDictionary>> copies;
    for (std::uint32_t i = 0; i < 3'000; ++i) {
        copies.push_back(std::make_unique<const FacetDictionary>(dictionary));
        CHECK(dictionary.add("Value " + std::to_string(i), "value " + std::to_string(i % 10), 7 * i) == i);
    }
    for (const std::uint32_t size : {0U, 1U, 15U, 16U, 17U, 31U, 32U, 1'000U, 2'999U}) {
        const FacetDictionary& copy = *copies[size];
        REQUIRE(copy.size() == size);
        CHECK(!copy.find("Value " + std::to_string(size)));
        CHECK(!copy.find_id(7 * size));
        CHECK(copy.find_folded("value 3").size() == (size + 6) / 10);
        if (size == 0) continue;
        CHECK(copy.find("Value " + std::to_string(size - 1)) == size - 1);
        CHECK(copy.find_id(7 * (size - 1)) == size - 1);
        CHECK(copy.value(size - 1).text == "Value " + std::to_string(size - 1));
    }
    CHECK(dictionary.bytes() > 3'000 * sizeof(FacetDictionary::Value));
}

TEST_CASE("values that no record carries leave the dictionary when records are renumbered") {
    ColumnsBuilder builder = builder_with(1);
    constexpr Ordinal records = 3'000;
    for (Ordinal i = 0; i < records; ++i) builder.add(with_facet(0, {"value " + std::to_string(i), "all"}));
    const Columns before = builder.publish();
    std::vector<Ordinal> renumber(records, no_ordinal);
    Ordinal left = 0;
    for (Ordinal i = 0; i < records; ++i) {
        if (i % 4 == 1) renumber[i] = left++;
        else builder.remove(i);
    }
    builder.renumber(renumber, left);
    const Columns after = builder.publish();
    CHECK(after.size() == left);
    CHECK(after.dictionary(0).size() == left + 1);
    CHECK(values_of(after, 0, 2) == std::vector<std::string>{"value 9", "all"});
    CHECK(after.value_counts()[after.dictionary(0).find("all").value()] == left);
    CHECK(before.dictionary(0).size() == records + 1);
    CHECK(values_of(before, 0, 9) == std::vector<std::string>{"value 9", "all"});
}

TEST_CASE("numbers lie densely where most records have one, and thinly elsewhere") {
    ColumnsBuilder builder = builder_with(0);
    constexpr Ordinal records = 3 * column_page_rows + 100;
    for (Ordinal i = 0; i < records; ++i) {
        AnalysedRecord record;
        record.numbers.push_back({"all", {static_cast<double>(i)}});
        if (i / column_page_rows == 1 && i % 100 == 0) record.numbers.push_back({"few", {1.0, static_cast<double>(i)}});
        if (i / column_page_rows == 2) record.numbers.push_back({"many", {static_cast<double>(i)}});
        if (i == 3) record.numbers.push_back({"odd", {std::numeric_limits<double>::quiet_NaN()}});
        builder.add(record);
    }
    const Columns first = builder.publish();
    CHECK(first.numeric_paths() == std::vector<std::string>{"all", "few", "many"});
    const NumericColumn& all = *first.number("all");
    REQUIRE(all.pages.size() == 4);
    CHECK(all.pages[0]->dense.size() == column_page_rows);
    CHECK(all.pages[3]->dense.empty());  // a hundred of 4,096
    const NumericColumn& few = *first.number("few");
    CHECK(!few.pages[0]);
    CHECK(few.pages[1]->dense.empty());
    CHECK(numbers_of(first, "few", 4'100) == std::vector<double>{1, 4'100});
    CHECK(numbers_of(first, "few", 4'101).empty());
    CHECK(!few.first(2 * column_page_rows));
    CHECK(!few.first(0));
    CHECK(first.number("many")->pages[2]->dense.size() == column_page_rows);

    AnalysedRecord changed;
    changed.numbers = {{"all", {-1.0, -2.0}}};
    builder.update(4'100, changed);
    builder.update(4'100, changed);
    const Columns second = builder.publish();
    CHECK(numbers_of(second, "all", 4'100) == std::vector<double>{-1, -2});
    CHECK(numbers_of(second, "all", 4'101) == std::vector<double>{4'101});
    CHECK(numbers_of(second, "few", 4'100).empty());
    CHECK(numbers_of(first, "all", 4'100) == std::vector<double>{4'100});
    CHECK(second.number("all")->pages[0] == all.pages[0]);  // shared, since nobody touched it
    CHECK(second.number("many")->pages[2] == first.number("many")->pages[2]);
}

TEST_CASE("numeric attributes past the limit are left out") {
    ColumnsBuilder builder = builder_with(0);
    AnalysedRecord record;
    for (std::size_t i = 0; i < limits::numeric_attributes_max + 5; ++i) {
        record.numbers.push_back({"number" + std::to_string(100'000 + i), {1.0}});
    }
    builder.add(record);
    CHECK(builder.publish().numeric_paths().size() == limits::numeric_attributes_max);
}

TEST_CASE("equal numbers share a place, texts follow numbers, and nothing is last in both directions") {
    Settings settings;
    settings.custom_ranking = {{"key", SortDirection::ascending}};
    settings.ranking = {{Criterion::sort, {"key", SortDirection::descending}}, {Criterion::words, {}},
                        {Criterion::sort, {"other", SortDirection::ascending}},
                        {Criterion::sort, {"key", SortDirection::ascending}}};
    ColumnsBuilder builder(settings, [](std::string_view, std::string_view) { return FacetValueId{0}; });
    using Value = std::variant<double, std::string>;
    const std::vector<std::optional<Value>> values{Value{2.5}, Value{-0.0}, std::nullopt, Value{0.0}, Value{"false"},
                                                   Value{"true"}, Value{-1e300}, Value{"false"}};
    for (const auto& value : values) {
        AnalysedRecord record;
        if (value) record.sort_values.push_back({"key", *value});
        builder.add(record);
    }
    const Columns columns = builder.publish();
    const auto places = [](std::span<const std::uint32_t> span) { return std::vector(span.begin(), span.end()); };
    CHECK(places(columns.custom_rank()) == std::vector<std::uint32_t>{2, 1, 5, 1, 3, 4, 0, 3});
    REQUIRE(columns.sort_ranks() == 2);
    CHECK(places(columns.sort_rank(0)) == std::vector<std::uint32_t>{2, 3, 5, 3, 1, 0, 4, 1});
    CHECK(places(columns.sort_rank(1)) == std::vector<std::uint32_t>{2, 1, 5, 1, 3, 4, 0, 3});
}
