// What of a mail goes through providers: a part of Errand.

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/runtime/errand.h"
#include "core/runtime/relay_smtp.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;

const wire::Reply too_late{451, "4.4.1", "Not done in time, try again later"};

}  // namespace

asio::awaitable<void> Errand::relay() {
    std::map<std::string, std::vector<std::size_t>> by_rota;
    for (const std::size_t leg : legs_to_send(bill_, Way::relay))
        by_rota[bill_.legs[leg].rota].push_back(leg);
    for (const auto& [rota, legs] : by_rota) co_await relay(rota, legs);
}

// With the end of its last call the whole mail is written, if all of it goes this way.
std::shared_ptr<Closing> Errand::closing_of(const std::vector<std::size_t>& legs) {
    const auto sent_apart = [this, &legs](std::size_t leg) { return !std::ranges::count(legs, leg); };
    for (const Way way : {Way::next_hop, Way::reinject, Way::relay})
        if (std::ranges::any_of(legs_to_send(bill_, way), sent_apart)) return nullptr;
    auto closing = std::make_shared<Closing>();
    closing->make = [this, legs](const std::vector<Carried>& carried) -> store::Work {
        note(legs, carried);
        receipt_ = finish();
        return [this](store::Transaction& transaction) {
            return receipt_->empty() ? Result<void>() : receipt_->write(transaction);
        };
    };
    return closing;
}

asio::awaitable<void> Errand::relay(std::string rota, std::vector<std::size_t> legs) {
    Consignment parcel = consignment(std::move(rota), legs);
    const std::shared_ptr<Closing> closing = closing_of(legs);
    parcel.closing = closing;
    std::vector<Carried> carried;
    if (services_.relay != nullptr)
        carried = co_await services_.relay->carry(order_.carriers, std::move(parcel));
    recorded_ = closing && closing->written;
    if (!receipt_) note(legs, std::move(carried));
}

void Errand::note(const std::vector<std::size_t>& legs, std::vector<Carried> carried) {
    carried.resize(legs.size(), {Carried::Kind::deferred, too_late, {}, {}, false});
    for (std::size_t i = 0; i < legs.size(); ++i) {
        bill_.legs[legs[i]].result = smtp_result(carried[i]);
        bill_.legs[legs[i]].provider = std::move(carried[i].provider);
    }
}

Consignment Errand::consignment(std::string rota, const std::vector<std::size_t>& legs) {
    Consignment consignment;
    consignment.mail = stored_mail(order_);
    consignment.message = letter_.message();
    consignment.sender = order_.mail.envelope.sender.text();
    consignment.sender_parameters = sender_parameters();
    for (const std::size_t leg : legs) {
        const auto& [address, parameters] = bill_.legs[leg].to;
        consignment.recipients.push_back({address, bill_.legs[leg].key, parameters});
    }
    consignment.rota = std::move(rota);
    consignment.within = time_left();
    consignment.session = order_.session;
    return consignment;
}

// Over HTTP there is none.
bool Errand::provider_has_dsn(const std::string& provider) const {
    const Carrier* carrier = order_.carriers ? order_.carriers->carrier(provider) : nullptr;
    return carrier != nullptr && !carrier->dialect && services_.connections.has_dsn(smtp_host(*carrier));
}

}  // namespace mailrota::runtime
