#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

/// What a provider that takes a mail in pieces makes a new mail of.
struct Composition {
    struct Attachment {
        std::string name;  ///< UTF-8; may be empty
        std::string type;
        std::string content;     ///< decoded
        std::string content_id;  ///< without brackets; empty: none
        bool in_line = false;
    };

    Fields headers;  ///< values in UTF-8, encoded here; neither MIME-Version nor Content-*
    std::optional<std::string> text;
    std::optional<std::string> html;
    Fields others;  ///< further alternatives: type and content (a calendar)
    std::vector<Attachment> attachments;
};

/// The mail: multipart/mixed, related and alternative as far as they are needed, every leaf in base64, CRLF
/// line ends.
std::string compose(const Composition& composition);

/// A header value or display name as RFC 2047 has it; ASCII stays.
std::string encoded_words(std::string_view text);
/// "Ann Ü" and ann@example.com as one mailbox; without a name the address alone.
std::string mailbox(std::string_view name, const std::string& address);
/// An address list in UTF-8 ("Ann Ü <ann@example.com>, bob@example.net") as a header has it.
std::string mailboxes(std::string_view list);

}  // namespace mailrota::fakes
