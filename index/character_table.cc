// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/character_table.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "index/error.h"

namespace penchant {
namespace {

struct Entry {
    std::uint32_t begin = 0;
    std::uint8_t bytes = 0;
    CharacterKind kind = CharacterKind::separator;
    bool composes = false;
};

constexpr std::size_t page_size = 256;
constexpr std::size_t page_count = 0x110000 / page_size;

struct Page {
    std::array<Entry, page_size> entries;
    std::string texts;
};

// Reachable for ever, and never destroyed: words may still be folded while other statics go.
std::array<std::atomic<const Page*>, page_count> pages;

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = get(status);
    PENCHANT_ASSERT(U_SUCCESS(status) && found != nullptr);  // ICU carries this data inside
    return *found;
}

UScriptCode script_of(UChar32 point) {
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(point, &status);
    return U_SUCCESS(status) ? script : USCRIPT_COMMON;
}

// Halfwidth voicing marks are letters to Unicode, and marks to everybody who reads kana.
bool is_halfwidth_voicing(UChar32 point) { return point == 0xFF9E || point == 0xFF9F; }

CharacterKind kind_of(UChar32 point) {
    constexpr UChar32 tatweel = 0x0640;            // stretches an Arabic word and means nothing
    constexpr UChar32 zero_width_space = 0x200B;   // ignorable to Unicode, yet it is there to part words
    constexpr UChar32 prolonged_sound = 0x30FC;    // shared by both kana, so its script is Common
    constexpr UChar32 halfwidth_prolonged_sound = 0xFF70;
    if (point == zero_width_space) return CharacterKind::separator;
    if (point == tatweel || u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
        return CharacterKind::ignorable;
    }
    if (is_halfwidth_voicing(point)) return CharacterKind::mark;
    if (point == prolonged_sound || point == halfwidth_prolonged_sound) return CharacterKind::ideograph;
    const std::uint32_t category = U_GET_GC_MASK(point);
    if ((category & U_GC_M_MASK) != 0) return CharacterKind::mark;
    if ((category & (U_GC_L_MASK | U_GC_N_MASK)) == 0) return CharacterKind::separator;
    switch (script_of(point)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
            return CharacterKind::ideograph;
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
            return CharacterKind::dictionary;
        default:
            return CharacterKind::letter;
    }
}

bool is_diacritic(UChar32 point) {
    if ((U_GET_GC_MASK(point) & (U_GC_MN_MASK | U_GC_ME_MASK)) == 0) return false;
    if (point == 0x3099 || point == 0x309A) return false;  // か and が are two letters
    switch (script_of(point)) {
        case USCRIPT_INHERITED:  // the accents that letters of several scripts share
        case USCRIPT_COMMON:
        case USCRIPT_LATIN:
        case USCRIPT_GREEK:
        case USCRIPT_CYRILLIC:
        case USCRIPT_ARABIC:
        case USCRIPT_HEBREW:
        case USCRIPT_SYRIAC:
            return true;
        default:
            return false;
    }
}

// Letters with a stroke, bar or tail are letters of their own to Unicode. People without them on their keyboard type
// the plain one.
void append_plain(icu::UnicodeString& text, UChar32 point) {
    switch (point) {
        case 0x00E6: text.append(u"ae", 2); return;  // æ
        case 0x0153: text.append(u"oe", 2); return;  // œ
        case 0x00FE: text.append(u"th", 2); return;  // þ
        case 0x00F0:                                  // ð
        case 0x0111: text.append(u'd'); return;       // đ
        case 0x00F8: text.append(u'o'); return;       // ø
        case 0x0127: text.append(u'h'); return;       // ħ
        case 0x0131:                                  // ı
        case 0x0268: text.append(u'i'); return;       // ɨ
        case 0x0142: text.append(u'l'); return;       // ł
        case 0x0167: text.append(u't'); return;       // ŧ
        case 0x0180: text.append(u'b'); return;       // ƀ
        default: text.append(point);
    }
}

// Without the diacritics it is written with, or as it is when it has none.
icu::UnicodeString plain(UChar32 point) {
    static const icu::Normalizer2& canonical = normalizer(icu::Normalizer2::getNFCInstance);
    icu::UnicodeString decomposed;
    if (!canonical.getDecomposition(point, decomposed)) decomposed = icu::UnicodeString{point};
    icu::UnicodeString kept;
    bool marked = false;
    for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
        const UChar32 piece = decomposed.char32At(i);
        if (is_diacritic(piece)) marked = true;
        else append_plain(kept, piece);
    }
    if (marked) return kept;
    icu::UnicodeString whole;
    append_plain(whole, point);
    return whole;
}

