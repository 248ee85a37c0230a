// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/analysis.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "index/limits.h"
#include "index/tokenizer.h"

namespace penchant {
namespace {

// The part of a Place that orders it within a word's list.
constexpr Place place_order = (Place{1} << 24U) - 1;

constexpr std::string_view object_id_path = "objectID";
constexpr std::string_view tags_path = "_tags";

// Where a path leads, found out once.
struct PathUse {
    bool searchable = false;
    bool tags = false;
    bool camel_case = false;            // camelCaseAttributes names it
    bool sorts = false;                 // customRanking or ranking names this path
    std::optional<AttributeId> number;  // given out when the first word comes
    std::vector<std::uint32_t> facets;  // positions in Settings::attributes_for_faceting
    std::uint32_t last_record = 0;      // which record `next_position` is of
    std::uint32_t next_position = 0;    // of the next element's first word
};

// A piece of text in the arena: small, so that sorting is quick, and with its first bytes at hand, so that it rarely
// looks further.
struct Piece {
    std::uint64_t head = 0;  // the first eight bytes, big endian, zeros behind the end
    std::uint32_t begin = 0;
    std::uint32_t bytes = 0;
};

std::uint64_t head_of(std::string_view text) {
    std::uint64_t head = 0;
    std::memcpy(&head, text.data(), std::min<std::size_t>(text.size(), 8));
    return __builtin_bswap64(head);
}
static_assert(std::endian::native == std::endian::little, "head_of turns little endian into big");

struct Occurrence {
    Piece word;
    Place place = 0;
};

struct FacetOccurrence {
    Piece value;
    std::uint32_t attribute = 0;
    std::uint32_t order = 0;
};

// Path and value of a number; the path as a piece, too.
struct NumberOccurrence {
    Piece path;
    std::uint32_t order = 0;
    double value = 0;
};

// Texts of one record, one behind the other. Reused, so that a word costs no allocation until the result is made.
class Arena {
public:
    void clear() { bytes_.clear(); }
    Piece add(std::string_view text) {
        const Piece piece{head_of(text), static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(text.size())};
        bytes_.append(text);
        return piece;
    }
    [[nodiscard]] std::string_view text(const Piece& piece) const {
        return std::string_view{bytes_}.substr(piece.begin, piece.bytes);
    }
    /// Byte order, as strcmp with lengths.
    [[nodiscard]] int compare(const Piece& a, const Piece& b) const {
        if (a.head != b.head) return a.head < b.head ? -1 : 1;
        return text(a).compare(text(b));
    }

private:
    std::string bytes_;
};

}  // namespace

struct Analyser::Body {
    Body(const Settings& index_settings, AttributeTable& table)
        : settings{index_settings},
          attributes{table},
          tokenizer{tokenizer_of(index_settings)} {}

    PathUse& use_of(std::string_view path);
    void add_leaf(const Leaf& leaf);
    void add_words(PathUse& use, std::string_view path, std::string_view text);
    void add_camel_case_words(PathUse& use, std::string_view path, std::string_view text);
    void add_facet(const PathUse& use, std::string_view text);
    void add_number(std::string_view path, double value);
    void add_sort_value(const Leaf& leaf);
    void take_words(AnalysedRecord& record);
    void take_facets(AnalysedRecord& record);
    void take_tags(AnalysedRecord& record);
    void take_numbers(AnalysedRecord& record);

    const Settings& settings;
    AttributeTable& attributes;
    Tokenizer tokenizer;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, PathUse, Hash, std::equal_to<>> uses;

