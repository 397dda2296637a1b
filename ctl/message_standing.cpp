#include "ctl/message_standing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ctl/amount_text.h"
#include "ctl/box_text.h"
#include "ctl/job_text.h"
#include "ctl/message_relay.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

using store::JournalEntry;
using store::StoryLine;
using store::Time;
using Kind = Standing::Kind;
using Outcome = JournalEntry::Outcome;

std::optional<Standing> in_a_box(const MessageStory& story, const JournalEntry& entry, Time now) {
    for (const store::BoxItem& item : story.items) {
        const auto waiting = waiting_in(item);
        if (std::ranges::find(waiting, entry.recipient) == waiting.end()) continue;
        return Standing{Kind::waits, "waits in box " + item.box + ": " + state_text(item, now)};
    }
    return std::nullopt;
}

std::optional<Standing> with_the_worker(const MessageStory& story, const JournalEntry& entry, Time now) {
    for (const store::Job& job : story.jobs) {
        const auto delivery = delivery_of(job);
        if (!delivery) continue;
        const auto is_his = [&](const auto& recipient) { return recipient.offer == entry.offer; };
        if (std::ranges::none_of(delivery->recipients, is_his)) continue;
        const bool failed = job.state == store::Job::State::failed;
        return failed ? Standing{Kind::lost, fmt::format("failed: job {} is kept for you", job.id)}
                      : Standing{Kind::waits, fmt::format("waits for the worker: job {}, due {}", job.id,
                                                          due_text(job, now))};
    }
    return std::nullopt;
}

// The line that tells of his end: the last of his own, or else of the whole mail's (a notification that was
// dropped is no end). Null if there is none.
const StoryLine* end_of(const MessageStory& story, const JournalEntry& entry) {
    const StoryLine* own = nullptr;
    const StoryLine* of_all = nullptr;
    for (const StoryLine& line : story.lines) {
        const bool deferred = line.event == "acknowledged" && line.text.starts_with("deferred");
        const bool end = line.event == "acknowledged" || line.event == "expired" ||
                         line.event == "delivered" || line.event == "failed" || line.event == "dropped";
        if (!end || deferred) continue;
        if (line.recipient == entry.recipient) own = &line;
        if (line.recipient.empty() && line.event != "dropped") of_all = &line;
    }
    return own != nullptr ? own : of_all;
}

Standing at_its_end(const StoryLine& line) {
    if (line.event == "acknowledged") {
        const Kind kind = line.text.starts_with("failed") ? Kind::lost : Kind::settled;
        return {kind, line.text};
    }
    if (line.event == "delivered") return {Kind::settled, "delivered by the worker"};
    return {Kind::lost, line.event == "failed" ? "failed with the worker" : line.event + ": " + line.text};
}

Standing at_once(const JournalEntry& entry) {
    switch (entry.outcome) {
        case Outcome::deferred:
            return {Kind::waits, "waits in the MTA's queue: deferred, it will offer it again"};
        case Outcome::failed:
            return {Kind::lost, "refused"};
        case Outcome::handed:
            return {Kind::unknown, "was handed to the worker"};
        case Outcome::done:
            break;
    }
    if (entry.route == "spool") return {Kind::unknown, "not in " + entry.to + " any more"};
    return {Kind::settled, entry.route == "redirect" ? "redirected"
                           : entry.route == "drop"   ? "dropped"
                                                     : "delivered"};
}

// An entry that the worker went on with is kept under the time when it got it.
bool was_with_the_worker(const MessageStory& story, const JournalEntry& entry) {
    return std::ranges::any_of(story.lines, [&](const StoryLine& line) {
        const bool work = line.event == "attempt" || line.event == "delivered" || line.event == "failed";
        return work && line.recipient == entry.recipient;
    });
}

Happening of_entry(const MessageStory& story, const JournalEntry& entry) {
    const std::string to = entry.to.empty() ? "" : " to " + entry.to;
    if (was_with_the_worker(story, entry))
        return {entry.at, entry.recipient, "handed", entry.route + to + ": the worker goes on with it"};
    return {entry.at, entry.recipient, std::string(to_string(entry.outcome)),
            entry.route + to + ": " + entry.reply};
}

}  // namespace

std::string_view to_string(Kind kind) {
    switch (kind) {
        case Kind::settled:
            return "settled";
        case Kind::waits:
            return "waits";
        case Kind::lost:
            return "lost";
        case Kind::unknown:
            return "unknown";
    }
    return "";
}

bool is_sent_on(const JournalEntry& entry) { return entry.route == "sent" || entry.route == "copy"; }

Standing standing_of(const MessageStory& story, const JournalEntry& entry, Time now) {
    if (auto standing = in_a_box(story, entry, now)) return *standing;
    if (auto standing = with_the_worker(story, entry, now)) return *standing;
    if (auto standing = with_a_provider(story, entry)) return *standing;
    const StoryLine* end = end_of(story, entry);
    const bool went_on = entry.route == "spool" || entry.outcome == Outcome::handed;
    return end != nullptr && went_on ? at_its_end(*end) : at_once(entry);
}

std::vector<Happening> happenings(const MessageStory& story) {
    std::vector<Happening> all;
    const bool by_milter = story.mail.id.empty();
    if (!by_milter) all.push_back({story.mail.arrived, "", "arrived", "by listener " + story.mail.listener});
    for (const auto& turn : story.turns) {
        all.push_back(
            {turn.at, "", "turn",
             fmt::format("rota {}: {} ({})", turn.rota, fmt::join(turn.targets, ", "), turn.reason)});
    }
    for (const JournalEntry& entry : story.entries) all.push_back(of_entry(story, entry));
    for (const StoryLine& line : story.lines) all.push_back({line.at, line.recipient, line.event, line.text});
    add_relayed(story, all);
    std::ranges::stable_sort(all, {}, &Happening::at);
    return all;
}

}  // namespace mailrota::ctl
