// SPDX-License-Identifier: GPL-3.0-or-later
//
// CLI11 says by exception that --help was asked or that the arguments are wrong; this is where that ends.
#pragma once

#include "engine/command/command.h"

#include <CLI/CLI.hpp>

#include <optional>

namespace penchant {

/// Parses; nullopt: go on. Otherwise what to exit with, help or the complaint printed already.
[[nodiscard]] inline std::optional<int> parse_arguments(CLI::App& app, int argc, const char* const* argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_done : exit_wrong_use;
    }
    return std::nullopt;
}

}  // namespace penchant
