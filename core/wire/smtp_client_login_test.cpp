#include <gmock/gmock.h>

#include "core/wire/base64.h"
#include "core/wire/smtp_client.h"
#include "core/wire/smtp_client_fixture.h"

namespace mailrota::wire {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using State = SmtpClient::State;
using Stage = SmtpResult::Stage;

constexpr std::string_view greeting = "220 mx.example.com\r\n";
constexpr std::string_view offers_tls = "250-mx.example.com\r\n250-PIPELINING\r\n250 STARTTLS\r\n";
constexpr std::string_view offers_login =
    "250-mx.example.com\r\n250-DSN\r\n250 AUTH LOGIN PLAIN CRAM-MD5\r\n";
const std::string plain = "AUTH PLAIN AHVzZXIAcGFzcyB3b3Jk\r\n";  // "\0user\0pass word"

Talk talk_with(bool starttls, const std::string& user = "", const std::string& password = "") {
    Talk talk;
    talk.client = SmtpClient(SmtpClient::Protocol::smtp, "me.example.com", {starttls, user, password});
    return talk;
}
Talk talk_with_login() { return talk_with(false, "user", "pass word"); }

TEST(SmtpClientLogin, BeginsAnewBehindTheHandshakeAndLogsInThen) {
    Talk talk = talk_with(true, "user", "pass word");
    EXPECT_EQ(talk.hears(greeting), "EHLO me.example.com\r\n");
    EXPECT_EQ(talk.hears("250-x\r\n250-AUTH PLAIN\r\n250-SMTPUTF8\r\n250 STARTTLS\r\n"), "STARTTLS\r\n");
    EXPECT_EQ(talk.client.state(), State::greeting);
    EXPECT_EQ(talk.hears("220 go ahead\r\n"), "");
    EXPECT_EQ(talk.client.state(), State::securing);
    talk.client.secured();
    EXPECT_EQ(talk.says(), "EHLO me.example.com\r\n");
    EXPECT_EQ(talk.hears(offers_login), plain);
    EXPECT_EQ(talk.client.state(), State::greeting);
    EXPECT_EQ(talk.hears("235 2.7.0 welcome\r\n"), "");
    EXPECT_EQ(talk.client.state(), State::ready);
    EXPECT_TRUE(talk.client.has_dsn());
    EXPECT_FALSE(talk.client.has_smtputf8());  // said by whoever was there before TLS
}

TEST(SmtpClientLogin, NothingIsSaidToAServerWithoutStartTls) {
    for (const std::string hello : {"250 mx.example.com\r\n", "250-x\r\n250 AUTH PLAIN\r\n"}) {
        Talk talk = talk_with(true, "user", "pass word");
        talk.hears(greeting);
        EXPECT_EQ(talk.hears(hello), "");
        EXPECT_EQ(talk.client.state(), State::closed);
        EXPECT_EQ(talk.client.stage(), Stage::tls);
        EXPECT_EQ(talk.client.fault(), "the server does not offer STARTTLS");
    }
    Talk old = talk_with(true);
    old.hears(greeting);
    EXPECT_EQ(old.hears("502 no EHLO\r\n"), "HELO me.example.com\r\n");
    EXPECT_EQ(old.hears("250 hi\r\n"), "");
    EXPECT_EQ(old.client.state(), State::closed);
}

TEST(SmtpClientLogin, ARefusedStartTlsEndsTheConnection) {
    for (const std::string reply : {"454 4.7.0 not now\r\n", "500 what\r\n", "421 4.3.2 bye\r\n"}) {
        Talk talk = talk_with(true);
        talk.hears(greeting);
        talk.hears(offers_tls);
        EXPECT_EQ(talk.hears(reply), "");
        EXPECT_EQ(talk.client.state(), State::closed);
        EXPECT_EQ(talk.client.stage(), Stage::tls);
        EXPECT_EQ(to_line(*talk.client.refusal()) + "\r\n", reply);
    }
}

TEST(SmtpClientLogin, BytesPutBehindTheReplyToStartTlsBreakTheConnection) {
    for (const std::string more : {"250 x\r\n", "2", "\r\n", "250-mx.example.com\r\n"}) {
        Talk at_once = talk_with(true);
        at_once.hears(greeting);
        at_once.hears(offers_tls);
        at_once.client.receive("220 go\r\n" + more);
        EXPECT_EQ(at_once.client.state(), State::closed) << more;
        Talk later = talk_with(true);
        later.hears(greeting);
        later.hears(offers_tls);
        later.client.receive("220 go\r\n");
        later.client.receive(more);
        EXPECT_EQ(later.client.state(), State::closed) << more;
        EXPECT_THAT(later.client.fault(), HasSubstr("before the TLS handshake"));
        later.client.secured();
        EXPECT_EQ(later.says(), "");
    }
}

TEST(SmtpClientLogin, SpeaksLoginWhereOnlyThatIsOffered) {
    for (const std::string offer : {"AUTH LOGIN", "AUTH=LOGIN XOAUTH2", "auth login"}) {
        Talk talk = talk_with_login();
        talk.hears(greeting);
        EXPECT_EQ(talk.hears("250-x\r\n250 " + offer + "\r\n"), "AUTH LOGIN\r\n");
        EXPECT_EQ(talk.hears("334 VXNlcm5hbWU6\r\n"), "dXNlcg==\r\n");
        EXPECT_EQ(talk.hears("334 UGFzc3dvcmQ6\r\n"), "cGFzcyB3b3Jk\r\n");
        EXPECT_EQ(talk.hears("235 ok\r\n"), "");
        EXPECT_EQ(talk.client.state(), State::ready);
    }
}

TEST(SmtpClientLogin, WithoutAnyLoginThatItCanSpeakItSaysNothing) {
    for (const std::string hello : {"250 x\r\n", "250-x\r\n250 AUTH CRAM-MD5 PLAINER\r\n"}) {
        Talk talk = talk_with_login();
        talk.hears(greeting);
        EXPECT_EQ(talk.hears(hello), "");
        EXPECT_EQ(talk.client.state(), State::closed);
        EXPECT_EQ(talk.client.stage(), Stage::login);
        EXPECT_EQ(talk.client.fault(), "the server offers neither AUTH PLAIN nor LOGIN");
    }
}

TEST(SmtpClientLogin, NobodyIsLoggedInUnasked) {
    Talk talk = talk_with(false);
    talk.hears(greeting);
    EXPECT_EQ(talk.hears(offers_login), "");
    EXPECT_EQ(talk.client.state(), State::ready);
}

TEST(SmtpClientLogin, ARefusedLoginEndsTheConnectionAndTellsNoSecret) {
    for (const std::string reply :
         {"535 5.7.8 wrong", "530 5.7.0 first TLS", "534 5.7.9 too weak", "454 4.7.0 later", "334 go on"}) {
        Talk talk = talk_with_login();
        talk.hears(greeting);
        talk.hears(offers_login);
        EXPECT_EQ(talk.hears(reply + "\r\n"), "");
        EXPECT_EQ(talk.client.state(), State::closed);
        EXPECT_EQ(talk.client.stage(), Stage::login);
        EXPECT_EQ(to_line(*talk.client.refusal()), reply);
    }
    Talk quoting = talk_with_login();
    quoting.hears(greeting);
    quoting.hears(offers_login);
    quoting.hears("500 what is AUTH PLAIN AHVzZXIAcGFzcyB3b3Jk, cGFzcyB3b3Jk, pass word\r\n");
    EXPECT_EQ(quoting.client.fault(), "the server said 500 what is AUTH PLAIN [hidden], [hidden], [hidden]");
}

TEST(SmtpClientLogin, LongPasswordsStandOnOneLine) {
    const std::string key(1000, 'k');
    Talk talk = talk_with(false, "user", key);
    talk.hears(greeting);
    const std::string line = talk.hears(offers_login);
    ASSERT_TRUE(line.starts_with("AUTH PLAIN "));
    EXPECT_EQ(decode_base64(line.substr(11, line.size() - 13)), std::string("\0user\0", 6) + key);
}

TEST(SmtpClientStages, EachResultSaysWhereTheVerdictFell) {
    const auto stages = [](std::string_view replies) {
        Talk talk = Talk::ready(SmtpClient::Protocol::smtp);
        const OutgoingMail mail = mail_to({"a@example.com", "b@example.com"});
        talk.starts(mail);
        talk.hears(replies);
        if (talk.client.state() == State::busy) talk.client.connection_lost("gone");
        std::vector<Stage> all;
        const auto results = talk.client.take_results().value();
        for (const SmtpResult& result : results) all.push_back(result.stage);
        return all;
    };
    const std::string envelope = "250 ok\r\n250 ok\r\n550 no\r\n";
    EXPECT_THAT(stages("550 5.7.1 no\r\n503 x\r\n503 x\r\n503 x\r\n"), Each(Stage::sender));
    EXPECT_THAT(stages("250 ok\r\n550 no\r\n451 no\r\n503 x\r\n"), Each(Stage::recipient));
    EXPECT_THAT(stages(envelope), ElementsAre(Stage::connection, Stage::recipient));
    EXPECT_THAT(stages("250 ok\r\n421 bye\r\n"), Each(Stage::connection));
    EXPECT_THAT(stages(envelope + "554 no\r\n"), ElementsAre(Stage::data, Stage::recipient));
    EXPECT_THAT(stages(envelope + "354 go\r\n550 no\r\n"), ElementsAre(Stage::data, Stage::recipient));
    EXPECT_THAT(stages(envelope + "354 go\r\n250 ok\r\n"), ElementsAre(Stage::data, Stage::recipient));
    EXPECT_THAT(stages(envelope + "354 go\r\n"), ElementsAre(Stage::data, Stage::recipient));
}

TEST(Base64, EncodesWhatItDecodes) {
    std::string bytes;
    for (int length = 0; length < 40; ++length) {
        EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes) << length;
        bytes += static_cast<char>(length * 37);
    }
    EXPECT_EQ(encode_base64("f"), "Zg==");
    EXPECT_EQ(encode_base64("fo"), "Zm8=");
    EXPECT_EQ(encode_base64("foo"), "Zm9v");
}

}  // namespace
}  // namespace mailrota::wire
