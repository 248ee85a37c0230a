// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who may do what: the admin key, and API keys with rights (ACL), index patterns and limits (A 7.1, 7.2).
//
// Of the admin key only a digest is kept. The text of an API key is kept, because the contract lists it and because
// secured keys are signed with it (A 7.3); it is looked up by digest, and compared in constant time.
#pragma once

#include "engine/router.h"
#include "index/error.h"
#include "index/store.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace penchant {

class Keys {
public:
    /// Loads the keys. `admin_key` given: it is the admin key of this run. Empty: the one stored before stays; when there
    /// is none, one is made and its digest stored. `store` must outlive the keys. Errors: those of the store.
    [[nodiscard]] static Result<std::unique_ptr<Keys>> open(Store& store, std::string_view admin_key);
    ~Keys();

    /// The admin key when open() just made it: the only time that it can be shown.
    [[nodiscard]] const std::optional<std::string>& made_admin_key() const;

    // Any thread from here on.
    /// Who presents `key`, or null for a key nobody has.
    [[nodiscard]] std::shared_ptr<const Caller> find(std::string_view key) const;

    struct Made {
        std::string key;
        std::int64_t at_ms = 0;
    };
    /// Makes a key of a key object (A 7.1). bad_request names the attribute; unknown attributes are kept and given back.
    [[nodiscard]] Result<Made> add(const boost::json::object& attributes);
    /// Replaces all of a key's attributes; those left out fall back to their defaults. not_found when there is no such key.
    [[nodiscard]] Result<Made> replace(std::string_view key, const boost::json::object& attributes);
    /// Gives the time of deletion. not_found when there is no such key.
    [[nodiscard]] Result<std::int64_t> remove(std::string_view key);
    /// A key object with "value" and "createdAt", or nothing.
    [[nodiscard]] std::optional<boost::json::object> get(std::string_view key) const;
    [[nodiscard]] boost::json::array list() const;  ///< the oldest first

private:
    struct Body;
    explicit Keys(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
