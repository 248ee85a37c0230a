// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/taste.h"

#include "index/limits.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>

namespace penchant {

struct TasteReader::Sums {
    std::vector<std::pair<FacetValueId, double>> values;  // sorted by id
    std::map<std::uint32_t, double> records;              // by index number
    std::map<std::uint32_t, std::shared_ptr<const Snapshot>> snapshots;
};

TasteReader::TasteReader(Visitors& visitors, const Roles& roles, const FacetValueIds& values, const NameTable& indices,
                         SnapshotOf snapshot_of)
    : visitors_(visitors), roles_(roles), values_(values), indices_(indices), snapshot_of_(std::move(snapshot_of)) {}

void keep_best(std::vector<TasteEntry>& entries) {
    std::sort(entries.begin(), entries.end(), [](const TasteEntry& a, const TasteEntry& b) {
        const double first = a.score * a.weight;
        const double second = b.score * b.weight;
        return std::tie(second, a.id) < std::tie(first, b.id);
    });
    if (entries.size() > limits::affinities_per_query_max) entries.resize(limits::affinities_per_query_max);
}

// Tokens come in byte order and counters in order of ids, so the sum is the same bits whenever the counters are.
Result<TasteReader::Sums> TasteReader::sums_of(std::span<const std::string> tokens, RoleWeights& weights, std::int64_t now_ms) {
    Sums sums;
    for (const std::string& token : tokens) {
        PENCHANT_TRY(const auto profile, visitors_.profile(token));
        if (!profile) continue;
        const double lasting = profile->lasting_factor(now_ms);
        const double session = profile->session_factor(now_ms);
        for (const Counter& counter : profile->counters()) {
            const double weight = weights(counter.role);
            if (weight == 0) continue;
            const double amount = weight * (static_cast<double>(counter.lasting) * lasting +
                                            session_weight * static_cast<double>(counter.session) * session);
            if ((counter.id & record_total_bit) != 0) sums.records[counter.id & ~record_total_bit] += amount;
            else sums.values.emplace_back(counter.id, amount);
        }
    }
    std::stable_sort(sums.values.begin(), sums.values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < sums.values.size(); ++i) {
        if (kept > 0 && sums.values[kept - 1].first == sums.values[i].first) {
            sums.values[kept - 1].second += sums.values[i].second;
        } else {
            sums.values[kept++] = sums.values[i];
        }
    }
    sums.values.resize(kept);
    for (const auto& entry : sums.records) sums.snapshots.emplace(entry.first, snapshot_of_(indices_.name(entry.first)));
    return sums;
}

double TasteReader::total_of(const Sums& sums, std::string_view path, std::string_view index, const Snapshot& snapshot) {
    double total = 0;
    for (const auto& [number, amount] : sums.records) {
        const std::shared_ptr<const Snapshot>& other = sums.snapshots.at(number);
        const Columns* columns = indices_.name(number) == index ? &snapshot.columns : other ? &other->columns : nullptr;
        if (columns && columns->find_facet(path)) total += amount;
    }
    return total;
}

namespace {

/// "categories" for "categories.lvl1": the levels of a hierarchy are attributes of one base (A 2.9). Empty for others.
std::string_view hierarchy_of(std::string_view path) {
    const std::size_t dot = path.rfind(".lvl");
    if (dot == std::string_view::npos || dot + 5 != path.size()) return {};
    const char level = path.back();
    return level >= '0' && level <= '9' ? path.substr(0, dot) : std::string_view{};
}

/// The weight of one value of an attribute, in per cent. A record's values share the weight of their attribute, and the
/// levels of a hierarchy share the weight of one, or five sizes and three levels would outweigh every brand.
int weight_of_value(const Columns& columns, std::size_t attribute, const std::vector<std::string>& paths,
                    std::uint32_t records) {
    std::uint64_t values = 0;
    const auto counts = columns.value_counts().subspan(columns.flat_begin(attribute), columns.dictionary(attribute).size());
    for (const std::uint32_t count : counts) values += count;
    const double values_per_record = std::max(1.0, static_cast<double>(values) / records);
    const std::string_view base = hierarchy_of(columns.facet_path(attribute));
    const auto levels = base.empty() ? 1 : std::count_if(paths.begin(), paths.end(), [&](const std::string& path) {
        return hierarchy_of(path) == base;
    });
    return std::max(1, static_cast<int>(std::lround(100 / (values_per_record * static_cast<double>(std::max<std::ptrdiff_t>(1, levels))))));
}

}  // namespace

Result<Taste> TasteReader::read_counters(std::span<const std::string> tokens, const AdvancedConfig::IndexConfig* config,
                                         std::string_view index, const Snapshot& snapshot, std::int64_t now_ms) {
    Taste taste;
    taste.impact = default_impact;
    taste.valid_until_ms = now_ms + reading_life_ms;
    RoleWeights weights(roles_, config);
    PENCHANT_TRY(const Sums sums, sums_of(tokens, weights, now_ms));
    if (sums.values.empty() || snapshot.records == 0) return taste;

    std::vector<std::string> paths;
    if (config) {
        paths = config->affinities;
    } else {
        for (const FacetAttribute& attribute : snapshot.settings->attributes_for_faceting)
            if (!attribute.filter_only) paths.push_back(attribute.path);
    }
    const Columns& columns = snapshot.columns;
    std::vector<Evidence> evidence;
    std::unordered_map<FacetValueId, TasteEntry> places;
    for (const std::string& path : paths) {
        const auto attribute = columns.find_facet(path);
        if (!attribute) continue;
        const FacetDictionary& dictionary = columns.dictionary(*attribute);
        const double total = total_of(sums, path, index, snapshot);
        const int weight = weight_of_value(columns, *attribute, paths, snapshot.records);
        for (const auto& [id, amount] : sums.values) {
            const auto ordinal = dictionary.find_id(id);
            if (!ordinal) continue;
            const std::string& text = dictionary.value(*ordinal).text;
            if (is_placeholder(text) || (!config && looks_numeric(text))) continue;
            TasteEntry entry;
            entry.id = id;
            entry.attribute = static_cast<std::uint32_t>(*attribute);
            entry.flat = columns.flat_begin(*attribute) + *ordinal;
            entry.weight = weight;
            if (!places.emplace(id, entry).second) continue;
            evidence.push_back({id, amount, std::max(total, amount),
                                static_cast<double>(columns.value_counts()[entry.flat]) / snapshot.records});
        }
    }
    for (const Affinity& affinity : affinities_of(evidence)) {
        TasteEntry entry = places.at(affinity.id);
        entry.score = affinity.score;
        taste.entries.push_back(entry);
    }
    keep_best(taste.entries);
    return taste;
}

Result<Taste> TasteReader::read(std::span<const std::string> tokens, const StrategyState& state, std::string_view index,
                                const Snapshot& snapshot, std::int64_t now_ms) {
    if (!state.classic) {
        const AdvancedConfig::IndexConfig* config = state.advanced ? state.advanced->find(index) : nullptr;
        PENCHANT_TRY(Taste taste, read_counters(tokens, config, index, snapshot, now_ms));
        if (config) taste.impact = state.advanced->impact();
        return taste;
    }
    PENCHANT_TRY(const ClassicProfile profile, classic(tokens, *state.classic, now_ms));
    Taste taste;
    taste.impact = state.classic->impact;
    taste.valid_until_ms = profile.valid_until_ms;
    const Columns& columns = snapshot.columns;
    for (const ClassicStrategy::FacetScore& facet : state.classic->facets) {
        const auto attribute = columns.find_facet(facet.facet);
        // A facet listed twice counts as its first entry says.
        const int weight = state.classic->facet_score(facet.facet);
        if (!attribute || weight == 0) continue;
        for (const Affinity& affinity : profile.affinities) {
            const auto ordinal = columns.dictionary(*attribute).find_id(affinity.id);
            if (!ordinal) continue;
            TasteEntry entry;
            entry.id = affinity.id;
            entry.attribute = static_cast<std::uint32_t>(*attribute);
            entry.flat = columns.flat_begin(*attribute) + *ordinal;
            entry.weight = weight;
            entry.score = affinity.score;
            const bool there = std::any_of(taste.entries.begin(), taste.entries.end(),
                                           [&](const TasteEntry& other) { return other.id == entry.id; });
            if (!there) taste.entries.push_back(entry);
        }
    }
    keep_best(taste.entries);
    return taste;
}

Result<TasteReader::ClassicProfile> TasteReader::classic(std::span<const std::string> tokens, const ClassicStrategy& strategy,
                                                         std::int64_t now_ms) {
    std::unordered_map<FacetValueId, std::int64_t> sums;
    std::unordered_map<RoleId, std::int64_t> scores;
    ClassicProfile profile;
    profile.valid_until_ms = std::numeric_limits<std::int64_t>::max();
    for (const std::string& token : tokens) {
        PENCHANT_TRY(const auto known, visitors_.profile(token));
        if (!known || known->empty()) continue;
        const std::int64_t from_ms = std::max(now_ms - classic_window_ms, known->deleted_until_ms());
        Result<void> outcome;
        PENCHANT_CHECK(scan_events(visitors_.store(), token, from_ms, [&](LoggedEvent& logged) {
            auto found = scores.find(logged.role);
            if (found == scores.end()) {
                const Role role = roles_.role(logged.role);
                if (role.name.empty()) {
                    // The table of names was full: the name is in the log.
                    auto event = event_of_json(logged.json);
                    if (event.has_error()) {
                        outcome = std::move(event).error();
                        return false;
                    }
                    const std::int64_t score = strategy.event_score(event->type, event->name);
                    for (const Credit& credit : logged.credits.credits)
                        for (const FacetValueId id : credit.values) sums[id] += score;
                    if (score > 0) profile.valid_until_ms = std::min(profile.valid_until_ms, logged.time_ms);
                    return true;
                }
                found = scores.emplace(logged.role, strategy.event_score(role.type, role.name)).first;
            }
            if (found->second == 0) return true;
            for (const Credit& credit : logged.credits.credits)
                for (const FacetValueId id : credit.values) sums[id] += found->second;
            profile.valid_until_ms = std::min(profile.valid_until_ms, logged.time_ms);
            return true;
        }));
        PENCHANT_CHECK(outcome);
    }
    profile.valid_until_ms = profile.valid_until_ms == std::numeric_limits<std::int64_t>::max()
                                 ? now_ms + reading_life_ms
                                 : profile.valid_until_ms + classic_window_ms;
    std::vector<RawSum> raw;
    raw.reserve(sums.size());
    for (const auto& [id, sum] : sums)
        if (strategy.facet_score(values_.name(id).first) > 0) raw.push_back({id, sum});
    profile.affinities = classic_affinities_of(raw);
    return profile;
}

Result<std::vector<std::string>> TasteReader::indices_of(std::span<const std::string> tokens) {
    std::set<std::string> names;
    for (const std::string& token : tokens) {
        PENCHANT_TRY(const auto profile, visitors_.profile(token));
        if (!profile) continue;
        for (const Counter& counter : profile->counters())
            if ((counter.id & record_total_bit) != 0) names.insert(indices_.name(counter.id & ~record_total_bit));
    }
    return std::vector<std::string>(names.begin(), names.end());
}

Result<std::map<FacetValueId, std::int64_t>> TasteReader::last_credited(std::span<const std::string> tokens) {
    std::map<FacetValueId, std::int64_t> last;
    for (const std::string& token : tokens) {
        PENCHANT_TRY(const auto known, visitors_.profile(token));
        if (!known || known->empty()) continue;
        PENCHANT_CHECK(scan_events(visitors_.store(), token, known->deleted_until_ms(), [&](LoggedEvent& logged) {
            for (const Credit& credit : logged.credits.credits)
                for (const FacetValueId id : credit.values) last[id] = std::max(last[id], logged.time_ms);
            return true;
        }));
    }
    return last;
}

}  // namespace penchant
