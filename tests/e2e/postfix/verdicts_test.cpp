// M11, M13 and M15, and every other thing that a rule can do to a mail.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/e2e/postfix/scene.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using rig::SmtpClient;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view policy = R"(
[[rule]]
when.rcpt = "former@example.com"
then = [{ reject = { code = 553, enhanced = "5.1.6", text = "100% gone, 50%s %d\nask sales@example.com" } }]
[[rule]]
when.rcpt = "later@example.com"
then = [{ defer = "Come back" }]
[[rule]]
when.subject = "refuse me"
then = [{ reject = { text = "no %n {subject}\n100%" } }]
[[rule]]
when.subject = "hold me"
then = [{ quarantine = "looks odd" }]
[[rule]]
when.subject = "drop me"
then = [{ discard = true }]
[[rule]]
when.rcpt = "watched@example.com"
then = [{ copy = ["auditor@example.com", "archive@example.com"] }]
[[rule]]
when.rcpt = "marked@example.com"
then = [{ add_header = { name = "X-Added", value = "for {rcpt}: {subject}" } }, { remove_header = "X-Gone" }]
[[rule]]
when.rcpt = "long@example.com"
then = [{ add_header = { name = "X-Copy", value = "{header.X-Long}" } }]
[rota.held]
addresses = ["held@example.com"]
members   = ["held-ann@example.com"]
)";

Scene& scene() {
    static Scene only{policy};
    return only;
}

TEST(M11, LongHeaderGoesInAndOut) {
    auto mail = MessageText::fresh();
    mail.more = {{"X-Long", std::string(70'000, 'x')}};
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"long@example.com"}), ElementsAre("long"))
        << scene().milter().log();
    const auto arrived = scene().delivered(mail, "long");
    const auto copy = arrived.find("\nX-Copy: ");
    ASSERT_NE(copy, std::string::npos);
    // What a rule writes is cut at 8000 bytes.
    EXPECT_EQ(std::count(arrived.begin() + static_cast<std::ptrdiff_t>(copy), arrived.end(), 'x'), 8'000);
}

TEST(M11, HeaderOf70KilobytesIsNoHindrance) {
    auto mail = MessageText::fresh();
    mail.more = {{"X-Long", std::string(70'000, 'x')}};
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"held@example.com"}), ElementsAre("held-ann"))
        << scene().logs();
}

TEST(M11, ControlCharactersDoNotGetIntoAnAddedHeader) {
    auto mail = MessageText::fresh();
    mail.more = {{"X-Long", std::string("one\rX-Evil: two\0three\n\tfour", 26)}};
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"long@example.com"}), ElementsAre("long"))
        << scene().logs();
    const auto arrived = scene().delivered(mail, "long");
    const auto copy = arrived.substr(std::min(arrived.find("\nX-Copy: "), arrived.size() - 1));
    const auto line = copy.substr(1, copy.find('\n', 1));
    EXPECT_THAT(line, HasSubstr("two"));
    EXPECT_EQ(line.find('\r'), std::string::npos);
    EXPECT_EQ(line.find('\0'), std::string::npos);
    EXPECT_THAT(arrived, Not(HasSubstr("\nX-Evil")));
}

TEST(M13, LocalMailToARefusedRecipientBouncesWhole) {
    const auto mail = MessageText::fresh();
    const auto result = scene().postfix().sendmail(
        "m13-sender@example.com", {"former@example.com", "m13-other@example.com"}, mail.text());
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    const auto bounces = scene().postfix().wait_for_mail("m13-sender");
    ASSERT_THAT(bounces, SizeIs(1)) << scene().logs();
    EXPECT_THAT(bounces[0], HasSubstr("100% gone"));
    EXPECT_THAT(scene().delivered(mail, "m13-other"), IsEmpty());
    EXPECT_TRUE(scene().postfix().wait_for_empty_queue()) << scene().postfix().queue() << scene().logs();
    EXPECT_THAT(scene().postfix().log(), Not(HasSubstr("milter configuration error")));
}

