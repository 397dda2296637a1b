#include "core/runtime/relay.h"

#include "core/runtime/relay_case_fixture.h"
#include "core/runtime/relay_terms.h"

namespace mailrota::runtime::fixture {
namespace {

using std::chrono::seconds;
using store::RelayAttempt;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Outcome = RelayAttempt::Recipient::Outcome;
using State = RelayAttempt::State;

TEST_F(RelayCase, ACallIsInTheStoreBeforeItGoesOutAndItsOutcomeBeforeTheReply) {
    std::vector<RelayAttempt> during;
    one.set([&](const SeenRequest&) {
        during = attempts();
        return mailgun_takes_it;
    });
    const auto carried = carry({"a@example.com", "b@example.com"});
    EXPECT_EQ(line(carried.at(0)), "250 2.0.0 accepted by one as <m1@example.com>");
    ASSERT_THAT(during, SizeIs(1));
    EXPECT_EQ(during[0].state, State::begun);
    EXPECT_THAT(during[0].recipients, SizeIs(2));
    EXPECT_EQ(during[0].owner.substr(0, 7), "test/1/");
    const auto after = attempts();
    ASSERT_THAT(after, SizeIs(1));
    EXPECT_EQ(after[0].state, State::accepted);
    EXPECT_EQ(after[0].recipients[1].provider_id, "m1@example.com");
    EXPECT_EQ(two.calls(), 0U);
}

TEST_F(RelayCase, AMailThatIsOfferedAgainIsAnsweredFromItsAttempt) {
    const auto first = carry();
    const auto again = carry();
    EXPECT_EQ(again.at(0).reply, first.at(0).reply);
    EXPECT_TRUE(again.at(0).replayed);
    EXPECT_EQ(one.calls(), 1U);
    EXPECT_EQ(carry({"a@example.com"}, "X: other mail\r\n" + std::string(some_letter)).at(0).replayed, false);
    EXPECT_EQ(one.calls(), 2U);
}

TEST_F(RelayCase, ARefusedConnectionGoesToTheNextProviderAtOnce) {
    one.stop();
    EXPECT_THAT(reply_to("1"), StartsWith("250 2.0.0 accepted by two"));
    EXPECT_EQ(breaker("one").failures, 1);
    EXPECT_EQ(breaker("one").state, policy::Breaker::State::closed);
}

TEST_F(RelayCase, SilenceAfterTheMailIsNobodyElsesTurn) {
    one.set("");
    const auto carried = carry();
    EXPECT_EQ(carried.at(0).kind, Kind::uncertain);
    EXPECT_THAT(line(carried.at(0)), StartsWith("451 4.4.2 "));
    EXPECT_EQ(two.calls(), 0U);
    EXPECT_EQ(attempts().at(0).state, State::uncertain);
    one.set("500 Broken|{\"message\":\"oops\"}");
    EXPECT_THAT(reply_to("2"), StartsWith("451 4.4.2 "));
    EXPECT_EQ(two.calls(), 0U);
}

TEST_F(RelayCase, TheSecondAttemptsBytesAreTheFirstsWithoutWhatMustNotLeave) {
    Peer first(context, config::Endpoint::Protocol::smtp), second(context, config::Endpoint::Protocol::smtp);
    without_providers();
    add_host("first", first);
    add_host("second", second);
    first.after_data[""] = "451 4.3.0 not now";
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by second"));
    ASSERT_THAT(first.mails, SizeIs(1));
    ASSERT_THAT(second.mails, SizeIs(1));
    EXPECT_EQ(first.mails[0].content, second.mails[0].content);
    EXPECT_THAT(second.mails[0].content, Not(HasSubstr("secret@example.com")));
    EXPECT_THAT(second.mails[0].content, Not(HasSubstr("X-SMTPAPI")));
    EXPECT_THAT(second.mails[0].content, StartsWith("Received: by mx.example.com id 4XyZ\r\nMessage-ID:"));
}

TEST_F(RelayCase, OneBadRecipientWhomNobodyNamesIsFoundAndTheOthersGoOutHere) {
    one.set([](const SeenRequest& request) -> std::string {
        const bool bad = request.body.find("bad@example.com") != std::string::npos;
        return bad ? R"(400 Bad Request|{"message":"to parameter is not a valid address. please check"})"
                   : mailgun_takes_it;
    });
    std::vector<std::string> recipients;
    for (int i = 0; i < 8; ++i) recipients.push_back("r" + std::to_string(i) + "@example.com");
    recipients[5] = "bad@example.com";
    const auto carried = carry(recipients);
    for (std::size_t i = 0; i < carried.size(); ++i)
        EXPECT_THAT(line(carried[i]), StartsWith(i == 5 ? "550 5.1" : "250 2.0.0 accepted by one")) << i;
    EXPECT_EQ(one.calls(), 7U) << "halves, not one by one";
    EXPECT_EQ(two.calls(), 0U);
    EXPECT_EQ(breaker("one").failures, 0);
}

TEST_F(RelayCase, EachRecipientHasItsOwnOutcomeAndABadOneOpensNoBreaker) {
    Peer host(context, config::Endpoint::Protocol::smtp);
    without_providers();
    add_host("host", host);
    host.at_rcpt["gone@example.com"] = "550 5.1.1 no such user";
    const auto carried = carry({"a@example.com", "gone@example.com"});
    EXPECT_THAT(line(carried.at(0)), StartsWith("250 2.0.0 accepted by host"));
    EXPECT_EQ(line(carried.at(1)), "550 5.1.1 host: 550 5.1.1 no such user");
    EXPECT_EQ(breaker("host").failures, 0);
    const auto again = carry({"gone@example.com"});
    EXPECT_EQ(again.at(0).reply, carried.at(1).reply);
    EXPECT_TRUE(again.at(0).replayed);
    EXPECT_THAT(host.mails, SizeIs(1));
}

TEST_F(RelayCase, WhoCouldNotBeTakenByOneGoesOnToTheNextAlone) {
    Peer first(context, config::Endpoint::Protocol::smtp), second(context, config::Endpoint::Protocol::smtp);
    without_providers();
    add_host("first", first);
    add_host("second", second);
    first.at_rcpt["b@example.com"] = "451 4.2.1 later";
    const auto carried = carry({"a@example.com", "b@example.com"});
    EXPECT_EQ(carried.at(0).provider, "first");
    EXPECT_EQ(carried.at(1).provider, "second");
    EXPECT_EQ(second.received("a@example.com"), 0);
    EXPECT_EQ(second.received("b@example.com"), 1);
}

TEST_F(RelayCase, AnUnverifiedDomainOpensTheBreakerOfThatDomainOnly) {
    config.providers[0].kind = ProviderKind::sendgrid;
    one.set(R"(403 Forbidden|{"errors":[{"message":"no verified Sender Identity","field":"from"}]})");
    EXPECT_THAT(reply_to("1"), StartsWith("250 2.0.0 accepted by two"));
    EXPECT_EQ(breaker("one/example.net").state, policy::Breaker::State::open);
    EXPECT_TRUE(breaker("one/example.net").alarmed);
    EXPECT_EQ(breaker("one").failures, 0);
    one.set("202 Accepted|");
    EXPECT_THAT(reply_to("2"), StartsWith("250 2.0.0 accepted by two"));
    EXPECT_THAT(reply_to("3", "shop@example.org"), StartsWith("250 2.0.0 accepted by one"));
}

TEST_F(RelayCase, ASuccessThatIsNoneIsNotBelieved) {
    one.set("200 OK|Mailgun Magnificent API");
    EXPECT_THAT(reply_to("1"), StartsWith("250 2.0.0 accepted by two"));
    EXPECT_TRUE(breaker("one").alarmed);
    two.set("200 OK|<html>garbage</html>");
    EXPECT_THAT(reply_to("2"), StartsWith("451 4.4.2 "));
}

TEST_F(RelayCase, ADelayThatIsAskedForIsWaitedOut) {
    one.set(R"(429 Slow down|{"message":"try again after 120 seconds"})");
    reply_to("1");
    one.set(mailgun_takes_it);
    now += seconds(119);
    EXPECT_THAT(reply_to("2"), StartsWith("250 2.0.0 accepted by two"));
    EXPECT_EQ(one.calls(), 1U);
}

TEST_F(RelayCase, WhenAllAreBlockedTheClientHearsWhyAndWhenToComeAgain) {
    one.set(R"(429 Slow down|{"message":"try again after 120 seconds"})");
    two.stop();
    reply_to("1");
    const auto carried = carry().at(0);
    EXPECT_EQ(carried.kind, Kind::deferred);
    EXPECT_THAT(line(carried), AllOf(StartsWith("451 4.4.1 "), HasSubstr("one: not tried now: "),
                                     HasSubstr("try again after 120 seconds")));
    EXPECT_EQ(carried.wait, seconds(120));
}

TEST_F(RelayCase, TheFirstThatWorksIsKeptForAnHourThenTheListIsTriedFromItsTop) {
    one.set(R"(429 Slow down|{"message":"try again after 120 seconds"})");
    reply_to("1");
    one.set(mailgun_takes_it);
    now += seconds(3599);
    EXPECT_THAT(reply_to("2"), StartsWith("250 2.0.0 accepted by two"));
    now += seconds(1);
    EXPECT_THAT(reply_to("3"), StartsWith("250 2.0.0 accepted by one"));
}

TEST_F(RelayCase, OfManyMailsOneFindsOutWhetherAProviderWorksAgain) {
    rota().hold = seconds(1);
    one.set(R"(429 Slow down|{"message":"try again after 120 seconds"})");
    reply_to("1");
    now += seconds(120);
    std::vector<Consignment> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(
            consignment({"a@example.com"}, "X-Number: " + std::to_string(i) + "\r\n" + some_letter));
    carry_all(std::move(all));
    EXPECT_EQ(one.calls(), 2U);
    EXPECT_EQ(breaker("one").period, seconds(120));  // as it was told again
    EXPECT_EQ(two.calls(), 6U);
}

TEST_F(RelayCase, ASuppressedRecipientIsRefusedAndNoProviderHearsOfHim) {
    write([this](store::Transaction& transaction) -> Result<void> {
        const auto put = transaction.suppress({"B@example.com", "bounced", "one", "550 5.1.1 gone", now});
        return put ? Result<void>() : tl::unexpected(put.error());
    });
    const auto carried = carry({"a@example.com", "b@example.com"});
    EXPECT_EQ(line(carried.at(1)), "550 5.7.1 On the suppression list (bounced by one): 550 5.1.1 gone");
    EXPECT_EQ(carried.at(0).kind, Kind::done);
    EXPECT_THAT(one.seen().at(0).body, Not(HasSubstr("b@example.com")));
}

TEST_F(RelayCase, MoreRecipientsThanACallTakesGoInSeveral) {
    config.providers[0].max_recipients = 2;
    const auto carried =
        carry({"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"});
    EXPECT_EQ(one.calls(), 3U);
    EXPECT_THAT(attempts(), SizeIs(3));
    for (const Carried& each : carried) EXPECT_EQ(each.kind, Kind::done);
}

TEST_F(RelayCase, BlindRecipientsGoOneByOneWhereACallWouldShowOneToTheOthers) {
    without_providers();
    auto& postmark = add("json", ProviderKind::postmark);
    postmark.base_url = one.url();
    postmark.max_recipients = 2;
    one.set(R"({"ErrorCode":0,"MessageID":"m","Message":"OK"})");
    const std::string letter = "From: shop@example.net\r\nTo: c@example.com\r\nSubject: x\r\n\r\nhello\r\n";
    const auto carried = carry({"a@example.com", "b@example.com", "c@example.com", "d@example.com"}, letter);
    for (const Carried& each : carried) EXPECT_EQ(each.kind, Kind::done);
    const auto seen = one.seen();
    ASSERT_THAT(seen, SizeIs(3)) << "a; b as one who is not shown beside c; d";
    EXPECT_THAT(seen[0].body, Not(HasSubstr("b@example.com")));
    EXPECT_THAT(seen[1].body, HasSubstr(R"("To":"c@example.com","Bcc":"b@example.com")"));
    EXPECT_THAT(seen[2].body, HasSubstr(R"("To":"d@example.com")"));
}

TEST_F(RelayCase, WithoutAStoreThatTakesAWriteNothingIsSent) {
    store.fault = FailingStore::Fault::at_once;
    const auto carried = carry();
    EXPECT_EQ(line(carried.at(0)), "451 4.3.0 State store not available, try again later");
    EXPECT_EQ(one.calls(), 0U);
}

TEST_F(RelayCase, ASignedMailGoesToAProviderThatKeepsItWholeOrIsRefused) {
    const std::string sign =
        "From: shop@example.net\r\nTo: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
        "multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"; "
        "micalg=sha-256\r\n\r\n--b\r\n"
        "Content-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: "
        "application/pkcs7-signature\r\n\r\nx\r\n"
        "--b--\r\n";
    without_providers();
    add("json", ProviderKind::sendgrid).base_url = two.url();
    EXPECT_THAT(line(carry({"a@example.com"}, sign).at(0)),
                AllOf(StartsWith("554 5.6.0 "), HasSubstr("json: ")));
    add("one", ProviderKind::mailgun).base_url = one.url();
    EXPECT_THAT(line(carry({"a@example.com"}, sign).at(0)), StartsWith("250 2.0.0 accepted by one"));
    EXPECT_EQ(two.calls(), 0U);
}

TEST_F(RelayCase, RoundRobinSharesMailsAndTurnsAreKeptInTheStore) {
    rota().strategy = config::RelayRota::Strategy::round_robin;
    rota().members[0].weight = 3;
    for (int i = 0; i < 8; ++i) reply_to(std::to_string(i));
    EXPECT_EQ(one.calls(), 6U);
    EXPECT_EQ(two.calls(), 2U);
}

TEST_F(RelayCase, ARotaThatIsNotThereDefers) {
    auto what = consignment({"a@example.com"}, some_letter);
    what.rota = "other";
    EXPECT_EQ(line(carry_one(std::move(what)).at(0)), "451 4.3.5 There is no rota of providers other");
}

}  // namespace
}  // namespace mailrota::runtime::fixture
