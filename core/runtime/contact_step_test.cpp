#include "core/runtime/contact_step.h"

#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using policy::ContactWay;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using Do = ContactStep::Do;
using State = Contact::State;

class ContactStepTest : public AlertCase {
  protected:
    ContactStep next(const Contact& of, ContactJob job = {}) {
        const auto telephones = Telephones::open(config).value();
        const auto in_effect = policy();
        const ContactTerms terms{*telephones, in_effect, now};
        job.contact = of.id;
        job.incident = of.incident;
        return in_store(
            [&](store::Transaction& transaction) { return contact_step(transaction, terms, job); });
    }
    Contact in_state(State state, const std::string& id = "1", const std::string& account = "one") {
        auto made = contact_of(open_incident(), id);
        made.state = state;
        made.account = account;
        made.begun = now;
        made.tries = 1;
        if (state == State::placed) made.provider_id = "CA" + id;
        put(made);
        return made;
    }
    void set(const Contact& of, policy::Incident::State state, const std::string& by = "ben") {
        auto changed = incident(of.incident);
        changed.state = state;
        changed.by = by;
        put(changed);
    }
    void open_breaker(const std::string& account) {
        policy::Breaker breaker;
        breaker.scope = telephone_scope(account);
        breaker.state = policy::Breaker::State::open;
        breaker.until = now + seconds(20);
        run([&](auto& transaction) { return transaction.put_breaker(breaker); });
    }
};

TEST_F(ContactStepTest, AWaitingContactIsWrittenAsBegunBeforeItIsSent) {
    const auto made = contact_of(open_incident(), "1");
    const auto step = next(made);
    EXPECT_EQ(step.what, Do::send);
    const auto begun = contact(made.id);
    EXPECT_EQ(begun, step.contact);
    EXPECT_EQ(begun.state, State::begun);
    EXPECT_EQ(begun.account, "one");
    EXPECT_EQ(begun.tries, 1);
}

TEST_F(ContactStepTest, OfTwoWorkersOneSends) {
    const auto made = contact_of(open_incident(), "1");
    EXPECT_EQ(next(made).what, Do::send);
    EXPECT_EQ(next(made).what, Do::wait);
}

TEST_F(ContactStepTest, ARequestWithoutAnAnswerIsLookedForAfterAMoment) {
    const auto lost = in_state(State::begun);
    EXPECT_EQ(next(lost).wait, seconds(8));
    now += seconds(8);
    EXPECT_EQ(next(lost).what, Do::find);
}

TEST_F(ContactStepTest, NothingIsLookedAfterForLongerThanAnHour) {
    for (const auto state : {State::begun, State::placed}) {
        const auto hung = in_state(state, state == State::begun ? "1" : "2");
        if (state == State::placed) set(hung, policy::Incident::State::acknowledged);
        now += hours(1) + seconds(1);
        EXPECT_EQ(next(hung).what, Do::finish);
        EXPECT_EQ(contact(hung.id).state, State::unreached);
    }
}

TEST_F(ContactStepTest, WhatAnAccountCarriesThatIsGoneIsOver) {
    const auto orphan = in_state(State::placed, "1", "three");
    EXPECT_EQ(next(orphan).what, Do::finish);
    EXPECT_EQ(contact(orphan.id).state, State::unreached);
}

TEST_F(ContactStepTest, AnAccountThatRefusedOrIsOutOfOrderIsPassedOver) {
    ContactJob refused;
    refused.refused = {"one"};
    EXPECT_EQ(next(contact_of(open_incident(), "1"), refused).contact.account, "two");
    open_breaker("one");
    EXPECT_EQ(next(contact_of(open_incident(), "2")).contact.account, "two");
}

TEST_F(ContactStepTest, WithoutAnyAccountItIsOver) {
    ContactJob refused;
    refused.refused = {"one", "two"};
    const auto made = contact_of(open_incident(), "1");
    EXPECT_EQ(next(made, refused).what, Do::finish);
    EXPECT_EQ(contact(made.id).state, State::unreached);
}

TEST_F(ContactStepTest, AnAccountCarriesSoManyCallsAtOnceAndSmsBesides) {
    const auto number = open_incident();
    for (const char* id : {"1", "2", "3", "4"}) EXPECT_EQ(next(contact_of(number, id)).what, Do::send);
    const auto fifth = contact_of(number, "5");
    EXPECT_EQ(next(fifth).what, Do::wait);
    EXPECT_EQ(contact(fifth.id).state, State::waiting);
    EXPECT_EQ(next(contact_of(number, "6", ContactWay::sms)).what, Do::send);
}

TEST_F(ContactStepTest, CallsOfAnAccountKeepItsPace) {
    config.telephones[0].pace = milliseconds(900);
    const auto number = open_incident();
    EXPECT_EQ(next(contact_of(number, "1")).slot, now);
    EXPECT_EQ(next(contact_of(number, "2")).slot, now + milliseconds(900));
}

