#include "milter/reply_text.h"

#include <gtest/gtest.h>

namespace mailrota::milter {
namespace {

TEST(ReplyText, KeepsCodeAndDoublesPercent) {
    const auto reply = reply_text({550, "5.7.1", "100% no\nand %s again"});
    EXPECT_EQ(reply.code, "550");
    EXPECT_EQ(reply.enhanced, "5.7.1");
    EXPECT_EQ(reply.lines, (std::vector<std::string>{"100%% no", "and %%s again"}));
}

TEST(ReplyText, EnhancedCodeTakesTheClassOfTheCode) {
    EXPECT_EQ(reply_text({451, "5.7.1", "x"}).enhanced, "4.7.1");
    EXPECT_EQ(reply_text({550, "", "x"}).enhanced, "5.7.1");
    EXPECT_EQ(reply_text({250, "2.0.0", "x"}).code, "451");
}

TEST(ReplyText, NothingThatBreaksALineIsLeft) {
    const std::string text("a\r\nb\0c\td\x7f", 10);
    EXPECT_EQ(reply_text({550, "5.7.1", text}).lines, (std::vector<std::string>{"a", "bc d"}));
    EXPECT_EQ(reply_text({550, "5.7.1", "gr\xc3\xbc\xc3\x9f"}).lines, std::vector<std::string>{"gr??"});
    EXPECT_EQ(reply_text({550, "5.7.1", ""}).lines, std::vector<std::string>{""});
}

TEST(ReplyText, LongTextIsCutIntoLinesThatFit) {
    const auto percents = reply_text({550, "5.7.1", std::string(980, '%')}).lines;
    ASSERT_EQ(percents.size(), 2U);
    EXPECT_EQ(percents[0].size(), 980U);
    const auto endless = reply_text({550, "5.7.1", std::string(100'000, 'x')}).lines;
    EXPECT_EQ(endless.size(), 32U);
    for (const auto& line : endless) EXPECT_LE(line.size(), 980U);
}

}  // namespace
}  // namespace mailrota::milter
