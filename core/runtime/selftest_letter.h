#pragma once

#include <string>
#include <string_view>

#include "core/policy/selftest.h"
#include "core/runtime/own_mail.h"
#include "core/runtime/selftest_record.h"

namespace mailrota::runtime {

// The mails about self-tests. Pure, as all here.

// Without angle brackets; the same each time that the mail is submitted, so that a second one is known again.
std::string selftest_message_id(const SelftestRun& run, std::string_view hostname);

// The mail that goes through the chain: no notice, since it is to raise its alert. The same bytes each time.
std::string selftest_letter(const policy::Selftest& selftest, const SelftestRun& run,
                            std::string_view hostname);

// What is told of a run that failed, and `why`.
OwnMail selftest_notice(const policy::Selftest& selftest, const SelftestRun& run, std::string_view why,
                        std::string_view hostname);

}  // namespace mailrota::runtime
