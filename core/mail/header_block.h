#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/mail/message.h"

namespace mailrota::mail {

// The header of a whole message and where its body begins.
struct HeaderBlock {
    std::vector<HeaderField> fields;
    std::size_t body = 0;
};

// Reads fields up to the first empty line, which belongs to neither, or the first line that is no field,
// where the body begins. Lines end in LF or CRLF.
HeaderBlock read_header_block(std::string_view bytes);

}  // namespace mailrota::mail
