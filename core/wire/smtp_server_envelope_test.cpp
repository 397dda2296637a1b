#include <gtest/gtest.h>

#include "core/wire/smtp_server_fixture.h"

namespace mailrota::wire {
namespace {

SmtpServerOwner greeted(SmtpServerOptions options = {}, mail::Client peer = {}) {
    SmtpServerOwner owner(std::move(options), std::move(peer));
    owner.expect({{"LHLO own.mta", "250 "}});
    return owner;
}

SmtpServerOptions with_dsn() {
    SmtpServerOptions options;
    options.dsn = true;
    return options;
}

TEST(SmtpServerEnvelope, TakesEveryFormOfAnAddressWithItsBytes) {
    auto owner = greeted();
    owner.expect({{"MAIL FROM:<>", "250 2.1.0"},
                  {"RCPT TO:<Ann@Example.COM>", "250 2.1.5"},
                  {"RCPT TO:<\"a > b\"@c>", "250 2.1.5"},
                  {"RCPT TO:<\"a\\\"b\"@c>", "250 2.1.5"},
                  {"RCPT TO:<@relay,@other:x@y>", "250 2.1.5"},
                  {"RCPT TO:<postmaster>", "250 2.1.5"},
                  {"RCPT TO:<x@[IPv6:::1]>", "250 2.1.5"},
                  {"RCPT TO: <a..b@c>", "250 2.1.5"},
                  {"DATA", "354 "},
                  {".", "250 "}});
    const mail::Envelope& envelope = owner.messages.at(0).envelope;
    EXPECT_TRUE(envelope.sender.null());
    EXPECT_EQ(envelope.recipients.at(0).address.raw(), "<Ann@Example.COM>");
    EXPECT_EQ(envelope.recipients.at(1).address.local(), "\"a > b\"");
    EXPECT_EQ(envelope.recipients.at(3).address.text(), "x@y");
    EXPECT_EQ(envelope.recipients.at(3).address.raw(), "<@relay,@other:x@y>");
    EXPECT_EQ(envelope.recipients.at(4).address.text(), "postmaster");
}

TEST(SmtpServerEnvelope, RefusesWhatIsNoAddress) {
    for (const std::string path :
         {"a@b", "<a@b", "<a b@c>", "<a@b>x", "<@b>", "<a@>", "<a@b@c>", "<\"a@b>", "<a\tb@c>", "",
          "<a@b\\c>", "<<a@b>>", "<a@[1>", "<\"a\"b\"c\"@d>", "<\"\"@d>"}) {
        auto owner = greeted();
        owner.expect({{"MAIL FROM:" + path, "501 5.1.7"}});
        EXPECT_FALSE(owner.server.in_transaction());
        owner.expect({{"MAIL FROM:<a@b>", "250 "}, {"RCPT TO:" + path, "501 5.1.3"}});
    }
    auto owner = greeted();
    owner.expect({{"MAIL <a@b>", "501 5.5.4"},
                  {"MAIL FROM:<" + std::string(600, 'a') + "@b>", "501 5.1.7"},
                  {"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<>", "501 5.1.3"},
                  {"RCPT FROM:<a@b>", "501 5.5.4"}});
}

TEST(SmtpServerEnvelope, KeepsParametersAsReceived) {
    auto owner = greeted(with_dsn());
    owner.expect({{"MAIL FROM:<a@b> SIZE=20  BODY=8bitmime RET=HDRS ENVID=x+3D1", "250 "},
                  {"RCPT TO:<x@y> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;team+40y", "250 "},
                  {"RCPT TO:<x@z> notify=never", "250 "},
                  {"DATA", "354 "},
                  {".", "250 "}});
    const mail::Envelope& envelope = owner.messages.at(0).envelope;
    EXPECT_EQ(envelope.sender_parameters,
              (std::vector<std::string>{"SIZE=20", "BODY=8bitmime", "RET=HDRS", "ENVID=x+3D1"}));
    EXPECT_EQ(envelope.recipients.at(0).parameter("ORCPT"), "rfc822;team+40y");
    EXPECT_EQ(envelope.recipients.at(1).parameters, std::vector<std::string>{"notify=never"});
}

TEST(SmtpServerEnvelope, RefusesParametersItDoesNotKnow) {
    auto owner = greeted(with_dsn());
    for (const auto& [parameters, reply] :
         std::vector<std::pair<std::string, std::string>>{{"BODY=BINARYMIME", "555 5.5.4"},
                                                          {"FOO", "555 5.5.4"},
                                                          {"AUTH=<>", "555 5.5.4"},
                                                          {"NOTIFY=NEVER", "555 5.5.4"},
                                                          {"SIZE", "501 5.5.4"},
                                                          {"BODY=9BIT", "501 5.5.4"},
                                                          {"SMTPUTF8=yes", "501 5.5.4"},
                                                          {"RET=ALL", "501 5.5.4"},
                                                          {"SIZE=1 size=1", "501 5.5.4"},
                                                          {"ENVID=a+zz", "501 5.5.4"},
                                                          {"SIZE=50000001", "552 5.3.4"},
                                                          {"SIZE=18446744073709551617", "552 5.3.4"}}) {
        owner.expect({{"MAIL FROM:<a@b> " + parameters, reply}, {"NOOP", "250 "}});
    }
    owner.expect({{"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<x@y> NOTIFY=NEVER,DELAY", "501 5.5.4"},
                  {"RCPT TO:<x@y> ORCPT=me", "501 5.5.4"},
                  {"RCPT TO:<x@y> SIZE=1", "555 5.5.4"}});
}

TEST(SmtpServerEnvelope, L9WithoutDsnItsParametersAreUnknown) {
    auto owner = greeted();
    owner.expect({{"MAIL FROM:<a@b> RET=FULL", "555 5.5.4"},
                  {"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<x@y> ORCPT=rfc822;x@y", "555 5.5.4"},
                  {"RCPT TO:<x@y>", "250 "}});
}

TEST(SmtpServerEnvelope, AddressesBeyondAsciiNeedSmtpUtf8) {
    auto owner = greeted();
    owner.expect({{"MAIL FROM:<j\xC3\xB6rg@b>", "553 5.6.7"},
                  {"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<j\xC3\xB6rg@b>", "553 5.6.7"},
                  {"RSET", "250 "},
                  {"MAIL FROM:<j\xF6rg@b> SMTPUTF8", "553 5.6.7"},
                  {"MAIL FROM:<j\xC3\xB6rg@b> SMTPUTF8", "250 "},
                  {"RCPT TO:<\xE2\x82\xAC@b>", "250 "}});
}

TEST(SmtpServerEnvelope, L1RefusesRecipientsOneByOne) {
    auto owner = greeted();
    owner.refusals = {{"no@y", {550, "5.1.1", "no such user"}}, {"later@y", {450, "4.2.1", "later"}}};
    EXPECT_EQ(owner.send("MAIL FROM:<a@b>\r\nRCPT TO:<one@y>\r\nRCPT TO:<no@y>\r\nRCPT TO:<later@y>\r\n"
                         "RCPT TO:<two@y>\r\nDATA\r\n.\r\n"),
              "250 2.1.0 sender ok\r\n250 2.1.5 recipient ok\r\n550 5.1.1 no such user\r\n450 4.2.1 later\r\n"
              "250 2.1.5 recipient ok\r\n354 end data with <CR><LF>.<CR><LF>\r\n250 2.0.0 done 0\r\n250 "
              "2.0.0 done 1\r\n");
    ASSERT_EQ(owner.messages.at(0).envelope.recipients.size(), 2U);
    EXPECT_EQ(owner.messages.at(0).envelope.recipients.at(1).address.text(), "two@y");
    EXPECT_EQ(owner.offered, (std::vector<std::string>{"one@y", "no@y", "later@y", "two@y"}));
}

TEST(SmtpServerEnvelope, L3TheSameRecipientTwiceGetsTwoReplies) {
    auto owner = greeted();
    owner.replies = [](const MessageReceived& message) {
        EXPECT_EQ(message.envelope.recipients.size(), 2U);
        return std::vector<Reply>{{250, "2.0.0", "first"}, {452, "4.2.2", "second"}};
    };
    owner.expect({{"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<x@y>", "250 "},
                  {"RCPT TO:<x@y>", "250 "},
                  {"DATA", "354 "}});
    EXPECT_EQ(owner.send(".\r\n"), "250 2.0.0 first\r\n452 4.2.2 second\r\n");
}

TEST(SmtpServerEnvelope, TooManyRecipientsComeLater) {
    SmtpServerOptions options;
    options.max_recipients = 2;
    auto owner = greeted(options);
    owner.refusals = {{"no@y", {550, "5.1.1", "no"}}};
    owner.expect({{"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<1@y>", "250 "},
                  {"RCPT TO:<no@y>", "550 "},
                  {"RCPT TO:<2@y>", "250 "},
                  {"RCPT TO:<3@y>", "452 4.5.3"},
                  {"DATA", "354 "}});
    EXPECT_EQ(owner.send(".\r\n"), "250 2.0.0 done 0\r\n250 2.0.0 done 1\r\n");
}

TEST(SmtpServerEnvelope, L9XforwardNamesTheClientAndTheQueueId) {
    auto owner = greeted({}, {"", "unknown", "", ""});
    const std::string mail = "MAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nDATA\r\n.\r\n";
    owner.send(mail);
    EXPECT_EQ(owner.messages.at(0).envelope.client.helo, "own.mta");
    EXPECT_EQ(owner.messages.at(0).queue_id, "");
    owner.expect({{"XFORWARD NAME=mail.example ADDR=IPv6:2001:db8::1 PORT=1234", "250 "},
                  {"XFORWARD PROTO=ESMTP HELO=he+2Blo+0A IDENT=4XyZ SOURCE=REMOTE", "250 "}});
    EXPECT_EQ(owner.server.queue_id(), "4XyZ");
    owner.send(mail);
    owner.send(mail);
    for (const std::size_t i : {1U, 2U}) {
        const auto& [envelope, queue_id, bytes] = owner.messages.at(i);
        EXPECT_EQ(envelope.client.name, "mail.example");
        EXPECT_EQ(envelope.client.ip, "2001:db8::1");
        EXPECT_EQ(envelope.client.helo, "he+lo?");
        EXPECT_EQ(envelope.route, mail::Route::smtp);
        EXPECT_EQ(queue_id, "4XyZ");
    }
    owner.expect(
        {{"XFORWARD NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] IDENT=[unavailable] SOURCE=LOCAL", "250 "}});
    owner.send(mail);
    EXPECT_EQ(owner.messages.at(3).envelope.client.name, "unknown");
    EXPECT_EQ(owner.messages.at(3).envelope.client.ip, "");
    EXPECT_EQ(owner.messages.at(3).envelope.route, mail::Route::local);
    EXPECT_EQ(owner.messages.at(3).queue_id, "");
}

TEST(SmtpServerEnvelope, ABadXforwardChangesNothing) {
    auto owner = greeted();
    owner.expect({{"XFORWARD IDENT=good", "250 "},
                  {"XFORWARD IDENT=bad COLOUR=red", "501 5.5.4"},
                  {"XFORWARD IDENT=a+x", "501 5.5.4"},
                  {"XFORWARD IDENT", "501 5.5.4"},
                  {"XFORWARD IDENT=" + std::string(256, 'a'), "501 5.5.4"},
                  {"XFORWARD", "501 5.5.4"}});
    EXPECT_EQ(owner.server.queue_id(), "good");
}

}  // namespace
}  // namespace mailrota::wire
