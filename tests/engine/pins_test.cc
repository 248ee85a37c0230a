// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/pins.h"

#include "tests/catch.h"

#include <random>
#include <string>

using namespace penchant;

namespace {

/// The cut as text: a letter for a pinned record (its ordinal from 'A'), numbers for the others.
std::string shown(const PinnedOrder& order, PageCut cut) {
    std::string text;
    std::size_t other = order.others_cut(cut).offset;
    for (const Ordinal ordinal : order.places(cut)) {
        if (!text.empty()) text += ' ';
        text += ordinal == PinnedOrder::none ? std::to_string(other++) : std::string(1, static_cast<char>('A' + ordinal));
    }
    return text;
}

std::string whole(const std::vector<PinGroup>& groups, std::uint64_t others) {
    const PinnedOrder order(wanted_places(groups), others);
    return shown(order, {0, order.size()});
}

}  // namespace

TEST_CASE("pinned records stand at their places, the others fill the rest in their order") {
    CHECK(whole({{{0}, 0, false}}, 3) == "A 0 1 2");
    CHECK(whole({{{0}, 2, false}}, 3) == "0 1 A 2");
    CHECK(whole({{{0, 1}, 1, false}}, 3) == "0 A B 1 2");
    CHECK(whole({{{0}, 3, false}, {{1}, 1, false}}, 4) == "0 B 1 A 2 3");
    CHECK(whole({}, 2) == "0 1");
}

TEST_CASE("who wants a place that is taken gets the next one") {
    CHECK(whole({{{0}, 1, false}, {{1}, 1, false}}, 3) == "0 A B 1 2");
    CHECK(whole({{{0}, 1, false}, {{1, 2}, 0, false}}, 3) == "B A C 0 1 2");  // the more specific rule's A keeps its place
    CHECK(whole({{{0, 1, 2}, 0, false}, {{3}, 1, false}}, 1) == "A B C D 0");
}

TEST_CASE("places past the last record leave no gap") {
    CHECK(whole({{{0}, 9, false}}, 2) == "0 1 A");
    CHECK(whole({{{0}, 9, false}, {{1}, 4, false}}, 2) == "0 1 B A");
    CHECK(whole({{{0}, 5, false}, {{1}, 0, false}}, 0) == "B A");
}

TEST_CASE("every page of every size is a cut of the same order") {
    std::mt19937 random(7);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    for (int round = 0; round < 300; ++round) {
        std::vector<PinGroup> groups;
        Ordinal next = 0;
        for (unsigned g = below(5); g > 0; --g) {
            PinGroup group{{}, below(12), false};
            for (unsigned r = 1 + below(3); r > 0; --r) group.records.push_back(next++);
            groups.push_back(std::move(group));
        }
        const std::uint64_t others = below(15);
        const PinnedOrder order(wanted_places(groups), others);
        REQUIRE(order.size() == others + next);
        const std::string all = shown(order, {0, order.size()});
        for (std::size_t size = 1; size <= order.size() + 1; ++size) {
            std::string pages;
            std::size_t others_seen = 0;
            for (std::size_t offset = 0; offset < order.size() + size; offset += size) {
                const std::string page = shown(order, {offset, size});
                if (!pages.empty() && !page.empty()) pages += ' ';
                pages += page;
                const PageCut cut = order.others_cut({offset, size});
                if (cut.length != 0) CHECK(cut.offset == others_seen);
                others_seen += cut.length;
            }
            CHECK(pages == all);
            CHECK(others_seen == others);
        }
    }
}
