#include "core/runtime/program_run.h"
#include "ctl/sendmail.h"

// The part of sendmail.h that runs the program.
namespace mailrota::ctl {
namespace {

constexpr std::chrono::minutes longest_run{5};

wire::SmtpResult run(const std::string& program, const SendmailRun& run, const std::string& input) {
    const auto ended = runtime::run_program(program, run.arguments, input, longest_run);
    if (!ended) return {wire::SmtpResult::Outcome::deferred, {451, "4.3.0", ended.error().text}, false};
    return sendmail_result(ended->exit_code, ended->words);
}

}  // namespace

HandedOn SendmailHandOn::deliver(const wire::HandedMail& mail, const std::string& bytes) {
    std::vector<wire::SmtpResult> results(mail.recipients.size());
    const std::string input = with_lf(bytes);
    for (const SendmailRun& each : sendmail_runs(mail)) {
        const wire::SmtpResult result = run(program_, each, input);
        for (const std::size_t i : each.recipients) results[i] = result;
    }
    return handed_on(mail, results);
}

}  // namespace mailrota::ctl
