// SPDX-License-Identifier: GPL-3.0-or-later
//
// The subcommands of `penchant`. Each reads its own arguments (argv[0] is the subcommand's name), prints what it found
// to standard output, and what went wrong, in one sentence, to standard error.
#pragma once

namespace penchant {

enum ExitCode : int { exit_done = 0, exit_failed = 1, exit_wrong_use = 2 };

int run_serve(int argc, const char* const* argv);
int run_import(int argc, const char* const* argv);
int run_search(int argc, const char* const* argv);
int run_profile(int argc, const char* const* argv);
int run_evaluate(int argc, const char* const* argv);
int run_check(int argc, const char* const* argv);

}  // namespace penchant
