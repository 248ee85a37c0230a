// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search as one would write it with all the time in the world: every record is looked at, word by word, and everything
// is compared criterion by criterion. The engine must agree with it.
#pragma once

#include "engine/filter_expression.h"
#include "engine/query.h"
#include "engine/text_query.h"
#include "index/analysis.h"
#include "index/record.h"
#include "index/settings.h"
#include "index/tokenizer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace penchant::testing {

class NaiveModel {
public:
    struct Word {
        std::string path;
        std::uint32_t position = 0;
        std::string text;
        bool whole = false;
    };
    struct Record {
        std::vector<Word> words;
        std::map<std::string, std::vector<std::string>> facets;  // by entry of attributesForFaceting
        std::map<std::string, std::vector<double>> numbers;
        std::vector<std::string> tags;
        std::size_t length = 0;  // words in searchable attributes
        bool deleted = false;
    };
    struct Hit {
        std::size_t record = 0;
        std::vector<double> relevance;  // smaller is better, criterion by criterion
        std::uint32_t proximity = 0;
        std::uint32_t attribute = 0;
        std::uint32_t exact = 0;
        std::uint32_t typos = 0;
        std::uint32_t words = 0;
        std::uint32_t relevance_step = 0;
        double metres = 0;              // to the nearest point; nowhere: 1e300
        std::int64_t filters = 0;
        std::size_t custom = 0;         // hits that are better by custom ranking alone
        // With a module
        std::size_t bucket = 0;
        double ranking_score = 0;
        double blend = 0;
        std::size_t initial = 0;
    };

    explicit NaiveModel(const Settings& settings) : settings_(settings) {}

    void add(std::string_view json) {
        Record record;
        std::map<std::string, std::uint32_t> next;
        for_each_leaf(parse_json(json).value(), [&](const Leaf& leaf) {
            const std::string path(leaf.path);
            std::optional<std::string> text;
            if (const auto* string = std::get_if<std::string_view>(&leaf.value)) text = std::string(*string);
            if (const auto* number = std::get_if<double>(&leaf.value)) {
                text = number_text(*number);
                record.numbers[path].push_back(*number);
            }
            if (text && searchable(path)) {
                std::vector<Word> words;
                tokenizer().tokenize(*text, [&](const Token& token) {
                    words.push_back({path, next[path] + token.position, std::string(token.folded), false});
                });
                if (words.size() == 1) words[0].whole = true;
                if (!words.empty()) next[path] = words.back().position + 8;
                record.length += words.size();
                for (const Word& word : words) {  // the index keeps the first four places of a word in an attribute
                    const auto same = [&](const Word& other) { return other.path == word.path && other.text == word.text; };
                    if (std::count_if(record.words.begin(), record.words.end(), same) < 4) record.words.push_back(word);
                }
            }
            if (const auto* boolean = std::get_if<bool>(&leaf.value)) text = *boolean ? "true" : "false";
            if (!text) return;
            for (const FacetAttribute& facet : settings_.attributes_for_faceting) {
                auto& values = record.facets[facet.path];
                if (covers(facet.path, path) && std::find(values.begin(), values.end(), *text) == values.end())
                    values.push_back(*text);
            }
            if (path == "_tags") record.tags.push_back(*text);
        });
        records_.push_back(std::move(record));
    }
    [[nodiscard]] bool ranks_by_relevance() const {
        return std::any_of(settings_.ranking.begin(), settings_.ranking.end(),
                           [](const RankingCriterion& each) { return each.criterion == Criterion::relevance; });
    }
    void remove(std::size_t record) { records_[record].deleted = true; }
    [[nodiscard]] const Record& record(std::size_t record) const { return records_[record]; }

