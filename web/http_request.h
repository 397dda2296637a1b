#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <vector>

#include "core/config/config.h"
#include "web/request.h"
#include "web/response.h"

namespace mailrota::web {

using HttpHeader = boost::beast::http::request_header<>;

// Beast's view of a request turned into ours; the body is still to come and the target is not read. Pure.
Request to_request(const HttpHeader& header, const Client& peer,
                   const std::vector<policy::Network>& trusted_proxies);

// What is wrong with a header that Beast's parser lets pass: a version other than 1.0 and 1.1, no Host or two
// of them (RFC 9112 section 3.2), and a Transfer-Encoding other than "chunked", about whose end we and a
// proxy before us might think differently. Pure.
std::optional<Response> objection_to(const HttpHeader& header);

// The answer to what Beast's parser does not let pass; nothing if the client has gone or was too slow.
std::optional<Response> answer_to(const boost::beast::error_code& error);

}  // namespace mailrota::web
