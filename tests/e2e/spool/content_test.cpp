#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <stdexcept>

#include "tests/e2e/spool/mail_servers.h"
#include "tests/e2e/spool/origin.h"
#include "tests/e2e/spool/pulling_host.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using namespace std::chrono_literals;
using rig::wait_until;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// What one mail has become on its way, as the remote host's mail server received it; LF line ends.
std::vector<std::string> pulled_as(const std::string& text) {
    Origin origin;
    origin.put(text);
    const rig::SmtpSink sink(on_a_port());
    EXPECT_EQ(PullingHost::to_port(sink.port()).pull(origin.url()).exit_code, 0);
    return contents(sink);
}

TEST(PO4, ALatin1BodyArrivesAsItWasSent) {
    std::string text = mail("Latin-1");
    text.insert(text.find("\n\n"),
                "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\n"
                "Content-Transfer-Encoding: 8bit\nX-Raw: caf\xe9");
    text += "Gr\xfc\xdf\x65 aus K\xf6ln, \xa3 100\n";
    for (int byte = 0x80; byte < 0x100; ++byte) text += static_cast<char>(byte);
    text += "\n";
    EXPECT_THAT(pulled_as(text), ElementsAre(text));
}

/// A mail with fields that programs like to touch, HTML and an attachment.
std::string newsletter() {
    std::string attachment;
    for (int line = 0; line < 400; ++line)
        attachment += "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXD\n";
    return "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x;\n\th=from:to:subject; bh=abc=;\n b=def=\n"
           "From: =?iso-8859-1?Q?Anne_M=FCller?= <ann@example.com>\nReply-To:  answers@example.com \n"
           "To: bob@example.com,\n\tcarol@example.com\nSubject:no blank\nsubject: twice\n"
           "Date: Mon, 02 Mar 2026 09:00:00 +0000\nMessage-ID: <newsletter.1@example.com>\n"
           "List-Unsubscribe: <mailto:off@example.com?subject=off>\nX-Empty:\nX-Folded: a\n \n b\n"
           "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_b;1\"\n\npreamble \n--=_b;1\n"
           "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<html><body "
           "style='a:b'>Gr\xc3\xbc\xc3\x9f\x65  \t\n.\n..dots\n.html</body></html>\n\n--=_b;1\nContent-Type: "
           "image/png; name=\"p.png\"\nContent-Transfer-Encoding: base64\nContent-Disposition: "
           "attachment\n\n" +
           attachment + "--=_b;1--\n\n  epilogue\t\n\n\n";
}

TEST(PO5, HtmlAndAttachmentAreIdenticalToTheByte) {
    const std::string text = newsletter();
    const std::string hidden =
        "Received: from php ([10.1.2.3])\n\tby backend.internal.test; Mon, 02 Mar 2026 09:00:00 +0000\n"
        "X-Originating-IP: [10.1.2.3]\nX-PHP-Originating-Script: 33:mail.php\n";
    EXPECT_THAT(pulled_as(hidden + text), ElementsAre(text));
}

TEST(PO5, AMailboxOfTheRemoteHostHoldsItWholeToo) {
    Origin origin;
    const std::string text = newsletter();
    origin.put(text, {"newsletter@example.com"}, "<ann@example.com> BODY=8BITMIME");
    const PullingHost host = PullingHost::to_port(remote_postfix().port());
    EXPECT_EQ(host.pull(origin.url()).exit_code, 0);
    EXPECT_THAT(remote_postfix().wait_for_mail("newsletter"), ElementsAre(EndsWith(text)));
}

TEST(PO6, BccIsInTheEnvelopeOnly) {
    Origin origin;
    std::string text = mail("blind");
    text.insert(0, "Bcc: hidden@example.com,\n  more.hidden@example.com\nResent-Bcc: hidden@example.com\n");
    origin.put(text, {"orders@example.com", "hidden@example.com"});
    const rig::SmtpSink sink(on_a_port());
    EXPECT_EQ(PullingHost::to_port(sink.port()).pull(origin.url()).delivered, 2U);
    EXPECT_THAT(recipients(sink), ElementsAre("hidden@example.com", "orders@example.com"));
    EXPECT_THAT(contents(sink), ElementsAre(AllOf(HasSubstr("\nTo: orders@example.com\n"),
                                                  Not(HasSubstr("hidden")), Not(HasSubstr("cc:")))));
}

