#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <ostream>

#include "ctl/commands.h"
#include "ctl/credit_text.h"
#include "ctl/rota_lookup.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Absence;
using policy::Member;
using policy::MemberState;
using policy::Rota;
using policy::RotaState;
using std::chrono::sys_seconds;

// A rota as it stands now.
struct Standing {
    const Rota* rota = nullptr;
    RotaState state;
    policy::Choice next;  // who would get a mail of no conversation
};

Result<std::vector<Standing>> look(store::Transaction& transaction, const std::vector<const Rota*>& rotas,
                                   sys_seconds now) {
    std::vector<Standing> standings;
    for (const Rota* rota : rotas) {
        auto state = transaction.rota_state(rota->name);
        if (!state) return tl::unexpected(state.error());
        standings.push_back({rota, *state, policy::choose(*rota, *state, std::nullopt, now)});
    }
    return standings;
}

MemberState state_of(const Standing& standing, const Member& member) {
    const auto found = standing.state.find(member.id);
    return found == standing.state.end() ? MemberState{} : found->second;
}

std::int32_t turns_today(const Member& member, const MemberState& state, sys_seconds now) {
    return policy::turns_on_day(state, date::floor<date::days>(member.zone.local(now)));
}

std::string presence(const Member& member, const MemberState& state, Absence absence) {
    std::string text(policy::to_string(absence));
    if (absence != Absence::paused) return text;
    if (member.paused) return text + " by the configuration";
    return state.paused_until ? text + " until " + local_text(*state.paused_until) : text;
}

std::string next_text(const policy::Choice& choice) {
    if (choice.targets.empty()) return "nobody: mail is deferred";
    return fmt::format("{} ({})", fmt::join(choice.targets, ", "), policy::to_string(choice.reason));
}

void print(const Standing& standing, sys_seconds now, Console& console) {
    const Rota& rota = *standing.rota;
    console.out << fmt::format(
        "rota {} for {}\n", rota.name,
        rota.addresses.empty() ? "rules" : fmt::format("{}", fmt::join(rota.addresses, ", ")));
    Table table({"MEMBER", "WEIGHT", "CREDIT", "TODAY", "TURNS", "LAST", "NOW"});
    for (const Member& member : rota.members) {
        const MemberState state = state_of(standing, member);
        const Absence absence = policy::absence(member, state, now);
        const std::string cap = member.max_per_day ? fmt::format("/{}", *member.max_per_day) : "";
        table.add({member.id, fmt::format("{}", member.weight), credit_text(state.credit),
                   fmt::format("{}{}", turns_today(member, state, now), cap), fmt::format("{}", state.turns),
                   local_text(state.last_turn),
                   Cell(presence(member, state, absence),
                        absence == Absence::none ? Cell::Mood::good : Cell::Mood::bad)});
    }
    table.print(console.out, console.colours, 2);
    console.out << "  next: " << next_text(standing.next) << '\n';
}

json::object to_json(const Member& member, const MemberState& state, sys_seconds now) {
    json::object shown{
        {"id", member.id},
        {"target", member.target},
        {"weight", member.weight},
        {"now", policy::to_string(policy::absence(member, state, now))},
        {"credit", static_cast<double>(state.credit) / static_cast<double>(policy::credit_unit)},
        {"turns_today", turns_today(member, state, now)},
        {"turns", state.turns},
        {"paused", member.paused || state.paused}};
    if (member.max_per_day) shown["max_per_day"] = *member.max_per_day;
    if (state.turns > 0) shown["last_turn"] = utc_text(state.last_turn);
    if (state.paused && state.paused_until) shown["paused_until"] = utc_text(*state.paused_until);
    return shown;
}

json::object to_json(const Standing& standing, sys_seconds now) {
    json::array members;
    for (const Member& member : standing.rota->members) {
        members.push_back(to_json(member, state_of(standing, member), now));
    }
    return {{"name", standing.rota->name},
            {"addresses", json::value_from(standing.rota->addresses)},
            {"members", std::move(members)},
            {"next", json::value_from(standing.next.targets)},
            {"next_reason", policy::to_string(standing.next.reason)}};
}

void print(const std::vector<Standing>& standings, sys_seconds now, Console& console) {
    if (console.json) {
        json::array all;
        for (const Standing& standing : standings) all.push_back(to_json(standing, now));
        console.out << all << '\n';
        return;
    }
    for (std::size_t i = 0; i < standings.size(); ++i) {
        if (i > 0) console.out << '\n';
        print(standings[i], now, console);
    }
    if (standings.empty()) console.out << "the configuration has no rota\n";
}

}  // namespace

Exit rota_show(const std::string& config_file, const std::string& name, Console& console) {
    const auto found = open_rota_view(config_file, name, console);
    if (!found) return found.error();
    if (found->view.opened.stand_in)
        console.err << "mailrota: there is no database yet: nobody has had a turn\n";
    const sys_seconds now = console.clock();
    const auto standings = ask(*found->view.opened.store, [&](store::Transaction& transaction) {
        return look(transaction, found->rotas, now);
    });
    if (!standings) return fail(console, standings.error());
    print(*standings, now, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
