// SPDX-License-Identifier: GPL-3.0-or-later
// The executable: hands over to a subcommand.
#include "engine/command/command.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace {

struct Command {
    std::string_view name;
    std::string_view help;
    int (*run)(int argc, const char* const* argv);
};

// The order is that of the help.
constexpr std::array commands{
    Command{"serve", "run the server", penchant::run_serve},
    Command{"import", "put records of a file into an index", penchant::run_import},
    Command{"search", "search an index from the terminal", penchant::run_search},
    Command{"profile", "show, export, link or erase a visitor", penchant::run_profile},
    Command{"evaluate", "measure results by judgments, compare settings", penchant::run_evaluate},
    Command{"check", "verify a data directory", penchant::run_check},
};

void print_help(std::FILE* to) {
    fmt::print(to, "Penchant: search that knows its visitors.\n\nusage: penchant COMMAND [options]\n\n");
    for (const Command& command : commands) fmt::print(to, "  {:<10} {}\n", command.name, command.help);
    fmt::print(to, "\npenchant COMMAND --help tells more; penchant --version tells the version.\n");
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view name = argc > 1 ? argv[1] : "";
    for (const Command& command : commands) {
        if (command.name == name) return command.run(argc - 1, argv + 1);
    }
    if (name == "--help" || name == "-h" || name == "help") {
        print_help(stdout);
        return penchant::exit_done;
    }
    if (name == "--version") {
        fmt::print("penchant {}\n", PENCHANT_VERSION);
        return penchant::exit_done;
    }
    if (!name.empty()) fmt::print(stderr, "penchant: there is no command \"{}\"\n\n", name);
    print_help(stderr);
    return penchant::exit_wrong_use;
}
