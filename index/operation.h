// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a client may ask of an index, as it stands in the operation log: one entry a request, applied whole and in order.
#pragma once

#include "index/error.h"

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penchant {

enum class Action : std::uint8_t {
    put_object = 1,           ///< add or replace; json is the whole record
    partial_update = 2,       ///< merge first-level attributes, create if missing (A 3.4)
    partial_update_only = 3,  ///< the same, skipped when the record is missing
    delete_object = 4,
    clear = 5,                ///< all records, settings stay
    delete_index = 6,
    put_settings = 7,         ///< json is the full stored settings (Settings::to_stored_json)
    delete_by_query = 8,      ///< json is the request's body; who matches is asked of the selector
    copy_to = 9,              ///< json is {"id": destination index id}
    move_to = 10,             ///< json is {"name": ..}: this index takes the name
    change_curations = 11,    ///< json is a CurationChange (index/curations.h)
    await_primary = 12,       ///< of a replica; json is {"index": .., "task": ..}: that entry of its primary says what
};

struct Operation {
    Action action = Action::put_object;
    std::string object_id;  ///< of put, partial and delete
    std::string json;
};

/// The log entry's bytes: format u8 = 1, count u32, then each operation as action u8, object id (u32 length), json (u32 length),
/// little endian.
[[nodiscard]] std::string encode_operations(const std::vector<Operation>& operations);
/// Errc::corrupt for anything encode_operations does not write.
[[nodiscard]] Result<std::vector<Operation>> decode_operations(std::string_view bytes);

/// Applies a partial update (A 3.4: Increment, Decrement, Add, Remove, AddUnique, IncrementFrom, IncrementSet) to `record`
/// (empty: there is none yet). Gives the new record's JSON, or an empty string when a condition asks to skip the whole
/// update. Every operation sees the record as it was before the update. An attribute that is missing or null counts as
/// 0 or []; integers stay integers as long as they fit 64 bits. A name with dots that is no attribute itself ("a.b") replaces all
/// of `a`, several of them together. objectID and output-only names in `changes` change nothing.
/// Errors: bad_request when the outcome would break a limit of record.h, when check_partial_update would refuse `changes`,
/// or when an operation meets a value that it cannot work on (the conditional ones skip instead); corrupt when `record`
/// is not JSON. Ends elements of parse_json() on this thread.
[[nodiscard]] Result<std::string> apply_partial_update(std::string_view record, std::string_view object_id,
                                                       std::string_view changes);

/// Checks a partial update at the door: an object within the limits of record.h, its operations well formed. The
/// sentence names the attribute. Ends elements of parse_json() on this thread.
[[nodiscard]] Result<void> check_partial_update(std::string_view changes);
/// The same for changes that are parsed already, such as the body of one entry of a batch.
[[nodiscard]] Result<void> check_partial_update(simdjson::dom::element changes);

}  // namespace penchant
