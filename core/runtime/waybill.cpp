#include "core/runtime/waybill.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/mail/offer.h"
#include "core/wire/xtext.h"

namespace mailrota::runtime {
namespace {

using Fate = policy::RecipientPlan::Fate;
using Kind = RecipientOutcome::Kind;
using Way = Waybill::Way;
using Leg = Waybill::Leg;
using Party = Waybill::Party;

RecipientOutcome outcome_of(Kind kind, wire::Reply reply, std::string to = {}) {
    return {kind, std::move(reply), false, std::move(to)};
}

RecipientOutcome deferred(wire::Reply reply) { return outcome_of(Kind::deferred, std::move(reply)); }

// Makes a waybill, recipient by recipient.
class Sorting {
  public:
    explicit Sorting(const Order& order) : order_(order) {}

    Waybill take() {
        const auto& recipients = order_.mail.envelope.recipients;
        std::unordered_map<std::string_view, std::size_t> known;  // by address key
        for (std::size_t i = 0; i < recipients.size(); ++i) {
            const auto [found, added] = known.emplace(recipients[i].address.key(), bill_.parties.size());
            if (added) add_party(i);
            bill_.party_of.push_back(found->second);
        }
        if (copies_go()) add_copies();
        return std::move(bill_);
    }

  private:
    const config::ListenerSettings& listener() const { return order_.listener; }

    void add_party(std::size_t recipient) {
        Party party;
        party.recipient = recipient;
        const auto& plan = order_.plan.recipients[recipient];
        party.outcome = outcome_at_once(plan);
        if (!party.outcome) {
            party.offer = mail::offer_key(order_.mail_id, address(recipient));
            route(party, plan);
        }
        bill_.parties.push_back(std::move(party));
    }

    const mail::Address& address(std::size_t recipient) const {
        return order_.mail.envelope.recipients[recipient].address;
    }

    // What needs no sending, or cannot be sent.
    std::optional<RecipientOutcome> outcome_at_once(const policy::RecipientPlan& plan) const {
        if (plan.fate == Fate::refuse)
            return outcome_of(Kind::failed,
                              plan.reply.value_or(policy::Reply{550, "5.7.1", "Message refused"}));
        if (plan.fate == Fate::defer)
            return deferred(plan.reply.value_or(policy::Reply{451, "4.7.1", "Try again later"}));
        if (order_.plan.quarantine)
            return deferred({451, "4.7.1", "This mail has to be held; try again later"});
        if (auto lacking = what_is_lacking(plan)) return deferred({451, "4.3.5", *lacking});
        if (plan.fate == Fate::drop) return outcome_of(Kind::done, {250, "2.0.0", "Ok: discarded"});
        return std::nullopt;
    }

    std::optional<std::string> what_is_lacking(const policy::RecipientPlan& plan) const {
        const std::string where = " in [listener." + listener().name + "]";
        if (plan.fate == Fate::keep && !listener().next_hop) return "no next_hop" + where;
        const bool reinjected = plan.fate == Fate::redirect || !order_.plan.copies.empty();
        if (reinjected && !listener().reinject) return "no reinject" + where;
        if (plan.fate == Fate::relay && !(order_.carriers && order_.carriers->rota(plan.rota)))
            return "there is no [rota." + plan.rota + "] of providers";
        const auto named = [&plan](const config::BoxSettings& box) { return box.name == plan.box; };
        if (plan.fate == Fate::spool && std::ranges::none_of(order_.boxes, named))
            return "there is no [box." + plan.box + "]";
        return std::nullopt;
    }

    void route(Party& party, const policy::RecipientPlan& plan) {
        const mail::Recipient& recipient = order_.mail.envelope.recipients[party.recipient];
        if (plan.fate == Fate::keep || plan.fate == Fate::relay) {
            const Way way = plan.fate == Fate::keep ? Way::next_hop : Way::relay;
            party.legs.push_back(add_leg(way, recipient.address,
                                         {recipient.address.text(), recipient.parameters}, party.offer));
        }
        if (plan.fate == Fate::relay) bill_.legs[party.legs.front()].rota = plan.rota;
        if (plan.fate == Fate::spool) party.box = plan.box;
        if (plan.fate == Fate::redirect)
            for (const std::string& target : plan.to) party.legs.push_back(redirect(recipient, target));
        std::ranges::sort(party.legs);
        const auto repeated = std::unique(party.legs.begin(), party.legs.end());
        party.legs.erase(repeated, party.legs.end());
    }

    std::size_t redirect(const mail::Recipient& recipient, const std::string& target) {
        wire::OutgoingMail::Recipient to{target, recipient.parameters};
        if (!recipient.parameter("ORCPT"))
            to.parameters.push_back("ORCPT=rfc822;" + wire::to_xtext(recipient.address.text()));
        return add_leg(Way::reinject, mail::Address::from_envelope(target), std::move(to), {});
    }

