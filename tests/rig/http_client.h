#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/rig/connection.h"

namespace mailrota::rig {

/// An answer of an HTTP server.
struct HttpAnswer {
    int status = 0;  ///< 0: the server closed the connection instead
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in small letters
    std::string body;

    /// The first header of that name (small letters); empty if there is none.
    std::string_view header(std::string_view name) const;
};

/// A blocking HTTP/1.1 client that says exactly what it is told, for tests; no TLS. It keeps its connection
/// and opens a new one when the server has closed it. Silence throws std::runtime_error (see Connection).
class HttpClient {
  public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// `address` as Connection::to reads it; `always` goes with each request ("Authorization").
    explicit HttpClient(std::string address, Headers always = {});

    HttpAnswer get(std::string_view target) { return request("GET", target); }
    HttpAnswer post(std::string_view target, std::string_view body) { return request("POST", target, body); }
    /// A body that is not empty gets a Content-Length.
    HttpAnswer request(std::string_view method, std::string_view target, std::string_view body = {},
                       const Headers& headers = {});

    /// The head of a request, to its empty line.
    std::string head(std::string_view method, std::string_view target, std::size_t body_size,
                     const Headers& headers = {}) const;
    /// The connection, for bytes as they are; opened if it is not.
    Connection& connection();
    void close() { connection_.reset(); }

  private:
    std::string address_;
    Headers always_;
    std::optional<Connection> connection_;
};

/// Reads one answer; `to_head` is one to HEAD, without a body.
HttpAnswer read_http_answer(Connection& connection, bool to_head = false);

}  // namespace mailrota::rig
