// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small random index with a naive model beside it, and random queries for both.
#pragma once

#include "engine/selection.h"
#include "tests/engine/naive_model.h"
#include "tests/engine/sample.h"

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

namespace penchant::testing {

inline constexpr const char* vocabulary[] = {"run", "runner", "running", "rust", "trail", "trailer", "shoe",
                                      "shoes", "blue", "bluebell", "a", "b2"};
inline constexpr const char* brands[] = {"Corvale", "corvale", "Oxbow", "Fell Top", "Ridge"};
inline constexpr const char* colors[] = {"red", "Blue", "green"};

inline constexpr const char* settings_variants[] = {
    R"j({"attributesForFaceting":["brand","color","filterOnly(season)"]})j",
    R"j({"searchableAttributes":["title","brand","tags"],"attributesForFaceting":["brand","color","season"],
        "customRanking":["desc(popularity)"]})j",
    R"j({"searchableAttributes":["title,brand","unordered(tags)"],"attributesForFaceting":["brand","color","season"],
        "customRanking":["desc(popularity)","asc(price)"],"disablePrefixOnAttributes":["brand"]})j",
    R"j({"searchableAttributes":["unordered(title)","tags"],"attributesForFaceting":["color","searchable(brand)"],
        "ranking":["desc(price)","typo","geo","words","filters","attribute","proximity","exact","custom"],
        "customRanking":["asc(popularity)"]})j",
    R"j({"searchableAttributes":["tags","title"],"attributesForFaceting":["brand","color"],
        "ranking":["exact","words","proximity","filters"],"customRanking":["desc(popularity)"],
        "disableExactOnAttributes":["tags"]})j",
    R"j({"searchableAttributes":["brand"],"attributesForFaceting":["color","brand"],
        "ranking":["filters","asc(price)","desc(popularity)","attribute","custom"],"customRanking":["desc(price)"]})j",
    R"j({"searchableAttributes":["title","brand","tags"],"attributesForFaceting":["brand","color"],
        "ranking":["words","relevance","geo","typo","custom"],"customRanking":["desc(popularity)"]})j",
    R"j({"searchableAttributes":["title","tags"],"attributesForFaceting":["brand","color"],
        "ranking":["words","typo","custom","desc(popularity)","exact"],"customRanking":["asc(price)"]})j",
    R"j({"searchableAttributes":["title","tags"],"attributesForFaceting":["brand","color"],
        "ranking":["custom","attribute","asc(price)","desc(popularity)","exact"]})j"};

inline constexpr const char* filter_variants[] = {
    R"j("filters":"brand:corvale")j",
    R"j("filters":"NOT brand:Oxbow AND price < 12.5")j",
    R"j("filters":"(color:red OR color:blue<score=3>) AND price:2 TO 14")j",
    R"j("filters":"color:RED<score=5> OR brand:\"Fell Top\"<score=2>","sumOrFiltersScores":true)j",
    R"j("facetFilters":[["color:red","color:blue"],"brand:-Oxbow"])j",
    R"j("numericFilters":["price>=3",["popularity=2","popularity!=3"]])j",
    R"j("tagFilters":[["new","sale"]])j",
    R"j("filters":"_tags:new OR price > 10")j",
    R"j("optionalFilters":["brand:Corvale<score=6>",["color:red<score=4>","color:blue<score=3>"],"brand:-Oxbow"])j",
    R"j("optionalFilters":["color:red","brand:ridge<score=2>"],"sumOrFiltersScores":true)j",
    R"j("facetFilters":"season:summer")j"};

