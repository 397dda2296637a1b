#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/connections.h"
#include "core/runtime/delivery.h"
#include "core/runtime/http_client.h"
#include "core/runtime/policy_source.h"
#include "core/runtime/relay.h"
#include "core/wire/smtp_server.h"
#include "lmtp/front.h"
#include "lmtp/incoming.h"

namespace mailrota::lmtp {

// Where mails are handed in: from what the client sent to what it is told. One for each thread, since it has
// the connections to next hops and providers; used on that thread only. `front` outlives it.
class MailDesk {
  public:
    MailDesk(Front& front, boost::asio::any_io_executor executor);

    // By whom and under which rules a mail comes.
    struct Sender {
        const config::ListenerSettings& listener;               // outlives the mail
        std::shared_ptr<const runtime::Generation> generation;  // the mail keeps the policy it began with
        std::string session;
        std::string offer;  // unique for each mail
        Greeting greeting{};
    };

    // What the last recipient of `envelope` is told; nothing: it is accepted. By SMTP the rules have no say
    // here: simple clients as nullmailer take one refused recipient for the end of the whole mail. Their
    // answer comes after the data, and the sender is notified of those who failed beside others.
    std::optional<wire::Reply> at_recipient(const Sender& sender, const mail::Envelope& envelope);

    // Settles and carries out. One reply for each recipient (LMTP) or one for all (SMTP); never empty, never
    // throws. When it returns, whatever 2yz stands for is durable.
    boost::asio::awaitable<std::vector<wire::Reply>> take(Sender sender, wire::MessageReceived received);

    // Says goodbye to next hops and providers; a second at most.
    boost::asio::awaitable<void> close();

  private:
    boost::asio::awaitable<std::vector<wire::Reply>> settle(Sender sender, runtime::AsyncStore& store,
                                                            Incoming incoming);
    runtime::Delivery& delivery(runtime::AsyncStore& store);
    Arrival arrival(const Sender& sender, const mail::Envelope& envelope) const;
    void report(const mail::Mail& mail, const runtime::Taken& taken, const Sender& sender);
    void report_refusal(const mail::Envelope& envelope, const Sender& sender, const wire::Reply& reply);

    Front& front_;
    runtime::Connections connections_;
    runtime::HttpClient http_;
    // Made with the first mail: the store may come late.
    std::unique_ptr<runtime::Relay> relay_;
    std::unique_ptr<runtime::Delivery> delivery_;
};

}  // namespace mailrota::lmtp
