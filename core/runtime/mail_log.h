#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/mail.h"
#include "core/runtime/considered.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"

namespace mailrota::runtime {

// What front ends say of a mail in log and metrics, each line with all that is needed to find it again.

// A line that begins with the queue id, session, Message-ID and sender.
LogLine mail_line(std::string_view event, const mail::Mail& mail, std::string_view session);

// What became of an alert that the mail told of.
LogLine alert_line(const mail::Mail& mail, std::string_view session, const Raised& raised);

// Of a decision: the turns, alerts, a store that failed, mail that passed untouched for it, alarms.
void log_taken(Log& log, Metrics& metrics, const mail::Mail& mail, std::string_view session,
               const Taken& taken);

// The words with commas between them.
std::string joined(const std::vector<std::string>& words);

}  // namespace mailrota::runtime
