// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the geo parameters of a search (A 2.4, "Geo"). A latitude is -90..90 degrees, a longitude -180..180.
// Errors are bad_request, name the parameter and say what was expected.
#pragma once

#include "engine/query.h"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace penchant {

/// "lat,lng"; an empty text is no place.
[[nodiscard]] Result<std::optional<GeoPoint>> read_point(std::string_view name, const boost::json::value& value);
/// Metres from 1, or "all", into radius_metres and radius_all.
[[nodiscard]] Result<void> read_radius(std::string_view name, const boost::json::value& value, GeoQuery& geo);
/// Metres, or [{"from": metres, "value": metres}, ...]: ascending, the first from 0 (10 metres where the list is silent).
[[nodiscard]] Result<std::vector<GeoQuery::PrecisionStep>> read_precision(std::string_view name,
                                                                          const boost::json::value& value);
/// Four numbers a box, as one array, an array of arrays, or a text with commas.
[[nodiscard]] Result<std::vector<GeoBox>> read_boxes(std::string_view name, const boost::json::value& value);
/// Three points or more a polygon, given alike; one array or text is one polygon.
[[nodiscard]] Result<std::vector<std::vector<GeoPoint>>> read_polygons(std::string_view name,
                                                                       const boost::json::value& value);

}  // namespace penchant
