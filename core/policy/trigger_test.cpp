#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/mail/notice_mark.h"
#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::AnyOf;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Alert emergency(std::string say = "Ticket {ticket} by {who}", std::string key = "{ticket}") {
    Alert alert;
    alert.name = "emergency";
    alert.say = std::move(say);
    alert.key = std::move(key);
    alert.escalate = {{"oncall"}};
    return alert;
}

// The two rules of procmail-twilio, tolerant of a bullet and of priorities of several words.
Condition escalated() {
    return field(
        Field::body,
        {pattern(R"(/^\W*Priority changed from (?<before>\S[^\n]*) to Emergency \(Critical\)\s*$/m)")});
}
Condition ticket_line() {
    return field(Field::body, {pattern(R"(/^Issue #(?<ticket>\d+) has been \w+ by (?<who>[^\n]+?)\.?$/m)")});
}

std::string notice(std::string_view who, std::string_view before = "Medium") {
    return "Subject: [Web - Support #86581] disk\nX-Redmine-Issue-Id: 86581\nX-Redmine-Project: web\n\n"
           "Issue #86581 has been updated by " +
           std::string(who) + ".\n\nPriority changed from " + std::string(before) +
           " to Emergency (Critical)\n";
}

std::vector<Trigger> triggers(std::vector<Rule> rules, const mail::Mail& mail, Alert alert = emergency()) {
    const Policy policy(std::move(rules), {}, {}, {std::move(alert)});
    return decide(policy, mail, {}).triggers;
}
std::vector<Trigger> triggers(const std::string& bytes, Alert alert = emergency()) {
    return triggers({rule("escalated", all({escalated(), ticket_line()}), {Raise{"emergency"}})},
                    mail({"ops@example.com"}, bytes), std::move(alert));
}

TEST(Tw6, APriorityOfSeveralWordsRaisesWithAndWithoutABullet) {
    for (const auto* before : {"Medium", "Very High", "Normal (default) level"})
        EXPECT_THAT(triggers(notice("Ann Example", before)), SizeIs(1)) << before;
    auto starred = notice("Ann Example", "Very High");
    starred.insert(starred.find("Priority"), "* ");
    EXPECT_THAT(triggers(starred), SizeIs(1));
}

TEST(Tw7, NamesOfAnyLengthAreSpokenWhole) {
    for (const auto* who :
         {"Ann", "Ann Example", "Ann Maria de la Example", "Jos\u00e9 O'Example-Sm\u00edth"})
        EXPECT_THAT(triggers(notice(who)),
                    ElementsAre(testing::Field(&Trigger::say, "Ticket 86581 by " + std::string(who))));
}

TEST(Tw17, ALineOfLuckClosesWhatIsSpokenAndDependsOnTheMailAlone) {
    auto alert = emergency("Ticket {ticket}");
    EXPECT_EQ(triggers(notice("Ann"), alert)[0].say, "Ticket 86581");
    alert.luck = {"Good luck.", "Break a leg.", "You can do it."};
    std::vector<std::string> said;
    for (const auto* key : {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}) {
        auto one = mail({"ops@example.com"}, notice("Ann"));
        one.key.hex = key;
        const std::vector<Rule> rules{rule("r", ticket_line(), {Raise{"emergency"}})};
        const auto first = triggers(rules, one, alert);
        ASSERT_THAT(first, SizeIs(1));
        EXPECT_EQ(triggers(rules, one, alert), first);
        EXPECT_EQ(first[0].text, "Ticket 86581") << "an SMS has no line of luck";
        said.push_back(first[0].say);
    }
    for (const auto& line : alert.luck)
        EXPECT_THAT(said, testing::Contains("Ticket 86581 " + line)) << "twelve mails, three lines";
}

