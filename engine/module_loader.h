// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds a module by name, loads it and keeps it loaded.
#pragma once

#include "engine/module.h"
#include "index/error.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

/// A module and the library it lives in; the module ends before the library does.
class LoadedModule {
public:
    ~LoadedModule();
    [[nodiscard]] Module& module() { return *module_; }
    [[nodiscard]] const std::string& file() const { return file_; }

private:
    friend Result<std::unique_ptr<LoadedModule>> load_module(std::string_view name, ModuleContext& context);
    LoadedModule() = default;
    std::shared_ptr<void> library_;
    std::unique_ptr<Module> module_;
    std::string file_;
};

/// Loads module `name`: a path when it has a slash, else libpenchant_<name>.so beside the executable or in ../lib/penchant
/// from there. Errors: not_found (the sentence says where was looked), bad_request (no module of ours, or it refused).
[[nodiscard]] Result<std::unique_ptr<LoadedModule>> load_module(std::string_view name, ModuleContext& context);

/// Runs the module's part of the command line (ModuleCommand in engine/module.h) and gives its exit code. Errors as
/// load_module, and not_found when the module has none.
[[nodiscard]] Result<int> run_module_command(std::string_view name, ModuleContext& context, int argc,
                                             const char* const* argv);

/// The files that load_module(name) tries, in order.
[[nodiscard]] std::vector<std::string> module_files(std::string_view name);

}  // namespace penchant
