// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/union_key.h"

#include "index/error.h"

namespace penchant {

namespace {

constexpr char not_a_prefix = '\xFF';  // UTF-8 does not know this byte
constexpr unsigned typos_bits = 0x0F;
constexpr unsigned prefix_bit = 0x10;
constexpr unsigned exact_bit = 0x20;

void put(std::string& key, std::size_t number) {
    PENCHANT_ASSERT(number <= 0xFFFF);
    key += static_cast<char>(number & 0xFFU);
    key += static_cast<char>(number >> 8U);
}

void put(std::string& key, std::span<const AttributeId> attributes) {
    put(key, attributes.size());
    for (const AttributeId attribute : attributes) put(key, attribute);
}

class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}
    [[nodiscard]] bool done() const { return rest_.empty(); }
    std::size_t number() {
        const std::string_view bytes = take(2);
        return static_cast<unsigned char>(bytes[0]) + std::size_t{static_cast<unsigned char>(bytes[1])} * 256;
    }
    std::vector<AttributeId> attributes() {
        std::vector<AttributeId> attributes(number());
        for (AttributeId& attribute : attributes) attribute = static_cast<AttributeId>(number());
        return attributes;
    }
    std::string_view take(std::size_t bytes) {
        PENCHANT_ASSERT(bytes <= rest_.size());
        const std::string_view taken = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return taken;
    }

private:
    std::string_view rest_;
};

}  // namespace

std::string union_key(std::span<const Alternative> alternatives, const PlaceScope& scope) {
    std::string key(1, not_a_prefix);
    put(key, scope.hidden);
    put(key, scope.typo_free);
    put(key, scope.prefix_free);
    for (const Alternative& alternative : alternatives) {
        put(key, alternative.words.size());
        key += static_cast<char>((alternative.typos & typos_bits) | (alternative.prefix ? prefix_bit : 0U) |
                                 (alternative.exact ? exact_bit : 0U));
        key += static_cast<char>(alternative.distance_max);
        for (const std::string& word : alternative.words) {
            put(key, word.size());
            key += word;
        }
    }
    return key;
}

AskedUnion asked_by(std::string_view key) {
    AskedUnion asked;
    if (key.empty() || key.front() != not_a_prefix) {
        asked.alternatives.push_back({{std::string(key)}, true});
        return asked;
    }
    Reader reader(key.substr(1));
    asked.hidden = reader.attributes();
    asked.typo_free = reader.attributes();
    asked.prefix_free = reader.attributes();
    while (!reader.done()) {
        Alternative& alternative = asked.alternatives.emplace_back();
        alternative.words.resize(reader.number());
        const std::string_view bytes = reader.take(2);
        const auto bits = static_cast<unsigned char>(bytes[0]);
        alternative.typos = static_cast<std::uint8_t>(bits & typos_bits);
        alternative.prefix = (bits & prefix_bit) != 0;
        alternative.exact = (bits & exact_bit) != 0;
        alternative.distance_max = static_cast<std::uint8_t>(bytes[1]);
        for (std::string& word : alternative.words) word = reader.take(reader.number());
    }
    return asked;
}

}  // namespace penchant
