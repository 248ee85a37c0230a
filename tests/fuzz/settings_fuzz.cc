// SPDX-License-Identifier: GPL-3.0-or-later
// Accepted settings survive being stored and read, and answering and being sent again.
#include "index/settings.h"

#include <boost/json/parse.hpp>

#include "index/json_text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace penchant;
    const std::string_view text = text_of(bytes, size);
    (void)Settings::from_stored(text);
    boost::json::error_code error;
    const boost::json::value changes = boost::json::parse(text, error);
    if (error || !changes.is_object()) return 0;
    const auto settings = Settings{}.merged(changes.get_object());
    if (settings.has_error()) return 0;

    const Settings read = Settings::from_stored(settings->to_stored_json());
    PENCHANT_ASSERT(read.stored() == settings->stored());
    PENCHANT_ASSERT(!read.needs_reindexing(*settings));
    const auto sent_again = Settings{}.merged(settings->to_answer());
    PENCHANT_ASSERT(sent_again.has_value() && sent_again->to_answer() == settings->to_answer());
    return 0;
}
