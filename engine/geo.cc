// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/geo.h"

#include "engine/filter.h"
#include "index/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace penchant {
namespace {

constexpr double radians_per_degree = std::numbers::pi / 180;
constexpr std::size_t block_size = Filter::block_size;
constexpr double nowhere = 2;  // no haversine is this large

bool is_place(double latitude, double longitude) {  // false for NaN
    return std::abs(latitude) <= 90 && std::abs(longitude) <= 180;
}

// Sines without branches or tables, so that loops over many records become vectors. The angle lies within a quarter turn; by its
// power series up to x^19 the error is below the last digit of a double but one.
double sine(double x) {
    const double z = x * x;
    double sum = -1.0 / 121645100408832000.0;
    sum = sum * z + 1.0 / 355687428096000.0;
    sum = sum * z - 1.0 / 1307674368000.0;
    sum = sum * z + 1.0 / 6227020800.0;
    sum = sum * z - 1.0 / 39916800.0;
    sum = sum * z + 1.0 / 362880.0;
    sum = sum * z - 1.0 / 5040.0;
    sum = sum * z + 1.0 / 120.0;
    sum = sum * z - 1.0 / 6.0;
    return x + x * z * sum;
}

// The arc sine of the root of z, from 0 to 1: up to 1/4 by the polynomial that meets asin(sqrt(z)) / sqrt(z) in the eleven
// Chebyshev points of that range (error 5e-15), above by asin(s) = pi/2 - 2 asin(sqrt((1 - s) / 2)).
double arc_sine_of_root(double z) {
    const double s = std::sqrt(z);
    const bool low = z <= 0.25;
    const double y = low ? z : (1 - s) / 2;
    const double root = low ? s : std::sqrt(y);
    double sum = 0.03150097858285519;
    sum = sum * y - 0.007309161310274521;
    sum = sum * y + 0.017924305774952437;
    sum = sum * y + 0.012550386671737955;
    sum = sum * y + 0.01755004624569455;
    sum = sum * y + 0.02235471795166217;
    sum = sum * y + 0.03038289742013321;
    sum = sum * y + 0.04464282695575735;
    sum = sum * y + 0.07500000048801558;
    sum = sum * y + 0.1666666666636023;
    sum = sum * y + 1.000000000000003;
    const double arc = root * sum;
    return low ? arc : std::numbers::pi / 2 - 2 * arc;
}

double haversine(GeoPoint from, GeoPoint to) {
    const double up = std::sin((to.latitude - from.latitude) * radians_per_degree / 2);
    const double across = std::sin((to.longitude - from.longitude) * radians_per_degree / 2);
    return up * up + std::cos(from.latitude * radians_per_degree) * std::cos(to.latitude * radians_per_degree) * across * across;
}

// Degrees between two longitudes, the shorter way.
double apart(double a, double b) {
    const double difference = std::abs(a - b);
    return difference > 180 ? 360 - difference : difference;
}

}  // namespace

double geo_distance_metres(GeoPoint from, GeoPoint to) {
    return 2 * earth_radius_metres * std::asin(std::sqrt(std::min(1.0, haversine(from, to))));
}

GeoBounds bounds_of(const GeoBox& box) {
    const bool north_first = box.first.latitude >= box.second.latitude;
    GeoBounds bounds{std::min(box.first.latitude, box.second.latitude), std::max(box.first.latitude, box.second.latitude),
                     north_first ? box.second.longitude : box.first.longitude,
                     north_first ? box.first.longitude : box.second.longitude};
    const double back = bounds.west - bounds.east;
    if (back > 0 && (back <= 180 || back >= 360)) std::swap(bounds.west, bounds.east);
    return bounds;
}

// -- Polygons ----------------------------------------------------------------------------------------------------------

double GeoPolygon::Edge::longitude_at(double latitude) const {
    return from.longitude + (latitude - from.latitude) / (to.latitude - from.latitude) * (to.longitude - from.longitude);
}

bool GeoPolygon::Edge::lies_east_of(double latitude, double longitude) const {
    return (from.latitude > latitude) != (to.latitude > latitude) && longitude < longitude_at(latitude);
}

