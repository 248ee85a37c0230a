// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens ascend, stay inside the text, and folding twice is folding once.
#include "index/tokenizer.h"

#include "index/limits.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace penchant;
    // The first bytes choose the options, so that they are explored, too.
    const std::string_view input = text_of(bytes, size);
    const std::size_t option_bytes = size > 8 ? static_cast<std::size_t>(bytes[0] % 8) : 0;
    const Tokenizer tokenizer{{std::string{input.substr(0, option_bytes)}, std::string{input.substr(0, option_bytes / 2)}}};
    const std::string_view text = input.substr(option_bytes);

    std::uint32_t position = 0;
    std::size_t end = 0;
    tokenizer.tokenize(text, [&](const Token& token) {
        PENCHANT_ASSERT(token.position == position++);
        PENCHANT_ASSERT(token.byte_begin >= end && token.byte_begin < token.byte_end && token.byte_end <= text.size());
        PENCHANT_ASSERT(!token.folded.empty() && token.folded.size() <= limits::word_bytes_max);
        end = token.byte_end;
        const std::string_view original = text.substr(token.byte_begin, token.byte_end - token.byte_begin);
        PENCHANT_ASSERT(tokenizer.original_prefix_bytes(original, token.folded.size()) <= original.size());
    });
    const std::string folded = tokenizer.fold(text);
    PENCHANT_ASSERT(tokenizer.fold(folded) == folded);
    return 0;
}
