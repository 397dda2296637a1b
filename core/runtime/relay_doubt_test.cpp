#include "core/runtime/relay_case_fixture.h"
#include "core/runtime/relay_terms.h"

// What is done about calls of which nobody knows what came: crashes and silence.
namespace mailrota::runtime::fixture {
namespace {

using std::chrono::seconds;
using store::RelayAttempt;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;
using Outcome = RelayAttempt::Recipient::Outcome;
using State = RelayAttempt::State;

constexpr seconds mailgun_lag{1800};
const std::string no_events = R"({"items":[]})";

std::string knows(const std::string& id) {
    return R"({"items":[{"event":"accepted","user-variables":{"mailrota_id":")" + id +
           R"("},"message":{"headers":{"message-id":"found@example.com"}}}]})";
}

class RelayDoubtCase : public RelayCase {
  protected:
    // A process died while it waited for the answer of "one".
    RelayAttempt crash() {
        const Consignment what = consignment({"a@example.com"}, some_letter);
        RelayAttempt attempt;
        attempt.id = attempt_id("bulk", "one", {what.recipients[0].offer});
        attempt.mail = what.mail.id;
        attempt.rota = "bulk";
        attempt.provider = "one";
        attempt.begun = attempt.last = now;
        attempt.owner = "test/dead/1";
        attempt.recipients.emplace_back();
        attempt.recipients[0].offer = what.recipients[0].offer;
        attempt.recipients[0].address = "a@example.com";
        write([&](store::Transaction& t) { return t.begin_attempt(what.mail, attempt); });
        return attempt;
    }
    // Nobody can be asked for a mail.
    void cannot_be_asked() {
        without_providers();
        add("one", ProviderKind::sendgrid).base_url = one.url();
        add("two", ProviderKind::mailgun).base_url = two.url();
    }
    static inline const std::string sendgrid_takes_it = "202 Accepted|";
};

TEST_F(RelayDoubtCase, AnAttemptThatBeganAMomentAgoIsSomebodyElses) {
    crash();
    const auto carried = carry().at(0);
    EXPECT_THAT(line(carried), StartsWith("451 4.4.5 "));
    EXPECT_EQ(carried.wait, seconds(40));  // twice its time-out, and half a minute
    EXPECT_EQ(one.calls() + two.calls(), 0U);
}

TEST_F(RelayDoubtCase, AfterACrashTheProviderIsAskedAndItsYesIsTheAnswer) {
    const auto attempt = crash();
    now += seconds(41);
    one.set([&](const SeenRequest& request) {
        return request.line.starts_with("GET") ? knows(attempt.id) : std::string(mailgun_takes_it);
    });
    EXPECT_EQ(line(carry().at(0)), "250 2.0.0 accepted by one as <found@example.com>");
    EXPECT_EQ(one.calls(), 1U);  // the question
    EXPECT_EQ(attempts().at(0).state, State::accepted);
}

TEST_F(RelayDoubtCase, ANoIsBelievedWhenItsIndexMayNoLongerLagAndThenTheMailIsSent) {
    crash();
    now += seconds(41);
    one.set([&](const SeenRequest& request) {
        return request.line.starts_with("GET") ? no_events : std::string(mailgun_takes_it);
    });
    const auto held = carry().at(0);
    EXPECT_THAT(line(held), StartsWith("451 4.4.2 "));
    EXPECT_EQ(held.wait, mailgun_lag - seconds(41));
    now += mailgun_lag - seconds(42);
    EXPECT_THAT(line(carry().at(0)), StartsWith("451 4.4.2 "));
    now += seconds(1);
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by one as <m1@"));
    EXPECT_EQ(attempts().at(0).tries, 2);
}

TEST_F(RelayDoubtCase, WhoCannotBeAskedIsHeldForAnHourAndThenGetsItAgain) {
    cannot_be_asked();
    one.set("500 Broken|{}");
    EXPECT_EQ(carry().at(0).kind, Kind::uncertain);
    one.set(sendgrid_takes_it);
    now += seconds(3599);
    const auto held = carry().at(0);
    EXPECT_THAT(line(held), StartsWith("451 4.4.2 "));
    EXPECT_EQ(held.wait, seconds(1));
    EXPECT_EQ(one.calls(), 1U);
    now += seconds(1);
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by one"));
    EXPECT_EQ(two.calls(), 0U);
    EXPECT_THAT(metrics.expose(), HasSubstr("mailrota_errors_total{cause=\"possible-duplicate\"} 1"));
}