TEST(Tw18, HeadersOfTheTrackerAreConditionsAndKeys) {
    const std::vector<Rule> rules{
        rule("web", all({field(Field::header, {Exact{"web"}}, "X-Redmine-Project"), escalated()}),
             {Raise{"emergency"}})};
    const auto with = emergency("{header.X-Redmine-Project}", "redmine {header.X-Redmine-Issue-Id}");
    const auto raised = triggers(rules, mail({"ops@example.com"}, notice("Ann")), with);
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_EQ(raised[0].key, "redmine 86581");
    EXPECT_EQ(raised[0].say, "web");
    const std::vector<Rule> answers{
        rule("answer", field(Field::header, {Glob{"*@tracker.example.com*"}}, "In-Reply-To"),
             {Raise{"emergency"}})};
    EXPECT_THAT(triggers(answers, mail({"ops@example.com"}, notice("Ann"))), IsEmpty());
    EXPECT_THAT(triggers(answers,
                         mail({"ops@example.com"}, "In-Reply-To: <1@tracker.example.com>\n" + notice("Ann"))),
                SizeIs(1));
}

TEST(Triggers, AnEmptyKeyIsTheNormalisedSubject) {
    auto alert = emergency("x", "{header.X-None} ");
    EXPECT_EQ(triggers(notice("Ann"), alert)[0].key, "[web - support #86581] disk");
}

TEST(Triggers, WhatFillsToNothingSpeaksTheSubject) {
    EXPECT_EQ(triggers(notice("Ann"), emergency("{header.X-None}"))[0].say, "[Web - Support #86581] disk");
    auto without = notice("Ann");
    without.erase(0, without.find("X-Redmine-Issue"));
    EXPECT_EQ(triggers(without, emergency("{header.X-None}"))[0].say, "emergency");
}

TEST(Triggers, RememberTheLinesThatMatchedElseTheSubject) {
    const auto raised = triggers(notice("Ann"));
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_THAT(raised[0].lines,
                ElementsAre(line_digest("Priority changed from Medium to Emergency (Critical)"),
                            line_digest("Issue #86581 has been updated by Ann.")));
    const auto by_subject = triggers({rule("r", subject("*disk"), {Raise{"emergency"}})},
                                     mail({"ops@example.com"}, notice("Ann")));
    EXPECT_THAT(by_subject[0].lines, ElementsAre(line_digest("[Web - Support #86581] disk")));
}

TEST(Triggers, OfOneKeyAreOneWithTheirLinesJoined) {
    const std::vector<Rule> rules{
        rule("one", escalated(), {Raise{"emergency"}}),
        rule("two", all({ticket_line(), rcpt("ops@example.com")}), {Raise{"emergency"}}),
        rule("three", ticket_line(), {Resolve{"emergency"}})};
    const auto given =
        triggers(rules, mail({"ops@example.com", "ann@example.com"}, notice("Ann")), emergency("x", "same"));
    ASSERT_THAT(given, SizeIs(2));
    EXPECT_EQ(given[0].rule, "one");
    EXPECT_THAT(given[0].lines, SizeIs(2));
    EXPECT_EQ(given[1].kind, Trigger::Kind::resolve);
    EXPECT_EQ(given[1].say, "");
}

TEST(Triggers, AReplyIsToldByItsSubject) {
    const auto with = [](std::string_view subject) {
        return triggers({rule("r", always(), {Raise{"emergency"}})},
                        mail({"ops@example.com"}, "Subject: " + std::string(subject) + "\n\nHi.\n"))[0]
            .reply;
    };
    for (const auto* subject : {"Re: x", "AW: x", "SV: x", "VS: x", "Antw: x", "Odp: x", "RE[2]: Fwd: x"})
        EXPECT_TRUE(with(subject)) << subject;
    for (const auto* subject : {"x", "Fwd: x", "WG: AW: x", "[Web - Bug #1] Re: x", "Regarding: x"})
        EXPECT_FALSE(with(subject)) << subject;
}