    // A copy is no business of the sender's: nobody tells him what became of it.
    void add_copies() {
        for (const std::string& target : order_.plan.copies) {
            const std::size_t before = bill_.legs.size();
            const std::size_t leg =
                add_leg(Way::reinject, mail::Address::from_envelope(target), {target, {"NOTIFY=NEVER"}}, {});
            if (leg == before) bill_.legs[leg].copy = true;
        }
    }

    // Whether the mail goes to anybody at all, or was meant not to.
    bool copies_go() const {
        return std::ranges::any_of(bill_.parties, [](const Party& party) {
            return !party.outcome || party.outcome->kind == Kind::done;
        });
    }

    std::size_t add_leg(Way way, const mail::Address& target, wire::OutgoingMail::Recipient to,
                        std::string key) {
        const auto [found, added] = legs_.emplace(std::pair(way, target.key()), bill_.legs.size());
        if (added) {
            Leg leg;
            leg.way = way;
            leg.to = std::move(to);
            leg.key = key.empty() ? mail::offer_key("sent " + order_.mail_id, target) : std::move(key);
            bill_.legs.push_back(std::move(leg));
        }
        return found->second;
    }

    const Order& order_;
    Waybill bill_;
    std::map<std::pair<Way, std::string>, std::size_t> legs_;
};

bool is_open(const Party& party) { return !party.outcome.has_value(); }

bool is_lasting(const store::JournalEntry& entry) {
    using Outcome = store::JournalEntry::Outcome;
    return entry.outcome == Outcome::done || entry.outcome == Outcome::handed;
}

RecipientOutcome replayed(const store::JournalEntry& entry) {
    const bool handed = entry.outcome == store::JournalEntry::Outcome::handed;
    auto reply = wire::from_line(entry.reply).value_or(wire::Reply{250, "2.0.0", "Ok: done before"});
    return {handed ? Kind::handed : Kind::done, std::move(reply), true, entry.to};
}

bool sends(const Waybill& bill, std::size_t leg) {
    if (bill.legs[leg].earlier) return false;
    if (bill.legs[leg].copy) return true;
    return std::ranges::any_of(bill.parties, [leg](const Party& party) {
        return is_open(party) && std::ranges::find(party.legs, leg) != party.legs.end();
    });
}

}  // namespace

bool Waybill::open() const { return std::ranges::any_of(parties, is_open) || !legs.empty(); }

Waybill make_waybill(const Order& order) { return Sorting(order).take(); }

std::vector<std::string> journal_keys(const Waybill& bill) {
    std::vector<std::string> keys;
    for (const Party& party : bill.parties)
        if (is_open(party)) keys.push_back(party.offer);
    for (const Leg& leg : bill.legs)
        if (leg.way == Way::reinject) keys.push_back(leg.key);
    return keys;
}

void look_up(Waybill& bill, const std::vector<store::JournalEntry>& entries) {
    std::unordered_map<std::string_view, const store::JournalEntry*> lasting;
    for (const auto& entry : entries)
        if (is_lasting(entry)) lasting.emplace(entry.offer, &entry);
    for (Party& party : bill.parties) {
        const auto found = lasting.find(party.offer);
        if (is_open(party) && found != lasting.end()) party.outcome = replayed(*found->second);
    }
    for (Leg& leg : bill.legs) leg.earlier = lasting.contains(leg.key);
}

void defer_open(Waybill& bill, const wire::Reply& reply) {
    for (Party& party : bill.parties)
        if (is_open(party)) party.outcome = deferred(reply);
    for (Leg& leg : bill.legs) leg.copy = false;  // nobody's any more: nothing is sent
}

void wait_for_all(Waybill& bill) {
    const auto waits = [](const Party& party) {
        return party.outcome && party.outcome->kind == Kind::deferred;
    };
    const auto first = std::ranges::find_if(bill.parties, waits);
    if (first == bill.parties.end()) return;
    const wire::Reply reply = first->outcome->reply;
    defer_open(bill, reply);
}

std::vector<std::size_t> legs_to_send(const Waybill& bill, Way way) {
    std::vector<std::size_t> legs;
    for (std::size_t leg = 0; leg < bill.legs.size(); ++leg)
        if (bill.legs[leg].way == way && sends(bill, leg)) legs.push_back(leg);
    return legs;
}

std::vector<RecipientOutcome> outcomes(const Waybill& bill) {
    std::vector<RecipientOutcome> result;
    result.reserve(bill.party_of.size());
    for (const std::size_t party : bill.party_of) result.push_back(bill.parties[party].outcome.value());
    return result;
}

const std::optional<config::Endpoint>& endpoint_of(const Order& order, Way way) {
    return way == Way::next_hop ? order.listener.next_hop : order.listener.reinject;
}

std::string peer_of(const Order& order, const Leg& leg) {
    if (leg.way == Way::relay) return leg.provider.empty() ? "rota " + leg.rota : leg.provider;
    const auto& endpoint = endpoint_of(order, leg.way);
    return endpoint ? endpoint->to_string() : std::string();
}

}  // namespace mailrota::runtime
