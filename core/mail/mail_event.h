#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::mail {

// What a provider tells of one recipient of a mail after it has taken the mail: the normal form of all
// webhooks (names after django-anymail's). A value.
struct MailEvent {
    enum class Type {
        queued,
        sent,
        rejected,  // the provider will not try: suppressed, invalid, spam
        failed,    // the provider could not even begin
        bounced,   // refused by the recipient's side for good, or given up
        deferred,
        delivered,
        autoresponded,
        opened,
        clicked,
        complained,
        unsubscribed,
        subscribed,
        unknown,
    };
    enum class Reason { none, invalid, bounced, timed_out, blocked, spam, unsubscribed, other };

    Type type = Type::unknown;
    Reason reason = Reason::none;  // of rejected, failed, bounced, complained, unsubscribed
    bool soft = false;             // bounced: of this mail only, the address may be good
    std::string id;  // tells this event from every other of its provider, made from several fields where
                     // the provider gives none; never empty
    std::chrono::sys_seconds at{};
    std::string attempt;     // our own id that the mail carried as metadata; empty if the event has none
    std::string message_id;  // the provider's; may be empty
    std::string recipient;   // as the provider writes it; empty: of no recipient, or it is not said
    std::string description;
    std::string mta_response;  // "550 5.1.1 User not found"; may be empty
    std::string click_url;
    std::string user_agent;
    std::string native;  // the provider's own word: "dropped", "failed/permanent"
    std::vector<std::string> tags;
    std::map<std::string, std::string> metadata;
    std::string raw;  // the event as it came, one JSON value

    bool operator==(const MailEvent&) const = default;
};
std::string_view to_string(MailEvent::Type type);
std::string_view to_string(MailEvent::Reason reason);
std::optional<MailEvent::Type> parse_event_type(std::string_view word);
std::optional<MailEvent::Reason> parse_event_reason(std::string_view word);

// Whether a recipient that stands at `standing` (unknown: nothing was told yet) moves on with an event of
// type `next`. Events come in any order, so a standing only ever moves towards the end: queued, sent,
// deferred, delivered, then rejected, failed or bounced (which may follow a delivery), then complained. What
// people do with a mail (opened, clicked, unsubscribed, subscribed, autoresponded) and unknown change
// nothing.
bool advances(MailEvent::Type standing, MailEvent::Type next);

// A recipient that will not be reached: rejected, failed, bounced.
bool is_final_failure(MailEvent::Type type);

}  // namespace mailrota::mail
