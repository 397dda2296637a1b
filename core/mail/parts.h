#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/mail/mailbox.h"
#include "core/mail/message.h"

namespace mailrota::mail {

// A whole mail taken apart, for those who take no mail but its pieces: addresses, a plain and an HTML text,
// files. What cannot be said in pieces is told in `losses`; nothing is left out without one. A value; all
// text is UTF-8 without NUL.
struct Parts {
    // Anything but the two texts.
    struct File {
        std::string name;        // decoded (RFC 2231, RFC 2047), one line; may be empty
        std::string type;        // "image/png", small letters
        std::string parameters;  // of the type, file name aside: "; charset=utf-8; method=REQUEST"; or empty
        std::string content_id;  // without brackets; may be empty
        bool shown = false;      // among the text: Content-Disposition inline, or a part of multipart/related
        std::string bytes;       // decoded
    };
    struct Loss {
        bool shape = false;  // the mail breaks; else most readers notice nothing
        std::string text;    // "multipart/signed would lose its signature"

        bool operator==(const Loss&) const = default;
    };

    // Addresses of the first From and Reply-To, of all To and Cc. Any of them may be empty.
    std::vector<Mailbox> from, reply_to, to, cc;
    std::string subject;  // decoded, one line
    // All other fields in order, Bcc, MIME-Version and Content-Type, -Transfer-Encoding and -Disposition
    // aside. Values on one line, not decoded; of names that may stand once only (RFC 5322 section 3.6) the
    // first.
    std::vector<HeaderField> fields;
    std::optional<std::string> text;  // text/plain; lines end in LF
    std::optional<std::string> html;  // text/html; lines end in LF
    std::vector<File> files;          // in order
    std::vector<Loss> losses;         // each once
};

// Takes any bytes: deep nesting, ten thousand parts, megabytes, in time and memory that grow with the mail's
// size only. At most 1,000 parts are looked at and 50 multiparts opened within each other; beyond is a loss
// of shape. Attached messages are files and are not opened. Pure, thread-safe.
//
// The two texts are the first text/plain and text/html that stand for each other. Further plain texts right
// behind are joined to the first; where that would change what readers see, they become files and the loss is
// one of shape.
Parts take_apart(const Message& message);

}  // namespace mailrota::mail
