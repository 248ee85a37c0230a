// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/credit.h"

#include "plugin/varint.h"

#include <algorithm>
#include <string>

namespace penchant {
namespace {

constexpr std::size_t record_cache_bytes = std::size_t{16} << 20U;

void settle(std::vector<FacetValueId>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// Tags are a facet only for those who ask for it; all other facet attributes are credited, and who reads a profile
/// decides which count. What only makes groups is no facet.
bool credited(const Snapshot& snapshot, std::size_t attribute) {
    const auto& listed = snapshot.settings->attributes_for_faceting;
    if (attribute < listed.size() && listed[attribute].internal) return false;
    return snapshot.columns.facet_path(attribute) != Columns::tags_path ||
           snapshot.settings->facet(Columns::tags_path) != nullptr;
}

Credit credit_record(const Snapshot& snapshot, Ordinal ordinal) {
    Credit credit;
    const Columns& columns = snapshot.columns;
    for (std::size_t attribute = 0; attribute < columns.facet_attributes(); ++attribute) {
        if (!credited(snapshot, attribute)) continue;
        const FacetDictionary& dictionary = columns.dictionary(attribute);
        columns.for_each_value(attribute, ordinal,
                               [&](std::uint32_t value) { credit.values.push_back(dictionary.value(value).id); });
    }
    settle(credit.values);
    return credit;
}

// Only pairs that the catalog has get credit, so that strangers cannot make the dictionary of values grow.
Credit credit_filters(const Snapshot& snapshot, std::span<const std::string> filters) {
    Credit credit;
    for (const std::string& filter : filters) {
        bool known = false;
        // A path may itself hold a colon, so each split that gives a facet attribute is tried.
        for (std::size_t colon = filter.find(':'); colon != std::string::npos && !known; colon = filter.find(':', colon + 1)) {
            const auto attribute = snapshot.columns.find_facet(std::string_view(filter).substr(0, colon));
            if (!attribute || !credited(snapshot, *attribute)) continue;
            const FacetDictionary& dictionary = snapshot.columns.dictionary(*attribute);
            if (const auto value = dictionary.find(std::string_view(filter).substr(colon + 1))) {
                credit.values.push_back(dictionary.value(*value).id);
                known = true;
            }
        }
        if (!known) credit.note = CreditNote::unknown_value;
    }
    settle(credit.values);
    return credit;
}

std::string encode(std::uint64_t generation, const std::vector<FacetValueId>& values) {
    std::string bytes;
    append_varint(bytes, generation);
    append_varint(bytes, values.size());
    for (const FacetValueId value : values) append_varint(bytes, value);
    return bytes;
}

}  // namespace

std::string_view text_of(CreditNote note) {
    switch (note) {
        case CreditNote::none: return "none";
        case CreditNote::unknown_index: return "unknown_index";
        case CreditNote::unknown_object: return "unknown_object";
        case CreditNote::unknown_value: return "unknown_value";
        case CreditNote::unavailable: return "unavailable";
    }
    return {};
}

double share_of_record(EventType type, std::size_t records) {
    return type == EventType::view && records > 1 ? 1 / static_cast<double>(records) : 1;
}

bool EventCredits::complete() const {
    return std::all_of(credits.begin(), credits.end(), [](const Credit& credit) { return credit.note == CreditNote::none; });
}

CatalogCredits::CatalogCredits(const Catalog& catalog, NameTable& indices)
    : catalog_(catalog), indices_(indices), records_(record_cache_bytes) {}

Credit CatalogCredits::credit_object(std::string_view index, std::shared_ptr<const Snapshot>& snapshot,
                                     std::string_view object_id) {
    std::string key(index);
    key.push_back('\0');
    key += object_id;
    if (std::string bytes; records_.find(key, bytes)) {
        ByteReader reader{bytes};
        if (reader.varint() == snapshot->generation) {
            Credit credit;
            credit.values.resize(static_cast<std::size_t>(reader.varint()));
            for (FacetValueId& value : credit.values) value = static_cast<FacetValueId>(reader.varint());
            return credit;
        }
    }
    // The index may move on while we look; its new snapshot then knows.
    for (int tries = 0; tries < 3; ++tries) {
        const auto ordinal = catalog_.find_object(index, *snapshot, object_id);
        if (ordinal.has_value()) {
            if (!*ordinal) return {CreditNote::unknown_object, {}};
            Credit credit = credit_record(*snapshot, **ordinal);
            records_.put(key, encode(snapshot->generation, credit.values));
            return credit;
        }
        if (ordinal.error().code != Errc::stale_snapshot) break;
        auto current = catalog_.snapshot(index);
        if (!current) return {CreditNote::unknown_index, {}};
        snapshot = std::move(current);
    }
    return {CreditNote::unavailable, {}};
}

std::vector<EventCredits> CatalogCredits::credits(std::span<const Event> events) {
    std::vector<EventCredits> all(events.size());
    std::string_view index;
    std::shared_ptr<const Snapshot> snapshot;
    std::optional<std::uint32_t> number;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        if (event.index != index) {  // events of one call mostly name one index
            index = event.index;
            snapshot = catalog_.snapshot(index);
            number.reset();
            if (snapshot)
                if (const auto found = indices_.number(index); found.has_value()) number = *found;
        }
        EventCredits& out = all[i];
        const std::size_t count = event.object_ids.empty() ? 1 : event.object_ids.size();
        if (!snapshot || !number) {
            out.credits.assign(count, Credit{snapshot ? CreditNote::unavailable : CreditNote::unknown_index, {}});
            continue;
        }
        out.index = number;
        out.credits.reserve(count);
        if (event.object_ids.empty()) out.credits.push_back(credit_filters(*snapshot, event.filters));
        for (const std::string& object_id : event.object_ids) out.credits.push_back(credit_object(index, snapshot, object_id));
    }
    return all;
}

}  // namespace penchant
