#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/event_filter.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

using store::Transaction;

constexpr std::size_t most_mails = 20;  // of one queue id or Message-ID

// What was found and made new again.
struct Replayed {
    std::size_t mails = 0;   // asked for by a mail: how many fit
    std::size_t events = 0;  // made new again
    bool more = false;       // there are more than were asked for
};

Result<std::vector<std::int64_t>> events_of_mails(Transaction& transaction, const std::string& id,
                                                  Replayed& replayed) {
    const auto mails = transaction.find_mails(id, most_mails);
    if (!mails) return tl::unexpected(mails.error());
    replayed.mails = mails->size();
    std::vector<std::int64_t> seqs;
    for (const store::StoredMail& mail : *mails) {
        const auto events = transaction.events_of(mail.id);
        if (!events) return tl::unexpected(events.error());
        for (const auto& event : *events) seqs.push_back(event.seq);
    }
    return seqs;
}

Result<std::vector<std::int64_t>> events_since(Transaction& transaction, const store::Events::Filter& filter,
                                               std::size_t limit, Replayed& replayed) {
    const auto events = transaction.find_events(filter, limit + 1);
    if (!events) return tl::unexpected(events.error());
    replayed.more = events->size() > limit;
    std::vector<std::int64_t> seqs;
    for (const auto& event : *events)
        if (seqs.size() < limit) seqs.push_back(event.seq);
    return seqs;
}

Result<Replayed> replay(Transaction& transaction, const EventRequest& request,
                        const store::Events::Filter& filter) {
    Replayed replayed;
    Result<std::vector<std::int64_t>> seqs = request.seqs;
    if (!request.mail.empty())
        seqs = events_of_mails(transaction, request.mail, replayed);
    else if (request.seqs.empty())
        seqs = events_since(transaction, filter, request.limit, replayed);
    if (!seqs) return tl::unexpected(seqs.error());
    const auto found = transaction.unsettle_events(*seqs);
    if (!found) return tl::unexpected(found.error());
    replayed.events = *found;
    return replayed;
}

std::string nothing_found(const EventRequest& request, const Replayed& replayed) {
    if (!request.mail.empty() && replayed.mails == 0)
        return "no mail is known by " + policy::quoted(request.mail);
    if (!request.mail.empty()) return "no event of this mail is known, or none is settled yet";
    return "there are no such events";
}

Exit print(const EventRequest& request, const Replayed& replayed, bool hands_on, Console& console) {
    if (console.json)
        console.out << boost::json::object{{"replayed", replayed.events}, {"more", replayed.more}} << '\n';
    if (replayed.events == 0) return fail(console, Exit::no, nothing_found(request, replayed));
    if (!console.json)
        console.out << fmt::format("{} event{} will be settled{} again by the worker\n", replayed.events,
                                   replayed.events == 1 ? "" : "s", hands_on ? " and handed on" : "");
    if (replayed.more)
        console.err << "mailrota: these are the newest " << request.limit << "; there are more (--limit)\n";
    if (!request.seqs.empty() && replayed.events < request.seqs.size())
        return fail(console, Exit::no, "not all of these numbers are known");
    return Exit::fine;
}

}  // namespace

Exit event_replay(const EventRequest& request, Console& console) {
    if (request.mail.empty() && request.seqs.empty() && !request.since)
        return fail(console, Exit::usage, "which events? Give --mail, --seq or --since");
    const auto filter = event_filter(request);
    if (!filter) return fail(console, Exit::usage, filter.error().text);
    const auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return Exit::no;
    const auto store = open_for_change(*loaded->config);
    if (!store) return fail(console, store.error());
    Replayed replayed;
    const auto written = (*store)->write({}, [&](Transaction& transaction) -> Result<void> {
        auto done = replay(transaction, request, *filter);
        if (!done) return tl::unexpected(done.error());
        replayed = *done;
        return {};
    });
    if (!written) return fail(console, written.error());
    const config::EventSettings& settings = loaded->config->events;
    return print(request, replayed, !settings.command.empty() || !settings.url.empty(), console);
}

}  // namespace mailrota::ctl