GeoPolygon::GeoPolygon(std::span<const GeoPoint> points) {
    unroll(points);
    if (!edges_.empty()) cut_into_bands();
}

void GeoPolygon::unroll(std::span<const GeoPoint> points) {
    std::vector<GeoPoint> ring(points.begin(), points.end());
    for (std::size_t i = 1; i < ring.size(); ++i) {
        while (ring[i].longitude - ring[i - 1].longitude > 180) ring[i].longitude -= 360;
        while (ring[i].longitude - ring[i - 1].longitude < -180) ring[i].longitude += 360;
    }
    if (ring.empty()) return;
    west_ = east_ = ring.front().longitude;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const GeoPoint& next = ring[i + 1 == ring.size() ? 0 : i + 1];
        south_ = std::min(south_, ring[i].latitude);
        north_ = std::max(north_, ring[i].latitude);
        west_ = std::min(west_, ring[i].longitude);
        east_ = std::max(east_, ring[i].longitude);
        if (ring[i].latitude != next.latitude) edges_.push_back({ring[i], next});
    }
}

void GeoPolygon::cut_into_bands() {
    // The same number of corners in each, so that few edges begin or end within one.
    std::vector<double> latitudes;
    for (const Edge& edge : edges_) {
        latitudes.push_back(edge.from.latitude);
        latitudes.push_back(edge.to.latitude);
    }
    std::sort(latitudes.begin(), latitudes.end());
    latitudes.erase(std::unique(latitudes.begin(), latitudes.end()), latitudes.end());
    const auto for_each_band = [&](std::uint32_t number, auto&& visit) {
        const auto [low, high] = std::minmax(edges_[number].from.latitude, edges_[number].to.latitude);
        auto at = static_cast<std::size_t>(std::upper_bound(borders_.begin(), borders_.end(), low) - borders_.begin()) - 1;
        for (; at + 1 < borders_.size() && borders_[at] < high; ++at) visit(at, low <= borders_[at] && borders_[at + 1] <= high);
    };
    // Edges that run far up and down are in nearly all bands: then fewer bands do as well.
    constexpr std::size_t bands_max = 4096;
    constexpr std::size_t bands_an_edge = 100;
    std::vector<std::uint32_t> partial;  // edges that begin or end in each band
    std::vector<std::uint32_t> across;   // edges that cross it
    for (std::size_t bands = std::min(latitudes.size() - 1, bands_max);; bands = std::max<std::size_t>(1, bands / 2)) {
        borders_.clear();
        for (std::size_t i = 0; i <= bands; ++i) borders_.push_back(latitudes[i * (latitudes.size() - 1) / bands]);
        partial.assign(bands + 1, 0);
        across.assign(bands + 1, 0);
        std::size_t all = 0;
        for (std::uint32_t number = 0; number < edges_.size(); ++number)
            for_each_band(number, [&](std::size_t at, bool whole) {
                ++(whole ? across : partial)[at + 1];
                ++all;
            });
        if (bands == 1 || all <= edges_.size() * bands_an_edge) break;
    }
    const std::size_t bands = borders_.size() - 1;
    for (std::size_t at = 0; at < bands; ++at) {
        partial[at + 1] += partial[at];
        across[at + 1] += across[at];
    }
    bands_.resize(bands + 1);
    for (std::size_t at = 0; at <= bands; ++at) bands_[at].partial = partial[at];
    numbers_.resize(partial.back());
    std::vector<std::uint32_t> whole_numbers(across.back());
    std::vector<std::uint32_t> next_partial = partial;
    std::vector<std::uint32_t> next_across = across;
    for (std::uint32_t number = 0; number < edges_.size(); ++number)
        for_each_band(number, [&](std::size_t at, bool whole) {
            if (whole) whole_numbers[next_across[at]++] = number;
            else numbers_[next_partial[at]++] = number;
        });
    for (std::size_t at = 0; at < bands; ++at)
        cut_into_columns(bands_[at], borders_[at], borders_[at + 1],
                         std::span(whole_numbers).subspan(across[at], across[at + 1] - across[at]));
    bands_.back().column = static_cast<std::uint32_t>(columns_.size());

    buckets_per_degree_ = static_cast<double>(bands) / (borders_.back() - borders_.front());
    buckets_.assign(bands + 2, 0);
    for (const double border : borders_) ++buckets_[bucket(border) + 1];
    for (std::size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

// `across` are the edges that cross the band.
void GeoPolygon::cut_into_columns(Band& band, double south, double north, std::span<const std::uint32_t> across) {
    constexpr double slack = 1e-9;  // degrees: rounding must not take an edge out of its column
    struct Extent {
        double west;
        double east;
    };
    std::vector<Extent> extents;
    double all = 0;
    double east = -1e9;
    band.column = static_cast<std::uint32_t>(columns_.size());
    band.west = 1e9;
    for (const std::uint32_t number : across) {
        const double at_south = edges_[number].longitude_at(south);
        const double at_north = edges_[number].longitude_at(north);
        extents.push_back({std::min(at_south, at_north) - slack, std::max(at_south, at_north) + slack});
        all += extents.back().east - extents.back().west;
        band.west = std::min(band.west, extents.back().west);
        east = std::max(east, extents.back().east);
    }
    if (across.empty()) return;
    // As many as there are edges, or fewer where each would lie in many of them.
    const auto count = static_cast<double>(across.size());
    const auto columns = static_cast<std::size_t>(std::max(1.0, std::min(count, count * (east - band.west) / all)));
    band.columns_per_degree = static_cast<double>(columns) / (east - band.west);
    std::vector<std::uint32_t> begins(columns + 1);
    std::vector<std::uint32_t> first(columns + 1);  // edges by the first column they are in
    for (const Extent& extent : extents) {
        const std::size_t from = column(band, columns, extent.west);
        ++first[from];
        for (std::size_t at = from; at <= column(band, columns, extent.east); ++at) ++begins[at + 1];
    }
    const auto begin = static_cast<std::uint32_t>(crossing_.size());
    for (std::size_t at = 0; at < columns; ++at) begins[at + 1] += begins[at];
    columns_.resize(columns_.size() + columns + 1);
    std::uint32_t further_east = 0;
    for (std::size_t at = columns + 1; at-- > 0;) {
        columns_[band.column + at] = {begin + begins[at], further_east % 2 != 0};
        further_east += first[at];
    }
    crossing_.resize(begin + begins.back());
    for (std::size_t i = 0; i < extents.size(); ++i)
        for (std::size_t at = column(band, columns, extents[i].west); at <= column(band, columns, extents[i].east); ++at)
            crossing_[begin + begins[at]++] = across[i];
}

std::size_t GeoPolygon::bucket(double latitude) const {
    return std::min(static_cast<std::size_t>((latitude - borders_.front()) * buckets_per_degree_), buckets_.size() - 2);
}

// Buckets ascend with latitudes, so borders of earlier ones lie south of this latitude and those of later ones do not.
std::size_t GeoPolygon::band(double latitude) const {
    const std::size_t in = bucket(latitude);
    const auto begin = borders_.begin() + buckets_[in];
    const auto end = borders_.begin() + buckets_[in + 1];
    return static_cast<std::size_t>(std::upper_bound(begin, end, latitude) - borders_.begin()) - 1;
}

std::size_t GeoPolygon::column(const Band& band, std::size_t columns, double longitude) {
    const double at = (longitude - band.west) * band.columns_per_degree;
    return at <= 0 ? 0 : std::min(static_cast<std::size_t>(at), columns - 1);
}

// latitude: from the southernmost border to before the northernmost one.
bool GeoPolygon::odd(double latitude, double longitude) const {
    const Band* const in = &bands_[band(latitude)];
    bool inside = false;
    for (std::uint32_t i = in->partial; i < in[1].partial; ++i)
        inside ^= edges_[numbers_[i]].lies_east_of(latitude, longitude);
    if (in->column == in[1].column) return inside;
    const Column* const at = &columns_[in->column + column(*in, in[1].column - in->column - 1, longitude)];
    inside ^= at->odd_east;
    for (std::uint32_t i = at->crossing; i < at[1].crossing; ++i)
        inside ^= edges_[crossing_[i]].lies_east_of(latitude, longitude);
    return inside;
}

bool GeoPolygon::contains(GeoPoint point) const {
    if (!(point.latitude >= south_ && point.latitude < north_)) return false;  // the northernmost corners are no part of it
    for (const double turn : {-360.0, 0.0, 360.0}) {
        const double longitude = point.longitude + turn;
        if (longitude >= west_ && longitude <= east_ && odd(point.latitude, longitude)) return true;
    }
    return false;
}

// -- Precision ---------------------------------------------------------------------------------------------------------

GeoPrecision::GeoPrecision(std::span<const GeoQuery::PrecisionStep> steps) {
    for (const auto& each : steps) {
        const double width = std::max(1.0, static_cast<double>(each.value_metres));
        if (ranges_.empty()) {
            ranges_.push_back({0, width, 0});
            if (each.from_metres == 0) continue;
        }
        const Range& before = ranges_.back();
        const auto from = static_cast<double>(each.from_metres);
        if (from <= before.from) {
            ranges_.back().width = width;
            continue;
        }
        ranges_.push_back({from, width, before.steps_before + std::ceil((from - before.from) / before.width)});
    }
    if (ranges_.empty()) ranges_.push_back({0, 1, 0});
}

const GeoPrecision::Range& GeoPrecision::range(double metres) const {
    std::size_t at = ranges_.size() - 1;
    while (at > 0 && ranges_[at].from > metres) --at;
    return ranges_[at];
}

// Distances are not negative: what a conversion cuts off is what std::floor would, without a call.
std::uint32_t GeoPrecision::step(double metres) const {
    const Range& in = range(metres);
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(in.steps_before) + static_cast<std::int32_t>((metres - in.from) / in.width));
}

void GeoPrecision::steps(std::span<const double> metres, std::span<std::uint32_t> steps) const {
    if (ranges_.size() > 1) {
        for (std::size_t i = 0; i < metres.size(); ++i) steps[i] = step(metres[i]);
        return;
    }
    const double width = ranges_.front().width;
    for (std::size_t i = 0; i < metres.size(); ++i)
        steps[i] = static_cast<std::uint32_t>(static_cast<std::int32_t>(metres[i] / width));
}

std::uint32_t GeoPrecision::width_metres(double metres) const { return static_cast<std::uint32_t>(range(metres).width); }

std::string normalized(const GeoQuery& query) {
    std::string text;
    const auto add = [&](const auto& number) {
        text += fmt::format("{}", number);  // doubles so that they read back as the same
        text += ' ';
    };
    const auto add_point = [&](GeoPoint point) {
        add(point.latitude);
        add(point.longitude);
    };
    if (!query.boxes.empty()) {
        text = "b";
        for (const GeoBox& box : query.boxes) {
            add_point(box.first);
            add_point(box.second);
        }
    } else if (!query.polygons.empty()) {
        for (const auto& polygon : query.polygons) {
            text += 'p';
            for (const GeoPoint& point : polygon) add_point(point);
        }
    } else if (query.around) {
        text = query.radius_all ? "a" : query.radius_metres ? "r" : "m";
        if (!query.radius_all) add(query.radius_metres ? *query.radius_metres : query.radius_metres_min.value_or(0));
        add_point(*query.around);
        for (const auto& step : query.precision) {
            add(step.from_metres);
            add(step.value_metres);
        }
    }
    return text;
}

// -- Filter ------------------------------------------------------------------------------------------------------------

// Points that may lie within the radius, and whose they are.
struct GeoFilter::Candidates {
    std::size_t count = 0;
    std::array<std::uint16_t, block_size> index;
    std::array<double, block_size> latitude;
    std::array<double, block_size> longitude_apart;
    std::array<double, block_size> haversine;
};

GeoFilter::GeoFilter(const GeoQuery& query, const Snapshot& snapshot) : precision_(query.precision) {
    latitudes_ = snapshot.columns.number("_geoloc.lat");
    longitudes_ = snapshot.columns.number("_geoloc.lng");
    if (!query.boxes.empty()) {
        mode_ = Mode::boxes;
        for (const GeoBox& box : query.boxes) boxes_.push_back(bounds_of(box));
    } else if (!query.polygons.empty()) {
        mode_ = Mode::polygons;
        for (const auto& points : query.polygons) polygons_.emplace_back(points);
    } else if (query.around) {
        mode_ = Mode::around;
        centre_ = *query.around;
        all_ = query.radius_all;
        automatic_ = !all_ && !query.radius_metres;
        radius_min_ = query.radius_metres_min.value_or(0);
        const double farthest = std::numbers::pi * earth_radius_metres;
        step_max_ = precision_.step(farthest) + 1;
        if (!all_ && !automatic_) reach_ = reach(*query.radius_metres);
        if (reach_.haversine < 1) step_max_ = precision_.step(*query.radius_metres);
    }
}

GeoReach GeoFilter::reach(double metres) const {
    GeoReach reach;
    if (metres >= std::numbers::pi * earth_radius_metres) return reach;
    const double half = std::sin(metres / earth_radius_metres / 2);
    reach.haversine = half * half;
    constexpr double slack = 1e-9;  // degrees, a tenth of a millimetre: rounding must not lose the border
    reach.latitude = metres / earth_radius_metres / radians_per_degree + slack;
    if (std::abs(centre_.latitude) + reach.latitude < 90) {
        const double across = std::sin(metres / earth_radius_metres) / std::cos(centre_.latitude * radians_per_degree);
        if (across < 1) reach.longitude = std::asin(across) / radians_per_degree + slack;
    }
    return reach;
}

// Calls `visit(i, latitude, longitude)` for the places of ordinals[i], which ascend.
template <class Visit>
void GeoFilter::for_each_point(std::span<const Ordinal> ordinals, Visit&& visit) const {
    if (!latitudes_ || !longitudes_) return;
    std::vector<double> latitudes;
    std::vector<double> longitudes;
    for (std::size_t i = 0; i < ordinals.size();) {
        const std::size_t number = ordinals[i] / column_page_rows;
        std::size_t end = i + 1;  // one page at a time
        while (end < ordinals.size() && ordinals[end] / column_page_rows == number) ++end;
        const auto page_of = [&](const NumericColumn& column) {
            return number < column.pages.size() ? column.pages[number].get() : nullptr;
        };
        const NumericColumn::Page* latitude = page_of(*latitudes_);
        const NumericColumn::Page* longitude = page_of(*longitudes_);
        if (!latitude || !longitude) {
            i = end;
        } else if (!latitude->dense.empty() && !longitude->dense.empty()) {
            const double* const lat = latitude->dense.data();
            const double* const lng = longitude->dense.data();
            for (; i < end; ++i) visit(i, lat[ordinals[i] % column_page_rows], lng[ordinals[i] % column_page_rows]);
        } else {
            for (; i < end; ++i) {
                latitudes.clear();
                longitudes.clear();
                latitudes_->for_each(ordinals[i], [&](double value) { latitudes.push_back(value); });
                longitudes_->for_each(ordinals[i], [&](double value) { longitudes.push_back(value); });
                if (latitudes.size() != longitudes.size()) continue;
                for (std::size_t p = 0; p < latitudes.size(); ++p) visit(i, latitudes[p], longitudes[p]);
            }
        }
    }
}

std::size_t GeoFilter::keep(std::span<const Ordinal> ordinals, const GeoReach& reach, std::span<std::uint16_t> kept,
                            std::span<std::uint32_t> metres, std::span<std::uint32_t> steps) const {
    if (mode_ == Mode::around) return keep_around(ordinals, reach, kept, metres, steps);
    std::array<std::uint8_t, block_size> inside{};
    if (mode_ == Mode::boxes) {
        for_each_point(ordinals, [&](std::size_t i, double latitude, double longitude) {
            if (!is_place(latitude, longitude)) return;
            for (const GeoBounds& box : boxes_) inside[i] |= static_cast<std::uint8_t>(box.contains({latitude, longitude}));
        });
    } else {
        for_each_point(ordinals, [&](std::size_t i, double latitude, double longitude) {
            if (!is_place(latitude, longitude)) return;
            for (std::size_t p = 0; p < polygons_.size() && inside[i] == 0; ++p)
                inside[i] = static_cast<std::uint8_t>(polygons_[p].contains({latitude, longitude}));
        });
    }
    std::size_t left = 0;
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        kept[left] = static_cast<std::uint16_t>(i);
        left += inside[i];
    }
    return left;
}