    // Of the record at hand:
    std::uint32_t record_number = 0;
    std::string object_id;
    std::uint32_t word_count = 0;
    Arena arena;
    std::vector<Occurrence> words;
    std::vector<FacetOccurrence> facets;
    std::vector<FacetOccurrence> tags;
    std::vector<NumberOccurrence> numbers;
    std::vector<AnalysedSortValue> sort_values;
};

PathUse& Analyser::Body::use_of(std::string_view path) {
    if (const auto known = uses.find(path); known != uses.end()) return known->second;
    PathUse use;
    if (settings.searchable_attributes.empty()) {
        use.searchable = path != object_id_path && path.substr(0, 1) != "_";
    } else {
        const auto& listed = settings.searchable_attributes;
        use.searchable = std::any_of(listed.begin(), listed.end(), [&](const SearchableAttribute& attribute) {
            return covers(attribute.path, path);
        });
    }
    use.tags = path == tags_path;
    use.camel_case = std::any_of(settings.camel_case_attributes.begin(), settings.camel_case_attributes.end(),
                                 [&](const std::string& attribute) { return covers(attribute, path); });
    const auto names_path = [&](const SortCriterion& criterion) { return criterion.path == path; };
    const auto sorts_by = [&](const Settings& some) {
        return std::any_of(some.custom_ranking.begin(), some.custom_ranking.end(), names_path) ||
               std::any_of(some.ranking.begin(), some.ranking.end(), [&](const RankingCriterion& criterion) {
                   return criterion.criterion == Criterion::sort && names_path(criterion.sort);
               });
    };
    use.sorts = sorts_by(settings) || std::any_of(settings.views.begin(), settings.views.end(),
                                                  [&](const View& view) { return sorts_by(*view.settings); });
    for (std::size_t i = 0; i < settings.attributes_for_faceting.size(); ++i) {
        if (covers(settings.attributes_for_faceting[i].path, path)) use.facets.push_back(static_cast<std::uint32_t>(i));
    }
    return uses.emplace(path, std::move(use)).first->second;
}

void Analyser::Body::add_words(PathUse& use, std::string_view path, std::string_view text) {
    if (use.last_record != record_number) {
        use.last_record = record_number;
        use.next_position = 0;
    }
    if (use.camel_case) return add_camel_case_words(use, path, text);
    const std::size_t words_before = words.size();
    std::uint32_t last_position = 0;
    tokenizer.tokenize(text, [&](const Token& token) {
        if (words.size() == limits::record_words_max) return;
        if (!use.number) use.number = attributes.number(path);
        last_position = use.next_position + token.position;
        words.push_back({arena.add(token.folded), make_place(*use.number, last_position, false)});
    });
    if (words.size() == words_before) return;
    if (words.size() == words_before + 1 && last_position == use.next_position) words.back().place |= place_whole;
    use.next_position = last_position + array_element_gap;
}

// Each word, and its parts from the word's own place on.
void Analyser::Body::add_camel_case_words(PathUse& use, std::string_view path, std::string_view text) {
    const std::size_t words_before = words.size();
    std::uint32_t position = use.next_position;
    std::size_t tokens = 0;
    const auto add = [&](std::string_view folded, std::uint32_t at) {
        if (words.size() < limits::record_words_max) words.push_back({arena.add(folded), make_place(*use.number, at, false)});
    };
    tokenizer.tokenize(text, [&](const Token& token) {
        if (!use.number) use.number = attributes.number(path);
        ++tokens;
        add(token.folded, position);
        const std::string_view written = text.substr(token.byte_begin, token.byte_end - token.byte_begin);
        const std::uint32_t first = position;
        for_each_camel_case_part(written, [&](std::size_t begin, std::size_t end) {
            if (end - begin == written.size()) return;  // the word has no parts
            tokenizer.tokenize(written.substr(begin, end - begin), [&](const Token& part) { add(part.folded, position++); });
        });
        if (position == first) ++position;
    });
    if (words.size() == words_before) return;
    if (tokens == 1) words[words_before].place |= place_whole;
    use.next_position = position - 1 + array_element_gap;
}

void Analyser::Body::add_facet(const PathUse& use, std::string_view text) {
    if (use.facets.empty() && !use.tags) return;
    if (text.size() > limits::facet_value_bytes_max) return;
    const Piece value = arena.add(text);
    for (const std::uint32_t facet : use.facets) facets.push_back({value, facet, static_cast<std::uint32_t>(facets.size())});
    if (use.tags) tags.push_back({value, 0, static_cast<std::uint32_t>(tags.size())});
}

void Analyser::Body::add_number(std::string_view path, double value) {
    // Elements of an array come one after the other: they share the text of their path.
    const bool same = !numbers.empty() && arena.text(numbers.back().path) == path;
    numbers.push_back({same ? numbers.back().path : arena.add(path), static_cast<std::uint32_t>(numbers.size()), value});
}

// The first scalar of a path; what follows in its array does not sort.
void Analyser::Body::add_sort_value(const Leaf& leaf) {
    for (const AnalysedSortValue& known : sort_values) {
        if (known.path == leaf.path) return;
    }
    if (const auto* text = std::get_if<std::string_view>(&leaf.value)) {
        // Texts that agree so far count as equal: a sort key is kept in memory for every record.
        sort_values.push_back({std::string{leaf.path}, tokenizer.fold(text->substr(0, limits::facet_value_bytes_max))});
    } else if (const auto* number = std::get_if<double>(&leaf.value)) {
        sort_values.push_back({std::string{leaf.path}, *number});
    } else if (const auto* boolean = std::get_if<bool>(&leaf.value)) {
        sort_values.push_back({std::string{leaf.path}, std::string{*boolean ? "true" : "false"}});
    }
}

void Analyser::Body::add_leaf(const Leaf& leaf) {
    PathUse& use = use_of(leaf.path);
    if (use.sorts) add_sort_value(leaf);
    if (const auto* text = std::get_if<std::string_view>(&leaf.value)) {
        if (leaf.path == object_id_path) object_id = *text;
        if (use.searchable) add_words(use, leaf.path, *text);
        add_facet(use, *text);
    } else if (const auto* number = std::get_if<double>(&leaf.value)) {
        add_number(leaf.path, *number);
        if (!use.searchable && use.facets.empty() && !use.tags) return;
        const std::string digits = number_text(*number);
        if (use.searchable) add_words(use, leaf.path, digits);
        add_facet(use, digits);
    } else if (const auto* boolean = std::get_if<bool>(&leaf.value)) {
        add_facet(use, *boolean ? "true" : "false");
    }
}

void Analyser::Body::take_words(AnalysedRecord& record) {
    std::sort(words.begin(), words.end(), [&](const Occurrence& a, const Occurrence& b) {
        const int order = arena.compare(a.word, b.word);
        if (order != 0) return order < 0;
        // Attributes past the numbered ones share a number, so two places may be alike but for their flag; the order among
        // these must not be left to chance, since it is written down.
        const auto place = [](Place from) { return std::pair{from & place_order, from & place_whole}; };
        return place(a.place) < place(b.place);
    });
    record.word_count = static_cast<std::uint32_t>(words.size());
    for (std::size_t begin = 0; begin < words.size();) {
        std::size_t end = begin + 1;
        while (end < words.size() && arena.compare(words[begin].word, words[end].word) == 0) ++end;
        AnalysedWord& word = record.words.emplace_back();
        word.word = arena.text(words[begin].word);
        word.places.reserve(std::min<std::size_t>(end - begin, limits::occurrences_per_word_max));
        std::size_t in_attribute = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const Place place = words[i].place;
            const bool same = !word.places.empty() && place_attribute(word.places.back()) == place_attribute(place);
            in_attribute = same ? in_attribute + 1 : 1;
            if (in_attribute <= limits::occurrences_per_word_max) word.places.push_back(place);
        }
        begin = end;
    }
}

