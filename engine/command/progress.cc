// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace penchant {

namespace {
constexpr int bar_characters = 30;
}

Progress::Progress(std::string what, bool quiet)
    : what_{std::move(what)},
      quiet_{quiet},
      terminal_{isatty(STDERR_FILENO) == 1},
      begin_{std::chrono::steady_clock::now()},
      next_{begin_ + (terminal_ ? std::chrono::milliseconds{100} : std::chrono::milliseconds{5'000})} {}

Progress::~Progress() { finish(); }

void Progress::show(double share, std::uint64_t records) {
    const auto now = std::chrono::steady_clock::now();
    if (quiet_ || now < next_) return;
    next_ = now + (terminal_ ? std::chrono::milliseconds{100} : std::chrono::milliseconds{5'000});
    draw(share, records);
}

void Progress::draw(double share, std::uint64_t records) {
    share = std::clamp(share, 0.0, 1.0);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    const auto rate = static_cast<std::uint64_t>(seconds > 0 ? static_cast<double>(records) / seconds : 0);
    const double left = share > 0 ? seconds / share - seconds : 0;
    const auto filled = static_cast<int>(share * bar_characters);
    fmt::print(stderr, "{}{} [{:=<{}}{: <{}}] {:3.0f} %  {} records  {}/s  {:.0f} s left{}", terminal_ ? "\r" : "", what_, "",
               filled, "", bar_characters - filled, share * 100, grouped(records), grouped(rate), left,
               terminal_ ? "\x1b[K" : "\n");
    std::fflush(stderr);
    drawn_ = true;
}

void Progress::finish() {
    if (drawn_ && terminal_) fmt::print(stderr, "\r\x1b[K");
    drawn_ = false;
}

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
}

}  // namespace penchant
