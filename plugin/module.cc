// SPDX-License-Identifier: GPL-3.0-or-later
//
// The personalization module: the two symbols that the engine looks for.
#include "engine/module.h"

#include "plugin/api.h"
#include "plugin/command.h"
#include "plugin/personalization.h"

#include <cstdio>

namespace penchant {
namespace {

class PersonalizationModule : public Module {
public:
    explicit PersonalizationModule(std::unique_ptr<Personalization> personalization)
        : personalization_(std::move(personalization)) {}

    [[nodiscard]] std::string_view name() const override { return "personalization"; }
    void routes(Router& router) override {
        add_event_routes(router, *personalization_);
        add_classic_routes(router, *personalization_);
        add_advanced_routes(router, *personalization_);
        add_analytics_routes(router, *personalization_);
    }
    [[nodiscard]] std::unique_ptr<Boost> boost(const SearchContext& search) override {
        if (!search.enabled) return nullptr;
        return personalization_->boosts().boost(search, personalization_->context().now_ms());
    }
    void on_search(const SearchReport& report) override { personalization_->search_log().add(report); }
    void on_snapshot(std::string_view, const Snapshot&) override {
        // What is compiled for a snapshot carries its generation, so there is nothing to drop here.
    }
    void stop() override {
        personalization_->search_log().stop();
        personalization_->erasure().stop();
    }

private:
    std::unique_ptr<Personalization> personalization_;
};

}  // namespace
}  // namespace penchant

extern "C" {

/// Null, with a line in the log, when the store cannot be read.
__attribute__((visibility("default"))) penchant::Module* penchant_module(penchant::ModuleContext& context) {
    auto opened = penchant::Personalization::open(context);
    if (opened.has_error()) {
        context.log("error", opened.error().what);
        return nullptr;
    }
    return new penchant::PersonalizationModule(std::move(*opened));
}

__attribute__((visibility("default"))) int penchant_module_command(penchant::ModuleContext& context, int argc,
                                                                   const char* const* argv) {
    if (argc < 1 || std::string_view(argv[0]) != "profile") {
        std::fprintf(stderr, "penchant: the module has one command, profile\n");
        return 2;
    }
    auto opened = penchant::Personalization::open(context);
    if (opened.has_error()) {
        std::fprintf(stderr, "penchant: %s\n", opened.error().what.c_str());
        return 1;
    }
    return penchant::profile_command(**opened, argc, argv);
}

}  // extern "C"
