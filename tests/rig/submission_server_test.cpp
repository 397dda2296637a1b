#include "tests/rig/submission_server.h"

#include <gmock/gmock.h>

#include "tests/rig/smtp_client.h"

namespace mailrota::rig {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

RunResult swaks(int port, const std::vector<std::string>& more) {
    std::vector<std::string> argv = {
        "swaks",         "--server", "127.0.0.1",       "--port",   std::to_string(port), "--from",
        "a@example.org", "--to",     "ann@example.com", "--header", "Subject: submitted"};
    argv.insert(argv.end(), more.begin(), more.end());
    return run(argv);
}

TEST(SubmissionServer, TakesMailOverTlsAfterALoginOnly) {
    SubmissionServer server;
    const std::string user = SubmissionServer::user;
    const std::string password = SubmissionServer::password;
    const auto by_starttls =
        swaks(server.starttls_port(), {"--tls", "--tls-ca-path", server.authority(), "--tls-verify", "--auth",
                                       "PLAIN", "--auth-user", user, "--auth-password", password});
    EXPECT_EQ(by_starttls.exit_code, 0) << by_starttls.output << by_starttls.errors << server.postfix().log();
    const auto by_tls = swaks(server.tls_port(), {"--tls-on-connect", "--auth", "LOGIN", "--auth-user", user,
                                                  "--auth-password", password});
    EXPECT_EQ(by_tls.exit_code, 0) << by_tls.output << by_tls.errors << server.postfix().log();
    EXPECT_THAT(server.postfix().wait_for_mail("ann", 2), SizeIs(2)) << server.postfix().log();

    const auto wrong = swaks(server.tls_port(), {"--tls-on-connect", "--auth", "PLAIN", "--auth-user", user,
                                                 "--auth-password", "wrong"});
    EXPECT_THAT(wrong.output, HasSubstr("535 5.7.8"));
    const auto nobody = swaks(server.tls_port(), {"--tls-on-connect"});
    EXPECT_NE(nobody.exit_code, 0);
    auto clear = SmtpClient::to_port(server.starttls_port());
    EXPECT_EQ(clear.command("MAIL FROM:<a@example.org>").code, 530);
}

}  // namespace
}  // namespace mailrota::rig
