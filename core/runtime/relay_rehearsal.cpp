#include "core/runtime/relay_rehearsal.h"

#include <utility>

#include "core/runtime/relay_breakers.h"
#include "core/runtime/relay_parcel.h"

namespace mailrota::runtime {
namespace {

using Member = RelayRehearsal::Member;

Consignment consignment_of(const mail::Mail& mail, const std::vector<std::size_t>& places) {
    Consignment consignment;
    consignment.message = mail.message;
    consignment.sender = mail.envelope.sender.text();
    for (const std::size_t place : places)
        consignment.recipients.push_back({mail.envelope.recipients[place].address.text(), {}, {}});
    return consignment;
}

Result<Round> round_now(store::Transaction& transaction, const config::RelayRota& rota, store::Time now) {
    Round round{rota, {}, {}, now, {}, false};
    auto turns = transaction.rota_state(rota.name);
    if (!turns) return tl::unexpected(turns.error());
    auto held = transaction.relay_hold(rota.name);
    if (!held) return tl::unexpected(held.error());
    round.turns = *std::move(turns);
    round.held = *std::move(held);
    return round;
}

// Lets one after the other fail, as carry() would ask them.
void ask_all(const Parcel& parcel, std::vector<Contender> contenders, Round round, RelayRehearsal& into) {
    const auto member = [&](const Contender& one, std::string why) {
        return Member{one, std::move(why), parcel.carrier(one.provider)->traits()};
    };
    RelayChoice choice = choose_provider(contenders, round);
    if (!choice.chosen) into.nobody = choice.nobody;
    while (choice.chosen) {
        Contender& chosen = contenders[*choice.chosen];
        into.members.push_back(member(chosen, std::move(choice.why)));
        chosen.tried = Contender::Tried::fault;
        if (!choice.turns.empty()) round.turns = std::move(choice.turns);
        choice = choose_provider(contenders, round);
    }
    for (const Contender& one : contenders) {
        if (one.tried == Contender::Tried::no) into.members.push_back(member(one, {}));
    }
}

}  // namespace

Result<RelayRehearsal> rehearse_relay(store::Transaction& transaction,
                                      std::shared_ptr<const Carriers> carriers, const std::string& rota,
                                      const mail::Mail& mail, const std::vector<std::size_t>& places) {
    const config::RelayRota& known = *carriers->rota(rota);
    const Parcel parcel = make_parcel(std::move(carriers), known, consignment_of(mail, places), {});
    RelayRehearsal rehearsal;
    rehearsal.rota = rota;
    rehearsal.strategy = known.strategy;
    std::vector<std::string> addresses;
    for (const auto& recipient : parcel.consignment.recipients) addresses.push_back(recipient.address);
    auto suppressed = transaction.suppressed(addresses);
    if (!suppressed) return tl::unexpected(suppressed.error());
    rehearsal.suppressed = *std::move(suppressed);
    const auto breakers = Breakers::read(transaction, parcel, parcel.members);
    if (!breakers) return tl::unexpected(breakers.error());
    auto round = round_now(transaction, known, mail.arrived);
    if (!round) return tl::unexpected(round.error());
    ask_all(parcel, breakers->apply(parcel.members, mail.arrived), *std::move(round), rehearsal);
    return rehearsal;
}

}  // namespace mailrota::runtime
