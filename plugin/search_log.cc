// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/search_log.h"

#include "index/limits.h"
#include "index/record.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>

#include <simdjson.h>

namespace penchant {
namespace {

using simdjson::dom::element;

constexpr std::chrono::milliseconds write_interval{1'000};
constexpr std::int64_t clean_interval_ms = 3'600'000;

std::uint64_t hash_of(std::string_view text, std::uint64_t salt) {
    std::uint64_t hash = 0xCBF29CE484222325ULL ^ salt;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash ^ (hash >> 29U);
}

std::string_view text_at(simdjson::dom::object object, std::string_view key) {
    std::string_view text;
    element value;
    if (object.at_key(key).get(value) == simdjson::SUCCESS && value.get_string().get(text) == simdjson::SUCCESS) return text;
    return {};
}

// A number, or the number that a text begins with or holds ("8.50 EUR", "$8"); 0 for anything else.
double amount_of(element value) {
    double number = 0;
    if (value.get_double().get(number) == simdjson::SUCCESS) return std::isfinite(number) ? number : 0;
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return 0;
    const std::size_t begin = text.find_first_of("0123456789");
    if (begin == std::string_view::npos) return 0;
    const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), number);
    return error == std::errc() ? number : 0;
}

double amount_at(simdjson::dom::object object, std::string_view key, double otherwise) {
    element value;
    if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return otherwise;
    return amount_of(value);
}

OutcomeKind kind_of(const Event& event) {
    switch (event.type) {
        case EventType::click: return OutcomeKind::click;
        case EventType::view: return OutcomeKind::view;
        case EventType::conversion: break;
    }
    switch (event.subtype) {
        case EventSubtype::add_to_cart: return OutcomeKind::add_to_cart;
        case EventSubtype::purchase: return OutcomeKind::purchase;
        case EventSubtype::none: break;
    }
    return OutcomeKind::conversion;
}

// What was typed on from `before` to `after`, or back. Asked again it is the same search, unless nobody knows whether it is
// the same visitor: a shop's own server asks for all of them from one address.
bool typed_on(std::string_view before, std::string_view after, bool named) {
    if (before.empty() || after.empty() || (before == after && !named)) return false;
    return before.starts_with(after) || after.starts_with(before);
}

}  // namespace

SearchLog::SearchLog(ModuleContext& context) : context_(context), store_(context.catalog.store()) {
    std::random_device random;
    salt_ = (std::uint64_t{random()} << 32U) | random();
    // Begins anywhere: two runs of the server must not meet in one millisecond with one number.
    sequence_.store((std::uint64_t{random()} << 16U) | 1U);
    thread_ = std::thread([this] { run(); });
}

// -- taking in -----------------------------------------------------------------------------------------------------------

void SearchLog::add(const SearchReport& report) {
    SearchRow row;
    row.counted = report.counted;
    row.personalized = report.personalized;
    const std::string id = query_id_bytes(report.query_id);
    row.query_id = id;
    const bool named = !report.token_is_address && report.user_token.find('\0') == std::string_view::npos;
    if (named) row.token = report.user_token;
    row.visitor = report.user_token.empty() ? 0 : hash_of(report.user_token, report.token_is_address ? salt_ : 0);
    row.query = report.query;
    row.normalized = report.normalized;
    row.hits = report.hits;
    row.offset = report.offset;
    row.microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(report.microseconds, 0));
    for (const std::string& tag : report.tags) row.tags.push_back(tag);
    for (const SearchReport::Filter& filter : report.filters) row.filters.push_back({filter.attribute, filter.op, filter.value});
    for (const std::string_view object_id : report.object_ids) row.object_ids.push_back(object_id);

    Search search;
    search.index = report.index;
    search.time_ms = context_.now_ms();
    search.token = row.token;
    search.visitor = row.visitor;
    search.normalized = report.normalized;
    search.query_id = id;
    search.counted = report.counted;
    search.value = row.encode();
    {
        const std::lock_guard guard(mutex_);
        if (!stopping_ && queue_.size() < limits::search_log_queue_max) {
            queue_.emplace_back(std::move(search));
            ++taken_;
            return;
        }
    }
    context_.metrics.count("penchant_search_log_dropped_total");
}