TEST_F(RelayDoubtCase, WhoIsAskedAfterASecondCallIsAskedForThatOne) {
    crash();
    now += seconds(3600);
    one.set("500 Broken|{}");
    EXPECT_EQ(carry().at(0).kind, Kind::uncertain);
    ASSERT_EQ(attempts().at(0).tries, 2);
    const auto asked = [this] { return one.seen().back().line; };
    const auto minute_before = (now - seconds(60)).time_since_epoch().count();
    now += seconds(41);
    carry();
    EXPECT_THAT(asked(), StartsWith("GET "));
    EXPECT_THAT(asked(), HasSubstr("begin=" + std::to_string(minute_before)));
}

TEST_F(RelayDoubtCase, WhatGoesElsewhereWhenItsTimeIsOverIsToldToo) {
    cannot_be_asked();
    one.set("500 Broken|{}");
    EXPECT_EQ(carry().at(0).kind, Kind::uncertain);
    one.set(R"(429 Slow down|{"message":"later"})");
    now += seconds(3600);
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by two"));
    EXPECT_THAT(metrics.expose(), HasSubstr("mailrota_errors_total{cause=\"possible-duplicate\"} 2"));
}

TEST_F(RelayDoubtCase, AnEventThatCameMeanwhileEndsTheDoubt) {
    cannot_be_asked();
    one.set("500 Broken|{}");
    carry();
    const auto attempt = attempts().at(0);
    write([&](store::Transaction& t) {
        return t.put_standing(attempt.id, attempt.recipients[0].offer, mail::MailEvent::Type::delivered, now);
    });
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by one"));
    EXPECT_EQ(one.calls(), 1U);
}

TEST_F(RelayDoubtCase, TheAdministratorMayWantItElsewhereAtOnce) {
    cannot_be_asked();
    rota().uncertain = config::RelayRota::Uncertain::next;
    one.set("500 Broken|{}");
    EXPECT_EQ(carry().at(0).kind, Kind::uncertain);
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by two"));
}

TEST_F(RelayDoubtCase, AnIdempotentProviderGetsTheVerySameCallAgain) {
    without_providers();
    add("one", ProviderKind::sparkpost).base_url = one.url();
    one.set("");
    EXPECT_EQ(carry({"a@example.com", "b@example.com"}).at(0).kind, Kind::uncertain);
    one.set(R"({"results":{"id":"sp1","total_accepted_recipients":2,"total_rejected_recipients":0}})");
    EXPECT_THAT(line(carry({"a@example.com"}).at(0)), StartsWith("250 2.0.0 accepted by one as <sp1>"));
    const auto seen = one.seen();
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].body, seen[1].body);
    EXPECT_EQ(seen[0].header("Idempotency-Key"), seen[1].header("Idempotency-Key"));
    EXPECT_NE(seen[0].header("Idempotency-Key"), "");
    EXPECT_TRUE(carry({"b@example.com"}).at(0).replayed);  // he was in the same call
}

TEST_F(RelayDoubtCase, ARepetitionThatFailsLeavesTheDoubtAsItWas) {
    without_providers();
    add("one", ProviderKind::sparkpost).base_url = one.url();
    add("two", ProviderKind::mailgun).base_url = two.url();
    one.set("");
    carry();
    one.stop();
    EXPECT_THAT(line(carry().at(0)), StartsWith("451 4.4.2 "));
    EXPECT_EQ(two.calls(), 0U);
}

TEST_F(RelayDoubtCase, AnAcceptanceThatCouldNotBeWrittenIsTrueAndFoundOutLater) {
    store.failing_write = 2;
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by one"));
    const auto attempt = attempts().at(0);
    EXPECT_EQ(attempt.state, State::begun);
    one.set([&](const SeenRequest&) { return knows(attempt.id); });
    now += seconds(41);
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by one as <found@"));
    EXPECT_EQ(one.calls(), 2U);  // the mail, the question
}

TEST_F(RelayDoubtCase, ACrashBeforeTheNextProviderIsWrittenLosesNothing) {
    one.set(R"(429 Slow down|{"message":"try again after 120 seconds"})");
    store.failing_write = 2;  // ends the one call and begins the other
    EXPECT_THAT(line(carry().at(0)), StartsWith("451 4.3.0 "));
    EXPECT_EQ(two.calls(), 0U);
    now += seconds(41);
    one.set([](const SeenRequest& request) {
        return request.line.starts_with("GET") ? no_events : std::string(mailgun_takes_it);
    });
    EXPECT_THAT(line(carry().at(0)), StartsWith("451 4.4.2 "));
    now += mailgun_lag;
    EXPECT_THAT(line(carry().at(0)), StartsWith("250 2.0.0 accepted by one"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
