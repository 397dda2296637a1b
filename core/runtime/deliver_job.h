#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/mail/dsn.h"
#include "core/mail/result.h"
#include "core/store/outbox.h"

namespace mailrota::runtime {

// The payload of a job of kind "deliver" or "relay": a mail that is sent by SMTP or LMTP to one endpoint, or
// carried out by a rota of providers, until every recipient is delivered or has failed. The job's bytes are
// the mail, sent as they are.
struct DeliverJob {
    struct Recipient {
        std::string address;                  // where it goes
        std::string original;                 // as it was offered to us, for notifications
        std::vector<std::string> parameters;  // of RCPT
        std::string offer;                    // journal key of the original; may be empty
    };

    config::Endpoint endpoint;  // of kind deliver
    std::string sender;  // empty: the null sender; then a failure is kept for the administrator, not notified
    std::vector<std::string> sender_parameters;
    std::vector<Recipient> recipients;  // those that are not delivered yet
    std::string queue_id;
    // Who failed for good in earlier attempts while nobody could be told, "address: reply" each.
    std::vector<std::string> untold{};
    std::string rota{};  // of kind relay
};
inline constexpr std::string_view deliver_kind = "deliver";
inline constexpr std::string_view relay_kind = "relay";

std::string to_json(const DeliverJob& job);
Result<DeliverJob> read_deliver_job(std::string_view json);

// The job that sends a notification: its key comes from `about` (job, item or mail id and what it tells), so
// that it is written once. Nothing if the mail's sender is null. `returned` is the mail's bytes.
struct Notification {
    std::string about;
    std::string mail;  // StoredMail::id
    mail::Dsn dsn;     // `to`, recipients and times filled in
    config::Endpoint submit;
    std::chrono::seconds expire{};
};
struct NewJob {
    store::Job job;
    std::string bytes;
};
std::optional<NewJob> notification_job(const Notification& notification, std::string_view returned);

}  // namespace mailrota::runtime
