// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which attributes of a record a caller gets to see, when it is fetched by its id.
#pragma once

#include "index/settings.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// Attributes to keep and to leave out, as dotted paths; a path stands for all that is nested in it. objectID always stays.
class Projection {
public:
    /// `wanted` empty or with "*": all. An entry "-x" leaves x out.
    Projection(const std::vector<std::string>& wanted, const std::vector<std::string>& hidden);
    [[nodiscard]] bool keeps_all() const { return all_ && hidden_.empty(); }
    void apply(boost::json::object& record) const;

private:
    void apply_to(boost::json::value& value, const std::string& path, bool kept_above) const;
    bool all_ = true;
    std::vector<std::string> kept_;
    std::vector<std::string> hidden_;
};

}  // namespace penchant
