// SPDX-License-Identifier: GPL-3.0-or-later
//
// How Penchant says that something did not work out.
//
// What a caller, a client or a disk can cause is a value: a function that may fail returns Result<T>, and the
// Error in it carries one sentence that an operator or a client can act on. What only a bug can cause stops the
// process (PENCHANT_ASSERT), because going on with a broken invariant would put wrong data on disk.
#pragma once

#include <boost/system/result.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

namespace penchant {

/// What kind of failure; engine/api/answer.cc maps each to one HTTP status in a switch without a default.
enum class Errc {
    bad_request,     ///< the client's mistake: the sentence names the field and the limit
    not_found,       ///< no such index, record, key, visitor
    forbidden,       ///< the key may not do this
    unauthorized,    ///< no valid credentials where the contract says 401 (events)
    method,          ///< the path exists, the method does not
    too_large,       ///< the body is past its limit
    invalid,         ///< understood, but refused by validation (422)
    conflict,        ///< somebody else has it (a locked data directory, a second writer)
    overloaded,      ///< full: come back later (429)
    unavailable,     ///< stopping, or not ready yet (503)
    disk_full,       ///< no space left; nothing of the request was kept (507)
    stale_snapshot,  ///< a reader fell behind the writer: reopen and try again
    corrupt,         ///< what was read back is not what was written
    io,              ///< the operating system or a storage library refused
};

struct Error {
    Errc code = Errc::io;
    std::string what;  ///< one sentence, never a visitor's data
};

/// The sentence, for logs and tests.
std::ostream& operator<<(std::ostream& out, const Error& error);

/// Called by boost::system::result when somebody takes the value of a failed result: a bug, so it aborts.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

/// Prints the broken invariant with its place and aborts. Used through PENCHANT_ASSERT.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace penchant

/// A broken invariant is a bug: stop before it reaches the disk. Stays on in release builds.
#define PENCHANT_ASSERT(expression) \
    (static_cast<bool>(expression) ? void(0) : ::penchant::assertion_failed(#expression, __FILE__, __LINE__))

#define PENCHANT_CONCAT_(a, b) a##b
#define PENCHANT_CONCAT(a, b) PENCHANT_CONCAT_(a, b)

/// `PENCHANT_TRY(auto name, expression);` names the value of a Result, or returns its error to the caller.
#define PENCHANT_TRY(declaration, ...)                                                               \
    auto PENCHANT_CONCAT(result_of_, __LINE__) = (__VA_ARGS__);                                      \
    if (PENCHANT_CONCAT(result_of_, __LINE__).has_error())                                           \
        return std::move(PENCHANT_CONCAT(result_of_, __LINE__)).error();                             \
    declaration = std::move(PENCHANT_CONCAT(result_of_, __LINE__)).value()

/// The same for an expression whose value is not needed (Result<void> included).
#define PENCHANT_CHECK(...)                                                                          \
    do {                                                                                             \
        if (auto result_ = (__VA_ARGS__); result_.has_error()) return std::move(result_).error();    \
    } while (false)
