// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language/compounds.h"

#include "engine/language/word_list.h"
#include "engine/vocabulary.h"
#include "index/limits.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace penchant::language {
namespace {

constexpr std::size_t part_letters_min = 3;
constexpr std::size_t parts_max = 3;
constexpr std::size_t word_bytes_max = 48;   // longer words stay whole
constexpr std::size_t splits_kept_max = 64;  // before the best are chosen

// What stands between two parts, and what the first part loses there ("Schule" in "Schultasche").
struct Links {
    std::string_view code;
    std::string_view inserted;
    std::string_view dropped;
};
constexpr Links all_links[] = {
    {"da", "s e er en", ""},     {"de", "s es n en er e ens ns", "e en"}, {"fi", "n en", ""},
    {"nb", "s e", ""},           {"nl", "s e en er", ""},                 {"sv", "s", "a e"},
};

bool begins_inside(std::string_view word, std::size_t at) {  // never inside a UTF-8 character
    return (static_cast<unsigned char>(word[at]) & 0xC0U) == 0x80U;
}

}  // namespace

struct Splits::Search {
    Splits& splits;
    const Links& links;
    const std::function<bool(std::string_view)>& is_stop_word;
    std::vector<std::string> parts{};

    [[nodiscard]] bool is_part(std::string_view text) const {
        return text.size() >= part_letters_min && splits.vocabulary_.has(text) && !is_stop_word(text);
    }

    // Calls visit(part) for each word that the first `end` letters of `rest` may stand for.
    template <class Visit>
    void for_each_first(std::string_view rest, std::size_t end, Visit&& visit) {
        std::string longer;
        const auto visit_part = [&](std::string_view part) {
            if (part.size() < part_letters_min) return;
            if (is_part(part)) visit(part);
            for_each_piece(links.dropped, [&](std::string_view dropped) {
                longer.assign(part).append(dropped);
                if (is_part(longer)) visit(std::string_view{longer});
            });
        };
        const std::string_view text = rest.substr(0, end);
        visit_part(text);
        for_each_piece(links.inserted, [&](std::string_view link) {
            if (text.size() > link.size() && text.substr(text.size() - link.size()) == link) {
                visit_part(text.substr(0, text.size() - link.size()));
            }
        });
    }

    void find(std::string_view rest, std::size_t parts_left) {
        for (std::size_t end = part_letters_min; end + part_letters_min <= rest.size(); ++end) {
            if (begins_inside(rest, end)) continue;
            const std::string_view behind = rest.substr(end);
            if (parts_left == 2 && !is_part(behind)) continue;
            for_each_first(rest, end, [&](std::string_view part) {
                if (splits.splits_.size() >= splits_kept_max) return;
                parts.emplace_back(part);
                if (parts_left == 2) {
                    parts.emplace_back(behind);
                    splits.keep(parts, false);
                    parts.pop_back();
                } else {
                    find(behind, parts_left - 1);
                }
                parts.pop_back();
            });
        }
    }
};

void Splits::add(std::string_view code, const std::function<bool(std::string_view)>& is_stop_word) {
    const auto* const links =
        std::find_if(std::begin(all_links), std::end(all_links), [&](const Links& each) { return each.code == code; });
    if (links == std::end(all_links) || word_.size() > word_bytes_max) return;
    const std::size_t before = splits_.size();
    Search search{*this, *links, is_stop_word};
    for (std::size_t parts = 2; parts <= parts_max && splits_.size() == before; ++parts) search.find(word_, parts);
}

void Splits::add_own(const std::vector<std::string>& parts) {
    if (parts.size() < 2) return;
    if (std::all_of(parts.begin(), parts.end(), [&](const std::string& part) { return vocabulary_.has(part); })) {
        keep(parts, true);
    }
}

void Splits::keep(std::vector<std::string> parts, bool own) {
    if (std::any_of(splits_.begin(), splits_.end(), [&](const Split& split) { return split.parts == parts; })) return;
    std::size_t postings_min = std::numeric_limits<std::size_t>::max();
    for (const std::string& part : parts) postings_min = std::min(postings_min, vocabulary_.postings(part));
    splits_.push_back({std::move(parts), own, postings_min});
}

std::vector<std::vector<std::string>> Splits::take() && {
    std::stable_sort(splits_.begin(), splits_.end(), [](const Split& a, const Split& b) {
        if (a.own != b.own) return a.own;
        if (a.parts.size() != b.parts.size()) return a.parts.size() < b.parts.size();
        return a.postings_min > b.postings_min;
    });
    std::vector<std::vector<std::string>> result;
    for (Split& split : splits_) {
        if (result.size() == limits::compound_splits_max) break;
        result.push_back(std::move(split.parts));
    }
    return result;
}

}  // namespace penchant::language
