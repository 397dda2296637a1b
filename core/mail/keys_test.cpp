#include "core/mail/keys.h"

#include <gmock/gmock.h>

namespace mailrota::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Message with(std::vector<HeaderField> headers, std::string body = "") {
    return Message::from_parts(std::move(headers), std::move(body));
}

std::vector<HeaderField> usual() {
    return {{"Message-ID", "<1@client.example>"},
            {"Date", "Mon, 20 Nov 2023 10:00:00 +0000"},
            {"From", "ann@example.com"}};
}

TEST(MessageKey, IsTheSameForARetry) {
    const MessageKey first = message_key(with(usual(), "body"), "4A1B2C", "n1");
    const MessageKey retry = message_key(with(usual(), "body, lines broken anew"), "5D6E7F", "n2");
    EXPECT_TRUE(first.repeatable);
    EXPECT_EQ(first, retry);
    EXPECT_THAT(first.hex, SizeIs(32));
    EXPECT_EQ(first.hex.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(MessageKey, IgnoresFoldingAndTheCaseOfNames) {
    const Message folded = with({{"message-id", "\r\n <1@client.example>"},
                                 {"DATE", "Mon, 20 Nov 2023\n\t10:00:00 +0000"},
                                 {"From", "ann@example.com "},
                                 {"Subject", "other"}});
    EXPECT_EQ(message_key(with(usual()), "", "a"), message_key(folded, "", "b"));
}

TEST(MessageKey, DiffersWhereOneFieldDiffers) {
    const MessageKey key = message_key(with(usual()), "", "");
    for (std::size_t i = 0; i < usual().size(); ++i) {
        auto headers = usual();
        headers[i].value += "x";
        EXPECT_NE(message_key(with(headers), "", "").hex, key.hex) << headers[i].name;
    }
}

TEST(MessageKey, DoesNotConfuseNeighbouringFields) {
    const Message one = with({{"Message-ID", "<1>"}, {"Date", "ab"}, {"From", "c"}});
    const Message two = with({{"Message-ID", "<1>"}, {"Date", "a"}, {"From", "bc"}});
    EXPECT_NE(message_key(one, "", "").hex, message_key(two, "", "").hex);
}

TEST(MessageKey, IsNewForEveryOfferOfAMailWithoutAnId) {
    for (const auto& id : std::vector<std::vector<HeaderField>>{
             {}, {{"Message-ID", "  "}}, {{"Message-ID", "<20231120.4A1B2C@mx.example.com>"}}}) {
        const MessageKey one = message_key(with(id), "4A1B2C", "n1");
        const MessageKey two = message_key(with(id), "4A1B2C", "n2");
        EXPECT_FALSE(one.repeatable);
        EXPECT_NE(one.hex, two.hex);
        EXPECT_EQ(one, message_key(with(id), "4A1B2C", "n1"));
    }
}

TEST(MessageKey, OfANonceIsNeverThatOfAMail) {
    EXPECT_NE(message_key(with({{"Message-ID", "x"}}), "", "").hex, message_key(with({}), "", "x").hex);
}

TEST(ThreadIds, AreOldestFirstAndEachOnce) {
    const Message message = with({{"Message-ID", "<c@x>"},
                                  {"In-Reply-To", "Your mail of today <b@x> (Ann)"},
                                  {"References", "<a@x>\r\n\t<b@x> <a@x>"}});
    EXPECT_THAT(thread_ids(message), ElementsAre("a@x", "b@x", "c@x"));
}

TEST(ThreadIds, UnderstandBrokenIds) {
    EXPECT_THAT(thread_ids(with({{"Message-ID", "a@x"}})), ElementsAre("a@x"));
    EXPECT_THAT(thread_ids(with({{"References", "<a@x><b\r\n @x>"}})), ElementsAre("a@x", "b@x"));
    EXPECT_THAT(thread_ids(with({{"In-Reply-To", "your message"}})), IsEmpty());
    EXPECT_THAT(thread_ids(with({{"References", "<open@x"}, {"Message-ID", "<>"}})), ElementsAre("open@x"));
    EXPECT_THAT(thread_ids(with({{"Message-ID", std::string("<a\0b\xE9@x>", 8)}})),
                ElementsAre("ab\xC3\xA9@x"));
    EXPECT_THAT(thread_ids(with({{"Message-ID", "<" + std::string(5000, 'a') + "@x>"}})), IsEmpty());
    EXPECT_THAT(thread_ids(Message()), IsEmpty());
}

TEST(ThreadIds, KeepTheNewestHundred) {
    std::string references;
    for (int i = 0; i < 20000; ++i) {
        references += "<" + std::to_string(i) + "@x> ";
    }
    const auto ids = thread_ids(with({{"References", references}, {"Message-ID", "<own@x>"}}));
    ASSERT_THAT(ids, SizeIs(100));
    EXPECT_EQ(ids.front(), "19901@x");
    EXPECT_EQ(ids.back(), "own@x");
}

}  // namespace
}  // namespace mailrota::mail