void SearchLog::add(std::span<const Event> events) {
    std::vector<Item> deeds;
    for (const Event& event : events)
        // Looked for first: most events of most shops come without one, and reading JSON again is not free.
        if (!event.object_ids.empty() && event.json.find("\"queryID\"") != std::string::npos) append_deeds(event, deeds);
    if (deeds.empty()) return;
    std::uint64_t dropped = 0;
    {
        const std::lock_guard guard(mutex_);
        for (Item& deed : deeds) {
            if (stopping_ || queue_.size() >= limits::search_log_queue_max) {
                ++dropped;
                continue;
            }
            queue_.push_back(std::move(deed));
            ++taken_;
        }
    }
    if (dropped != 0) context_.metrics.count("penchant_search_log_dropped_total", dropped);
}

void SearchLog::append_deeds(const Event& event, std::vector<Item>& out) {
    const auto root = parse_json(event.json);
    if (root.has_error() || !root->is_object()) return;
    const simdjson::dom::object object(*root);
    const std::string of_all = query_id_bytes(text_at(object, "queryID"));
    simdjson::dom::array positions;
    element list;
    const bool has_positions = object.at_key("positions").get(list) == simdjson::SUCCESS &&
                               list.get_array().get(positions) == simdjson::SUCCESS;
    simdjson::dom::array data;
    const bool has_data = object.at_key("objectData").get(list) == simdjson::SUCCESS &&
                          list.get_array().get(data) == simdjson::SUCCESS;
    const OutcomeKind kind = kind_of(event);
    std::string currency(text_at(object, "currency"));
    for (char& c : currency) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    element total;
    const bool has_total = object.at_key("value").get(total) == simdjson::SUCCESS && !total.is_null();

    std::vector<Deed> deeds;
    for (std::size_t i = 0; i < event.object_ids.size(); ++i) {
        Deed deed;
        deed.query_id = of_all;
        deed.kind = kind;
        deed.object_id = event.object_ids[i];
        deed.time_ms = event.time_ms;
        element item;
        std::int64_t position = 0;
        if (has_positions && positions.at(i).get(item) == simdjson::SUCCESS &&
            item.get_int64().get(position) == simdjson::SUCCESS && position > 0 &&
            position <= std::numeric_limits<std::uint32_t>::max())
            deed.position = static_cast<std::uint32_t>(position);
        simdjson::dom::object one;
        double price = 0;
        if (has_data && data.at(i).get(item) == simdjson::SUCCESS && item.get_object().get(one) == simdjson::SUCCESS) {
            if (const std::string own = query_id_bytes(text_at(one, "queryID")); !own.empty()) deed.query_id = own;
            price = amount_at(one, "price", 0) * amount_at(one, "quantity", 1);
        }
        if (currency.size() == 3) {
            // The event's value is the sum of its records; where it is all there is, the first record stands for it.
            deed.revenue = has_total && !has_data ? (i == 0 ? amount_of(total) : 0) : price;
            if (std::isfinite(deed.revenue) && deed.revenue != 0) deed.currency = currency;
        }
        deeds.push_back(std::move(deed));
    }
    // A value beside prices that say nothing.
    const bool priced = std::any_of(deeds.begin(), deeds.end(), [](const Deed& deed) { return !deed.currency.empty(); });
    if (!priced && has_total && currency.size() == 3 && amount_of(total) != 0) {
        deeds.front().revenue = amount_of(total);
        deeds.front().currency = currency;
    }
    for (Deed& deed : deeds)
        if (!deed.query_id.empty()) out.emplace_back(std::move(deed));
}

// -- writing -------------------------------------------------------------------------------------------------------------

