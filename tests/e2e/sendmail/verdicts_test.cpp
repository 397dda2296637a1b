#include "tests/e2e/sendmail/scene.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SendmailVerdicts : public SharedScene {};

TEST_F(SendmailVerdicts, M4WithNobodyAvailableTheMailWaits) {
    const auto mail = MessageText::fresh();
    const auto sent = scene().send({"away@example.com"}, mail);
    ASSERT_THAT(sent.results, SizeIs(1)) << scene().logs();
    EXPECT_EQ(sent.results[0].code, 451) << sent.results[0].text;
    EXPECT_THAT(scene().who_has(mail, {"away", "sam"}), IsEmpty());
}

TEST_F(SendmailVerdicts, M4ADiscardedRecipientBesideOneThatMustWait) {
    const auto mail = MessageText::fresh();
    const auto sent = scene().send({"drop@example.com", "away@example.com"}, mail);
    EXPECT_FALSE(sent.accepted()) << scene().logs();
    EXPECT_THAT(scene().who_has(mail, {"drop", "away", "sam"}), IsEmpty());
}

TEST_F(SendmailVerdicts, M4OnlyADiscardLeavesNobody) {
    const auto mail = MessageText::fresh();
    ASSERT_TRUE(scene().send({"drop@example.com"}, mail).accepted()) << scene().logs();
    EXPECT_THAT(scene().who_has(mail, {"drop"}), IsEmpty());
    EXPECT_THAT(scene().sendmail.log(), HasSubstr("discard"));
    const auto other = MessageText::fresh();
    ASSERT_TRUE(scene().send({"drop@example.com", "xia@example.com"}, other).accepted());
    EXPECT_THAT(scene().who_has(other, {"drop", "xia"}), ElementsAre("xia"));
}

TEST_F(SendmailVerdicts, ARecipientIsRefusedAtRcpt) {
    const auto mail = MessageText::fresh();
    const auto sent = scene().send({"gone@example.com", "xia@example.com"}, mail);
    EXPECT_EQ(sent.rcpts.at(0).code, 550);
    EXPECT_THAT(sent.rcpts.at(0).text,
                testing::AllOf(testing::StartsWith("5.7.1 "), testing::EndsWith("Nobody of that name")));
    EXPECT_THAT(scene().who_has(mail, {"gone", "xia"}), ElementsAre("xia"));
}

TEST_F(SendmailVerdicts, M15TheTextOfARefusalIsIntact) {
    const auto sent = scene().send({"xia@example.com"}, MessageText::fresh("sale"));
    ASSERT_THAT(sent.results, SizeIs(1)) << scene().logs();
    EXPECT_EQ(sent.results[0].code, 550);
    EXPECT_EQ(sent.results[0].text, "5.7.1 100% off is %s.\n5.7.1 Ask sender@example.com.") << scene().logs();
}

TEST_F(SendmailVerdicts, AHeldMailStaysInTheQueueWithTheReason) {
    const auto mail = MessageText::fresh("suspicious");
    ASSERT_TRUE(scene().send({"yan@example.com"}, mail).accepted()) << scene().logs();
    const auto queue = scene().sendmail.queue();
    ASSERT_THAT(queue, ElementsAre(testing::StartsWith("hf")));
    EXPECT_THAT(read_file(scene().sendmail.folder() / "queue" / queue[0]), HasSubstr("looks odd"));
    EXPECT_THAT(scene().sendmail.mailbox("yan"), IsEmpty());
    for (const auto& entry : std::filesystem::directory_iterator(scene().sendmail.folder() / "queue"))
        std::filesystem::remove(entry.path());
}

TEST_F(SendmailVerdicts, M11ALargeFoldedHeaderComesInAndOut) {
    auto mail = MessageText::fresh("copied");
    std::string value = "word";
    while (value.size() < 9'000) value += "\n word word word word word word word word word word";
    mail.more.emplace_back("X-In", value);
    ASSERT_TRUE(scene().send({"zed@example.com"}, mail).accepted()) << scene().logs();
    EXPECT_THAT(scene().who_has(mail, {"zed"}), ElementsAre("zed"));
    const auto text = scene().sendmail.mailbox("zed").at(0);
    const auto copy = text.find("\nX-Copy: word");
    ASSERT_NE(copy, std::string::npos) << text;
    EXPECT_EQ(text.find("\n\n"), text.find("\n\nHello.")) << "a header has an empty line";
}

}  // namespace
}  // namespace mailrota::rig
