// SPDX-License-Identifier: GPL-3.0-or-later
//
// Forms of a word that the vocabulary has, made with the endings of inflection.h.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {
class Vocabulary;
}

namespace penchant::language {

/// Forms of one word found so far. One thread; borrows what it is made of.
class Forms {
public:
    Forms(std::string_view word, const Vocabulary& vocabulary) : word_{word}, vocabulary_{vocabulary} {}

    [[nodiscard]] std::string_view word() const { return word_; }
    [[nodiscard]] const std::vector<std::string>& found() const { return found_; }
    [[nodiscard]] bool full() const;

    /// Whether the vocabulary has it.
    [[nodiscard]] bool known(std::string_view candidate) const;
    /// Keeps `candidate` when it is another word, known, new, and there is room.
    void offer(std::string_view candidate);
    /// The same in two pieces; `accept` has the last word on what is known.
    template <class Accept>
    void offer(std::string_view stem, std::string_view ending, Accept&& accept) {
        buffer_.assign(stem).append(ending);
        if (is_new(buffer_) && accept(std::string_view{buffer_})) found_.push_back(buffer_);
    }
    /// Takes away those of `words` that were found after the first `from` ones.
    void remove(std::span<const std::string> words, std::size_t from);
    [[nodiscard]] std::vector<std::string> take() && { return std::move(found_); }

private:
    [[nodiscard]] bool is_new(std::string_view candidate) const;

    std::string_view word_;
    const Vocabulary& vocabulary_;
    std::vector<std::string> found_;
    std::string buffer_;
};

/// Adds what the tables of `code` make of the word; nothing for a language without tables.
void add_plurals(std::string_view code, Forms& forms);
void add_conjugations(std::string_view code, Forms& forms);

}  // namespace penchant::language
