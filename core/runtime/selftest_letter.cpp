#include "core/runtime/selftest_letter.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

namespace mailrota::runtime {
namespace {

using policy::Selftest;

std::string identity(const SelftestRun& run) { return "selftest-" + run.token; }

// CRLF line ends, the last one with it.
std::string as_body(std::string text) {
    boost::algorithm::replace_all(text, "\n", "\r\n");
    return text.ends_with("\r\n") ? text : text + "\r\n";
}

}  // namespace

std::string selftest_message_id(const SelftestRun& run, std::string_view hostname) {
    return fmt::format("{}@{}", identity(run), hostname);
}

std::string selftest_letter(const Selftest& selftest, const SelftestRun& run, std::string_view hostname) {
    OwnMail mail;
    mail.identity = identity(run);
    mail.to = {selftest.to};
    mail.subject = fill_selftest(selftest.subject, selftest, run.token);
    const auto from = selftest.from.empty() ? own_sender(hostname) : "Mailrota <" + selftest.from + ">";
    return own_header(mail, from, hostname, run.begun) + "\r\n" +
           as_body(fill_selftest(selftest.text, selftest, run.token));
}

OwnMail selftest_notice(const Selftest& selftest, const SelftestRun& run, std::string_view why,
                        std::string_view hostname) {
    OwnMail mail;
    mail.identity = identity(run) + "-failed";
    mail.to = selftest.tell;
    mail.subject = fmt::format("Self-test {} did not come through", selftest.name);
    mail.body = fmt::format(
        "Self-test {0} on {1}, begun at {2:%Y-%m-%d %H:%M:%S} UTC, has failed:\r\n\r\n{3}\r\n"
        "Until this is mended an emergency may ring nobody.\r\n\r\n"
        "Once more:      mailrota selftest run {0}\r\n"
        "What was done:  mailrota incident list --all --alert {4}\r\n",
        selftest.name, hostname, fmt::gmtime(run.begun.time_since_epoch().count()), folded_lines(why, "  "),
        selftest.alert);
    return mail;
}

}  // namespace mailrota::runtime
