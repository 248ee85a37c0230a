// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file to import, read as plain bytes whatever it is packed in: gzip and Zstandard are recognised by their first bytes
// (RFC 1952 2.3.1, RFC 8878 3.1.1), not by name. "-" is standard input, which is spooled to a temporary file first, because an
// import reads its input twice: once to check all of it, once to send it.
#pragma once

#include "index/error.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace penchant {

/// One thread.
class InputFile {
public:
    /// io when the file cannot be read; the sentence names it.
    [[nodiscard]] static Result<InputFile> open(const std::string& path);
    ~InputFile();
    InputFile(InputFile&&) noexcept;
    InputFile& operator=(InputFile&&) noexcept;

    /// Fills `buffer` as far as it can; 0 at the end. corrupt when the packing is damaged or cut off.
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer);
    /// Starts again at the first byte.
    [[nodiscard]] Result<void> rewind();

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] std::uint64_t bytes_total() const;     ///< size as stored (packed)
    [[nodiscard]] std::uint64_t bytes_consumed() const;  ///< of those, read so far: what a progress bar shows

private:
    struct Body;
    explicit InputFile(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace penchant
