#pragma once

#include <string>
#include <string_view>

#include "core/mail/header_block.h"

// How bytes are made to fit a provider's form. Pure, linear time.
namespace mailrota::providers {

// What a raw transport can carry.
enum class RawForm {
    bytes,  // anything
    utf8,   // a JSON string: well-formed UTF-8 without NUL
    ascii,  // 7-bit without NUL, lines of at most 998 bytes (RFC 5322 section 2.1.1)
};
bool fits(std::string_view bytes, RawForm form);

// Appends `bytes` in quoted-printable (RFC 2045 section 6.7): CRLF stays a line end, all else that is not
// printable ASCII is encoded, lines have at most 76 bytes.
void append_quoted(std::string& out, std::string_view bytes);
// Appends text that is quoted-printable but holds 8-bit bytes or long lines: what is encoded stays as it is.
void append_mended_quoted(std::string& out, std::string_view text);
// Appends `bytes` in base64, in lines of 76, the last without a line end.
void append_base64(std::string& out, std::string_view bytes);
// Appends text that is base64 but holds long lines or strange bytes, which decoders pass over, in the same
// way.
void append_mended_base64(std::string& out, std::string_view text);

// Appends a header field in ASCII, folded: text outside ASCII as encoded words (RFC 2047), in Content-Type
// and Content-Disposition as extended parameters (RFC 2231). What is not UTF-8 is read as windows-1252.
void append_ascii_field(std::string& out, const mail::RawField& field);

}  // namespace mailrota::providers
