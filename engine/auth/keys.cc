// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/keys.h"

#include "engine/json_body.h"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace penchant {

namespace {

constexpr std::size_t keys_max = 5'000;  // A 1.8
constexpr std::size_t key_bytes_max = 1'024;
constexpr std::size_t attributes_bytes_max = 16 * 1024;
constexpr std::string_view admin_digest_key = "admin_key_sha256";

// A 7.2; "admin" is not to be had.
constexpr std::array<std::string_view, 22> grantable{
    "addObject", "analytics", "browse", "deleteIndex", "deleteObject", "editSettings", "inference", "listIndexes",
    "logs", "nluReadAnswers", "nluReadEntity", "nluReadProject", "nluPrediction", "nluWriteAnswers", "nluWriteEntity",
    "nluWriteProject", "personalization", "recommendation", "search", "seeUnretrievableAttributes", "settings", "usage"};

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest_of(std::string_view key) {
    Digest digest{};
    SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
    return digest;
}

bool same(const Digest& a, const Digest& b) { return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

std::string_view bytes_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::string hex(const unsigned char* bytes, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += fmt::format("{:02x}", bytes[i]);
    return text;
}

std::string short_name(const Digest& digest) { return hex(digest.data(), 4); }

Result<std::string> random_key() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return Error{Errc::io, "The system has no random numbers for a new key"};
    }
    return hex(bytes.data(), bytes.size());
}

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Error bad(std::string what) { return {Errc::bad_request, std::move(what)}; }

Result<void> check_texts(const boost::json::object& attributes, std::string_view name) {
    const boost::json::value* value = attributes.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    if (!value->is_array()) return bad(fmt::format("Key attribute \"{}\" must be an array of strings", name));
    for (const auto& entry : value->get_array())
        if (!entry.is_string()) return bad(fmt::format("Key attribute \"{}\" must be an array of strings", name));
    return {};
}

Result<void> check_number(const boost::json::object& attributes, std::string_view name) {
    const boost::json::value* value = attributes.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > std::numeric_limits<std::uint32_t>::max()) {
        return bad(fmt::format("Key attribute \"{}\" must be a whole number from 0", name));
    }
    return {};
}

/// Checked attributes with the contract's defaults, without "value" and "createdAt".
Result<boost::json::object> checked(boost::json::object attributes) {
    for (const char* own : {"value", "key", "createdAt", "updatedAt"}) attributes.erase(own);
    const boost::json::value* acl = attributes.if_contains("acl");
    if (acl == nullptr || !acl->is_array()) return bad("Key attribute \"acl\" is required: an array of rights");
    for (const auto& right : acl->get_array()) {
        if (!right.is_string() ||
            std::find(grantable.begin(), grantable.end(), std::string_view{right.get_string()}) == grantable.end()) {
            return bad("Key attribute \"acl\" has an unknown right: " + boost::json::serialize(right).substr(0, 64));
        }
    }
    for (const char* name : {"indexes", "referers"}) PENCHANT_CHECK(check_texts(attributes, name));
    for (const char* name : {"maxHitsPerQuery", "maxQueriesPerIPPerHour", "validity"}) {
        PENCHANT_CHECK(check_number(attributes, name));
    }
    for (const char* name : {"description", "queryParameters"}) {
        const boost::json::value* value = attributes.if_contains(name);
        if (value != nullptr && !value->is_null() && !value->is_string()) {
            return bad(fmt::format("Key attribute \"{}\" must be a string", name));
        }
    }
    if (boost::json::serialize(attributes).size() > attributes_bytes_max) {
        return bad(fmt::format("The key's attributes are longer than {} bytes", attributes_bytes_max));
    }
    const auto fill = [&attributes](std::string_view name, boost::json::value value) {
        boost::json::value& place = attributes[name];
        if (place.is_null()) place = std::move(value);
    };
    fill("description", "");
    fill("indexes", boost::json::array{});
    fill("referers", boost::json::array{});
    fill("maxHitsPerQuery", 0);
    fill("maxQueriesPerIPPerHour", 0);
    fill("queryParameters", "");
    fill("validity", 0);
    return attributes;
}

