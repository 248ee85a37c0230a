// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where records are (A 2.4, "Geo"): distances, boxes and polygons, and a geo query bound to the columns of one snapshot.
//
// A record's places are its `_geoloc`, one {"lat", "lng"} or an array of them; the numbers of `_geoloc.lat` and `_geoloc.lng`
// are paired in order. A record that has not as many of one as of the other has no place at all, and points outside
// -90..90 and -180..180 are left out. Of several points the nearest counts, and one inside is enough.
#pragma once

#include "engine/query.h"
#include "index/snapshot.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace penchant {

/// The earth as a sphere of this radius, in metres: the mean radius of the IUGG (6,371,008.8 m; H. Moritz, "Geodetic
/// Reference System 1980", 2000) to a kilometre.
inline constexpr double earth_radius_metres = 6'371'000;

/// Along the great circle, by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984).
[[nodiscard]] double geo_distance_metres(GeoPoint from, GeoPoint to);

/// The part of the world between two latitudes and from one longitude eastward to another.
struct GeoBounds {
    double south = -90;
    double north = 90;
    double west = -180;
    double east = 180;  ///< below `west`: over the date line
    [[nodiscard]] bool contains(GeoPoint point) const {
        const bool past_west = point.longitude >= west;
        const bool before_east = point.longitude <= east;
        return point.latitude >= south && point.latitude <= north &&
               (west <= east ? past_west && before_east : past_west || before_east);
    }
};

/// What two opposite corners mean: when the northern one comes first it is taken for the eastern one, too, and when the
/// southern one comes first for the western one, as maps give their corners. Where that makes a box that goes the wrong way
/// round, it crosses the date line if its longitudes are more than 180 degrees apart; else the corners were those of the
/// other diagonal.
[[nodiscard]] GeoBounds bounds_of(const GeoBox& box);

/// Inside by the even-odd rule, edges straight in degrees and the shorter way round the world (so they may cross the date
/// line). A record's point looks at few edges: the world is cut into bands between latitudes of corners, and each band, for
/// the edges that cross it from side to side, into columns that know how many of these lie wholly east of them.
class GeoPolygon {
public:
    explicit GeoPolygon(std::span<const GeoPoint> points);
    [[nodiscard]] bool contains(GeoPoint point) const;

private:
    struct Edge {
        GeoPoint from;
        GeoPoint to;
        [[nodiscard]] double longitude_at(double latitude) const;
        [[nodiscard]] bool lies_east_of(double latitude, double longitude) const;
    };
    struct Band {
        std::uint32_t partial = 0;  // in numbers_: edges that begin or end within the band, until the next band's
        std::uint32_t column = 0;   // in columns_, until the next band's; there is one more than there are columns
        double west = 0;
        double columns_per_degree = 0;
    };
    struct Column {
        std::uint32_t crossing = 0;  // in crossing_: edges that cross the column, until the next one's
        bool odd_east = false;       // the number of crossing edges east of the column
    };
    void unroll(std::span<const GeoPoint> points);
    void cut_into_bands();
    void cut_into_columns(Band& band, double south, double north, std::span<const std::uint32_t> across);
    [[nodiscard]] std::size_t bucket(double latitude) const;
    [[nodiscard]] std::size_t band(double latitude) const;
    [[nodiscard]] static std::size_t column(const Band& band, std::size_t columns, double longitude);
    [[nodiscard]] bool odd(double latitude, double longitude) const;

    std::vector<Edge> edges_;               // without those along a latitude; longitudes run on past 180
    std::vector<double> borders_;           // latitudes, ascending: band b lies from borders_[b] to before borders_[b + 1]
    std::vector<std::uint32_t> buckets_;    // borders in front of each bucket of latitudes, buckets all of one height
    std::vector<Band> bands_;               // and one behind the last
    std::vector<std::uint32_t> numbers_;    // of edges
    std::vector<Column> columns_;
    std::vector<std::uint32_t> crossing_;   // numbers of edges
    double south_ = 90, north_ = -90, west_ = 0, east_ = 0;
    double buckets_per_degree_ = 0;
};

