#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/mail/mail.h"
#include "core/policy/plan.h"
#include "core/runtime/async_store.h"
#include "core/runtime/clock.h"
#include "core/runtime/connections.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/relay.h"
#include "core/runtime/under_way.h"
#include "core/store/store.h"
#include "core/wire/reply.h"

namespace mailrota::runtime {

// A mail with its plan, about to be carried out.
struct Order {
    mail::Mail mail;  // its message made by Message::from_bytes: the bytes that are sent on
    policy::Plan plan;
    std::string
        mail_id;  // mail::mail_id(), or anything unique where the mail cannot be told from an equal one
    config::ListenerSettings listener;  // next_hop, reinject, deadline
    std::vector<config::BoxSettings> boxes;
    std::shared_ptr<const Carriers> carriers{};  // of the rotas of providers; null: there are none
    config::WorkerSettings worker{};  // for what is left to it: where notifications go, how long jobs last
    std::string session{};            // for the log
};

// What became of one received recipient.
struct RecipientOutcome {
    enum class Kind {
        done,      // carried out: 2yz
        handed,    // durable with the worker: 2yz
        deferred,  // 4yz: nothing of it was done, or the rest is to be tried again
        failed,    // 5yz
    };

    Kind kind = Kind::deferred;
    wire::Reply reply;      // what the client is told, never empty
    bool replayed = false;  // from the journal: nothing was done now
    std::string to;         // where it went, for the log
};

// Who keeps what could not be done now.
enum class Keeper {
    client,  // LMTP: each recipient has a reply of its own, the MTA's queue does the waiting
    worker,  // SMTP: one reply stands for all, so what is left over becomes jobs and notifications
};

// Carries plans out: keep → next hop, redirect and copies → re-injection, relay → a rota of providers, spool
// → box, refuse, defer, drop.
//
// What was done for an offer is in the journal, durable, before perform() returns; an offer that is found
// there is answered from it and nothing is sent again. Recipients of one destination share a transaction. A
// redirection to several addresses is done when each of them is; those that were reached before are not sent
// to again. An offer that is under way in this process at the same time is deferred (451 4.4.5). An uncertain
// result is deferred and logged as a possible duplicate. Without a store that can be written nothing is sent.
//
// Several coroutines of one executor may be in it at once; belongs to the executor of its connections.
class Delivery {
  public:
    struct Services {
        AsyncStore& store;
        Connections& connections;
        Log& log;
        Metrics& metrics;
        const mail::TraceSecret& secret;
        UnderWay& under_way;  // one for all deliveries of the process
        Clock clock;
        std::string hostname;
        Relay* relay = nullptr;  // null: what is to be relayed is deferred
    };

    explicit Delivery(Services services);
    ~Delivery();
    Delivery(const Delivery&) = delete;

    // One outcome for each of the envelope's recipients, same order. With Keeper::worker, deferred outcomes
    // are only left if every recipient is deferred (then the client keeps the mail), failed ones only if
    // every recipient failed; otherwise remainders are jobs and failures are notified, and their kind is
    // `handed`.
    boost::asio::awaitable<std::vector<RecipientOutcome>> perform(Order order, Keeper keeper);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The one reply of SMTP for all recipients: 2yz only if each is done or handed; else the first 4yz, else the
// first 5yz. Pure.
wire::Reply one_reply(const std::vector<RecipientOutcome>& outcomes);

}  // namespace mailrota::runtime
