#include "web/http_request.h"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

namespace mailrota::web {

namespace http = boost::beast::http;

Request to_request(const HttpHeader& header, const Client& peer,
                   const std::vector<policy::Network>& trusted_proxies) {
    Request request;
    request.method = header.method_string();
    for (const auto& field : header) request.headers.emplace_back(field.name_string(), field.value());
    request.client = believed_client(peer, request.joined_header("X-Forwarded-For"), trusted_proxies);
    return request;
}

std::optional<Response> objection_to(const HttpHeader& header) {
    if (header.version() != 10 && header.version() != 11)
        return error_response(505, "this is an HTTP/1.1 server");
    const auto hosts = header.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && header.version() == 11))
        return error_response(400, "a request has one Host field");
    const auto encodings = header.count(http::field::transfer_encoding);
    if (encodings == 0) return std::nullopt;
    const auto encoding = header[http::field::transfer_encoding];
    if (encodings > 1 || header.version() == 10 || !boost::algorithm::iequals(encoding, "chunked"))
        return error_response(501, "the only Transfer-Encoding is chunked");
    return std::nullopt;
}

std::optional<Response> answer_to(const boost::beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return error_response(431, "the request's header is too large");
    if (error == http::error::body_limit) return error_response(413, "the request's body is too large");
    if (error == http::error::bad_version) return error_response(505, "this is an HTTP/1.1 server");
    const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
    if (gone || error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
    return error_response(400, "the request is malformed: " + error.message());
}

}  // namespace mailrota::web
