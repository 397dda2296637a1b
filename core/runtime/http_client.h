#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/providers/http.h"

namespace mailrota::runtime {

// How a request may be carried out.
struct HttpTerms {
    std::chrono::milliseconds connect{10'000};  // name, connect and TLS together
    std::chrono::milliseconds silence{30'000};  // no byte moves either way
    std::chrono::milliseconds whole{60'000};
    std::uint64_t max_answer = 1'000'000;  // bytes of the body; more is a failure
    std::string ca_file{};                 // trusted instead of the system's; may be empty
    std::string proxy{};                   // empty: none, whatever the environment says
};

// Sends HTTP requests by libcurl's multi interface, driven by Asio: one coroutine a request. Connections are
// kept and reused, HTTP/2 streams where the server speaks it over TLS. No redirect is followed, only http and
// https are spoken, TLS is always verified, nothing secret is in a failure's words.
//
// Belongs to one executor (one thread of an io_context). A cancelled request is taken off at once.
class HttpClient {
  public:
    explicit HttpClient(boost::asio::any_io_executor executor, std::string user_agent);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;

    // Always returns, at the latest after `terms.whole`. The request's bytes are kept until then.
    boost::asio::awaitable<providers::HttpOutcome> send(providers::HttpRequest request, HttpTerms terms);
    std::size_t in_flight() const;
    // Ends what is under way (as failures) and closes every connection.
    void close();

  private:
    struct Engine;
    std::shared_ptr<Engine> engine_;
};

}  // namespace mailrota::runtime
