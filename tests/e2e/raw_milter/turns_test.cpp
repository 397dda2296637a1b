#include "tests/e2e/raw_milter/offer.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(Turns, GoRoundInTheListsOrder) {
    const MailrotaMilter milter(configuration(orders_rota));
    for (int round = 0; round < 2; ++round)
        for (const char* colleague : {"ann@example.com", "ben@example.com", "cho@example.com"})
            EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre(colleague));
}

TEST(Turns, TheSameMailOfferedAgainGetsTheSameColleague) {
    MailrotaMilter milter(configuration(orders_rota));
    const auto first = mail_to({"orders@example.com"});
    EXPECT_THAT(recipients_of(milter, first), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ben@example.com"));
    EXPECT_THAT(recipients_of(milter, first), ElementsAre("ann@example.com"));
    milter.restart();
    auto retried = first;
    retried.macros["i"] = "4Another";
    retried.client_address = "192.0.2.99";
    EXPECT_THAT(recipients_of(milter, retried), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("cho@example.com"));
    EXPECT_THAT(lines_with(milter.log(), "replayed=yes"), SizeIs(2));
}

TEST(Turns, MailsWithoutAMessageIdAreEachNew) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto anonymous = MilterMessage::from_text(MessageText{}, {"orders@example.com"});
    EXPECT_THAT(recipients_of(milter, anonymous), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, anonymous), ElementsAre("ben@example.com"));
}

TEST(Turns, AReplyGoesToWhoeverHasTheConversation) {
    MailrotaMilter milter(
        configuration(std::string(orders_rota) + "sticky = { by = \"thread\", for = \"30d\" }\n"));
    const auto question = MessageText::fresh();
    const std::vector<std::string> orders = {"orders@example.com"};
    EXPECT_THAT(recipients_of(milter, MilterMessage::from_text(question, orders)),
                ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ben@example.com"));
    const auto reply = MessageText::reply_to(question);
    EXPECT_THAT(recipients_of(milter, MilterMessage::from_text(reply, orders)),
                ElementsAre("ann@example.com"));
    milter.kill9();
    milter.start();
    const auto second = MessageText::reply_to(reply);
    EXPECT_THAT(recipients_of(milter, MilterMessage::from_text(second, orders)),
                ElementsAre("ann@example.com"));
}

TEST(Turns, PauseAndResumeFromTheCommandLine) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto command = [&](const std::string& what) {
        const auto result = milter.mailrota({"rota", what, "orders", "ben@example.com"});
        EXPECT_EQ(result.exit_code, 0) << result.errors << result.output;
    };
    command("pause");
    for (const char* colleague : {"ann@example.com", "cho@example.com", "ann@example.com", "cho@example.com"})
        EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre(colleague));
    command("resume");
    std::vector<std::string> served;
    for (int turn = 0; turn < 3; ++turn)
        served.push_back(recipients_of(milter, mail_to({"orders@example.com"}))[0]);
    EXPECT_THAT(served,
                testing::UnorderedElementsAre("ann@example.com", "ben@example.com", "cho@example.com"));
}

TEST(Turns, HistoryNamesWhoGotWhat) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto message = mail_to({"orders@example.com"});
    recipients_of(milter, message);
    const auto history = milter.mailrota({"rota", "history", "orders", "--json"});
    EXPECT_EQ(history.exit_code, 0) << history.errors;
    EXPECT_THAT(history.output, HasSubstr("ann@example.com"));
    EXPECT_THAT(history.output, HasSubstr("4XyZ"));
    EXPECT_THAT(history.output, Not(HasSubstr("ben@example.com")));
}

TEST(Observed, OneLogLineForTheMessageAndOneForEachRecipient) {
    const MailrotaMilter milter(configuration(orders_rota));
    recipients_of(milter, mail_to({"orders@example.com", "zoe@example.com"}));
    const auto log = milter.log();
    const auto mails = lines_with(log, "info mail ");
    const auto recipients = lines_with(log, "info recipient ");
    ASSERT_THAT(mails, SizeIs(1));
    ASSERT_THAT(recipients, SizeIs(2));
    EXPECT_THAT(mails[0], testing::AllOf(HasSubstr("queue_id=4XyZ "), HasSubstr("outcome=edited"),
                                         HasSubstr("sender=sender@example.com"), HasSubstr(" ms=")));
    EXPECT_THAT(
        recipients[0],
        testing::AllOf(HasSubstr("queue_id=4XyZ "), HasSubstr("rcpt=orders@example.com"),
                       HasSubstr("to=ann@example.com"), HasSubstr("rota=orders"), HasSubstr("reason=")));
    EXPECT_THAT(recipients[1], testing::AllOf(HasSubstr("queue_id=4XyZ "), HasSubstr("rcpt=zoe@example.com"),
                                              HasSubstr("fate=keep")));
}