    /// All matches in order. `text` are the query's words with what may stand for them.
    [[nodiscard]] std::vector<Hit> search(const Query& query, const TextQuery& text) const {
        const QueryFilters filters = parse_query_filters(query).value();
        std::vector<Hit> hits;
        for (std::size_t r = 0; r < records_.size(); ++r) {
            if (records_[r].deleted || !passes(filters.required, records_[r])) continue;
            Hit hit;
            hit.record = r;
            if (!lies_right(query.geo, records_[r], hit) || !measure(query, text, r, hit)) continue;
            hit.filters = score(filters.required, records_[r], false, query.sum_or_filters_scores).value_or(0) +
                          score(filters.optional, records_[r], true, query.sum_or_filters_scores).value_or(0);
            hits.push_back(std::move(hit));
        }
        require_more_words(text, hits);
        limit_typos(query, hits);
        if (around(query.geo) && !query.geo.radius_all && !query.geo.radius_metres) limit_radius(query.geo, hits);
        const bool strict = query.words.typo_tolerance == TypoTolerance::strict;
        for (Hit& hit : hits) {
            if (!query.similar_query.empty()) hit.relevance.push_back(-static_cast<double>(hit.words));
            if (strict) hit.relevance.push_back(hit.typos);
            for (const RankingCriterion& criterion : settings_.ranking) {
                if (criterion.criterion == Criterion::custom && !custom_order().empty()) break;
                if (criterion.criterion == Criterion::typo && !strict) hit.relevance.push_back(hit.typos);
                if (criterion.criterion == Criterion::geo && around(query.geo))
                    hit.relevance.push_back(geo_step(query.geo, hit.metres));
                if (criterion.criterion == Criterion::words) hit.relevance.push_back(-static_cast<double>(hit.words));
                if (criterion.criterion == Criterion::proximity) hit.relevance.push_back(hit.proximity);
                if (criterion.criterion == Criterion::attribute) hit.relevance.push_back(hit.attribute);
                if (criterion.criterion == Criterion::exact) hit.relevance.push_back(-static_cast<double>(hit.exact));
                if (criterion.criterion == Criterion::filters) hit.relevance.push_back(-static_cast<double>(hit.filters));
                if (criterion.criterion == Criterion::relevance) hit.relevance.push_back(hit.relevance_step);
                if (criterion.criterion == Criterion::sort) hit.relevance.push_back(sort_value(criterion.sort, hit.record));
            }
        }
        std::stable_sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
            if (a.relevance != b.relevance) return a.relevance < b.relevance;
            return better_custom(a.record, b.record);
        });
        return hits;
    }

    /// The same in the order of a visitor's scores, one a record.
    [[nodiscard]] std::vector<Hit> personalize(std::vector<Hit> hits, const std::vector<float>& scores, int impact) const {
        double most = 0;
        for (const Hit& hit : hits) most = std::max(most, std::abs(static_cast<double>(scores[hit.record])));
        std::size_t bucket = 0;
        for (std::size_t begin = 0; begin < hits.size(); ++bucket) {
            std::size_t end = begin;
            while (end < hits.size() && hits[end].relevance == hits[begin].relevance) ++end;
            for (std::size_t i = begin; i < end; ++i) {
                std::size_t better = 0;
                for (std::size_t j = begin; j < end; ++j) better += better_custom(hits[j].record, hits[i].record);
                const double n = static_cast<double>(end - begin);
                const double filters_score = static_cast<double>(scores[hits[i].record]);
                hits[i].bucket = bucket;
                hits[i].initial = i;
                hits[i].custom = better;
                hits[i].ranking_score = 1.0 - static_cast<double>(better) / n;
                const double visitor = most > 0 ? static_cast<double>(impact) / 100 * filters_score / most : 0.0;
                hits[i].blend = visitor + (1 - static_cast<double>(impact) / 100) * hits[i].ranking_score;
            }
            std::sort(hits.begin() + static_cast<std::ptrdiff_t>(begin), hits.begin() + static_cast<std::ptrdiff_t>(end),
                      [](const Hit& a, const Hit& b) {
                if (a.blend != b.blend) return a.blend > b.blend;
                if (a.custom != b.custom) return a.custom < b.custom;
                return a.record < b.record;
            });
            begin = end;
        }
        return hits;
    }

    /// Value to count, of one facet.
    [[nodiscard]] std::map<std::string, std::uint32_t> facet(const std::vector<Hit>& hits, const std::string& path) const {
        std::map<std::string, std::uint32_t> counts;
        for (const Hit& hit : hits)
            if (const auto found = records_[hit.record].facets.find(path); found != records_[hit.record].facets.end())
                for (const std::string& value : found->second) ++counts[value];
        return counts;
    }

