// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/operation.h"

#include "index/limits.h"

namespace penchant {
namespace {

constexpr char format = 1;
constexpr auto last_action = Action::await_primary;

void append_u32(std::string& out, std::size_t value) {
    PENCHANT_ASSERT(value <= 0xFFFFFFFFU);
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>((value >> shift) & 0xFFU));
}

// Takes bytes from the front; false once there are too few.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_{bytes} {}

    bool take(std::uint8_t& value) {
        if (rest_.empty()) return false;
        value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return true;
    }
    bool take(std::uint32_t& value) {
        if (rest_.size() < 4) return false;
        value = 0;
        for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<std::uint8_t>(rest_[i])} << (8 * i);
        rest_.remove_prefix(4);
        return true;
    }
    bool take(std::string& text) {
        std::uint32_t bytes = 0;
        if (!take(bytes) || rest_.size() < bytes) return false;
        text = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return true;
    }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

private:
    std::string_view rest_;
};

}  // namespace

std::string encode_operations(const std::vector<Operation>& operations) {
    std::size_t bytes = 5;
    for (const Operation& operation : operations) bytes += 9 + operation.object_id.size() + operation.json.size();
    std::string out;
    out.reserve(bytes);
    out.push_back(format);
    append_u32(out, operations.size());
    for (const Operation& operation : operations) {
        out.push_back(static_cast<char>(operation.action));
        append_u32(out, operation.object_id.size());
        out.append(operation.object_id);
        append_u32(out, operation.json.size());
        out.append(operation.json);
    }
    return out;
}

Result<std::vector<Operation>> decode_operations(std::string_view bytes) {
    const auto corrupt = [](const char* what) {
        return Error{Errc::corrupt, std::string{"an entry of the operation log "} + what};
    };
    constexpr std::size_t operation_bytes_min = 9;
    Reader reader{bytes};
    std::uint8_t version = 0;
    std::uint32_t count = 0;
    if (!reader.take(version) || !reader.take(count)) return corrupt("is cut off");
    if (version != format) return corrupt("has an unknown format");
    if (count > reader.left() / operation_bytes_min) return corrupt("is cut off");
    std::vector<Operation> operations(count);
    for (Operation& operation : operations) {
        std::uint8_t action = 0;
        if (!reader.take(action) || !reader.take(operation.object_id) || !reader.take(operation.json)) {
            return corrupt("is cut off");
        }
        if (action == 0 || action > static_cast<std::uint8_t>(last_action)) return corrupt("has an unknown action");
        operation.action = static_cast<Action>(action);
    }
    if (reader.left() != 0) return corrupt("has bytes behind its end");
    return operations;
}

}  // namespace penchant
