// SPDX-License-Identifier: GPL-3.0-or-later
// A record that was accepted is accepted again, unchanged, and can be taken apart.
#include "index/record.h"

#include "index/analysis.h"
#include "index/limits.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace penchant;
    const auto root = parse_json(text_of(bytes, size));
    if (root.has_error()) return 0;
    const auto record = check_record(*root, {}, true);
    if (record.has_error()) return 0;
    PENCHANT_ASSERT(record->json.size() <= limits::record_bytes_max);

    const auto again = parse_json(record->json);
    PENCHANT_ASSERT(again.has_value());
    const auto same = check_record(*again, {}, false);
    PENCHANT_ASSERT(same.has_value() && same->json == record->json && same->object_id == record->object_id);

    AttributeTable attributes;
    const AnalysedRecord analysed = analyse(*again, Settings{}, attributes);
    PENCHANT_ASSERT(analysed.object_id == record->object_id && analysed.word_count <= limits::record_words_max);
    return 0;
}
