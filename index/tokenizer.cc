// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/tokenizer.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "index/character_table.h"
#include "index/error.h"
#include "index/limits.h"

namespace penchant {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

constexpr char ascii_separator = 0;
constexpr char not_ascii = 1;

// By byte: the folded form of an ASCII letter or digit, or one of the two above.
constexpr std::array<char, 256> ascii_words = [] {
    std::array<char, 256> table{};
    for (std::size_t i = 0; i < 256; ++i) {
        const auto byte = static_cast<char>(i < 128 ? i : 0);
        if (i >= 128) table[i] = not_ascii;
        else if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')) table[i] = byte;
        else if (byte >= 'A' && byte <= 'Z') table[i] = static_cast<char>(byte - 'A' + 'a');
        else table[i] = ascii_separator;
    }
    return table;
}();

char ascii_word(const std::array<char, 256>& words, char byte) { return words[static_cast<unsigned char>(byte)]; }
bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 128; });
}

const icu::Normalizer2& composition() {
    static const icu::Normalizer2* const found = [] {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(status);
        PENCHANT_ASSERT(U_SUCCESS(status));
        return normalizer;
    }();
    return *found;
}

std::string composed(std::string_view text) {
    std::string result;
    icu::StringByteSink<std::string> sink{&result};
    UErrorCode status = U_ZERO_ERROR;
    composition().normalizeUTF8(0, icu::StringPiece{text.data(), static_cast<int32_t>(text.size())}, sink, nullptr,
                                status);
    PENCHANT_ASSERT(U_SUCCESS(status));
    return result;
}

char32_t lower(char32_t point) {
    return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT));
}

// All code points of a text, bytes that are no UTF-8 left out.
std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> points;
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCharacter decoded = decode_character(text, at);
        if (decoded.code_point != no_character) points.push_back(decoded.code_point);
        at += decoded.bytes;
    }
    return points;
}

void sort_once(std::vector<char32_t>& points) {
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
}

// `bytes` of `text`, moved back to where a character begins.
std::size_t character_boundary(std::string_view text, std::size_t bytes) {
    if (bytes >= text.size()) return text.size();
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return bytes;
}

struct CloseBreaks {
    void operator()(UBreakIterator* breaks) const { ubrk_close(breaks); }
};

// Ends of the words in a run of Thai, Lao, Khmer or Burmese, as ICU's dictionaries cut it.
template <class Visit>
void for_each_dictionary_word(std::string_view run, Visit&& visit) {
    // Break iterators are dear to open, and belong to one thread.
    thread_local const std::unique_ptr<UBreakIterator, CloseBreaks> breaks = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<UBreakIterator, CloseBreaks>{ubrk_open(UBRK_WORD, "", nullptr, 0, &status)};
    }();
    UErrorCode status = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    utext_openUTF8(&text, run.data(), static_cast<int64_t>(run.size()), &status);
    if (breaks) ubrk_setUText(breaks.get(), &text, &status);
    if (!breaks || U_FAILURE(status)) {  // an ICU without its dictionaries: the run is one word
        utext_close(&text);
        visit(std::size_t{0}, run.size());
        return;
    }
    int32_t begin = ubrk_first(breaks.get());
    for (int32_t end = ubrk_next(breaks.get()); end != UBRK_DONE; begin = end, end = ubrk_next(breaks.get())) {
        visit(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    }
    utext_close(&text);
}

// Longer runs are cut here before they reach ICU, whose offsets are 32 bits and whose dictionary search remembers.
constexpr std::size_t dictionary_run_bytes_max = 4096;

}  // namespace

struct Tokenizer::Word {
    CharacterKind kind = CharacterKind::separator;
    char32_t first = no_character;
    std::size_t first_end = 0;  // behind the first character
    std::size_t end = 0;        // behind the last letter or mark
    std::size_t next = 0;       // behind ignorable characters, too
};

Tokenizer::Tokenizer(TokenizerOptions options) : ascii_words_{ascii_words} {
    for (const char32_t point : code_points(options.separators_to_index)) {
        const auto unicode = static_cast<UChar32>(point);
        if (character(point).kind != CharacterKind::separator || u_isUWhiteSpace(unicode) || u_iscntrl(unicode)) continue;
        if (point < 128) ascii_separators_[point] = true;
        else other_separators_.push_back(point);
    }
    sort_once(other_separators_);
    for (const char32_t point : code_points(composed(options.keep_diacritics_on_characters))) {
        kept_.push_back(lower(point));
    }
    sort_once(kept_);
    for (const auto& [from, to] : options.normalization) {
        const std::vector<char32_t> letters = code_points(composed(from));
        if (letters.size() != 1 || character(letters.front()).kind == CharacterKind::separator) continue;
        std::string becomes;
        const Tokenizer plain{TokenizerOptions{{}, options.keep_diacritics_on_characters, {}}};
        plain.tokenize(to, [&](const Token& token) { becomes += token.folded; });
        normalization_.emplace_back(lower(letters.front()), std::move(becomes));
    }
    std::stable_sort(normalization_.begin(), normalization_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [letter, becomes] : normalization_) {
        if (letter >= 128) continue;
        for (std::size_t byte = 0; byte < 128; ++byte) {
            if (lower(static_cast<char32_t>(byte)) == letter) ascii_words_[byte] = not_ascii;
        }
    }
}

