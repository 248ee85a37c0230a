// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/module_loader.h"

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <boost/filesystem/operations.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace penchant {

LoadedModule::~LoadedModule() = default;

std::vector<std::string> module_files(std::string_view name) {
    if (name.find('/') != std::string_view::npos) return {std::string{name}};
    boost::system::error_code error;
    const auto folder = boost::dll::program_location(error).parent_path();
    if (error) return {};
    const std::string file = fmt::format("libpenchant_{}.so", name);
    return {(folder / file).string(), (folder.parent_path() / "lib" / "penchant" / file).string()};
}

namespace {

struct OpenLibrary {
    std::shared_ptr<boost::dll::shared_library> library;
    std::string file;
};

Result<OpenLibrary> open_library(std::string_view name) {
    const std::vector<std::string> files = module_files(name);
    for (const std::string& file : files) {
        boost::system::error_code error;
        if (!boost::filesystem::is_regular_file(file, error) || error) continue;
        // Every symbol is resolved now: a module of another version fails here, and not in a visitor's search.
        boost::dll::fs::error_code refused;
        auto library = std::make_shared<boost::dll::shared_library>();
        library->load(file, refused, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
        if (refused) {
            return Error{Errc::bad_request, fmt::format("Module {} cannot be loaded: {}", file, refused.message())};
        }
        if (!library->has("penchant_module")) {
            return Error{Errc::bad_request, fmt::format("{} is no module: it has no \"penchant_module\"", file)};
        }
        return OpenLibrary{std::move(library), file};
    }
    return Error{Errc::not_found, fmt::format("There is no module \"{}\"; looked for {}", name, fmt::join(files, ", "))};
}

}  // namespace

Result<std::unique_ptr<LoadedModule>> load_module(std::string_view name, ModuleContext& context) {
    PENCHANT_TRY(auto open, open_library(name));
    auto loaded = std::unique_ptr<LoadedModule>(new LoadedModule);
    loaded->module_.reset(open.library->get<ModuleEntry>("penchant_module")(context));
    if (!loaded->module_) return Error{Errc::bad_request, fmt::format("Module {} refused to start", open.file)};
    loaded->library_ = std::move(open.library);
    loaded->file_ = std::move(open.file);
    return loaded;
}

Result<int> run_module_command(std::string_view name, ModuleContext& context, int argc, const char* const* argv) {
    PENCHANT_TRY(const auto open, open_library(name));
    if (!open.library->has("penchant_module_command")) {
        return Error{Errc::not_found, fmt::format("Module {} has no commands", open.file)};
    }
    return open.library->get<ModuleCommand>("penchant_module_command")(context, argc, argv);
}

}  // namespace penchant
