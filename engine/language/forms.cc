// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language/forms.h"

#include "engine/language/inflection.h"
#include "engine/language/spelling.h"
#include "engine/language/word_list.h"
#include "engine/vocabulary.h"
#include "index/limits.h"
#include "index/stemmer.h"
#include "index/tokenizer.h"

#include <algorithm>
#include <map>
#include <utility>

namespace penchant::language {
namespace {

constexpr std::size_t letters_min = 2;  // shorter words have no forms
constexpr std::size_t word_bytes_max = 48;

bool ends_with(std::string_view word, std::string_view ending) {
    return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

std::string_view ending_of(std::string_view written) { return written == "-" ? std::string_view{} : written; }

bool fits_before(const Paradigm& paradigm, std::string_view stem) {
    if (stem.size() < paradigm.stem_letters_min) return false;
    if (paradigm.before.empty()) return true;
    if (stem.empty()) return false;
    const bool none_of = paradigm.before.front() == '^';
    const bool among = paradigm.before.find(stem.back(), none_of ? 1 : 0) != std::string_view::npos;
    return among != none_of;
}

bool is_listed(std::span<const std::string_view> sorted, std::string_view word) {
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

void add_irregular(std::span<const std::string_view> groups, Forms& forms) {
    for (const std::string_view group : groups) {
        bool is_in = false;
        for_each_piece(group, [&](std::string_view word) { is_in = is_in || word == forms.word(); });
        if (is_in) for_each_piece(group, [&](std::string_view word) { forms.offer(word); });
    }
}

struct Ending {
    std::string folded;
    std::string accented;  // as the stemmer wants it
    bool regular = false;
};

// The endings of a language's verbs, folded when a thread first needs them.
const std::vector<Ending>& verb_endings(std::string_view code, const Conjugation& conjugation) {
    thread_local std::map<std::string, std::vector<Ending>, std::less<>> endings;
    if (const auto known = endings.find(code); known != endings.end()) return known->second;
    const Tokenizer tokenizer;
    std::vector<Ending> made;
    for_each_piece(conjugation.endings, [&](std::string_view written) {
        const std::string_view ending = ending_of(written);
        bool regular = false;
        for_each_piece(conjugation.regular, [&](std::string_view each) { regular = regular || each == written; });
        made.push_back({tokenizer.fold(ending), std::string{ending}, regular});
    });
    return endings.emplace(code, std::move(made)).first->second;
}

}  // namespace

bool Forms::full() const { return found_.size() >= limits::word_variants_max; }

bool Forms::known(std::string_view candidate) const { return vocabulary_.has(candidate); }

bool Forms::is_new(std::string_view candidate) const {
    return !full() && candidate.size() >= letters_min && candidate != word_ && known(candidate) &&
           std::find(found_.begin(), found_.end(), candidate) == found_.end();
}

void Forms::offer(std::string_view candidate) {
    if (is_new(candidate)) found_.emplace_back(candidate);
}

void Forms::remove(std::span<const std::string> words, std::size_t from) {
    found_.erase(std::remove_if(found_.begin() + static_cast<std::ptrdiff_t>(from), found_.end(),
                                [&](const std::string& found) {
                                    return std::find(words.begin(), words.end(), found) != words.end();
                                }),
                 found_.end());
}

void add_plurals(std::string_view code, Forms& forms) {
    const Inflection* const rules = inflection(code);
    const std::string_view word = forms.word();
    if (rules == nullptr || word.size() < letters_min || word.size() > word_bytes_max) return;
    add_irregular(rules->irregular_plurals, forms);
    if (is_listed(rules->not_plurals, word)) return;
    const auto accept = [&](std::string_view candidate) { return !is_listed(rules->not_plurals, candidate); };
    const auto offer_all = [&](const Paradigm& paradigm, std::string_view stem, std::string_view but) {
        for_each_piece(paradigm.endings, [&](std::string_view written) {
            if (written != but) forms.offer(stem, ending_of(written), accept);
        });
    };
    for (const Paradigm& paradigm : rules->plurals) {
        for_each_piece(paradigm.endings, [&](std::string_view written) {
            const std::string_view ending = ending_of(written);
            if (!ends_with(word, ending)) return;
            const std::string_view stem = word.substr(0, word.size() - ending.size());
            if (!fits_before(paradigm, stem)) return;
            offer_all(paradigm, stem, written);
            for_each_spelling(code, stem, [&](std::string_view respelled) { offer_all(paradigm, respelled, {}); });
        });
    }
    if (code == "nl") for_each_dutch_number(word, [&](std::string_view candidate) { forms.offer(candidate, {}, accept); });
}

void add_conjugations(std::string_view code, Forms& forms) {
    const Inflection* const rules = inflection(code);
    const std::string_view word = forms.word();
    if (rules == nullptr || word.size() < letters_min || word.size() > word_bytes_max) return;
    add_irregular(rules->irregular_verbs, forms);
    const Conjugation& verbs = rules->conjugation;
    const std::vector<Ending>& endings = verb_endings(code, verbs);

    // Stems of the word: as it is, and with the accents that folding may have taken from its ending.
    std::vector<std::string> stems{stem(code, word)};
    std::vector<std::string> bases;
    std::string text;
    const auto add_base = [&](std::string_view base) {
        if (base.size() >= letters_min && std::find(bases.begin(), bases.end(), base) == bases.end()) bases.emplace_back(base);
    };
    for (const Ending& ending : endings) {
        if (!ends_with(word, ending.folded)) continue;
        const std::string_view base = word.substr(0, word.size() - ending.folded.size());
        add_base(base);
        if (ending.accented != ending.folded && base.size() >= letters_min) {
            stems.push_back(stem(code, text.assign(base).append(ending.accented)));
        }
    }
    if (code == "en") {  // "running", "run"
        for (std::size_t i = 0, count = bases.size(); i < count; ++i) {
            const std::string base = bases[i];
            const char last = base.back();
            if (base.size() > letters_min && base[base.size() - 2] == last) add_base(std::string_view{base}.substr(0, base.size() - 1));
            add_base(base + last);
        }
    }
    const auto is_stem = [&](const std::string& candidate) {
        return std::find(stems.begin(), stems.end(), candidate) != stems.end();
    };
    const auto is_verb = [&](std::string_view base) {
        bool found = false;
        for_each_piece(verbs.infinitives, [&](std::string_view infinitive) {
            text.assign(base).append(infinitive);
            found = found || text == word || forms.known(text);
        });
        return found;
    };
    for (const std::string& base : bases) {
        const bool regular = std::any_of(endings.begin(), endings.end(), [&](const Ending& ending) {
            return ending.regular && word.size() == base.size() + ending.folded.size() && ends_with(word, ending.folded);
        });
        const bool verb = regular && base.size() > letters_min && is_verb(base);
        for (const Ending& ending : endings) {
            forms.offer(base, ending.folded, [&](std::string_view candidate) {
                return (verb && ending.regular) || is_stem(stem(code, candidate)) ||
                       (ending.accented != ending.folded && is_stem(stem(code, base + ending.accented)));
            });
        }
    }
    if (verbs.participles_with_ge) {
        for_each_participle(word, verbs.infinitives, [&](std::string_view base, std::string_view candidate) {
            if (is_verb(base)) forms.offer(candidate);
        });
    }
}

}  // namespace penchant::language
