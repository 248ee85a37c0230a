// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dictionary_store.h"

#include "engine/json_body.h"
#include "engine/language.h"
#include "engine/language/stop_words.h"
#include "index/json_text.h"
#include "index/limits.h"
#include "index/tokenizer.h"

#include <boost/json/array.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace penchant {
namespace {

namespace json = boost::json;

constexpr std::string_view entries_prefix = "dictionary/";
constexpr std::string_view settings_key = "dictionary_settings";
constexpr std::uint64_t hits_per_page_default = 20;

std::size_t number_of(DictionaryKind kind) { return static_cast<std::size_t>(kind); }

std::string kind_prefix(DictionaryKind kind) { return fmt::format("{}{}/", entries_prefix, dictionary_name(kind)); }
std::string entry_key(DictionaryKind kind, std::string_view object_id) { return kind_prefix(kind).append(object_id); }

// The first key behind all that begin with `prefix`, which ends in '/'.
std::string behind(std::string prefix) {
    prefix.back() = '/' + 1;
    return prefix;
}

Error bad(std::string what) { return {Errc::bad_request, std::move(what)}; }

Result<std::string> text_of(const json::object& object, std::string_view name, std::size_t bytes_max) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string() || value->get_string().empty() || value->get_string().size() > bytes_max) {
        return bad(fmt::format("\"{}\" must be a text of 1 to {} bytes", name, bytes_max));
    }
    return std::string{std::string_view{value->get_string()}};
}

Result<std::string> word_of(const json::object& object, std::string_view name) {
    return text_of(object, name, limits::word_bytes_max);
}

Result<std::vector<std::string>> words_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    const auto wrong = [&] {
        return bad(fmt::format("\"{}\" must be a list of 2 to {} words of 1 to {} bytes", name, limits::dictionary_words_max,
                               limits::word_bytes_max));
    };
    if (value == nullptr || !value->is_array()) return wrong();
    const json::array& array = value->get_array();
    if (array.size() < 2 || array.size() > limits::dictionary_words_max) return wrong();
    std::vector<std::string> words;
    for (const json::value& word : array) {
        if (!word.is_string() || word.get_string().empty() || word.get_string().size() > limits::word_bytes_max) return wrong();
        words.emplace_back(std::string_view{word.get_string()});
    }
    return words;
}

bool is_language(std::string_view code) {
    const auto letters = [](std::string_view text) {
        return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
        });
    };
    return letters(code.substr(0, 2)) && (code.size() == 2 || (code.size() == 5 && code[2] == '-' && letters(code.substr(3))));
}

Result<DictionaryEntry> entry_of(DictionaryKind kind, const json::object& body) {
    DictionaryEntry entry;
    entry.kind = kind;
    PENCHANT_TRY(entry.object_id, text_of(body, "objectID", limits::object_id_bytes_max));
    PENCHANT_TRY(entry.language, text_of(body, "language", 5));
    if (!is_language(entry.language)) return bad("\"language\" must be a code like \"de\" or \"pt-br\"");
    if (kind == DictionaryKind::plurals) {
        PENCHANT_TRY(entry.words, words_of(body, "words"));
    } else {
        PENCHANT_TRY(std::string word, word_of(body, "word"));
        entry.words.push_back(std::move(word));
    }
    if (kind == DictionaryKind::compounds) {
        PENCHANT_TRY(entry.decomposition, words_of(body, "decomposition"));
    }
    if (const json::value* state = body.if_contains("state"); state != nullptr && !state->is_null()) {
        if (*state != "enabled" && *state != "disabled") return bad("\"state\" must be \"enabled\" or \"disabled\"");
        entry.enabled = *state == "enabled";
    }
    return entry;
}

json::array array_of(const std::vector<std::string>& words) { return json::array(words.begin(), words.end()); }

json::object json_of(const DictionaryEntry& entry) {
    json::object object{{"objectID", entry.object_id}, {"language", entry.language}};
    if (entry.kind == DictionaryKind::plurals) object["words"] = array_of(entry.words);
    else object["word"] = entry.words.front();
    if (entry.kind == DictionaryKind::compounds) object["decomposition"] = array_of(entry.decomposition);
    object["state"] = entry.enabled ? "enabled" : "disabled";
    return object;
}