TEST(PO10, AHugeMailPassesInBoundedMemory) {
    constexpr std::size_t size = 60'000'000;
    OriginOptions options;
    options.no_quarantine = true;
    Origin origin(options);
    rig::SmtpSinkOptions sink_options = on_a_port();
    const rig::SmtpSink sink(sink_options);
    const PullingHost host = PullingHost::to_port(sink.port());
    const rig::Process follower = host.start(origin.url(), {"--follow", "--every", "1"});
    origin.put(mail("small"));
    ASSERT_TRUE(wait_until([&] { return sink.mails().size() == 1; }, 30s));
    const std::size_t web_before = peak_memory(origin.web().pid());
    const std::size_t puller_before = peak_memory(follower.pid());
    std::string text = mail("huge");
    text.reserve(size + 100);
    while (text.size() < size) text += std::string(900, 'x') + "\n";
    origin.put(text);
    ASSERT_TRUE(wait_until([&] { return origin.in_box() == 0; }, 180s));
    const auto mails = contents(sink);
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_TRUE(mails[0] == text || mails[1] == text);
    const std::size_t web_peak = peak_memory(origin.web().pid()) - web_before;
    const std::size_t puller_peak = peak_memory(follower.pid()) - puller_before;
    RecordProperty("web", std::to_string(web_peak));
    RecordProperty("puller", std::to_string(puller_peak));
    EXPECT_LT(web_peak, 3 * size);
    EXPECT_LT(puller_peak, 3 * size);
    follower.kill(SIGTERM);
    EXPECT_EQ(host.ended(follower).exit_code, 0);
}

/// A connection to the port that comes from this address.
rig::Connection connect_from(const char* address, int port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{}, to{};
    from.sin_family = to.sin_family = AF_INET;
    inet_pton(AF_INET, address, &from.sin_addr);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0 ||
        connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("no connection from " + std::string(address));
    return rig::Connection::adopt(fd);
}

/// As the programs of a web host hand it in.
void send_from_backend(int port, const std::string& text) {
    rig::SmtpClient client(connect_from("127.7.7.7", port));
    client.hello("php.internal.test");
    ASSERT_TRUE(client.send_mail("ann@example.com", {"bob@example.com"}, text).accepted());
}

TEST(PO12, NoTraceOfTheOriginByTheSmtpListener) {
    Origin origin;
    const std::string text = mail("no trace");
    send_from_backend(origin.smtp_port(), text);
    const rig::SmtpSink sink(on_a_port());
    EXPECT_EQ(PullingHost::to_port(sink.port()).pull(origin.url()).exit_code, 0);
    EXPECT_THAT(contents(sink), ElementsAre(text));
}

TEST(PO12, NoTraceOfTheOriginWithPostfixInFront) {
    Origin origin;
    rig::PostfixOptions options;
    options.main_lines = {"myhostname = front.internal.test",
                          "virtual_transport = lmtp:unix:" + origin.lmtp_path()};
    const rig::Postfix front(options);
    const std::string text = mail("no trace");
    send_from_backend(front.port(),
                      "X-Originating-IP: 127.7.7.7\nX-PHP-Script: www.internal.test/mail.php\n" + text);
    ASSERT_TRUE(wait_until([&] { return origin.in_box() == 1; }, 30s)) << front.log();
    const rig::SmtpSink sink(on_a_port());
    EXPECT_EQ(PullingHost::to_port(sink.port()).pull(origin.url()).exit_code, 0);
    ASSERT_THAT(contents(sink), ElementsAre(text));
    const std::string mark = "client=unknown[127.7.7.7]";
    const std::string log = front.log();
    const auto end = log.rfind(": ", log.find(mark));
    ASSERT_NE(end, std::string::npos);
    const std::string queue_id = log.substr(log.rfind(' ', end) + 1, end - log.rfind(' ', end) - 1);
    ASSERT_GT(queue_id.size(), 5U);
    EXPECT_THAT(contents(sink), ElementsAre(AllOf(Not(HasSubstr(queue_id)), Not(HasSubstr("internal.test")),
                                                  Not(HasSubstr("127.")), Not(HasSubstr("php")))));
}

}  // namespace
}  // namespace mailrota::e2e
