// M6 and M14, and what a rota promises over several mails: the order of turns, the same mail again, threads.
#include <gmock/gmock.h>

#include "tests/e2e/postfix/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using rig::SmtpClient;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr std::string_view policy = R"(
[rota.order]
addresses = ["order@example.com"]
members   = ["order-ann@example.com", "order-ben@example.com", "order-cho@example.com"]
[rota.again]
addresses = ["again@example.com"]
members   = ["again-ann@example.com", "again-ben@example.com", "again-cho@example.com"]
[rota.made]
addresses = ["made@example.com"]
members   = ["made-ann@example.com", "made-ben@example.com", "made-cho@example.com"]
[rota.thread]
addresses = ["thread@example.com"]
members   = ["thread-ann@example.com", "thread-ben@example.com", "thread-cho@example.com"]
sticky    = { by = "thread", for = "1d" }
[rota.null]
addresses = ["null@example.com"]
members   = ["null-ann@example.com"]
[rota.reset]
addresses = ["reset@example.com"]
members   = ["reset-ann@example.com", "reset-ben@example.com", "reset-cho@example.com"]
[[rule]]
when.sender = ""
then = [{ add_header = { name = "X-Null-Sender", value = "yes" } }]
)";

Scene& scene() {
    static Scene only = [] {
        rig::PostfixOptions options;
        options.listeners = {{}, {"smtpd_milters="}};
        return Scene(policy, options);
    }();
    return only;
}

std::vector<std::string> arrivals_after_sendmail(const MessageText& mail, const std::string& sender,
                                                 const std::string& recipient) {
    const auto result = scene().postfix().sendmail(sender, {recipient}, mail.text());
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return scene().arrivals(mail);
}

TEST(Order, TurnsGoOnOverSmtpAndSendmail) {
    const char* const colleagues[] = {"order-ann", "order-ben", "order-cho"};
    for (int i = 0; i < 7; ++i) {
        const auto mail = MessageText::fresh();
        const auto arrived = i % 2 == 0 ? scene().arrivals_after_sending(mail, {"order@example.com"})
                                        : arrivals_after_sendmail(mail, "a@example.com", "order@example.com");
        EXPECT_THAT(arrived, ElementsAre(colleagues[i % 3])) << i << '\n' << scene().logs();
    }
}

TEST(Again, SameMailGoesToTheSameColleague) {
    const auto mail = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"again@example.com"}), ElementsAre("again-ann"));
    EXPECT_THAT(scene().arrivals_after_sending(mail, {"again@example.com"}, "other@example.com"),
                ElementsAre("again-ann", "again-ann"))
        << scene().logs();
    EXPECT_THAT(arrivals_after_sendmail(mail, "a@example.com", "again@example.com"),
                ElementsAre("again-ann", "again-ann", "again-ann"))
        << scene().logs();
    EXPECT_THAT(scene().arrivals_after_sending(MessageText::fresh(), {"again@example.com"}),
                ElementsAre("again-ben"));
}

TEST(Again, MailWhoseMessageIdPostfixMadeIsNewEachTime) {
    MessageText mail;
    mail.subject = "Without a Message-ID";
    ASSERT_TRUE(scene().send(mail, {"made@example.com"}).accepted()) << scene().logs();
    ASSERT_TRUE(scene().send(mail, {"made@example.com"}).accepted());
    EXPECT_THAT(arrivals_after_sendmail(mail, "a@example.com", "made@example.com"),
                ElementsAre("made-ann", "made-ben", "made-cho"))
        << scene().logs();
    EXPECT_THAT(scene().delivered(mail, "made-ann"), HasSubstr("\nMessage-Id: <"));
}

TEST(Thread, ReplyGoesToWhoeverHasTheConversation) {
    const auto first = MessageText::fresh("First");
    const auto second = MessageText::fresh("Second");
    EXPECT_THAT(scene().arrivals_after_sending(first, {"thread@example.com"}), ElementsAre("thread-ann"));
    EXPECT_THAT(scene().arrivals_after_sending(second, {"thread@example.com"}), ElementsAre("thread-ben"));
    const auto reply = MessageText::reply_to(first);
    EXPECT_THAT(scene().arrivals_after_sending(reply, {"thread@example.com"}), ElementsAre("thread-ann"))
        << scene().logs();
    EXPECT_THAT(arrivals_after_sendmail(MessageText::reply_to(reply), "a@example.com", "thread@example.com"),
                ElementsAre("thread-ann"))
        << scene().logs();
    EXPECT_THAT(scene().arrivals_after_sending(MessageText::reply_to(second), {"thread@example.com"}),
                ElementsAre("thread-ben"));
    const auto history = scene().milter().mailrota({"rota", "history", "thread", "--json"});
    EXPECT_THAT(history.output, MatchesRegex(".*\"sticky\".*\"sticky\".*\"sticky\".*\"turn\".*\"turn\".*\n"))
        << history.errors;
}

