#include "core/runtime/relay_kind.h"

#include <utility>

#include "core/runtime/deliver_job.h"
#include "core/runtime/delivery_conclusion.h"
#include "core/runtime/relay_smtp.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds longest_attempt{900};

Consignment consignment_of(const store::Job& job, const DeliverJob& delivery, std::string bytes) {
    Consignment consignment;
    // What else is known of the mail was written when it was received, and stays.
    consignment.mail.id = job.mail;
    consignment.mail.queue_id = delivery.queue_id;
    consignment.mail.sender = delivery.sender;
    consignment.mail.arrived = job.created;
    consignment.message = mail::Message::from_bytes(std::move(bytes));
    consignment.sender = delivery.sender;
    consignment.sender_parameters = delivery.sender_parameters;
    for (const auto& recipient : delivery.recipients)
        consignment.recipients.push_back({recipient.address, recipient.offer, recipient.parameters});
    consignment.rota = delivery.rota;
    consignment.within = longest_attempt;
    return consignment;
}

asio::awaitable<Attempted> relay(std::shared_ptr<const RelayKindServices> services, store::Job job,
                                 std::string bytes, bool expired) {
    auto delivery = read_deliver_job(job.payload);
    if (!delivery || delivery->recipients.empty()) {
        Failed broken{delivery ? "the payload has no recipients" : delivery.error().text, {}};
        co_return broken;
    }
    Consignment consignment = consignment_of(job, *delivery, std::move(bytes));
    const mail::Message message = consignment.message;
    std::shared_ptr<const Carriers> carriers = services->carriers();
    const std::vector<Carried> carried =
        co_await services->relay.carry(std::move(carriers), std::move(consignment));
    std::vector<Tried> tried;
    for (const Carried& one : carried) {
        const std::string peer = one.provider.empty() ? "rota " + delivery->rota : one.provider;
        tried.push_back({smtp_result(one), peer, one.provider, one.wait});
    }
    const ConclusionTerms terms{services->clock, services->settings, services->hostname};
    Attempted attempted =
        conclude_delivery(terms, job, *std::move(delivery), expired, std::move(tried), message.bytes());
    co_return attempted;
}

}  // namespace

JobKind relay_kind_on(RelayKindServices services) {
    return [kept = std::make_shared<const RelayKindServices>(std::move(services))](
               store::Job job, std::string bytes, bool expired) {
        return relay(kept, std::move(job), std::move(bytes), expired);
    };
}

}  // namespace mailrota::runtime
