// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/vocabulary.h"

#include <algorithm>
#include <map>
#include <string>

namespace penchant {

bool Vocabulary::has(std::string_view word) const {
    return std::any_of(snapshot_->segments.begin(), snapshot_->segments.end(),
                       [&](const auto& segment) { return segment->word(word).size() != 0; });
}

std::size_t Vocabulary::postings(std::string_view word) const {
    std::size_t count = 0;
    for (const auto& segment : snapshot_->segments) count += segment->word(word).size();
    return count;
}

void Vocabulary::for_each_word(std::string_view prefix,
                               const std::function<bool(std::string_view, std::size_t)>& visit) const {
    if (snapshot_->segments.empty()) return;
    // The words of the small segments are few; those of the large one pass by and are merged with them.
    const auto largest = std::max_element(
        snapshot_->segments.begin(), snapshot_->segments.end(),
        [](const auto& a, const auto& b) { return a->words() < b->words(); });
    std::map<std::string, std::size_t, std::less<>> others;
    for (const auto& segment : snapshot_->segments) {
        if (segment == *largest) continue;
        segment->for_each_word(prefix, [&](std::string_view word, std::size_t postings) {
            others.emplace(word, 0).first->second += postings;
            return true;
        });
    }
    auto next = others.begin();
    bool more = true;
    (*largest)->for_each_word(prefix, [&](std::string_view word, std::size_t postings) {
        for (; more && next != others.end() && next->first < word; ++next) more = visit(next->first, next->second);
        if (!more) return false;
        if (next != others.end() && next->first == word) {
            postings += next->second;
            ++next;
        }
        more = visit(word, postings);
        return more;
    });
    for (; more && next != others.end(); ++next) more = visit(next->first, next->second);
}

}  // namespace penchant