// Each value of an attribute once, in the order of first appearance.
void Analyser::Body::take_facets(AnalysedRecord& record) {
    std::sort(facets.begin(), facets.end(), [&](const FacetOccurrence& a, const FacetOccurrence& b) {
        if (a.attribute != b.attribute) return a.attribute < b.attribute;
        const int order = arena.compare(a.value, b.value);
        return order != 0 ? order < 0 : a.order < b.order;
    });
    const auto repeated = std::unique(facets.begin(), facets.end(), [&](const FacetOccurrence& a, const FacetOccurrence& b) {
        return a.attribute == b.attribute && arena.compare(a.value, b.value) == 0;
    });
    facets.erase(repeated, facets.end());
    if (facets.size() > limits::record_facet_values_max) {  // the first ones of the record stay, whatever their attribute
        std::sort(facets.begin(), facets.end(),
                  [](const FacetOccurrence& a, const FacetOccurrence& b) { return a.order < b.order; });
        facets.resize(limits::record_facet_values_max);
    }
    std::sort(facets.begin(), facets.end(), [](const FacetOccurrence& a, const FacetOccurrence& b) {
        return a.attribute != b.attribute ? a.attribute < b.attribute : a.order < b.order;
    });
    for (const FacetOccurrence& facet : facets) {
        if (record.facets.empty() || record.facets.back().attribute != facet.attribute) {
            record.facets.push_back({facet.attribute, {}});
        }
        record.facets.back().values.emplace_back(arena.text(facet.value));
    }
}

