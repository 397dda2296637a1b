#include "core/runtime/escalation_kind.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "core/runtime/alert_case_fixture.h"
#include "core/runtime/deliver_job.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = policy::Incident::State;

class EscalationKindTest : public AlertCase {
  protected:
    Attempted attempt(std::int64_t number, int escalation = 1) {
        auto about = incident(number);
        about.escalations = escalation;
        const auto job = escalation_job(about, now);
        const auto terms = std::make_shared<const policy::Policy>(policy());
        AlertServices services{async,
                               http,
                               log,
                               [this] { return now; },
                               [] { return std::shared_ptr<const Telephones>(); },
                               [terms] { return terms; }};
        const JobKind kind = escalation_kind_on(services, {{}, "mx.example.com", secret});
        std::optional<Attempted> attempted;
        boost::asio::co_spawn(context, kind(job, "", false),
                              [&attempted](const std::exception_ptr& fault, Attempted one) {
                                  EXPECT_FALSE(fault);
                                  attempted = std::move(one);
                              });
        context.restart();
        while (!attempted) context.run_one();
        return *std::move(attempted);
    }
    // How long it waits; nothing if it is over.
    std::optional<seconds> wait_of(std::int64_t number) {
        const auto attempted = attempt(number);
        const auto* postponed = std::get_if<Postponed>(&attempted);
        if (postponed == nullptr) return std::nullopt;
        EXPECT_TRUE(postponed->exactly);
        return postponed->wait;
    }
    std::vector<store::Job> jobs_of(std::string_view kind) {
        std::vector<store::Job> some;
        for (auto& one : jobs())
            if (one.kind == kind) some.push_back(one);
        return some;
    }
    // Nobody reacts until it is over.
    void escalate_in_vain(std::int64_t number) {
        for (auto wait = wait_of(number); wait; wait = wait_of(number)) now += *wait;
    }

    boost::asio::io_context context{1};
    Log log{{}};
    AsyncStore async{store};
    HttpClient http{context.get_executor(), "mailrota/test"};
};

TEST_F(EscalationKindTest, AStepWritesItsCallAndTheJobThatMakesIt) {
    const auto number = open_incident();
    EXPECT_EQ(wait_of(number), minutes(5));
    const auto made = contacts(number);
    ASSERT_THAT(made, SizeIs(1));
    EXPECT_THAT(made[0].id, SizeIs(32));
    EXPECT_EQ(made[0].member, "ann");
    EXPECT_EQ(made[0].made, now);
    const auto calls = jobs_of(contact_kind);
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_EQ(calls[0].due, now);
    EXPECT_EQ(read_contact_job(calls[0].payload)->contact, made[0].id);
    EXPECT_THAT(story(number).at(0).text, HasSubstr("call to ann"));
}

TEST_F(EscalationKindTest, EachStepIsMadeOnceWhicheverWorkerMakesIt) {
    const auto number = open_incident();
    for (int worker = 0; worker < 3; ++worker) attempt(number);
    EXPECT_THAT(contacts(number), SizeIs(1));
    now += minutes(5);
    for (int worker = 0; worker < 3; ++worker) attempt(number);
    ASSERT_THAT(contacts(number), SizeIs(2));
    EXPECT_EQ(contacts(number)[1].member, "ben");
}

TEST_F(EscalationKindTest, NothingIsWrittenWhenTheStoreFails) {
    const auto number = open_incident();
    store.fault = FailingStore::Fault::after_the_work;
    EXPECT_EQ(wait_of(number), seconds(2));
    EXPECT_THAT(contacts(number), IsEmpty());
    store.fault = FailingStore::Fault::none;
    wait_of(number);
    EXPECT_THAT(contacts(number), SizeIs(1));
}

TEST_F(EscalationKindTest, WhenNobodyWasReachedTheFallbackIsToldOnce) {
    const auto number = open_incident();
    escalate_in_vain(number);
    EXPECT_EQ(incident(number).state, State::exhausted);
    attempt(number);
    ASSERT_THAT(jobs_of(deliver_kind), SizeIs(1));
    EXPECT_EQ(read_deliver_job(jobs_of(deliver_kind)[0].payload)->recipients.at(0).address,
              "ops@example.com");
}

TEST_F(EscalationKindTest, WhatIsTakenOnOverOrEscalatesAnewEndsTheJob) {
    for (const auto state : {State::acknowledged, State::resolved, State::exhausted}) {
        auto known = incident(open_incident());
        known.state = state;
        put(known);
        EXPECT_FALSE(wait_of(known.number));
        EXPECT_THAT(contacts(known.number), IsEmpty());
    }
    auto anew = incident(open_incident());
    anew.escalations = 2;
    put(anew);
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt(anew.number, 1)));
    EXPECT_THAT(contacts(anew.number), IsEmpty());
}

TEST_F(EscalationKindTest, QuietHoursLongerThanItsWindowDelayItAndLoseNothing) {
    alert.severity = policy::Severity::error;
    alert.quiet = policy::Hours::parse("00:00-23:59").value();
    auto known = incident(open_incident());
    known.severity = policy::Severity::error;
    known.until = now + hours(1);
    put(known);
    const auto wait = wait_of(known.number);
    ASSERT_TRUE(wait);
    now += *wait;
    EXPECT_LT(now, incident(known.number).until);
    attempt(known.number);
    EXPECT_THAT(contacts(known.number), SizeIs(1));
}

TEST_F(EscalationKindTest, AnIncidentWhoseAlertIsGoneIsOverWithItsWindow) {
    const auto number = open_incident();
    alert.name = "another";
    EXPECT_EQ(wait_of(number), seconds(60));
    EXPECT_EQ(incident(number).state, State::open);
    now += hours(12);
    EXPECT_FALSE(wait_of(number));
    EXPECT_EQ(incident(number).state, State::exhausted);
}

TEST_F(EscalationKindTest, ABarredNumberIsPassedOverForTheNextPerson) {
    run([&](auto& transaction) { return transaction.bar("+15550101", "not a number", now + hours(1)); });
    const auto number = open_incident();
    attempt(number);
    ASSERT_THAT(contacts(number), SizeIs(1));
    EXPECT_EQ(contacts(number)[0].member, "ben");
}

}  // namespace
}  // namespace mailrota::runtime::fixture
