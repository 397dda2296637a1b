#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::web {

// The bytes of an answer: pieces that lie in something that is kept alive until they are sent, so that a mail
// of 100 MB needs no second copy.
struct Body {
    std::shared_ptr<const void> owner;
    std::vector<std::string_view> pieces;

    static Body of(std::string text);
    std::uint64_t size() const;
};

// What a page answers.
struct Response {
    using Sent = std::function<boost::asio::awaitable<Result<void>>(bool written)>;

    int status = 200;
    std::string type;  // of the body: "application/json"; empty if there is no body
    Body body;
    std::vector<std::pair<std::string, std::string>> headers;  // values without control characters
    std::vector<std::pair<std::string, std::string>> noted;    // for the access log: box, user, reason
    // Awaited when the answer was written to its last byte, or could not be; may be empty. Its error is
    // logged. Not awaited if the process ends before.
    Sent sent;
};

Response text_response(int status, std::string text);
Response json_response(int status, std::string json);
// {"error": "…"}; `text` is told to the client and noted as the reason.
Response error_response(int status, std::string_view text);
// 400 for what the client must change, 503 for what passes by itself; the latter's text stays in the log.
Response error_response(const Error& error);

// Status line and header as they are sent, with those that every answer of ours carries. `date` is an HTTP
// date. Pure.
std::string head_of(const Response& response, std::string_view date, bool keep_alive);
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7)
std::string http_date(std::chrono::sys_seconds time);

}  // namespace mailrota::web
