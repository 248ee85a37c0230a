// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distinct.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace penchant {
namespace {

// How far into the order the first look goes, and how much further each next one: a page of twenty groups is mostly within
// the first few hundred records, and should the records of one group crowd the top, looking again costs little
// beside the last look.
constexpr std::size_t first_look = 256;
constexpr std::size_t records_a_group = 4;
constexpr std::size_t further = 4;

}  // namespace

std::optional<Grouping> Grouping::of(const Snapshot& snapshot) {
    if (snapshot.settings->attribute_for_distinct.empty()) return std::nullopt;
    const auto attribute = snapshot.columns.find_facet(snapshot.settings->attribute_for_distinct);
    if (!attribute) return std::nullopt;
    return Grouping(snapshot.columns, *attribute);
}

std::uint32_t Grouping::group(Ordinal ordinal) const {
    std::uint32_t group = alone;
    columns_->for_each_value(attribute_, ordinal, [&](std::uint32_t value) {
        if (group == alone) group = value;
    });
    return group;
}

std::uint64_t Grouping::count(std::span<const Ordinal> ordinals) const {
    thread_local std::vector<std::uint64_t> seen;  // one bit a group
    seen.assign(groups() / 64 + 1, 0);
    std::uint64_t count = 0;
    for (const Ordinal ordinal : ordinals) {
        const std::uint32_t number = group(ordinal);
        if (number == alone) {
            ++count;
            continue;
        }
        const std::uint64_t bit = std::uint64_t{1} << (number % 64);
        if ((seen[number / 64] & bit) == 0) ++count;
        seen[number / 64] |= bit;
    }
    return count;
}

std::vector<Ordinal> Grouping::best_of_each(const Matches& matches, std::span<const std::uint32_t> custom_rank) const {
    constexpr std::uint32_t nobody = 0xFFFFFFFFU;
    thread_local std::vector<std::uint32_t> best;  // by group: a place in matches
    best.assign(groups(), nobody);
    const auto better = [&](std::uint32_t a, std::uint32_t b) {  // a stands behind b in the ordinals
        if (matches.key(a) != matches.key(b)) return matches.key(a) < matches.key(b);
        return !custom_rank.empty() && custom_rank[matches.ordinals[a]] < custom_rank[matches.ordinals[b]];
    };
    std::vector<Ordinal> ordinals;
    for (std::uint32_t i = 0; i < matches.ordinals.size(); ++i) {
        const std::uint32_t number = group(matches.ordinals[i]);
        if (number == alone) ordinals.push_back(matches.ordinals[i]);
        else if (best[number] == nobody || better(i, best[number])) best[number] = i;
    }
    for (const std::uint32_t place : best)
        if (place != nobody) ordinals.push_back(matches.ordinals[place]);
    std::sort(ordinals.begin(), ordinals.end());
    return ordinals;
}

std::vector<Ordinal> Grouping::without_groups_of(std::span<const Ordinal> ordinals, const Matches& matches,
                                                 Matches& rest) const {
    std::unordered_set<std::uint32_t> gone;
    for (const Ordinal ordinal : ordinals)
        if (const std::uint32_t number = group(ordinal); number != alone) gone.insert(number);
    rest.ordinals.clear();
    rest.keys.clear();
    std::vector<Ordinal> away;
    for (std::size_t i = 0; i < matches.ordinals.size(); ++i) {
        const Ordinal ordinal = matches.ordinals[i];
        if (gone.count(group(ordinal)) != 0) {
            away.push_back(ordinal);
            continue;
        }
        rest.ordinals.push_back(ordinal);
        if (!matches.keys.empty()) rest.keys.push_back(matches.keys[i]);
    }
    return away;
}

