#pragma once

#include <string>
#include <string_view>

namespace mailrota::mail {

// True if `bytes` is well-formed UTF-8 (RFC 3629): no surrogates, nothing overlong, nothing beyond U+10FFFF.
bool is_utf8(std::string_view bytes);

// `bytes` written in `charset` (a MIME name, any case) as UTF-8. Bytes that the charset does not know become
// U+FFFD. A charset that is empty, us-ascii or unknown: what is UTF-8 stays, all else is read as
// windows-1252. The result is always well-formed; it is at most three times as long as `bytes`.
std::string to_utf8(std::string_view charset, std::string bytes);

// CRLF becomes LF; every other CR stays.
void crlf_to_lf(std::string& text);

// Cuts `text` to at most `limit` bytes without splitting a character.
void cut_utf8(std::string& text, std::size_t limit);

}  // namespace mailrota::mail
