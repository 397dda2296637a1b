#include "core/runtime/relay_parcel.h"

#include <utility>

#include "core/mail/address.h"
#include "core/policy/fold.h"

namespace mailrota::runtime {
namespace {

using config::ProviderSettings;
using providers::Loss;

std::string domain_of(const mail::Message& message, const std::string& sender) {
    const auto authors = mail::parse_address_list(message.raw_header("From"));
    const mail::Address address = authors.empty() ? mail::Address::from_envelope(sender) : authors.front();
    return policy::folded(address.domain());
}

// The mail that all providers get. Most have nothing that must go: then their bytes are kept once.
mail::Message relayed(const mail::Message& message) {
    std::string bytes = providers::relayed_bytes(message);
    return bytes == message.bytes() ? message : mail::Message::from_bytes(std::move(bytes));
}

std::vector<Loss> losses(const Parcel& parcel, const Carrier& carrier) {
    if (!carrier.dialect) return {};
    std::vector<std::string> recipients;
    for (const auto& recipient : parcel.consignment.recipients) recipients.push_back(recipient.address);
    return carrier.dialect->losses(outgoing(parcel, carrier, std::move(recipients), {}));
}

void judge_fitness(Parcel& parcel, const Carrier& carrier, Contender& contender) {
    const providers::Traits traits = carrier.traits();
    if (parcel.consignment.sender.empty() && !traits.null_sender) {
        contender.fit = Contender::Fit::no_null_sender;
        return;
    }
    if (traits.max_size > 0 && parcel.message.bytes().size() > traits.max_size) {
        contender.fit = Contender::Fit::too_large;
        return;
    }
    std::string broken, all;
    for (const Loss& loss : losses(parcel, carrier)) {
        all += (all.empty() ? "" : ", ") + loss.text;
        if (loss.kind == Loss::Kind::shape) broken += (broken.empty() ? "" : ", ") + loss.text;
    }
    if (!broken.empty() && carrier.settings.lossy == ProviderSettings::Lossy::refuse) {
        contender.fit = Contender::Fit::breaks;
        contender.lacks = broken;
    } else if (!all.empty()) {
        contender.lacks = all;
    }
}

}  // namespace

Parcel make_parcel(std::shared_ptr<const Carriers> carriers, const config::RelayRota& rota,
                   Consignment consignment, std::string owner) {
    Parcel parcel{std::move(carriers), rota, std::move(consignment), {}, {}, {}, std::move(owner)};
    parcel.message = relayed(parcel.consignment.message);
    parcel.domain = domain_of(parcel.message, parcel.consignment.sender);
    for (const auto& member : rota.members) {
        Contender contender;
        contender.provider = member.provider;
        contender.weight = member.weight;
        if (const Carrier* carrier = parcel.carrier(member.provider)) {
            judge_fitness(parcel, *carrier, contender);
            parcel.members.push_back(std::move(contender));
        }
    }
    return parcel;
}

providers::Outgoing outgoing(const Parcel& parcel, const Carrier& carrier,
                             std::vector<std::string> recipients, std::string id) {
    providers::Outgoing mail;
    mail.message = parcel.message;
    mail.sender = parcel.consignment.sender;
    mail.recipients = std::move(recipients);
    mail.id = std::move(id);
    mail.tracking = carrier.settings.tracking;
    return mail;
}

}  // namespace mailrota::runtime
