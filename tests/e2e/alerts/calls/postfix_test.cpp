#include "tests/rig/postfix.h"
#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/smtp_client.h"

// A milter behind Postfix.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;

using CallsBehindPostfix = AlertTest;

TEST_F(CallsBehindPostfix, TW4_MailByTheMilterCallsOnceAndGoesOnToItsMailbox) {
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene().run();
    const rig::MailrotaMilter milter(host.configuration() +
                                     "\n[listener.mx]\nprotocol = \"milter\"\nsocket = \"{socket}\"\n");
    rig::PostfixOptions options;
    options.smtpd_milters = milter.socket_for_postfix();
    const rig::Postfix postfix(options);
    for (const auto& mail : thread_of_answers()) {
        const auto sent = rig::SmtpClient::to_port(postfix.port())
                              .send_mail("redmine@example.com", {"emergency@example.com"}, mail);
        ASSERT_TRUE(sent.accepted()) << postfix.log() << milter.log();
    }
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged")) << milter.log();
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(host.incidents(), 1);
    EXPECT_THAT(postfix.wait_for_mail("emergency", 4, seconds(30)), SizeIs(4)) << postfix.log();
}

}  // namespace
}  // namespace mailrota::e2e