Error at_request(std::size_t number, Error error) {
    error.what = fmt::format("requests[{}]: {}", number, error.what);
    return error;
}

Result<std::uint64_t> number_member(const json::object& object, std::string_view name, std::uint64_t absent, std::uint64_t max) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return absent;
    if (!value->is_int64() || value->get_int64() < 0 || static_cast<std::uint64_t>(value->get_int64()) > max) {
        return bad(fmt::format("\"{}\" must be a whole number from 0 to {}", name, max));
    }
    return static_cast<std::uint64_t>(value->get_int64());
}

Result<std::map<std::string, bool>> switches_of(std::string_view name, const json::value& value) {
    std::map<std::string, bool> switches;
    if (value.is_null()) return switches;
    if (!value.is_object()) return bad(fmt::format("\"disableStandardEntries.{}\" must be an object of languages", name));
    for (const auto& [language, off] : value.get_object()) {
        if (!is_language(language) || !off.is_bool()) {
            return bad(fmt::format("\"disableStandardEntries.{}\" must have language codes as names, true or false as values", name));
        }
        switches.emplace(std::string_view{language}, off.get_bool());
    }
    return switches;
}

Result<DisabledStandard> disabled_of(const json::object& object, DisabledStandard disabled) {
    const json::value* value = object.if_contains("disableStandardEntries");
    if (value == nullptr || !value->is_object()) return bad("\"disableStandardEntries\" must be an object");
    for (const auto& [name, switches] : value->get_object()) {
        const std::optional<DictionaryKind> kind = dictionary_kind(name);
        if (!kind) {
            return bad(fmt::format("\"disableStandardEntries\" has \"plurals\", \"stopwords\" and \"compounds\", not \"{}\"",
                                   std::string_view{name}.substr(0, 64)));
        }
        PENCHANT_TRY(disabled[number_of(*kind)], switches_of(name, switches));
    }
    return disabled;
}

json::object json_of(const DisabledStandard& disabled) {
    json::object kinds;
    for (const DictionaryKind kind : dictionary_kinds) {
        json::value& value = kinds[dictionary_name(kind)];
        const auto& switches = disabled[number_of(kind)];
        if (switches.empty()) continue;
        json::object& object = value.emplace_object();
        for (const auto& [language, off] : switches) object[language] = off;
    }
    return {{"disableStandardEntries", std::move(kinds)}};
}

// What a search in a dictionary goes through.
struct Found {
    std::string language;
    std::string word;  // folded, to sort by
    json::object json;
};

std::vector<std::string> folded_words(std::string_view text) {
    std::vector<std::string> words;
    Tokenizer{}.tokenize(text, [&](const Token& token) { words.emplace_back(token.folded); });
    return words;
}

bool matches(const std::vector<std::string>& asked, const std::vector<std::string>& there) {
    return std::all_of(asked.begin(), asked.end(), [&](const std::string& begin) {
        return std::any_of(there.begin(), there.end(), [&](const std::string& word) { return word.compare(0, begin.size(), begin) == 0; });
    });
}

}  // namespace

Result<std::unique_ptr<DictionaryStore>> DictionaryStore::open(Store& store) {
    std::unique_ptr<DictionaryStore> made{new DictionaryStore{store}};
    PENCHANT_CHECK(made->load());
    return made;
}

Result<void> DictionaryStore::load() {
    for (const DictionaryKind kind : dictionary_kinds) {
        std::optional<Error> error;
        PENCHANT_CHECK(store_.scan(Family::system, kind_prefix(kind), behind(kind_prefix(kind)),
                                   [&](std::string_view key, std::string_view value) {
                                       auto parsed = parse_json_value(value);
                                       auto entry = parsed.has_value() && parsed->is_object()
                                                        ? entry_of(kind, parsed->get_object())
                                                        : Result<DictionaryEntry>{Error{Errc::corrupt, {}}};
                                       if (entry.has_error()) {
                                           error = Error{Errc::corrupt, fmt::format("The stored dictionary entry {} is damaged", key)};
                                           return false;
                                       }
                                       std::string id = entry->object_id;
                                       entries_[number_of(kind)].insert_or_assign(std::move(id), std::move(*entry));
                                       return true;
                                   }));
        if (error) return std::move(*error);
    }
    PENCHANT_TRY(const auto settings, store_.get(Family::system, settings_key));
    if (settings) {
        PENCHANT_TRY(const json::value value, parse_json_value(*settings));
        if (!value.is_object()) return Error{Errc::corrupt, "The stored settings of dictionaries are damaged"};
        PENCHANT_TRY(disabled_, disabled_of(value.get_object(), {}));
    }
    publish();
    return {};
}

