#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailrota::fakes {

/// Names and values in order: header fields, form fields, query parameters.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, ASCII case folded; nothing if there is none.
std::optional<std::string> find_field(const Fields& fields, std::string_view name);

std::string small_letters(std::string_view text);  ///< ASCII only
std::string_view trimmed(std::string_view text);   ///< without spaces, tabs, CR and LF at both ends
bool is_ascii(std::string_view text);

std::string to_base64(std::string_view bytes, std::size_t line_length = 0);  ///< 0: one line, no line end
/// Line ends and spaces are skipped; nothing if anything else is not of the alphabet, or padding lacks.
std::optional<std::string> from_base64(std::string_view text);
std::string to_hex(std::string_view bytes);

std::string percent_decoded(std::string_view text, bool plus_is_space = false);
std::string percent_encoded(std::string_view text);  ///< all but unreserved characters
/// "a=1&b=2" of a query or an urlencoded body.
Fields parse_urlencoded(std::string_view text);

/// Hexadecimal digits of a random number; different each time.
std::string random_hex(std::size_t digits);
std::string random_uuid();

using Seconds = std::chrono::sys_seconds;
Seconds current_second();
double current_time();                    ///< seconds since 1970 with a fraction
std::string http_date(Seconds at);        ///< "Mon, 20 Dec 2021 20:33:21 GMT"
std::string iso_date(Seconds at);         ///< "2021-12-20T20:33:21Z"
std::string plain_date(Seconds at);       ///< "Mon, 20 Dec 2021 20:33:21", for other zones' words
std::string compact_utc_day(Seconds at);  ///< "20211220"

}  // namespace mailrota::fakes
