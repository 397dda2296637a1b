// Mail made to exhaust us: what a limit cuts off is told, and neither memory nor stack grows with the malice.
#include <gmock/gmock.h>

#include <thread>

#include "core/mail/message.h"
#include "core/mail/mime_extent.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Message typed(const std::string& type, std::string body, DecodeLimits limits = {}) {
    return Message::from_parts({{"Content-Type", type}}, std::move(body), limits);
}

std::string repeated(const std::string& piece, std::size_t count) {
    std::string out;
    out.reserve(piece.size() * count);
    for (std::size_t i = 0; i < count; ++i) {
        out += piece;
    }
    return out;
}

std::string nested_multiparts(int depth) {
    std::string body;
    for (int i = 0; i < depth; ++i) {
        body += "--b" + std::to_string(i) + "\r\nContent-Type: multipart/mixed; boundary=b" +
                std::to_string(i + 1) + "\r\n\r\n";
    }
    return body + "--b" + std::to_string(depth) + "\r\n\r\ndeep\r\n";
}

TEST(MimeLimits, KeepAsMuchTextAsAllowed) {
    DecodeLimits limits;
    limits.text_bytes = 10;
    const Message exact = typed("text/plain", "0123456789", limits);
    EXPECT_EQ(exact.text().utf8, "0123456789\n");
    EXPECT_FALSE(exact.text().truncated);
    const Message longer = typed("text/plain", "0123456789a", limits);
    EXPECT_EQ(longer.text().utf8, "0123456789\n");
    EXPECT_TRUE(longer.text().truncated);
    EXPECT_FALSE(longer.attachments_truncated());
    const Message wide = typed("text/plain; charset=iso-8859-1", repeated("\xE9", 9), limits);
    EXPECT_EQ(wide.text().utf8, repeated("\xC3\xA9", 5) + "\n");
    EXPECT_TRUE(wide.text().truncated);
    EXPECT_TRUE(is_utf8(wide.text().utf8));
}

TEST(MimeLimits, HoldOverAllPartsTogether) {
    DecodeLimits limits;
    limits.text_bytes = 8;
    const Message message = typed("multipart/mixed; boundary=b", repeated("--b\r\n\r\nabc\r\n", 5), limits);
    EXPECT_EQ(message.text().utf8, "abc\nabc\n");
    EXPECT_TRUE(message.text().truncated);
}

TEST(MimeLimits, BearAHundredMegabytes) {
    const Message text =
        typed("text/plain", repeated("Lorem ipsum dolor sit amet, consectetur.\r\n", 2500000));
    EXPECT_TRUE(text.text().truncated);
    EXPECT_LE(text.text().utf8.size(), (std::size_t{8} << 20) + 1);
    const Message file = typed("application/octet-stream", std::string(100000000, 'x'));
    EXPECT_EQ(file.attachments().at(0).size, 100000000U);
    EXPECT_FALSE(file.text().truncated);
}

TEST(MimeLimits, TellWhenPartsNestTooDeep) {
    for (const int depth : {60, 1000, 5000, 100000}) {
        const Message message = typed("multipart/mixed; boundary=b0", nested_multiparts(depth));
        std::thread([&] {
            EXPECT_TRUE(message.text().truncated) << depth;
            EXPECT_TRUE(message.attachments_truncated()) << depth;
        }).join();
    }
    const Message shallow = typed("multipart/mixed; boundary=b0", nested_multiparts(40));
    EXPECT_EQ(shallow.text().utf8, "deep\n");
    EXPECT_FALSE(shallow.text().truncated);
}

TEST(MimeLimits, TellWhenMessagesNestTooDeep) {
    const std::string header = "Content-Type: message/rfc822\r\n\r\n";
    EXPECT_THAT(typed("message/rfc822", repeated(header, 10) + "\r\nx").attachments(), SizeIs(11));
    for (const std::size_t depth : {60U, 1000U, 100000U}) {
        const Message message = typed("message/rfc822", repeated(header, depth) + "\r\nx");
        EXPECT_TRUE(message.attachments_truncated()) << depth;
        EXPECT_LE(message.attachments().size(), 51U);
    }
}

TEST(MimeLimits, CountParts) {
    const Message some = typed("multipart/mixed; boundary=b", repeated("--b\r\n\r\nx\r\n", 999));
    EXPECT_EQ(some.text().utf8.size(), 2U * 999);
    EXPECT_FALSE(some.text().truncated);
    const Message many = typed("multipart/mixed; boundary=b", repeated("--b\r\n\r\nx\r\n", 100000));
    EXPECT_EQ(many.text().utf8.size(), 2U * 999);
    EXPECT_TRUE(many.text().truncated);
    EXPECT_TRUE(many.attachments_truncated());
}

TEST(MimeLimits, BearPartsThatAreAllHeader) {
    const std::string fields = repeated("X:\n", 2000000);
    for (const std::string& start :
         {std::string("--b\n"), std::string("--b\nno field\n"), std::string("--b\n:\n")}) {
        EXPECT_TRUE(typed("multipart/mixed; boundary=b", start + fields).text().truncated);
    }
    EXPECT_TRUE(typed("message/rfc822", fields).attachments_truncated());
    EXPECT_TRUE(typed("multipart/mixed; boundary=b",
                      "--b\nContent-Type: text/plain" + repeated("; a=b", 2000000) + "\n\nx")
                    .text()
                    .truncated);
}

TEST(MimeLimits, BearGroupsInGroupsInAttachedMessages) {
    const std::string body = "To: " + repeated("a:", 200000) + "\r\n\r\nx";
    EXPECT_THAT(typed("message/rfc822", body).attachments(), SizeIs(1));
    EXPECT_THAT(typed("multipart/mixed; boundary=b", "--b\r\nContent-Type: message/global\r\n\r\n" + body)
                    .attachments(),
                SizeIs(1));
}

TEST(MimeLimits, BearManyOpenBoundaries) {
    const Message message =
        typed("multipart/mixed; boundary=b0", nested_multiparts(1000) + repeated("--x\r\n", 1000000));
    EXPECT_TRUE(message.text().truncated);
}

TEST(MimeLimits, LeavePlainMailWithManyDashesAlone) {
    const Message message = typed("text/plain", repeated("-- a line: of SQL\r\n", 100000));
    EXPECT_FALSE(message.text().truncated);
    EXPECT_EQ(message.text().utf8.size(), 18U * 100000);
}

TEST(MimeExtent, ChargesOnlyStructure) {
    std::size_t budget = 1000;
    const std::string text = "\r\n" + repeated("Words: with colons, as logs have them\r\n", 1000);
    EXPECT_EQ(mime_extent(text, budget), text.size());
    EXPECT_EQ(budget, 1000U);
    const std::string part = "--b\r\nA: b\r\n\r\nbody\r\n";
    EXPECT_EQ(mime_extent(part, budget), part.size());
    EXPECT_LT(budget, 1000U);
    EXPECT_LT(mime_extent(repeated(part, 100), budget), part.size() * 100);
    EXPECT_EQ(mime_extent("", budget), 0U);
}

}  // namespace
}  // namespace mailrota::mail
