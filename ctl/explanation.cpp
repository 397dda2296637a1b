#include "ctl/explanation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <ostream>
#include <sstream>

#include "core/policy/safe_text.h"
#include "ctl/credit_text.h"
#include "ctl/explained_alert.h"
#include "ctl/explained_relay.h"
#include "ctl/explained_text.h"
#include "ctl/table.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;

void print_indented(std::ostream& out, const std::string& lines) {
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) out << "  " << line << '\n';
}

// Who stood by, with the credit that the turn was decided on.
void print_candidates(const policy::Choice& choice, const policy::Rota& rota, Console& console) {
    Table table({"MEMBER", "WEIGHT", "CREDIT", "NOW", ""});
    for (std::size_t place = 0; place < choice.candidates.size(); ++place) {
        const policy::Candidate& one = choice.candidates[place];
        const bool there = one.absence == policy::Absence::none;
        const bool chosen = std::ranges::find(choice.members, one.id) != choice.members.end();
        table.add(
            {one.id, fmt::format("{}", rota.members.at(place).weight), credit_text(one.credit),
             Cell(std::string(policy::to_string(one.absence)), there ? Cell::Mood::good : Cell::Mood::bad),
             Cell(chosen ? "<- gets it" : "")});
    }
    table.print(console.out, console.colours, 4);
}

std::string outcome(const policy::Turn& turn) {
    if (turn.targets.empty()) return "nobody is available";
    return fmt::format("{} ({}{})", fmt::join(turn.targets, ", "), turn.reason,
                       turn.replayed ? ", drawn before for this mail" : "");
}

void print_turns(const runtime::Intake::Rehearsal& rehearsal, const policy::Policy& policy,
                 Console& console) {
    if (rehearsal.taken.turns.empty()) return;
    console.out << "turns\n";
    for (const auto& [name, turn] : rehearsal.taken.turns) {
        console.out << "  rota " << name << ": " << outcome(turn) << '\n';
        const auto choice = rehearsal.choices.find(name);
        const policy::Rota* rota = policy.rota(name);
        if (choice != rehearsal.choices.end() && rota != nullptr)
            print_candidates(choice->second, *rota, console);
    }
}

void print_answered(const std::vector<AnsweredAtRcpt>& answered, std::ostream& out) {
    if (answered.empty()) return;
    out << "at RCPT\n";
    for (const AnsweredAtRcpt& one : answered) {
        out << fmt::format("  to <{}>: {} {} {}\n", policy::without_controls(one.recipient.text()),
                           one.reply.code, one.reply.enhanced, policy::without_controls(one.reply.text));
    }
}

json::object to_json(const policy::Reply& reply) {
    return {{"code", reply.code}, {"enhanced", reply.enhanced}, {"text", reply.text}};
}

// Where mail of this fate is sent to; nothing under a milter, or if the listener does not say.
std::optional<config::Endpoint> endpoint_of(const config::ListenerSettings& listener,
                                            policy::RecipientPlan::Fate fate) {
    if (fate == policy::RecipientPlan::Fate::keep) return listener.next_hop;
    if (fate == policy::RecipientPlan::Fate::redirect) return listener.reinject;
    return std::nullopt;
}

// By which way mail leaves this listener.
policy::Ways ways_of(const config::ListenerSettings& listener) {
    if (listener.protocol == config::ListenerSettings::Protocol::milter) return {};
    return {listener.next_hop ? ", to " + listener.next_hop->to_string() : ", deferred: there is no next_hop",
            listener.reinject ? ", by " + listener.reinject->to_string() : ", deferred: there is no reinject",
            ", deferred: only a milter can have mail held"};
}

json::object to_json(const mail::Address& address, const policy::RecipientPlan& plan,
                     const config::ListenerSettings& listener) {
    json::object shown{{"recipient", policy::without_controls(address.text())},
                       {"fate", policy::to_string(plan.fate)},
                       {"to", json::value_from(plan.to)},
                       {"rota", plan.rota},
                       {"rule", plan.rule},
                       {"why", plan.why}};
    if (plan.reply) shown["reply"] = to_json(*plan.reply);
    if (!plan.box.empty()) shown["box"] = plan.box;
    if (const auto endpoint = endpoint_of(listener, plan.fate)) shown["by"] = endpoint->to_string();
    return shown;
}

