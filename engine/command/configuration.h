// SPDX-License-Identifier: GPL-3.0-or-later
//
// Options that do not come from the command line: environment variables (PENCHANT_LISTEN for --listen), then a TOML file
// (listen = "..."). What the command line says wins over both, and the environment over the file.
#pragma once

#include "index/error.h"

#include <CLI/CLI.hpp>

#include <string>

namespace penchant {

/// Gives each option of `app` that has none yet its environment variable.
void name_environment(CLI::App& app);

/// Fills the options of `app` that nobody gave from a TOML file. not_found when there is no such file; bad_request names an
/// unknown key, a wrong type or a value out of range.
[[nodiscard]] Result<void> read_configuration(CLI::App& app, const std::string& file);

}  // namespace penchant
