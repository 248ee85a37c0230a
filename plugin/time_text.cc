// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/time_text.h"

#include <chrono>

#include <fmt/format.h>

namespace penchant {
namespace {

std::string seconds_text(std::int64_t time_ms) {
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds{time_ms}};
    const sys_days day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(time) - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

/// Takes `digits` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

/// Takes `sign` off the front; letters in either case.
bool take_sign(std::string_view& text, char sign) {
    const bool letter = sign >= 'A' && sign <= 'Z';
    if (text.empty() || (text.front() != sign && !(letter && text.front() == sign - 'A' + 'a'))) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string time_text_seconds(std::int64_t time_ms) { return seconds_text(time_ms) + "Z"; }

std::string time_text(std::int64_t time_ms) {
    return fmt::format("{}.{:03}Z", seconds_text(time_ms), ((time_ms % 1000) + 1000) % 1000);
}

std::optional<std::int64_t> parse_time_text(std::string_view text) {
    using namespace std::chrono;
    const auto years = take_digits(text, 4);
    if (!years || !take_sign(text, '-')) return std::nullopt;
    const auto months = take_digits(text, 2);
    if (!months || !take_sign(text, '-')) return std::nullopt;
    const auto month_days = take_digits(text, 2);
    if (!month_days) return std::nullopt;
    const year_month_day date{year{*years}, month{static_cast<unsigned>(*months)}, day{static_cast<unsigned>(*month_days)}};
    if (!date.ok()) return std::nullopt;
    milliseconds time = duration_cast<milliseconds>(sys_days{date}.time_since_epoch());
    if (text.empty()) return time.count();
    if (!take_sign(text, 'T') && !take_sign(text, ' ')) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take_sign(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *minute > 59 || !take_sign(text, ':')) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second || *second > 60) return std::nullopt;
    time += hours{*hour} + minutes{*minute} + seconds{*second};
    if (take_sign(text, '.')) {
        int scale = 100;
        bool any = false;
        for (auto digit = take_digits(text, 1); digit; digit = take_digits(text, 1)) {
            time += milliseconds{*digit * scale};
            scale /= 10;
            any = true;
        }
        if (!any) return std::nullopt;
    }
    if (take_sign(text, 'Z') && text.empty()) return time.count();
    if (text.empty()) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    if (text.front() != '-' && text.front() != '+' && text.front() != ' ') return std::nullopt;
    text.remove_prefix(1);
    const auto zone_hours = take_digits(text, 2);
    if (!zone_hours || !take_sign(text, ':')) return std::nullopt;
    const auto zone_minutes = take_digits(text, 2);
    if (!zone_minutes || !text.empty()) return std::nullopt;
    time -= sign * (hours{*zone_hours} + minutes{*zone_minutes});
    return time.count();
}

}  // namespace penchant
