// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/facet_dictionary.h"

#include "index/error.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <functional>

namespace penchant {

namespace {

std::uint64_t hash_text(std::string_view text) { return std::hash<std::string_view>{}(text); }
std::uint64_t hash_id(FacetValueId id) { return (id + 1) * 0x9E3779B97F4A7C15U; }

std::uint64_t hash_of_text(const FacetDictionary::Value& value) { return hash_text(value.text); }
std::uint64_t hash_of_folded(const FacetDictionary::Value& value) { return hash_text(value.folded); }
std::uint64_t hash_of_id(const FacetDictionary::Value& value) { return hash_id(value.id); }

}  // namespace

/// Open addressing without deletion. A slot is the high half of the hash and the value's ordinal + 1, written once.
class FacetDictionary::Table {
public:
    explicit Table(std::size_t slots) : slots_(slots) {}

    [[nodiscard]] std::size_t slots() const { return slots_.size(); }

    void insert(std::uint64_t hash, std::uint32_t ordinal) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t slot = start(hash);
        while (slots_[slot].load(std::memory_order_relaxed) != 0) slot = (slot + 1) & mask;
        // Relaxed is enough: who may look at the value has got its dictionary through the snapshot's publication.
        slots_[slot].store((hash & high_half) | (ordinal + 1), std::memory_order_relaxed);
    }

    /// Calls `visit(ordinal)` for the values below `size` that have this hash, until it returns false.
    template <class Visit>
    void find(std::uint64_t hash, std::uint32_t size, Visit&& visit) const {
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t slot = start(hash);; slot = (slot + 1) & mask) {
            const std::uint64_t found = slots_[slot].load(std::memory_order_relaxed);
            if (found == 0) return;
            const auto ordinal = static_cast<std::uint32_t>(found) - 1;
            if ((found & high_half) == (hash & high_half) && ordinal < size && !visit(ordinal)) return;
        }
    }

private:
    static constexpr std::uint64_t high_half = 0xFFFFFFFF00000000U;
    [[nodiscard]] std::size_t start(std::uint64_t hash) const { return (hash ^ hash >> 32U) & (slots_.size() - 1); }

    std::vector<std::atomic<std::uint64_t>> slots_;
};

/// The values, in chunks of 16, 16, 32, 64, ... that are never moved.
struct FacetDictionary::Body {
    std::array<std::unique_ptr<Value[]>, 29> chunks;
    std::uint32_t size = 0;  ///< of the newest copy

    struct Position {
        std::size_t chunk;
        std::size_t offset;
    };
    static Position position(std::uint32_t ordinal) {
        if (ordinal < 16) return {0, ordinal};
        const auto width = static_cast<std::size_t>(std::bit_width(ordinal));  // 5 for 16..31
        return {width - 4, ordinal - (std::size_t{1} << (width - 1))};
    }
    static std::size_t chunk_size(std::size_t chunk) { return std::size_t{16} << (chunk == 0 ? 0 : chunk - 1); }
};

FacetDictionary::FacetDictionary()
    : body_(std::make_shared<Body>()),
      by_text_(std::make_shared<Table>(32)),
      by_folded_(std::make_shared<Table>(32)),
      by_id_(std::make_shared<Table>(32)) {}
FacetDictionary::~FacetDictionary() = default;
FacetDictionary::FacetDictionary(const FacetDictionary& other) = default;

const FacetDictionary::Value& FacetDictionary::value(std::uint32_t value_ordinal) const {
    const Body::Position at = Body::position(value_ordinal);
    return body_->chunks[at.chunk][at.offset];
}

std::vector<std::uint32_t> FacetDictionary::find_folded(std::string_view folded) const {
    std::vector<std::uint32_t> found;
    by_folded_->find(hash_text(folded), size_, [&](std::uint32_t ordinal) {
        if (value(ordinal).folded == folded) found.push_back(ordinal);
        return true;
    });
    std::sort(found.begin(), found.end());
    return found;
}

std::optional<std::uint32_t> FacetDictionary::find(std::string_view text) const {
    std::optional<std::uint32_t> found;
    by_text_->find(hash_text(text), size_, [&](std::uint32_t ordinal) {
        if (value(ordinal).text == text) found = ordinal;
        return !found;
    });
    return found;
}

std::optional<std::uint32_t> FacetDictionary::find_id(FacetValueId id) const {
    std::optional<std::uint32_t> found;
    by_id_->find(hash_id(id), size_, [&](std::uint32_t ordinal) {
        if (value(ordinal).id == id) found = ordinal;
        return !found;
    });
    return found;
}

void FacetDictionary::insert(std::shared_ptr<Table>& table, std::uint64_t hash,
                             std::uint64_t (*hash_of)(const Value&)) {
    if (std::size_t{size_} * 2 >= table->slots()) {
        // Older copies keep the old table.
        auto larger = std::make_shared<Table>(table->slots() * 4);
        for (std::uint32_t ordinal = 0; ordinal < size_; ++ordinal) larger->insert(hash_of(value(ordinal)), ordinal);
        table = std::move(larger);
    }
    table->insert(hash, size_);
}

std::uint32_t FacetDictionary::add(std::string_view text, std::string_view folded, FacetValueId id) {
    PENCHANT_ASSERT(body_->size == size_);  // only the newest copy may grow
    const Body::Position at = Body::position(size_);
    if (!body_->chunks[at.chunk]) body_->chunks[at.chunk] = std::make_unique<Value[]>(Body::chunk_size(at.chunk));
    Value& added = body_->chunks[at.chunk][at.offset];
    added = {std::string(text), std::string(folded), id};
    insert(by_text_, hash_of_text(added), hash_of_text);
    insert(by_folded_, hash_of_folded(added), hash_of_folded);
    insert(by_id_, hash_of_id(added), hash_of_id);
    body_->size = size_ + 1;
    return size_++;
}

std::size_t FacetDictionary::bytes() const {
    std::size_t bytes = sizeof(Body) + (by_text_->slots() + by_folded_->slots() + by_id_->slots()) * 8;
    // Counted by this copy's size: body_->size belongs to the builder's thread.
    for (std::size_t chunk = 0, left = size_; left > 0; ++chunk) {
        const std::size_t values = Body::chunk_size(chunk);
        bytes += values * sizeof(Value);
        left -= std::min(left, values);
    }
    for (std::uint32_t ordinal = 0; ordinal < size_; ++ordinal) {
        const Value& each = value(ordinal);
        for (const std::string* text : {&each.text, &each.folded}) {
            if (text->capacity() >= sizeof(std::string) / 2) bytes += text->capacity() + 1;  // outside the object
        }
    }
    return bytes;
}

}  // namespace penchant
