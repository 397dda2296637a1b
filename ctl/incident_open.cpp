#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "core/runtime/raising.h"
#include "core/runtime/random_id.h"
#include "ctl/hand_made.h"
#include "ctl/incident_text.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

using What = policy::Joined::What;
using runtime::Raised;

std::string text_of(const Raised& raised) {
    switch (raised.what) {
        case What::opened:
            return fmt::format("incident {} is open; whoever is on call is called now", raised.incident);
        case What::reopened:
            return fmt::format("incident {} had reached nobody; it escalates anew now", raised.incident);
        default:
            return fmt::format("incident {} of this key is known already, nobody else is called: {}",
                               raised.incident, raised.why);
    }
}

Exit print(const Raised& raised, Console& console) {
    const bool calls = raised.what == What::opened || raised.what == What::reopened;
    const std::string text = policy::without_controls(text_of(raised));
    if (console.json) {
        console.out << boost::json::object{{"number", raised.incident},
                                           {"what", to_string(raised.what)},
                                           {"key", policy::without_controls(raised.trigger.key)},
                                           {"spoken", spoken_text(raised.trigger.say)},
                                           {"text", text}}
                    << '\n';
    } else if (calls) {
        console.out << text << "\nspoken: " << spoken_text(raised.trigger.say) << '\n';
    } else {
        console.err << "mailrota: " << text << '\n';
    }
    return calls ? Exit::fine : Exit::no;
}

}  // namespace

Exit incident_open(const HandMade& request, Console& console) {
    const auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return Exit::no;
    const policy::Alert* alert = loaded->policy->alert(request.alert);
    if (alert == nullptr)
        return fail(console, Exit::no, no_such_alert(request.alert, loaded->policy->alerts()));
    const auto by = request.by.empty() ? at_the_console() : policy::single_spaced(request.by);
    const auto trigger = trigger_of(request, *alert, by);
    if (!trigger) return fail(console, Exit::usage, trigger.error().text);
    const auto store = open_for_change(*loaded->config);
    if (!store) return fail(console, store.error());
    const std::string id = runtime::random_id();
    Raised raised;
    const auto written = (*store)->write(
        {std::string(store::incidents_lock)}, [&](store::Transaction& transaction) -> Result<void> {
            auto done = runtime::raise_by_hand(transaction, *alert, *trigger,
                                               policy::single_spaced(request.message), id, console.clock());
            if (!done) return tl::unexpected(done.error());
            raised = *std::move(done);
            return {};
        });
    if (!written) return fail(console, written.error());
    return print(raised, console);
}

}  // namespace mailrota::ctl
