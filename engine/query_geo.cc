// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query_geo.h"

#include "engine/query_values.h"
#include "index/limits.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace penchant {
namespace {

using Json = boost::json::value;

constexpr std::int64_t metres_max = std::numeric_limits<std::uint32_t>::max();

// Numbers with commas between them, spaces allowed; empty when there is anything else.
std::vector<double> numbers_of_text(std::string_view text) {
    std::vector<double> numbers;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        std::string_view part = text.substr(begin, end - begin);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (part.starts_with('+')) part.remove_prefix(1);
        double number = 0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (part.empty() || error != std::errc() || stop != part.data() + part.size() || !std::isfinite(number)) return {};
        numbers.push_back(number);
        begin = end + 1;
    }
    return numbers;
}

Result<double> coordinate(std::string_view name, const Json& value) {
    if (value.is_number()) return value.to_number<double>();
    if (value.is_string())
        if (const auto numbers = numbers_of_text(text_of(value)); numbers.size() == 1) return numbers.front();
    return expected(name, "numbers");
}

// The lists of numbers that come: one, or several in an array.
Result<std::vector<std::vector<double>>> number_lists(std::string_view name, const Json& value, std::string_view what) {
    const Json given = unpacked(value);
    std::vector<std::vector<double>> lists;
    if (given.is_string()) {
        if (text_of(given).empty()) return lists;
        lists.push_back(numbers_of_text(text_of(given)));
        if (lists.front().empty()) return expected(name, what);
        return lists;
    }
    if (!given.is_array()) return expected(name, what);
    const boost::json::array& array = given.get_array();
    const bool flat = !array.empty() && !array.front().is_array();
    std::size_t numbers = 0;
    const auto read = [&](const boost::json::array& from) -> Result<void> {
        numbers += from.size();
        if (numbers > 2 * limits::geo_polygon_points_max)
            return expected(name, fmt::format("at most {} points in all", limits::geo_polygon_points_max));
        std::vector<double> list;
        for (const Json& number : from) {
            const auto one = coordinate(name, number);
            if (!one) return expected(name, what);
            list.push_back(*one);
        }
        lists.push_back(std::move(list));
        return {};
    };
    if (flat) {
        PENCHANT_CHECK(read(array));
        return lists;
    }
    for (const Json& part : array) {
        if (!part.is_array()) return expected(name, what);
        PENCHANT_CHECK(read(part.get_array()));
    }
    return lists;
}

Result<GeoPoint> point(std::string_view name, double latitude, double longitude) {
    if (!(latitude >= -90 && latitude <= 90)) return expected(name, fmt::format("latitudes from -90 to 90, not {}", latitude));
    if (!(longitude >= -180 && longitude <= 180))
        return expected(name, fmt::format("longitudes from -180 to 180, not {}", longitude));
    return GeoPoint{latitude, longitude};
}

}  // namespace

Result<std::optional<GeoPoint>> read_point(std::string_view name, const Json& value) {
    if (!value.is_string()) return expected(name, "a string such as \"40.71,-74.01\"");
    if (text_of(value).empty()) return std::optional<GeoPoint>{};
    const std::vector<double> numbers = numbers_of_text(text_of(value));
    if (numbers.size() != 2) return expected(name, "a string such as \"40.71,-74.01\"");
    PENCHANT_TRY(const GeoPoint place, point(name, numbers[0], numbers[1]));
    return std::optional<GeoPoint>(place);
}

Result<void> read_radius(std::string_view name, const Json& value, GeoQuery& geo) {
    geo.radius_metres.reset();
    geo.radius_all = value.is_string() && text_of(value) == "all";
    if (geo.radius_all) return {};
    const auto metres = read_integer(name, value, 1, metres_max);
    if (!metres) return expected(name, fmt::format("\"all\" or an integer from 1 to {}", metres_max));
    geo.radius_metres = *metres;
    return {};
}

Result<std::vector<GeoQuery::PrecisionStep>> read_precision(std::string_view name, const Json& value) {
    const Error wrong = expected(name, fmt::format("an integer from 1 to {0}, or at most {1} steps such as "
                                                   "{{\"from\":0,\"value\":25}}", metres_max, limits::geo_precision_steps_max));
    const Json given = unpacked(value);
    std::vector<GeoQuery::PrecisionStep> steps;
    if (!given.is_array()) {
        const auto metres = read_integer(name, given, 1, metres_max);
        if (!metres) return wrong;
        steps.push_back({0, *metres});
        return steps;
    }
    if (given.get_array().size() > limits::geo_precision_steps_max) return wrong;
    for (const Json& entry : given.get_array()) {
        const Json* from = entry.is_object() ? entry.get_object().if_contains("from") : nullptr;
        const Json* metres = entry.is_object() ? entry.get_object().if_contains("value") : nullptr;
        if (!metres) return wrong;
        const auto begin = from ? read_integer(name, *from, 0, metres_max) : Result<std::uint32_t>(0U);
        const auto step = read_integer(name, *metres, 1, metres_max);
        if (!begin || !step) return wrong;
        steps.push_back({*begin, *step});
    }
    std::stable_sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.from_metres < b.from_metres; });
    if (steps.empty() || steps.front().from_metres != 0) steps.insert(steps.begin(), GeoQuery::PrecisionStep{});
    return steps;
}

Result<std::vector<GeoBox>> read_boxes(std::string_view name, const Json& value) {
    constexpr std::string_view what = "four numbers a box, such as [[47.3,4.9,47.4,5.1]]";
    PENCHANT_TRY(const auto lists, number_lists(name, value, what));
    std::vector<GeoBox> boxes;
    for (const std::vector<double>& list : lists) {
        if (list.empty() || list.size() % 4 != 0) return expected(name, what);
        for (std::size_t i = 0; i < list.size(); i += 4) {
            if (boxes.size() == limits::geo_boxes_max)
                return expected(name, fmt::format("at most {} boxes", limits::geo_boxes_max));
            GeoBox box;
            PENCHANT_TRY(box.first, point(name, list[i], list[i + 1]));
            PENCHANT_TRY(box.second, point(name, list[i + 2], list[i + 3]));
            boxes.push_back(box);
        }
    }
    return boxes;
}

Result<std::vector<std::vector<GeoPoint>>> read_polygons(std::string_view name, const Json& value) {
    const std::string what = fmt::format("3 to {} points a polygon, such as [[47.3,4.9,47.4,5.1,47.2,5.2]]",
                                         limits::geo_polygon_points_max);
    PENCHANT_TRY(const auto lists, number_lists(name, value, what));
    std::vector<std::vector<GeoPoint>> polygons;
    std::size_t points = 0;
    for (const std::vector<double>& list : lists) {
        points += list.size() / 2;
        if (list.size() < 6 || list.size() % 2 != 0 || points > limits::geo_polygon_points_max) return expected(name, what);
        std::vector<GeoPoint>& polygon = polygons.emplace_back();
        for (std::size_t i = 0; i < list.size(); i += 2) {
            PENCHANT_TRY(const GeoPoint corner, point(name, list[i], list[i + 1]));
            polygon.push_back(corner);
        }
    }
    return polygons;
}

}  // namespace penchant
