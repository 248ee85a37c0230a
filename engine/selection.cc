// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/selection.h"

#include "engine/distinct.h"
#include "engine/strictness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace penchant {
using namespace std::string_literals;

namespace {

constexpr std::size_t block_size = Filter::block_size;

// The greatest absolute value, in lanes that the compiler can keep in one register.
float greatest(std::span<const float> values) {
    constexpr std::size_t lanes = 8;
    std::array<float, lanes> most{};
    std::size_t i = 0;
    for (; i + lanes <= values.size(); i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const float value = std::abs(values[i + lane]);
            most[lane] = value > most[lane] ? value : most[lane];
        }
    for (; i < values.size(); ++i) most[0] = std::max(most[0], std::abs(values[i]));
    return *std::max_element(most.begin(), most.end());
}

// Takes the records `taken`, ascending, out of the matches.
void remove_records(Matches& matches, std::span<const Ordinal> taken) {
    std::size_t kept = 0;
    std::size_t from = 0;
    const auto keep_until = [&](std::size_t to) {
        const auto move = [&](auto& values) {
            std::copy(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to),
                      values.begin() + static_cast<std::ptrdiff_t>(kept));
        };
        if (from != kept) {
            move(matches.ordinals);
            if (!matches.keys.empty()) move(matches.keys);
        }
        kept += to - from;
    };
    for (const Ordinal ordinal : taken) {
        const auto at = std::lower_bound(matches.ordinals.begin() + static_cast<std::ptrdiff_t>(from),
                                         matches.ordinals.end(), ordinal);
        if (at == matches.ordinals.end()) break;
        if (*at != ordinal) continue;
        const auto place = static_cast<std::size_t>(at - matches.ordinals.begin());
        keep_until(place);
        from = place + 1;
    }
    keep_until(matches.ordinals.size());
    matches.ordinals.resize(kept);
    if (!matches.keys.empty()) matches.keys.resize(kept);
}

}  // namespace

PageCut page_cut(const Query& query) {
    const bool by_offset = query.offset || query.length;
    const std::uint64_t length = by_offset ? query.length.value_or(query.hits_per_page) : query.hits_per_page;
    const std::uint64_t offset = by_offset ? query.offset.value_or(0) : std::uint64_t{query.page} * query.hits_per_page;
    const std::uint64_t reachable = query.pagination_limited_to;
    if (offset >= reachable) return {};
    return {offset, std::min(length, reachable - offset)};
}

Result<Selection> Selection::prepare(const Snapshot& snapshot, const Query& query, const WordKnowledge& knowledge) {
    static const Synonyms none;
    Selection selection;
    selection.snapshot_ = &snapshot;
    selection.query_ = &query;
    PENCHANT_TRY(selection.filters_, parse_query_filters(query));
    auto text = std::make_unique<TextQuery>(
        text_query(query, {snapshot, knowledge.synonyms ? *knowledge.synonyms : none, knowledge.language}));
    selection.rules_ = std::make_unique<AttributeRules>(attribute_rules(
        *snapshot.settings, query.words, *snapshot.attributes, query.restrict_searchable_attributes));
    selection.filter_ = std::make_unique<Filter>(selection.filters_, snapshot, query.sum_or_filters_scores);
    selection.geo_ = std::make_unique<GeoFilter>(query.geo, snapshot);
    const MatchOptions options{.exact_on_single_word = query.words.exact_on_single_word_query,
                               .min_proximity = query.words.min_proximity,
                               .attribute_by_min_proximity = query.words.attribute_criteria_computed_by_min_proximity,
                               .typo_tolerance = query.words.typo_tolerance,
                               .words_first = text->words_first};
    const auto make_matcher = [&] {
        selection.matcher_ = std::make_unique<Matcher>(snapshot, *text, *selection.rules_, *selection.filter_,
                                                       *selection.geo_, options);
    };
    make_matcher();
    if (query.words.remove_words_if_no_results != RemoveWords::none && text->words.size() > 1) {
        const std::string_view typed = query.similar_query.empty() ? query.text : query.similar_query;
        while (!selection.matcher_->finds_any()) {
            const bool removed = remove_word(*text, query.words.remove_words_if_no_results, typed);
            if (!removed) restore_words(*text);
            make_matcher();
            if (!removed) break;
        }
    }
    selection.text_ = std::move(text);
    return selection;
}

