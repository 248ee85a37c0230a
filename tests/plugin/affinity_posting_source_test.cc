// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/affinity_posting_source.h"

#include "tests/catch.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

using penchant::AffinityPostingSource;

namespace {

struct Shop {
    Xapian::WritableDatabase database{std::string(), Xapian::DB_BACKEND_INMEMORY};
    std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> records;  // brands, colors by document - 1
};

std::string joined(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : "|") + value;
    return text;
}

Shop random_shop(std::mt19937& random, bool several) {
    Shop shop;
    const auto some = [&](const char* stem, int kinds) {
        std::vector<std::string> values;
        const int count = static_cast<int>(random() % (several ? 4 : 2));
        for (int i = 0; i < count; ++i) values.push_back(stem + std::to_string(random() % static_cast<unsigned>(kinds)));
        return values;
    };
    for (int i = 0; i < 200; ++i) {
        Xapian::Document document;
        document.add_term(random() % 2 == 0 ? "even" : "odd");
        document.add_term("all");
        auto brands = some("b", 5);
        auto colors = some("c", 7);
        if (!brands.empty()) document.add_value(0, joined(brands));
        if (!colors.empty()) document.add_value(3, joined(colors));
        shop.database.add_document(document);
        shop.records.emplace_back(std::move(brands), std::move(colors));
    }
    shop.database.commit();
    return shop;
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(b)); }

double naive(const Shop& shop, Xapian::docid document, const std::map<std::string, double>& liked) {
    double sum = 0;
    auto [brands, colors] = shop.records[document - 1];
    for (auto* values : {&brands, &colors}) {
        std::sort(values->begin(), values->end());
        values->erase(std::unique(values->begin(), values->end()), values->end());
        for (const std::string& value : *values)
            if (const auto at = liked.find(value); at != liked.end()) sum += at->second;
    }
    return sum;
}

}  // namespace

TEST_CASE("weights are the sums of liked values, and pages are right with pruning") {
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        const bool several = round % 2 == 1;
        const Shop shop = random_shop(random, several);
        const double scale = 0.25 * (1 + static_cast<double>(random() % 8));
        AffinityPostingSource source(scale, several ? '|' : '\0');
        std::map<std::string, double> liked;
        for (int i = 0; i < 5; ++i) {
            const bool brand = random() % 2 == 0;
            const std::string value = (brand ? "b" : "c") + std::to_string(random() % 7);
            const double score = 1 + static_cast<double>(random() % 20);
            source.add(brand ? 0 : 3, value, score);
            liked[value] += score;
        }
        for (const Xapian::doccount page : {3U, 50U, 1000U}) {
            Xapian::Enquire enquire(shop.database);
            const Xapian::Query even(Xapian::Query::OP_SCALE_WEIGHT, Xapian::Query("even"), 0.0);
            enquire.set_query(Xapian::Query(Xapian::Query::OP_AND_MAYBE, even, Xapian::Query(&source)));
            const Xapian::MSet hits = enquire.get_mset(0, page);
            std::vector<double> expected;
            for (Xapian::PostingIterator at = shop.database.postlist_begin("even"); at != shop.database.postlist_end("even");
                 ++at)
                expected.push_back(naive(shop, *at, liked) * scale);
            std::sort(expected.rbegin(), expected.rend());
            REQUIRE(hits.size() == std::min<std::size_t>(page, expected.size()));
            std::size_t rank = 0;
            for (Xapian::MSetIterator hit = hits.begin(); hit != hits.end(); ++hit, ++rank) {
                CHECK(near(hit.get_weight(), naive(shop, *hit, liked) * scale));
                CHECK(near(hit.get_weight(), expected[rank]));
            }
            CHECK(hits.get_max_possible() >= hits.get_max_attained());
        }
    }
}

TEST_CASE("no weight is above the announced maximum, and only carriers are returned") {
    std::mt19937 random(11);
    for (int round = 0; round < 40; ++round) {
        const Shop shop = random_shop(random, true);
        AffinityPostingSource source(1.0, '|');
        for (int i = 0; i < 4; ++i) source.add(random() % 2 == 0 ? 0 : 3, "b" + std::to_string(i), 0.1 * (i + 1));
        source.init(shop.database);
        Xapian::docid last = 0;
        for (source.next(0); !source.at_end(); source.next(0)) {
            REQUIRE(source.get_docid() > last);
            last = source.get_docid();
            CHECK(source.get_weight() > 0);
            CHECK(source.get_weight() <= source.get_maxweight());
        }
    }
}

TEST_CASE("skipping gives what walking gives") {
    std::mt19937 random(13);
    const Shop shop = random_shop(random, false);
    AffinityPostingSource source;
    source.add(0, "b1", 3);
    source.add(3, "c2", 4);
    std::vector<Xapian::docid> all;
    source.init(shop.database);
    for (source.next(0); !source.at_end(); source.next(0)) all.push_back(source.get_docid());
    REQUIRE(all.size() > 5);
    for (Xapian::docid to = 1; to <= 201; ++to) {
        source.init(shop.database);
        source.skip_to(to, 0);
        const auto expected = std::lower_bound(all.begin(), all.end(), to);
        REQUIRE(source.at_end() == (expected == all.end()));
        if (!source.at_end()) CHECK(source.get_docid() == *expected);
    }
}

TEST_CASE("a copy over the wire is the same, and a damaged one is refused") {
    std::mt19937 random(17);
    const Shop shop = random_shop(random, true);
    AffinityPostingSource source(2.0, '|');
    source.add(0, "b1", 3);
    source.add(3, std::string("c\0:2", 4), 4);
    source.add(3, "c2", 1.5);
    const std::string bytes = source.serialise();
    const std::unique_ptr<AffinityPostingSource> copy(source.unserialise(bytes));
    CHECK(copy->serialise() == bytes);
    source.init(shop.database);
    copy->init(shop.database);
    CHECK(source.get_maxweight() == copy->get_maxweight());
    for (source.next(0), copy->next(0); !source.at_end(); source.next(0), copy->next(0)) {
        REQUIRE_FALSE(copy->at_end());
        CHECK(source.get_docid() == copy->get_docid());
        CHECK(source.get_weight() == copy->get_weight());
    }
    CHECK(copy->at_end());
    CHECK_THROWS_AS(source.unserialise("9999:"), Xapian::Error);
    CHECK_THROWS_AS(source.unserialise(bytes.substr(0, bytes.size() - 1)), Xapian::Error);
    CHECK_THROWS_AS(AffinityPostingSource(0.0), Xapian::InvalidArgumentError);
    CHECK_THROWS_AS(source.add(0, "x", -1), Xapian::InvalidArgumentError);
}
