// SPDX-License-Identifier: GPL-3.0-or-later
//
// The search log: what was asked and shown, and what came of it, for analytics (A 8.1). A search leaves a report in a
// queue of bounded length, which costs it microseconds; a thread writes once a second, without waiting for the disk. A
// crash of the process loses a second at most, a power cut what the system had not written yet; events themselves are
// durable before they are acknowledged (plugin/visitors.h), only their place in the analytics can be lost with it.
//
// A visitor's address is never stored: searches without a token are told apart by a number made with a salt that lives
// as long as the process.
#pragma once

#include "engine/module.h"
#include "index/store.h"
#include "plugin/event.h"
#include "plugin/search_row.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace penchant {

/// Any thread.
class SearchLog {
public:
    explicit SearchLog(ModuleContext& context);
    ~SearchLog() { stop(); }

    /// Takes a report in; it is dropped (and counted in penchant_search_log_dropped_total) when the queue is full.
    void add(const SearchReport& report);
    /// Joins events that carry a queryID, or whose objectData do, to their searches, when they happened within an hour
    /// of it (A 4.5).
    void add(std::span<const Event> events);

    /// Writes what was taken in before the call, then returns. Errors: those of the store, of this write only.
    [[nodiscard]] Result<void> flush();
    /// Writes the rest and ends. Nothing is taken in afterwards.
    void stop();

    struct Visit {
        const SearchRow& row;
        const std::vector<Outcome>& outcomes;
    };
    /// Searches of an index in [from_ms, until_ms), in order of time, folded ones included, until `visit` returns false.
    [[nodiscard]] Result<void> scan(std::string_view index, std::int64_t from_ms, std::int64_t until_ms,
                                    const std::function<bool(const Visit&)>& visit);
    /// Time of the newest search of an index; 0: none.
    [[nodiscard]] Result<std::int64_t> newest_ms(std::string_view index);

    /// Removes all searches of a visitor, and what came of them. Synced. False: there were none.
    [[nodiscard]] Result<bool> erase(std::string_view token);

    /// Removes what is older than `until_ms`.
    [[nodiscard]] Result<std::uint64_t> remove_before(std::int64_t until_ms);

    static constexpr std::int64_t fold_ms = 30'000;  ///< keystrokes of one visitor are one search
    static constexpr std::int64_t join_ms = 3'600'000;

private:
    struct Search {
        std::string index;
        std::int64_t time_ms = 0;
        std::string token;
        std::uint64_t visitor = 0;
        std::string normalized;
        std::string query_id;  ///< 16 bytes
        bool counted = false;
        std::string value;     ///< SearchRow::encode
    };
    struct Deed {  ///< what an event did with one record of one search
        std::string query_id;
        OutcomeKind kind = OutcomeKind::click;
        std::string object_id;
        std::int64_t time_ms = 0;
        std::uint32_t position = 0;
        double revenue = 0;
        std::string currency;
    };
    using Item = std::variant<Search, Deed>;
    struct Last {  ///< the last search of a visitor in an index, while it may still be folded
        std::string place;
        std::string normalized;
        std::string value;
        std::int64_t time_ms = 0;
        bool touched = false;  ///< something came of it: it stays a search of its own
    };

    void run();
    [[nodiscard]] Result<void> write(std::vector<Item> items);
    void write_search(StoreBatch& batch, Search& search, std::unordered_map<std::string, std::string>& fresh);
    [[nodiscard]] Result<void> write_deed(StoreBatch& batch, const Deed& deed,
                                          const std::unordered_map<std::string, std::string>& fresh);
    void forget_old(std::int64_t now_ms);
    void clean();
    static void append_deeds(const Event& event, std::vector<Item>& out);

    ModuleContext& context_;
    Store& store_;
    std::uint64_t salt_;
    std::atomic<std::uint64_t> sequence_;

    std::mutex mutex_;  // of what follows
    std::condition_variable changed_;
    std::vector<Item> queue_;
    std::uint64_t taken_ = 0;    ///< items ever put into the queue
    std::uint64_t written_ = 0;  ///< items of them that were written or failed
    bool hurry_ = false;
    bool stopping_ = false;
    Result<void> outcome_;       ///< of the last write

    std::mutex writing_;  // held while a batch is made and written, and while a visitor is erased
    std::unordered_map<std::string, Last> last_;  ///< index NUL visitor -> its last search
    std::int64_t cleaned_ms_ = 0;
    std::thread thread_;
};

}  // namespace penchant
