#include "core/runtime/phone_line.h"

#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using policy::ContactWay;
using policy::Severity;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using Line = PhoneLine::State;

class PhoneLineTest : public AlertCase {
  protected:
    // A contact of an incident of its own.
    Contact waiting(Severity severity, ContactWay way = ContactWay::call) {
        auto changed = incident(open_incident());
        changed.severity = severity;
        put(changed);
        return contact_of(changed.number, std::to_string(++made_), way);
    }
    PhoneLine look(const Contact& contact) {
        const auto telephones = Telephones::open(config).value();
        const auto in_effect = policy();
        const ContactTerms terms{*telephones, in_effect, now + ahead};
        const auto of = incident(contact.incident);
        return in_store([&](store::Transaction& transaction) {
            return take_line(transaction, terms, {of, contact, refused});
        });
    }
    // Looks, and what got a line goes out.
    PhoneLine take(Contact contact) {
        const auto line = look(contact);
        if (line.state != Line::taken) return line;
        contact.state = Contact::State::begun;
        contact.account = line.account;
        contact.begun = now;
        put(contact);
        return line;
    }
    PhoneLine take(Severity severity, ContactWay way = ContactWay::call) {
        return take(waiting(severity, way));
    }
    void fill(const std::string& account, int calls) {
        for (int i = 0; i < calls; ++i) {
            auto ringing = waiting(Severity::info);
            ringing.state = Contact::State::placed;
            ringing.account = account;
            ringing.begun = now;
            put(ringing);
        }
    }
    void break_account(const std::string& account,
                       policy::Breaker::State state = policy::Breaker::State::open) {
        policy::Breaker breaker;
        breaker.scope = telephone_scope(account);
        breaker.state = state;
        breaker.until = now + seconds(20);
        run([&](auto& transaction) { return transaction.put_breaker(breaker); });
    }

    std::vector<std::string> refused;
    milliseconds ahead{0};

  private:
    int made_ = 0;
};

TEST_F(PhoneLineTest, WhatIsCriticalGoesByTheNextAccountWhereLinesAreBusy) {
    fill("one", 2);
    const auto line = take(Severity::critical);
    EXPECT_EQ(line.state, Line::taken);
    EXPECT_EQ(line.account, "two");
    fill("two", 1);
    const auto none = take(Severity::critical);
    EXPECT_EQ(none.state, Line::busy);
    EXPECT_EQ(none.wait, seconds(1));
}

TEST_F(PhoneLineTest, AnythingLessWaitsForALineOfItsOwnAccount) {
    fill("one", 2);
    for (const auto severity : {Severity::info, Severity::warning, Severity::error}) {
        const auto line = take(severity);
        EXPECT_EQ(line.state, Line::busy);
        EXPECT_EQ(line.words, "all lines of one are busy");
    }
    break_account("one");
    EXPECT_EQ(take(Severity::warning).account, "two") << "its own is out of order";
}

TEST_F(PhoneLineTest, TheLineThatComesFreeIsForTheWorst) {
    fill("one", 1);
    fill("two", 2);
    refused = {"two"};
    const auto critical = waiting(Severity::critical);
    const auto warning = waiting(Severity::warning);
    EXPECT_EQ(take(warning).words, "something worse goes out first");
    EXPECT_EQ(take(critical).state, Line::taken);
    EXPECT_EQ(take(warning).words, "all lines of one are busy");
}

TEST_F(PhoneLineTest, EqualsDoNotWaitForEachOtherNorForOtherWays) {
    const auto sms = waiting(Severity::critical, ContactWay::sms);
    const auto first = waiting(Severity::error);
    const auto second = waiting(Severity::error);
    EXPECT_EQ(take(first).state, Line::taken);
    EXPECT_EQ(take(second).state, Line::taken);
    EXPECT_EQ(take(sms).state, Line::taken);
}

TEST_F(PhoneLineTest, WhatIsTakenOnHoldsNobodyUp) {
    auto taken_on = incident(waiting(Severity::critical).incident);
    taken_on.state = policy::Incident::State::acknowledged;
    put(taken_on);
    EXPECT_EQ(take(Severity::warning).state, Line::taken);
}

TEST_F(PhoneLineTest, SmsKeepThePaceOfTheirAccountApartFromCalls) {
    EXPECT_EQ(take(Severity::error).slot, now);
    EXPECT_EQ(take(Severity::error, ContactWay::sms).slot, now);
    EXPECT_EQ(take(Severity::error, ContactWay::sms).slot, now + seconds(1));
    const auto third = waiting(Severity::error, ContactWay::sms);
    EXPECT_EQ(take(third).words, "one is kept to its pace");
    ahead = seconds(1);
    EXPECT_EQ(take(third).slot, now + seconds(2));
}

TEST_F(PhoneLineTest, ASlotThatIsNotNearIsLeftToWhatIsWorseByThen) {
    config.telephones[0].pace = seconds(10);
    config.telephones[1].pace = seconds(10);
    EXPECT_EQ(take(Severity::warning, ContactWay::sms).state, Line::taken);
    const auto warning = waiting(Severity::warning, ContactWay::sms);
    EXPECT_EQ(take(warning).state, Line::busy);
    EXPECT_EQ(take(Severity::critical, ContactWay::sms).account, "two");
    const auto critical = waiting(Severity::critical, ContactWay::sms);
    EXPECT_EQ(take(critical).state, Line::busy);
    ahead = seconds(9);
    EXPECT_EQ(take(warning).words, "something worse goes out first");
    EXPECT_EQ(take(critical).slot, now + seconds(10));
}

TEST_F(PhoneLineTest, AFastAccountPlacesAsManyASecondAsItMay) {
    config.telephones[0].pace = milliseconds(250);
    config.telephones[0].in_flight = 100;
    int taken = 0;
    for (ahead = milliseconds(0); ahead < seconds(3); ahead += seconds(1))
        while (take(Severity::error).state == Line::taken) ++taken;
    EXPECT_EQ(taken, 13) << "from now to three seconds on, both ends included";
}

TEST_F(PhoneLineTest, ACallThatNobodyLooksAfterTakesUpNoLineForEver) {
    fill("one", 2);
    EXPECT_EQ(take(Severity::error).state, Line::busy);
    now += hours(1) + seconds(1);
    EXPECT_EQ(take(Severity::error).state, Line::taken);
}

TEST_F(PhoneLineTest, AccountsThatAreAllOutOfOrderOrRefusedAreSaidToBe) {
    break_account("one");
    break_account("two");
    const auto broken = take(Severity::error);
    EXPECT_EQ(broken.state, Line::out_of_order);
    EXPECT_EQ(broken.wait, seconds(20));
    EXPECT_EQ(take(Severity::critical).wait, seconds(5)) << "it is looked for sooner";
    refused = {"one", "two"};
    EXPECT_EQ(take(Severity::critical).state, Line::refused);
}

TEST_F(PhoneLineTest, AnAccountThatIsBeingTriedIsAskedForAgainLikeABusyOne) {
    break_account("one");
    break_account("two", policy::Breaker::State::probing);
    const auto line = take(Severity::error);
    EXPECT_EQ(line.state, Line::out_of_order);
    EXPECT_EQ(line.wait, seconds(1));
}

TEST_F(PhoneLineTest, ABusyLineIsWaitedForBesideABrokenAccount) {
    fill("one", 2);
    break_account("two");
    const auto line = take(Severity::critical);
    EXPECT_EQ(line.state, Line::busy);
    EXPECT_THAT(line.words, HasSubstr("one"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
