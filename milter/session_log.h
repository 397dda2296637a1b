#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/mail/mail.h"
#include "core/runtime/intake.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "milter/edits.h"

namespace mailrota::milter {

// What a session says of its mails in log and metrics: one line a mail, one a recipient, one an alert, each
// with all that is needed to find the mail again. A deferral is a warning. References outlive it; one thread
// at a time.
class SessionLog {
  public:
    SessionLog(runtime::Log& log, runtime::Metrics& metrics, std::string session);

    // A mail came to its end.
    void ended(const mail::Mail& mail, const runtime::Taken& taken, const Ending& ending,
               std::chrono::microseconds took);
    // A mail was deferred or refused because of what came, not of what was decided. `cause` as in
    // Metrics::error.
    void ended_by(std::string_view cause, std::string_view why, const mail::Mail& mail,
                  const policy::Reply& reply);
    // The last recipient of the envelope was answered at its RCPT command.
    void recipient_answered(const mail::Mail& mail, const policy::Reply& reply);
    void aborted(const mail::Mail& mail);
    void edits_failed(const mail::Mail& mail, std::string_view what);
    // An event that has no place in the dialogue here.
    void out_of_order(std::string_view event, std::string_view phase);
    // The session cannot do what the policy needs.
    void impossible(std::string_view why);

    const std::string& session() const { return session_; }

  private:
    runtime::LogLine line(std::string_view event, const mail::Mail& mail) const;
    void recipients(runtime::LogBatch& lines, const mail::Mail& mail, const runtime::Taken& taken);
    void recipient(runtime::LogBatch& lines, const mail::Mail& mail, const mail::Recipient& recipient,
                   const policy::RecipientPlan& planned, const policy::Turns& turns);
    void troubles(runtime::LogBatch& lines, const mail::Mail& mail, const runtime::Taken& taken);

    runtime::Log& log_;
    runtime::Metrics& metrics_;
    std::string session_;
};

}  // namespace mailrota::milter