std::vector<std::string> texts(const boost::json::object& attributes, std::string_view name) {
    std::vector<std::string> result;
    if (const boost::json::value* value = attributes.if_contains(name); value != nullptr && value->is_array()) {
        for (const auto& entry : value->get_array())
            if (entry.is_string()) result.emplace_back(std::string_view{entry.get_string()});
    }
    return result;
}

struct Key {
    std::string text;
    std::int64_t created_ms = 0;
    boost::json::object attributes;
    std::shared_ptr<const Caller> caller;
};

std::shared_ptr<const Caller> caller_of(const Digest& digest, const boost::json::object& attributes) {
    auto caller = std::make_shared<Caller>();
    caller->acl = texts(attributes, "acl");
    caller->index_patterns = texts(attributes, "indexes");
    caller->key_id = short_name(digest);
    if (const boost::json::value* hits = attributes.if_contains("maxHitsPerQuery"); hits != nullptr && hits->is_int64()) {
        caller->hits_per_query_max = static_cast<std::uint32_t>(hits->get_int64());
    }
    return caller;
}

boost::json::object object_of(const Key& key) {
    boost::json::object result{{"value", key.text}, {"createdAt", key.created_ms}};
    for (const auto& [name, value] : key.attributes) result[name] = value;
    return result;
}

}  // namespace

struct Keys::Body {
    explicit Body(Store& own_store) : store{own_store} {}
    Store& store;
    Digest admin{};
    std::shared_ptr<const Caller> admin_caller;
    std::optional<std::string> made_admin;
    mutable std::shared_mutex mutex;
    std::mutex writing;          // one change at a time: first the store, then the map
    std::map<Digest, Key> keys;  // by digest: the time of a lookup says nothing of the key's text
};

Keys::Keys(std::unique_ptr<Body> body) : body_{std::move(body)} {}
Keys::~Keys() = default;

Result<std::unique_ptr<Keys>> Keys::open(Store& store, std::string_view admin_key) {
    auto body = std::make_unique<Body>(store);
    std::optional<Error> damaged;
    PENCHANT_CHECK(store.scan(Family::keys, {}, {}, [&](std::string_view id, std::string_view json) {
        auto value = parse_json_value(json);
        if (value.has_error() || !value->is_object() || id.size() != sizeof(Digest)) {
            damaged = Error{Errc::corrupt, "A stored API key cannot be read"};
            return false;
        }
        Key key;
        key.attributes = std::move(value->get_object());
        if (const auto* text = key.attributes.if_contains("value"); text != nullptr && text->is_string()) {
            key.text = std::string_view{text->get_string()};
        }
        if (const auto* at = key.attributes.if_contains("createdAt"); at != nullptr && at->is_int64()) {
            key.created_ms = at->get_int64();
        }
        key.attributes.erase("value");
        key.attributes.erase("createdAt");
        Digest digest{};
        std::copy(id.begin(), id.end(), digest.begin());
        key.caller = caller_of(digest, key.attributes);
        body->keys.emplace(digest, std::move(key));
        return true;
    }));
    if (damaged) return *damaged;

    if (!admin_key.empty()) {
        body->admin = digest_of(admin_key);
    } else {
        PENCHANT_TRY(const auto stored, store.get(Family::system, admin_digest_key));
        if (stored && stored->size() == sizeof(Digest)) {
            std::copy(stored->begin(), stored->end(), body->admin.begin());
        } else {
            PENCHANT_TRY(std::string made, random_key());
            body->admin = digest_of(made);
            StoreBatch batch;
            batch.put(Family::system, admin_digest_key, bytes_of(body->admin));
            PENCHANT_CHECK(store.write(std::move(batch)));
            body->made_admin = std::move(made);
        }
    }
    auto admin = std::make_shared<Caller>();
    admin->admin = true;
    admin->key_id = short_name(body->admin);
    body->admin_caller = std::move(admin);
    return std::unique_ptr<Keys>(new Keys{std::move(body)});
}

