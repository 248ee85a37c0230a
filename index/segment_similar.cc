// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words that are close to what was typed. The sorted words are walked as the trie they are: words that share a
// beginning lie side by side and share the rows of the table of distances for it. A node whose row has nothing
// left to spend is not searched letter by letter; only the few letters that go on without a further edit are looked for.
#include "index/character_table.h"
#include "index/error.h"
#include "index/fuzzy.h"
#include "index/segment_body.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace penchant {

namespace {

constexpr std::uint8_t far_away = 100;

/// The UTF-8 of one letter.
struct Letter {
    std::array<char, 4> bytes{};
    std::size_t size = 0;
    [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

Letter letter_of(char32_t point) {
    Letter letter;
    const auto put = [&](char32_t byte) { letter.bytes[letter.size++] = static_cast<char>(byte); };
    if (point < 0x80) put(point);
    else if (point < 0x800) put(0xC0 | (point >> 6U)), put(0x80 | (point & 0x3FU));
    else if (point < 0x10000) put(0xE0 | (point >> 12U)), put(0x80 | ((point >> 6U) & 0x3FU)), put(0x80 | (point & 0x3FU));
    else if (point < 0x110000)
        put(0xF0 | (point >> 18U)), put(0x80 | ((point >> 12U) & 0x3FU)), put(0x80 | ((point >> 6U) & 0x3FU)),
            put(0x80 | (point & 0x3FU));
    return letter;  // empty for what was not UTF-8: it is looked for nowhere
}

class Walk {
public:
    Walk(const Segment::Body& body, const FuzzyPattern& pattern, std::vector<SimilarWord>& found)
        : body_(body), words_(body.words), typed_(pattern.typed()), prefix_(pattern.prefix()), found_(found),
          width_(typed_.size() + 2), rows_(width_ * (typed_.size() + typo_edits_max + 2)), path_(typed_.size() + typo_edits_max + 2) {
        letters_.reserve(typed_.size());
        for (const char32_t point : typed_) letters_.push_back(letter_of(point));
        for (std::size_t i = 0; i < width_; ++i) rows_[i] = static_cast<std::uint8_t>(std::min<std::size_t>(i, far_away));
    }

    void run(unsigned typos_max) {
        const unsigned edits_max = std::min<unsigned>(typos_max, typo_edits_max);
        // Whoever begins with another letter pays one more for it.
        std::uint32_t own_begin = words_.size();
        std::uint32_t own_end = own_begin;
        if (letters_.front().size > 0) {
            own_begin = seek(0, words_.size(), 0, letters_.front());
            own_end = end_of_letter(own_begin, words_.size(), 0, letters_.front().text());
        }
        if (typos_max > 1) visit_children(0, own_begin, 0, 0, typos_max - 1, 1);
        if (own_begin < own_end) visit_child(own_begin, own_end, letters_.front().size, typed_.front(), 1, edits_max, 0);
        if (typos_max > 1) visit_children(own_end, words_.size(), 0, 0, typos_max - 1, 1);
    }

private:
    /// Words first to last share their first `bytes` bytes, which are `letters` letters.
    void visit(std::uint32_t first, std::uint32_t last, std::size_t bytes, std::size_t letters, unsigned edits_max,
               std::uint8_t surcharge, std::uint8_t least) {
        const std::uint8_t* const row = rows_.data() + letters * width_;
        const bool in_reach = typed_.size() <= letters + edits_max && letters <= typed_.size() + edits_max;
        const unsigned edits = in_reach ? row[typed_.size()] : far_away;
        if (prefix_) {
            if (edits <= edits_max) {
                report(first, last, words_.word(first).substr(0, bytes), edits + surcharge);
                // Of what is longer only what is cheaper is of interest.
                if (edits == 0) return;
                edits_max = edits - 1;
                if (least > edits_max) return;
            }
        } else if (words_.word(first).size() == bytes) {
            if (edits <= edits_max) report(first, first + 1, words_.word(first), edits + surcharge);
            ++first;
        }
        if (first >= last) return;
        if (least < edits_max) {
            visit_children(first, last, bytes, letters, edits_max, surcharge);
            return;
        }
        // Nothing may be spent any more: a letter that goes on is one that was typed here.
        std::array<std::size_t, 2 * typo_edits_max + 1> next{};  // indices into typed_
        std::size_t count = 0;
        const std::size_t from = letters > edits_max ? letters - edits_max : 0;
        for (std::size_t i = from; i < typed_.size() && i <= letters + edits_max; ++i) {
            if (row[i] > edits_max || letters_[i].size == 0) continue;
            std::size_t at = count;
            while (at > 0 && typed_[next[at - 1]] > typed_[i]) --at;
            if (at > 0 && typed_[next[at - 1]] == typed_[i]) continue;
            for (std::size_t move = count++; move > at; --move) next[move] = next[move - 1];
            next[at] = i;
        }
        for (std::size_t n = 0; n < count && first < last; ++n) {
            const Letter& letter = letters_[next[n]];
            first = seek(first, last, bytes, letter);
            const std::uint32_t end = end_of_letter(first, last, bytes, letter.text());
            if (first == end) continue;
            visit_child(first, end, bytes + letter.size, typed_[next[n]], letters + 1, edits_max, surcharge);
            first = end;
        }
    }

    void visit_children(std::uint32_t first, std::uint32_t last, std::size_t bytes, std::size_t letters, unsigned edits_max,
                        std::uint8_t surcharge) {
        while (first < last) {
            const std::string_view word = words_.word(first);
            if (word.size() == bytes) {  // nothing follows
                ++first;
                continue;
            }
            const DecodedCharacter letter = decode_character(word, bytes);
            const std::uint32_t end = end_of_letter(first, last, bytes, word.substr(bytes, letter.bytes));
            visit_child(first, end, bytes + letter.bytes, letter.code_point, letters + 1, edits_max, surcharge);
            first = end;
        }
    }

    /// `letter` is the last of the `letters` letters that words first to last share.
    void visit_child(std::uint32_t first, std::uint32_t last, std::size_t bytes, char32_t letter, std::size_t letters,
                     unsigned edits_max, std::uint8_t surcharge) {
        const std::uint8_t least = fill_row(letters, letter, edits_max);
        if (least > edits_max) return;
        path_[letters] = letter;
        visit(first, last, bytes, letters, edits_max, surcharge, least);
    }

    /// The row of the beginning that ends with `letter`, in a band as wide as edits allow, and the least number in it.
    std::uint8_t fill_row(std::size_t letters, char32_t letter, unsigned edits_max) {
        if (letters > typed_.size() + edits_max) return far_away;
        const std::size_t from = letters > edits_max ? letters - edits_max : 0;
        const std::size_t to = std::min(typed_.size(), letters + edits_max);
        std::uint8_t* const row = rows_.data() + letters * width_;
        const std::uint8_t* const above = row - width_;
        const char32_t letter_before = letters > 1 ? path_[letters - 1] : no_character;
        std::uint8_t least = far_away;
        std::uint8_t left = far_away;
        for (std::size_t i = from; i <= to; ++i) {
            std::uint8_t value = static_cast<std::uint8_t>(std::min(left, above[i]) + 1);
            if (i > 0) {
                const bool match = typed_[i - 1] == letter && letter != no_character;
                value = std::min(value, static_cast<std::uint8_t>(above[i - 1] + (match ? 0 : 1)));
                if (i > 1 && letters > 1 && typed_[i - 2] == letter && letter != no_character &&
                    typed_[i - 1] == letter_before && letter_before != no_character) {
                    value = std::min(value, static_cast<std::uint8_t>(*(above - width_ + i - 2) + 1));
                }
            }
            row[i] = left = value;
            least = std::min(least, value);
        }
        if (to + 1 < width_) row[to + 1] = far_away;
        return least;
    }

    void report(std::uint32_t first, std::uint32_t last, std::string_view word, unsigned typos) {
        if (typos == 0) return;
        found_.push_back({std::string(word), static_cast<std::uint8_t>(typos), prefix_,
                          body_.list_begins[last] - body_.list_begins[first]});
    }

    /// The first word in [first, last) whose letter at `bytes` is not below `letter`.
    [[nodiscard]] std::uint32_t seek(std::uint32_t first, std::uint32_t last, std::size_t bytes, const Letter& letter) const {
        return gallop(first, last, [&](std::string_view word) { return word.substr(bytes) < letter.text(); });
    }
    /// The first word in [first, last) that has not `letter` at `bytes`; those that have it come first.
    [[nodiscard]] std::uint32_t end_of_letter(std::uint32_t first, std::uint32_t last, std::size_t bytes,
                                              std::string_view letter) const {
        return gallop(first, last, [&](std::string_view word) {
            return word.size() >= bytes + letter.size() && std::memcmp(word.data() + bytes, letter.data(), letter.size()) == 0;
        });
    }
    template <class Before>
    [[nodiscard]] std::uint32_t gallop(std::uint32_t first, std::uint32_t last, Before&& before) const {
        if (first == last || !before(words_.word(first))) return first;
        std::uint32_t step = 1;
        while (step < last - first && before(words_.word(first + step))) {
            first += step;
            step *= 2;
        }
        std::uint32_t high = std::min(last - first, step) + first;
        while (high - first > 1) {
            const std::uint32_t middle = first + (high - first) / 2;
            if (before(words_.word(middle))) first = middle;
            else high = middle;
        }
        return high;
    }

    const Segment::Body& body_;
    const WordTable& words_;
    const std::u32string& typed_;
    const bool prefix_;
    std::vector<SimilarWord>& found_;
    std::vector<Letter> letters_;  ///< typed_ as UTF-8
    std::size_t width_;
    std::vector<std::uint8_t> rows_;  ///< row `letters` begins at letters * width_
    std::vector<char32_t> path_;      ///< path_[letters] is the last letter of a beginning of so many letters
};

}  // namespace

void Segment::find_similar(const FuzzyPattern& pattern, std::vector<SimilarWord>& found) const {
    if (pattern.typed().empty() || pattern.typed().size() >= std::size_t{far_away} - typo_edits_max - 1) return;
    Walk(*body_, pattern, found).run(pattern.typos_max());
}

}  // namespace penchant
