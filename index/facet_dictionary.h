// SPDX-License-Identifier: GPL-3.0-or-later
//
// The distinct values of one facet attribute of one index, numbered in order of first appearance.
//
// All copies that grew from one another share one body: texts in chunks that never move, and hash tables that the
// newest copy adds to while readers of older copies probe them. A reader skips entries whose number is at or past
// its own size, so every copy stays what it was, and publishing a grown dictionary copies nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// The lasting number of a pair (facet attribute path, value text), the same in all indices and for ever
/// (index/facet_value_ids.h): what visitors' profiles are written in.
using FacetValueId = std::uint32_t;

/// Any number of threads may read one; add() belongs to the builder's thread, and to the newest copy only.
class FacetDictionary {
public:
    struct Value {
        std::string text;    ///< as first written in a record
        std::string folded;  ///< Tokenizer::fold of it
        FacetValueId id = 0;
    };

    FacetDictionary();
    ~FacetDictionary();
    FacetDictionary(const FacetDictionary& other);  ///< shares everything with `other`
    FacetDictionary& operator=(const FacetDictionary&) = delete;

    [[nodiscard]] std::uint32_t size() const { return size_; }
    [[nodiscard]] const Value& value(std::uint32_t value_ordinal) const;
    /// All values whose folded text is `folded` ("Red" and "red" are two values that one filter matches), ascending.
    [[nodiscard]] std::vector<std::uint32_t> find_folded(std::string_view folded) const;
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
    [[nodiscard]] std::optional<std::uint32_t> find_id(FacetValueId id) const;

    /// The ordinal of `text`, which must be new, in this copy from now on. No other copy changes.
    std::uint32_t add(std::string_view text, std::string_view folded, FacetValueId id);

    [[nodiscard]] std::size_t bytes() const;  ///< memory held by all copies together

private:
    class Table;
    struct Body;
    void insert(std::shared_ptr<Table>& table, std::uint64_t hash, std::uint64_t (*hash_of)(const Value&));

    std::shared_ptr<Body> body_;
    std::shared_ptr<Table> by_text_;
    std::shared_ptr<Table> by_folded_;
    std::shared_ptr<Table> by_id_;
    std::uint32_t size_ = 0;
};

}  // namespace penchant
