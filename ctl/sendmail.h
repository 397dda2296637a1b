#pragma once

#include <string>
#include <vector>

#include "core/wire/smtp_client.h"
#include "ctl/hand_on.h"

namespace mailrota::ctl {

// One run of sendmail(1): NOTIFY is an option of the whole run, so recipients with different ones need
// several.
struct SendmailRun {
    std::vector<std::string> arguments;   // without the program
    std::vector<std::size_t> recipients;  // which of the mail's they are

    bool operator==(const SendmailRun&) const = default;
};

// -i -f SENDER [-B8BITMIME] [-N NOTIFY] [-R RET] [-V ENVID] -- RECIPIENT… for each NOTIFY that occurs. ORCPT
// cannot be said. Pure.
std::vector<SendmailRun> sendmail_runs(const wire::HandedMail& mail);

// What its exit code means (sysexits.h): EX_NOUSER, EX_DATAERR and EX_NOPERM are of the mail and failed; all
// else may be of this host, as EX_UNAVAILABLE is where the queue cannot be written, and is deferred. `said`
// is what it wrote to stderr. Pure.
wire::SmtpResult sendmail_result(int exit_code, const std::string& said);

// The mail as programs of this system take it on their standard input: lines end in LF.
std::string with_lf(const std::string& bytes);

// Runs `program` for each mail, five minutes at most.
class SendmailHandOn : public HandOn {
  public:
    explicit SendmailHandOn(std::string program) : program_(std::move(program)) {}
    HandedOn deliver(const wire::HandedMail& mail, const std::string& bytes) override;

  private:
    std::string program_;
};

}  // namespace mailrota::ctl
