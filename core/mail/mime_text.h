#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"
#include "core/mail/text_origin.h"

namespace mailrota::mail {

// The decoded text of a message.
struct MimeContent {
    Text text;
    TextOrigin origin;         // of the text
    bool other_texts = false;  // there may be some that MimeBody::others gives
};

// What is not text.
struct MimeFiles {
    std::vector<Attachment> all;
    bool truncated = false;  // a limit was hit: there are more
};

// What speaks in a mail beside its text.
struct OtherTexts {
    Text html;                          // HTML that was passed over for the plain text beside it
    TextOrigin origin;                  // of it
    std::vector<std::string> messages;  // attached messages
    bool truncated = false;             // a limit was hit: there is more
};

// A body, taken apart once, whose form the Content-* fields among `headers` say; of doubled fields the first
// counts. Reads `body` in place, which must outlive it. Never fails; works in bounded memory and on a stack
// of ordinary depth whatever the bytes are. One thread at a time.
class MimeBody {
  public:
    MimeBody(const std::vector<HeaderField>& headers, std::string_view body, const DecodeLimits& limits);
    ~MimeBody();
    MimeBody(const MimeBody&) = delete;
    MimeBody& operator=(const MimeBody&) = delete;

    MimeContent text() const;
    // What text() left out; in all at most `limits.text_bytes` for the HTML and for the messages.
    OtherTexts others() const;
    // Decodes all of it to know its size.
    MimeFiles files() const;

  private:
    struct Source;
    std::unique_ptr<const Source> source_;
};

}  // namespace mailrota::mail
