// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/strictness.h"

#include <algorithm>
#include <bit>

namespace penchant {
namespace {

constexpr std::uint64_t behind = std::uint64_t{1} << 63U;  // of keys that are not in the sorted part
constexpr unsigned rank_bits = 32;                          // filters score in fewer than 31

}  // namespace

void apply_strictness(Matches& matches, const KeyLayout& layout, std::uint32_t strictness,
                      std::span<const std::uint32_t> custom_rank) {
    if (custom_rank.empty() && matches.keys.empty()) return;  // one bucket
    matches.keys.resize(matches.ordinals.size());
    std::uint64_t scores = 0;          // the bits of a key that say what filters scored
    unsigned shift = 0;
    for (const KeyLayout::Field& field : layout.fields()) {
        if (field.part != KeyLayout::Part::filters) continue;
        const auto width = static_cast<unsigned>(std::bit_width(field.value_max >> field.dropped_bits));
        scores = ((std::uint64_t{1} << width) - 1) << field.shift;
        shift = field.shift;
    }
    if (matches.ordinals.empty()) return;
    const std::uint64_t count = matches.keys.size();
    const std::uint64_t wanted = std::max<std::uint64_t>(1, count - count * strictness / 100);
    std::vector<std::uint64_t> textual;
    textual.reserve(count);
    std::uint64_t used = 0;
    for (const std::uint64_t key : matches.keys) {
        textual.push_back(key & ~scores);
        used |= key;
    }
    const auto border = textual.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
    std::nth_element(textual.begin(), border, textual.end());
    const std::uint64_t last = *border;
    const unsigned room = (used & behind) != 0 ? 1 : 0;  // a key of all 64 bits gives up its last one
    for (std::size_t i = 0; i < matches.keys.size(); ++i) {
        std::uint64_t& key = matches.keys[i];
        const std::uint64_t rank = custom_rank.empty() ? 0 : custom_rank[matches.ordinals[i]];
        key = (key & ~scores) <= last ? ((key & scores) >> shift) << rank_bits | rank : behind | (key >> room);
    }
}

std::uint64_t sorted_records(const Matches& matches) {
    if (matches.keys.empty()) return matches.ordinals.size();
    return static_cast<std::uint64_t>(
        std::count_if(matches.keys.begin(), matches.keys.end(), [](std::uint64_t key) { return (key & behind) == 0; }));
}

}  // namespace penchant