json::object to_json(const mail::Envelope& envelope, const policy::Plan& plan,
                     const config::ListenerSettings& listener) {
    json::array recipients, headers;
    for (std::size_t i = 0; i < plan.recipients.size(); ++i) {
        recipients.push_back(to_json(envelope.recipients[i].address, plan.recipients[i], listener));
    }
    for (const policy::HeaderEdit& edit : plan.headers) {
        const bool adds = edit.kind == policy::HeaderEdit::Kind::add;
        headers.push_back({{"edit", adds ? "add" : "remove"}, {"name", edit.name}, {"value", edit.value}});
    }
    json::object shown{{"recipients", std::move(recipients)},
                       {"copies", json::value_from(plan.copies)},
                       {"headers", std::move(headers)},
                       {"matched", json::value_from(plan.matched)},
                       {"alarms", json::value_from(plan.alarms)}};
    if (plan.quarantine) shown["quarantine"] = *plan.quarantine;
    return shown;
}

json::object to_json(const policy::Turn& turn, const runtime::Choices& choices) {
    json::object shown{
        {"targets", json::value_from(turn.targets)}, {"reason", turn.reason}, {"replayed", turn.replayed}};
    const auto choice = choices.find(turn.rota);
    if (choice == choices.end()) return shown;
    json::array candidates;
    for (const policy::Candidate& one : choice->second.candidates) {
        const double credit = static_cast<double>(one.credit) / static_cast<double>(policy::credit_unit);
        candidates.push_back({{"id", one.id}, {"now", policy::to_string(one.absence)}, {"credit", credit}});
    }
    shown["candidates"] = std::move(candidates);
    return shown;
}

}  // namespace

void print_text(const Explanation& explanation, Console& console) {
    const auto& [listener, policy, mail, answered, rehearsal, relays] = explanation;
    print_answered(answered, console.out);
    if (looks_at_classes(policy)) print_classes(mail.message, console);
    console.out << "rules\n";
    if (rehearsal.decision.trace.empty()) console.out << "  none was looked at\n";
    for (const policy::TraceLine& line : rehearsal.decision.trace) {
        console.out << std::string(static_cast<std::size_t>(2 + 2 * line.depth), ' ') << line.text << '\n';
    }
    print_turns(rehearsal, policy, console);
    console.out << "plan\n";
    print_indented(console.out, policy::to_text(mail.envelope, rehearsal.taken.plan, ways_of(listener)));
    print_relays(relays, console);
    print_alerts(rehearsal.taken.raised, rehearsal.decision.beats, policy, console);
}

void print_json(const Explanation& explanation, std::ostream& out) {
    const auto& rehearsal = explanation.rehearsal;
    json::array trace, at_rcpt;
    for (const AnsweredAtRcpt& one : explanation.answered) {
        at_rcpt.push_back(
            {{"recipient", policy::without_controls(one.recipient.text())}, {"reply", to_json(one.reply)}});
    }
    for (const policy::TraceLine& line : rehearsal.decision.trace) {
        trace.push_back({{"depth", line.depth}, {"text", line.text}});
    }
    json::object turns;
    for (const auto& [name, turn] : rehearsal.taken.turns) turns[name] = to_json(turn, rehearsal.choices);
    json::object shown{
        {"key", explanation.mail.key.hex},
        {"listener", explanation.listener.name},
        {"at_rcpt", std::move(at_rcpt)},
        {"rules", std::move(trace)},
        {"turns", std::move(turns)},
        {"plan", to_json(explanation.mail.envelope, rehearsal.taken.plan, explanation.listener)}};
    if (looks_at_classes(explanation.policy)) shown["text"] = classes_to_json(explanation.mail.message);
    if (!rehearsal.taken.raised.empty())
        shown["alerts"] = to_json(rehearsal.taken.raised, explanation.policy);
    if (!rehearsal.decision.beats.empty()) shown["heartbeats"] = json::value_from(rehearsal.decision.beats);
    if (!explanation.relays.empty()) shown["relays"] = to_json(explanation.relays);
    out << shown << '\n';
}

}  // namespace mailrota::ctl
