// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record: one JSON object of a catalog, known by its objectID (A 3.2). This file checks what a client sends, and
// walks a record's leaves for those who index, filter, facet or rank them.
#pragma once

#include "index/error.h"

#include <simdjson.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace penchant {

/// A record that passed the checks: minified JSON whose first key is objectID (a string).
struct Record {
    std::string object_id;
    std::string json;
};

/// Checks one record. `object_id` replaces or supplies the body's own when given (PUT /1/indexes/i/id); when neither
/// has one and `make_object_id` is set, a random one is made (24 hex digits). An integer id becomes its decimal text. The
/// output-only names of A 3.2 (_highlightResult, _snippetResult, _rankingInfo, _distinctSeqID, _collapseInfo) are dropped. Of a
/// name that comes twice in one object the last value stays. `body` may be part of a larger document, such as a batch.
/// Errors (bad_request) name the objectID, the size and the limit: not an object, too large, too deep, id missing,
/// empty, over object_id_bytes_max or with a NUL in it, an attribute name too long.
[[nodiscard]] Result<Record> check_record(simdjson::dom::element body, std::string_view object_id, bool make_object_id);

/// A scalar found in a record. Strings borrow from the parser's buffers.
using Scalar = std::variant<std::nullptr_t, bool, double, std::string_view>;

/// One scalar leaf: its dotted path ("price.gross"; array positions are not part of it), which element of its innermost
/// array it is (0 when it is in none), and the value. `path` lives until the sink returns.
struct Leaf {
    std::string_view path;
    std::size_t element = 0;
    Scalar value;
};

/// Calls `sink` for every scalar leaf in document order, objectID included. Nested objects add "name." to the path;
/// arrays of objects and of arrays are walked too.
void for_each_leaf(simdjson::dom::element record, const std::function<void(const Leaf&)>& sink);

/// A number as it is written in facets, filters and highlights: shortest text that reads back the same ("119.5", "3").
[[nodiscard]] std::string number_text(double value);

/// Appends `value` minified to `out`. Of a name that comes twice in one object the last value stays. Integers keep
/// every digit, and a number written as a fraction stays one ("2.0" is not "2").
void append_json(std::string& out, simdjson::dom::element value);

/// Appends a number of JSON that is no integer: number_text(value), with ".0" when that looks like an integer.
/// `value` is finite.
void append_json_fraction(std::string& out, double value);

/// True for names that only answers carry (A 3.2): they are dropped from what clients send.
[[nodiscard]] bool is_output_only(std::string_view name);

/// Parses one JSON text with a parser kept by this thread. The element lives until the next call on this thread.
/// Errors (bad_request) say what is wrong and where simdjson stopped, and name limits::json_depth_max.
[[nodiscard]] Result<simdjson::dom::element> parse_json(std::string_view text);

}  // namespace penchant
