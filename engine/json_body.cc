// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/json_body.h"

#include "index/record.h"

namespace penchant {

boost::json::value to_value(simdjson::dom::element element) {
    using simdjson::dom::element_type;
    switch (element.type()) {
        case element_type::OBJECT: {
            boost::json::object object;
            const simdjson::dom::object source = element.get_object().value_unsafe();
            object.reserve(source.size());
            for (const auto [name, value] : source) object.insert_or_assign(name, to_value(value));
            return object;
        }
        case element_type::ARRAY: {
            boost::json::array array;
            const simdjson::dom::array source = element.get_array().value_unsafe();
            array.reserve(source.size());
            for (const simdjson::dom::element value : source) array.push_back(to_value(value));
            return array;
        }
        case element_type::STRING: return boost::json::string(std::string_view{element.get_string().value_unsafe()});
        case element_type::INT64: return element.get_int64().value_unsafe();
        case element_type::UINT64: return element.get_uint64().value_unsafe();
        case element_type::DOUBLE: return element.get_double().value_unsafe();
        case element_type::BOOL: return element.get_bool().value_unsafe();
        case element_type::NULL_VALUE: return nullptr;
    }
    return nullptr;
}

Result<boost::json::value> parse_json_value(std::string_view text) {
    PENCHANT_TRY(const simdjson::dom::element element, parse_json(text));
    return to_value(element);
}

Result<boost::json::object> body_object(const Request& request, bool empty_is_object) {
    const bool blank = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank && empty_is_object) return boost::json::object{};
    PENCHANT_TRY(boost::json::value value, parse_json_value(request.body));
    if (!value.is_object()) return Error{Errc::bad_request, "The body must be a JSON object"};
    return std::move(value.get_object());
}

}  // namespace penchant
