// SPDX-License-Identifier: GPL-3.0-or-later
// The entry of all unit tests. Own main() instead of Catch2's, because versions 2 and 3 bring theirs differently.
#define CATCH_CONFIG_RUNNER
#include "tests/catch.h"

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
