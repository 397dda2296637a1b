#include "core/runtime/incident_news.h"

#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using providers::Command;
using providers::PhoneNews;
using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;
using Do = Command::Do;
using State = policy::Incident::State;
using What = Obeyed::What;

class IncidentNewsTest : public AlertCase {
  protected:
    What obeyed(std::int64_t number, Do command, const std::string& by = "ann") {
        const auto known = incident(number);
        return in_store([&](store::Transaction& transaction) {
                   return obey(transaction, policy(), known, command, by, now);
               })
            .what;
    }
    // An open incident that has fallen on this member.
    std::int64_t with(const std::string& member, State state = State::open) {
        auto made = incident(open_incident());
        made.progress.members = {member};
        made.state = state;
        put(made);
        return made.number;
    }
    Contact placed(std::int64_t number, const std::string& id = "1",
                   policy::ContactWay way = policy::ContactWay::call) {
        auto made = contact_of(number, id, way);
        made.state = Contact::State::placed;
        made.account = "one";
        made.provider_id = "CA" + id;
        made.begun = now;
        put(made);
        return made;
    }
    void tell(const Contact& of, const std::string& status, int code = 0) {
        PhoneNews news;
        news.provider_id = of.provider_id;
        news.status = status;
        news.code = code;
        const auto known = contact(of.id);
        run([&](store::Transaction& transaction) {
            return take_news(transaction, policy(), known, news, now);
        });
    }
};

TEST_F(IncidentNewsTest, WhoeverTakesItOnIsRememberedOnce) {
    const auto number = with("ann");
    EXPECT_EQ(obeyed(number, Do::acknowledge), What::acknowledged);
    EXPECT_EQ(obeyed(number, Do::acknowledge, "ben"), What::already);
    EXPECT_EQ(incident(number).by, "ann");
    EXPECT_THAT(story(number), SizeIs(1));
}

TEST_F(IncidentNewsTest, TheStoryTellsOfPeopleByTheirNames) {
    named = true;
    const auto number = with("ann");
    tell(placed(number), "ringing");
    obeyed(number, Do::acknowledge);
    ASSERT_THAT(story(number), SizeIs(2));
    EXPECT_EQ(story(number)[0].text, "call to Ann Archer, +15550101 (ringing) by one");
    EXPECT_EQ(story(number)[1].text, "by Ann Archer (+15550101)");
    EXPECT_EQ(incident(number).by, "ann");
}

TEST_F(IncidentNewsTest, PassingOnTwiceIsPassedOnOnceAndNeverAcknowledged) {
    const auto number = with("ann");
    EXPECT_EQ(obeyed(number, Do::pass_on), What::passed_on);
    const auto after = incident(number);
    EXPECT_THAT(after.progress.members, IsEmpty());
    EXPECT_EQ(obeyed(number, Do::pass_on), What::passed_on);
    EXPECT_EQ(incident(number), after);
    EXPECT_EQ(incident(number).state, State::open);
}

TEST_F(IncidentNewsTest, WhatNobodyTookOnMayBeTakenOnLate) {
    const auto exhausted = with("ann", State::exhausted);
    const auto open = with("ann");
    now += hours(13);
    EXPECT_EQ(obeyed(exhausted, Do::acknowledge), What::acknowledged);
    EXPECT_EQ(obeyed(open, Do::acknowledge), What::acknowledged);
}

TEST_F(IncidentNewsTest, NobodyIsLeftToPassAnExhaustedIncidentOnTo) {
    const auto number = with("ann", State::exhausted);
    EXPECT_EQ(obeyed(number, Do::pass_on), What::over);
    EXPECT_EQ(incident(number).state, State::exhausted);
}

TEST_F(IncidentNewsTest, WhatIsResolvedIsOver) {
    const auto number = with("ann");
    EXPECT_EQ(obeyed(number, Do::resolve), What::resolved);
    for (const auto command : {Do::acknowledge, Do::pass_on, Do::resolve, Do::repeat})
        EXPECT_EQ(obeyed(number, command), What::over);
}

TEST_F(IncidentNewsTest, AnAnsweredCallTakesItOnWhereTheAlertSaysSo) {
    for (const char* status : {"in-progress", "completed"}) {
        for (const auto state : {State::open, State::exhausted}) {
            auto made = incident(open_incident(policy::Acknowledge::answer));
            made.state = state;
            put(made);
            tell(placed(made.number, std::to_string(made.number)), status);
            EXPECT_EQ(incident(made.number).state, State::acknowledged) << status;
            EXPECT_EQ(incident(made.number).by, "ann");
        }
    }
    const auto by_key = open_incident(policy::Acknowledge::digit);
    tell(placed(by_key, "99"), "completed");
    EXPECT_EQ(incident(by_key).state, State::open);
}

TEST_F(IncidentNewsTest, NewsAreToldOnceAndThoseThatCameLateChangeNothing) {
    const auto number = open_incident();
    const auto call = placed(number);
    tell(call, "busy");
    EXPECT_EQ(contact(call.id).state, Contact::State::unreached);
    tell(call, "busy");
    tell(call, "ringing");
    EXPECT_EQ(contact(call.id).state, Contact::State::unreached);
    EXPECT_THAT(story(number), SizeIs(1));
}

TEST_F(IncidentNewsTest, ANumberThatNewsSayIsNoneIsBarredForOtherIncidentsToo) {
    const auto sms = placed(open_incident(), "1", policy::ContactWay::sms);
    tell(sms, "undelivered", 30006);
    EXPECT_EQ(contact(sms.id).state, Contact::State::barred);
    EXPECT_TRUE(barred("sms +15550101"));
    EXPECT_FALSE(barred("+15550101"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
