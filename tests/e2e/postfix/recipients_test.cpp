// M1 to M5 of the milter's acceptance list: who gets a mail, in every form that an address can take.
#include <gmock/gmock.h>

#include "tests/e2e/postfix/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using rig::SmtpClient;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view policy = R"(
[rota.case]
addresses = ["m1-orders@example.com"]
members   = ["m1-ann@example.com"]
[rota.quoted]
addresses = ['"m1 orders"@example.com']
members   = ["m1-quoted@example.com"]
[rota.utf8]
addresses = ["m1-bestellung-ü@example.com"]
members   = ["m1-utf8@example.com"]
[rota.unqualified]
members = ["m1-unqualified-ann@example.com"]
[[rule]]
when.rcpt = "m1-unqualified"
then = [{ rota = "unqualified" }]

[rota.m2]
addresses = ["m2-orders@example.com"]
members   = ["m2-ann@example.com"]

[rota.to_alias]
addresses = ["m3-orders@example.com"]
members   = ["m3-desk@example.com"]
[rota.to_recipient]
addresses = ["m3-sales@example.com"]
members   = ["m3-eve@example.com"]

[rota.nobody]
addresses = ["m4-nobody@example.com"]
members   = [{ address = "m4-ann@example.com", paused = true }]
[[rule]]
when.rcpt = "m4-dropped@example.com"
then = [{ discard = true }]

[rota.own]
addresses = ["m5-team@example.com"]
members   = ["m5-team@example.com"]

[rota.chain]
addresses = ["chain-orders@example.com"]
members   = ["chain-ann@example.com"]
[[rule]]
when.rcpt = "chain-ann@example.com"
then = [{ redirect = "chain-ben@example.com" }]
)";

Scene& scene() {
    static Scene only = [] {
        rig::PostfixOptions options;
        options.aliases = {{"m2-team@example.com", "m2-dora@example.com, m2-ella@example.com"},
                           {"m2-orders@example.com", "m2-ella@example.com, m2-fay@example.com"},
                           {"m3-desk@example.com", "m3-ann@example.com, m3-ben@example.com"}};
        return Scene(policy, options);
    }();
    return only;
}

// Sends the mail with these raw arguments of MAIL and RCPT.
std::vector<std::string> arrivals_raw(const MessageText& mail, const std::string& sender,
                                      const std::string& recipient) {
    auto client = SmtpClient::to_port(scene().postfix().port());
    EXPECT_EQ(client.command("MAIL FROM:" + sender).code, 250);
    const auto rcpt = client.command("RCPT TO:" + recipient);
    EXPECT_EQ(rcpt.code, 250) << recipient << ": " << rcpt.text;
    EXPECT_EQ(client.command("DATA").code, 354);
    client.send_raw(rig::dot_stuffed(mail.text()));
    EXPECT_EQ(client.read_reply().code, 250) << scene().logs();
    return scene().arrivals(mail);
}

TEST(M1, RecipientIsKnownInEveryForm) {
    struct Case {
        const char* sender;
        const char* recipient;
        const char* colleague;
    };
    for (const auto& [sender, recipient, colleague] :
         {Case{"<a@example.com>", "<M1-Orders@EXAMPLE.com>", "m1-ann"},
          Case{"a@example.com", "m1-orders@example.com", "m1-ann"},
          Case{"<a@example.com>", "<\"m1-orders\"@example.com>", "m1-ann"},
          Case{"<a@example.com>", "<@relay.example.com:m1-orders@example.com>", "m1-ann"},
          Case{"<\"a b\"@example.com>", "<\"m1 orders\"@example.com>", "m1-quoted"},
          Case{"<a@example.com>", "<m1-unqualified>", "m1-unqualified-ann"},
          Case{"<ä@example.com> SMTPUTF8", "<m1-bestellung-ü@example.com>", "m1-utf8"}})
        EXPECT_THAT(arrivals_raw(MessageText::fresh(), sender, recipient), ElementsAre(colleague))
            << recipient << '\n'
            << scene().logs();
}

TEST(M1, SeveralSpellingsOfOneRecipientAreOneMail) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(
                    mail, {"m1-orders@example.com", "M1-ORDERS@example.com", "<\"m1-orders\"@example.com>"}),
                ElementsAre("m1-ann"))
        << scene().logs();
}