void Selection::pin(const Pins& pins) {
    PENCHANT_ASSERT(taken_.empty());
    for (const PinGroup& group : pins.promoted) {
        PinGroup stands{{}, group.position, group.filtered};
        for (const Ordinal ordinal : group.records) {
            std::array<std::uint16_t, 1> kept{};
            if (snapshot_->deleted(ordinal)) continue;
            if (group.filtered && filter_->keep({&ordinal, 1}, kept) == 0) continue;
            stands.records.push_back(ordinal);
            promoted_.push_back(ordinal);
        }
        if (!stands.records.empty()) pinned_.push_back(std::move(stands));
    }
    std::sort(promoted_.begin(), promoted_.end());
    taken_ = promoted_;
    taken_.insert(taken_.end(), pins.hidden.begin(), pins.hidden.end());
    std::sort(taken_.begin(), taken_.end());
    if (!taken_.empty()) pins_key_ = Pins{pinned_, pins.hidden}.normalized();
}

std::span<const std::uint32_t> Selection::custom_rank() const {
    if (!matcher_->layout().custom()) return {};
    return snapshot_->columns.custom_rank();
}

// Everything that matches and has no place of its own.
void Selection::find(Matches& matches) const {
    matcher_->run(matches);
    if (!taken_.empty()) remove_records(matches, taken_);
    if (relaxed()) apply_strictness(matches, matcher_->layout(), query_->relevancy_strictness, custom_rank());
}

std::vector<RankedHit> Selection::with_pins(const PinnedOrder& order, PageCut cut,
                                            const std::vector<RankedHit>& others) const {
    std::vector<RankedHit> hits;
    auto next = others.begin();
    for (const Ordinal pinned : order.places(cut)) {
        if (pinned != PinnedOrder::none) {
            RankedHit hit;
            hit.ordinal = pinned;
            hit.promoted = true;
            hits.push_back(hit);
            continue;
        }
        // With groups a place holds all shown records of one.
        if (next != others.end()) hits.push_back(*next++);
        while (next != others.end() && next->distinct_place != 0) hits.push_back(*next++);
    }
    return hits;
}

// Everything that decides who matches and with which key; settings belong to the generation.
std::string Selection::cache_key() const {
    const WordRules& words = query_->words;
    std::string key = text_->normalized();
    key += '\0';
    for (const auto* attributes : {&query_->restrict_searchable_attributes, &words.disable_exact_on_attributes,
                                   &words.disable_typo_tolerance_on_attributes}) {
        for (const std::string& attribute : *attributes) {
            key += attribute;
            key += '\1';
        }
        key += '\0';
    }
    key += filters_.required.normalized();
    key += filters_.optional.normalized();
    key += query_->sum_or_filters_scores ? '+' : '-';
    const auto digit = [&](std::uint32_t value) { key += static_cast<char>('0' + std::min<std::uint32_t>(value, 9)); };
    digit(static_cast<std::uint32_t>(words.exact_on_single_word_query));
    digit(words.min_proximity);
    digit(words.attribute_criteria_computed_by_min_proximity ? 1 : 0);
    digit(static_cast<std::uint32_t>(words.typo_tolerance));
    digit(query_->similar_query.empty() ? 0 : 1);
    key += normalized(query_->geo);
    if (relaxed()) key += 's' + std::to_string(query_->relevancy_strictness);
    key += pins_key_;
    return key;
}

Selection::CachePlace Selection::cache_place(std::string_view index) const {
    const bool of_words = !snapshot_->is_view() && filters_.required.everything() && filters_.optional.everything() &&
                          !query_->geo.any() && !matcher_->layout().uses(KeyLayout::Part::sort);
    if (of_words) return {CandidateCache::words_of(index), snapshot_->words_generation, true};
    return {std::string(index), snapshot_->generation, false};
}