const std::string* Tokenizer::normalized(char32_t code_point) const {
    const char32_t letter = lower(code_point);
    const auto found = std::lower_bound(normalization_.begin(), normalization_.end(), letter,
                                        [](const auto& entry, char32_t point) { return entry.first < point; });
    return found != normalization_.end() && found->first == letter ? &found->second : nullptr;
}

bool Tokenizer::is_indexed_separator(char32_t code_point) const {
    if (code_point < 128) return ascii_separators_[code_point];
    return std::binary_search(other_separators_.begin(), other_separators_.end(), code_point);
}

void Tokenizer::append_folded(std::string& out, std::string_view word, std::size_t bytes_enough) const {
    const std::size_t begin = out.size();
    bool composes = false;
    std::string buffer;
    if ((!kept_.empty() || !normalization_.empty()) && !is_ascii(word)) {  // é may come as e and a combining accent
        // A mark may follow its letter at a distance, so cut with room to spare.
        if (bytes_enough < word.size() / 8) word = word.substr(0, character_boundary(word, bytes_enough * 8));
        buffer = composed(word);
        word = buffer;
    }
    for (std::size_t at = 0; at < word.size() && out.size() - begin < bytes_enough;) {
        if (const char letter = ascii_word(ascii_words_, word[at]); letter != not_ascii) {
            out.push_back(letter == ascii_separator ? word[at] : letter);
            ++at;
            continue;
        }
        const DecodedCharacter decoded = decode_character(word, at);
        if (decoded.code_point == no_character) {
            out.append(replacement_character);
            ++at;
            continue;
        }
        if (!normalization_.empty()) {
            if (const std::string* becomes = normalized(decoded.code_point)) {
                out.append(*becomes);
                composes = true;
                at += decoded.bytes;
                continue;
            }
        }
        if (!kept_.empty()) {
            const char32_t folded = lower(decoded.code_point);
            if (std::binary_search(kept_.begin(), kept_.end(), folded)) {
                icu::UnicodeString{static_cast<UChar32>(folded)}.toUTF8String(out);
                at += decoded.bytes;
                continue;
            }
        }
        const Character folded = character(decoded.code_point);
        out.append(folded.folded);
        composes = composes || folded.composes;
        at += decoded.bytes;
    }
    if (composes) {
        const std::string joined = composed(std::string_view{out}.substr(begin));
        out.replace(begin, std::string::npos, joined);
    }
}

Tokenizer::Word Tokenizer::word_at(std::string_view text, std::size_t begin) const {
    const DecodedCharacter first = decode_character(text, begin);
    Word word;
    word.first = first.code_point;
    word.first_end = word.end = word.next = begin + first.bytes;
    if (first.code_point == no_character) return word;
    word.kind = character(first.code_point).kind;
    if (word.kind == CharacterKind::mark || word.kind == CharacterKind::ignorable) {
        word.kind = CharacterKind::separator;  // no letter to belong to
    }
    if (word.kind == CharacterKind::separator) return word;
    while (word.next < text.size()) {
        const DecodedCharacter decoded = decode_character(text, word.next);
        if (decoded.code_point == no_character) break;
        const CharacterKind kind = character(decoded.code_point).kind;
        const bool more = kind == word.kind && kind != CharacterKind::ideograph;
        if (!more && kind != CharacterKind::mark && kind != CharacterKind::ignorable) break;
        word.next += decoded.bytes;
        if (kind != CharacterKind::ignorable) word.end = word.next;
    }
    return word;
}

void Tokenizer::emit(std::string_view text, Token& token, std::string& folded, const Sink& sink) const {
    folded.clear();
    // Four times the limit: composing may shorten what is folded so far.
    append_folded(folded, text.substr(token.byte_begin, token.byte_end - token.byte_begin), limits::word_bytes_max * 4);
    token.folded = std::string_view{folded}.substr(0, character_boundary(folded, limits::word_bytes_max));
    if (token.folded.empty()) return;
    sink(token);
    ++token.position;
}