void SearchLog::run() {
    std::unique_lock guard(mutex_);
    while (true) {
        changed_.wait_for(guard, write_interval, [&] { return stopping_ || hurry_; });
        hurry_ = false;
        if (!queue_.empty()) {
            std::vector<Item> items = std::move(queue_);
            queue_.clear();
            const std::uint64_t count = items.size();
            guard.unlock();
            auto done = write(std::move(items));
            if (done.has_error()) {
                context_.log("error", done.error().what);
                context_.metrics.count("penchant_search_log_dropped_total", count);
            }
            clean();  // a busy server is never idle
            guard.lock();
            outcome_ = std::move(done);
            written_ += count;
            changed_.notify_all();
            continue;
        }
        if (stopping_) return;
        guard.unlock();
        clean();
        guard.lock();
    }
}

Result<void> SearchLog::flush() {
    std::unique_lock guard(mutex_);
    const std::uint64_t wanted = taken_;
    while (written_ < wanted) {
        if (stopping_ && queue_.empty() && !thread_.joinable()) break;
        hurry_ = true;
        changed_.notify_all();
        changed_.wait_for(guard, write_interval);
    }
    return outcome_;
}

void SearchLog::stop() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

Result<void> SearchLog::write(std::vector<Item> items) {
    const std::lock_guard guard(writing_);
    StoreBatch batch;
    std::unordered_map<std::string, std::string> fresh;  // query id -> place, of this batch; its row -> value
    std::size_t searches = 0;
    for (Item& item : items) {
        if (auto* search = std::get_if<Search>(&item)) {
            write_search(batch, *search, fresh);
            ++searches;
        } else {
            PENCHANT_CHECK(write_deed(batch, std::get<Deed>(item), fresh));
        }
    }
    PENCHANT_CHECK(store_.write_unsynced(std::move(batch)));
    if (searches != 0) context_.metrics.count("penchant_search_log_rows_total", searches);
    forget_old(context_.now_ms());
    return {};
}

void SearchLog::write_search(StoreBatch& batch, Search& search, std::unordered_map<std::string, std::string>& fresh) {
    const std::string place = search_keys::place(search.index, search.time_ms, sequence_.fetch_add(1));
    if (search.counted && search.visitor != 0) {
        Last& last = last_[search.index + '\0' + std::to_string(search.visitor)];
        const bool soon = !last.place.empty() && search.time_ms - last.time_ms <= fold_ms;
        if (soon && !last.touched && typed_on(last.normalized, search.normalized, !search.token.empty())) {
            std::string folded = folded_row(last.value);
            if (const auto at = fresh.find(last.place); at != fresh.end()) at->second = folded;
            batch.put(Family::module, search_keys::row(last.place), folded);
        }
        last = {place, search.normalized, search.value, search.time_ms, false};
    }
    batch.put(Family::module, search_keys::row(place), search.value);
    if (!search.query_id.empty()) {
        batch.put(Family::module, search_keys::id(search.query_id), place);
        fresh[search.query_id] = place;
        fresh[place] = search.value;
    }
    if (!search.token.empty()) batch.put(Family::module, search_keys::of_visitor(search.token, place), {});
}

