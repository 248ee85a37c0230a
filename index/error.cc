// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/error.h"

#include <cstdio>
#include <cstdlib>
#include <ostream>

namespace penchant {

std::ostream& operator<<(std::ostream& out, const Error& error) { return out << error.what; }

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    std::fprintf(stderr, "penchant: bug: the value of a failed result was taken at %s:%u: %s\n", where.file_name(),
                 static_cast<unsigned>(where.line()), error.what.c_str());
    std::abort();
}

void assertion_failed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "penchant: bug: broken invariant at %s:%d: %s\n", file, line, expression);
    std::abort();
}

}  // namespace penchant