private:
    [[nodiscard]] Tokenizer tokenizer() const {
        return tokenizer_of(settings_);
    }

    [[nodiscard]] bool searchable(const std::string& path) const {
        if (settings_.searchable_attributes.empty()) return path != "objectID" && path[0] != '_';
        return std::any_of(settings_.searchable_attributes.begin(), settings_.searchable_attributes.end(),
                           [&](const SearchableAttribute& entry) { return covers(entry.path, path); });
    }

    [[nodiscard]] std::uint32_t attribute_value(const Word& word) const {
        const SearchableAttribute* best = nullptr;
        for (const SearchableAttribute& entry : settings_.searchable_attributes)
            if (covers(entry.path, word.path) && (!best || entry.path.size() > best->path.size())) best = &entry;
        if (!best) return 0;
        return best->rank * 1000 + (best->ordered ? std::min<std::uint32_t>(word.position, 999) : 0);
    }

    static bool listed(const std::vector<std::string>& entries, const std::string& path) {
        return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) { return covers(entry, path); });
    }

    // Where a word of the query stands in a record, by path and position, and whether it is exact and the whole value there.
    struct Stand {
        bool exact = false;
        bool whole = false;
    };
    using Stands = std::map<std::pair<std::string, std::uint32_t>, Stand>;
    struct Found {
        Stands stands;
        std::uint32_t typos = 0;
    };

    // `scoped`: places in attributes that do not count are left out.
    Stands stands_of(const Query& query, const Alternative& alternative, const Record& record, bool scoped) const {
        Stands stands;
        const auto fits = [&](const Word& word, std::size_t at, bool& same) {
            const std::string& wanted = alternative.words[at];
            if (word.text == wanted) return true;
            same = false;
            return alternative.prefix && at + 1 == alternative.words.size() && word.text.starts_with(wanted) &&
                   !listed(settings_.disable_prefix_on_attributes, word.path);
        };
        // Every way to go on from a word to the next one.
        const auto completes = [&](auto&& self, const Word& word, std::size_t at, bool& same) -> bool {
            if (at == alternative.words.size()) return true;
            bool found = false;
            bool found_same = false;
            for (const Word& next : record.words) {
                if (next.path != word.path || next.position <= word.position ||
                    next.position - word.position > alternative.distance_max)
                    continue;
                bool same_here = true;
                if (!fits(next, at, same_here) || !self(self, next, at + 1, same_here)) continue;
                found = true;
                found_same = found_same || same_here;
            }
            same = same && found_same;
            return found;
        };
        for (const Word& word : record.words) {
            if (scoped && !query.restrict_searchable_attributes.empty() &&
                !listed(query.restrict_searchable_attributes, word.path))
                continue;
            if (alternative.typos > 0 && listed(query.words.disable_typo_tolerance_on_attributes, word.path)) continue;
            bool same = true;
            if (!fits(word, 0, same) || !completes(completes, word, 1, same)) continue;
            Stand& stand = stands[{word.path, word.position}];
            stand.exact = stand.exact || (same && alternative.exact);
            stand.whole = word.whole && alternative.words.size() == 1;
        }
        return stands;
    }

    std::optional<Found> find(const Query& query, const QueryWord& word, const Record& record, bool scoped = true) const {
        std::optional<Found> best;
        for (const WordAlternative& each : word.alternatives) {
            const Stands stands = stands_of(query, each.alternative, record, scoped);
            const std::uint32_t typos = each.alternative.typos;
            if (stands.empty() || (best && best->typos < typos)) continue;
            if (!best || best->typos > typos) best = Found{{}, typos};
            for (const auto& [place, stand] : stands) {
                Stand& mine = best->stands[place];
                mine.exact = mine.exact || stand.exact;
                mine.whole = mine.whole || stand.whole;
            }
        }
        return best;
    }

    bool measure(const Query& query, const TextQuery& text, std::size_t number, Hit& hit) const {
        const Record& record = records_[number];
        for (const QueryWord& word : text.excluded)
            if (find(query, word, record)) return false;
        if (text.words.empty()) return true;
        std::uint32_t typed = 0;
        for (const QueryWord& word : text.words) typed += word.typed_words;
        std::uint32_t attribute = 0xFFFFFFFFU;
        std::uint32_t attribute_near = 0xFFFFFFFFU;
        const auto value = [&](const std::pair<std::string, std::uint32_t>& place) {
            Word word;
            word.path = place.first;
            word.position = place.second;
            return attribute_value(word);
        };
        double score = 0;
        double best_score = 0;
        std::optional<Found> before;
        std::uint32_t length_before = 0;
        for (const QueryWord& word : text.words) {
            const double weight = ranks_by_relevance() ? idf(query, word) * 2.2 : 0;
            best_score += weight;
            const std::optional<Found> found = find(query, word, record);
            if (!found) {
                if (word.optional) continue;
                return false;
            }
            hit.typos += found->typos;
            hit.words += word.typed_words;
            hit.proximity += word.typed_words - 1;
            bool exact = false;
            for (const auto& [place, stand] : found->stands) {
                attribute = std::min(attribute, value(place));
                if (!stand.exact || listed(query.words.disable_exact_on_attributes, place.first)) continue;
                if (typed > 1) exact = true;
                else if (query.words.exact_on_single_word_query == ExactOnSingleWord::attribute) exact = exact || stand.whole;
                else if (query.words.exact_on_single_word_query == ExactOnSingleWord::word)
                    exact = exact || word.typed().words.front().size() >= 3;
            }
            hit.exact += exact ? word.typed_words : 0;
            if (ranks_by_relevance()) {
                const double mean = std::max(1.0, mean_length());
                const double dampening = 1.2 * (1 - 0.75) + 1.2 * 0.75 * static_cast<double>(record.length) / mean;
                const auto frequency = static_cast<double>(found->stands.size());
                score += weight * frequency / ((frequency + dampening) * (1 + found->typos));
            }
            if (before) {
                std::uint32_t smallest = 8;
                std::uint32_t smallest_value = 0xFFFFFFFFU;
                for (const auto& [a, stand_a] : before->stands)
                    for (const auto& [b, stand_b] : found->stands) {
                        if (a.first != b.first) continue;
                        const std::uint32_t end = a.second + length_before - 1;
                        const std::uint32_t apart = b.second > end ? b.second - end : end - b.second + 1;
                        if (apart >= 8 || apart > smallest) continue;
                        if (apart < smallest) smallest_value = 0xFFFFFFFFU;
                        smallest = apart;
                        smallest_value = std::min({smallest_value, value(a), value(b)});
                    }
                hit.proximity += std::max(smallest, query.words.min_proximity);
                attribute_near = std::min(attribute_near, smallest_value);
            }
            before = found;
            length_before = word.typed_words;
        }
        if (hit.words == 0) return false;
        const bool near = query.words.attribute_criteria_computed_by_min_proximity && attribute_near != 0xFFFFFFFFU;
        if (!settings_.searchable_attributes.empty()) hit.attribute = near ? attribute_near : attribute;
        if (ranks_by_relevance())
            hit.relevance_step = static_cast<std::uint32_t>(std::clamp((1 - score / best_score) * 200, 0.0, 199.0));
        return true;
    }

    [[nodiscard]] double mean_length() const {
        double sum = 0;
        for (const Record& record : records_) sum += static_cast<double>(record.length);
        return sum / static_cast<double>(records_.size());
    }
    // A plain word's list does not know where the query looks.
    [[nodiscard]] double idf(const Query& query, const QueryWord& word) const {
        const Alternative& typed = word.typed();
        const bool plain = word.alternatives.size() == 1 && typed.words.size() == 1 && !typed.prefix && typed.exact && typed.typos == 0;
        double with = 0;
        for (const Record& record : records_) with += find(query, word, record, !plain) ? 1 : 0;
        return std::log(1 + (static_cast<double>(records_.size()) - with + 0.5) / (with + 0.5));
    }

    // Rules over all matches ------------------------------------------------------------------------------------------
    static void require_more_words(const TextQuery& text, std::vector<Hit>& hits) {
        std::uint32_t typed = 0;
        for (const QueryWord& word : text.words) {
            if (!word.optional) return;
            typed += word.typed_words;
        }
        if (typed < 4 || text.words.size() < 2) return;
        const std::size_t step = typed >= 10 ? typed / 5 : 1;
        const std::vector<Hit> all = hits;
        std::erase_if(hits, [&](const Hit& hit) {
            const auto better = std::count_if(all.begin(), all.end(), [&](const Hit& other) { return other.words > hit.words; });
            return hit.words < 1 + step * (static_cast<std::size_t>(better) / 1000);
        });
    }
    static void limit_typos(const Query& query, std::vector<Hit>& hits) {
        std::vector<std::uint32_t> counts;
        for (const Hit& hit : hits) counts.push_back(hit.typos);
        std::sort(counts.begin(), counts.end());
        counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
        const TypoTolerance mode = query.words.typo_tolerance;
        const std::size_t allowed = mode == TypoTolerance::min ? 1 : mode == TypoTolerance::strict ? 2 : counts.size();
        if (allowed < counts.size()) std::erase_if(hits, [&](const Hit& hit) { return hit.typos >= counts[allowed]; });
    }

    // Places ------------------------------------------------------------------------------------------------------------
    static bool around(const GeoQuery& geo) { return geo.around && geo.boxes.empty() && geo.polygons.empty(); }
    static double distance(GeoPoint a, GeoPoint b) {
        const double radians = std::acos(-1.0) / 180;
        const double up = std::sin((b.latitude - a.latitude) * radians / 2);
        const double across = std::sin((b.longitude - a.longitude) * radians / 2);
        const double h = up * up + std::cos(a.latitude * radians) * std::cos(b.latitude * radians) * across * across;
        return 2 * 6'371'000.0 * std::asin(std::sqrt(std::min(h, 1.0)));
    }
    static std::vector<GeoPoint> points(const Record& record) {
        std::vector<GeoPoint> points;
        const auto latitudes = record.numbers.find("_geoloc.lat");
        const auto longitudes = record.numbers.find("_geoloc.lng");
        if (latitudes == record.numbers.end() || longitudes == record.numbers.end() ||
            latitudes->second.size() != longitudes->second.size())
            return points;
        for (std::size_t i = 0; i < latitudes->second.size(); ++i) {
            const GeoPoint point{latitudes->second[i], longitudes->second[i]};
            if (std::abs(point.latitude) <= 90 && std::abs(point.longitude) <= 180) points.push_back(point);
        }
        return points;
    }
    static bool in_box(const GeoBox& box, GeoPoint point) {
        const auto [south, north] = std::minmax(box.first.latitude, box.second.latitude);
        if (point.latitude < south || point.latitude > north) return false;
        const bool north_first = box.first.latitude >= box.second.latitude;
        double west = north_first ? box.second.longitude : box.first.longitude;
        double east = north_first ? box.first.longitude : box.second.longitude;
        if (west > east && (west - east <= 180 || west - east >= 360)) std::swap(west, east);
        if (west > east) return point.longitude >= west || point.longitude <= east;
        return point.longitude >= west && point.longitude <= east;
    }
    // Even-odd with a ray to the east, edges one after the other.
    static bool in_polygon(std::vector<GeoPoint> ring, GeoPoint point) {
        for (std::size_t i = 1; i < ring.size(); ++i) {
            while (ring[i].longitude - ring[i - 1].longitude > 180) ring[i].longitude -= 360;
            while (ring[i].longitude - ring[i - 1].longitude < -180) ring[i].longitude += 360;
        }
        for (const double turn : {-360.0, 0.0, 360.0}) {
            bool inside = false;
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const GeoPoint a = ring[i];
                const GeoPoint b = ring[(i + 1) % ring.size()];
                if ((a.latitude > point.latitude) == (b.latitude > point.latitude)) continue;
                const double share = (point.latitude - a.latitude) / (b.latitude - a.latitude);
                if (point.longitude + turn < a.longitude + share * (b.longitude - a.longitude)) inside = !inside;
            }
            if (inside) return true;
        }
        return false;
    }
    static bool lies_right(const GeoQuery& geo, const Record& record, Hit& hit) {
        hit.metres = 1e300;
        if (!geo.any()) return true;
        const std::vector<GeoPoint> places = points(record);
        const auto any = [&](auto&& inside) { return std::any_of(places.begin(), places.end(), inside); };
        if (!geo.boxes.empty())
            return any([&](GeoPoint point) {
                return std::any_of(geo.boxes.begin(), geo.boxes.end(), [&](const GeoBox& box) { return in_box(box, point); });
            });
        if (!geo.polygons.empty())
            return any([&](GeoPoint point) {
                return std::any_of(geo.polygons.begin(), geo.polygons.end(), [&](const auto& ring) { return in_polygon(ring, point); });
            });
        for (const GeoPoint& point : places) hit.metres = std::min(hit.metres, distance(*geo.around, point));
        if (geo.radius_all) return true;
        return !places.empty() && (!geo.radius_metres || hit.metres <= *geo.radius_metres);
    }
    static void limit_radius(const GeoQuery& geo, std::vector<Hit>& hits) {
        std::vector<double> metres;
        for (const Hit& hit : hits) metres.push_back(std::ceil(hit.metres));
        std::sort(metres.begin(), metres.end());
        if (metres.size() <= 1000) return;
        const double radius = std::max(metres[999], static_cast<double>(geo.radius_metres_min.value_or(0)));
        std::erase_if(hits, [&](const Hit& hit) { return hit.metres > radius; });
    }
    // Steps are counted one by one from 0 metres.
    static double geo_step(const GeoQuery& geo, double metres) {
        if (metres > 1e299) return 1e300;
        double steps = 0;
        for (std::size_t i = 0; i < geo.precision.size(); ++i) {
            const double from = i == 0 ? 0.0 : geo.precision[i].from_metres;
            const double width = std::max(1U, geo.precision[i].value_metres);
            const bool last = i + 1 == geo.precision.size() || metres < geo.precision[i + 1].from_metres;
            if (last) return steps + std::floor((metres - from) / width);
            steps += std::ceil((geo.precision[i + 1].from_metres - from) / width);
        }
        return steps;
    }

    [[nodiscard]] bool holds(const FilterTerm& term, const Record& record) const {
        if (term.kind == FilterTerm::Kind::tag)
            return std::find(record.tags.begin(), record.tags.end(), term.text) != record.tags.end();
        if (term.kind == FilterTerm::Kind::number) {
            const auto found = record.numbers.find(term.attribute);
            return found != record.numbers.end() && std::any_of(found->second.begin(), found->second.end(), [&](double n) {
                return n >= term.low && n <= term.high;
            });
        }
        const auto found = record.facets.find(term.attribute);
        return found != record.facets.end() &&
               std::any_of(found->second.begin(), found->second.end(), [&](const std::string& value) {
            return tokenizer().fold(value) == tokenizer().fold(term.text);
        });
    }

    [[nodiscard]] bool passes(const FilterExpression& node, const Record& record) const {
        const auto part = [&](const FilterExpression& each) { return passes(each, record); };
        if (node.kind == FilterExpression::Kind::term) return holds(node.term, record) != node.term.negated;
        if (node.kind == FilterExpression::Kind::all) return std::all_of(node.parts.begin(), node.parts.end(), part);
        return std::any_of(node.parts.begin(), node.parts.end(), part);
    }

    // Nothing when the node does not match.
    [[nodiscard]] std::optional<std::int64_t> score(const FilterExpression& node, const Record& record, bool optional,
                                                    bool sum) const {
        if (node.kind == FilterExpression::Kind::term) {
            const std::int64_t score = node.term.score;
            if (optional) {
                if (!holds(node.term, record)) return {};
                return node.term.negated ? -score : score;
            }
            if (holds(node.term, record) == node.term.negated) return {};
            return score;
        }
        std::optional<std::int64_t> total;
        for (const FilterExpression& part : node.parts) {
            const auto score_of_part = score(part, record, optional, sum);
            if (node.kind == FilterExpression::Kind::all && !optional && !score_of_part) return {};
            if (!score_of_part) continue;
            const bool add = node.kind == FilterExpression::Kind::all || sum;
            total = !total ? *score_of_part : add ? *total + *score_of_part : std::max(*total, *score_of_part);
        }
        return total;
    }

    // Missing values come last in both directions.
    [[nodiscard]] double sort_value(const SortCriterion& sort, std::size_t record) const {
        const auto found = records_[record].numbers.find(sort.path);
        if (found == records_[record].numbers.end()) return 1e300;
        return sort.direction == SortDirection::ascending ? found->second.front() : -found->second.front();
    }

    // customRanking, and what sorts directly behind `custom`.
    [[nodiscard]] std::vector<SortCriterion> custom_order() const {
        std::vector<SortCriterion> order = settings_.custom_ranking;
        bool behind = false;
        for (const RankingCriterion& each : settings_.ranking) {
            if (behind && each.criterion == Criterion::sort) order.push_back(each.sort);
            else behind = false;
            if (each.criterion == Criterion::custom) behind = true;
        }
        return order;
    }

    [[nodiscard]] bool better_custom(std::size_t a, std::size_t b) const {
        const bool used = std::any_of(settings_.ranking.begin(), settings_.ranking.end(),
                                      [](const RankingCriterion& each) { return each.criterion == Criterion::custom; });
        if (!used) return false;
        for (const SortCriterion& sort : custom_order()) {
            const double of_a = sort_value(sort, a);
            const double of_b = sort_value(sort, b);
            if (of_a != of_b) return of_a < of_b;
        }
        return false;
    }

    Settings settings_;
    std::vector<Record> records_;
};

}  // namespace penchant::testing
