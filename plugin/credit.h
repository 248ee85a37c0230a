// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an event says about facet values: for each of its records the values that record carries, for its filters the pairs they
// name. Found once, when the event comes, and kept with it, so that a replay credits what was credited then, also after
// the record has left the catalog.
#pragma once

#include "index/catalog.h"
#include "index/columns.h"
#include "plugin/blob_cache.h"
#include "plugin/event.h"
#include "plugin/name_table.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace penchant {

/// Why something in an event credits nothing (yet): a rebuild tries again.
enum class CreditNote : std::uint8_t { none = 0, unknown_index = 1, unknown_object = 2, unknown_value = 3, unavailable = 4 };
inline constexpr std::size_t credit_notes = 5;
[[nodiscard]] std::string_view text_of(CreditNote note);

/// One record of an event, or all its filters together.
struct Credit {
    CreditNote note = CreditNote::none;
    std::vector<FacetValueId> values;  ///< ascending, each once
    friend bool operator==(const Credit&, const Credit&) = default;
};

struct EventCredits {
    std::optional<std::uint32_t> index;  ///< number of the event's index, when there was such an index
    std::vector<Credit> credits;
    [[nodiscard]] bool complete() const;
    friend bool operator==(const EventCredits&, const EventCredits&) = default;
};

/// How much of an event each of its records gets. A view of several records is a list that was shown, and no record in it was
/// looked at for long, so they share what one view is worth; whoever clicks on or buys several means each.
[[nodiscard]] double share_of_record(EventType type, std::size_t records);

/// Who knows what records carry. Any thread.
class CreditSource {
public:
    virtual ~CreditSource() = default;
    /// The credits of each event, in order.
    [[nodiscard]] virtual std::vector<EventCredits> credits(std::span<const Event> events) = 0;
};

/// The catalog's current snapshots, behind a small cache by record.
class CatalogCredits : public CreditSource {
public:
    CatalogCredits(const Catalog& catalog, NameTable& indices);
    [[nodiscard]] std::vector<EventCredits> credits(std::span<const Event> events) override;

private:
    [[nodiscard]] Credit credit_object(std::string_view index, std::shared_ptr<const Snapshot>& snapshot,
                                       std::string_view object_id);

    const Catalog& catalog_;
    NameTable& indices_;
    BlobCache records_;  ///< index NUL objectID -> generation, values
};

}  // namespace penchant
