// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same engine as the server's, without a server: a data directory opened by a command, with its module.
#pragma once

#include "engine/dictionary_store.h"
#include "engine/metrics.h"
#include "engine/module_loader.h"
#include "engine/search.h"
#include "index/catalog.h"

#include <memory>
#include <string>

namespace penchant {

/// Members in the order of dependence.
struct LocalEngine {
    MetricsRegistry metrics;
    std::unique_ptr<Catalog> catalog;
    std::unique_ptr<ModuleContext> module_context;
    std::unique_ptr<LoadedModule> module;  ///< null with module "none"
    std::unique_ptr<DictionaryStore> dictionaries;
    std::unique_ptr<SearchService> search;

    ~LocalEngine();
    LocalEngine() = default;
    LocalEngine(const LocalEngine&) = delete;
    LocalEngine& operator=(const LocalEngine&) = delete;
};

/// The catalog of a data directory and what a module needs beside it, before any module is loaded.
[[nodiscard]] Result<std::unique_ptr<LocalEngine>> open_catalog(const std::string& data_directory);

/// Opens `data_directory`, which no server may have open. Errors as Catalog::open and load_module.
[[nodiscard]] Result<std::unique_ptr<LocalEngine>> open_local_engine(const std::string& data_directory,
                                                                     const std::string& module);

}  // namespace penchant