TEST(M6, NullSenderIsHandledOnEveryPath) {
    const auto by_smtp = MessageText::fresh();
    EXPECT_THAT(scene().arrivals_after_sending(by_smtp, {"null@example.com"}, "<>"), ElementsAre("null-ann"))
        << scene().logs();
    const auto by_sendmail = MessageText::fresh();
    EXPECT_THAT(arrivals_after_sendmail(by_sendmail, "", "null@example.com"), ElementsAre("null-ann"))
        << scene().logs();
    for (const auto& mail : {by_smtp, by_sendmail}) {
        EXPECT_THAT(scene().delivered(mail, "null-ann"), HasSubstr("Return-Path: <>\n"));
        EXPECT_THAT(scene().delivered(mail, "null-ann"), HasSubstr("\nX-Null-Sender: yes\n"));
    }
}

TEST(M14, ResetMailTakesNoTurnAndLeavesNothingBehind) {
    auto client = SmtpClient::to_port(scene().postfix().port());
    ASSERT_EQ(client.command("MAIL FROM:<>").code, 250);
    ASSERT_EQ(client.command("RCPT TO:<reset@example.com>").code, 250);
    ASSERT_EQ(client.command("RSET").code, 250);

    const auto other = MessageText::fresh();
    ASSERT_TRUE(client.send_mail("a@example.com", {"reset-other@example.com"}, other.text()).accepted());
    const auto first = MessageText::fresh();
    ASSERT_TRUE(client.send_mail("a@example.com", {"reset@example.com"}, first.text()).accepted());
    const auto second = MessageText::fresh();
    ASSERT_TRUE(client.send_mail("a@example.com", {"reset@example.com"}, second.text()).accepted());
    EXPECT_THAT(scene().arrivals(other), ElementsAre("reset-other")) << scene().logs();
    EXPECT_THAT(scene().arrivals(first), ElementsAre("reset-ann")) << scene().logs();
    EXPECT_THAT(scene().arrivals(second), ElementsAre("reset-ben")) << scene().logs();
    EXPECT_EQ(scene().delivered(other, "reset-other").find("X-Null-Sender"), std::string::npos);
}

// What Postfix wrote above the mail itself, without what differs from mail to mail.
std::vector<std::string> names_above(const std::string& delivered, const std::string& sent) {
    std::vector<std::string> names;
    std::size_t at = 0;
    while (at + sent.size() < delivered.size()) {
        const auto end = delivered.find('\n', at);
        if (delivered[at] != ' ' && delivered[at] != '\t')
            names.push_back(delivered.substr(at, delivered.find(':', at) - at));
        at = end + 1;
    }
    return names;
}

TEST(NoMatch, MailIsByteForByteWhatItIsWithoutMailrota) {
    auto mail = MessageText::fresh("Nothing   to do  ");
    mail.more = {{"X-Twice", "one"},
                 {"X-Twice", "two"},
                 {"X-Folded", "one\n two\n\tthree"},
                 {"x-odd", ""},
                 {"X-8bit", "gr\xfc\xdf"}};
    mail.body = "Trailing blanks  \n\n.\n..\n\xe4\xf6\xfc\x01\x7f\n" + std::string(900, 'x') + "\n\n\n";
    ASSERT_TRUE(scene().send(mail, {"plain-one@example.com"}).accepted());
    ASSERT_TRUE(scene().send(mail, {"plain-two@example.com"}, "sender@example.com", 1).accepted());
    EXPECT_THAT(scene().arrivals(mail), ElementsAre("plain-one", "plain-two"));
    const auto filtered = scene().delivered(mail, "plain-one");
    const auto unfiltered = scene().delivered(mail, "plain-two");
    const auto whole = mail.text();
    ASSERT_THAT(unfiltered, EndsWith(whole.substr(whole.find("\nX-Folded"))));
    ASSERT_THAT(filtered, EndsWith(unfiltered.substr(unfiltered.find("\nFrom: "))));
    EXPECT_EQ(names_above(filtered, whole), names_above(unfiltered, whole));
    EXPECT_THAT(filtered, StartsWith("Return-Path: "));
}

}  // namespace
}  // namespace mailrota::e2e