TEST(Triggers, AReplyIsToldByTheHistoryBelowItsText) {
    const auto with = [](const std::string& text) {
        return triggers({rule("r", always(), {Raise{"emergency"}})},
                        mail({"ops@example.com"}, "Subject: x\n\n" + text))[0]
            .reply;
    };
    EXPECT_TRUE(
        with("I look at it.\n\n-----Original Message-----\nFrom: Ann <ann@example.com>\n"
             "Sent: Monday, March 06, 2017 8:15 AM\nTo: Ben <ben@example.com>\nSubject: x\n\n"
             "Disk full.\n"));
    EXPECT_FALSE(with("Disk full.\n\nFrom: sensor 3\n-----\n> df\n"));
}

TEST(Triggers, AreBoundedWhateverTheMailHolds) {
    std::string body;
    for (int i = 0; i < 40; ++i) body += "ALARM " + std::to_string(i) + std::string(2'000, 'x') + "\n";
    auto alert = emergency("{all}", "{all}");
    const auto raised =
        triggers({rule("r", field(Field::body, {pattern("/(?<all>ALARM.*)/s")}), {Raise{"emergency"}})},
                 mail({"ops@example.com"}, "Subject: x\n\n" + body), alert);
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_THAT(raised[0].lines, SizeIs(20));
    EXPECT_LE(raised[0].say.size(), 8'000U);
    EXPECT_LE(raised[0].key.size(), 200U);
}

TEST(Triggers, OfAMailThatComesAgainWaitForItAndOfARefusedOneStay) {
    const auto raise = rule("raise", always(), {Raise{"emergency"}});
    const auto one = mail({"ops@example.com", "ann@example.com"});
    EXPECT_THAT(triggers({raise, rule("defer", always(), {defer("later")})}, one), IsEmpty());
    EXPECT_THAT(triggers({raise, rule("defer", rcpt("ann@example.com"), {defer("later")})}, one), SizeIs(1));
    EXPECT_THAT(triggers({raise, rule("reject", always(), {reject("no")})}, one), SizeIs(1));
    EXPECT_THAT(triggers({raise, rule("drop", always(), {Discard{}})}, one), SizeIs(1));
    auto failing_open = rule("list", passing(), {Stop{}});
    failing_open.on_error = OnError::pass;
    EXPECT_THAT(triggers({raise, failing_open}, one), SizeIs(1));
}

TEST(Triggers, APatternThatHitsItsLimitRaisesIfItsRuleSaysSo) {
    auto limit = rule("limit", limited(), {Raise{"emergency"}});
    limit.on_limit = OnLimit::match;
    const auto raised = triggers({limit}, mail({"ops@example.com"}));
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_EQ(raised[0].key, "hello");
    EXPECT_THAT(raised[0].lines, ElementsAre(line_digest("Hello")));
}

TEST(Beats, ComeOnceEach) {
    const Policy policy({rule("a", always(), {Beat{"backup"}}), rule("b", always(), {Beat{"backup"}})}, {});
    EXPECT_THAT(decide(policy, mail({"ops@example.com"}), {}).beats, ElementsAre("backup"));
}

TEST(Notice, OurOwnNoticeRaisesResolvesAndBeatsNothingWhateverItQuotes) {
    const std::vector<Rule> rules{
        rule("all", always(), {Raise{"emergency"}, Resolve{"emergency"}, Beat{"backup"}})};
    const Policy policy(rules, {}, {}, {emergency()});
    const auto one = mail({"ops@example.com"}, notice("Ann"));
    const auto strange = decide(policy, one, {});
    EXPECT_THAT(strange.triggers, SizeIs(2));
    EXPECT_THAT(strange.beats, SizeIs(1));
    mail::Trace ours;
    ours.rotas = {std::string(mail::notice_mark)};
    const auto own = decide(policy, one, ours);
    EXPECT_THAT(own.triggers, IsEmpty());
    EXPECT_THAT(own.beats, IsEmpty());
}

}  // namespace
}  // namespace mailrota::policy
