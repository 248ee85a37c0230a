// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/packed_columns.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace penchant {
namespace {

constexpr std::uint32_t no_attribute = 0xFFFFFFFFU;
constexpr double whole_number_end = 2251799813685248.0;  // 2^51: doubled by zigzag and shifted, it still fits 64 bits

void put_varint(std::string& bytes, std::uint64_t value) {
    while (value >= 0x80U) {
        bytes.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    bytes.push_back(static_cast<char>(value));
}

bool take_varint(std::string_view& bytes, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) return true;
    }
    return false;
}

void put_number(std::string& bytes, double value) {
    const bool whole = std::abs(value) < whole_number_end && std::trunc(value) == value &&
                       !(value == 0.0 && std::signbit(value));
    if (whole) {
        const auto number = static_cast<std::int64_t>(value);
        const std::uint64_t zigzag = (static_cast<std::uint64_t>(number) << 1U) ^ (number < 0 ? ~std::uint64_t{0} : 0U);
        put_varint(bytes, zigzag << 1U);
        return;
    }
    put_varint(bytes, 1);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned i = 0; i < 8; ++i) bytes.push_back(static_cast<char>((bits >> (8U * i)) & 0xFFU));
}

bool take_number(std::string_view& bytes, double& value) {
    std::uint64_t first = 0;
    if (!take_varint(bytes, first)) return false;
    if (first != 1) {
        const std::uint64_t zigzag = first >> 1U;
        const std::uint64_t number = (zigzag >> 1U) ^ ((zigzag & 1U) != 0 ? ~std::uint64_t{0} : 0U);
        value = static_cast<double>(static_cast<std::int64_t>(number));
        return (first & 1U) == 0;
    }
    if (bytes.size() < 8) return false;
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 8; ++i)
        bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8U * i);
    bytes.remove_prefix(8);
    value = std::bit_cast<double>(bits);
    return true;
}

}  // namespace

std::uint32_t NumberPaths::number(std::string_view path) {
    if (const auto at = numbers_.find(path); at != numbers_.end()) return at->second;
    const auto number = static_cast<std::uint32_t>(paths_.size());
    paths_.emplace_back(path);
    numbers_.emplace(std::string(path), number);
    return number;
}

std::string NumberPaths::to_json() const {
    boost::json::array array;
    for (const std::string& path : paths_) array.emplace_back(path);
    return boost::json::serialize(array);
}

NumberPaths NumberPaths::from_json(std::string_view json) {
    NumberPaths paths;
    boost::json::error_code failed;
    const boost::json::value value = boost::json::parse({json.data(), json.size()}, failed);
    if (failed || !value.is_array()) return paths;
    for (const boost::json::value& path : value.get_array())
        if (path.is_string()) paths.number({path.get_string().data(), path.get_string().size()});
    return paths;
}

std::string pack_columns(const AnalysedRecord& record, const Settings& settings, FacetValueIds& ids,
                         NumberPaths& paths) {
    std::string bytes;
    put_varint(bytes, record.word_count);
    put_varint(bytes, record.tags.size());
    for (const std::string& tag : record.tags) put_varint(bytes, ids.number(Columns::tags_path, tag));
    std::size_t values = 0;
    for (const AnalysedFacet& facet : record.facets) values += facet.values.size();
    put_varint(bytes, values);
    for (const AnalysedFacet& facet : record.facets) {
        const std::string& path = settings.attributes_for_faceting[facet.attribute].path;
        for (const std::string& value : facet.values) put_varint(bytes, ids.number(path, value));
    }
    put_varint(bytes, record.numbers.size());
    for (const AnalysedNumber& number : record.numbers) {
        put_varint(bytes, paths.number(number.path));
        put_varint(bytes, number.values.size());
        for (const double value : number.values) put_number(bytes, value);
    }
    std::uint64_t texts = 0;
    for (const AnalysedSortValue& value : record.sort_values)
        if (std::holds_alternative<std::string>(value.value)) ++texts;
    put_varint(bytes, texts);
    for (const AnalysedSortValue& value : record.sort_values) {
        const std::string* const text = std::get_if<std::string>(&value.value);
        if (!text) continue;
        put_varint(bytes, paths.number(value.path));
        put_varint(bytes, text->size());
        bytes.append(*text);
    }
    return bytes;
}

