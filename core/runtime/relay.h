#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/mail/message.h"
#include "core/runtime/async_store.h"
#include "core/runtime/carriers.h"
#include "core/runtime/clock.h"
#include "core/runtime/connections.h"
#include "core/runtime/http_client.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/store/store.h"
#include "core/wire/reply.h"

namespace mailrota::runtime {

struct Carried;

// What somebody wants to be written together with the end of a consignment's last call, so that a mail costs
// one commit less.
struct Closing {
    // Asked at most once, on the relay's executor, when it is known what became of each recipient (same
    // order) but the end of the last call is not written yet. The work may be run several times.
    std::function<store::Work(const std::vector<Carried>&)> make;
    bool written = false;  // the work is committed; it never is if there was no call, or the store failed
};

// A mail for some recipients, to be carried out by a rota of providers.
struct Consignment {
    struct Recipient {
        std::string address;
        std::string offer;                    // mail::offer_key()
        std::vector<std::string> parameters;  // of RCPT: NOTIFY, ORCPT
    };

    store::StoredMail mail;
    mail::Message message;  // with the plan's header edits; made by Message::from_bytes
    std::string sender;
    std::vector<std::string> sender_parameters;
    std::vector<Recipient> recipients;  // each address once
    std::string rota;
    std::chrono::seconds within{300};    // then what is not done is deferred or uncertain
    std::string session;                 // for the log
    std::shared_ptr<Closing> closing{};  // may be null
};

// What became of one recipient.
struct Carried {
    enum class Kind { done, deferred, failed, uncertain };

    Kind kind = Kind::deferred;
    wire::Reply reply;             // "250 2.0.0 accepted by sendgrid as <id>", "550 5.1.1 sendgrid: …"
    std::string provider;          // who said so; empty: nobody was asked
    std::chrono::seconds wait{0};  // deferred: when it is worth another try; 0: not known
    bool replayed = false;         // known from an earlier attempt: nothing was sent now
};

// Hands mail to providers: the next of a rota that may be used, the next after it when it fails in a way that
// another may not, the same one again when nobody knows whether it has the mail.
//
// Each call is in the store before it goes out (RelayAttempt) and so is its outcome, with the providers'
// breakers, before carry() returns. An offer that an earlier attempt got accepted is answered from it. A
// recipient on the suppression list is refused (550 5.7.1). Every attempt starts from the same bytes. Without
// a store that can be written nothing is sent.
//
// Several coroutines of one executor may be in it at once; belongs to the executor of http and connections.
class Relay {
  public:
    struct Services {
        AsyncStore& store;
        HttpClient& http;
        Connections& connections;
        Log& log;
        Metrics& metrics;
        Clock clock;
        std::string owner;  // "host/pid"
    };

    explicit Relay(Services services);
    ~Relay();
    Relay(const Relay&) = delete;

    // One for each recipient, same order. Never throws.
    boost::asio::awaitable<std::vector<Carried>> carry(std::shared_ptr<const Carriers> carriers,
                                                       Consignment consignment);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailrota::runtime
