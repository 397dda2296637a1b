// L9: the client's name and queue id (XFORWARD), and delivery status (DSN), where Postfix has them and where
// not.
#include <gmock/gmock.h>

#include "tests/e2e/mta/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com"]
[rota.ghosts]
addresses = ["ghosts@example.com"]
members   = ["ghost@example.com"]
)";

std::size_t count_of(const std::string& text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

class Dsn : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        SceneOptions options{std::string(policy)};
        options.with_worker = true;
        options.main = {"lmtp_send_xforward_command = yes"};
        shared = std::make_unique<Scene>(options);
    }
    static void TearDownTestSuite() { shared.reset(); }
    static Scene& scene() { return *shared; }

  private:
    static inline std::unique_ptr<Scene> shared;
};

TEST_F(Dsn, L9TheSenderWhoWishesItIsToldOfTheSuccessOnce) {
    const auto mail = MessageText::fresh();
    scene().send(mail, {"<orders@example.com> NOTIFY=SUCCESS"}, "<reports@example.com> RET=HDRS ENVID=e1");
    const auto report = scene().reports("reports");
    EXPECT_THAT(report, HasSubstr("Original-Recipient: rfc822; orders@example.com")) << scene().logs();
    EXPECT_THAT(report, HasSubstr("Final-Recipient: rfc822; ann@example.com"));
    EXPECT_THAT(report, HasSubstr("Action: relayed")) << "Dovecot has no DSN: from there on nobody can tell";
    EXPECT_THAT(report, HasSubstr("Original-Envelope-Id: e1"));
    EXPECT_THAT(scene().arrivals(mail), ElementsAre("ann"));
    EXPECT_EQ(scene().dovecot().mailbox("reports").size(), 1U) << scene().reports("reports", 2);
}

TEST_F(Dsn, L9TheSenderWhoWishesNoneGetsNoBounce) {
    const auto mail = MessageText::fresh();
    scene().send(mail, {"<ghosts@example.com> NOTIFY=NEVER"}, "never@example.com");
    EXPECT_TRUE(scene().postfix().wait_for_log("550 5.1.1 <ghost@example.com>")) << scene().logs();
    EXPECT_THAT(scene().arrivals(mail), IsEmpty());
    EXPECT_THAT(scene().dovecot().mailbox("never"), IsEmpty()) << scene().reports("never");
}

TEST_F(Dsn, L9ABounceNamesTheAddressThatTheSenderUsed) {
    scene().send(MessageText::fresh(), {"ghosts@example.com"}, "plain@example.com");
    const auto bounce = scene().reports("plain");
    EXPECT_THAT(bounce, HasSubstr("Original-Recipient: rfc822;ghosts@example.com")) << scene().logs();
    EXPECT_THAT(bounce, HasSubstr("Final-Recipient: rfc822; ghost@example.com"));
    EXPECT_EQ(count_of(bounce, "Action: failed"), 1U);
}

TEST_F(Dsn, L9OrcptOfTheSenderIsKept) {
    scene().send(MessageText::fresh(), {"<ghosts@example.com> ORCPT=rfc822;first+2Bx@example.org"},
                 "told@example.com");
    EXPECT_THAT(scene().reports("told"), HasSubstr("Original-Recipient: rfc822;first+x@example.org"))
        << scene().logs();
}

TEST_F(Dsn, L9XforwardBringsTheQueueIdAndTheClient) {
    const auto mail = MessageText::fresh();
    scene().send(mail, {"dan@example.com"});
    ASSERT_THAT(scene().arrivals(mail), ElementsAre("dan")) << scene().logs();
    const auto text = scene().delivered(mail, "dan");
    const std::string mark = "(Postfix) with ESMTP id ";
    const auto at = text.find(mark);
    ASSERT_NE(at, std::string::npos) << text;
    const auto id =
        text.substr(at + mark.size(), text.find_first_of(" ;\n", at + mark.size()) - at - mark.size());
    EXPECT_THAT(scene().lmtp().log(), HasSubstr("queue_id=" + id)) << scene().logs();
    EXPECT_THAT(scene().lmtp().log(), HasSubstr("client=127.0.0.1"));
}

// Without either: Postfix itself tells of successes, and the addresses in bounces are right all the same.
TEST(NoDsn, L9WithoutXforwardAndDsnReportsNameTheAddressThatTheSenderUsed) {
    SceneOptions options{std::string(policy)};
    options.listener = "dsn = false";
    options.by_inet = true;
    Scene scene(options);
    const auto mail = MessageText::fresh();
    scene.send(mail, {"<orders@example.com> NOTIFY=SUCCESS"}, "reports@example.com");
    const auto report = scene.reports("reports");
    EXPECT_THAT(report, HasSubstr("Action: relayed")) << scene.logs();
    EXPECT_THAT(report, HasSubstr("Original-Recipient: rfc822;orders@example.com"));
    EXPECT_THAT(scene.arrivals(mail), ElementsAre("ann"));
    scene.send(MessageText::fresh(), {"ghosts@example.com"}, "plain@example.com");
    EXPECT_THAT(scene.reports("plain"), HasSubstr("Original-Recipient: rfc822;ghosts@example.com"))
        << scene.logs();
    EXPECT_THAT(scene.lmtp().log(), Not(HasSubstr("queue_id=")));
    const auto twice = MessageText::fresh();
    for (int i = 0; i < 2; ++i) scene.send(twice, {"orders@example.com"});
    EXPECT_THAT(scene.arrivals(twice), ElementsAre("ann", "ann")) << scene.logs();
}

}  // namespace
}  // namespace mailrota::e2e