// How many of `ordinals` are in each of `groups`.
std::vector<std::size_t> Grouping::sizes(std::span<const Ordinal> ordinals, std::span<const std::uint32_t> wanted) const {
    thread_local std::vector<std::uint32_t> places;  // by group: where it stands in `wanted`, plus one
    places.assign(groups(), 0);
    std::vector<std::size_t> sizes(wanted.size(), 1);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == alone) continue;
        places[wanted[i]] = static_cast<std::uint32_t>(i + 1);
        sizes[i] = 0;
    }
    for (const Ordinal ordinal : ordinals) {
        const std::uint32_t number = group(ordinal);
        if (number != alone && places[number] != 0) ++sizes[places[number] - 1];
    }
    return sizes;
}

// Gives the groups of the page all their hits; each has one already.
void Grouping::complete(std::vector<PageGroup>& page, const Matches& matches, std::size_t records_max,
                        const RankMembers& rank_members) const {
    thread_local std::vector<std::uint64_t> wanted;  // one bit a group
    wanted.assign(groups() / 64 + 1, 0);
    std::unordered_map<std::uint32_t, PageGroup*> page_groups;
    for (PageGroup& shown : page) {
        if (shown.group == alone) continue;
        wanted[shown.group / 64] |= std::uint64_t{1} << (shown.group % 64);
        page_groups[shown.group] = &shown;
        shown.hits.clear();
    }
    std::vector<std::uint32_t> members;
    for (std::uint32_t i = 0; i < matches.ordinals.size(); ++i) {
        const std::uint32_t number = group(matches.ordinals[i]);
        if (number != alone && ((wanted[number / 64] >> (number % 64)) & 1U) != 0) members.push_back(i);
    }
    for (const RankedHit& hit : rank_members(members)) {
        std::vector<RankedHit>& hits = page_groups[group(hit.ordinal)]->hits;
        if (hits.size() == records_max) continue;
        hits.push_back(hit);
        hits.back().distinct_place = static_cast<std::uint32_t>(hits.size() - 1);
    }
}

std::vector<RankedHit> Grouping::page(const Matches& matches, std::uint64_t count, std::size_t records_max, PageCut cut,
                                      const Rank& rank, const RankMembers& rank_members) const {
    if (cut.length == 0 || cut.offset >= count) return {};
    const std::size_t all = matches.ordinals.size();
    const std::size_t end = static_cast<std::size_t>(std::min<std::uint64_t>(count, cut.offset + cut.length));
    std::vector<PageGroup> page;
    std::vector<std::size_t> left;  // by group of the page: records it can have
    for (std::size_t look = std::max(first_look, end * records_a_group);; look *= further) {
        look = std::min(look, all);
        const std::vector<RankedHit> hits = rank({0, look});
        page.assign(end - cut.offset, {});
        std::unordered_map<std::uint32_t, std::size_t> places;
        std::size_t found = 0;
        for (const RankedHit& hit : hits) {
            const std::uint32_t number = group(hit.ordinal);
            std::size_t place = found;
            if (number != alone) place = places.emplace(number, found).first->second;
            if (place == found) ++found;
            if (place < cut.offset || place >= end) continue;
            PageGroup& shown = page[place - cut.offset];
            if (shown.hits.size() == records_max) continue;
            shown.group = number;
            shown.hits.push_back(hit);
            shown.hits.back().distinct_place = static_cast<std::uint32_t>(shown.hits.size() - 1);
        }
        if (look == all) break;
        if (found < end) continue;
        if (records_max == 1) break;
        // Which groups are on the page is certain now; whether each has all its records is not.
        if (rank_members) {
            complete(page, matches, records_max, rank_members);
            break;
        }
        if (left.empty()) {
            std::vector<std::uint32_t> numbers;
            for (const PageGroup& shown : page) numbers.push_back(shown.group);
            left = sizes(matches.ordinals, numbers);
        }
        const auto complete = [&](std::size_t i) { return page[i].hits.size() == std::min(records_max, left[i]); };
        std::size_t i = 0;
        while (i < page.size() && complete(i)) ++i;
        if (i == page.size()) break;
    }
    std::vector<RankedHit> result;
    for (const PageGroup& shown : page) result.insert(result.end(), shown.hits.begin(), shown.hits.end());
    return result;
}

}  // namespace penchant
