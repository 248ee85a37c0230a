// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/configuration.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

namespace penchant {

namespace {

std::string environment_name(const std::string& option) {
    std::string name = "PENCHANT_" + option;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
    return name;
}

std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return fmt::to_string(*number);
    if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
    return std::nullopt;
}

}  // namespace

void name_environment(CLI::App& app) {
    for (CLI::Option* option : app.get_options()) {
        if (option->get_lnames().empty() || option->get_lnames().front() == "help" || !option->get_envname().empty()) continue;
        option->envname(environment_name(option->get_lnames().front()));
    }
}

Result<void> read_configuration(CLI::App& app, const std::string& file) {
    std::error_code missing;
    if (!std::filesystem::is_regular_file(file, missing)) {
        return Error{Errc::not_found, fmt::format("There is no configuration file {}", file)};
    }
    const toml::parse_result parsed = toml::parse_file(file);
    if (!parsed) {
        return Error{Errc::bad_request,
                     fmt::format("{}, line {}: {}", file, parsed.error().source().begin.line, parsed.error().description())};
    }
    for (const auto& [key, node] : parsed.table()) {
        const std::string name{key.str()};
        CLI::Option* option = name == "config" || name == "help" ? nullptr : app.get_option_no_throw("--" + name);
        if (option == nullptr) return Error{Errc::bad_request, fmt::format("{}: there is no option \"{}\"", file, name)};
        if (option->count() != 0) continue;
        const auto text = text_of(node);
        if (!text) return Error{Errc::bad_request, fmt::format("{}: \"{}\" must be a text or a number", file, name)};
        try {
            option->add_result(*text);
            option->run_callback();
        } catch (const CLI::Error& error) {
            return Error{Errc::bad_request, fmt::format("{}: \"{}\": {}", file, name, error.what())};
        }
    }
    return {};
}

}  // namespace penchant
