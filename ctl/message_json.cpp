#include <boost/json.hpp>

#include "core/policy/safe_text.h"
#include "ctl/box_text.h"
#include "ctl/event_text.h"
#include "ctl/job_text.h"
#include "ctl/message_relay.h"
#include "ctl/message_standing.h"
#include "ctl/message_text.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::without_controls;
using store::Time;

json::object to_json(const MessageStory& story, const store::JournalEntry& entry, Time now) {
    json::object shown{{"recipient", without_controls(entry.recipient)},
                       {"route", entry.route},
                       {"to", without_controls(entry.to)},
                       {"outcome", to_string(entry.outcome)},
                       {"reply", without_controls(entry.reply)},
                       {"attempts", entry.attempts},
                       {"at", utc_text(entry.at)}};
    if (is_sent_on(entry)) return shown;
    const Standing standing = standing_of(story, entry, now);
    shown["rule"] = entry.rule;
    shown["why"] = without_controls(entry.why);
    shown["now"] = {{"kind", to_string(standing.kind)}, {"text", without_controls(standing.text)}};
    return shown;
}

json::object to_json(const store::StoredTurn& turn) {
    return {{"at", utc_text(turn.at)},
            {"rota", turn.rota},
            {"targets", json::value_from(turn.targets)},
            {"reason", turn.reason}};
}

json::object to_json(const Happening& one) {
    return {{"at", utc_text(one.at)},
            {"event", one.event},
            {"recipient", without_controls(one.recipient)},
            {"text", without_controls(one.text)}};
}

json::object to_json(const store::BoxItem& item, Time now) {
    json::object shown{{"box", item.box},
                       {"recipients", json::value_from(waiting_in(item))},
                       {"leased", is_leased(item, now)},
                       {"free", is_free(item, now)},
                       {"leases", item.leases},
                       {"queued", utc_text(item.queued)},
                       {"expires", utc_text(item.expires)}};
    if (item.leased_until > now) shown["held_until"] = utc_text(item.leased_until);
    return shown;
}

json::object of_mail(const store::StoredMail& mail) {
    if (mail.id.empty()) {
        return {{"seen_by", "milter"},
                {"queue_id", without_controls(mail.queue_id)},
                {"message_id", without_controls(mail.message_id)},
                {"arrived", utc_text(mail.arrived)}};
    }
    return {{"id", mail.id},
            {"queue_id", without_controls(mail.queue_id)},
            {"message_id", without_controls(mail.message_id)},
            {"sender", without_controls(mail.sender)},
            {"listener", mail.listener},
            {"size", mail.size},
            {"arrived", utc_text(mail.arrived)}};
}

}  // namespace

json::object to_json(const MessageStory& story, Time now) {
    json::object shown = of_mail(story.mail);
    json::array recipients, sent_on, turns, happened, boxes, jobs, calls, events;
    for (const auto& entry : story.entries)
        (is_sent_on(entry) ? sent_on : recipients).push_back(to_json(story, entry, now));
    for (const auto& turn : story.turns) turns.push_back(to_json(turn));
    for (const Happening& one : happenings(story)) happened.push_back(to_json(one));
    for (const auto& item : story.items) boxes.push_back(to_json(item, now));
    for (const auto& job : story.jobs) jobs.push_back(to_json(job));
    for (const auto& call : story.calls) calls.push_back(to_json(call));
    for (const auto& event : story.events) events.push_back(to_json(event));
    shown["recipients"] = std::move(recipients);
    shown["sent_on"] = std::move(sent_on);
    shown["turns"] = std::move(turns);
    shown["happened"] = std::move(happened);
    shown["boxes"] = std::move(boxes);
    shown["jobs"] = std::move(jobs);
    shown["attempts"] = std::move(calls);
    shown["events"] = std::move(events);
    return shown;
}

}  // namespace mailrota::ctl
