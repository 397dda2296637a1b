#include "tests/e2e/sendmail/scene.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class SendmailTurns : public SharedScene {
  protected:
    /// Sends a mail to these and returns which of `mailboxes` have it in the end.
    static std::vector<std::string> delivered(const std::vector<std::string>& recipients,
                                              const std::vector<std::string>& mailboxes) {
        const auto mail = MessageText::fresh();
        EXPECT_TRUE(scene().send(recipients, mail).accepted()) << scene().logs();
        return scene().who_has(mail, mailboxes);
    }
};

TEST_F(SendmailTurns, GoInTheOrderOfTheList) {
    const std::vector<std::string> all = {"ann", "ben", "cho", "orders"};
    for (const char* next : {"ann", "ben", "cho", "ann"})
        EXPECT_THAT(delivered({"orders@example.com"}, all), ElementsAre(next)) << scene().logs();
}

TEST_F(SendmailTurns, AMailThatComesAgainGoesToTheSameColleague) {
    const auto mail = MessageText::fresh();
    for (int offer = 0; offer < 3; ++offer) ASSERT_TRUE(scene().send({"again@example.com"}, mail).accepted());
    EXPECT_THAT(scene().who_has(mail, {"gil", "hal", "again"}), ElementsAre("gil", "gil", "gil"));
    EXPECT_THAT(delivered({"again@example.com"}, {"gil", "hal"}), ElementsAre("hal"));
}

TEST_F(SendmailTurns, M1TheAddressIsKnownInEachOfItsForms) {
    for (const char* form :
         {"<Forms@Example.COM>", "<\"forms\"@example.com>", "<@other.example.com:forms@example.com>"})
        EXPECT_THAT(delivered({form}, {"kim", "forms", "Forms"}), ElementsAre("kim"))
            << form << scene().logs();
}

TEST_F(SendmailTurns, M2ExactlyTheTeamAddressGoes) {
    EXPECT_THAT(delivered({"beside@example.com", "crowd@example.com", "x-beside@example.com"},
                          {"beside", "lea", "dave", "eve", "x-beside"}),
                UnorderedElementsAre("lea", "dave", "eve", "x-beside"));
}

TEST_F(SendmailTurns, M2ATeamAddressThatIsAnAliasGoesWithAllItsMembers) {
    EXPECT_THAT(delivered({"club@example.com"}, {"club", "dave", "eve", "max"}), ElementsAre("max"));
}

TEST_F(SendmailTurns, M3AColleagueThatIsAnAliasIsExpanded) {
    EXPECT_THAT(delivered({"sales@example.com"}, {"sales", "desk", "uma", "vic"}),
                UnorderedElementsAre("uma", "vic"));
}

TEST_F(SendmailTurns, M3AColleagueWhoIsARecipientAlreadyGetsOneCopy) {
    EXPECT_THAT(delivered({"beside@example.com", "lea@example.com"}, {"beside", "lea"}), ElementsAre("lea"));
    EXPECT_THAT(delivered({"lea@example.com", "beside@example.com"}, {"beside", "lea"}), ElementsAre("lea"));
}

TEST_F(SendmailTurns, M3OneTeamsColleagueIsAnotherTeamsAddress) {
    for (const auto& order : {std::vector<std::string>{"first@example.com", "nan@example.com"},
                              {"nan@example.com", "first@example.com"}})
        EXPECT_THAT(delivered(order, {"first", "nan", "oli"}), UnorderedElementsAre("nan", "oli"))
            << scene().logs();
}

TEST_F(SendmailTurns, M5AColleagueWhoIsTheTeamAddressKeepsTheMail) {
    EXPECT_THAT(delivered({"self@example.com"}, {"self"}), ElementsAre("self")) << scene().logs();
}

TEST_F(SendmailTurns, M6TheNullSender) {
    const auto mail = MessageText::fresh();
    ASSERT_TRUE(scene().send({"null@example.com"}, mail, "<>").accepted()) << scene().logs();
    EXPECT_THAT(scene().who_has(mail, {"null", "pat"}), ElementsAre("pat"));
}

TEST_F(SendmailTurns, M13MailOfSendmailItselfHasItsTurnToo) {
    const auto mail = MessageText::fresh();
    const auto result = scene().sendmail.sendmail("sender@example.com", {"local@example.com"}, mail.text());
    ASSERT_EQ(result.exit_code, 0) << result.errors << result.output;
    scene().sendmail.wait_for_mail("quin");
    EXPECT_THAT(scene().who_has(mail, {"local", "quin"}), ElementsAre("quin")) << scene().logs();
}

TEST_F(SendmailTurns, M14MailsOfOneSessionDoNotMix) {
    auto client = SmtpClient::to_port(scene().sendmail.port());
    const auto first = MessageText::fresh();
    const auto second = MessageText::fresh();
    ASSERT_TRUE(client.send_mail("a@example.com", {"session@example.com", "wes@example.com"}, first.text())
                    .accepted());
    EXPECT_EQ(client.command("MAIL FROM:<b@example.com>").code, 250);
    EXPECT_EQ(client.command("RCPT TO:<orders@example.com>").code, 250);
    EXPECT_EQ(client.command("RSET").code, 250);
    ASSERT_TRUE(client.send_mail("c@example.com", {"session@example.com"}, second.text()).accepted());
    const std::vector<std::string> all = {"session", "ida", "jim", "wes", "ann", "ben", "cho", "orders"};
    EXPECT_THAT(scene().who_has(first, all), ElementsAre("ida", "wes"));
    EXPECT_THAT(scene().who_has(second, all), ElementsAre("jim"));
}

TEST_F(SendmailTurns, ReportsOfDeliveryNameTheAddressThatTheSenderUsed) {
    const auto mail = MessageText::fresh();
    const auto sent = scene().send({"<dsn@example.com> NOTIFY=SUCCESS ORCPT=rfc822;dsn@example.com"}, mail,
                                   "<reports@example.com> RET=HDRS ENVID=e1");
    ASSERT_TRUE(sent.accepted()) << scene().logs();
    EXPECT_THAT(scene().who_has(mail, {"dsn", "rae"}), ElementsAre("rae"));
    EXPECT_THAT(scene().sendmail.wait_for_mail("reports"),
                ElementsAre(HasSubstr("Original-Recipient: rfc822;dsn@example.com")))
        << scene().logs();
}

TEST_F(SendmailTurns, AnAddressWithoutOrcptIsNamedInReportsToo) {
    const auto mail = MessageText::fresh();
    ASSERT_TRUE(scene().send({"<dsn@example.com> NOTIFY=SUCCESS"}, mail, "made@example.com").accepted());
    EXPECT_THAT(scene().sendmail.wait_for_mail("made"),
                ElementsAre(HasSubstr("Original-Recipient: rfc822;dsn@example.com")))
        << scene().logs();
}

}  // namespace
}  // namespace mailrota::rig
