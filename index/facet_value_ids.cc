// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/facet_value_ids.h"

#include <deque>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <fmt/format.h>

namespace penchant {
namespace {

std::string joined(std::string_view path, std::string_view value) {
    std::string key;
    key.reserve(path.size() + 1 + value.size());
    key.append(path).push_back('\0');
    key.append(value);
    return key;
}

}  // namespace

// Numbers start at 1 and have no gaps: number n is names[n - 1].
struct FacetValueIds::Body {
    Store* store = nullptr;
    mutable std::shared_mutex mutex;
    std::deque<std::string> names;                                // path NUL value; elements never move
    std::unordered_map<std::string_view, FacetValueId> numbers;  // borrows from names
    std::mutex save_mutex;                                        // one save at a time, so that numbers land in order
    std::size_t saved = 0;                                        // guarded by save_mutex
};

FacetValueIds::FacetValueIds(std::unique_ptr<Body> body) : body_(std::move(body)) {}
FacetValueIds::~FacetValueIds() = default;

Result<std::unique_ptr<FacetValueIds>> FacetValueIds::open(Store& store) {
    auto body = std::make_unique<Body>();
    body->store = &store;
    bool whole = true;
    PENCHANT_CHECK(store.scan(Family::facet_values, {}, {}, [&](std::string_view key, std::string_view value) {
        whole = key.size() == 4 && read_key_u32(key) == body->names.size() + 1 &&
                value.find('\0') != std::string_view::npos;
        if (!whole) return false;
        body->names.emplace_back(value);
        body->numbers.emplace(body->names.back(), static_cast<FacetValueId>(body->names.size()));
        return true;
    }));
    if (!whole)
        return Error{Errc::corrupt,
                     fmt::format("the numbers of facet values have a gap after {}", body->names.size())};
    body->saved = body->names.size();
    return std::unique_ptr<FacetValueIds>(new FacetValueIds(std::move(body)));
}

FacetValueId FacetValueIds::number(std::string_view path, std::string_view value) {
    const std::string key = joined(path, value);
    {
        const std::shared_lock lock(body_->mutex);
        if (const auto at = body_->numbers.find(key); at != body_->numbers.end()) return at->second;
    }
    const std::unique_lock lock(body_->mutex);
    if (const auto at = body_->numbers.find(key); at != body_->numbers.end()) return at->second;
    body_->names.push_back(key);
    const auto id = static_cast<FacetValueId>(body_->names.size());
    body_->numbers.emplace(body_->names.back(), id);
    return id;
}

std::optional<FacetValueId> FacetValueIds::find(std::string_view path, std::string_view value) const {
    const std::string key = joined(path, value);
    const std::shared_lock lock(body_->mutex);
    const auto at = body_->numbers.find(key);
    if (at == body_->numbers.end()) return std::nullopt;
    return at->second;
}

std::pair<std::string, std::string> FacetValueIds::name(FacetValueId id) const {
    const std::shared_lock lock(body_->mutex);
    if (id == 0 || id > body_->names.size()) return {};
    const std::string& key = body_->names[id - 1];
    const std::size_t end = key.find('\0');
    return {key.substr(0, end), key.substr(end + 1)};
}

std::size_t FacetValueIds::size() const {
    const std::shared_lock lock(body_->mutex);
    return body_->names.size();
}

Result<void> FacetValueIds::save() {
    const std::lock_guard saving(body_->save_mutex);
    StoreBatch batch;
    std::size_t end = 0;
    {
        const std::shared_lock lock(body_->mutex);
        end = body_->names.size();
        for (std::size_t i = body_->saved; i < end; ++i)
            batch.put(Family::facet_values, key_u32(static_cast<std::uint32_t>(i + 1)), body_->names[i]);
    }
    if (batch.empty()) return {};
    PENCHANT_CHECK(body_->store->write(std::move(batch)));
    body_->saved = end;
    return {};
}

}  // namespace penchant
