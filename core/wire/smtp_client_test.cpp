#include "core/wire/smtp_client.h"

#include <gmock/gmock.h>

#include "core/wire/smtp_client_fixture.h"

namespace mailrota::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using enum SmtpClient::Protocol;
using State = SmtpClient::State;

TEST(SmtpClient, SaysHelloAndIsReady) {
    Talk talk;
    EXPECT_EQ(talk.says(), "");
    EXPECT_EQ(talk.hears("220 hi\r\n"), "EHLO me.example.com\r\n");
    EXPECT_EQ(talk.client.state(), State::greeting);
    EXPECT_EQ(talk.hears(full_hello), "");
    EXPECT_EQ(talk.client.state(), State::ready);
    EXPECT_TRUE(talk.client.has_dsn() && talk.client.has_smtputf8());
    EXPECT_EQ(talk.client.max_size(), 1'000'000U);
    talk.client.quit();
    EXPECT_EQ(talk.says(), "QUIT\r\n");
    EXPECT_EQ(talk.client.state(), State::closed);
}

TEST(SmtpClient, FallsBackToHeloButNotInLmtp) {
    Talk smtp;
    smtp.hears("220 hi\r\n");
    EXPECT_EQ(smtp.hears("502 what?\r\n"), "HELO me.example.com\r\n");
    smtp.hears("250 PIPELINING\r\n");
    EXPECT_EQ(smtp.client.state(), State::ready);
    EXPECT_EQ(smtp.starts(mail_to({"a@example.com"})), "MAIL FROM:<s@example.com>\r\n");
    Talk lmtp(SmtpClient::Protocol::lmtp);
    EXPECT_EQ(lmtp.hears("220 hi\r\n"), "LHLO me.example.com\r\n");
    lmtp.hears("500 5.5.1 what?\r\n");
    EXPECT_EQ(lmtp.client.state(), State::closed);
    EXPECT_EQ(lmtp.client.refusal(), (Reply{500, "5.5.1", "what?"}));
}

TEST(SmtpClient, ARefusedGreetingIsTold) {
    for (const std::string text : {"554 5.7.1 go away", "421 4.3.2 later", "450 busy"}) {
        Talk talk;
        EXPECT_EQ(talk.hears(text + "\r\n"), "");
        EXPECT_EQ(talk.client.state(), State::closed);
        EXPECT_EQ(to_line(talk.client.refusal().value()), text);
        EXPECT_EQ(talk.client.fault(), "the server said " + text);
    }
}

TEST(SmtpClient, PipelinesTheEnvelopeAndWaitsForTheDataReply) {
    Talk talk = Talk::ready(smtp);
    const OutgoingMail mail = mail_to({"a@example.com", "b@example.com"});
    EXPECT_EQ(talk.starts(mail),
              "MAIL FROM:<s@example.com> SIZE=11\r\nRCPT TO:<a@example.com>\r\n"
              "RCPT TO:<b@example.com>\r\nDATA\r\n");
    talk.client.receive("250 2.1.0 ok\r\n250 2.1.5 ok\r\n550 5.1.1 no\r\n354 go\r\n");
    EXPECT_EQ(talk.says(), "A: b\r\n\r\nc\r\n.\r\n");
    EXPECT_FALSE(talk.client.take_results());
    EXPECT_EQ(talk.hears("250-2.0.0 ok\r\n250 2.0.0 queued as 1\r\n"), "");
    EXPECT_THAT(talk.results(), ElementsAre("done 250 2.0.0 ok queued as 1", "failed 550 5.1.1 no"));
    EXPECT_FALSE(talk.client.take_results()) << "only once";
    EXPECT_THAT(talk.starts(mail), StartsWith("MAIL")) << "no RSET is needed";
}

