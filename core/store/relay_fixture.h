#pragma once

#include "core/store/mail_fixture.h"

// Attempts and events that only a test would write.
namespace mailrota::store {

// At sendgrid, begun at 1000 by "node/1 a".
inline RelayAttempt some_attempt(std::string id, const StoredMail& mail,
                                 const std::vector<std::string>& recipients = {"ann"}) {
    RelayAttempt attempt;
    attempt.id = std::move(id);
    attempt.mail = mail.id;
    attempt.rota = "outgoing";
    attempt.provider = "sendgrid";
    attempt.begun = attempt.last = at(1000);
    attempt.owner = "node/1 a";
    for (const std::string& recipient : recipients) {
        RelayAttempt::Recipient one;
        one.offer = mail.id + "/" + recipient;
        one.address = recipient + "@example.com";
        attempt.recipients.push_back(std::move(one));
    }
    return attempt;
}

// The attempt as all its recipients were accepted under this message id.
inline RelayAttempt accepted(RelayAttempt attempt, const std::string& provider_id, std::int64_t when = 1001) {
    attempt.state = RelayAttempt::State::accepted;
    attempt.ended = at(when);
    attempt.words = "202 accepted";
    for (auto& recipient : attempt.recipients) {
        recipient.outcome = RelayAttempt::Recipient::Outcome::accepted;
        recipient.provider_id = provider_id;
    }
    return attempt;
}

inline mail::MailEvent some_event(std::string id, std::int64_t when = 1000) {
    mail::MailEvent event;
    event.type = mail::MailEvent::Type::delivered;
    event.id = std::move(id);
    event.at = at(when);
    event.recipient = "ann@example.com";
    event.native = "delivered";
    return event;
}

inline std::vector<std::string> ids_of(const std::vector<RelayAttempt>& attempts) {
    std::vector<std::string> ids;
    for (const RelayAttempt& attempt : attempts) ids.push_back(attempt.id);
    return ids;
}

inline std::vector<std::string> ids_of(const std::vector<StoredEvent>& events) {
    std::vector<std::string> ids;
    for (const StoredEvent& event : events) ids.push_back(event.event.id);
    return ids;
}

}  // namespace mailrota::store