TEST(M1, LocalSubmissionKnowsTheSameForms) {
    for (const char* recipient : {"M1-Orders@Example.com", "\"m1-orders\"@example.com"}) {
        const auto mail = MessageText::fresh();
        ASSERT_EQ(scene().postfix().sendmail("a@example.com", {recipient}, mail.text()).exit_code, 0);
        EXPECT_THAT(scene().arrivals(mail), ElementsAre("m1-ann")) << recipient << '\n' << scene().logs();
    }
}

TEST(M2, ExactlyTheTeamRecipientGoes) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(
                    mail, {"m2-gus@example.com", "m2-orders@example.com", "m2-orders-x@example.com",
                           "xm2-orders@example.com", "m2-orders@example.org", "m2-team@example.com"}),
                ElementsAre("m2-ann", "m2-dora", "m2-ella", "m2-gus", "m2-orders-x", "xm2-orders"))
        << scene().logs();
}

TEST(M2, ExpansionOfTheTeamThatIsAlsoARecipientStays) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"m2-orders@example.com", "m2-ella@example.com"}),
                ElementsAre("m2-ann", "m2-ella"))
        << scene().logs();
}

TEST(M3, AssigneeThatIsAnAliasIsExpanded) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"m3-orders@example.com"}),
                ElementsAre("m3-ann", "m3-ben"))
        << scene().logs();
}

TEST(M3, AssigneeThatIsARecipientAlreadyGetsOneCopy) {
    for (const char* spelling : {"m3-eve@example.com", "M3-Eve@Example.com", "<\"m3-eve\"@example.com>"}) {
        for (const bool team_first : {true, false}) {
            std::vector<std::string> recipients = {"m3-sales@example.com", spelling};
            if (!team_first) std::swap(recipients[0], recipients[1]);
            EXPECT_THAT(scene().arrivals_after_sending(MessageText::fresh(), recipients),
                        ElementsAre("m3-eve"))
                << spelling << scene().logs();
        }
    }
}

TEST(M4, MailThatNobodyWouldGetIsDeferred) {
    const auto mail = MessageText::fresh();
    const auto sent = scene().send(mail, {"m4-nobody@example.com"});
    ASSERT_EQ(sent.results.size(), 1U) << scene().logs();
    EXPECT_EQ(sent.results[0].code, 451);
    EXPECT_THAT(scene().arrivals(mail), IsEmpty());
}

TEST(M4, OneDroppedAndOneWithoutAnybodyIsDeferredToo) {
    const auto mail = MessageText::fresh();
    const auto sent = scene().send(mail, {"m4-dropped@example.com", "m4-nobody@example.com"});
    ASSERT_EQ(sent.results.size(), 1U) << scene().logs();
    EXPECT_EQ(sent.results[0].code, 451);
    EXPECT_THAT(scene().arrivals(mail), IsEmpty());
}

TEST(M4, DiscardIsTheOneWayToHaveNobody) {
    const auto mail = MessageText::fresh();
    EXPECT_TRUE(scene().send(mail, {"m4-dropped@example.com"}).accepted()) << scene().logs();
    EXPECT_THAT(scene().arrivals(mail), IsEmpty());
    EXPECT_THAT(scene().postfix().log(), HasSubstr("milter-discard"));
}

TEST(M4, DiscardForOneRecipientLeavesTheOthers) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"m4-dropped@example.com", "m4-eve@example.com"}),
                ElementsAre("m4-eve"))
        << scene().logs();
}

TEST(M5, AssigneeThatIsTheTeamGetsTheMailUntouched) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"m5-team@example.com"}), ElementsAre("m5-team"))
        << scene().logs();
    EXPECT_THAT(scene().delivered(mail, "m5-team"), Not(HasSubstr("X-Mailrota")));
}

TEST(Chain, TeamToAnnBesideAnnToBenIsOneMailForEach) {
    for (const bool team_first : {true, false}) {
        std::vector<std::string> recipients = {"chain-orders@example.com", "chain-ann@example.com"};
        if (!team_first) std::swap(recipients[0], recipients[1]);
        EXPECT_THAT(scene().arrivals_after_sending(MessageText::fresh(), recipients),
                    ElementsAre("chain-ann", "chain-ben"))
            << scene().logs();
    }
}

}  // namespace
}  // namespace mailrota::e2e
