#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"

namespace mailrota::mail {

// A header edit. A removal takes every field of the name, an addition goes below the existing ones.
struct HeaderEdit {
    enum class Kind { add, remove };
    Kind kind = Kind::add;
    std::string name;
    std::string value;  // UTF-8, no CR, LF or NUL

    bool operator==(const HeaderEdit&) const = default;
};

// The header block of `message` (made by Message::from_bytes) after the edits, CRLF line ends, up to and with
// the empty line; removals come first. Fields that no edit names keep their bytes, and so does the body,
// which follows at Message::body(). `names` of removals may end in '*': "X-Originating-*". `trace`, if given,
// becomes the mail's only trace header. Values are made fit for RFC 5322: folded below 998 bytes, what is not
// ASCII as encoded words. Pure.
std::string edited_header(const Message& message, std::span<const HeaderEdit> edits,
                          const std::optional<std::string>& trace = {});

// A field name without anything that RFC 5322 forbids in one; may come out empty.
std::string clean_header_name(std::string_view name);

// A value that no MTA can misread: without CR, NUL and other controls, line ends folded by LF and TAB, no
// line over 998 bytes (the first one counted with its name), text outside ASCII as encoded words (RFC 2047).
std::string clean_header_value(std::string_view name, std::string_view value);

}  // namespace mailrota::mail
