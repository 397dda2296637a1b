#include "ctl/explained_relay.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using config::RelayRota;
using policy::Passage;
using runtime::Contender;
using runtime::RelayRehearsal;
using Member = RelayRehearsal::Member;

std::string_view to_string(RelayRota::Strategy strategy) {
    return strategy == RelayRota::Strategy::failover ? "failover" : "round-robin";
}

// What the breaker says.
Cell standing(const Contender& one) {
    if (one.passage == Passage::free) return {"works", Cell::Mood::good};
    if (one.passage == Passage::probe) return {"did not work; this mail tries", Cell::Mood::bad};
    const std::string_view whose = one.blocked_for_domain ? " for this domain" : "";
    return {fmt::format("out of order{} until {}{}", whose, local_text(one.reopens),
                        one.words.empty() ? "" : ": " + one.words),
            Cell::Mood::bad};
}

std::string_view to_string(Contender::Fit fit) {
    switch (fit) {
        case Contender::Fit::whole:
            return "fits";
        case Contender::Fit::breaks:
            return "would break";
        case Contender::Fit::too_large:
            return "too large";
        case Contender::Fit::no_null_sender:
            return "null sender";
    }
    return "";
}

// What of the mail would arrive.
std::string fidelity(const Member& member) {
    const Contender& one = member.contender;
    if (one.fit == Contender::Fit::breaks) return "would break: " + one.lacks;
    if (one.fit == Contender::Fit::too_large)
        return fmt::format("too large: at most {} bytes", member.traits.max_size);
    if (one.fit == Contender::Fit::no_null_sender) return "takes no mail with the null sender";
    std::string text = member.traits.raw ? "whole" : "taken apart";
    if (!one.lacks.empty()) text += ": " + one.lacks;
    if (!member.traits.keeps_message_id) text += "; Message-ID may change";
    if (!member.traits.keeps_envelope_sender) text += "; envelope sender changes";
    return text;
}

void print(const RelayRehearsal& relay, Console& console) {
    console.out << fmt::format("  rota {} ({})\n", relay.rota, to_string(relay.strategy));
    Table table({"ASKED", "PROVIDER", "WHY", "NOW", "MAIL"});
    int place = 0;
    for (const Member& member : relay.members) {
        const bool asked = !member.why.empty();
        const bool fits = member.contender.fit == Contender::Fit::whole;
        table.add({asked ? fmt::format("{}.", ++place) : "no",
                   member.contender.provider,
                   asked ? member.why : "-",
                   standing(member.contender),
                   {fidelity(member), fits ? Cell::Mood::plain : Cell::Mood::bad}});
    }
    table.print(console.out, console.colours, 4);
    if (relay.nobody)
        console.out << fmt::format("    nobody is asked: {}\n",
                                   policy::without_controls(wire::to_line(*relay.nobody)));
    for (const store::Suppression& one : relay.suppressed) {
        console.out << fmt::format("    <{}> is on the suppression list ({}): refused, nobody is asked\n",
                                   policy::without_controls(one.address),
                                   policy::without_controls(one.reason));
    }
}

json::object to_json(const Member& member) {
    const Contender& one = member.contender;
    json::object shown{{"provider", one.provider},
                       {"asked", !member.why.empty()},
                       {"why", member.why},
                       {"open", one.passage == Passage::blocked},
                       {"fit", to_string(one.fit)},
                       {"whole", member.traits.raw},
                       {"lost", policy::without_controls(one.lacks)},
                       {"keeps_message_id", member.traits.keeps_message_id},
                       {"keeps_envelope_sender", member.traits.keeps_envelope_sender}};
    if (one.passage == Passage::blocked) {
        shown["until"] = utc_text(one.reopens);
        shown["words"] = policy::without_controls(one.words);
    }
    return shown;
}

}  // namespace

void print_relays(const std::vector<RelayRehearsal>& relays, Console& console) {
    if (relays.empty()) return;
    console.out << "relay\n";
    for (const RelayRehearsal& relay : relays) print(relay, console);
}

json::array to_json(const std::vector<RelayRehearsal>& relays) {
    json::array all;
    for (const RelayRehearsal& relay : relays) {
        json::array providers, suppressed;
        for (const Member& member : relay.members) providers.push_back(to_json(member));
        for (const store::Suppression& one : relay.suppressed)
            suppressed.push_back(json::string(policy::without_controls(one.address)));
        json::object shown{{"rota", relay.rota},
                           {"strategy", to_string(relay.strategy)},
                           {"providers", std::move(providers)},
                           {"suppressed", std::move(suppressed)}};
        if (relay.nobody) shown["nobody"] = policy::without_controls(wire::to_line(*relay.nobody));
        all.push_back(std::move(shown));
    }
    return all;
}

}  // namespace mailrota::ctl
