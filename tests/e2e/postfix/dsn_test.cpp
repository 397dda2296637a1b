// Delivery status: a bounce names the address that the sender used, and NOTIFY goes along with the mail.
#include <gmock/gmock.h>

#include "tests/e2e/postfix/scene.h"
#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view policy = R"(
[rota.refused]
addresses = ["dsn@example.com", "dsn+a=b@example.com"]
members   = ["ann@refusing.test"]
[rota.taken]
addresses = ["taken@example.com"]
members   = ["taken-ann@example.com"]
)";

// A server that refuses every recipient.
struct RefusingServer {
    RefusingServer() : port(rig::free_port()), process(command(port)) {
        rig::wait_until([this] { return rig::accepts("inet:127.0.0.1:" + std::to_string(port)); });
    }
    static rig::Command command(int port) {
        rig::Command command;
        command.argv = {
            "/usr/sbin/smtp-sink", "-u", "postfix", "-f", "RCPT", "127.0.0.1:" + std::to_string(port), "10"};
        return command;
    }
    int port;
    rig::Process process;
};

struct World {
    RefusingServer refusing;
    Scene scene{policy, [this] {
                    rig::PostfixOptions options;
                    options.relay_port = refusing.port;
                    return options;
                }()};
};

Scene& scene() {
    static World only;
    return only.scene;
}

// What is sent to `recipient`, an argument of RCPT, comes back to the mailbox of `sender`.
std::string report(const std::string& sender, const std::string& recipient) {
    EXPECT_TRUE(scene().send(MessageText::fresh(), {recipient}, sender + "@example.com").accepted())
        << scene().logs();
    const auto reports = scene().postfix().wait_for_mail(sender);
    EXPECT_EQ(reports.size(), 1U) << scene().logs();
    return reports.empty() ? std::string() : reports.front();
}

TEST(Dsn, BounceNamesTheAddressThatTheSenderUsed) {
    const auto bounce = report("plain", "dsn@example.com");
    EXPECT_THAT(bounce, HasSubstr("\nFinal-Recipient: rfc822; ann@refusing.test\n"));
    EXPECT_THAT(bounce, HasSubstr("\nOriginal-Recipient: rfc822;dsn@example.com\n"));
}

TEST(Dsn, AddressWithCharactersThatNeedXtextIsNamedToo) {
    EXPECT_THAT(report("xtext", "dsn+a=b@example.com"),
                HasSubstr("\nOriginal-Recipient: rfc822;dsn+a=b@example.com\n"));
}

TEST(Dsn, OrcptOfTheSenderIsKept) {
    const auto bounce =
        report("orcpt", "<dsn@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;first+2Bx@example.org");
    EXPECT_THAT(bounce, HasSubstr("\nOriginal-Recipient: rfc822;first+x@example.org\n"));
}

TEST(Dsn, NotifyNeverIsKept) {
    const auto mail = MessageText::fresh();
    ASSERT_TRUE(scene().send(mail, {"<dsn@example.com> NOTIFY=NEVER"}, "never@example.com").accepted());
    EXPECT_THAT(scene().arrivals(mail), IsEmpty()) << scene().logs();
    EXPECT_THAT(scene().postfix().mailbox("never"), IsEmpty()) << scene().logs();
}

TEST(Dsn, NotifySuccessIsKept) {
    const auto told = report("success", "<taken@example.com> NOTIFY=SUCCESS");
    EXPECT_THAT(told, HasSubstr("\nOriginal-Recipient: rfc822;taken@example.com\n"));
    EXPECT_THAT(told, HasSubstr("\nFinal-Recipient: rfc822; taken-ann@example.com\n"));
    EXPECT_THAT(told, HasSubstr("\nAction: delivered\n"));
}

TEST(Dsn, BounceOfLocalMailNamesTheAddressToo) {
    const auto mail = MessageText::fresh();
    ASSERT_EQ(scene().postfix().sendmail("local@example.com", {"dsn@example.com"}, mail.text()).exit_code, 0);
    const auto bounces = scene().postfix().wait_for_mail("local");
    ASSERT_EQ(bounces.size(), 1U) << scene().logs();
    EXPECT_THAT(bounces[0], HasSubstr("\nOriginal-Recipient: rfc822;dsn@example.com\n"));
}

}  // namespace
}  // namespace mailrota::e2e
