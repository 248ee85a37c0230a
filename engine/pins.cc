// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/pins.h"

#include <algorithm>
#include <set>

namespace penchant {

std::string Pins::normalized() const {
    std::string text;
    for (const PinGroup& group : promoted) {
        text += std::to_string(group.position);
        text += group.filtered ? '?' : '@';
        for (const Ordinal record : group.records) text += std::to_string(record) + ',';
    }
    text += '-';
    for (const Ordinal record : hidden) text += std::to_string(record) + ',';
    return text;
}

std::vector<PinnedPlace> wanted_places(std::span<const PinGroup> groups) {
    std::vector<PinnedPlace> places;
    std::set<std::uint64_t> taken;
    for (const PinGroup& group : groups) {
        std::uint64_t place = group.position;
        for (const Ordinal record : group.records) {
            while (!taken.insert(place).second) ++place;
            places.push_back({record, place++});
        }
    }
    std::sort(places.begin(), places.end(), [](const PinnedPlace& a, const PinnedPlace& b) { return a.place < b.place; });
    return places;
}

PinnedOrder::PinnedOrder(std::vector<PinnedPlace> wanted, std::uint64_t others)
    : pinned_(std::move(wanted)), others_(others) {
    for (std::size_t i = 0; i < pinned_.size(); ++i) pinned_[i].place = std::min(pinned_[i].place, others_ + i);
}

PageCut PinnedOrder::others_cut(PageCut cut) const {
    const auto pinned_before = [&](std::uint64_t place) {
        return static_cast<std::uint64_t>(
            std::partition_point(pinned_.begin(), pinned_.end(), [&](const PinnedPlace& pin) { return pin.place < place; }) -
            pinned_.begin());
    };
    const std::uint64_t begin = std::min<std::uint64_t>(cut.offset, size());
    const std::uint64_t end = std::min<std::uint64_t>(begin + cut.length, size());
    const std::uint64_t first = begin - pinned_before(begin);
    return {first, end - pinned_before(end) - first};
}

std::vector<Ordinal> PinnedOrder::places(PageCut cut) const {
    const std::uint64_t begin = std::min<std::uint64_t>(cut.offset, size());
    const std::uint64_t end = std::min<std::uint64_t>(begin + cut.length, size());
    std::vector<Ordinal> places(end - begin, none);
    for (const PinnedPlace& pin : pinned_)
        if (pin.place >= begin && pin.place < end) places[pin.place - begin] = pin.ordinal;
    return places;
}

}  // namespace penchant
