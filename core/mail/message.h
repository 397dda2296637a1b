#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/line_class.h"

namespace mailrota::mail {

// One header field as it travelled: the value without the colon, folded lines still folded (LF or CRLF +
// blank), 8-bit and NUL bytes kept.
struct HeaderField {
    std::string name;
    std::string value;

    bool operator==(const HeaderField&) const = default;
};

// A part that is not the text of the mail: a file, an inline image, an attached message.
struct Attachment {
    std::string name;        // decoded file name (RFC 2231, RFC 2047), UTF-8; may be empty
    std::string type;        // "image/png", small letters
    std::uint64_t size = 0;  // bytes after decoding
};

// How much of a mail is decoded for matching; beyond it, `truncated` says that a "no" is not certain.
struct DecodeLimits {
    std::size_t text_bytes = std::size_t{8} << 20;  // decoded text kept
    std::size_t depth = 50;                         // nested multiparts and attached messages opened
    std::size_t parts = 1000;                       // parts looked at
};

// The decoded text of a mail.
struct Text {
    std::string utf8;        // text parts in order, each ended by LF; HTML as text; lines end in LF
    bool truncated = false;  // a limit was hit: there is more that was not decoded
};

// The decoded view of one message's immutable bytes (RFC 5322, RFC 2045-2047).
//
// A cheap handle: copies share one body of data, which holds the bytes once. The header is read where it
// stands by each look-up; what headers(), text() and attachments() give is made at the first question and
// kept. Every function may be called from any thread. Nothing here fails: broken MIME is read as far as it
// goes, unknown charsets byte by byte as windows-1252, and every decoded string is valid UTF-8.
class Message {
  public:
    // A message without header and body.
    Message();
    // From a whole message with CRLF or LF line ends. The header ends at the first empty line or at the first
    // line that is no field.
    static Message from_bytes(std::string bytes, DecodeLimits limits = {});
    // From the pieces that a milter receives; the body has been dot-unstuffed and may be empty.
    static Message from_parts(std::vector<HeaderField> headers, std::string body, DecodeLimits limits = {});

    // All fields in order. Of a header made by from_bytes, this and the look-ups below see the first 10,000
    // fields and the first megabyte; what is beyond stays in bytes().
    const std::vector<HeaderField>& headers() const;
    // Decoded values (unfolded, encoded words opened, UTF-8, outer blanks trimmed) of every field of that
    // name (case-folded), in order.
    std::vector<std::string> header(std::string_view name) const;
    // The raw value of the first field of that name; empty if there is none.
    std::string_view raw_header(std::string_view name) const;
    // The raw value of every field of that name, in order.
    std::vector<std::string_view> raw_headers(std::string_view name) const;
    // The first Subject, decoded.
    std::string subject() const;

    // All bytes as from_bytes got them; of a message from_parts only its body.
    std::string_view bytes() const;
    // The end of bytes(): what follows the empty line, as received.
    std::string_view body() const;
    // Text parts only: text/plain, and text/html where a multipart/alternative offers no plain text;
    // attachments and attached messages are not text.
    const Text& text() const;
    // The texts of the mail with the class of every line, never none: first what text() gives; then the HTML
    // that stands beside it as an alternative, if its words differ; then those of attached messages
    // (message/rfc822), whose own lines are `forwarded`. What is new in one of them is new.
    const std::vector<ClassifiedText>& classified() const;
    // Everything that is not text, attached messages (message/rfc822) and their attachments included.
    const std::vector<Attachment>& attachments() const;
    // True if `attachments()` stopped at a limit.
    bool attachments_truncated() const;
    // Bytes of header and body with CRLF line ends in the header, as transmitted, give or take folding
    // blanks.
    std::uint64_t size() const;

  private:
    struct Data;
    explicit Message(std::shared_ptr<const Data> data);
    std::shared_ptr<const Data> data_;
};

}  // namespace mailrota::mail
