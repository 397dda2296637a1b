#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/mail/result.h"
#include "web/site.h"

namespace mailrota::web {

// A socket that is bound and listens. Whoever gets it closes it.
struct Listening {
    std::string name;  // "unix:/run/mailrota/web.sock": for the log
    int descriptor = -1;
};

// The sockets that systemd gave (socket activation), then those of the configuration that are not among them.
// `unavailable` or `invalid`, with all of them closed, if one cannot be had. Before threads start.
Result<std::vector<Listening>> listening_sockets(const config::WebSettings& settings);

// Accepts connections and serves them, spread over the io_contexts. At most `max_connections` are open; one
// more is told 503 and closed. What it starts shares its state and may outlive it.
//
// Its functions belong to the first context's thread.
class Server {
  public:
    // `contexts` outlive all that is started.
    Server(std::shared_ptr<Site> site, std::vector<boost::asio::io_context*> contexts);
    ~Server();
    Server(const Server&) = delete;

    void serve(const std::vector<Listening>& sockets);
    // For the inet sockets' connections from now on; null: plain.
    void use_tls(std::shared_ptr<boost::asio::ssl::context> tls);
    // Accepts nothing more and ends the connections that wait for a request.
    void stop();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mailrota::web
