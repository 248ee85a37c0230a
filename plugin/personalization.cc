// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/personalization.h"

#include "index/limits.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace penchant {

Personalization::Personalization(ModuleContext& context, std::unique_ptr<Strategies> strategies)
    : context_(context),
      roles_(context.catalog.store()),
      indices_(context.catalog.store(), "index/", 1U << 20U),
      credits_(context.catalog, indices_),
      visitors_(context.catalog.store(), context.catalog.facet_values(), roles_, credits_, limits::profile_cache_bytes_max),
      strategies_(std::move(strategies)),
      reader_(visitors_, roles_, context.catalog.facet_values(), indices_,
              [&catalog = context.catalog](std::string_view name) { return catalog.snapshot(name); }),
      boosts_(visitors_, *strategies_, reader_),
      search_log_(context),
      erasure_(context) {}

Result<std::unique_ptr<Personalization>> Personalization::open(ModuleContext& context) {
    PENCHANT_TRY(auto strategies, Strategies::open(context.catalog.store()));
    std::unique_ptr<Personalization> personalization(new Personalization(context, std::move(strategies)));
    PENCHANT_CHECK(personalization->roles_.load());
    PENCHANT_CHECK(personalization->indices_.load());
    return personalization;
}

Result<void> Personalization::record(std::string_view body) {
    PENCHANT_TRY(const EventRequest request, parse_events(body, context_.now_ms()));
    PENCHANT_TRY(const Visitors::Recorded recorded, visitors_.record(request.events));
    search_log_.add(request.events);
    std::map<std::string_view, std::uint64_t> kinds;
    for (const Event& event : request.events)
        ++kinds[event.subtype == EventSubtype::none ? text_of(event.type) : text_of(event.subtype)];
    Metrics& metrics = context_.metrics;
    for (const auto& [kind, count] : kinds) metrics.count(fmt::format("penchant_events_total{{kind=\"{}\"}}", kind), count);
    if (request.telemetry != 0) metrics.count("penchant_events_total{kind=\"telemetry\"}", request.telemetry);
    if (recorded.repeated != 0) metrics.count("penchant_events_repeated_total", recorded.repeated);
    for (std::size_t note = 1; note < recorded.notes.size(); ++note)
        if (recorded.notes[note] != 0)
            metrics.count(
                fmt::format("penchant_event_credits_missing_total{{reason=\"{}\"}}", text_of(static_cast<CreditNote>(note))),
                recorded.notes[note]);
    return {};
}

Result<void> Personalization::erase(std::string_view token) {
    PENCHANT_TRY(Visitors::Erased erased, visitors_.erase(token));
    bool logged = false;
    for (const std::string& gone : erased.tokens) {
        PENCHANT_TRY(const bool had, search_log_.erase(gone));
        logged = logged || had;
    }
    // A visitor's searches lie among everybody's.
    if (logged) erased.ranges.push_back({Family::module, {std::string(search_keys::rows), search_keys::end_of(search_keys::visitors)}});
    erasure_.schedule(std::move(erased));
    return {};
}

Result<std::optional<Personalization::NamedProfile>> Personalization::named_profile(std::string_view token, View view,
                                                                                    bool with_times) {
    PENCHANT_TRY(Visitors::Group group, visitors_.group(token));
    NamedProfile profile;
    profile.tokens = std::move(group.tokens);
    bool known = false;
    for (const std::string& member : profile.tokens) {
        PENCHANT_TRY(const auto own, visitors_.profile(member));
        if (!own || own->empty()) continue;
        known = true;
        profile.last_event_ms = std::max(profile.last_event_ms, own->last_event_ms());
    }
    if (!known) return std::optional<NamedProfile>{};

    const std::shared_ptr<const StrategyState> state = strategies_->state();
    const FacetValueIds& values = context_.catalog.facet_values();
    const std::int64_t now_ms = context_.now_ms();
    std::map<FacetValueId, NamedAffinity> named;
    if (view == View::searches && state->classic) {
        PENCHANT_TRY(const auto classic, reader_.classic(profile.tokens, *state->classic, now_ms));
        for (const Affinity& affinity : classic.affinities) {
            NamedAffinity& one = named[affinity.id];
            std::tie(one.facet, one.value) = values.name(affinity.id);
            one.score = affinity.score;
            one.weight = state->classic->facet_score(one.facet);
        }
    } else {
        // Each index is read as its searches read it. A value in several indices has the best of its scores.
        std::vector<std::string> indices;
        if (state->advanced && !state->advanced->indices.empty()) {
            for (const AdvancedConfig::IndexConfig& config : state->advanced->indices) indices.push_back(config.index);
        } else {
            PENCHANT_TRY(indices, reader_.indices_of(profile.tokens));
        }
        for (const std::string& index : indices) {
            const std::shared_ptr<const Snapshot> snapshot = context_.catalog.snapshot(index);
            if (!snapshot) continue;
            const AdvancedConfig::IndexConfig* config = state->advanced ? state->advanced->find(index) : nullptr;
            PENCHANT_TRY(const Taste taste, reader_.read_counters(profile.tokens, config, index, *snapshot, now_ms));
            for (const TasteEntry& entry : taste.entries) {
                NamedAffinity& one = named[entry.id];
                std::tie(one.facet, one.value) = values.name(entry.id);
                one.score = std::max(one.score, entry.score);
                one.indices.push_back(index);
            }
        }
    }
    std::map<FacetValueId, std::int64_t> times;
    if (with_times) {
        PENCHANT_TRY(times, reader_.last_credited(profile.tokens));
    }
    for (auto& [id, affinity] : named) {
        if (const auto at = times.find(id); at != times.end()) affinity.last_credited_ms = at->second;
        profile.affinities.push_back(std::move(affinity));
    }
    std::stable_sort(profile.affinities.begin(), profile.affinities.end(),
                     [](const NamedAffinity& a, const NamedAffinity& b) { return a.score > b.score; });
    return std::optional(std::move(profile));
}

}  // namespace penchant
