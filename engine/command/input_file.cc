// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command/input_file.h"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace penchant {

namespace {

enum class Packing { none, gzip, zstandard };

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, FileCloser>;

struct InflateEnd {
    void operator()(z_stream* stream) const {
        inflateEnd(stream);
        delete stream;
    }
};
struct ZstdEnd {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

constexpr std::size_t chunk_bytes = 256 * 1024;

Error cannot_read(const std::string& name) { return Error{Errc::io, "cannot read " + name + ": " + std::strerror(errno)}; }

/// Standard input in a temporary file that has no name, so that it can be read twice.
Result<FileHandle> spool_standard_input() {
    FileHandle spool{std::tmpfile()};
    if (!spool) return cannot_read("standard input (no temporary file)");
    std::vector<char> chunk(chunk_bytes);
    for (;;) {
        const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), stdin);
        if (got == 0) break;
        if (std::fwrite(chunk.data(), 1, got, spool.get()) != got)
            return Error{Errc::disk_full, "no space to keep standard input in a temporary file"};
    }
    if (std::ferror(stdin) != 0) return cannot_read("standard input");
    if (std::fflush(spool.get()) != 0) return Error{Errc::disk_full, "no space to keep standard input in a temporary file"};
    return spool;
}

}  // namespace

struct InputFile::Body {
    std::string name;
    FileHandle file;
    Packing packing = Packing::none;
    std::uint64_t bytes_total = 0;
    std::uint64_t bytes_consumed = 0;
    std::vector<char> packed = std::vector<char>(chunk_bytes);
    std::size_t packed_begin = 0;
    std::size_t packed_end = 0;
    bool member_open = false;  ///< inside a gzip member or a Zstandard frame: the end of the file here means it was cut off
    std::unique_ptr<z_stream, InflateEnd> gzip;
    std::unique_ptr<ZSTD_DStream, ZstdEnd> zstandard;

    Result<void> start() {
        if (std::fseek(file.get(), 0, SEEK_END) != 0) return cannot_read(name);
        bytes_total = static_cast<std::uint64_t>(std::ftell(file.get()));
        std::rewind(file.get());
        bytes_consumed = packed_begin = packed_end = 0;
        member_open = false;
        std::array<unsigned char, 4> head{};
        const std::size_t got = std::fread(head.data(), 1, head.size(), file.get());
        std::rewind(file.get());
        packing = Packing::none;
        if (got >= 2 && head[0] == 0x1F && head[1] == 0x8B) packing = Packing::gzip;
        if (got == 4 && head[0] == 0x28 && head[1] == 0xB5 && head[2] == 0x2F && head[3] == 0xFD) packing = Packing::zstandard;
        if (packing == Packing::gzip) {
            gzip.reset(new z_stream{});
            if (inflateInit2(gzip.get(), 16 + MAX_WBITS) != Z_OK) return Error{Errc::io, "zlib has no memory"};
        }
        if (packing == Packing::zstandard) {
            zstandard.reset(ZSTD_createDStream());
            ZSTD_initDStream(zstandard.get());
        }
        return {};
    }

    Result<void> refill() {
        packed_begin = 0;
        packed_end = std::fread(packed.data(), 1, packed.size(), file.get());
        if (packed_end == 0 && std::ferror(file.get()) != 0) return cannot_read(name);
        bytes_consumed += packed_end;
        return {};
    }

    Error damaged(const char* what) const { return Error{Errc::corrupt, name + " is damaged: " + what}; }

    Result<std::size_t> inflate_some(std::span<char> buffer) {
        z_stream& stream = *gzip;
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        stream.next_in = reinterpret_cast<Bytef*>(packed.data() + packed_begin);
        stream.avail_in = static_cast<uInt>(packed_end - packed_begin);
        const int outcome = inflate(&stream, Z_NO_FLUSH);
        packed_begin = packed_end - stream.avail_in;
        if (outcome == Z_STREAM_END) {
            member_open = false;
            inflateReset(&stream);  // another member may follow
        } else if (outcome == Z_OK) {
            member_open = true;
        } else if (outcome != Z_BUF_ERROR) {
            return damaged("its gzip data does not unpack");
        }
        return buffer.size() - stream.avail_out;
    }

    Result<std::size_t> decompress_some(std::span<char> buffer) {
        ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
        ZSTD_inBuffer in{packed.data(), packed_end, packed_begin};
        const std::size_t outcome = ZSTD_decompressStream(zstandard.get(), &out, &in);
        packed_begin = in.pos;
        if (ZSTD_isError(outcome) != 0) return damaged("its Zstandard data does not unpack");
        member_open = outcome != 0;
        return out.pos;
    }
};

InputFile::InputFile(std::unique_ptr<Body> body) : body_{std::move(body)} {}
InputFile::~InputFile() = default;
InputFile::InputFile(InputFile&&) noexcept = default;
InputFile& InputFile::operator=(InputFile&&) noexcept = default;

Result<InputFile> InputFile::open(const std::string& path) {
    auto body = std::make_unique<Body>();
    if (path == "-") {
        body->name = "standard input";
        PENCHANT_TRY(body->file, spool_standard_input());
    } else {
        body->name = path;
        body->file.reset(std::fopen(path.c_str(), "rb"));
        if (!body->file) return cannot_read(path);
    }
    PENCHANT_CHECK(body->start());
    return InputFile{std::move(body)};
}

Result<std::size_t> InputFile::read(std::span<char> buffer) {
    Body& body = *body_;
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        if (body.packed_begin == body.packed_end) {
            PENCHANT_CHECK(body.refill());
            if (body.packed_end == 0) {
                if (body.member_open) return body.damaged("it ends in the middle");
                break;
            }
        }
        const std::span<char> rest = buffer.subspan(filled);
        if (body.packing == Packing::none) {
            const std::size_t taken = std::min(rest.size(), body.packed_end - body.packed_begin);
            std::memcpy(rest.data(), body.packed.data() + body.packed_begin, taken);
            body.packed_begin += taken;
            filled += taken;
        } else {
            PENCHANT_TRY(const std::size_t made,
                         body.packing == Packing::gzip ? body.inflate_some(rest) : body.decompress_some(rest));
            filled += made;
        }
    }
    return filled;
}

Result<void> InputFile::rewind() { return body_->start(); }
const std::string& InputFile::name() const { return body_->name; }
std::uint64_t InputFile::bytes_total() const { return body_->bytes_total; }
std::uint64_t InputFile::bytes_consumed() const { return body_->bytes_consumed; }

}  // namespace penchant