TEST(SmtpClient, WaitsForEachReplyWithoutPipelining) {
    Talk talk = Talk::ready(smtp, plain_hello);
    const OutgoingMail mail = mail_to({"a@example.com", "b@example.com"});
    EXPECT_EQ(talk.starts(mail), "MAIL FROM:<s@example.com>\r\n");
    EXPECT_EQ(talk.hears("250\r\n"), "RCPT TO:<a@example.com>\r\n");
    EXPECT_EQ(talk.hears("450 4.2.1 busy\n"), "RCPT TO:<b@example.com>\r\n");
    EXPECT_EQ(talk.hears("251 will forward\r\n"), "DATA\r\n");
    EXPECT_EQ(talk.hears("354 \r\n"), "A: b\r\n\r\nc\r\n.\r\n");
    talk.hears("250\n");
    EXPECT_THAT(talk.results(), ElementsAre("deferred 450 4.2.1 busy", "done 250 "));
}

TEST(SmtpClient, WithoutARecipientThereIsNoDataButAReset) {
    Talk talk = Talk::ready(smtp, plain_hello);
    const OutgoingMail mail = mail_to({"a@example.com"});
    talk.starts(mail);
    talk.hears("250 ok\r\n");
    EXPECT_EQ(talk.hears("550 no\r\n"), "");
    EXPECT_EQ(talk.client.state(), State::ready);
    EXPECT_THAT(talk.results(), ElementsAre("failed 550 no"));
    EXPECT_EQ(talk.starts(mail), "RSET\r\n");
    EXPECT_EQ(talk.hears("250 ok\r\n"), "MAIL FROM:<s@example.com>\r\n");
}

TEST(SmtpClient, CopesWithEveryAnswerToDataForNobody) {
    const OutgoingMail mail = mail_to({"a@example.com"});
    for (const std::string answer : {"503 5.5.1 no recipients", "554 5.5.1 no valid recipients"}) {
        Talk talk = Talk::ready(smtp);
        talk.starts(mail);
        EXPECT_EQ(talk.hears("250 ok\r\n550 5.1.1 no\r\n" + answer + "\r\n"), "");
        EXPECT_THAT(talk.results(), ElementsAre("failed 550 5.1.1 no"));
        EXPECT_THAT(talk.starts(mail), StartsWith("RSET\r\nMAIL"));
    }
    Talk talk = Talk::ready(smtp);
    talk.starts(mail);
    EXPECT_EQ(talk.hears("250 ok\r\n550 5.1.1 no\r\n354 go\r\n"), ".\r\n");
    EXPECT_EQ(talk.hears("250 2.0.0 taken\r\n"), "");
    EXPECT_THAT(talk.results(), ElementsAre("failed 550 5.1.1 no"));
    EXPECT_THAT(talk.starts(mail), StartsWith("MAIL"));
}

TEST(SmtpClient, LmtpAnswersEachAcceptedRecipientInOrder) {
    Talk talk = Talk::ready(lmtp);
    const OutgoingMail mail = mail_to({"a@example.com", "b@example.com", "b@example.com", "d@example.com"});
    talk.starts(mail);
    talk.hears("250 ok\r\n250 ok\r\n550 no\r\n250 ok\r\n250 ok\r\n354 go\r\n");
    talk.hears("250 2.0.0 for a\r\n452 4.2.2 ");
    EXPECT_EQ(talk.client.state(), State::busy);
    talk.hears("full\r\n554 5.6.0 bad\r\n");
    EXPECT_THAT(talk.results(), ElementsAre("done 250 2.0.0 for a", "failed 550 no",
                                            "deferred 452 4.2.2 full", "failed 554 5.6.0 bad"));
    EXPECT_EQ(talk.client.state(), State::ready);
}

TEST(SmtpClient, LmtpThatTakesDataForNobodyIsClosed) {
    Talk talk = Talk::ready(lmtp);
    const OutgoingMail mail = mail_to({"a@example.com"});
    talk.starts(mail);
    EXPECT_EQ(talk.hears("250 ok\r\n450 no\r\n354 go\r\n"), "");
    EXPECT_EQ(talk.client.state(), State::closed);
    EXPECT_THAT(talk.results(), ElementsAre("deferred 450 no"));
}

