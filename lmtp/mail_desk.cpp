#include "lmtp/mail_desk.h"

#include <unistd.h>

#include <exception>
#include <utility>

#include "core/policy/decide.h"
#include "core/runtime/async_intake.h"
#include "core/runtime/mail_log.h"

namespace mailrota::lmtp {
namespace {

using runtime::LogLine;
using Level = runtime::Log::Level;
using wire::Reply;

// A mail that went round so often does so without our trace: between two hosts that forward to each other.
constexpr std::size_t most_received = 50;

const Reply store_away{451, "4.3.0", "mailrota: state store not available"};
const Reply going_round{554, "5.4.6", "mailrota: more than 50 Received headers, mail loop"};
const Reply fault{451, "4.3.0", "mailrota: internal error"};

bool by_lmtp(const MailDesk::Sender& sender) {
    return sender.listener.protocol == config::ListenerSettings::Protocol::lmtp;
}

std::vector<Reply> to_all(const MailDesk::Sender& sender, std::size_t recipients, const Reply& reply) {
    return std::vector<Reply>(by_lmtp(sender) ? recipients : 1, reply);
}

}  // namespace

MailDesk::MailDesk(Front& front, boost::asio::any_io_executor executor)
    : front_(front),
      connections_(executor, front.service.hostname()),
      http_(std::move(executor), "mailrota/" MAILROTA_VERSION) {}

std::optional<Reply> MailDesk::at_recipient(const Sender& sender, const mail::Envelope& envelope) {
    if (front_.store.get() == nullptr) return store_away;
    if (!by_lmtp(sender)) return std::nullopt;
    const auto& policy = *sender.generation->policy;
    if (!policy.needs().recipient_replies) return std::nullopt;
    auto reply = policy::decide_at_rcpt(policy, envelope, {sender.listener.name, sender.listener.trusted},
                                        front_.service.clock()());
    if (!reply) return std::nullopt;
    const bool refused = wire::is_permanent(*reply);
    front_.service.metrics().recipient(refused ? "refuse" : "defer", "");
    front_.service.log().write(refused ? Level::info : Level::warning,
                               LogLine("recipient")
                                   .with("session", sender.session)
                                   .with("sender", envelope.sender.null() ? "<>" : envelope.sender.text())
                                   .with("rcpt", envelope.recipients.back().address.text())
                                   .with("fate", refused ? "refuse" : "defer")
                                   .with("at", "rcpt")
                                   .with("reply", wire::to_line(*reply)));
    return reply;
}

Arrival MailDesk::arrival(const Sender& sender, const mail::Envelope& envelope) const {
    const auto& service = front_.service;
    Arrival arrival;
    arrival.origin = {sender.listener.name, sender.listener.trusted};
    arrival.at = front_.service.clock()();
    arrival.offer = sender.offer;
    arrival.limits = sender.generation->policy->decode_limits();
    if (!by_lmtp(sender))
        arrival.received_header =
            received_header(envelope, sender.greeting, service.hostname(), sender.offer, arrival.at);
    return arrival;
}

boost::asio::awaitable<std::vector<Reply>> MailDesk::take(Sender sender, wire::MessageReceived received) {
    const auto recipients = received.envelope.recipients.size();
    auto* store = front_.store.get();
    if (store == nullptr) {
        report_refusal(received.envelope, sender, store_away);
        co_return to_all(sender, recipients, store_away);
    }
    try {
        Arrival came = arrival(sender, received.envelope);
        Incoming incoming = make_incoming(std::move(received), std::move(came));
        if (incoming.received > most_received) {
            report_refusal(incoming.mail.envelope, sender, going_round);
            co_return to_all(sender, recipients, going_round);
        }
        std::vector<Reply> replies = co_await settle(sender, *store, std::move(incoming));
        co_return replies;
    } catch (const std::exception& failure) {
        front_.service.log().error(LogLine("exception")
                                       .with("session", sender.session)
                                       .with("reason", failure.what())
                                       .with("outcome", "deferred"));
    }
    co_return to_all(sender, recipients, fault);
}

boost::asio::awaitable<std::vector<Reply>> MailDesk::settle(Sender sender, runtime::AsyncStore& store,
                                                            Incoming incoming) {
    const auto mail = std::make_shared<const mail::Mail>(std::move(incoming.mail));
    auto& intake = front_.service.intake().get();
    runtime::Taken taken = co_await runtime::take(intake, store, sender.generation->policy, mail,
                                                  policy::Granularity::per_recipient);
    report(*mail, taken, sender);
    runtime::Order order;
    order.mail = *mail;
    order.plan = std::move(taken.plan);
    order.mail_id = std::move(incoming.mail_id);
    order.listener = sender.listener;
    order.boxes = sender.generation->config.boxes;
    order.carriers = front_.carriers.get();
    order.worker = sender.generation->config.worker;
    order.session = sender.session;
    const auto keeper = by_lmtp(sender) ? runtime::Keeper::client : runtime::Keeper::worker;
    const std::vector<runtime::RecipientOutcome> outcomes =
        co_await delivery(store).perform(std::move(order), keeper);
    std::vector<Reply> replies;
    if (keeper == runtime::Keeper::worker)
        replies.push_back(runtime::one_reply(outcomes));
    else
        for (const auto& outcome : outcomes) replies.push_back(outcome.reply);
    co_return replies;
}

runtime::Delivery& MailDesk::delivery(runtime::AsyncStore& store) {
    auto& service = front_.service;
    if (!delivery_) {
        const std::string owner = service.hostname() + "/" + std::to_string(getpid());
        relay_ = std::make_unique<runtime::Relay>(runtime::Relay::Services{
            store, http_, connections_, service.log(), service.metrics(), service.clock(), owner});
        delivery_ = std::make_unique<runtime::Delivery>(runtime::Delivery::Services{
            store, connections_, service.log(), service.metrics(), service.intake().get().secret(),
            front_.under_way, service.clock(), service.hostname(), relay_.get()});
    }
    return *delivery_;
}

void MailDesk::report(const mail::Mail& mail, const runtime::Taken& taken, const Sender& sender) {
    runtime::log_taken(front_.service.log(), front_.service.metrics(), mail, sender.session, taken);
}

void MailDesk::report_refusal(const mail::Envelope& envelope, const Sender& sender, const Reply& reply) {
    const auto outcome = wire::is_permanent(reply) ? "refused" : "deferred";
    front_.service.metrics().message(outcome, {});
    front_.service.log().warning(LogLine("mail")
                                     .with("session", sender.session)
                                     .with("sender", envelope.sender.null() ? "<>" : envelope.sender.text())
                                     .with("outcome", outcome)
                                     .with("reply", wire::to_line(reply)));
}

boost::asio::awaitable<void> MailDesk::close() {
    http_.close();
    co_await connections_.close();
}

}  // namespace mailrota::lmtp