std::shared_ptr<const std::vector<FacetTally>> Selection::kept_facets(const CachePlace& place, const std::string& key,
                                                                      std::span<const Ordinal> matches,
                                                                      CandidateCache& cache) const {
    const CandidateCache::Value kept = cache.find(place.index, place.generation, key);
    const std::span<const FacetChange> changes = snapshot_->columns.facet_changes();
    // Counted on a newer snapshot than this search began with, or too long ago: counting is quicker than so many lookups.
    if (!kept.facets || !place.of_words || kept.facet_changes == changes.size()) return kept.facets;
    if (kept.facet_changes > changes.size() || (changes.size() - kept.facet_changes) * 4 > matches.size()) return nullptr;
    auto facets = std::make_shared<std::vector<FacetTally>>(*kept.facets);
    add_changes(*facets, changes.subspan(kept.facet_changes), [&](Ordinal ordinal) {
        return std::binary_search(matches.begin(), matches.end(), ordinal) ||
               std::binary_search(promoted_.begin(), promoted_.end(), ordinal);
    });
    cache.insert(place.index, place.generation, key, {nullptr, facets, changes.size()}, bytes_of(*facets));
    return facets;
}

std::shared_ptr<const Matches> Selection::matches(std::string_view index, CandidateCache* cache) const {
    const std::string key = cache ? cache_key() : std::string();
    const CachePlace place = cache_place(index);
    if (cache)
        if (auto cached = cache->find(place.index, place.generation, key).matches) return cached;
    auto found = std::make_shared<Matches>();
    find(*found);
    if (cache) cache->insert(place.index, place.generation, key, {.matches = found}, found->bytes());
    return found;
}