const std::optional<std::string>& Keys::made_admin_key() const { return body_->made_admin; }

std::shared_ptr<const Caller> Keys::find(std::string_view key) const {
    if (key.empty() || key.size() > key_bytes_max) return nullptr;
    const Digest digest = digest_of(key);
    if (same(digest, body_->admin)) return body_->admin_caller;
    const std::shared_lock lock{body_->mutex};
    const auto found = body_->keys.find(digest);
    return found != body_->keys.end() && same(found->first, digest) ? found->second.caller : nullptr;
}

Result<Keys::Made> Keys::add(const boost::json::object& attributes) {
    PENCHANT_TRY(boost::json::object own, checked(attributes));
    PENCHANT_TRY(std::string text, random_key());
    const Digest digest = digest_of(text);
    Key key{text, now_ms(), std::move(own), nullptr};
    key.caller = caller_of(digest, key.attributes);

    const std::lock_guard writing{body_->writing};
    if (body_->keys.size() >= keys_max) return bad(fmt::format("There are {} keys already, and no more are kept", keys_max));
    StoreBatch batch;
    batch.put(Family::keys, bytes_of(digest), boost::json::serialize(object_of(key)));
    PENCHANT_CHECK(body_->store.write(std::move(batch)));
    const Made made{std::move(text), key.created_ms};
    const std::lock_guard lock{body_->mutex};
    body_->keys.emplace(digest, std::move(key));
    return made;
}

Result<Keys::Made> Keys::replace(std::string_view key, const boost::json::object& attributes) {
    PENCHANT_TRY(boost::json::object own, checked(attributes));
    const Digest digest = digest_of(key);
    const std::lock_guard writing{body_->writing};
    const auto found = body_->keys.find(digest);
    if (found == body_->keys.end()) return Error{Errc::not_found, "Key does not exist"};
    Key changed{found->second.text, found->second.created_ms, std::move(own), nullptr};
    changed.caller = caller_of(digest, changed.attributes);
    StoreBatch batch;
    batch.put(Family::keys, bytes_of(digest), boost::json::serialize(object_of(changed)));
    PENCHANT_CHECK(body_->store.write(std::move(batch)));
    const std::lock_guard lock{body_->mutex};
    found->second = std::move(changed);
    return Made{std::string{key}, now_ms()};
}

Result<std::int64_t> Keys::remove(std::string_view key) {
    const Digest digest = digest_of(key);
    const std::lock_guard writing{body_->writing};
    const auto found = body_->keys.find(digest);
    if (found == body_->keys.end()) return Error{Errc::not_found, "Key does not exist"};
    StoreBatch batch;
    batch.remove(Family::keys, bytes_of(digest));
    PENCHANT_CHECK(body_->store.write(std::move(batch)));
    const std::lock_guard lock{body_->mutex};
    body_->keys.erase(found);
    return now_ms();
}

std::optional<boost::json::object> Keys::get(std::string_view key) const {
    const Digest digest = digest_of(key);
    const std::shared_lock lock{body_->mutex};
    const auto found = body_->keys.find(digest);
    if (found == body_->keys.end()) return std::nullopt;
    return object_of(found->second);
}

boost::json::array Keys::list() const {
    std::vector<const Key*> sorted;
    const std::shared_lock lock{body_->mutex};
    for (const auto& [digest, key] : body_->keys) sorted.push_back(&key);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Key* a, const Key* b) { return a->created_ms < b->created_ms; });
    boost::json::array result;
    for (const Key* key : sorted) result.push_back(object_of(*key));
    return result;
}

}  // namespace penchant
