#include "tests/e2e/relay/scene.h"
#include "tests/rig/wait.h"

// The same mail offered again, by the same node or another.
namespace mailrota::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::SizeIs;
using testing::StartsWith;

class RelayAgain : public RelayTest {};

TEST_F(RelayAgain, Case13_AMailThatWasTakenIsAnsweredFromTheJournal) {
    auto& host = scene();
    const auto mail = fresh_mail();
    const auto first = host.send_one(mail);
    EXPECT_THAT(first, StartsWith("250 2.0.0 accepted by sendgrid"));
    host.lmtp().kill9();
    host.lmtp().start();
    EXPECT_EQ(host.send_one(mail), first);
    EXPECT_EQ(fakes().calls("sendgrid").sending, 1);
}

TEST_F(RelayAgain, Case13_AfterACrashBeforeTheAnswerTheProviderIsAsked) {
    auto& host = scene({.providers = {"mailgun", "sendgrid"}, .of_each = "timeout = \"5s\""});
    fakes().set("mailgun", {.latency = milliseconds(3000)});
    const auto mail = fresh_mail();
    auto client = rig::SmtpClient(rig::Connection::to_path(host.socket()), rig::SmtpClient::Protocol::lmtp);
    client.hello();
    client.command("MAIL FROM:<ann@example.com>");
    client.command("RCPT TO:<bob@example.net>");
    client.command("DATA");
    client.send_raw(rig::dot_stuffed(mail));
    ASSERT_TRUE(rig::wait_until([&] { return fakes().calls("mailgun").sending == 1; }, seconds(20)));
    host.lmtp().kill9();
    EXPECT_THAT(fakes().wait_for_mail("bob@example.net"), SizeIs(1));
    fakes().set("mailgun", {.latency = milliseconds(0)});
    host.lmtp().start();
    EXPECT_THAT(host.send_one(mail), StartsWith("451 4.4."));  // somebody may be waiting for the answer still
    host.sql("UPDATE relay_attempt SET last = last - 45");
    EXPECT_THAT(host.send_one(mail), StartsWith("250 2.0.0 accepted by mailgun")) << host.logs();
    EXPECT_THAT(fakes().mails(), SizeIs(1));
}

TEST_F(RelayAgain, Case13_TwoMailsWithoutMessageIdAndWithEqualBodiesAreBothSent) {
    auto& host = scene();
    const std::string mail = "From: ann@example.com\nTo: bob@example.net\nSubject: tick\n\nthe same\n";
    const auto of_queue = [&mail](const std::string& id) {
        return "Received: by mta.example.com (Postfix) id " + id + "; Mon, 02 Mar 2026 09:00:00 +0000\n" +
               mail;
    };
    EXPECT_THAT(host.send_one(of_queue("A1")), StartsWith("250"));
    EXPECT_THAT(host.send_one(of_queue("B2")), StartsWith("250"));
    EXPECT_THAT(fakes().mails(), SizeIs(2));
    EXPECT_THAT(host.send_one(of_queue("B2")), StartsWith("250"));  // the MTA's retry
    EXPECT_THAT(fakes().mails(), SizeIs(2));
    EXPECT_THAT(host.send_one(mail), StartsWith("250"));
    EXPECT_THAT(host.send_one(mail), StartsWith("250"));
    EXPECT_THAT(fakes().mails(), SizeIs(4));
}

TEST_F(RelayAgain, Case14_WhatOneNodeFindsOutTheOtherKnows) {
    auto& host = scene();
    rig::MailrotaProgram other("mailrota-lmtp", host.configuration());
    const auto by_other = [&](const std::string& mail) {
        rig::SmtpClient client(rig::Connection::to_path(other.run_folder() / "lmtp.sock"),
                               rig::SmtpClient::Protocol::lmtp);
        client.hello();
        return client.send_mail("ann@example.com", {"bob@example.net"}, mail).results.at(0).text;
    };
    fakes().fail({.fault = "wrong_key", .provider = "sendgrid"});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("250 2.0.0 accepted by mailgun"));
    EXPECT_THAT(by_other(fresh_mail()), StartsWith("2.0.0 accepted by mailgun"));
    EXPECT_EQ(fakes().calls("sendgrid").sending, 1);
    // The rest is over: one of both tries, and it works again for both.
    fakes().heal();
    host.sql("UPDATE breaker SET valid_until = 1");
    host.sql("DELETE FROM relay_hold");
    EXPECT_THAT(by_other(fresh_mail()), StartsWith("2.0.0 accepted by sendgrid"));
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("250 2.0.0 accepted by sendgrid"));
}

}  // namespace
}  // namespace mailrota::e2e
