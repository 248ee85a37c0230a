// SPDX-License-Identifier: GPL-3.0-or-later
//
// penchant check: verifies everything a data directory holds (index/check.h), while no server runs on it.
#include "engine/command/arguments.h"
#include "index/catalog.h"

#include <fmt/format.h>

namespace penchant {

int run_check(int argc, const char* const* argv) {
    std::string data;
    CLI::App app{"Verifies every file, checksum, record and posting of a data directory.", "penchant check"};
    app.add_option("--data", data, "data directory")->required()->envname("PENCHANT_DATA_DIR");
    if (const auto exit = parse_arguments(app, argc, argv)) return *exit;

    CatalogOptions options;
    options.directory = data;
    options.read_only = true;
    const auto catalog = Catalog::open(std::move(options));
    if (!catalog) {
        fmt::print(stderr, "penchant check: {}\n", catalog.error().what);
        return exit_failed;
    }
    const auto findings = (*catalog)->check([](const std::string& finding) { fmt::print("{}\n", finding); });
    if (!findings) {
        fmt::print(stderr, "penchant check: {}\n", findings.error().what);
        return exit_failed;
    }
    std::uint64_t records = 0;
    const auto indices = (*catalog)->list();
    for (const IndexDescription& index : indices) records += index.entries;
    fmt::print("checked {} indices with {} records: {}\n", indices.size(), records,
               *findings == 0 ? "clean" : fmt::format("{} findings", *findings));
    return *findings == 0 ? exit_done : exit_failed;
}

}  // namespace penchant
