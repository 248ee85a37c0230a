// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything a stranger can make us spend, on one screen. Units and qualifier stand last in a name.
// Where the wire contract publishes a limit (A 1.8) the number is the contract's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace penchant::limits {

// Requests
inline constexpr std::size_t header_bytes_max = 16 * 1024;         // browsers put credentials and params in URLs
inline constexpr std::size_t body_bytes_max = 64 * 1024 * 1024;    // an indexing batch
inline constexpr std::size_t search_body_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t events_body_bytes_max = 2 * 1024 * 1024;
inline constexpr std::size_t json_depth_max = 64;
inline constexpr std::size_t connections_max = 16'000;
inline constexpr std::chrono::milliseconds header_time_max{10'000};
inline constexpr std::chrono::milliseconds body_time_max{60'000};
inline constexpr std::chrono::milliseconds write_time_max{60'000};
inline constexpr std::chrono::milliseconds idle_time_max{75'000};
inline constexpr std::size_t requests_waiting_per_core_max = 256;  // past that: 429 at once

// Records and indices
inline constexpr std::size_t record_bytes_max = 100 * 1024;        // minified JSON
inline constexpr std::size_t record_words_max = 20'000;            // keeps the sum of Xapian's wdf below 2^32
inline constexpr std::size_t record_facet_values_max = 1'000;
inline constexpr std::size_t word_bytes_max = 96;                  // longer words are cut here, in queries too
inline constexpr std::size_t object_id_bytes_max = 200;            // Xapian terms end at 245 bytes
inline constexpr std::size_t index_name_bytes_max = 256;
inline constexpr std::size_t indices_max = 1'000;
inline constexpr std::size_t facet_value_bytes_max = 512;          // longer values are not facets
inline constexpr std::size_t attribute_name_bytes_max = 512;
inline constexpr std::size_t searchable_attributes_max = 1'000;
inline constexpr std::size_t facet_attributes_max = 500;
inline constexpr std::uint32_t distinct_max = 4;  // records a group
inline constexpr std::size_t replicas_max = 20;   // of an index, of each kind
inline constexpr std::size_t numeric_attributes_max = 1'000;
inline constexpr std::size_t settings_bytes_max = 512 * 1024;
inline constexpr std::size_t batch_requests_max = 100'000;
inline constexpr std::size_t operations_pending_bytes_max = std::size_t{2} * 1024 * 1024 * 1024;  // past that: 429

// Synonyms and rules of an index (A 1.8)
inline constexpr std::size_t synonyms_max = 10'000;
inline constexpr std::size_t synonym_entries_max = 20;             // of one set of equal synonyms
inline constexpr std::size_t synonym_alternatives_max = 100;       // of any other list in a synonym
inline constexpr std::size_t rules_max = 10'000;
inline constexpr std::size_t curations_bytes_max = 64 * 1024 * 1024;  // JSON of all synonyms, or of all rules
inline constexpr std::size_t rule_conditions_max = 25;
inline constexpr std::size_t rule_promoted_max = 300;
inline constexpr std::size_t rule_promoted_group_max = 100;
inline constexpr std::size_t rule_hidden_max = 50;
inline constexpr std::size_t rule_consequence_bytes_max = 100 * 1024;
inline constexpr std::size_t rule_parameter_bytes_max = 16 * 1024;
inline constexpr std::size_t rule_user_data_bytes_max = 1'000;
inline constexpr std::size_t rules_applied_max = 50;               // to one query, the most specific ones
inline constexpr std::size_t placeholder_words_max = 8;            // that {facet:x} in a pattern may stand for
inline constexpr std::size_t promoted_per_query_max = 300;         // by all rules together
inline constexpr std::size_t hidden_per_query_max = 500;

// The index's writer
inline constexpr std::size_t commit_operations_max = 10'000;
inline constexpr std::chrono::milliseconds commit_interval_max{1'000};

// Searches
inline constexpr std::size_t query_bytes_max = 512;
inline constexpr std::size_t query_words_max = 32;
inline constexpr std::size_t queries_per_request_max = 50;
inline constexpr std::size_t filters_max = 1'000;
inline constexpr std::size_t filter_depth_max = 8;
inline constexpr std::uint32_t filter_score_max = 65'535;
inline constexpr std::size_t hits_per_page_max = 1'000;
inline constexpr std::size_t pagination_limited_to_max = 20'000;
inline constexpr std::size_t geo_boxes_max = 1'000;
inline constexpr std::size_t geo_polygon_points_max = 10'000;      // of all polygons of one query
inline constexpr std::size_t geo_precision_steps_max = 100;
inline constexpr std::size_t languages_max = 100;
inline constexpr std::size_t optional_words_bytes_max = 8 * 1024;
inline constexpr std::size_t rule_contexts_max = 100;
inline constexpr std::size_t rule_context_bytes_max = 128;
inline constexpr std::size_t analytics_tags_max = 100;
inline constexpr std::size_t analytics_tag_characters_max = 100;
inline constexpr std::size_t facet_values_max = 1'000;
inline constexpr std::size_t facet_hits_max = 100;
inline constexpr std::size_t facet_typo_values_max = 50'000;       // values that a facet search compares with typos
inline constexpr std::size_t facet_similar_words_max = 500;
inline constexpr std::size_t prefix_words_max = 1'000'000;         // words one prefix may stand for
inline constexpr std::size_t dictionary_entries_max = 50'000;      // an application's own, of each kind
inline constexpr std::size_t dictionary_requests_max = 10'000;     // in one batch
inline constexpr std::size_t dictionary_words_max = 32;            // forms or parts in one entry
inline constexpr std::size_t word_variants_max = 16;               // other numbers, or other forms, of one word
inline constexpr std::size_t compound_splits_max = 3;              // ways to take one word apart
inline constexpr std::size_t typo_words_max = 60;                  // similar words looked up for one word
inline constexpr std::size_t word_splits_max = 4;                  // ways to see one word as two
inline constexpr std::size_t word_alternatives_max = 160;          // all that one word may stand for
inline constexpr std::size_t words_removed_max = 5;                // by removeWordsIfNoResults
inline constexpr std::size_t occurrences_per_word_max = 4;         // a word's places kept in one attribute
inline constexpr std::size_t occurrences_per_prefix_max = 8;       // places kept of all words of a prefix
inline constexpr std::size_t automatic_radius_hits = 1'000;        // an automatic radius holds so many matches
inline constexpr std::size_t candidate_cache_bytes_max = 256 * 1024 * 1024;
inline constexpr std::size_t prefix_cache_bytes_max = 512 * 1024 * 1024;

// Events and visitors (A 4.1, 4.3)
inline constexpr std::size_t events_per_request_max = 1'000;
inline constexpr std::size_t objects_per_event_max = 20;
inline constexpr std::size_t filters_per_event_max = 20;
inline constexpr std::size_t event_name_bytes_max = 64;
inline constexpr std::size_t user_token_bytes_max = 129;
inline constexpr std::size_t affinities_per_profile_max = 500;
inline constexpr std::size_t affinities_per_query_max = 200;
inline constexpr std::size_t profile_cache_bytes_max = 256 * 1024 * 1024;
inline constexpr std::chrono::hours event_age_max{24 * 30};

// The search log and analytics (A 8.1)
inline constexpr std::size_t search_log_queue_max = 20'000;        // searches and events waiting to be written
inline constexpr std::size_t search_log_hits_max = 100;            // shown records kept of one search
inline constexpr std::size_t search_log_filters_max = 50;
inline constexpr std::chrono::hours search_log_age_max{24 * 90};
inline constexpr std::uint64_t search_log_bytes_max = std::uint64_t{20} * 1024 * 1024 * 1024;  // past that: half the age
inline constexpr std::size_t analytics_rows_max = 5'000'000;       // searches read for one answer
inline constexpr std::size_t analytics_days_max = 400;
inline constexpr std::size_t analytics_limit_max = 1'000;

static_assert(commit_operations_max >= 1);
static_assert(record_words_max * 65'535 < (std::uint64_t{1} << 32U));
static_assert(search_body_bytes_max <= body_bytes_max && events_body_bytes_max <= body_bytes_max);

}  // namespace penchant::limits
