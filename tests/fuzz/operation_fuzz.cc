// SPDX-License-Identifier: GPL-3.0-or-later
// The log reads only what it writes, and a partial update makes a record or says why not.
#include "index/operation.h"

#include "index/record.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace penchant;
    const std::string_view text = text_of(bytes, size);
    if (const auto operations = decode_operations(text)) PENCHANT_ASSERT(encode_operations(*operations) == text);

    const bool well_formed = check_partial_update(text).has_value();
    for (const std::string_view record : {"", R"({"objectID":"x","a":1})", R"({"objectID":"x","a":["r",1]})"}) {
        const auto outcome = apply_partial_update(record, "x", text);
        PENCHANT_ASSERT(well_formed || outcome.has_error());
        if (outcome.has_error() || outcome->empty()) continue;
        const auto root = parse_json(*outcome);
        PENCHANT_ASSERT(root.has_value());
        const auto checked = check_record(*root, {}, false);
        PENCHANT_ASSERT(checked.has_value() && checked->json == *outcome && checked->object_id == "x");
    }
    return 0;
}
