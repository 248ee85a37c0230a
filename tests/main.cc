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

#ifdef __SANITIZE_ADDRESS__
// Xapian 1.4.22 gives back an object of its own under the wrong size in Database::check (`penchant check` uses it).
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "new_delete_type_mismatch=0"; }
// It also loses some hundred bytes when a damaged database is refused.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libxapian.so\n"; }
#endif

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
