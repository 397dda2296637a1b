#include <arpa/inet.h>
#include <crypt.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/e2e/lmtp/scene.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// The program with an inet listener on a port of its own.
class Relay : public MailrotaProgram {
  public:
    explicit Relay(std::string_view listener, std::string_view protocol = "smtp", int port = free_port(),
                   std::string_view policy = by_name)
        : MailrotaProgram("mailrota-lmtp",
                          "hostname = \"mx.example.com\"\n[control]\nsocket = \"\"\n[store]\nurl = "
                          "\"sqlite:{folder}/state.db\"\n[listener.relay]\nprotocol = \"" +
                              std::string(protocol) + "\"\nsocket = \"inet:" + std::to_string(port) +
                              "@127.0.0.1\"\n" + std::string(listener) + "\n" + std::string(policy)),
          port_(port) {}
    int port() const { return port_; }

  private:
    int port_;
};

/// A connection to the port that comes from this address.
Connection connect_from(const char* address, int port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{}, to{};
    from.sin_family = to.sin_family = AF_INET;
    inet_pton(AF_INET, address, &from.sin_addr);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0 ||
        connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("no connection from " + std::string(address));
    return Connection::adopt(fd);
}

class Inet : public testing::TestWithParam<const char*> {};

TEST_P(Inet, OnlyItsClientsMaySpeak) {
    const Relay relay("clients = [\"127.0.0.1\"]", GetParam());
    SmtpClient stranger(connect_from("127.0.0.2", relay.port()));
    EXPECT_EQ(stranger.greeting().code, 554);
    EXPECT_THAT(stranger.greeting().text, StartsWith("5.7.1"));
    EXPECT_EQ(SmtpClient(connect_from("127.0.0.1", relay.port())).greeting().code, 220);
}
INSTANTIATE_TEST_SUITE_P(Each, Inet, testing::Values("lmtp", "smtp"),
                         [](const auto& protocol) { return std::string(protocol.param); });

TEST(Smtp, AMailGetsOurReceivedAndOneReply) {
    const SmtpSink sink;
    const Relay relay("next_hop = \"" + sink.endpoint() + "\"");
    auto client = SmtpClient::to_port(relay.port());
    const auto sent = client.send_mail("ann@example.com", {"a@example.com", "b@example.com"}, fresh_mail());
    EXPECT_THAT(codes(sent.results), ElementsAre(250));
    const auto mails = sink.mails();
    ASSERT_THAT(mails, SizeIs(1));
    EXPECT_THAT(mails[0].recipients, SizeIs(2));
    EXPECT_THAT(mails[0].content, HasSubstr("Received: from client.example.com ([127.0.0.1])\n\tby "
                                            "mx.example.com with ESMTP id "));
}

TEST(Smtp, TheReceivedOfAClientThatSaysHeloTellsSo) {
    const SmtpSink sink;
    const Relay relay("next_hop = \"" + sink.endpoint() + "\"");
    SmtpClient client(connect_from("127.0.0.1", relay.port()));
    EXPECT_EQ(client.command("HELO old.example.com").code, 250);
    client.send_mail("ann@example.com", {"a@example.com"}, fresh_mail());
    ASSERT_THAT(sink.mails(), SizeIs(1));
    EXPECT_THAT(sink.mails()[0].content, HasSubstr(" with SMTP id "));
}

TEST(Smtp, OneReplyIsTheWorstWhenNothingIsDone) {
    const Relay relay("");
    auto client = SmtpClient::to_port(relay.port());
    EXPECT_THAT(codes(client.send_mail("ann@example.com", {"refuse@example.com"}, fresh_mail()).results),
                ElementsAre(550));
    EXPECT_THAT(codes(client.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail()).results),
                ElementsAre(250));
}

