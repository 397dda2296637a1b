#include "web/response.h"

#include <fmt/format.h>

#include <date/date.h>
#include <boost/beast/http/status.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace mailrota::web {

namespace {

std::string_view phrase(int status) {
    const auto text = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return {text.data(), text.size()};
}

// No answer of ours is for a cache, a frame or a guess at its type.
constexpr std::string_view always =
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

Body Body::of(std::string text) {
    auto owned = std::make_shared<const std::string>(std::move(text));
    return {owned, {*owned}};
}

std::uint64_t Body::size() const {
    std::uint64_t size = 0;
    for (const auto piece : pieces) size += piece.size();
    return size;
}

Response text_response(int status, std::string text) {
    Response response;
    response.status = status;
    response.type = "text/plain; charset=utf-8";
    response.body = Body::of(std::move(text));
    return response;
}

Response json_response(int status, std::string json) {
    Response response;
    response.status = status;
    response.type = "application/json";
    response.body = Body::of(std::move(json));
    return response;
}

Response error_response(int status, std::string_view text) {
    auto response = json_response(status, boost::json::serialize(boost::json::value{{"error", text}}) + "\n");
    response.noted.emplace_back("reason", text);
    return response;
}

Response error_response(const Error& error) {
    if (error.kind == ErrorKind::invalid) return error_response(400, error.text);
    auto response = error_response(503, "the store is away");
    response.headers.emplace_back("Retry-After", "5");
    response.noted.assign({{"reason", error.text}});
    return response;
}

std::string head_of(const Response& response, std::string_view date, bool keep_alive) {
    auto head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, phrase(response.status), date);
    head += always;
    if (!response.type.empty()) head += fmt::format("Content-Type: {}\r\n", response.type);
    head += fmt::format("Content-Length: {}\r\n", response.body.size());
    for (const auto& [name, value] : response.headers) {
        head += name + ": ";
        for (const char c : value)
            if (!is_control(c)) head += c;
        head += "\r\n";
    }
    if (!keep_alive) head += "Connection: close\r\n";
    return head + "\r\n";
}

std::string http_date(std::chrono::sys_seconds time) { return date::format("%a, %d %b %Y %T GMT", time); }

}  // namespace mailrota::web
