// SPDX-License-Identifier: GPL-3.0-or-later
//
// penchant profile: shows, exports, links or erases a visitor on a stopped server's data directory. What a profile is, only
// the module knows, so everything but the data directory is handed to it (ModuleCommand in engine/module.h).
#include "engine/command/arguments.h"
#include "engine/command/local_engine.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace penchant {

int run_profile(int argc, const char* const* argv) {
    std::string data;
    std::string module = "personalization";
    CLI::App app{"Shows, exports, links or erases a visitor.", "penchant profile"};
    app.add_option("--data", data, "data directory (no server may run on it)")->required()->envname("PENCHANT_DATA_DIR");
    app.add_option("--module", module, "the module that keeps profiles")->capture_default_str();
    app.allow_extras();
    app.footer(
        "  USER [--json]        the visitor's affinities\n"
        "  USER --export        the visitor's events, one JSON object a line\n"
        "  USER --link PERSON   say that the token belongs to a person\n"
        "  USER --unlink        take that back\n"
        "  USER --rebuild       count the visitor's events anew\n"
        "  USER --erase         remove the visitor from answers and files");
    if (const auto exit = parse_arguments(app, argc, argv)) return *exit;

    const auto engine = open_catalog(data);
    if (!engine) {
        fmt::print(stderr, "penchant profile: {}\n", engine.error().what);
        return exit_failed;
    }
    const std::vector<std::string> rest = app.remaining();
    std::vector<const char*> arguments{"profile"};
    for (const std::string& argument : rest) arguments.push_back(argument.c_str());
    const auto outcome =
        run_module_command(module, *(*engine)->module_context, static_cast<int>(arguments.size()), arguments.data());
    if (!outcome) {
        fmt::print(stderr, "penchant profile: {}\n", outcome.error().what);
        return exit_failed;
    }
    return *outcome;
}

}  // namespace penchant
