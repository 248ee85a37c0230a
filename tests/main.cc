// SPDX-License-Identifier: GPL-3.0-or-later
// The entry of all unit tests. Own main() instead of Catch2's, because versions 2 and 3 bring theirs differently.
#define CATCH_CONFIG_RUNNER
#include "tests/catch.h"

#ifdef __SANITIZE_THREAD__
// RocksDB of the distribution is not instrumented, so TSan does not see how its threads hand each other their work:
// the first of several writers writes the batches of all of them, read straight from their buffers.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
    return "race:librocksdb.so\n"
           "race:penchant::Store::write\n";
}
#endif

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