class World {
public:
    explicit World(std::uint32_t seed)
        : random_(seed), sample_(settings_variants[seed % std::size(settings_variants)]), naive_(sample_.settings()) {
        const std::size_t count = 1 + pick(120);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string json = record(i);
            sample_.add(json);
            naive_.add(json);
            if (chance(20)) sample_.publish();  // segments of all sizes
        }
        // How long deleted records count for `relevance` depends on merges, which the naive model knows nothing of.
        const bool none_goes = naive_.ranks_by_relevance();
        for (std::size_t i = 0; i < count; ++i) {
            if (!chance(10) || none_goes) continue;
            sample_.remove(static_cast<DocumentId>(i + 1));
            naive_.remove(i);
        }
        sample_.publish();
    }

    std::string parameters(bool paged = true) {
        std::string text;
        for (std::size_t w = pick(4); w > 0; --w) {
            std::string word = vocabulary[pick(std::size(vocabulary))];
            if (chance(40)) word.resize(1 + pick(word.size()));
            text += (text.empty() ? "" : " ") + word;
        }
        std::string all = fmt::format(R"({{"query":"{}","facets":["*"])", text);
        if (paged) all += fmt::format(R"(,"offset":{},"length":{})", pick(30), pick(30));
        else all += R"(,"hitsPerPage":1000)";
        if (chance(60)) all += std::string(",") + filter_variants[pick(std::size(filter_variants))];
        if (chance(20)) all += R"(,"queryType":"prefixAll")";
        if (chance(20)) all += R"(,"queryType":"prefixNone")";
        if (chance(15)) all += R"(,"restrictSearchableAttributes":["title"])";
        if (chance(10)) all += R"(,"restrictSearchableAttributes":["tags","brand","nonsense"])";
        if (chance(20)) all += R"(,"minProximity":3)";
        if (chance(20)) all += R"(,"exactOnSingleWordQuery":"word")";
        if (chance(10)) all += R"(,"exactOnSingleWordQuery":"none")";
        return all + ",\"getRankingInfo\":true}";
    }

    GeoPoint point() {
        // A few places near each other on both sides of the date line, one at a pole, and anywhere.
        const auto between = [&](double low, double high) { return low + static_cast<double>(pick(100'001)) / 100'000 * (high - low); };
        switch (pick(4)) {
            case 0: return {between(-2, 2), between(178, 180)};
            case 1: return {between(-2, 2), between(-180, -178)};
            case 2: return {between(87, 90), between(-180, 180)};
            default: return {between(-90, 90), between(-180, 180)};
        }
    }

    /// Nothing, most often.
    GeoQuery geo() {
        GeoQuery geo;
        const auto ring = [&] {
            std::vector<GeoPoint> points;
            const GeoPoint centre = point();
            for (std::size_t i = 3 + pick(5); i > 0; --i) {
                const double longitude = centre.longitude + static_cast<double>(pick(160)) - 80;
                points.push_back({std::clamp(centre.latitude + static_cast<double>(pick(80)) - 40, -90.0, 90.0),
                                  longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude});
            }
            return points;
        };
        const std::size_t kind = pick(10);
        if (kind < 4) {
            geo.around = point();
            constexpr std::uint32_t radii[] = {1, 50'000, 150'000, 400'000, 3'000'000, 12'000'000, 30'000'000};
            if (chance(60)) geo.radius_metres = radii[pick(std::size(radii))];
            else geo.radius_all = chance(50);
            if (chance(30)) geo.precision = {{0, 100'000}};
            if (chance(20)) geo.precision = {{0, 1'000}, {50'000, 30'000}, {200'000, 2'000'000}};
        }
        if (kind == 3 || kind == 4)
            for (std::size_t i = 1 + pick(2); i > 0; --i) geo.boxes.push_back({point(), point()});
        if (kind == 4 || kind == 5)
            for (std::size_t i = 1 + pick(2); i > 0; --i) geo.polygons.push_back(ring());
        return geo;
    }

    std::vector<float> scores() {
        std::vector<float> scores(sample_.snapshot().columns.size());
        const std::size_t kind = pick(4);
        for (float& score : scores) {
            if (kind == 1) score = static_cast<float>(pick(3));
            if (kind == 2) score = static_cast<float>(pick(1000)) / 7.0F;
            if (kind == 3) score = static_cast<float>(pick(21)) - 10.0F;
        }
        return scores;
    }
    int impact() { return static_cast<int>(pick(11)) * 10; }

    // Folding may have renumbered records, so ordinals are mapped over document ids.
    [[nodiscard]] std::size_t record_of(Ordinal ordinal) const { return sample_.snapshot().document(ordinal) - 1; }
    [[nodiscard]] std::vector<float> by_record(const std::vector<float>& scores, std::size_t records) const {
        std::vector<float> result(records);
        for (Ordinal ordinal = 0; ordinal < scores.size(); ++ordinal) result[record_of(ordinal)] = scores[ordinal];
        return result;
    }

    std::size_t pick(std::size_t bound) { return random_() % bound; }
    bool chance(std::size_t percent) { return pick(100) < percent; }
    Sample& sample() { return sample_; }
    NaiveModel& naive() { return naive_; }

private:
    std::string record(std::size_t number) {
        std::string title;
        for (std::size_t w = pick(6); w > 0; --w)
            title += (title.empty() ? "" : " ") + std::string(vocabulary[pick(std::size(vocabulary))]);
        std::string json = fmt::format(R"({{"objectID":"{}","title":"{}")", number, title);
        if (chance(80)) json += fmt::format(R"(,"brand":"{}")", brands[pick(std::size(brands))]);
        if (chance(70))
            json += fmt::format(R"(,"color":["{}","{}"])", colors[pick(3)], colors[pick(3)]);
        if (chance(30)) json += fmt::format(R"(,"tags":["{}"])", vocabulary[pick(std::size(vocabulary))]);
        if (chance(30)) json += R"(,"season":"summer")";
        if (chance(30)) json += chance(50) ? R"(,"_tags":["new","x"])" : R"(,"_tags":"sale")";
        if (chance(80)) json += fmt::format(R"(,"price":{})", static_cast<double>(pick(40)) / 2);
        if (chance(80)) json += fmt::format(R"(,"popularity":{})", pick(5));
        const auto place = [&] {
            const GeoPoint at = point();
            return fmt::format(R"({{"lat":{},"lng":{}}})", at.latitude, at.longitude);
        };
        if (chance(10)) json += fmt::format(R"(,"_geoloc":[{},{}])", place(), place());
        else if (chance(80)) json += fmt::format(R"(,"_geoloc":{})", place());
        return json + "}";
    }

    std::mt19937 random_;
    Sample sample_;
    NaiveModel naive_;
};

}  // namespace penchant::testing
