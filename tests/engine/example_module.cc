// SPDX-License-Identifier: GPL-3.0-or-later
// A whole module in thirty lines: an endpoint of its own, and a boost that likes records with a high ordinal.
#include "engine/module.h"

namespace {

using namespace penchant;

class HighOrdinals final : public Boost {
    void score(std::span<const Ordinal> ordinals, std::span<float> scores) override {
        for (std::size_t i = 0; i < ordinals.size(); ++i) scores[i] = static_cast<float>(ordinals[i]) / 1e6F;
    }
    float upper_bound() const override { return 4'300.0F; }
    int impact() const override { return 100; }
    boost::json::array explain(Ordinal ordinal) const override { return {{{"filter", "ordinal"}, {"score", ordinal / 1e6}}}; }
};

class Example final : public Module {
    std::string_view name() const override { return "example"; }
    void routes(Router& router) override {
        router.add({Method::get, "/example/{word}", {"search"}, RouteFamily::personalization_v2, [](const Call& call) {
                        return json_response(boost::json::object{{"word", call.variables[0]}});
                    }});
    }
    std::unique_ptr<Boost> boost(const SearchContext& search) override {
        return search.enabled && search.user_token == "likes-high" ? std::make_unique<HighOrdinals>() : nullptr;
    }
    void on_snapshot(std::string_view, const Snapshot&) override {}
    void stop() override {}
};

}  // namespace

extern "C" penchant::Module* penchant_module(penchant::ModuleContext& context) {
    context.metrics.count("penchant_example_loaded_total");
    return new Example;
}
