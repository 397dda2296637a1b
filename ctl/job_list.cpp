#include <fmt/format.h>

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <ostream>

#include "ctl/commands.h"
#include "ctl/job_text.h"
#include "ctl/state.h"
#include "ctl/table.h"

namespace mailrota::ctl {
namespace {

using store::Job;

void print_json(const std::vector<Job>& jobs, std::ostream& out) {
    boost::json::array all;
    for (const Job& job : jobs) all.push_back(to_json(job));
    out << all << '\n';
}

// The calls and messages that jobs are about, by id.
using Contacts = std::map<std::string, policy::Contact, std::less<>>;

Result<Contacts> contacts_of(store::Transaction& transaction, const std::vector<Job>& jobs) {
    Contacts contacts;
    for (const Job& job : jobs) {
        const std::string id = contact_of(job);
        if (id.empty()) continue;
        auto contact = transaction.contact(id);
        if (!contact) return tl::unexpected(contact.error());
        if (*contact) contacts[id] = **std::move(contact);
    }
    return contacts;
}

std::optional<policy::Contact> found(const Contacts& contacts, const std::string& id) {
    const auto contact = contacts.find(id);
    return contact == contacts.end() ? std::nullopt : std::optional(contact->second);
}

void print(const std::vector<Job>& jobs, const Contacts& contacts, bool with_done, Console& console) {
    if (console.json) return print_json(jobs, console.out);
    if (jobs.empty()) {
        console.out << (with_done ? "there are no jobs\n" : "no job waits and none has failed\n");
        return;
    }
    Table table({"ID", "STATE", "KIND", "DUE", "ATTEMPTS", "ABOUT", "LAST"});
    for (const Job& job : jobs) {
        table.add({fmt::format("{}", job.id), state_cell(job), job.kind, due_text(job, console.clock()),
                   fmt::format("{}", job.attempts), about_text(job, found(contacts, contact_of(job))),
                   job.last});
    }
    table.print(console.out, console.colours);
}

}  // namespace

Exit job_list(const std::string& config_file, bool with_done, std::size_t limit, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    auto jobs = ask(*view->opened.store,
                    [&](store::Transaction& transaction) { return transaction.jobs(with_done, limit + 1); });
    if (!jobs) return fail(console, jobs.error());
    const bool more = jobs->size() > limit;
    if (more) jobs->resize(limit);
    const auto contacts = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return contacts_of(transaction, *jobs);
    });
    if (!contacts) return fail(console, contacts.error());
    print(*jobs, *contacts, with_done, console);
    if (more) console.err << "mailrota: there are more than these " << limit << " (--limit)\n";
    return Exit::fine;
}

}  // namespace mailrota::ctl
