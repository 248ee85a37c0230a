// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which attributes of a record an answer carries: attributesToRetrieve with its patterns (A 2.4).
#pragma once

#include <boost/json/object.hpp>
#include <simdjson.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// "*" means all, "-x" takes x away, "a.b" means one attribute of an object, "a" also all that is nested under it.
/// objectID always stays.
class RetrievedAttributes {
public:
    /// `wanted` as in attributesToRetrieve; `hidden` are never given.
    RetrievedAttributes(std::span<const std::string> wanted, std::span<const std::string> hidden);

    [[nodiscard]] boost::json::object apply(simdjson::dom::object record) const;

private:
    enum class Answer { no, yes, inside };  ///< inside: some of what is nested
    [[nodiscard]] Answer ask(std::string_view path) const;
    void copy(simdjson::dom::object from, const std::string& prefix, boost::json::object& to) const;
    [[nodiscard]] boost::json::value part_of(simdjson::dom::element value, const std::string& path) const;

    bool all_ = false;
    std::vector<std::string> wanted_;
    std::vector<std::string> unwanted_;
};

}  // namespace penchant