/// Which step of aroundPrecision a distance lies in: steps follow each other from 0 metres, each as wide as its range says;
/// the last one before another range begins may be cut short. Before the first `from` its width counts as well.
class GeoPrecision {
public:
    explicit GeoPrecision(std::span<const GeoQuery::PrecisionStep> steps);
    [[nodiscard]] std::uint32_t step(double metres) const;
    /// steps[i] = step(metres[i]).
    void steps(std::span<const double> metres, std::span<std::uint32_t> steps) const;
    [[nodiscard]] std::uint32_t width_metres(double metres) const;

private:
    struct Range {
        double from;
        double width;
        double steps_before;
    };
    [[nodiscard]] const Range& range(double metres) const;
    std::vector<Range> ranges_;
};

/// A text that is the same for two queries exactly when they ask for the same records in the same order.
[[nodiscard]] std::string normalized(const GeoQuery& query);

/// The nearest place of a record.
struct GeoMatch {
    GeoPoint point;
    double metres = 0;
};

/// How far records may be from the point; the degrees are what no record within can exceed.
struct GeoReach {
    double haversine = 1;
    double latitude = 180;
    double longitude = 360;
};

/// A geo query bound to a snapshot, which it borrows; one thread.
class GeoFilter {
public:
    GeoFilter(const GeoQuery& query, const Snapshot& snapshot);

    [[nodiscard]] bool any() const { return mode_ != Mode::none; }
    /// Records are around a point: criterion `geo` counts and keep() measures.
    [[nodiscard]] bool around() const { return mode_ == Mode::around; }
    /// The radius is to be found: see automatic_radius().
    [[nodiscard]] bool automatic() const { return around() && automatic_; }

    /// Writes the positions in `ordinals` (at most Filter::block_size) of those that pass to `kept` and gives their number.
    /// A record without a place passes only with aroundRadius "all". When around(), metres[i] and steps[i] become the
    /// distance of kept[i], rounded up, and its step of precision. `reach` is reach(), or a shorter one.
    [[nodiscard]] std::size_t keep(std::span<const Ordinal> ordinals, const GeoReach& reach, std::span<std::uint16_t> kept,
                                   std::span<std::uint32_t> metres, std::span<std::uint32_t> steps) const;

    /// What the query asks for.
    [[nodiscard]] const GeoReach& reach() const { return reach_; }
    /// A circle of so many metres.
    [[nodiscard]] GeoReach reach(double metres) const;

    /// The smallest radius in metres that holds limits::automatic_radius_hits of these distances, or all of them if they are
    /// fewer; at least minimumAroundRadius. Reorders `metres`.
    [[nodiscard]] std::uint32_t automatic_radius(std::span<std::uint32_t> metres) const;

    /// Of a record that has a place, when around().
    [[nodiscard]] std::optional<GeoMatch> nearest(Ordinal ordinal) const;
    [[nodiscard]] const GeoPrecision& precision() const { return precision_; }
    [[nodiscard]] std::uint32_t step_max() const { return step_max_; }

    /// Distance and step of a record without a place.
    static constexpr std::uint32_t nowhere_metres = 0xFFFFFFFFU;

private:
    enum class Mode { none, around, boxes, polygons };
    struct Candidates;
    template <class Visit>
    void for_each_point(std::span<const Ordinal> ordinals, Visit&& visit) const;
    [[nodiscard]] std::size_t keep_around(std::span<const Ordinal> ordinals, const GeoReach& reach,
                                          std::span<std::uint16_t> kept, std::span<std::uint32_t> metres,
                                          std::span<std::uint32_t> steps) const;
    void measure(Candidates& candidates, std::span<double> nearest) const;

    Mode mode_ = Mode::none;
    const NumericColumn* latitudes_ = nullptr;
    const NumericColumn* longitudes_ = nullptr;
    std::vector<GeoBounds> boxes_;
    std::vector<GeoPolygon> polygons_;
    GeoPoint centre_;
    GeoPrecision precision_;
    std::uint32_t step_max_ = 0;
    std::uint32_t radius_min_ = 0;
    bool automatic_ = false;
    bool all_ = false;
    GeoReach reach_;
};

}  // namespace penchant
