// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where an import goes: a data directory opened by this process, or a running server.
#pragma once

#include "index/error.h"
#include "index/record.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace penchant {

/// One thread. Each call that writes is durable when it returns.
class ImportTarget {
public:
    virtual ~ImportTarget() = default;
    [[nodiscard]] virtual Result<void> change_settings(const std::string& index, const boost::json::object& changes) = 0;
    [[nodiscard]] virtual Result<void> put(const std::string& index, std::vector<Record> records) = 0;
    [[nodiscard]] virtual Result<void> copy_settings(const std::string& source, const std::string& destination) = 0;
    [[nodiscard]] virtual Result<void> move(const std::string& source, const std::string& destination) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::string& index) = 0;
    /// Returns when everything written so far is searchable.
    [[nodiscard]] virtual Result<void> wait() = 0;
    struct Size {
        std::uint64_t records = 0;
        std::uint64_t file_bytes = 0;
    };
    [[nodiscard]] virtual Result<Size> size(const std::string& index) = 0;
};

[[nodiscard]] Result<std::unique_ptr<ImportTarget>> local_target(const std::string& data_directory);
[[nodiscard]] Result<std::unique_ptr<ImportTarget>> remote_target(const std::string& url, const std::string& key);

}  // namespace penchant
