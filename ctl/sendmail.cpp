#include "ctl/sendmail.h"

#include <sysexits.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "core/mail/envelope.h"

namespace mailrota::ctl {
namespace {

using Outcome = wire::SmtpResult::Outcome;

std::string parameter(const std::vector<std::string>& parameters, std::string_view name) {
    const mail::Recipient holder{{}, parameters};
    return std::string(holder.parameter(name).value_or(""));
}

wire::SmtpResult failed(const char* enhanced, const std::string& text) {
    return {Outcome::failed, {550, enhanced, text}, true};
}

}  // namespace

std::vector<SendmailRun> sendmail_runs(const wire::HandedMail& mail) {
    const wire::OutgoingMail usable = outgoing(mail, "");
    std::map<std::string, std::vector<std::size_t>> by_notify;
    for (std::size_t i = 0; i < usable.recipients.size(); ++i)
        by_notify[parameter(usable.recipients[i].parameters, "NOTIFY")].push_back(i);
    std::vector<SendmailRun> runs;
    for (const auto& [notify, recipients] : by_notify) {
        std::vector<std::string> arguments{"-i", "-f", mail.sender.empty() ? "<>" : mail.sender};
        const auto option = [&arguments](const char* letter, const std::string& value) {
            if (value.empty()) return;
            arguments.emplace_back(letter);
            arguments.push_back(value);
        };
        if (parameter(usable.sender_parameters, "BODY") == "8BITMIME") arguments.emplace_back("-B8BITMIME");
        option("-N", notify);
        option("-R", parameter(usable.sender_parameters, "RET"));
        option("-V", parameter(usable.sender_parameters, "ENVID"));
        arguments.emplace_back("--");
        for (const std::size_t i : recipients) arguments.push_back(mail.recipients[i].address);
        runs.push_back({std::move(arguments), recipients});
    }
    return runs;
}

wire::SmtpResult sendmail_result(int exit_code, const std::string& said) {
    std::string text = said.substr(0, std::min(said.find('\n'), said.size()));
    if (text.empty()) text = "sendmail ended with " + std::to_string(exit_code);
    switch (exit_code) {
        case EX_OK:
            return {Outcome::done, {250, "2.0.0", "taken by sendmail"}, true};
        case EX_NOUSER:
            return failed("5.1.1", text);
        case EX_DATAERR:
            return failed("5.6.0", text);
        case EX_NOPERM:
            return failed("5.7.1", text);
        default:
            return {Outcome::deferred, {451, "4.3.0", text}, true};
    }
}

std::string with_lf(const std::string& bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const bool before_lf = bytes[at] == '\r' && at + 1 < bytes.size() && bytes[at + 1] == '\n';
        if (!before_lf) out += bytes[at];
    }
    return out;
}

}  // namespace mailrota::ctl
