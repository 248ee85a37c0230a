// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lasting numbers for pairs (facet attribute path, value): the same in every index and for ever, so that a visitor's profile
// is a few numbers and stays right when an index is built anew. Kept in the store; all of them in memory.
#pragma once

#include "index/columns.h"
#include "index/store.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace penchant {

/// Any thread.
class FacetValueIds {
public:
    [[nodiscard]] static Result<std::unique_ptr<FacetValueIds>> open(Store& store);
    ~FacetValueIds();

    /// The number of the pair, given out now if it is new. New numbers are in memory only until save().
    [[nodiscard]] FacetValueId number(std::string_view path, std::string_view value);
    [[nodiscard]] std::optional<FacetValueId> find(std::string_view path, std::string_view value) const;
    /// Path and value of a number that was given out.
    [[nodiscard]] std::pair<std::string, std::string> name(FacetValueId id) const;
    [[nodiscard]] std::size_t size() const;

    /// Makes every number given out so far durable (one synced write; nothing to do when none is new). Whoever writes
    /// something that names a number calls this first. On failure nothing may be written that names a new number.
    [[nodiscard]] Result<void> save();

private:
    struct Body;
    explicit FacetValueIds(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
