#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"

namespace mailrota::mail {

// The decoded body of a message.
struct MimeContent {
    Text text;
    std::vector<Attachment> attachments;
    bool attachments_truncated = false;
};

// Decodes `body`, whose form the Content-* fields among `headers` say; of doubled fields the first counts.
// Never fails; works in bounded memory and on a stack of ordinary depth whatever the bytes are. Thread-safe.
MimeContent decode_mime(const std::vector<HeaderField>& headers, std::string_view body,
                        const DecodeLimits& limits);

}  // namespace mailrota::mail
