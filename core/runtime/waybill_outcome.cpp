#include <algorithm>
#include <utility>

#include "core/runtime/waybill.h"

namespace mailrota::runtime {
namespace {

using Kind = RecipientOutcome::Kind;
using Outcome = wire::SmtpResult::Outcome;
using Leg = Waybill::Leg;
using Party = Waybill::Party;

// The worse of two comes later: what has to be tried again rules what has failed, or it would be lost.
int rank(const Leg& leg) {
    if (leg.earlier) return 0;
    if (!leg.result) return 2;
    switch (leg.result->outcome) {
        case Outcome::done:
            return 0;
        case Outcome::failed:
            return 1;
        case Outcome::deferred:
        case Outcome::uncertain:
            return 2;
    }
    return 2;
}

Kind kind_of(int rank) { return rank == 0 ? Kind::done : rank == 1 ? Kind::failed : Kind::deferred; }

// What the client may be told of a leg. A 421 would end our own session, which goes on.
wire::Reply reply_of(const Leg& leg, const std::string& peer) {
    if (leg.earlier) return {250, "2.0.0", "sent before"};
    if (!leg.result) return {451, "4.4.1", "Not sent; try again later"};
    if (leg.result->outcome == Outcome::uncertain && leg.way != Waybill::Way::relay)
        return {451, "4.4.2", "No answer came from " + peer + " after the mail was sent; try again later"};
    wire::Reply reply = leg.result->reply;
    if (reply.code == 421) reply.code = 451;
    return reply;
}

std::string joined(const Waybill& bill, const Party& party, int worst) {
    std::string names;
    for (const std::size_t leg : party.legs)
        if (rank(bill.legs[leg]) == worst) names += (names.empty() ? "" : ", ") + bill.legs[leg].to.address;
    return names;
}

// The words of the leg that decides, and for whom they were said.
wire::Reply redirected(const Waybill& bill, const Party& party, const Leg& deciding,
                       const std::string& peer) {
    wire::Reply reply = reply_of(deciding, peer);
    const std::string said = reply.enhanced.empty() ? reply.text : reply.enhanced + " " + reply.text;
    const std::string to = joined(bill, party, rank(deciding));
    const bool done = rank(deciding) == 0;
    return {done ? 250 : reply.code, done ? "2.1.5" : reply.enhanced, "redirected to " + to + ": " + said};
}

RecipientOutcome from_legs(const Waybill& bill, const Party& party, const Order& order) {
    const auto worse = [&bill](std::size_t left, std::size_t right) {
        return rank(bill.legs[left]) < rank(bill.legs[right]);
    };
    const Leg& deciding = bill.legs[*std::ranges::max_element(party.legs, worse)];
    const std::string peer = peer_of(order, deciding);
    const bool kept = deciding.way != Waybill::Way::reinject;
    std::string to = peer;
    if (!kept) {
        to.clear();
        for (const std::size_t leg : party.legs) to += (to.empty() ? "" : ",") + bill.legs[leg].to.address;
    }
    return {kind_of(rank(deciding)),
            kept ? reply_of(deciding, peer) : redirected(bill, party, deciding, peer), false, std::move(to)};
}

RecipientOutcome outcome_of(const Waybill& bill, const Party& party, const Order& order) {
    if (!party.box.empty())
        return {Kind::done, {250, "2.0.0", "Ok: kept in box " + party.box}, false, "box " + party.box};
    if (party.legs.empty()) return {Kind::deferred, {451, "4.3.0", "Nobody to send it to"}, false, {}};
    return from_legs(bill, party, order);
}

}  // namespace

void conclude(Waybill& bill, const Order& order) {
    for (Party& party : bill.parties)
        if (!party.outcome) party.outcome = outcome_of(bill, party, order);
}

wire::Reply one_reply(const std::vector<RecipientOutcome>& outcomes) {
    for (const Kind kind : {Kind::deferred, Kind::failed, Kind::done, Kind::handed}) {
        const auto found = std::ranges::find(outcomes, kind, &RecipientOutcome::kind);
        if (found != outcomes.end()) return found->reply;
    }
    return {451, "4.3.0", "Nothing was done; try again later"};
}

}  // namespace mailrota::runtime
