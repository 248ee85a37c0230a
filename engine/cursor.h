// SPDX-License-Identifier: GPL-3.0-or-later
//
// The cursor of browse (A 2.12): an opaque text that holds the whole query and how far it has come. Browse walks
// records by their document ids, which stay what they are while the index changes, so a record that does not change is
// seen exactly once.
#pragma once

#include "index/error.h"
#include "index/snapshot.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace penchant {

struct Cursor {
    std::string index;
    boost::json::object parameters;  ///< of the first call
    DocumentId last = 0;             ///< the last document given out
    std::uint32_t page = 0;          ///< of the page to come

    /// base64url (RFC 4648 section 5, no padding) of a JSON object.
    [[nodiscard]] std::string text() const;
    /// bad_request for anything that text() did not make.
    [[nodiscard]] static Result<Cursor> parse(std::string_view text);
};

}  // namespace penchant
