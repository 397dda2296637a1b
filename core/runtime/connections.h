#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/wire/smtp_client.h"

namespace mailrota::runtime {

// What the connections to other mail servers may take.
struct ConnectionLimits {
    std::chrono::seconds connect{30};
    std::chrono::seconds silence{300};  // of the server, before it has all of the data
    std::chrono::seconds idle{30};      // kept open for the next mail
    std::size_t idle_each = 32;         // of one endpoint; what comes in larger bursts connects anew
    std::chrono::seconds age{300};      // since it was opened: then the next mail finds out who is there now
    int mails_each = 100;               // transactions of one connection
    std::size_t most_each = 100;        // open to one endpoint; more wait for their turn
};

// Who we are at a server.
struct Account {
    std::string user;  // empty: nobody; then only the certificates count
    std::string password;
    std::string ca_file;  // certificates to trust instead of the system's; may be empty

    bool operator==(const Account&) const = default;
};
using Accounts = std::map<std::string, Account, std::less<>>;  // by config::Endpoint::account

// What one transaction came to.
struct Sent {
    std::vector<wire::SmtpResult> results;  // one for each recipient, in order
    std::string peer;                       // "lmtp:unix:/run/dovecot/lmtp": for logs
    bool reused = false;                    // by a connection that was open before
    bool tried = true;  // false: for want of a connection of ours the server was not asked
};

// SMTP and LMTP connections to other servers, pooled by endpoint: kept open for the next mail, tried again
// with a new one when a kept one turns out to be dead before it took anything. An endpoint that refuses
// connections is not tried again for a second, and its mails are answered 451 4.4.1 meanwhile. Refusing the
// greeting or hello is the same: its 4yz are passed on, its 5yz (which say nothing of the mail) defer it with
// 451 4.3.2 and the server's words.
//
// Where the endpoint asks for TLS the server's certificate is verified, and nothing of a mail or login is
// said without TLS: what fails of it defers the mail (Stage::tls). A login that the server refuses by 5yz, or
// that we do not have, is every recipient's failure (Stage::login).
//
// Belongs to one executor (one thread of an io_context): a program has one for each of its threads. Nothing
// detached outlives close().
class Connections {
  public:
    Connections(boost::asio::any_io_executor executor, std::string hello_name, ConnectionLimits limits = {});
    ~Connections();
    Connections(const Connections&) = delete;

    // The logins from now on; to be called before the first mail that needs one. Idle connections of a login
    // that has changed are closed.
    void use_accounts(std::shared_ptr<const Accounts> accounts);
    // Sends the mail in one transaction. Always returns one result for each recipient, at the latest `within`
    // from now: deferred or uncertain when time is over. The mail's bytes must stay until then.
    boost::asio::awaitable<Sent> send(config::Endpoint endpoint, wire::OutgoingMail mail,
                                      std::chrono::seconds within);
    // Whether the endpoint announces DSN, as far as connections so far have told; false before the first.
    bool has_dsn(const config::Endpoint& endpoint) const;
    // Says QUIT on idle connections and waits a second at most.
    boost::asio::awaitable<void> close();

  private:
    struct Pool;
    std::shared_ptr<Pool> pool_;  // leases of coroutines hold it too
};

}  // namespace mailrota::runtime
