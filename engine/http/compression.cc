// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/compression.h"

#include <zlib.h>

#include <algorithm>
#include <cctype>

namespace penchant {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

enum class Unpacked { whole, damaged, too_large };

/// `window_bits` as inflateInit2 takes it: 47 finds out gzip or zlib by itself, -15 is bare deflate.
Unpacked inflate_all(std::string_view packed, int window_bits, std::size_t bytes_max, std::string& out) {
    z_stream stream{};
    if (inflateInit2(&stream, window_bits) != Z_OK) return Unpacked::damaged;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    Unpacked outcome = Unpacked::damaged;
    char piece[16 * 1024];
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(piece);
        stream.avail_out = sizeof piece;
        const int state = inflate(&stream, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END) break;
        const std::size_t got = sizeof piece - stream.avail_out;
        if (got > bytes_max - out.size()) {
            outcome = Unpacked::too_large;
            break;
        }
        out.append(piece, got);
        if (state == Z_STREAM_END) {
            // Anything behind the end would be silently lost.
            if (stream.avail_in == 0) outcome = Unpacked::whole;
            break;
        }
    }
    inflateEnd(&stream);
    return outcome;
}

}  // namespace

Result<void> unpack_body(Request& request, std::size_t body_bytes_max) {
    const std::string coding = lower(trimmed(request.header("content-encoding")));
    if (coding.empty() || coding == "identity" || request.body.empty()) return {};
    const bool gzip = coding == "gzip" || coding == "x-gzip";
    if (!gzip && coding != "deflate") {
        return Error{Errc::bad_request, "Content-Encoding may be gzip, deflate or identity"};
    }
    std::string plain;
    Unpacked outcome = inflate_all(request.body, 47, body_bytes_max, plain);
    if (outcome == Unpacked::damaged && !gzip) {  // some senders of "deflate" leave zlib's wrapping away
        plain.clear();
        outcome = inflate_all(request.body, -15, body_bytes_max, plain);
    }
    switch (outcome) {
        case Unpacked::whole: request.body = std::move(plain); return {};
        case Unpacked::too_large: return Error{Errc::too_large, "Request Entity Too Large"};
        case Unpacked::damaged: break;
    }
    return Error{Errc::bad_request, "The body is not what its Content-Encoding says"};
}

bool accepts_gzip(std::string_view accept_encoding) {
    bool star = false;
    while (!accept_encoding.empty()) {
        const std::size_t comma = accept_encoding.find(',');
        std::string_view entry = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size() : comma + 1);
        const std::size_t semicolon = entry.find(';');
        const std::string name = lower(trimmed(entry.substr(0, semicolon)));
        bool allowed = true;
        if (semicolon != std::string_view::npos) {
            const std::string weight = lower(trimmed(entry.substr(semicolon + 1)));
            // q=0, q=0.0, q=0.000
            allowed = !(weight.starts_with("q=0") && weight.find_first_not_of("0.", 2) == std::string::npos);
        }
        if (name == "gzip" || name == "x-gzip") return allowed;
        if (name == "*") star = allowed;
    }
    return star;
}

void pack_body(std::string_view accept_encoding, Response& response) {
    if (response.body.size() < packed_answer_bytes_min) return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!accepts_gzip(accept_encoding)) return;
    z_stream stream{};
    // Level 1: a search's answer packs to a quarter in a tenth of a millisecond; level 6 takes three times as long for a
    // few percent.
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return;
    std::string packed(deflateBound(&stream, static_cast<uLong>(response.body.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(response.body.data());
    stream.avail_in = static_cast<uInt>(response.body.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (!whole) return;
    response.body = std::move(packed);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace penchant