TEST(Smtp, OneRefusedRecipientDoesNotKeepTheMailFromTheOthers) {
    const SmtpSink sink;
    const Relay relay("next_hop = \"" + sink.endpoint() + "\"", "smtp", free_port(),
                      "[[rule]]\nwhen.rcpt = \"never@example.com\"\nthen = [{ reject = \"not here\" }]\n");
    auto client = SmtpClient::to_port(relay.port());
    const auto sent =
        client.send_mail("ann@example.com", {"a@example.com", "never@example.com"}, fresh_mail());
    EXPECT_THAT(codes(sent.rcpts), ElementsAre(250, 250));
    EXPECT_THAT(codes(sent.results), ElementsAre(250));
    ASSERT_THAT(sink.mails(), SizeIs(1));
    EXPECT_THAT(sink.mails()[0].recipients, ElementsAre(HasSubstr("a@example.com")));
    EXPECT_THAT(relay.mailrota({"job", "list"}).output, HasSubstr("notification to ann@example.com"));
    EXPECT_THAT(codes(client.send_mail("ann@example.com", {"never@example.com"}, fresh_mail()).results),
                ElementsAre(550));
}

/// A certificate of our own, and the users file with ann's password "secret".
class SecureRelay : public testing::Test {
  protected:
    SecureRelay() {
        run_or_throw({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-subj", "/CN=mx.example.com", "-days", "2", "-keyout", folder_ / "key.pem",
                      "-out", folder_ / "cert.pem"});
        crypt_data work{};
        write_file(folder_ / "users",
                   "ann:" + std::string(crypt_r("secret", "$6$rounds=1000$salt$", &work)) + "\n");
    }
    std::string settings() const {
        return "tls = { certificate = \"" + (folder_ / "cert.pem").string() + "\", key = \"" +
               (folder_ / "key.pem").string() + "\" }\nusers = \"" + (folder_ / "users").string() +
               "\"\nsession_log = \"" + folder_.path().string() + "\"";
    }
    /// What the server says to these lines over TLS; s_client says EHLO and STARTTLS.
    std::string talk(int port, const std::string& lines) const {
        return run({"openssl", "s_client", "-quiet", "-crlf", "-starttls", "smtp", "-CAfile",
                    folder_ / "cert.pem", "-verify_return_error", "-connect",
                    "127.0.0.1:" + std::to_string(port)},
                   lines)
            .output;
    }

    TemporaryFolder folder_;
};

constexpr auto ann_with_secret = "AUTH PLAIN AGFubgBzZWNyZXQ=\n";
constexpr auto ann_with_wrong = "AUTH PLAIN AGFubgB3cm9uZw==\n";

TEST_F(SecureRelay, MailNeedsALoginAndALoginNeedsTls) {
    const Relay relay(settings());
    auto plain = SmtpClient::to_port(relay.port());
    EXPECT_THAT(plain.hello().text, HasSubstr("STARTTLS"));
    EXPECT_THAT(plain.hello().text, Not(HasSubstr("AUTH")));
    EXPECT_EQ(plain.command("MAIL FROM:<ann@example.com>").code, 530);
}

TEST_F(SecureRelay, AMailOverTlsWithTheRightPasswordIsTaken) {
    const SmtpSink sink;
    const Relay relay(settings() + "\nnext_hop = \"" + sink.endpoint() + "\"");
    const auto said = talk(relay.port(), std::string("EHLO client.example.com\n") + ann_with_secret +
                                             "MAIL FROM:<ann@example.com>\nRCPT TO:<a@example.com>\nDATA\n"
                                             "Subject: x\n\nhi\n.\nQUIT\n");
    EXPECT_THAT(said, HasSubstr("235 ")) << relay.log();
    EXPECT_THAT(said, HasSubstr("354 "));
    EXPECT_THAT(said, HasSubstr("221 "));
    ASSERT_THAT(sink.mails(), SizeIs(1)) << said << relay.log();
    EXPECT_THAT(sink.mails()[0].content, HasSubstr(" with ESMTPSA id "));
}

TEST_F(SecureRelay, AWrongPasswordIsRefusedAndNoPasswordIsLogged) {
    const Relay relay(settings());
    const auto said = talk(relay.port(), std::string("EHLO client.example.com\n") + ann_with_wrong +
                                             "MAIL FROM:<ann@example.com>\nQUIT\n");
    EXPECT_THAT(said, HasSubstr("535 "));
    EXPECT_THAT(said, HasSubstr("530 "));
    EXPECT_TRUE(relay.wait_for_log("login-failed"));
    std::string dialogue;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        if (entry.path().extension() == ".log") dialogue += read_file(entry.path());
    EXPECT_THAT(dialogue, HasSubstr("bytes before login"));
    EXPECT_THAT(dialogue, Not(HasSubstr("AGFubgB3")));
}

}  // namespace
}  // namespace mailrota::rig