TEST_F(ContactStepTest, ABarredNumberIsNotCalledButMayBeWrittenTo) {
    run([&](auto& transaction) { return transaction.bar("+15550101", "not a number", now + hours(1)); });
    const auto number = open_incident();
    const auto call = contact_of(number, "1");
    EXPECT_EQ(next(call).what, Do::finish);
    EXPECT_EQ(contact(call.id).state, State::barred);
    EXPECT_EQ(next(contact_of(number, "2", ContactWay::sms)).what, Do::send);
}

TEST_F(ContactStepTest, ANumberIsCalledSoOftenButAlwaysOnceForACriticalIncident) {
    config.calls.limit = {1, hours(1)};
    in_state(State::done);
    const auto number = open_incident();
    const auto first = contact_of(number, "2");
    EXPECT_EQ(next(first).what, Do::send);
    const auto second = contact_of(number, "3");
    EXPECT_EQ(next(second).what, Do::finish);
    EXPECT_THAT(contact(second.id).words, HasSubstr("limit"));
    auto small = incident(open_incident());
    small.severity = policy::Severity::error;
    put(small);
    EXPECT_EQ(next(contact_of(small.number, "4")).what, Do::finish);
}

TEST_F(ContactStepTest, WhatIsNotNeededAnyMoreIsCancelledOrFoundFirst) {
    for (const auto over : {policy::Incident::State::acknowledged, policy::Incident::State::resolved}) {
        const std::string base = over == policy::Incident::State::resolved ? "a" : "b";
        const auto waiting = contact_of(open_incident(), base + "1");
        set(waiting, over);
        EXPECT_EQ(next(waiting).what, Do::finish);
        EXPECT_EQ(contact(waiting.id).state, State::cancelled);
        const auto placed = in_state(State::placed, base + "2");
        set(placed, over);
        EXPECT_EQ(next(placed).what, Do::cancel);
        const auto begun = in_state(State::begun, base + "3");
        set(begun, over);
        now += seconds(10);
        EXPECT_EQ(next(begun).what, Do::find);
    }
}

TEST_F(ContactStepTest, TheCallInWhichSomebodyTakesItOnIsNotCutOff) {
    auto pressed = in_state(State::placed, "1");
    pressed.human = true;
    put(pressed);
    set(pressed, policy::Incident::State::acknowledged, "ann");
    EXPECT_EQ(next(pressed).what, Do::look);
    auto answered = contact_of(open_incident(policy::Acknowledge::answer), "2");
    answered.state = State::placed;
    answered.account = "one";
    answered.begun = now;
    answered.provider_id = "CA2";
    answered.status = "in-progress";
    put(answered);
    set(answered, policy::Incident::State::acknowledged, "ann");
    EXPECT_EQ(next(answered).what, Do::look);
    set(answered, policy::Incident::State::acknowledged, "ben");
    EXPECT_EQ(next(answered).what, Do::cancel);
}

TEST_F(ContactStepTest, CallsOfAnExhaustedIncidentLastOnAndWaitingOnesEnd) {
    const auto ringing = in_state(State::placed, "1");
    set(ringing, policy::Incident::State::exhausted, "");
    EXPECT_EQ(next(ringing).what, Do::look);
    const auto waiting = contact_of(ringing.incident, "2");
    EXPECT_EQ(next(waiting).what, Do::finish);
    EXPECT_EQ(contact(waiting.id).state, State::cancelled);
}

TEST_F(ContactStepTest, WhoWaitedForASlotIsNotCalledWhenItWasAcknowledgedMeanwhile) {
    const auto made = contact_of(open_incident(), "1");
    const ContactJob job{made.id, made.incident, {}, {}, false, 0};
    next(made);
    const auto asked = [&] {
        return in_store([&](store::Transaction& transaction) { return still_wanted(transaction, job); });
    };
    EXPECT_TRUE(asked());
    set(made, policy::Incident::State::acknowledged);
    EXPECT_FALSE(asked());
    EXPECT_EQ(contact(made.id).tries, 0);
    EXPECT_EQ(next(made).what, Do::finish);
    EXPECT_EQ(contact(made.id).state, State::cancelled);
}

TEST(ContactJob, ComesBackFromItsPayload) {
    const ContactJob job{"0011", 17, {"one", "t\"wo"}, {"three"}, true, 2, seconds(65)};
    const auto back = read_contact_job(to_json(job)).value();
    EXPECT_EQ(to_json(back), to_json(job));
    EXPECT_EQ(back.refused, job.refused);
    EXPECT_EQ(back.failing, job.failing);
    EXPECT_EQ(back.faulty, job.faulty);
    for (const char* payload : {"", "{}", "[]", R"({"contact":1,"incident":1})"})
        EXPECT_FALSE(read_contact_job(payload)) << payload;
}

TEST(NextLook, IsTheLaterTheLongerAContactIsUnderWay) {
    Contact contact;
    contact.begun = start;
    EXPECT_EQ(next_look(contact, start), seconds(2));
    EXPECT_EQ(next_look(contact, start + seconds(40)), seconds(10));
    EXPECT_EQ(next_look(contact, start + hours(1)), seconds(60));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
