// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/catalog_records.h"

#include <algorithm>
#include <cstdlib>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace penchant {
namespace {

namespace json = boost::json;

std::string behind(std::string_view prefix) {
    std::string end(prefix);
    end.back() = static_cast<char>(end.back() + 1);
    return end;
}

std::uint64_t number(const json::value& value) {
    if (value.is_uint64()) return value.get_uint64();
    if (value.is_int64() && value.get_int64() >= 0) return static_cast<std::uint64_t>(value.get_int64());
    return 0;
}
std::uint64_t number(const json::object& object, std::string_view key) {
    const json::value* const value = object.if_contains({key.data(), key.size()});
    return value ? number(*value) : 0;
}

const Error damaged{Errc::corrupt, "the catalog in the store is damaged"};

}  // namespace

std::string name_key(std::string_view name) { return std::string(names_prefix).append(name); }
std::string index_key(IndexId id) { return std::string(indexes_prefix).append(std::to_string(id)); }

void put_name(StoreBatch& batch, std::string_view name, const NameRecord& record) {
    if (record.empty()) {
        batch.remove(Family::system, name_key(name));
        return;
    }
    json::array pending;
    for (const NameRecord::Pending& one : record.pending)
        pending.push_back(json::array{one.by.task, one.by.index, one.target});
    batch.put(Family::system, name_key(name),
              json::serialize(json::object{
                  {"write", record.write}, {"read", record.read}, {"pending", std::move(pending)}}));
}

void put_index(StoreBatch& batch, IndexId id, const IndexRecord& record) {
    json::object object{{"created", record.created_at_ms}, {"generation", record.generation}};
    if (record.after.index != 0) object["after"] = json::array{record.after.index, record.after.task};
    if (record.fill) {
        object["fill"] = true;
        object["settings"] = record.settings;
    }
    batch.put(Family::system, index_key(id), json::serialize(object));
}

Result<std::vector<std::pair<std::string, NameRecord>>> read_names(const Store& store) {
    std::vector<std::pair<std::string, NameRecord>> names;
    bool whole = true;
    PENCHANT_CHECK(store.scan(
        Family::system, names_prefix, behind(names_prefix), [&](std::string_view key, std::string_view value) {
            json::error_code failed;
            const json::value parsed = json::parse({value.data(), value.size()}, failed);
            whole = !failed && parsed.is_object();
            if (!whole) return false;
            const json::object& object = parsed.get_object();
            NameRecord record;
            record.write = static_cast<IndexId>(number(object, "write"));
            record.read = static_cast<IndexId>(number(object, "read"));
            if (const json::value* const pending = object.if_contains("pending"); pending && pending->is_array()) {
                for (const json::value& one : pending->get_array()) {
                    whole = one.is_array() && one.get_array().size() == 3;
                    if (!whole) return false;
                    const json::array& three = one.get_array();
                    record.pending.push_back({{static_cast<IndexId>(number(three[1])), number(three[0])},
                                              static_cast<IndexId>(number(three[2]))});
                }
            }
            names.emplace_back(key.substr(names_prefix.size()), std::move(record));
            return true;
        }));
    if (!whole) return damaged;
    return names;
}

Result<std::vector<std::pair<IndexId, IndexRecord>>> read_indexes(const Store& store) {
    std::vector<std::pair<IndexId, IndexRecord>> indexes;
    bool whole = true;
    PENCHANT_CHECK(store.scan(
        Family::system, indexes_prefix, behind(indexes_prefix), [&](std::string_view key, std::string_view value) {
            json::error_code failed;
            const json::value parsed = json::parse({value.data(), value.size()}, failed);
            const auto id = static_cast<IndexId>(
                std::strtoul(std::string(key.substr(indexes_prefix.size())).c_str(), nullptr, 10));
            whole = !failed && parsed.is_object() && id != 0;
            if (!whole) return false;
            const json::object& object = parsed.get_object();
            IndexRecord record;
            record.created_at_ms = static_cast<std::int64_t>(number(object, "created"));
            record.generation = static_cast<std::uint32_t>(number(object, "generation"));
            if (const json::value* const after = object.if_contains("after");
                after && after->is_array() && after->get_array().size() == 2)
                record.after = {static_cast<IndexId>(number(after->get_array()[0])), number(after->get_array()[1])};
            if (const json::value* const fill = object.if_contains("fill"); fill && fill->is_bool())
                record.fill = fill->get_bool();
            if (const json::value* const settings = object.if_contains("settings"); settings && settings->is_string())
                record.settings.assign(settings->get_string().data(), settings->get_string().size());
            indexes.emplace_back(id, std::move(record));
            return true;
        }));
    if (!whole) return damaged;
    // Keys are texts, among which "10" stands before "9".
    std::sort(indexes.begin(), indexes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return indexes;
}

Result<std::uint64_t> read_counter(const Store& store, std::string_view key) {
    PENCHANT_TRY(const auto value, store.get(Family::system, key));
    return value ? read_key_u64(*value) : std::uint64_t{0};
}

}  // namespace penchant