void GeoFilter::measure(Candidates& candidates, std::span<double> nearest) const {
    const double from = centre_.latitude;
    const double cosine = std::cos(from * radians_per_degree);
    for (std::size_t k = 0; k < candidates.count; ++k) {
        const double up = sine((candidates.latitude[k] - from) * (radians_per_degree / 2));
        const double across = sine(candidates.longitude_apart[k] * (radians_per_degree / 2));
        const double to_cosine = sine((90 - std::abs(candidates.latitude[k])) * radians_per_degree);
        candidates.haversine[k] = up * up + cosine * to_cosine * across * across;
    }
    for (std::size_t k = 0; k < candidates.count; ++k) {
        double& best = nearest[candidates.index[k]];
        best = std::min(best, candidates.haversine[k]);
    }
    candidates.count = 0;
}

std::size_t GeoFilter::keep_around(std::span<const Ordinal> ordinals, const GeoReach& reach, std::span<std::uint16_t> kept,
                                   std::span<std::uint32_t> metres, std::span<std::uint32_t> steps) const {
    Candidates candidates;
    std::array<double, block_size> nearest;
    nearest.fill(nowhere);
    // Records that cannot lie within the radius go by their degrees alone.
    for_each_point(ordinals, [&](std::size_t i, double latitude, double longitude) {
        const double longitude_apart = apart(longitude, centre_.longitude);
        candidates.index[candidates.count] = static_cast<std::uint16_t>(i);
        candidates.latitude[candidates.count] = latitude;
        candidates.longitude_apart[candidates.count] = longitude_apart;
        candidates.count += static_cast<std::size_t>(is_place(latitude, longitude)) &
                            static_cast<std::size_t>(std::abs(latitude - centre_.latitude) <= reach.latitude) &
                            static_cast<std::size_t>(longitude_apart <= reach.longitude);
        if (candidates.count == block_size) measure(candidates, nearest);
    });
    measure(candidates, nearest);

    std::size_t left = 0;
    const double most = all_ ? nowhere : reach.haversine;
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        kept[left] = static_cast<std::uint16_t>(i);
        nearest[left] = nearest[i];
        left += nearest[i] <= most;
    }
    std::array<double, block_size> distance;
    for (std::size_t i = 0; i < left; ++i)
        distance[i] = 2 * earth_radius_metres * arc_sine_of_root(nearest[i] < 1.0 ? nearest[i] : 1.0);
    precision_.steps({distance.data(), left}, steps);
    // No distance on earth needs more than 31 bits.
    for (std::size_t i = 0; i < left; ++i) {
        const auto down = static_cast<std::int32_t>(distance[i]);
        const auto up = static_cast<std::uint32_t>(down) + static_cast<std::uint32_t>(static_cast<double>(down) < distance[i]);
        const bool somewhere = nearest[i] < nowhere;
        metres[i] = somewhere ? up : nowhere_metres;
        steps[i] = somewhere && steps[i] < step_max_ ? steps[i] : step_max_;
    }
    return left;
}

std::uint32_t GeoFilter::automatic_radius(std::span<std::uint32_t> metres) const {
    if (metres.empty()) return radius_min_;
    const std::size_t last = std::min(limits::automatic_radius_hits, metres.size()) - 1;
    std::nth_element(metres.begin(), metres.begin() + static_cast<std::ptrdiff_t>(last), metres.end());
    return std::max(radius_min_, metres[last]);
}

std::optional<GeoMatch> GeoFilter::nearest(Ordinal ordinal) const {
    std::optional<GeoMatch> best;
    if (!around()) return best;
    for_each_point({&ordinal, 1}, [&](std::size_t, double latitude, double longitude) {
        if (!is_place(latitude, longitude)) return;
        const double metres = geo_distance_metres(centre_, {latitude, longitude});
        if (!best || metres < best->metres) best = GeoMatch{{latitude, longitude}, metres};
    });
    return best;
}

}  // namespace penchant