void Analyser::Body::take_tags(AnalysedRecord& record) {
    facets.swap(tags);  // tags are the values of one more facet attribute
    AnalysedRecord only_tags;
    take_facets(only_tags);
    if (!only_tags.facets.empty()) record.tags = std::move(only_tags.facets.front().values);
}

void Analyser::Body::take_numbers(AnalysedRecord& record) {
    std::sort(numbers.begin(), numbers.end(), [&](const NumberOccurrence& a, const NumberOccurrence& b) {
        const int order = arena.compare(a.path, b.path);
        return order != 0 ? order < 0 : a.order < b.order;
    });
    const NumberOccurrence* before = nullptr;
    for (const NumberOccurrence& number : numbers) {
        if (before == nullptr || arena.compare(before->path, number.path) != 0) {
            record.numbers.push_back({std::string{arena.text(number.path)}, {}});
        }
        record.numbers.back().values.push_back(number.value);
        before = &number;
    }
}

Tokenizer tokenizer_of(const Settings& settings) {
    return Tokenizer{{settings.separators_to_index, settings.keep_diacritics_on_characters, settings.custom_normalization}};
}

Analyser::Analyser(const Settings& settings, AttributeTable& attributes)
    : body_{std::make_unique<Body>(settings, attributes)} {}
Analyser::~Analyser() = default;
Analyser::Analyser(Analyser&&) noexcept = default;
Analyser& Analyser::operator=(Analyser&&) noexcept = default;

AnalysedRecord Analyser::analyse(simdjson::dom::element record) {
    constexpr std::size_t paths_max = 100'000;  // records may have names of their own each; forget before it hurts
    Body& body = *body_;
    if (body.uses.size() > paths_max) body.uses.clear();
    ++body.record_number;
    body.object_id.clear();
    body.arena.clear();
    body.words.clear();
    body.facets.clear();
    body.tags.clear();
    body.numbers.clear();
    body.sort_values.clear();

    for_each_leaf(record, [&](const Leaf& leaf) { body.add_leaf(leaf); });

    AnalysedRecord result;
    result.object_id = body.object_id;
    body.take_words(result);
    body.take_facets(result);
    body.take_tags(result);
    body.take_numbers(result);
    result.sort_values = std::move(body.sort_values);
    std::sort(result.sort_values.begin(), result.sort_values.end(),
              [](const AnalysedSortValue& a, const AnalysedSortValue& b) { return a.path < b.path; });
    return result;
}

AnalysedRecord analyse(simdjson::dom::element record, const Settings& settings, AttributeTable& attributes) {
    return Analyser{settings, attributes}.analyse(record);
}

}  // namespace penchant