Selected Selection::run(std::string_view index, Boost* boost, CandidateCache* cache) const {
    // Kept by the thread: a search on a large index fills megabytes, and asking the system for them each time costs
    // more than filling them.
    thread_local Matches own_matches;
    thread_local std::vector<float> scores;

    Selected selected;
    const Snapshot& snapshot = *snapshot_;
    const CachePlace place = cache_place(index);
    const std::string key = cache ? cache_key() : std::string();

    std::shared_ptr<const Matches> cached;
    if (cache) cached = cache->find(place.index, place.generation, key).matches;
    selected.from_cache = cached != nullptr;
    if (!cached) {
        find(own_matches);
        if (cache) {
            const std::size_t bytes = own_matches.ordinals.size() * 4 + own_matches.keys.size() * 8;
            if (cache->worth_keeping(place.index, place.generation, key, bytes))
                cache->insert(place.index, place.generation, key, {.matches = std::make_shared<const Matches>(own_matches)},
                              bytes);
        }
    }
    const Matches& all_matches = cached ? *cached : own_matches;
    const std::span<const std::uint32_t> custom_rank = this->custom_rank();
    const std::optional<Grouping> groups = query_->distinct != 0 ? Grouping::of(snapshot) : std::nullopt;
    selected.distinct = groups.has_value();
    // Records whose group a promoted one stands for are counted in facets only.
    thread_local Matches ungrouped_matches;
    std::vector<Ordinal> grouped_away;
    if (groups && !promoted_.empty()) grouped_away = groups->without_groups_of(promoted_, all_matches, ungrouped_matches);
    const Matches& matches = grouped_away.empty() ? all_matches : ungrouped_matches;
    if (relaxed()) selected.sorted = sorted_records(matches);
    const PinnedOrder order(wanted_places(pinned_), groups ? groups->count(matches.ordinals) : matches.ordinals.size());
    selected.count = order.size();
    selected.automatic_radius_metres = all_matches.automatic_radius_metres;

    // Facets: known already, known for all records, or to be counted, over all matches or one record a group.
    const std::vector<std::size_t> attributes = facet_attributes(query_->facets, snapshot);
    std::vector<std::size_t> of_matches;
    std::vector<std::size_t> of_groups;
    for (const std::size_t attribute : attributes) {
        const bool once = groups && (query_->faceting_after_distinct ||
                                     snapshot.settings->facet(snapshot.columns.facet_path(attribute))->after_distinct);
        (once ? of_groups : of_matches).push_back(attribute);
    }
    // Statistics of numbers and choices among a group's records hang on columns, whatever the matches hang on.
    const bool any_numbers = std::any_of(attributes.begin(), attributes.end(), [&](std::size_t attribute) {
        return snapshot.columns.number(snapshot.columns.facet_path(attribute)) != nullptr;
    });
    const bool facets_of_words = place.of_words && !groups && !any_numbers;
    const CachePlace facet_place = facets_of_words ? place : CachePlace{std::string(index), snapshot.generation, false};
    std::string facet_key;
    bool count_facets = !attributes.empty();
    if (!query_->facets.empty() && !count_facets) selected.facets = std::make_shared<const std::vector<FacetTally>>();
    if (count_facets && cache) {
        facet_key = key + "\0facets"s;
        for (const std::size_t attribute : of_matches) facet_key += ' ' + std::to_string(attribute);
        for (const std::size_t attribute : of_groups) facet_key += " g" + std::to_string(attribute);
        selected.facets = kept_facets(facet_place, facet_key, all_matches.ordinals, *cache);
        count_facets = !selected.facets;
    }
    std::vector<FacetTally> tallies;
    if (count_facets && !of_groups.empty()) {
        FacetCounter counter(snapshot, of_groups);
        counter.add(groups->best_of_each(matches, custom_rank));
        counter.add(promoted_);
        tallies = counter.finish();
    }
    if (count_facets && of_groups.empty() &&
        matches.ordinals.size() + grouped_away.size() + promoted_.size() == snapshot.records) {
        selected.facets = std::make_shared<const std::vector<FacetTally>>(
            FacetCounter::of_everything(snapshot, attributes));
        count_facets = false;
    }

    const PageCut cut = page_cut(*query_);
    const bool ranked = cut.length != 0 && cut.offset < selected.count;
    const bool boosted = boost && boost->impact() > 0;
    selected.personalized = boosted;
    if (boosted) selected.impact = std::min(boost->impact(), 100);
    const bool score = boosted && ranked;
    if (score) scores.resize(matches.ordinals.size());

    // One pass for the visitor's scores and the counts: both read the same rows.
    if (score || count_facets) {
        FacetCounter counter(snapshot, count_facets ? of_matches : std::vector<std::size_t>{});
        float score_max = 0;
        const std::span<const Ordinal> ordinals(matches.ordinals);
        for (std::size_t begin = 0; begin < ordinals.size(); begin += block_size) {
            const auto block = ordinals.subspan(begin, std::min(block_size, ordinals.size() - begin));
            if (score) {
                const std::span<float> block_scores(scores.data() + begin, block.size());
                boost->score(block, block_scores);
                score_max = std::max(score_max, greatest(block_scores));
            }
            if (count_facets) counter.add(block);
        }
        selected.score_max = static_cast<double>(score_max);
        if (count_facets) {
            counter.add(grouped_away);
            counter.add(promoted_);
            for (FacetTally& tally : counter.finish()) tallies.push_back(std::move(tally));
            const auto asked = [&](const FacetTally& tally) {
                return std::find(attributes.begin(), attributes.end(), tally.attribute);
            };
            std::sort(tallies.begin(), tallies.end(),
                      [&](const FacetTally& a, const FacetTally& b) { return asked(a) < asked(b); });
            selected.facets = std::make_shared<const std::vector<FacetTally>>(std::move(tallies));
        }
        if (count_facets && cache) {
            const std::size_t bytes = bytes_of(*selected.facets);
            if (cache->worth_keeping(facet_place.index, facet_place.generation, facet_key, bytes))
                cache->insert(facet_place.index, facet_place.generation, facet_key,
                              {nullptr, selected.facets, snapshot.columns.facet_changes().size()}, bytes);
        }
    }

    if (ranked) {
        const BlendInput blend{{scores.data(), boosted ? matches.ordinals.size() : 0}, selected.score_max,
                               selected.impact, query_->get_ranking_info};
        const auto rank = [&](PageCut of_others) {
            return boosted ? rank_blended(matches, custom_rank, blend, of_others)
                           : rank_plain(matches, custom_rank, of_others);
        };
        Grouping::RankMembers members;
        if (!blend.explain)
            members = [&](std::span<const std::uint32_t> places) { return rank_members(matches, custom_rank, blend, places); };
        const PageCut part = order.others_cut(cut);
        selected.hits = groups ? groups->page(matches, order.others(), query_->distinct, part, rank, members) : rank(part);
        if (!pinned_.empty()) selected.hits = with_pins(order, cut, selected.hits);
    }
    return selected;
}

}  // namespace penchant
