#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"
#include "core/mail/text_origin.h"

namespace mailrota::mail {

// The decoded body of a message.
struct MimeContent {
    Text text;
    std::vector<Attachment> attachments;
    bool attachments_truncated = false;
    TextOrigin origin;         // of the text
    bool other_texts = false;  // there may be some that decode_other_texts gives
};

// What speaks in a mail beside its text.
struct OtherTexts {
    Text html;                          // HTML that was passed over for the plain text beside it
    TextOrigin origin;                  // of it
    std::vector<std::string> messages;  // attached messages
    bool truncated = false;             // a limit was hit: there is more
};

// Decodes `body`, whose form the Content-* fields among `headers` say; of doubled fields the first counts.
// Never fails; works in bounded memory and on a stack of ordinary depth whatever the bytes are. Thread-safe.
MimeContent decode_mime(const std::vector<HeaderField>& headers, std::string_view body,
                        const DecodeLimits& limits);
// The same for what decode_mime left out of the text. As slow; in all at most `limits.text_bytes` for each of
// both.
OtherTexts decode_other_texts(const std::vector<HeaderField>& headers, std::string_view body,
                              const DecodeLimits& limits);

}  // namespace mailrota::mail