TEST(M15, ReplyOfSeveralLinesArrivesAsWritten) {
    auto client = SmtpClient::to_port(scene().postfix().port());
    ASSERT_EQ(client.command("MAIL FROM:<a@example.com>").code, 250);
    const auto at_rcpt = client.command("RCPT TO:<former@example.com>");
    EXPECT_EQ(at_rcpt.code, 553);
    EXPECT_EQ(at_rcpt.text, "5.1.6 100% gone, 50%s %d\n5.1.6 ask sales@example.com");
}

TEST(M15, ReplyAtTheEndArrivesAsWritten) {
    const auto sent = scene().send(MessageText::fresh("refuse me"), {"eve@example.com"});
    ASSERT_EQ(sent.results.size(), 1U);
    EXPECT_EQ(sent.results[0].code, 550);
    EXPECT_EQ(sent.results[0].text, "5.7.1 no %n refuse me\n5.7.1 100%");
}

TEST(Reject, OnlyTheRecipientThatARuleRefusesIsRefused) {
    auto client = SmtpClient::to_port(scene().postfix().port());
    const auto mail = MessageText::fresh();
    const auto sent = client.send_mail(
        "a@example.com",
        {"reject-eve@example.com", "Former@example.com", "later@example.com", "held@example.com"},
        mail.text());
    ASSERT_EQ(sent.rcpts.size(), 4U);
    EXPECT_EQ(sent.rcpts[0].code, 250);
    EXPECT_EQ(sent.rcpts[1].code, 553);
    EXPECT_EQ(sent.rcpts[2].code, 451);
    EXPECT_EQ(sent.rcpts[2].text, "4.7.1 Come back");
    EXPECT_EQ(sent.rcpts[3].code, 250);
    EXPECT_TRUE(sent.accepted()) << scene().logs();
    EXPECT_THAT(scene().arrivals(mail), ElementsAre("held-ann", "reject-eve"));
}

TEST(Discard, MailOfARuleIsTakenAndGone) {
    const auto mail = MessageText::fresh("drop me");
    ASSERT_TRUE(scene().send(mail, {"eve@example.com", "held@example.com"}).accepted()) << scene().logs();
    EXPECT_THAT(scene().arrivals(mail), IsEmpty());
}

TEST(Copy, GoesBesideTheRecipient) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"watched@example.com", "archive@example.com"}),
                ElementsAre("archive", "auditor", "watched"))
        << scene().logs();
}

TEST(Headers, AddedAndRemovedArrive) {
    auto mail = MessageText::fresh("Umlaut");
    mail.more = {{"X-Gone", "one"}, {"X-Kept", "kept"}, {"x-gone", "two"}, {"X-GONE", "three"}};
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"marked@example.com"}), ElementsAre("marked"))
        << scene().logs();
    const auto arrived = scene().delivered(mail, "marked");
    EXPECT_THAT(arrived, HasSubstr("\nX-Added: for marked@example.com: Umlaut\n"));
    EXPECT_THAT(arrived, HasSubstr("\nX-Kept: kept\n"));
    EXPECT_THAT(arrived, Not(HasSubstr("X-Gone")));
    EXPECT_THAT(arrived, Not(HasSubstr("x-gone")));
    EXPECT_THAT(arrived, Not(HasSubstr("X-GONE")));
}

TEST(Quarantine, MailIsHeldWithItsEditsAndCanBeReleased) {
    Scene own(policy);
    const auto mail = MessageText::fresh("hold me");
    ASSERT_TRUE(own.send(mail, {"held@example.com"}).accepted()) << own.logs();
    EXPECT_TRUE(rig::wait_until([&] {
        return own.postfix().queue().find("\"queue_name\": \"hold\"") != std::string::npos;
    })) << own.postfix().queue()
        << own.logs();
    EXPECT_EQ(own.postfix().delivered(), 0U);
    rig::run_or_throw({"/usr/sbin/postsuper", "-c", own.postfix().config(), "-H", "ALL"});
    own.postfix().flush();
    EXPECT_THAT(own.postfix().wait_for_mail("held-ann"), SizeIs(1)) << own.logs();
    EXPECT_THAT(own.arrivals(mail), ElementsAre("held-ann"));
}

}  // namespace
}  // namespace mailrota::e2e