Result<void> SearchLog::write_deed(StoreBatch& batch, const Deed& deed,
                                   const std::unordered_map<std::string, std::string>& fresh) {
    std::string place;
    std::string value;
    if (const auto at = fresh.find(deed.query_id); at != fresh.end()) {
        place = at->second;
        if (const auto row = fresh.find(place); row != fresh.end()) value = row->second;
    } else {
        PENCHANT_TRY(auto known, store_.get(Family::module, search_keys::id(deed.query_id)));
        if (!known || known->size() < 17) return {};
        place = std::move(*known);
        PENCHANT_TRY(auto row, store_.get(Family::module, search_keys::row(place)));
        if (!row) return {};
        value = std::move(*row);
    }
    const std::size_t end = place.size() - 16;
    const auto searched_ms = static_cast<std::int64_t>(read_key_u64(std::string_view(place).substr(end)));
    if (deed.time_ms > searched_ms + join_ms) return {};
    const auto row = SearchRow::decode(value, searched_ms);
    if (!row) return Error{Errc::corrupt, "a search in the log cannot be read"};
    Outcome outcome;
    outcome.kind = deed.kind;
    outcome.object_id = deed.object_id;
    outcome.time_ms = deed.time_ms;
    outcome.position = deed.position;
    if (outcome.position == 0) {  // not said, but we know what was shown where
        const auto shown = std::find(row->object_ids.begin(), row->object_ids.end(), deed.object_id);
        if (shown != row->object_ids.end())
            outcome.position = static_cast<std::uint32_t>(row->offset) +
                               static_cast<std::uint32_t>(shown - row->object_ids.begin()) + 1;
    }
    outcome.revenue = deed.revenue;
    outcome.currency = deed.currency;
    batch.put(Family::module, search_keys::outcome(place, deed.kind, deed.object_id), outcome.encode());
    const std::string visitor = place.substr(0, end - 1) + '\0' + std::to_string(row->visitor);
    if (const auto last = last_.find(visitor); last != last_.end() && last->second.place == place) last->second.touched = true;
    context_.metrics.count("penchant_search_log_joined_total");
    return {};
}

void SearchLog::forget_old(std::int64_t now_ms) {
    if (last_.size() < limits::search_log_queue_max) return;
    std::erase_if(last_, [&](const auto& entry) { return now_ms - entry.second.time_ms > fold_ms; });
    if (last_.size() >= 4 * limits::search_log_queue_max) last_.clear();  // some keystrokes are counted one by one
}

// -- reading -------------------------------------------------------------------------------------------------------------

Result<void> SearchLog::scan(std::string_view index, std::int64_t from_ms, std::int64_t until_ms,
                             const std::function<bool(const Visit&)>& visit) {
    const std::string begin = search_keys::begin(index, from_ms);
    const std::string end = search_keys::begin(index, until_ms);
    const std::size_t row_bytes = begin.size() + 8;
    std::string row_key;
    std::string row_value;
    std::vector<std::pair<std::string, std::string>> ends;  // of the outcomes' keys, and their values
    bool more = true;
    bool damaged = false;
    const auto give = [&] {
        if (row_key.empty()) return;
        const auto time_ms = static_cast<std::int64_t>(read_key_u64(std::string_view(row_key).substr(row_bytes - 16)));
        const auto row = SearchRow::decode(row_value, time_ms);
        if (!row) {
            damaged = true;
            more = false;
            return;
        }
        std::vector<Outcome> outcomes;
        for (const auto& [key_end, value] : ends)
            if (const auto outcome = Outcome::decode(key_end, value)) outcomes.push_back(*outcome);
        more = visit({*row, outcomes});
    };
    PENCHANT_CHECK(store_.scan(Family::module, begin, end, [&](std::string_view key, std::string_view value) {
        if (key.size() > row_bytes) {
            if (key.substr(0, row_bytes) == row_key) ends.emplace_back(key.substr(row_bytes), value);
            return true;
        }
        give();
        row_key = key;
        row_value = value;
        ends.clear();
        return more;
    }));
    if (more) give();
    if (damaged) return Error{Errc::corrupt, "a search in the log cannot be read"};
    return {};
}

Result<std::int64_t> SearchLog::newest_ms(std::string_view index) {
    const std::string begin = search_keys::begin(index, 0);
    std::string end = begin.substr(0, begin.size() - 9);
    end.push_back('\1');
    std::int64_t time_ms = 0;
    PENCHANT_CHECK(store_.scan_backwards(Family::module, begin, end, [&](std::string_view key, std::string_view) {
        time_ms = static_cast<std::int64_t>(read_key_u64(key.substr(begin.size() - 8)));
        return false;
    }));
    return time_ms;
}

// -- removal -------------------------------------------------------------------------------------------------------------

