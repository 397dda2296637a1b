#include "ctl/message_relay.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "core/mail/address.h"
#include "core/policy/safe_text.h"
#include "ctl/event_text.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using mail::MailEvent;
using policy::without_controls;
using store::RelayAttempt;
using store::Time;
using Kind = Standing::Kind;
using Outcome = RelayAttempt::Recipient::Outcome;
using Recipient = RelayAttempt::Recipient;

// What the provider said when it told that he stands so; may be empty.
std::string words_on(const MessageStory& story, const RelayAttempt& call, const Recipient& recipient) {
    const auto address = mail::Address::from_envelope(recipient.address);
    std::string words;
    for (const store::StoredEvent& event : story.events) {
        const bool his = event.provider == call.provider && event.event.type == recipient.standing &&
                         mail::Address::from_envelope(event.event.recipient) == address;
        if (his) words = what_text(event.event);
    }
    return words.empty() ? words : ": " + words;
}

Standing as_told(const MessageStory& story, const RelayAttempt& call, const Recipient& recipient) {
    const std::string told = std::string(to_string(recipient.standing)) + ", says " + call.provider +
                             words_on(story, call, recipient);
    if (is_final_failure(recipient.standing)) return {Kind::lost, told};
    switch (recipient.standing) {
        case MailEvent::Type::unknown:
            return {Kind::settled, "accepted by " + call.provider + ", which has told nothing of it since"};
        case MailEvent::Type::deferred:
            return {Kind::waits, told};
        default:
            return {Kind::settled, told};
    }
}

std::string standing_text(const Recipient& recipient) {
    if (recipient.outcome != Outcome::accepted) return "-";
    if (recipient.standing == MailEvent::Type::unknown) return "no event yet";
    return std::string(to_string(recipient.standing)) + " " + local_text(recipient.standing_at);
}

Cell state_cell(const RelayAttempt& call) {
    switch (call.state) {
        case RelayAttempt::State::accepted:
            return {"accepted", Cell::Mood::good};
        case RelayAttempt::State::begun:
            return {"begun: no answer is known", Cell::Mood::bad};
        case RelayAttempt::State::refused:
            return {"refused", Cell::Mood::bad};
        case RelayAttempt::State::uncertain:
            return {"uncertain: nobody knows whether it has the mail", Cell::Mood::bad};
    }
    return {};
}

std::string when_text(const RelayAttempt& call) {
    std::string text = local_text(call.begun);
    if (call.tries > 1) text += fmt::format(", the last of {} tries {}", call.tries, local_text(call.last));
    if (call.ended != Time{}) text += ", ended " + local_text(call.ended);
    return text;
}

void print(const RelayAttempt& call, Console& console) {
    Table table({"CALL TO", call.provider});
    table.add({"state", state_cell(call)});
    table.add({"said", call.words.empty() ? "-" : call.words});
    table.add({"at", when_text(call)});
    table.add({"rota", call.rota});
    table.add({"attempt", call.id});
    console.out << '\n';
    table.print(console.out, console.colours);
    Table recipients({"RECIPIENT", "OUTCOME", "NOW", "MESSAGE ID", "SAID"});
    for (const Recipient& one : call.recipients) {
        recipients.add({one.address, std::string(to_string(one.outcome)), standing_text(one),
                        one.provider_id.empty() ? "-" : one.provider_id,
                        one.words.empty() ? "-" : one.words});
    }
    recipients.print(console.out, console.colours, 2);
}

json::object to_json(const Recipient& recipient) {
    json::object shown{{"address", without_controls(recipient.address)},
                       {"outcome", to_string(recipient.outcome)},
                       {"message_id", without_controls(recipient.provider_id)},
                       {"words", without_controls(recipient.words)}};
    if (recipient.standing == MailEvent::Type::unknown) return shown;
    shown["standing"] = to_string(recipient.standing);
    shown["standing_at"] = utc_text(recipient.standing_at);
    return shown;
}

}  // namespace

std::optional<Standing> with_a_provider(const MessageStory& story, const store::JournalEntry& entry) {
    if (entry.outcome != store::JournalEntry::Outcome::done &&
        entry.outcome != store::JournalEntry::Outcome::handed)
        return std::nullopt;
    std::optional<Standing> standing;
    for (const RelayAttempt& call : story.calls)
        for (const Recipient& recipient : call.recipients)
            if (recipient.offer == entry.offer && recipient.outcome == Outcome::accepted)
                standing = as_told(story, call, recipient);
    return standing;
}

void add_relayed(const MessageStory& story, std::vector<Happening>& happenings) {
    for (const RelayAttempt& call : story.calls) {
        const std::string tries = call.tries > 1 ? fmt::format("; {} tries", call.tries) : "";
        happenings.push_back(
            {call.begun, "", "call", fmt::format("to {} by rota {}{}", call.provider, call.rota, tries)});
        if (call.ended == Time{}) continue;
        happenings.push_back({call.ended, "", std::string(to_string(call.state)),
                              call.provider + (call.words.empty() ? "" : ": " + call.words)});
    }
    for (const store::StoredEvent& event : story.events) {
        const std::string what = what_text(event.event);
        happenings.push_back({event.event.at, event.event.recipient, type_cell(event.event).text,
                              "says " + event.provider + (what.empty() ? "" : ": " + what)});
    }
}

void print_calls(const MessageStory& story, Console& console) {
    for (const RelayAttempt& call : story.calls) print(call, console);
}

json::object to_json(const RelayAttempt& call) {
    json::array recipients;
    for (const Recipient& recipient : call.recipients) recipients.push_back(to_json(recipient));
    json::object shown{{"id", call.id},
                       {"provider", call.provider},
                       {"rota", call.rota},
                       {"state", to_string(call.state)},
                       {"tries", call.tries},
                       {"begun", utc_text(call.begun)},
                       {"last", utc_text(call.last)},
                       {"words", without_controls(call.words)},
                       {"recipients", std::move(recipients)}};
    if (call.ended != Time{}) shown["ended"] = utc_text(call.ended);
    return shown;
}

}  // namespace mailrota::ctl
