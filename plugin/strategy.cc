// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/strategy.h"

#include "index/limits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace penchant {
namespace {

constexpr std::string_view classic_key = "strategy/classic";
constexpr std::string_view advanced_key = "strategy/advanced";
constexpr std::size_t entries_max = 1'000;
constexpr std::int64_t score_max = 1'000'000;

namespace json = boost::json;

Error refused(std::string what) { return {Errc::bad_request, std::move(what)}; }
Error body_refused(std::string_view what) { return refused(fmt::format("Invalid request body: {}", what)); }

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

Result<json::object> parse_object(std::string_view text) {
    boost::system::error_code failed;
    json::parse_options options;
    options.max_depth = limits::json_depth_max;
    json::value value = json::parse(text, failed, {}, options);
    if (failed) return refused(fmt::format("the body is not JSON: {}", failed.message()));
    if (!value.is_object()) return refused("the body must be a JSON object");
    return std::move(value.as_object());
}

std::optional<std::int64_t> integer_of(const json::value& value) {
    if (value.is_int64()) return value.get_int64();
    if (value.is_double() && std::nearbyint(value.get_double()) == value.get_double() && std::abs(value.get_double()) < 9e15)
        return static_cast<std::int64_t>(value.get_double());
    return std::nullopt;
}

std::optional<EventType> type_of(std::string_view text) {
    for (const EventType type : {EventType::click, EventType::conversion, EventType::view})
        if (text_of(type) == text) return type;
    return std::nullopt;
}

Result<void> only_keys(const json::object& object, std::initializer_list<std::string_view> known, std::string_view where) {
    for (const auto& entry : object) {
        const std::string_view key(entry.key().data(), entry.key().size());
        if (std::find(known.begin(), known.end(), key) == known.end())
            return refused(fmt::format("{} has an unknown key \"{}\"", where, key));
    }
    return {};
}

Result<std::string> text_at(const json::object& object, std::string_view key, std::string_view where) {
    const json::value* value = object.if_contains(key);
    if (!value) return refused(fmt::format("{}.{} is required", where, key));
    if (!value->is_string() || value->get_string().empty())
        return refused(fmt::format("{}.{} must be a non-empty string", where, key));
    return std::string(view(value->get_string()));
}

Result<std::int64_t> score_at(const json::object& object, std::string_view where, std::int64_t max) {
    const json::value* value = object.if_contains("score");
    if (!value) return refused(fmt::format("{}.score is required", where));
    const auto score = integer_of(*value);
    if (!score || *score < 0 || *score > max) return refused(fmt::format("{}.score must be an integer from 0 to {}", where, max));
    return *score;
}

/// The array under either spelling; the newer one wins.
Result<const json::array*> list_at(const json::object& object, std::string_view key, std::string_view old_key) {
    const json::value* value = object.if_contains(key);
    if (!value) value = object.if_contains(old_key);
    if (!value) return refused(fmt::format("{} is required", key));
    if (!value->is_array()) return refused(fmt::format("{} must be an array", key));
    if (value->get_array().size() > entries_max) return refused(fmt::format("{} must have at most {} entries", key, entries_max));
    return &value->get_array();
}

struct RoleList {
    std::string_view name;
    double weight;
};
constexpr std::array<RoleList, 4> role_lists{{{"viewListing", 1}, {"viewDetails", 3}, {"addToCart", 6}, {"purchase", 10}}};

struct Level {
    std::string_view name;
    int impact;
};
constexpr std::array<Level, 5> levels{{{"none", 0}, {"low", 25}, {"medium", 50}, {"high", 75}, {"maximum", 100}}};

Result<void> parse_selectors(AdvancedConfig::IndexConfig& config, const json::object& events) {
    for (const RoleList& role : role_lists) {
        const json::value* list = events.if_contains(role.name);
        if (!list || !list->is_array())
            return body_refused(fmt::format("source.events.{} of index {} must be a list", role.name, config.index));
        if (list->get_array().size() > entries_max)
            return body_refused(fmt::format("source.events.{} must have at most {} entries", role.name, entries_max));
        for (const json::value& entry : list->get_array()) {
            const auto bad = [&](std::string_view what) {
                return body_refused(fmt::format("source.events.{} of index {}: {}", role.name, config.index, what));
            };
            const json::object* object = entry.if_object();
            if (!object) return bad("an event must be an object");
            const json::value* type = object->if_contains("type");
            const json::value* name = object->if_contains("name");
            const json::value* subtype = object->if_contains("subtype");
            AdvancedConfig::EventSelector selector;
            const auto known = type && type->is_string() ? type_of(view(type->get_string())) : std::nullopt;
            if (!known) return bad("type must be \"click\", \"conversion\" or \"view\"");
            selector.type = *known;
            if (!name || !name->is_string() || name->get_string().empty()) return bad("name must be a non-empty string");
            selector.name = view(name->get_string());
            if (subtype && !subtype->is_null()) {
                if (!subtype->is_string()) return bad("subtype must be \"addToCart\" or \"purchase\"");
                if (view(subtype->get_string()) == "addToCart") selector.subtype = EventSubtype::add_to_cart;
                else if (view(subtype->get_string()) == "purchase") selector.subtype = EventSubtype::purchase;
                else return bad("subtype must be \"addToCart\" or \"purchase\"");
            }
            config.events.emplace_back(std::move(selector), role.weight);
        }
    }
    return {};
}

bool reserved_attribute(std::string_view name) {
    constexpr std::array<std::string_view, 6> reserved{"app_id",     "client_id",         "session_id",
                                                       "updated_at", "__index_level_0__", "objectID"};
    return name.substr(0, 4) == "_ds_" || std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

Result<AdvancedConfig::IndexConfig> parse_index(const json::value& value) {
    const json::object* object = value.if_object();
    if (!object) return body_refused("an entry of indices must be an object");
    AdvancedConfig::IndexConfig config;
    const json::value* index = object->if_contains("index");
    if (!index || !index->is_string() || index->get_string().empty())
        return body_refused("indices.index must be a non-empty string");
    config.index = view(index->get_string());
    const json::value* affinities = object->if_contains("affinities");
    if (!affinities || !affinities->is_array() || affinities->get_array().empty())
        return body_refused(fmt::format("affinities of index {} must be a list of attributes", config.index));
    if (affinities->get_array().size() > limits::facet_attributes_max)
        return body_refused(fmt::format("affinities of index {} must be at most {}", config.index, limits::facet_attributes_max));
    for (const json::value& name : affinities->get_array()) {
        if (!name.is_string() || name.get_string().empty())
            return body_refused(fmt::format("affinities of index {} must be non-empty strings", config.index));
        if (reserved_attribute(view(name.get_string())))
            return body_refused(fmt::format("attribute {} is reserved", view(name.get_string())));
        config.affinities.emplace_back(view(name.get_string()));
    }
    const json::value* source = object->if_contains("source");
    if (!source || !source->is_object()) return body_refused(fmt::format("source of index {} must be an object", config.index));
    const json::value* type = source->get_object().if_contains("type");
    if (!type || !type->is_string() || view(type->get_string()) != "insights")
        return body_refused(fmt::format("source.type of index {} must be \"insights\"", config.index));
    const json::value* events = source->get_object().if_contains("events");
    if (!events || !events->is_object())
        return body_refused(fmt::format("source.events of index {} must be an object", config.index));
    PENCHANT_CHECK(parse_selectors(config, events->get_object()));
    config.source = source->get_object();
    return config;
}

}  // namespace

// -- classic -----------------------------------------------------------------------------------------------------------

Result<ClassicStrategy> ClassicStrategy::parse(std::string_view text) {
    PENCHANT_TRY(const json::object body, parse_object(text));
    PENCHANT_CHECK(only_keys(body, {"eventsScoring", "eventScoring", "facetsScoring", "facetScoring", "personalizationImpact"},
                             "the strategy"));
    ClassicStrategy strategy;
    PENCHANT_TRY(const json::array* const events, list_at(body, "eventsScoring", "eventScoring"));
    for (const json::value& entry : *events) {
        if (!entry.is_object()) return refused("eventsScoring must hold objects");
        const json::object& object = entry.get_object();
        PENCHANT_CHECK(only_keys(object, {"eventName", "eventType", "score"}, "eventsScoring"));
        EventScore event;
        PENCHANT_TRY(event.name, text_at(object, "eventName", "eventsScoring"));
        PENCHANT_TRY(const std::string type, text_at(object, "eventType", "eventsScoring"));
        const auto known = type_of(type);
        if (!known) return refused("eventsScoring.eventType must be \"click\", \"conversion\" or \"view\"");
        event.type = *known;
        PENCHANT_TRY(event.score, score_at(object, "eventsScoring", score_max));
        strategy.events.push_back(std::move(event));
    }
    PENCHANT_TRY(const json::array* const facets, list_at(body, "facetsScoring", "facetScoring"));
    for (const json::value& entry : *facets) {
        if (!entry.is_object()) return refused("facetsScoring must hold objects");
        const json::object& object = entry.get_object();
        PENCHANT_CHECK(only_keys(object, {"facetName", "score"}, "facetsScoring"));
        FacetScore facet;
        PENCHANT_TRY(facet.facet, text_at(object, "facetName", "facetsScoring"));
        PENCHANT_TRY(const std::int64_t score, score_at(object, "facetsScoring", score_max));
        facet.score = static_cast<int>(score);
        strategy.facets.push_back(std::move(facet));
    }
    const json::value* impact = body.if_contains("personalizationImpact");
    if (!impact) return refused("personalizationImpact is required");
    const auto number = integer_of(*impact);
    if (!number || *number < 0 || *number > 100) return refused("personalizationImpact must be an integer from 0 to 100");
    strategy.impact = static_cast<int>(*number);
    return strategy;
}

json::object ClassicStrategy::to_json() const {
    json::array event_list;
    for (const EventScore& event : events)
        event_list.push_back(json::object{{"eventName", event.name}, {"eventType", text_of(event.type)}, {"score", event.score}});
    json::array facet_list;
    for (const FacetScore& facet : facets) facet_list.push_back(json::object{{"facetName", facet.facet}, {"score", facet.score}});
    return {
        {"eventsScoring", std::move(event_list)}, {"facetsScoring", std::move(facet_list)}, {"personalizationImpact", impact}};
}

std::int64_t ClassicStrategy::event_score(EventType type, std::string_view name) const {
    for (const EventScore& event : events)
        if (event.type == type && event.name == name) return event.score;
    return 0;
}

int ClassicStrategy::facet_score(std::string_view facet) const {
    for (const FacetScore& entry : facets)
        if (entry.facet == facet) return entry.score;
    return 0;
}

// -- advanced ----------------------------------------------------------------------------------------------------------

Result<AdvancedConfig> AdvancedConfig::parse(std::string_view text) {
    auto parsed = parse_object(text);
    if (parsed.has_error()) return body_refused(parsed.error().what);
    const json::object& body = *parsed;
    AdvancedConfig config;
    const json::value* indices = body.if_contains("indices");
    if (!indices || !indices->is_array()) return body_refused("indices must be a list");
    if (indices->get_array().size() > limits::indices_max)
        return body_refused(fmt::format("indices must be at most {}", limits::indices_max));
    for (const json::value& entry : indices->get_array()) {
        PENCHANT_TRY(IndexConfig index, parse_index(entry));
        if (config.find(index.index)) return body_refused(fmt::format("index {} is there twice", index.index));
        config.indices.push_back(std::move(index));
    }
    const json::value* level = body.if_contains("personalizationReRanking");
    const bool known_level = level && level->is_string() && std::any_of(levels.begin(), levels.end(), [&](const Level& entry) {
                                 return entry.name == view(level->get_string());
                             });
    if (!known_level) return body_refused("personalizationReRanking must be none, low, medium, high or maximum");
    config.reranking = view(level->get_string());
    const json::value* type = body.if_contains("profileType");
    if (!type || !type->is_string() || view(type->get_string()) != "basic") return body_refused("profileType must be \"basic\"");
    const json::value* features = body.if_contains("features");
    if (!features || !features->is_object()) return body_refused("features must be an object");
    config.features = features->get_object();
    if (const json::value* updated = body.if_contains("updatedAtMs"); updated && updated->is_int64())
        config.updated_at_ms = updated->get_int64();  // only in our own stored form
    return config;
}

json::object AdvancedConfig::to_json() const {
    json::array list;
    for (const IndexConfig& config : indices) {
        json::array names;
        for (const std::string& name : config.affinities) names.push_back(json::string(name));
        list.push_back(json::object{{"index", config.index}, {"affinities", std::move(names)}, {"source", config.source}});
    }
    return {{"indices", std::move(list)},
            {"personalizationReRanking", reranking},
            {"profileType", profile_type},
            {"features", features}};
}

int AdvancedConfig::impact() const {
    for (const Level& level : levels)
        if (level.name == reranking) return level.impact;
    return 0;
}

const AdvancedConfig::IndexConfig* AdvancedConfig::find(std::string_view index) const {
    for (const IndexConfig& config : indices)
        if (config.index == index) return &config;
    return nullptr;
}

// -- weights -----------------------------------------------------------------------------------------------------------

double default_weight(EventType type, EventSubtype subtype) {
    switch (type) {
        case EventType::view: return 1;
        case EventType::click: return 3;
        case EventType::conversion: return subtype == EventSubtype::purchase ? 10 : 6;
    }
    return 0;
}

double RoleWeights::operator()(RoleId id) {
    if (id >= weights_.size()) weights_.resize(std::size_t{id} + 1, std::numeric_limits<double>::quiet_NaN());
    double& weight = weights_[id];
    if (!std::isnan(weight)) return weight;
    const Role role = roles_.role(id);
    if (!config_) return weight = default_weight(role.type, role.subtype);
    weight = 0;
    for (const auto& [selector, value] : config_->events)
        if (selector.type == role.type && selector.name == role.name && (!selector.subtype || *selector.subtype == role.subtype))
            weight = std::max(weight, value);
    return weight;
}

bool is_placeholder(std::string_view value) {
    constexpr std::array<std::string_view, 12> placeholders{"",     "not-set", "{}",  "Unknown", "unknown", "***",
                                                            "None", "none",    "N/A", "n/a",     "NULL",    "null"};
    return std::find(placeholders.begin(), placeholders.end(), value) != placeholders.end();
}

bool looks_numeric(std::string_view value) {
    if (value.empty()) return false;
    double number = 0;
    const char* begin = value.front() == '+' ? value.data() + 1 : value.data();
    const auto read = std::from_chars(begin, value.data() + value.size(), number);
    return read.ec == std::errc{} && read.ptr == value.data() + value.size() && std::isfinite(number);
}

// -- the saved ones ----------------------------------------------------------------------------------------------------

Result<std::unique_ptr<Strategies>> Strategies::open(Store& store) {
    std::unique_ptr<Strategies> strategies(new Strategies(store));
    StrategyState state;
    PENCHANT_TRY(const auto classic, store.get(Family::module, classic_key));
    if (classic) {
        PENCHANT_TRY(state.classic, ClassicStrategy::parse(*classic));
    }
    PENCHANT_TRY(const auto advanced, store.get(Family::module, advanced_key));
    if (advanced) {
        PENCHANT_TRY(state.advanced, AdvancedConfig::parse(*advanced));
    }
    strategies->publish(std::move(state));
    return strategies;
}

std::shared_ptr<const StrategyState> Strategies::state() const {
    const std::lock_guard guard(mutex_);
    return state_;
}

void Strategies::publish(StrategyState state) {
    const std::lock_guard guard(mutex_);
    state.version = state_->version + 1;
    state_ = std::make_shared<const StrategyState>(std::move(state));
    version_.store(state_->version, std::memory_order_release);
}

Result<void> Strategies::save(const ClassicStrategy& classic) {
    const std::lock_guard guard(save_mutex_);
    StoreBatch batch;
    batch.put(Family::module, classic_key, json::serialize(classic.to_json()));
    PENCHANT_CHECK(store_.write(std::move(batch)));
    StrategyState next = *state();
    next.classic = classic;
    publish(std::move(next));
    return {};
}

Result<void> Strategies::save(AdvancedConfig advanced, std::int64_t now_ms) {
    const std::lock_guard guard(save_mutex_);
    advanced.updated_at_ms = now_ms;
    json::object stored = advanced.to_json();
    stored["updatedAtMs"] = now_ms;
    StoreBatch batch;
    batch.put(Family::module, advanced_key, json::serialize(stored));
    PENCHANT_CHECK(store_.write(std::move(batch)));
    StrategyState next = *state();
    next.advanced = std::move(advanced);
    publish(std::move(next));
    return {};
}

}  // namespace penchant