ColumnsReader::ColumnsReader(const Settings& settings, const FacetValueIds& ids, const NumberPaths& paths)
    : settings_(settings), ids_(ids), paths_(paths) {}

const ColumnsReader::Value* ColumnsReader::value(std::uint64_t id) {
    if (id >= values_.size()) {
        if (id > ids_.size()) return nullptr;
        values_.resize(ids_.size() + 1);
    }
    Value& value = values_[id];
    if (!value.known) {
        auto [path, text] = ids_.name(static_cast<FacetValueId>(id));
        if (path.empty() && text.empty()) return nullptr;
        value.known = true;
        value.text = std::move(text);
        const auto& facets = settings_.attributes_for_faceting;
        const auto facet = std::find_if(facets.begin(), facets.end(),
                                        [&](const FacetAttribute& listed) { return listed.path == path; });
        value.attribute = facet == facets.end() ? no_attribute : static_cast<std::uint32_t>(facet - facets.begin());
    }
    return &value;
}

bool ColumnsReader::read(std::string_view bytes, AnalysedRecord& record) {
    record.facets.clear();
    record.tags.clear();
    record.numbers.clear();
    record.sort_values.clear();
    std::uint64_t count = 0;
    if (!take_varint(bytes, count)) return false;
    record.word_count = static_cast<std::uint32_t>(count);

    if (!take_varint(bytes, count)) return false;
    for (std::uint64_t id = 0; count != 0; --count) {
        if (!take_varint(bytes, id)) return false;
        const Value* const tag = value(id);
        if (!tag) return false;
        record.tags.push_back(tag->text);
    }

    if (!take_varint(bytes, count)) return false;
    bool sorted = true;
    for (std::uint64_t id = 0; count != 0; --count) {
        if (!take_varint(bytes, id)) return false;
        const Value* const facet = value(id);
        if (!facet) return false;
        if (facet->attribute == no_attribute) continue;
        if (record.facets.empty() || record.facets.back().attribute != facet->attribute) {
            if (!record.facets.empty() && record.facets.back().attribute > facet->attribute) sorted = false;
            record.facets.push_back({facet->attribute, {}});
        }
        record.facets.back().values.push_back(facet->text);
    }
    // Attributes were put in another order since this record was written.
    if (!sorted)
        std::stable_sort(record.facets.begin(), record.facets.end(),
                         [](const AnalysedFacet& a, const AnalysedFacet& b) { return a.attribute < b.attribute; });

    if (!take_varint(bytes, count)) return false;
    for (std::uint64_t path = 0; count != 0; --count) {
        std::uint64_t values = 0;
        if (!take_varint(bytes, path) || path >= paths_.paths().size() || !take_varint(bytes, values)) return false;
        AnalysedNumber& number = record.numbers.emplace_back();
        number.path = paths_.paths()[path];
        for (double value = 0; values != 0; --values) {
            if (!take_number(bytes, value)) return false;
            number.values.push_back(value);
        }
    }

    if (!take_varint(bytes, count)) return false;
    for (std::uint64_t path = 0; count != 0; --count) {
        std::uint64_t size = 0;
        if (!take_varint(bytes, path) || path >= paths_.paths().size() || !take_varint(bytes, size) ||
            size > bytes.size())
            return false;
        record.sort_values.push_back({paths_.paths()[path], std::string(bytes.substr(0, size))});
        bytes.remove_prefix(size);
    }
    return bytes.empty();
}

}  // namespace penchant
