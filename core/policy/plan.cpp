#include "core/policy/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mailrota::policy {
namespace {

using Fate = RecipientPlan::Fate;

template <class T>
auto holds() {
    return [](const Routed& routed) { return std::holds_alternative<T>(routed.route); };
}

// One recipient's route with its turn put in.
class Settling {
  public:
    Settling(const Routed& routed, const Turns& turns) : routed_(routed), turns_(turns) {}

    RecipientPlan plan() const { return std::visit(*this, routed_.route); }

    RecipientPlan operator()(const RouteKeep&) const { return made(Fate::keep); }
    RecipientPlan operator()(const RouteDrop&) const { return made(Fate::drop); }
    RecipientPlan operator()(const RouteRedirect& redirect) const {
        return made(Fate::redirect, redirect.to);
    }
    RecipientPlan operator()(const RouteSpool& spool) const {
        auto plan = made(Fate::spool);
        plan.box = spool.box;
        return plan;
    }
    RecipientPlan operator()(const RouteRelay& relay) const {
        auto plan = made(Fate::relay);
        plan.rota = relay.rota;
        return plan;
    }
    RecipientPlan operator()(const RouteRefuse& refuse) const { return replied(Fate::refuse, refuse.reply); }
    RecipientPlan operator()(const RouteDefer& defer) const { return replied(Fate::defer, defer.reply); }

    RecipientPlan operator()(const RouteRota& to) const {
        const auto found = turns_.find(to.rota);
        if (found == turns_.end())
            return undrawn(to.rota, "Nobody's turn could be settled; try again later", "no turn was drawn");
        const auto& turn = found->second;
        if (turn.targets.empty())
            return undrawn(to.rota, "Nobody is available for this address; try again later",
                           fmt::format("nobody of rota {} is available", to.rota));
        auto plan = made(Fate::redirect, turn.targets);
        plan.rota = to.rota;
        plan.why = turn.replayed ? turn.reason + ", drawn before for this mail" : turn.reason;
        return plan;
    }

  private:
    RecipientPlan made(Fate fate, std::vector<std::string> to = {}) const {
        RecipientPlan plan;
        plan.fate = fate;
        plan.to = std::move(to);
        plan.rule = routed_.rule;
        plan.why = routed_.why;
        return plan;
    }
    RecipientPlan replied(Fate fate, const Reply& reply) const {
        auto plan = made(fate);
        plan.reply = reply;
        return plan;
    }
    RecipientPlan undrawn(const std::string& rota, const char* text, std::string why) const {
        auto plan = replied(Fate::defer, {451, "4.3.0", text});
        plan.rota = rota;
        plan.why = std::move(why);
        return plan;
    }

    const Routed& routed_;
    const Turns& turns_;
};

bool goes_nowhere(const RecipientPlan& plan) { return plan.fate == Fate::refuse || plan.fate == Fate::defer; }

std::string key_of(const std::string& address) { return mail::Address::from_envelope(address).key(); }

// The copies that no recipient gets anyway, out of a box if not directly.
std::vector<std::string> further(const std::vector<std::string>& copies, const mail::Envelope& envelope,
                                 const Plan& plan) {
    std::set<std::string> reached;
    for (std::size_t i = 0; i < plan.recipients.size(); ++i) {
        const auto fate = plan.recipients[i].fate;
        const bool reached_as_written = fate == Fate::keep || fate == Fate::spool || fate == Fate::relay;
        if (reached_as_written) reached.insert(envelope.recipients[i].address.key());
        for (const auto& to : plan.recipients[i].to) reached.insert(key_of(to));
    }
    std::vector<std::string> left;
    for (const auto& copy : copies)
        if (reached.insert(key_of(copy)).second) left.push_back(copy);
    return left;
}

// The trace that a redirected mail goes on with; nothing if it is not redirected.
std::optional<mail::Trace> next_trace(const Plan& plan, mail::Trace trace) {
    bool redirected = false;
    for (const auto& recipient : plan.recipients) {
        if (recipient.fate != Fate::redirect) continue;
        redirected = true;
        if (!recipient.rota.empty() && !trace.passed(recipient.rota)) trace.rotas.push_back(recipient.rota);
    }
    if (!redirected) return std::nullopt;
    trace.rotas.insert(trace.rotas.end(), plan.marks.begin(), plan.marks.end());
    ++trace.hops;
    return trace;
}

}  // namespace

std::string_view to_string(Fate fate) {
    switch (fate) {
        case Fate::keep:
            return "keep";
        case Fate::redirect:
            return "redirect";
        case Fate::spool:
            return "spool";
        case Fate::relay:
            return "relay";
        case Fate::refuse:
            return "refuse";
        case Fate::defer:
            return "defer";
        case Fate::drop:
            return "drop";
    }
    return "";
}

bool Plan::untouched() const {
    return copies.empty() && headers.empty() && !quarantine && !trace &&
           std::ranges::all_of(recipients, [](const auto& plan) { return plan.fate == Fate::keep; });
}

std::optional<Reply> Plan::common_reply() const {
    if (recipients.empty() || !goes_nowhere(recipients.front())) return std::nullopt;
    const auto fate = recipients.front().fate;
    if (!std::ranges::all_of(recipients, [fate](const auto& plan) { return plan.fate == fate; }))
        return std::nullopt;
    return recipients.front().reply;
}

bool Plan::all_dropped() const {
    return !recipients.empty() && copies.empty() &&
           std::ranges::all_of(recipients, [](const auto& plan) { return plan.fate == Fate::drop; });
}

std::vector<std::string> rotas_to_draw(const Decision& decision, Granularity granularity) {
    const auto& recipients = decision.recipients;
    const auto deferred = std::ranges::count_if(recipients, holds<RouteDefer>());
    const auto refused = std::ranges::count_if(recipients, holds<RouteRefuse>());
    if (decision.pass_untouched) return {};
    if (granularity == Granularity::whole_mail_only && deferred + refused > 0) return {};
    std::set<std::string> rotas;
    for (const auto& routed : recipients)
        if (const auto* to = std::get_if<RouteRota>(&routed.route)) rotas.insert(to->rota);
    return {rotas.begin(), rotas.end()};
}

Plan make_plan(const mail::Envelope& envelope, const Decision& decision, const Turns& turns,
               const mail::Trace& trace) {
    Plan plan;
    plan.matched = decision.matched;
    plan.alarms = decision.alarms;
    for (const auto& routed : decision.recipients) plan.recipients.push_back(Settling(routed, turns).plan());
    const bool nowhere = !plan.recipients.empty() && std::ranges::all_of(plan.recipients, goes_nowhere);
    if (decision.pass_untouched || nowhere) return plan;
    plan.copies = further(decision.copies, envelope, plan);
    plan.headers = decision.headers;
    plan.marks = decision.marks;
    plan.quarantine = decision.quarantine;
    plan.trace = next_trace(plan, trace);
    return plan;
}

Plan defer_all(const mail::Envelope& envelope, const Reply& reply, const std::string& why) {
    RecipientPlan deferred;
    deferred.fate = Fate::defer;
    deferred.reply = reply;
    deferred.why = why;
    Plan plan;
    plan.recipients.assign(envelope.recipients.size(), deferred);
    return plan;
}

}  // namespace mailrota::policy
