// SPDX-License-Identifier: GPL-3.0-or-later
//
// `penchant profile USER ...` on a stopped server's data directory: what the module does without HTTP.
#pragma once

#include "plugin/personalization.h"

namespace penchant {

/// `profile USER [--show] [--json] | --export | --link PERSON | --unlink | --rebuild | --erase`; prints to standard
/// output. argv[0] is "profile". Gives an exit code: 0 done, 1 failed (one sentence on standard error), 2 wrong use.
[[nodiscard]] int profile_command(Personalization& personalization, int argc, const char* const* argv);

}  // namespace penchant