namespace {

// A search with all that refers to it.
void remove_place(StoreBatch& batch, const std::string& place, const SearchRow* row) {
    const std::string key = search_keys::row(place);
    std::string end = key;
    end.push_back('\x7F');  // behind every kind of outcome
    batch.remove_range(Family::module, key, end);
    if (!row) return;
    if (!row->query_id.empty()) batch.remove(Family::module, search_keys::id(row->query_id));
    if (!row->token.empty()) batch.remove(Family::module, search_keys::of_visitor(row->token, place));
}

}  // namespace

Result<bool> SearchLog::erase(std::string_view token) {
    // What is waiting is the visitor's, too.
    (void)flush();
    const std::lock_guard guard(writing_);
    const std::string begin = search_keys::of_visitor(token, {});
    std::vector<std::string> places;
    PENCHANT_CHECK(store_.scan(Family::module, begin, search_keys::end_of(begin), [&](std::string_view key, std::string_view) {
        places.emplace_back(key.substr(begin.size()));
        return true;
    }));
    if (places.empty()) return false;
    StoreBatch batch;
    for (const std::string& place : places) {
        PENCHANT_TRY(const auto value, store_.get(Family::module, search_keys::row(place)));
        const auto row = value ? SearchRow::decode(*value, 0) : std::nullopt;
        remove_place(batch, place, row ? &*row : nullptr);
    }
    batch.remove_range(Family::module, begin, search_keys::end_of(begin));
    std::erase_if(last_, [&](const auto& entry) {
        return std::find(places.begin(), places.end(), entry.second.place) != places.end();
    });
    PENCHANT_CHECK(store_.write(std::move(batch)));
    return true;
}

Result<std::uint64_t> SearchLog::remove_before(std::int64_t until_ms) {
    constexpr std::size_t rows_a_batch = 10'000;
    std::uint64_t removed = 0;
    std::string from(search_keys::rows);
    const std::string end = search_keys::end_of(search_keys::rows);
    for (bool more = true; more;) {
        const std::lock_guard guard(writing_);
        StoreBatch batch;
        std::size_t rows = 0;
        std::string next;
        PENCHANT_CHECK(store_.scan(Family::module, from, end, [&](std::string_view key, std::string_view value) {
            const std::size_t nul = key.find('\0');
            if (nul == std::string_view::npos || key.size() < nul + 17) return true;
            const auto time_ms = static_cast<std::int64_t>(read_key_u64(key.substr(nul + 1)));
            if (time_ms >= until_ms) {  // the rest of this index stays: on with the next one
                next = std::string(key.substr(0, nul)) + '\1';
                return false;
            }
            if (key.size() == nul + 17) {
                const auto row = SearchRow::decode(value, time_ms);
                remove_place(batch, std::string(key.substr(search_keys::rows.size())), row ? &*row : nullptr);
                if (++rows == rows_a_batch) {
                    next = std::string(key) + '\x7F';
                    return false;
                }
            }
            return true;
        }));
        removed += rows;
        if (!batch.empty()) PENCHANT_CHECK(store_.write_unsynced(std::move(batch)));
        more = !next.empty();
        from = std::move(next);
    }
    return removed;
}

void SearchLog::clean() {
    const std::int64_t now_ms = context_.now_ms();
    if (cleaned_ms_ != 0 && now_ms - cleaned_ms_ < clean_interval_ms) return;
    const bool first = cleaned_ms_ == 0;
    cleaned_ms_ = now_ms;
    if (first) return;  // a server has better to do in its first second
    std::int64_t age_ms = std::chrono::duration_cast<std::chrono::milliseconds>(limits::search_log_age_max).count();
    if (store_.approximate_bytes(Family::module) > limits::search_log_bytes_max) age_ms /= 2;
    const auto removed = remove_before(now_ms - age_ms);
    if (removed.has_error()) context_.log("error", removed.error().what);
    else if (*removed != 0) context_.metrics.count("penchant_search_log_expired_total", *removed);
}

}  // namespace penchant