TEST(Observed, TheBodyIsNeverLogged) {
    const MailrotaMilter milter(
        configuration("[[rule]]\nwhen.body = '/p.ssword/'\nthen = [{ redirect = \"ann@example.com\" }]\n"));
    auto message = mail_to({"orders@example.com"});
    message.body = "my password is 4711\r\n";
    EXPECT_THAT(recipients_of(milter, message), ElementsAre("ann@example.com"));
    EXPECT_THAT(milter.log(), Not(HasSubstr("4711")));
}

TEST(Observed, MetricsCountWhatHappened) {
    const MailrotaMilter milter(configuration(orders_rota));
    recipients_of(milter, mail_to({"orders@example.com"}));
    recipients_of(milter, mail_to({"zoe@example.com"}));
    const auto metrics = ask(milter, "metrics");
    recipients_of(milter, mail_to({"zoe@example.com"}));
    const std::string works = "mailrota_store_works_total ";
    EXPECT_EQ(lines_with(metrics, works), lines_with(ask(milter, "metrics"), works))
        << "mail that does not match asks nothing of the store";
    EXPECT_THAT(metrics, HasSubstr("outcome=\"edited\"} 1\n"));
    EXPECT_THAT(metrics, HasSubstr("outcome=\"untouched\"} 1\n"));
    EXPECT_THAT(milter.mailrota({"metrics"}).output, HasSubstr("outcome=\"edited\"} 1\n"));
}

/// The mail as it comes back after it was redirected: with the trace header that it got.
MilterMessage come_back(MilterMessage message, const MilterOutcome& outcome) {
    std::erase_if(message.headers, [](const auto& field) { return field.first == "X-Mailrota-Trace"; });
    for (const auto& value : added_headers(outcome, "X-Mailrota-Trace"))
        message.headers.emplace_back("X-Mailrota-Trace", value);
    return message;
}

TEST(Loops, ARotaIsAppliedOnceToAMail) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto message = mail_to({"orders@example.com"});
    const auto outcome = offer(milter, message);
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, come_back(message, outcome)), ElementsAre("orders@example.com"));
}

TEST(Loops, MoreThanTenHopsAreRefused) {
    const MailrotaMilter milter(configuration(
        "[[rule]]\nwhen.rcpt = \"loop@example.com\"\nthen = [{ redirect = \"ann@example.com\" }]\n"));
    auto message = mail_to({"loop@example.com"});
    int hops = 0;
    auto outcome = offer(milter, message);
    for (; outcome.verdict.goes_on() && hops < 20; ++hops) {
        message = come_back(message, outcome);
        outcome = offer(milter, message);
    }
    EXPECT_THAT(outcome.verdict.text, HasSubstr("5.4.6"));
    EXPECT_EQ(hops, 11) << "ten hops pass, the next offer is refused";
}

TEST(Loops, AForgedTraceIsIgnoredAndRemoved) {
    const MailrotaMilter milter(configuration(orders_rota));
    auto message = mail_to({"orders@example.com"});
    const std::string forged = "v1; hops=99; rotas=orders; mac=" + std::string(64, '0');
    message.headers.emplace_back("X-Mailrota-Trace", forged);
    const auto outcome = offer(milter, message);
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("ann@example.com"));
    EXPECT_THAT(edited(outcome, 'm'), ElementsAre("X-Mailrota-Trace"));
    EXPECT_THAT(added_headers(outcome, "X-Mailrota-Trace"), ElementsAre(Not(HasSubstr("hops=99"))));
}

TEST(Loops, ATraceOfAnotherMailIsNone) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto first = offer(milter, mail_to({"orders@example.com"}));
    const auto other = come_back(mail_to({"orders@example.com"}), first);
    EXPECT_THAT(recipients_of(milter, other), ElementsAre("ben@example.com"));
}

}  // namespace
}  // namespace mailrota::rig
