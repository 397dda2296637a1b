#include <fmt/format.h>

#include <boost/json.hpp>
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

void print(const std::vector<Job>& jobs, bool with_done, Console& console) {
    if (console.json) return print_json(jobs, console.out);
    if (jobs.empty()) {
        console.out << (with_done ? "there are no jobs\n" : "no job waits and none has failed\n");
        return;
    }
    Table table({"ID", "STATE", "KIND", "DUE", "ATTEMPTS", "ABOUT", "LAST"});
    for (const Job& job : jobs) {
        table.add({fmt::format("{}", job.id), state_cell(job), job.kind, due_text(job, console.clock()),
                   fmt::format("{}", job.attempts), about_text(job), job.last});
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
    print(*jobs, with_done, console);
    if (more) console.err << "mailrota: there are more than these " << limit << " (--limit)\n";
    return Exit::fine;
}

}  // namespace mailrota::ctl
