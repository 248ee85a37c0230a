// SPDX-License-Identifier: GPL-3.0-or-later
//
// A progress bar on a terminal, a line every few seconds elsewhere. Writes to standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace penchant {

/// One thread.
class Progress {
public:
    Progress(std::string what, bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `share` done, 0..1, and how many records that is. Cheap: draws at most ten times a second.
    void show(double share, std::uint64_t records);
    /// Ends the bar's line. Called by the destructor too.
    void finish();

private:
    void draw(double share, std::uint64_t records);

    std::string what_;
    bool quiet_;
    bool terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point begin_;
    std::chrono::steady_clock::time_point next_;
};

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace penchant
