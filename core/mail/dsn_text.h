#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// How a notification writes what others have said, so that nothing of it can be taken for structure.
namespace mailrota::mail {

inline constexpr std::size_t longest_name = 500;
inline constexpr std::size_t longest_diagnostic = 2000;

bool is_ascii(std::string_view text);

// `text` on one line of at most `most` bytes of UTF-8: control characters are blanks.
std::string one_line(std::string_view text, std::size_t most);

// Letters, digits, '-', '.', '_' of `text`, at most 60 of them; "x" if there are none.
std::string token(std::string_view text);

// Appends a field of a delivery status, ASCII only and folded.
void append_status(std::string& fields, std::string_view name, std::string_view value);

// "rfc822; ann@example.com"; an address that is not ASCII as "utf-8; \x{F6}…" (RFC 6533 section 3, the form
// for 7-bit parts), so that the delivery status is ASCII and any reader of RFC 3464 takes it.
std::string typed_address(std::string_view address);

// ORCPT as received, "rfc822;ann+2Bx@example.com", with its xtext opened (RFC 3461 section 4).
std::string original_address(std::string_view parameter);

// Every line end as CRLF, a bare CR or LF included; NUL as a blank.
std::string with_crlf(std::string_view text);

}  // namespace mailrota::mail
