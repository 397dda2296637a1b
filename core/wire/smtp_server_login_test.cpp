#include <gtest/gtest.h>

#include "core/wire/smtp_server_fixture.h"

namespace mailrota::wire {
namespace {

const std::string good_plain = "AGFubgBzZWNyZXQ=";  // NUL ann NUL secret
const std::string bad_plain = "AGFubgB3cm9uZw==";   // NUL ann NUL wrong

SmtpServerOptions with_login() {
    SmtpServerOptions options = esmtp();
    options.starttls = true;
    options.auth = true;
    options.tls_required = true;
    return options;
}

SmtpServerOwner over_tls() {
    SmtpServerOwner owner(with_login());
    owner.expect({{"EHLO me", "250 "}, {"STARTTLS", "220 2.0.0"}, {"EHLO me", "250 "}});
    return owner;
}

bool says(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

TEST(SmtpServerLogin, AnnouncesAuthOnlyOverTls) {
    SmtpServerOwner owner(with_login());
    const std::string plain = owner.send("EHLO me\r\n");
    EXPECT_TRUE(says(plain, "250-STARTTLS\r\n"));
    EXPECT_FALSE(says(plain, "AUTH"));
    owner.expect({{"AUTH PLAIN " + good_plain, "538 5.7.11"},
                  {"MAIL FROM:<a@b>", "530 5.7.0"},
                  {"STARTTLS", "220 2.0.0"}});
    EXPECT_TRUE(owner.server.over_tls());
    const std::string safe = owner.send("EHLO me\r\n");
    EXPECT_FALSE(says(safe, "STARTTLS"));
    EXPECT_TRUE(says(safe, "250-AUTH PLAIN LOGIN\r\n"));
    owner.expect({{"MAIL FROM:<a@b>", "530 5.7.0"}, {"STARTTLS", "503 5.5.1"}});
    EXPECT_TRUE(owner.users.empty());
}

TEST(SmtpServerLogin, StartTlsForgetsWhatCameBefore) {
    SmtpServerOptions options;
    options.starttls = true;
    SmtpServerOwner owner(options);
    owner.handshake_now = false;
    owner.expect({{"LHLO me", "250 "}, {"XFORWARD IDENT=injected HELO=injected", "250 "}});
    EXPECT_EQ(owner.send("STARTTLS\r\nLHLO injected\r\nMAIL FROM:<evil@b>\r\n"),
              "220 2.0.0 ready for TLS\r\n");
    EXPECT_EQ(owner.send("RCPT TO:<x@y>\r\n"), "");
    owner.server.tls_started();
    EXPECT_EQ(owner.server.queue_id(), "");
    owner.expect({{"MAIL FROM:<a@b>", "503 5.5.1"},
                  {"LHLO again", "250 "},
                  {"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<x@y>", "250 "},
                  {"STARTTLS", "503 5.5.1"},
                  {"DATA", "354 "},
                  {".", "250 "}});
    EXPECT_EQ(owner.messages.at(0).envelope.client.helo, "again");
}

TEST(SmtpServerLogin, TakesPlainWithAndWithoutInitialResponse) {
    for (const bool at_once : {true, false}) {
        auto owner = over_tls();
        if (at_once)
            owner.expect({{"AUTH PLAIN " + good_plain, "235 2.7.0"}});
        else
            owner.expect({{"auth plain", "334 "}, {good_plain, "235 2.7.0"}});
        EXPECT_EQ(owner.users, std::vector<std::string>{"ann/secret"});
        EXPECT_EQ(owner.server.auth_user(), "ann");
        owner.expect({{"AUTH PLAIN " + good_plain, "503 5.5.1"},
                      {"MAIL FROM:<a@b> AUTH=<>", "250 "},
                      {"RCPT TO:<x@y>", "250 "},
                      {"AUTH PLAIN", "503 5.5.1"},
                      {"DATA", "354 "},
                      {".", "250 "}});
        EXPECT_EQ(owner.messages.at(0).envelope.client.auth_user, "ann");
    }
}

TEST(SmtpServerLogin, TakesLogin) {
    auto owner = over_tls();
    owner.expect(
        {{"AUTH LOGIN", "334 VXNlcm5hbWU6"}, {"YW5u", "334 UGFzc3dvcmQ6"}, {"d3Jvbmc=", "535 5.7.8"}});
    EXPECT_EQ(owner.server.auth_user(), "");
    owner.expect({{"AUTH LOGIN YW5u", "334 UGFzc3dvcmQ6"}, {"c2VjcmV0", "235 2.7.0"}});
    EXPECT_EQ(owner.users, (std::vector<std::string>{"ann/wrong", "ann/secret"}));
}

TEST(SmtpServerLogin, RefusesBadDialogues) {
    auto owner = over_tls();
    owner.expect({{"AUTH", "501 5.5.4"},
                  {"AUTH CRAM-MD5", "504 5.5.4"},
                  {"NOOP", "250 "},
                  {"AUTH PLAIN !!!!", "501 5.5.2"},
                  {"AUTH PLAIN YWJj", "501 5.5.2"},
                  {"AUTH PLAIN =", "501 5.5.2"},
                  {"AUTH PLAIN YW5uAA", "501 5.5.2"},
                  {"AUTH PLAIN YmVuAGFubgBzZWNyZXQ=", "535 5.7.8"},
                  {"NOOP", "250 "},
                  {"AUTH LOGIN", "334 "},
                  {"*", "501 5.7.0"},
                  {"AUTH PLAIN", "334 "},
                  {std::string(12'287, 'A'), "500 5.5.6"},
                  {"NOOP", "250 "}});
    EXPECT_TRUE(owner.users.empty());
}

TEST(SmtpServerLogin, TenWrongPasswordsEndTheConnection) {
    auto owner = over_tls();
    for (int i = 0; i < 9; ++i) owner.expect({{"AUTH PLAIN " + bad_plain, "535 5.7.8"}, {"NOOP", "250 "}});
    owner.expect({{"AUTH PLAIN " + bad_plain, "421 4.7.0"}});
    EXPECT_TRUE(owner.closed);
}

TEST(SmtpServerLogin, TlsMayComeBeforeTheGreeting) {
    SmtpServer server(with_login(), {});
    server.tls_started();
    server.greet();
    server.feed("EHLO me\r\n");
    EXPECT_TRUE(std::holds_alternative<NeedInput>(server.next()));
    EXPECT_TRUE(says(server.take_output(), "AUTH PLAIN LOGIN"));
}

}  // namespace
}  // namespace mailrota::wire