void DictionaryStore::publish() {
    std::vector<DictionaryEntry> all;
    for (const Entries& entries : entries_) {
        for (const auto& [id, entry] : entries) all.push_back(entry);
    }
    auto made = std::make_shared<const Dictionaries>(all, disabled_);
    const std::lock_guard guard{current_mutex_};
    current_ = std::move(made);
}

std::shared_ptr<const Dictionaries> DictionaryStore::current() const {
    const std::lock_guard guard{current_mutex_};
    return current_;
}

Result<void> DictionaryStore::change(DictionaryKind kind, const json::object& batch) {
    const json::value* requests = batch.if_contains("requests");
    if (requests == nullptr || !requests->is_array()) return bad("\"requests\" must be a list of {action, body}");
    if (requests->get_array().size() > limits::dictionary_requests_max) {
        return bad(fmt::format("\"requests\" holds more than {} entries", limits::dictionary_requests_max));
    }
    bool clear = false;
    if (const json::value* value = batch.if_contains("clearExistingDictionaryEntries"); value != nullptr && !value->is_null()) {
        if (!value->is_bool()) return bad("\"clearExistingDictionaryEntries\" must be true or false");
        clear = value->get_bool();
    }

    const std::lock_guard guard{mutex_};
    StoreBatch changes;
    Entries entries;
    if (clear) changes.remove_range(Family::system, kind_prefix(kind), behind(kind_prefix(kind)));
    else entries = entries_[number_of(kind)];
    std::size_t number = 0;
    for (const json::value& request : requests->get_array()) {
        const json::object* object = request.if_object();
        const json::value* action = object == nullptr ? nullptr : object->if_contains("action");
        const json::value* body = object == nullptr ? nullptr : object->if_contains("body");
        if (action == nullptr || body == nullptr || !body->is_object() || (*action != "addEntry" && *action != "deleteEntry")) {
            return at_request(number, bad("must be {\"action\": \"addEntry\" or \"deleteEntry\", \"body\": {...}}"));
        }
        if (*action == "addEntry") {
            auto entry = entry_of(kind, body->get_object());
            if (entry.has_error()) return at_request(number, entry.error());
            changes.put(Family::system, entry_key(kind, entry->object_id), json_text(json_of(*entry)));
            std::string id = entry->object_id;
            entries.insert_or_assign(std::move(id), std::move(*entry));
        } else {
            auto id = text_of(body->get_object(), "objectID", limits::object_id_bytes_max);
            if (id.has_error()) return at_request(number, id.error());
            changes.remove(Family::system, entry_key(kind, *id));
            entries.erase(*id);
        }
        ++number;
    }
    if (entries.size() > limits::dictionary_entries_max) {
        return bad(fmt::format("The dictionary \"{}\" would hold more than {} entries", dictionary_name(kind),
                               limits::dictionary_entries_max));
    }
    if (changes.empty()) return {};
    PENCHANT_CHECK(store_.write(std::move(changes)));
    entries_[number_of(kind)] = std::move(entries);
    publish();
    return {};
}

