#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "web/access_log.h"
#include "web/client.h"
#include "web/site.h"
#include "web/stream.h"

namespace mailrota::web {

// One client's connection: HTTP/1.1, one request after the other, each answered before the next one is read.
//
//   handshake (TLS) → waiting ⇄ header → body → page → answer → … → leaving
//
// Each state but the page has a deadline: `timeout` for the handshake, the whole header, the whole body and
// each 256 KB of an answer, `idle` for waiting. A client that exceeds one is cut off, so that dripping gains
// nothing. Belongs to the stream's executor.
class Connection {
  public:
    Connection(std::shared_ptr<Site> site, std::unique_ptr<Stream> stream, Client peer);

    // Until the client goes, an answer was the last one, or stop(). Never throws.
    boost::asio::awaitable<void> run();
    // On the executor: ends it now if it waits for a request; else it ends after its answer, by
    // Site::stopping.
    void stop();
    boost::asio::any_io_executor executor() { return stream_->executor(); }

  private:
    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<std::optional<Response>> respond();
    boost::asio::awaitable<std::optional<Response>> find_page(Request request);
    bool may_keep() const;
    boost::asio::awaitable<std::optional<Response>> let_in(const Route* route, Request request);
    boost::asio::awaitable<Response> handle(const Route* route, Request request);
    boost::asio::awaitable<boost::system::error_code> read_body(std::uint64_t limit);
    std::optional<Response> refusal(const boost::system::error_code& error);
    boost::asio::awaitable<void> send(Response response);
    boost::asio::awaitable<void> tell(Response::Sent sent);
    boost::asio::awaitable<bool> write(std::vector<std::string_view> pieces);

    std::shared_ptr<Site> site_;
    std::unique_ptr<Stream> stream_;
    Client peer_;
    boost::beast::flat_buffer buffer_;
    std::optional<HttpParser> parser_;  // of the request that is being served
    Served served_;                     // likewise
    bool keep_ = false;                 // another request may follow it
    bool waiting_ = false;
    bool gone_ = false;  // nobody is there to be told anything
};

}  // namespace mailrota::web
