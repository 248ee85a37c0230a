// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of all settings this version knows: how each is checked, and where its value goes in Settings.
#pragma once

#include "index/settings.h"
#include "index/settings_value.h"

#include <span>
#include <string_view>

namespace penchant {

struct SettingsKey {
    std::string_view name;
    bool acted_on;  ///< false: checked and kept for the client, without effect
    /// Checks a value and puts it into the typed view; bad_request otherwise, when the view is half changed.
    Result<void> (*set)(const setting::Given&, Settings&);
};

/// Null when there is no setting of that name.
[[nodiscard]] const SettingsKey* find_settings_key(std::string_view name);

/// An old name's successor (A 3.7), any other name unchanged.
[[nodiscard]] std::string_view present_setting_name(std::string_view name);

/// The criteria of `ranking` when it is not set, by their names; in the order of Criterion.
[[nodiscard]] std::span<const std::string_view> default_criteria();

}  // namespace penchant