icu::UnicodeString fold(UChar32 point) {
    if (point == 0x013F || point == 0x0140) return {u'l'};  // ŀ: its compatibility form has a separator in it
    static const icu::Normalizer2& case_folding = normalizer(icu::Normalizer2::getNFKCCasefoldInstance);
    // Diacritics go first, because case folding makes a letter of one of them (the iota subscript), and once more for
    // those that compatibility forms bring.
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString folded = case_folding.normalize(plain(point), status);
    PENCHANT_ASSERT(U_SUCCESS(status));
    icu::UnicodeString result;
    for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) result.append(plain(folded.char32At(i)));
    return result;
}

// A folded word must be a word of the same kind again, or folding a text twice would give other words than once.
bool is_word(const icu::UnicodeString& text, CharacterKind kind) {
    if (text.isEmpty() || kind_of(text.char32At(0)) != kind) return false;
    if (kind == CharacterKind::ideograph) return text.countChar32() == 1;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const CharacterKind part = kind_of(text.char32At(i));
        if (part != kind && part != CharacterKind::mark) return false;
    }
    return true;
}

bool may_compose(const icu::UnicodeString& text) {
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 part = text.char32At(i);
        if (u_getCombiningClass(part) != 0 || u_getIntPropertyValue(part, UCHAR_NFC_QUICK_CHECK) != UNORM_YES) {
            return true;
        }
    }
    return false;
}

const Page* make_page(std::size_t number) {
    auto page = std::make_unique<Page>();
    for (std::size_t i = 0; i < page_size; ++i) {
        const auto point = static_cast<UChar32>(number * page_size + i);
        Entry& entry = page->entries[i];
        entry.begin = static_cast<std::uint32_t>(page->texts.size());
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;  // never met in UTF-8
        entry.kind = surrogate ? CharacterKind::separator : kind_of(point);
        icu::UnicodeString folded{point};
        switch (entry.kind) {
            case CharacterKind::separator: break;
            case CharacterKind::ignorable: folded.remove(); break;
            case CharacterKind::mark: folded = fold(point); break;
            case CharacterKind::letter:
            case CharacterKind::ideograph:
            case CharacterKind::dictionary:
                if (icu::UnicodeString candidate = fold(point); is_word(candidate, entry.kind)) folded = candidate;
        }
        entry.composes = entry.kind != CharacterKind::separator && may_compose(folded);
        if (!surrogate) folded.toUTF8String(page->texts);
        entry.bytes = static_cast<std::uint8_t>(page->texts.size() - entry.begin);
    }
    std::atomic<const Page*>& slot = pages[number];
    const Page* expected = nullptr;
    if (slot.compare_exchange_strong(expected, page.get(), std::memory_order_acq_rel)) return page.release();
    return expected;  // another thread was quicker, with the same answers
}

}  // namespace

Character character(char32_t code_point) {
    const std::size_t number = code_point / page_size;
    const Page* page = pages[number].load(std::memory_order_acquire);
    if (page == nullptr) page = make_page(number);
    const Entry& entry = page->entries[code_point % page_size];
    return {entry.kind, entry.composes, std::string_view{page->texts}.substr(entry.begin, entry.bytes)};
}

}  // namespace penchant
