#include <boost/json.hpp>
#include <ostream>

#include "ctl/commands.h"
#include "ctl/rota_lookup.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

using policy::MemberState;
using std::chrono::sys_seconds;

// When the pause is to end; nothing if when it is resumed.
Result<std::optional<sys_seconds>> end_of_pause(const PauseRequest& request, sys_seconds now) {
    if (request.lasting) {
        const auto lasting = policy::parse_duration(*request.lasting);
        if (!lasting) return invalid("--for: " + lasting.error().text);
        return now + *lasting;
    }
    if (!request.until) return std::nullopt;
    const auto until = parse_time(*request.until);
    if (!until) return invalid("--until: " + until.error().text);
    if (*until <= now) return invalid("--until: " + local_text(*until) + " is past");
    return *until;
}

// Whom a request is about.
struct Subject {
    config::Loaded loaded;
    std::string rota;
    const policy::Member* member = nullptr;  // in `loaded`
};

std::optional<Subject> find_subject(const PauseRequest& request, Console& console) {
    auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return std::nullopt;
    const auto rotas = find_rotas(*loaded->policy, request.rota);
    const auto member =
        rotas.and_then([&](const auto& found) { return find_member(*found.at(0), request.member); });
    if (!member) {
        fail(console, Exit::no, member.error().text);
        return std::nullopt;
    }
    return Subject{std::move(*loaded), request.rota, *member};
}

Result<void> change(const Subject& subject, const std::function<void(MemberState&)>& edit) {
    const auto store = open_for_change(*subject.loaded.config);
    if (!store) return tl::unexpected(store.error());
    return (*store)->write({subject.rota}, [&](store::Transaction& transaction) -> Result<void> {
        auto states = transaction.rota_state(subject.rota);
        if (!states) return tl::unexpected(states.error());
        MemberState state = (*states)[subject.member->id];
        edit(state);
        return transaction.put_rota_state(subject.rota, {{subject.member->id, state}});
    });
}

void confirm(const Subject& subject, bool paused, const std::optional<sys_seconds>& until, Console& console) {
    if (console.json) {
        boost::json::object shown{{"rota", subject.rota}, {"member", subject.member->id}, {"paused", paused}};
        if (until) shown["paused_until"] = utc_text(*until);
        console.out << shown << '\n';
        return;
    }
    console.out << subject.member->id << " in rota " << subject.rota << ": "
                << (paused ? "paused" : "back in turn") << (until ? " until " + local_text(*until) : "")
                << '\n';
}

}  // namespace

Exit rota_pause(const PauseRequest& request, Console& console) {
    const auto until = end_of_pause(request, console.clock());
    if (!until) return fail(console, Exit::usage, until.error().text);
    const auto subject = find_subject(request, console);
    if (!subject) return Exit::no;
    const auto changed = change(*subject, [&](MemberState& state) {
        state.paused = true;
        state.paused_until = *until;
    });
    if (!changed) return fail(console, changed.error());
    confirm(*subject, true, *until, console);
    return Exit::fine;
}

Exit rota_resume(const PauseRequest& request, Console& console) {
    const auto subject = find_subject(request, console);
    if (!subject) return Exit::no;
    const auto changed = change(*subject, [](MemberState& state) {
        state.paused = false;
        state.paused_until.reset();
    });
    if (!changed) return fail(console, changed.error());
    if (subject->member->paused) {
        return fail(console, Exit::no, subject->member->id + " stays paused: the configuration says so");
    }
    confirm(*subject, false, std::nullopt, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