std::size_t Tokenizer::tokenize_character(std::string_view text, std::size_t begin, Token& token, std::string& folded,
                                          const Sink& sink) const {
    const Word word = word_at(text, begin);
    if (word.kind == CharacterKind::separator) {
        if (word.first != no_character && is_indexed_separator(word.first)) {
            token.folded = text.substr(begin, word.first_end - begin);
            token.byte_begin = begin;
            token.byte_end = word.first_end;
            sink(token);
            ++token.position;
        }
        return word.first_end;
    }
    if (word.kind != CharacterKind::dictionary) {
        token.byte_begin = begin;
        token.byte_end = word.end;
        emit(text, token, folded, sink);
        return word.next;
    }
    for (std::size_t run = begin; run < word.end;) {
        std::size_t bytes = character_boundary(text.substr(run, word.end - run), dictionary_run_bytes_max);
        for_each_dictionary_word(text.substr(run, bytes), [&](std::size_t word_begin, std::size_t word_end) {
            // ICU may cut before invisible characters and marks: only what begins with a letter is a word.
            const Word piece = word_at(text.substr(0, run + word_end), run + word_begin);
            if (piece.kind != CharacterKind::dictionary) return;
            token.byte_begin = run + word_begin;
            token.byte_end = piece.end;
            emit(text, token, folded, sink);
        });
        run += bytes;
    }
    return word.next;
}

void Tokenizer::tokenize(std::string_view text, const Sink& sink) const {
    Token token;
    std::array<char, limits::word_bytes_max> buffer;
    std::string folded;
    for (std::size_t at = 0; at < text.size();) {
        char letter = ascii_word(ascii_words_, text[at]);
        if (letter == ascii_separator) {
            if (ascii_separators_[static_cast<unsigned char>(text[at])]) {
                token.folded = text.substr(at, 1);
                token.byte_begin = at;
                token.byte_end = at + 1;
                sink(token);
                ++token.position;
            }
            ++at;
            continue;
        }
        const std::size_t begin = at;
        std::size_t bytes = 0;
        while (letter != ascii_separator && letter != not_ascii) {
            if (bytes < buffer.size()) buffer[bytes++] = letter;
            if (++at == text.size()) break;
            letter = ascii_word(ascii_words_, text[at]);
        }
        if (letter == not_ascii) {  // the word may go on beyond ASCII
            at = tokenize_character(text, begin, token, folded, sink);
            continue;
        }
        token.folded = std::string_view{buffer.data(), bytes};
        token.byte_begin = begin;
        token.byte_end = at;
        sink(token);
        ++token.position;
    }
}

std::string Tokenizer::fold(std::string_view text) const {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char letter = ascii_word(ascii_words_, text[at]);
        if (letter == ascii_separator) {
            out.push_back(text[at++]);
            continue;
        }
        const Word word = word_at(text, at);
        if (word.kind != CharacterKind::separator) {
            append_folded(out, text.substr(at, word.end - at), std::numeric_limits<std::size_t>::max());
        } else if (word.first == no_character) {
            out.append(replacement_character);
        } else {
            out.append(text.substr(at, word.first_end - at));
        }
        at = word.next;
    }
    return out;
}

std::size_t Tokenizer::original_prefix_bytes(std::string_view original, std::size_t folded_bytes) const {
    std::string folded;
    std::size_t folded_so_far = 0;
    std::size_t at = 0;
    while (at < original.size() && folded_so_far < folded_bytes) {
        // A letter and all that joins it: accents, invisible characters, further parts of a Hangul syllable.
        const std::size_t begin = at;
        at += decode_character(original, at).bytes;
        while (at < original.size()) {
            const DecodedCharacter decoded = decode_character(original, at);
            if (decoded.code_point == no_character) break;
            const Character next = character(decoded.code_point);
            if (next.kind != CharacterKind::mark && next.kind != CharacterKind::ignorable && !next.composes) break;
            at += decoded.bytes;
        }
        folded.clear();
        append_folded(folded, original.substr(begin, at - begin), std::numeric_limits<std::size_t>::max());
        folded_so_far += folded.size();
    }
    return at;
}

void for_each_camel_case_part(std::string_view word, const std::function<void(std::size_t begin, std::size_t end)>& visit) {
    enum class Kind { upper, digit, other };
    const auto kind_of = [](char32_t point) {
        const auto unicode = static_cast<UChar32>(point);
        if (point == no_character) return Kind::other;
        return u_isdigit(unicode) ? Kind::digit : u_isupper(unicode) ? Kind::upper : Kind::other;
    };
    std::size_t begin = 0;
    std::size_t before_at = 0;  // where the character before begins
    Kind before = Kind::other;
    for (std::size_t at = 0; at < word.size();) {
        const DecodedCharacter decoded = decode_character(word, at);
        const bool joins = decoded.code_point != no_character && (character(decoded.code_point).kind == CharacterKind::mark ||
                                                                  character(decoded.code_point).kind == CharacterKind::ignorable);
        if (!joins) {  // accents stay with their letter
            const Kind kind = kind_of(decoded.code_point);
            std::size_t cut = begin;
            if (at > 0 && (kind == Kind::digit) != (before == Kind::digit)) cut = at;
            else if (at > 0 && kind == Kind::upper && before == Kind::other) cut = at;
            else if (kind == Kind::other && before == Kind::upper) cut = before_at;  // of "HTMLParser" the P begins a part
            if (cut > begin) {
                visit(begin, cut);
                begin = cut;
            }
            before = kind;
            before_at = at;
        }
        at += decoded.bytes;
    }
    if (begin < word.size()) visit(begin, word.size());
}

}  // namespace penchant