Result<json::object> DictionaryStore::search(DictionaryKind kind, const json::object& parameters) const {
    std::string query;
    if (const json::value* value = parameters.if_contains("query"); value != nullptr && !value->is_null()) {
        if (!value->is_string() || value->get_string().size() > limits::query_bytes_max) {
            return bad(fmt::format("\"query\" must be a text of at most {} bytes", limits::query_bytes_max));
        }
        query = std::string_view{value->get_string()};
    }
    std::string language;
    if (const json::value* value = parameters.if_contains("language"); value != nullptr && !value->is_null()) {
        PENCHANT_TRY(const std::string code, text_of(parameters, "language", 5));
        if (!is_language(code)) return bad("\"language\" must be a code like \"de\" or \"pt-br\"");
        language = table_code(code);
    }
    PENCHANT_TRY(const std::uint64_t page, number_member(parameters, "page", 0, limits::dictionary_entries_max));
    PENCHANT_TRY(const std::uint64_t hits_per_page,
                 number_member(parameters, "hitsPerPage", hits_per_page_default, limits::hits_per_page_max));

    const std::vector<std::string> asked = folded_words(query);
    std::vector<Found> found;
    const auto consider = [&](const DictionaryEntry& entry, std::string_view type) {
        if (!language.empty() && table_code(entry.language) != language) return;
        std::vector<std::string> words;
        for (const std::string& word : entry.words) {
            for (std::string& folded : folded_words(word)) words.push_back(std::move(folded));
        }
        if (!matches(asked, words)) return;
        json::object object = json_of(entry);
        object["type"] = type;
        found.push_back({entry.language, words.empty() ? std::string{} : words.front(), std::move(object)});
    };
    {
        const std::lock_guard guard{mutex_};
        for (const auto& [id, entry] : entries_[number_of(kind)]) consider(entry, "custom");
        if (kind == DictionaryKind::stopwords) {
            const auto now = current();
            for (const std::string_view code : Language::codes()) {
                if (!now->uses_standard(kind, code)) continue;
                for (const std::string_view word : language::stop_words(code)) {
                    if (now->stop_word(code, word)) continue;  // an own entry says otherwise, or the same
                    consider({kind, fmt::format("standard-{}-{}", code, word), std::string{code}, {std::string{word}}, {}, true}, "standard");
                }
            }
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return std::pair{std::string_view{a.language}, std::string_view{a.word}} < std::pair{std::string_view{b.language}, std::string_view{b.word}};
    });
    json::array hits;
    for (std::size_t i = page * hits_per_page; i < found.size() && hits.size() < hits_per_page; ++i) {
        hits.push_back(std::move(found[i].json));
    }
    const std::uint64_t pages = hits_per_page == 0 ? 0 : (found.size() + hits_per_page - 1) / hits_per_page;
    return json::object{{"hits", std::move(hits)}, {"page", page}, {"nbHits", found.size()}, {"nbPages", pages}};
}

json::object DictionaryStore::settings() const {
    const std::lock_guard guard{mutex_};
    return json_of(disabled_);
}

Result<void> DictionaryStore::change_settings(const json::object& changes) {
    const std::lock_guard guard{mutex_};
    PENCHANT_TRY(DisabledStandard disabled, disabled_of(changes, disabled_));
    StoreBatch batch;
    batch.put(Family::system, settings_key, json_text(json_of(disabled)));
    PENCHANT_CHECK(store_.write(std::move(batch)));
    disabled_ = std::move(disabled);
    publish();
    return {};
}

json::object DictionaryStore::languages() const {
    const std::lock_guard guard{mutex_};
    std::map<std::string, std::array<std::optional<std::size_t>, dictionary_kinds.size()>> counts;
    for (const std::string_view code : Language::codes()) {
        auto& kinds = counts[std::string{code}];
        kinds[number_of(DictionaryKind::stopwords)] = 0;
        kinds[number_of(DictionaryKind::plurals)] = 0;
    }
    for (const std::string_view code : Language::compounding_codes()) {
        counts[std::string{code}][number_of(DictionaryKind::compounds)] = 0;
    }
    for (const DictionaryKind kind : dictionary_kinds) {
        for (const auto& [id, entry] : entries_[number_of(kind)]) {
            auto& count = counts[entry.language][number_of(kind)];
            count = count.value_or(0) + 1;
        }
    }
    json::object answer;
    for (const auto& [language, kinds] : counts) {
        json::object object;
        for (const DictionaryKind kind : dictionary_kinds) {
            const auto& count = kinds[number_of(kind)];
            if (count) object[dictionary_name(kind)] = json::object{{"nbCustomEntries", *count}};
            else object[dictionary_name(kind)] = nullptr;
        }
        answer[language] = std::move(object);
    }
    return answer;
}

}  // namespace penchant
