// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/xapian_boundary.h"

#include <cerrno>
#include <cstring>
#include <string_view>

namespace penchant {

Error error_of(const Xapian::Error& error) {
    // Xapian keeps the operating system's reason as text only.
    const char* const reason = error.get_error_string();
    const bool full = (reason && std::strcmp(reason, std::strerror(ENOSPC)) == 0) ||
                      error.get_msg().find(std::strerror(ENOSPC)) != std::string::npos;
    // Its classes have no virtual functions, so the name of the class is what tells them apart.
    const std::string_view type = error.get_type();
    Errc code = Errc::io;
    if (full) code = Errc::disk_full;
    else if (type == "DatabaseModifiedError") code = Errc::stale_snapshot;
    else if (type == "DocNotFoundError") code = Errc::not_found;
    else if (type == "DatabaseLockError") code = Errc::conflict;
    else if (type == "DatabaseVersionError") code = Errc::bad_request;
    // An index that is there but cannot be opened has lost or damaged files.
    else if (type == "DatabaseCorruptError" || type == "DatabaseOpeningError" || type == "DatabaseNotFoundError" ||
             type == "SerialisationError" || type == "RangeError")
        code = Errc::corrupt;
    return {code, error.get_description()};
}

}  // namespace penchant
