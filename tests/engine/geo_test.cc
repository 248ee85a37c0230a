// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/geo.h"

#include "tests/engine/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

namespace penchant::testing {
namespace {

constexpr GeoPoint paris{48.8566, 2.3522};
constexpr GeoPoint london{51.5074, -0.1278};
constexpr GeoPoint berlin{52.52, 13.405};
constexpr GeoPoint suva{-18.1416, 178.4419};

Sample cities() {
    Sample sample(R"j({"searchableAttributes":["name"]})j");
    sample.add(R"({"objectID":"paris","name":"city","_geoloc":{"lat":48.8566,"lng":2.3522}})");
    sample.add(R"({"objectID":"london","name":"city","_geoloc":{"lat":51.5074,"lng":-0.1278}})");
    sample.add(R"({"objectID":"suva","name":"city","_geoloc":{"lat":-18.1416,"lng":178.4419}})");
    sample.add(R"({"objectID":"apia","name":"city","_geoloc":{"lat":-13.8333,"lng":-171.7667}})");
    sample.add(R"({"objectID":"both","name":"city","_geoloc":[{"lat":-33.9,"lng":18.4},{"lat":52.52,"lng":13.405}]})");
    sample.add(R"({"objectID":"odd","name":"city","_geoloc":[{"lat":48.8566},{"lat":1,"lng":2.3522}]})");
    sample.add(R"({"objectID":"nowhere","name":"city"})");
    sample.publish();
    return sample;
}

std::string found(const Sample& sample, const GeoQuery& geo, std::string_view parameters = "{}") {
    Query query = sample.query(parameters);
    query.geo = geo;
    const Selection selection = Selection::prepare(sample.snapshot(), query).value();
    std::string ids;
    for (const RankedHit& hit : selection.run("sample", nullptr, nullptr).hits)
        ids += (ids.empty() ? "" : " ") + sample.object_id(hit.ordinal);
    return ids;
}

TEST_CASE("distances along the great circle") {
    CHECK(geo_distance_metres(paris, paris) == 0);
    CHECK(std::abs(geo_distance_metres(paris, london) - 343'556) < 100);  // 343.5 km by any table
    CHECK(std::abs(geo_distance_metres({0, 0}, {0, 180}) - std::numbers::pi * earth_radius_metres) < 1e-6);
    CHECK(std::abs(geo_distance_metres({90, 12}, {-90, -40}) - std::numbers::pi * earth_radius_metres) < 1e-6);
    CHECK(std::abs(geo_distance_metres({0, 179.5}, {0, -179.5}) - 111'195) < 1);
}

TEST_CASE("the nearest come first, within a radius") {
    const Sample sample = cities();
    GeoQuery geo;
    geo.around = paris;
    CHECK(found(sample, geo) == "paris london both apia suva");
    geo.radius_metres = 400'000;
    CHECK(found(sample, geo) == "paris london");
    geo.radius_metres = 343'000;
    CHECK(found(sample, geo) == "paris");
    geo.radius_metres = 900'000;
    CHECK(found(sample, geo) == "paris london both");
    geo.radius_metres.reset();
    geo.radius_all = true;
    CHECK(found(sample, geo) == "paris london both apia suva odd nowhere");
    geo.radius_all = false;
    geo.around = suva;
    geo.radius_metres = 1'300'000;
    CHECK(found(sample, geo) == "suva apia");  // over the date line
    geo.around = GeoPoint{-90, 0};
    geo.radius_metres = 8'100'000;
    CHECK(found(sample, geo) == "both suva");
}

TEST_CASE("distances of one step tie") {
    const Sample sample = cities();
    GeoQuery geo;
    geo.around = london;
    geo.precision = {{0, 1'000'000}};
    CHECK(found(sample, geo).starts_with("paris london both"));
    geo.precision = {{0, 10}, {100'000, 1'000'000}};
    CHECK(found(sample, geo).starts_with("london paris both"));

    const GeoPrecision precision(std::vector<GeoQuery::PrecisionStep>{{0, 10}, {25, 100}, {1000, 500}});
    CHECK(precision.step(9.9) == 0);
    CHECK(precision.step(10) == 1);
    CHECK(precision.step(24.9) == 2);
    CHECK(precision.step(25) == 3);
    CHECK(precision.step(124) == 3);
    CHECK(precision.step(125) == 4);
    CHECK(precision.step(999) == 12);
    CHECK(precision.step(1000) == 13);
    CHECK(precision.step(1500) == 14);
    CHECK(precision.width_metres(24) == 10);
    CHECK(precision.width_metres(1001) == 500);
    CHECK(GeoPrecision({}).step(7.5) == 7);
}

TEST_CASE("boxes by opposite corners") {
    const Sample sample = cities();
    const auto inside = [&](std::vector<GeoBox> boxes) {
        GeoQuery geo;
        geo.boxes = std::move(boxes);
        return found(sample, geo);
    };
    const GeoPoint north_east{55, 10};
    const GeoPoint south_west{45, -5};
    CHECK(inside({{north_east, south_west}}) == "paris london");
    CHECK(inside({{south_west, north_east}}) == "paris london");
    CHECK(inside({{{55, -5}, {45, 10}}}) == "paris london");
    CHECK(inside({{{45, 10}, {55, -5}}}) == "paris london");
    CHECK(inside({{{0, -165}, {-30, 170}}}) == "suva apia");  // over the date line
    CHECK(inside({{{-30, 170}, {0, -165}}}) == "suva apia");
    CHECK(inside({{{0, 170}, {-40, -165}}}) == "both");       // a map of the other side: 335 degrees wide
    CHECK(inside({{{90, 180}, {-90, -180}}}) == "paris london suva apia both");
    CHECK(inside({{{90, -180}, {-90, 180}}}) == "paris london suva apia both");
    CHECK(inside({{{49, 3}, {48, 2}}, {{53, 14}, {52, 13}}}) == "paris both");
    GeoQuery geo;
    geo.around = london;  // a box takes its place
    geo.radius_metres = 1;
    geo.boxes = {{{49, 3}, {48, 2}}};
    CHECK(found(sample, geo) == "paris");
}

TEST_CASE("polygons by the even-odd rule") {
    const Sample sample = cities();
    const auto inside = [&](std::vector<std::vector<GeoPoint>> polygons) {
        GeoQuery geo;
        geo.polygons = std::move(polygons);
        return found(sample, geo);
    };
    CHECK(inside({{{47, 1}, {50, 2}, {48, 6}}}) == "paris");
    CHECK(inside({{{47, 1}, {50, 2}, {48, 6}}, {{51, 12}, {54, 12}, {54, 15}, {51, 15}}}) == "paris both");
    CHECK(inside({{{-5, 175}, {-5, -165}, {-25, -165}, {-25, 175}}}) == "suva apia");
    // A ring with a hole: the inner ring is walked in the same line.
    CHECK(inside({{{40, -10}, {60, -10}, {60, 20}, {40, 20}, {40, -10}, {48, 2}, {50, 2}, {50, 3}, {48, 3}, {48, 2}}}) ==
          "london both");
    CHECK(inside({{{48.8566, 2.3522}}}).empty());
    CHECK(inside({{{50, 0}, {50, 10}, {50, 5}}}).empty());
}

// Edge by edge.
bool inside_by_even_odd(const std::vector<GeoPoint>& ring, GeoPoint point) {
    bool inside = false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const GeoPoint from = ring[i];
        const GeoPoint to = ring[(i + 1) % ring.size()];
        if ((from.latitude > point.latitude) == (to.latitude > point.latitude)) continue;
        const double share = (point.latitude - from.latitude) / (to.latitude - from.latitude);
        if (point.longitude < from.longitude + share * (to.longitude - from.longitude)) inside = !inside;
    }
    return inside;
}

TEST_CASE("polygons of every form look at all edges that matter") {
    std::mt19937 random(7);
    const auto between = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
    std::size_t insides = 0;
    for (int round = 0; round < 60; ++round) {
        const std::size_t size = round % 10 == 0 ? 3'000 : 3 + random() % 200;
        std::vector<GeoPoint> ring;
        for (std::size_t i = 0; i < size; ++i) {
            const double turn = static_cast<double>(i) / static_cast<double>(size) * 2 * std::numbers::pi;
            switch (round % 5) {
                case 0: ring.push_back({static_cast<double>(i % 2) * 40 + between(0, 1), static_cast<double>(i) * 0.02}); break;  // teeth
                case 1: ring.push_back({between(-60, 60), between(-80, 80)}); break;
                case 2: ring.push_back({std::round(between(-6, 6)), std::round(between(-6, 6))}); break;  // corners in lines
                case 3: ring.push_back({30 * std::sin(turn), 40 * std::cos(turn)}); break;
                default: ring.push_back({static_cast<double>(i) * 0.01, static_cast<double>(i % 2) * 90 + between(0, 1)}); break;
            }
        }
        const GeoPolygon polygon(ring);
        for (int i = 0; i < 1'000; ++i) {
            GeoPoint point{between(-60, 60), between(-80, 80)};
            if (i % 4 == 0) point = {std::round(point.latitude / 10), std::round(point.longitude / 10)};
            if (i % 4 == 1) point = {ring[random() % size].latitude, ring[random() % size].longitude};
            const bool inside = inside_by_even_odd(ring, point);
            insides += inside;
            REQUIRE(polygon.contains(point) == inside);
        }
    }
    CHECK(insides > 1'000);
}

TEST_CASE("an automatic radius is the same however many records come first") {
    std::mt19937 random(5);
    Sample sample(R"j({"searchableAttributes":["name"]})j");
    std::vector<std::uint32_t> metres;
    for (int i = 0; i < 30'000; ++i) {
        // Every tenth stands with another; the nearest come last.
        const double reach = i < 25'000 ? 40 : 4;
        const GeoPoint point{48 + std::uniform_real_distribution<double>(-reach, reach)(random), i % 10 == 0 ? 2.0 : 2 + reach * (i % 7) / 7};
        sample.add(fmt::format(R"({{"objectID":"{}","name":"{}","_geoloc":{{"lat":{},"lng":{}}}}})", i, i % 3 == 0 ? "third" : "other",
                               point.latitude, point.longitude));
        if (i % 3 == 0) metres.push_back(static_cast<std::uint32_t>(std::ceil(geo_distance_metres(paris, point))));
    }
    sample.publish();
    std::sort(metres.begin(), metres.end());
    Query query = sample.query(R"({"query":"third","typoTolerance":false})");
    query.geo.around = paris;
    const Selection selection = Selection::prepare(sample.snapshot(), query).value();
    const Selected selected = selection.run("sample", nullptr, nullptr);
    CHECK(selected.automatic_radius_metres == metres[999]);
    CHECK(selected.count == static_cast<std::size_t>(std::upper_bound(metres.begin(), metres.end(), metres[999]) - metres.begin()));
}

TEST_CASE("an automatic radius holds a thousand matches") {
    Sample sample(R"j({"searchableAttributes":["name"]})j");
    for (int i = 0; i < 1'500; ++i) {
        // A kilometre apart on a meridian.
        const double latitude = static_cast<double>(i) * 1000 / (std::numbers::pi / 180 * earth_radius_metres);
        sample.add(fmt::format(R"({{"objectID":"{}","name":"{}","_geoloc":{{"lat":{},"lng":10}}}})", i, i % 3 == 0 ? "third" : "other", latitude));
    }
    sample.add(R"({"objectID":"nowhere","name":"third"})");
    sample.publish();
    const auto run = [&](const GeoQuery& geo, const char* parameters) {
        Query query = sample.query(parameters);
        query.geo = geo;
        CandidateCache cache(1U << 22U);
        const Selection selection = Selection::prepare(sample.snapshot(), query).value();
        const Selected fresh = selection.run("sample", nullptr, &cache);
        const Selected again = selection.run("sample", nullptr, &cache);
        CHECK(again.from_cache);
        CHECK(again.automatic_radius_metres == fresh.automatic_radius_metres);
        return fresh;
    };
    GeoQuery geo;
    geo.around = GeoPoint{0, 10};
    const Selected all = run(geo, "{}");
    CHECK(all.count == 1'000);
    REQUIRE(all.automatic_radius_metres);
    CHECK(*all.automatic_radius_metres >= 998'999);
    CHECK(*all.automatic_radius_metres <= 999'001);
    const Selected thirds = run(geo, R"({"query":"third"})");
    CHECK(thirds.count == 500);
    CHECK(*thirds.automatic_radius_metres / 1000 == 1497);
    geo.radius_metres_min = 1'200'500;
    const Selected wide = run(geo, "{}");
    CHECK(wide.count == 1'201);
    CHECK(*wide.automatic_radius_metres == 1'200'500);
    geo.radius_metres = 10'500;
    const Selected fixed = run(geo, "{}");
    CHECK(fixed.count == 11);
    CHECK_FALSE(fixed.automatic_radius_metres);
}

TEST_CASE("distances of whole blocks are those of single points") {
    std::mt19937 random(11);
    const auto between = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
    Sample sample(R"j({"searchableAttributes":["name"]})j");
    std::vector<GeoPoint> points;
    for (int i = 0; i < 3'000; ++i) {
        points.push_back({between(-90, 90), between(-180, 180)});
        sample.add(fmt::format(R"({{"objectID":"{}","_geoloc":{{"lat":{},"lng":{}}}}})", i, points.back().latitude, points.back().longitude));
    }
    sample.publish();
    for (int round = 0; round < 40; ++round) {
        GeoQuery query;
        query.around = round % 2 == 0 ? points[random() % points.size()] : GeoPoint{between(-90, 90), between(-180, 180)};
        if (round % 4 != 0) query.radius_metres = static_cast<std::uint32_t>(std::pow(10, between(3, 7.5)));
        else query.radius_all = true;
        const GeoFilter filter(query, sample.snapshot());
        std::array<std::uint16_t, Filter::block_size> kept;
        std::array<std::uint32_t, Filter::block_size> metres;
        std::array<std::uint32_t, Filter::block_size> steps;
        std::vector<Ordinal> ordinals(1000);
        for (std::size_t i = 0; i < ordinals.size(); ++i) ordinals[i] = static_cast<Ordinal>(i * 3);
        const std::size_t count = filter.keep(ordinals, filter.reach(), kept, metres, steps);
        std::size_t expected = 0;
        for (std::size_t i = 0; i < ordinals.size(); ++i) {
            const double distance = geo_distance_metres(*query.around, points[ordinals[i]]);
            if (query.radius_metres && distance > *query.radius_metres) continue;
            REQUIRE(expected < count);
            REQUIRE(kept[expected] == i);
            REQUIRE(std::abs(metres[expected] - std::ceil(distance)) <= 1);
            REQUIRE(std::abs(steps[expected] - distance / 10) <= 1.001);
            ++expected;
        }
        REQUIRE(expected == count);
    }
}

TEST_CASE("the explanation names the nearest point and how far it is") {
    const Sample sample = cities();
    Query query = sample.query("{}");
    query.geo.around = GeoPoint{52.5, 13.4};
    query.geo.precision = {{0, 100}};
    const Selection selection = Selection::prepare(sample.snapshot(), query).value();
    const MatchDetails details = selection.describe(4);
    REQUIRE(details.point);
    CHECK(details.point->latitude == berlin.latitude);
    const double metres = geo_distance_metres(*query.geo.around, berlin);
    CHECK(details.geo_metres == static_cast<std::uint32_t>(std::llround(metres)));
    CHECK(details.geo_precision == 100);
    CHECK(details.geo_steps == static_cast<std::uint32_t>(metres / 100));
    CHECK_FALSE(selection.describe(6).point);
}

}  // namespace
}  // namespace penchant::testing
