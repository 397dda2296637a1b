#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "ctl/event_filter.h"
#include "ctl/event_text.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using store::StoredEvent;

constexpr std::size_t shown_of_an_id = 12;  // digits of a mail's id

void print(const std::vector<StoredEvent>& events, Console& console) {
    if (console.json) {
        json::array all;
        for (const StoredEvent& event : events) all.push_back(to_json(event));
        console.out << all << '\n';
        return;
    }
    if (events.empty()) {
        console.out << "there are no such events\n";
        return;
    }
    Table table({"SEQ", "AT", "PROVIDER", "EVENT", "RECIPIENT", "MAIL", "WHAT"});
    for (const StoredEvent& event : events) {
        const std::string mail = !event.settled ? "not settled yet" : event.mail.substr(0, shown_of_an_id);
        table.add({fmt::format("{}", event.seq), local_text(event.event.at), event.provider,
                   type_cell(event.event), event.event.recipient.empty() ? "-" : event.event.recipient,
                   mail.empty() ? "-" : mail, what_text(event.event)});
    }
    table.print(console.out, console.colours);
}

}  // namespace

Exit event_list(const EventRequest& request, Console& console) {
    const auto view = open_view(request.config_file, console);
    if (!view) return view.error();
    const auto filter = event_filter(request);
    if (!filter) return fail(console, Exit::usage, filter.error().text);
    auto events = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return transaction.find_events(*filter, request.limit + 1);
    });
    if (!events) return fail(console, events.error());
    const bool more = events->size() > request.limit;
    if (more) events->resize(request.limit);
    print(*events, console);
    if (more)
        console.err << "mailrota: these are the newest " << request.limit << "; there are more (--limit)\n";
    return Exit::fine;
}

}  // namespace mailrota::ctl
