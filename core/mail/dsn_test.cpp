#include "core/mail/dsn.h"

#include <gmime/gmime.h>
#include <gmock/gmock.h>

#include "core/mail/gmime_library.h"

namespace mailrota::mail {
namespace {

using namespace std::chrono_literals;
using Action = DsnRecipient::Action;
using testing::HasSubstr;
using testing::Not;

Dsn sample() {
    Dsn dsn;
    dsn.to = "ann@example.com";
    dsn.reporting_mta = "mx.example.com";
    dsn.envelope_id = "QQ314159";
    dsn.arrived = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 23h + 5min + 9s;
    dsn.now = dsn.arrived + 2h;
    dsn.id = "01HQ-7.x";
    dsn.recipients = {{"ben@example.com", "rfc822;orders+2Bx@example.com", Action::failed, "5.1.1",
                       "550 5.1.1 no such user", "mail.example.com"}};
    return dsn;
}

const std::string mail_bytes = "Subject: hello\r\nFrom: Ann <ann@example.com>\r\n\r\nbody text\r\n";

// The notification as a MIME parser sees it.
struct Parsed {
    std::string text;
    std::string status;
    std::string status_type;
    std::string returned;
    std::string returned_type;
    int parts = 0;
};

std::string content_of(GMimeObject* part, std::string& type) {
    const StringPtr mime_type(g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part)));
    type = mime_type.get();
    const ObjectPtr<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), stream.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

Parsed parsed(const std::string& notification) {
    ensure_gmime();
    Parsed result;
    const ObjectPtr<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(notification.data(), notification.size()));
    const ObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const ObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    GMimeObject* root = g_mime_message_get_mime_part(message.get());
    if (!GMIME_IS_MULTIPART(root)) return result;
    auto* report = GMIME_MULTIPART(root);
    result.parts = g_mime_multipart_get_count(report);
    if (result.parts != 3) return result;
    std::string text_type;
    result.text = content_of(g_mime_multipart_get_part(report, 0), text_type);
    result.status = content_of(g_mime_multipart_get_part(report, 1), result.status_type);
    result.returned = content_of(g_mime_multipart_get_part(report, 2), result.returned_type);
    return result;
}

bool only_crlf(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
        if (!pair && (text[at] == '\r' || text[at] == '\n')) return false;
        at += pair ? 1 : 0;
    }
    return text.ends_with("\r\n");
}

TEST(Dsn, IsAReportForTheSender) {
    const std::string text = to_message(sample(), Message::from_bytes(mail_bytes));
    const Message message = Message::from_bytes(text);
    EXPECT_EQ(message.raw_header("To"), "<ann@example.com>");
    EXPECT_EQ(message.raw_header("From"), "Mail Delivery System <MAILER-DAEMON@mx.example.com>");
    EXPECT_EQ(message.raw_header("Auto-Submitted"), "auto-replied");
    EXPECT_EQ(message.raw_header("Message-ID"), "<01HQ-7.x@mx.example.com>");
    EXPECT_EQ(message.raw_header("Date"), "Fri, 01 Mar 2024 01:05:09 +0000");
    EXPECT_THAT(std::string(message.raw_header("Content-Type")),
                HasSubstr("multipart/report; report-type=delivery-status"));
    EXPECT_TRUE(only_crlf(text));
}

TEST(Dsn, SaysItForPeopleAndForPrograms) {
    const Parsed report = parsed(to_message(sample(), Message::from_bytes(mail_bytes)));
    ASSERT_EQ(report.parts, 3);
    EXPECT_THAT(report.text, HasSubstr("<ben@example.com>: 550 5.1.1 no such user"));
    EXPECT_EQ(report.status_type, "message/delivery-status");
    EXPECT_EQ(report.status,
              "Original-Envelope-Id: QQ314159\r\n"
              "Reporting-MTA: dns; mx.example.com\r\n"
              "Arrival-Date: Thu, 29 Feb 2024 23:05:09 +0000\r\n"
              "\r\n"
              "Original-Recipient: rfc822; orders+x@example.com\r\n"
              "Final-Recipient: rfc822; ben@example.com\r\n"
              "Action: failed\r\n"
              "Status: 5.1.1\r\n"
              "Remote-MTA: dns; mail.example.com\r\n"
              "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
              "Last-Attempt-Date: Fri, 01 Mar 2024 01:05:09 +0000\r\n");
    EXPECT_EQ(report.returned_type, "text/rfc822-headers");
    EXPECT_EQ(report.returned, "Subject: hello\r\nFrom: Ann <ann@example.com>\r\n");
}

TEST(Dsn, SpeaksOfEveryRecipientInItsAction) {
    Dsn dsn = sample();
    dsn.recipients = {{"a@example.com", "", Action::delayed, "5.1.1", "", ""},
                      {"b@example.com", "", Action::relayed, "2.1.9", "", ""},
                      {"c@example.com", "", Action::failed, "x", "", "puller of box web"}};
    const std::string text = to_message(dsn, Message::from_bytes(mail_bytes));
    const Parsed report = parsed(text);
    EXPECT_THAT(text, HasSubstr("Subject: Undelivered mail"));
    EXPECT_THAT(report.status, HasSubstr("a@example.com\r\nAction: delayed\r\nStatus: 4.0.0\r\n"));
    EXPECT_THAT(report.status, HasSubstr("b@example.com\r\nAction: relayed\r\nStatus: 2.1.9\r\n"));
    EXPECT_THAT(report.status, HasSubstr("c@example.com\r\nAction: failed\r\nStatus: 5.0.0\r\n"
                                         "Remote-MTA: x-mailrota; puller of box web\r\n"));
}

