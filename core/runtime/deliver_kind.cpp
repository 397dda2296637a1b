#include "core/runtime/deliver_kind.h"

#include <utility>

#include "core/runtime/deliver_job.h"
#include "core/runtime/delivery_conclusion.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using Recipient = DeliverJob::Recipient;

// RFC 5321 section 4.5.3.2.6: so long a server may think about the final dot.
constexpr std::chrono::seconds longest_attempt{900};

wire::OutgoingMail outgoing(const DeliverJob& delivery, std::string_view bytes) {
    wire::OutgoingMail mail;
    mail.sender = delivery.sender;
    mail.sender_parameters = delivery.sender_parameters;
    for (const Recipient& recipient : delivery.recipients)
        mail.recipients.push_back({recipient.address, recipient.parameters});
    mail.content = {bytes};
    mail.identity = delivery.queue_id;
    return mail;
}

asio::awaitable<Attempted> deliver(std::shared_ptr<const DeliverServices> services, store::Job job,
                                   std::string bytes, bool expired) {
    auto delivery = read_deliver_job(job.payload);
    if (!delivery || delivery->recipients.empty()) {
        Failed broken{delivery ? "the payload has no recipients" : delivery.error().text, {}};
        co_return broken;
    }
    wire::OutgoingMail mail = outgoing(*delivery, bytes);
    Sent sent = co_await services->connections.send(delivery->endpoint, std::move(mail), longest_attempt);
    sent.results.resize(delivery->recipients.size());
    std::vector<Tried> tried;
    for (wire::SmtpResult& result : sent.results)
        tried.push_back({std::move(result), delivery->endpoint.to_string(), delivery->endpoint.host, {}});
    const ConclusionTerms terms{services->clock, services->settings, services->hostname};
    Attempted attempted =
        conclude_delivery(terms, job, *std::move(delivery), expired, std::move(tried), bytes);
    co_return attempted;
}

}  // namespace

JobKind deliver_kind_on(DeliverServices services) {
    return [kept = std::make_shared<const DeliverServices>(std::move(services))](
               store::Job job, std::string bytes, bool expired) {
        return deliver(kept, std::move(job), std::move(bytes), expired);
    };
}

}  // namespace mailrota::runtime
