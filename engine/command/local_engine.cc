// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/local_engine.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace penchant {

LocalEngine::~LocalEngine() {
    if (catalog) catalog->stop();
    if (module) module->module().stop();
}

Result<std::unique_ptr<LocalEngine>> open_catalog(const std::string& data_directory) {
    auto engine = std::make_unique<LocalEngine>();
    CatalogOptions options;
    options.directory = data_directory;
    PENCHANT_TRY(engine->catalog, Catalog::open(std::move(options)));
    engine->catalog->set_selector(select_by_query);
    engine->module_context = std::make_unique<ModuleContext>(
        ModuleContext{*engine->catalog, engine->metrics,
                      [] {
                          using namespace std::chrono;
                          return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
                      },
                      [](std::string_view level, std::string_view message) {
                          if (level == "error" || level == "warning") fmt::print(stderr, "{}: {}\n", level, message);
                      }});
    return engine;
}

Result<std::unique_ptr<LocalEngine>> open_local_engine(const std::string& data_directory, const std::string& module) {
    PENCHANT_TRY(auto engine, open_catalog(data_directory));
    if (module != "none") {
        PENCHANT_TRY(engine->module, load_module(module, *engine->module_context));
    }
    PENCHANT_TRY(engine->dictionaries, DictionaryStore::open(engine->catalog->store()));
    engine->search = std::make_unique<SearchService>(*engine->catalog, engine->module ? &engine->module->module() : nullptr,
                                                     engine->metrics, engine->dictionaries.get());
    return engine;
}

}  // namespace penchant