TEST(Dsn, ReturnsTheMailWhenAskedAndNotTooLarge) {
    Dsn dsn = sample();
    dsn.full_content = true;
    const std::string whole = to_message(dsn, Message::from_bytes(mail_bytes + "bare\nlf\rcr"));
    EXPECT_THAT(whole, HasSubstr("Content-Type: message/rfc822\r\n"));
    EXPECT_THAT(whole, HasSubstr("\r\n\r\nbody text\r\nbare\r\nlf\r\ncr\r\n--"));
    EXPECT_TRUE(only_crlf(whole));
    const auto large = to_message(dsn, Message::from_bytes(mail_bytes + std::string(300'000, 'x')));
    EXPECT_LT(large.size(), 5000U);
    EXPECT_EQ(parsed(large).returned_type, "text/rfc822-headers");
}

TEST(Dsn, CutsALongHeaderAtAField) {
    std::string bytes;
    for (int i = 0; i < 10'000; ++i) bytes += "X-Long: " + std::string(50, 'x') + "\r\n";
    const Parsed report = parsed(to_message(sample(), Message::from_bytes(bytes + "\r\nbody")));
    EXPECT_LE(report.returned.size(), std::size_t{64} << 10);
    EXPECT_GT(report.returned.size(), std::size_t{63} << 10);
    EXPECT_TRUE(report.returned.ends_with("x\r\n"));
}

TEST(Dsn, NothingBreaksOutOfItsPart) {
    Dsn dsn = sample();
    dsn.recipients[0].diagnostic = "550 no\r\n\r\n--=_01HQ-7.x--\r\nX: " + std::string(5000, 'y');
    dsn.recipients[0].final_recipient = "b\r\nAction: delivered\r\n@example.com";
    dsn.recipients[0].original_recipient = "rfc822;a+0D+0AStatus: 2.0.0";
    dsn.to = "a@example.com\r\nBcc: c@example.com";
    const std::string hostile =
        "A: 1\r\n\t--=_01HQ-7.x\r\nB: 2\r\n --=_01HQ-7.x.1--\r\n\r\n--=_01HQ-7.x--\r\n";
    for (const bool full : {false, true}) {
        dsn.full_content = full;
        const std::string text = to_message(dsn, Message::from_bytes(hostile));
        const Parsed report = parsed(text);
        ASSERT_EQ(report.parts, 3);
        EXPECT_EQ(Message::from_bytes(text).raw_header("Bcc"), "");
        EXPECT_THAT(report.status, Not(HasSubstr("\r\nAction: delivered")));
        EXPECT_THAT(report.status, Not(HasSubstr("\r\nStatus: 2")));
        EXPECT_TRUE(only_crlf(text));
    }
}

TEST(Dsn, WritesAddressesThatAreNotAsciiInTheSevenBitForm) {
    Dsn dsn = sample();
    dsn.recipients[0].final_recipient = "j\xc3\xb6rg+x@ex\xf0\x9f\x98\x80mple.com";
    dsn.recipients[0].original_recipient = "utf-8;j\\x{F6}rg@example.com";
    dsn.recipients[0].diagnostic = "550 gr\xc3\xbc\xc3\x9f";
    const Parsed report = parsed(to_message(dsn, Message::from_bytes(mail_bytes)));
    EXPECT_THAT(report.status,
                HasSubstr("Final-Recipient: utf-8; j\\x{F6}rg\\x{2B}x@ex\\x{1F600}mple.com\r\n"));
    EXPECT_THAT(report.status, HasSubstr("Original-Recipient: utf-8; j\\x{F6}rg@example.com\r\n"));
    EXPECT_THAT(report.status, HasSubstr("Diagnostic-Code: smtp; 550 gr????\r\n"));
    EXPECT_THAT(report.text, HasSubstr("<j\xc3\xb6rg+x@"));
}

TEST(Dsn, OfABrokenMailIsStillAReport) {
    for (const char* bytes : {"", "no field\r\n\r\n", "From a@b\r\n", "A: 1"}) {
        Dsn dsn = sample();
        EXPECT_EQ(parsed(to_message(dsn, Message::from_bytes(bytes))).parts, 3) << bytes;
        dsn.full_content = true;
        EXPECT_TRUE(only_crlf(to_message(dsn, Message::from_bytes(bytes)))) << bytes;
    }
}

TEST(Dsn, NobodyIsToldWhoIsNobody) {
    EXPECT_TRUE(may_be_notified("ann@example.com"));
    for (const char* sender : {"", "<>", "MAILER-DAEMON", "mailer-daemon@example.com", "#@[]"}) {
        EXPECT_FALSE(may_be_notified(sender)) << sender;
    }
}

TEST(Dsn, NotifySaysWhatIsAskedFor) {
    const auto asked = [](std::optional<std::string_view> parameter) {
        const Notify notify = parse_notify(parameter);
        return std::string(notify.success ? "s" : "") + (notify.failure ? "f" : "") +
               (notify.delay ? "d" : "");
    };
    EXPECT_EQ(asked(std::nullopt), "fd");
    EXPECT_EQ(asked("NEVER"), "");
    EXPECT_EQ(asked("success,Delay"), "sd");
    EXPECT_EQ(asked("FAILURE"), "f");
    EXPECT_EQ(asked("nonsense"), "fd");
}

}  // namespace
}  // namespace mailrota::mail
