#include "ctl/message_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

#include "ctl/amount_text.h"
#include "ctl/box_text.h"
#include "ctl/job_text.h"
#include "ctl/message_relay.h"
#include "ctl/message_standing.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

using store::JournalEntry;
using store::Time;

std::string dated(Time time, Time now) { return local_text(time) + " (" + from_now_text(time, now) + ")"; }

Cell cell(const Standing& standing) {
    const auto mood = standing.kind == Standing::Kind::settled   ? Cell::Mood::good
                      : standing.kind == Standing::Kind::unknown ? Cell::Mood::plain
                                                                 : Cell::Mood::bad;
    return {standing.text, mood};
}

void print_mail(const store::StoredMail& mail, Time now, Console& console) {
    const bool by_milter = mail.id.empty();
    Table table({"MAIL", by_milter ? "seen by the milter; the MTA's log tells what became of it" : mail.id});
    if (!by_milter) table.add({"from", mail.sender.empty() ? "<>" : mail.sender});
    table.add({"Message-ID", mail.message_id.empty() ? "-" : "<" + mail.message_id + ">"});
    table.add({"queue id", mail.queue_id.empty() ? "-" : mail.queue_id});
    table.add({"arrived", dated(mail.arrived, now) + (by_milter ? "" : " by listener " + mail.listener)});
    if (!by_milter) table.add({"size", size_text(mail.size)});
    table.print(console.out, console.colours);
}

std::string why_text(const JournalEntry& entry) {
    if (entry.rule.empty()) return entry.why.empty() ? "no rule or rota said otherwise" : entry.why;
    const std::string rule = "rule " + entry.rule;
    return entry.why.empty() || entry.why.find(entry.rule) != std::string::npos
               ? (entry.why.empty() ? rule : entry.why)
               : entry.why + " (" + rule + ")";
}

std::string attempts_text(const JournalEntry& entry) {
    const std::string last = local_text(entry.at);
    return entry.attempts == 1 ? last : fmt::format("{}, the last of {} attempts", last, entry.attempts);
}

void print_recipient(const MessageStory& story, const JournalEntry& entry, Console& console) {
    Table table({"TO", entry.recipient});
    table.add({"now", cell(standing_of(story, entry, console.clock()))});
    table.add({"route", entry.route + (entry.to.empty() ? "" : " to " + entry.to)});
    table.add({"why", why_text(entry)});
    table.add({"answered", entry.reply});
    table.add({"at", attempts_text(entry)});
    console.out << '\n';
    table.print(console.out, console.colours);
}

void print_sent_on(const MessageStory& story, Console& console) {
    if (std::ranges::none_of(story.entries, is_sent_on)) return;
    Table table({"SENT ON TO", "AS", "BY", "OUTCOME", "ATTEMPTS", "REPLY"});
    for (const JournalEntry& entry : story.entries) {
        if (!is_sent_on(entry)) continue;
        table.add({entry.recipient, entry.route == "copy" ? "copy" : "redirection", entry.to,
                   std::string(to_string(entry.outcome)), fmt::format("{}", entry.attempts), entry.reply});
    }
    console.out << '\n';
    table.print(console.out, console.colours);
}

void print_happenings(const MessageStory& story, Console& console) {
    Table table({"TIME", "EVENT", "RECIPIENT", "WHAT"});
    for (const Happening& one : happenings(story)) {
        table.add({local_text(one.at), one.event, one.recipient.empty() ? "-" : one.recipient, one.text});
    }
    console.out << '\n';
    table.print(console.out, console.colours);
}

void print_waiting(const MessageStory& story, Time now, Console& console) {
    if (story.mail.id.empty()) return;
    console.out << '\n';
    if (story.items.empty() && story.jobs.empty()) {
        console.out << "nothing of it waits in a box or for the worker\n";
        return;
    }
    Table table({"WAITS", "STATE", "EXPIRES", "TRIES", "FOR", "LAST"});
    for (const store::BoxItem& item : story.items) {
        table.add({"in box " + item.box, state_text(item, now), dated(item.expires, now),
                   fmt::format("{}", item.leases), fmt::format("{}", fmt::join(waiting_in(item), ", ")),
                   "-"});
    }
    for (const store::Job& job : story.jobs) {
        const bool failed = job.state == store::Job::State::failed;
        table.add({fmt::format("job {}", job.id),
                   failed ? state_cell(job) : Cell("due " + due_text(job, now)), dated(job.expires, now),
                   fmt::format("{}", job.attempts), about_text(job), job.last.empty() ? "-" : job.last});
    }
    table.print(console.out, console.colours);
}

}  // namespace

void print_text(const MessageStory& story, Console& console) {
    const Time now = console.clock();
    print_mail(story.mail, now, console);
    for (const JournalEntry& entry : story.entries)
        if (!is_sent_on(entry)) print_recipient(story, entry, console);
    print_sent_on(story, console);
    print_calls(story, console);
    print_happenings(story, console);
    print_waiting(story, now, console);
}

}  // namespace mailrota::ctl
