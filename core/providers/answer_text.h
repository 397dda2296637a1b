#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/providers/http.h"
#include "core/providers/outgoing.h"

// What all dialects need to read what providers answer. Answers are untrusted: pure functions in bounded
// memory and linear time, and never an exception.
namespace mailrota::providers {

// Words of a provider that are kept, in bytes.
inline constexpr std::size_t longest_answer_words = 400;
// An answer's body that is read as JSON, in bytes. The longest honest one tells of 1,000 recipients.
inline constexpr std::size_t longest_answer_json = std::size_t{2} << 20;

// `text` as it may stand in a log, a reply and the store: one line of UTF-8 without control characters, runs
// of blanks as one, at most longest_answer_words.
std::string clean_words(std::string_view text);

// The JSON document `body`; nothing if it is none, too long or nested deeper than 32.
std::optional<boost::json::value> read_json(std::string_view body);

// Members of `value`, whatever it is: null, empty or nothing where there is no member of that name and type.
const boost::json::value* member(const boost::json::value& value, std::string_view name);
std::string_view text_member(const boost::json::value& value, std::string_view name);
std::optional<std::int64_t> number_member(const boost::json::value& value, std::string_view name);
const boost::json::array* array_member(const boost::json::value& value, std::string_view name);

// The same outcome for every recipient of `mail`.
Answer answer_to_all(const Outgoing& mail, const RecipientAnswer& outcome);
Answer accepted_by_all(const Outgoing& mail, std::string_view provider_id);

// What the status alone tells: 429 temporary; 401 to 405, 407, 410, 415 and 3xx configuration; 413
// bad_message_here; 408, 409, 5xx and what is no final status uncertain. A 2xx is uncertain, as the body
// should have told more, and a 400, 422 or any other 4xx is bad_message_here, as it may come from a proxy.
RecipientAnswer::Kind kind_of_status(int status);

// The answer when the body tells nothing of its own: kind_of_status, `words` or else words of the status and
// of the body, and retry_after.
Answer answer_by_status(const Outgoing& mail, const HttpAnswer& answer, std::string_view words = {});
// The same for an outcome that the body has told.
Answer answer_of_kind(const Outgoing& mail, const HttpAnswer& answer, RecipientAnswer::Kind kind,
                      std::string_view words);

// The provider's wish, at most a day; 0 if there is none: Retry-After in seconds or as a date,
// X-RateLimit-Reset as seconds since 1970. Dates are taken against the answer's own Date.
std::chrono::seconds wished_delay(const HttpAnswer& answer);

// "Mon, 20 Dec 2021 20:33:21 GMT" (RFC 9110 section 5.6.7), also with "UTC" or "+0000" at its end.
std::optional<std::chrono::sys_seconds> read_date(std::string_view text);

// Decimal digits only, at most nine of them.
std::optional<std::int64_t> read_count(std::string_view text);

}  // namespace mailrota::providers