TEST(SmtpClient, ARefusedMailOrDataIsEveryonesResult) {
    const OutgoingMail mail = mail_to({"a@example.com", "b@example.com"});
    Talk talk = Talk::ready(smtp);
    talk.starts(mail);
    talk.hears("452 4.3.1 no space\r\n503 no\r\n250 oh\r\n503 no\r\n");
    EXPECT_THAT(talk.results(), ElementsAre("deferred 452 4.3.1 no space", "deferred 452 4.3.1 no space"));
    EXPECT_FALSE(talk.client.mail_accepted());
    EXPECT_THAT(talk.starts(mail), StartsWith("MAIL"));
    talk.hears("250 ok\r\n250 ok\r\n250 ok\r\n552 5.3.4 no\r\n");
    EXPECT_THAT(talk.results(), ElementsAre("failed 552 5.3.4 no", "failed 552 5.3.4 no"));
    EXPECT_THAT(talk.starts(mail), StartsWith("RSET\r\nMAIL"));
}

TEST(SmtpClient, ARefusalInTheMiddleOfTheDataIsTheAnswer) {
    const std::string large(300'000, 'x');
    const OutgoingMail mail = mail_to({"a@example.com"}, large);
    Talk talk = Talk::ready(smtp);
    talk.starts(mail);
    talk.client.receive("250 ok\r\n250 ok\r\n354 go\r\n");
    EXPECT_EQ(talk.client.next_output(1000).size(), 1000U);
    EXPECT_EQ(talk.hears("552 5.3.4 too much\r\n"), "") << "no more of it, and no dot";
    EXPECT_THAT(talk.results(), ElementsAre("failed 552 5.3.4 too much"));
    EXPECT_EQ(talk.client.state(), State::closed);
}

TEST(SmtpClient, ParametersGoWhereTheirExtensionIsAnnounced) {
    OutgoingMail mail = mail_to({"a@example.com"});
    mail.sender = "";
    mail.sender_parameters = {"RET=HDRS", "ENVID=x+2By", "BODY=8BITMIME",
                              "AUTH=<>",  "SIZE=99",     "body=binarymime"};
    mail.recipients[0].parameters = {"NOTIFY=NEVER", "ORCPT=rfc822;o@example.com", "X=\r\nDATA",
                                     "NOTIFY=a b"};
    EXPECT_EQ(Talk::ready(smtp).starts(mail),
              "MAIL FROM:<> SIZE=11 RET=HDRS ENVID=x+2By BODY=8BITMIME\r\n"
              "RCPT TO:<a@example.com> NOTIFY=NEVER ORCPT=rfc822;o@example.com\r\nDATA\r\n");
    EXPECT_EQ(Talk::ready(smtp, "250-x\r\n250 pipelining\r\n").starts(mail),
              "MAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n");
    EXPECT_THAT(Talk::ready(smtp, "250-x\r\n250 8bitmime\r\n").starts(mail),
                "MAIL FROM:<> BODY=8BITMIME\r\n");
}

TEST(SmtpClient, Utf8AddressesAreRefusedWhereTheyAreNotSupported) {
    OutgoingMail mail = mail_to({"a@example.com", "j\xc3\xb6rg@example.com"});
    EXPECT_THAT(Talk::ready(smtp).starts(mail), HasSubstr("SIZE=11 SMTPUTF8\r\n"));
    Talk talk = Talk::ready(smtp, "250-x\r\n250 PIPELINING\r\n");
    EXPECT_EQ(talk.starts(mail), "MAIL FROM:<s@example.com>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n");
    talk.hears("250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n");
    EXPECT_THAT(talk.results(), ElementsAre("done 250 ok", StartsWith("failed 553 5.6.7")));
    mail.sender_parameters = {"smtputf8"};
    mail.content = {"Subject: gr\xc3\xbc\xc3\x9f\r\n\r\n", "x\r\n"};
    EXPECT_EQ(talk.starts(mail), "");
    EXPECT_THAT(talk.results(), ElementsAre(StartsWith("failed 550 5.6.7"), StartsWith("failed 550 5.6.7")));
    EXPECT_EQ(talk.client.state(), State::ready);
}

TEST(SmtpClient, AMailInAsciiGoesWithoutSmtputf8ThoughItsClientAskedForIt) {
    OutgoingMail mail = mail_to({"a@example.com"});
    mail.sender_parameters = {"SMTPUTF8", "BODY=8BITMIME"};
    mail.content = {"Subject: a\r\n\r\n", "gr\xc3\xbc\xc3\x9f\r\n"};
    EXPECT_EQ(Talk::ready(lmtp, "250-x\r\n250-PIPELINING\r\n250 8BITMIME\r\n").starts(mail),
              "MAIL FROM:<s@example.com> BODY=8BITMIME\r\nRCPT TO:<a@example.com>\r\nDATA\r\n");
    EXPECT_THAT(Talk::ready(lmtp, "250-x\r\n250 SMTPUTF8\r\n").starts(mail), HasSubstr(" SMTPUTF8\r\n"));
}

TEST(SmtpClient, WhatCannotBeAskedIsRefusedHere) {
    Talk talk = Talk::ready(smtp, "250-x\r\n250 SIZE 10\r\n");
    EXPECT_EQ(talk.starts(mail_to({"a@example.com"})), "");
    EXPECT_THAT(talk.results(), ElementsAre(StartsWith("failed 552 5.3.4")));
    OutgoingMail mail = mail_to({"a@example.com>\r\nRCPT TO:<b@example.com", ""}, "x");
    EXPECT_EQ(talk.starts(mail), "");
    EXPECT_THAT(talk.results(), ElementsAre(StartsWith("failed 553 5.1.3"), StartsWith("failed 553 5.1.3")));
    mail = mail_to({"a@example.com"}, "x");
    mail.sender = "s@example.com\nX";
    EXPECT_EQ(talk.starts(mail), "");
    EXPECT_THAT(talk.results(), ElementsAre(StartsWith("failed 553 5.1.7")));
}

TEST(SmtpClient, TellsTheQueueIdAndTakesItBack) {
    Talk talk = Talk::ready(lmtp);
    OutgoingMail mail = mail_to({"a@example.com"});
    mail.identity = "4F+ 1";
    EXPECT_THAT(talk.starts(mail), StartsWith("XFORWARD IDENT=4F+2B+201\r\nMAIL"));
    talk.hears("550 5.7.0 not from you\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n");
    EXPECT_THAT(talk.results(), ElementsAre("done 250 ok"));
    mail.identity.clear();
    EXPECT_THAT(talk.starts(mail), StartsWith("XFORWARD IDENT=[UNAVAILABLE]\r\nMAIL"));
    talk.hears("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n");
    EXPECT_THAT(talk.starts(mail), StartsWith("MAIL"));
}

TEST(SmtpClient, ManyRecipientsAreSaidAsTheServerAnswers) {
    std::vector<std::string> addresses;
    for (int number = 0; number < 1000; ++number)
        addresses.push_back(std::to_string(number) + "@example.com");
    const OutgoingMail mail = mail_to(addresses);
    Talk talk = Talk::ready(lmtp);
    int asked = 0;
    int answered = 0;
    for (std::string said = talk.starts(mail); !said.empty(); said = talk.hears("250 ok\r\n"), ++answered) {
        asked += static_cast<int>(std::count(said.begin(), said.end(), '\n'));
        ASSERT_LE(asked - answered, 200);
    }
    while (answered++ < 1001) talk.hears("250 ok\r\n");
    EXPECT_EQ(asked, 1002);
    EXPECT_THAT(talk.hears("354 go\r\n"), HasSubstr("\r\n.\r\n"));
    for (int number = 0; number < 1000; ++number) talk.hears("250 " + std::to_string(number) + "\r\n");
    const auto results = talk.results();
    ASSERT_EQ(results.size(), 1000U);
    EXPECT_EQ(results[999], "done 250 999");
}

TEST(SmtpClient, AReplyNobodyAskedForClosesButWhatIsDoneStays) {
    Talk talk = Talk::ready(smtp);
    const OutgoingMail mail = mail_to({"a@example.com"});
    talk.starts(mail);
    talk.hears("250 ok\r\n250 ok\r\n354 go\r\n250 2.0.0 done\r\n250 2.0.0 and again\r\n");
    EXPECT_EQ(talk.client.state(), State::closed);
    EXPECT_EQ(talk.client.fault(), "unexpected reply: 250 2.0.0 and again");
    EXPECT_THAT(talk.results(), ElementsAre("done 250 2.0.0 done"));
}

}  // namespace
}  // namespace mailrota::wire
